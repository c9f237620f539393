//! The grammar, as pest compiles it. Its rules and pairs stay in this folder.

#![allow(missing_docs, unreachable_pub, reason = "generated from grammar/polc.pest, whose comments say what each rule is")]

/// The parser of `grammar/polc.pest`.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/polc.pest"]
pub(super) struct Grammar;
