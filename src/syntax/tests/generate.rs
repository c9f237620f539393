//! Random trees over what is compiled, as the parser would build them.

mod access;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use smol_str::SmolStr;

use crate::source::{FileId, Span};
use crate::syntax::reserved;
use crate::syntax::tree::*;

const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

fn made(text: impl Into<SmolStr>, form: Form) -> Word {
    Word { text: text.into(), form, span: NOWHERE }
}

fn bare(text: impl Into<SmolStr>) -> Word {
    made(text, Form::Bare)
}

/// A bare name, now and then one that is also a word of the language.
fn name() -> BoxedStrategy<Word> {
    prop_oneof![
        4 => "[a-z][a-z0-9]{0,5}([-._][a-z0-9]{1,3}){0,2}",
        1 => "[0-9]{1,3}-[a-z]{1,4}",
        1 => prop::sample::select(vec!["tls", "allow", "deny", "labels", "isolate", "has", "in", "not", "lacks", "edge", "from", "to"]).prop_map(str::to_owned),
    ]
    .prop_filter("reserved", |text| !reserved::is_peer_word(text) && text != "node-local" && text != "unknown")
    .prop_map(bare)
    .boxed()
}

/// A name in any of its forms.
fn word() -> BoxedStrategy<Word> {
    prop_oneof![
        6 => name(),
        1 => "[ -~é\n\t]{0,8}".prop_map(|text| made(text, Form::Quoted)),
        1 => "[a-z][a-z0-9]{0,4}".prop_map(|text| made(text, Form::Parameter)),
    ]
    .boxed()
}

fn quoted() -> BoxedStrategy<Word> {
    "[ -~ß\n\t]{0,12}".prop_map(|text| made(text, Form::Quoted)).boxed()
}

fn key() -> BoxedStrategy<Word> {
    prop_oneof![3 => name(), 1 => (name(), name()).prop_map(|(a, b)| bare(format!("{}/{}", a.text, b.text))), 1 => quoted()].boxed()
}

fn value() -> BoxedStrategy<Word> {
    prop_oneof![3 => "[A-Za-z0-9]{1,4}([-._][A-Za-z0-9]{1,4}){0,2}".prop_map(bare), 1 => quoted()].boxed()
}

fn requirements() -> BoxedStrategy<Vec<Requirement>> {
    let test = prop_oneof![
        value().prop_map(Test::Is),
        value().prop_map(Test::IsNot),
        vec(value(), 1..3).prop_map(Test::In),
        vec(value(), 1..3).prop_map(Test::NotIn),
        Just(Test::Has),
        Just(Test::Lacks),
    ];
    vec((key(), test).prop_map(|(key, test)| Requirement { key, test, span: NOWHERE }), 1..3).boxed()
}

fn maybe_requirements() -> BoxedStrategy<Vec<Requirement>> {
    prop_oneof![Just(Vec::new()), requirements()].boxed()
}

fn address() -> BoxedStrategy<Word> {
    prop_oneof![
        "[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?",
        "[0-9a-f]{1,4}:[0-9a-f]{1,4}::[0-9a-f]{1,4}(/[0-9]{1,3})?",
        Just("::/0".to_owned()),
    ]
    .prop_map(bare)
    .boxed()
}

fn numbers() -> BoxedStrategy<PortNumbers> {
    let digits = prop_oneof!["[0-9]{1,5}", "[0-9]{1,4}-[0-9]{1,5}"].prop_map(bare);
    let protocol = prop_oneof![Just(Protocol::Tcp), Just(Protocol::Udp), Just(Protocol::Sctp)];
    (digits, vec(protocol, 0..3)).prop_map(|(numbers, protocols)| PortNumbers { numbers, protocols, span: NOWHERE }).boxed()
}

fn port() -> BoxedStrategy<Port> {
    let named = name().prop_filter("reserved", |name| !reserved::is_port_word(&name.text));
    prop_oneof![
        named.prop_map(PortKind::Name),
        quoted().prop_map(PortKind::Name),
        Just(PortKind::Tls),
        Just(PortKind::Icmp),
        Just(PortKind::Protocol(Protocol::Udp)),
        numbers().prop_map(PortKind::Numbers),
    ]
    .prop_map(|kind| Port { kind, span: NOWHERE })
    .boxed()
}

fn peer() -> BoxedStrategy<Peer> {
    let numbered = numbers().prop_map(|numbers| Port { kind: PortKind::Numbers(numbers), span: NOWHERE });
    prop_oneof![
        word().prop_map(PeerKind::Name),
        (word(), word()).prop_map(|(namespace, name)| PeerKind::Qualified(namespace, name)),
        maybe_requirements().prop_map(PeerKind::Pods),
        (word(), maybe_requirements()).prop_map(|(namespace, pods)| PeerKind::NamespacePods(namespace, pods)),
        maybe_requirements().prop_map(PeerKind::AnyPods),
        (requirements(), maybe_requirements()).prop_map(|(namespaces, pods)| PeerKind::LabelledNamespaces(namespaces, pods)),
        (option::of(word()), word()).prop_map(|(namespace, name)| PeerKind::ServiceAccount(namespace, name)),
        address().prop_map(PeerKind::Address),
        prop::sample::select(vec![Builtin::Anywhere, Builtin::Internet, Builtin::Ingress, Builtin::Nodeports, Builtin::ApiServer])
            .prop_map(PeerKind::Builtin),
        vec(numbered, 1..3).prop_map(PeerKind::Nodeports),
    ]
    .prop_map(|kind| Peer { kind, span: NOWHERE })
    .boxed()
}

