//! `polc check`.

use super::Sandbox;

/// Compiles, with a warning: `tls` without declared ports is taken as 443.
const WARNED: &str = "namespace payments isolate; allow frontend -> api tls\n";

/// Wrong.
const WRONG: &str = "namespace orders isolat\n";

#[test]
fn people_are_told_on_stderr() {
    let sandbox = Sandbox::with(&[("a.polc", "namespace payments isolate\n")]);
    let ran = sandbox.run(&["check"]).ended(0).telling("checked 1 file: no errors, no warnings");
    assert_eq!(ran.stdout, "");
    sandbox.write("wrong.polc", WRONG);
    let ran = sandbox.run(&["check"]).ended(1).telling("wrong.polc:1:18").telling("checked 2 files: 1 error");
    assert_eq!(ran.stdout, "");
}

#[test]
fn every_other_form_is_data() {
    let sandbox = Sandbox::with(&[("wrong.polc", WRONG)]);
    let beginnings = [
        ("plain", "wrong.polc:1:18: error["),
        ("json", "{\n  \"schema\": \"polc.dev/diagnostics/v1\""),
        ("sarif", "{\n  \"$schema\": "),
        ("github", "::error file=wrong.polc,line=1,"),
        ("junit", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
    ];
    for (format, beginning) in beginnings {
        let ran = sandbox.run(&["check", "--format", format]).ended(1);
        assert!(ran.stdout.starts_with(beginning), "{format}:\n{}", ran.stdout);
        assert_eq!(ran.stderr, "", "{format}");
    }
}

#[test]
fn a_denied_finding_ends_with_2_and_an_error_with_1() {
    let sandbox = Sandbox::with(&[("a.polc", WARNED)]);
    let report = sandbox.run(&["check", "--format", "json"]).ended(0).stdout;
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let code = report["diagnostics"][0]["code"].as_str().expect("a warning").to_owned();
    assert_eq!(report["diagnostics"][0]["severity"], "warning");
    sandbox.run(&["check", "--deny", "warnings"]).ended(2);
    sandbox.run(&["check", "--deny", &code]).ended(2);
    sandbox.run(&["check", "--deny", "not-utf-8"]).ended(0);
    let junit = sandbox.run(&["check", "--deny", &code, "--format", "junit"]).ended(2).stdout;
    assert!(junit.contains("failures=\"1\""), "{junit}");
    sandbox.write("wrong.polc", WRONG);
    sandbox.run(&["check", "--deny", "warnings"]).ended(1);
}

#[test]
fn a_date_that_has_passed_is_judged_by_the_day_given_or_the_clock() {
    let policy = "namespace payments isolate {\n  workload a; workload b { ports x 1 }\n  allow a -> b x until 2020-01-31\n}\n";
    let sandbox = Sandbox::with(&[("a.polc", policy)]);
    for args in [&["check", "--format", "plain"][..], &["check", "--format", "plain", "--today", "2020-02-01"]] {
        let found = sandbox.run(args).ended(1).stdout;
        assert!(found.starts_with("a.polc:3:18: error[expired]"), "{found}");
    }
    let last_day = sandbox.run(&["check", "--format", "plain", "--today", "2020-01-31"]).ended(0).stdout;
    assert!(!last_day.contains("error"), "{last_day}");
    sandbox.run(&["build"]).ended(0);
}

#[test]
fn an_assertion_that_fails_ends_with_2_and_beside_an_error_with_1() {
    let policy = "namespace payments isolate {\n  workload a; workload b { ports x 1 }\n  allow a -> b x\n}\n";
    let sandbox = Sandbox::with(&[("a.polc", policy), ("b.polc", "assert deny payments/b -> payments/a\n")]);
    sandbox.run(&["check"]).ended(0);
    sandbox.write("b.polc", "assert deny payments/a -> payments/b x\n");
    for args in [&["check"][..], &["build"]] {
        let ran = sandbox.run(args).ended(2).telling("error[assertion-failed]");
        assert!(!ran.stdout.contains("kind:"), "{args:?} wrote manifests:\n{}", ran.stdout);
    }
    sandbox.write("wrong.polc", WRONG);
    sandbox.run(&["check"]).ended(1);
}
