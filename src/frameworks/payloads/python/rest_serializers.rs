//! Serializers of REST framework: declared fields, and those that a model gives.

use super::rest_models::ModelField;
use super::types::Site;
use super::values::of_thing;
use super::{Reading, last};
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::{Bound, Form, Kind, Literal, Property, Schema};
use crate::frameworks::python::{Kind as ObjectKind, Scope, Thing};

/// What is derived from a model is followed this deep.
const KEYS: u32 = 3;

/// Classes of the library that serialize.
const SERIALIZERS: [&str; 8] = [
    "Serializer",
    "ModelSerializer",
    "HyperlinkedModelSerializer",
    "ListSerializer",
    "BaseSerializer",
    "FlexFieldsModelSerializer",
    "GeoFeatureModelSerializer",
    "FlexFieldsSerializerMixin",
];

impl Reading<'_, '_> {
    /// True for serializers of the tree.
    pub(super) fn is_serializer(&self, class: ClassId) -> bool {
        self.is_kind_of(class, &SERIALIZERS)
    }

    /// What a serializer reads and writes; `partial` where nothing is required.
    pub(super) fn serializer(&mut self, class: ClassId, partial: bool) -> Schema {
        let bare = self.bare_name(class);
        let short = bare.strip_suffix("Serializer").filter(|short| !short.is_empty()).unwrap_or(bare);
        let name = if partial { format!("Patched{short}") } else { short.to_owned() };
        self.named_component(class, if partial { "partial" } else { "serializer" }, &name, |reading, class| {
            let mut properties = reading.serializer_fields(class);
            if partial {
                properties.iter_mut().for_each(|property| property.required = false);
            }
            Schema::object(properties)
        })
    }

