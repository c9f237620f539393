//! Access on the command line: the file for IBM Cloud IAM, and what whoever applies must hold.

use super::Sandbox;

const IBM: &str = r#"
cluster prod { identity ibm-iam; account acme }
everywhere { grant reader to group auditors }
namespace shop {
  grant writer to group developers, user "alice@example.com" because "the team owns all that runs here"
  grant view to user "bob@example.com"
}
"#;

#[test]
fn what_iam_grants_is_a_file_beside_the_manifests_and_no_part_of_the_stream() {
    let sandbox = Sandbox::with(&[("p/shop.polc", IBM)]);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    let file: serde_json::Value = serde_json::from_str(&sandbox.read("out/prod/ibm-iam.json")).expect("JSON");
    assert_eq!((&file["schema"], &file["cluster"]), (&"polc.dev/ibm-iam/v1".into(), &"prod".into()));
    let grants = file["grants"].as_array().expect("grants");
    let shown = |grant: &serde_json::Value| {
        let policy = &grant["policy"];
        let attributes = |list: &serde_json::Value| {
            let all = list[0]["attributes"].as_array().expect("attributes");
            all.iter()
                .map(|it| format!("{}={}", it["name"].as_str().expect("a name"), it["value"].as_str().expect("a value")))
                .collect::<Vec<_>>()
        };
        let role = policy["roles"][0]["role_id"].as_str().expect("a role").rsplit(':').next().expect("its end").to_owned();
        format!("{role} {} {}", attributes(&policy["subjects"]).join(" "), attributes(&policy["resources"]).join(" "))
    };
    let place = "accountId=<id of account acme> serviceName=containers-kubernetes serviceInstance=<id of cluster prod>";
    assert_eq!(
        grants.iter().map(shown).collect::<Vec<_>>(),
        [
            format!("Reader access_group_id=<id of access group auditors> {place}"),
            format!("Writer access_group_id=<id of access group developers> {place} namespace=shop"),
            format!("Writer iam_id=<IAM id of user alice@example.com> {place} namespace=shop"),
        ]
    );
    assert_eq!(grants[2]["command"], "ibmcloud iam user-policy-create 'alice@example.com' --file");
    let kustomization = sandbox.read("out/prod/kustomization.yaml");
    assert!(!kustomization.contains("json"), "{kustomization}");
    let manifest = sandbox.read("out/prod/shop.yaml");
    assert!(manifest.contains("name: IAM#bob@example.com") && !manifest.contains("alice"), "{manifest}");
    let ran = sandbox.run(&["build", "p"]).ended(0).telling("`ibm-iam.json` is not part of the stream");
    assert!(!ran.stdout.contains("serviceRole"), "{}", ran.stdout);
    sandbox.run(&["build", "p", "-o", "out", "--check"]).ended(0);
    sandbox.write("p/shop.polc", "cluster prod { identity ibm-iam }\nnamespace shop {}\n");
    sandbox.run(&["build", "p", "-o", "out"]).ended(0).telling("1 removed");
    assert!(!sandbox.exists("out/prod/ibm-iam.json"));
}

#[test]
fn who_applies_gets_roles_and_is_told_what_they_cannot_hold() {
    let text = r#"
everywhere {
  role ops joined by "example.com/ops"
  role nodes joins ops { can read on nodes }
  grant ops to group ops
}
namespace shop isolate { role reader { can get on pods }; grant reader to group developers }
"#;
    let sandbox = Sandbox::with(&[("shop.polc", text)]);
    let ran = sandbox.run(&["grants", "shop.polc"]).ended(0).telling("note: ClusterRole `ops` takes in others");
    assert!(ran.stdout.contains("kind: ClusterRole\n") && ran.stdout.contains("kind: Role\n"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("escalate") && !ran.stdout.contains("Binding\n"), "{}", ran.stdout);
    sandbox.write("shop.polc", "namespace shop { grant edit to group developers }");
    let ran = sandbox.run(&["grants", "shop.polc"]).ended(1).telling("grant-needs-reason");
    assert_eq!(ran.stdout, "");
    sandbox.write("shop.polc", "cluster a {}\ncluster b {}\nnamespace shop {}");
    sandbox.run(&["grants", "shop.polc"]).ended(3).telling("--cluster a");
    sandbox.run(&["grants", "shop.polc", "--cluster", "b"]).ended(0);
}

#[test]
fn an_account_that_somebody_else_writes_is_not_written() {
    let policy =
        "namespace shop isolate { workload api { serviceaccount api }; workload web { serviceaccount web }\n  include \"web.yaml\"\n}\n";
    let account = |name: &str| format!("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: shop\n");
    let sandbox = Sandbox::with(&[("p/shop.polc", policy), ("p/web.yaml", &account("web")), ("m/api.yaml", &account("api"))]);
    let count = |text: &str| text.matches("automountServiceAccountToken: false").count();
    assert_eq!(count(&sandbox.run(&["build", "p"]).ended(0).stdout), 1, "the included one is passed through as it is");
    assert_eq!(count(&sandbox.run(&["build", "p", "--manifests", "m"]).ended(0).stdout), 0);
}
