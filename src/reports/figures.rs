//! Counts that several reports print, each counted once and in one way.

use super::Outcome;
use crate::base::{FileId, Status, Tag};
use crate::graph::views::{Level, Reading, view};
use crate::names::FileEntry;
use crate::project::Project;
use std::collections::BTreeMap;

/// Files and what is in them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Size {
    /// How many files.
    pub(super) files: u64,
    /// Their lines.
    pub(super) lines: u64,
    /// Their bytes on disk.
    pub(super) bytes: u64,
}

impl Size {
    fn add(&mut self, file: &FileEntry) {
        self.files += 1;
        self.lines += u64::from(file.facts.lines);
        self.bytes += file.source.bytes;
    }
}

/// Figures of the whole tree.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Totals {
    /// The application's own files: read, and not left out by their tags. Migrations are among them.
    pub(super) own: Size,
    /// The same by language.
    pub(super) languages: BTreeMap<&'static str, Size>,
    /// Files that are left out, by tag; one with two tags counts under both.
    pub(super) left_out: BTreeMap<Tag, u64>,
    /// How many files are left out.
    pub(super) left_out_files: u64,
    /// Files read without doubt, tests included.
    pub(super) parsed: u64,
    /// Files read around damage.
    pub(super) recovered: u64,
    /// Files not read, the left out ones included.
    pub(super) skipped: u64,
    /// Files not read though they are the application's own.
    pub(super) own_skipped: u64,
}

impl Totals {
    /// Counts once over all files.
    pub(super) fn of(project: &Project) -> Self {
        let mut totals = Self::default();
        for file in &project.base.files {
            match file.status {
                Status::Parsed => totals.parsed += 1,
                Status::Recovered(_) => totals.recovered += 1,
                Status::Skipped(_) => totals.skipped += 1,
            }
            if file.left_out {
                totals.left_out_files += 1;
                for tag in file.tags.iter().filter(|tag| *tag != Tag::Migration) {
                    *totals.left_out.entry(tag).or_default() += 1;
                }
            } else if matches!(file.status, Status::Skipped(_)) {
                totals.own_skipped += 1;
            } else {
                totals.own.add(file);
                totals.languages.entry(file.source.language.0).or_default().add(file);
            }
        }
        totals
    }
}

/// Figures of one module.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct ModuleFigures {
    /// Its files and lines, without what is left out and without migrations.
    pub(super) size: Size,
    /// How many other modules depend on it at run time.
    pub(super) afferent: u64,
    /// How many other modules it depends on at run time.
    pub(super) efferent: u64,
}

impl ModuleFigures {
    /// Ce / (Ca + Ce) in thousandths, rounded half up; 0 for a module that stands alone.
    pub(super) fn instability(self) -> u64 {
        let total = self.afferent + self.efferent;
        if total == 0 { 0 } else { (self.efferent * 2000 + total) / (2 * total) }
    }
}

/// Figures of every module, in module order.
pub(super) fn modules(project: &Project) -> Vec<ModuleFigures> {
    let mut figures = vec![ModuleFigures::default(); project.names.modules.len()];
    for id in project.base.ids().filter(|id| is_counted(project, *id)) {
        figures[project.names.module_of[id.index()].index()].size.add(project.base.file(id));
    }
    let graph = view(&project.base, &project.names, &project.resolution, &project.graph, Level::Module, Reading::Runtime);
    for edge in graph.edges() {
        figures[edge.from as usize].efferent += 1;
        figures[edge.to as usize].afferent += 1;
    }
    figures
}

/// True for a file that counts in a module's figures: its own code, and no migration.
fn is_counted(project: &Project, id: FileId) -> bool {
    let file = project.base.file(id);
    !file.left_out && !file.tags.contains(Tag::Migration) && !matches!(file.status, Status::Skipped(_))
}

/// How many modules hold code of the application: modules of tests alone are listed, but not counted.
pub(super) fn modules_with_code(figures: &[ModuleFigures]) -> usize {
    figures.iter().filter(|module| module.size.files > 0).count()
}

/// How many cycles there are at a level in a reading.
pub(super) fn cycles(outcome: &Outcome, level: Level, reading: Reading) -> usize {
    outcome.findings.cycles.iter().filter(|cycle| (cycle.level, cycle.reading) == (level, reading)).count()
}

#[cfg(test)]
mod tests {
    use super::ModuleFigures;

    #[test]
    fn instability_is_rounded_half_up_and_zero_for_a_loner() {
        let of = |afferent, efferent| ModuleFigures { afferent, efferent, ..ModuleFigures::default() }.instability();
        assert_eq!([of(0, 0), of(0, 5), of(5, 0), of(1, 1), of(1, 2), of(2, 1), of(15, 1)], [0, 1000, 0, 500, 667, 333, 63]);
    }
}
