//! `explain`, `completions`, `man`, help and version, and usage errors.

use super::Sandbox;

#[test]
fn help_and_version_are_answers() {
    let sandbox = Sandbox::new();
    for args in [&["--help"][..], &["build", "--help"], &["check", "--help"], &["explain", "--help"], &["--version"]] {
        let ran = sandbox.run(args).ended(0);
        assert!(!ran.stdout.is_empty() && ran.stderr.is_empty(), "{args:?}");
    }
    assert!(sandbox.run(&["--help"]).stdout.contains("Exit codes:"));
    for command in ["build", "check", "verify", "query", "why", "explain", "grants", "completions", "man"] {
        assert!(sandbox.run(&[command, "--help"]).stdout.contains("Examples:"), "{command}");
    }
}

#[test]
fn a_wrong_command_line_ends_with_3_and_writes_no_data() {
    let sandbox = Sandbox::new();
    let wrong: [&[&str]; 8] = [
        &[],
        &["biuld"],
        &["build", "--no-such-option"],
        &["build", "--check"],
        &["build", "--today", "2027-02-29"],
        &["check", "--format", "yaml"],
        &["check", "--deny", "no-such-lint"],
        &["completions", "cmd"],
    ];
    for args in wrong {
        let ran = sandbox.run(args).ended(3);
        assert!(ran.stdout.is_empty(), "{args:?} wrote to stdout: {}", ran.stdout);
        assert!(!ran.stderr.is_empty(), "{args:?} says nothing");
    }
}

#[test]
fn a_command_that_does_not_exist_yet_is_not_offered() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(&["--help"]).stdout;
    for command in ["fmt", "diff", "import", "suggest", "graph", "audit", "init", "lsp", "krm"] {
        assert!(!help.contains(&format!("\n  {command} ")), "{command} is offered");
        sandbox.run(&[command]).ended(3);
    }
}

#[test]
fn a_page_is_found_by_its_code_however_it_is_pasted() {
    let sandbox = Sandbox::new();
    let page = sandbox.run(&["explain", "not-utf-8"]).ended(0).stdout;
    assert!(page.starts_with("# not-utf-8\n"));
    assert_eq!(sandbox.run(&["explain", "error[not-utf-8]"]).ended(0).stdout, page);
}

#[test]
fn a_code_that_does_not_exist_is_answered_by_the_nearest() {
    let ran = Sandbox::new()
        .run(&["explain", "not-utf8"])
        .ended(3)
        .telling("there is no diagnostic `not-utf8`")
        .telling("did you mean `not-utf-8`?");
    assert!(ran.stdout.is_empty());
}

#[test]
fn all_codes_are_listed() {
    let sandbox = Sandbox::new();
    let list = sandbox.run(&["explain"]).ended(0).stdout;
    assert_eq!(sandbox.run(&["explain", "--list"]).ended(0).stdout, list);
    let lines: Vec<String> =
        polc::diagnostic::Code::ALL.iter().map(|code| format!("{:<8} {}", code.severity().as_str(), code.as_str())).collect();
    assert_eq!(list.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn pages_are_there_for_programs() {
    let text = Sandbox::new().run(&["explain", "not-utf-8", "--format", "json"]).ended(0).stdout;
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(report["schema"], "polc.dev/explain/v1");
    assert_eq!(report["codes"][0]["code"], "not-utf-8");
    assert_eq!(report["codes"][0]["severity"], "error");
}

#[test]
fn every_shell_gets_completions_that_know_the_commands() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = sandbox.run(&["completions", shell]).ended(0).stdout;
        assert!(script.contains("explain") && script.contains("source-map"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run(&["man"]).ended(0).stdout.contains(".TH polc 1"));
    for command in ["build", "check", "verify", "query", "why", "explain", "grants", "completions", "man"] {
        let page = sandbox.run(&["man", command]).ended(0).stdout;
        assert!(page.contains(&format!(".TH polc-{command} 1")) && page.contains("Examples:"), "{command}");
    }
    sandbox.run(&["man", "fly"]).ended(3).telling("there is no command `fly`");
}
