//! Progress on a terminal; silence everywhere else.

use crate::pipeline::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// A bar on stderr, or nothing.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar that shows itself only when stderr is a terminal and nobody asked for quiet.
    pub(super) fn new(quiet: bool) -> Self {
        let visible = !quiet && std::io::stderr().is_terminal();
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} files") {
            bar.set_style(style);
        }
        bar.set_message("reading");
        Self(bar)
    }

    /// Wipes it away.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn found(&self, files: usize) {
        self.0.set_length(files as u64);
    }

    fn read(&self) {
        self.0.inc(1);
    }

    fn joining(&self) {
        self.0.set_message("joining");
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.finish();
    }
}
