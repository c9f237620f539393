//! The `polc` program: a thin shell around the library.

#![allow(clippy::disallowed_methods, reason = "the program is where files, clock and environment are read")]

mod cli;

/// Asks the kernel for memory in large pieces, so that a build touches few fresh pages.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
