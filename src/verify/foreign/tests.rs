//! Policies of others beside one that closes `shop`, and denies jobs the way to its databases.

use crate::source::SourceFile;
use crate::{Compilation, Files, Options};

const SHOP: &str = "\
namespace shop isolate {
  workload web; workload api { ports http 8080 }; workload db { ports sql 5432 }
  allow web -> api http
  allow api -> db sql
  deny batch/job -> db
}
namespace batch { workload job }
";

const CALICO: &str = "cluster default { enforce calico 3.30 }\n";

fn compile(policy: &str, included: &str, given: &str) -> Compilation {
    let file = |name: &str, text: &str| SourceFile { name: name.into(), text: text.into() };
    let files = |name, text: &str| if text.is_empty() { Vec::new() } else { vec![file(name, text)] };
    let files =
        Files { policies: vec![file("shop.polc", policy)], included: files("old.yaml", included), manifests: files("live.yaml", given) };
    crate::compile(files, &Options::default())
}

/// Code, marked text, its label, other marked texts, and notes.
fn shown(compilation: &Compilation) -> Vec<String> {
    let of = |it: &crate::diagnostic::Diagnostic| {
        let at = |label: &crate::diagnostic::Label| format!("«{}» {}", compilation.sources.slice(label.span), label.text);
        let places: Vec<String> = it.primary.iter().chain(&it.secondary).map(at).collect();
        format!("{}: {} | {} | {}", it.code.as_str(), it.headline, places.join(" | "), it.notes.join(" | "))
    };
    compilation.diagnostics.iter().map(of).collect()
}

/// What is said of an included file.
fn included(text: &str) -> Vec<String> {
    shown(&compile(&format!("{SHOP}include \"old.yaml\"\n"), text, ""))
}

/// A NetworkPolicy for the pods of an app of `shop`, with one list of rules.
fn network_policy(app: &str, rules: &str) -> String {
    let kind = if rules.starts_with("egress") { "Egress" } else { "Ingress" };
    format!(
        "# before\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: old, namespace: shop}}\n\
         spec: {{podSelector: {{matchLabels: {{app: {app}}}}}, policyTypes: [{kind}], {rules}}}\n"
    )
}

const MONITORING: &str = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}";
const BATCH: &str = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: batch}}}";

#[test]
fn an_end_that_is_opened_is_a_warning_flow_by_flow() {
    let rules =
        format!("ingress: [{{from: [{{podSelector: {{matchLabels: {{app: web}}}}}}], ports: [{{port: 8080}}]}}, {{from: [{MONITORING}]}}]");
    assert_eq!(
        included(&network_policy("api", &rules)),
        [
            "include-opens: `NetworkPolicy shop/old` opens what the policy closes | «include \"old.yaml\"» old.yaml:2: NetworkPolicy shop/old, \
          ingress rule 2 | «namespace shop isolate» closed by this | monitoring/pods -> shop/pods(app=api) on every port"
        ]
    );
    assert_eq!(
        included(&network_policy("db", "egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 443}]}]")),
        [
            "include-opens: `NetworkPolicy shop/old` opens what the policy closes | «include \"old.yaml\"» old.yaml:2: NetworkPolicy shop/old, \
          egress rule 1 | «namespace shop isolate» closed by this | shop/pods(app=db) -> 10.0.0.0/8 except 10.1.0.0/16 on 443/tcp | \
          shop/pods(app=db) -> any/pods at 10.0.0.0/8 except 10.1.0.0/16 on 443/tcp"
        ]
    );
}

#[test]
fn what_the_policy_opens_too_and_what_only_closes_says_nothing() {
    let nothing: [&str; 0] = [];
    let same = "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]";
    assert_eq!(included(&network_policy("api", same)), nothing);
    assert_eq!(included(&network_policy("api", "ingress: []")), nothing);
    // `batch` is open as it is.
    let open = network_policy("job", &format!("ingress: [{{from: [{MONITORING}]}}]")).replace("namespace: shop", "namespace: batch");
    assert_eq!(included(&open), nothing);
    assert_eq!(shown(&compile(SHOP, "", &open)), nothing);
}

