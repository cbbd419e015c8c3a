//! Which files can have to do with routers: those that make them, those that can get them from there, and those that are
//! handed them. Only functions of these are entered, so that reading routes costs nothing where there are none.

use super::verbs::{may_register, of_package};
use crate::base::FileId;
use crate::facts::Target;
use crate::names::{FactBase, Names};
use rustc_hash::{FxHashMap, FxHashSet};

/// How many imports away from a file that makes a router it can be handed on to.
const UP: usize = 3;
const DOWN: usize = 8;

/// The files whose functions are entered.
pub(super) fn concerned(base: &FactBase, names: &Names, files: &[FileId]) -> FxHashSet<FileId> {
    let mut importers: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
    for file in files {
        for target in names.imports(*file).iter().filter_map(|meaning| meaning.file()) {
            importers.entry(target).or_default().push(*file);
        }
    }
    let mut found: FxHashSet<FileId> = files.iter().filter(|file| makes_routers(base, **file)).copied().collect();
    let registers: FxHashSet<FileId> = files.iter().filter(|file| registers(base, **file)).copied().collect();
    spread(&mut found, UP, |file| importers.get(&file).into_iter().flatten().copied().collect());
    let mut below = found.clone();
    spread(&mut below, DOWN, |file| names.imports(file).iter().filter_map(|meaning| meaning.file()).collect());
    found.extend(below.into_iter().filter(|file| registers.contains(file)));
    found
}

fn spread(found: &mut FxHashSet<FileId>, rounds: usize, next: impl Fn(FileId) -> Vec<FileId>) {
    let mut edge: Vec<FileId> = found.iter().copied().collect();
    for _ in 0..rounds {
        edge = edge.into_iter().flat_map(&next).filter(|file| found.insert(*file)).collect();
    }
}

/// True for files that import a server framework.
fn makes_routers(base: &FactBase, file: FileId) -> bool {
    let facts = base.facts(file);
    facts.imports.iter().any(|import| match import.target {
        Target::Package(package) => !import.type_only && of_package(facts.text(package)).is_some(),
        _ => false,
    })
}

fn registers(base: &FactBase, file: FileId) -> bool {
    let facts = base.facts(file);
    facts.calls.iter().any(|call| may_register(facts, call))
}
