//! A world with its questions, and what polc and the judges answer.

use polc::query::{Model, Verdict};
use polc::{Files, Options, SourceFile};
use serde_json::{Value, json};
use std::net::IpAddr;

use super::cluster::{Cluster, Family};
use super::text;
use crate::judges::{self, Network, Probe};
use crate::meaning::random::Random;

/// Manifests, and connections that are asked about.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) family: Family,
    pub(crate) objects: Vec<Value>,
    pub(crate) probes: Vec<Probe>,
}

/// Answers in the order of the questions; or why there are none.
pub(crate) type Answers = Result<Vec<Verdict>, String>;

impl World {
    pub(crate) fn yaml(&self) -> String {
        text::stream(&self.objects)
    }
}

/// Connections between different ends, one of them a pod; both ways, and some of those asked about on several ports.
pub(crate) fn probes(random: &mut Random, cluster: &Cluster, ports: &[(&'static str, u16)], count: usize) -> Vec<Probe> {
    let outside = cluster.outside.iter().map(ToString::to_string);
    let ends: Vec<String> = cluster.pods.iter().cloned().chain(outside).collect();
    let mut probes = Vec::with_capacity(count);
    while probes.len() < count {
        let (source, destination) = (random.below(ends.len()), random.below(ends.len()));
        if source != destination && (source < cluster.pods.len() || destination < cluster.pods.len()) {
            let (protocol, port) = random.pick(ports);
            probes.push(Probe {
                source: ends[source].clone(),
                destination: ends[destination].clone(),
                protocol: protocol.to_owned(),
                port,
            });
        }
    }
    probes
}

/// What polc answers when it is given the manifests alone.
pub(crate) fn polc(world: &World) -> Answers {
    let manifests = vec![SourceFile { name: "world.yaml".into(), text: world.yaml() }];
    let model = Model::new(Files { manifests, ..Files::default() }, &Options::default()).map_err(|wrong| wrong.headline)?;
    let mut errors = model.compilation().diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    if let Some(error) = errors.next() {
        return Err(format!("{}: {:?}", error.headline, error.primary));
    }
    let mut batch = model.batch();
    let mut answer = |probe: &Probe| match batch.answer(&question(probe)) {
        // All of ICMP was asked about, and a judge says what becomes of a ping.
        Ok(Verdict::Partly) if probe.port == 0 => Ok(Verdict::Unknown),
        Ok(verdict) => Ok(verdict),
        Err(wrong) => Err(format!("{probe}: {}", wrong.headline)),
    };
    world.probes.iter().map(&mut answer).collect()
}

/// A probe in the words of `polc query`.
pub(crate) fn question(probe: &Probe) -> String {
    let protocol = probe.protocol.to_ascii_lowercase();
    let port = if probe.port == 0 { protocol } else { format!("{}/{protocol}", probe.port) };
    format!("{} -> {} {port}", probe.source, probe.destination)
}

/// Cyclonus' answers.
pub(crate) fn cyclonus(worlds: &[World]) -> Vec<Answers> {
    judges::reach_or_why(&networks(worlds)).into_iter().map(|found| found.map(|all| all.into_iter().map(verdict).collect())).collect()
}

/// network-config-analyzer's answers.
pub(crate) fn analyzer(worlds: &[World]) -> Vec<Answers> {
    judges::nca_or_why(&networks(worlds)).into_iter().map(|found| found.map(|all| all.into_iter().map(verdict).collect())).collect()
}

fn networks(worlds: &[World]) -> Vec<Network> {
    worlds.iter().map(|world| Network { manifests: world.yaml(), probes: world.probes.clone() }).collect()
}

/// calico-tiers' answers. Between pods of both families it is asked for each.
pub(crate) fn tiers(worlds: &[World]) -> Vec<Answers> {
    let requests: Vec<(String, Vec<Value>)> =
        worlds.iter().map(|world| (world.yaml(), world.by_family().into_iter().map(request).collect())).collect();
    let answers = judges::calico_tiers(&requests).into_iter();
    worlds.iter().zip(answers).map(|(world, found)| found.map(|found| world.together(&found))).collect()
}

impl World {
    /// Each probe, once for each family that its ends have.
    fn by_family(&self) -> Vec<(&Probe, u8)> {
        self.probes.iter().flat_map(|probe| self.families(probe).iter().map(move |family| (probe, *family))).collect()
    }

    fn families(&self, probe: &Probe) -> &'static [u8] {
        let outside = [&probe.source, &probe.destination].into_iter().find_map(|end| end.parse::<IpAddr>().ok());
        match (self.family, outside) {
            (Family::Four, _) | (_, Some(IpAddr::V4(_))) => &[4],
            (Family::Six, _) | (_, Some(IpAddr::V6(_))) => &[6],
            (Family::Both, None) => &[4, 6],
        }
    }

    /// One answer a probe.
    fn together(&self, found: &[bool]) -> Vec<Verdict> {
        let mut found = found.iter();
        let mut one = |probe: &Probe| {
            let own: Vec<bool> = found.by_ref().take(self.families(probe).len()).copied().collect();
            if own.windows(2).all(|pair| pair[0] == pair[1]) { verdict(own[0]) } else { Verdict::Partly }
        };
        self.probes.iter().map(&mut one).collect()
    }
}

fn verdict(passes: bool) -> Verdict {
    if passes { Verdict::Allowed } else { Verdict::Denied }
}

/// In calico-tiers' words. A ping is the ICMP that is asked about.
fn request((probe, family): (&Probe, u8)) -> Value {
    let mut request = json!({ "source": probe.source, "destination": probe.destination, "protocol": probe.protocol, "ipVersion": family });
    if probe.port != 0 {
        request["port"] = probe.port.into();
    } else if family == 6 {
        request["protocol"] = "ICMPv6".into();
        request["icmpType"] = 128.into();
        request["icmpCode"] = 0.into();
    } else {
        request["icmpType"] = 8.into();
        request["icmpCode"] = 0.into();
    }
    request
}
