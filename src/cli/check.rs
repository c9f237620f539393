//! `polc check`: everything there is to say about a policy, and nothing written.

use clap::ValueEnum;
use polc::diagnostic::{Code, Diagnostic, Severity, render, suggest};

use super::exit::{Answer, Exit};
use super::policy_set::{self, Compiled, PolicySet};
use super::terminal::{self, ColorWhen};
use super::today;

/// Shown below the options.
const EXAMPLES: &str = "\
Examples:
  polc check policies/
  polc check --deny warnings --format github     annotations in a pull request
  polc check --format sarif > polc.sarif         for code scanning

The human form is a message and goes to stderr; every other form is data and goes to stdout.";

/// Check policies: all errors, warnings and notes; writes no manifests
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    set: PolicySet,

    /// How the findings are shown
    #[arg(long, value_enum, default_value = "human")]
    format: Format,

    /// Exit with 2 if there is a finding of this code, or any warning: `warnings`. May be repeated
    #[arg(long, value_name = "LINT", value_parser = denied)]
    deny: Vec<Denied>,

    /// Judge `until` dates as of this day, as in 2027-03-31; without it as of today, in UTC
    #[arg(long, value_name = "DATE", value_parser = today::parse)]
    today: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The source text with the wrong piece marked
    Human,
    /// A line a finding, details indented
    Plain,
    /// Schema polc.dev/diagnostics/v1
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub workflow commands
    Github,
    /// JUnit XML
    Junit,
}

/// What `--deny` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Denied {
    Warnings,
    Code(Code),
}

impl Denied {
    fn covers(self, diagnostic: &Diagnostic) -> bool {
        match self {
            Denied::Warnings => diagnostic.severity == Severity::Warning,
            Denied::Code(code) => diagnostic.code == code,
        }
    }
}

fn denied(text: &str) -> Result<Denied, String> {
    if text == "warnings" {
        return Ok(Denied::Warnings);
    }
    if let Some(code) = Code::ALL.iter().find(|code| code.as_str() == text) {
        return Ok(Denied::Code(*code));
    }
    let names = Code::ALL.iter().map(|code| code.as_str()).chain(["warnings"]);
    match suggest::nearest(text, names).first() {
        Some(near) => Err(format!("there is no such code; did you mean `{near}`?")),
        None => Err("there is no such code; `polc explain --list` lists them".into()),
    }
}

pub(crate) fn run(args: Args, color: ColorWhen) -> Answer {
    let today = args.today.clone().unwrap_or_else(today::by_clock);
    let compiled = args.set.compile(Some(today))?;
    show(&compiled, &args, color)?;
    Ok(verdict(&compiled, &args.deny))
}

fn show(compiled: &Compiled, args: &Args, color: ColorWhen) -> Result<(), super::exit::Failure> {
    let (found, sources) = (&compiled.compilation.diagnostics, &compiled.compilation.sources);
    let denied = found.iter().filter(|d| args.deny.iter().any(|deny| deny.covers(d))).map(|d| d.code).collect();
    let options = render::Options { denied, ..render::Options::default() };
    match args.format {
        Format::Human => {
            policy_set::tell(&compiled.compilation, color);
            terminal::tell(&closing(compiled));
            Ok(())
        }
        Format::Plain => terminal::answer(&render::plain::render(found, sources)),
        Format::Json => terminal::answer(&render::json::render(found, sources)),
        Format::Sarif => terminal::answer(&render::sarif::render(found, sources)),
        Format::Github => terminal::answer(&render::github::render(found, sources)),
        Format::Junit => terminal::answer(&render::junit::render(found, sources, &options)),
    }
}

/// The last line for people: what was checked, and what was found.
fn closing(compiled: &Compiled) -> String {
    let files = compiled.policies.len();
    let found = render::summary(&compiled.compilation.diagnostics);
    let found = if found.is_empty() { "no errors, no warnings".to_owned() } else { found };
    format!("checked {files} file{}: {found}\n", if files == 1 { "" } else { "s" })
}

fn verdict(compiled: &Compiled, deny: &[Denied]) -> Exit {
    if compiled.compilation.has_errors() {
        return policy_set::error_exit(&compiled.compilation);
    }
    let is_denied = |diagnostic: &Diagnostic| deny.iter().any(|denied| denied.covers(diagnostic));
    if compiled.compilation.diagnostics.iter().any(is_denied) { Exit::Finding } else { Exit::Fine }
}