#[test]
fn a_deny_that_is_defeated_is_an_error_and_nothing_is_written() {
    let text = network_policy("db", &format!("ingress: [{{from: [{BATCH}], ports: [{{port: 5432}}]}}]"));
    let compilation = compile(&format!("{SHOP}include \"old.yaml\"\n"), &text, "");
    assert!(compilation.has_errors() && compilation.objects.is_empty());
    let found = shown(&compilation);
    assert_eq!(found.len(), 2, "{found:#?}");
    let defeat = found.iter().find(|it| it.starts_with("include-defeats-deny")).expect("an error");
    for said in [
        "«include \"old.yaml\"» old.yaml:2: NetworkPolicy shop/old",
        "«deny batch/job -> db» denied by this",
        "passes: a pod of `batch` with {app=job}",
        "on 5432/tcp",
        "old.yaml:2: NetworkPolicy shop/old, ingress rule 1 lets it reach the destination",
    ] {
        assert!(defeat.contains(said), "{said}: {defeat}");
    }
    // What of it is in no deny is a warning as before.
    assert!(found.iter().any(|it| it.contains("batch/pods(app!=job) -> shop/pods(app=db) on 5432/tcp")), "{found:#?}");
}

#[test]
fn a_deny_that_one_end_still_holds_is_not_defeated() {
    let isolated = SHOP.replace("namespace batch {", "namespace batch isolate {");
    let text = network_policy("db", &format!("ingress: [{{from: [{BATCH}]}}]"));
    let found = shown(&compile(&isolated, "", &text));
    assert!(found.len() == 1 && found[0].starts_with("include-opens"), "{found:#?}");
}

#[test]
fn a_manifest_that_is_given_is_told_at_the_sentence_it_is_held_against() {
    let text = network_policy("db", &format!("ingress: [{{from: [{BATCH}], ports: [{{port: 5432}}]}}]"));
    let found = shown(&compile(SHOP, "", &text));
    let begins = [
        "include-opens: `NetworkPolicy shop/old` opens what the policy closes | «namespace shop isolate» closed by this | «a» NetworkPolicy shop/old, ingress rule 1",
        "include-defeats-deny: `NetworkPolicy shop/old` lets through what a `deny` closes | «deny batch/job -> db» denied by this | «a» NetworkPolicy shop/old",
    ];
    assert!(found.len() == 2 && found.iter().zip(begins).all(|(found, begin)| found.starts_with(begin)), "{found:#?}");
}

#[test]
fn own_objects_in_a_dump_are_not_judged() {
    let own = compile(SHOP, "", "").to_yaml();
    assert_eq!(shown(&compile(SHOP, "", &own)), [] as [&str; 0]);
    let policy = format!("{CALICO}{SHOP}");
    assert_eq!(shown(&compile(&policy, "", &compile(&policy, "", "").to_yaml())), [] as [&str; 0]);
}

