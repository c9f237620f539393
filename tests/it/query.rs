//! `polc query` and `polc why` as a user runs them.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a run said, with its exit code.
fn polc(folder: &Path, args: &[&str], stdin: &str) -> (i32, String, String) {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_polc"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("polc starts");
    let _ = child.stdin.take().expect("a pipe").write_all(stdin.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().expect("polc ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("an exit code"), text(stdout), text(stderr))
}

const POLICY: &str = "\
namespace shop isolate owner shop-team {
  workload web { ports http 8080 }
  workload api { ports https 8443 tls }
  workload db { select app=postgres; ports postgres 5432 }
  allow web -> api because \"the catalog\"
  allow api -> db
}
";

/// Manifests of somebody who has no policy of polc's: `web` may call `api`, and `db` is open to all but one port.
const MANIFESTS: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: api, ports: [{name: https, containerPort: 8443}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Ingress]
  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: https}]
";

/// A folder with a policy, one with manifests, and one with neither.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["policies", "manifests", "empty"] {
        fs::create_dir(folder.path().join(name)).expect("a folder");
    }
    fs::write(folder.path().join("policies/shop.polc"), POLICY).expect("a file");
    fs::write(folder.path().join("manifests/shop.yaml"), MANIFESTS).expect("a file");
    folder
}

#[test]
fn a_policy_answers() {
    let folder = folder();
    let ask = |question: &str| polc(folder.path(), &["query", "policies", question], "");
    assert_eq!(ask("shop/web -> shop/api"), (0, "allowed: shop/web -> shop/api  8443/tcp\n".into(), String::new()));
    assert_eq!(ask("shop/web -> shop/db 5432"), (0, "denied: shop/web -> shop/db  5432/tcp\n".into(), String::new()));
    assert_eq!(ask("shop/pods -> shop/db"), (0, "shop/api -> shop/db  5432/tcp\n".into(), String::new()));
}

#[test]
fn manifests_alone_answer_at_once() {
    let folder = folder();
    let ask = |question: &str| polc(folder.path(), &["query", "--manifests", "manifests", question], "");
    assert_eq!(ask("shop/web -> shop/api"), (0, "allowed: shop/web -> shop/api  8443/tcp\n".into(), String::new()));
    assert_eq!(ask("any/pods -> shop/api"), (0, "shop/web -> shop/api  8443/tcp\n".into(), String::new()));
    assert_eq!(ask("shop/api -> shop/web 9999").1, "allowed: shop/api -> shop/web  9999/tcp\n");
    assert_eq!(ask("shop/pods(app=new) -> shop/api https").1, "denied: shop/pods(app=new) -> shop/api  8443/tcp\n");
    let (code, text, _) = polc(folder.path(), &["why", "--manifests", "manifests", "shop/pods(app=new) -> shop/api 8443"], "");
    assert_eq!(code, 0);
    assert!(text.contains("isolated by manifests/shop.yaml:19:1: NetworkPolicy shop/api\n"), "{text}");
    assert!(
        text.contains("nearest manifests/shop.yaml:19:1: NetworkPolicy shop/api, ingress rule 1\n      but it is for shop/web\n"),
        "{text}"
    );
}

#[test]
fn a_policy_and_manifests_decide_together() {
    let folder = folder();
    let ask = |question: &str| polc(folder.path(), &["query", "policies", "--manifests", "manifests", question], "").1;
    // The policy isolates everything, and no policy of the manifests opens it again.
    assert_eq!(ask("shop/api -> shop/web 9999"), "denied: shop/api -> shop/web  9999/tcp\n");
    assert_eq!(ask("shop/web -> shop/api"), "allowed: shop/web -> shop/api  8443/tcp\n");
    let open = MANIFESTS.replace("from: [{podSelector: {matchLabels: {app: web}}}]", "from: [{podSelector: {}}]");
    fs::write(folder.path().join("manifests/shop.yaml"), open).expect("a file");
    assert_eq!(ask("shop/api -> shop/api"), "denied: shop/api -> shop/api\n", "its egress is closed");
    assert_eq!(ask("shop/db -> shop/api"), "denied: shop/db -> shop/api\n");
}

