//! What tables are used for (PLAN.md A.5, order of A.11).

use super::{COMMON_PERCENT, TableKind, counts};
use crate::bind::{Access, Operation, Table, TableId};
use crate::names::ModuleId;
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// The kind of a table: the first that holds.
pub(super) fn kind(
    project: &Project,
    table: TableId,
    accesses: &[&Access],
    readers: &BTreeMap<ModuleId, u32>,
    writers: &BTreeMap<ModuleId, u32>,
    modules: usize,
) -> TableKind {
    let row = &project.resolution.tables.rows[table.index()];
    if row.declared.is_empty() {
        return TableKind::Ghost;
    }
    if accesses.is_empty() {
        return TableKind::Orphan;
    }
    let writes: Vec<&&Access> = accesses.iter().filter(|access| counts(access) && access.at.operation == Operation::Write).collect();
    let by_hand = |access: &&&Access| is_administration(project.base.path(access.at.file));
    if !readers.is_empty() && readers.len() * 100 >= modules * COMMON_PERCENT && writes.iter().all(by_hand) {
        return TableKind::Reference;
    }
    if !writes.is_empty() && writes.iter().all(|access| adds(&access.at.verb)) && has_times(row) {
        return TableKind::Log;
    }
    let modules_of = |wanted: &dyn Fn(&str) -> bool| -> BTreeSet<ModuleId> {
        let chosen = writes.iter().filter(|access| wanted(&access.at.verb));
        chosen.map(|access| project.names.module_of[access.at.file.index()]).collect()
    };
    let adding = modules_of(&adds);
    let removing = modules_of(&removes);
    let changing = modules_of(&|verb| !adds(verb) && !removes(verb));
    if changing.is_empty() && adding.len() == 1 && removing.len() == 1 && adding != removing {
        return TableKind::Queue;
    }
    if writers.len() > 1 { TableKind::MultiWriter } else { TableKind::SingleWriter }
}

/// True for a verb that adds rows and changes none.
fn adds(verb: &str) -> bool {
    let verb = verb.to_lowercase();
    let begins = ["create", "insert", "bulk_create", "bulkcreate", "acreate", "abulk_create"].iter().any(|word| verb.starts_with(word));
    (begins || matches!(verb.as_str(), "construct" | "add_all"))
        && !verb.contains("update")
        && !verb.contains("_or_")
        && !verb.contains("onduplicate")
}

/// True for a verb that takes rows away.
fn removes(verb: &str) -> bool {
    let verb = verb.to_lowercase();
    ["delete", "adelete", "truncate", "destroy", "forcedelete"].iter().any(|word| verb.starts_with(word))
}

/// A log says when something happened; rows that are only added and carry no time are what a program is set up with.
fn has_times(table: &Table) -> bool {
    let says_when = |name: &str, type_name: Option<&str>| {
        let (name, type_name) = (name.to_lowercase(), type_name.unwrap_or_default().to_lowercase());
        ["date", "time", "created", "logged", "stamp"].iter().any(|word| name.contains(word))
            || name.ends_with("_at")
            || ["date", "time"].iter().any(|word| type_name.contains(word))
    };
    table.columns.is_empty() || table.columns.iter().any(|column| says_when(&column.name, column.type_name.as_deref()))
}

/// Code that people run by hand or through an administration page.
fn is_administration(path: &str) -> bool {
    let by_hand = |part| matches!(part, "admin" | "admin.py" | "commands" | "fixtures" | "seeds" | "seeders" | "seed" | "migrations");
    path.split('/').any(by_hand) || is_upgrade(path)
}

/// A script that sets a database up or brings it up to date: those of Moodle's `db` folders, and of Magento's setup folders.
pub(super) fn is_upgrade(path: &str) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let of_schema =
        folder.rsplit('/').next() == Some("db") && matches!(file, "upgrade.php" | "upgradelib.php" | "install.php" | "uninstall.php");
    of_schema || folder.rsplit('/').next().is_some_and(|name| name.ends_with("_setup")) && file.ends_with(".php")
}
