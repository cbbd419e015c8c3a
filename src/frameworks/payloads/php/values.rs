//! What values look like that answers carry: arrays that are written down, rows of models, what functions hand back.

use super::frames::Frame;
use super::{Reading, Serializer, Sort};
use crate::facts::{Binds, Call, Shape, Stretch, ValueId};
use crate::frameworks::orm::{Ancestor, What};
use crate::frameworks::payloads::schema::{Form, Kind, Property, Schema};
use crate::frameworks::php::is_this;
use std::rc::Rc;

/// How deep a value may stand in others.
const DEEPEST: u32 = 12;

/// Functions and methods that give text, whatever they are called on.
const TEXTS: [&str; 20] = [
    "__",
    "trans",
    "route",
    "url",
    "asset",
    "action",
    "implode",
    "json_encode",
    "strtolower",
    "strtoupper",
    "ucfirst",
    "sprintf",
    "number_format",
    "bcrypt",
    "format",
    "diffForHumans",
    "toDateString",
    "getClientOriginalName",
    "getMessage",
    "trim",
];

/// Methods that give a moment as text.
const MOMENTS: [&str; 6] = ["toIso8601String", "toAtomString", "toISOString", "toRfc3339String", "toDateTimeString", "toJSON"];

impl Reading<'_> {
    /// What a value looks like.
    pub(super) fn schema(&self, frame: &Rc<Frame>, value: ValueId) -> Schema {
        self.schema_within(frame, value, DEEPEST)
    }

    fn schema_within(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Schema {
        let (Some(left), Some(_inside)) = (left.checked_sub(1), self.go_on()) else { return Schema::open() };
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::Literal(_) | Shape::Template(_) | Shape::Joined(..) => Schema::text(),
            Shape::Number(text) if facts.text(text).bytes().all(|byte| byte.is_ascii_digit()) => Schema::integer(),
            Shape::Number(_) => Schema::plain(Kind::Number),
            Shape::Constant(word) => match facts.text(word).to_ascii_lowercase().as_str() {
                "true" | "false" => Schema::plain(Kind::Truth),
                // `null`
                _ => Schema::open().or_null(),
            },
            Shape::List(parts) => {
                Schema::array(Schema::one_of(facts.items(parts).iter().map(|part| self.schema_within(frame, *part, left))))
            }
            Shape::Map(entries) => self.map(frame, entries, left),
            Shape::Choice(parts) => Schema::one_of(facts.items(parts).iter().map(|part| self.schema_within(frame, *part, left))),
            Shape::Name(name) if facts.text(name).starts_with('$') => {
                if is_this(facts, value) {
                    return self.rows(frame, value).unwrap_or_else(Schema::open);
                }
                self.variable(frame, value, left)
            }
            Shape::Member(object, name) => self.member(frame, value, object, facts.text(name)),
            Shape::Call(_) => facts.as_call(value).map_or_else(Schema::open, |call| self.call(frame, value, call, left)),
            _ => self.rows(frame, value).unwrap_or_else(Schema::open),
        }
    }

    fn variable(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Schema {
        let own = |from: &Rc<Frame>, origin: ValueId| from.file == frame.file && origin == value;
        let origins = self.origins(frame, value);
        let all = origins.iter().map(|(from, origin)| {
            if own(from, *origin) || self.facts(from).as_name(*origin).is_some() {
                self.rows(from, *origin).unwrap_or_else(Schema::open)
            } else {
                self.schema_within(from, *origin, left)
            }
        });
        let found = Schema::one_of(all);
        // An array that begins empty, or with the first thing that is put into it.
        let is_blank = |(from, origin): &(Rc<Frame>, ValueId)| {
            own(from, *origin) || matches!(self.facts(from).value(*origin).shape, Shape::List(parts) if parts.is_empty())
        };
        let begun = match &found.form {
            _ if origins.iter().all(is_blank) => None,
            Form::Object { .. } => Some(found.clone()),
            _ => return found,
        };
        self.filled(frame, value, begun, left).unwrap_or(found)
    }

    /// An array with what is put into it after it began: `$data['total'] = 3`, `$rows[] = $row`, `$data += ['a' => 1]`; none where
    /// nothing is.
    fn filled(&self, frame: &Rc<Frame>, value: ValueId, begun: Option<Schema>, left: u32) -> Option<Schema> {
        let facts = self.facts(frame);
        let name = facts.as_name(value)?;
        let (mut properties, mut open) = match begun.map(|schema| schema.form) {
            Some(Form::Object { properties, open }) => (properties, open),
            _ => (Vec::new(), false),
        };
        let (before, mut rows) = (properties.len(), Vec::new());
        for binding in facts.bindings_in(self.owner(frame, value)).filter(|binding| binding.target.0 < value.0) {
            let Some(given) = binding.value else { continue };
            match facts.value(binding.target).shape {
                Shape::Item(object, key) if facts.as_name(object) == Some(name) => match facts.value(key).shape {
                    Shape::Other(parts) if parts.is_empty() => rows.push(self.schema_within(frame, given, left)),
                    _ => match facts.as_literal(key) {
                        Some(key) if !properties.iter().any(|known| known.name == key) => {
                            let always = self.passed(facts, binding.target, value).is_empty();
                            properties.push(Property::new(key, self.schema_within(frame, given, left), always));
                        }
                        Some(_) => {}
                        None => open = true,
                    },
                },
                Shape::Name(own) if own == name && binding.binds == Binds::Augment => {
                    if let Form::Object { properties: more, open: further } = self.schema_within(frame, given, left).form {
                        let always = self.passed(facts, binding.target, value).is_empty();
                        let new = more.into_iter().filter(|more| !properties.iter().any(|known| known.name == more.name));
                        let new: Vec<Property> = new.map(|more| Property { required: more.required && always, ..more }).collect();
                        properties.extend(new);
                        open |= further;
                    }
                }
                _ => {}
            }
        }
        if properties.is_empty() && !open {
            return (!rows.is_empty()).then(|| Schema::array(Schema::one_of(rows.into_iter())));
        }
        (properties.len() > before || open || before > 0).then(|| Schema::of(Form::Object { properties, open: open || !rows.is_empty() }))
    }

    fn map(&self, frame: &Rc<Frame>, entries: Stretch, left: u32) -> Schema {
        let facts = self.facts(frame);
        let (mut properties, mut open): (Vec<Property>, bool) = (Vec::new(), false);
        for entry in &facts.entries[entries.range()] {
            let Some(key) = entry.key else {
                match self.merged(frame, entry.value, left).form {
                    Form::Object { properties: more, open: further } => {
                        open |= further;
                        properties.extend(more);
                    }
                    _ => open = true,
                }
                continue;
            };
            match self.text(frame, key) {
                Some(key) => {
                    let (schema, required) = self.entry(frame, entry.value, left);
                    properties.retain(|known| known.name != key);
                    properties.push(Property::new(&key, schema, required));
                }
                None => open = true,
            }
        }
        Schema::of(Form::Object { properties, open })
    }

    /// A value of an array with keys: Laravel's resources leave out what `when` does not hold for.
    fn entry(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> (Schema, bool) {
        let facts = self.facts(frame);
        let Some(call) = facts.as_call(value) else { return (self.schema_within(frame, value, left), true) };
        let Shape::Member(object, name) = facts.value(call.callee).shape else { return (self.schema_within(frame, value, left), true) };
        if !is_this(facts, object) || !facts.text(name).starts_with("when") {
            // `CommentResource::collection($this->whenLoaded('comments'))` is left out with what it is made of.
            let conditional = facts.arguments_of(call).iter().any(|argument| self.is_conditional(frame, argument.value));
            return (self.schema_within(frame, value, left), !conditional);
        }
        let shown = facts.arguments_of(call).get(1).map(|argument| argument.value);
        let schema = match (facts.text(name), shown) {
            ("when" | "whenLoaded" | "whenNotNull" | "whenHas" | "whenCounted", Some(shown)) => self.schema_within(frame, shown, left),
            ("whenCounted", None) => Schema::integer(),
            _ => Schema::open(),
        };
        (schema, false)
    }

    fn is_conditional(&self, frame: &Rc<Frame>, value: ValueId) -> bool {
        let facts = self.facts(frame);
        let Some(call) = facts.as_call(value) else { return false };
        matches!(facts.value(call.callee).shape, Shape::Member(object, name) if is_this(facts, object) && facts.text(name).starts_with("when"))
    }

    /// What is spread into an array with keys: `$this->mergeWhen($x, [...])`, `...$rest`.
    fn merged(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Schema {
        let facts = self.facts(frame);
        let Some(call) = facts.as_call(value) else { return self.schema_within(frame, value, left) };
        let place = match facts.last_name(call.callee) {
            Some("mergeWhen" | "mergeUnless") => 1,
            Some("merge") => 0,
            _ => return self.schema_within(frame, value, left),
        };
        let Some(argument) = facts.arguments_of(call).get(place) else { return Schema::open() };
        let mut schema = self.schema_within(frame, argument.value, left);
        if let (Form::Object { properties, .. }, 1) = (&mut schema.form, place) {
            properties.iter_mut().for_each(|property| property.required = false);
        }
        schema
    }

    fn member(&self, frame: &Rc<Frame>, value: ValueId, object: ValueId, name: &str) -> Schema {
        if let Some(rows) = self.rows(frame, value) {
            return rows;
        }
        let class = match self.class_of(frame, object) {
            Some(Ancestor::Ours(class)) => class,
            _ => return Schema::open(),
        };
        let typed = self.types.of(frame.file, self.owner(frame, object), object);
        match typed.what {
            What::Instance(model) => self.column(model, name),
            _ => self.column(class, name),
        }
    }

    fn call(&self, frame: &Rc<Frame>, value: ValueId, call: &Call, left: u32) -> Schema {
        let facts = self.facts(frame);
        let name = facts.last_name(call.callee).unwrap_or_default();
        let first = facts.arguments_of(call).first().map(|argument| argument.value);
        if let Some(resource) = self.resource(frame, call) {
            return resource;
        }
        match name {
            "count" | "intval" | "time" | "strtotime" => return Schema::integer(),
            "is_null" | "isset" | "in_array" | "exists" | "boolval" | "empty" => return Schema::plain(Kind::Truth),
            "floatval" | "round" => return Schema::plain(Kind::Number),
            name if MOMENTS.contains(&name) => return Schema::formatted("date-time"),
            name if TEXTS.contains(&name) => return Schema::text(),
            "array_merge" | "array_replace" => return self.together(frame, call, left),
            "map" | "through" | "array_map" => {
                let rows = facts.arguments_of(call).iter().find_map(|argument| self.mapped(frame, argument.value, left));
                return Schema::array(rows.unwrap_or_else(Schema::open));
            }
            "createData" => {
                let resource = first.and_then(|first| self.fractal(frame, first));
                return resource.unwrap_or_else(|| Schema::open_object(Vec::new()));
            }
            // `fractal($order, new OrderTransformer)` and what is called on it.
            "fractal" if !matches!(facts.value(call.callee).shape, Shape::Member(..)) && facts.arguments_of(call).len() > 1 => {
                return self.by_transformer(frame, call).map_or_else(|| Schema::open_object(Vec::new()), |(row, _)| row);
            }
            // What hands on the value it is about.
            "compact" => return self.compact(frame, call, left),
            "collect" | "array_values" | "array_filter" | "tap" | "value" => {
                return first.map_or_else(Schema::open, |first| self.schema_within(frame, first, left));
            }
            "toArray" | "all" | "values" | "fresh" | "load" | "refresh" | "loadMissing" | "jsonSerialize" => {
                if let Shape::Member(object, _) = facts.value(call.callee).shape {
                    let of = self.schema_within(frame, object, left);
                    if !of.is_open() {
                        return of;
                    }
                }
            }
            _ => {}
        }
        if let Some(rows) = self.rows(frame, value) {
            return rows;
        }
        let Some((target, this)) = self.target(frame, call) else { return Schema::open() };
        let Some(inner) = self.enter(frame, call, target, this) else { return Schema::open() };
        self.handed_back(&inner, left)
    }

    /// What a function hands back.
    fn handed_back(&self, inner: &Rc<Frame>, left: u32) -> Schema {
        let returned = self.returned(inner);
        if returned.is_empty() {
            return Schema::open();
        }
        Schema::one_of(returned.iter().map(|value| self.schema_within(inner, *value, left)))
    }

    /// What a function that is handed to `map` makes of a row: a closure, or `[$this, 'transform']`.
    fn mapped(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Option<Schema> {
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::Inline(function) => {
                let inner = self.enter_with(frame, (frame.file, function), frame.this, &[])?;
                Some(self.handed_back(&inner, left))
            }
            Shape::List(parts) => {
                let [object, name] = facts.items(parts) else { return None };
                let Some(Ancestor::Ours(class)) = self.class_of(frame, *object) else { return None };
                let method = self.classes.method_of(class, facts.as_literal(*name)?)?;
                Some(self.handed_back(&self.enter_with(frame, method, Some(class), &[])?, left))
            }
            _ => None,
        }
    }

    /// What Fractal makes of a resource, as the serializer puts it together.
    fn fractal(&self, frame: &Rc<Frame>, resource: ValueId) -> Option<Schema> {
        let mut found = self.origins(frame, resource).into_iter().filter_map(|(from, value)| {
            let call = self.facts(&from).as_call(value)?;
            Some((self.transformed(&from, call)?, self.is_in_pages(&from)))
        });
        let ((row, many), in_pages) = found.next()?;
        let row = match self.serializer {
            Serializer::JsonApi => Schema::open_object(vec![
                Property::new("type", Schema::text(), true),
                Property::new("id", Schema::text(), true),
                Property::new("attributes", row, true),
            ]),
            _ => row,
        };
        Some(match (self.serializer, many) {
            (Serializer::Plain, false) => row,
            (_, false) => Schema::open_object(vec![Property::new("data", row, true)]),
            (_, true) => {
                let mut keys = vec![Property::new("data", Schema::array(row), true)];
                keys.extend(in_pages.then(|| Property::new("meta", Schema::open_object(Vec::new()), false)));
                Schema::open_object(keys)
            }
        })
    }

    /// A function that hands pages to a resource: `$resource->setPaginator($pages)`.
    fn is_in_pages(&self, frame: &Rc<Frame>) -> bool {
        let facts = self.facts(frame);
        let inside = facts.definition(frame.function).values;
        let first = facts.calls.partition_point(|call| call.value.0 < inside.start);
        let mut calls = facts.calls[first..].iter().take_while(|call| call.value.0 < inside.end);
        calls.any(|call| facts.last_name(call.callee) == Some("setPaginator"))
    }

    /// Arrays put into one.
    fn together(&self, frame: &Rc<Frame>, call: &Call, left: u32) -> Schema {
        let (mut properties, mut open): (Vec<Property>, bool) = (Vec::new(), false);
        for argument in self.facts(frame).arguments_of(call) {
            match self.schema_within(frame, argument.value, left).form {
                Form::Object { properties: more, open: further } => {
                    properties.retain(|known| !more.iter().any(|property| property.name == known.name));
                    properties.extend(more);
                    open |= further;
                }
                _ => open = true,
            }
        }
        Schema::of(Form::Object { properties, open })
    }

    /// `compact('order', 'total')`
    fn compact(&self, frame: &Rc<Frame>, call: &Call, left: u32) -> Schema {
        let facts = self.facts(frame);
        let mut properties = Vec::new();
        for argument in facts.arguments_of(call) {
            let Some(name) = facts.as_literal(argument.value) else { return Schema::open_object(properties) };
            let bound = facts.texts.find(&format!("${name}"));
            let bound = bound.and_then(|text| self.classes.locals(frame.file).of_name(self.owner(frame, call.value), text).last());
            let given = bound.and_then(|row| facts.bindings[row.binding as usize].value);
            let schema = given.map_or_else(Schema::open, |given| self.schema_within(frame, given, left));
            properties.push(Property::new(name, schema, true));
        }
        Schema::object(properties)
    }

    /// A row, or rows, of a model.
    pub(super) fn rows(&self, frame: &Rc<Frame>, value: ValueId) -> Option<Schema> {
        let facts = self.facts(frame);
        let typed = self.types.of(frame.file, self.owner(frame, value), value);
        if typed.sure < 60 {
            return None;
        }
        match typed.what {
            What::Instance(class) if self.types.entities.get(class).is_some() => Some(self.component(Sort::Model, class)),
            What::Set(class, _) if typed.sure >= 60 => {
                let rows = Schema::array(self.component(Sort::Model, class));
                let paged = facts.as_call(value).and_then(|call| facts.last_name(call.callee)).and_then(|name| self.paged(name, &rows));
                Some(paged.unwrap_or(rows))
            }
            _ => None,
        }
    }

    /// What a page of rows looks like by itself.
    pub(super) fn paged(&self, method: &str, rows: &Schema) -> Option<Schema> {
        let common = ["first_page_url", "next_page_url", "path", "prev_page_url"];
        let counts: &[&str] = match method {
            "paginate" => &["current_page", "from", "last_page", "per_page", "to", "total"],
            "simplePaginate" => &["current_page", "from", "per_page", "to"],
            _ => return None,
        };
        let mut properties = vec![Property::new("data", rows.clone(), true)];
        properties.extend(counts.iter().map(|name| {
            let schema = if matches!(*name, "from" | "to") { Schema::integer().or_null() } else { Schema::integer() };
            Property::new(name, schema, true)
        }));
        properties.extend(common.iter().map(|name| Property::new(name, Schema::text().or_null(), true)));
        if method == "paginate" {
            properties.push(Property::new("last_page_url", Schema::text().or_null(), true));
            let link = ["url", "label", "active"].map(|name| match name {
                "active" => Property::new(name, Schema::plain(Kind::Truth), true),
                _ => Property::new(name, Schema::text().or_null(), true),
            });
            properties.push(Property::new("links", Schema::array(Schema::object(link.to_vec())), true));
        }
        Some(Schema::object(properties))
    }
}
