//! Text that is known before the program runs: literals, constants, and what helpers and `declared_attr` make of them.

use super::{Mapping, outside};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::frameworks::orm::{ClassId, Meant};
use crate::names::Named;

/// How far names and helpers are followed.
pub(super) const DEEPEST: u32 = 8;

/// What stands fixed where an expression is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The class that `cls` is.
    pub class: Option<ClassId>,
    /// Texts handed to the parameters of the helper around.
    pub given: Vec<(Text, String)>,
}

/// A place to read an expression at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The file.
    pub file: FileId,
    /// The definition around.
    pub owner: Option<DefinitionId>,
}

impl Mapping<'_> {
    /// The text of an expression.
    pub(super) fn text(&self, at: Place, value: ValueId, known: &Known) -> Option<String> {
        self.text_within(at, value, known, DEEPEST)
    }

    fn text_within(&self, at: Place, value: ValueId, known: &Known, left: u32) -> Option<String> {
        let left = left.checked_sub(1)?;
        let facts = self.classes.base.facts(at.file);
        let one = |value| self.text_within(at, value, known, left);
        match facts.value(value).shape {
            Shape::Literal(text) => Some(facts.text(text).to_owned()),
            Shape::Template(parts) => facts.items(parts).iter().map(|part| one(*part)).collect(),
            Shape::Joined(first, second) => {
                let first = one(first)?;
                if !first.contains("%s") {
                    return Some(first + &one(second)?);
                }
                let parts = match facts.value(second).shape {
                    Shape::List(parts) => facts.items(parts).to_vec(),
                    _ => vec![second],
                };
                parts.iter().try_fold(first, |text, part| Some(text.replacen("%s", &one(*part)?, 1)))
            }
            Shape::Call(_) => self.text_of_call(at, facts.as_call(value)?, known, left),
            Shape::Member(object, name) => self.text_of_member(at, object, facts.text(name), known),
            Shape::Name(name) => self.text_of_name(at, value, name, known, left),
            _ => None,
        }
    }

    fn text_of_name(&self, at: Place, value: ValueId, name: Text, known: &Known, left: u32) -> Option<String> {
        let facts = self.classes.base.facts(at.file);
        if let Some((_, text)) = known.given.iter().find(|(given, _)| *given == name) {
            return Some(text.clone());
        }
        let local = at.owner.map_or(&[][..], |owner| self.classes.locals(at.file).of_name(Some(owner), name));
        if let [only] = local {
            return self.text_within(at, facts.bindings[only.binding as usize].value?, known, left);
        }
        let Named::Variable(home, name) = self.classes.names.named(self.classes.base, at.file, at.owner, value) else { return None };
        let bound = self.classes.locals(home).of_name(None, name).last()?;
        let value = self.classes.base.facts(home).bindings[bound.binding as usize].value?;
        self.text_within(Place { file: home, owner: None }, value, &Known::default(), left)
    }

    /// `cls.__name__`, `Order.__tablename__`, `Order.__table__.name`.
    fn text_of_member(&self, at: Place, object: ValueId, name: &str, known: &Known) -> Option<String> {
        let facts = self.classes.base.facts(at.file);
        match name {
            "__name__" => {
                let (file, class) = self.class_at(at, object, known)?;
                let facts = self.classes.base.facts(file);
                Some(facts.text(facts.definition(class).name).to_owned())
            }
            "__tablename__" => Some(self.mapped.get(&self.class_at(at, object, known)?)?.table.clone()),
            "name" | "fullname" if facts.last_name(object) == Some("__table__") => {
                let Shape::Member(object, _) = facts.value(object).shape else { return None };
                self.table_of(self.class_at(at, object, known)?)
            }
            _ => None,
        }
    }

    /// The class an expression is, `cls` included.
    pub(super) fn class_at(&self, at: Place, value: ValueId, known: &Known) -> Option<ClassId> {
        let facts = self.classes.base.facts(at.file);
        if let (Some(class), Some(name)) = (known.class, facts.as_name(value))
            && matches!(facts.text(name), "cls" | "self")
        {
            return Some(class);
        }
        self.classes.meant(at.file, at.owner, value).into_iter().find_map(|meant| match meant {
            Meant::Ours(file, id) if self.classes.base.facts(file).definition(id).kind.is_type() => Some((file, id)),
            _ => None,
        })
    }

    fn text_of_call(&self, at: Place, call: &Call, known: &Known, left: u32) -> Option<String> {
        let facts = self.classes.base.facts(at.file);
        let arguments = facts.arguments_of(call);
        let one = |value| self.text_within(at, value, known, left);
        if let Shape::Member(object, method) = facts.value(call.callee).shape {
            let method = facts.text(method);
            if matches!(method, "lower" | "upper" | "strip" | "format") {
                let text = one(object)?;
                return match method {
                    "lower" => Some(text.to_lowercase()),
                    "upper" => Some(text.to_uppercase()),
                    "strip" => Some(text.trim().to_owned()),
                    _ => {
                        let fill = |text: String, (place, argument): (usize, &crate::facts::Argument)| {
                            let filling = one(argument.value)?;
                            let hole = argument.name.map_or_else(|| format!("{{{place}}}"), |name| format!("{{{}}}", facts.text(name)));
                            Some(if text.contains(&hole) { text.replace(&hole, &filling) } else { text.replacen("{}", &filling, 1) })
                        };
                        arguments.iter().enumerate().try_fold(text, fill)
                    }
                };
            }
        }
        // Whatever a helper does to get there, its name says what it makes.
        let last = facts.last_name(call.callee)?;
        if let ([argument], true) = (arguments, last.contains("snake") || last.contains("underscore")) {
            return one(argument.value).map(|name| outside::snake_case(&name));
        }
        self.classes.meant(at.file, at.owner, call.callee).into_iter().find_map(|meant| match meant {
            Meant::Ours(file, function) => self.text_returned((file, function), &self.given(at, call, (file, function), known, left), left),
            Meant::Outside(_) => None,
        })
    }

    /// The first known text a function returns.
    pub(super) fn text_returned(&self, (file, function): ClassId, known: &Known, left: u32) -> Option<String> {
        let facts = self.classes.base.facts(file);
        let at = Place { file, owner: Some(function) };
        returned(facts, function).find_map(|value| self.text_within(at, value, known, left))
    }

    /// What a call hands to the parameters of a function, as far as it is known text.
    pub(super) fn given(&self, at: Place, call: &Call, (file, function): ClassId, known: &Known, left: u32) -> Known {
        let (facts, theirs) = (self.classes.base.facts(at.file), self.classes.base.facts(file));
        let parameters = &theirs.parameters[theirs.definition(function).parameters.range()];
        let mut given = Vec::new();
        for (place, parameter) in parameters.iter().enumerate().filter(|(_, parameter)| !parameter.variadic) {
            let text = match facts.argument(call, place, theirs.text(parameter.name)) {
                Some(value) => self.text_within(at, value, known, left),
                None => parameter.default.and_then(|value| theirs.as_literal(value)).map(str::to_owned),
            };
            given.extend(text.map(|text| (parameter.name, text)));
        }
        Known { class: known.class, given }
    }
}

/// The values a function returns.
pub(super) fn returned(facts: &FileFacts, function: DefinitionId) -> impl Iterator<Item = ValueId> + '_ {
    facts.returned.iter().filter(move |(owner, _)| *owner == function).map(|(_, value)| *value)
}
