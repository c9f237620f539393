//! `polc man`: the manual pages.

use clap::CommandFactory;
use clap_mangen::Man;

use super::exit::{Answer, Exit, Failure};
use super::{Cli, terminal};

/// Shown below the options.
const EXAMPLES: &str = "\
Examples:
  polc man > polc.1
  polc man build | man -l -";

/// Write a manual page to stdout
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The command whose page is wanted; without it the page of polc itself
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(crate) fn run(args: &Args) -> Answer {
    let mut page = Vec::new();
    Man::new(command(args.command.as_deref())?)
        .source(concat!("polc ", env!("CARGO_PKG_VERSION")))
        .manual("polc manual")
        .render(&mut page)
        .map_err(|why| Failure::new(format!("cannot write the page: {why}")))?;
    terminal::answer(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Fine)
}

/// The command a page is wanted of.
fn command(name: Option<&str>) -> Result<clap::Command, Failure> {
    let mut polc = Cli::command();
    polc.build();
    let Some(name) = name else { return Ok(polc) };
    let found = polc.find_subcommand(name).cloned();
    found.ok_or_else(|| Failure::new(format!("there is no command `{name}`")).help("`polc --help` lists the commands"))
}
