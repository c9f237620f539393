//! What is encrypted, by whose certificate (docs/src/reference/tls.md).

use super::{Case, Outcome, run};
use crate::ir::facts::{Facts, ServiceFacts};
use crate::ir::tls::{Exposed, Exposure, Issued, ServicePort};

const SHOP: &str = "authority internal { self-signed }
authority public { acme \"https://acme.example.com/directory\"; email \"ops@example.com\" }
namespace shop {
  workload web { ports http 8080, metrics 9090; service web-svc 80 -> http }
  workload api { ports https 8443 tls }
  workload bare
";

fn shop(sentence: &str) -> Outcome {
    run(&format!("{SHOP}  {sentence}\n}}"))
}

fn exposed(sentence: &str) -> Exposure {
    let outcome = shop(sentence);
    assert!(outcome.diagnostics.is_empty(), "{:#?}", outcome.shown());
    outcome.policy.exposures.into_iter().next().expect("an exposure")
}

/// What is wrong, as `code at «text»`.
fn wrong(sentence: &str) -> Vec<String> {
    let before_headline = |line: String| line.split(": ").next().unwrap_or_default().to_owned();
    shop(sentence).shown().into_iter().map(before_headline).collect()
}

#[test]
fn an_exposure_leads_to_the_ports_service_and_opens_the_way_to_it() {
    let outcome = shop("expose web http at shop.example.com tls authority public");
    let exposure = &outcome.policy.exposures[0];
    assert_eq!((exposure.port.service.as_str(), &exposure.port.service_port), ("web-svc", &ServicePort::Number(80)));
    assert_eq!(
        exposure.tls,
        Exposed::Terminated { secret: "shop-example-com-tls".into(), issued: Issued::By("public".into()), backend: None }
    );
    assert_eq!(
        outcome.flows(),
        ["allow ingress! -> shop/web! [8080]", "allow ingress! -> shop/pods(acme.cert-manager.io/http01-solver=true)! [8089]",]
    );
    assert!(outcome.policy.flows.iter().all(|flow| flow.implied));
}

#[test]
fn without_a_service_line_the_service_is_called_like_the_workload_and_asked_by_the_ports_name() {
    let exposure = exposed("expose api at api.example.com tls secret api backend tls authority internal");
    assert_eq!((exposure.port.service.as_str(), &exposure.port.service_port), ("api", &ServicePort::Name("https".into())));
}

#[test]
fn a_service_of_the_manifests_given_says_its_own_port() {
    let service =
        ServiceFacts { selector: [("app".to_owned(), "api".to_owned())].into(), ports: vec![(443, "https".to_owned(), "TCP".to_owned())] };
    let facts = Facts { services: [(("shop".to_owned(), "front".to_owned()), service)].into(), ..Facts::default() };
    let text = format!("{SHOP} expose api at api.example.com tls passthrough }}");
    let outcome = Case::default().file("p.polc", &text).facts(facts).run();
    let port = &outcome.policy.exposures[0].port;
    assert_eq!((port.service.as_str(), &port.service_port), ("front", &ServicePort::Number(443)));
}

#[test]
fn which_port_is_meant_is_never_guessed() {
    assert_eq!(wrong("expose web at shop.example.com tls secret s"), ["exposed-port at «web»"]);
    assert_eq!(wrong("expose bare at shop.example.com tls secret s"), ["exposed-port at «bare»"]);
    assert_eq!(wrong("expose web 8000-8100 at shop.example.com tls secret s"), ["exposed-port at «8000-8100»"]);
    assert_eq!(wrong("expose web htp at shop.example.com tls secret s"), ["unknown-port at «htp»"]);
    assert_eq!(wrong("expose web 80 at shop.example.com tls secret s"), ["service-port-not-pod-port at «80»"]);
    assert_eq!(wrong("expose bare 8080 at shop.example.com tls secret s"), ["service-port-unknown at «bare»"]);
    assert_eq!(exposed("expose web metrics at shop.example.com tls secret s").port.number, 9090);
}

#[test]
fn the_controller_speaks_to_a_port_what_the_port_speaks() {
    assert_eq!(wrong("expose api https at shop.example.com tls secret s"), ["backend-speaks-otherwise at «https»"]);
    assert_eq!(wrong("expose api https at shop.example.com plain because \"x\""), ["backend-speaks-otherwise at «https»"]);
    assert_eq!(wrong("expose web http at shop.example.com tls secret s backend tls"), ["backend-speaks-otherwise at «backend tls»"]);
    assert_eq!(wrong("expose web http at shop.example.com tls passthrough"), ["backend-speaks-otherwise at «tls passthrough»"]);
}

#[test]
fn what_is_not_encrypted_or_not_looked_at_says_why() {
    assert_eq!(wrong("expose web http at shop.example.com plain"), ["plain-without-reason at «plain»"]);
    assert_eq!(wrong("expose api at shop.example.com tls secret s backend tls unverified"), ["unverified-without-reason at «unverified»"]);
    assert_eq!(
        wrong("expose api at shop.example.com tls secret s backend tls authority internal unverified because \"x\""),
        ["conflicting-settings at «unverified»"]
    );
    assert_eq!(exposed("expose web http at shop.example.com plain because \"x\"").tls, Exposed::Plain);
}

#[test]
fn hosts_and_paths_are_such_as_the_api_server_takes_and_clients_ask_for() {
    let host = |host: &str| wrong(&format!("expose web http at {host} tls secret s"));
    for bad in ["Shop.example.com", "\"203.0.113.7\"", "\"*.*.example.com\"", "\"a..b\"", "\"https://a.example.com\"", "\"-a.example.com\""]
    {
        assert_eq!(host(bad), [format!("invalid-host at «{bad}»")]);
    }
    for good in ["shop", "shop.example.com", "\"*.example.com\"", "any host"] {
        assert_eq!(host(good), [] as [&str; 0], "{good}");
    }
    let path = |path: &str| wrong(&format!("expose web http at shop.example.com path {path} tls secret s"));
    for bad in ["/a//b", "/a/../b", "/a/./b", "/a%2fb", "/a(.*)", "/a\\b"] {
        assert_eq!(path(bad), [format!("invalid-path at «{bad}»")], "{bad}");
    }
    assert_eq!(path("/v1/orders"), [] as [&str; 0]);
    assert_eq!(wrong("expose api at a.example.com path /v1 tls passthrough"), ["invalid-path at «/v1»"]);
    assert_eq!(wrong("expose api at any host tls passthrough"), ["invalid-host at «tls passthrough»"]);
}

#[test]
fn an_authority_is_known_and_can_sign_for_the_host() {
    let signed = |host: &str, authority: &str| wrong(&format!("expose web http at {host} tls authority {authority}"));
    assert_eq!(signed("shop.example.com", "pubic"), ["unknown-authority at «pubic»"]);
    assert_eq!(signed("\"*.example.com\"", "public"), ["authority-cannot-sign at «\"*.example.com\"»"]);
    assert_eq!(signed("shop.internal", "public"), ["authority-cannot-sign at «shop.internal»"]);
    assert_eq!(signed("shop.example.com", "internal"), ["self-signed-in-public at «shop.example.com»"]);
    assert_eq!(signed("shop.internal", "internal"), [] as [&str; 0]);
    assert_eq!(wrong("expose web http at any host tls"), ["secret-unnamed at «tls»"]);
}

#[test]
fn an_authority_signs_in_one_way() {
    let authority = |body: &str| -> Vec<String> {
        let outcome = run(&format!("authority a {{ {body} }}\nnamespace shop {{}}"));
        outcome.shown().into_iter().map(|line| line.split(": ").next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(authority("self-signed"), [] as [&str; 0]);
    assert_eq!(authority("existing issuer corp"), [] as [&str; 0]);
    assert_eq!(authority(""), ["invalid-authority at «a»"]);
    assert_eq!(authority("self-signed; existing issuer corp"), ["invalid-authority at «existing»"]);
    assert_eq!(authority("self-signed; email \"a@b.c\""), ["invalid-authority at «email»"]);
    assert_eq!(authority("acme \"http://a.example.com\""), ["invalid-authority at «\"http://a.example.com\"»"]);
}

#[test]
fn annotations_are_stated_once_and_redirects_lead_to_hosts_by_https() {
    assert_eq!(
        wrong("expose web http at shop.example.com tls secret s with \"a/b\"=\"1\", \"a/b\"=\"2\""),
        ["conflicting-settings at «\"a/b\"»"]
    );
    assert_eq!(wrong("redirect old.example.com -> \"http://new.example.com\""), ["invalid-redirect at «\"http://new.example.com\"»"]);
    assert_eq!(wrong("redirect old.example.com -> \"https://new.example.com/a\""), ["invalid-redirect at «\"https://new.example.com/a\"»"]);
    assert_eq!(wrong("redirect old.example.com -> \"https://new.example.com\" tls"), [] as [&str; 0]);
}

#[test]
fn exceptions_from_what_is_required_say_why_and_are_namespaces() {
    let require = |words: &str| -> Vec<String> {
        let outcome = run(&format!("namespace old {{}}\neverywhere {{ require tls on ingress {words} }}"));
        outcome.shown().into_iter().map(|line| line.split(": ").next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(require(""), [] as [&str; 0]);
    assert_eq!(require("except old because \"moves next year\""), [] as [&str; 0]);
    assert_eq!(require("except old"), ["exception-without-reason at «old»"]);
    assert_eq!(require("except odl because \"x\""), ["unknown-namespace at «odl»"]);
}
