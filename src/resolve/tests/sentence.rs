//! The sentence the language was made for, and small policies around it.

use super::{run, sound};

#[test]
fn the_one_sentence_in_both_forms() {
    for text in ["namespace payments isolate; allow frontend -> api tls", "namespace payments isolate {\n  allow frontend -> api tls\n}"] {
        let outcome = run(text);
        assert_eq!(outcome.flows(), ["allow payments/frontend! -> payments/api! [443]"]);
        assert_eq!(outcome.isolations(), ["both payments/pods()!"]);
        assert_eq!(
            outcome.shown(),
            [
                "tls-port-assumed at «tls»: `tls` to `api` is taken as port 443 | declare the port of its pods: `workload api { ports https 8443 tls }`"
            ]
        );
    }
}

#[test]
fn a_policy_of_two_namespaces() {
    let outcome = sound(
        "namespace payments isolate {
           workload api { select app=api, track in (stable, canary); ports https 8443 tls, metrics 9090 }
           workload db isolate without dns { ports 5432 }
           allow shop/web -> api tls
           allow api -> db
         }
         namespace shop isolate egress { workload web }",
    );
    assert_eq!(
        outcome.flows(),
        [
            "allow shop/web! -> payments/api(app=api,track in canary|stable)! [8443]",
            "allow payments/api(app=api,track in canary|stable)! -> payments/db! [5432]",
        ]
    );
    assert_eq!(outcome.isolations(), ["both payments/pods()!", "both payments/db! without dns", "egress shop/pods()!"]);
}
