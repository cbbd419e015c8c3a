//! `unpick.baseline.json`: the findings a team has accepted, one a line, sorted, so that branches merge line by line.
//!
//! Beside them stand the dependencies that existed when it was written (one line per module, names only), so that an old
//! dependency which a new one makes cyclic is told from the new one even where git has no history to ask.

use crate::analyses::gated::{Fact, Finding, Scope};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The version this program writes and the newest it reads.
pub const SCHEMA_VERSION: u32 = 1;

/// One accepted finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Accepted {
    /// The finding.
    pub finding: Finding,
    /// Why it was accepted, where somebody said so.
    pub reason: Option<String>,
}

/// What a team lives with.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Baseline {
    /// Accepted findings, sorted.
    pub findings: BTreeSet<Accepted>,
    /// Facts at the time, those of the findings included, sorted.
    pub facts: BTreeSet<Fact>,
}

/// Why a baseline cannot be used. The file is never touched.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// Git left both sides in it.
    #[error(
        "{file}:{line}: the baseline holds merge conflict markers; resolve them by keeping the lines of both sides, or run `unpick baseline` on the merged tree"
    )]
    Conflict {
        /// The file.
        file: String,
        /// The first marker.
        line: usize,
    },
    /// A later unpick wrote it.
    #[error("{file} was written in format {found} and this unpick reads up to {SCHEMA_VERSION}; update unpick")]
    Newer {
        /// The file.
        file: String,
        /// Its version.
        found: u64,
    },
    /// It is no baseline.
    #[error("{file}:{line}: not a baseline unpick can read ({what}); restore it from git, or write a new one with `unpick baseline`")]
    Broken {
        /// The file.
        file: String,
        /// Where.
        line: usize,
        /// What is wrong.
        what: String,
    },
}

/// One entry as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    kind: String,
    level: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    graph: String,
    from: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// The whole file. The lists end with null, so that every entry's line ends with a comma and lines can be added by
/// branches without touching each other's.
#[derive(Deserialize)]
struct Document {
    schema_version: u64,
    findings: Vec<Option<Row>>,
    #[serde(default)]
    facts: Vec<Option<Group>>,
}

/// Facts with everything but the last name in common.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    kind: String,
    level: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    graph: String,
    from: String,
    to: Vec<String>,
}

impl Baseline {
    /// The part of it that a scope looks at.
    #[must_use]
    pub fn within(&self, scope: &Scope) -> Self {
        // What makes no difference between graphs, such as a size, is watched whatever was asked for.
        let looked_at = |finding: &Finding| {
            finding.graph.is_empty()
                || scope.readings.iter().any(|reading| reading.word() == finding.graph)
                    && scope.levels.iter().any(|level| level.word() == finding.level)
        };
        Self {
            findings: self.findings.iter().filter(|entry| looked_at(&entry.finding)).cloned().collect(),
            facts: self.facts.iter().filter(|fact| looked_at(fact)).cloned().collect(),
        }
    }

    /// Reads a baseline; `file` is its name in messages.
    ///
    /// # Errors
    /// With the line and one sentence: conflict markers, a later version, anything that is no baseline.
    pub fn read(text: &str, file: &str) -> Result<Self, BaselineError> {
        if let Some(at) = text.lines().position(|line| ["<<<<<<< ", "=======", ">>>>>>> "].iter().any(|mark| line.starts_with(mark))) {
            return Err(BaselineError::Conflict { file: file.to_owned(), line: at + 1 });
        }
        let broken = |line: usize, what: String| BaselineError::Broken { file: file.to_owned(), line, what };
        // The version is looked at first: what a later version means by its other keys is unknown.
        let any: serde_json::Value = serde_json::from_str(text).map_err(|error| broken(error.line(), plain(&error)))?;
        let version =
            any.get("schema_version").and_then(serde_json::Value::as_u64).ok_or_else(|| broken(1, "no schema_version".to_owned()))?;
        if version > u64::from(SCHEMA_VERSION) {
            return Err(BaselineError::Newer { file: file.to_owned(), found: version });
        }
        let document: Document = serde_json::from_str(text).map_err(|error| broken(error.line(), plain(&error)))?;
        debug_assert_eq!(document.schema_version, version);
        let mut baseline = Self::default();
        for row in document.findings.into_iter().flatten() {
            let finding = Finding { kind: row.kind, level: row.level, graph: row.graph, from: row.from, to: row.to };
            if finding.id() != row.id {
                let line = text.lines().position(|line| line.contains(&row.id)).map_or(1, |at| at + 1);
                return Err(broken(line, format!("the id {} does not belong to what its line says", row.id)));
            }
            baseline.facts.insert(finding.clone());
            baseline.findings.insert(Accepted { finding, reason: row.reason });
        }
        for group in document.facts.into_iter().flatten() {
            let Group { kind, level, graph, from, to } = group;
            let fact = |to| Finding { kind: kind.clone(), level: level.clone(), graph: graph.clone(), from: from.clone(), to };
            baseline.facts.extend(to.into_iter().map(fact));
        }
        Ok(baseline)
    }

    /// The file's text: the same baseline gives the same bytes.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = format!("{{\n\"schema_version\": {SCHEMA_VERSION},\n\"findings\": [\n");
        for Accepted { finding, reason } in &self.findings {
            let row = Row {
                id: finding.id(),
                kind: finding.kind.clone(),
                level: finding.level.clone(),
                graph: finding.graph.clone(),
                from: finding.from.clone(),
                to: finding.to.clone(),
                reason: reason.clone(),
            };
            push_line(&mut out, &row);
        }
        out.push_str("null],\n\"facts\": [\n");
        let mut groups: BTreeMap<(&str, &str, &str, &str), Vec<String>> = BTreeMap::new();
        // An accepted finding says its fact already.
        let said: BTreeSet<&Finding> = self.findings.iter().map(|entry| &entry.finding).collect();
        for fact in self.facts.iter().filter(|fact| !said.contains(fact)) {
            groups.entry((&fact.kind, &fact.level, &fact.graph, &fact.from)).or_default().push(fact.to.clone());
        }
        for ((kind, level, graph, from), to) in groups {
            push_line(&mut out, &Group { kind: kind.into(), level: level.into(), graph: graph.into(), from: from.into(), to });
        }
        out.push_str("null]\n}\n");
        out
    }
}

fn push_line(out: &mut String, row: &impl Serialize) {
    let json = serde_json::to_string(row).expect("rows of strings become JSON");
    writeln!(out, "{json},").expect("a String takes everything");
}

/// The parser's words without the place, which the message has already.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}
