//! `polc build`: compile, and write what came of it.

use super::exit::{Answer, Exit, Failure};
use super::policy_set::{self, PolicySet};
use super::terminal::{self, ColorWhen};
use super::today;
use polc::Compilation;
use polc::diagnostic::render::summary;

/// What the command line says.
const EXAMPLES: &str = "\
Examples:
  polc build                                 every policy below this folder, as one YAML stream
  polc build policies/ | kubectl apply -f -
  echo 'namespace payments isolate' | polc build -";

/// Compile policies to manifests: a YAML stream on stdout
///
/// Nothing is written if the policy has an error anywhere.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    set: PolicySet,

    /// Judge `until` dates as of this day, as in 2027-03-31; without it they are not judged,
    /// so that the same input gives the same output on every day
    #[arg(long, value_name = "DATE", value_parser = today::parse)]
    today: Option<String>,
}

pub(crate) fn run(args: Args, color: ColorWhen) -> Answer {
    let compiled = args.set.compile(args.today.clone())?;
    let compilation = compiled.compilation;
    policy_set::tell(&compilation, color);
    if compilation.has_errors() {
        terminal::tell(&format!("nothing is written: {}\n", summary(&compilation.diagnostics)));
        return Ok(Exit::PolicyErrors);
    }
    to_stdout(&compilation)
}

/// One stream is for one cluster: whoever applies it can only apply it to one.
fn to_stdout(compilation: &Compilation) -> Answer {
    if compilation.clusters.len() > 1 {
        let names: Vec<&str> = compilation.clusters.iter().map(|(name, _)| name.as_str()).collect();
        return Err(Failure::new(format!(
            "the policy is for {} clusters ({}), and one stream can only be for one",
            names.len(),
            names.join(", ")
        ))
        .help(format!("narrow it: `--cluster {}`", names.first().unwrap_or(&"NAME"))));
    }
    terminal::answer(&compilation.to_yaml())?;
    Ok(Exit::Fine)
}
