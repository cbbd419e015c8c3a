//! Tables in a drawing of modules: the few that matter most, with those who write them and those who read them.

use crate::analyses::tables::TableUse;
use crate::reports::Outcome;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// So many tables are drawn at most.
const TABLES: usize = 12;
/// So many readers of a table are drawn; writers all are.
const READERS: usize = 4;

/// A table.
pub(in crate::reports) struct TableBox {
    /// Its name.
    pub(in crate::reports) name: String,
}

/// A module's use of a table.
pub(in crate::reports) struct UseArrow {
    /// Index of the module's box.
    pub(in crate::reports) from: usize,
    /// Index of the table's box.
    pub(in crate::reports) to: usize,
    /// It writes; else it only reads.
    pub(in crate::reports) writes: bool,
}

/// What is drawn of the tables.
#[derive(Default)]
pub(in crate::reports) struct Tables {
    pub(in crate::reports) boxes: Vec<TableBox>,
    pub(in crate::reports) arrows: Vec<UseArrow>,
    /// Shared tables that are not drawn.
    pub(in crate::reports) left_out: usize,
}

/// Chooses tables that several of the drawn modules use and at least one writes: those with the most writers first, then
/// the most users. Around a focus, tables of the modules in focus come first.
pub(super) fn choose(outcome: &Outcome, place: &BTreeMap<u32, usize>, focus: Option<&BTreeSet<u32>>) -> Tables {
    let drawn = |uses: &TableUse| uses.accessors().iter().filter(|module| place.contains_key(&module.0)).count();
    let near = |uses: &TableUse| focus.is_some_and(|focus| uses.accessors().iter().any(|module| focus.contains(&module.0)));
    let mut candidates: Vec<&TableUse> =
        outcome.findings.tables.uses.iter().filter(|uses| !uses.writers.is_empty() && drawn(uses) > 1).collect();
    candidates.sort_by_key(|uses| (!near(uses), Reverse((uses.writers.len(), drawn(uses))), uses.table));
    let left_out = candidates.len().saturating_sub(TABLES);
    let mut chosen: Vec<&TableUse> = candidates.into_iter().take(TABLES).collect();
    chosen.sort_by_key(|uses| uses.table);
    let mut tables = Tables { left_out, ..Tables::default() };
    for (to, uses) in chosen.into_iter().enumerate() {
        let name = outcome.project.resolution.tables.rows[uses.table.index()].name.clone();
        tables.boxes.push(TableBox { name });
        let writers = uses.writers.keys().filter_map(|module| place.get(&module.0));
        tables.arrows.extend(writers.map(|from| UseArrow { from: *from, to, writes: true }));
        let mut readers: Vec<_> = uses.readers.iter().filter(|(module, _)| !uses.writers.contains_key(module)).collect();
        readers.sort_by_key(|(module, count)| (Reverse(**count), **module));
        let readers = readers.into_iter().filter_map(|(module, _)| place.get(&module.0)).take(READERS);
        tables.arrows.extend(readers.map(|from| UseArrow { from: *from, to, writes: false }));
    }
    tables
}
