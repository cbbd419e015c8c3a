//! Tables as the gate sees them: a module that writes a table it did not write before.

use super::{counts, is_past};
use crate::analyses::gated::{Explanation, Fact, Finding, GatedRow, Place, Scope, Watched};
use crate::base::{FileId, RelPath};
use crate::bind::Access;
use crate::bind::Operation;
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

const KIND: &str = "table-writer";

/// The row of writers: from the table, to the module. The module that declares a table may always write it.
pub static GATED: GatedRow = GatedRow {
    kind: KIND,
    about: "One more module writes a table of another: whoever takes the table out has to find and reroute this write.",
    findings: |project, _| facts(project).into_iter().map(|finding| Watched { finding, group: String::new() }).collect(),
    facts: |project, _| facts(project),
    kept: |old, new, moved, _| kept(old, new, moved),
    explain,
    places,
    says: |finding| format!("{} writes {}", finding.to, finding.from),
};

/// Writes that count, outside of the module that declares the table.
fn writes(project: &Project) -> impl Iterator<Item = (&Access, Finding)> {
    let tables = &project.resolution.tables;
    let written = |access: &&Access| counts(access) && access.at.operation == Operation::Write && !is_past(project, access);
    tables.accesses.iter().filter(written).filter_map(|access| {
        let table = &tables.rows[access.table.index()];
        let module = project.names.module_of[access.at.file.index()];
        let is_home = !table.declared.is_empty() && table.module == module;
        (!is_home).then(|| (access, finding(&table.name, &project.names.modules[module.index()].name)))
    })
}

fn finding(table: &str, module: &str) -> Finding {
    Finding { kind: KIND.to_owned(), level: "table".to_owned(), graph: String::new(), from: table.to_owned(), to: module.to_owned() }
}

fn facts(project: &Project) -> Vec<Fact> {
    let all: BTreeSet<Fact> = writes(project).map(|(_, finding)| finding).collect();
    all.into_iter().collect()
}

/// Writes of today that an older tree had in the same file, whatever its module was called then.
fn kept(old: &Project, new: &Project, moved: &BTreeMap<RelPath, RelPath>) -> Vec<Fact> {
    let today = |file: FileId| {
        let path = RelPath::new(old.base.path(file));
        moved.get(&path).cloned().unwrap_or(path)
    };
    let old_tables = &old.resolution.tables;
    let before: BTreeSet<(RelPath, String)> = old_tables
        .accesses
        .iter()
        .filter(|access| counts(access) && access.at.operation == Operation::Write && !is_past(old, access))
        .map(|access| (today(access.at.file), old_tables.rows[access.table.index()].name.to_lowercase()))
        .collect();
    // A finding is kept when all places behind it were there.
    let mut places: BTreeMap<Finding, bool> = BTreeMap::new();
    for (access, finding) in writes(new) {
        let place = (RelPath::new(new.base.path(access.at.file)), finding.from.to_lowercase());
        let was_there = before.contains(&place);
        *places.entry(finding).or_insert(true) &= was_there;
    }
    places.into_iter().filter(|(_, kept)| *kept).map(|(finding, _)| finding).collect()
}

fn places(project: &Project, _: &Scope, wanted: &Finding) -> Vec<Place> {
    let place = |access: &Access| Place {
        path: project.base.path(access.at.file).to_owned(),
        line: access.at.line,
        names: vec![wanted.from.clone()],
    };
    writes(project).filter(|(_, finding)| finding == wanted).map(|(access, _)| place(access)).collect()
}

fn explain(project: &Project, _: &Scope, wanted: &Finding) -> Explanation {
    let places: Vec<&Access> = writes(project).filter(|(_, finding)| finding == wanted).map(|(access, _)| access).collect();
    let Some(first) = places.first() else { return Explanation::default() };
    let table = &project.resolution.tables.rows[first.table.index()];
    let home = &project.names.modules[table.module.index()].name;
    let sentence = if table.declared.is_empty() {
        "nothing here declares this table: decide who owns it, and write it through the owner".to_owned()
    } else {
        format!("let {home} write its table: call a function of it instead")
    };
    Explanation {
        place: Some((project.base.path(first.at.file).to_owned(), first.at.line)),
        text: format!("{} writes {}", first.at.verb, table.name),
        more_places: places.len() - 1,
        advice: Some(("route", sentence)),
        command: format!("unpick why {} {}", wanted.to, table.name),
        ..Explanation::default()
    }
}
