//! A function as it is called, and which part of a request an expression is.

use super::Reading;
use crate::base::FileId;
use crate::facts::{Binds, Call, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::frameworks::orm::Meant;
use crate::names::Named;
use std::rc::Rc;

/// How deep calls are followed into the application's own functions.
pub(super) const DEEPEST: u32 = 5;

/// How far variables are followed.
const LONGEST: u32 = 8;

/// What of a request or an answer something is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    Request,
    Response,
    /// Request and answer in one (Koa, Hono).
    Context,
    Body,
    Query,
    Params,
    Headers,
    Cookies,
    Files,
}

/// A part of a request: where, and below which keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub(super) place: Place,
    pub(super) path: Vec<String>,
}

impl Part {
    /// All of it.
    pub(super) fn whole(place: Place) -> Self {
        Self { place, path: Vec::new() }
    }

    /// What stands under a key of it.
    fn below(&self, key: &str) -> Option<Self> {
        let place = match (self.place, key) {
            (Place::Request, "body") => Place::Body,
            (Place::Request | Place::Context, "query") => Place::Query,
            (Place::Request | Place::Context, "params") => Place::Params,
            (Place::Request | Place::Context, "headers") => Place::Headers,
            (Place::Request | Place::Context, "cookies" | "signedCookies") => Place::Cookies,
            (Place::Request, "file" | "files") => Place::Files,
            (Place::Context, "request" | "req") => Place::Request,
            (Place::Context, "response" | "res") => Place::Response,
            (Place::Request, "res") => Place::Response,
            (Place::Response, "req") => Place::Request,
            (Place::Request | Place::Context | Place::Response, _) => return None,
            (place, _) => {
                let mut path = self.path.clone();
                path.push(key.to_owned());
                return Some(Self { place, path });
            }
        };
        Some(Self::whole(place))
    }
}

/// What a parameter was handed.
#[derive(Clone, Debug)]
enum Given {
    Part(Part),
    Value(Rc<Frame>, ValueId),
}

/// A function as it is called; none at the top of a file.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) file: FileId,
    pub(super) function: Option<DefinitionId>,
    given: Vec<(Text, Given)>,
    pub(super) depth: u32,
}

impl Frame {
    /// A function that the framework calls.
    pub(super) fn outermost(file: FileId, function: DefinitionId, given: Vec<(Text, Part)>) -> Rc<Self> {
        let given = given.into_iter().map(|(name, part)| (name, Given::Part(part))).collect();
        Rc::new(Self { file, function: Some(function), given, depth: 0 })
    }

    /// The top of a file.
    pub(super) fn top(file: FileId) -> Rc<Self> {
        Rc::new(Self { file, function: None, given: Vec::new(), depth: 0 })
    }
}