    fn serializer_fields(&mut self, class: ClassId) -> Vec<Property> {
        let meta = match self.evaluator.attribute(class, "Meta") {
            Thing::Definition(file, id) => Some((file, id)),
            _ => None,
        };
        let of_meta = |name: &str| meta.map_or(Thing::Unknown, |meta| self.evaluator.attribute(meta, name));
        let model = of_meta("model").as_definition();
        let read_only: Vec<String> = texts(&of_meta("read_only_fields"));
        let (listed, without) = (of_meta("fields"), texts(&of_meta("exclude")));
        let extra = of_meta("extra_kwargs");
        let mut declared = self.declared(class);
        let of_model = model.map(|model| self.model_fields(model, KEYS)).unwrap_or_default();
        let names: Vec<String> = match &listed {
            Thing::List(_) => {
                let mut names = texts(&listed);
                names.dedup();
                names
            }
            _ => {
                let own = declared.iter().map(|property| property.name.clone());
                // What links rows by their addresses has an address in place of the key.
                let by_address = self.is_kind_of(class, &["HyperlinkedModelSerializer"]);
                let address = by_address.then(|| self.address_field());
                let keys = of_model.iter().filter(|field| field.key && !by_address).map(|field| field.name.clone()).chain(address);
                let rest = of_model.iter().filter(|field| !field.key).map(|field| field.name.clone());
                let mut names: Vec<String> = Vec::new();
                for name in keys.chain(own).chain(rest).filter(|name| !without.contains(name)) {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                names
            }
        };
        let mut properties = Vec::new();
        for name in names {
            let own = declared.iter().position(|property| property.name == name).map(|at| declared.swap_remove(at));
            let is_own = own.is_some();
            let mut property = own.unwrap_or_else(|| self.derived(&name, model, &of_model));
            // What Meta says counts for derived fields only.
            if !is_own && read_only.contains(&name) {
                property.schema.read_only = true;
                property.required = false;
            }
            if let (Thing::Map(entries), false) = (&extra, is_own)
                && let Some((_, Thing::Map(said))) = entries.iter().find(|(key, _)| **key == *name)
            {
                said.iter().for_each(|(word, thing)| keyword(word, thing, &mut property));
            }
            if !is_hidden(&property) {
                properties.push(property);
            }
        }
        properties
    }

    /// A field that only the model knows.
    fn derived(&mut self, name: &str, model: Option<ClassId>, fields: &[ModelField]) -> Property {
        let attribute = if name == "pk" { fields.iter().find(|field| field.key) } else { fields.iter().find(|field| field.name == name) };
        if let Some(field) = attribute {
            let mut schema = field.schema.clone();
            schema.read_only = field.read_only;
            return Property::new(name, schema, field.required);
        }
        if name == self.address_field() {
            return Property::new(name, read_only(Schema::formatted("uri")), false);
        }
        // A method or property of the model is only read.
        if let Some((file, id)) = model.and_then(|model| self.evaluator.method(model, name)) {
            let definition = self.facts(file).definition(id);
            let schema = definition.returns.map_or_else(Schema::open, |returns| self.annotated(&Site::at(file, definition.owner), returns));
            return Property::new(name, read_only(schema), false);
        }
        Property::new(name, Schema::open(), false)
    }

    /// The name of the field that holds a row's own address.
    fn address_field(&self) -> String {
        self.setting("URL_FIELD_NAME").and_then(|(_, thing)| thing.as_text().map(str::to_owned)).unwrap_or_else(|| "url".to_owned())
    }

    /// Fields that a serializer and those above it declare.
    pub(super) fn declared(&mut self, class: ClassId) -> Vec<Property> {
        let mut properties = Vec::new();
        for (name, scope, call) in self.called_fields(class) {
            if let Some(property) = self.serializer_field(&scope, &call, &name, Some(class)) {
                properties.push(property);
            }
        }
        properties
    }

    /// `name = serializers.CharField(max_length=3)`, `lines = LineSerializer(many=True)`
    fn serializer_field(&mut self, scope: &Scope, call: &Call, name: &str, around: Option<ClassId>) -> Option<Property> {
        let thing = self.thing(scope, call.callee);
        let words = self.field_classes(scope, call);
        let mut property = match thing {
            Thing::Definition(file, id) if self.is_serializer((file, id)) => {
                let schema = self.serializer((file, id), false);
                Property::new(name, schema, true)
            }
            _ => {
                let schema = self.noted_type(&thing).or_else(|| self.field_schema(scope, call, &words, name, around))?;
                let mut property = Property::new(name, schema, true);
                if self.is_made_read_only(&thing) || words.iter().any(|word| always_read(word)) {
                    property.schema.read_only = true;
                }
                if words.iter().any(|word| word == "HiddenField") {
                    property.schema.read_only = true;
                    property.schema.write_only = true;
                }
                property
            }
        };
        let facts = self.facts(scope.file);
        let arguments = facts.arguments_of(call).to_vec();
        for argument in arguments {
            let Some(word) = argument.name.map(|word| facts.text(word)) else { continue };
            let thing = self.thing(scope, argument.value);
            if word == "choices" {
                if let Some(choices) = self.choices_of(&thing) {
                    let target = match &mut property.schema.form {
                        Form::Array(inner) => &mut **inner,
                        _ => &mut property.schema,
                    };
                    (target.form, target.choices) = (choices.form, choices.choices);
                }
                continue;
            }
            keyword(word, &thing, &mut property);
        }
        if property.schema.read_only {
            property.required = false;
        }
        Some(property)
    }

    /// A field that is written where it is needed, in no serializer.
    pub(super) fn inline_field(&mut self, scope: &Scope, call: &Call, name: &str) -> Option<Property> {
        self.serializer_field(scope, call, name, None)
    }

    /// True where a class of the tree sets `read_only` itself.
    fn is_made_read_only(&self, thing: &Thing) -> bool {
        let Thing::Definition(file, id) = thing else { return false };
        let Some((file, init)) = self.evaluator.method((*file, *id), "__init__") else { return false };
        let facts = self.facts(file);
        let inside = facts.definition(init).values;
        let is_true = |value: ValueId| matches!(facts.value(value).shape, Shape::Constant(word) if facts.text(word) == "True");
        // `def __init__(self, *args, read_only=True, **kwargs)`
        let parameters = &facts.parameters[facts.definition(init).parameters.range()];
        let usual = parameters.iter().any(|parameter| facts.text(parameter.name) == "read_only" && parameter.default.is_some_and(is_true));
        let in_call = facts.calls.iter().filter(|call| inside.contains(call.value.0)).any(|call| {
            let at = facts.argument(call, usize::MAX, "read_only");
            at.is_some_and(is_true)
        });
        let given = facts.bindings.iter().filter(|binding| binding.owner == Some(init)).any(|binding| {
            matches!(facts.value(binding.target).shape, Shape::Item(_, key) if facts.as_literal(key) == Some("read_only"))
                && binding.value.is_some_and(is_true)
        });
        usual || in_call || given
    }

    /// `@extend_schema_field(OpenApiTypes.STR)` on a class or method.
    pub(super) fn noted_type(&mut self, thing: &Thing) -> Option<Schema> {
        let (file, id) = match thing {
            Thing::Definition(file, id) => (*file, *id),
            Thing::Method(method) => (method.1, method.2),
            _ => return None,
        };
        let facts = self.facts(file);
        let definition = facts.definition(id);
        let call = facts.items(definition.decorators).iter().find_map(|decorator| {
            facts
                .as_call(*decorator)
                .filter(|call| matches!(facts.last_name(call.callee), Some("extend_schema_field" | "swagger_serializer_method")))
        })?;
        let value = facts.argument(call, 0, "field").or_else(|| facts.argument(call, usize::MAX, "serializer_or_field"))?;
        self.open_api_type(&Scope::at(file, definition.owner), value)
    }

    /// A type as drf-spectacular takes it: `OpenApiTypes.STR`, a serializer, a field, a written type.
    pub(super) fn open_api_type(&mut self, scope: &Scope, value: ValueId) -> Option<Schema> {
        let facts = self.facts(scope.file);
        match self.thing(scope, value) {
            Thing::Outside(path) if path.contains("OpenApiTypes") => Some(of_open_api(last(&path))),
            Thing::Definition(file, id) if self.is_serializer((file, id)) => Some(self.serializer((file, id), false)),
            Thing::Object(_) => {
                let call = facts.as_call(value).copied()?;
                self.serializer_field(scope, &call, "field", None).map(|property| property.schema)
            }
            Thing::Map(_) => None,
            _ => Some(self.annotated(&Site::at(scope.file, scope.owner), value)).filter(|schema| !schema.is_open()),
        }
    }

    fn field_schema(&mut self, scope: &Scope, call: &Call, words: &[String], name: &str, around: Option<ClassId>) -> Option<Schema> {
        for word in words {
            let schema = match word.as_str() {
                "SerializerMethodField" => self.computed_field(scope, call, name, around),
                "ListField" | "MultipleChoiceField" | "SetField" => Schema::array(self.child(scope, call, around)),
                "DictField" | "HStoreField" => Schema::of(Form::Map(Box::new(self.child(scope, call, around)))),
                "ListSerializer" => Schema::array(self.child(scope, call, around)),
                word => match of_serializer_field(word) {
                    Some(schema) => schema,
                    None => continue,
                },
            };
            return Some(schema);
        }
        // A class of ours above fields that nobody here knows, or a library's: a field it is all the same.
        words.iter().any(|word| word.ends_with("Field") || word.ends_with("Serializer")).then(Schema::open)
    }

    fn child(&mut self, scope: &Scope, call: &Call, around: Option<ClassId>) -> Schema {
        let facts = self.facts(scope.file);
        let child = self.given(scope, call, usize::MAX, "child").and_then(|value| facts.as_call(value)).copied();
        child.and_then(|child| self.serializer_field(scope, &child, "child", around)).map_or_else(Schema::open, |property| property.schema)
    }

    /// The written result of the method behind a `SerializerMethodField`.
    fn computed_field(&mut self, scope: &Scope, call: &Call, name: &str, around: Option<ClassId>) -> Schema {
        let method = self.given_text(scope, call, 0, "method_name").unwrap_or_else(|| format!("get_{name}"));
        let Some((file, id)) = around.and_then(|around| self.evaluator.method(around, &method)) else { return read_only(Schema::open()) };
        if let Some(schema) = self.noted_type(&Thing::Definition(file, id)) {
            return read_only(schema);
        }
        let definition = self.facts(file).definition(id);
        let schema = definition.returns.map_or_else(Schema::open, |returns| self.annotated(&Site::at(file, definition.owner), returns));
        read_only(schema)
    }

    /// The serializer that something is: a class, or an object of one with `many=True`.
    pub(super) fn serializer_of(&mut self, thing: &Thing, partial: bool) -> Option<Schema> {
        match thing {
            Thing::Definition(file, id) if self.is_serializer((*file, *id)) => Some(self.serializer((*file, *id), partial)),
            Thing::Object(object) => {
                let ObjectKind::Ours(class) = object.kind else { return None };
                let schema = self.is_serializer(class).then(|| self.serializer(class, partial))?;
                let many = matches!(object.argument(usize::MAX, "many"), Some(Thing::Truth(true)));
                Some(if many { Schema::array(schema) } else { schema })
            }
            _ => None,
        }
    }
}

/// What one keyword says of a field.
fn keyword(word: &str, thing: &Thing, property: &mut Property) {
    let truth = match thing {
        Thing::Truth(truth) => Some(*truth),
        _ => None,
    };
    let number = match thing {
        Thing::Number(number) => Some(Literal::Integer(*number)),
        _ => None,
    };
    let bound = match word {
        "max_length" => Some(Bound::MaxLength),
        "min_length" => Some(Bound::MinLength),
        "min_value" => Some(Bound::Minimum),
        "max_value" => Some(Bound::Maximum),
        _ => None,
    };
    let fits = match (bound, &property.schema.form) {
        (Some(Bound::MaxLength | Bound::MinLength), Form::Plain(Kind::Text, _)) => matches!(number, Some(Literal::Integer(0..))),
        (Some(Bound::Minimum | Bound::Maximum), Form::Plain(Kind::Integer | Kind::Number, _)) => true,
        _ => false,
    };
    if let (Some(bound), Some(number), true) = (bound, number, fits) {
        property.schema.bounds.retain(|(known, _)| *known != bound);
        property.schema.bounds.push((bound, number));
    }
    match (word, truth) {
        ("read_only", Some(truth)) => {
            property.schema.read_only = truth;
            property.required &= !truth;
        }
        ("write_only", Some(truth)) => property.schema.write_only = truth,
        ("required", Some(truth)) => property.required = truth,
        ("allow_null", Some(truth)) => property.schema.nullable = truth,
        ("many", Some(true)) => {
            let inner = std::mem::replace(&mut property.schema, Schema::open());
            let flags = (inner.read_only, inner.write_only);
            property.schema = Schema::array(Schema { read_only: false, write_only: false, ..inner });
            (property.schema.read_only, property.schema.write_only) = flags;
        }
        ("default", _) => {
            property.required = false;
            property.schema.default = match (of_thing(thing), &property.schema.form) {
                (Some(literal @ Literal::Truth(_)), Form::Plain(Kind::Truth, _))
                | (Some(literal @ Literal::Text(_)), Form::Plain(Kind::Text, None))
                | (Some(literal @ Literal::Integer(_)), Form::Plain(Kind::Integer, _)) => {
                    Some(literal).filter(|literal| property.schema.choices.is_empty() || property.schema.choices.contains(literal))
                }
                _ => None,
            };
        }
        _ => {}
    }
}

fn read_only(schema: Schema) -> Schema {
    Schema { read_only: true, ..schema }
}

/// A field that neither requests nor answers have.
fn is_hidden(property: &Property) -> bool {
    property.schema.read_only && property.schema.write_only
}

/// Texts of a list.
pub(super) fn texts(thing: &Thing) -> Vec<String> {
    thing.as_list().unwrap_or(&[]).iter().filter_map(|item| item.as_text().map(str::to_owned)).collect()
}

/// Fields that are never written.
fn always_read(word: &str) -> bool {
    matches!(word, "ReadOnlyField" | "SerializerMethodField" | "StringRelatedField" | "HyperlinkedIdentityField")
}

/// What a field of the library holds.
fn of_serializer_field(word: &str) -> Option<Schema> {
    Some(match word {
        "CharField" | "SlugField" | "RegexField" | "IPAddressField" | "FilePathField" | "DurationField" => Schema::text(),
        "SlugRelatedField" | "StringRelatedField" => Schema::text(),
        "EmailField" => Schema::formatted("email"),
        "URLField" | "FileField" | "ImageField" | "HyperlinkedIdentityField" | "HyperlinkedRelatedField" => Schema::formatted("uri"),
        "UUIDField" => Schema::formatted("uuid"),
        "IntegerField" => Schema::integer(),
        "FloatField" => Schema::plain(Kind::Number),
        "DecimalField" => Schema::formatted("decimal"),
        "BooleanField" | "NullBooleanField" => Schema::plain(Kind::Truth),
        "DateTimeField" => Schema::formatted("date-time"),
        "DateField" => Schema::formatted("date"),
        "TimeField" => Schema::formatted("time"),
        "TagListSerializerField" => Schema::array(Schema::text()),
        "ManyRelatedField" => Schema::array(Schema::open()),
        "JSONField" | "ReadOnlyField" | "ModelField" | "PrimaryKeyRelatedField" | "RelatedField" | "HiddenField" | "ChoiceField" => {
            Schema::open()
        }
        "Field" => Schema::open(),
        _ => return None,
    })
}

/// The members of drf-spectacular's `OpenApiTypes`.
fn of_open_api(word: &str) -> Schema {
    match word {
        "STR" | "REGEX" | "HOSTNAME" | "IP4" | "IP6" => Schema::text(),
        "INT" | "INT32" | "INT64" => Schema::integer(),
        "FLOAT" | "DOUBLE" | "NUMBER" => Schema::plain(Kind::Number),
        "DECIMAL" => Schema::formatted("decimal"),
        "BOOL" => Schema::plain(Kind::Truth),
        "DATETIME" => Schema::formatted("date-time"),
        "DATE" => Schema::formatted("date"),
        "TIME" => Schema::formatted("time"),
        "UUID" => Schema::formatted("uuid"),
        "URI" => Schema::formatted("uri"),
        "EMAIL" => Schema::formatted("email"),
        "BINARY" => Schema::formatted("binary"),
        "BYTE" => Schema::formatted("byte"),
        "OBJECT" => Schema::open_object(Vec::new()),
        _ => Schema::open(),
    }
}
