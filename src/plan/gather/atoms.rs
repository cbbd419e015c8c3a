//! Which piece of code moves as one: a module as a rule; where a module is a bag of models or handles much of the database
//! its files do, and where one file does, the classes and functions in it (PLAN.md A.1, B.2).

use crate::base::{FileId, Tag};
use crate::bind::{Access, Operation};
use crate::facts::DefinitionId;
use crate::names::{Basis, ModuleId};
use crate::plan::facts::{Atom, Role};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// Modules of frameworks that define more tables than this, and two fifths of all, are bags.
const BAG: usize = 8;
/// Modules of frameworks with a larger share of the code are taken apart, in percent.
const LARGE: u64 = 25;
/// Folders, files and functions that use at least so many tables, and two fifths of all, say what sort of code is inside and
/// not what it is about.
const MANY_TABLES: usize = 3;
/// How deep functions within functions are looked into.
const DEPTH: usize = 4;

/// A place in the code before it is known how much moves with it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    module: ModuleId,
    file: Option<FileId>,
    definition: Option<DefinitionId>,
}

/// Every atom, and which one a line of code belongs to.
pub(super) struct Atoms {
    /// In name order.
    pub(super) rows: Vec<Atom>,
    number: BTreeMap<Place, usize>,
    split: Split,
}

/// What is taken apart.
#[derive(Default)]
struct Split {
    modules: BTreeSet<ModuleId>,
    files: BTreeSet<FileId>,
    definitions: BTreeSet<(FileId, DefinitionId)>,
}

impl Atoms {
    /// With the names of atoms of an earlier plan, code comes apart where it came apart then, whatever it uses now.
    pub(super) fn of(project: &Project, accesses: &[&Access], earlier: Option<&BTreeSet<String>>) -> Self {
        let split = earlier.map_or_else(|| Split::of(project, accesses), |names| Split::earlier(project, names));
        let mut lines: BTreeMap<Place, u32> = BTreeMap::new();
        // Migrations feed the schema and move with nobody.
        for file in project.own_files().filter(|file| !project.base.file(*file).tags.contains(Tag::Migration)) {
            let whole = split.place(project, file, None);
            let mut left = project.base.facts(file).lines;
            if split.files.contains(&file) {
                for (id, definition) in project.base.facts(file).definitions() {
                    let place = split.place(project, file, Some(id));
                    let outermost = place.definition == Some(id);
                    if outermost && !split.definitions.contains(&(file, id)) {
                        let own = definition.span.end_line + 1 - definition.span.line.min(definition.span.end_line);
                        left = left.saturating_sub(own);
                        *lines.entry(place).or_default() += own;
                    }
                }
            }
            *lines.entry(whole).or_default() += left;
        }
        let mut named: Vec<(Atom, Place)> = lines.into_iter().map(|(place, lines)| (atom(project, &place, lines), place)).collect();
        named.sort_by(|a, b| (&a.0.name, &a.1).cmp(&(&b.0.name, &b.1)));
        let number = named.iter().enumerate().map(|(at, (_, place))| (place.clone(), at)).collect();
        Self { rows: named.into_iter().map(|(atom, _)| atom).collect(), number, split }
    }

    /// The atom of what stands in a definition of a file; none for code that is no part of the application.
    pub(super) fn at(&self, project: &Project, file: FileId, owner: Option<DefinitionId>) -> Option<usize> {
        let mut place = self.split.place(project, file, owner);
        loop {
            if let Some(number) = self.number.get(&place) {
                return Some(*number);
            }
            let inner = place.definition?;
            place.definition = project.base.facts(file).definition(inner).owner;
        }
    }

    /// The atom of a name in a file: of the definition that is called so, or else of the file.
    pub(super) fn named(&self, project: &Project, file: FileId, name: Option<&str>) -> Option<usize> {
        let definition = name.filter(|_| self.split.files.contains(&file)).and_then(|name| {
            let facts = project.base.facts(file);
            let last = name.rsplit(['.', '\\', ':']).next().unwrap_or(name);
            let first = name.split(['.', ':']).next().unwrap_or(name);
            let called = |wanted: &str| facts.definitions().find(|(_, definition)| facts.text(definition.name) == wanted).map(|(id, _)| id);
            called(first).or_else(|| called(last))
        });
        self.at(project, file, definition)
    }

