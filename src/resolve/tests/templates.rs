//! Templates.

use super::{Case, run, sound};

const MICROSERVICE: &str = "template microservice(name, port) { workload $name { ports http $port }; allow ingress -> $name http }\n";

fn with(rest: &str) -> String {
    format!("{MICROSERVICE}{rest}")
}

#[test]
fn a_use_stands_for_the_templates_sentences() {
    let outcome = sound(&with("namespace boutique isolate { use microservice(cart, 8080); use microservice(ad, 9555) }"));
    assert_eq!(outcome.flows(), ["allow ingress -> boutique/cart! [8080]", "allow ingress -> boutique/ad! [9555]"]);
    let sentence = outcome.policy.sentence(outcome.policy.flows[0].sentence).unwrap();
    assert_eq!(outcome.sources.slice(sentence.span), "allow ingress -> $name http");
    assert_eq!(sentence.used_at.iter().map(|s| outcome.sources.slice(*s)).collect::<Vec<_>>(), ["use microservice(cart, 8080)"]);
}

#[test]
fn templates_use_templates() {
    let outcome = sound(
        "template one(name) { workload $name; use two($name) }
         template two(name) { allow anywhere -> $name 443 }
         namespace a { use one(x) }",
    );
    assert_eq!(outcome.flows(), ["allow anywhere -> a/x! [443]"]);
    assert_eq!(outcome.policy.sentence(outcome.policy.flows[0].sentence).unwrap().used_at.len(), 2);
}

#[test]
fn an_error_inside_shows_where_it_was_used() {
    let outcome = Case::default()
        .file("platform.polc", "template scraped(name) { allow monitorng/prometheus -> $name }")
        .file("shop.polc", "namespace monitoring external { workload prometheus }\nnamespace shop { workload web; use scraped(web) }")
        .run();
    assert_eq!(outcome.shown(), ["unknown-namespace at «monitorng»: no namespace is called `monitorng` | did you mean `monitoring`?"]);
    assert_eq!(outcome.others(), ["use scraped(web)"]);
}

#[test]
fn a_wrong_value_is_shown_where_it_is_given() {
    let outcome = run(&with("namespace a { use microservice(cart, 80800) }"));
    assert_eq!(
        outcome.shown(),
        [
            "invalid-port at «80800»: `80800` is not a port | ports run from 1 to 65535; all ports of a protocol are written `tcp`, `udp` or `sctp`"
        ]
    );
    let outcome = run("template t(name) { workload y; allow $name -> y }\nnamespace a { workload x; use t(z) }");
    assert_eq!(
        outcome.shown(),
        ["unknown-workload at «z»: `z` is neither a workload of `a` nor a peer list | declare it in `a`: `workload z`"]
    );
}

#[test]
fn a_value_may_be_a_ports_name() {
    let outcome = sound(
        "template t(port) { allow pods -> x $port }\nnamespace a { workload x { ports http 80, dns 53/udp }; use t(http); use t(53) }",
    );
    assert_eq!(outcome.flows(), ["allow a/pods()! -> a/x! [80]", "allow a/pods()! -> a/x! [53]"]);
}

#[test]
fn every_parameter_gets_one_value() {
    let outcome = run(&with("namespace a { use microservice(cart) }"));
    assert_eq!(
        outcome.shown(),
        [
            "template-arguments at «microservice»: `microservice` takes 2 values and gets 1 | write one value for each parameter: `use microservice(name, port)`"
        ]
    );
    assert_eq!(outcome.others(), ["microservice"]);
}

#[test]
fn parameters_are_declared_used_and_once() {
    assert_eq!(
        run("template t(name, port) { workload $nam }").shown(),
        [
            "template-parameter at «port»: the parameter `port` is never used | remove it here and in every `use`",
            "template-parameter at «$nam»: `$nam` is not a parameter of this template | did you mean `$name`?",
        ]
    );
    assert_eq!(run("template t(a, a) { workload $a }").shown().len(), 1);
}

#[test]
fn a_parameter_outside_a_template_stands_for_nothing() {
    for (text, place) in [
        ("namespace $n { }", "$n"),
        ("namespace n { workload w; allow $w -> w }", "$w"),
        ("namespace n { workload w { ports $p } }", "$p"),
        ("peers office = $x", "$x"),
        ("cluster c { account $a }", "$a"),
    ] {
        let shown = run(text).shown();
        assert!(shown.iter().any(|s| s.starts_with(&format!("template-parameter at «{place}»"))), "{text}: {shown:?}");
    }
}

#[test]
fn a_template_cannot_use_itself() {
    let outcome = run("template a(x) { use b($x) }\ntemplate b(x) { use a($x) }\nnamespace n { use a(w) }");
    assert_eq!(outcome.shown(), ["template-recursion at «a»: the template `a` uses itself | write the sentences out instead of the `use`"]);
}

#[test]
fn templates_that_double_at_every_step_end() {
    let mut text = "template t0(x) { allow anywhere -> $x 1; allow anywhere -> $x 2 }\n".to_owned();
    for step in 1..=40 {
        text.push_str(&format!("template t{step}(x) {{ use t{0}($x); use t{0}($x) }}\n", step - 1));
    }
    text.push_str("namespace n { workload w; use t40(w) }");
    let shown = run(&text).shown();
    assert!(shown.iter().any(|s| s.contains("templates make too much of this")), "{shown:?}");
}

#[test]
fn unknown_templates_are_suggested() {
    let outcome = run(&with("namespace a { use microservise(cart, 1) }"));
    assert_eq!(
        outcome.shown(),
        ["unknown-template at «microservise»: no template is called `microservise` | did you mean `microservice`?"]
    );
}

#[test]
fn a_template_of_a_namespace_is_its_own() {
    sound("namespace a { template t(x) { workload $x }; use t(w) }");
    assert_eq!(run("namespace a { template t(x) { workload $x } } namespace b { use t(w) }").diagnostics.len(), 1);
}

#[test]
fn a_templates_peer_list_is_known_inside_it_alone() {
    let outcome = sound(
        "template t(x, a) { peers callers = $a; allow callers -> $x }\nnamespace n { workload v; workload w; use t(v, w); use t(w, v) }",
    );
    assert_eq!(outcome.flows(), ["allow n/w! -> n/v! [all]", "allow n/v! -> n/w! [all]"]);
    let outcome =
        run("template t(x) { peers callers = $x; allow callers -> $x }\nnamespace n { workload v; use t(v); allow callers -> v }");
    assert_eq!(outcome.diagnostics.len(), 1, "{:?}", outcome.shown());
}

#[test]
fn a_value_keeps_its_meaning_inside() {
    let outcome = run(
        "peers callers = 203.0.113.7\ntemplate t(x) { peers callers = 10.0.0.0/8; deny callers -> $x }\nnamespace n { workload v; use t(callers) }",
    );
    assert_eq!(
        outcome.shown(),
        [
            "template-parameter at «callers»: `callers` means something else inside the template | give the template's peer list another name"
        ]
    );
}

#[test]
fn an_external_namespace_takes_workloads_alone() {
    let outcome = run(&with("namespace m external { use microservice(cart, 8080) }"));
    assert_eq!(outcome.diagnostics.len(), 1, "{:?}", outcome.shown());
    assert_eq!(outcome.others(), ["use microservice(cart, 8080)"]);
    sound("template t(x) { workload $x { ports http 80 } }\nnamespace m external { use t(w) }");
}
