//! An Ingress controller of which nothing says who it is: it may be any pod, and connects to what Ingress, Route and
//! HTTPRoute objects lead to, and to nothing else.

use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::SmolStr;

use super::Wrong;
use super::lookup::Group;
use super::model::Cluster;
use crate::resolve::question;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::PortSet;
use crate::syntax::tree::Builtin;
use crate::verify::query::{Ends, Passes};

/// Ports of workloads, by namespace and name.
pub(super) type Leads = BTreeMap<(SmolStr, SmolStr), PortSet>;

/// As answers call it.
const NAME: &str = "ingress (any pod)";

impl Cluster<'_> {
    /// The controller, where the policy does not say who it is and manifests lead it somewhere.
    pub(super) fn controller(&self) -> Option<Group> {
        let inventory = &self.model.world.as_ref()?.inventory;
        let mut leads = Leads::new();
        for reached in inventory.reached_by_ingress() {
            let key = (reached.workload.namespace.clone(), reached.workload.name.clone());
            let ports = leads.entry(key).or_insert_with(PortSet::none);
            *ports = ports.union(&PortSet::range(reached.protocol, reached.number, reached.number));
        }
        let ends = Ends { boxes: vec![self.pods_end(PodBox::default())], ports: None };
        let group = Group { name: NAME.into(), ends, workload: None, home: None, listed: false, leads: Some(Rc::new(leads)) };
        (!inventory.entries.is_empty()).then_some(group)
    }

    /// Those that a question is about as destinations: a controller of which nothing says who it is, is not among them.
    pub(super) fn destinations(&self, asked: &question::Ends) -> Result<Vec<Group>, Wrong> {
        let found = self.groups(asked)?;
        self.must_be_known(&found)?;
        Ok(found)
    }

    pub(super) fn must_be_known(&self, destinations: &[Group]) -> Result<(), Wrong> {
        if destinations.iter().all(|group| group.leads.is_none()) { Ok(()) } else { self.word(Builtin::Ingress).map(drop) }
    }
}

/// What passes between two of them, where the source is only led to some ports.
pub(super) fn led(passes: Passes, source: &Group, destination: &Group) -> Passes {
    let Some(leads) = &source.leads else { return passes };
    let led = destination.workload.as_ref().and_then(|key| leads.get(key)).cloned().unwrap_or_default();
    passes.on(&led)
}
