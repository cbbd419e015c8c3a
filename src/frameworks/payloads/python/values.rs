//! Values that are written down, as the literals of schemas.

use super::Reading;
use crate::facts::{Call, Shape, Text, ValueId};
use crate::frameworks::payloads::schema::Literal;
use crate::frameworks::python::{Scope, Thing};

impl Reading<'_, '_> {
    /// What an expression stands for.
    pub(super) fn thing(&self, scope: &Scope, value: ValueId) -> Thing {
        self.evaluator.of(scope, value)
    }

    /// The literal an expression is.
    pub(super) fn literal(&self, scope: &Scope, value: ValueId) -> Option<Literal> {
        let facts = self.facts(scope.file);
        match facts.value(value).shape {
            Shape::Number(number) => number_of(facts.text(number)),
            Shape::Constant(word) if facts.text(word) == "..." => None,
            // `-1`
            Shape::Other(parts) => match facts.items(parts) {
                [only] => match self.literal(scope, *only)? {
                    Literal::Integer(number) => Some(Literal::Integer(-number)),
                    Literal::Decimal(number) => Some(Literal::Decimal(format!("-{number}"))),
                    _ => None,
                },
                _ => None,
            },
            Shape::List(_) | Shape::Map(_) => None,
            _ => of_thing(&self.thing(scope, value)),
        }
    }

    /// What a name of a function was last given before a place.
    pub(super) fn given_before(&self, scope: &Scope, name: Text, before: ValueId) -> Option<ValueId> {
        let facts = self.facts(scope.file);
        let bound = self.evaluator.classes.locals(scope.file).of_name(scope.owner, name);
        let mut given = bound.iter().filter(|bound| bound.place.is_none()).filter_map(|bound| facts.bindings[bound.binding as usize].value);
        given.rfind(|given| *given < before)
    }

    /// What a call is handed by position or keyword.
    pub(super) fn given(&self, scope: &Scope, call: &Call, position: usize, keyword: &str) -> Option<ValueId> {
        self.facts(scope.file).argument(call, position, keyword)
    }

    /// The text that a call is handed.
    pub(super) fn given_text(&self, scope: &Scope, call: &Call, position: usize, keyword: &str) -> Option<String> {
        let value = self.given(scope, call, position, keyword)?;
        self.thing(scope, value).as_text().filter(|text| !text.contains(crate::frameworks::python::HOLE)).map(str::to_owned)
    }

    /// The truth that a call is handed.
    pub(super) fn given_truth(&self, scope: &Scope, call: &Call, position: usize, keyword: &str) -> Option<bool> {
        match self.thing(scope, self.given(scope, call, position, keyword)?) {
            Thing::Truth(truth) => Some(truth),
            _ => None,
        }
    }
}

/// A number as written in Python.
pub(super) fn number_of(text: &str) -> Option<Literal> {
    let plain = text.replace('_', "");
    if let Ok(number) = plain.parse::<i64>() {
        return Some(Literal::Integer(number));
    }
    plain.parse::<f64>().ok().filter(|number| number.is_finite()).map(|_| Literal::Decimal(plain))
}

/// The literal something stands for.
pub(super) fn of_thing(thing: &Thing) -> Option<Literal> {
    match thing {
        Thing::Text(text) if !text.contains(crate::frameworks::python::HOLE) => Some(Literal::Text(text.to_string())),
        Thing::Number(number) => Some(Literal::Integer(*number)),
        Thing::Truth(truth) => Some(Literal::Truth(*truth)),
        Thing::Nothing => Some(Literal::Nothing),
        _ => None,
    }
}
