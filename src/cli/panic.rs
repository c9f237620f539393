//! A panic is a bug in polc, and the user is told so in a way that can be reported.

use std::panic::{self, PanicHookInfo, UnwindSafe};

use super::exit::Exit;
use super::terminal;

/// Runs the program; a panic anywhere in it is reported and ends the run as a bug.
pub(crate) fn guarded(run: impl FnOnce() -> Exit + UnwindSafe) -> Exit {
    panic::set_hook(Box::new(|panic| terminal::tell(&report(panic))));
    panic::catch_unwind(run).unwrap_or(Exit::Bug)
}

/// What is told instead of Rust's own message.
fn report(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let what = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let what = what.unwrap_or("no message");
    let place = panic.location().map_or_else(|| "unknown place".to_owned(), ToString::to_string);
    format!(
        "error: polc has a bug: {what} ({place})\n  \
         note: this is no fault of the policy; nothing more is written\n  \
         help: please report it with these lines, the output of `polc --version` and, if you may share it, the policy\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_the_run_as_a_bug() {
        assert_eq!(guarded(|| panic!("a test of what happens then")), Exit::Bug);
        assert_eq!(guarded(|| Exit::Fine), Exit::Fine);
        let _ = panic::take_hook();
    }
}
