//! What each module-level name of a file uses: the small graph that tells whether a part of a file can leave it.

use crate::base::FileId;
use crate::facts::{DefinitionId, FileFacts, OwnerSweep, Shape, ValueId};
use crate::names::{Export, FactBase, Home, Names};
use crate::project::Project;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Everything one module-level name needs.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    /// Module-level names of the same file.
    pub(super) local: BTreeSet<String>,
    /// Names of other files, where they are really defined; none for a file as a whole.
    pub(super) foreign: BTreeSet<(FileId, Option<String>)>,
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
}

/// Files' names and uses, worked out once each.
pub(super) struct Symbols<'a> {
    project: &'a Project,
    files: FxHashMap<FileId, (FileSymbols, Vec<Use>)>,
}

/// Methods that store what they are called on or given.
const STORING: [&str; 14] = [
    "add", "bulk_create", "bulk_update", "commit", "create", "delete", "execute", "executemany", "get_or_create", "merge", "save", "select_for_update",
    "update", "update_or_create",
];

impl<'a> Symbols<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        Self { project, files: FxHashMap::default() }
    }

    fn ready(&mut self, file: FileId) -> &(FileSymbols, Vec<Use>) {
        self.files.entry(file).or_insert_with(|| read(&self.project.base, &self.project.names, file))
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
    pub(super) fn home(&self, file: FileId, symbol: Option<&str>) -> (FileId, Option<String>) {
        let Some(symbol) = symbol else { return (file, None) };
        match self.project.names.home(&self.project.base, file, symbol) {
            Some(Home { file, export: Some(Export::Definition(_) | Export::Variable(_)) }) => {
                let own = self.project.names.export(&self.project.base, file, symbol).is_some();
                (file, own.then(|| symbol.to_owned()))
            }
            Some(Home { file, .. }) => (file, None),
            None => (file, Some(symbol.to_owned())),
        }
    }
}

fn read(base: &FactBase, names: &Names, file: FileId) -> (FileSymbols, Vec<Use>) {
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
    let own: FxHashSet<&str> = symbols.names.keys().map(String::as_str).map(|name| facts.texts.find(name).map_or("", |text| facts.text(text))).collect();
    let mut found: Vec<(String, Needs)> = Vec::new();
    let mut sweep = OwnerSweep::new(facts);
    for (index, value) in (0u32..).zip(&facts.values) {
        let id = ValueId(index);
        let owner = sweep.owner(id);
        let inside = inside(facts, owner, id, &headers, &variables);
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
                        needs.foreign.insert((pointed.file, symbol.clone()));
                        uses.push(Use { to: pointed.file, symbol, inside: inside.clone(), line: value.line });
                    }
                    None if own.contains(facts.text(name)) => {
                        needs.local.insert(facts.text(name).to_owned());
                    }
                    None => continue,
                }
            }
            Shape::Call(call) => {
                let callee = facts.calls[call.0 as usize].callee;
                let stores = matches!(facts.value(callee).shape, Shape::Member(..)) && facts.last_name(callee).is_some_and(|name| STORING.contains(&name));
                if !stores {
                    continue;
                }
                needs.stores = true;
            }
            _ => continue,
        }
        found.push((inside, needs));
    }
    for (inside, needs) in found {
        let known = symbols.names.entry(inside).or_default();
        known.local.extend(needs.local);
        known.foreign.extend(needs.foreign);
        known.stores |= needs.stores;
    }
    uses.sort();
    uses.dedup();
    (symbols, uses)
}

fn is_model(facts: &FileFacts, class: DefinitionId) -> bool {
    let definition = facts.definition(class);
    definition.kind.is_type() && facts.items(definition.bases).iter().any(|base| facts.last_name(*base).is_some_and(|name| name.ends_with("Model")))
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
