//! Who can be asked about: the workloads and namespaces that the policy or the manifests know, and
//! the words of the language in one cluster.

use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::{SmolStr, format_smolstr};

use crate::ir::{self, PeerKind};
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::PodBox;
use crate::semantics::ports::{PortSet, Protocol};
use crate::verify::inventory::{self, Inventory};
use crate::verify::query::{Keys, PortName};

/// The label of a workload without `select`, where neither its namespace nor the cluster says another.
const WORKLOAD_LABEL: &str = "app";

/// A namespace or a workload's name in it.
type Key = (SmolStr, SmolStr);

/// Everyone who has a name, in one cluster.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By namespace and name.
    pub(super) workloads: BTreeMap<Key, Workload>,
    /// By name.
    pub(super) namespaces: BTreeMap<SmolStr, Namespace>,
    /// Workloads of the same name in several namespaces, for questions that name none.
    pub(super) homes: BTreeMap<SmolStr, Vec<SmolStr>>,
}

/// A namespace.
#[derive(Debug, Clone)]
pub(super) struct Namespace {
    /// Its labels, its name among them.
    pub(super) labels: Labels,
    /// Whether it has no others.
    pub(super) whole: bool,
}

/// Pods that are called by one name.
#[derive(Debug, Clone)]
pub(super) struct Workload {
    /// Which pods.
    pub(super) pods: PodBox,
    /// Whether `pods` says all labels they have: they are known from a manifest.
    pub(super) whole: bool,
    /// Its pods' addresses, or those of their nodes in the host network, where they are known.
    pub(super) addresses: Option<AddressSet>,
    /// Its ports with names; none: its ports are not known.
    pub(super) ports: Option<Rc<[PortName]>>,
    /// Its ports on which TLS is spoken.
    pub(super) tls: PortSet,
    /// Whether its pods are in the host network, where no policy reaches them.
    pub(super) host_network: bool,
}

impl Known {
    /// Those the policy knows in a cluster.
    pub(super) fn of_policy(policy: &ir::Policy, cluster: &ir::Cluster) -> Self {
        let mut known = Known::default();
        let here = policy.namespaces.values().filter(|namespace| namespace.clusters.contains(&cluster.name));
        for namespace in here {
            known.add_namespace(namespace, cluster);
        }
        known.add_undeclared(policy, cluster);
        known
    }

    /// Adds those that manifests hold. What they say of a namespace's labels and a workload's pods is more
    /// than the policy says.
    pub(super) fn add_inventory(&mut self, inventory: &Inventory) {
        for (name, namespace) in &inventory.namespaces {
            let labels = namespace
                .labels
                .iter()
                .fold(self.labels_of(name), |all, (key, value)| all.and(key.clone(), Values::one_of([value.clone()])));
            // A label that the policy and a manifest disagree about is the policy's: it is written last.
            let labels = if labels.is_empty() { self.labels_of(name) } else { labels };
            let whole = namespace.declared || self.namespaces.get(name).is_some_and(|known| known.whole);
            self.namespaces.insert(name.clone(), Namespace { labels, whole });
        }
        for found in &inventory.workloads {
            self.add_found(found);
        }
    }

    fn add_found(&mut self, found: &inventory::Workload) {
        let pod = found.labels.iter().fold(Labels::any(), |all, (key, value)| all.and(key.clone(), Values::one_of([value.clone()])));
        let single =
            |port: &inventory::ContainerPort| Some(PortName { name: port.name.clone()?, protocol: port.protocol, number: port.number });
        let own = if found.host_network { &found.hosts } else { &found.addresses };
        let addresses = own.iter().map(|address| AddressSet::network((*address).into()));
        let addresses = addresses.reduce(|all, one| all.union(&one));
        let pods = PodBox { namespace: self.labels_of(&found.namespace), pod, account: Values::one_of([found.account.clone()]).into() };
        let key = (found.namespace.clone(), found.name.clone());
        let declared = self.workloads.get(&key);
        let tls = declared.map(|declared| declared.tls.clone()).unwrap_or_default();
        let own: Vec<PortName> = found.ports.iter().filter_map(single).collect();
        let further = declared.and_then(|declared| declared.ports.clone()).into_iter().flat_map(|ports| ports.to_vec());
        let further: Vec<PortName> = further.filter(|port| own.iter().all(|own| own.name != port.name)).collect();
        let ports = Some(own.into_iter().chain(further).collect());
        let workload = Workload { pods, whole: true, addresses, ports, tls, host_network: found.host_network };
        self.insert(key.0, key.1, workload);
    }

    fn add_namespace(&mut self, namespace: &ir::Namespace, cluster: &ir::Cluster) {
        let name = SmolStr::from(namespace.name.as_str());
        let labels = namespace.labels.iter().fold(PodBox::namespace_called(name.clone()), |labels, (key, value)| {
            labels.and(key.as_str(), Values::one_of([value.as_str()]))
        });
        let whole = namespace.held == ir::Held::Ours || !namespace.labels.is_empty();
        self.namespaces.insert(name.clone(), Namespace { labels, whole });
        for (own, workload) in &namespace.workloads {
            let selector = workload.selector.clone().unwrap_or_else(|| by_label(cluster, own));
            let account = workload.service_account.clone().map_or(Values::any(), |account| Values::one_of([account]));
            self.add(name.clone(), own.clone(), selector, account, &workload.ports);
        }
    }

