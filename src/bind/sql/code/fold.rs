//! What is known of a string before the program runs: literal text, and holes where it is put together from something
//! else.

use super::folded::{Folded, Hole, braces, conversions, percent};
use crate::base::FileId;
use crate::facts::{Binds, Call, DefinitionId, Shape, Text, ValueId};
use crate::names::{Export, FactBase, Named, Names};
use rustc_hash::FxHashMap;
use std::cell::Cell;

/// How far values are followed through variables, constants and other files.
const DEEPEST: u32 = 12;

/// A variable that is given more texts than this may hold anything.
const MOST_VALUES: usize = 4;

/// Functions and methods that hand their text on, changed in nothing that SQL cares about.
const WRAPPERS: [&str; 19] = [
    "SQL",
    "Identifier",
    "Literal",
    "text",
    "str",
    "dedent",
    "quote_name",
    "quote_ident",
    "quote_identifier",
    "qn",
    "literal_column",
    "trim",
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "encode",
    "decode",
    "mark_safe",
];

/// Bindings of a file.
#[derive(Default)]
pub(super) struct Bound {
    /// Of plain names, by the function that owns the name.
    pub(super) names: FxHashMap<(Option<DefinitionId>, Text), Vec<u32>>,
    /// Of members of the own object (`$this->table`, `self.table`), by class.
    pub(super) members: FxHashMap<(DefinitionId, Text), Vec<u32>>,
}

/// Tables of mapped classes, by file and qualified name.
pub(super) type Models = FxHashMap<(FileId, DefinitionId), String>;

/// Reads values inside one function of one file.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) base: &'a FactBase,
    pub(super) names: &'a Names,
    pub(super) models: &'a Models,
    /// Tables that calls are known to name.
    pub(super) named: &'a FxHashMap<(FileId, ValueId), String>,
    /// Bindings of the file the reading began in.
    pub(super) bound: &'a Bound,
    pub(super) home: FileId,
    pub(super) file: FileId,
    pub(super) owner: Option<DefinitionId>,
    /// How many values may still be looked at: text that is put together in many steps is followed only so far.
    pub(super) steps: &'a Cell<u32>,
}

