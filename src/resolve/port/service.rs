//! Ports that only a Service in front of the pods has.

use crate::syntax::tree::Word;

use super::super::entry::Declared;
use super::super::peer::Resolver;
use super::super::workload;
use super::{Wanted, wrong};

impl Resolver<'_, '_> {
    /// Numbers that only a Service in front of the pods has; a policy on them would do nothing.
    pub(super) fn check_services(&mut self, namespace: &str, declared: &Declared, wanted: &Wanted<'_, '_>) -> bool {
        let mut sound = true;
        for (word, number) in &wanted.numbers {
            if let Some(meant) = self.behind_service(namespace, declared, *number) {
                self.report.push(wrong::service_port(word, &declared.workload.name, &meant));
                sound = false;
            }
        }
        sound
    }

    /// Whether a number is a port of the pods, for all that is known; says so if only a Service in front of them has it.
    pub(in super::super) fn check_service_port(&mut self, namespace: &str, declared: &Declared, word: &Word, number: u16) -> bool {
        let behind = self.behind_service(namespace, declared, number);
        if let Some(meant) = &behind {
            self.report.push(wrong::service_port(word, &declared.workload.name, meant));
        }
        behind.is_none()
    }

    fn behind_service(&self, namespace: &str, declared: &Declared, number: u16) -> Option<wrong::BehindService> {
        // What the pods themselves hold is asked first: it is nearly always the answer.
        if declared.workload.ports.iter().any(|port| port.ports.has_port(number)) {
            return None;
        }
        let found = self.facts.workloads.get(&(namespace.to_owned(), declared.workload.name.to_string()));
        if found.is_some_and(|found| found.ports.iter().any(|port| port.number == number)) {
            return None;
        }
        let said = declared
            .services()
            .iter()
            .filter(|(_, outer, _)| *outer == number)
            .map(|(name, _, inner)| (name.to_string(), inner.to_string()));
        let label = self.table.workload_label.as_deref().unwrap_or("app");
        let labels = workload::certain_labels(declared, label);
        let from = (namespace.to_owned(), String::new());
        let services = self.facts.services.range(from..).take_while(|((ns, _), _)| ns == namespace);
        let ahead = services.filter(|(_, s)| !s.selector.is_empty() && s.selector.iter().all(|(k, v)| labels.get(k) == Some(v)));
        let given = ahead.flat_map(|((_, name), s)| {
            s.ports.iter().filter(|(outer, _, _)| *outer == number).map(move |(_, inner, _)| (name.clone(), inner.clone()))
        });
        let mut meant: Vec<(String, String)> = said.chain(given).collect();
        if meant.iter().any(|(_, inner)| inner.parse() == Ok(number)) {
            return None;
        }
        let (service, inner) = if meant.is_empty() { return None } else { meant.swap_remove(0) };
        Some(wrong::BehindService { service, port: inner })
    }
}
