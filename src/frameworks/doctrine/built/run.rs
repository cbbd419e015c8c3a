//! Follows the calls that fill a class's metadata, into helpers and classes below the library's builder as well.

use super::super::notes::{Noted, Property};
use crate::base::FileId;
use crate::facts::{Binds, Block, BlockKind, Call, DefinitionId, FileFacts, Shape, Stretch, Text, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::{PhpClasses, is_this};
use rustc_hash::FxHashMap;

/// The library's builder, in small letters.
const BUILDER: &str = "doctrine\\orm\\mapping\\builder\\classmetadatabuilder";
/// How deep helpers are followed.
const DEEPEST: usize = 6;
/// How many calls are followed for one class: some hundred columns through some helpers each.
const MOST: usize = 20_000;

/// What a value is, as far as the mapping asks.
#[derive(Clone, Debug, Default)]
pub(super) enum Held {
    /// Nobody can tell.
    #[default]
    Unknown,
    /// Null or false.
    Nothing,
    Text(String),
    Class(Ancestor),
    /// Elements, with their keys where they have some.
    List(Vec<(Option<String>, Held)>),
    /// The metadata itself.
    Metadata,
    /// A builder of it.
    Builder,
    /// A property that is being described, by its place in the list.
    Property(usize),
}

/// A function at work.
struct Frame<'a> {
    file: FileId,
    facts: &'a FileFacts,
    function: DefinitionId,
    this: Held,
    /// Parameters and variables of loops.
    given: FxHashMap<Text, Held>,
    /// What calls have handed back.
    results: FxHashMap<ValueId, Held>,
}

/// The reading of one class.
pub(super) struct Run<'a> {
    pub(super) classes: &'a PhpClasses<'a>,
    pub(super) class: ClassId,
    pub(super) noted: Noted,
    /// The line of the class that is being read, for evidence.
    pub(super) at: (FileId, u32),
    /// The class of the builder, where it is one of the application's.
    builder: Option<ClassId>,
    depth: usize,
    steps: usize,
}

impl<'a> Run<'a> {
    pub(super) fn new(classes: &'a PhpClasses<'a>, class: ClassId) -> Self {
        Self { classes, class, noted: Noted::default(), at: (class.0, 1), builder: None, depth: 0, steps: 0 }
    }

    /// Everything that the method the driver calls says.
    pub(super) fn of(mut self, entry: DefinitionId) -> Noted {
        self.function((self.class.0, entry), Held::Unknown, &[(None, Held::Metadata)]);
        self.noted
    }

    /// Runs a function with what it is given, and says what it hands back.
    fn function(&mut self, (file, function): ClassId, this: Held, given: &[(Option<String>, Held)]) -> Held {
        if self.depth == DEEPEST {
            return Held::Unknown;
        }
        self.depth += 1;
        let facts = self.classes.facts(file);
        let definition = facts.definition(function);
        let mut frame = Frame { file, facts, function, this, given: FxHashMap::default(), results: FxHashMap::default() };
        for (place, parameter) in facts.parameters[definition.parameters.range()].iter().enumerate() {
            let named = given
                .iter()
                .find(|(name, _)| name.as_deref().is_some_and(|name| facts.text(parameter.name).trim_start_matches('$') == name));
            let placed = given.get(place).filter(|(name, _)| name.is_none());
            let held = match named.or(placed) {
                Some((_, held)) => held.clone(),
                None => parameter.default.map_or(Held::Unknown, |value| self.value(&frame, value)),
            };
            frame.given.insert(parameter.name, held);
        }
        self.stretch(&mut frame, definition.values);
        let returned = facts.returned.iter().rev().find(|(owner, _)| *owner == function);
        let handed = returned.map_or(Held::Unknown, |(_, value)| self.value(&frame, *value));
        self.depth -= 1;
        handed
    }

