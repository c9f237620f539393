//! Any text, read as a selector of Calico's.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = polc::look::selects(text, &[("app".to_owned(), "api".to_owned())].into());
});
