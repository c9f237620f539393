//! Calico's objects (network-targets.md §2), as anybody writes them.

mod entity;
mod policy;
mod ports;
mod rule;
mod scope;
mod sets;
mod tier;

use std::fmt;

use serde::Deserialize;
use smol_str::SmolStr;

pub(super) use policy::read;
pub(super) use sets::{Sets, read as read_set};
pub(super) use tier::read as read_tier;

use crate::manifest::tree::Fault;

/// Why a part of an object has no meaning here.
#[derive(Debug)]
pub(super) enum Wrong {
    /// Calico refuses it.
    Invalid(Fault),
    /// It may decide, in a way that the model does not cover.
    Unclear { path: String, why: SmolStr },
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Wrong::Invalid(fault)
    }
}

/// What the model does not cover.
fn unclear<T>(path: impl Into<String>, why: impl Into<SmolStr>) -> Result<T, Wrong> {
    Err(Wrong::Unclear { path: path.into(), why: why.into() })
}

/// A network; an address alone is one, though not every way into Calico takes it.
fn network(text: &str, path: impl FnOnce() -> String) -> Result<ipnet::IpNet, Fault> {
    match text.parse::<std::net::IpAddr>() {
        Ok(address) => Ok(address.into()),
        Err(_) => super::valid::network(text, path),
    }
}

/// Where a rule stands; written out only where something is wrong.
#[derive(Clone, Copy)]
struct At {
    /// `ingress` or `egress`.
    list: &'static str,
    rule: usize,
}

impl fmt::Display for At {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "spec.{}[{}]", self.list, self.rule)
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Spec<'n> {
    #[serde(borrow)]
    tier: Option<&'n str>,
    order: Option<f64>,
    selector: Option<&'n str>,
    namespace_selector: Option<&'n str>,
    service_account_selector: Option<&'n str>,
    types: Option<Vec<&'n str>>,
    ingress: Option<Vec<RuleSpec<'n>>>,
    egress: Option<Vec<RuleSpec<'n>>>,
    do_not_track: Option<bool>,
    #[serde(rename = "preDNAT")]
    pre_dnat: Option<bool>,
    apply_on_forward: Option<bool>,
    #[serde(rename = "performanceHints")]
    _performance_hints: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", expecting = "a rule")]
struct RuleSpec<'n> {
    #[serde(borrow)]
    action: Option<&'n str>,
    protocol: Option<NumberOrName<'n>>,
    not_protocol: Option<NumberOrName<'n>>,
    ip_version: Option<i64>,
    icmp: Option<Icmp>,
    #[serde(rename = "notICMP")]
    not_icmp: Option<Icmp>,
    source: Option<Entity<'n>>,
    destination: Option<Entity<'n>>,
    http: Option<serde::de::IgnoredAny>,
    #[serde(rename = "metadata")]
    _metadata: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(expecting = "a type and code of ICMP")]
struct Icmp {
    #[serde(rename = "type")]
    kind: Option<i64>,
    code: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", expecting = "an end of a rule")]
struct Entity<'n> {
    #[serde(borrow)]
    nets: Option<Vec<&'n str>>,
    not_nets: Option<Vec<&'n str>>,
    selector: Option<&'n str>,
    not_selector: Option<&'n str>,
    namespace_selector: Option<&'n str>,
    ports: Option<Vec<NumberOrName<'n>>>,
    not_ports: Option<Vec<NumberOrName<'n>>>,
    services: Option<Services<'n>>,
    service_accounts: Option<Accounts<'n>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a Service")]
struct Services<'n> {
    #[serde(default, borrow)]
    name: &'n str,
    namespace: Option<&'n str>,
}

#[derive(Deserialize)]
#[serde(expecting = "service accounts")]
struct Accounts<'n> {
    #[serde(borrow)]
    names: Option<Vec<&'n str>>,
    selector: Option<&'n str>,
}

/// A number, or a text: a name or a range of ports.
#[derive(Deserialize, Clone, Copy)]
#[serde(untagged, expecting = "a number or a name")]
enum NumberOrName<'n> {
    Number(i64),
    Name(&'n str),
}

/// A list, and whether something is in it.
fn listed<T>(list: &Option<Vec<T>>) -> Option<&[T]> {
    list.as_deref().filter(|items| !items.is_empty())
}

/// A text that is not empty.
fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim_matches([' ', '\t']).is_empty())
}
