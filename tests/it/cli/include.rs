//! Files that `include` sentences name.

use super::Sandbox;

const POLICY: &str = "namespace payments isolate {}\ninclude \"legacy.yaml\"\n";
const LEGACY: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: legacy\n  namespace: payments\n";

#[test]
fn a_path_starts_at_the_file_that_includes_it() {
    let sandbox = Sandbox::with(&[("p/team/a.polc", POLICY), ("p/team/legacy.yaml", LEGACY), ("legacy.yaml", "kind: Wrong\n")]);
    let ran = sandbox.run(&["build", "p"]).ended(0);
    assert!(ran.stdout.contains(LEGACY) && !ran.stdout.contains("Wrong"), "{}", ran.stdout);
    let absolute = sandbox.path("p").to_string_lossy().into_owned();
    assert_eq!(Sandbox::new().run(&["build", &absolute]).ended(0).stdout, ran.stdout);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    assert!(sandbox.read("out/default/payments.yaml").ends_with(LEGACY));
}

#[test]
fn one_that_is_missing_is_shown_where_it_is_named() {
    let sandbox = Sandbox::with(&[("p/a.polc", POLICY)]);
    sandbox.run(&["build", "p"]).ended(1).telling("p/a.polc:2:9").telling("p/legacy.yaml");
}

#[test]
fn one_that_is_no_text_is_an_error() {
    let sandbox = Sandbox::with(&[("p/a.polc", POLICY)]);
    sandbox.write("p/legacy.yaml", b"kind: \xff\n");
    sandbox.run(&["build", "p"]).ended(1).telling("error[not-utf-8]").telling("p/legacy.yaml:1:7");
}

#[test]
fn its_namespace_cannot_lead_out_of_the_output_folder() {
    let evil = LEGACY.replace("namespace: payments", "namespace: ../../evil");
    let sandbox = Sandbox::with(&[("p/a.polc", POLICY), ("p/legacy.yaml", &evil)]);
    sandbox.run(&["build", "p", "-o", "out"]).ended(3).telling("`../../evil` cannot be a file name");
    assert!(!sandbox.exists("out") && !sandbox.exists("evil.yaml") && !sandbox.exists("../evil.yaml"));
}

const POLICY_OF_ANOTHER: &str = "namespace other isolate { }\n";

#[test]
fn an_included_namespace_stays_too() {
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: legacy\n";
    let policy = "include \"legacy.yaml\" unanalysed because \"taken over as it is\"\n";
    let sandbox = Sandbox::with(&[("p/a.polc", policy), ("p/legacy.yaml", namespace)]);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    assert_eq!(sandbox.read("out/default/legacy.yaml"), namespace);
    sandbox.write("p/a.polc", POLICY_OF_ANOTHER);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0).telling("no policy declares namespace `legacy`");
    assert_eq!(sandbox.read("out/default/legacy.yaml"), namespace);
}
