//! What values look like that answers carry.

use super::Reading;
use super::frames::Frame;
use crate::facts::{Call, Shape, Stretch, ValueId};
use crate::frameworks::payloads::schema::{Form, Kind, Property, Schema};
use std::rc::Rc;

/// How deep a value may stand in others.
const DEEPEST: u32 = 10;

impl Reading<'_> {
    /// What a value looks like.
    pub(super) fn schema(&self, frame: &Rc<Frame>, value: ValueId) -> Schema {
        self.schema_within(frame, value, DEEPEST)
    }

    fn schema_within(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Schema {
        let (Some(left), Some(_inside)) = (left.checked_sub(1), self.steps.go_on()) else { return Schema::open() };
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::Literal(_) | Shape::Template(_) => Schema::text(),
            Shape::Number(text) if facts.text(text).bytes().all(|byte| byte.is_ascii_digit()) => Schema::integer(),
            Shape::Number(_) => Schema::plain(Kind::Number),
            Shape::Constant(word) => match facts.text(word) {
                "true" | "false" => Schema::plain(Kind::Truth),
                "null" => Schema::open().or_null(),
                _ => Schema::open(),
            },
            Shape::List(parts) => {
                let parts = facts.items(parts).iter().map(|part| self.schema_within(frame, *part, left));
                Schema::array(Schema::one_of(parts))
            }
            Shape::Map(entries) => self.map(frame, entries, left),
            Shape::Choice(parts) => Schema::one_of(facts.items(parts).iter().map(|part| self.schema_within(frame, *part, left))),
            Shape::Name(_) | Shape::Member(..) => {
                let (from, origin) = self.origin(frame, value);
                if (from.file, origin) == (frame.file, value) { Schema::open() } else { self.schema_within(&from, origin, left) }
            }
            Shape::Call(_) => facts.as_call(value).map_or_else(Schema::open, |call| self.call(frame, call, left)),
            _ => Schema::open(),
        }
    }

    fn map(&self, frame: &Rc<Frame>, entries: Stretch, left: u32) -> Schema {
        let facts = self.facts(frame);
        let (mut properties, mut open): (Vec<Property>, bool) = (Vec::new(), false);
        for entry in &facts.entries[entries.range()] {
            let Some(key) = entry.key else {
                match self.schema_within(frame, entry.value, left).form {
                    Form::Object { properties: more, open: further } => {
                        open |= further;
                        properties.retain(|known| !more.iter().any(|property| property.name == known.name));
                        properties.extend(more);
                    }
                    _ => open = true,
                }
                continue;
            };
            match facts.as_literal(key) {
                Some(key) => {
                    properties.retain(|known| known.name != key);
                    properties.push(Property::new(key, self.schema_within(frame, entry.value, left), true));
                }
                None => open = true,
            }
        }
        Schema::of(Form::Object { properties, open })
    }

    fn call(&self, frame: &Rc<Frame>, call: &Call, left: u32) -> Schema {
        let facts = self.facts(frame);
        let name = facts.last_name(call.callee).unwrap_or_default();
        let arguments = facts.arguments_of(call);
        let on_name = matches!(facts.value(call.callee).shape, Shape::Name(_));
        match name {
            "Number" | "parseFloat" if on_name => return Schema::plain(Kind::Number),
            "parseInt" if on_name => return Schema::integer(),
            "String" if on_name => return Schema::text(),
            "Boolean" if on_name => return Schema::plain(Kind::Truth),
            "some" | "every" | "includes" | "startsWith" | "endsWith" => return Schema::plain(Kind::Truth),
            "toISOString" => return Schema::formatted("date-time"),
            "trim" | "toLowerCase" | "toUpperCase" | "join" | "toFixed" => return Schema::text(),
            "map" => {
                let row = arguments.first().and_then(|argument| self.handed_back(frame, argument.value, left));
                return Schema::array(row.unwrap_or_else(Schema::open));
            }
            "filter" | "slice" | "sort" | "reverse" | "concat" => return Schema::array(Schema::open()),
            "assign" => {
                let mut all = arguments.iter().map(|argument| self.schema_within(frame, argument.value, left));
                let first = all.next().unwrap_or_else(Schema::open);
                return all.fold(first, merged);
            }
            _ => {}
        }
        let Some(inner) = self.enter(frame, call) else { return Schema::open() };
        self.returns_within(&inner, left)
    }

    /// What a function that is handed over makes of a row.
    fn handed_back(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Option<Schema> {
        let (file, function) = self.function(frame, value)?;
        let inner = Frame::outermost(file, function, Vec::new());
        Some(self.returns_within(&inner, left))
    }

    /// What a function hands back.
    pub(super) fn returns(&self, inner: &Rc<Frame>) -> Schema {
        self.returns_within(inner, DEEPEST)
    }

    fn returns_within(&self, inner: &Rc<Frame>, left: u32) -> Schema {
        let facts = self.facts(inner);
        let written = inner.function.and_then(|function| facts.definition(function).returns);
        if let Some(typed) =
            written.map(|written| self.typed(inner.file, written)).filter(|typed| !typed.is_open() && !typed.is_bare_object())
        {
            return typed;
        }
        let own = facts.returned.iter().filter(|(function, _)| Some(*function) == inner.function);
        Schema::one_of(own.map(|(_, value)| self.schema_within(inner, *value, left)))
    }
}

/// Two objects in one; the later one counts.
fn merged(first: Schema, second: Schema) -> Schema {
    match (first.form, second.form) {
        (Form::Object { mut properties, open }, Form::Object { properties: more, open: further }) => {
            properties.retain(|known| !more.iter().any(|property| property.name == known.name));
            properties.extend(more);
            Schema::of(Form::Object { properties, open: open || further })
        }
        (Form::Object { properties, .. }, _) => Schema::open_object(properties),
        _ => Schema::open(),
    }
}