impl Reader<'_> {
    pub(super) fn read(&self, value: ValueId) -> Folded {
        self.within(value, DEEPEST)
    }

    fn within(&self, value: ValueId, left: u32) -> Folded {
        if left == 0 || self.steps.get() == 0 {
            return Folded::unknown();
        }
        self.steps.set(self.steps.get() - 1);
        let facts = self.base.facts(self.file);
        match facts.value(value).shape {
            Shape::Literal(text) => Folded::of(facts.text(text)),
            Shape::Number(text) => Folded::of(facts.text(text)),
            Shape::Template(parts) => {
                let mut out = Folded::default();
                facts.items(parts).iter().for_each(|part| out.append(&self.within(*part, left - 1)));
                out
            }
            Shape::Joined(..) => self.joined(value, left),
            Shape::Name(name) => self.name(value, name, left),
            Shape::Member(object, name) => self.member(value, object, facts.text(name), left),
            Shape::Item(object, key) => self.item(object, key, left),
            Shape::Choice(parts) => {
                let all: Vec<Folded> = facts.items(parts).iter().map(|part| self.within(*part, left - 1)).collect();
                Folded::one_of(&all)
            }
            Shape::Call(call) => self.call(&facts.calls[call.0 as usize], left),
            _ => Folded::unknown(),
        }
    }

    /// `a + b + c` leans to the left and may be long, so its spine is walked, not descended.
    fn joined(&self, value: ValueId, left: u32) -> Folded {
        let facts = self.base.facts(self.file);
        let (mut rights, mut at) = (Vec::new(), value);
        while let Shape::Joined(first, second) = facts.value(at).shape {
            rights.push(second);
            at = first;
        }
        let mut out = self.within(at, left - 1);
        for right in rights.into_iter().rev() {
            let formats = conversions(&out.text);
            match facts.value(right).shape {
                Shape::List(parts) if formats > 0 => {
                    let values: Vec<Folded> = facts.items(parts).iter().map(|part| self.within(*part, left - 1)).collect();
                    out = percent(&out, &values, &[]);
                }
                Shape::Map(entries) if formats > 0 => {
                    let entries = &facts.entries[entries.range()];
                    let named =
                        entries.iter().filter_map(|entry| Some((facts.as_literal(entry.key?)?, self.within(entry.value, left - 1))));
                    out = percent(&out, &[], &named.collect::<Vec<_>>());
                }
                Shape::Literal(_) | Shape::Template(_) => out.append(&self.within(right, left - 1)),
                _ => {
                    let more = self.within(right, left - 1);
                    if formats == 1 && more.known().is_some_and(|text| !text.contains(' ')) {
                        out = percent(&out, &[more], &[]);
                    } else if formats > 0 {
                        // `%` or `+`? Behind a blank the unknown can be no part of a name.
                        out.push(" ");
                        out.append(&more);
                    } else {
                        out.append(&more);
                    }
                }
            }
        }
        out
    }

    fn name(&self, value: ValueId, name: Text, left: u32) -> Folded {
        let facts = self.base.facts(self.file);
        let mut owner = facts.function_around(self.owner);
        while let Some(function) = owner.filter(|_| self.file == self.home) {
            let parameters = &facts.parameters[facts.definition(function).parameters.range()];
            let parameter = parameters.iter().position(|parameter| parameter.name == name);
            let bound = self.bound.names.get(&(Some(function), name)).map_or(&[][..], Vec::as_slice);
            match parameter {
                // Given another value, it may still be what was handed over.
                Some(_) if bound.iter().any(|at| facts.bindings[*at as usize].target.0 < value.0) => return self.written(value),
                Some(place) => {
                    let parameter = Some((function, u32::try_from(place).unwrap_or(u32::MAX)));
                    return Folded::open_as(Hole { parameter, written: Some(facts.text(name).into()), texts: Vec::new() });
                }
                None if !bound.is_empty() => return self.variable(value, bound, left),
                None => {}
            }
            owner = facts.function_around(facts.definition(function).owner);
        }
        match self.names.home(self.base, self.file, facts.text(name)).and_then(|home| Some((home.file, home.export?))) {
            Some((file, Export::Variable(Some(assigned)))) if assigned != value => self.at_module(file).within(assigned, left - 1),
            _ => self.constant(value, facts.text(name), left),
        }
    }

    /// A constant of PHP, which any file may define.
    fn constant(&self, value: ValueId, name: &str, left: u32) -> Folded {
        if name.starts_with('$') {
            return self.written(value);
        }
        let places = self.names.php_constant(name.trim_start_matches('\\')).take(MOST_VALUES);
        let texts: Vec<Folded> = places.map(|(file, assigned)| self.at_module(file).within(assigned, left - 1)).collect();
        match &texts[..] {
            [first, rest @ ..] if !first.text.is_empty() && rest.iter().all(|text| text == first) => first.clone(),
            // Every installation has its own; where one of them is empty it is what stands before names.
            [_, _, ..] if texts.iter().all(|text| !text.text.is_empty()) => {
                let mut found = Folded::one_of(&texts);
                found.holes.iter_mut().for_each(|hole| hole.written = hole.written.take().or_else(|| Some(name.into())));
                found
            }
            _ => self.written(value),
        }
    }

    /// A hole that remembers what is written there.
    fn written(&self, value: ValueId) -> Folded {
        let written = self.base.facts(self.file).dotted(value).map(String::into_boxed_str);
        Folded::open_as(Hole { written, ..Hole::default() })
    }

    /// A variable of a function: assigned once, or looped over texts that are written down.
    fn variable(&self, value: ValueId, places: &[u32], left: u32) -> Folded {
        let facts = self.base.facts(self.file);
        let bindings = places.iter().map(|at| &facts.bindings[*at as usize]);
        let before: Vec<_> = bindings.filter(|binding| binding.target.0 < value.0).collect();
        // What is assigned last before this place under no other condition is what counts; else any of them may.
        let start = before.iter().rposition(|binding| binding.binds != Binds::Augment).unwrap_or(0);
        let Some(first) = before.get(start) else { return Folded::unknown() };
        let Some(assigned) = first.value else { return Folded::unknown() };
        let mut out = match first.binds {
            Binds::Loop => match facts.value(assigned).shape {
                Shape::List(parts) => {
                    let all: Vec<Folded> = facts.items(parts).iter().map(|part| self.within(*part, left - 1)).collect();
                    Folded::one_of(&all)
                }
                _ => Folded::unknown(),
            },
            Binds::Assign => {
                let all = before[..=start].iter().filter(|binding| binding.binds == Binds::Assign).filter_map(|binding| binding.value);
                let all: Vec<ValueId> = all.collect();
                match all.as_slice() {
                    // What is made of itself holds what it was before.
                    [_] => self.within(assigned, left - 1),
                    _ if matches!(facts.value(assigned).shape, Shape::Joined(..)) => self.within(assigned, left - 1),
                    few if few.len() <= MOST_VALUES => {
                        Folded::one_of(&few.iter().map(|value| self.within(*value, left - 1)).collect::<Vec<_>>())
                    }
                    _ => Folded::unknown(),
                }
            }
            _ => Folded::unknown(),
        };
        for more in before[start + 1..].iter().filter_map(|binding| binding.value) {
            out.append(&self.within(more, left - 1));
        }
        out
    }

    /// `Model._meta.db_table`, `Model.__tablename__`, `module.CONSTANT`, `self.CONSTANT`.
    fn member(&self, value: ValueId, object: ValueId, name: &str, left: u32) -> Folded {
        let facts = self.base.facts(self.file);
        let class = match (name, facts.value(object).shape) {
            ("db_table", Shape::Member(model, meta)) if facts.text(meta) == "_meta" => Some(model),
            ("__tablename__" | "__table__", _) => Some(object),
            _ => None,
        };
        if let Some(class) = class {
            let found = match self.names.named(self.base, self.file, self.owner, class) {
                Named::Definition(file, id) => self.models.get(&(file, id)),
                _ => self.own_class(class).and_then(|id| self.models.get(&(self.file, id))),
            };
            return found.map_or_else(Folded::unknown, |table| Folded::of(table));
        }
        match self.names.named(self.base, self.file, self.owner, value) {
            Named::Variable(file, variable) => {
                let name = self.base.facts(file).text(variable);
                match self.names.export(self.base, file, name) {
                    Some(Export::Variable(Some(assigned))) => self.at_module(file).within(assigned, left - 1),
                    _ => Folded::unknown(),
                }
            }
            _ => {
                let found = match (self.names.named(self.base, self.file, self.owner, object), self.own_class(object)) {
                    (Named::Definition(file, class), _) => self.of_class(file, class, name, left),
                    (_, Some(class)) => self.of_object(class, value, left).unwrap_or_else(|| self.of_class(self.file, class, name, left)),
                    _ => Folded::unknown(),
                };
                // What begins empty is given its value by the program.
                if found.text.is_empty() || found.holes.first() == Some(&Hole::default()) { self.written(value) } else { found }
            }
        }
    }

    /// The class around, where a value is `self` or what it is called here.
    fn own_class(&self, value: ValueId) -> Option<DefinitionId> {
        let facts = self.base.facts(self.file);
        let name = facts.as_name(value)?;
        let own = facts.receiver(self.owner) == Some(name) || matches!(facts.text(name), "self" | "static" | "cls" | "$this");
        facts.class_around(self.owner).filter(|_| own)
    }

    /// A member that the methods of its class give a value in one place.
    fn of_object(&self, class: DefinitionId, value: ValueId, left: u32) -> Option<Folded> {
        let facts = self.base.facts(self.file);
        let Shape::Member(_, name) = facts.value(value).shape else { return None };
        let [only] = self.bound.members.get(&(class, name)).filter(|_| self.file == self.home)?[..] else { return None };
        let binding = &facts.bindings[only as usize];
        let assigned = binding.value.filter(|_| binding.binds == Binds::Assign)?;
        Some(Reader { owner: binding.owner, ..*self }.within(assigned, left - 1))
    }

    /// A constant of a class: a name that its body gives a value, once.
    fn of_class(&self, file: FileId, class: DefinitionId, name: &str, left: u32) -> Folded {
        let facts = self.base.facts(file);
        let mut found =
            facts.bindings_in(Some(class)).filter(|binding| facts.as_name(binding.target).is_some_and(|own| facts.text(own) == name));
        match (found.next().and_then(|binding| binding.value), found.next()) {
            (Some(value), None) => Reader { file, owner: Some(class), ..*self }.within(value, left - 1),
            _ => Folded::unknown(),
        }
    }

    fn at_module(&self, file: FileId) -> Self {
        Self { file, owner: None, ..*self }
    }

    /// `TABLES["user"]`: the entry, or any of them.
    fn item(&self, object: ValueId, key: ValueId, left: u32) -> Folded {
        let facts = self.base.facts(self.file);
        let map = match facts.value(object).shape {
            Shape::Name(name) => {
                match self.names.home(self.base, self.file, facts.text(name)).and_then(|home| Some((home.file, home.export?))) {
                    Some((file, Export::Variable(Some(value)))) => Some((file, value)),
                    _ => None,
                }
            }
            _ => None,
        };
        let Some((file, value)) = map else { return Folded::unknown() };
        let there = self.base.facts(file);
        let Shape::Map(entries) = there.value(value).shape else { return Folded::unknown() };
        let reader = self.at_module(file);
        let wanted = facts.as_literal(key);
        let entries = there.entries[entries.range()].iter().filter(|entry| match (wanted, entry.key) {
            (Some(wanted), Some(key)) => there.as_literal(key) == Some(wanted),
            _ => true,
        });
        let all: Vec<Folded> = entries.take(40).map(|entry| reader.within(entry.value, left - 1)).collect();
        Folded::one_of(&all)
    }

    fn call(&self, call: &Call, left: u32) -> Folded {
        if let Some(table) = self.named.get(&(self.file, call.value)) {
            return Folded::of(table);
        }
        let facts = self.base.facts(self.file);
        let arguments = facts.arguments_of(call);
        let first = arguments.first().map(|argument| argument.value);
        let name = facts.last_name(call.callee).unwrap_or("");
        let object = match facts.value(call.callee).shape {
            Shape::Member(object, _) => Some(object),
            _ => None,
        };
        let read = |value: ValueId| self.within(value, left - 1);
        match (name, object, first) {
            ("format", Some(object), _) => {
                let named: Vec<_> =
                    arguments.iter().map(|argument| (argument.name.map(|name| facts.text(name)), read(argument.value))).collect();
                braces(&read(object), &named)
            }
            ("sprintf" | "format" | "vsprintf", None, Some(format)) => {
                let rest: Vec<Folded> = arguments[1..].iter().map(|argument| read(argument.value)).collect();
                percent(&read(format), &rest, &[])
            }
            ("join", Some(object), Some(parts)) => {
                let Shape::List(parts) = facts.value(parts).shape else { return Folded::unknown() };
                let separator = read(object);
                let mut out = Folded::default();
                for (index, part) in facts.items(parts).iter().enumerate() {
                    if index > 0 {
                        out.append(&separator);
                    }
                    out.append(&read(*part));
                }
                out
            }
            ("strip" | "lstrip" | "rstrip" | "lower" | "encode" | "decode", Some(object), _) => read(object),
            (name, _, Some(first)) if WRAPPERS.contains(&name) => read(first),
            (name, _, Some(first)) if names_table(name) => {
                let mut whole = Folded::open_as(Hole { written: Some("prefix".into()), ..Hole::default() });
                whole.append(&read(first));
                whole
            }
            // `$this->getTablePrefix()`
            _ => self.written(call.callee),
        }
    }
}

/// `table_name("users")`, `getTable(...)`, `prefixTable(...)`: hands a table's name back as the database knows it.
pub(super) fn names_table(name: &str) -> bool {
    let name: String = name.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    ["tablename", "gettable", "prefixtable", "tableprefix", "quotetable", "dbtable"].iter().any(|end| name.ends_with(end))
}

/// True for calls through which a text stays itself.
pub(super) fn keeps_text(name: &str) -> bool {
    WRAPPERS.contains(&name) || matches!(name, "format" | "sprintf" | "vsprintf" | "join")
}
