//! Looking for one connection that passes, or does not.

use crate::semantics::ends::EndBox;
use crate::semantics::labels::Word;
use crate::semantics::ports::PortSet;
use crate::semantics::traffic::{Part, Traffic};
use crate::verify::classes::{Class, split};
use crate::verify::compare::Side;
use crate::verify::concrete::Concrete;
use crate::verify::decide::{Port, World};
use crate::verify::index::{Index, names};
use crate::verify::meaning::{Unclear, allowed};
use crate::verify::pieces::{Budget, subtract};
use crate::verify::stack::End;
use crate::verify::universe::{Piece, Universe};
use crate::verify::witness::witness;

/// What is searched.
pub(in crate::verify) struct Search<'a> {
    pub(in crate::verify) world: &'a World<'a>,
    pub(in crate::verify) universe: &'a Universe,
}

/// A connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) source: Concrete,
    pub(crate) destination: Concrete,
    pub(crate) port: Port,
}

impl Search<'_> {
    /// A connection from one of the sources to the destination that passes both its ends.
    pub(in crate::verify) fn passing(&self, sources: &[EndBox], destination: &EndBox, ports: &PortSet) -> Result<Option<Found>, Unclear> {
        let asked = |ends: &[EndBox]| ends.iter().map(|end| Part { end: end.clone(), ports: ports.clone() }).collect::<Traffic>();
        if matches!(destination, EndBox::Outside(_)) {
            let asked = asked(std::slice::from_ref(destination));
            for source in sources.iter().filter(|source| matches!(source, EndBox::Pods { .. })) {
                if let Some(piece) = self.pieces(Side::Egress, source, &asked)?.first() {
                    return Ok(self.found(Side::Egress, piece));
                }
            }
            return Ok(None);
        }
        for piece in self.pieces(Side::Ingress, destination, &asked(sources))? {
            if matches!(piece.part.end, EndBox::Outside(_)) {
                return Ok(self.found(Side::Ingress, &piece));
            }
            let back: Traffic = [Part { end: piece.pods.clone(), ports: piece.part.ports.clone() }].into_iter().collect();
            if let Some(both) = self.pieces(Side::Egress, &piece.part.end, &back)?.first() {
                return Ok(self.found(Side::Egress, both));
            }
        }
        Ok(None)
    }

    /// One of the connections asked for that this side of the pods does not let through.
    pub(super) fn refused(&self, side: Side, pods: &EndBox, asked: &[Part]) -> Result<Option<Found>, Unclear> {
        let index = self.index(side);
        let mut budget = Budget::default();
        for class in self.classes(index, pods, &mut budget)? {
            let open = allowed(index, policies(&class), &Traffic::all(), &mut budget)?;
            let closed = subtract(asked.to_vec(), &open, &mut budget)?;
            let mut pieces = closed.into_iter().flat_map(|part| self.universe.narrow(&Piece { pods: class.pods.clone(), part }));
            if let Some(found) = pieces.find_map(|piece| self.found(side, &piece)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// A pod that no policy isolates on this side.
    pub(super) fn open(&self, side: Side, pods: &EndBox) -> Result<Option<Concrete>, Unclear> {
        let index = self.index(side);
        let closes = |class: &Class| policies(class).iter().any(|at| index.get(*at).is_some_and(|(tier, _)| tier.end == End::Deny));
        let classes = self.classes(index, pods, &mut Budget::default())?;
        let mut open = classes.iter().filter(|class| !closes(class)).flat_map(|class| {
            Traffic::all()
                .iter()
                .flat_map(|part| self.universe.narrow(&Piece { pods: class.pods.clone(), part: part.clone() }))
                .collect::<Vec<_>>()
        });
        Ok(open.find_map(|piece| witness(self.universe, &piece)).map(|witness| witness.pod))
    }

    /// What this side of some pods lets through of what is asked, as far as it could be.
    fn pieces(&self, side: Side, pods: &EndBox, asked: &Traffic) -> Result<Vec<Piece>, Unclear> {
        let index = self.index(side);
        let mut budget = Budget::default();
        let mut pieces = Vec::new();
        for class in self.classes(index, pods, &mut budget)? {
            for part in allowed(index, policies(&class), asked, &mut budget)? {
                let narrow = self.universe.narrow(&Piece { pods: class.pods.clone(), part });
                pieces.extend(narrow.into_iter().filter(|piece| witness(self.universe, piece).is_some()));
            }
        }
        Ok(pieces)
    }

    fn index(&self, side: Side) -> &Index<'_> {
        match side {
            Side::Ingress => &self.world.ingress,
            Side::Egress => &self.world.egress,
        }
    }

    /// Classes of some pods, namespace by namespace; of an address, none.
    fn classes(&self, index: &Index<'_>, pods: &EndBox, budget: &mut Budget) -> Result<Vec<Class>, Unclear> {
        let namespaces: Vec<Option<Word>> = match names(pods) {
            Some(names) => names.iter().cloned().map(Some).collect(),
            None => index.namespaces().cloned().map(Some).chain([None]).collect(),
        };
        let mut all = Vec::new();
        for namespace in namespaces {
            let of_it =
                namespace.as_ref().map_or_else(|| self.universe.other_namespaces(index.namespaces()), |name| self.universe.namespace(name));
            let Some(pods) = pods.intersection(&of_it) else { continue };
            all.extend(split(pods, &[index], &[index.relevant(namespace.as_deref())], budget)?);
        }
        Ok(all)
    }

    fn found(&self, side: Side, piece: &Piece) -> Option<Found> {
        let witness = witness(self.universe, piece)?;
        let (source, destination) = match side {
            Side::Ingress => (witness.other, witness.pod),
            Side::Egress => (witness.pod, witness.other),
        };
        Some(Found { source, destination, port: witness.port })
    }
}

fn policies(class: &Class) -> &[crate::verify::index::PolicyRef] {
    class.policies.first().map(Vec::as_slice).unwrap_or_default()
}