const ALLOWING: &str = "\
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: security.early}
spec: {tier: security, order: 1, selector: \"app == 'db'\", types: [Ingress], ingress: [{action: Allow, protocol: TCP, destination: {ports: [5432]}}]}
---
apiVersion: projectcalico.org/v3
kind: Tier
metadata: {name: security}
spec: {order: 10}
";

/// On Calico a tier before polc's decides first, by allowing and by passing on alike.
#[test]
fn a_tier_before_the_policys_own_is_judged_by_its_order() {
    let policy = format!("{CALICO}{SHOP}include \"old.yaml\"\n");
    let codes = |text: &str| compile(&policy, text, "").diagnostics.iter().map(|it| it.code.as_str()).collect::<Vec<_>>();
    assert_eq!(codes(ALLOWING), ["include-defeats-deny", "include-opens"]);
    assert_eq!(codes(&ALLOWING.replace("order: 10}", "order: 999999}")), ["include-opens"], "behind the denies, before the isolations");
    assert_eq!(codes(&ALLOWING.replace("order: 10}", "order: 2000000}")), [] as [&str; 0]);
    assert_eq!(codes(&ALLOWING.replace("Allow", "Pass")), [] as [&str; 0], "polc's own tier still decides");
    assert_eq!(codes(&ALLOWING.replace("Allow", "Deny")), [] as [&str; 0]);
}

/// A deny of Calico's counts only where the policy says that Calico enforces.
#[test]
fn what_may_not_be_enforced_closes_nothing() {
    let opening = network_policy("db", &format!("ingress: [{{from: [{MONITORING}], ports: [{{port: 5432}}]}}]"));
    let both = format!("{}---\n{opening}", ALLOWING.replace("Allow", "Deny"));
    let codes = |policy: &str| compile(policy, "", &both).diagnostics.iter().map(|it| it.code.as_str()).collect::<Vec<_>>();
    assert_eq!(codes(SHOP), ["include-opens"]);
    assert_eq!(codes(&format!("{CALICO}{SHOP}")), [] as [&str; 0]);
}

#[test]
fn a_port_by_name_may_be_any_for_a_warning_and_is_a_doubt_for_a_deny() {
    let found = included(&network_policy("api", &format!("ingress: [{{from: [{MONITORING}], ports: [{{port: metrics}}]}}]")));
    assert!(found.len() == 1 && found[0].contains("-> shop/pods(app=api) on tcp | a port by name may be any number"), "{found:#?}");
    let text = network_policy("db", &format!("ingress: [{{from: [{BATCH}], ports: [{{port: sql}}]}}]"));
    let found = included(&text);
    let doubt = "include-unanalysed: `old.yaml` holds what polc does not judge, and could open what the policy closes | «include \"old.yaml\"»  | \
                 line 2: NetworkPolicy shop/old: a rule has a port by name, which each pod may give another number";
    assert!(found.iter().any(|it| it == doubt), "{found:#?}");
    let given = shown(&compile(SHOP, "", &text));
    assert!(given.iter().any(|it| it.starts_with("manifest-not-judged: `live.yaml` holds")), "{given:#?}");
}

const PARTLY: &str = "\
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: layer7, namespace: shop}
spec: {selector: \"app == 'db'\", types: [Ingress], ingress: [{action: Allow, http: {methods: [GET]}, source: {selector: \"app == 'web'\"}}]}
";

#[test]
fn unanalysed_is_for_what_is_not_understood_and_matters() {
    let include = |more: &str, text: &str| {
        let compilation = compile(&format!("{SHOP}include \"old.yaml\" {more}\n"), text, "");
        compilation.diagnostics.iter().map(|it| it.code.as_str()).collect::<Vec<_>>()
    };
    let because = "unanalysed because \"until May\"";
    assert_eq!(include("", PARTLY), ["include-unanalysed"]);
    assert_eq!(include(because, PARTLY), [] as [&str; 0]);
    // Of pods that nothing closes it may say what it likes.
    assert_eq!(include("", &PARTLY.replace("namespace: shop", "namespace: batch")), [] as [&str; 0]);
    let understood = network_policy("api", &format!("ingress: [{{from: [{MONITORING}]}}]"));
    assert_eq!(include(because, &understood), ["include-opens", "unanalysed-without-need"]);
    let refused = network_policy("api", "ingress: [{from: [{}]}]");
    assert_eq!(include("", &refused), ["include-unanalysed"]);
    assert_eq!(include(because, &refused), [] as [&str; 0]);
    // The word covers no deny that is defeated in words that are understood.
    let defeating = network_policy("db", &format!("ingress: [{{from: [{BATCH}]}}]"));
    assert!(include(because, &defeating).contains(&"include-defeats-deny"));
}

#[test]
fn messages_are_bounded() {
    let rule = |at: usize| format!("{{from: [{{namespaceSelector: {{matchLabels: {{n: v{at}}}}}}}], ports: [{{port: {}}}]}}", 1000 + at);
    let rules: Vec<String> = (0..60).map(rule).collect();
    let found = included(&network_policy("api", &format!("ingress: [{}]", rules.join(", "))));
    assert!(found.len() == 1 && found[0].ends_with("| and 55 more flows") && found[0].len() < 1500, "{found:#?}");
    assert!(found[0].contains("ingress rule 5 and 55 more"), "{found:#?}");
}

#[test]
fn each_cluster_is_judged_for_itself() {
    let policy = format!("cluster one {{ }}\ncluster two {{ }}\n{SHOP}")
        .replace("namespace shop isolate", "namespace shop in one, two isolate")
        .replace("namespace batch", "namespace batch in one, two");
    let found = shown(&compile(&policy, "", &network_policy("api", &format!("ingress: [{{from: [{MONITORING}]}}]"))));
    assert!(found.len() == 2 && found[0].ends_with("in cluster `one`") && found[1].ends_with("in cluster `two`"), "{found:#?}");
}