impl<'a> Reading<'a> {
    pub(super) fn facts(&self, frame: &Frame) -> &'a FileFacts {
        self.classes.base.facts(frame.file)
    }

    /// What a variable was last given before it is read, with the place on the left where it is one of several.
    fn bound(&self, frame: &Frame, value: ValueId, name: Text) -> Option<(ValueId, Option<ValueId>)> {
        let facts = self.facts(frame);
        let mut owner = facts.owner_of(value);
        loop {
            let rows = self.classes.locals(frame.file).of_name(owner, name);
            // What is made out of the variable itself comes after it.
            let is_earlier = |row: &&crate::frameworks::orm::Bound| {
                let binding = &facts.bindings[row.binding as usize];
                binding.target.0 < value.0 && binding.value.is_none_or(|given| given.0 < value.0)
            };
            let before = rows.iter().rev().find(is_earlier);
            if let Some(row) = before {
                let binding = &facts.bindings[row.binding as usize];
                let given = binding.value.filter(|_| matches!(binding.binds, Binds::Assign | Binds::Constant | Binds::Export))?;
                let target = match (row.place, facts.value(binding.target).shape) {
                    (Some(place), Shape::List(parts)) => Some(*facts.items(parts).get(place as usize)?),
                    _ => None,
                };
                return Some((given, target));
            }
            let around = owner?;
            if facts.parameters[facts.definition(around).parameters.range()].iter().any(|parameter| parameter.name == name) {
                return None;
            }
            owner = facts.definition(around).owner;
        }
    }

    /// The key by which a pattern takes a name; none for the rest of an object.
    pub(super) fn key_of(&self, facts: &'a FileFacts, target: ValueId) -> Option<&'a str> {
        let start = facts.taken.partition_point(|(value, _)| *value < target);
        match facts.taken.get(start).filter(|(value, _)| *value == target) {
            Some((_, key)) => Some(facts.text(*key)).filter(|key| *key != "..."),
            None => facts.as_name(target).map(|name| facts.text(name)),
        }
    }

    /// Which part of a request an expression is.
    pub(super) fn part(&self, frame: &Rc<Frame>, value: ValueId) -> Option<Part> {
        self.part_within(frame, value, LONGEST)
    }

    fn part_within(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Option<Part> {
        let left = left.checked_sub(1)?;
        let _inside = self.steps.go_on()?;
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::Name(name) => {
                if let Some((given, target)) = self.bound(frame, value, name) {
                    let part = self.part_within(frame, given, left)?;
                    return match target {
                        Some(target) => part.below(self.key_of(facts, target)?),
                        None => Some(part),
                    };
                }
                match &frame.given.iter().find(|(known, _)| *known == name)?.1 {
                    Given::Part(part) => Some(part.clone()),
                    Given::Value(from, given) => self.part_within(from, *given, left),
                }
            }
            Shape::Member(object, name) => self.part_within(frame, object, left)?.below(facts.text(name)),
            Shape::Item(object, key) => self.part_within(frame, object, left)?.below(facts.as_literal(key)?),
            Shape::Choice(parts) => facts.items(parts).iter().find_map(|part| self.part_within(frame, *part, left)),
            Shape::Other(parts) => match facts.items(parts) {
                [only] => self.part_within(frame, *only, left),
                _ => None,
            },
            // `await request.json()`, `c.req.query()`
            Shape::Call(_) => {
                let call = facts.as_call(value)?;
                let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
                let part = self.part_within(frame, object, left).filter(|part| part.place == Place::Request)?;
                match (facts.text(name), call.arguments.is_empty()) {
                    ("json" | "formData" | "parseBody", true) => Some(Part::whole(Place::Body)),
                    ("query", true) => part.below("query"),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Where an expression comes from: through variables, parameters and what other files hand on.
    pub(super) fn origin(&self, frame: &Rc<Frame>, value: ValueId) -> (Rc<Frame>, ValueId) {
        let (mut frame, mut value) = (Rc::clone(frame), value);
        for _ in 0..LONGEST {
            let Some(next) = self.origin_step(&frame, value) else { break };
            (frame, value) = next;
        }
        (frame, value)
    }

    fn origin_step(&self, frame: &Rc<Frame>, value: ValueId) -> Option<(Rc<Frame>, ValueId)> {
        let facts = self.facts(frame);
        let name = match facts.value(value).shape {
            Shape::Name(name) => name,
            Shape::Member(..) => return self.named_value(frame, value),
            _ => return None,
        };
        if let Some((given, target)) = self.bound(frame, value, name) {
            return if target.is_none() { Some((Rc::clone(frame), given)) } else { None };
        }
        match frame.given.iter().find(|(known, _)| *known == name) {
            Some((_, Given::Value(from, given))) => Some((Rc::clone(from), *given)),
            Some(_) => None,
            None => self.named_value(frame, value),
        }
    }

    /// The value of a variable of the module level, here or in another file.
    fn named_value(&self, frame: &Rc<Frame>, value: ValueId) -> Option<(Rc<Frame>, ValueId)> {
        let owner = self.facts(frame).owner_of(value);
        let (home, name) = match self.classes.names.named(self.classes.base, frame.file, owner, value) {
            Named::Variable(home, name) => (home, name),
            // `import schema from './schema'` is what that file hands on by default.
            Named::Module(file) => (file, self.classes.base.facts(file).texts.find("default")?),
            _ => return self.member_value(frame, value),
        };
        let facts = self.classes.base.facts(home);
        let row = self.classes.locals(home).of_name(None, name).last()?;
        let given = facts.bindings[row.binding as usize].value.filter(|_| row.place.is_none())?;
        (home != frame.file || given != value).then(|| (Frame::top(home), given))
    }

    /// `schemas.create` where `schemas` is an object that is written down.
    fn member_value(&self, frame: &Rc<Frame>, value: ValueId) -> Option<(Rc<Frame>, ValueId)> {
        let facts = self.facts(frame);
        let Shape::Member(object, name) = facts.value(value).shape else { return None };
        let mut from = (Rc::clone(frame), object);
        for _ in 0..3 {
            let facts = self.facts(&from.0);
            if matches!(facts.value(from.1).shape, Shape::Map(_)) {
                break;
            }
            from = self.origin_step(&from.0, from.1)?;
        }
        let inner = self.facts(&from.0);
        let Shape::Map(entries) = inner.value(from.1).shape else { return None };
        let wanted = facts.text(name);
        let entry = inner.entries[entries.range()].iter().find(|entry| entry.key.and_then(|key| inner.as_literal(key)) == Some(wanted))?;
        Some((from.0, entry.value))
    }

    /// The application's own function that an expression is.
    pub(super) fn function(&self, frame: &Rc<Frame>, value: ValueId) -> Option<(FileId, DefinitionId)> {
        let facts = self.facts(frame);
        if let Shape::Inline(function) = facts.value(value).shape {
            return (!facts.definition(function).kind.is_type()).then_some((frame.file, function));
        }
        let owner = facts.owner_of(value);
        let meant = self.classes.meant(frame.file, owner, value).into_iter().find_map(|meant| match meant {
            Meant::Ours(file, id) => Some((file, id)),
            Meant::Outside(_) => None,
        });
        let found = meant.or_else(|| self.own_function(frame, value)).or_else(|| {
            let (from, origin) = self.origin(frame, value);
            let inner = self.facts(&from);
            match inner.value(origin).shape {
                Shape::Inline(function) => Some((from.file, function)),
                _ => None,
            }
        });
        found.filter(|(file, id)| !self.classes.base.facts(*file).definition(*id).kind.is_type())
    }

    /// A function inside the function around, or a method of the object around.
    fn own_function(&self, frame: &Rc<Frame>, value: ValueId) -> Option<(FileId, DefinitionId)> {
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::Name(name) => {
                let mut owner = facts.owner_of(value);
                while let Some(around) = owner {
                    if let Some(found) = self.classes.locals(frame.file).inner(facts, around, facts.text(name)).first() {
                        return Some((frame.file, *found));
                    }
                    owner = facts.definition(around).owner;
                }
                None
            }
            Shape::Member(object, name) if matches!(facts.value(object).shape, Shape::Member(..)) => {
                self.function_of_field(frame, object, facts.text(name))
            }
            Shape::Member(object, name) if facts.as_name(object).is_some_and(|this| facts.text(this) == "this") => {
                let class = facts.class_around(facts.owner_of(value))?;
                self.classes.line((frame.file, class)).find_map(|(file, class)| {
                    let found = self.classes.locals(file).inner(self.classes.base.facts(file), class, facts.text(name)).first()?;
                    Some((file, *found))
                })
            }
            _ => None,
        }
    }

    /// `this.orders.add`, where the type of the field is a class of the tree.
    fn function_of_field(&self, frame: &Rc<Frame>, object: ValueId, name: &str) -> Option<(FileId, DefinitionId)> {
        let facts = self.facts(frame);
        let Shape::Member(this, field) = facts.value(object).shape else { return None };
        if facts.as_name(this).is_none_or(|this| facts.text(this) != "this") {
            return None;
        }
        let field = facts.text(field);
        let class = facts.class_around(facts.owner_of(object))?;
        let typed = self.classes.line((frame.file, class)).find_map(|(file, class)| {
            let inner = self.classes.base.facts(file);
            let is_it = |target: ValueId| inner.as_name(target).is_some_and(|known| inner.text(known) == field);
            let declared = inner.bindings_in(Some(class)).filter(|binding| is_it(binding.target)).find_map(|binding| binding.annotation);
            // A parameter of the constructor that is a field, too, belongs to the constructor.
            let of_constructor = || {
                let made = self.classes.locals(file).inner(inner, class, "constructor").first()?;
                let parameters = &inner.parameters[inner.definition(*made).parameters.range()];
                parameters.iter().find(|parameter| inner.text(parameter.name) == field)?.annotation
            };
            self.class_named(file, declared.or_else(of_constructor)?)
        })?;
        self.classes.line(typed).find_map(|(file, class)| {
            let found = self.classes.locals(file).inner(self.classes.base.facts(file), class, name).first()?;
            Some((file, *found))
        })
    }

    /// The frame of one of the application's own functions as a call calls it.
    pub(super) fn enter(&self, frame: &Rc<Frame>, call: &Call) -> Option<Rc<Frame>> {
        if frame.depth >= DEEPEST {
            return None;
        }
        let (file, function) = self.function(frame, call.callee)?;
        let inner = self.classes.base.facts(file);
        let parameters = &inner.parameters[inner.definition(function).parameters.range()];
        let handed = self.facts(frame).arguments_of(call).iter().take_while(|argument| !argument.spread);
        let given = parameters
            .iter()
            .zip(handed)
            .map(|(parameter, argument)| (parameter.name, Given::Value(Rc::clone(frame), argument.value)))
            .collect();
        Some(Rc::new(Frame { file, function: Some(function), given, depth: frame.depth + 1 }))
    }

    /// The calls inside a function, those of functions in it as well.
    pub(super) fn calls(&self, frame: &Frame) -> &'a [Call] {
        let facts = self.facts(frame);
        let Some(function) = frame.function else { return &[] };
        let inside = facts.definition(function).values;
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        let rest = &facts.calls[start..];
        &rest[..rest.partition_point(|call| call.value.0 < inside.end)]
    }

    /// The library's thing that the beginning of a chain is, by its dotted name.
    pub(super) fn outside(&self, frame: &Rc<Frame>, value: ValueId) -> Option<String> {
        let facts = self.facts(frame);
        match self.classes.names.named(self.classes.base, frame.file, facts.owner_of(value), value) {
            Named::Outside(name) => Some(name),
            _ => None,
        }
    }

    /// The number that an expression is.
    pub(super) fn number(&self, frame: &Rc<Frame>, value: ValueId) -> Option<u16> {
        let (from, origin) = self.origin(frame, value);
        let facts = self.facts(&from);
        match facts.value(origin).shape {
            Shape::Number(text) => facts.text(text).parse().ok().filter(|status| (100..600).contains(status)),
            Shape::Member(_, name) => of_constant(facts.text(name)),
            _ => None,
        }
    }
}

/// `StatusCodes.CREATED`, `HttpStatus.NOT_FOUND`
fn of_constant(name: &str) -> Option<u16> {
    crate::frameworks::payloads::statuses::named(name)
}
