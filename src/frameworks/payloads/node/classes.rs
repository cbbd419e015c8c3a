//! Classes, interfaces and enumerations of TypeScript as schemas: their fields by their written types, with what
//! class-validator, class-transformer and the decorators of Swagger say of them.

use super::Reading;
use super::frames::Frame;
use crate::base::FileId;
use crate::facts::{Binds, Call, DefinitionId, DefinitionKind, FileFacts, Shape, Stretch, ValueId};
use crate::frameworks::orm::{ClassId, Meant};
use crate::frameworks::payloads::schema::{Bound, Form, Kind, Literal, Property, Schema};

/// How deep written types may stand in each other.
const DEEPEST: u32 = 12;

/// How many classes are gone up.
const MOST_BASES: u32 = 8;

/// A decorator: its name, and its call where it is called.
pub(super) type Note<'a> = (&'a str, Option<&'a Call>);

/// The decorators of a list.
pub(super) fn notes(facts: &FileFacts, list: Stretch) -> Vec<Note<'_>> {
    let each = facts.items(list).iter().filter_map(|value| {
        let call = facts.as_call(*value);
        Some((facts.last_name(call.map_or(*value, |call| call.callee))?, call))
    });
    each.collect()
}

/// The decorators of a field or parameter.
pub(super) fn notes_of(facts: &FileFacts, target: ValueId) -> Vec<Note<'_>> {
    facts.decorated.iter().find(|(known, _)| *known == target).map_or_else(Vec::new, |(_, list)| notes(facts, *list))
}

/// The value of a key of an object that is written down.
pub(super) fn entry(facts: &FileFacts, object: ValueId, key: &str) -> Option<ValueId> {
    let Shape::Map(entries) = facts.value(object).shape else { return None };
    facts.entries[entries.range()]
        .iter()
        .find(|entry| entry.key.and_then(|key| facts.as_literal(key)) == Some(key))
        .map(|entry| entry.value)
}

/// The truth that an expression is.
pub(super) fn truth(facts: &FileFacts, value: ValueId) -> Option<bool> {
    match facts.value(value).shape {
        Shape::Constant(word) => facts.text(word).parse().ok(),
        _ => None,
    }
}

