//! What each module-level name of a file uses: the small graph that tells whether a part of a file can leave it.

use crate::base::FileId;
use crate::bind::{Kind, Operation};
use crate::facts::{Definition, DefinitionId, FileFacts, OwnerSweep, Shape, ValueId};
use crate::names::{Export, FactBase, Home, Names};
use crate::project::Project;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A name and the file that defines it; none for a file as a whole.
pub(super) type Symbol = (FileId, Option<String>);

/// Everything one module-level name needs.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    /// Module-level names of the same file.
    pub(super) local: BTreeSet<String>,
    /// Names of other files, where they are really defined.
    pub(super) foreign: BTreeSet<Symbol>,
    /// It stores something: a model class, or code that saves, creates, updates or deletes.
    pub(super) stores: bool,
    /// Its lines of code; 1 for a variable.
    pub(super) lines: u32,
}

/// The module-level names of one file with their needs; `""` is the code that belongs to no name.
#[derive(Debug, Default)]
pub(super) struct FileSymbols {
    pub(super) names: BTreeMap<String, Needs>,
}

/// One use of another file's name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Use {
    /// The file the import leads to.
    pub(super) to: FileId,
    /// The name used; none for the file as a whole.
    pub(super) symbol: Option<String>,
    /// The module-level name the use stands in; `""` for none.
    pub(super) inside: String,
    /// Where.
    pub(super) line: u32,
    /// Where the name is really defined: asked for every use by every edge, so worked out once.
    pub(super) home: Symbol,
}

/// Files' names and uses, worked out once each.
pub(super) struct Symbols<'a> {
    project: &'a Project,
    files: FxHashMap<FileId, (FileSymbols, Vec<Use>)>,
}

/// Methods that store what they are called on or given.
const STORING: [&str; 14] = [
    "add",
    "bulk_create",
    "bulk_update",
    "commit",
    "create",
    "delete",
    "execute",
    "executemany",
    "get_or_create",
    "merge",
    "save",
    "select_for_update",
    "update",
    "update_or_create",
];

impl<'a> Symbols<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        Self { project, files: FxHashMap::default() }
    }

    fn ready(&mut self, file: FileId) -> &(FileSymbols, Vec<Use>) {
        self.files.entry(file).or_insert_with(|| read(self.project, file))
    }

    /// The needs of a file's names.
    pub(super) fn of(&mut self, file: FileId) -> &FileSymbols {
        &self.ready(file).0
    }

    /// What a file uses of others.
    pub(super) fn uses(&mut self, file: FileId) -> &[Use] {
        &self.ready(file).1
    }

    /// Where a name used from a file is really defined.
    pub(super) fn home(&self, file: FileId, symbol: Option<&str>) -> Symbol {
        home(&self.project.base, &self.project.names, file, symbol)
    }
}

fn home(base: &FactBase, names: &Names, file: FileId, symbol: Option<&str>) -> Symbol {
    let Some(symbol) = symbol else { return (file, None) };
    match names.home(base, file, symbol) {
        Some(Home { file, export: Some(Export::Definition(_) | Export::Variable(_)) }) => {
            let own = names.export(base, file, symbol).is_some();
            (file, own.then(|| symbol.to_owned()))
        }
        Some(Home { file, .. }) => (file, None),
        None => (file, Some(symbol.to_owned())),
    }
}

fn read(project: &Project, file: FileId) -> (FileSymbols, Vec<Use>) {
    let Project { base, names, .. } = project;
    let facts = base.facts(file);
    let mut symbols = FileSymbols::default();
    let mut uses = Vec::new();
    for (id, definition) in facts.definitions().filter(|(_, definition)| definition.owner.is_none()) {
        let needs = symbols.names.entry(facts.text(definition.name).to_owned()).or_default();
        needs.lines += definition.span.end_line + 1 - definition.first_line;
        needs.stores |= is_model(facts, id);
    }
    let variables = variables(facts);
    for (_, name) in &variables {
        symbols.names.entry(name.clone()).or_insert_with(|| Needs { lines: 1, ..Needs::default() });
    }
    symbols.names.entry(String::new()).or_default();
    let headers = headers(facts);
    let longer: FxHashMap<ValueId, ValueId> = (0u32..)
        .zip(&facts.values)
        .filter_map(|(index, value)| match value.shape {
            Shape::Member(object, _) => Some((object, ValueId(index))),
            _ => None,
        })
        .collect();
    let mut found: Vec<(String, Needs)> = Vec::new();
    let mut sweep = OwnerSweep::new(facts);
    for (index, value) in (0u32..).zip(&facts.values) {
        let id = ValueId(index);
        let owner = sweep.owner(id);
        let inside = || inside(facts, owner, id, &headers, &variables);
        let mut needs = Needs::default();
        match value.shape {
            Shape::Name(name) => {
                let mut whole = id;
                while let Some(next) = longer.get(&whole) {
                    whole = *next;
                }
                match names.pointed(base, file, owner, whole) {
                    Some(pointed) => {
                        let symbol = pointed.symbol.map(|symbol| facts.text(symbol).to_owned());
                        let home = home(base, names, pointed.file, symbol.as_deref());
                        needs.foreign.insert(home.clone());
                        uses.push(Use { to: pointed.file, symbol, inside: inside(), line: value.line, home });
                    }
                    None if symbols.names.contains_key(facts.text(name)) => {
                        needs.local.insert(facts.text(name).to_owned());
                    }
                    None => continue,
                }
            }
            Shape::Call(call) => {
                let callee = facts.calls[call.0 as usize].callee;
                let stores = matches!(facts.value(callee).shape, Shape::Member(..))
                    && facts.last_name(callee).is_some_and(|name| STORING.contains(&name));
                if !stores {
                    continue;
                }
                needs.stores = true;
            }
            _ => continue,
        }
        found.push((inside(), needs));
    }
    for (inside, needs) in found {
        let known = symbols.names.entry(inside).or_default();
        known.local.extend(needs.local);
        known.foreign.extend(needs.foreign);
        known.stores |= needs.stores;
    }
    add_references(project, file, &mut symbols);
    add_tables(project, file, &mut symbols);
    uses.sort();
    uses.dedup();
    (symbols, uses)
}

