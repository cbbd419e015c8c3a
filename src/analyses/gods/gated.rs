//! Gods as the gate sees them: a class or file is new among them when its own figures grew past the limits.

use super::{Figures, FileMeasures, GOD_ATFD, GOD_FILE_LINES, GOD_WMC, God, measured_files};
use crate::analyses::gated::{Explanation, Fact, Finding, GatedRow, Place, Scope, Watched};
use crate::base::{FileId, RelPath};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

const CLASS: &str = "god-class";
const FILE: &str = "god-file";

/// The row of classes. A class is named `path:Class`.
pub static GATED_CLASSES: GatedRow = GatedRow {
    kind: CLASS,
    about: "A class that does too much, works on other objects' data and whose methods share little: every change meets it.",
    findings: |project, _| watched(project, CLASS),
    facts: |project, _| facts(project, CLASS),
    kept: |old, new, moved, _| kept(old, new, moved, CLASS),
    explain,
    places,
    says: |finding| format!("{} became a god class", finding.from),
};

/// The row of files. A file is named by its path.
pub static GATED_FILES: GatedRow = GatedRow {
    kind: FILE,
    about: "A file with so much code outside of classes that works on other objects' data: every change meets it.",
    findings: |project, _| watched(project, FILE),
    facts: |project, _| facts(project, FILE),
    kept: |old, new, moved, _| kept(old, new, moved, FILE),
    explain,
    places,
    says: |finding| format!("{} became a god file", finding.from),
};

/// The gods of a kind, by file and place.
fn gods(project: &Project, kind: &str) -> Vec<God> {
    let of = |file| {
        let mut measures = FileMeasures::new(project, file);
        if kind == CLASS { measures.classes() } else { measures.file().into_iter().collect() }
    };
    measured_files(project).flat_map(of).filter(God::is_god).collect()
}

fn finding(project: &Project, god: &God) -> Finding {
    let path = project.base.path(god.file);
    let (kind, level, from) = match god.class {
        Some(_) => (CLASS, "class", format!("{path}:{}", god.name)),
        None => (FILE, "file", path.to_owned()),
    };
    Finding { kind: kind.to_owned(), level: level.to_owned(), graph: String::new(), from, to: String::new() }
}

fn watched(project: &Project, kind: &str) -> Vec<Watched> {
    facts(project, kind).into_iter().map(|finding| Watched { finding, group: String::new() }).collect()
}

fn facts(project: &Project, kind: &str) -> Vec<Fact> {
    // A class that is written twice in a file, once under each side of an `if`, is one finding.
    let all: BTreeSet<Fact> = gods(project, kind).iter().map(|god| finding(project, god)).collect();
    all.into_iter().collect()
}

/// Gods of the new tree that were there before: under an old path, in another file, or as a class whose own figures were
/// no better, so that what changed is only how its methods hang together.
fn kept(old: &Project, new: &Project, moved: &BTreeMap<RelPath, RelPath>, kind: &str) -> Vec<Fact> {
    let before: BTreeMap<&str, &str> = moved.iter().map(|(before, after)| (after.as_str(), before.as_str())).collect();
    let old_file = |file: FileId| {
        let path = new.base.path(file);
        old.names.tree().file(before.get(path).unwrap_or(&path))
    };
    let old_gods = gods(old, kind);
    let elsewhere = |god: &God| {
        old_gods
            .iter()
            .any(|other| god.class.is_some() && other.name == god.name && !is_still_there(new, moved, old.base.path(other.file), god))
    };
    let grew = |god: &God| {
        let Some(then) = old_file(god.file).and_then(|file| figures(old, file, god)) else { return true };
        god.figures.wmc > then.wmc || god.figures.atfd > then.atfd || (god.class.is_none() && god.figures.lines > then.lines)
    };
    gods(new, kind).iter().filter(|god| elsewhere(god) || !grew(god)).map(|god| finding(new, god)).collect()
}

/// True when the file that had the class before has it today as well.
fn is_still_there(new: &Project, moved: &BTreeMap<RelPath, RelPath>, old_path: &str, god: &God) -> bool {
    let path = moved.get(&RelPath::new(old_path)).map_or(old_path, RelPath::as_str);
    new.names.tree().file(path).is_some_and(|file| {
        let facts = new.base.facts(file);
        facts.definitions().any(|(id, definition)| definition.kind.is_type() && facts.qualified_name(id) == god.name)
    })
}

/// What an older tree's class or file of the same name measured; none where it was small, so that it grew since.
fn figures(old: &Project, file: FileId, god: &God) -> Option<Figures> {
    let mut measures = FileMeasures::new(old, file);
    let then = match god.class {
        Some(_) => measures.measured_classes().into_iter().find(|class| class.name == god.name),
        None => measures.measured_file(),
    };
    then.map(|then| then.figures)
}

/// The line on which the class, or the file, begins.
fn places(project: &Project, scope: &Scope, finding: &Finding) -> Vec<Place> {
    let place = explain(project, scope, finding).place;
    place.into_iter().map(|(path, line)| Place { path, line, names: vec![finding.from.clone()] }).collect()
}

fn explain(project: &Project, _: &Scope, finding: &Finding) -> Explanation {
    let Some((path, class)) = place(finding) else { return Explanation::default() };
    let Some(file) = project.names.tree().file(path) else { return Explanation::default() };
    let mut measures = FileMeasures::new(project, file);
    let found = if class.is_empty() { measures.file() } else { measures.classes().into_iter().find(|god| god.name == class) };
    let Some(god) = found else { return Explanation::default() };
    let Figures { lines, wmc, atfd, tcc, .. } = god.figures;
    let cohesion = tcc.map_or(String::new(), |tcc| format!(", {} of {} pairs of methods share an attribute", tcc.sharing, tcc.pairs));
    let (text, because) = if class.is_empty() {
        let text = format!("{lines} lines outside of classes, which read {atfd} attributes of other objects");
        let limits =
            format!("less than {GOD_FILE_LINES} lines outside of classes, or at most {GOD_ATFD} foreign attributes, is no god file");
        (text, limits)
    } else {
        let text = format!("complexity {wmc}, reads {atfd} attributes of other objects{cohesion}");
        let limits =
            format!("a complexity below {GOD_WMC}, at most {GOD_ATFD} foreign attributes, or a third of the pairs is no god class");
        (text, limits)
    };
    Explanation {
        place: Some((path.to_owned(), god.span.line)),
        text,
        advice: Some(("split", format!("move what was added to where its data is; {because}"))),
        command: if class.is_empty() { "unpick gods".to_owned() } else { format!("unpick why {}", finding.from) },
        ..Explanation::default()
    }
}

/// The path and, where it is about one, the class of a finding.
fn place(finding: &Finding) -> Option<(&str, &str)> {
    match finding.kind.as_str() {
        CLASS => finding.from.rsplit_once(':'),
        _ => Some((&finding.from, "")),
    }
}
