//! A policy as data, and as text.

use std::fmt;

use super::random::Random;

#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) kind: Kind,
    /// Declared peer lists, `list0` and so on. Each may name those before it.
    pub(crate) lists: Vec<PeerList>,
    pub(crate) blocks: Vec<Block>,
}

/// What the policies of a run may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// Whether Calico enforces; what a policy means does not depend on it.
    pub(crate) calico: bool,
    /// The families of the cluster's addresses.
    pub(crate) families: &'static [u8],
    /// Whether ICMP may be a port.
    pub(crate) icmp: bool,
}

impl Kind {
    pub(crate) const PLAIN: Kind = Kind { calico: false, families: &[4], icmp: false };
    pub(crate) const CALICO: Kind = Kind { calico: true, ..Kind::PLAIN };
}

/// A namespace's block, or `everywhere`.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) namespace: Option<&'static str>,
    pub(crate) header: Option<Isolation>,
    pub(crate) sentences: Vec<Sentence>,
    /// Whether the sentences stand in a template that is used here once.
    pub(crate) template: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Sentence {
    Isolate(Isolation),
    Flow(Flow),
}

#[derive(Debug, Clone)]
pub(crate) struct Isolation {
    pub(crate) ingress: bool,
    pub(crate) egress: bool,
    pub(crate) subject: Option<PeerList>,
    pub(crate) without_dns: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub(crate) deny: bool,
    pub(crate) sources: PeerList,
    pub(crate) destinations: PeerList,
    pub(crate) ports: Ports,
}

/// Empty: none written.
#[derive(Debug, Clone)]
pub(crate) struct Ports(pub(crate) Vec<Port>);

