//! Descriptions of data that requests are held to: zod, Joi, express-validator.

use super::Reading;
use super::frames::{Frame, Place};
use super::requests::Asked;
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::payloads::fields::Fields;
use crate::frameworks::payloads::schema::{Bound, Form, Kind, Literal, Property, Schema};
use std::rc::Rc;

/// How deep descriptions may stand in each other.
const DEEPEST: u32 = 12;

/// What a description says: what a value looks like, and whether it has to be there.
struct Described {
    schema: Schema,
    required: bool,
}

/// A library of descriptions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Library {
    Zod,
    Joi,
    ExpressValidator,
}

fn library(outside: &str) -> Option<Library> {
    let package = outside.split('.').next().unwrap_or(outside);
    match outside {
        _ if outside == "z" || outside.starts_with("zod") => Some(Library::Zod),
        _ if matches!(package, "joi" | "Joi" | "@hapi/joi" | "celebrate") || outside.ends_with(".Joi") => Some(Library::Joi),
        _ if package.starts_with("express-validator") || package == "express-validator/check" => Some(Library::ExpressValidator),
        _ => None,
    }
}

/// One call of a chain: its name and the call.
type Step<'a> = (&'a str, &'a Call);

impl<'a> Reading<'a> {
    /// A chain from its beginning: the value it begins with, and every call on it.
    fn chain(&self, frame: &Frame, value: ValueId) -> Option<(ValueId, Vec<Step<'a>>)> {
        let facts = self.facts(frame);
        let (mut at, mut steps) = (value, Vec::new());
        for _ in 0..64 {
            let Some(call) = facts.as_call(at) else { break };
            match facts.value(call.callee).shape {
                Shape::Member(object, name) => {
                    steps.push((facts.text(name), call));
                    at = object;
                }
                Shape::Name(name) => {
                    steps.push((facts.text(name), call));
                    at = call.callee;
                    break;
                }
                _ => return None,
            }
        }
        // `z.coerce.number()`
        if let Shape::Member(object, _) = facts.value(at).shape
            && facts.as_name(object).is_some()
        {
            at = object;
        }
        steps.reverse();
        (!steps.is_empty()).then_some((at, steps))
    }

    /// What a value looks like that a description describes; none where nothing does.
    pub(super) fn described_schema(&self, frame: &Rc<Frame>, value: ValueId) -> Option<Schema> {
        self.described(frame, value, DEEPEST).map(|described| described.schema)
    }

