//! Which sentence may stand where: the table of the language, every row in every place.

use super::{parse, show};
use crate::diagnostic::Code;
use crate::source::FileId;

/// The places by a letter each, with a policy that has a gap there.
const PLACES: &[(char, &str)] = &[
    ('t', "@"),
    ('n', "namespace payments { @ }"),
    ('o', "namespace payments isolate\nallow a -> b\n@"),
    ('e', "everywhere { @ }"),
    ('h', "hosts public { @ }"),
    ('c', "cluster default { @ }"),
    ('w', "namespace payments { workload api { @ } }"),
    ('x', "template web(name) { @ }"),
    ('r', "everywhere { role reader { @ } }"),
    ('u', "audit { @ }"),
    ('a', "authority internal { @ }"),
];

/// Each sentence, and the letters of the places where it may stand.
const TABLE: &[(&str, &str)] = &[
    ("cluster prod { }", "t"),
    ("everywhere { }", "t"),
    ("hosts private { }", "t"),
    ("authority public { }", "t"),
    ("audit { }", "t"),
    ("encrypt secrets with kms key-a at \"unix:///run/kms.sock\"", "t"),
    ("delegate payments, payments-* to \"teams/payments\"", "t"),
    ("namespace orders { }", "t"),
    ("namespaces team-a, team-b isolate { }", "t"),
    ("edition 1", "t"),
    ("peers office = 203.0.113.0/24", "tnox"),
    ("include \"legacy.yaml\"", "tnox"),
    ("assert deny internet -> payments/db", "tnox"),
    ("resource certificates in cert-manager.io", "tnox"),
    ("template db(name) { }", "tno"),
    ("use web(cart)", "tnoxeh"),
    ("labels team=payments", "nox"),
    ("pod-security restricted", "nox"),
    ("workload-label app.kubernetes.io/name", "noxc"),
    ("workload db", "nox"),
    ("expose web at shop.example.com tls", "nox"),
    ("redirect old.example.com -> \"https://new.example.com\"", "nox"),
    ("isolate pods(tier=data)", "noxeh"),
    ("allow frontend -> api", "noxeh"),
    ("deny frontend -> api", "noxeh"),
    ("role viewer { }", "noxe"),
    ("grant view to group developers", "noxe"),
    ("mutual tls", "noxe"),
    ("select app=api", "wh"),
    ("ports https 8443", "w"),
    ("service api-svc", "w"),
    ("serviceaccount api", "w"),
    ("require tls on ingress", "e"),
    ("can read on pods", "r"),
    ("log metadata on everything", "u"),
    ("ignore read on events", "u"),
    ("omit stage request-received", "u"),
    ("self-signed", "a"),
    ("acme \"https://acme.example.com/directory\"", "a"),
    ("email \"ops@example.com\"", "a"),
    ("existing cluster-issuer corp-ca", "a"),
    ("account acme-prod", "c"),
    ("kubernetes 1.34", "c"),
    ("enforce networkpolicy, calico 3.31", "c"),
    ("provider ibm-classic", "c"),
    ("ingress traefik in kube-system select app=public-alb", "c"),
    ("pods 172.30.0.0/16", "c"),
    ("services 172.21.0.0/16", "c"),
    ("nodes 10.0.0.0/20", "c"),
    ("dns node-local 169.254.20.10", "c"),
    ("apiserver 172.20.0.1:2040 from nodes", "c"),
    ("identity ibm-iam", "c"),
    ("certificates cert-manager", "c"),
    ("default authority internal", "c"),
    ("external traffic local", "c"),
];

#[test]
fn every_sentence_stands_where_the_table_says_and_nowhere_else() {
    for (sentence, places) in TABLE {
        for (letter, around) in PLACES {
            let text = around.replace('@', sentence);
            let errors = parse(FileId(0), &text).1;
            if places.contains(*letter) {
                assert!(errors.is_empty(), "{text:?}: {}", show(&text, &errors));
            } else {
                let codes: Vec<Code> = errors.iter().map(|error| error.code).collect();
                assert_eq!(codes, [Code::MisplacedSentence], "{text:?}");
            }
        }
    }
}

#[test]
fn every_sentence_of_the_language_is_in_the_table() {
    for form in crate::syntax::place::FORMS {
        let listed = TABLE.iter().any(|(sentence, _)| sentence.split([' ', '{']).next() == Some(form.word));
        assert!(listed, "`{}` is not in the table of this test", form.word);
    }
}

#[test]
fn every_example_in_messages_is_right_where_it_stands() {
    for form in crate::syntax::place::FORMS {
        let example = form.example.replace('…', "");
        let fits = PLACES.iter().filter(|(_, around)| parse(FileId(0), &around.replace('@', &example)).1.is_empty()).count();
        assert!(fits > 0, "`{example}` is right nowhere");
    }
}

#[test]
fn edition_stands_first() {
    super::right("edition 1\nnamespace p isolate\nallow a -> b");
    super::right("# why\n\nedition 1; namespace p { }");
    assert_eq!(super::wrong("namespace p { }\nedition 1")[0].code, Code::MisplacedSentence);
    assert_eq!(super::wrong("edition 1\nedition 1")[0].code, Code::MisplacedSentence);
}

#[test]
fn only_the_first_sentence_opens_a_file() {
    super::right("namespace payments isolate; allow frontend -> api tls");
    super::right("namespace payments in prod isolate egress without dns because \"pci\"\nworkload api { ports x 1 }\nallow b -> api x");
    super::wrong("namespace a { }\nnamespace b isolate\nallow x -> y");
    super::wrong("peers office = 10.0.0.1\nnamespace b isolate\nallow x -> y");
    super::wrong("namespaces a, b isolate\nallow pods -> pods");
    super::wrong("namespace monitoring external\nworkload prometheus");
    super::wrong("namespace payments isolate\nnamespace orders { }");
}

#[test]
fn a_block_where_there_must_be_one_and_nowhere_else() {
    for text in [
        "everywhere",
        "hosts h",
        "cluster c",
        "audit",
        "authority a",
        "template t(x)",
        "namespaces a",
        "namespace p { allow a -> b { } }",
        "namespace p { labels a=b { } }",
    ] {
        super::wrong(text);
    }
    for text in ["namespace p { workload a; role r }", "namespace p { workload a { } role r { } }", "namespace p {}", "everywhere{}"] {
        super::right(text);
    }
}
