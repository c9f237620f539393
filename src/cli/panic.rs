//! A panic is a bug in polc, and the user is told so in a way that can be reported.

use super::terminal;

/// Replaces Rust's panic message by one that says what to do.
pub(crate) fn install_report() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let what = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let what = what.unwrap_or("no message");
        let place = panic.location().map_or_else(|| "unknown place".to_owned(), ToString::to_string);
        terminal::tell(&format!(
            "error: polc has a bug: {what} ({place})\n  \
             note: this is no fault of the policy; nothing more is written\n  \
             help: please report it with these lines, the output of `polc --version` and, if you may share it, the policy\n"
        ));
    }));
}