fn peers() -> BoxedStrategy<Peers> {
    (vec(peer(), 1..3), vec(peer(), 0..3)).prop_map(|(list, except)| Peers { list, except, span: NOWHERE }).boxed()
}

fn flow() -> BoxedStrategy<Flow> {
    (peers(), peers(), vec(port(), 0..3)).prop_map(|(sources, destinations, ports)| Flow { sources, destinations, ports }).boxed()
}

fn isolation() -> BoxedStrategy<Isolation> {
    let side = option::of(prop_oneof![Just(Side::Ingress), Just(Side::Egress)]);
    (side, any::<bool>()).prop_map(|(side, dns)| Isolation { span: NOWHERE, side, without_dns: dns.then_some(NOWHERE) }).boxed()
}

fn clauses(opens: bool) -> BoxedStrategy<Option<Box<Clauses>>> {
    let until = if opens { option::of(Just(bare("2027-03-31"))).boxed() } else { Just(None).boxed() };
    (option::of(quoted()), option::of(word()), until, option::of(word()))
        .prop_map(|(because, owner, until, id)| Clauses { because, owner, until, id })
        .prop_map(|clauses| (clauses != Clauses::default()).then(|| Box::new(clauses)))
        .boxed()
}

fn sentence(kind: Kind, clauses: Option<Box<Clauses>>) -> Sentence {
    Sentence { span: NOWHERE, keyword: NOWHERE, clauses, kind }
}

fn plain(kind: impl Strategy<Value = Kind> + 'static) -> BoxedStrategy<Sentence> {
    kind.prop_map(|kind| sentence(kind, None)).boxed()
}

fn with_clauses(kind: impl Strategy<Value = Kind> + 'static, opens: bool) -> BoxedStrategy<Sentence> {
    (kind, clauses(opens)).prop_map(|(kind, clauses)| sentence(kind, clauses)).boxed()
}

fn workload() -> BoxedStrategy<Sentence> {
    let declaration = (option::of(word()), numbers(), any::<bool>()).prop_map(|(name, numbers, tls)| {
        let name = name.filter(|name| name.form != Form::Bare || !reserved::is_port_word(&name.text));
        PortDeclaration { name, numbers, tls: tls.then_some(NOWHERE), span: NOWHERE }
    });
    let line = plain(prop_oneof![
        requirements().prop_map(Kind::Select),
        vec(declaration, 1..3).prop_map(Kind::Ports),
        (word(), vec((numbers(), port()), 0..3)).prop_map(|(name, ports)| Kind::Service { name, ports }),
        word().prop_map(Kind::ServiceAccount),
    ]);
    let kind = (word(), option::of(isolation()), option::of(vec(line, 0..3)))
        .prop_map(|(name, isolation, body)| Kind::Workload(Workload { name, isolation, body }));
    with_clauses(kind, false).boxed()
}

/// The word after `isolate` is its side, so no tree has a first peer there that is a side's word.
fn taken_as_side(isolation: &Isolation, peers: Option<&Peers>) -> bool {
    let first = peers.and_then(|peers| peers.list.first()).map(|peer| &peer.kind);
    isolation.side.is_none() && matches!(first, Some(PeerKind::Builtin(Builtin::Ingress | Builtin::Nodeports)))
}

fn isolate() -> BoxedStrategy<Sentence> {
    with_clauses(
        (isolation(), option::of(peers()))
            .prop_filter("a side", |(isolation, peers)| !taken_as_side(isolation, peers.as_ref()))
            .prop_map(|(isolation, peers)| Kind::Isolate { isolation, peers }),
        false,
    )
    .boxed()
}

/// What stands at top level and in a namespace.
fn shared() -> BoxedStrategy<Sentence> {
    prop_oneof![
        with_clauses((word(), peers()).prop_map(|(name, peers)| Kind::Peers { name, peers }), false),
        with_clauses((quoted(), any::<bool>()).prop_map(|(path, seen)| Kind::Include { path, unanalysed: seen.then_some(NOWHERE) }), true),
        plain((word(), vec(prop_oneof![value(), address()], 0..3)).prop_map(|(name, arguments)| Kind::Use { name, arguments })),
        access::resource(),
        access::nobody(),
    ]
    .boxed()
}

fn in_namespace() -> BoxedStrategy<Sentence> {
    prop_oneof![
        3 => with_clauses(flow().prop_map(Kind::Allow), true),
        2 => with_clauses(flow().prop_map(Kind::Deny), false),
        2 => workload(),
        1 => isolate(),
        1 => shared(),
        1 => plain(vec((key(), value()), 1..3).prop_map(Kind::Labels)),
        1 => plain(prop::sample::select(vec!["privileged", "baseline", "restricted"]).prop_map(|level| Kind::PodSecurity(bare(level)))),
        1 => plain(key().prop_map(Kind::WorkloadLabel)),
        2 => access::role(),
        1 => access::grant(),
    ]
    .boxed()
}

