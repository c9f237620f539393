//! What a run is doing, for somebody who watches it on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::terminal;

/// Files beyond which a terminal shows progress: fewer are done before anybody looks.
const MANY_FILES: usize = 200;

/// A line on stderr that changes, and is gone at the end; nothing at all where nobody watches.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Progress of a run over so many files.
    pub(crate) fn over(files: usize) -> Self {
        if files <= MANY_FILES || !terminal::is_interactive() {
            return Progress(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(files as u64).with_style(style("reading {pos} of {len} files {wide_bar}"));
        Progress(bar)
    }

    /// A file was read.
    pub(crate) fn read_one(&self) {
        self.0.inc(1);
    }

    /// All files are read; the rest takes its time and has no parts to count.
    pub(crate) fn compiling(&self) {
        self.0.set_style(style("{spinner} compiling {len} files ({elapsed})"));
        if !self.0.is_hidden() {
            self.0.enable_steady_tick(Duration::from_millis(100));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
