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

/// What a `deny` and an isolation close.
const SHOP: &str = "namespace shop isolate {\n  workload web; workload db { ports sql 5432 }\n  allow web -> db sql\n  deny batch/job -> db\n}\n\
                    namespace batch { workload job }\n";

/// Lets pods of a namespace to the databases.
fn opening(namespace: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: old, namespace: shop}}\nspec:\n  podSelector: {{matchLabels: {{app: db}}}}\n  \
         policyTypes: [Ingress]\n  ingress:\n  - from: [{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {namespace}}}}}}}]\n    ports: [{{port: 5432}}]\n"
    )
}

/// A warning is 0 or 2 as it is asked for, a deny that is defeated 1, and an assertion that fails by itself 2.
#[test]
fn what_others_open_ends_with_the_code_that_it_weighs() {
    let including = format!("{SHOP}include \"old.yaml\"\n");
    let sandbox = Sandbox::with(&[("p/shop.polc", &including), ("p/old.yaml", &opening("monitoring"))]);
    sandbox.run(&["check", "p"]).ended(0).telling("warning[include-opens]").telling("monitoring/pods -> shop/pods(app=db) on 5432/tcp");
    sandbox.run(&["check", "p", "--deny", "include-opens"]).ended(2);
    assert!(sandbox.run(&["build", "p"]).ended(0).telling("warning[include-opens]").stdout.contains("name: old"));

    let asserting = format!("{including}assert only shop/web -> shop/db\n");
    sandbox.write("p/shop.polc", asserting);
    for args in [&["check", "p"][..], &["build", "p"]] {
        let ran =
            sandbox.run(args).ended(2).telling("error[assertion-failed]").telling("NetworkPolicy shop/old lets it reach the destination");
        assert!(!ran.stdout.contains("kind:"), "{args:?} wrote manifests:\n{}", ran.stdout);
    }

    sandbox.write("p/old.yaml", opening("batch"));
    for args in [&["check", "p"][..], &["build", "p"]] {
        let ran = sandbox.run(args).ended(1).telling("error[include-defeats-deny]").telling("p/old.yaml:1: NetworkPolicy shop/old");
        assert!(!ran.stdout.contains("kind:"), "{args:?} wrote manifests:\n{}", ran.stdout);
    }
}

/// Manifests of a cluster weigh the same where they are judged; who asks about them is answered, whatever they open.
#[test]
fn what_a_cluster_holds_is_judged_by_check_and_build_and_answered_by_the_others() {
    let sandbox = Sandbox::with(&[("p/shop.polc", SHOP), ("live/old.yaml", &opening("batch"))]);
    for args in [&["check", "p", "--manifests", "live"][..], &["build", "p", "--manifests", "live"]] {
        sandbox.run(args).ended(1).telling("error[include-defeats-deny]").telling("live/old.yaml:1:1").telling("deny batch/job -> db");
    }
    let verified = sandbox.run(&["verify", "p", "--manifests", "live"]).ended(2);
    assert!(verified.stdout.contains("different:"), "{}", verified.stdout);
    let answer = sandbox.run(&["query", "p", "--manifests", "live", "batch/job -> shop/db 5432"]).ended(0);
    assert!(answer.stdout.starts_with("allowed"), "{}", answer.stdout);
    sandbox.run(&["why", "p", "--manifests", "live", "batch/job -> shop/db 5432"]).ended(0);

    sandbox.write("p/assert.polc", "assert deny batch/job -> shop/db\n");
    for (command, question, code) in
        [("verify", None, 2), ("query", Some("batch/job -> shop/db"), 2), ("build", None, 1), ("check", None, 1)]
    {
        let args: Vec<&str> = [command, "p", "--manifests", "live"].into_iter().chain(question).collect();
        sandbox.run(&args).ended(code).telling("error[assertion-failed]");
    }
}
