//! The text rules of the language, and the tree they lead to.

use super::{covered, right, wrong};
use crate::diagnostic::Code;
use crate::syntax::tree::{Builtin, Form, Kind, PeerKind, PortKind, Sentence, Side, Test, Word};

/// The sentences of the only namespace of a text.
fn body(text: &str) -> Vec<Sentence> {
    let tree = right(text);
    match tree.sentences.into_iter().map(|sentence| sentence.kind).next() {
        Some(Kind::Namespace(namespace)) => namespace.body,
        other => panic!("no namespace: {other:?}"),
    }
}

/// Sources, destinations and ports of the first flow of a namespace.
fn flow(sentence: &str) -> (Vec<PeerKind>, Vec<PeerKind>, Vec<PortKind>) {
    match body(&format!("namespace p {{ {sentence} }}")).into_iter().map(|sentence| sentence.kind).next() {
        Some(Kind::Allow(flow) | Kind::Deny(flow)) => {
            let kinds = |peers: Vec<crate::syntax::tree::Peer>| peers.into_iter().map(|peer| peer.kind).collect();
            (kinds(flow.sources.list), kinds(flow.destinations.list), flow.ports.into_iter().map(|port| port.kind).collect())
        }
        other => panic!("no flow: {other:?}"),
    }
}

fn is(word: &Word, text: &str, form: Form) -> bool {
    word.text == text && word.form == form
}

#[test]
fn the_sentence_the_project_was_asked_for() {
    for text in ["namespace payments isolate; allow frontend -> api tls", "namespace payments isolate\nallow frontend -> api tls\n"] {
        let tree = right(text);
        let Some(Kind::Namespace(namespace)) = tree.sentences.first().map(|s| &s.kind) else { panic!("no namespace") };
        assert!(namespace.opens_file && namespace.isolation.is_some());
        assert_eq!(namespace.body.len(), 1);
    }
}

#[test]
fn spans_cover_what_was_written() {
    let text = "namespace p {\n  allow front , \"a b\"   -> orders/api  https because \"x\" until 2027-03-31  # end\n}";
    let sentences = body(text);
    let sentence = &sentences[0];
    assert_eq!(covered(text, sentence.span), "allow front , \"a b\"   -> orders/api  https because \"x\" until 2027-03-31");
    assert_eq!(covered(text, sentence.keyword), "allow");
    let Kind::Allow(flow) = &sentence.kind else { panic!("no allow") };
    assert_eq!(covered(text, flow.sources.span), "front , \"a b\"");
    assert_eq!(covered(text, flow.sources.list[1].span), "\"a b\"");
    assert_eq!(covered(text, flow.destinations.span), "orders/api");
    assert_eq!(covered(text, flow.ports[0].span), "https");
    let until = sentence.clauses.as_ref().and_then(|clauses| clauses.until.as_ref()).expect("an end");
    assert_eq!((covered(text, until.span), until.text.as_str()), ("until 2027-03-31", "2027-03-31"));
    let because = sentence.clauses.as_ref().and_then(|clauses| clauses.because.as_ref()).expect("a reason");
    assert_eq!(covered(text, because.span), "\"x\"");
}

#[test]
fn a_block_belongs_to_its_sentence() {
    let text = "namespace p isolate ingress { workload a { ports x 1 } }";
    let tree = right(text);
    assert_eq!(covered(text, tree.sentences[0].span), text);
    assert_eq!(covered(text, body(text)[0].span), "workload a { ports x 1 }");
    let open = "# c\nnamespace p isolate\nallow a -> b\nallow c -> d # e";
    assert_eq!(covered(open, right(open).sentences[0].span), "namespace p isolate\nallow a -> b\nallow c -> d");
}

#[test]
fn mutual_tls_is_one_keyword() {
    let text = "everywhere { mutual   tls }";
    let tree = right(text);
    let Kind::Everywhere(body) = &tree.sentences[0].kind else { panic!("no everywhere") };
    assert_eq!(covered(text, body[0].keyword), "mutual   tls");
    assert_eq!(body[0].kind, Kind::MutualTls);
}

