//! Tables: who reads and writes them, who owns them, which are shared and which have grown into gods.
//!
//! PLAN.md A.5 (owner, kinds), A.4 (god tables) and A.11 (order of the kinds, sharing classes).

mod families;
mod gated;
mod gods;
mod kinds;
mod splits;

pub use families::{Family, FamilyKind, Member, families};
pub use gated::GATED;
pub use gods::{GodTable, Mark};
pub use splits::{Part, Split, splits};

use crate::base::{Certainty, FileId, Language, Tag};
use crate::bind::Operation;
use crate::bind::{Access, Declaration, DeclaredBy, Table, TableId};
use crate::names::ModuleId;
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// Accesses less sure than this are listed but make nobody a reader or writer.
pub const SURE: Certainty = Certainty(60);

/// Share of all modules that read a table everybody reads, in percent.
const COMMON_PERCENT: usize = 30;

/// What a table is used for; the first that holds (PLAN.md A.11).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TableKind {
    /// Used, but declared nowhere.
    Ghost,
    /// Declared, but used nowhere.
    Orphan,
    /// Written only by migrations, seeds and administration, read by three modules of ten.
    Reference,
    /// Rows are only ever added.
    Log,
    /// One module adds rows, another removes them.
    Queue,
    /// Several modules write it.
    MultiWriter,
    /// At most one module writes it.
    SingleWriter,
}

impl TableKind {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ghost => "ghost",
            Self::Orphan => "orphan",
            Self::Reference => "reference",
            Self::Log => "log",
            Self::Queue => "queue",
            Self::MultiWriter => "multi_writer",
            Self::SingleWriter => "single_writer",
        }
    }
}

/// Who uses a table (PLAN.md A.11).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sharing {
    /// One module at most.
    Exclusive,
    /// Several.
    Shared,
    /// A reference table, or read by three modules of ten.
    Common,
}

impl Sharing {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Exclusive => "exclusive",
            Self::Shared => "shared",
            Self::Common => "common",
        }
    }
}

/// Who a table belongs to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Owner {
    /// The module.
    pub module: ModuleId,
    /// Its share of all candidates' scores, in thousandths.
    pub confidence: u32,
}

impl Owner {
    /// From here on the owner is taken for granted; below it people have to decide.
    pub const CLEAR: u32 = 500;

    /// True when nobody has to decide.
    #[must_use]
    pub fn is_clear(self) -> bool {
        self.confidence >= Self::CLEAR
    }
}

/// One table with what its uses say.
#[derive(Clone, PartialEq, Debug)]
pub struct TableUse {
    /// The table.
    pub table: TableId,
    /// Places that read it, by module.
    pub readers: BTreeMap<ModuleId, u32>,
    /// Places that write it, by module; rows that go because a row elsewhere is deleted are not counted.
    pub writers: BTreeMap<ModuleId, u32>,
    /// Places that are less sure.
    pub unsure: u32,
    /// Who it belongs to, where anybody has a claim.
    pub owner: Option<Owner>,
    /// What it is used for.
    pub kind: TableKind,
    /// Who uses it.
    pub sharing: Sharing,
}

impl TableUse {
    /// Modules that read or write it.
    #[must_use]
    pub fn accessors(&self) -> BTreeSet<ModuleId> {
        self.readers.keys().chain(self.writers.keys()).copied().collect()
    }

    /// Several modules could own it: they write it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.writers.len() > 1
    }
}

/// What is known of all tables.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct TableFindings {
    /// One row per table, in table order.
    pub uses: Vec<TableUse>,
    /// Tables that have grown into gods, worst first.
    pub gods: Vec<GodTable>,
}

impl TableFindings {
    /// Tables that several modules write, worst first: more writers, then more accessors, then name.
    #[must_use]
    pub fn shared(&self) -> Vec<&TableUse> {
        let mut rows: Vec<&TableUse> = self.uses.iter().filter(|row| row.is_shared()).collect();
        rows.sort_by_key(|row| (std::cmp::Reverse((row.writers.len(), row.accessors().len())), row.table));
        rows
    }
}