#[test]
fn what_is_expected_decides_how_it_ends() {
    let folder = folder();
    let ends = |expected: &str, question: &str| polc(folder.path(), &["query", "--expect", expected, "policies", question], "").0;
    assert_eq!((ends("allowed", "shop/web -> shop/api"), ends("denied", "shop/web -> shop/api")), (0, 2));
    assert_eq!((ends("allowed", "shop/web -> shop/db"), ends("denied", "shop/web -> shop/db")), (2, 0));
    // Part of the range is open: it is neither.
    assert_eq!((ends("allowed", "shop/web -> shop/api 8000-9000"), ends("denied", "shop/web -> shop/api 8000-9000")), (2, 2));
    assert_eq!(ends("denied", "shop/pods -> shop/db"), 2);
}

#[test]
fn programs_get_json() {
    let folder = folder();
    let read = |args: &[&str]| -> serde_json::Value {
        let (code, text, _) = polc(folder.path(), args, "");
        assert_eq!(code, 0);
        serde_json::from_str(&text).expect("JSON")
    };
    let answer = read(&["query", "policies", "--format", "json", "shop/web -> shop/api 8000-9000"]);
    assert_eq!(answer["schema"], "polc.dev/query/v1");
    assert_eq!((&answer["verdict"], &answer["asked"]), (&"partly".into(), &"8000-9000/tcp".into()));
    assert_eq!(answer["connections"][0]["ports"], serde_json::json!(["8443/tcp"]));
    let why = read(&["why", "policies", "--format", "json", "shop/web -> shop/api"]);
    assert_eq!(why["schema"], "polc.dev/why/v1");
    let side = &why["connections"][0]["sides"][1];
    assert_eq!((&side["side"], &side["end"]), (&"ingress".into(), &"shop/api".into()));
    let allowed = &side["allowed_by"][0];
    assert_eq!((&allowed["file"], &allowed["line"], &allowed["because"]), (&"policies/shop.polc".into(), &5.into(), &"the catalog".into()));
    assert_eq!(allowed["objects"], serde_json::json!(["NetworkPolicy shop/polc-allow-api"]));
}

#[test]
fn a_batch_is_answered_line_by_line() {
    let folder = folder();
    let questions = "shop/web -> shop/api 8443\nshop/web -> shop/db 5432\n\n# a comment\nshop/web -> shop/api 8000-9000\n";
    let answers = "allowed\tshop/web -> shop/api 8443\ndenied\tshop/web -> shop/db 5432\nunknown\tshop/web -> shop/api 8000-9000\n";
    let partly = "note: -: of line 5 only a part passes, so that neither word is true; `polc query` says which part\n";
    assert_eq!(polc(folder.path(), &["query", "policies", "--batch", "-"], questions), (0, answers.into(), partly.into()));
}

#[test]
fn a_question_without_an_answer_leaves_the_others_theirs() {
    let folder = folder();
    let questions = "shop/wbe -> shop/api\nshop/web -> shop/api 8443\nwhat?\nshop/web -> shop/db\n";
    let (code, out, told) = polc(folder.path(), &["query", "policies", "--batch", "-"], questions);
    let answers = "unknown\tshop/wbe -> shop/api\nallowed\tshop/web -> shop/api 8443\nunknown\twhat?\ndenied\tshop/web -> shop/db\n";
    assert_eq!((code, out.as_str()), (3, answers));
    assert!(told.starts_with("error: -:1: there is no workload `wbe` in namespace `shop`\n  help: did you mean `shop/web`?"), "{told}");
    assert!(told.contains("error: -:3: `what?` is no question\n"), "{told}");
    let (code, out, told) = polc(folder.path(), &["query", "policies", "--batch", "-"], &"shop/wbe -> shop/api\n".repeat(1000));
    assert_eq!((code, out.lines().count(), told.matches("error: ").count()), (3, 1000, 20));
    assert!(told.ends_with("and 980 more lines without an answer\n"), "{told}");
}

