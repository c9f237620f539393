//! The one integration-test binary.
#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

mod access;
mod applications;
mod checkout;
mod cli;
mod denies;
mod docs;
mod estates;
mod examples;
mod files;
mod fuzz_corpus;
mod hostile;
mod judges;
mod kubernetes_types;
mod manifests;
mod meaning;
mod messages;
mod network_targets;
mod peers_table;
mod pods;
mod query;
mod query_verify;
mod real_cases;
mod tables;
mod tidy;
mod worlds;
