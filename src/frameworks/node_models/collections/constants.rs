//! Names of collections behind constants: `const ORDERS = 'orders'`, `names.orders` of `names = { orders: 'orders' }`.

use crate::base::FileId;
use crate::facts::{FileFacts, Shape, ValueId};
use crate::frameworks::node_models::literals::entries;
use crate::names::FactBase;
use rustc_hash::{FxHashMap, FxHashSet};

/// A name of a collection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    pub(super) text: String,
    /// It stands where it is used.
    pub(super) literal: bool,
    /// Where a constant is given it.
    pub(super) written: Option<(FileId, u32)>,
}

/// One constant.
struct Constant<'a> {
    file: FileId,
    line: u32,
    text: &'a str,
}

/// Constants by the last name of what holds them and their own.
pub(super) struct Constants<'a> {
    base: &'a FactBase,
    rows: FxHashMap<(&'a str, &'a str), Vec<Constant<'a>>>,
    /// Files that ask a database for collections.
    asking: FxHashSet<FileId>,
    /// Constants of objects in such files: names that collections may have.
    known: FxHashSet<&'a str>,
}

impl<'a> Constants<'a> {
    pub(super) fn of(base: &'a FactBase, files: &[FileId]) -> Self {
        let mut constants = Self { base, rows: FxHashMap::default(), asking: FxHashSet::default(), known: FxHashSet::default() };
        for file in files {
            let facts = base.facts(*file);
            if facts.texts.find("collection").is_some() {
                let asked = facts.calls.iter().filter_map(|call| super::asked_for(facts, call));
                let asked: Vec<ValueId> = asked.collect();
                constants.known.extend(asked.iter().filter_map(|name| facts.as_literal(*name)).filter(|text| is_name(text)));
                if !asked.is_empty() {
                    constants.asking.insert(*file);
                }
            }
            constants.read(*file, facts);
        }
        constants
    }

    fn read(&mut self, file: FileId, facts: &'a FileFacts) {
        for binding in &facts.bindings {
            let (Some(name), Some(value)) = (facts.last_name(binding.target), binding.value) else { continue };
            let mut add = |holder, key, value: ValueId| {
                let Some(text) = facts.as_literal(value).filter(|text| is_name(text)) else { return };
                if self.asking.contains(&file) && name != key {
                    self.known.insert(text);
                }
                self.rows.entry((holder, key)).or_default().push(Constant { file, line: facts.value(value).line, text });
            };
            match facts.value(value).shape {
                Shape::Literal(_) => add("", name, value),
                Shape::Map(_) => entries(facts, value).into_iter().for_each(|(key, value)| add(name, key, value)),
                // Object.freeze({ ... })
                Shape::Call(_) => {
                    let call = facts.as_call(value).filter(|call| facts.last_name(call.callee) == Some("freeze"));
                    let object = call.and_then(|call| facts.arguments_of(call).first());
                    let inside = object.map(|object| entries(facts, object.value)).unwrap_or_default();
                    inside.into_iter().for_each(|(key, value)| add(name, key, value));
                }
                _ => {}
            }
        }
    }

    /// True for files that ask a database for collections.
    pub(super) fn asks(&self, file: FileId) -> bool {
        self.asking.contains(&file)
    }

    /// True for names that collections are known to have.
    pub(super) fn knows(&self, text: &str) -> bool {
        self.known.contains(text)
    }

    /// The name that an expression stands for.
    pub(super) fn named(&self, file: FileId, value: ValueId) -> Option<Named> {
        let facts = self.base.facts(file);
        match facts.value(value).shape {
            Shape::Literal(text) => {
                let text = facts.text(text);
                is_name(text).then(|| Named { text: text.to_owned(), literal: true, written: None })
            }
            Shape::Name(name) => {
                let name = facts.text(name);
                let imported = facts.imports.iter().any(|import| import.local.is_some_and(|local| facts.text(local) == name));
                self.constant(file, "", name, !imported)
            }
            Shape::Member(object, key) => {
                let holder = facts.last_name(object)?;
                let own = holder == "this";
                self.constant(file, if own { "" } else { holder }, facts.text(key), own)
            }
            _ => None,
        }
    }

    /// The one text that a constant has: here, else in a file that asks for collections, else anywhere.
    fn constant(&self, file: FileId, holder: &str, key: &str, only_here: bool) -> Option<Named> {
        let rows = self.rows.get(&(holder, key))?;
        let one = |wanted: &dyn Fn(&Constant<'_>) -> bool| -> Option<Option<&Constant<'_>>> {
            let first = rows.iter().find(|row| wanted(row))?;
            Some(rows.iter().filter(|row| wanted(row)).all(|row| row.text == first.text).then_some(first))
        };
        let here = one(&|row| row.file == file);
        let found = match here {
            Some(found) => found,
            None if only_here => None,
            None => one(&|row| self.asking.contains(&row.file)).or_else(|| one(&|_| true)).flatten(),
        }?;
        Some(Named { text: found.text.to_owned(), literal: false, written: Some((found.file, found.line)) })
    }
}

/// A plain name, as collections have.
fn is_name(text: &str) -> bool {
    text.len() < 100
        && text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
}
