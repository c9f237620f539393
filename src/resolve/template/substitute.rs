//! Putting values where a template's parameters stand. A parameter is a whole word, so a
//! value cannot change how a sentence reads.

use std::collections::BTreeMap;

mod access;

use crate::syntax::tree::{
    Claim, Expose, Exposed, Flow, Form, Kind, Peer, PeerKind, Peers, Port, PortKind, PortNumbers, Requirement, Sentence, Setting, Test,
    Word,
};

/// Replaces every parameter by its value; the place becomes that of the value, where it can be
/// put right.
pub(super) fn fill(sentence: &mut Sentence, values: &BTreeMap<&str, &Word>) {
    words(sentence, &mut |word| {
        if word.form == Form::Parameter
            && let Some(value) = values.get(word.text.as_str())
        {
            *word = (*value).clone();
        }
    });
}

/// Visits every parameter that stands in the sentences.
pub(super) fn parameters(sentences: &[Sentence], visit: &mut dyn FnMut(&Word)) {
    for sentence in sentences {
        words(&mut sentence.clone(), &mut |word| {
            if word.form == Form::Parameter {
                visit(word);
            }
        });
    }
}

type Visit<'v> = &'v mut dyn FnMut(&mut Word);

fn words(sentence: &mut Sentence, visit: Visit<'_>) {
    if let Some(clauses) = &mut sentence.clauses {
        let words = [&mut clauses.because, &mut clauses.owner, &mut clauses.until, &mut clauses.id];
        words.into_iter().flatten().for_each(&mut *visit);
    }
    match &mut sentence.kind {
        Kind::Peers { name, peers: list } => {
            visit(name);
            peers(list, visit);
        }
        Kind::Use { name, arguments } => {
            visit(name);
            arguments.iter_mut().for_each(visit);
        }
        Kind::Include { path, .. } => visit(path),
        Kind::Labels(pairs) => {
            for (key, value) in pairs {
                visit(key);
                visit(value);
            }
        }
        Kind::PodSecurity(word) | Kind::WorkloadLabel(word) | Kind::ServiceAccount(word) => visit(word),
        Kind::Workload(_) | Kind::Select(_) | Kind::Ports(_) | Kind::Service { .. } => workload_words(&mut sentence.kind, visit),
        Kind::Isolate { peers: list, .. } => list.iter_mut().for_each(|list| peers(list, visit)),
        Kind::Allow(line) | Kind::Deny(line) => flow(line, visit),
        Kind::Assert(Claim::Deny(line) | Claim::Allow(line) | Claim::Only(line)) => flow(line, visit),
        Kind::Assert(Claim::Isolated { peers: list, .. }) => peers(list, visit),
        Kind::Assert(Claim::Nobody(claim)) => access::nobody(claim, visit),
        Kind::Role(role) => access::role(role, visit),
        Kind::Can(can) => access::can(can, visit),
        Kind::Grant(grant) => access::grant(grant, visit),
        Kind::Resource(resource) => access::resource(resource, visit),
        Kind::Setting(line) => setting(line, visit),
        Kind::Expose(expose) => exposure(expose, visit),
        Kind::Redirect { host, to, .. } => {
            visit(host);
            visit(to);
        }
        Kind::RequireTls { except } => except.iter_mut().for_each(visit),
        Kind::MutualTls | Kind::Authority { .. } | Kind::Signing(_) => {}
        Kind::Later { .. } | Kind::Edition(_) | Kind::Namespace(_) | Kind::Everywhere(_) => {}
        Kind::Hosts { .. } | Kind::Cluster { .. } | Kind::Template { .. } => {}
    }
}

fn workload_words(kind: &mut Kind, visit: Visit<'_>) {
    match kind {
        Kind::Workload(workload) => {
            visit(&mut workload.name);
            for sentence in workload.body.iter_mut().flatten() {
                words(sentence, visit);
            }
        }
        Kind::Select(requirements) => selector(requirements, visit),
        Kind::Ports(declarations) => {
            for declaration in declarations {
                declaration.name.iter_mut().for_each(&mut *visit);
                numbers(&mut declaration.numbers, visit);
            }
        }
        Kind::Service { name, ports } => {
            visit(name);
            for (outer, inner) in ports {
                numbers(outer, visit);
                port(inner, visit);
            }
        }
        _ => {}
    }
}