    /// Follows the calls of a stretch of a function; blocks in it go their own way.
    fn stretch(&mut self, frame: &mut Frame<'a>, within: Stretch) {
        let facts = frame.facts;
        let start = facts.calls.partition_point(|call| call.value.0 < within.start);
        let mut at = within.start;
        for call in facts.calls[start..].iter().take_while(|call| call.value.0 < within.end) {
            if call.value.0 < at || facts.owner_of(call.value) != Some(frame.function) {
                continue;
            }
            let is_inner = |block: &&Block| {
                let narrower = within.start <= block.values.start && block.values.end <= within.end && block.values != within;
                narrower && block.values.contains(call.value.0)
            };
            if let Some(block) = facts.blocks.iter().find(is_inner) {
                self.block(frame, *block);
                at = block.values.end;
                continue;
            }
            self.steps += 1;
            if self.steps > MOST {
                return;
            }
            if self.depth == 1 {
                self.at = (frame.file, call.span.line);
            }
            let held = self.call(frame, call);
            frame.results.insert(call.value, held);
        }
    }

    fn block(&mut self, frame: &mut Frame<'a>, block: Block) {
        let subject = block.subject.map_or(Held::Unknown, |subject| self.value(frame, subject));
        match (block.kind, subject) {
            (BlockKind::Branch, Held::Nothing) => {}
            (BlockKind::Loop, Held::List(elements)) => {
                let targets = frame.facts.bindings_in(Some(frame.function));
                let target = targets.filter(|binding| binding.binds == Binds::Loop && binding.value == block.subject).last();
                let Some(target) = target.map(|binding| binding.target) else { return };
                for (key, held) in elements {
                    bind(frame, target, key, held);
                    self.stretch(frame, block.values);
                }
            }
            _ => self.stretch(frame, block.values),
        }
    }

    fn call(&mut self, frame: &Frame<'a>, call: &Call) -> Held {
        let facts = frame.facts;
        let given: Vec<(Option<String>, Held)> = facts
            .arguments_of(call)
            .iter()
            .map(|argument| (argument.name.map(|name| facts.text(name).to_owned()), self.value(frame, argument.value)))
            .collect();
        let Shape::Member(object, method) = facts.value(call.callee).shape else { return Held::Unknown };
        let method = facts.text(method);
        if method == "__construct" {
            return self.made(frame, object);
        }
        let on = self.value(frame, object);
        if let Some(held) = self.said(&on, &method.to_ascii_lowercase(), &given) {
            return held;
        }
        let passes_on = given.iter().any(|(_, held)| matches!(held, Held::Metadata | Held::Builder | Held::Property(_)));
        let (target, this) = match on {
            Held::Builder => (self.builder.and_then(|class| self.classes.method(class, method)), Held::Builder),
            _ if passes_on => (self.helper(frame, object, method), frame.this.clone()),
            _ => (None, Held::Unknown),
        };
        target.map_or(Held::Unknown, |target| self.function(target, this, &given))
    }

    /// `new ClassMetadataBuilder($metadata)`
    fn made(&mut self, frame: &Frame<'a>, class: ValueId) -> Held {
        match self.classes.named(frame.file, class) {
            Some(Ancestor::Outside(name)) if name == BUILDER => Held::Builder,
            Some(Ancestor::Ours(class)) if self.classes.is_below(class, &[BUILDER]) => {
                self.builder = Some(class);
                Held::Builder
            }
            _ => Held::Unknown,
        }
    }

    /// The method that `self::`, `parent::`, `$this->` or the name of a class leads to.
    fn helper(&self, frame: &Frame<'a>, object: ValueId, method: &str) -> Option<ClassId> {
        let facts = frame.facts;
        let name = facts.as_name(object).map(|name| facts.text(name));
        match name {
            Some("self" | "static") => self.classes.method(self.class, method),
            Some("parent") => {
                let home = facts.class_around(Some(frame.function))?;
                let above = self.classes.line((frame.file, home)).filter(|class| *class != (frame.file, home));
                above.filter_map(|(file, class)| Some((file, self.classes.own_method(file, class, method)?))).next()
            }
            _ if is_this(facts, object) => self.classes.method(self.class, method),
            _ => match self.classes.class_at(frame.file, Some(frame.function), object)? {
                Ancestor::Ours(class) => self.classes.method(class, method),
                Ancestor::Outside(_) => None,
            },
        }
    }

