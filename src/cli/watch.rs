//! What the gate looks at in a scanned tree: findings, without those that are ignored beside the code.

use crate::analyses::gated::{self, Fact, Finding, Scope, Watched};
use crate::analyses::ignores::Ignores;
use crate::analyses::rules;
use crate::project::Project;
use std::collections::BTreeSet;

/// Findings and facts of today.
pub(super) struct Watch {
    /// Findings that count.
    pub(super) findings: Vec<Watched>,
    /// Findings a comment silences.
    pub(super) ignored: Vec<Finding>,
    /// Those of the findings that nobody may accept.
    pub(super) strict: BTreeSet<Finding>,
    /// Facts.
    pub(super) facts: Vec<Fact>,
    /// What is wrong with the rules and the ignores.
    pub(super) remarks: Vec<String>,
}

impl Watch {
    /// Looks.
    pub(super) fn of(project: &Project, scope: &Scope) -> Self {
        let mut findings = gated::findings(project, scope);
        let strict = findings.iter().map(|watched| &watched.finding).filter(|finding| rules::is_strict(project, scope, finding));
        let strict: BTreeSet<_> = strict.cloned().collect();
        let mut ignores = Ignores::of(project);
        let mut ignored = Vec::new();
        findings.retain(|watched| {
            // Both are asked: an ignore in a strict area is refused, not unused.
            let silent = ignores.cover(project, scope, &watched.finding) && !strict.contains(&watched.finding);
            ignored.extend(silent.then(|| watched.finding.clone()));
            !silent
        });
        let mut remarks = rules::names_of_nothing(project, &scope.rules);
        remarks.extend(ignores.remarks());
        Self { findings, ignored, strict, facts: gated::facts(project, scope), remarks }
    }
}