/// What a file needs without importing it: classes that load themselves, base classes, functions of included files.
fn add_references(project: &Project, file: FileId, symbols: &mut FileSymbols) {
    let facts = project.base.facts(file);
    for reference in project.references_from(file).iter().filter(|reference| reference.kind != Kind::Import) {
        let Some(inside) = top_at(facts, reference.line) else { continue };
        let symbol = home(&project.base, &project.names, reference.to, reference.symbol.as_deref());
        symbols.names.entry(inside).or_default().foreign.insert(symbol);
    }
}

/// What maps a table or writes one stores something.
fn add_tables(project: &Project, file: FileId, symbols: &mut FileSymbols) {
    let facts = project.base.facts(file);
    let tables = &project.resolution.tables;
    let maps = |(name, needs): (&String, &mut Needs)| needs.stores |= tables.maps(file, name);
    symbols.names.iter_mut().for_each(maps);
    for access in tables.accesses_in(file).iter().filter(|access| access.at.operation == Operation::Write) {
        if let Some(inside) = top_at(facts, access.at.line) {
            symbols.names.entry(inside).or_default().stores = true;
        }
    }
}

/// The outermost class or function around a line.
fn top_at(facts: &FileFacts, line: u32) -> Option<String> {
    let around = |(_, definition): &(DefinitionId, &Definition)| {
        definition.owner.is_none() && (definition.first_line..=definition.span.end_line).contains(&line)
    };
    facts.definitions().find(around).map(|(_, definition)| facts.text(definition.name).to_owned())
}

fn is_model(facts: &FileFacts, class: DefinitionId) -> bool {
    let definition = facts.definition(class);
    definition.kind.is_type()
        && facts.items(definition.bases).iter().any(|base| facts.last_name(*base).is_some_and(|name| name.ends_with("Model")))
}

/// Module-level variables by the value they get, in source order.
fn variables(facts: &FileFacts) -> Vec<(ValueId, String)> {
    let assigned = facts.bindings_in(None).filter_map(|binding| Some((binding.value?, facts.as_name(binding.target)?)));
    assigned.map(|(value, name)| (value, facts.text(name).to_owned())).collect()
}

/// Base classes and decorators stand outside the definition they belong to: their values, with its name.
fn headers(facts: &FileFacts) -> FxHashMap<ValueId, String> {
    let mut found = FxHashMap::default();
    for (_, definition) in facts.definitions().filter(|(_, definition)| definition.owner.is_none()) {
        for value in facts.items(definition.bases).iter().chain(facts.items(definition.decorators)) {
            let mut at = Some(*value);
            while let Some(value) = at {
                found.insert(value, facts.text(definition.name).to_owned());
                at = match facts.value(value).shape {
                    Shape::Member(object, _) | Shape::Item(object, _) => Some(object),
                    Shape::Call(call) => Some(facts.calls[call.0 as usize].callee),
                    _ => None,
                };
            }
        }
    }
    found
}

/// The module-level name whose code a value belongs to.
fn inside(
    facts: &FileFacts,
    owner: Option<DefinitionId>,
    value: ValueId,
    headers: &FxHashMap<ValueId, String>,
    variables: &[(ValueId, String)],
) -> String {
    let mut top = owner;
    while let Some(outer) = top.and_then(|id| facts.definition(id).owner) {
        top = Some(outer);
    }
    if let Some(id) = top {
        return facts.text(facts.definition(id).name).to_owned();
    }
    if let Some(name) = headers.get(&value) {
        return name.clone();
    }
    // Parts of a value come before it, so the next variable's value is the one this may be a part of; what stands
    // between two statements is told apart by its line.
    let next = variables.partition_point(|(assigned, _)| *assigned < value);
    match variables.get(next) {
        Some((assigned, name)) if facts.value(*assigned).line <= facts.value(value).line => name.clone(),
        _ => String::new(),
    }
}
