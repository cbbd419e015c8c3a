//! Enumerations: classes whose fields are the values something may have.

use super::Reading;
use super::values::of_thing;
use crate::facts::{Binds, Shape};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::{Form, Kind, Literal, Schema};
use crate::frameworks::python::{Scope, Thing};

/// Classes of libraries that make enumerations.
const ENUMS: [&str; 8] = ["Enum", "IntEnum", "StrEnum", "IntFlag", "Flag", "TextChoices", "IntegerChoices", "Choices"];

impl Reading<'_, '_> {
    /// True for enumerations.
    pub(super) fn is_enum(&self, class: ClassId) -> bool {
        self.is_kind_of(class, &ENUMS)
    }

    /// The values of an enumeration.
    pub(super) fn choices(&self, class: ClassId) -> Schema {
        let mut choices: Vec<Literal> = Vec::new();
        let mut all = true;
        for field in self.fields(class) {
            let facts = self.facts(field.file);
            let binding = &facts.bindings[field.binding];
            let (Some(value), Binds::Assign | Binds::Constant) = (binding.value, binding.binds) else { continue };
            if field.name.starts_with('_') {
                continue;
            }
            let scope = Scope::at(field.file, Some(field.class));
            // `OPEN = "open", _("Open")`
            let value = match facts.value(value).shape {
                Shape::List(parts) => facts.items(parts).first().copied().unwrap_or(value),
                _ => value,
            };
            let said = match facts.as_call(value).and_then(|call| facts.last_name(call.callee)) {
                Some("auto") if self.is_kind_of(class, &["StrEnum"]) => Some(Literal::Text(field.name.to_lowercase())),
                Some("auto") => None,
                _ => of_thing(&self.thing(&scope, value)),
            };
            match said {
                Some(Literal::Nothing) => {}
                Some(literal) => choices.push(literal),
                None => all = false,
            }
        }
        of_choices(choices, all)
    }

    /// The choices a list of values or of pairs holds: `[("a", "A"), ("b", "B")]`, with groups of them.
    pub(super) fn choices_in(&self, thing: &Thing) -> Option<Schema> {
        let mut choices = Vec::new();
        let all = collect(thing, &mut choices);
        (!choices.is_empty()).then(|| of_choices(choices, all))
    }
}

fn collect(thing: &Thing, choices: &mut Vec<Literal>) -> bool {
    let Thing::List(items) = thing else { return false };
    let mut all = true;
    for item in items.iter() {
        match item {
            Thing::List(pair) if pair.len() == 2 && matches!(pair[1], Thing::List(_)) => all &= collect(&pair[1], choices),
            Thing::List(pair) if pair.len() >= 2 => match of_thing(&pair[0]) {
                Some(literal) => choices.push(literal),
                None => all = false,
            },
            item => match of_thing(item) {
                Some(literal) => choices.push(literal),
                None => all = false,
            },
        }
    }
    all
}

/// A schema for values of which some may be unknown: then only their kind is told.
fn of_choices(choices: Vec<Literal>, all: bool) -> Schema {
    let integers = !choices.is_empty() && choices.iter().all(|choice| matches!(choice, Literal::Integer(_)));
    let texts = !choices.is_empty() && choices.iter().all(|choice| matches!(choice, Literal::Text(_)));
    let form = match (texts, integers) {
        (true, _) => Form::Plain(Kind::Text, None),
        (_, true) => Form::Plain(Kind::Integer, None),
        _ => Form::Unknown,
    };
    Schema { choices: if all { choices } else { Vec::new() }, ..Schema::of(form) }
}
