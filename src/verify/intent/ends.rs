//! Who a peer is, in one cluster.

use smallvec::{SmallVec, smallvec};

use crate::ir::{Cluster, Held, Namespace, Peer, PeerKind, Peers, Policy};
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::{Labels, Values, Word};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::{PortSet, Protocol};

use super::sets::{Reading, Sets};

/// Any of the boxes.
pub(in crate::verify) type Ends = SmallVec<[EndBox; 1]>;

/// Which end of a flow a peer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Source,
    Destination,
}

/// The label of a workload without `select`, where neither its namespace nor the cluster says another.
const WORKLOAD_LABEL: &str = "app";

/// Reads peers for one cluster.
#[derive(Debug)]
pub(in crate::verify) struct Reader<'a> {
    pub(in crate::verify) cluster: &'a Cluster,
    policy: &'a Policy,
    /// The label that names each namespace the cluster holds, in the policy's order; none for those it does not hold.
    namespaces: Vec<Option<Labels>>,
    sets: Sets,
    /// The addresses that pods may have.
    pods: AddressSet,
}

impl<'a> Reader<'a> {
    pub(in crate::verify) fn new(policy: &'a Policy, cluster: &'a Cluster) -> Self {
        let called = |(name, namespace): (&Word, &Namespace)| {
            namespace.clusters.contains(&cluster.name).then(|| PodBox::namespace_called(name.clone()))
        };
        let held = policy.namespaces.iter().map(called);
        let stated = cluster.pods.addresses();
        let pods = if stated.is_empty() { AddressSet::all() } else { stated };
        Reader { cluster, policy, namespaces: held.collect(), sets: Sets::new(cluster), pods }
    }

    /// The pods that are meant, as those who are isolated.
    pub(in crate::verify) fn pods(&self, peers: &Peers) -> Ends {
        let all: Ends = peers.list.iter().flat_map(|peer| self.peer(peer, Reading::Wide, Role::Source)).collect();
        self.subjects(&self.without(all, &peers.except, Role::Source))
    }

    /// Everyone a peer means, less what its list leaves out.
    pub(super) fn peer(&self, peer: &Peer, reading: Reading, role: Role) -> Ends {
        let mut ends = self.kind(&peer.kind, reading, role);
        ends.retain(|end| !end.is_empty());
        self.without(ends, &peer.except, role)
    }

    /// Ends less what an `except` takes out.
    pub(super) fn without(&self, ends: Ends, except: &[Peer], role: Role) -> Ends {
        let cut = except.iter().flat_map(|peer| self.peer(peer, Reading::Wide, role));
        cut.fold(ends, |rest, cut| rest.iter().flat_map(|end| end.difference(&cut)).collect())
    }

    fn kind(&self, kind: &PeerKind, reading: Reading, role: Role) -> Ends {
        match kind {
            PeerKind::Workload { namespace, name, selector } => {
                let own = || Labels::equal(self.cluster.workload_label.as_deref().unwrap_or(WORKLOAD_LABEL), name.clone());
                self.pods_of(namespace, selector.clone().unwrap_or_else(own))
            }
            PeerKind::Pods { namespace, pods } => self.pods_of(namespace, pods.clone()),
            PeerKind::PodsOf { namespaces, pods } => {
                smallvec![EndBox::pods(PodBox { namespace: self.here(namespaces), pod: pods.clone(), account: Values::any().into() })]
            }
            PeerKind::ServiceAccount { namespace, name } => {
                let account = Values::one_of([name.clone()]);
                let namespace = self.namespace(namespace);
                namespace
                    .into_iter()
                    .map(|namespace| EndBox::pods(PodBox { namespace, pod: Labels::any(), account: account.clone().into() }))
                    .collect()
            }
            PeerKind::Addresses(address) => self.holders(self.sets.of(address, reading)),
            PeerKind::Anywhere => EndBox::everyone().into_iter().collect(),
            PeerKind::Nodes => self.holders(self.cluster.nodes.addresses()),
            PeerKind::Ingress => {
                let controller = self.cluster.ingress.iter();
                controller.flat_map(|controller| self.pods_of(&controller.namespace, controller.pods.clone())).collect()
            }
            PeerKind::Dns => self.name_servers(),
            PeerKind::ApiServer => self.api_server(reading, role),
        }
    }

    /// A condition on namespaces; of those that it lists by name, the ones that the cluster holds.
    fn here(&self, namespaces: &Labels) -> Labels {
        let listed = namespaces.get(NAMESPACE_NAME).and_then(Values::list).unwrap_or_default();
        let elsewhere: Vec<Word> = listed.iter().filter(|name| self.namespace(name).is_none()).cloned().collect();
        if elsewhere.is_empty() { namespaces.clone() } else { namespaces.clone().and(NAMESPACE_NAME, Values::none_of(elsewhere)) }
    }

