use std::thread;

use super::{Compilation, Files, Options, compile};
use crate::source::SourceFile;

/// A policy set of several files.
fn files() -> Vec<SourceFile> {
    let file = |n: usize| SourceFile {
        name: format!("team-{n}.polc"),
        text: format!(
            "namespace team-{n} isolate {{\n  workload web {{ ports http 8080 }}\n  workload db {{ ports sql 5432 }}\n  \
             allow web -> db because \"team {n}\"\n  allow team-{}/web -> web\n}}\n",
            (n + 1) % 8
        ),
    };
    (0..8).map(file).collect()
}

fn compiled(policies: Vec<SourceFile>) -> Compilation {
    let compilation = compile(Files { policies, ..Files::default() }, &Options::default());
    assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics);
    compilation
}

#[test]
fn threads_do_not_disturb_each_other() {
    let expected = compiled(files()).to_yaml();
    assert!(expected.contains("kind: NetworkPolicy"));
    let answers: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| compiled(files()).to_yaml())).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(answers.iter().all(|answer| *answer == expected));
}

#[test]
fn a_compilation_may_be_sent_to_another_thread_and_shared() {
    fn check<T: Send + Sync>() {}
    check::<Compilation>();
    check::<Files>();
    check::<Options>();
}

#[test]
fn the_order_in_which_files_are_given_is_nobodys_business() {
    let expected = compiled(files());
    for turn in 1..8 {
        let mut turned = files();
        turned.rotate_left(turn);
        let answer = compiled(turned);
        assert_eq!(answer.to_yaml(), expected.to_yaml());
        assert_eq!(answer.source_map(), expected.source_map());
        assert_eq!(answer.diagnostics, expected.diagnostics);
    }
}

fn codes(text: &str) -> Vec<&'static str> {
    let policies = vec![SourceFile { name: "p.polc".into(), text: text.into() }];
    let compilation = compile(Files { policies, ..Files::default() }, &Options::default());
    compilation.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

#[test]
fn a_wrong_flow_hides_no_wrong_name() {
    let policy = "namespace a isolate { workload w\n allow w => w\n allow v -> w\n deny w -> x }";
    assert_eq!(codes(policy), ["foreign-form", "unknown-workload", "unknown-workload"]);
}

#[test]
fn a_wrong_declaration_makes_no_name_missing() {
    let policy = "namespace a isolate { workload w\n workload v { ports => }\n allow v -> w }";
    assert_eq!(codes(policy).len(), 1, "{:?}", codes(policy));
}

/// Everything said two thousand times: declarations clash, and it ends all the same.
#[test]
fn everything_said_again_and_again_is_an_error_in_bounded_time() {
    let once = "cluster east { kubernetes 1.34 }\npeers office = 203.0.113.7\ntemplate t(x) { workload $x }\n\
                namespace a isolate { labels env=prod; workload w { ports http 80 }; allow w -> w http; use t(v) }\n";
    let found = codes(&once.repeat(2_000));
    assert!(found.len() < 20_000 && found.iter().any(|code| code.starts_with("duplicate")), "{} messages", found.len());
}
