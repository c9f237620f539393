//! `polc verify`: do manifests mean what a policy says?

use clap::ValueEnum;
use polc::query::Model;

use super::exit::{Answer, Exit};
use super::policy_set::{self, Inputs};
use super::query::wrong;
use super::terminal::{self, ColorWhen};

/// Shown below the options.
const EXAMPLES: &str = "\
Examples:
  polc verify policies/ --manifests manifests/           what was committed, edited or not
  kubectl get ns,pods,networkpolicies -A -o yaml > dump/live.yaml
  polc verify policies/ --manifests dump/                what a cluster has";

/// Prove that manifests mean exactly what a policy says, or show every difference
///
/// The manifests are anybody's: those that polc wrote, edited ones, or a dump of a cluster. Both are
/// compared for all pods that could exist. A difference is shown by a connection, with what the
/// policy says of it and what decides it in the manifests. Ends with 2 unless they are equal.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Policy files, folders that hold `.polc` files at any depth, or `-` for stdin
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<std::path::PathBuf>,

    /// A folder of the YAML or JSON manifests that are compared. May be repeated
    #[arg(long, value_name = "DIR", required = true)]
    manifests: Vec<std::path::PathBuf>,

    /// The cluster that is compared, where the policy is for several
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,

    /// How the answer is shown
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A few lines a difference
    Text,
    /// Schema polc.dev/verify/v1
    Json,
}

pub(crate) fn run(args: &Args, color: ColorWhen) -> Answer {
    let files = match policy_set::files(&args.paths, &args.manifests)? {
        Inputs::Read(files) => files,
        Inputs::Unreadable(compilation) => {
            policy_set::tell(&compilation, color);
            return Ok(Exit::PolicyErrors);
        }
    };
    let options = polc::Options { clusters: args.cluster.iter().cloned().collect(), ..polc::Options::default() };
    let model = Model::beside(files, &options).map_err(wrong)?;
    policy_set::tell(model.compilation(), color);
    if model.compilation().has_errors() {
        return Ok(policy_set::error_exit(model.compilation()));
    }
    let found = model.verify().map_err(wrong)?;
    terminal::answer(&match args.format {
        Format::Text => found.to_text(),
        Format::Json => found.to_json(),
    })?;
    Ok(if found.holds() { Exit::Fine } else { Exit::Finding })
}
