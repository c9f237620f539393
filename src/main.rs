//! The `polc` program: a thin shell around the library.

#![allow(clippy::disallowed_methods, reason = "the program is where files, clock and environment are read")]

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
