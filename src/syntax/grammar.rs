//! The grammar, as pest compiles it. Its rules and pairs stay in this folder.

#![allow(missing_docs, unreachable_pub, reason = "generated from grammar/polc.pest, whose comments say what each rule is")]

use pest::error::Error;
use pest::iterators::Pairs;
use pest::{Parser, Token};

use super::matcher::{Node, fit};

/// The parser of `grammar/polc.pest`.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/polc.pest"]
pub(super) struct Grammar;

/// Notes the parts of a sentence in the order they stand in, or says what its rule had expected.
pub(super) fn parse(rule: Rule, text: &str, nodes: &mut Vec<Node>) -> Result<(), Box<Error<Rule>>> {
    flatten(Grammar::parse(rule, text)?, text, nodes);
    Ok(())
}

fn flatten(pairs: Pairs<'_, Rule>, text: &str, nodes: &mut Vec<Node>) {
    let (base, mut around) = (nodes.len(), Vec::new());
    for token in pairs.tokens() {
        match token {
            Token::Start { rule, pos } => {
                around.push(nodes.len());
                nodes.push(Node { rule, start: fit(pos.pos()), end: 0, next: 0 });
            }
            Token::End { pos, .. } => {
                let next = fit(nodes.len() - base);
                let Some(node) = around.pop().and_then(|here| nodes.get_mut(here)) else { break };
                let said = text.get(node.start as usize..pos.pos()).unwrap_or("").trim_ascii_end();
                (node.end, node.next) = (node.start + fit(said.len()), next);
            }
        }
    }
}
