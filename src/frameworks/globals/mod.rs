//! JavaScript's global objects: `global.SHOP = { cart: require('./cart') }`, read everywhere as `SHOP.cart`, and the
//! namespaces of scripts, `window.Shop.Cart = ...`. Files that reach each other like that import nothing, so a graph of
//! imports alone would look clean.
//!
//! Where a member is given its value says which file is meant: the file that is required there, else the file of the
//! assignment. A member that several files give different values is nobody's. What is behind a member that holds the
//! files of a folder (`SHOP.models.order`) is the file of that name in a folder of that name, where the tree has one.

mod scripts;

use super::{FrameworkRow, Model, StringReference};
use crate::base::{Certainty, FileId};
use crate::config::Config;
use crate::facts::{Binds, FileFacts, OwnerSweep, Shape, Text, ValueId};
use crate::names::javascript::speaks;
use crate::names::{FactBase, Names};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "globals", interpret };

/// What the global object itself is called.
const ROOTS: [&str; 4] = ["global", "globalThis", "window", "self"];

/// How many other files have to read an object before it counts.
const READERS: usize = 2;

/// Longer paths are data, not files.
const DEEPEST: usize = 4;

/// Who gives a path its value, by path: `SHOP`, `SHOP.cart`.
type Given = BTreeMap<String, BTreeSet<FileId>>;

fn interpret(base: &FactBase, names: &Names, _: &Config, model: &mut Model) {
    let files: Vec<FileId> = base.ids().filter(|file| speaks(base.file(*file).source.language) && !base.file(*file).left_out).collect();
    if files.is_empty() {
        return;
    }
    scripts::interpret(base, names, &files, model);
    let mut given = Given::new();
    for file in &files {
        roots(base, names, *file, &mut given);
    }
    if given.is_empty() {
        return;
    }
    let objects: BTreeSet<String> = given.keys().filter(|path| !path.contains('.')).cloned().collect();
    let mut reads = Vec::new();
    for file in &files {
        for object in objects.iter().filter(|object| !is_local(base, *file, object)) {
            reads.extend(members(base, names, *file, object, &mut given));
        }
    }
    let stems = Stems::of(base, &files);
    for object in &objects {
        let own: Vec<&Read> = reads.iter().filter(|read| read.object == *object).collect();
        let readers: BTreeSet<FileId> = own.iter().map(|read| read.file).collect();
        if readers.len() > READERS {
            for read in own {
                refer(base, &given, &stems, read, model);
            }
        }
    }
}

/// One place that reads a path of a global object.
struct Read {
    object: String,
    file: FileId,
    value: ValueId,
    path: Vec<String>,
}

/// `global.SHOP = ...`: the object, and the members that it has from the start.
fn roots(base: &FactBase, names: &Names, file: FileId, given: &mut Given) {
    let facts = base.facts(file);
    for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
        let Shape::Member(object, name) = facts.value(binding.target).shape else { continue };
        let Some(root) = facts.as_name(object) else { continue };
        let name = facts.text(name);
        // Lower-case members of `window` are the browser's own: `window.location = ...`.
        if !ROOTS.contains(&facts.text(root)) || !name.starts_with(char::is_uppercase) {
            continue;
        }
        // `global.DEBUG = true` is a switch that anybody may set, not an object somebody makes.
        if binding.value.is_some_and(|value| matches!(facts.value(value).shape, Shape::Constant(_) | Shape::Literal(_) | Shape::Number(_)))
        {
            continue;
        }
        given.entry(name.to_owned()).or_default().insert(file);
        let Some(value) = binding.value.map(|value| behind_name(facts, value)) else { continue };
        let Shape::Map(entries) = facts.value(value).shape else { continue };
        for entry in &facts.entries[entries.range()] {
            if let Some(key) = entry.key.and_then(|key| facts.as_literal(key)) {
                let target = target(base, names, file, entry.value);
                given.entry(format!("{name}.{key}")).or_default().insert(target);
            }
        }
    }
}

/// The value that a variable of the file was given.
fn behind_name(facts: &FileFacts, value: ValueId) -> ValueId {
    let Some(name) = facts.as_name(value) else { return value };
    let bound = facts.bindings_in(None).find(|binding| binding.binds == Binds::Assign && facts.as_name(binding.target) == Some(name));
    bound.and_then(|binding| binding.value).unwrap_or(value)
}

/// The file whose code a value is: what is required in it, else the file it stands in.
fn target(base: &FactBase, names: &Names, file: FileId, value: ValueId) -> FileId {
    let facts = base.facts(file);
    let mut at = value;
    loop {
        match facts.value(at).shape {
            Shape::Call(call) => {
                let call = &facts.calls[call.0 as usize];
                if facts.last_name(call.callee) == Some("require") && facts.as_name(call.callee).is_some() {
                    return required(base, names, file, facts.value(at).line).unwrap_or(file);
                }
                at = call.callee;
            }
            Shape::Member(object, _) => at = object,
            Shape::Name(_) => return names.pointed(base, file, facts.owner_of(value), at).map_or(file, |pointed| pointed.file),
            _ => return file,
        }
    }
}

/// The only file that is imported on a line.
fn required(base: &FactBase, names: &Names, file: FileId, line: u32) -> Option<FileId> {
    let imports = base.facts(file).imports.iter().zip(names.imports(file)).filter(|(import, _)| import.line == line);
    let mut found = imports.filter_map(|(_, meaning)| meaning.file());
    let only = found.next()?;
    found.all(|other| other == only).then_some(only)
}

