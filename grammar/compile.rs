//! Build script: compiles the grammar to plain code, a function a rule, which `src/syntax/matcher.rs` runs.
//!
//! pest makes a parser of the same file. That one knows at every word what it had expected there, which a message
//! needs and a right sentence pays for dearly. This one knows only whether a text is right, and its parts; a text that
//! it refuses goes to pest. So nobody but the grammar says what the language is.

#![allow(clippy::disallowed_methods, reason = "a build script reads and writes files")]

use std::fmt::Write as _;

use pest_meta::ast::RuleType;
use pest_meta::optimizer::{OptimizedExpr as Expr, OptimizedRule};

const GRAMMAR: &str = "grammar/polc.pest";

fn main() {
    println!("cargo::rerun-if-changed={GRAMMAR}");
    let text = std::fs::read_to_string(GRAMMAR).expect("the grammar");
    let (_, rules) = pest_meta::unwrap_or_report(pest_meta::parse_and_optimize(&text));
    let folder = std::env::var("OUT_DIR").expect("cargo says where to write");
    std::fs::write(format!("{folder}/matcher.rs"), code(&rules)).expect("room for the code");
}

/// The whole file.
fn code(rules: &[OptimizedRule]) -> String {
    let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
    let mut said =
        "/// A whole sentence.\npub(super) fn sentence(rule: Rule, m: &mut Matcher<'_>) -> bool {\n    match rule {\n".to_owned();
    for rule in rules.iter().filter(|rule| is_sentence(&rule.expr)) {
        let _ = writeln!(said, "        Rule::{0} => r#{0}::<APART>(m),", rule.name);
    }
    said.push_str("        _ => false,\n    }\n}\n");
    for rule in rules {
        let _ = write!(
            said,
            "\n#[inline]\npub(super) fn r#{}<const MODE: u8>(m: &mut Matcher<'_>) -> bool {{\n    {}\n}}\n",
            rule.name,
            body(rule, &names)
        );
    }
    said
}

/// Whether a rule is one that a text is read by: it begins with the start of the text.
fn is_sentence(expression: &Expr) -> bool {
    matches!(expression, Expr::Seq(first, _) if **first == Expr::Ident("SOI".to_owned()))
}

/// What a rule's function does. Its mode says whether blanks may stand between its words, and whether its parts are
/// noted; rules inherit both, as pest's do, unless they are marked `@` or `$`.
fn body(rule: &OptimizedRule, names: &[&str]) -> String {
    let (around, inside) = match rule.ty {
        RuleType::Normal | RuleType::Silent => ("MODE", "MODE"),
        RuleType::Atomic => ("MODE", "ATOMIC"),
        RuleType::CompoundAtomic => ("GLUED", "GLUED"),
        RuleType::NonAtomic => ("APART", "APART"),
    };
    let expression = Writer { names, mode: if rule.name == "WHITESPACE" { "ATOMIC" } else { inside } }.write(&rule.expr);
    if rule.ty == RuleType::Silent { expression } else { format!("m.note::<{around}>(Rule::{}, |m| {expression})", rule.name) }
}

struct Writer<'a> {
    /// The rules that the grammar has; any other name is one of pest's own.
    names: &'a [&'a str],
    mode: &'static str,
}

impl Writer<'_> {
    /// An expression as one of Rust that is true where it matches. Where it does not, the place and the parts found
    /// are put back by what goes on: a choice, a repetition, something optional.
    fn write(&self, expression: &Expr) -> String {
        let blanks = if self.mode == "ATOMIC" || self.mode == "GLUED" { "true".to_owned() } else { format!("blanks::<{}>(m)", self.mode) };
        match expression {
            Expr::Str(text) => format!("m.text(b{text:?})"),
            Expr::Ident(name) if self.names.contains(&name.as_str()) => format!("r#{name}::<{}>(m)", self.mode),
            Expr::Ident(name) => format!("m.{name}::<{}>()", self.mode),
            Expr::PosPred(inner) => format!("m.ahead(|m| {})", self.write(inner)),
            Expr::NegPred(inner) => format!("!m.ahead(|m| {})", self.write(inner)),
            Expr::Seq(first, rest) if blanks == "true" => format!("{} && {}", self.write(first), self.write(rest)),
            Expr::Seq(first, rest) => format!("{} && {blanks} && {}", self.write(first), self.write(rest)),
            Expr::Choice(first, rest) => format!("(m.attempt(|m| {}) || {})", self.write(first), self.write(rest)),
            Expr::Opt(inner) => format!("m.optional(|m| {})", self.write(inner)),
            Expr::Rep(inner) => format!("m.repeat(|m| {blanks}, |m| {})", self.write(inner)),
            Expr::Skip(marks) => format!("m.skip_until(&{marks:?})"),
            Expr::RestoreOnErr(inner) => self.write(inner),
            other => panic!("{GRAMMAR} has an expression that grammar/compile.rs does not know: {other:?}"),
        }
    }
}
