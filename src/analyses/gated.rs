//! What the gate watches. An analysis that has something to gate adds a row here; the gate itself knows no analysis.

use super::{cycles, gods, rules, tables};
use crate::base::RelPath;
use crate::config::Rules;
use crate::graph::views::{Level, Reading};
use crate::project::Project;
use std::collections::BTreeMap;

/// Something the gate may refuse. Its identity is what it says, never where it stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Finding {
    /// Which sort: `cycle-edge`, `god-class`, ...
    pub kind: String,
    /// Files, modules, classes, ...
    pub level: String,
    /// Which references count; empty where that makes no difference.
    pub graph: String,
    /// The one that depends, or has the fault.
    pub from: String,
    /// The one it depends on; empty where the fault is its own.
    pub to: String,
}

impl Finding {
    /// Sixteen hexadecimal digits over what the finding says (FNV-1a, 64 bits): no line, no path of evidence.
    #[must_use]
    pub fn id(&self) -> String {
        fingerprint(&[&self.kind, &self.level, &self.graph, &self.from, &self.to])
    }
}

/// A finding together with what it rests on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Watched {
    /// The finding.
    pub finding: Finding,
    /// What else the finding belongs to: for an edge, its component. Effects are shown with the cause of their group.
    pub group: String,
}

/// A fact that a finding of the same words rests on: the dependency behind a cycle edge. A finding is only new when its
/// fact is new as well; an old dependency that a new one makes cyclic is that one's effect.
pub type Fact = Finding;

/// What to watch.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Levels, module by default.
    pub levels: Vec<Level>,
    /// Readings, runtime by default.
    pub readings: Vec<Reading>,
    /// What the team has decided; holds at every level and reading.
    pub rules: Rules,
}

impl Default for Scope {
    fn default() -> Self {
        Self { levels: vec![Level::Module], readings: vec![Reading::Runtime], rules: Rules::default() }
    }
}

/// Why a finding matters and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Explanation {
    /// The place that made it.
    pub place: Option<(String, u32)>,
    /// What is written there.
    pub text: String,
    /// Further places.
    pub more_places: usize,
    /// The shortest cycle it closes, without the way back to its start; empty for other kinds.
    pub shortest: Vec<String>,
    /// The advice's word and its sentence.
    pub advice: Option<(&'static str, String)>,
    /// The rule it breaks, in words, where it breaks one.
    pub rule: Option<String>,
    /// The command that shows more.
    pub command: String,
}

/// A line that makes a finding what it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line, 1-based.
    pub line: u32,
    /// What that line depends on, by every name it goes by: module, file, symbol, table.
    pub names: Vec<String>,
}

/// One analysis with something to gate.
pub struct GatedRow {
    /// The kind of its findings.
    pub kind: &'static str,
    /// What a reader should know about the kind, one sentence.
    pub about: &'static str,
    /// Its findings now.
    pub findings: fn(&Project, &Scope) -> Vec<Watched>,
    /// The facts they rest on, now.
    pub facts: fn(&Project, &Scope) -> Vec<Fact>,
    /// Facts of the second tree that were true in the first although its own facts do not name them: dependencies whose
    /// every reference was there, but between modules that were cut otherwise. The map has old paths and their new ones.
    pub kept: fn(&Project, &Project, &BTreeMap<RelPath, RelPath>, &Scope) -> Vec<Fact>,
    /// Explains one of its findings.
    pub explain: fn(&Project, &Scope, &Finding) -> Explanation,
    /// Every line behind one of its findings: when all of them are gone, so is the finding. Cheap, unlike `explain`.
    pub places: fn(&Project, &Scope, &Finding) -> Vec<Place>,
    /// What a finding says, in words: `cart -> orders closes a cycle of modules`.
    pub says: fn(&Finding) -> String,
}

/// Everything gated.
pub static GATED: [&GatedRow; 9] = [
    &cycles::GATED, //
    &gods::GATED_CLASSES,
    &gods::GATED_FILES,
    &tables::GATED,
    &rules::FORBIDDEN,
    &rules::LAYERS,
    &rules::FILE_LINES,
    &rules::MODULE_FILES,
    &rules::MODULE_LINES,
];

/// The findings of every row, sorted.
#[must_use]
pub fn findings(project: &Project, scope: &Scope) -> Vec<Watched> {
    let mut all: Vec<Watched> = GATED.iter().flat_map(|row| (row.findings)(project, scope)).collect();
    all.sort();
    all
}

/// The facts of every row, sorted.
#[must_use]
pub fn facts(project: &Project, scope: &Scope) -> Vec<Fact> {
    let mut all: Vec<Fact> = GATED.iter().flat_map(|row| (row.facts)(project, scope)).collect();
    all.sort();
    all
}

fn row(finding: &Finding) -> Option<&'static GatedRow> {
    GATED.iter().find(|row| row.kind == finding.kind).copied()
}

/// Explains a finding of any row.
#[must_use]
pub fn explain(project: &Project, scope: &Scope, finding: &Finding) -> Explanation {
    row(finding).map_or_else(Explanation::default, |row| (row.explain)(project, scope, finding))
}

/// Every line behind a finding of any row, sorted.
#[must_use]
pub fn places(project: &Project, scope: &Scope, finding: &Finding) -> Vec<Place> {
    let mut places = row(finding).map_or_else(Vec::new, |row| (row.places)(project, scope, finding));
    places.sort();
    places
}

/// What a finding of any row says; kinds of later versions are told as they are written.
#[must_use]
pub fn says(finding: &Finding) -> String {
    match row(finding) {
        Some(row) => (row.says)(finding),
        None if finding.to.is_empty() => format!("{}: {}", finding.from, finding.kind),
        None => format!("{} -> {}: {}", finding.from, finding.to, finding.kind),
    }
}

/// FNV-1a over texts, each ended by a zero byte (Fowler, Noll, Vo; the 64-bit parameters of the IETF draft).
#[must_use]
pub fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.iter().flat_map(|part| part.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
