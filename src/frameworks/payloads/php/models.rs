//! Classes whose objects are handed out: models by their columns, API resources and Fractal's transformers by the array
//! they make.

use super::forms::notes_before;
use super::frames::Frame;
use super::{Reading, Sort};
use crate::base::FileId;
use crate::facts::{Binds, Call, DefinitionId, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId, What};
use crate::frameworks::payloads::schema::{Form, Kind, Property, Schema};
use std::rc::Rc;

/// Laravel's classes of resources.
const RESOURCES: [&str; 3] = [
    "illuminate\\http\\resources\\json\\jsonresource",
    "illuminate\\http\\resources\\json\\resource",
    "illuminate\\http\\resources\\json\\resourcecollection",
];

/// Fractal's class of transformers.
const TRANSFORMERS: [&str; 1] = ["league\\fractal\\transformerabstract"];

/// Columns that Eloquent hands out as moments.
const STAMPS: [&str; 3] = ["created_at", "updated_at", "deleted_at"];

impl Reading<'_> {
    /// A class by its name; what it looks like is read later, once.
    pub(super) fn component(&self, sort: Sort, class: ClassId) -> Schema {
        if let Some(id) = self.named.borrow().get(&(sort, class)) {
            return Schema::reference(*id);
        }
        let line = self.classes.facts(class.0).definition(class.1).span.line;
        let long = self.classes.shown_name(class);
        let id = self.payloads.borrow_mut().reserve(self.classes.bare_name(class), &long, (class.0, line));
        self.named.borrow_mut().insert((sort, class), id);
        self.queue.borrow_mut().push((sort, class, id));
        Schema::reference(id)
    }

    /// What a class looks like.
    pub(super) fn describe(&self, sort: Sort, class: ClassId) -> Schema {
        match sort {
            Sort::Model => self.grouped(class).unwrap_or_else(|| self.model(class)),
            Sort::Resource => self.made_by(class, "toArray").unwrap_or_else(|| match self.resource_model(class) {
                Some(model) => self.component(Sort::Model, model),
                None => Schema::open_object(Vec::new()),
            }),
            Sort::Transformer => self.transformer(class),
            Sort::Given => self.given(class),
        }
    }

    /// The array that a method of a class makes.
    fn made_by(&self, class: ClassId, method: &str) -> Option<Schema> {
        let (file, function) = self.classes.method_of(class, method)?;
        let frame = Frame::outermost(file, function, Some(class));
        let returned = self.returned(&frame);
        if returned.is_empty() {
            return None;
        }
        Some(Schema::one_of(returned.iter().map(|value| self.schema(&frame, *value))))
    }

    /// The model of a resource: the one that is called as the resource is without its last word.
    fn resource_model(&self, class: ClassId) -> Option<ClassId> {
        let bare = self.classes.bare_name(class);
        let bare = bare.strip_suffix("Resource")?;
        let mut fitting = self.types.entities.rows.keys().filter(|model| self.classes.bare_name(**model) == bare);
        let only = fitting.next()?;
        fitting.next().is_none().then_some(*only)
    }

    /// The columns of a model that go out: without those it hides, with those it adds.
    fn model(&self, class: ClassId) -> Schema {
        let Some(columns) = self.tables.get(&class) else { return Schema::open_object(Vec::new()) };
        let (hidden, visible) = (self.listed(class, "hidden"), self.listed(class, "visible"));
        let goes =
            |name: &str| !hidden.iter().any(|known| known == name) && (visible.is_empty() || visible.iter().any(|known| known == name));
        let mut properties: Vec<Property> =
            columns.iter().filter(|(name, _)| goes(name)).map(|(name, _)| Property::new(name, self.column(class, name), false)).collect();
        for name in self.listed(class, "appends") {
            properties.retain(|known| known.name != name);
            properties.push(Property::new(&name, self.column(class, &name), true));
        }
        Schema::object(properties)
    }

    /// The properties and methods of a class that are in some group of a serializer: what goes out, by the group that is asked for.
    fn grouped(&self, class: ClassId) -> Option<Schema> {
        let mut properties: Vec<Property> = Vec::new();
        let mut add = |name: String, schema: Schema| {
            if !properties.iter().any(|known| known.name == name) {
                properties.push(Property::new(&name, schema, false));
            }
        };
        for (file, class) in self.classes.line(class) {
            let facts = self.classes.facts(file);
            if facts.texts.iter().all(|(_, text)| bare_note(text) != "Groups") {
                continue;
            }
            let is_grouped =
                |notes: &[ValueId]| notes.iter().any(|note| facts.last_name(*note).is_some_and(|name| bare_note(name) == "Groups"));
            let mut before = None;
            for binding in facts.bindings_in(Some(class)).filter(|binding| matches!(binding.binds, Binds::Declare | Binds::Assign)) {
                let until = binding.annotation.unwrap_or(binding.target);
                let notes: Vec<ValueId> = notes_before(facts, before, Some(until)).iter().map(|note| note.value).collect();
                before = Some(binding.target);
                if let Some(name) = facts.as_name(binding.target).filter(|_| is_grouped(&notes)) {
                    add(facts.text(name).trim_start_matches('$').to_owned(), self.written_type(file, class, binding.annotation));
                }
            }
            for (id, method) in facts.inside(Some(class)) {
                let notes: Vec<ValueId> =
                    facts.items(method.decorators).iter().map(|note| facts.as_call(*note).map_or(*note, |call| call.callee)).collect();
                if is_grouped(&notes) {
                    add(property_of(facts.text(method.name)), self.written_type(file, id, method.returns));
                }
            }
        }
        (!properties.is_empty()).then(|| Schema::open_object(properties))
    }

    /// A written type of a property or of what a method hands back.
    fn written_type(&self, file: FileId, owner: DefinitionId, written: Option<ValueId>) -> Schema {
        let Some(written) = written else { return Schema::open() };
        let facts = self.classes.facts(file);
        let Some(name) = facts.as_name(written) else { return Schema::open() };
        match facts.text(name).to_ascii_lowercase().as_str() {
            "string" => Schema::text(),
            "int" => Schema::integer(),
            "float" => Schema::plain(Kind::Number),
            "bool" => Schema::plain(Kind::Truth),
            _ => match self.classes.class_at(file, Some(owner), written) {
                Some(Ancestor::Ours(class)) if self.types.entities.get(class).is_some() => self.component(Sort::Model, class),
                Some(Ancestor::Outside(full)) if full.starts_with("datetime") => Schema::formatted("date-time"),
                _ => Schema::open(),
            },
        }
    }

    /// The texts of a list that a class has as a property.
    pub(super) fn listed(&self, class: ClassId, property: &str) -> Vec<String> {
        match self.classes.value_of(class, property) {
            Some((file, value)) => self.classes.elements(file, self.classes.facts(file).owner_of(value), value, false, 6),
            None => Vec::new(),
        }
    }

    /// What a column looks like: its cast, else the type of the database.
    pub(super) fn column(&self, class: ClassId, name: &str) -> Schema {
        if let Some(cast) = self.cast(class, name) {
            return cast;
        }
        if STAMPS.contains(&name) {
            return Schema::formatted("date-time").or_null();
        }
        let columns = self.tables.get(&class);
        let kind = columns.and_then(|columns| columns.iter().find(|(known, _)| known == name)).and_then(|(_, kind)| kind.as_deref());
        kind.map_or_else(Schema::open, of_database)
    }

    fn cast(&self, class: ClassId, name: &str) -> Option<Schema> {
        let property = self.classes.value_of(class, "casts");
        let method = || {
            let (file, function) = self.classes.method_of(class, "casts")?;
            let value = *self.returned(&Frame::outermost(file, function, Some(class))).first()?;
            Some((file, value))
        };
        property.into_iter().chain(method()).find_map(|(file, value)| self.cast_in(file, value, name))
    }

    fn cast_in(&self, file: FileId, value: ValueId, name: &str) -> Option<Schema> {
        let facts = self.classes.facts(file);
        let Shape::Map(entries) = facts.value(value).shape else { return None };
        let entry = facts.entries[entries.range()].iter().find(|entry| entry.key.and_then(|key| facts.as_literal(key)) == Some(name))?;
        let Some(word) = facts.as_literal(entry.value) else { return Some(Schema::open()) };
        Some(match word.split(':').next().unwrap_or(word) {
            "int" | "integer" | "timestamp" => Schema::integer(),
            "bool" | "boolean" => Schema::plain(Kind::Truth),
            "real" | "float" | "double" => Schema::plain(Kind::Number),
            "string" | "decimal" | "encrypted" | "hashed" => Schema::text(),
            "date" | "datetime" | "immutable_date" | "immutable_datetime" => Schema::formatted("date-time").or_null(),
            "object" => Schema::open_object(Vec::new()),
            "array" | "json" | "collection" => Schema::open(),
            _ => Schema::open(),
        })
    }

    /// `OrderResource::collection($orders)`, `new OrderResource($order)`, `OrderResource::make($order)`
    pub(super) fn resource(&self, frame: &Rc<Frame>, call: &Call) -> Option<Schema> {
        let facts = self.facts(frame);
        let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
        let name = facts.text(name);
        if !matches!(name, "collection" | "make" | "__construct") {
            return None;
        }
        let class = match if name == "__construct" {
            self.made(frame, call)
        } else {
            self.classes.class_at(frame.file, self.owner(frame, object), object)
        } {
            Some(Ancestor::Ours(class)) if self.classes.is_below(class, &RESOURCES) => class,
            _ => return None,
        };
        let given = facts.arguments_of(call).first().map(|argument| argument.value);
        let many = name == "collection" || self.classes.is_below(class, &RESOURCES[2..]);
        let rows = |schema: Schema| if many { Schema::array(schema) } else { schema };
        if many && name != "collection" {
            return Some(self.collection(class));
        }
        let paged = many && given.is_some_and(|given| self.is_paged(frame, given));
        let schema = rows(self.component(Sort::Resource, class));
        if paged { Some(with_pages(schema)) } else { Some(schema) }
    }

    /// A class of its own for several: what it collects, or the array it makes.
    fn collection(&self, class: ClassId) -> Schema {
        if self.classes.own_method(class.0, class.1, "toArray").is_some() {
            return self.component(Sort::Resource, class);
        }
        let collects = self.classes.value_of(class, "collects");
        let named = collects.and_then(|(file, value)| self.classes.class_of(file, self.classes.facts(file).owner_of(value), value));
        match named {
            Some(Ancestor::Ours(item)) => Schema::array(self.component(Sort::Resource, item)),
            _ => Schema::array(Schema::open()),
        }
    }

    fn is_paged(&self, frame: &Rc<Frame>, value: ValueId) -> bool {
        self.origins(frame, value).iter().any(|(from, value)| {
            let facts = self.facts(from);
            facts
                .as_call(*value)
                .and_then(|call| facts.last_name(call.callee))
                .is_some_and(|name| name.to_ascii_lowercase().ends_with("paginate"))
        })
    }

    /// `new Item($order, new OrderTransformer)`, `new Collection($orders, $transformer)`: what the transformer makes of one row, and
    /// whether there are several.
    pub(super) fn transformed(&self, frame: &Rc<Frame>, call: &Call) -> Option<(Schema, bool)> {
        let many = match self.made(frame, call) {
            Some(Ancestor::Outside(full)) if full == "league\\fractal\\resource\\item" => false,
            Some(Ancestor::Outside(full)) if full == "league\\fractal\\resource\\collection" => true,
            _ => return None,
        };
        Some((self.by_transformer(frame, call).map_or_else(Schema::open, |(row, _)| row), many))
    }

    /// What the transformer makes that is among the arguments of a call, and whether the call speaks of several.
    pub(super) fn by_transformer(&self, frame: &Rc<Frame>, call: &Call) -> Option<(Schema, bool)> {
        let facts = self.facts(frame);
        let many = facts.last_name(call.callee).is_some_and(|name| name.to_ascii_lowercase().contains("collection"));
        let row = facts.arguments_of(call).iter().skip(1).find_map(|argument| match self.class_of(frame, argument.value) {
            Some(Ancestor::Ours(class)) if self.classes.is_below(class, &TRANSFORMERS) => Some(self.component(Sort::Transformer, class)),
            _ => None,
        })?;
        Some((row, many))
    }

    /// What a transformer makes, with what it always includes: `$defaultIncludes` and the method of each.
    fn transformer(&self, class: ClassId) -> Schema {
        let mut schema = self.made_by(class, "transform").unwrap_or_else(|| Schema::open_object(Vec::new()));
        let Form::Object { properties, .. } = &mut schema.form else { return schema };
        for name in self.listed(class, "defaultIncludes") {
            let method = format!("include{}", studly(&name));
            let included = self.classes.method_of(class, &method).and_then(|(file, function)| {
                let frame = Frame::outermost(file, function, Some(class));
                self.returned(&frame).into_iter().find_map(|value| self.by_transformer(&frame, self.facts(&frame).as_call(value)?))
            });
            let included = included.map_or_else(Schema::open, |(row, many)| if many { Schema::array(row) } else { row });
            properties.retain(|known| known.name != name);
            properties.push(Property::new(&name, included, true));
        }
        schema
    }

    /// The class of rows an object is, where it is one.
    pub(super) fn row_of(&self, frame: &Rc<Frame>, value: ValueId) -> Option<ClassId> {
        match self.types.of(frame.file, self.owner(frame, value), value).what {
            What::Instance(class) if self.types.entities.get(class).is_some() => Some(class),
            _ => None,
        }
    }
}

