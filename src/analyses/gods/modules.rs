//! Modules that everything hangs on, that hang on everything, or that are most of the application.

use super::{TABLES, measured_files, sure_accesses};
use crate::graph::views::{Level, Reading, view};
use crate::names::ModuleId;
use crate::project::Project;
use std::collections::BTreeSet;

/// A module with at least two of the marks (PLAN.md A.4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GodModule {
    /// The module.
    pub module: ModuleId,
    /// How many modules need it at run time.
    pub afferent: u64,
    /// How many modules it needs at run time.
    pub efferent: u64,
    /// Its lines, without migrations and what is left out.
    pub lines: u64,
    /// All modules' lines.
    pub all_lines: u64,
    /// The marks it has.
    pub reasons: Vec<&'static str>,
}

/// A figure is a mark from here on, and only when it is among the highest twentieth.
const LEAST_DEPENDENCIES: u64 = 10;
/// Percent of all lines.
const SHARE_OF_LINES: u64 = 15;
/// How many marks make a god.
const MARKS: usize = 2;

/// The god modules, by name.
#[must_use]
pub fn god_modules(project: &Project) -> Vec<GodModule> {
    let modules = project.names.modules.len();
    let (mut afferent, mut efferent) = (vec![0; modules], vec![0; modules]);
    let graph = view(&project.base, &project.names, &project.resolution, &project.graph, Level::Module, Reading::Runtime);
    for edge in graph.edges() {
        efferent[edge.from as usize] += 1;
        afferent[edge.to as usize] += 1;
    }
    let mut lines = vec![0; modules];
    let mut tables = vec![BTreeSet::new(); modules];
    for file in measured_files(project) {
        let module = project.names.module_of[file.index()].index();
        lines[module] += u64::from(project.base.facts(file).lines);
        tables[module].extend(sure_accesses(project, file).map(|access| access.table));
    }
    let all_lines: u64 = lines.iter().sum();
    let with_code = |figures: &[u64]| (0..modules).filter(|at| lines[*at] > 0).map(|at| figures[at]).collect::<Vec<u64>>();
    let many_afferent = percentile_95(with_code(&afferent)).max(LEAST_DEPENDENCIES);
    let many_efferent = percentile_95(with_code(&efferent)).max(LEAST_DEPENDENCIES);
    // A fifth of all tables where there are many (PLAN.md A.4).
    let many_tables = project.resolution.tables.rows.len().div_ceil(5).max(TABLES as usize);
    let marks = |at: usize| {
        let all = [
            ("afferent", afferent[at] >= many_afferent),
            ("efferent", efferent[at] >= many_efferent),
            ("tables", tables[at].len() >= many_tables),
            ("lines", all_lines > 0 && lines[at] * 100 >= all_lines * SHARE_OF_LINES),
        ];
        all.into_iter().filter(|(_, has)| *has).map(|(mark, _)| mark).collect::<Vec<_>>()
    };
    (0..modules)
        .map(|at| GodModule {
            module: ModuleId(u32::try_from(at).expect("modules are counted in u32")),
            afferent: afferent[at],
            efferent: efferent[at],
            lines: lines[at],
            all_lines,
            reasons: marks(at),
        })
        .filter(|module| module.reasons.len() >= MARKS)
        .collect()
}

/// The smallest figure that at least 95 % of the figures do not exceed (nearest rank); 0 for none.
fn percentile_95(mut figures: Vec<u64>) -> u64 {
    figures.sort_unstable();
    let rank = (figures.len() * 95).div_ceil(100);
    rank.checked_sub(1).map_or(0, |at| figures[at])
}

#[cfg(test)]
mod tests {
    use super::percentile_95;

    #[test]
    fn the_percentile_is_the_nearest_rank() {
        assert_eq!(percentile_95(Vec::new()), 0);
        assert_eq!(percentile_95(vec![7]), 7);
        assert_eq!(percentile_95((1..=100).rev().collect()), 95);
        assert_eq!(percentile_95((1..=20).collect()), 19);
    }
}
