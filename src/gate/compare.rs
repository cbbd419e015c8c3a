//! Today's findings against the accepted ones.

use super::baseline::Baseline;
use crate::analyses::gated::{Fact, Finding, Watched};
use std::collections::{BTreeMap, BTreeSet};

/// What names of the baseline are called today, by level; names that stayed are not in it.
pub type Renames = BTreeMap<(String, String), String>;

/// A finding nobody accepted, with what else it causes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct New {
    /// The finding.
    pub finding: Finding,
    /// Old dependencies that are part of the same trouble only because of this finding.
    pub effects: Vec<Finding>,
}

/// What the gate says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verdict {
    /// Findings nobody accepted.
    pub new: Vec<New>,
    /// Accepted findings that are still there.
    pub known: Vec<Finding>,
    /// Accepted findings that are gone while both names are still there.
    pub fixed: Vec<Finding>,
    /// Accepted findings about names that are gone.
    pub stale: Vec<Finding>,
    /// Findings that are ignored beside the code.
    pub ignored: Vec<Finding>,
}

impl Verdict {
    /// Notes what is ignored beside the code: it is not gone, wherever else it was accepted.
    #[must_use]
    pub fn ignoring(mut self, ignored: &[Finding]) -> Self {
        self.ignored = ignored.to_vec();
        self.fixed.retain(|finding| !ignored.contains(finding));
        self.stale.retain(|finding| !ignored.contains(finding));
        self
    }

    /// Entries the baseline no longer needs.
    #[must_use]
    pub fn prunable(&self) -> usize {
        self.fixed.len() + self.stale.len()
    }
}

/// Compares. `findings` and `facts` are today's; `known_facts` are facts that were true before although the baseline
/// does not list them (read off an older tree). A finding is new when neither it nor its fact was there before, and always
/// when it is among the `strict` ones, which nobody may accept.
#[must_use]
pub fn compare(
    findings: &[Watched],
    facts: &[Fact],
    baseline: &Baseline,
    renames: &Renames,
    known_facts: &BTreeSet<Fact>,
    strict: &BTreeSet<Finding>,
) -> Verdict {
    let renamed = |finding: &Finding| rename(finding, renames);
    let accepted: BTreeSet<Finding> = baseline.findings.iter().map(|entry| renamed(&entry.finding)).collect();
    let old_facts: BTreeSet<Fact> = baseline.facts.iter().map(renamed).collect();
    let today: BTreeSet<&Finding> = findings.iter().map(|watched| &watched.finding).collect();
    let mut verdict = Verdict::default();
    let mut effects: BTreeMap<&str, Vec<Finding>> = BTreeMap::new();
    let mut causes: Vec<&Watched> = Vec::new();
    for watched in findings {
        let finding = &watched.finding;
        if strict.contains(finding) {
            causes.push(watched);
        } else if accepted.contains(finding) {
            verdict.known.push(finding.clone());
        } else if old_facts.contains(finding) || known_facts.contains(finding) {
            effects.entry(watched.group.as_str()).or_default().push(finding.clone());
        } else {
            causes.push(watched);
        }
    }
    // Several causes of one group share its effects: which cause made which edge cyclic has no single answer.
    verdict.new = causes
        .into_iter()
        .map(|watched| New { finding: watched.finding.clone(), effects: effects.get(watched.group.as_str()).cloned().unwrap_or_default() })
        .collect();
    let names: BTreeSet<(&str, &str)> =
        facts.iter().flat_map(|fact| [(fact.level.as_str(), fact.from.as_str()), (fact.level.as_str(), fact.to.as_str())]).collect();
    for gone in accepted.iter().filter(|finding| !today.contains(finding)) {
        let there = |name: &str| name.is_empty() || names.contains(&(gone.level.as_str(), name));
        let list = if there(&gone.from) && there(&gone.to) { &mut verdict.fixed } else { &mut verdict.stale };
        list.push(gone.clone());
    }
    verdict
}

/// A finding under today's names.
pub(super) fn rename(finding: &Finding, renames: &Renames) -> Finding {
    let new_name = |name: &String| renames.get(&(finding.level.clone(), name.clone())).unwrap_or(name).clone();
    Finding { from: new_name(&finding.from), to: new_name(&finding.to), ..finding.clone() }
}