/// The bare name of a note: `Serializer\Groups` is `Groups`.
fn bare_note(name: &str) -> &str {
    name.rsplit('\\').next().unwrap_or(name)
}

/// The property that a method hands out: `getTotal`, `isPaid`.
fn property_of(method: &str) -> String {
    let stem = ["get", "is", "has"].iter().find_map(|start| method.strip_prefix(start)).filter(|stem| stem.starts_with(char::is_uppercase));
    let stem = stem.unwrap_or(method);
    let mut letters = stem.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// `sub_orders` in a method's name: `SubOrders`.
fn studly(name: &str) -> String {
    let words = name.split(['_', '-', ' ']).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

/// Resources of a page of rows: `links` and `meta` stand beside them.
fn with_pages(rows: Schema) -> Schema {
    let url = || Schema::text().or_null();
    let links = ["first", "last", "prev", "next"].map(|name| Property::new(name, url(), true));
    Schema::object(vec![
        Property::new("data", rows, true),
        Property::new("links", Schema::object(links.to_vec()), true),
        Property::new("meta", Schema::open_object(Vec::new()), true),
    ])
}

/// A type of the database; what drivers hand out differently (decimals, truths of MySQL) is open.
fn of_database(kind: &str) -> Schema {
    let kind = kind.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    if has(&["interval", "point"]) {
        Schema::open()
    } else if has(&["uuid"]) {
        Schema::formatted("uuid")
    } else if has(&["tinyint", "bool", "json", "decimal", "numeric", "binary", "blob"]) {
        Schema::open()
    } else if has(&["int", "serial", "increments", "foreignid", "id"]) {
        Schema::integer()
    } else if has(&["float", "double", "real"]) {
        Schema::plain(Kind::Number)
    } else if has(&["char", "text", "string", "date", "time", "enum", "token", "ipaddress", "ulid"]) {
        Schema::text()
    } else {
        Schema::open()
    }
}
