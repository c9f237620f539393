//! The command line: the only code that touches files, environment, clock and terminal.

mod asked;
mod build;
mod check;
mod completions;
mod exit;
mod explain;
mod grants;
mod input;
mod man;
mod output;
mod panic;
mod policy_set;
mod progress;
mod query;
mod source_map;
mod terminal;
mod today;
mod verify;
mod why;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::Exit;
use terminal::ColorWhen;

/// What every `--help` ends with.
const EXIT_CODES: &str = "\
Exit codes:
  0  fine
  1  the policy has errors; nothing was written
  2  a difference or a finding that was asked about
  3  the command line is wrong, or a file could not be read or written
  4  a bug in polc";

/// A few sentences of policy in, Kubernetes and Calico manifests out.
#[derive(Debug, Parser)]
#[command(name = "polc", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Color messages: `auto` colors on a terminal unless `NO_COLOR` is set
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    color: ColorWhen,
    #[command(subcommand)]
    command: Command,
}

/// One variant a command, one file each.
#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Args),
    Check(check::Args),
    Verify(verify::Args),
    Query(query::Args),
    Why(why::Args),
    Explain(explain::Args),
    Grants(grants::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the program on the process's arguments.
pub(crate) fn main() -> ExitCode {
    panic::guarded(|| start(Cli::try_parse())).into()
}

/// Help and version are answers; every other refusal of clap's is a usage error.
fn start(parsed: Result<Cli, clap::Error>) -> Exit {
    match parsed {
        Ok(cli) => run(cli),
        Err(refusal) => {
            let _ = refusal.print();
            if refusal.use_stderr() { Exit::Usage } else { Exit::Fine }
        }
    }
}

fn run(cli: Cli) -> Exit {
    let color = cli.color;
    let answer = match cli.command {
        Command::Build(args) => build::run(args, color),
        Command::Check(args) => check::run(args, color),
        Command::Verify(args) => verify::run(&args, color),
        Command::Query(args) => query::run(&args, color),
        Command::Why(args) => why::run(&args, color),
        Command::Explain(args) => explain::run(&args),
        Command::Grants(args) => grants::run(&args, color),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    answer.unwrap_or_else(exit::Failure::report)
}