    /// Names that sentences use without a declaration.
    fn add_undeclared(&mut self, policy: &ir::Policy, cluster: &ir::Cluster) {
        for flow in policy.flows.iter().filter(|flow| flow.clusters.contains(&cluster.name)) {
            let ends = flow.sources.list.iter().chain(flow.destinations.iter().map(|destination| &destination.peer));
            for end in ends {
                let PeerKind::Workload { namespace, name, selector } = &end.kind else { continue };
                if !self.workloads.contains_key(&(namespace.clone(), name.clone())) {
                    let selector = selector.clone().unwrap_or_else(|| by_label(cluster, name));
                    self.add(namespace.clone(), name.clone(), selector, Values::any(), &[]);
                }
            }
        }
    }

    fn add(&mut self, namespace: SmolStr, name: SmolStr, pod: Labels, account: Values, ports: &[ir::WorkloadPort]) {
        let tls = ports.iter().filter(|port| port.tls).fold(PortSet::none(), |all, port| all.union(&port.ports));
        let pods = PodBox { namespace: self.labels_of(&namespace), pod, account: account.into() };
        let workload = Workload { pods, whole: false, addresses: None, ports: named(ports), tls, host_network: false };
        self.insert(namespace, name, workload);
    }

    /// Enters a workload.
    pub(super) fn insert(&mut self, namespace: SmolStr, name: SmolStr, workload: Workload) {
        let homes = self.homes.entry(name.clone()).or_default();
        if !homes.contains(&namespace) {
            homes.push(namespace.clone());
        }
        self.workloads.insert((namespace, name), workload);
    }

    /// Namespaces of which all labels are known have none of the others that rules look at.
    pub(super) fn close(&mut self, keys: &Keys) {
        for namespace in self.namespaces.values_mut().filter(|namespace| namespace.whole) {
            namespace.labels = keys.plain_namespace(&namespace.labels);
        }
        for ((home, _), workload) in &mut self.workloads {
            if let Some(namespace) = self.namespaces.get(home) {
                workload.pods.namespace = namespace.labels.clone();
            }
        }
    }

    /// What is known of a namespace's labels; its name at least.
    pub(super) fn labels_of(&self, namespace: &str) -> Labels {
        self.namespaces.get(namespace).map_or_else(|| PodBox::namespace_called(namespace), |namespace| namespace.labels.clone())
    }

    /// A box that speaks of one known namespace, with all that is known of its labels.
    pub(super) fn at_home(&self, pods: &PodBox) -> PodBox {
        let Some(name) = pods.namespace_name() else { return pods.clone() };
        PodBox { namespace: pods.namespace.intersection(&self.labels_of(name)), ..pods.clone() }
    }

    /// The known workloads that are among some pods, by name.
    pub(super) fn among<'k>(&'k self, pods: &'k PodBox) -> impl Iterator<Item = (SmolStr, &'k Workload)> {
        let home = pods.namespace_name();
        let of_home = home.map(|home| self.of_namespace(home)).into_iter().flatten();
        let everywhere = home.is_none().then(|| self.workloads.iter()).into_iter().flatten();
        of_home
            .chain(everywhere)
            .filter(move |(_, workload)| workload.pods.is_subset(pods))
            .map(|((namespace, name), workload)| (format_smolstr!("{namespace}/{name}"), workload))
    }

    /// The known workloads of a namespace.
    pub(super) fn of_namespace<'k>(&'k self, home: &'k str) -> impl Iterator<Item = (&'k Key, &'k Workload)> {
        self.workloads.range((SmolStr::from(home), SmolStr::default())..).take_while(move |((own, _), _)| own == home)
    }
}

impl Workload {
    /// Its pods: of a declared workload, all that its labels select; of a known one, those it has.
    pub(super) fn all(&self, keys: &Keys) -> PodBox {
        if self.whole { keys.plain(&self.pods) } else { self.pods.clone() }
    }
}

fn by_label(cluster: &ir::Cluster, name: &SmolStr) -> Labels {
    Labels::equal(cluster.workload_label.as_deref().unwrap_or(WORKLOAD_LABEL), name.clone())
}

/// The ports by name; a range has no number of its own and is left out.
fn named(ports: &[ir::WorkloadPort]) -> Option<Rc<[PortName]>> {
    let single = |port: &ir::WorkloadPort| {
        let name = port.name.clone()?;
        let mut all = Protocol::ALL.into_iter().flat_map(|protocol| port.ports.of(protocol).map(move |range| (protocol, range)));
        let (protocol, (low, high)) = all.next()?;
        (low == high && all.next().is_none()).then_some(PortName { name, protocol, number: low })
    };
    (!ports.is_empty()).then(|| ports.iter().filter_map(single).collect())
}
