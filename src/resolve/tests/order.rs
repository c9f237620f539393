//! Order never matters: between sentences, blocks and files.

use super::{Case, Outcome};

const BLOCKS: [&str; 8] = [
    "namespace shop { workload-label k8s.io/name }",
    "namespace shop isolate { workload web { ports http 8080 }; allow ingress -> web }",
    "namespace shop { use scraped(web); allow office -> web http; allow web -> orders/api https }",
    "template scraped(name) { allow monitoring/prometheus -> $name }",
    "peers office = vpn, 203.0.113.0/24",
    "peers vpn = 198.51.100.17",
    "namespaces orders, monitoring { labels env=prod; workload api { ports https 8443 tls }; workload prometheus; allow pods -> api https }",
    "everywhere { deny namespaces(env=dev) -> any/pods https }",
];

/// Everything that is meant, in an order that does not depend on places.
fn meant(outcome: &Outcome) -> Vec<String> {
    assert_eq!(outcome.shown(), Vec::<String>::new());
    let selectors =
        outcome.policy.namespaces.values().flat_map(|n| n.workloads.values().map(|w| format!("{}/{} {:?}", n.name, w.name, w.selector)));
    let mut all: Vec<String> = outcome.flows().into_iter().chain(outcome.isolations()).chain(selectors).collect();
    all.sort_unstable();
    all
}

#[test]
fn blocks_mean_the_same_in_any_order_and_in_any_file() {
    let one_file = |blocks: &[&str]| Case::default().file("p.polc", &blocks.join("\n")).run();
    let expected = meant(&one_file(&BLOCKS));
    assert_eq!(expected.len(), 13, "{expected:#?}");
    for turn in 0..BLOCKS.len() {
        let mut blocks = BLOCKS;
        blocks.rotate_left(turn);
        assert_eq!(meant(&one_file(&blocks)), expected);
        blocks.reverse();
        assert_eq!(meant(&one_file(&blocks)), expected);
        let files = blocks.iter().enumerate().fold(Case::default(), |case, (n, text)| case.file(&format!("{n}.polc"), text));
        assert_eq!(meant(&files.run()), expected);
    }
}