fn setting(setting: &mut Setting, visit: Visit<'_>) {
    match setting {
        Setting::Account(word)
        | Setting::Kubernetes(word)
        | Setting::Provider(word)
        | Setting::DnsNodeLocal(word)
        | Setting::Certificates(word)
        | Setting::DefaultAuthority(word)
        | Setting::WorkloadLabel(word) => {
            visit(word);
        }
        Setting::Enforce(list) => {
            for (name, version) in list {
                visit(name);
                version.iter_mut().for_each(&mut *visit);
            }
        }
        Setting::Ingress { name, namespace, select, .. } => {
            visit(name);
            namespace.iter_mut().for_each(&mut *visit);
            selector(select, visit);
        }
        Setting::Ranges(_, list) => list.iter_mut().for_each(visit),
        Setting::Dns(server, port) => {
            peer(server, visit);
            port.iter_mut().for_each(|port| numbers(port, visit));
        }
        Setting::ApiServer { from, .. } => from.iter_mut().for_each(|from| peer(from, visit)),
        Setting::Identity { kind, prefix } => [kind].into_iter().chain(prefix).for_each(visit),
        Setting::PodsUnknown | Setting::ExternalTrafficLocal => {}
    }
}

fn exposure(expose: &mut Expose, visit: Visit<'_>) {
    visit(&mut expose.workload);
    expose.port.iter_mut().for_each(|p| port(p, visit));
    expose.host.iter_mut().for_each(&mut *visit);
    expose.path.iter_mut().for_each(|(_, path)| visit(path));
    if let Exposed::Terminated { secret, authority, backend, .. } = &mut expose.tls {
        let of_backend = backend.iter_mut().flat_map(|backend| backend.name.iter_mut().chain(&mut backend.authority));
        secret.iter_mut().chain(authority).chain(of_backend).for_each(&mut *visit);
    }
    for (key, value) in &mut expose.annotations {
        visit(key);
        visit(value);
    }
}

fn flow(flow: &mut Flow, visit: Visit<'_>) {
    peers(&mut flow.sources, visit);
    peers(&mut flow.destinations, visit);
    flow.ports.iter_mut().for_each(|p| port(p, visit));
}

fn peers(peers: &mut Peers, visit: Visit<'_>) {
    peers.list.iter_mut().chain(&mut peers.except).for_each(|p| peer(p, visit));
}

fn peer(peer: &mut Peer, visit: Visit<'_>) {
    match &mut peer.kind {
        PeerKind::Name(word) | PeerKind::Address(word) => visit(word),
        PeerKind::Qualified(namespace, name) => {
            visit(namespace);
            visit(name);
        }
        PeerKind::Pods(requirements) | PeerKind::AnyPods(requirements) => selector(requirements, visit),
        PeerKind::NamespacePods(namespace, requirements) => {
            visit(namespace);
            selector(requirements, visit);
        }
        PeerKind::LabelledNamespaces(namespaces, pods) => {
            selector(namespaces, visit);
            selector(pods, visit);
        }
        PeerKind::ServiceAccount(namespace, name) => {
            namespace.iter_mut().for_each(&mut *visit);
            visit(name);
        }
        PeerKind::Nodeports(ports) => ports.iter_mut().for_each(|p| port(p, visit)),
        PeerKind::Builtin(_) => {}
    }
}

fn selector(requirements: &mut [Requirement], visit: Visit<'_>) {
    for requirement in requirements {
        visit(&mut requirement.key);
        match &mut requirement.test {
            Test::Is(word) | Test::IsNot(word) => visit(word),
            Test::In(list) | Test::NotIn(list) => list.iter_mut().for_each(&mut *visit),
            Test::Has | Test::Lacks => {}
        }
    }
}

fn port(port: &mut Port, visit: Visit<'_>) {
    match &mut port.kind {
        PortKind::Name(word) => visit(word),
        PortKind::Numbers(written) => numbers(written, visit),
        PortKind::Tls | PortKind::Icmp | PortKind::Protocol(_) => {}
    }
}

fn numbers(written: &mut PortNumbers, visit: Visit<'_>) {
    visit(&mut written.numbers);
}