#[test]
fn a_sentence_not_compiled_yet_keeps_its_words_and_clauses() {
    let text = "namespace p {\n  expose web at shop.example.com,  # not yet\n tls }";
    wrong(text);
    let text = "namespace p {\n  redirect old.example.com ->  # first # and\n    \"https://b # c\" because \"x\"\n}";
    let Kind::Later { name, text: said, .. } = &body(text)[0].kind else { panic!("not later") };
    assert_eq!((*name, said.as_str()), ("redirect", "redirect old.example.com -> \"https://b # c\" because \"x\""));
    assert!(body(text)[0].clauses.as_ref().is_some_and(|clauses| clauses.because.is_some()));
    let tree = right("audit { log metadata on everything; ignore read on events }");
    assert!(matches!(&tree.sentences[0].kind, Kind::Later { name: "audit", body: Some(lines), .. } if lines.len() == 2));
}

#[test]
fn words_are_classified_by_shape() {
    let (sources, ..) = flow("allow 2048-game, 10.0.0.1, 10.0.0.0/8, 2001:db8::/32, dead:beef::1, ::/0, web.v1_2 -> b");
    assert!(matches!(&sources[0], PeerKind::Name(w) if is(w, "2048-game", Form::Bare)));
    for (index, text) in [(1, "10.0.0.1"), (2, "10.0.0.0/8"), (3, "2001:db8::/32"), (4, "dead:beef::1"), (5, "::/0")] {
        assert!(matches!(&sources[index], PeerKind::Address(w) if w.text == text), "{text}: {:?}", sources[index]);
    }
    assert!(matches!(&sources[6], PeerKind::Name(w) if w.text == "web.v1_2"));
    for text in ["1.34", "8000-8100", "443", "2027-03-31", "a-", "-a", "_a", "1.2.3"] {
        wrong(&format!("namespace p {{ allow {text} -> b }}"));
    }
}

#[test]
fn an_arrow_needs_no_blanks() {
    let (sources, destinations, ports) = flow("allow frontend->api 443");
    assert!(matches!(&sources[0], PeerKind::Name(w) if w.text == "frontend"));
    assert!(matches!(&destinations[0], PeerKind::Name(w) if w.text == "api"));
    assert!(matches!(&ports[0], PortKind::Numbers(n) if n.numbers.text == "443"));
    right("namespace p { workload a { service s 443->https, 80->8080 } }");
}

#[test]
fn quotes_always_mean_a_name() {
    let (sources, destinations, ports) = flow("allow \"ingress\", \"10.0.0.1\" -> orders/\"gateway\", \"or\"/pods \"tls\", \"443\"");
    assert!(matches!(&sources[0], PeerKind::Name(w) if is(w, "ingress", Form::Quoted)));
    assert!(matches!(&sources[1], PeerKind::Name(w) if is(w, "10.0.0.1", Form::Quoted)));
    assert!(matches!(&destinations[0], PeerKind::Qualified(n, w) if n.text == "orders" && is(w, "gateway", Form::Quoted)));
    assert!(matches!(&destinations[1], PeerKind::NamespacePods(n, _) if is(n, "or", Form::Quoted)));
    assert!(matches!(&ports[0], PortKind::Name(w) if w.text == "tls"));
    assert!(matches!(&ports[1], PortKind::Name(w) if w.text == "443"));
}

