//! Schemas of marshmallow.

use super::Reading;
use super::values::of_thing;
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::{Bound, Form, Kind, Literal, Property, Schema};
use crate::frameworks::python::{Kind as ObjectKind, Scope, Thing};

/// Classes of marshmallow and its kin whose fields make a payload.
const SCHEMAS: [&str; 5] = ["Schema", "SQLAlchemySchema", "SQLAlchemyAutoSchema", "ModelSchema", "BaseModelSchema"];

/// Those whose fields come from a model.
const AUTOMATIC: [&str; 3] = ["SQLAlchemyAutoSchema", "ModelSchema", "BaseModelSchema"];

impl Reading<'_, '_> {
    /// True for schemas of the tree.
    pub(super) fn is_marshmallow(&self, class: ClassId) -> bool {
        self.is_kind_of(class, &SCHEMAS)
    }

    /// What a schema reads and writes.
    pub(super) fn marshmallow(&mut self, class: ClassId) -> Schema {
        self.component(class, "", |reading, class| {
            let (mut properties, is_known) = reading.columns_of_model(class);
            for (name, scope, call) in reading.called_fields(class) {
                if let Some(property) = reading.marshmallow_field(&scope, &call, &name, Some(class)) {
                    properties.retain(|known| known.name != property.name);
                    properties.push(property);
                }
            }
            if is_known { Schema::object(properties) } else { Schema::open_object(properties) }
        })
    }

    /// The columns that a schema takes from its model, and whether all of its fields are known.
    fn columns_of_model(&mut self, class: ClassId) -> (Vec<Property>, bool) {
        let Some(meta) = self.evaluator.attribute(class, "Meta").as_definition() else { return (Vec::new(), true) };
        // A plain schema takes nothing from a model.
        if !self.is_kind_of(class, &AUTOMATIC) {
            return (Vec::new(), true);
        }
        let Some(model) = self.evaluator.attribute(meta, "model").as_definition() else { return (Vec::new(), false) };
        let listed = self.evaluator.attribute(meta, "fields");
        let listed = matches!(listed, Thing::List(_)).then(|| super::rest_serializers::texts(&listed));
        let without = super::rest_serializers::texts(&self.evaluator.attribute(meta, "exclude"));
        let dump_only = super::rest_serializers::texts(&self.evaluator.attribute(meta, "dump_only"));
        let mut properties = Vec::new();
        for field in self.fields(model) {
            let facts = self.facts(field.file);
            let call = facts.bindings[field.binding].value.and_then(|value| facts.as_call(value));
            let Some(call) = call.filter(|call| matches!(facts.last_name(call.callee), Some("Column" | "mapped_column"))) else { continue };
            if without.contains(&field.name) || listed.as_ref().is_some_and(|listed| !listed.contains(&field.name)) {
                continue;
            }
            let kinds = facts.arguments_of(call).iter().take(2).filter_map(|argument| {
                let callee = facts.as_call(argument.value).map_or(argument.value, |call| call.callee);
                of_column(facts.last_name(callee)?)
            });
            let mut schema = kinds.into_iter().next().unwrap_or_else(Schema::open);
            schema.read_only = dump_only.contains(&field.name);
            properties.push(Property::new(&field.name, schema, false));
        }
        let is_known = !properties.is_empty();
        (properties, is_known)
    }

    /// `name = fields.String(required=True)`
    pub(super) fn marshmallow_field(&mut self, scope: &Scope, call: &Call, name: &str, around: Option<ClassId>) -> Option<Property> {
        let words = self.field_classes(scope, call);
        let mut schema = words.iter().find_map(|word| self.field_of(scope, call, word, around))?;
        let truth = |reading: &Self, word: &str| reading.given_truth(scope, call, usize::MAX, word);
        schema.nullable = truth(self, "allow_none") == Some(true);
        schema.read_only = truth(self, "dump_only") == Some(true);
        schema.write_only = truth(self, "load_only") == Some(true);
        if let Some(rules) = self.given(scope, call, usize::MAX, "validate") {
            self.rules_in(scope, rules, &mut schema, 4);
        }
        let name = self.given_text(scope, call, usize::MAX, "data_key").unwrap_or_else(|| name.to_owned());
        let required = truth(self, "required") == Some(true);
        Some(Property::new(&name, schema, required))
    }

    fn field_of(&mut self, scope: &Scope, call: &Call, word: &str, around: Option<ClassId>) -> Option<Schema> {
        Some(match word {
            "List" | "Tuple" => {
                let inner = self.given(scope, call, 0, "cls_or_instance");
                Schema::array(inner.map_or_else(Schema::open, |inner| self.inner_field(scope, inner, around)))
            }
            "Nested" | "RelatedNested" => {
                let inner = self.given(scope, call, 0, "nested").map_or_else(Schema::open, |value| self.nested(scope, value, around));
                if self.given_truth(scope, call, usize::MAX, "many") == Some(true) { Schema::array(inner) } else { inner }
            }
            word => return plain_field(word),
        })
    }

    fn inner_field(&mut self, scope: &Scope, value: ValueId, around: Option<ClassId>) -> Schema {
        match self.facts(scope.file).as_call(value).copied() {
            Some(call) => self.marshmallow_field(scope, &call, "item", around).map_or_else(Schema::open, |property| property.schema),
            // A class instead of an object of it.
            None => self.facts(scope.file).last_name(value).and_then(plain_field).unwrap_or_else(Schema::open),
        }
    }

