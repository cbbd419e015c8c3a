//! Which file defines a name, followed through re-exports.

use super::{FactBase, Meaning, Names};
use crate::base::FileId;
use crate::facts::{Binds, DefinitionId, FileFacts, Shape, Target, Text, ValueId};

/// What a module-level name is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Export {
    /// A class or function of the file.
    Definition(DefinitionId),
    /// A variable; its value where it has one.
    Variable(Option<ValueId>),
    /// An import, by its place in the file's list.
    Import(u32),
}

/// The place a name comes to rest at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Home {
    /// The file.
    pub file: FileId,
    /// What it is there; none for the file as a module.
    pub export: Option<Export>,
}

/// The module-level names of one file, sorted by text.
#[derive(Debug, Default)]
pub(super) struct Exports {
    names: Vec<(Text, Export)>,
    stars: Vec<u32>,
}

/// How many re-exports are followed; real chains have two or three.
const LONGEST: u32 = 8;

impl Exports {
    /// Collects a file's module-level names. A name given twice keeps definitions before variables before imports:
    /// `try: from fast import f / except ImportError: def f()` is defined here either way.
    pub(super) fn of(facts: &FileFacts) -> Self {
        let mut names = Vec::new();
        for (id, definition) in facts.definitions() {
            if definition.owner.is_none() {
                names.push((definition.name, Export::Definition(id)));
            }
        }
        for binding in facts.bindings.iter().filter(|binding| binding.owner.is_none() && binding.binds != Binds::Delete) {
            add_targets(facts, binding.target, binding.value, &mut names);
        }
        let mut stars = Vec::new();
        for (index, import) in (0u32..).zip(&facts.imports) {
            if import.owner.is_some() {
                continue;
            }
            match import.local {
                Some(local) => names.push((local, Export::Import(index))),
                // `import './setup'` takes no name.
                None if matches!(import.target, Target::Path(_) | Target::Package(_)) && import.symbol.is_none() => {}
                None => stars.push(index),
            }
        }
        names.sort_by(|a, b| facts.text(a.0).cmp(facts.text(b.0)).then(a.1.cmp(&b.1)));
        names.dedup_by_key(|(name, _)| *name);
        names.shrink_to_fit();
        Self { names, stars }
    }

    pub(super) fn find(&self, facts: &FileFacts, name: &str) -> Option<Export> {
        self.entry(facts, name).map(|(_, export)| export)
    }

    /// The same with the name as the file's text.
    pub(super) fn entry(&self, facts: &FileFacts, name: &str) -> Option<(Text, Export)> {
        let at = self.names.binary_search_by(|(text, _)| facts.text(*text).cmp(name)).ok()?;
        Some(self.names[at])
    }

    /// The imports with `*`, by their place in the file's list.
    pub(super) fn stars(&self) -> &[u32] {
        &self.stars
    }

    /// True when the file itself makes the name, by defining or assigning it; an import of it does not count.
    pub(super) fn makes(&self, facts: &FileFacts, name: &str) -> bool {
        matches!(self.find(facts, name), Some(Export::Definition(_) | Export::Variable(_)))
    }
}

fn add_targets(facts: &FileFacts, target: ValueId, value: Option<ValueId>, names: &mut Vec<(Text, Export)>) {
    match facts.value(target).shape {
        Shape::Name(name) => names.push((name, Export::Variable(value))),
        Shape::List(parts) => {
            for part in facts.items(parts) {
                add_targets(facts, *part, None, names);
            }
        }
        _ => {}
    }
}

impl Names {
    /// Where a name of a file is really defined: its own definition or variable, or what its imports hand on.
    #[must_use]
    pub fn home(&self, base: &FactBase, file: FileId, name: &str) -> Option<Home> {
        self.home_within(base, file, name, LONGEST)
    }

    fn home_within(&self, base: &FactBase, file: FileId, name: &str, left: u32) -> Option<Home> {
        if left == 0 {
            return None;
        }
        let facts = base.facts(file);
        let exports = &self.exports[file.index()];
        match exports.find(facts, name) {
            Some(Export::Import(index)) => {
                let import = &facts.imports[index as usize];
                match &self.imports(file)[index as usize] {
                    Meaning::Module(target) => Some(Home { file: *target, export: None }),
                    Meaning::Symbol(target) => {
                        let symbol = import.symbol.map_or(name, |symbol| facts.text(symbol));
                        self.home_within(base, *target, symbol, left - 1)
                    }
                    _ => None,
                }
            }
            Some(export) => Some(Home { file, export: Some(export) }),
            None => exports.stars.iter().find_map(|star| {
                let target = self.imports(file)[*star as usize].file()?;
                self.home_within(base, target, name, left - 1)
            }),
        }
    }
}
