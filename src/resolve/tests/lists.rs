//! Peer lists.

use super::{run, sound};

#[test]
fn a_list_stands_for_its_members() {
    let outcome = sound(
        "peers office = 203.0.113.0/24, 198.51.100.17, orders/proxy
         namespace orders { workload proxy }
         namespace shop { workload web; allow office -> web }",
    );
    assert_eq!(outcome.flows(), ["allow office:addresses, office:addresses, orders/proxy! -> shop/web! [all]"]);
}

#[test]
fn a_list_of_a_namespace_is_its_own() {
    let outcome = sound("namespace a { workload x; workload y; peers both = x, y; peers out = 203.0.113.7; allow both -> out }");
    assert_eq!(outcome.flows(), ["allow a/x!, a/y! -> a/out:addresses [all]"]);
    let outcome = run("namespace a { peers office = 203.0.113.7 } namespace b { workload x; allow office -> x }");
    assert_eq!(outcome.shown().len(), 1);
    assert!(outcome.shown()[0].starts_with("unknown-workload at «office»"), "{:?}", outcome.shown());
}

#[test]
fn a_private_list_hides_one_of_the_top_level() {
    let outcome = sound("peers office = 203.0.113.7\nnamespace a { workload x; peers office = 198.51.100.1; allow office -> x }");
    assert_eq!(outcome.flows(), ["allow a/office:addresses -> a/x! [all]"]);
}

#[test]
fn what_a_list_cuts_out_is_cut_out_of_its_members_alone() {
    let outcome = sound(
        "peers others = any/pods except kube-system/pods
         namespace a { workload x; deny others, internet -> x }",
    );
    assert_eq!(outcome.flows(), ["deny namespaces()/pods()(except kube-system/pods()!), internet -> a/x! [all]"]);
}

#[test]
fn lists_of_lists_keep_each_exception() {
    let outcome = sound(
        "peers inner = 10.0.0.0/8 except 10.1.0.0/16
         peers outer = inner, 192.0.2.0/24 except 192.0.2.7
         namespace a { workload x; deny outer -> x }",
    );
    assert_eq!(
        outcome.flows(),
        ["deny inner:addresses(except inner:addresses, outer:addresses), outer:addresses(except outer:addresses) -> a/x! [all]"]
    );
}

#[test]
fn a_list_cannot_stand_for_itself() {
    let outcome = run("peers a = b\npeers b = c, 10.0.0.0/8\npeers c = a\nnamespace n { workload x; allow a -> x }");
    assert_eq!(outcome.shown(), ["peer-list-cycle at «a»: the peer list `a` stands for itself | take one list out of another"]);
    assert_eq!(outcome.diagnostics[0].notes, ["`a` -> `b` -> `c` -> `a`, each named by the one before"]);
    assert_eq!(outcome.others(), ["b", "c"]);
}

#[test]
fn a_wrong_list_is_told_of_once_however_often_it_is_used() {
    let outcome = run("peers a = nobody/pods\nnamespace n { workload x; allow a -> x; allow a -> x 80; deny a -> x }");
    assert_eq!(outcome.shown().len(), 1, "{:?}", outcome.shown());
    assert_eq!(run("peers a = nobody/pods").shown().len(), 1, "also one that nobody uses");
}

#[test]
fn members_of_a_list_are_declared_workloads() {
    let outcome = run("namespace n { peers callers = web, batch; allow callers -> api }");
    assert_eq!(outcome.shown().len(), 2, "{:?}", outcome.shown());
}

#[test]
fn one_name_is_one_thing() {
    let outcome = run("namespace n { workload web; peers web = 203.0.113.7 }");
    assert_eq!(
        outcome.shown(),
        ["duplicate-declaration at «web»: `web` is both a peer list and a workload | give the peer list another name"]
    );
    let outcome = run("peers web = 203.0.113.7\nnamespace n { workload web }");
    assert_eq!(
        outcome.shown(),
        ["duplicate-declaration at «web»: `web` is both a peer list and a workload | give the peer list another name"]
    );
    let outcome = run("peers a = 203.0.113.7\npeers a = 203.0.113.8");
    assert_eq!(
        outcome.shown(),
        ["duplicate-declaration at «a»: the peer list `a` is declared twice | merge the two, or give one another name"]
    );
    assert_eq!(outcome.others(), ["a"]);
}

#[test]
fn lists_that_double_at_every_step_end() {
    let mut text = "peers l0 = 10.0.0.0/8, 192.0.2.0/24\n".to_owned();
    for step in 1..=30 {
        text.push_str(&format!("peers l{step} = l{0}, l{0} except l{0}\n", step - 1));
    }
    let outcome = run(&text);
    assert!(outcome.shown()[0].contains("goes too far"), "{:?}", outcome.shown());
}

#[test]
fn lists_name_lists_only_so_deep() {
    let chain = |length: usize| {
        let lines: String = (1..length).map(|n| format!("peers l{n} = l{}\n", n - 1)).collect();
        run(&format!("peers l0 = 10.0.0.0/8\n{lines}namespace a {{ workload x; deny l{} -> x }}", length - 1))
    };
    assert_eq!(chain(32).shown(), Vec::<String>::new());
    let reversed = |length: usize| {
        let lines: String = (1..length).rev().map(|n| format!("peers l{n} = l{}\n", n - 1)).collect();
        run(&format!("{lines}peers l0 = 10.0.0.0/8"))
    };
    assert_eq!(reversed(32).shown(), Vec::<String>::new());
    for wrong in [chain(33), reversed(33), reversed(20_000)] {
        let [only] = wrong.diagnostics.as_slice() else { panic!("{} messages", wrong.diagnostics.len()) };
        assert!(only.headline.contains("goes too far"), "{}", only.headline);
    }
}