#[derive(Debug, Clone)]
pub(crate) enum Port {
    /// Protocol (none: as the language reads a number alone), first and last port.
    Numbers(Option<&'static str>, u16, u16),
    Name(&'static str),
    Icmp,
}

#[derive(Debug, Clone)]
pub(crate) struct PeerList {
    pub(crate) list: Vec<Peer>,
    pub(crate) except: Vec<Peer>,
}

#[derive(Debug, Clone)]
pub(crate) enum Peer {
    Workload(&'static str, &'static str),
    Pods(&'static str, Selector),
    AnyPods(Selector),
    Namespaces(Selector, Selector),
    Account(&'static str, &'static str),
    /// The declared list of this index.
    List(usize),
    Address(&'static str),
    Internet,
    Anywhere,
}

#[derive(Debug, Clone)]
pub(crate) struct Selector(pub(crate) Vec<(&'static str, Test)>);

#[derive(Debug, Clone)]
pub(crate) enum Test {
    Is(Vec<&'static str>),
    IsNot(Vec<&'static str>),
    Has,
    Lacks,
}

impl Policy {
    /// The policies that have one sentence, exception or peer less.
    pub(crate) fn shortened(&self) -> Vec<Policy> {
        let mut all = Vec::new();
        for (at, block) in self.blocks.iter().enumerate() {
            let with = |change: &dyn Fn(&mut Block)| {
                let mut shorter = self.clone();
                change(&mut shorter.blocks[at]);
                shorter
            };
            for (out, sentence) in block.sentences.iter().enumerate() {
                all.push(with(&|block| drop(block.sentences.remove(out))));
                all.extend(sentence.shortened().into_iter().map(|less| with(&|block| block.sentences[out] = less.clone())));
            }
            if block.header.is_some() {
                all.push(with(&|block| block.header = None));
            }
            if block.template {
                all.push(with(&|block| block.template = false));
            }
        }
        for (at, list) in self.lists.iter().enumerate() {
            all.extend(list.shortened().into_iter().map(|less| {
                let mut shorter = self.clone();
                shorter.lists[at] = less;
                shorter
            }));
        }
        all
    }

    /// The policy with one isolation less, if it has one.
    pub(crate) fn without_an_isolation(&self, random: &mut Random) -> Option<Policy> {
        let mut less = self.clone();
        let at = random.below(less.blocks.len());
        let block = &mut less.blocks[at];
        if block.header.take().is_some() {
            return Some(less);
        }
        let isolate = block.sentences.iter().position(|sentence| matches!(sentence, Sentence::Isolate(_)))?;
        block.sentences.remove(isolate);
        Some(less)
    }
}

impl Sentence {
    fn shortened(&self) -> Vec<Sentence> {
        match self {
            Sentence::Isolate(isolation) => {
                let subjects = isolation.subject.iter().flat_map(PeerList::shortened);
                subjects.map(|subject| Sentence::Isolate(Isolation { subject: Some(subject), ..isolation.clone() })).collect()
            }
            Sentence::Flow(flow) => {
                let sources = flow.sources.shortened().into_iter().map(|sources| Flow { sources, ..flow.clone() });
                let destinations = flow.destinations.shortened().into_iter().map(|destinations| Flow { destinations, ..flow.clone() });
                sources.chain(destinations).map(Sentence::Flow).collect()
            }
        }
    }
}

impl PeerList {
    fn shortened(&self) -> Vec<PeerList> {
        let less = |list: &Vec<Peer>, out: usize| {
            let mut list = list.clone();
            list.remove(out);
            list
        };
        let members = (0..self.list.len()).filter(|_| self.list.len() > 1);
        let members = members.map(|out| PeerList { list: less(&self.list, out), ..self.clone() });
        members.chain((0..self.except.len()).map(|out| PeerList { except: less(&self.except, out), ..self.clone() })).collect()
    }
}

/// The ports of every workload called `w1`.
const PORTS: &str = "ports http 80, names 53/udp";

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let enforce = if self.kind.calico { "enforce calico 3.31; " } else { "" };
        let ranges = |v4: &'static str, v6: &'static str| {
            let of = |family: &u8| if *family == 4 { v4 } else { v6 };
            self.kind.families.iter().map(of).collect::<Vec<_>>().join(", ")
        };
        let (pods, services) = (ranges("10.244.0.0/16", "fd00:10:244::/64"), ranges("10.96.0.0/12", "fd00:10:96::/112"));
        writeln!(f, "cluster default {{ {enforce}pods {pods}; services {services} }}")?;
        for (at, list) in self.lists.iter().enumerate() {
            writeln!(f, "peers list{at} = {list}")?;
        }
        self.blocks.iter().try_for_each(|block| write!(f, "{block}"))
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.namespace.unwrap_or("everywhere");
        let sentences: Vec<String> = self.sentences.iter().map(|sentence| format!("  {sentence}\n")).collect();
        if self.template {
            let in_template = sentences.concat().replace(&format!("{own}/w1"), "$workload");
            writeln!(f, "template of-{own}(workload) {{\n  workload $workload {{ {PORTS} }}\n{in_template}}}")?;
        }
        match (self.namespace, &self.header) {
            (Some(name), Some(isolation)) => writeln!(f, "namespace {name} {isolation} {{")?,
            (Some(name), None) => writeln!(f, "namespace {name} {{")?,
            (None, _) => writeln!(f, "everywhere {{")?,
        }
        match self.namespace {
            Some("a") => writeln!(f, "  labels env=prod, team=one")?,
            Some("b") => writeln!(f, "  labels env=dev")?,
            _ => {}
        }
        if self.namespace.is_some() {
            if !self.template {
                writeln!(f, "  workload w1 {{ {PORTS} }}")?;
            }
            writeln!(f, "  workload w2 {{ select app=w2, tier in (x, y) }}")?;
        }
        if self.template {
            writeln!(f, "  use of-{own}(w1)")?;
        } else {
            f.write_str(&sentences.concat())?;
        }
        writeln!(f, "}}")
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sentence::Isolate(isolation) => isolation.fmt(f),
            Sentence::Flow(flow) => flow.fmt(f),
        }
    }
}

impl fmt::Display for Isolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("isolate")?;
        match (self.ingress, self.egress) {
            (true, false) => f.write_str(" ingress")?,
            (false, true) => f.write_str(" egress")?,
            _ => {}
        }
        if let Some(subject) = &self.subject {
            write!(f, " {subject}")?;
        }
        if self.without_dns { f.write_str(" without dns") } else { Ok(()) }
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.deny { "deny" } else { "allow" };
        write!(f, "{word} {} -> {}", self.sources, self.destinations)?;
        if self.ports.0.is_empty() {
            return Ok(());
        }
        write!(
            f,
            " {}",
            join(&self.ports.0, |port| match port {
                Port::Name(name) => (*name).to_owned(),
                Port::Icmp => "icmp".to_owned(),
                Port::Numbers(protocol, low, high) => {
                    let numbers = if low == high { low.to_string() } else { format!("{low}-{high}") };
                    protocol.map_or(numbers.clone(), |protocol| format!("{numbers}/{protocol}"))
                }
            })
        )
    }
}

impl fmt::Display for PeerList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&join(&self.list, ToString::to_string))?;
        if self.except.is_empty() { Ok(()) } else { write!(f, " except {}", join(&self.except, ToString::to_string)) }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Peer::Workload(namespace, name) => write!(f, "{namespace}/{name}"),
            Peer::Pods(namespace, selector) => write!(f, "{namespace}/pods{selector}"),
            Peer::AnyPods(selector) => write!(f, "any/pods{selector}"),
            Peer::Namespaces(namespaces, selector) => write!(f, "namespaces{namespaces}/pods{selector}"),
            Peer::Account(namespace, name) => write!(f, "serviceaccount {namespace}/{name}"),
            Peer::List(at) => write!(f, "list{at}"),
            Peer::Address(text) => f.write_str(text),
            Peer::Internet => f.write_str("internet"),
            Peer::Anywhere => f.write_str("anywhere"),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(
            f,
            "({})",
            join(&self.0, |(key, test)| match test {
                Test::Is(values) if values.len() == 1 => format!("{key}={}", values[0]),
                Test::Is(values) => format!("{key} in ({})", values.join(", ")),
                Test::IsNot(values) if values.len() == 1 => format!("{key}!={}", values[0]),
                Test::IsNot(values) => format!("{key} not in ({})", values.join(", ")),
                Test::Has => format!("has {key}"),
                Test::Lacks => format!("lacks {key}"),
            })
        )
    }
}

fn join<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(", ")
}
