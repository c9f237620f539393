//! The canonical text of a tree: one sentence a line, two blanks a level.
//!
//! What is printed reads back as the same tree; comments are not part of it.

mod access;
mod cluster;
mod flow;
mod tls;
mod word;

use super::tree::{Clauses, File, Kind, Namespace, Sentence};
use flow::{isolation, peers, port, port_numbers, requirements};
use word::{list, word, words};

/// The text of a whole file.
#[must_use]
pub fn print(file: &File) -> String {
    let mut printer = Printer { text: String::new() };
    printer.sentences(&file.sentences, 0);
    printer.text
}

struct Printer {
    text: String,
}

impl Printer {
    fn sentences(&mut self, sentences: &[Sentence], level: usize) {
        for sentence in sentences {
            self.sentence(sentence, level);
        }
    }

    fn sentence(&mut self, sentence: &Sentence, level: usize) {
        self.text.push_str(&"  ".repeat(level));
        self.text.push_str(&head(&sentence.kind));
        self.text.push_str(&clauses(sentence));
        match body(&sentence.kind) {
            Body::None => self.text.push('\n'),
            Body::File(inside) => {
                self.text.push('\n');
                self.sentences(inside, level);
            }
            Body::Block([]) => self.text.push_str(" {}\n"),
            Body::Block(inside) => {
                self.text.push_str(" {\n");
                self.sentences(inside, level + 1);
                self.text.push_str(&"  ".repeat(level));
                self.text.push_str("}\n");
            }
        }
    }
}

/// What stands below a sentence.
enum Body<'a> {
    /// Nothing.
    None,
    /// A block in braces.
    Block(&'a [Sentence]),
    /// The rest of the file.
    File(&'a [Sentence]),
}

fn body(kind: &Kind) -> Body<'_> {
    match kind {
        Kind::Namespace(Namespace { body, opens_file: true, .. }) => Body::File(body),
        Kind::Namespace(Namespace { body, .. })
        | Kind::Everywhere(body)
        | Kind::Hosts { body, .. }
        | Kind::Cluster { body, .. }
        | Kind::Authority { body, .. }
        | Kind::Template { body, .. } => Body::Block(body),
        Kind::Workload(workload) => workload.body.as_deref().map_or(Body::None, Body::Block),
        Kind::Role(role) => role.body.as_deref().map_or(Body::None, Body::Block),
        Kind::Later { body, .. } => body.as_deref().map_or(Body::None, Body::Block),
        _ => Body::None,
    }
}

/// The words of a sentence before its clauses and its block.
fn head(kind: &Kind) -> String {
    match kind {
        Kind::Edition(number) => format!("edition {}", word(number)),
        Kind::Namespace(namespace) => namespace_head(namespace),
        Kind::Everywhere(_) => "everywhere".to_owned(),
        Kind::Hosts { name, .. } => format!("hosts {}", word(name)),
        Kind::Cluster { name, .. } => format!("cluster {}", word(name)),
        Kind::Setting(setting) => cluster::setting(setting),
        Kind::Peers { name, peers: members } => format!("peers {} = {}", word(name), peers(members)),
        Kind::Template { name, parameters, .. } => format!("template {}({})", word(name), words(parameters)),
        Kind::Use { name, arguments } => format!("use {}({})", word(name), words(arguments)),
        Kind::Include { path, unanalysed } => format!("include {}{}", word(path), if unanalysed.is_some() { " unanalysed" } else { "" }),
        Kind::Labels(labels) => format!("labels {}", list(labels, |(key, value)| format!("{}={}", word(key), word(value)))),
        Kind::PodSecurity(level) => format!("pod-security {}", word(level)),
        Kind::WorkloadLabel(key) => format!("workload-label {}", word(key)),
        Kind::Workload(workload) => {
            let isolated = workload.isolation.as_ref().map_or_else(String::new, |found| format!(" {}", isolation(found, None)));
            format!("workload {}{isolated}", word(&workload.name))
        }
        Kind::Select(conditions) => format!("select {}", requirements(conditions)),
        Kind::Ports(ports) => format!("ports {}", list(ports, flow::port_declaration)),
        Kind::Service { name, ports } => {
            let mappings = list(ports, |(outside, inside)| format!("{} -> {}", port_numbers(outside), port(inside)));
            if mappings.is_empty() { format!("service {}", word(name)) } else { format!("service {} {mappings}", word(name)) }
        }
        Kind::ServiceAccount(name) => format!("serviceaccount {}", word(name)),
        Kind::Isolate { isolation: found, peers } => isolation(found, peers.as_ref()),
        Kind::Allow(found) => format!("allow {}", flow::flow(found)),
        Kind::Deny(found) => format!("deny {}", flow::flow(found)),
        Kind::Assert(claim) => flow::claim(claim),
        Kind::Authority { name, .. } => format!("authority {}", word(name)),
        Kind::Signing(line) => tls::signing(line),
        Kind::Expose(written) => tls::expose(written),
        Kind::Redirect { host, to, tls } => tls::redirect(host, to, tls.is_some()),
        Kind::MutualTls => "mutual tls".to_owned(),
        Kind::RequireTls { except } => tls::require(except),
        Kind::Role(found) => access::role(found),
        Kind::Can(found) => access::can(found),
        Kind::Grant(found) => access::grant(found),
        Kind::Resource(found) => access::resource(found),
        Kind::Later { text, .. } => text.clone(),
    }
}

fn namespace_head(namespace: &Namespace) -> String {
    let several = namespace.names.len() > 1;
    let mut said = format!("{} {}", if several { "namespaces" } else { "namespace" }, words(&namespace.names));
    if !namespace.clusters.is_empty() {
        said.push_str(&format!(" in {}", words(&namespace.clusters)));
    }
    if namespace.external.is_some() {
        said.push_str(" external");
    }
    if let Some(found) = &namespace.isolation {
        said.push_str(&format!(" {}", isolation(found, None)));
    }
    said
}

/// The clauses, always in the same order; those of a sentence kept as text are in that text.
fn clauses(sentence: &Sentence) -> String {
    if matches!(sentence.kind, Kind::Later { .. }) {
        return String::new();
    }
    let Some(clauses) = &sentence.clauses else { return String::new() };
    let Clauses { because, owner, until, id } = &**clauses;
    let said = [("because", because), ("owner", owner), ("until", until), ("id", id)];
    said.into_iter().filter_map(|(keyword, value)| value.as_ref().map(|value| format!(" {keyword} {}", word(value)))).collect()
}