/// True where a file has a variable, parameter or import of its own by that name, other than the object itself.
fn is_local(base: &FactBase, file: FileId, object: &str) -> bool {
    let facts = base.facts(file);
    let Some(name) = facts.texts.find(object) else { return true };
    let assigns_it = |binding: &crate::facts::Binding| match facts.value(binding.target).shape {
        Shape::Member(root, member) => member == name && facts.as_name(root).is_some_and(|root| ROOTS.contains(&facts.text(root))),
        _ => false,
    };
    if facts.bindings.iter().any(assigns_it) {
        return false;
    }
    facts.imports.iter().any(|import| import.local == Some(name))
        || facts.parameters.iter().any(|parameter| parameter.name == name)
        || facts.definitions.iter().any(|definition| definition.name == name)
        || facts.bindings.iter().any(|binding| binds(facts, binding.target, name))
}

fn binds(facts: &FileFacts, target: ValueId, name: Text) -> bool {
    match facts.value(target).shape {
        Shape::Name(bound) => bound == name,
        Shape::List(parts) => facts.items(parts).iter().any(|part| facts.as_name(*part) == Some(name)),
        _ => false,
    }
}

/// The longest paths of an object that a file reads; what it assigns to members is added to what is given.
fn members(base: &FactBase, names: &Names, file: FileId, object: &str, given: &mut Given) -> Vec<Read> {
    let facts = base.facts(file);
    let Some(name) = facts.texts.find(object) else { return Vec::new() };
    let mut paths: FxHashMap<ValueId, Vec<String>> = FxHashMap::default();
    let mut inner: FxHashSet<ValueId> = FxHashSet::default();
    let mut order = Vec::new();
    for (value, row) in (0u32..).map(ValueId).zip(&facts.values) {
        let path = match row.shape {
            Shape::Name(read) if read == name => vec![object.to_owned()],
            Shape::Member(before, member) => match (paths.get(&before), facts.as_name(before)) {
                // `window.Shop`
                (None, Some(root)) if member == name && ROOTS.contains(&facts.text(root)) => vec![object.to_owned()],
                (Some(path), _) if path.len() < DEEPEST => {
                    inner.insert(before);
                    path.iter().cloned().chain([facts.text(member).to_owned()]).collect()
                }
                _ => continue,
            },
            _ => continue,
        };
        paths.insert(value, path);
        order.push(value);
    }
    let mut assigned = FxHashSet::default();
    for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
        let Some(path) = paths.get(&binding.target).filter(|path| path.len() > 1) else { continue };
        assigned.insert(binding.target);
        let target = binding.value.map_or(file, |value| target(base, names, file, value));
        // `SHOP.config.title = title` and `SHOP.config.shop = { title }` change what somebody else owns.
        let holds_code = binding.value.is_some_and(|value| holds_code(facts, value, 0));
        if path.len() == 2 || target != file || holds_code {
            given.entry(path.join(".")).or_default().insert(target);
        }
    }
    let read = order.into_iter().filter(|value| !inner.contains(value) && !assigned.contains(value));
    read.map(|value| Read { object: object.to_owned(), file, value, path: paths[&value].clone() }).collect()
}

/// True for a function or class, an object that has one, and an object that is empty yet.
fn holds_code(facts: &FileFacts, value: ValueId, depth: usize) -> bool {
    match facts.value(value).shape {
        Shape::Inline(_) => true,
        Shape::Map(entries) if depth < DEEPEST => {
            let entries = &facts.entries[entries.range()];
            entries.is_empty() || entries.iter().any(|entry| holds_code(facts, entry.value, depth + 1))
        }
        _ => false,
    }
}

/// Files by the name of their folder and their own.
struct Stems(BTreeMap<(String, String), Vec<FileId>>);

impl Stems {
    fn of(base: &FactBase, files: &[FileId]) -> Self {
        let mut found: BTreeMap<(String, String), Vec<FileId>> = BTreeMap::new();
        for file in files {
            let path = &base.file(*file).source.path;
            let folder = path.parent().rsplit('/').next().unwrap_or("");
            found.entry((folder.to_owned(), path.stem().to_owned())).or_default().push(*file);
        }
        Self(found)
    }

    /// The only file of a name in folders of a name.
    fn only(&self, folder: &str, name: &str) -> Option<FileId> {
        match self.0.get(&(folder.to_owned(), name.to_owned())).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        }
    }
}

/// The dependency that a read makes, where one file is meant.
fn refer(base: &FactBase, given: &Given, stems: &Stems, read: &Read, model: &mut Model) {
    let facts = base.facts(read.file);
    let owner = OwnerSweep::new(facts).owner(read.value);
    let text = read.path.join(".");
    let mut add = |to: FileId, certainty: Certainty, rule: &'static str| {
        model.references.push(StringReference {
            from: read.file,
            line: facts.value(read.value).line,
            owner,
            to,
            symbol: read.path.get(1).cloned(),
            text: text.clone(),
            deferred: false,
            certainty,
            rule: rule.into(),
        });
    };
    if let [_, folder, name, ..] = read.path.as_slice()
        && given.contains_key(&format!("{}.{folder}", read.object))
        && let Some(to) = stems.only(folder, name)
    {
        return add(to, Certainty(70), "a file of a folder that a global object holds");
    }
    for length in (1..=read.path.len()).rev() {
        if let Some(files) = given.get(&read.path[..length].join(".")) {
            if let (1, Some(to)) = (files.len(), files.first()) {
                add(*to, Certainty(90), "a member of a global object");
            }
            return;
        }
    }
}
