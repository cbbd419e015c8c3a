//! Symfony's ways to fill an object from a request: forms, and parameters that say what they are filled from.

use super::frames::Frame;
use super::requests::PUT_TOGETHER;
use super::{Reading, Sort};
use crate::facts::{Binds, FileFacts, Mention, Mentions, Parameter, Shape, Stretch, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::payloads::schema::{Bound, Form, Kind, Literal, Property, Schema};
use crate::frameworks::payloads::{Content, FORM, In, Operation};
use crate::frameworks::routes::Method;
use std::rc::Rc;

/// The class whose children describe forms.
const FORM_TYPE: &str = "symfony\\component\\form\\abstracttype";

/// How far functions that are handed a builder are followed.
const DEEPEST: u32 = 6;

impl Reading<'_> {
    /// Puts into an operation what forms and parameters of its function take.
    pub(super) fn tell_given(&self, frame: &Rc<Frame>, method: Method, operation: &mut Operation) {
        let facts = self.facts(frame);
        let parameters = &facts.parameters[facts.definition(frame.function).parameters.range()];
        // Parameters stand before what their function holds, behind whatever stands before it.
        let start = facts.definition(frame.function).values.start;
        let others = facts.definitions().filter(|(id, _)| *id != frame.function).map(|(_, other)| other.values.end);
        let mut before = others.filter(|end| *end <= start).max().unwrap_or(0);
        for parameter in parameters {
            let end = parameter.annotation.map_or(before, |annotation| annotation.0);
            let notes = facts.mentions.iter().filter(|mention| mention.how == Mentions::Attribute);
            let own = notes.filter(|mention| mention.value.0 >= before && mention.value.0 < end);
            for note in own.filter_map(|mention| facts.as_name(mention.value)) {
                self.tell_parameter(frame, facts.text(note), parameter, operation);
            }
            before = end.max(before);
        }
        self.tell_noted(frame, operation);
        let is_vague = |body: &Content| matches!(&body.schema.form, Form::Object { properties, .. } if properties.is_empty());
        if method != Method::Get && operation.body.as_ref().is_none_or(is_vague) {
            self.tell_form(frame, operation);
        }
    }

    /// `#[QueryParam(name: 'page')]` and `#[RequestParam(name: 'total')]` on a function.
    fn tell_noted(&self, frame: &Rc<Frame>, operation: &mut Operation) {
        let facts = self.facts(frame);
        let mut body = Vec::new();
        for note in facts.items(facts.definition(frame.function).decorators) {
            let call = facts.as_call(*note).or_else(|| facts.calls.iter().find(|call| call.callee == *note));
            let Some(call) = call else { continue };
            let Some(word) = facts.last_name(call.callee).and_then(|name| name.rsplit('\\').next()) else { continue };
            let Some(name) = facts.argument(call, 0, "name").and_then(|name| facts.as_literal(name)) else { continue };
            match word {
                "QueryParam" => operation.parameter(In::Query, name, Schema::open(), false),
                "RequestParam" => body.push(Property::new(name, Schema::open(), false)),
                _ => {}
            }
        }
        if !body.is_empty() {
            operation.body = Some(Content::json(Schema::object(body)));
        }
    }

    /// `#[MapRequestPayload] OrderInput $input`, `#[MapQueryParameter] int $page = 1`
    fn tell_parameter(&self, frame: &Rc<Frame>, note: &str, parameter: &Parameter, operation: &mut Operation) {
        let facts = self.facts(frame);
        let name = facts.text(parameter.name).trim_start_matches('$');
        let class = match self.parameter_type(frame, parameter.name) {
            Some(Ancestor::Ours(class)) => Some(class),
            _ => None,
        };
        match (note.rsplit('\\').next().unwrap_or(note), class) {
            ("MapRequestPayload", Some(class)) => {
                operation.body = Some(Content::json(self.component(Sort::Given, class)));
                operation.body_required = true;
                operation.answer(422, None);
            }
            ("MapRequestPayload", None) => operation.body = Some(Content::json(Schema::open())),
            ("MapQueryString", Some(class)) => {
                for (name, schema, required) in self.given_fields(class) {
                    operation.parameter(In::Query, &name, schema, required);
                }
            }
            ("MapQueryParameter", _) => {
                let schema = parameter.annotation.map_or_else(Schema::open, |annotation| self.typed(frame, annotation));
                operation.parameter(In::Query, name, schema, parameter.default.is_none());
            }
            ("MapUploadedFile", _) => {
                let fields = vec![Property::new(name, Schema::formatted("binary"), true)];
                operation.body = Some(Content { media: vec![crate::frameworks::payloads::MULTIPART], schema: Schema::object(fields) });
            }
            _ => {}
        }
    }

    /// A written type: a plain one, or a class that is filled as well.
    fn typed(&self, frame: &Rc<Frame>, annotation: ValueId) -> Schema {
        let facts = self.facts(frame);
        let Some(name) = facts.as_name(annotation) else { return Schema::open() };
        match facts.text(name).to_ascii_lowercase().as_str() {
            "string" => Schema::text(),
            "int" => Schema::integer(),
            "float" => Schema::plain(Kind::Number),
            "bool" => Schema::plain(Kind::Truth),
            "array" => Schema::array(Schema::open()),
            _ => match self.classes.class_at(frame.file, Some(frame.function), annotation) {
                Some(Ancestor::Ours(class)) => self.component(Sort::Given, class),
                Some(Ancestor::Outside(full)) if full.starts_with("datetime") => Schema::formatted("date-time"),
                _ => Schema::open(),
            },
        }
    }

    /// What a class looks like that is filled from a request.
    pub(super) fn given(&self, class: ClassId) -> Schema {
        let properties: Vec<Property> =
            self.given_fields(class).into_iter().map(|(name, schema, required)| Property::new(&name, schema, required)).collect();
        if properties.is_empty() { Schema::open_object(properties) } else { Schema::object(properties) }
    }

    /// The parameters of its constructor, then its properties.
    fn given_fields(&self, class: ClassId) -> Vec<(String, Schema, bool)> {
        let mut found: Vec<(String, Schema, bool)> = Vec::new();
        for (file, class) in self.classes.line(class) {
            let facts = self.classes.facts(file);
            let frame = |function| Frame::outermost(file, function, Some((file, class)));
            if let Some(constructor) = self.classes.own_method(file, class, "__construct") {
                let mut before = None;
                for parameter in &facts.parameters[facts.definition(constructor).parameters.range()] {
                    let mut schema = parameter.annotation.map_or_else(Schema::open, |written| self.typed(&frame(constructor), written));
                    self.constrained(file, (before, parameter.annotation), &mut schema);
                    schema.nullable |= parameter.default.is_some_and(|default| is_null(facts, default));
                    found.push((facts.text(parameter.name).trim_start_matches('$').to_owned(), schema, parameter.default.is_none()));
                    before = parameter.default.or(parameter.annotation);
                }
            }
            let mut before = None;
            for binding in facts.bindings_in(Some(class)).filter(|binding| matches!(binding.binds, Binds::Declare | Binds::Assign)) {
                let (Some(name), Some(written)) = (facts.as_name(binding.target), binding.annotation) else { continue };
                let name = facts.text(name).trim_start_matches('$');
                if !found.iter().any(|(known, _, _)| known == name) {
                    let mut schema = self.typed(&frame(class), written);
                    let filled = self.constrained(file, (before, Some(written)), &mut schema);
                    schema.nullable |= binding.value.is_some_and(|default| is_null(facts, default));
                    found.push((name.to_owned(), schema, filled && binding.value.is_none()));
                }
                before = Some(binding.target);
            }
        }
        found
    }

    /// Puts into a schema what the attributes between two expressions hold a field to: `#[Assert\Length(min: 2)]`; true where it
    /// has to be filled in.
    fn constrained(&self, file: crate::base::FileId, (after, until): (Option<ValueId>, Option<ValueId>), schema: &mut Schema) -> bool {
        let facts = self.classes.facts(file);
        let owner = until.and_then(|until| facts.owner_of(until));
        let mut filled = false;
        for note in notes_before(facts, after, until) {
            let Some(name) = facts.as_name(note.value).map(|name| facts.text(name)) else { continue };
            let call = facts.calls.iter().find(|call| call.callee == note.value);
            let number = |place: usize, word: &str| {
                let value = facts.argument(call?, place, word)?;
                match facts.value(value).shape {
                    Shape::Number(text) => facts.text(text).parse().ok().map(Literal::Integer),
                    _ => None,
                }
            };
            let mut bound = |bound: Bound, literal: Option<Literal>| schema.bounds.extend(literal.map(|literal| (bound, literal)));
            match name.rsplit('\\').next().unwrap_or(name) {
                "NotBlank" | "NotNull" => filled = true,
                "Email" => schema.form = Form::Plain(Kind::Text, Some("email")),
                "Url" => schema.form = Form::Plain(Kind::Text, Some("uri")),
                "Uuid" => schema.form = Form::Plain(Kind::Text, Some("uuid")),
                "Length" => {
                    bound(Bound::MinLength, number(usize::MAX, "min"));
                    bound(Bound::MaxLength, number(usize::MAX, "max"));
                }
                "Range" => {
                    bound(Bound::Minimum, number(usize::MAX, "min"));
                    bound(Bound::Maximum, number(usize::MAX, "max"));
                }
                "Count" => {
                    bound(Bound::MinItems, number(usize::MAX, "min"));
                    bound(Bound::MaxItems, number(usize::MAX, "max"));
                }
                "Positive" => bound(Bound::ExclusiveMinimum, Some(Literal::Integer(0))),
                "PositiveOrZero" => bound(Bound::Minimum, Some(Literal::Integer(0))),
                "Choice" => {
                    let list = call.and_then(|call| facts.argument(call, 0, "choices"));
                    let words = list.map(|list| self.classes.elements(file, owner, list, false, 6)).unwrap_or_default();
                    if !words.is_empty() {
                        schema.choices = words.into_iter().map(Literal::Text).collect();
                    }
                }
                _ => {}
            }
        }
        filled
    }

    /// `$this->createForm(OrderType::class, $order)`
    fn tell_form(&self, frame: &Rc<Frame>, operation: &mut Operation) {
        let facts = self.facts(frame);
        let inside = facts.definition(frame.function).values;
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        for call in facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end) {
            if facts.last_name(call.callee) != Some("createForm") {
                continue;
            }
            let Some(first) = facts.arguments_of(call).first() else { continue };
            let Some(Ancestor::Ours(class)) = self.classes.class_of(frame.file, self.owner(frame, first.value), first.value) else {
                continue;
            };
            if !self.classes.is_below(class, &[FORM_TYPE]) {
                continue;
            }
            let fields = self.form(class);
            let handed = facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end);
            let handed = handed
                .filter(|call| facts.last_name(call.callee) == Some("submit"))
                .find_map(|call| facts.arguments_of(call).first().map(|_| call));
            if let Some(submits) = handed {
                // What is handed to the form itself has no name around it; `false` says that fields may be missing.
                let partly = facts.arguments_of(submits).get(1).is_some_and(
                    |word| matches!(facts.value(word.value).shape, Shape::Constant(word) if facts.text(word).eq_ignore_ascii_case("false")),
                );
                operation.body = Some(Content::json(if partly { not_required(fields) } else { fields }));
                operation.ambiguous.retain(|reason| reason != PUT_TOGETHER);
                return;
            }
            // A form's fields stand below its name, which the class's gives.
            let name = crate::frameworks::laravel::snake(self.classes.bare_name(class).trim_end_matches("Type"));
            let schema = Schema::object(vec![Property::new(&name, fields, true)]);
            operation.body = Some(Content { media: vec![FORM], schema });
            return;
        }
    }

    /// The fields that `buildForm` adds.
    fn form(&self, class: ClassId) -> Schema {
        let mut properties: Vec<Property> = Vec::new();
        let mut line = vec![class];
        // A form may stand on another one that it does not inherit from: `getParent` names it.
        while let Some(parent) = line.last().and_then(|class| self.form_below(*class)).filter(|parent| !line.contains(parent)) {
            line.push(parent);
        }
        for class in line.into_iter().rev() {
            if let Some(method) = self.classes.method_of(class, "buildForm") {
                self.add_fields(class, method, DEEPEST, &mut properties);
            }
        }
        if properties.is_empty() { Schema::open_object(properties) } else { Schema::object(properties) }
    }

    /// The form that `getParent` of a form names.
    fn form_below(&self, class: ClassId) -> Option<ClassId> {
        let (file, method) = self.classes.method_of(class, "getParent")?;
        let value = *self.returned(&Frame::outermost(file, method, Some(class))).first()?;
        match self.classes.class_of(file, Some(method), value)? {
            Ancestor::Ours(parent) => Some(parent),
            Ancestor::Outside(_) => None,
        }
    }

    /// The fields that a function adds, and those of the functions of its class that it hands the builder to.
    fn add_fields(&self, class: ClassId, (file, method): ClassId, left: u32, properties: &mut Vec<Property>) {
        let Some(left) = left.checked_sub(1) else { return };
        let facts = self.classes.facts(file);
        let inside = facts.definition(method).values;
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        for call in facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end) {
            let arguments = facts.arguments_of(call);
            let Shape::Member(object, called) = facts.value(call.callee).shape else { continue };
            let called = facts.text(called);
            let handed = || arguments.iter().any(|argument| facts.last_name(argument.value).is_some_and(|name| name.ends_with("uilder")));
            let next = match facts.as_name(object).map(|name| facts.text(name)) {
                Some("$this" | "self" | "static") if handed() => self.classes.method_of(class, called),
                Some("parent") => {
                    let own = facts.class_around(Some(method)).map(|class| (file, class));
                    let above = own.into_iter().flat_map(|own| self.classes.lineage(own).to_vec());
                    above
                        .filter_map(|above| if let Ancestor::Ours(above) = above { Some(above) } else { None })
                        .find_map(|above| self.classes.own_method(above.0, above.1, called).map(|method| (above.0, method)))
                }
                _ => None,
            };
            if let Some(next) = next.filter(|next| *next != (file, method)) {
                self.add_fields(class, next, left, properties);
                continue;
            }
            let ("add", Some(name)) = (called, arguments.first().and_then(|first| facts.as_literal(first.value))) else { continue };
            let kind = arguments.get(1).and_then(|kind| self.classes.class_of(file, Some(method), kind.value));
            let optional = arguments.get(2).is_some_and(|options| match facts.value(options.value).shape {
                Shape::Map(entries) => self.says_no(file, entries, "required"),
                _ => false,
            });
            properties.retain(|known| known.name != name);
            properties.push(Property::new(name, of_field(kind.as_ref()), !optional));
        }
    }

    fn says_no(&self, file: crate::base::FileId, entries: Stretch, wanted: &str) -> bool {
        let facts = self.classes.facts(file);
        facts.entries[entries.range()].iter().any(|entry| {
            let key = entry.key.and_then(|key| facts.as_literal(key));
            key == Some(wanted)
                && matches!(facts.value(entry.value).shape, Shape::Constant(word) if facts.text(word).eq_ignore_ascii_case("false"))
        })
    }
}

