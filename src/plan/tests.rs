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
fn name_servers_that_are_isolated_still_answer() {
    let yaml = compile("namespace kube-system isolate ingress").to_yaml();
    let servers = "  podSelector:\n    matchLabels:\n      k8s-app: kube-dns\n  policyTypes:\n  - Ingress\n  ingress:\n  - ports:\n";
    assert!(yaml.contains(servers), "{yaml}");
}

#[test]
fn pods_that_are_not_name_servers_are_not_opened_with_them() {
    let yaml = compile("namespace kube-system { workload other; isolate ingress other }").to_yaml();
    let opened = yaml.matches("kind: NetworkPolicy").count();
    assert_eq!(opened, 2, "the isolation, and the servers among them: a pod may carry both labels\n{yaml}");
    assert!(!compile("namespace shop isolate ingress").to_yaml().contains("polc-allow"));
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
