//! What the methods of a class, or the functions of a file, do with attributes: their own, and those of others.

use super::names::{FileNames, is_literal};
use crate::base::Language;
use crate::facts::{DefinitionId, FileFacts, Members, Shape, Text, ValueId, receiver};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Whose work is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// A class: its methods and fields.
    Class(DefinitionId),
    /// The code of a file outside of classes: its functions, and the variables of the module level as fields.
    File,
}

/// An attribute of somebody else that is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Foreign {
    /// The first place that reads it: a member whose object is not the class itself.
    pub value: ValueId,
    /// How many places read it.
    pub places: u32,
}

/// What a unit does.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// By method: the own attributes it reads or writes, sorted.
    pub(super) uses: Vec<Vec<Text>>,
    /// Which method calls or reads which other, by place in the list.
    pub(super) calls: Vec<(usize, usize)>,
    /// Attributes of others, each once, in the order they are met.
    pub(super) foreign: Vec<Foreign>,
}

/// What an expression is to the unit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The object the method is called on.
    Own,
    /// A module, a class or a literal: its members are nobody's data.
    Nobody,
    /// Another object.
    Other,
}

/// A file with what its names mean.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) facts: &'a FileFacts,
    pub(super) names: &'a FileNames,
    pub(super) members: &'a Members,
    pub(super) language: Language,
}

impl Source<'_> {
    /// Looks at every value of the unit once.
    pub(super) fn work(self, unit: Unit, methods: &[DefinitionId]) -> Work {
        let mut by_name = FxHashMap::default();
        for (place, method) in methods.iter().enumerate() {
            by_name.entry(self.facts.definition(*method).name).or_insert(place);
        }
        let work = Work { uses: vec![Vec::new(); methods.len()], ..Work::default() };
        let mut reader = Reader { source: self, unit, by_name, keys: FxHashMap::default(), seen: FxHashMap::default(), work };
        for (place, range) in self.segments(unit, methods) {
            let root = place.map(|place| methods[place]);
            reader.segment(place, root, range);
        }
        let mut work = reader.work;
        for uses in &mut work.uses {
            uses.sort_unstable();
            uses.dedup();
        }
        work
    }

    /// The stretches of values to look at, with the method each belongs to. Classes inside are left out: they are units
    /// of their own.
    fn segments(self, unit: Unit, methods: &[DefinitionId]) -> Vec<(Option<usize>, Range<u32>)> {
        let definitions = &self.facts.definitions;
        let mut segments = Vec::new();
        if unit == Unit::File {
            let mut at = 0;
            for definition in definitions.iter().filter(|definition| definition.owner.is_none()) {
                segments.push((None, at..definition.values.start));
                at = definition.values.end;
            }
            segments.push((None, at..u32::try_from(self.facts.values.len()).expect("values are counted in u32")));
        }
        for (place, method) in methods.iter().enumerate() {
            let values = definitions[method.0 as usize].values;
            let mut at = values.start;
            for inner in &definitions[method.0 as usize + 1..] {
                if inner.values.start >= values.end {
                    break;
                }
                if inner.kind.is_type() && inner.values.start >= at {
                    segments.push((Some(place), at..inner.values.start));
                    at = inner.values.end;
                }
            }
            segments.push((Some(place), at..values.end));
        }
        segments
    }

    /// The name a method has for its object, where the language makes it a parameter.
    fn receiver(self, unit: Unit, root: Option<DefinitionId>) -> Option<Text> {
        let method = self.facts.definition(root?);
        let names_it = unit != Unit::File && self.language == Language("python");
        let is_static = || self.facts.items(method.decorators).iter().any(|value| self.facts.last_name(*value) == Some("staticmethod"));
        if names_it && !is_static() { receiver(self.facts, method) } else { None }
    }
}

/// The walk over one unit.
struct Reader<'a> {
    source: Source<'a>,
    unit: Unit,
    by_name: FxHashMap<Text, usize>,
    /// Numbers of expressions that read alike: a sort, a part, a name.
    keys: FxHashMap<(u8, u32, u32), u32>,
    /// By object and member: its place in the list of foreign attributes.
    seen: FxHashMap<(u32, Text), usize>,
    work: Work,
}