    fn namespace(&self, name: &str) -> Option<Labels> {
        match self.policy.namespaces.get_index_of(name) {
            Some(at) => self.namespaces.get(at)?.clone(),
            None => Some(PodBox::namespace_called(name)),
        }
    }

    fn pods_of(&self, namespace: &str, pod: Labels) -> Ends {
        let namespace = self.namespace(namespace);
        namespace.into_iter().map(|namespace| EndBox::pods(PodBox { namespace, pod: pod.clone(), account: Values::any().into() })).collect()
    }

    /// Whoever holds the addresses: nobody's pods where those are known to have others.
    fn holders(&self, addresses: AddressSet) -> Ends {
        EndBox::holders(addresses).into_iter().filter(|end| !end.is_empty()).collect()
    }

    /// The servers' pods, and their addresses on nodes.
    pub(super) fn name_servers(&self) -> Ends {
        let dns = &self.cluster.dns;
        let pods = dns.pods.iter().flat_map(|(namespace, labels)| self.pods_of(namespace, labels.clone()));
        pods.chain(self.holders(dns.addresses.clone())).collect()
    }

    /// Where it listens; as a source, where its own connections come from, if that is stated.
    fn api_server(&self, reading: Reading, role: Role) -> Ends {
        let Some(server) = &self.cluster.apiserver else { return smallvec![] };
        match &server.from {
            Some(from) if role == Role::Source && from.kind != PeerKind::ApiServer => self.peer(from, reading, role),
            _ => {
                let addresses = server.endpoints.iter().map(|(address, _)| AddressSet::network(*address));
                self.holders(addresses.fold(AddressSet::none(), |all, one| all.union(&one)))
            }
        }
    }

    /// The ends and ports that `dns` and `apiserver` mean where no port is written.
    pub(super) fn as_the_cluster_says(&self, kind: &PeerKind) -> Vec<(Ends, PortSet)> {
        match kind {
            PeerKind::Dns => vec![(self.name_servers(), self.cluster.dns.ports.clone())],
            PeerKind::ApiServer => {
                let endpoints = self.cluster.apiserver.iter().flat_map(|server| &server.endpoints);
                endpoints
                    .map(|(address, port)| (self.holders(AddressSet::network(*address)), PortSet::range(Protocol::Tcp, *port, *port)))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The pods among ends whose side an allow opens. Where they are chosen by labels of namespaces and
    /// only NetworkPolicy enforces, which cannot ask for them, a namespace that the policy knows and of
    /// which it does not state such a label stays closed (docs/src/reference/decisions.md).
    pub(super) fn opened<'e>(&self, ends: impl IntoIterator<Item = &'e EndBox>) -> Ends {
        let mut subjects = self.subjects(ends);
        for subject in subjects.iter_mut().filter(|_| self.cluster.calico.is_none()) {
            if let EndBox::Pods { pods, .. } = subject
                && pods.namespace.iter().any(|(key, _)| key != NAMESPACE_NAME)
            {
                let unsettled = Values::none_of(self.unsettled(&pods.namespace));
                pods.namespace = pods.namespace.clone().and(NAMESPACE_NAME, unsettled);
            }
        }
        subjects
    }

    /// The namespaces of which it is not known whether their labels satisfy a condition.
    fn unsettled(&self, condition: &Labels) -> Vec<&'a str> {
        let is_unsettled = |namespace: &Namespace| {
            let labels: Vec<(&str, &Values)> = condition.iter().filter(|(key, _)| *key != NAMESPACE_NAME).collect();
            let stated = |key: &str| namespace.labels.get(key).map(String::as_str);
            let contradicted = labels.iter().any(|(key, values)| stated(key).is_some_and(|value| !values.admits(Some(value))));
            !contradicted && labels.iter().any(|(key, _)| stated(key).is_none())
        };
        let known = self.policy.namespaces.iter().filter(|(_, namespace)| namespace.held != Held::External && is_unsettled(namespace));
        known.map(|(name, _)| name.as_str()).collect()
    }

    /// The pods among ends, as those whose side it is: of any address, unless some pods may have
    /// one that is meant and others not.
    pub(super) fn subjects<'e>(&self, ends: impl IntoIterator<Item = &'e EndBox>) -> Ends {
        let subject = |end: &EndBox| match end {
            EndBox::Outside(_) => None,
            EndBox::Pods { addresses, .. } if self.pods.is_disjoint(addresses) => None,
            EndBox::Pods { pods, addresses } if self.pods.is_subset(addresses) => Some(EndBox::pods(pods.clone())),
            EndBox::Pods { .. } => Some(end.clone()),
        };
        ends.into_iter().filter_map(subject).collect()
    }
}