/// The attributes between two expressions; whatever else the class has before the second ends there.
pub(super) fn notes_before(facts: &FileFacts, after: Option<ValueId>, until: Option<ValueId>) -> Vec<&Mention> {
    let Some(until) = until else { return Vec::new() };
    let owner = facts.owner_of(until);
    let others = facts.bindings_in(owner).flat_map(|binding| [Some(binding.target), binding.value]).flatten().map(|value| value.0 + 1);
    let functions = facts.definitions().map(|(_, definition)| definition.values.end);
    let class = owner.map_or(0, |owner| facts.definition(owner).values.start);
    let start = others.chain(functions).chain(after.map(|after| after.0 + 1)).filter(|end| *end <= until.0).max().unwrap_or(0).max(class);
    let is_note = |mention: &&Mention| mention.how == Mentions::Attribute && mention.value.0 >= start && mention.value.0 < until.0;
    facts.mentions.iter().filter(is_note).collect()
}

fn not_required(mut schema: Schema) -> Schema {
    if let Form::Object { properties, .. } = &mut schema.form {
        properties.iter_mut().for_each(|property| property.required = false);
    }
    schema
}

fn is_null(facts: &FileFacts, value: ValueId) -> bool {
    matches!(facts.value(value).shape, Shape::Constant(word) if facts.text(word).eq_ignore_ascii_case("null"))
}

/// What a field of a form sends.
fn of_field(kind: Option<&Ancestor>) -> Schema {
    let Some(Ancestor::Outside(full)) = kind else { return Schema::open() };
    match full.rsplit('\\').next().unwrap_or(full) {
        "texttype" | "textareatype" | "searchtype" | "teltype" | "colortype" => Schema::text(),
        "emailtype" => Schema::formatted("email"),
        "passwordtype" => Schema::formatted("password"),
        "urltype" => Schema::formatted("uri"),
        "integertype" => Schema::integer(),
        "numbertype" | "percenttype" | "moneytype" | "rangetype" => Schema::plain(Kind::Number),
        "checkboxtype" | "radiotype" => Schema::plain(Kind::Truth),
        "filetype" => Schema::formatted("binary"),
        "datetype" | "datetimetype" | "timetype" | "birthdaytype" => Schema::text(),
        _ => Schema::open(),
    }
}
