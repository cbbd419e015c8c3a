//! The keys `unresolved` and `problems`: what nobody could find, and what went wrong.

use super::Each;
use crate::base::Problem;
use crate::bind::Unresolved;
use crate::project::Project;
use serde::Serialize;

/// A name in the source that leads nowhere.
#[derive(Serialize)]
pub(in crate::reports) struct UnresolvedRow<'a> {
    path: &'a str,
    line: u32,
    kind: &'static str,
    text: &'a str,
    reason: &'a str,
}

impl<'a> UnresolvedRow<'a> {
    /// The row of one.
    pub(in crate::reports) fn of(project: &'a Project, open: &'a Unresolved) -> Self {
        Self { path: project.base.path(open.file), line: open.line, kind: open.kind, text: &open.text, reason: &open.reason }
    }
}

/// What could not be told, by path and line.
pub(super) fn unresolved(project: &Project) -> impl Serialize {
    Each(move || project.resolution.unresolved.iter().map(|open| UnresolvedRow::of(project, open)))
}

#[derive(Serialize)]
struct ProblemRow<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    severity: &'static str,
    message: &'a str,
}

impl<'a> ProblemRow<'a> {
    fn of(problem: &'a Problem) -> Self {
        let Problem { path, line, severity, message } = problem;
        Self { path: path.as_str(), line: *line, severity: severity.word(), message }
    }
}

/// What went wrong while reading, by path and line.
pub(super) fn problems(project: &Project) -> impl Serialize {
    Each(move || project.problems.iter().map(ProblemRow::of))
}
