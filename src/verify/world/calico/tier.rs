//! Tiers (network-targets.md §2.6, §2.8).

use serde::Deserialize;

use super::super::head::Head;
use super::super::reader::Reader;
use super::super::tiers::{self, TierSpec};
use super::super::valid::{self, wrong};
use crate::manifest::tree::{Fault, typed};
use crate::verify::stack::End;

#[derive(Deserialize)]
#[serde(expecting = "a Tier")]
struct Tier<'n> {
    #[serde(borrow)]
    spec: Option<Spec<'n>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Spec<'n> {
    order: Option<f64>,
    #[serde(borrow)]
    default_action: Option<&'n str>,
}

/// Reads one.
pub(in crate::verify::world) fn read<'n>(reader: &mut Reader<'n>, head: &Head<'n>) -> Result<(), Fault> {
    if !valid::is_label(head.name) {
        return wrong("metadata.name", format!("`{}` is no name of a Tier", head.name));
    }
    let (tier, _): (Tier<'n>, _) = typed(head.node, "")?;
    let spec = tier.spec.unwrap_or_default();
    let end = match spec.default_action {
        None | Some("" | "Deny") => End::Deny,
        Some("Pass") => End::Pass,
        Some(other) => return wrong("spec.defaultAction", format!("`{other}` is none: Deny or Pass")),
    };
    let order = spec.order.unwrap_or(tiers::DEFAULT_ORDER);
    reader.tiers.insert(head.name.into(), TierSpec { order, end });
    Ok(())
}
