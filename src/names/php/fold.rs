//! What a path expression comes to: `__DIR__ . '/x.php'`, `dirname(__FILE__)`, constants, and elements and properties
//! that the tree gives a path somewhere (`$CFG->dirroot`, `$config['base_path']`).

use crate::base::FileId;
use crate::facts::{Binds, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::names::FactBase;
use rustc_hash::FxHashMap;
use std::cell::Cell;

/// Stands for the scanned folder at the beginning of a folded path.
pub(super) const ROOT: char = '\u{1}';
/// How many constants and variables are followed one after the other, and how many values are looked at in all: a variable
/// may be given something a hundred times, each time in terms of itself.
const LONGEST: u32 = 20;
const MOST_STEPS: u32 = 2000;
/// How many possible values are kept of one expression.
const MOST: usize = 6;

/// What the tree gives to constants, properties and elements, by how they are written, and what that comes to.
#[derive(Debug, Default)]
pub(super) struct Roots {
    given: FxHashMap<String, Vec<(FileId, Option<DefinitionId>, ValueId)>>,
    /// What the includes of the tree say where no assignment does.
    pub(super) learnt: FxHashMap<String, String>,
}

/// What is left of the effort to spend on one expression.
#[derive(Clone, Copy)]
struct Fuel<'a> {
    levels: u32,
    steps: &'a Cell<u32>,
}

impl Fuel<'_> {
    fn less(self) -> Self {
        Self { levels: self.levels.saturating_sub(1), ..self }
    }

    fn is_spent(self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left == 0 || self.levels == 0
    }
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) base: &'a FactBase,
    pub(super) file: FileId,
    pub(super) owner: Option<DefinitionId>,
}

impl Roots {
    /// Collects `define()`, `const`, `$a['k'] =`, `$a->k =` of the whole tree.
    pub(super) fn learn(base: &FactBase) -> Self {
        let mut roots = Self::default();
        for file in base.ids().filter(|id| base.file(*id).source.language == super::PHP) {
            let facts = base.facts(file);
            for call in &facts.calls {
                let is_define = facts.as_name(call.callee).is_some_and(|name| facts.text(name).eq_ignore_ascii_case("define"));
                if let ([name, value, ..], true) = (facts.arguments_of(call), is_define)
                    && let Some(name) = facts.as_literal(name.value)
                {
                    roots.given.entry(name.to_owned()).or_default().push((file, None, value.value));
                }
            }
            for binding in &facts.bindings {
                let Some(value) = binding.value else { continue };
                let key = match (binding.binds, facts.value(binding.target).shape) {
                    (Binds::Constant, Shape::Name(name)) if binding.owner.is_none() => Some(facts.text(name).to_owned()),
                    (Binds::Assign, Shape::Member(..) | Shape::Item(..)) if may_be_path(facts, value) => key_of(facts, binding.target),
                    _ => None,
                };
                if let Some(key) = key {
                    roots.given.entry(key).or_default().push((file, binding.owner, value));
                }
            }
        }
        roots
    }

    /// What the tree gives a constant.
    pub(super) fn constant(&self, name: &str) -> impl Iterator<Item = (FileId, ValueId)> {
        let places = self.given.get(name).map_or(&[][..], Vec::as_slice);
        places.iter().filter(|(_, owner, _)| owner.is_none()).map(|(file, _, value)| (*file, *value))
    }

    /// Every value an expression may have, shortest evidence first; nothing where a part of it cannot be told.
    pub(super) fn fold(&self, at: Place<'_>, value: ValueId) -> Vec<String> {
        let steps = Cell::new(MOST_STEPS);
        self.fold_within(at, value, Fuel { levels: LONGEST, steps: &steps })
    }

    fn fold_within(&self, at: Place<'_>, value: ValueId, left: Fuel<'_>) -> Vec<String> {
        if left.is_spent() {
            return Vec::new();
        }
        let facts = at.base.facts(at.file);
        match facts.value(value).shape {
            Shape::Literal(text) => vec![facts.text(text).to_owned()],
            Shape::Joined(..) => self.joined(at, value, left),
            Shape::Template(parts) => {
                let parts = facts.items(parts).to_vec();
                self.concatenated(at, &parts, left)
            }
            Shape::Choice(parts) => {
                let known: Vec<_> = facts.items(parts).iter().map(|part| self.fold_within(at, *part, left.less())).collect();
                if known.iter().any(Vec::is_empty) { Vec::new() } else { distinct(known.into_iter().flatten()) }
            }
            Shape::Name(name) => self.name(at, value, name, left),
            Shape::Member(..) | Shape::Item(..) => key_of(facts, value).map_or_else(Vec::new, |key| self.given_to(at, &key, left)),
            Shape::Call(_) => self.call(at, value, left),
            _ => Vec::new(),
        }
    }

    /// `a . b . c` nests to the left, so it is laid flat without recursion.
    fn joined(&self, at: Place<'_>, value: ValueId, left: Fuel<'_>) -> Vec<String> {
        let parts = flat(at.base.facts(at.file), value);
        self.concatenated(at, &parts, left)
    }

    fn concatenated(&self, at: Place<'_>, parts: &[ValueId], left: Fuel<'_>) -> Vec<String> {
        let mut sums = vec![String::new()];
        for part in parts {
            let pieces = self.fold_within(at, *part, left.less());
            sums = distinct(sums.iter().flat_map(|sum| pieces.iter().map(move |piece| format!("{sum}{piece}"))));
        }
        sums
    }

