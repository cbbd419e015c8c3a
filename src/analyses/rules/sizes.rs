//! Files and modules that have passed an absolute limit. What passed it is the finding; by how much is not, so that it
//! may shrink or grow without becoming another one.

use crate::analyses::before::Before;
use crate::analyses::gated::{Explanation, Fact, Finding, GatedRow, Place, Scope, Watched};
use crate::base::{FileId, RelPath};
use crate::config::Limits;
use crate::graph::views::Level;
use crate::project::Project;
use std::collections::BTreeMap;

/// The row of long files.
pub static FILE_LINES: GatedRow = GatedRow {
    kind: "file-lines",
    about: "A file with more lines than [rules] max_file_lines in unpick.toml.",
    findings: |project, scope| watched(&LINES_OF_FILES, project, scope),
    facts: |_, _| Vec::new(),
    kept: |old, new, moved, scope| kept(&LINES_OF_FILES, old, new, moved, scope),
    explain: |project, scope, finding| explain(&LINES_OF_FILES, project, scope, finding),
    places: |project, _, finding| places(&LINES_OF_FILES, project, finding),
    says: |finding| format!("{} is too long a file", finding.from),
};

/// The row of modules with many files.
pub static MODULE_FILES: GatedRow = GatedRow {
    kind: "module-files",
    about: "A module with more files than [rules] max_module_files in unpick.toml.",
    findings: |project, scope| watched(&FILES_OF_MODULES, project, scope),
    facts: |_, _| Vec::new(),
    kept: |old, new, moved, scope| kept(&FILES_OF_MODULES, old, new, moved, scope),
    explain: |project, scope, finding| explain(&FILES_OF_MODULES, project, scope, finding),
    places: |project, _, finding| places(&FILES_OF_MODULES, project, finding),
    says: |finding| format!("{} has too many files for a module", finding.from),
};

/// The row of long modules.
pub static MODULE_LINES: GatedRow = GatedRow {
    kind: "module-lines",
    about: "A module with more lines than [rules] max_module_lines in unpick.toml.",
    findings: |project, scope| watched(&LINES_OF_MODULES, project, scope),
    facts: |_, _| Vec::new(),
    kept: |old, new, moved, scope| kept(&LINES_OF_MODULES, old, new, moved, scope),
    explain: |project, scope, finding| explain(&LINES_OF_MODULES, project, scope, finding),
    places: |project, _, finding| places(&LINES_OF_MODULES, project, finding),
    says: |finding| format!("{} has too many lines for a module", finding.from),
};

/// What is measured, and what it is held against.
struct Measure {
    kind: &'static str,
    key: &'static str,
    unit: &'static str,
    level: Level,
    limit: fn(&Limits) -> Option<u32>,
    of_file: fn(&Project, FileId) -> u64,
}

const LINES: fn(&Project, FileId) -> u64 = |project, file| u64::from(project.base.facts(file).lines);

static LINES_OF_FILES: Measure = Measure {
    kind: "file-lines",
    key: "max_file_lines",
    unit: "lines",
    level: Level::File,
    limit: |limits| limits.file_lines,
    of_file: LINES,
};
static FILES_OF_MODULES: Measure = Measure {
    kind: "module-files",
    key: "max_module_files",
    unit: "files",
    level: Level::Module,
    limit: |limits| limits.module_files,
    of_file: |_, _| 1,
};
static LINES_OF_MODULES: Measure = Measure {
    kind: "module-lines",
    key: "max_module_lines",
    unit: "lines",
    level: Level::Module,
    limit: |limits| limits.module_lines,
    of_file: LINES,
};

/// The files of everything that has a size, by name.
fn files<'a>(measure: &Measure, project: &'a Project) -> BTreeMap<&'a str, Vec<FileId>> {
    let mut all: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
    for file in project.own_files() {
        let name = match measure.level {
            Level::File => project.base.path(file),
            Level::Module => project.names.module(file).name.as_str(),
        };
        all.entry(name).or_default().push(file);
    }
    all
}

fn sum(measure: &Measure, project: &Project, files: impl IntoIterator<Item = FileId>) -> u64 {
    files.into_iter().map(|file| (measure.of_file)(project, file)).sum()
}

/// What has passed the limit, with its files.
fn passed<'a>(measure: &Measure, project: &'a Project, scope: &Scope) -> BTreeMap<&'a str, Vec<FileId>> {
    let Some(limit) = (measure.limit)(&scope.rules.limits) else { return BTreeMap::new() };
    let mut all = files(measure, project);
    all.retain(|_, files| sum(measure, project, files.iter().copied()) > u64::from(limit));
    all
}

fn finding(measure: &Measure, name: &str) -> Finding {
    let [kind, level, from] = [measure.kind, measure.level.word(), name].map(str::to_owned);
    Finding { kind, level, graph: String::new(), from, to: String::new() }
}

fn watched(measure: &Measure, project: &Project, scope: &Scope) -> Vec<Watched> {
    let all = passed(measure, project, scope).into_keys().map(|name| finding(measure, name));
    all.map(|finding| Watched { group: finding.id(), finding }).collect()
}

/// What is too large under another name than before without having grown. What was too large under the same name is
/// left to the baseline: a limit may be younger than what has passed it.
fn kept(measure: &Measure, old: &Project, new: &Project, moved: &BTreeMap<RelPath, RelPath>, scope: &Scope) -> Vec<Fact> {
    let before = Before::of(old, new, moved);
    let then = passed(measure, old, scope);
    let as_large_before = |files: &[FileId]| {
        let old_files: Option<Vec<FileId>> = files.iter().map(|file| before.file(*file)).collect();
        old_files.is_some_and(|old_files| sum(measure, old, old_files) >= sum(measure, new, files.iter().copied()))
    };
    let now = passed(measure, new, scope);
    let kept = now.iter().filter(|(name, files)| !then.contains_key(*name) && as_large_before(files));
    kept.map(|(name, _)| finding(measure, name)).collect()
}

fn places(measure: &Measure, project: &Project, finding: &Finding) -> Vec<Place> {
    let names = vec![finding.from.clone()];
    let files = files(measure, project).remove(finding.from.as_str()).unwrap_or_default();
    files.into_iter().map(|file| Place { path: project.base.path(file).to_owned(), line: 1, names: names.clone() }).collect()
}

fn explain(measure: &Measure, project: &Project, scope: &Scope, finding: &Finding) -> Explanation {
    let files = files(measure, project).remove(finding.from.as_str()).unwrap_or_default();
    let size = sum(measure, project, files.iter().copied());
    let largest = files.iter().max_by_key(|file| (LINES(project, **file), std::cmp::Reverse(**file)));
    Explanation {
        place: largest.map(|file| (project.base.path(*file).to_owned(), 1)),
        text: format!("{size} {}", measure.unit),
        more_places: files.len().saturating_sub(1),
        rule: (measure.limit)(&scope.rules.limits).map(|limit| format!("{} = {limit}, and it has {size} {}", measure.key, measure.unit)),
        command: format!("unpick why {}", finding.from),
        ..Explanation::default()
    }
}