#[test]
fn a_long_batch_takes_no_long_time() {
    let folder = folder();
    let mut questions = String::new();
    for number in 0..100_000 {
        let (to, port) = if number % 2 == 0 { ("shop/api", 8443) } else { ("shop/db", number / 2 % 60_000 + 1) };
        let _ = writeln!(questions, "shop/web -> {to} {port}");
    }
    let (code, out, _) = polc(folder.path(), &["query", "policies", "--batch", "-"], &questions);
    assert_eq!((code, out.lines().count()), (0, 100_000));
    assert!(out.starts_with("allowed\tshop/web -> shop/api 8443\ndenied\tshop/web -> shop/db 1\n"));
}

#[test]
fn a_wrong_call_is_told_what_would_be_right() {
    let folder = folder();
    let wrong: [(&[&str], &str); 9] = [
        (&["query", "policies"], "error: there is no question\n  help: ask one, in quotes:"),
        (&["query", "policies", "shop/web -> shop/api", "a -> b"], "error: `a -> b` is a second question\n"),
        (&["query", "policies", "shop/wbe -> shop/api"], "help: did you mean `shop/web`?"),
        (&["query", "policies", "can alice get pods"], "error: `alice` is no kind of subject: `group`, `user` or `serviceaccount`\n"),
        (&["query", "empty", "shop/web -> shop/api"], "error: no policy found: there is no `.polc` file below `empty`\n"),
        (&["query", "manifests", "shop/web -> shop/api"], "help: to ask manifests, give the folder as `--manifests manifests`"),
        (&["query", "--manifests", "empty", "shop/web -> shop/api"], "error: there is no `.yaml`, `.yml` or `.json` file below `empty`"),
        (&["query", "--batch", "-", "policies", "shop/web -> shop/api"], "error: with `--batch` the questions stand in the file\n"),
        (&["query", "--manifests", "no-such-folder", "shop/web -> shop/api"], "error: cannot read `no-such-folder`"),
    ];
    for (args, message) in wrong {
        let (code, out, told) = polc(folder.path(), args, "");
        assert_eq!((code, out.as_str()), (3, ""), "{args:?}: {told}");
        assert!(told.contains(message), "{args:?}: {told}");
    }
}

#[test]
fn templates_and_broken_manifests_are_named_with_their_line() {
    let folder = folder();
    fs::write(folder.path().join("manifests/chart.yaml"), "kind: Deployment\nmetadata:\n  name: {{ .Values.name }}\n").expect("a file");
    let (code, out, told) = polc(folder.path(), &["query", "--manifests", "manifests", "shop/web -> shop/api"], "");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(told.contains("manifests/chart.yaml:3:") && told.contains("helm template"), "{told}");
}

#[test]
fn one_of_several_clusters_is_asked_about() {
    let folder = folder();
    fs::write(folder.path().join("policies/clusters.polc"), "cluster a { kubernetes 1.34 }\ncluster b { kubernetes 1.34 }\n")
        .expect("a file");
    let (code, _, told) = polc(folder.path(), &["query", "policies", "shop/web -> shop/api"], "");
    assert_eq!(code, 3);
    assert!(told.contains("error: the policy is for 2 clusters: `a`, `b`\n  help: say which one is asked about: `--cluster a`"), "{told}");
    let (code, out, _) = polc(folder.path(), &["query", "policies", "--cluster", "b", "shop/web -> shop/api"], "");
    assert_eq!((code, out.as_str()), (0, "allowed: shop/web -> shop/api  8443/tcp\n"));
}

