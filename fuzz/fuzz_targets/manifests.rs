//! Any text, read as manifests.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = polc::look::manifests(vec![polc::SourceFile { name: "fuzz.yaml".into(), text: text.to_owned() }]);
});