/// Looks at every table.
#[must_use]
pub fn tables(project: &Project) -> TableFindings {
    let tables = &project.resolution.tables;
    let mut of_table: Vec<Vec<&Access>> = vec![Vec::new(); tables.rows.len()];
    for access in tables.accesses.iter().filter(|access| !is_past(project, access)) {
        of_table[access.table.index()].push(access);
    }
    let bags = model_bags(project, &of_table);
    let homes = Homes::of(project);
    let modules = modules_with_code(project);
    let own: BTreeSet<ModuleId> = modules_that_run(project).difference(&bags).copied().collect();
    let uses: Vec<TableUse> = (0u32..)
        .map(TableId)
        .zip(&of_table)
        .map(|(table, accesses)| table_use(project, table, accesses, (&own, &homes), modules))
        .collect();
    let gods = gods::gods(project, &uses, &of_table, modules);
    TableFindings { uses, gods }
}

fn modules_with_code(project: &Project) -> usize {
    project.own_files().map(|file| project.names.module_of[file.index()]).collect::<BTreeSet<_>>().len()
}

/// Modules with code that runs in the application. A folder of nothing but migrations or SQL defines tables for others.
fn modules_that_run(project: &Project) -> BTreeSet<ModuleId> {
    let runs = |file: &FileId| {
        let row = project.base.file(*file);
        row.source.language != Language::SQL && !row.tags.contains(Tag::Migration)
    };
    project.own_files().filter(runs).map(|file| project.names.module_of[file.index()]).collect()
}

/// True for accesses that count as evidence of a module's own doing.
fn counts(access: &Access) -> bool {
    access.at.certainty >= SURE && access.at.operation != Operation::Ddl && access.at.verb != "cascade"
}

/// True for what a migration does to rows: it was done once, and says nothing of who uses the table today.
#[must_use]
pub fn is_past(project: &Project, access: &Access) -> bool {
    access.at.operation != Operation::Ddl && project.base.file(access.at.file).tags.contains(Tag::Migration)
}

/// True for a table that nothing declares and only migrations and upgrade scripts name: it was there once.
#[must_use]
pub fn is_gone(project: &Project, table: TableId) -> bool {
    let past = |access: &Access| {
        let file = project.base.file(access.at.file);
        file.tags.contains(Tag::Migration) || kinds::is_upgrade(project.base.path(access.at.file))
    };
    let tables = &project.resolution.tables;
    tables.rows[table.index()].declared.is_empty() && tables.accesses.iter().filter(|access| access.table == table).all(past)
}

fn table_use(
    project: &Project,
    table: TableId,
    accesses: &[&Access],
    (own, homes): (&BTreeSet<ModuleId>, &Homes),
    modules: usize,
) -> TableUse {
    let mut readers: BTreeMap<ModuleId, u32> = BTreeMap::new();
    let mut writers: BTreeMap<ModuleId, u32> = BTreeMap::new();
    let mut unsure = 0;
    for access in accesses {
        if !counts(access) {
            unsure += u32::from(access.at.certainty < SURE);
            continue;
        }
        // A script that brings the database up to date does so for whoever owns the table.
        if kinds::is_upgrade(project.base.path(access.at.file)) {
            continue;
        }
        let module = project.names.module_of[access.at.file.index()];
        let side = if access.at.operation == Operation::Write { &mut writers } else { &mut readers };
        *side.entry(module).or_default() += 1;
    }
    let row = &project.resolution.tables.rows[table.index()];
    let home = homes.of_table(project, row);
    let defines = (row.declared.iter().any(Declaration::claims) && own.contains(&home)).then_some(home);
    let owner = owner(&readers, &writers, defines);
    let kind = kinds::kind(project, table, accesses, &readers, &writers, modules);
    let is_common = kind == TableKind::Reference || (modules > 0 && readers.len() * 100 >= modules * COMMON_PERCENT && readers.len() > 1);
    let all: BTreeSet<&ModuleId> = readers.keys().chain(writers.keys()).collect();
    let sharing = match all.len() {
        _ if is_common => Sharing::Common,
        0 | 1 => Sharing::Exclusive,
        _ => Sharing::Shared,
    };
    TableUse { table, readers, writers, unsure, owner, kind, sharing }
}