    /// The atom of what stands on a line.
    pub(super) fn on_line(&self, project: &Project, file: FileId, line: u32) -> Option<usize> {
        let around = project.base.facts(file).definitions();
        let inner = around.filter(|(_, definition)| definition.first_line <= line && line <= definition.span.end_line).last();
        self.at(project, file, inner.map(|(id, _)| id))
    }

    /// Every atom that some of a file belongs to.
    pub(super) fn of_file(&self, project: &Project, file: FileId) -> impl Iterator<Item = usize> {
        let module = project.names.module_of[file.index()];
        let parts = self.number.range(Place { module, file: Some(file), definition: None }..);
        let parts = parts.take_while(move |(place, _)| place.module == module && place.file == Some(file)).map(|(_, number)| *number);
        self.whole(module).into_iter().chain(parts)
    }

    /// Files whose classes and functions move one by one.
    pub(super) fn split_files(&self) -> impl Iterator<Item = FileId> {
        self.split.files.iter().copied()
    }

    /// The atom of a module that is not taken apart.
    pub(super) fn whole(&self, module: ModuleId) -> Option<usize> {
        self.number.get(&Place { module, file: None, definition: None }).copied()
    }

    /// Some atom of a module that is taken apart: the first by place.
    pub(super) fn of_module(&self, module: ModuleId) -> Option<usize> {
        let first = Place { module, file: None, definition: None };
        self.number.range(first..).next().filter(|(place, _)| place.module == module).map(|(_, number)| *number)
    }
}

impl Split {
    fn of(project: &Project, accesses: &[&Access]) -> Self {
        let mut split = Self::default();
        let used: BTreeSet<_> = accesses.iter().map(|access| access.table).collect();
        let tables = used.len();
        if tables < MANY_TABLES {
            return split;
        }
        split.modules = modules(project, accesses, tables);
        let most = MANY_TABLES.max((tables * 2).div_ceil(5));
        let bag = BAG.max(tables * 2 / 5);
        let defined = defined_in_files(project);
        let mut of_file: BTreeMap<FileId, Vec<&Access>> = BTreeMap::new();
        for access in accesses {
            of_file.entry(access.at.file).or_default().push(access);
        }
        let spread = |accesses: &[&Access]| accesses.iter().map(|access| access.table).collect::<BTreeSet<_>>().len() >= most;
        for file in project.own_files() {
            let module = project.names.module_of[file.index()];
            let own = of_file.get(&file).map_or(&[][..], Vec::as_slice);
            let alone = project.names.modules[module.index()].basis == Basis::File;
            let is_bag = defined.get(&file).is_some_and(|count| *count > bag);
            if (split.modules.contains(&module) || alone) && (spread(own) || is_bag) {
                split.modules.insert(module);
                split.files.insert(file);
                split.definitions(project, file, own, &spread);
            }
        }
        split
    }

    /// As the atoms of an earlier plan are named: `path` is a part of a module, `path:symbol` a part of a file.
    fn earlier(project: &Project, names: &BTreeSet<String>) -> Self {
        let mut split = Self::default();
        for file in project.own_files() {
            let path = project.base.path(file);
            let start = format!("{path}:");
            let parted = names.range(start.clone()..).next().is_some_and(|name| name.starts_with(&start));
            if parted || names.contains(path) {
                split.modules.insert(project.names.module_of[file.index()]);
            }
            if !parted {
                continue;
            }
            split.files.insert(file);
            let facts = project.base.facts(file);
            for (id, definition) in facts.definitions() {
                let mut around = definition.owner.filter(|_| names.contains(&format!("{start}{}", facts.qualified_name(id))));
                while let Some(outer) = around {
                    split.definitions.insert((file, outer));
                    around = facts.definition(outer).owner;
                }
            }
        }
        split
    }

