//! What a plan decides about name resolution, seen in the output. Everything else about plans is held against the
//! meaning of policies by `tests/it/meaning`.

use crate::{Compilation, Files, Options, SourceFile};

fn compile(text: &str) -> Compilation {
    let policies = vec![SourceFile { name: "policy.polc".into(), text: text.into() }];
    let compilation = crate::compile(Files { policies, ..Files::default() }, &Options::default());
    assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics);
    compilation
}

fn codes(text: &str) -> Vec<&'static str> {
    compile(text).diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

/// Selectors that turn on two labels each, so that each splits what the others leave.
fn two_labels(count: usize) -> String {
    (0..count).map(|n| format!("pods(a{n}=b, c{n} in (d, e))")).collect::<Vec<_>>().join(", ")
}

#[test]
fn exceptions_and_denies_that_split_without_end_are_refused() {
    let many = two_labels(60);
    for (sentence, code) in [
        (format!("allow pods except {many} -> w"), "except-not-expressible"),
        (format!("allow w -> pods except {many} 80"), "except-not-expressible"),
        (format!("allow pods -> w; deny {many} -> w"), "deny-too-large"),
        (format!("allow w -> pods 80; deny w -> {many}"), "deny-too-large"),
    ] {
        let text = format!("namespace a isolate {{ workload w {{ ports http 80 }}; {sentence} }}");
        let policies = vec![SourceFile { name: "policy.polc".into(), text }];
        let compilation = crate::compile(Files { policies, ..Files::default() }, &Options::default());
        let codes: Vec<_> = compilation.diagnostics.iter().filter(|it| it.is_error()).map(|it| it.code.as_str()).collect();
        assert_eq!(codes, [code], "{sentence:.60}");
    }
    compile(&format!("namespace a isolate {{ workload w {{ ports http 80 }}; allow pods except {} -> w }}", two_labels(4)));
}

#[test]
fn isolating_the_name_servers_is_a_warning_until_somebody_may_ask_them() {
    let isolated = "namespace kube-system isolate ingress { workload other }";
    assert_eq!(codes(isolated), ["isolation-closes-dns"]);
    assert!(!compile(isolated).to_yaml().contains("polc-allow"), "what is isolated is closed");
    assert!(codes(&format!("{isolated} everywhere {{ allow any/pods -> dns }}")).is_empty());
    assert!(codes("namespace kube-system { workload other isolate ingress }").is_empty());
}

#[test]
fn a_deny_that_surely_takes_name_resolution_away_is_a_warning() {
    let warned = codes("namespace shop isolate { workload web; deny web -> any/pods }");
    assert_eq!(warned, ["deny-closes-dns"]);
    for fine in [
        "namespace shop isolate { workload web; deny web -> any/pods except dns }",
        "namespace shop isolate { workload web; deny web -> any/pods 443 }",
        "namespace shop isolate without dns { workload web; deny web -> any/pods }",
        "namespace shop isolate { workload web; deny web -> namespaces(env=prod) }",
    ] {
        assert!(codes(fine).is_empty(), "{fine}");
    }
}

fn errors(text: &str) -> Vec<String> {
    let policies = vec![SourceFile { name: "policy.polc".into(), text: text.into() }];
    let compilation = crate::compile(Files { policies, ..Files::default() }, &Options::default());
    compilation
        .diagnostics
        .iter()
        .filter(|found| found.is_error())
        .map(|found| format!("{} {}", found.code.as_str(), found.headline))
        .collect()
}

/// Nothing is written into such a namespace, so that a NetworkPolicy cannot isolate its pods; selecting
/// it by the label of its name, or being what an exception leaves, changes nothing about that.
#[test]
fn an_isolation_of_an_external_namespace_is_never_dropped() {
    let external = "namespace monitoring external { }\nnamespace shop { }\n";
    for isolate in [
        "isolate namespaces(kubernetes.io/metadata.name=monitoring)",
        "isolate namespaces(kubernetes.io/metadata.name in (monitoring, shop))/pods except shop/pods",
    ] {
        let said = format!("{external}everywhere {{ {isolate} }}");
        let found = errors(&said);
        assert!(found.len() == 1 && found[0].starts_with("needs-calico "), "{isolate}: {found:?}");
        let yaml = compile(&format!("cluster default {{ enforce calico 3.31 }}\n{said}")).to_yaml();
        assert!(yaml.contains("projectcalico.org/namespace == 'monitoring'\n  types:\n  - Ingress\n  - Egress\n"), "{yaml}");
    }
}