fn owner(readers: &BTreeMap<ModuleId, u32>, writers: &BTreeMap<ModuleId, u32>, defines: Option<ModuleId>) -> Option<Owner> {
    strongest_claim(readers, writers, defines).map(|claim| Owner { module: claim.holder, confidence: claim.share })
}

/// The strongest of all claims on a table.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Claim<K> {
    /// Who has it.
    pub holder: K,
    /// 5 for the one who defines the table, 3 ln(1 + writes) and half of ln(1 + reads) (PLAN.md A.5).
    pub score: f64,
    /// Its share of all scores, in thousandths.
    pub share: u32,
}

/// The claim with the highest score; ties go to the smaller name.
#[must_use]
pub fn strongest_claim<K: Ord + Copy>(readers: &BTreeMap<K, u32>, writers: &BTreeMap<K, u32>, defines: Option<K>) -> Option<Claim<K>> {
    let candidates: BTreeSet<K> = readers.keys().chain(writers.keys()).copied().chain(defines).collect();
    let count = |side: &BTreeMap<K, u32>, candidate: K| f64::from(side.get(&candidate).copied().unwrap_or(0));
    let mut best: Option<(K, f64)> = None;
    let mut sum = 0.0;
    for candidate in candidates {
        let own = if defines == Some(candidate) { 5.0 } else { 0.0 };
        let score = own + 3.0 * libm::log1p(count(writers, candidate)) + 0.5 * libm::log1p(count(readers, candidate));
        sum += score;
        if best.is_none_or(|(_, top)| score > top) {
            best = Some((candidate, score));
        }
    }
    let (holder, score) = best.filter(|_| sum > 0.0)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 1, in thousandths")]
    let share = libm::round(score / sum * 1000.0) as u32;
    Some(Claim { holder, score, share })
}

/// Modules by the folders that their files stand in.
struct Homes<'a>(BTreeMap<&'a str, ModuleId>);

impl<'a> Homes<'a> {
    fn of(project: &'a Project) -> Self {
        let mut found = BTreeMap::new();
        for file in project.own_files().filter(|file| project.base.file(*file).source.language != Language::SQL) {
            if let Some((folder, _)) = project.base.path(file).rsplit_once('/') {
                found.entry(folder).or_insert(project.names.module_of[file.index()]);
            }
        }
        Self(found)
    }

    /// The module that a table is declared for: a schema in a folder of its own belongs to the code around that folder.
    fn of_table(&self, project: &Project, table: &Table) -> ModuleId {
        let schema = table.declared.iter().find(|at| matches!(at.by, DeclaredBy::Xml | DeclaredBy::Sql)).filter(|_| table.model.is_none());
        let around = schema.and_then(|at| {
            let (folder, _) = project.base.path(at.file).rsplit_once('/')?;
            let (around, name) = folder.rsplit_once('/')?;
            SCHEMA_FOLDERS.contains(&name).then(|| self.0.get(around)).flatten()
        });
        around.copied().unwrap_or(table.module)
    }
}

/// Folders that hold the schema of the code around them.
const SCHEMA_FOLDERS: [&str; 7] = ["db", "sql", "schema", "schemas", "database", "migrations", "install"];

/// Modules that define so many tables for others that defining one says nothing of owning it: more than eight and more
/// than two fifths of all, and classes of more than one of them used from elsewhere (PLAN.md A.1).
fn model_bags(project: &Project, of_table: &[Vec<&Access>]) -> BTreeSet<ModuleId> {
    let rows = &project.resolution.tables.rows;
    let mut defined: BTreeMap<ModuleId, (usize, usize)> = BTreeMap::new();
    for (row, accesses) in rows.iter().zip(of_table).filter(|(row, _)| !row.declared.is_empty()) {
        let entry = defined.entry(row.module).or_default();
        entry.0 += 1;
        let used_elsewhere = accesses.iter().any(|access| project.names.module_of[access.at.file.index()] != row.module);
        entry.1 += usize::from(used_elsewhere);
    }
    let all: usize = defined.values().map(|(count, _)| count).sum();
    defined.retain(|_, (count, used)| *count > 8 && *count * 5 > all * 2 && *used > 1);
    defined.into_keys().collect()
}
