//! `polc build FOLDER` to stdout without the proof: only to measure what the proof costs. The command has no
//! such option, because nobody should build without.

#![allow(clippy::disallowed_methods, reason = "a program reads files")]

use std::io::{self, Write};
use std::path::Path;

use polc::{Files, Options, SourceFile};

/// The command's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).ok_or_else(|| io::Error::other("which folder?"))?;
    let mut policies = Vec::new();
    for entry in Path::new(&folder).read_dir()? {
        let path = entry?.path();
        policies.push(SourceFile { name: path.display().to_string(), text: std::fs::read_to_string(&path)? });
    }
    let compilation = polc::compile(Files { policies, ..Files::default() }, &Options { unproved: true, ..Options::default() });
    for diagnostic in &compilation.diagnostics {
        eprintln!("{}: {}", diagnostic.code.as_str(), diagnostic.headline);
    }
    let mut out = io::stdout().lock();
    compilation.write_yaml(|piece| out.write_all(piece.as_bytes()))?;
    // As the command does: the process ends here.
    std::mem::forget(compilation);
    Ok(())
}
