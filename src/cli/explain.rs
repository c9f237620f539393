//! `polc explain`: the page of a diagnostic.

use clap::ValueEnum;
use polc::diagnostic::{Code, suggest};
use serde::Serialize;

use super::exit::{Answer, Exit, Failure};
use super::terminal;

/// Shown below the options.
const EXAMPLES: &str = "\
Examples:
  polc explain not-yet
  polc explain --list";

/// Explain a diagnostic: what it says, why, what to avoid and what to write
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The code, as messages show it in brackets; without it all codes are listed
    #[arg(value_name = "CODE", conflicts_with = "list")]
    code: Option<String>,

    /// List all codes
    #[arg(long)]
    list: bool,

    /// How the answer is shown
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Markdown, or a line a code
    Text,
    /// Schema polc.dev/explain/v1
    Json,
}

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    codes: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    code: &'static str,
    severity: &'static str,
    page: &'static str,
}

pub(crate) fn run(args: &Args) -> Answer {
    let codes = match &args.code {
        Some(name) => vec![find(name)?],
        None => Code::ALL.to_vec(),
    };
    let text = match args.format {
        Format::Json => json(&codes)?,
        Format::Text if args.code.is_some() => codes.iter().map(|code| code.page()).collect(),
        Format::Text => codes.iter().map(|code| format!("{:<8} {}\n", code.severity().as_str(), code.as_str())).collect(),
    };
    terminal::answer(&text)?;
    Ok(Exit::Fine)
}

/// The code of a name, with or without the `error[…]` that messages put around it.
fn find(name: &str) -> Result<Code, Failure> {
    let bare = name.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or(name, |(code, _)| code);
    if let Some(code) = Code::ALL.iter().find(|code| code.as_str() == bare) {
        return Ok(*code);
    }
    let near = suggest::nearest(bare, Code::ALL.iter().map(|code| code.as_str()));
    let help = match near.first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`polc explain --list` lists all codes".to_owned(),
    };
    Err(Failure::new(format!("there is no diagnostic `{bare}`")).help(help))
}

fn json(codes: &[Code]) -> Result<String, Failure> {
    let entry = |code: &Code| Entry { code: code.as_str(), severity: code.severity().as_str(), page: code.page() };
    let report = Report { schema: "polc.dev/explain/v1", codes: codes.iter().map(entry).collect() };
    let text = serde_json::to_string_pretty(&report).map_err(|why| Failure::new(format!("cannot write JSON: {why}")))?;
    Ok(text + "\n")
}