#[test]
fn a_namespace_selected_by_its_name_has_to_be_declared() {
    for sentence in [
        "isolate namespaces(kubernetes.io/metadata.name=shp)",
        "deny any/pods -> namespaces(kubernetes.io/metadata.name not in (kube-system, shp))",
    ] {
        let found = errors(&format!("cluster default {{ enforce calico 3.31 }}\nnamespace shop {{ }}\neverywhere {{ {sentence} }}"));
        assert_eq!(found, ["unknown-namespace no namespace is called `shp`"], "{sentence}");
    }
}

/// A policy for it could not be applied there.
#[test]
fn a_namespace_selected_by_its_name_is_isolated_where_it_is() {
    let text =
        "cluster one { }\ncluster two { }\nnamespace shop in one { }\neverywhere { isolate namespaces(kubernetes.io/metadata.name=shop) }";
    let clusters: Vec<String> = compile(text).objects.iter().map(|output| output.cluster.to_string()).collect();
    assert!(!clusters.is_empty() && clusters.iter().all(|cluster| cluster == "one"), "{clusters:?}");
}

/// A namespace whose label is not written may have it or not: Calico asks for it.
#[test]
fn an_allow_holds_for_pods_that_are_isolated_by_a_label_of_their_namespace() {
    let yaml = compile(
        "cluster default { enforce calico 3.31 }\nnamespace shop { workload web; workload db; allow web -> db 5432 }\n\
         everywhere { isolate ingress namespaces(env=prod) }",
    )
    .to_yaml();
    assert!(yaml.contains("pcns.env == 'prod' && projectcalico.org/namespace == 'shop' && app == 'db'\n"), "{yaml}");
}

/// NetworkPolicy cannot ask for it, and a pod that the sentence opens must not stay closed without a word. Where the
/// sentence asks for a label that is not written, nothing is meant there.
#[test]
fn an_allow_that_turns_on_a_label_that_nobody_states_is_an_error() {
    let set = "namespace mon { workload prom }\nnamespace shop isolate ingress { workload web { ports http 80 } }\n";
    for allow in ["allow mon/prom -> any/pods except namespaces(env=dev)/pods", "allow mon/prom -> namespaces(lacks env)/pods 80"] {
        let text = format!("{set}everywhere {{ {allow} }}");
        let found = errors(&text);
        assert_eq!(found, ["namespace-label-unstated whether pods of `shop` are opened turns on a label that nobody states"], "{allow}");
        assert_eq!(errors(&text.replace("shop isolate ingress {", "shop isolate ingress { labels env=prod;")), [] as [&str; 0], "{allow}");
        assert_eq!(errors(&format!("cluster default {{ enforce calico 3.31; pods 10.244.0.0/16 }}\n{text}")), [] as [&str; 0], "{allow}");
    }
    assert_eq!(errors(&format!("{set}everywhere {{ allow mon/prom -> namespaces(env=prod)/pods }}")), [] as [&str; 0]);
}

/// A condition that a namespace does not satisfy takes nothing of it, in a deny or out of one.
#[test]
fn a_condition_that_the_namespace_contradicts_takes_nothing_of_it() {
    let set = "namespace a isolate without dns { labels env=prod; workload web { ports http 80 }; allow pods -> pods; SENTENCE }\n\
               namespace c { workload web { ports http 80 } }";
    let without = compile(&set.replace("; SENTENCE", "")).to_yaml();
    let with = compile(&set.replace("SENTENCE", "deny pods -> namespaces(lacks env)/pods http")).to_yaml();
    assert_eq!(with, without);
    let closed = |sentence: &str| compile(&set.replace("SENTENCE", sentence)).to_yaml();
    let except = "deny pods -> any/pods except namespaces(env=dev, kubernetes.io/metadata.name=a)/pods";
    assert_eq!(closed(except), closed("deny pods -> any/pods"));
}

/// What a deny has nothing of leaves no piece: a selector that should say "nobody" would say everybody.
#[test]
fn a_deny_of_several_pods_opens_nobody() {
    let yaml = compile(
        "namespace c isolate { workload w1 { ports http 80 }; deny pods -> pods(lacks app), w1 70-79; \
         allow pods -> pods(tier=x) http; deny pods(lacks app) -> pods(lacks app), w1 80 }",
    )
    .to_yaml();
    let allows: Vec<&str> = yaml.split("---\n").filter(|object| object.contains("\n  - Ingress\n  ingress:\n")).collect();
    assert!(!allows.is_empty() && allows.iter().all(|object| object.contains("app: w1\n")), "{yaml}");
}
