//! `polc completions`: completions for a shell.

use clap::CommandFactory;
use clap_complete::Shell;

use super::exit::{Answer, Exit};
use super::{Cli, terminal};

/// Shown below the options.
const EXAMPLES: &str = "\
Examples:
  polc completions bash > ~/.local/share/bash-completion/completions/polc
  polc completions zsh > \"${fpath[1]}/_polc\"
  polc completions fish > ~/.config/fish/completions/polc.fish";

/// Write completions for a shell to stdout
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "polc", &mut script);
    terminal::answer(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