#[test]
fn escapes_are_undone() {
    let text = r#"namespace p { allow a -> b because "a\"b\\c\nd\te\u{e9}\u{1F600}" }"#;
    let because = body(text)[0].clauses.clone().and_then(|clauses| clauses.because).expect("a reason");
    assert_eq!(because.text, "a\"b\\c\nd\te\u{e9}\u{1F600}");
    for escape in [r"\r", r"\x41", r"\u{}", r"\u{110000}", r"\u{d800}", r"\u{0000041}", r"\u41", r"\'"] {
        let text = format!("namespace p {{ allow a -> b because \"x{escape}\" }}");
        assert_eq!(wrong(&text)[0].code, Code::WrongEscape, "{escape}");
    }
    assert_eq!(wrong(r#"namespace p { allow a -> b because "\u{202e}" }"#)[0].code, Code::ForbiddenCharacter);
}

#[test]
fn peers_of_every_kind() {
    let (sources, destinations, ports) = flow(
        "allow pods, pods(app=x), orders/pods(tier in (a, b)), any/pods, namespaces(env=prod), namespaces(env=prod)/pods(a!=b), \
         serviceaccount ci, serviceaccount orders/ci, internet -> ingress, hosts, nodeports(31852), $peer tls, icmp, udp, 53/tcp+udp, 8000-8100, $port",
    );
    assert!(matches!(&sources[0], PeerKind::Pods(r) if r.is_empty()));
    assert!(matches!(&sources[1], PeerKind::Pods(r) if r.len() == 1));
    assert!(matches!(&sources[2], PeerKind::NamespacePods(_, r) if matches!(&r[0].test, Test::In(v) if v.len() == 2)));
    assert!(matches!(&sources[3], PeerKind::AnyPods(r) if r.is_empty()));
    assert!(matches!(&sources[4], PeerKind::LabelledNamespaces(n, p) if n.len() == 1 && p.is_empty()));
    assert!(matches!(&sources[5], PeerKind::LabelledNamespaces(_, p) if matches!(&p[0].test, Test::IsNot(_))));
    assert!(matches!(&sources[6], PeerKind::ServiceAccount(None, w) if w.text == "ci"));
    assert!(matches!(&sources[7], PeerKind::ServiceAccount(Some(n), _) if n.text == "orders"));
    assert!(matches!(&sources[8], PeerKind::Builtin(Builtin::Internet)));
    assert!(matches!(&destinations[0], PeerKind::Builtin(Builtin::Ingress)));
    assert!(matches!(&destinations[2], PeerKind::Nodeports(ports) if ports.len() == 1));
    assert!(matches!(&destinations[3], PeerKind::Name(w) if is(w, "peer", Form::Parameter)));
    assert!(matches!(ports[0], PortKind::Tls) && matches!(ports[1], PortKind::Icmp) && matches!(ports[2], PortKind::Protocol(_)));
    assert!(matches!(&ports[3], PortKind::Numbers(n) if n.protocols.len() == 2));
    assert!(matches!(&ports[5], PortKind::Numbers(n) if n.numbers.form == Form::Parameter));
}

#[test]
fn namespaces_may_be_called_like_peers() {
    let (sources, ..) = flow("allow ingress/web, pods/web, dns/api -> a");
    assert!(sources.iter().all(|peer| matches!(peer, PeerKind::Qualified(..))));
    let isolated = &body("namespace p { isolate ingress/pods }")[0].kind;
    assert!(matches!(isolated, Kind::Isolate { isolation, peers: Some(_) } if isolation.side.is_none()));
    let isolated = &body("namespace p { isolate ingress api without dns }")[0].kind;
    let Kind::Isolate { isolation, peers: Some(_) } = isolated else { panic!("{isolated:?}") };
    assert!(isolation.side == Some(Side::Ingress) && isolation.without_dns.is_some());
}

#[test]
fn labels_may_be_called_like_words() {
    right("namespace p { allow pods(in=x, has has, not=y, has in (a), lacks lacks, has not) -> b }");
    right("namespace p { allow pods(app.kubernetes.io/name=x, \"a/b\"=\"c d\", has \"d/e\") -> y }");
    right("namespace p { labels version=1.34, built=2027-03-31, n=7, e=\"\", app.kubernetes.io/part-of=shop }");
}

#[test]
fn exceptions_belong_to_their_side() {
    let Kind::Deny(flow) = body("namespace p { deny any/pods except a, b -> c, d except e }")[0].kind.clone() else { panic!("no deny") };
    assert_eq!((flow.sources.list.len(), flow.sources.except.len()), (1, 2));
    assert_eq!((flow.destinations.list.len(), flow.destinations.except.len()), (2, 1));
}

#[test]
fn sentences_go_on() {
    let texts = [
        "namespace p {\n allow a\n   -> b 443\n   because \"x\"\n   owner t\n}",
        "namespace p {\n allow a,\n\n # between\n b ->\n c\n}",
        "namespace p { allow pods(a=b,\n  c in (d, # why\n e)\n) -> x }",
        "namespace p {\n allow a -> b # why\n   because \"x\"\n}",
        "namespace p {\n\tallow a\n\t\texcept b -> c\n}",
        "namespace p\n  because \"x\" {\n}",
        "namespace p isolate\nallow a -> b\n  until 2027-03-31\n  id pay-01\r\n",
    ];
    for text in texts {
        right(text);
    }
}

#[test]
fn sentences_do_not_go_on() {
    let texts = [
        "namespace p {\n allow a -> b\n because \"x\"\n}",
        "namespace p {\n allow a -> b\nbecause \"x\"\n}",
        "namespace p {\n allow a -> b\n\n   because \"x\"\n}",
        "namespace p {\n allow a -> b\n # between\n   because \"x\"\n}",
        "namespace p {\n allow a -> b;\n   because \"x\"\n}",
        "namespace p {\n\tallow a -> b\n        because \"x\"\n}",
        "namespace p {\n   -> b\n}",
        "because \"x\"",
    ];
    for text in texts {
        assert_eq!(wrong(text)[0].code, Code::ContinuationNotIndented, "{text:?}");
    }
    wrong("namespace p {\n allow a -> b\n   443\n}");
    wrong("namespace p {\n allow a\n   , b -> c\n}");
}

#[test]
fn comments_are_kept_and_never_glued() {
    let text = "# one\nnamespace p { # two\n allow a,# three\n b -> c;# four\n}# five\nnamespace q {}# \"six\"\n";
    let tree = right(text);
    let comments: Vec<&str> = tree.comments.iter().map(|span| covered(text, *span)).collect();
    assert_eq!(comments, ["# one", "# two", "# three", "# four", "# five", "# \"six\""]);
    assert!(right("namespace p { allow a -> b because \"x # y\" }").comments.is_empty());
    for text in ["namespace p { allow a -> b#c\n}", "namespace p { allow a -> b because \"x\"#c\n}", "namespace p { allow a ->#c\n b }"] {
        assert_eq!(wrong(text)[0].code, Code::GluedComment, "{text:?}");
    }
}

#[test]
fn clauses_stand_in_any_order_each_once() {
    let sentences = body("namespace p { allow a -> b id x until 2027-03-31 owner t because \"y\" }");
    let clauses = sentences[0].clauses.as_ref().expect("clauses");
    assert!(clauses.id.is_some() && clauses.until.is_some() && clauses.owner.is_some() && clauses.because.is_some());
    for clause in ["because \"a\"", "owner a", "until 2027-03-31", "id a"] {
        let text = format!("namespace p {{ allow a -> b {clause} {clause} }}");
        assert_eq!(wrong(&text)[0].code, Code::DuplicateClause, "{text}");
    }
    for header in ["namespace p", "hosts p", "cluster p", "namespace p { workload w", "everywhere { role r"] {
        let close = if header.contains('{') { "} }" } else { "}" };
        right(&format!("{header} because \"x\" owner t id i {{ {close}"));
        assert_eq!(wrong(&format!("{header} until 2027-03-31 {{ {close}"))[0].code, Code::MisplacedClause);
    }
    right("namespace p { allow a -> b until 2027-03-31; grant view to group g until 2027-03-31; include \"x\" until 2028-02-29 }");
    for text in ["deny a -> b", "isolate", "assert deny a -> b", "role r"] {
        assert_eq!(wrong(&format!("namespace p {{ {text} until 2027-03-31 }}"))[0].code, Code::MisplacedClause, "{text}");
    }
    assert_eq!(wrong("namespace p { allow a -> b until 2027-02-29 }")[0].code, Code::WrongDate);
}

#[test]
fn reserved_words_are_no_names_unless_quoted() {
    let peers = "any anywhere internet metadata ingress nodes nodeports hosts dns apiserver cluster pods namespaces serviceaccount host except \
                 because owner until id without external egress gateway mesh service services self outside always baseline admin all none";
    for word in peers.split_whitespace() {
        let workload = format!("namespace p {{ workload {word} }}");
        assert_eq!(wrong(&workload)[0].code, Code::ReservedName, "{workload}");
        assert_eq!(wrong(&format!("peers {word} = 10.0.0.1"))[0].code, Code::ReservedName);
        right(&format!("namespace p {{ workload \"{word}\"; allow \"{word}\" -> orders/\"{word}\" }}\npeers \"{word}\" = 10.0.0.1"));
    }
    for word in "except because owner until id tls icmp tcp udp sctp".split_whitespace() {
        let ports = format!("namespace p {{ workload a {{ ports {word} 80 }} }}");
        assert_eq!(wrong(&ports)[0].code, Code::ReservedName, "{ports}");
        right(&format!("namespace p {{ workload a {{ ports \"{word}\" 80 }} allow b -> a \"{word}\" }}"));
    }
    right("namespace p { workload tls; allow a -> tls tls }");
}

#[test]
fn keywords_are_lower_case_and_whole_words() {
    for text in [
        "Namespace p { }",
        "NAMESPACE p { }",
        "namespacep { }",
        "namespace p { allowa -> b }",
        "namespace p Isolate { }",
        "namespace p { allow a -> b because\"x\" }",
    ] {
        wrong(text);
    }
}

#[test]
fn good_sentences_survive_bad_ones() {
    let text = "namespace p {\n allow a => b\n allow c -> d\n alow e -> f\n workload w { prts x 1; ports y 2 }\n}\ncluster { }\nnamespace q { allow g -> h }";
    let (tree, errors) = super::parse(crate::source::FileId(0), text);
    let places: Vec<&str> = errors.iter().filter_map(|error| error.primary.as_ref()).map(|label| covered(text, label.span)).collect();
    assert_eq!(places, ["=>", "alow", "prts", "cluster"]);
    assert_eq!(tree.sentences.len(), 2);
    let Kind::Namespace(first) = &tree.sentences[0].kind else { panic!("no namespace") };
    assert_eq!(first.body.len(), 2);
}

#[test]
fn a_wrong_header_does_not_hide_its_block() {
    let text = "namespace p isolate in c {\n allow a => b\n}";
    let errors = wrong(text);
    let places: Vec<&str> = errors.iter().filter_map(|error| error.primary.as_ref()).map(|label| covered(text, label.span)).collect();
    assert_eq!(places, ["in", "=>"]);
}

#[test]
fn includes_are_found_wherever_they_stand() {
    let tree =
        right("include \"a.yaml\"\nnamespace p { include \"b.yaml\" unanalysed because \"x\" }\ntemplate t(x) { include \"c.yaml\" }");
    let paths: Vec<&str> = crate::syntax::includes(&tree).map(|word| word.text.as_str()).collect();
    assert_eq!(paths, ["a.yaml", "b.yaml", "c.yaml"]);
}

#[test]
fn a_forbidden_character_spoils_its_sentence_only() {
    let text = "namespace p { allow a\u{200b} -> b\n allow c => d\n allow e -> f # \u{202e}\n}";
    let (tree, errors) = super::parse(crate::source::FileId(0), text);
    let codes: Vec<Code> = errors.iter().map(|error| error.code).collect();
    assert_eq!(codes, [Code::ForbiddenCharacter, Code::ForeignForm, Code::ForbiddenCharacter]);
    let Kind::Namespace(namespace) = &tree.sentences[0].kind else { panic!("no namespace") };
    assert_eq!(namespace.body.len(), 1);
}
