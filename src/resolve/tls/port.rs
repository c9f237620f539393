//! The port behind an exposure, and how the Service in front of it is asked for it.

use smol_str::{SmolStr, ToSmolStr};

use crate::ir::WorkloadPort;
use crate::ir::tls::{ExposedPort, ServicePort};
use crate::semantics::ports::{PortSet, Protocol};
use crate::syntax::tree::{self, PortKind, Word};

use super::super::entry::Declared;
use super::super::number;
use super::super::peer::{End, Resolver};
use super::super::workload;
use super::wrong;

/// A port of the pods.
#[derive(Debug, Clone)]
struct PodPort {
    name: Option<SmolStr>,
    number: u16,
    tls: bool,
}

impl Resolver<'_, '_> {
    /// The port that an exposure means; says so if there is none, or more than one.
    pub(super) fn exposed_port(&mut self, namespace: &str, end: &End<'_>, written: &tree::Expose) -> Option<ExposedPort> {
        let declared = end.declared;
        if declared.is_some_and(Declared::is_broken) {
            return None;
        }
        let wants_tls = match &written.tls {
            tree::Exposed::Plain(_) => false,
            tree::Exposed::Passthrough(_) => true,
            tree::Exposed::Terminated { backend, .. } => backend.is_some(),
        };
        let ports = declared.map(|declared| declared.workload.ports.as_slice()).unwrap_or_default();
        let port = match &written.port {
            Some(port) => self.named_port(namespace, end, port, ports)?,
            None => self.only_port(&written.workload, ports, wants_tls)?,
        };
        let stated = !ports.is_empty();
        if let Some(problem) = wrong::spoken_otherwise(written, wants_tls, port.tls, port.number, stated) {
            self.report.push(problem);
            return None;
        }
        let (service, service_port) = self.service_of(namespace, &written.workload, declared, &port)?;
        Some(ExposedPort { name: port.name, number: port.number, tls: wants_tls, service, service_port })
    }

    fn named_port(&mut self, namespace: &str, end: &End<'_>, port: &tree::Port, ports: &[WorkloadPort]) -> Option<PodPort> {
        let word = match &port.kind {
            PortKind::Name(word) => word,
            PortKind::Numbers(numbers) => &numbers.numbers,
            PortKind::Tls | PortKind::Icmp | PortKind::Protocol(_) => {
                self.report.push(wrong::no_single_port(port.span));
                return None;
            }
        };
        if !number::is_numeric(word) {
            let Some(found) = ports.iter().find(|port| port.name.as_deref() == Some(&word.text)) else {
                let problem = super::super::port::no_port(word, &end.peer, end.declared, self.report);
                self.report.push(problem);
                return None;
            };
            let single = single(&found.ports);
            if single.is_none() {
                self.report.push(wrong::no_single_port(port.span));
            }
            return single.map(|number| PodPort { name: found.name.clone(), number, tls: found.tls });
        }
        let PortKind::Numbers(numbers) = &port.kind else { return None };
        let set = number::ports(numbers, &[Protocol::Tcp], self.report)?;
        let Some(number) = single(&set) else {
            self.report.push(wrong::no_single_port(port.span));
            return None;
        };
        if let Some(declared) = end.declared {
            self.check_service_port(namespace, declared, word, number).then_some(())?;
        }
        let known = ports.iter().find(|port| single_of(port) == Some(number));
        Some(PodPort { name: known.and_then(|port| port.name.clone()), number, tls: known.is_some_and(|port| port.tls) })
    }

    /// Without a word: the TLS port where TLS is spoken to the pods, else the only other one.
    fn only_port(&mut self, workload: &Word, ports: &[WorkloadPort], tls: bool) -> Option<PodPort> {
        let mut fitting = ports.iter().filter(|port| port.tls == tls && single_of(port).is_some());
        let found = match (fitting.next(), fitting.next()) {
            (Some(only), None) => single_of(only).map(|number| PodPort { name: only.name.clone(), number, tls: only.tls }),
            _ => None,
        };
        if found.is_none() {
            self.report.push(wrong::which_port(workload, ports, tls));
        }
        found
    }

    /// The Service in front of the pods, and how it is asked for the port: as a `service` line or a manifest says.
    fn service_of(&mut self, namespace: &str, word: &Word, declared: Option<&Declared>, port: &PodPort) -> Option<(SmolStr, ServicePort)> {
        let number = port.number.to_smolstr();
        let leads_here = |inner: &str| inner == number || port.name.as_deref() == Some(inner);
        let lines = declared.map(Declared::services).unwrap_or_default();
        let mut said: Vec<(SmolStr, u16)> =
            lines.iter().filter(|(_, _, inner)| leads_here(inner)).map(|(name, outer, _)| (name.clone(), *outer)).collect();
        if said.is_empty()
            && let Some(declared) = declared
        {
            said = self.given_services(namespace, declared, &leads_here);
        }
        said.dedup();
        match (said.as_slice(), &port.name) {
            ([(service, outer)], _) => Some((service.clone(), ServicePort::Number(*outer))),
            ([], Some(name)) if is_port_name(name) => Some((self.service_name(word, declared), ServicePort::Name(name.clone()))),
            ([], _) => {
                self.report.push(wrong::service_unknown(word, port.number));
                None
            }
            (several, _) => {
                let names: Vec<String> = several.iter().map(|(name, outer)| format!("{name}:{outer}")).collect();
                self.report.push(wrong::several_services(word, &names));
                None
            }
        }
    }

    /// A Service named in a `service` line without ports; else it is called like the workload.
    fn service_name(&self, word: &Word, declared: Option<&Declared>) -> SmolStr {
        let named = declared.and_then(|declared| declared.beside.as_ref()).and_then(|beside| beside.service.clone());
        named.unwrap_or_else(|| word.text.clone())
    }

    /// The ports of Services in the manifests given that lead to the port.
    fn given_services(&self, namespace: &str, declared: &Declared, leads_here: &dyn Fn(&str) -> bool) -> Vec<(SmolStr, u16)> {
        let label = self.table.workload_label.as_deref().unwrap_or("app");
        let labels = workload::certain_labels(declared, label);
        let from = (namespace.to_owned(), String::new());
        let services = self.facts.services.range(from..).take_while(|((ns, _), _)| ns == namespace);
        let ahead = services.filter(|(_, s)| !s.selector.is_empty() && s.selector.iter().all(|(k, v)| labels.get(k) == Some(v)));
        ahead
            .flat_map(|((_, name), service)| {
                let ports = service.ports.iter().filter(|(_, inner, _)| leads_here(inner));
                ports.map(move |(outer, _, _)| (SmolStr::from(name.as_str()), *outer))
            })
            .collect()
    }
}

fn single_of(port: &WorkloadPort) -> Option<u16> {
    single(&port.ports)
}

/// The number of a set that is one port of TCP.
fn single(ports: &PortSet) -> Option<u16> {
    let mut tcp = ports.of(Protocol::Tcp);
    match (tcp.next(), tcp.next()) {
        (Some((low, high)), None) if low == high => Some(low),
        _ => None,
    }
}

/// Whether a Service's port may have the name (IANA_SVC_NAME: at most 15 characters, a letter among them).
fn is_port_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let end = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    name.len() <= 15
        && end(bytes.first())
        && end(bytes.last())
        && !name.contains("--")
        && bytes.iter().any(u8::is_ascii_lowercase)
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}
