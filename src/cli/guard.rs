//! What becomes of errors and panics: one clear sentence on stderr and an exit code.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

/// Wrong usage, wrong config, or nothing that could be read or written.
const USAGE: u8 = 2;
/// A fault of unpick.
const INTERNAL: u8 = 3;

/// Runs a command so that whatever happens ends in a sentence and an exit code.
#[allow(clippy::print_stderr, reason = "the command line prints")]
pub(super) fn run(command: impl FnOnce() -> anyhow::Result<ExitCode>) -> ExitCode {
    // The first panic is the cause; others follow from it in other threads.
    let first: Arc<Mutex<Option<String>>> = Arc::default();
    let seen = Arc::clone(&first);
    panic::set_hook(Box::new(move |info| {
        if let Ok(mut first) = seen.lock() {
            first.get_or_insert_with(|| describe(info));
        }
    }));
    match panic::catch_unwind(AssertUnwindSafe(command)) {
        Ok(Ok(code)) => code,
        // Whoever read our output has seen enough.
        Ok(Err(error)) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("unpick: {error:#}");
            ExitCode::from(USAGE)
        }
        Err(_) => {
            let what = first.lock().ok().and_then(|mut first| first.take()).unwrap_or_else(|| "unknown".to_owned());
            eprintln!(
                "unpick: internal error ({what}); this is a fault of unpick, not of your code: please report this line with `unpick --version`"
            );
            ExitCode::from(INTERNAL)
        }
    }
}

/// Message and place of a panic, on one line.
fn describe(info: &panic::PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let message =
        payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    let message = message.replace('\n', " ");
    match info.location() {
        Some(place) => format!("{message}, {}:{}", place.file(), place.line()),
        None => message,
    }
}

/// True when writing failed because nobody reads any more.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}

#[cfg(test)]
mod tests {
    use super::is_broken_pipe;
    use anyhow::Context;
    use std::io;

    #[test]
    fn a_broken_pipe_is_known_behind_its_context() {
        let broken = Err::<(), _>(io::Error::from(io::ErrorKind::BrokenPipe)).context("stdout").expect_err("it is an error");
        let full = Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull)).context("stdout").expect_err("it is an error");
        assert!(is_broken_pipe(&broken));
        assert!(!is_broken_pipe(&full));
    }
}