    fn name(&self, at: Place<'_>, value: ValueId, name: Text, left: Fuel<'_>) -> Vec<String> {
        let facts = at.base.facts(at.file);
        let path = at.base.path(at.file);
        match facts.text(name) {
            "__DIR__" => vec![folder_of(&format!("{ROOT}/{path}"))],
            "__FILE__" => vec![format!("{ROOT}/{path}")],
            "DIRECTORY_SEPARATOR" => vec!["/".to_owned()],
            "PATH_SEPARATOR" => vec![":".to_owned()],
            text if text.starts_with('$') => self.variable(at, value, name, left),
            text => self.given_to(at, text.trim_start_matches('\\'), left),
        }
    }

    fn given_to(&self, at: Place<'_>, key: &str, left: Fuel<'_>) -> Vec<String> {
        let places = self.given.get(key).map_or(&[][..], Vec::as_slice);
        let folded =
            distinct(places.iter().flat_map(|(file, owner, value)| {
                self.fold_within(Place { base: at.base, file: *file, owner: *owner }, *value, left.less())
            }));
        let learnt = self.learnt.get(key).into_iter().cloned();
        if folded.iter().any(|path| path.starts_with(ROOT)) { folded } else { distinct(learnt.chain(folded)) }
    }

    /// A variable of the same function, or of the file for code outside functions, given a value before and never
    /// anything that cannot be told.
    fn variable(&self, at: Place<'_>, value: ValueId, name: Text, left: Fuel<'_>) -> Vec<String> {
        let facts = at.base.facts(at.file);
        let mut found = Vec::new();
        for binding in facts.bindings.iter().filter(|binding| binding.owner == at.owner && facts.as_name(binding.target) == Some(name)) {
            let Some(given) = binding.value.filter(|given| binding.binds == Binds::Assign && *given < value) else {
                // In `$a = f($a)` the right side still has what was there before.
                let own_right_side = binding.binds == Binds::Assign && binding.value.is_some();
                if binding.target < value && !own_right_side {
                    return Vec::new();
                }
                continue;
            };
            let known = self.fold_within(at, given, left.less());
            if known.is_empty() {
                return known;
            }
            found.extend(known);
        }
        distinct(found.into_iter())
    }

    fn call(&self, at: Place<'_>, value: ValueId, left: Fuel<'_>) -> Vec<String> {
        let facts = at.base.facts(at.file);
        let Some(call) = facts.as_call(value) else { return Vec::new() };
        let Some(name) = facts.as_name(call.callee).map(|name| facts.text(name).trim_start_matches('\\').to_ascii_lowercase()) else {
            return Vec::new();
        };
        let arguments = facts.arguments_of(call);
        let argument = |index: usize| arguments.get(index).map(|argument| argument.value);
        let folded = |index: usize| argument(index).map_or_else(Vec::new, |value| self.fold_within(at, value, left.less()));
        match name.as_str() {
            "dirname" => {
                let levels = argument(1).map_or(Some(1), |levels| match facts.value(levels).shape {
                    Shape::Number(text) => facts.text(text).parse::<usize>().ok(),
                    _ => None,
                });
                let Some(levels) = levels.filter(|levels| *levels <= 64) else { return Vec::new() };
                folded(0).into_iter().map(|path| (0..levels).fold(path, |path, _| folder_of(&path))).collect()
            }
            // A script that is asked for runs in its own folder.
            "getcwd" if at.owner.is_none() => vec![folder_of(&format!("{ROOT}/{}", at.base.path(at.file)))],
            "realpath" | "strval" | "escapeshellarg" => folded(0),
            "rtrim" | "trim" | "untrailingslashit" => {
                folded(0).into_iter().map(|path| path.trim_end_matches(['/', '\\']).to_owned()).collect()
            }
            "trailingslashit" => folded(0).into_iter().map(|path| format!("{}/", path.trim_end_matches('/'))).collect(),
            "plugin_dir_path" => folded(0).into_iter().map(|path| format!("{}/", folder_of(&path))).collect(),
            "str_replace" => folded(2),
            "basename" => folded(0).into_iter().map(|path| path.rsplit('/').next().unwrap_or("").to_owned()).collect(),
            _ => Vec::new(),
        }
    }
}

/// The parts of `a . b . c`, in order.
pub(super) fn flat(facts: &FileFacts, value: ValueId) -> Vec<ValueId> {
    let mut parts = Vec::new();
    let mut open = vec![value];
    while let Some(at) = open.pop() {
        match facts.value(at).shape {
            Shape::Joined(left, right) => open.extend([right, left]),
            _ => parts.push(at),
        }
    }
    parts
}

/// How a property or element is written, where it hangs on a plain variable: `$CFG->dirroot`, `$config['base_path']`.
/// Properties of `$this` belong to a class, not to the tree.
pub(super) fn key_of(facts: &FileFacts, value: ValueId) -> Option<String> {
    let (object, name, open) = match facts.value(value).shape {
        Shape::Member(object, name) => (object, facts.text(name), "->"),
        Shape::Item(object, index) => (object, facts.as_literal(index)?, "["),
        _ => return None,
    };
    let object = facts.text(facts.as_name(object)?);
    (object.starts_with('$') && object != "$this").then(|| format!("{object}{open}{name}"))
}

/// A guess that costs little: trees give thousands of elements a value, and few of them a path.
fn may_be_path(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value).shape {
        Shape::Joined(..) | Shape::Template(_) | Shape::Call(_) | Shape::Member(..) | Shape::Item(..) => true,
        Shape::Name(name) => !facts.text(name).starts_with('$'),
        Shape::Literal(text) => facts.text(text).contains('/'),
        _ => false,
    }
}

/// PHP's `dirname`.
fn folder_of(path: &str) -> String {
    let path = path.trim_end_matches('/');
    if path.chars().eq([ROOT]) {
        return format!("{ROOT}/..");
    }
    path.rsplit_once('/').map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder }).to_owned()
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in values {
        if !found.contains(&value) && found.len() < MOST {
            found.push(value);
        }
    }
    found
}