    /// The schema a nested field names: a class, an object, a text, a function that makes it.
    fn nested(&mut self, scope: &Scope, value: ValueId, around: Option<ClassId>) -> Schema {
        let thing = match self.thing(scope, value) {
            Thing::Text(text) if &*text == "self" => around.map_or(Thing::Unknown, |(file, id)| Thing::Definition(file, id)),
            Thing::Text(text) => return self.marshmallow_called(&text),
            thing => thing,
        };
        self.marshmallow_of(&thing).unwrap_or_else(Schema::open)
    }

    /// The schema something is: a class, or an object of one, several with `many=True`.
    pub(super) fn marshmallow_of(&mut self, thing: &Thing) -> Option<Schema> {
        match thing {
            Thing::Definition(file, id) if self.evaluator.is_class((*file, *id)) && self.is_marshmallow((*file, *id)) => {
                Some(self.marshmallow((*file, *id)))
            }
            Thing::Object(object) => {
                let ObjectKind::Ours(class) = object.kind else { return None };
                let schema = self.is_marshmallow(class).then(|| self.marshmallow(class))?;
                let many = matches!(object.argument(usize::MAX, "many"), Some(Thing::Truth(true)));
                Some(if many { Schema::array(schema) } else { schema })
            }
            _ => None,
        }
    }

    /// The schema of a name, where only one is called so.
    pub(super) fn marshmallow_called(&mut self, name: &str) -> Schema {
        let found: Vec<ClassId> =
            self.by_name.get(super::last(name)).into_iter().flatten().copied().filter(|class| self.is_marshmallow(*class)).collect();
        if let [only] = found[..] { self.marshmallow(only) } else { Schema::open() }
    }

    /// `validate=[Length(1, 20), OneOf(["a", "b"])]`
    fn rules_in(&self, scope: &Scope, value: ValueId, schema: &mut Schema, left: u32) {
        let facts = self.facts(scope.file);
        if left == 0 {
            return;
        }
        if let Shape::List(parts) = facts.value(value).shape {
            facts.items(parts).iter().for_each(|part| self.rules_in(scope, *part, schema, left - 1));
            return;
        }
        let Some(call) = facts.as_call(value) else { return };
        let number = |position: usize, word: &str| {
            let value = facts.argument(call, position, word)?;
            self.literal(scope, value).filter(|literal| matches!(literal, Literal::Integer(0..)))
        };
        let (least, most) = (number(0, "min"), number(1, "max"));
        let is_text = matches!(schema.form, Form::Plain(Kind::Text, _));
        match facts.last_name(call.callee) {
            Some("Length") if is_text => {
                schema.bounds.extend(least.map(|least| (Bound::MinLength, least)));
                schema.bounds.extend(most.map(|most| (Bound::MaxLength, most)));
            }
            Some("Range") if !is_text => {
                schema.bounds.extend(least.map(|least| (Bound::Minimum, least)));
                schema.bounds.extend(most.map(|most| (Bound::Maximum, most)));
            }
            Some("OneOf") => {
                let Some(choices) = facts.argument(call, 0, "choices") else { return };
                if let Thing::List(items) = self.thing(scope, choices) {
                    let literals: Vec<Literal> = items.iter().filter_map(of_thing).collect();
                    let fits = literals.iter().all(|literal| is_text && matches!(literal, Literal::Text(_)));
                    if fits && literals.len() == items.len() {
                        schema.choices = literals;
                    }
                }
            }
            _ => {}
        }
    }
}

/// What a field without parts of its own holds.
fn plain_field(word: &str) -> Option<Schema> {
    Some(match word {
        "String" | "Str" | "IP" | "IPv4" | "IPv6" | "TimeDelta" => Schema::text(),
        "Email" => Schema::formatted("email"),
        "URL" | "Url" => Schema::formatted("uri"),
        "UUID" => Schema::formatted("uuid"),
        "Integer" | "Int" => Schema::integer(),
        "Float" | "Number" | "Decimal" => Schema::plain(Kind::Number),
        "Boolean" | "Bool" => Schema::plain(Kind::Truth),
        "DateTime" | "NaiveDateTime" | "AwareDateTime" | "LocalDateTime" => Schema::formatted("date-time"),
        "Date" => Schema::formatted("date"),
        "Time" => Schema::formatted("time"),
        "Dict" | "Mapping" => Schema::open_object(Vec::new()),
        "Enum" | "Raw" | "Field" | "Method" | "Function" | "Pluck" | "Constant" | "File" => Schema::open(),
        _ => return None,
    })
}

/// What a column of a type of SQLAlchemy holds.
fn of_column(word: &str) -> Option<Schema> {
    Some(match word {
        "String" | "Text" | "Unicode" | "UnicodeText" => Schema::text(),
        "Integer" | "BigInteger" | "SmallInteger" => Schema::integer(),
        "Float" | "Numeric" => Schema::plain(Kind::Number),
        "Boolean" => Schema::plain(Kind::Truth),
        "DateTime" => Schema::formatted("date-time"),
        "Date" => Schema::formatted("date"),
        "Uuid" | "UUID" => Schema::formatted("uuid"),
        _ => return None,
    })
}
