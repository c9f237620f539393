//! The pods and addresses that policies are judged on.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::random::Random;

pub(crate) struct World {
    /// The families of addresses, 4 and 6, that pods have.
    families: &'static [u8],
    pub(crate) namespaces: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
    pub(crate) ends: Vec<End>,
}

/// A pod, or an address outside.
pub(crate) struct End {
    pub(crate) pod: Option<Pod>,
    /// A pod's of each family that the world has; else one.
    pub(crate) addresses: Vec<IpAddr>,
}

impl End {
    /// Its address in a connection of a family.
    pub(crate) fn address(&self, family: u8) -> Option<IpAddr> {
        self.addresses.iter().copied().find(|address| address.is_ipv4() == (family == 4))
    }
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
    /// 0 for a ping.
    pub(crate) port: u16,
    /// The family of its two addresses.
    pub(crate) family: u8,
}

const PORTS: [(&str, u16); 7] = [("TCP", 80), ("TCP", 443), ("UDP", 53), ("UDP", 80), ("TCP", 53), ("SCTP", 80), ("TCP", 9999)];

impl World {
    /// Three namespaces with pods of every combination of labels, the name servers, and
    /// addresses outside: public, private, metadata.
    pub(crate) fn new() -> Self {
        Self::of(&[4])
    }

    /// The same with addresses of some families.
    pub(crate) fn of(families: &'static [u8]) -> Self {
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
            let v4 = families.contains(&4).then(|| IpAddr::from([10, 244, 0, number]));
            let v6 = families.contains(&6).then(|| IpAddr::from(Ipv6Addr::new(0xfd00, 0x10, 0x244, 0, 0, 0, 0, number.into())));
            ends.push(End { pod: Some(pod), addresses: v4.into_iter().chain(v6).collect() });
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
            ends.push(End { pod: None, addresses: vec![IpAddr::from(Ipv4Addr::from(address))] });
        }
        for text in ["2001:db8:1::7", "2001:db8:1::200", "2600::9", "fd20::5", "fd00:ec2::254"] {
            ends.push(End { pod: None, addresses: vec![text.parse().expect("an address")] });
        }
        let has_family = |end: &End| families.iter().any(|family| end.address(*family).is_some());
        ends.retain(has_family);
        World { families, namespaces, ends }
    }

    /// The world without what is in other namespaces.
    pub(crate) fn only(mut self, there: impl Fn(&str) -> bool) -> Self {
        self.namespaces.retain(|name, _| there(name));
        self.ends.retain(|end| end.pod.as_ref().is_none_or(|pod| there(pod.namespace)));
        self
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
                "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {}, namespace: {}, labels: {{{}}}}}\nspec: {{serviceAccountName: {}, containers: [{{name: c, image: c}}]}}\nstatus: {{podIP: '{}', podIPs: [{}]}}",
                pod.name,
                pod.namespace,
                labels.join(", "),
                pod.account,
                end.addresses[0],
                end.addresses.iter().map(|address| format!("{{ip: '{address}'}}")).collect::<Vec<_>>().join(", ")
            );
        }
        yaml
    }

    /// Random connections, at least one end of each a pod, and never a pod to itself; pings among them where those are asked about.
    pub(crate) fn probes(&self, random: &mut Random, count: usize, pings: bool) -> Vec<Probe> {
        let mut probes = Vec::with_capacity(count);
        while probes.len() < count {
            let (source, destination) = (random.below(self.ends.len()), random.below(self.ends.len()));
            if self.is_asked(source, destination) {
                let (protocol, port) = if pings && random.one_in(6) { ("ICMP", 0) } else { random.pick(&PORTS) };
                let families = self.shared(source, destination);
                let family = if let [only] = families[..] { only } else { random.pick(&families) };
                probes.push(Probe { source, destination, protocol, port, family });
            }
        }
        probes
    }

    /// Whether the two are different, one of them is a pod, and an address of one could reach one of the other.
    fn is_asked(&self, source: usize, destination: usize) -> bool {
        let outside = self.ends[source].pod.is_none() && self.ends[destination].pod.is_none();
        source != destination && !outside && !self.shared(source, destination).is_empty()
    }

    fn shared(&self, source: usize, destination: usize) -> Vec<u8> {
        let has = |at: usize, family: u8| self.ends[at].address(family).is_some();
        self.families.iter().copied().filter(|family| has(source, *family) && has(destination, *family)).collect()
    }

    /// Every connection between two different ends, one of them a pod, on the ports that policies here speak of.
    pub(crate) fn all_probes(&self) -> Vec<Probe> {
        let mut probes = Vec::new();
        for (source, destination) in (0..self.ends.len()).flat_map(|source| (0..self.ends.len()).map(move |to| (source, to))) {
            if self.is_asked(source, destination) {
                for family in self.shared(source, destination) {
                    probes.extend(PORTS.map(|(protocol, port)| Probe { source, destination, protocol, port, family }));
                }
            }
        }
        probes
    }

    /// The probe in the judges' words.
    pub(crate) fn question(&self, probe: &Probe) -> crate::judges::Probe {
        let name = |at: usize| {
            let end = &self.ends[at];
            let address = || end.addresses.first().map(ToString::to_string).unwrap_or_default();
            end.pod.as_ref().map_or_else(address, |pod| format!("{}/{}", pod.namespace, pod.name))
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
        format!("{} by IPv{} ({} to {})", self.question(probe), probe.family, labels(probe.source), labels(probe.destination))
    }
}
