//! Clauses, and sentences that are not compiled yet.

use smol_str::SmolStr;

use super::{Case, run, sound};

#[test]
fn clauses_are_kept() {
    let outcome = sound("namespace p { allow a -> b because \"why\" owner team until 2027-03-31 id p-1 }");
    let sentence = outcome.policy.sentence(outcome.policy.flows[0].sentence).unwrap();
    let text = |clause: Option<&SmolStr>| clause.cloned().unwrap_or_default();
    let until = sentence.clauses.as_ref().and_then(|clauses| clauses.until.as_ref());
    assert_eq!([sentence.because(), sentence.owner(), until, sentence.id()].map(text), ["why", "team", "2027-03-31", "p-1"]);
    assert_eq!(outcome.sources.slice(sentence.span), "allow a -> b because \"why\" owner team until 2027-03-31 id p-1");
}

#[test]
fn a_header_is_cited_without_its_block() {
    let outcome = sound("namespace p isolate egress because \"why\" { workload a isolate ingress { ports 80 } }");
    let cited = |id: crate::ir::SentenceId| outcome.sources.slice(outcome.policy.sentence(id).unwrap().span);
    assert_eq!(
        outcome.policy.isolations.iter().map(|i| cited(i.sentence)).collect::<Vec<_>>(),
        ["namespace p isolate egress", "workload a isolate ingress"]
    );
    assert_eq!(outcome.policy.sentence(outcome.policy.isolations[0].sentence).unwrap().because().map(SmolStr::as_str), Some("why"));
}

#[test]
fn until_is_judged_by_the_day_given() {
    let on = |day: &str| Case::default().file("p.polc", "namespace p { allow a -> b until 2027-03-31 }").on(day).run().shown();
    assert_eq!(on("2027-03-16"), Vec::<String>::new());
    assert_eq!(
        on("2027-03-17"),
        ["expires-soon at «until 2027-03-31»: this sentence expires soon | remove the sentence in time, or have a new last day reviewed"]
    );
    assert_eq!(on("2027-03-31").len(), 1, "the last day is valid");
    assert!(on("2027-03-31")[0].starts_with("expires-soon"));
    assert_eq!(
        on("2027-04-01"),
        [
            "expired at «until 2027-03-31»: this sentence was valid until 2027-03-31 | remove the sentence; if it is still needed, have a new last day reviewed"
        ]
    );
    assert_eq!(
        on("31.3.2027"),
        ["wrong-date at «»: the calendar has no day `31.3.2027`, by which to judge `until` | write year, month and day: `2027-03-31`"]
    );
    sound("namespace p { allow a -> b until 2001-01-01 }");
}

#[test]
fn an_id_is_one_sentences_own() {
    let outcome = run("namespace p { allow a -> b id x; allow b -> a id x }");
    assert_eq!(outcome.shown(), ["duplicate-id at «x»: the id `x` is taken | give each sentence an id of its own"]);
    assert_eq!(outcome.others(), ["x"]);
    sound("namespaces p, q { allow pods -> pods id x }");
}

#[test]
fn the_same_sentence_twice_is_a_warning() {
    let outcome = run("namespace p { workload a; workload b { ports web 80 }; allow a -> b web; allow a -> b 80 because \"again\" }");
    assert_eq!(
        outcome.shown(),
        ["duplicate-sentence at «allow a -> b 80 because \"again\"»: this sentence says what another one says | remove one of the two"]
    );
    assert_eq!(outcome.others(), ["allow a -> b web"]);
    sound(
        "namespace p { allow a -> b 80; deny a -> pods 80; allow a -> b 81 } namespace q { allow a -> b 80 }"
            .replace("deny a -> pods 80; ", "")
            .as_str(),
    );
}

#[test]
fn sentences_of_later_kinds_are_errors_by_name() {
    for (text, name) in [
        ("audit { log metadata on everything }", "audit"),
        ("delegate payments to \"teams/payments\"", "delegate"),
        ("encrypt secrets with kms key-a at \"unix:///run/kms.sock\"", "encrypt"),
    ] {
        let shown = run(text).shown();
        let expected = format!("`{name}` is not compiled yet");
        assert!(shown.len() == 1 && shown[0].starts_with("not-yet") && shown[0].contains(&expected), "{text}: {shown:?}");
    }
}

#[test]
fn only_edition_1_is_known() {
    sound("edition 1\nnamespace p { }");
    assert_eq!(
        run("edition 2\nnamespace p { }").shown(),
        ["unknown-edition at «2»: polc does not know edition 2 | write `edition 1`, or update polc"]
    );
}

#[test]
fn what_may_not_have_been_read_is_not_called_missing() {
    let text =
        "cluster c { } namespace p in d { workload a; allow a -> b; allow a -> q/pods; allow a -> a http; use t(x); allow a -> a 0 }";
    let outcome = Case::default().file("p.polc", text).incomplete().run();
    assert_eq!(
        outcome.shown(),
        ["invalid-port at «0»: `0` is not a port | ports run from 1 to 65535; all ports of a protocol are written `tcp`, `udp` or `sctp`"]
    );
    assert!(run(text).diagnostics.len() > 5);
}

#[test]
fn thousands_of_mistakes_are_not_all_told() {
    let lines: String = (0..5_000).map(|n| format!("allow a -> nowhere{n}/pods\n")).collect();
    let outcome = run(&format!("namespace p {{ workload a\n{lines}}}"));
    assert_eq!(outcome.diagnostics.len(), 1_001);
    assert!(outcome.diagnostics.iter().any(|d| d.code.as_str() == "too-many-errors"));
}

#[test]
fn warnings_are_no_errors_however_many() {
    let lines: String = (0..1_500).map(|n| format!("allow a{n} -> b{n} tls\n")).collect();
    let outcome = run(&format!("namespace p {{\n{lines}}}"));
    assert_eq!(outcome.diagnostics.len(), 1_500);
    assert!(outcome.diagnostics.iter().all(|d| !d.is_error()));
}