    /// What a description says; none for anything else.
    fn described(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Option<Described> {
        let left = left.checked_sub(1)?;
        let (frame, value) = self.origin(frame, value);
        let (root, steps) = self.chain(&frame, value)?;
        let library = self.outside(&frame, root).and_then(|name| library(&name));
        let mut described = match library {
            Some(Library::Zod) => self.kind(&frame, Library::Zod, steps.first()?, left),
            Some(Library::Joi) => self.kind(&frame, Library::Joi, steps.first()?, left),
            Some(Library::ExpressValidator) => return None,
            // `base.extend({...})`: a description that goes on.
            None => {
                let facts = self.facts(&frame);
                facts.as_name(root)?;
                let known = self.described(&frame, root, left)?;
                return Some(steps.iter().fold(known, |known, step| self.narrowed(&frame, Library::Zod, known, step, left)));
            }
        };
        for step in &steps[1..] {
            described = self.narrowed(&frame, library?, described, step, left);
        }
        Some(described)
    }

    /// The first call of a chain: what kind of value it is.
    fn kind(&self, frame: &Rc<Frame>, library: Library, (name, call): &Step<'_>, left: u32) -> Described {
        let facts = self.facts(frame);
        let argument = |place: usize| facts.arguments_of(call).get(place).map(|argument| argument.value);
        let inner = |value: Option<ValueId>| {
            value.and_then(|value| self.described(frame, value, left)).map_or_else(Schema::open, |known| known.schema)
        };
        let schema = match *name {
            "string" | "email" | "uuid" => match *name {
                "email" => Schema::formatted("email"),
                "uuid" => Schema::formatted("uuid"),
                _ => Schema::text(),
            },
            "number" => Schema::plain(Kind::Number),
            "int" | "bigint" => Schema::integer(),
            "boolean" | "bool" => Schema::plain(Kind::Truth),
            "date" => Schema::formatted("date-time"),
            "object" | "strictObject" | "looseObject" => {
                argument(0).map_or_else(|| Schema::open_object(Vec::new()), |keys| self.keys(frame, keys, left))
            }
            "array" => Schema::array(inner(argument(0))),
            "record" => Schema::of(Form::Map(Box::new(inner(argument(1).or(argument(0)))))),
            "enum" | "nativeEnum" | "valid" => self.choices(frame, call),
            "literal" => argument(0)
                .and_then(|value| self.literal(frame, value))
                .map_or_else(Schema::open, |only| Schema { choices: vec![only], ..Schema::open() }),
            "union" | "alternatives" | "discriminatedUnion" => {
                let list = argument(if *name == "discriminatedUnion" { 1 } else { 0 });
                let parts = list.map_or(&[][..], |list| match facts.value(list).shape {
                    Shape::List(parts) => facts.items(parts),
                    _ => &[],
                });
                Schema::one_of(parts.iter().map(|part| inner(Some(*part))))
            }
            "binary" => Schema::formatted("binary"),
            _ => Schema::open(),
        };
        Described { schema, required: library == Library::Zod && !matches!(*name, "any" | "unknown" | "optional") }
    }

    /// A further call: what it says beyond.
    fn narrowed(&self, frame: &Rc<Frame>, library: Library, mut known: Described, (name, call): &Step<'_>, left: u32) -> Described {
        let facts = self.facts(frame);
        let argument = |place: usize| facts.arguments_of(call).get(place).map(|argument| argument.value);
        let first = argument(0);
        let literal = || first.and_then(|first| self.literal(frame, first));
        let format = |known: &mut Described, format| known.schema.form = Form::Plain(Kind::Text, Some(format));
        match *name {
            "optional" | "nullish" => {
                known.required = false;
                known.schema.nullable |= *name == "nullish";
            }
            "partial" => {
                if let Form::Object { properties, .. } = &mut known.schema.form {
                    properties.iter_mut().for_each(|property| property.required = false);
                }
            }
            "required" | "exist" => known.required = true,
            "nullable" => known.schema.nullable = true,
            "default" => {
                known.required = false;
                known.schema.default = literal();
            }
            "email" => format(&mut known, "email"),
            "uuid" | "guid" => format(&mut known, "uuid"),
            "url" | "uri" => format(&mut known, "uri"),
            "datetime" | "iso" | "isoDate" => format(&mut known, "date-time"),
            "int" | "integer" => known.schema.form = Form::Plain(Kind::Integer, None),
            "array" if library == Library::Zod => known.schema = Schema::array(known.schema),
            "items" => {
                let parts =
                    facts.arguments_of(call).iter().filter_map(|part| self.described(frame, part.value, left)).map(|part| part.schema);
                known.schema = Schema::array(Schema::one_of(parts));
            }
            "keys" | "extend" | "append" => {
                if let Some(keys) = first {
                    known.schema = extended(known.schema, self.keys(frame, keys, left));
                }
            }
            "merge" | "concat" => {
                if let Some(more) = first.and_then(|first| self.described(frame, first, left)) {
                    known.schema = extended(known.schema, more.schema);
                }
            }
            "valid" | "only" | "oneOf" => known.schema.choices = self.choices(frame, call).choices,
            "allow" => known.schema.nullable |= literal() == Some(Literal::Nothing),
            "passthrough" | "unknown" | "loose" => {
                if let Form::Object { open, .. } = &mut known.schema.form {
                    *open = true;
                }
            }
            "min" | "max" | "length" | "gte" | "lte" | "gt" | "lt" | "positive" | "nonempty" => bound(&mut known.schema, name, literal()),
            "omit" | "pick" => known.schema = self.chosen(frame, known.schema, first, *name == "pick"),
            _ => {}
        }
        known
    }

    /// The properties that an object of descriptions names.
    fn keys(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Schema {
        let (frame, value) = self.origin(frame, value);
        let facts = self.facts(&frame);
        let Shape::Map(entries) = facts.value(value).shape else { return Schema::open_object(Vec::new()) };
        let (mut properties, mut open): (Vec<Property>, bool) = (Vec::new(), false);
        for entry in &facts.entries[entries.range()] {
            let Some(key) = entry.key.and_then(|key| facts.as_literal(key)) else {
                open = true;
                continue;
            };
            let (schema, required) = self
                .described(&frame, entry.value, left)
                .map_or((Schema::open(), false), |described| (described.schema, described.required));
            properties.push(Property::new(key, schema, required));
        }
        Schema::of(Form::Object { properties, open })
    }

    fn chosen(&self, frame: &Rc<Frame>, mut schema: Schema, names: Option<ValueId>, keeps: bool) -> Schema {
        let facts = self.facts(frame);
        let Some(Shape::Map(entries)) = names.map(|names| facts.value(names).shape) else { return Schema::open_object(Vec::new()) };
        let named: Vec<&str> = facts.entries[entries.range()].iter().filter_map(|entry| facts.as_literal(entry.key?)).collect();
        if let Form::Object { properties, .. } = &mut schema.form {
            properties.retain(|property| named.contains(&property.name.as_str()) == keeps);
        }
        schema
    }

    /// `z.enum(['a', 'b'])`, `Joi.valid('a', 'b')`
    fn choices(&self, frame: &Rc<Frame>, call: &Call) -> Schema {
        let facts = self.facts(frame);
        let mut values: Vec<ValueId> = Vec::new();
        let mut all = true;
        let mut found = Vec::new();
        for argument in facts.arguments_of(call) {
            let (from, origin) = self.origin(frame, argument.value);
            match self.facts(&from).value(origin).shape {
                Shape::List(parts) if from.file == frame.file => values.extend(facts.items(parts)),
                Shape::List(parts) => {
                    let inner = self.facts(&from);
                    found.extend(inner.items(parts).iter().filter_map(|part| self.literal(&from, *part)));
                }
                _ => values.push(argument.value),
            }
            all &= !argument.spread;
        }
        found.extend(values.iter().filter_map(|value| self.literal(frame, *value)));
        all &= !found.is_empty();
        let form = if found.iter().all(|choice| matches!(choice, Literal::Text(_))) && all {
            Form::Plain(Kind::Text, None)
        } else {
            Form::Unknown
        };
        Schema { choices: if all { found } else { Vec::new() }, ..Schema::of(form) }
    }

    pub(super) fn literal(&self, frame: &Rc<Frame>, value: ValueId) -> Option<Literal> {
        let (from, origin) = self.origin(frame, value);
        let facts = self.facts(&from);
        match facts.value(origin).shape {
            Shape::Literal(text) => Some(Literal::Text(facts.text(text).to_owned())),
            Shape::Number(text) => {
                let text = facts.text(text);
                text.parse().map(Literal::Integer).ok().or_else(|| text.parse::<f64>().ok().map(|_| Literal::Decimal(text.to_owned())))
            }
            Shape::Constant(word) => match facts.text(word) {
                "true" => Some(Literal::Truth(true)),
                "false" => Some(Literal::Truth(false)),
                "null" => Some(Literal::Nothing),
                _ => None,
            },
            _ => None,
        }
    }

    /// `schema.parse(req.body)`, `schema.validate(req.body)`: what the body as a whole is.
    pub(super) fn ask_validation(&self, frame: &Rc<Frame>, call: &Call, asked: &mut Asked) {
        let facts = self.facts(frame);
        let Shape::Member(object, name) = facts.value(call.callee).shape else { return };
        let checks = matches!(
            facts.text(name),
            "parse" | "safeParse" | "parseAsync" | "safeParseAsync" | "validate" | "validateAsync" | "attempt" | "validateSync"
        );
        if !checks {
            return;
        }
        let Some(part) = facts.arguments_of(call).first().and_then(|argument| self.part(frame, argument.value)) else { return };
        let Some(described) = self.described(frame, object, DEEPEST).filter(|_| part.path.is_empty()) else { return };
        told(part.place, described.schema, asked);
    }

    /// What a function says that stands before the handler: `validate(schema)`, `celebrate({ body: schema })`,
    /// `body('email').isEmail()`.
    pub(super) fn ask_validator(&self, frame: &Rc<Frame>, value: ValueId, asked: &mut Asked) {
        self.ask_validator_within(frame, value, 5, asked);
    }

    fn ask_validator_within(&self, frame: &Rc<Frame>, value: ValueId, left: u32, asked: &mut Asked) {
        let Some(left) = left.checked_sub(1) else { return };
        let (frame, value) = self.origin(frame, value);
        let facts = self.facts(&frame);
        match facts.value(value).shape {
            Shape::List(parts) => facts.items(parts).iter().for_each(|part| self.ask_validator_within(&frame, *part, left, asked)),
            Shape::Call(_) => {
                if self.ask_chain(&frame, value, asked) {
                    return;
                }
                let Some(call) = facts.as_call(value) else { return };
                for argument in facts.arguments_of(call) {
                    if let Some(described) = self.described(&frame, argument.value, DEEPEST) {
                        told_by_parts(described.schema, facts.last_name(call.callee).unwrap_or_default(), asked);
                        continue;
                    }
                    let (from, origin) = self.origin(&frame, argument.value);
                    let inner = self.facts(&from);
                    if let Shape::Map(entries) = inner.value(origin).shape {
                        for entry in &inner.entries[entries.range()] {
                            let key = entry.key.and_then(|key| inner.as_literal(key)).unwrap_or_default();
                            if let Some(described) = self.described(&from, entry.value, DEEPEST) {
                                told(place_of(key), described.schema, asked);
                            }
                        }
                    } else if matches!(inner.value(origin).shape, Shape::List(_)) {
                        self.ask_validator_within(&from, origin, left, asked);
                    }
                }
            }
            _ => {}
        }
    }

    /// `body('email').isEmail().optional()` of express-validator.
    fn ask_chain(&self, frame: &Rc<Frame>, value: ValueId, asked: &mut Asked) -> bool {
        let facts = self.facts(frame);
        let Some((root, steps)) = self.chain(frame, value) else { return false };
        if self.outside(frame, root).and_then(|name| library(&name)) != Some(Library::ExpressValidator) {
            return false;
        }
        let Some((place, call)) = steps.first() else { return false };
        let mut schema = Schema::open();
        let mut required = false;
        for (name, call) in &steps[1..] {
            match *name {
                "isEmail" => schema.form = Form::Plain(Kind::Text, Some("email")),
                "isInt" => schema.form = Form::Plain(Kind::Integer, None),
                "isFloat" | "isDecimal" | "isNumeric" => schema.form = Form::Plain(Kind::Number, None),
                "isBoolean" => schema.form = Form::Plain(Kind::Truth, None),
                "isString" => schema.form = Form::Plain(Kind::Text, None),
                "isUUID" => schema.form = Form::Plain(Kind::Text, Some("uuid")),
                "isURL" => schema.form = Form::Plain(Kind::Text, Some("uri")),
                "isArray" => schema.form = Form::Array(Box::new(Schema::open())),
                "isIn" => schema.choices = self.choices(frame, call).choices,
                "exists" | "notEmpty" => required = true,
                "optional" => required = false,
                _ => {}
            }
        }
        let names: Vec<ValueId> = match facts.arguments_of(call).first().map(|first| (first.value, facts.value(first.value).shape)) {
            Some((_, Shape::List(parts))) => facts.items(parts).to_vec(),
            Some((value, _)) => vec![value],
            None => Vec::new(),
        };
        for name in names.into_iter().filter_map(|name| facts.as_literal(name)) {
            let mut fields = Fields::default();
            fields.add(name, schema.clone(), required);
            match *place {
                "query" => asked.query.extend(fields),
                "body" | "check" | "checkBody" => asked.body.extend(fields),
                "header" => asked.headers.push(name.to_owned()),
                _ => {}
            }
        }
        true
    }
}

fn place_of(key: &str) -> Place {
    match key {
        "query" | "querystring" => Place::Query,
        "params" | "param" => Place::Params,
        "headers" => Place::Headers,
        _ => Place::Body,
    }
}

/// A description of one part; where it describes all parts by their names, each of them.
fn told_by_parts(schema: Schema, callee: &str, asked: &mut Asked) {
    if let Form::Object { properties, .. } = &schema.form
        && !properties.is_empty()
        && properties.iter().all(|property| matches!(property.name.as_str(), "body" | "query" | "params" | "headers" | "cookies"))
    {
        for property in properties.clone() {
            if property.name != "cookies" {
                told(place_of(&property.name), property.schema, asked);
            }
        }
        return;
    }
    let place = ["query", "params", "headers"].into_iter().find(|word| callee.to_ascii_lowercase().contains(&word[..5]));
    told(place.map_or(Place::Body, place_of), schema, asked);
}

fn told(place: Place, schema: Schema, asked: &mut Asked) {
    match (place, schema.form.clone()) {
        (Place::Body, _) => asked.whole = asked.whole.take().or(Some(schema)),
        (Place::Query, Form::Object { properties, .. }) => {
            properties.into_iter().for_each(|property| asked.query.add(&property.name, property.schema, property.required));
        }
        (Place::Headers, Form::Object { properties, .. }) => asked.headers.extend(properties.into_iter().map(|property| property.name)),
        _ => {}
    }
}

/// An object and what another adds to it.
fn extended(first: Schema, second: Schema) -> Schema {
    match (first.form.clone(), second.form) {
        (Form::Object { mut properties, open }, Form::Object { properties: more, open: further }) => {
            properties.retain(|known| !more.iter().any(|property| property.name == known.name));
            properties.extend(more);
            Schema { form: Form::Object { properties, open: open || further }, ..first }
        }
        _ => first,
    }
}

/// `min(3)`: letters, items or the number itself.
fn bound(schema: &mut Schema, name: &str, literal: Option<Literal>) {
    let (least, most, below, above) = match &schema.form {
        Form::Plain(Kind::Text, _) => (Bound::MinLength, Bound::MaxLength, Bound::MaxLength, Bound::MinLength),
        Form::Plain(Kind::Integer | Kind::Number, _) => (Bound::Minimum, Bound::Maximum, Bound::ExclusiveMaximum, Bound::ExclusiveMinimum),
        Form::Array(_) => (Bound::MinItems, Bound::MaxItems, Bound::MaxItems, Bound::MinItems),
        _ => return,
    };
    let is_number = least == Bound::Minimum;
    let fits = |literal: &Literal| match literal {
        Literal::Integer(number) => is_number || *number >= 0,
        Literal::Decimal(_) => is_number,
        _ => false,
    };
    let literal = match name {
        "positive" => Some(Literal::Integer(0)),
        "nonempty" => Some(Literal::Integer(1)),
        _ => literal,
    };
    let Some(literal) = literal.filter(fits) else { return };
    let mut add = |bound: Bound, literal: Literal| {
        if !schema.bounds.iter().any(|(known, _)| *known == bound) {
            schema.bounds.push((bound, literal));
        }
    };
    match name {
        "min" | "gte" | "nonempty" => add(least, literal),
        "max" | "lte" => add(most, literal),
        "length" if !is_number => {
            add(least, literal.clone());
            add(most, literal);
        }
        "gt" | "positive" if is_number => add(above, literal),
        "lt" if is_number => add(below, literal),
        _ => {}
    }
}
