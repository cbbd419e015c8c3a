//! What values look like that answers carry: the data of serializers and schemas, dictionaries, lists, plain values.

use super::Reading;
use crate::facts::{Call, Shape, Text, ValueId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::{Form, Kind, Literal, Property, Schema};
use crate::frameworks::python::{HOLE, Scope};
use crate::frameworks::routes::Method;

impl Reading<'_, '_> {
    /// What an expression that is answered looks like: the data of a serializer, a dictionary, a list.
    pub(super) fn payload(&mut self, view: ClassId, scope: &Scope, value: ValueId, about: (&str, Method), left: u32) -> Schema {
        if left == 0 {
            return Schema::open();
        }
        let facts = self.facts(scope.file);
        match facts.value(value).shape {
            Shape::Member(object, word) if facts.text(word) == "data" => {
                let call = match facts.value(object).shape {
                    Shape::Name(name) => self.last_call(scope, name, object),
                    _ => facts.as_call(object).copied(),
                };
                let made = call.and_then(|call| self.made_serializer(view, scope, &call, about, true));
                // What older versions of marshmallow hand back holds its data.
                made.unwrap_or_else(|| call.map_or_else(Schema::open, |call| self.dumped(scope, &call).unwrap_or_else(Schema::open)))
            }
            Shape::Map(entries) => {
                let mut properties = Vec::new();
                let mut open = false;
                for entry in facts.entries[entries.range()].iter().copied() {
                    let key =
                        entry.key.and_then(|key| self.thing(scope, key).as_text().map(str::to_owned)).filter(|key| !key.contains(HOLE));
                    match key {
                        Some(key) => properties.push(Property::new(&key, self.payload(view, scope, entry.value, about, left - 1), true)),
                        None => open = true,
                    }
                }
                Schema::of(Form::Object { properties, open })
            }
            Shape::List(parts) => {
                let first = facts.items(parts).first().copied();
                Schema::array(first.map_or_else(Schema::open, |value| self.payload(view, scope, value, about, left - 1)))
            }
            Shape::Name(name) => {
                let given = self.given_before(scope, name, value);
                given.map_or_else(Schema::open, |given| self.payload(view, scope, given, about, left - 1))
            }
            Shape::Call(_) => self.called_value(scope, value),
            _ => self.plain_value(scope, value),
        }
    }

    /// What a call makes whose result is known.
    fn called_value(&mut self, scope: &Scope, value: ValueId) -> Schema {
        let facts = self.facts(scope.file);
        let Some(call) = facts.as_call(value).copied() else { return Schema::open() };
        match facts.value(call.callee).shape {
            Shape::Name(name) => match facts.text(name) {
                "str" => Schema::text(),
                "int" | "len" => Schema::integer(),
                "float" => Schema::plain(Kind::Number),
                "bool" | "any" | "all" => Schema::plain(Kind::Truth),
                "list" => Schema::array(Schema::open()),
                _ => Schema::open(),
            },
            Shape::Member(_, word) => match facts.text(word) {
                "isoformat" | "strftime" => Schema::text(),
                "count" => Schema::integer(),
                "exists" => Schema::plain(Kind::Truth),
                "dump" => self.dumped(scope, &call).unwrap_or_else(Schema::open),
                _ => Schema::open(),
            },
            _ => Schema::open(),
        }
    }

    /// `schema.dump(rows, many=True)`, `OrderSchema().dump(row)`
    pub(super) fn dumped(&mut self, scope: &Scope, call: &Call) -> Option<Schema> {
        let facts = self.facts(scope.file);
        let Shape::Member(object, word) = facts.value(call.callee).shape else { return None };
        if facts.text(word) != "dump" {
            return None;
        }
        let mut many = self.given_truth(scope, call, usize::MAX, "many") == Some(true);
        let thing = self.thing(scope, object);
        let schema = match self.marshmallow_of(&thing) {
            Some(schema) => schema,
            None => {
                let made = match facts.value(object).shape {
                    Shape::Name(name) => self.last_call(scope, name, object)?,
                    _ => *facts.as_call(object)?,
                };
                many |= self.given_truth(scope, &made, usize::MAX, "many") == Some(true);
                let class = self.thing(scope, made.callee);
                self.marshmallow_of(&class)?
            }
        };
        Some(if many && !matches!(schema.form, Form::Array(_)) { Schema::array(schema) } else { schema })
    }

    /// The kind of a value that is written down.
    pub(super) fn plain_value(&self, scope: &Scope, value: ValueId) -> Schema {
        let facts = self.facts(scope.file);
        match facts.value(value).shape {
            Shape::Template(_) | Shape::Literal(_) => Schema::text(),
            Shape::Number(_) | Shape::Constant(_) => match self.literal(scope, value) {
                Some(Literal::Integer(_)) => Schema::integer(),
                Some(Literal::Decimal(_)) => Schema::plain(Kind::Number),
                Some(Literal::Truth(_)) => Schema::plain(Kind::Truth),
                _ => Schema::open(),
            },
            _ => Schema::open(),
        }
    }

    /// The last call a local name is given before a place.
    pub(super) fn last_call(&self, scope: &Scope, name: Text, before: ValueId) -> Option<Call> {
        let facts = self.facts(scope.file);
        let bound = self.evaluator.classes.locals(scope.file).of_name(scope.owner, name);
        let values = bound.iter().filter(|bound| bound.place.is_none()).filter_map(|bound| facts.bindings[bound.binding as usize].value);
        values.filter(|value| *value < before).filter_map(|value| facts.as_call(value)).next_back().copied()
    }
}