#[test]
fn a_policy_with_errors_answers_nothing() {
    let folder = folder();
    fs::write(folder.path().join("policies/wrong.polc"), "namespace shop { allow nobody -> api }\n").expect("a file");
    let (code, out, told) = polc(folder.path(), &["query", "policies", "shop/web -> shop/api"], "");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(told.contains("error[unknown-workload]"), "{told}");
}

#[test]
fn what_is_not_understood_makes_the_answer_unknown() {
    let folder = folder();
    let foreign = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: extra, namespace: shop}\nspec: {}\n";
    fs::write(folder.path().join("manifests/cilium.yaml"), foreign).expect("a file");
    let (code, out, _) = polc(folder.path(), &["query", "--manifests", "manifests", "shop/web -> shop/api 8443"], "");
    assert_eq!(code, 0);
    assert!(
        out.starts_with(
            "unknown: shop/web -> shop/api  8443/tcp\n  not understood: manifests/cilium.yaml:1: CiliumNetworkPolicy shop/extra:"
        ),
        "{out}"
    );
    let (code, _, _) = polc(folder.path(), &["query", "--expect", "allowed", "--manifests", "manifests", "shop/web -> shop/api 8443"], "");
    assert_eq!(code, 2);
}

const ON_HOSTS: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {hostNetwork: true, containers: [{name: c, image: i}]}
";

#[test]
fn pods_in_the_host_network_are_seen_as_nodes_and_never_denied() {
    let folder = folder();
    fs::write(folder.path().join("manifests/agent.yaml"), ON_HOSTS).expect("a file");
    let ask = |question: &str| polc(folder.path(), &["query", "--manifests", "manifests", question], "");
    let note = "  note: `shop/agent` is in the host network: no policy holds at its end, others see it as its node, and what runs on the \
                same node is never stopped\n";
    assert_eq!(ask("shop/agent -> shop/web 80"), (0, format!("allowed: shop/agent -> shop/web  80/tcp\n{note}"), String::new()));
    assert_eq!(ask("shop/agent -> shop/api 8443").1, format!("unknown: shop/agent -> shop/api  8443/tcp\n{note}"));
    let questions = "shop/agent -> shop/web 80\nshop/agent -> shop/api 8443\nshop/agent -> 10.0.0.1\nshop/web -> shop/api 8443\n";
    let (code, out, told) = polc(folder.path(), &["query", "--manifests", "manifests", "--batch", "-"], questions);
    let words: Vec<&str> = out.lines().filter_map(|line| line.split_once('\t')).map(|(word, _)| word).collect();
    assert_eq!((code, words, told.as_str()), (0, vec!["allowed", "unknown", "unknown", "allowed"], ""));
    let (code, why, _) = polc(folder.path(), &["why", "--manifests", "manifests", "shop/agent -> shop/api 8443"], "");
    assert!(code == 0 && why.contains("decides nothing: it is no pod") && why.contains("note: `shop/agent`"), "{why}");
    let json = polc(folder.path(), &["query", "--manifests", "manifests", "--format", "json", "shop/agent -> shop/api"], "").1;
    assert!(json.contains("\"notes\": [\n"), "{json}");
}

/// "Denied" would be a promise that no policy keeps.
#[test]
fn between_two_ends_that_are_no_pods_nothing_is_known() {
    let folder = folder();
    let question = "203.0.113.7 -> 198.51.100.9 443";
    let answer = format!("unknown: {question}\n  note: neither end is a pod: no network policy decides\n");
    assert_eq!(polc(folder.path(), &["query", "policies", question], ""), (0, answer.clone(), String::new()));
    assert_eq!(polc(folder.path(), &["query", "policies", "--expect", "denied", question], ""), (2, answer, String::new()));
    let (code, out, _) = polc(folder.path(), &["query", "policies", "--batch", "-"], &format!("{question}\n"));
    assert_eq!((code, out), (0, format!("unknown\t{question}\n")));
}