impl Reader<'_> {
    fn segment(&mut self, place: Option<usize>, root: Option<DefinitionId>, range: Range<u32>) {
        let receiver = self.source.receiver(self.unit, root);
        let start = range.start;
        let mut known: Vec<(Standing, u32)> = Vec::with_capacity(range.len());
        for index in range {
            let value = ValueId(index);
            // Parts come before wholes; a part from before the stretch is a decorator's or a default's.
            let part = |id: ValueId| id.0.checked_sub(start).and_then(|at| known.get(at as usize)).copied().unwrap_or((Standing::Other, 0));
            let entry = match self.source.facts.value(value).shape {
                Shape::Name(name) => {
                    self.name(place, root, name);
                    (self.standing(root, receiver, name), self.key(0, name.0, 0))
                }
                Shape::Member(object, name) => {
                    let (standing, key) = part(object);
                    self.member(place, value, standing, key, name);
                    let class = standing == Standing::Own && self.source.facts.text(name) == "__class__";
                    let own = if class { Standing::Own } else { Standing::Other };
                    (if standing == Standing::Nobody { standing } else { own }, self.key(1, key, name.0))
                }
                Shape::Call(call) => {
                    let call = self.source.facts.calls[call.0 as usize];
                    let argument = self.source.facts.arguments_of(&call).first().map(|argument| part(argument.value).0);
                    let standing = match self.source.facts.as_name(call.callee).map(|name| self.source.facts.text(name)) {
                        Some("super") => Standing::Nobody,
                        Some("type") if argument == Some(Standing::Own) => Standing::Own,
                        _ => Standing::Other,
                    };
                    (standing, self.key(2, part(call.callee).1, 0))
                }
                Shape::Item(object, _) => {
                    let (standing, key) = part(object);
                    (if standing == Standing::Nobody { standing } else { Standing::Other }, self.key(3, key, 0))
                }
                _ if is_literal(self.source.facts, value) => (Standing::Nobody, 0),
                _ => (Standing::Other, self.key(4, index, 0)),
            };
            known.push(entry);
        }
    }

    /// The number of an expression of a sort with these parts. What is handed over in calls and between brackets makes no
    /// difference: `line(1).price` and `line(2).price` are the same attribute.
    fn key(&mut self, sort: u8, part: u32, name: u32) -> u32 {
        let next = u32::try_from(self.keys.len()).expect("values are counted in u32");
        *self.keys.entry((sort, part, name)).or_insert(next)
    }

    fn standing(&self, root: Option<DefinitionId>, receiver: Option<Text>, name: Text) -> Standing {
        let php = self.source.language == Language("php");
        if Some(name) == receiver || is_own(self.source.facts.text(name), php) {
            return Standing::Own;
        }
        match self.source.names.local(root, name) {
            Some(true) => Standing::Nobody,
            Some(false) => Standing::Other,
            None if self.source.names.is_known(root, name) => Standing::Nobody,
            None if self.source.names.globals.contains(&name) => Standing::Other,
            // Bound nowhere in the file: the language's own, or a class or module that a star import brings.
            None => Standing::Nobody,
        }
    }

    /// In a file, a bare name may be one of its variables or functions.
    fn name(&mut self, place: Option<usize>, root: Option<DefinitionId>, name: Text) {
        let (Unit::File, Some(place)) = (self.unit, place) else { return };
        if self.source.names.local(root, name).is_some() {
            return;
        }
        if self.source.names.globals.contains(&name) {
            self.work.uses[place].push(name);
        } else if let Some(other) = self.by_name.get(&name).filter(|other| **other != place) {
            self.work.calls.push((place, *other));
        }
    }

    fn member(&mut self, place: Option<usize>, value: ValueId, object: Standing, key: u32, name: Text) {
        match (object, self.unit, place) {
            (Standing::Own, Unit::Class(class), Some(place)) => {
                if self.source.members.has_field(class, name) {
                    self.work.uses[place].push(name);
                }
                if let Some(other) = self.by_name.get(&name).filter(|other| **other != place) {
                    self.work.calls.push((place, *other));
                }
            }
            (Standing::Other, ..) => {
                let called = self.source.names.is_called(value);
                let read = !self.source.names.is_stored(value) && (!called || is_accessor(self.source.facts.text(name)));
                if read {
                    let at = *self.seen.entry((key, name)).or_insert(self.work.foreign.len());
                    match self.work.foreign.get_mut(at) {
                        Some(known) => known.places += 1,
                        None => self.work.foreign.push(Foreign { value, places: 1 }),
                    }
                }
            }
            _ => {}
        }
    }
}

/// A word of the language for the object or class whose method this is.
fn is_own(name: &str, php: bool) -> bool {
    matches!(name, "this" | "$this") || php && matches!(name, "self" | "static")
}

/// `get_total`, `getTotal`, `is_paid`, `hasLines`: a method that hands out an attribute. A bare `get` looks something up.
fn is_accessor(name: &str) -> bool {
    ["get", "is", "has"].iter().any(|prefix| {
        let rest = name.strip_prefix(prefix).unwrap_or("");
        rest.len() > 1 && rest.starts_with(|letter: char| letter == '_' || letter.is_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::is_accessor;

    #[test]
    fn accessors_begin_with_a_word() {
        for name in ["get_total", "getTotal", "is_paid", "isPaid", "has_lines"] {
            assert!(is_accessor(name), "{name}");
        }
        for name in ["get", "issue", "hash", "getter", "get_", "total", ""] {
            assert!(!is_accessor(name), "{name}");
        }
    }
}
