//! The pods and addresses that policies are judged on.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::Ipv4Addr;

use super::random::Random;

pub(crate) struct World {
    pub(crate) namespaces: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
    pub(crate) ends: Vec<End>,
}

/// A pod, or an address outside.
pub(crate) struct End {
    pub(crate) pod: Option<Pod>,
    pub(crate) address: Ipv4Addr,
}

pub(crate) struct Pod {
    pub(crate) namespace: &'static str,
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<&'static str, &'static str>,
    pub(crate) account: &'static str,
}

/// One connection that is tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probe {
    pub(crate) source: usize,
    pub(crate) destination: usize,
    pub(crate) protocol: &'static str,
    pub(crate) port: u16,
}

const PORTS: [(&str, u16); 7] = [("TCP", 80), ("TCP", 443), ("UDP", 53), ("UDP", 80), ("TCP", 53), ("SCTP", 80), ("TCP", 9999)];

impl World {
    /// Three namespaces with pods of every combination of labels, the name servers, and
    /// addresses outside: public, private, metadata.
    pub(crate) fn new() -> Self {
        let labels = |pairs: &[(&'static str, &'static str)]| pairs.iter().copied().collect::<BTreeMap<_, _>>();
        let namespaces = BTreeMap::from([
            ("a", labels(&[("env", "prod"), ("team", "one")])),
            ("b", labels(&[("env", "dev")])),
            ("c", labels(&[])),
            ("kube-system", labels(&[])),
        ]);
        let mut ends = Vec::new();
        let mut add = |namespace, pairs: &[(&'static str, &'static str)]| {
            let number = u8::try_from(ends.len() + 1).expect("few pods");
            let labels: BTreeMap<_, _> = pairs.iter().copied().collect();
            let account = if labels.get("tier") == Some(&"x") || labels.is_empty() { "ci" } else { "default" };
            let pod = Pod { namespace, name: format!("p{number}"), labels, account };
            ends.push(End { pod: Some(pod), address: Ipv4Addr::new(10, 244, 0, number) });
        };
        for namespace in ["a", "b", "c"] {
            for app in ["w1", "w2", "w3"] {
                add(namespace, &[("app", app)]);
                add(namespace, &[("app", app), ("tier", "x")]);
                add(namespace, &[("app", app), ("tier", "y")]);
            }
            add(namespace, &[]);
        }
        add("kube-system", &[("k8s-app", "kube-dns")]);
        add("kube-system", &[("app", "w1")]);
        for address in [[203, 0, 113, 7], [203, 0, 113, 200], [198, 51, 100, 9], [10, 20, 0, 5], [169, 254, 169, 254]] {
            ends.push(End { pod: None, address: Ipv4Addr::from(address) });
        }
        World { namespaces, ends }
    }

    /// The world as manifests.
    pub(crate) fn inventory(&self) -> String {
        let mut yaml = String::new();
        for (name, labels) in &self.namespaces {
            let _ = write!(
                yaml,
                "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n  labels: {{kubernetes.io/metadata.name: {name}"
            );
            for (key, value) in labels {
                let _ = write!(yaml, ", {key}: {value:?}");
            }
            yaml.push_str("}\n");
        }
        for end in &self.ends {
            let Some(pod) = &end.pod else { continue };
            let labels: Vec<String> = pod.labels.iter().map(|(key, value)| format!("{key}: {value:?}")).collect();
            let _ = writeln!(
                yaml,
                "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {}, namespace: {}, labels: {{{}}}}}\nspec: {{serviceAccountName: {}, containers: [{{name: c, image: c}}]}}\nstatus: {{podIP: {}}}",
                pod.name,
                pod.namespace,
                labels.join(", "),
                pod.account,
                end.address
            );
        }
        yaml
    }

    /// Random connections, at least one end of each a pod, and never a pod to itself.
    pub(crate) fn probes(&self, random: &mut Random, count: usize) -> Vec<Probe> {
        let mut probes = Vec::with_capacity(count);
        while probes.len() < count {
            let (source, destination) = (random.below(self.ends.len()), random.below(self.ends.len()));
            let outside = self.ends[source].pod.is_none() && self.ends[destination].pod.is_none();
            if source != destination && !outside {
                let (protocol, port) = random.pick(&PORTS);
                probes.push(Probe { source, destination, protocol, port });
            }
        }
        probes
    }

    /// Every connection between two different ends, one of them a pod, on the ports that policies here speak of.
    pub(crate) fn all_probes(&self) -> Vec<Probe> {
        let mut probes = Vec::new();
        for (source, from) in self.ends.iter().enumerate() {
            for (destination, to) in self.ends.iter().enumerate() {
                if source != destination && (from.pod.is_some() || to.pod.is_some()) {
                    probes.extend(PORTS.map(|(protocol, port)| Probe { source, destination, protocol, port }));
                }
            }
        }
        probes
    }

    /// The probe in the judges' words.
    pub(crate) fn question(&self, probe: &Probe) -> crate::judges::Probe {
        let name = |at: usize| {
            let end = &self.ends[at];
            end.pod.as_ref().map_or_else(|| end.address.to_string(), |pod| format!("{}/{}", pod.namespace, pod.name))
        };
        crate::judges::Probe {
            source: name(probe.source),
            destination: name(probe.destination),
            protocol: probe.protocol.to_owned(),
            port: probe.port,
        }
    }

    pub(crate) fn show(&self, probe: &Probe) -> String {
        let labels = |at: usize| self.ends[at].pod.as_ref().map(|pod| format!("{:?}", pod.labels)).unwrap_or_default();
        format!("{} ({} to {})", self.question(probe), labels(probe.source), labels(probe.destination))
    }
}
