//! From what a question names to ends.

use std::rc::Rc;

use smol_str::{SmolStr, format_smolstr};

use super::Wrong;
use super::controller::Leads;
use super::known::{Known, Workload};
use super::model::Cluster;
use crate::diagnostic::suggest;
use crate::resolve::question::{self, Asked, Port, Who};
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Values;
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::PortSet;
use crate::syntax::tree::Builtin;
use crate::verify::query::Ends;

/// Ends that an answer speaks of together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// As answers call them.
    pub(super) name: SmolStr,
    pub(super) ends: Ends,
    /// The workload they are, by namespace and name.
    pub(super) workload: Option<(SmolStr, SmolStr)>,
    /// Their namespace, where they are all of one.
    pub(super) home: Option<SmolStr>,
    /// Whether they are one of several that a wider word stands for.
    pub(super) listed: bool,
    /// The only ports that they connect to, where not every one is.
    pub(super) leads: Option<Rc<Leads>>,
}

/// How the pods are called that have no name of their own, among those of a wider word.
pub(super) const OTHER: &str = "other ";

impl Cluster<'_> {
    /// The ends that a side of a question means.
    pub(super) fn groups(&self, asked: &question::Ends) -> Result<Vec<Group>, Wrong> {
        let mut found = Vec::new();
        for one in &asked.list {
            found.extend(self.group(one)?);
        }
        let mut cut = Vec::new();
        for one in &asked.except {
            cut.extend(self.group(one)?.into_iter().flat_map(|group| group.ends.boxes));
        }
        let less = |group: Group| {
            let boxes = cut.iter().fold(group.ends.boxes, |rest, cut| rest.iter().flat_map(|end| end.difference(cut)).collect());
            Group { ends: Ends { boxes, ..group.ends }, ..group }
        };
        let mut rest: Vec<Group> = found.into_iter().map(less).filter(|group| !group.ends.boxes.is_empty()).collect();
        rest.sort_by(|a, b| a.name.cmp(&b.name));
        rest.dedup();
        if rest.is_empty() { Err(Wrong::new("the question leaves nobody to ask about")) } else { Ok(rest) }
    }

    fn group(&self, asked: &Asked) -> Result<Vec<Group>, Wrong> {
        let alone = |boxes: Vec<EndBox>| {
            let ends = Ends { boxes, ports: None };
            vec![Group { name: asked.text.clone(), ends, workload: None, home: None, listed: false, leads: None }]
        };
        Ok(match &asked.who {
            Who::Named { namespace, name } => return self.named(namespace.as_ref(), name),
            Who::Pods { namespace, pods } => {
                if let Some(name) = namespace {
                    self.known_namespace(name)?;
                }
                self.pods(&asked.text, &self.known.at_home(pods))
            }
            Who::Account { namespace, name } => alone(vec![self.pods_end(self.account(namespace.as_ref(), name)?)]),
            Who::Addresses(addresses) => alone(vec![self.outside(addresses)?]),
            Who::Builtin(Builtin::Anywhere) => self.everyone().to_vec(),
            Who::Builtin(Builtin::Ingress) => match (self.word(Builtin::Ingress), self.controller()) {
                (Ok(ends), _) => alone(ends),
                (Err(_), Some(unknown)) => vec![unknown],
                (Err(wrong), None) => return Err(wrong),
            },
            Who::Builtin(builtin) => alone(self.word(*builtin)?),
        })
    }

    fn named(&self, namespace: Option<&SmolStr>, name: &SmolStr) -> Result<Vec<Group>, Wrong> {
        let home = match namespace {
            Some(namespace) => namespace,
            None => self.only_home(name)?,
        };
        let key = (home.clone(), name.clone());
        let Some(workload) = self.known.workloads.get(&key) else {
            self.known_namespace(home)?;
            return Err(no_workload(home, name, &self.known));
        };
        let ends = if workload.host_network { self.on_nodes(workload)? } else { self.ends(workload, workload.all(&self.keys)) };
        Ok(vec![Group {
            name: format_smolstr!("{home}/{name}"),
            ends,
            home: Some(home.clone()),
            workload: Some(key),
            listed: false,
            leads: None,
        }])
    }

    /// The namespace of a name that is written without one.
    fn only_home(&self, name: &SmolStr) -> Result<&SmolStr, Wrong> {
        match self.known.homes.get(name).map(Vec::as_slice) {
            Some([only]) => Ok(only),
            Some(several) => {
                let all: Vec<String> = several.iter().map(|home| format!("`{home}/{name}`")).collect();
                Err(Wrong::new(format!("there are several workloads `{name}`")).help(format!("say which: {}", all.join(", "))))
            }
            None => {
                let wrong = Wrong::new(format!("there is no workload `{name}`"));
                let near = suggest::nearest(name, self.known.homes.keys().map(SmolStr::as_str));
                let near =
                    near.first().and_then(|near| self.known.homes.get(*near).and_then(|homes| homes.first()).map(|home| (home, near)));
                Err(match near {
                    Some((home, near)) => wrong.help(format!("did you mean `{home}/{near}`?")),
                    None => wrong.help("write a workload with its namespace: `payments/api`"),
                })
            }
        }
    }

    fn known_namespace(&self, name: &SmolStr) -> Result<(), Wrong> {
        if self.known.namespaces.contains_key(name) {
            return Ok(());
        }
        let near = suggest::nearest(name, self.known.namespaces.keys().map(SmolStr::as_str));
        let wrong = Wrong::new(format!("there is no namespace `{name}`"));
        Err(match near.first() {
            Some(near) => wrong.help(format!("did you mean `{near}`?")),
            None => wrong.help(format!(
                "a namespace that is still to come is asked about by its labels: `namespaces({NAMESPACE_NAME}={name})/pods`"
            )),
        })
    }

    /// Pods by labels: the workloads among them and, unless those are all, a pod with just these labels.
    fn pods(&self, text: &SmolStr, pods: &PodBox) -> Vec<Group> {
        if pods.namespace_name().is_none() {
            return self.pods_of_all(text, pods);
        }
        let known: Vec<(SmolStr, &Workload)> = self.known.among(pods).filter(|(_, workload)| !workload.host_network).collect();
        if known.is_empty() {
            let ends = Ends { boxes: vec![self.pods_end(pods.clone())], ports: None };
            let home = pods.namespace_name().map(SmolStr::from);
            return vec![Group { name: text.clone(), ends, workload: None, home, listed: false, leads: None }];
        }
        let other = self.keys.plain(pods);
        let is_one = known.iter().any(|(_, workload)| other.is_subset(&workload.pods));
        let mut all: Vec<Group> = known.into_iter().map(|(name, workload)| self.listed(name, workload)).collect();
        if !is_one {
            let home = pods.namespace_name().map(SmolStr::from);
            let ends = Ends { boxes: vec![self.pods_end(other)], ports: None };
            all.push(Group { name: format_smolstr!("{OTHER}{text}"), ends, workload: None, home, listed: true, leads: None });
        }
        all
    }

    /// Pods of several namespaces: everyone among them.
    fn pods_of_all(&self, text: &SmolStr, pods: &PodBox) -> Vec<Group> {
        let asked = EndBox::pods(pods.clone());
        let among = |group: &Group| group.ends.boxes.iter().all(|end| end.is_subset(&asked));
        let all: Vec<Group> = self.everyone().iter().filter(|group| among(group)).cloned().collect();
        if !all.is_empty() {
            return all;
        }
        let ends = Ends { boxes: vec![self.pods_end(pods.clone())], ports: None };
        vec![Group { name: text.clone(), ends, workload: None, home: None, listed: false, leads: None }]
    }

    pub(super) fn listed(&self, name: SmolStr, workload: &Workload) -> Group {
        let key: Option<(SmolStr, SmolStr)> = name.split_once('/').map(|(namespace, name)| (namespace.into(), name.into()));
        let home = key.as_ref().map(|(namespace, _)| namespace.clone());
        Group { ends: self.ends(workload, self.keys.plain(&workload.pods)), name, workload: key, home, listed: true, leads: None }
    }

    fn ends(&self, workload: &Workload, pods: PodBox) -> Ends {
        let addresses = workload.addresses.clone().unwrap_or_else(|| self.pod_addresses.clone());
        Ends { boxes: vec![EndBox::Pods { pods, addresses }], ports: workload.ports.clone() }
    }

    /// Pods in the host network: a policy sees them as their nodes; any address where nothing says which those have.
    fn on_nodes(&self, workload: &Workload) -> Result<Ends, Wrong> {
        let stated = self.model.cluster.nodes.addresses();
        let nodes = if stated.is_empty() { AddressSet::all() } else { stated };
        let boxes = vec![self.outside(workload.addresses.as_ref().unwrap_or(&nodes))?];
        Ok(Ends { boxes, ports: workload.ports.clone() })
    }

    /// Pods with the addresses that they may have.
    pub(super) fn pods_end(&self, pods: PodBox) -> EndBox {
        EndBox::Pods { pods, addresses: self.pod_addresses.clone() }
    }

    /// Addresses that are no pod's.
    fn outside(&self, addresses: &AddressSet) -> Result<EndBox, Wrong> {
        let outside = addresses.difference(&self.stated_pod_addresses());
        if outside.is_empty() {
            return Err(Wrong::new("these addresses are those of the cluster's own pods")
                .help("ask about the pods: `payments/api`, `payments/pods(app=api)`"));
        }
        Ok(EndBox::Outside(outside))
    }

    fn account(&self, namespace: Option<&SmolStr>, name: &SmolStr) -> Result<PodBox, Wrong> {
        let Some(namespace) = namespace else {
            return Err(
                Wrong::new(format!("`serviceaccount {name}` needs its namespace")).help(format!("write `serviceaccount NAMESPACE/{name}`"))
            );
        };
        self.known_namespace(namespace)?;
        Ok(PodBox { namespace: self.known.labels_of(namespace), account: Values::one_of([name.clone()]).into(), ..PodBox::default() })
    }

    /// The ports that a question names, of one destination; none: the question is which.
    pub(super) fn ports(&self, ports: &[Port], destination: &Group) -> Result<Option<PortSet>, Wrong> {
        if ports.is_empty() {
            return Ok(None);
        }
        let mut all = PortSet::none();
        for port in ports {
            let one = match port {
                Port::These(these) => these.clone(),
                Port::Named(name) => self.named_port(name, destination)?,
                Port::Tls => self.tls(destination)?,
            };
            all = all.union(&one);
        }
        Ok(Some(all))
    }

    fn named_port(&self, name: &SmolStr, destination: &Group) -> Result<PortSet, Wrong> {
        let known = destination.ends.ports.as_deref().unwrap_or_default();
        let own = known.iter().filter(|port| port.name == *name);
        let ports = own.fold(PortSet::none(), |all, port| all.union(&PortSet::range(port.protocol, port.number, port.number)));
        if !ports.is_empty() || destination.listed {
            return Ok(ports);
        }
        let wrong = Wrong::new(format!("`{}` has no port `{name}`", destination.name));
        let near = suggest::nearest(name, known.iter().map(|port| port.name.as_str()));
        Err(match near.first() {
            Some(near) => wrong.help(format!("did you mean `{near}`?")),
            None => wrong.help("write the port's number"),
        })
    }

    fn tls(&self, destination: &Group) -> Result<PortSet, Wrong> {
        let workload = destination.workload.as_ref().and_then(|key| self.known.workloads.get(key));
        match workload.map(|workload| &workload.tls).filter(|ports| !ports.is_empty()) {
            Some(ports) => Ok(ports.clone()),
            None if destination.listed => Ok(PortSet::none()),
            None => Err(Wrong::new(format!("`{}` declares no port as TLS", destination.name)).help("write the port's number: `443`")),
        }
    }
}

fn no_workload(namespace: &str, name: &str, known: &Known) -> Wrong {
    let own: Vec<&str> = known.workloads.keys().filter(|(home, _)| home == namespace).map(|(_, name)| name.as_str()).collect();
    let wrong = Wrong::new(format!("there is no workload `{name}` in namespace `{namespace}`"));
    match suggest::nearest(name, own.iter().copied()).first() {
        Some(near) => wrong.help(format!("did you mean `{namespace}/{near}`?")),
        None => wrong.help(format!("a pod that does not exist is asked about by its labels: `{namespace}/pods(app={name})`")),
    }
}