fn namespace(opens_file: bool) -> BoxedStrategy<Sentence> {
    let names = if opens_file { vec(word(), 1..2).boxed() } else { vec(word(), 1..3).boxed() };
    let kind = (names, vec(word(), 0..3), any::<bool>(), option::of(isolation()), vec(in_namespace(), 0..4)).prop_map(
        move |(names, clusters, external, isolation, body)| {
            let external = (external && isolation.is_none() && !opens_file).then_some(NOWHERE);
            Kind::Namespace(Namespace { names, clusters, external, isolation, body, opens_file })
        },
    );
    with_clauses(kind, false).boxed()
}

fn setting() -> BoxedStrategy<Sentence> {
    let version = "[0-9]{1,2}\\.[0-9]{1,2}(\\.[0-9])?".prop_map(bare).boxed();
    let ranges = prop::sample::select(vec![RangeKind::Pods, RangeKind::Services, RangeKind::Nodes]);
    let endpoint = (address(), "[0-9]{1,5}".prop_map(bare)).prop_map(|(address, port)| {
        let host = address.text.split('/').next().unwrap_or_default().to_owned();
        (bare(host), port)
    });
    let controller_name = word().prop_filter("gateway", |name| name.form != Form::Bare || name.text != "gateway");
    let controller = (any::<bool>(), controller_name, option::of(word()), maybe_requirements())
        .prop_map(|(gateway, name, namespace, select)| Setting::Ingress { gateway: gateway.then_some(NOWHERE), name, namespace, select });
    let kind = prop_oneof![
        word().prop_map(Setting::Account),
        version.clone().prop_map(Setting::Kubernetes),
        vec((name(), option::of(version)), 1..3).prop_map(Setting::Enforce),
        word().prop_map(Setting::Provider),
        controller,
        (ranges, vec(address(), 1..3)).prop_map(|(kind, ranges)| Setting::Ranges(kind, ranges)),
        Just(Setting::PodsUnknown),
        (peer(), option::of(numbers())).prop_map(|(peer, numbers)| Setting::Dns(peer, numbers)),
        address().prop_map(Setting::DnsNodeLocal),
        (vec(endpoint, 1..3), option::of(peer())).prop_map(|(endpoints, from)| Setting::ApiServer { endpoints, from }),
        key().prop_map(Setting::WorkloadLabel),
        (word(), option::of(quoted())).prop_map(|(kind, prefix)| Setting::Identity { kind, prefix }),
    ];
    plain(kind.prop_map(|setting| Kind::Setting(Box::new(setting)))).boxed()
}

fn everywhere() -> BoxedStrategy<Sentence> {
    let isolate = with_clauses(
        (isolation(), peers())
            .prop_filter("a side", |(isolation, peers)| !taken_as_side(isolation, Some(peers)))
            .prop_map(|(isolation, peers)| Kind::Isolate { isolation, peers: Some(peers) }),
        false,
    );
    plain(
        vec(prop_oneof![with_clauses(flow().prop_map(Kind::Deny), false), isolate, access::role(), access::grant()], 0..3)
            .prop_map(Kind::Everywhere),
    )
    .boxed()
}

fn hosts() -> BoxedStrategy<Sentence> {
    let line = prop_oneof![plain(requirements().prop_map(Kind::Select)), isolate(), with_clauses(flow().prop_map(Kind::Allow), true)];
    with_clauses((word(), vec(line, 0..3)).prop_map(|(name, body)| Kind::Hosts { name, body }), false).boxed()
}

fn template() -> BoxedStrategy<Sentence> {
    plain(
        (word(), vec("[a-z][a-zA-Z0-9]{0,4}".prop_map(bare), 0..3), vec(in_namespace(), 0..3))
            .prop_map(|(name, parameters, body)| Kind::Template { name, parameters, body }),
    )
    .boxed()
}

fn top() -> BoxedStrategy<Sentence> {
    prop_oneof![
        3 => namespace(false),
        1 => everywhere(),
        1 => hosts(),
        1 => with_clauses((word(), vec(setting(), 0..4)).prop_map(|(name, body)| Kind::Cluster { name, body }), false),
        1 => template(),
        1 => shared(),
    ]
    .boxed()
}

/// A whole file.
pub(super) fn file() -> BoxedStrategy<File> {
    let edition = any::<bool>().prop_map(|there| there.then(|| sentence(Kind::Edition(bare("1")), None)));
    let rest = prop_oneof![3 => vec(top(), 0..4), 1 => vec(namespace(true), 1..2)];
    (edition, rest)
        .prop_map(|(edition, rest)| File {
            file: FileId(0),
            sentences: edition.into_iter().chain(rest).collect(),
            comments: Vec::new(),
            names_lost: false,
        })
        .boxed()
}