    /// Takes definitions apart that do as much as the file does.
    fn definitions(&mut self, project: &Project, file: FileId, accesses: &[&Access], spread: &dyn Fn(&[&Access]) -> bool) {
        let facts = project.base.facts(file);
        for _ in 0..DEPTH {
            let mut inside: BTreeMap<DefinitionId, Vec<&Access>> = BTreeMap::new();
            for access in accesses {
                if let Some(id) = self.place(project, file, access.at.owner).definition {
                    inside.entry(id).or_default().push(access);
                }
            }
            let parted: Vec<DefinitionId> = inside
                .into_iter()
                .filter(|(id, own)| !self.definitions.contains(&(file, *id)) && spread(own) && facts.inside(Some(*id)).count() > 1)
                .map(|(id, _)| id)
                .collect();
            if parted.is_empty() {
                return;
            }
            self.definitions.extend(parted.into_iter().map(|id| (file, id)));
        }
    }

    /// Where code belongs: to its module, or to the part of it that moves alone.
    fn place(&self, project: &Project, file: FileId, owner: Option<DefinitionId>) -> Place {
        let module = project.names.module_of[file.index()];
        if !self.modules.contains(&module) {
            return Place { module, file: None, definition: None };
        }
        if !self.files.contains(&file) {
            return Place { module, file: Some(file), definition: None };
        }
        let facts = project.base.facts(file);
        let mut path = Vec::new();
        let mut at = owner;
        while let Some(id) = at {
            path.push(id);
            at = facts.definition(id).owner;
        }
        let outermost = path.iter().rev().find(|id| !self.definitions.contains(&(file, **id))).or(path.first());
        Place { module, file: Some(file), definition: outermost.copied() }
    }
}

/// Modules that are taken apart.
fn modules(project: &Project, accesses: &[&Access], tables: usize) -> BTreeSet<ModuleId> {
    let mut used: BTreeMap<ModuleId, BTreeSet<_>> = BTreeMap::new();
    let mut writes: BTreeMap<ModuleId, BTreeSet<_>> = BTreeMap::new();
    for access in accesses {
        let module = project.names.module_of[access.at.file.index()];
        used.entry(module).or_default().insert(access.table);
        if access.at.operation == Operation::Write {
            writes.entry(module).or_default().insert(access.table);
        }
    }
    let mut defined: BTreeMap<ModuleId, usize> = BTreeMap::new();
    for table in &project.resolution.tables.rows {
        *defined.entry(table.module).or_default() += usize::from(table.model.is_some());
    }
    let mut lines: BTreeMap<ModuleId, u64> = BTreeMap::new();
    for file in project.own_files() {
        *lines.entry(project.names.module_of[file.index()]).or_default() += u64::from(project.base.facts(file).lines);
    }
    let all: u64 = lines.iter().filter(|(module, _)| used.contains_key(module)).map(|(_, lines)| lines).sum();
    let of_framework = |module: ModuleId| {
        let basis = project.names.modules[module.index()].basis;
        matches!(
            basis,
            Basis::DjangoApp
                | Basis::MagentoModule
                | Basis::WordpressPlugin
                | Basis::ComposerPackage
                | Basis::PhpNamespace
                | Basis::NpmPackage
                | Basis::Config
        )
    };
    let taken_apart = |module: &ModuleId| {
        let is_bag = defined.get(module).is_some_and(|count| *count > BAG.max(tables * 2 / 5));
        let is_large = lines.get(module).is_some_and(|own| own * 100 > all * LARGE) && used[module].len() >= MANY_TABLES;
        let is_spread = used[module].len() >= MANY_TABLES.max((tables * 2).div_ceil(5)) && writes.contains_key(module);
        is_bag || is_large || (is_spread && !of_framework(*module))
    };
    used.keys().copied().filter(taken_apart).collect()
}

fn defined_in_files(project: &Project) -> BTreeMap<FileId, usize> {
    let mut defined = BTreeMap::new();
    for (file, _) in project.resolution.tables.rows.iter().filter_map(|table| table.model.as_ref()) {
        *defined.entry(*file).or_default() += 1;
    }
    defined
}

fn atom(project: &Project, place: &Place, lines: u32) -> Atom {
    let module = project.names.modules[place.module.index()].name.clone();
    let path = place.file.map(|file| project.base.path(file).to_owned());
    let symbol = place.file.zip(place.definition).map(|(file, id)| project.base.facts(file).qualified_name(id));
    let name = match (&path, &symbol) {
        (Some(path), Some(symbol)) => format!("{path}:{symbol}"),
        (Some(path), None) => path.clone(),
        _ => module.clone(),
    };
    Atom { name, module, path, symbol, lines, role: Role::Application, ..Atom::default() }
}
