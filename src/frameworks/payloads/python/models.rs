//! Classes whose fields are what a payload holds: Pydantic and SQLModel, dataclasses, typed dictionaries, named tuples.

use super::types::Site;
use super::{Field, Reading, last};
use crate::facts::{Binds, Call, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::payloads::schema::{Form, Literal, Property, Schema};
use crate::frameworks::python::{Scope, Thing};
use std::rc::Rc;

/// Classes of libraries whose fields make a payload.
const MODELS: [&str; 10] =
    ["BaseModel", "GenericModel", "SQLModel", "RootModel", "TypedDict", "NamedTuple", "Struct", "BaseSettings", "ApiModel", "CamelModel"];

/// Decorators that make the fields of a class a payload.
const DECORATORS: [&str; 3] = ["dataclass", "define", "attrs"];

impl Reading<'_, '_> {
    /// True for classes whose fields make a payload.
    pub(super) fn is_model(&self, class: ClassId) -> bool {
        if self.is_kind_of(class, &MODELS) {
            return true;
        }
        let facts = self.facts(class.0);
        facts.items(facts.definition(class.1).decorators).iter().any(|decorator| {
            let callee = facts.as_call(*decorator).map_or(*decorator, |call| call.callee);
            facts.last_name(callee).is_some_and(|name| DECORATORS.contains(&name))
        })
    }

    /// What objects of a class of the tree look like; open where it is no payload.
    pub(super) fn of_class(&mut self, class: ClassId, arguments: &[Schema]) -> Schema {
        if self.is_enum(class) {
            return self.component(class, "", |reading, _| reading.choices(class));
        }
        if self.is_model(class) {
            return self.model(class, arguments);
        }
        // A class that only narrows a plain type: `class Slug(str)`.
        for ancestor in self.evaluator.classes.parents(class) {
            if let Ancestor::Outside(path) = ancestor {
                let schema = super::types::of_library(&path);
                if !schema.is_open() {
                    return schema;
                }
            }
        }
        let facts = self.facts(class.0);
        let bases = facts.items(facts.definition(class.1).bases);
        let plain = bases.iter().filter_map(|base| facts.as_name(*base)).map(|name| super::types::of_builtin(facts.text(name)));
        plain.into_iter().find(|schema| !schema.is_open()).unwrap_or_else(Schema::open)
    }

    /// The component of a class in some form, made when it is first met.
    pub(super) fn component(&mut self, class: ClassId, form: &str, make: impl FnOnce(&mut Self, ClassId) -> Schema) -> Schema {
        let name = format!("{}{form}", self.bare_name(class));
        self.named_component(class, form, &name, make)
    }

    /// The same under a name of its own.
    pub(super) fn named_component(
        &mut self,
        class: ClassId,
        form: &str,
        name: &str,
        make: impl FnOnce(&mut Self, ClassId) -> Schema,
    ) -> Schema {
        let key = (class, form.to_owned());
        if let Some(id) = self.components.get(&key) {
            return Schema::reference(*id);
        }
        let path = crate::frameworks::django::routes::name_of(self.evaluator, class.0, class.1);
        let module = path.rsplit_once('.').map_or("", |(module, _)| module);
        let line = self.facts(class.0).definition(class.1).span.line;
        let id = self.out.reserve(name, &format!("{module}.{name}"), (class.0, line));
        self.components.insert(key, id);
        let schema = make(self, class);
        self.out.fill(id, schema);
        Schema::reference(id)
    }

    fn model(&mut self, class: ClassId, arguments: &[Schema]) -> Schema {
        let held: Rc<[(String, Schema)]> = self.parameters_of(class).into_iter().zip(arguments.iter().cloned()).collect();
        let form = if held.is_empty() { String::new() } else { format!("_{}", self.words(arguments)) };
        self.component(class, &form, |reading, class| reading.model_schema(class, &held))
    }

    /// Names of what a generic class was given, for the name of its component.
    fn words(&self, arguments: &[Schema]) -> String {
        let word = |schema: &Schema| match &schema.form {
            Form::Reference(id) => self.out.component(*id).name.clone(),
            Form::Plain(kind, _) => kind.word().to_owned(),
            Form::Array(inner) => match &inner.form {
                Form::Reference(id) => format!("list_{}", self.out.component(*id).name),
                _ => "list".to_owned(),
            },
            _ => "any".to_owned(),
        };
        arguments.iter().map(word).collect::<Vec<_>>().join("_")
    }

    /// The type variables of a generic class, in order: `Generic[T]`, or what its own generic base is given.
    fn parameters_of(&self, class: ClassId) -> Vec<String> {
        let facts = self.facts(class.0);
        let mut names = Vec::new();
        for base in facts.items(facts.definition(class.1).bases) {
            let Shape::Item(object, index) = facts.value(*base).shape else { continue };
            let parts = match facts.value(index).shape {
                Shape::List(parts) => facts.items(parts).to_vec(),
                _ => vec![index],
            };
            let is_generic = matches!(facts.last_name(object), Some("Generic" | "Protocol"));
            for part in parts {
                if let Some(name) = facts.as_name(part)
                    && (is_generic || self.is_variable(class, part))
                    && !names.contains(&facts.text(name).to_owned())
                {
                    names.push(facts.text(name).to_owned());
                }
            }
        }
        names
    }

    fn is_variable(&self, class: ClassId, value: ValueId) -> bool {
        let scope = Scope::at(class.0, None);
        matches!(self.thing(&scope, value), Thing::Object(object) if matches!(&object.kind, crate::frameworks::python::Kind::Outside(path) if last(path) == "TypeVar"))
            || matches!(self.thing(&scope, value), Thing::Outside(path) if path.contains("TypeVar"))
    }

    fn model_schema(&mut self, class: ClassId, held: &Rc<[(String, Schema)]>) -> Schema {
        let camel = self.writes_camel_case(class);
        let is_dict = self.is_kind_of(class, &["TypedDict"]);
        let mut properties: Vec<Property> = Vec::new();
        let mut root = None;
        for field in self.fields(class) {
            self.model_field(class, &field, held, (camel, is_dict), &mut properties, &mut root);
        }
        self.computed(class, camel, &mut properties);
        if let Some(root) = root {
            return root;
        }
        if let Some(root) = self.root_type(class) {
            return root;
        }
        Schema { closed: self.is_closed(class), ..Schema::object(properties) }
    }

    /// `class Orders(RootModel[list[Order]])`
    fn root_type(&mut self, class: ClassId) -> Option<Schema> {
        let facts = self.facts(class.0);
        let bases = facts.items(facts.definition(class.1).bases).to_vec();
        bases.into_iter().find_map(|base| match facts.value(base).shape {
            Shape::Item(object, index) if facts.last_name(object) == Some("RootModel") => {
                Some(self.annotated(&Site::at(class.0, facts.definition(class.1).owner), index))
            }
            _ => None,
        })
    }

    fn model_field(
        &mut self,
        class: ClassId,
        field: &Field,
        held: &Rc<[(String, Schema)]>,
        (camel, is_dict): (bool, bool),
        properties: &mut Vec<Property>,
        root: &mut Option<Schema>,
    ) {
        let facts = self.facts(field.file);
        let binding = &facts.bindings[field.binding];
        let Some(annotation) = binding.annotation else {
            // A name that a class below gives a value without a type keeps the type from above.
            if let Some(value) = binding.value.filter(|_| binding.binds == Binds::Assign) {
                let above = self.annotation_above(class, field);
                if let Some((home, annotation)) = above {
                    self.typed_field(field, (home, annotation), Some(value), held, (camel, is_dict), properties);
                }
            }
            return;
        };
        if field.name == "__root__" {
            *root = Some(self.annotated(&Site { held: Rc::clone(held), ..Site::at(field.file, Some(field.class)) }, annotation));
            return;
        }
        let home = (field.file, field.class);
        self.typed_field(field, (home, annotation), binding.value, held, (camel, is_dict), properties);
    }

    /// The type that a class above gives a name.
    fn annotation_above(&self, class: ClassId, field: &Field) -> Option<(ClassId, ValueId)> {
        self.evaluator.classes.line(class).find_map(|(file, class)| {
            let facts = self.facts(file);
            let binding = facts.bindings_in(Some(class)).find(|binding| {
                binding.annotation.is_some() && facts.as_name(binding.target).is_some_and(|name| facts.text(name) == field.name)
            })?;
            Some(((file, class), binding.annotation?))
        })
    }

    fn typed_field(
        &mut self,
        field: &Field,
        ((file, owner), annotation): (ClassId, ValueId),
        value: Option<ValueId>,
        held: &Rc<[(String, Schema)]>,
        (camel, is_dict): (bool, bool),
        properties: &mut Vec<Property>,
    ) {
        let facts = self.facts(file);
        if field.name.starts_with('_')
            || matches!(field.name.as_str(), "model_config" | "Config")
            || self.is_class_variable(file, annotation)
        {
            return;
        }
        let own = self.facts(field.file);
        let call = value.and_then(|value| own.as_call(value)).copied();
        let maker = call.and_then(|call| own.last_name(call.callee));
        // What the database adds to a row is no part of it: `items: list[Item] = Relationship(...)`.
        if matches!(maker, Some("Relationship" | "PrivateAttr" | "relationship")) {
            return;
        }
        let site = Site { held: self.held_by(held, (file, owner)), ..Site::at(file, Some(owner)) };
        let mut schema = self.annotated(&site, annotation);
        let mut names = Aliases { both: if camel { camel_case(&field.name) } else { field.name.clone() }, request: None, answer: None };
        let mut required = !is_dict || !self.is_optional_key(file, annotation);
        let scope = Scope::at(field.file, Some(field.class));
        if let Shape::Item(object, index) = facts.value(annotation).shape
            && facts.last_name(object) == Some("Annotated")
            && let Shape::List(parts) = facts.value(index).shape
        {
            for note in facts.items(parts).iter().skip(1) {
                if let Some(call) = facts.as_call(*note).copied() {
                    self.field_call(&site.scope(), &call, (&mut schema, &mut names, &mut required));
                }
            }
        }
        match (call, maker) {
            (Some(call), Some("Field" | "field" | "FieldInfo" | "Query" | "Body" | "Form")) => {
                self.field_call(&scope, &call, (&mut schema, &mut names, &mut required));
                if self.given_truth(&scope, &call, usize::MAX, "exclude") == Some(true) {
                    schema.write_only = true;
                }
            }
            _ => {
                if let Some(value) = value {
                    let is_dots = matches!(own.value(value).shape, Shape::Constant(word) if own.text(word) == "...");
                    required &= is_dots;
                    schema.default = self.default_of(&scope, value, &schema);
                }
            }
        }
        names.push(schema, required, properties);
    }

    /// What `Field(default, alias=..., ge=...)` says.
    fn field_call(&self, scope: &Scope, call: &Call, (schema, names, required): (&mut Schema, &mut Aliases, &mut bool)) {
        let facts = self.facts(scope.file);
        self.rules_of(scope, call, schema);
        let alias = |word: &str| self.given_text(scope, call, usize::MAX, word);
        if let Some(alias) = alias("alias") {
            names.both = alias;
        }
        names.request = alias("validation_alias").or(names.request.take());
        names.answer = alias("serialization_alias").or(names.answer.take());
        let default = self.given(scope, call, 0, "default");
        let made = self.given(scope, call, usize::MAX, "default_factory").or_else(|| self.given(scope, call, usize::MAX, "factory"));
        let is_dots = |value: ValueId| matches!(facts.value(value).shape, Shape::Constant(word) if facts.text(word) == "...");
        match default {
            Some(value) if is_dots(value) => {}
            Some(value) => {
                *required = false;
                schema.default = self.default_of(scope, value, schema);
            }
            None if made.is_some() => *required = false,
            None => {}
        }
    }

    /// A default that fits the type it stands beside.
    pub(super) fn default_of(&self, scope: &Scope, value: ValueId, schema: &Schema) -> Option<Literal> {
        use crate::frameworks::payloads::schema::Kind;
        let literal = self.literal(scope, value)?;
        let fits = match (&schema.form, &literal) {
            (_, Literal::Nothing) => return None,
            (Form::Plain(Kind::Text, _), Literal::Text(_))
            | (Form::Plain(Kind::Integer, _), Literal::Integer(_))
            | (Form::Plain(Kind::Number, _), Literal::Integer(_) | Literal::Decimal(_))
            | (Form::Plain(Kind::Truth, _), Literal::Truth(_)) => true,
            _ => false,
        };
        (fits && (schema.choices.is_empty() || schema.choices.contains(&literal))).then_some(literal)
    }

    /// The type variables that hold in the class a field is written in: its own are given by the classes below.
    fn held_by(&self, held: &Rc<[(String, Schema)]>, _class: ClassId) -> Rc<[(String, Schema)]> {
        Rc::clone(held)
    }

    fn is_class_variable(&self, file: crate::base::FileId, annotation: ValueId) -> bool {
        let facts = self.facts(file);
        match facts.value(annotation).shape {
            Shape::Item(object, _) => facts.last_name(object) == Some("ClassVar"),
            Shape::Literal(text) => facts.text(text).contains("ClassVar"),
            _ => facts.last_name(annotation) == Some("ClassVar"),
        }
    }

    fn is_optional_key(&self, file: crate::base::FileId, annotation: ValueId) -> bool {
        let facts = self.facts(file);
        matches!(facts.value(annotation).shape, Shape::Item(object, _) if facts.last_name(object) == Some("NotRequired"))
    }

    /// Fields that methods compute: only answers have them.
    fn computed(&mut self, class: ClassId, camel: bool, properties: &mut Vec<Property>) {
        for (_, (file, id)) in self.methods(class).into_iter().rev() {
            let facts = self.facts(file);
            let definition = facts.definition(id);
            let note = facts.items(definition.decorators).iter().find(|decorator| {
                let callee = facts.as_call(**decorator).map_or(**decorator, |call| call.callee);
                facts.last_name(callee) == Some("computed_field")
            });
            let Some(note) = note else { continue };
            let name = facts.text(definition.name);
            let scope = Scope::at(file, definition.owner);
            let alias = facts.as_call(*note).and_then(|call| self.given_text(&scope, call, usize::MAX, "alias"));
            let name = alias.unwrap_or_else(|| if camel { camel_case(name) } else { name.to_owned() });
            let returns = definition.returns;
            let mut schema = returns.map_or_else(Schema::open, |returns| self.annotated(&Site::at(file, definition.owner), returns));
            schema.read_only = true;
            properties.retain(|property| property.name != name);
            properties.push(Property::new(&name, schema, true));
        }
    }

    /// What the configuration of a model says about something: `model_config`, or the class `Config` inside it.
    fn configured(&self, class: ClassId, word: &str) -> Option<Thing> {
        // Pydantic puts what a class says over what those above it say, word by word.
        let of_config = self.evaluator.classes.line(class).find_map(|class| match self.evaluator.attribute(class, "model_config") {
            Thing::Map(entries) => entries.iter().find(|(key, _)| &**key == word).map(|(_, thing)| thing.clone()),
            Thing::Object(object) => object.argument(usize::MAX, word).cloned(),
            _ => None,
        });
        // The inner class of a class above counts where the nearer one says nothing about it.
        of_config.or_else(|| {
            self.evaluator.classes.line(class).find_map(|(file, class)| {
                let inner = self.evaluator.classes.locals(file).inner(self.facts(file), class, "Config");
                let said = self.evaluator.attribute((file, *inner.first()?), word);
                (!said.is_unknown()).then_some(said)
            })
        })
    }

    /// True for a model that refuses keys it does not know: `extra="forbid"`, `Extra.forbid`.
    fn is_closed(&self, class: ClassId) -> bool {
        match self.configured(class, "extra") {
            Some(Thing::Text(word)) => &*word == "forbid",
            Some(Thing::Outside(path)) => last(&path) == "forbid",
            _ => false,
        }
    }

    /// True where the names of fields are written `likeThis`: the configuration names a function that makes them so.
    fn writes_camel_case(&self, class: ClassId) -> bool {
        match self.configured(class, "alias_generator") {
            Some(Thing::Outside(path)) => last(&path) == "to_camel" || last(&path) == "camelize",
            Some(Thing::Definition(file, id)) => self.makes_camel_case((file, id)),
            Some(Thing::Method(method)) => self.makes_camel_case((method.1, method.2)),
            _ => false,
        }
    }

    /// A function that takes a name apart at its underscores and writes the words with capitals.
    fn makes_camel_case(&self, (file, id): super::Place) -> bool {
        let facts = self.facts(file);
        let inside = facts.definition(id).values;
        let calls = || facts.calls.iter().filter(|call| inside.contains(call.value.0));
        let splits = calls().any(|call| {
            facts.last_name(call.callee) == Some("split")
                && facts.argument(call, 0, "sep").and_then(|value| facts.as_literal(value)) == Some("_")
        });
        let capital = calls().any(|call| matches!(facts.last_name(call.callee), Some("capitalize" | "title" | "upper")));
        let library = calls().any(|call| matches!(facts.last_name(call.callee), Some("to_camel" | "camelize")));
        (splits && capital) || library
    }
}

/// The names a field has on its ways.
struct Aliases {
    both: String,
    request: Option<String>,
    answer: Option<String>,
}

impl Aliases {
    /// Adds the field; under two names where requests and answers call it differently.
    fn push(self, schema: Schema, required: bool, properties: &mut Vec<Property>) {
        let request = self.request.unwrap_or_else(|| self.both.clone());
        let answer = self.answer.unwrap_or(self.both);
        properties.retain(|property| property.name != request && property.name != answer);
        if request == answer {
            properties.push(Property::new(&request, schema, required));
            return;
        }
        let one_way = |read_only: bool, write_only: bool| Schema { read_only, write_only, ..schema.clone() };
        properties.push(Property::new(&request, one_way(false, true), required));
        properties.push(Property::new(&answer, one_way(true, false), required));
    }
}

/// `like_this` as `likeThis`.
pub(super) fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut out = words.next().unwrap_or("").to_owned();
    for word in words {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            out.extend(first.to_uppercase());
            out.push_str(letters.as_str());
        }
    }
    out
}
