//! On GitHub's runners the verdict also goes where people look: to the lines of the pull request and to the summary.

use super::output;
use crate::reports::check::{CheckOutcome, github, markdown};
use anyhow::Context;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;

/// Writes annotations and the summary when the environment says that this is a step of a workflow. A summary that cannot
/// be written is a remark: the verdict is the exit code's.
#[allow(clippy::print_stderr, reason = "the command line prints")]
pub(super) fn tell(outcome: &CheckOutcome, quiet: bool, environment: impl Fn(&str) -> Option<OsString>) -> anyhow::Result<()> {
    if environment("GITHUB_ACTIONS").is_none_or(|value| value != "true") {
        return Ok(());
    }
    output::to_stdout(&mut |out| (github::FORMAT.write)(outcome, out))?;
    if let Some(file) = environment("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty())
        && let Err(error) = append(outcome, Path::new(&file))
        && !quiet
    {
        eprintln!("unpick: {error:#}");
    }
    Ok(())
}

/// Adds the comment to what earlier steps have written.
fn append(outcome: &CheckOutcome, file: &Path) -> anyhow::Result<()> {
    let mut text = Vec::new();
    (markdown::FORMAT.write)(outcome, &mut text)?;
    let summary = std::fs::OpenOptions::new().append(true).create(true).open(file);
    summary
        .and_then(|mut summary| summary.write_all(&text))
        .with_context(|| format!("{}: the step summary cannot be written", file.display()))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests look at what was written")]
mod tests {
    use super::tell;
    use crate::reports::check::CheckOutcome;
    use std::ffi::OsString;
    use std::path::Path;

    fn clean() -> CheckOutcome {
        let (new, known, fixed, stale, ignored, hidden, remarks) = Default::default();
        CheckOutcome { new, known, fixed, stale, ignored, hidden, against: "b".to_owned(), remarks, colour: false }
    }

    fn told(actions: &str, summary: &Path) -> anyhow::Result<()> {
        tell(&clean(), true, |name| match name {
            "GITHUB_ACTIONS" => Some(OsString::from(actions)),
            "GITHUB_STEP_SUMMARY" => Some(summary.into()),
            _ => None,
        })
    }

    #[test]
    fn the_summary_is_added_to_and_only_on_a_runner() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("summary.md");
        told("false", &file).unwrap();
        assert!(!file.exists());
        std::fs::write(&file, "before\n").unwrap();
        told("true", &file).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "before\n**unpick check:** 0 known, 0 new (compared with b)\n");
    }

    #[test]
    fn a_summary_that_cannot_be_written_fails_nothing() {
        let folder = tempfile::tempdir().unwrap();
        told("true", folder.path()).unwrap();
        tell(&clean(), true, |name| (name == "GITHUB_ACTIONS").then(|| "true".into())).unwrap();
    }
}