impl Reading<'_> {
    /// What a written type looks like.
    pub(super) fn typed(&self, file: FileId, value: ValueId) -> Schema {
        self.typed_within(file, value, DEEPEST)
    }

    fn typed_within(&self, file: FileId, value: ValueId, left: u32) -> Schema {
        let (Some(left), Some(_inside)) = (left.checked_sub(1), self.steps.go_on()) else { return Schema::open() };
        let facts = self.classes.base.facts(file);
        match facts.value(value).shape {
            Shape::Name(name) => match facts.text(name) {
                "string" | "String" => Schema::text(),
                "number" | "Number" => Schema::plain(Kind::Number),
                "bigint" => Schema::integer(),
                "boolean" | "Boolean" => Schema::plain(Kind::Truth),
                "Date" => Schema::formatted("date-time"),
                "object" | "Object" => Schema::open_object(Vec::new()),
                _ => self.named_type(file, value),
            },
            Shape::Member(..) => self.named_type(file, value),
            Shape::Constant(word) if facts.text(word) == "null" => Schema::open().or_null(),
            Shape::Constant(_) => Schema::plain(Kind::Truth),
            Shape::Literal(text) => Schema { choices: vec![Literal::Text(facts.text(text).to_owned())], ..Schema::text() },
            Shape::Choice(parts) => self.union(file, facts.items(parts), left),
            Shape::Item(object, index) => match facts.last_name(object).unwrap_or_default() {
                "Promise" | "Observable" | "Readonly" | "NonNullable" | "Awaited" => self.typed_within(file, index, left),
                "Array" | "ReadonlyArray" | "Set" => Schema::array(self.typed_within(file, index, left)),
                "Record" | "Map" => {
                    let inner = match facts.value(index).shape {
                        Shape::List(parts) => facts.items(parts).get(1).copied(),
                        _ => None,
                    };
                    Schema::of(Form::Map(Box::new(inner.map_or_else(Schema::open, |inner| self.typed_within(file, inner, left)))))
                }
                "Partial" | "Pick" | "Omit" | "Required" => Schema::open_object(Vec::new()),
                _ => self.named_type(file, object),
            },
            _ => Schema::open(),
        }
    }

    /// `'a' | 'b'`, `string | null`
    fn union(&self, file: FileId, parts: &[ValueId], left: u32) -> Schema {
        let facts = self.classes.base.facts(file);
        let is_nothing = |part: &ValueId| facts.as_name(*part).is_some_and(|name| matches!(facts.text(name), "undefined" | "void"));
        let parts: Vec<Schema> = parts.iter().filter(|part| !is_nothing(part)).map(|part| self.typed_within(file, *part, left)).collect();
        let nullable = parts.iter().any(|part| part.nullable);
        let said: Vec<&Schema> = parts.iter().filter(|part| !(part.nullable && part.is_open())).collect();
        if said.iter().all(|part| !part.choices.is_empty() && part.form == Form::Plain(Kind::Text, None)) && !said.is_empty() {
            let choices = said.iter().flat_map(|part| part.choices.clone()).collect();
            return Schema { choices, nullable, ..Schema::text() };
        }
        Schema::one_of(parts.into_iter())
    }

    /// A type of the tree by its name.
    fn named_type(&self, file: FileId, value: ValueId) -> Schema {
        match self.class_named(file, value) {
            Some(class) => self.class_schema(class),
            None => Schema::open(),
        }
    }

    /// The class, interface or enumeration of the tree that a name means.
    pub(super) fn class_named(&self, file: FileId, value: ValueId) -> Option<ClassId> {
        let owner = self.classes.base.facts(file).owner_of(value);
        self.classes.meant(file, owner, value).into_iter().find_map(|meant| match meant {
            Meant::Ours(file, id) if self.classes.base.facts(file).definition(id).kind.is_type() => Some((file, id)),
            _ => None,
        })
    }

    /// An enumeration, or a component for a class.
    fn class_schema(&self, (file, id): ClassId) -> Schema {
        let facts = self.classes.base.facts(file);
        if facts.definition(id).kind == DefinitionKind::Enum {
            return self.enumeration(file, id);
        }
        if let Some(known) = self.named.borrow().get(&(file, id)) {
            return Schema::reference(*known);
        }
        let name = facts.text(facts.definition(id).name);
        let path = self.classes.base.path(file);
        let long = format!("{}.{name}", path.rsplit_once('.').map_or(path, |(stem, _)| stem).replace('/', "."));
        let component = self.payloads.borrow_mut().reserve(name, &long, (file, facts.definition(id).span.line));
        self.named.borrow_mut().insert((file, id), component);
        self.queue.borrow_mut().push(((file, id), component));
        Schema::reference(component)
    }

    /// Looks at the classes that were named; each may name further ones.
    pub(super) fn describe_classes(&self) {
        loop {
            let Some((class, component)) = self.queue.borrow_mut().pop() else { break };
            self.steps.begin();
            let properties = self.fields_of(class, MOST_BASES);
            let schema = if properties.is_empty() { Schema::open_object(properties) } else { Schema::object(properties) };
            self.payloads.borrow_mut().fill(component, schema);
        }
    }

    /// The members of an enumeration.
    fn enumeration(&self, file: FileId, id: DefinitionId) -> Schema {
        let facts = self.classes.base.facts(file);
        let mut next = 0;
        let choices: Vec<Literal> = facts
            .bindings_in(Some(id))
            .filter(|binding| binding.binds == Binds::Constant)
            .filter_map(|binding| match binding.value {
                None => {
                    next += 1;
                    Some(Literal::Integer(next - 1))
                }
                Some(value) => {
                    let literal = self.literal(&Frame::top(file), value);
                    if let Some(Literal::Integer(number)) = &literal {
                        next = number.saturating_add(1);
                    }
                    literal
                }
            })
            .collect();
        let form = if choices.iter().all(|choice| matches!(choice, Literal::Text(_))) {
            Form::Plain(Kind::Text, None)
        } else if choices.iter().all(|choice| matches!(choice, Literal::Integer(_))) {
            Form::Plain(Kind::Integer, None)
        } else {
            Form::Unknown
        };
        if choices.is_empty() { Schema::open() } else { Schema { choices, ..Schema::of(form) } }
    }

    /// The fields of a class, those of the classes above first.
    pub(super) fn fields_of(&self, (file, id): ClassId, left: u32) -> Vec<Property> {
        let Some(left) = left.checked_sub(1) else { return Vec::new() };
        let facts = self.classes.base.facts(file);
        let mut all: Vec<Property> = Vec::new();
        for base in facts.items(facts.definition(id).bases) {
            self.inherited(file, *base, left, &mut all);
        }
        for binding in facts.bindings_in(Some(id)).filter(|binding| matches!(binding.binds, Binds::Declare | Binds::Assign)) {
            let notes = notes_of(facts, binding.target);
            let Some(name) = facts.as_name(binding.target).map(|name| facts.text(name)).or_else(|| facts.as_literal(binding.target)) else {
                continue;
            };
            let hidden = notes.iter().any(|(name, _)| matches!(*name, "ApiHideProperty" | "Exclude" | "HideField"));
            if hidden || notes.is_empty() && binding.annotation.is_none() {
                continue;
            }
            let schema = binding.annotation.map_or_else(Schema::open, |written| self.typed(file, written));
            let mut property = Property::new(name, schema, false);
            self.noted(file, &notes, &mut property);
            all.retain(|known| known.name != name);
            all.push(property);
        }
        all
    }

    /// What a class has of one that stands behind `extends`: `Base`, `PartialType(Base)`, `OmitType(Base, ['a'])`,
    /// `createZodDto(schema)`.
    fn inherited(&self, file: FileId, base: ValueId, left: u32, out: &mut Vec<Property>) {
        let facts = self.classes.base.facts(file);
        let Some(call) = facts.as_call(base) else {
            let base = if let Shape::Item(object, _) = facts.value(base).shape { object } else { base };
            if let Some(class) = self.class_named(file, base) {
                add(out, self.fields_of(class, left));
            }
            return;
        };
        let arguments = facts.arguments_of(call);
        let listed: Vec<&str> = match arguments.get(1).map(|argument| facts.value(argument.value).shape) {
            Some(Shape::List(parts)) => facts.items(parts).iter().filter_map(|part| facts.as_literal(*part)).collect(),
            _ => Vec::new(),
        };
        let name = facts.last_name(call.callee).unwrap_or_default();
        if name == "createZodDto" {
            let described = arguments.first().and_then(|first| self.described_schema(&Frame::top(file), first.value));
            if let Some(Form::Object { properties, .. }) = described.map(|schema| schema.form) {
                add(out, properties);
            }
            return;
        }
        for argument in arguments {
            let mut of_base = Vec::new();
            self.inherited(file, argument.value, left, &mut of_base);
            match name {
                "PartialType" => of_base.iter_mut().for_each(|property| property.required = false),
                "PickType" => of_base.retain(|property| listed.contains(&property.name.as_str())),
                "OmitType" => of_base.retain(|property| !listed.contains(&property.name.as_str())),
                _ => {}
            }
            add(out, of_base);
        }
    }

    /// What the decorators of a field say: a check makes it required unless one says otherwise.
    fn noted(&self, file: FileId, notes: &[Note<'_>], property: &mut Property) {
        let facts = self.classes.base.facts(file);
        let (mut checked, mut optional) = (false, false);
        for (name, call) in notes {
            let arguments = call.map_or(&[][..], |call| facts.arguments_of(call));
            match *name {
                "IsOptional" | "ApiPropertyOptional" | "ValidateIf" => optional = true,
                "Type" => {
                    let made = arguments.first().and_then(|first| match facts.value(first.value).shape {
                        Shape::Inline(function) => facts.returned.iter().find(|(owner, _)| *owner == function).map(|(_, value)| *value),
                        _ => None,
                    });
                    if let Some(made) = made {
                        filled(&mut property.schema, self.typed(file, made));
                    }
                }
                "ApiProperty" | "Property" => {
                    optional |= self.described_by(file, arguments.first().map(|first| first.value), &mut property.schema);
                }
                name if name.starts_with("Is") || matches!(name, "ValidateNested" | "Min" | "Max" | "Matches" | "Length") => checked = true,
                name => checked |= matches!(name, "MinLength" | "MaxLength" | "ArrayMinSize" | "ArrayNotEmpty" | "ArrayMaxSize"),
            }
            // A rule for each item of a list.
            let each =
                arguments.iter().filter_map(|argument| entry(facts, argument.value, "each")).any(|each| truth(facts, each) == Some(true));
            match &mut property.schema.form {
                Form::Array(inner) if each => self.rule(file, name, arguments, inner),
                _ => self.rule(file, name, arguments, &mut property.schema),
            }
        }
        property.required = checked && !optional;
    }

    /// One rule of class-validator.
    fn rule(&self, file: FileId, name: &str, arguments: &[crate::facts::Argument], schema: &mut Schema) {
        let frame = Frame::top(file);
        let first = arguments.first().map(|argument| argument.value);
        let number = |place: usize| arguments.get(place).and_then(|argument| self.literal(&frame, argument.value));
        let form = match name {
            "IsString" => Some(Form::Plain(Kind::Text, None)),
            "IsEmail" => Some(Form::Plain(Kind::Text, Some("email"))),
            "IsUUID" => Some(Form::Plain(Kind::Text, Some("uuid"))),
            "IsUrl" => Some(Form::Plain(Kind::Text, Some("uri"))),
            "IsDateString" | "IsISO8601" | "IsDate" => Some(Form::Plain(Kind::Text, Some("date-time"))),
            "IsInt" => Some(Form::Plain(Kind::Integer, None)),
            "IsNumber" | "IsPositive" | "IsDecimal" => Some(Form::Plain(Kind::Number, None)),
            "IsBoolean" => Some(Form::Plain(Kind::Truth, None)),
            "IsObject" if schema.is_open() => Some(Form::Object { properties: Vec::new(), open: true }),
            "IsArray" if schema.is_open() => Some(Form::Array(Box::new(Schema::open()))),
            _ => None,
        };
        match form {
            // A list of texts where each is checked keeps being a list.
            Some(form) if !matches!(schema.form, Form::Array(_) | Form::Reference(_)) || matches!(form, Form::Array(_)) => {
                schema.form = form
            }
            _ => {}
        }
        match name {
            "IsIn" => {
                let origin = first.map(|first| self.origin(&frame, first));
                if let Some((from, origin)) = origin
                    && let Shape::List(parts) = self.facts(&from).value(origin).shape
                {
                    schema.choices = self.facts(&from).items(parts).iter().filter_map(|part| self.literal(&from, *part)).collect();
                }
            }
            "IsEnum" => {
                if let Some(class) = first.and_then(|first| self.class_named(file, first)) {
                    let found = self.class_schema(class);
                    if !found.choices.is_empty() {
                        (schema.form, schema.choices) = (found.form, found.choices);
                    }
                }
            }
            "MinLength" => bounded(schema, Bound::MinLength, number(0)),
            "MaxLength" => bounded(schema, Bound::MaxLength, number(0)),
            "Length" => {
                bounded(schema, Bound::MinLength, number(0));
                bounded(schema, Bound::MaxLength, number(1));
            }
            "Min" => bounded(schema, Bound::Minimum, number(0)),
            "Max" => bounded(schema, Bound::Maximum, number(0)),
            "ArrayMinSize" => bounded(schema, Bound::MinItems, number(0)),
            "ArrayMaxSize" => bounded(schema, Bound::MaxItems, number(0)),
            _ => {}
        }
    }

    /// `@ApiProperty({ type: Order, isArray: true, required: false, nullable: true })`; true where it need not be there.
    fn described_by(&self, file: FileId, options: Option<ValueId>, schema: &mut Schema) -> bool {
        let facts = self.classes.base.facts(file);
        let Some(options) = options else { return false };
        let says = |key: &str| entry(facts, options, key).and_then(|value| truth(facts, value));
        if let Some(written) = entry(facts, options, "type") {
            filled(schema, self.handed_type(file, written));
        }
        if let Some(class) = entry(facts, options, "enum").and_then(|value| self.class_named(file, value)) {
            let found = self.class_schema(class);
            if !matches!(schema.form, Form::Array(_)) {
                (schema.form, schema.choices) = (found.form, found.choices);
            }
        }
        if says("isArray") == Some(true) && !matches!(schema.form, Form::Array(_)) {
            *schema = Schema::array(std::mem::replace(schema, Schema::open()));
        }
        schema.nullable |= says("nullable") == Some(true);
        says("required") == Some(false)
    }

    /// A type that is handed over as a value: `Order`, `[Order]`, `() => Order`.
    pub(super) fn handed_type(&self, file: FileId, value: ValueId) -> Schema {
        let facts = self.classes.base.facts(file);
        match facts.value(value).shape {
            Shape::List(parts) => Schema::array(facts.items(parts).first().map_or_else(Schema::open, |inner| self.typed(file, *inner))),
            Shape::Inline(function) => {
                let made = facts.returned.iter().find(|(owner, _)| *owner == function).map(|(_, value)| *value);
                made.map_or_else(Schema::open, |made| match facts.value(made).shape {
                    Shape::Inline(_) => Schema::open(),
                    _ => self.handed_type(file, made),
                })
            }
            Shape::Literal(text) => match facts.text(text) {
                "string" => Schema::text(),
                "number" => Schema::plain(Kind::Number),
                "integer" => Schema::integer(),
                "boolean" => Schema::plain(Kind::Truth),
                _ => Schema::open(),
            },
            _ => self.typed(file, value),
        }
    }
}

/// Adds fields; of two with one name the later one counts.
fn add(all: &mut Vec<Property>, more: Vec<Property>) {
    all.retain(|known| !more.iter().any(|property| property.name == known.name));
    all.extend(more);
}

/// Fills in what the written type leaves open: all of it, or the items of a list.
fn filled(schema: &mut Schema, found: Schema) {
    match &mut schema.form {
        Form::Array(inner) if inner.is_open() => **inner = found,
        Form::Unknown => schema.form = found.form,
        _ => {}
    }
}

fn bounded(schema: &mut Schema, bound: Bound, literal: Option<Literal>) {
    let fits = match literal {
        Some(Literal::Integer(number)) => number >= 0 || matches!(bound, Bound::Minimum | Bound::Maximum),
        Some(Literal::Decimal(_)) => matches!(bound, Bound::Minimum | Bound::Maximum),
        _ => false,
    };
    if let Some(literal) = literal.filter(|_| fits) {
        schema.bounds.retain(|(known, _)| *known != bound);
        schema.bounds.push((bound, literal));
    }
}
