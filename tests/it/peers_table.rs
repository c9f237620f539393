//! The tables of `docs/src/reference/peers.md`: every peer × enforcer × end, compiled.
//!
//! A row's first cell is the peer as a policy writes it; the other cells hold, in code spans, what it becomes: items of
//! YAML as a manifest has them (`…` stands for what is left out of a long one), or the code of the error. Words outside
//! of code spans are for people.

mod become_of;
mod table;

use crate::checkout::{root, text};
use become_of::{allow, deny, deny_subtracted};
use table::Table;

/// The page, and how many peers each of its tables has at least: the rows of language.md §4.
const PAGE: &str = "docs/src/reference/peers.md";
const PEERS: usize = 25;

#[test]
fn an_allow_becomes_what_the_table_says() {
    let table = Table::read(&text(&root().join(PAGE)), "In an `allow`", &["source", "destination", "on Calico"]);
    table.check(PEERS, |peer, column| match column {
        "source" => allow(&format!("allow {peer} -> db"), "from", false),
        "destination" => allow(&format!("allow db -> {peer}"), "to", false),
        _ => {
            let both = [allow(&format!("allow {peer} -> db"), "from", true), allow(&format!("allow db -> {peer}"), "to", true)].concat();
            both.into_iter().fold(Vec::new(), |seen, it| if seen.contains(&it) { seen } else { [seen, vec![it]].concat() })
        }
    });
}

#[test]
fn a_deny_on_calico_becomes_what_the_table_says() {
    let table = Table::read(&text(&root().join(PAGE)), "In a `deny` on Calico", &["source", "destination"]);
    table.check(PEERS, |peer, column| match column {
        "source" => deny(&format!("deny {peer} -> db"), "source"),
        _ => deny(&format!("deny db -> {peer}"), "destination"),
    });
}

#[test]
fn a_deny_on_network_policy_alone_becomes_what_the_table_says() {
    let table = Table::read(&text(&root().join(PAGE)), "In a `deny` on NetworkPolicy alone", &["source", "destination"]);
    table.check(PEERS, |peer, column| match column {
        "source" => deny_subtracted(&format!("deny {peer} -> db"), "from"),
        _ => deny_subtracted(&format!("deny db -> {peer}"), "to"),
    });
}
