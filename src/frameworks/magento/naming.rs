//! Which tables an expression names: `getTable('catalog/product')`, `getMainTable()`, variables and properties that hold
//! what these return.

use super::Shop;
use super::aliases::{Family, family};
use super::settings::Sort;
use crate::base::FileId;
use crate::facts::{Binds, Call, DefinitionId, FileFacts, OwnerSweep, Shape, Text, ValueId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::php::PhpClasses;
use crate::names::php::PHP;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// How far an expression is followed.
const DEEPEST: u32 = 10;

/// How many tables one expression may name before it says nothing.
const MOST: usize = 24;

/// Methods that turn an alias into a table's name.
pub(super) const NAMING: [&str; 3] = ["getTable", "getTableName", "_getTable"];

/// A table, and the call that names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    pub(super) table: String,
    pub(super) by: Option<(FileId, ValueId)>,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) file: FileId,
    pub(super) owner: Option<DefinitionId>,
}

/// What the `_init` of a class that talks to the database names.
enum Main {
    /// The alias of its main table.
    Table(String),
    /// The alias of the resource model it takes everything from.
    Resource(String),
}

/// Knows the main tables of classes and follows expressions to tables.
pub(super) struct Namer<'a> {
    pub(super) shop: &'a Shop<'a>,
    pub(super) php: &'a PhpClasses<'a>,
    main: FxHashMap<ClassId, Main>,
}

impl<'a> Namer<'a> {
    pub(super) fn new(shop: &'a Shop<'a>, php: &'a PhpClasses<'a>) -> Self {
        let mut namer = Self { shop, php, main: FxHashMap::default() };
        for file in shop.base.ids() {
            let entry = shop.base.file(file);
            let wanted = calls_of(&entry.facts, &["_init", "_setMainTable"]);
            if entry.left_out || entry.source.language != PHP || wanted.is_empty() {
                continue;
            }
            let mut owners = OwnerSweep::new(&entry.facts);
            for call in wanted {
                namer.learn(At { file, owner: owners.owner(call.value) }, call);
            }
        }
        namer
    }

    fn learn(&mut self, at: At, call: &Call) {
        let facts = self.php.facts(at.file);
        let Some(class) = facts.class_around(at.owner) else { return };
        let arguments = facts.arguments_of(call);
        let text = |place: usize| arguments.get(place).and_then(|argument| self.php.text(at.file, at.owner, argument.value));
        let main = match family(self.shop, at.file, class) {
            Some(Family::Resource) => text(0).map(Main::Table),
            Some(Family::Collection) => text(1).or_else(|| text(0)).map(Main::Resource),
            _ => None,
        };
        if let Some(main) = main {
            self.main.insert((at.file, class), main);
        }
    }

    /// The alias of the main table of a class, its own or what it inherits.
    pub(super) fn main_alias(&self, class: ClassId) -> Option<&str> {
        let mut class = class;
        for _ in 0..2 {
            match self.php.line(class).find_map(|class| self.main.get(&class))? {
                Main::Table(alias) => return Some(alias),
                Main::Resource(alias) => {
                    let name = self.shop.settings.class(Sort::Resource, alias)?;
                    let place = self.shop.class(class.0, &name.name)?;
                    class = (place.file, place.definition);
                }
            }
        }
        None
    }

    /// The tables an expression may name, in the order they are written; none where nobody can tell.
    pub(super) fn tables(&self, at: At, value: ValueId) -> Vec<Named> {
        let mut found = self.within(at, value, DEEPEST);
        let mut seen = FxHashSet::default();
        found.retain(|named| seen.insert(named.table.clone()));
        if found.len() > MOST { Vec::new() } else { found }
    }