    fn value(&self, frame: &Frame<'a>, value: ValueId) -> Held {
        let facts = frame.facts;
        let owner = Some(frame.function);
        let all = |items: &[ValueId]| items.iter().map(|item| self.value(frame, *item)).collect::<Vec<_>>();
        match facts.value(value).shape {
            Shape::Literal(text) => Held::Text(facts.text(text).to_owned()),
            Shape::Constant(word) if matches!(facts.text(word).to_ascii_lowercase().as_str(), "null" | "false") => Held::Nothing,
            Shape::Call(_) => frame.results.get(&value).cloned().unwrap_or_default(),
            Shape::Name(name) => self.variable(frame, value, name),
            Shape::Member(_, name) if facts.text(name).eq_ignore_ascii_case("class") => {
                self.classes.class_of(frame.file, owner, value).map_or(Held::Unknown, Held::Class)
            }
            Shape::List(items) => Held::List(all(facts.items(items)).into_iter().map(|held| (None, held)).collect()),
            Shape::Map(entries) => {
                let rows = facts.entries[entries.range()].iter();
                let key = |entry: &crate::facts::Entry| match entry.key.map(|key| self.value(frame, key)) {
                    Some(Held::Text(text)) => Some(text),
                    _ => None,
                };
                Held::List(rows.map(|entry| (key(entry), self.value(frame, entry.value))).collect())
            }
            Shape::Choice(parts) => {
                let known = all(facts.items(parts)).into_iter().find(|held| !matches!(held, Held::Unknown | Held::Nothing));
                known.unwrap_or_default()
            }
            _ => self.classes.text(frame.file, owner, value).map_or(Held::Unknown, Held::Text),
        }
    }

    fn variable(&self, frame: &Frame<'a>, at: ValueId, name: Text) -> Held {
        let facts = frame.facts;
        if is_this(facts, at) {
            return frame.this.clone();
        }
        let assigned = facts
            .bindings_in(Some(frame.function))
            .filter(|binding| binding.binds == Binds::Assign && binding.target.0 < at.0 && facts.as_name(binding.target) == Some(name));
        match assigned.last().and_then(|binding| binding.value) {
            // A value that holds the name itself stands before its target.
            Some(value) if value.0 < at.0 => self.value(frame, value),
            _ => frame.given.get(&name).cloned().unwrap_or_default(),
        }
    }

    /// The class that a value names, the way the builder reads names: in full, or beside the class.
    pub(super) fn class_of(&self, held: &Held) -> Option<Ancestor> {
        match held {
            Held::Class(class) => Some(class.clone()),
            Held::Text(name) => {
                let own = self.classes.full_name(self.class);
                let beside = own.rfind('\\').map_or_else(|| name.clone(), |end| format!("{}{name}", &own[..=end]));
                let found = self.classes.full(self.class.0, name).or_else(|| self.classes.full(self.class.0, &beside));
                Some(found.map_or_else(|| Ancestor::Outside(name.to_lowercase()), Ancestor::Ours))
            }
            _ => None,
        }
    }

    /// The property of a name, a new one if there is none yet.
    pub(super) fn property(&mut self, name: &str) -> usize {
        let known = self.noted.properties.iter().position(|known| known.name == name);
        known.unwrap_or_else(|| {
            let (file, line) = self.at;
            self.noted.properties.push(Property { name: name.to_owned(), file, line, written: None, notes: Vec::new() });
            self.noted.properties.len() - 1
        })
    }
}

/// Gives the variable of a loop its value; `$key => $value` is a list of two.
fn bind(frame: &mut Frame<'_>, target: ValueId, key: Option<String>, held: Held) {
    let facts = frame.facts;
    match facts.value(target).shape {
        Shape::Name(name) => {
            frame.given.insert(name, held);
        }
        Shape::List(parts) => {
            if let [first, second] = facts.items(parts) {
                if let (Some(name), Some(key)) = (facts.as_name(*first), key) {
                    frame.given.insert(name, Held::Text(key));
                }
                if let Some(name) = facts.as_name(*second) {
                    frame.given.insert(name, held);
                }
            }
        }
        _ => {}
    }
}
