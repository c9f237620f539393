//! A policy as data, and as text.

use std::fmt;

use super::random::Random;

#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) blocks: Vec<Block>,
}

/// A namespace's block, or `everywhere`.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) namespace: Option<&'static str>,
    pub(crate) header: Option<Isolation>,
    pub(crate) sentences: Vec<Sentence>,
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

/// Protocol (none: as the language reads a number alone), first and last port; empty: none written.
#[derive(Debug, Clone)]
pub(crate) struct Ports(pub(crate) Vec<(Option<&'static str>, u16, u16)>);

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
    Namespaces(Vec<(&'static str, &'static str)>, Selector),
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
            for out in 0..block.sentences.len() {
                let mut shorter = self.clone();
                shorter.blocks[at].sentences.remove(out);
                all.push(shorter);
            }
            if block.header.is_some() {
                let mut shorter = self.clone();
                shorter.blocks[at].header = None;
                all.push(shorter);
            }
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

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "cluster default {{ pods 10.244.0.0/16; services 10.96.0.0/12 }}")?;
        for block in &self.blocks {
            match (block.namespace, &block.header) {
                (Some(name), Some(isolation)) => writeln!(f, "namespace {name} {isolation} {{")?,
                (Some(name), None) => writeln!(f, "namespace {name} {{")?,
                (None, _) => writeln!(f, "everywhere {{")?,
            }
            match block.namespace {
                Some("a") => writeln!(f, "  labels env=prod, team=one")?,
                Some("b") => writeln!(f, "  labels env=dev")?,
                _ => {}
            }
            if block.namespace.is_some() {
                writeln!(f, "  workload w1 {{ ports http 80, names 53/udp }}")?;
                writeln!(f, "  workload w2 {{ select app=w2, tier in (x, y) }}")?;
            }
            for sentence in &block.sentences {
                match sentence {
                    Sentence::Isolate(isolation) => writeln!(f, "  {isolation}")?,
                    Sentence::Flow(flow) => writeln!(f, "  {flow}")?,
                }
            }
            writeln!(f, "}}")?;
        }
        Ok(())
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
            join(&self.ports.0, |(protocol, low, high)| {
                let numbers = if low == high { low.to_string() } else { format!("{low}-{high}") };
                protocol.map_or(numbers.clone(), |protocol| format!("{numbers}/{protocol}"))
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
            Peer::Namespaces(labels, selector) => {
                write!(f, "namespaces({})/pods{selector}", join(labels, |(key, value)| format!("{key}={value}")))
            }
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