    fn within(&self, at: At, value: ValueId, left: u32) -> Vec<Named> {
        let Some(left) = left.checked_sub(1) else { return Vec::new() };
        let facts = self.php.facts(at.file);
        match facts.value(value).shape {
            Shape::Literal(text) => self.written(facts.text(text)).into_iter().collect(),
            Shape::Call(call) => self.called(at, &facts.calls[call.0 as usize], left),
            Shape::Name(name) => self.variable(at, value, name, left),
            Shape::Member(object, name) => self.property(at, value, object, facts.text(name), left),
            Shape::Choice(parts) => facts.items(parts).iter().flat_map(|part| self.within(at, *part, left)).collect(),
            Shape::Joined(table, rest) => self.with_ending(at, table, rest, left),
            Shape::Template(parts) => match *facts.items(parts) {
                [only] => self.within(at, only, left),
                [table, rest] => self.with_ending(at, table, rest, left),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// A table whose name is written down; an alias stands for one.
    fn written(&self, text: &str) -> Option<Named> {
        let table = if text.contains('/') { self.shop.settings.table(text)? } else { text.to_owned() };
        let plain = !table.is_empty() && table.chars().all(|c| c.is_alphanumeric() || c == '_');
        plain.then_some(Named { table, by: None })
    }

    /// `$table . '_idx'`
    fn with_ending(&self, at: At, table: ValueId, rest: ValueId, left: u32) -> Vec<Named> {
        let tables = self.within(at, table, left);
        let endings = if tables.is_empty() { Vec::new() } else { self.texts(at, rest) };
        let with = |ending: String| tables.iter().map(move |named| Named { table: format!("{}{ending}", named.table), by: named.by });
        endings.into_iter().flat_map(with).collect()
    }

    fn called(&self, at: At, call: &Call, left: u32) -> Vec<Named> {
        let facts = self.php.facts(at.file);
        match facts.last_name(call.callee).unwrap_or_default() {
            name if NAMING.contains(&name) => self.naming(at, call),
            "getMainTable" => self.main_table(at, call).into_iter().collect(),
            "quoteIdentifier" | "quoteTableAs" => {
                facts.arguments_of(call).first().map_or_else(Vec::new, |argument| self.within(at, argument.value, left))
            }
            _ => Vec::new(),
        }
    }

    /// What a call of `getTable` names.
    pub(super) fn naming(&self, at: At, call: &Call) -> Vec<Named> {
        let facts = self.php.facts(at.file);
        let Some(argument) = facts.arguments_of(call).first() else { return Vec::new() };
        let (aliases, endings) = match facts.value(argument.value).shape {
            Shape::List(parts) => match *facts.items(parts) {
                [alias, ending] => (self.texts(at, alias), self.texts(at, ending).iter().map(|ending| format!("_{ending}")).collect()),
                _ => return Vec::new(),
            },
            _ => (self.texts(at, argument.value), vec![String::new()]),
        };
        let by = Some((at.file, call.value));
        let tables = aliases.iter().filter_map(|alias| self.of_alias(at, call, alias));
        let named = |table: String| endings.iter().map(move |ending| Named { table: format!("{table}{ending}"), by }).collect::<Vec<_>>();
        tables.flat_map(named).collect()
    }

    /// The texts an expression may be; any of a list where one is picked.
    fn texts(&self, at: At, value: ValueId) -> Vec<String> {
        match self.php.facts(at.file).value(value).shape {
            Shape::Item(list, _) => self.php.elements(at.file, at.owner, list, false, DEEPEST),
            _ => self.php.texts(at.file, at.owner, value),
        }
    }

    /// The class whose main table a table is, the first of several.
    pub(super) fn models(&self) -> BTreeMap<String, ClassId> {
        let mut found = BTreeMap::new();
        #[allow(clippy::iter_over_hash_type, reason = "the smallest of several is kept")]
        for (class, main) in &self.main {
            if let Main::Table(alias) = main
                && let Some(named) = self.written(alias)
            {
                found.entry(named.table).and_modify(|known: &mut ClassId| *known = (*known).min(*class)).or_insert(*class);
            }
        }
        found
    }

    /// A name without `/` is an entity of the resource model's own group, where that has it, else the table itself.
    fn of_alias(&self, at: At, call: &Call, alias: &str) -> Option<String> {
        let settings = self.shop.settings;
        if alias.contains('/') {
            return settings.table(alias);
        }
        let facts = self.php.facts(at.file);
        let own = || {
            let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
            let class = facts.class_around(at.owner).filter(|_| facts.as_name(object).is_some_and(|name| facts.text(name) == "$this"))?;
            let (group, _) = self.main_alias((at.file, class))?.split_once('/')?;
            settings.table(&format!("{group}/{alias}"))
        };
        own().or_else(|| self.written(alias).map(|named| named.table))
    }

    /// `$this->getMainTable()`, `$this->getResource()->getMainTable()`.
    fn main_table(&self, at: At, call: &Call) -> Option<Named> {
        let facts = self.php.facts(at.file);
        let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
        let receiver = facts.as_call(object).filter(|call| matches!(facts.last_name(call.callee), Some("getResource" | "_getResource")));
        let receiver = receiver.map_or(Some(object), |call| match facts.value(call.callee).shape {
            Shape::Member(object, _) => Some(object),
            _ => None,
        })?;
        facts.as_name(receiver).filter(|name| facts.text(*name) == "$this")?;
        let alias = self.main_alias((at.file, facts.class_around(at.owner)?))?;
        let table = self.written(alias)?.table;
        Some(Named { table, by: Some((at.file, call.value)) })
    }

    /// What a variable was given before, in its function; a loop gives it everything of the list.
    fn variable(&self, at: At, value: ValueId, name: Text, left: u32) -> Vec<Named> {
        let facts = self.php.facts(at.file);
        let bound = self.php.locals(at.file).of_name(at.owner, name);
        let before = bound.iter().filter(|row| facts.bindings[row.binding as usize].target < value && row.place.is_none());
        let mut found = Vec::new();
        for binding in before.map(|row| &facts.bindings[row.binding as usize]).rev().take(MOST) {
            let Some(given) = binding.value else { continue };
            match binding.binds {
                Binds::Assign => found.extend(self.within(at, given, left)),
                Binds::Loop => found.extend(self.elements(at, given, left)),
                _ => {}
            }
            // What stands in no branch replaces whatever was there before.
            if !binding_is_conditional(facts, binding.target) {
                break;
            }
        }
        found.reverse();
        found
    }

    /// The tables of a list or of the values of a map.
    fn elements(&self, at: At, value: ValueId, left: u32) -> Vec<Named> {
        let Some(left) = left.checked_sub(1) else { return Vec::new() };
        let facts = self.php.facts(at.file);
        match facts.value(value).shape {
            Shape::List(parts) => facts.items(parts).iter().flat_map(|part| self.within(at, *part, left)).collect(),
            Shape::Map(entries) => facts.entries[entries.range()].iter().flat_map(|entry| self.within(at, entry.value, left)).collect(),
            Shape::Name(name) => {
                let bound = self.php.locals(at.file).of_name(at.owner, name);
                let mut before = bound.iter().map(|row| &facts.bindings[row.binding as usize]).filter(|binding| binding.target < value);
                before.next_back().and_then(|binding| binding.value).map_or_else(Vec::new, |given| self.elements(at, given, left))
            }
            _ => Vec::new(),
        }
    }

    /// What the class around, or one above it, gives to a property of its object, or a constant of any class.
    fn property(&self, at: At, value: ValueId, object: ValueId, name: &str, left: u32) -> Vec<Named> {
        let facts = self.php.facts(at.file);
        if facts.as_name(object).is_none_or(|object| facts.text(object) != "$this") {
            let text = self.php.text(at.file, at.owner, value);
            return text.and_then(|text| self.written(&text)).into_iter().collect();
        }
        let Some(class) = facts.class_around(at.owner) else { return Vec::new() };
        for class in self.php.line((at.file, class)) {
            let there = self.php.facts(class.0);
            let given = self.php.bound_members(class, name).iter().map(|at| &there.bindings[*at as usize]);
            let found: Vec<Named> = given
                .filter_map(|binding| Some((binding.owner, binding.value?)))
                .flat_map(|(owner, value)| self.within(At { file: class.0, owner }, value, left))
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
        if name == "_mainTable" {
            return self.main_alias((at.file, class)).and_then(|alias| self.written(alias)).into_iter().collect();
        }
        let default = self.php.value_of((at.file, class), name);
        default.map_or_else(Vec::new, |(file, value)| self.within(At { file, owner: None }, value, left))
    }
}

/// True where a value stands in a branch, loop or handler: other code may have given the variable something else.
fn binding_is_conditional(facts: &FileFacts, value: ValueId) -> bool {
    let inside = facts.blocks.partition_point(|block| block.values.start <= value.0);
    facts.blocks[..inside].iter().any(|block| block.values.contains(value.0))
}

/// The calls of methods with one of these names, in source order of their ends.
pub(super) fn calls_of<'a>(facts: &'a FileFacts, names: &[&str]) -> Vec<&'a Call> {
    let wanted: FxHashSet<Text> = facts.texts.iter().filter(|(_, text)| names.contains(text)).map(|(id, _)| id).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let is_wanted = |call: &&Call| matches!(facts.value(call.callee).shape, Shape::Member(_, name) if wanted.contains(&name));
    facts.calls.iter().filter(is_wanted).collect()
}
