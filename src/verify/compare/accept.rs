//! Differences that change nothing: an enforcer without denies closes a connection at one of its ends.

use super::{Comparing, Failure, Side, WrittenDeny};
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Word;
use crate::semantics::traffic::{Part, Traffic};
use crate::verify::index::names;
use crate::verify::meaning::{Unclear, allowed};
use crate::verify::pieces::Budget;
use crate::verify::universe::Piece;

/// What is left of connections that are let through at one end, without those that lie in a written
/// deny and that the other end refuses, all of them of one deny together.
pub(super) fn rest(comparing: &Comparing<'_>, piece: Piece, name: Option<&Word>, budget: &mut Budget) -> Result<Vec<Piece>, Failure> {
    let mut rest = vec![piece];
    for deny in comparing.comparison.denies {
        for (pods, end) in pairs(comparing.side, deny) {
            let region = Piece { pods: pods.clone(), part: Part { end: end.clone(), ports: deny.ports.clone() } };
            let mut left = Vec::new();
            for piece in rest {
                left.extend(without(comparing, piece, &region, name, budget)?);
            }
            rest = left;
        }
        if rest.is_empty() {
            break;
        }
    }
    Ok(rest)
}

/// Every end that a deny closes on a side, with the other one.
fn pairs(side: Side, deny: &WrittenDeny) -> impl Iterator<Item = (&EndBox, &EndBox)> {
    let (own, others) = match side {
        Side::Ingress => (&deny.destinations, &deny.sources),
        Side::Egress => (&deny.sources, &deny.destinations),
    };
    own.iter().flat_map(move |pods| others.iter().map(move |end| (pods, end)))
}

/// A piece without what of it lies in a deny, if the other end refuses that.
fn without(
    comparing: &Comparing<'_>,
    piece: Piece,
    region: &Piece,
    name: Option<&Word>,
    budget: &mut Budget,
) -> Result<Vec<Piece>, Failure> {
    let (Some(pods), Some(part)) = (piece.pods.intersection(&region.pods), piece.part.intersection(&region.part)) else {
        return Ok(vec![piece]);
    };
    let inside = Piece { pods, part };
    if !is_refused(comparing, &inside, name, budget)? {
        return Ok(vec![piece]);
    }
    let other_pods = piece.pods.difference(&inside.pods).into_iter().map(|pods| Piece { pods, part: piece.part.clone() });
    let other_parts = piece.part.difference(&inside.part).into_iter().map(|part| Piece { pods: inside.pods.clone(), part });
    let pieces: Vec<Piece> = other_pods.chain(other_parts).collect();
    budget.spend(pieces.len()).map_err(|_| Failure::TooMany { namespace: name.cloned() })?;
    Ok(pieces)
}

/// Whether the enforced stacks of the other end let nothing of it through.
fn is_refused(comparing: &Comparing<'_>, inside: &Piece, name: Option<&Word>, budget: &mut Budget) -> Result<bool, Failure> {
    if matches!(inside.part.end, EndBox::Outside(_)) {
        return Ok(false);
    }
    let fail = |unclear| match unclear {
        Unclear::TooMany => Failure::TooMany { namespace: name.cloned() },
        Unclear::NamedPort(origin) => Failure::NamedPort { enforced: true, origin },
    };
    let asked: Traffic = [Part { end: inside.pods.clone(), ports: inside.part.ports.clone() }].into_iter().collect();
    let other = &comparing.other.enforced;
    let namespaces: Vec<Option<Word>> = match names(&inside.part.end) {
        Some(names) => names.iter().cloned().map(Some).collect(),
        None => other.namespaces().cloned().map(Some).chain([None]).collect(),
    };
    for namespace in namespaces {
        let universe = comparing.comparison.universe;
        let of_it = namespace.as_ref().map_or_else(|| universe.other_namespaces(other.namespaces()), |name| universe.namespace(name));
        let Some(pods) = inside.part.end.intersection(&of_it) else { continue };
        let relevant = other.relevant(namespace.as_deref());
        let classes = super::split(pods, &[other], &[relevant], budget).map_err(|_| fail(Unclear::TooMany))?;
        for class in classes {
            let policies = class.policies.first().map(Vec::as_slice).unwrap_or_default();
            if !allowed(other, policies, &asked, budget).map_err(fail)?.is_empty() {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
