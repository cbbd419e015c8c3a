//! Written types: `list[Order] | None`, `Annotated[int, Query(ge=1)]`, `"Order"`.

use super::values::of_thing;
use super::{DEEPEST, Reading, last};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, Shape, ValueId};
use crate::frameworks::payloads::schema::{Bound, Form, Kind, Literal, Schema};
use crate::frameworks::python::{Kind as ObjectKind, Scope, Thing};
use crate::names::Named;
use std::rc::Rc;

/// Where a type is written, and what its variables stand for there.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) file: FileId,
    pub(super) owner: Option<DefinitionId>,
    /// Type variables by their names.
    pub(super) held: Rc<[(String, Schema)]>,
    /// How much deeper types may stand.
    pub(super) left: u32,
}

impl Site {
    /// A place where no type variable is known.
    pub(super) fn at(file: FileId, owner: Option<DefinitionId>) -> Self {
        Self { file, owner, held: Rc::from([]), left: DEEPEST }
    }

    pub(super) fn scope(&self) -> Scope {
        Scope::at(self.file, self.owner)
    }

    fn deeper(&self) -> Option<Self> {
        Some(Self { left: self.left.checked_sub(1)?, ..self.clone() })
    }

    /// The same type variables in another place.
    fn elsewhere(&self, file: FileId, owner: Option<DefinitionId>) -> Self {
        Self { file, owner, ..self.clone() }
    }
}

impl Reading<'_, '_> {
    /// What values of a written type look like.
    pub(super) fn annotated(&mut self, site: &Site, value: ValueId) -> Schema {
        let Some(site) = &site.deeper() else { return Schema::open() };
        let facts = self.facts(site.file);
        match facts.value(value).shape {
            Shape::Constant(_) => Schema::open().or_null(),
            Shape::Name(_) | Shape::Member(..) => self.named_type(site, value),
            Shape::Item(object, index) => self.generic(site, object, index),
            Shape::Choice(parts) => {
                let parts = facts.items(parts).to_vec();
                self.union(site, &parts)
            }
            Shape::Literal(text) => self.forward(site, facts.text(text)),
            Shape::Call(_) => {
                let call = *facts.as_call(value).expect("its shape says so");
                self.constrained(site, &call)
            }
            _ => Schema::open(),
        }
    }

    fn union(&mut self, site: &Site, parts: &[ValueId]) -> Schema {
        let facts = self.facts(site.file);
        let is_none = |part: &ValueId| {
            matches!(facts.value(*part).shape, Shape::Constant(word) if facts.text(word) == "None")
                || facts.last_name(*part) == Some("NoneType")
        };
        let nullable = parts.iter().any(is_none);
        let mut kinds: Vec<Schema> = Vec::new();
        for part in parts.iter().filter(|part| !is_none(part)) {
            let schema = self.annotated(site, *part);
            if !kinds.contains(&schema) {
                kinds.push(schema);
            }
        }
        let mut schema = one_of(kinds);
        schema.nullable |= nullable;
        schema
    }

    fn named_type(&mut self, site: &Site, value: ValueId) -> Schema {
        let facts = self.facts(site.file);
        if let Some(name) = facts.as_name(value)
            && let Some((_, schema)) = site.held.iter().find(|(known, _)| known == facts.text(name))
        {
            return schema.clone();
        }
        let named = self.evaluator.classes.names.named(self.evaluator.classes.base, site.file, site.owner, value);
        self.of_named(site, named, facts.last_name(value).unwrap_or(""))
    }

    fn of_named(&mut self, site: &Site, named: Named, word: &str) -> Schema {
        match named {
            Named::Definition(file, id) if self.facts(file).definition(id).kind.is_type() => self.of_class((file, id), &[]),
            Named::Definition(..) | Named::Module(_) | Named::Path(_) => Schema::open(),
            Named::Outside(path) => of_library(&path),
            Named::Unknown => of_builtin(word),
            Named::Variable(file, name) => match self.alias_value(file, name) {
                Some(value) => self.annotated(&site.elsewhere(file, None), value),
                None => Schema::open(),
            },
        }
    }

    /// What a type alias of a module is given: the last thing.
    pub(super) fn alias_value(&self, file: FileId, name: crate::facts::Text) -> Option<ValueId> {
        let facts = self.facts(file);
        let bound = self.evaluator.classes.locals(file).of_name(None, name).last()?;
        facts.bindings[bound.binding as usize].value.filter(|_| bound.place.is_none())
    }

    /// A type in quotes: a name, or the few forms that stand in quotes often.
    fn forward(&mut self, site: &Site, text: &str) -> Schema {
        let Some(site) = &site.deeper() else { return Schema::open() };
        let text = text.trim();
        let parts = outside_brackets(text, '|');
        if parts.len() > 1 {
            let nullable = parts.contains(&"None");
            let kinds = parts.iter().filter(|part| **part != "None").map(|part| self.forward(site, part)).collect();
            let mut schema = one_of(kinds);
            schema.nullable |= nullable;
            return schema;
        }
        if let Some((head, inside)) = text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            let mut arguments: Vec<Schema> = outside_brackets(inside, ',').iter().map(|part| self.forward(site, part)).collect();
            return match last(head.trim()) {
                "Optional" => arguments.into_iter().next().unwrap_or_else(Schema::open).or_null(),
                "Union" => one_of(arguments),
                word if is_list(word) => Schema::array(arguments.into_iter().next().unwrap_or_else(Schema::open)),
                word if is_map(word) => Schema::of(Form::Map(Box::new(arguments.pop().unwrap_or_else(Schema::open)))),
                _ => Schema::open(),
            };
        }
        if text.is_empty() || !text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')) {
            return Schema::open();
        }
        match text {
            "None" => Schema::open().or_null(),
            _ => match self.evaluator.in_module(site.file, text.split('.').next().unwrap_or(text)) {
                Thing::Definition(file, id) if !text.contains('.') && self.evaluator.is_class((file, id)) => self.of_class((file, id), &[]),
                Thing::Outside(path) => {
                    let rest = text.split_once('.').map_or(String::new(), |(_, rest)| format!(".{rest}"));
                    of_library(&format!("{path}{rest}"))
                }
                _ => of_builtin(text),
            },
        }
    }

    /// `list[X]`, `dict[str, X]`, `Page[Item]`, ...
    fn generic(&mut self, site: &Site, object: ValueId, index: ValueId) -> Schema {
        let facts = self.facts(site.file);
        let arguments: Vec<ValueId> = match facts.value(index).shape {
            Shape::List(parts) => facts.items(parts).to_vec(),
            _ => vec![index],
        };
        let named = self.evaluator.classes.names.named(self.evaluator.classes.base, site.file, site.owner, object);
        let word = match &named {
            Named::Outside(path) => last(path).to_owned(),
            _ => facts.last_name(object).unwrap_or("").to_owned(),
        };
        match (named, word.as_str()) {
            (Named::Definition(file, id), _) if self.facts(file).definition(id).kind.is_type() => {
                let arguments: Vec<Schema> = arguments.iter().map(|argument| self.annotated(site, *argument)).collect();
                self.of_class((file, id), &arguments)
            }
            // A generic alias of the tree: its variables stay open.
            (Named::Variable(file, name), _) => match self.alias_value(file, name) {
                Some(value) => self.annotated(&site.elsewhere(file, None), value),
                None => Schema::open(),
            },
            (_, "Optional") => match arguments.first() {
                Some(only) => self.annotated(site, *only).or_null(),
                None => Schema::open(),
            },
            (_, "Union") => self.union(site, &arguments),
            (_, "Annotated") => self.with_notes(site, &arguments),
            (_, "Literal") => {
                let scope = site.scope();
                let choices: Vec<Literal> = arguments.iter().filter_map(|argument| of_thing(&self.thing(&scope, *argument))).collect();
                of_literals(choices)
            }
            (_, "Required" | "NotRequired" | "ReadOnly" | "Final" | "Mapped" | "SkipValidation" | "Json") => match arguments.first() {
                Some(only) if word != "Json" => self.annotated(site, *only),
                _ => Schema::open(),
            },
            (_, "tuple" | "Tuple") => {
                let mut kinds: Vec<Schema> = Vec::new();
                for argument in &arguments {
                    let is_rest = matches!(facts.value(*argument).shape, Shape::Constant(word) if facts.text(word) == "...");
                    let kind = if is_rest { continue } else { self.annotated(site, *argument) };
                    if !kinds.contains(&kind) {
                        kinds.push(kind);
                    }
                }
                Schema::array(one_of(kinds))
            }
            (_, word) if is_list(word) => Schema::array(match arguments.first() {
                Some(only) => self.annotated(site, *only),
                None => Schema::open(),
            }),
            (_, word) if is_map(word) => Schema::of(Form::Map(Box::new(match arguments.get(1) {
                Some(value) => self.annotated(site, *value),
                None => Schema::open(),
            }))),
            _ => Schema::open(),
        }
    }

    /// `Annotated[int, Field(ge=1)]`: the type with the rules of its notes.
    fn with_notes(&mut self, site: &Site, arguments: &[ValueId]) -> Schema {
        let Some((kind, notes)) = arguments.split_first() else { return Schema::open() };
        let mut schema = self.annotated(site, *kind);
        let facts = self.facts(site.file);
        for note in notes {
            if let Some(call) = facts.as_call(*note) {
                self.rules_of(&site.scope(), call, &mut schema);
            }
        }
        schema
    }

    /// Rules that `Field(...)`, `Query(...)`, `constr(...)` and their kin hold by keyword.
    pub(super) fn rules_of(&self, scope: &Scope, call: &Call, schema: &mut Schema) {
        const WORDS: [(&str, Bound); 10] = [
            ("ge", Bound::Minimum),
            ("gt", Bound::ExclusiveMinimum),
            ("le", Bound::Maximum),
            ("lt", Bound::ExclusiveMaximum),
            ("multiple_of", Bound::MultipleOf),
            ("min_length", Bound::MinLength),
            ("max_length", Bound::MaxLength),
            ("pattern", Bound::Pattern),
            ("regex", Bound::Pattern),
            ("min_items", Bound::MinItems),
        ];
        for (word, bound) in WORDS {
            let said = self.given(scope, call, usize::MAX, word).and_then(|value| self.literal(scope, value));
            let fits = match (&said, bound) {
                (Some(Literal::Text(_)), Bound::Pattern) => true,
                (Some(Literal::Integer(number)), Bound::MinLength | Bound::MaxLength | Bound::MinItems) => *number >= 0,
                (Some(Literal::Integer(_) | Literal::Decimal(_)), bound) => bound != Bound::Pattern,
                _ => false,
            };
            // Of a list the length is the number of its items.
            let bound = match (bound, &schema.form) {
                (Bound::MinLength, Form::Array(_)) => Bound::MinItems,
                (Bound::MaxLength, Form::Array(_)) => Bound::MaxItems,
                (bound, _) => bound,
            };
            if let Some(literal) = said.filter(|_| fits && !schema.bounds.iter().any(|(known, _)| *known == bound)) {
                schema.bounds.push((bound, literal));
            }
        }
    }

    /// `constr(max_length=3)`, `conint(ge=1)`, `conlist(Item)`, `NewType("Id", int)`.
    fn constrained(&mut self, site: &Site, call: &Call) -> Schema {
        let facts = self.facts(site.file);
        let first = facts.arguments_of(call).first().map(|argument| argument.value);
        let mut schema = match facts.last_name(call.callee) {
            Some("constr") => Schema::text(),
            Some("conint") => Schema::integer(),
            Some("confloat" | "condecimal") => Schema::plain(Kind::Number),
            Some("conlist" | "conset") => {
                let inner = self.given(&site.scope(), call, 0, "item_type").map(|value| self.annotated(site, value));
                Schema::array(inner.unwrap_or_else(Schema::open))
            }
            Some("NewType") => match self.given(&site.scope(), call, 1, "tp") {
                Some(kind) => self.annotated(site, kind),
                None => Schema::open(),
            },
            Some("Annotated") => first.map_or_else(Schema::open, |value| self.annotated(site, value)),
            _ => Schema::open(),
        };
        self.rules_of(&site.scope(), call, &mut schema);
        schema
    }

    /// What a library's class that an expression is an object of looks like; open where nobody knows it.
    pub(super) fn object_class(&self, thing: &Thing) -> Vec<Rc<str>> {
        match thing {
            Thing::Object(object) => self.evaluator.library_classes(&object.kind),
            Thing::Outside(path) => vec![Rc::clone(path)],
            Thing::Definition(file, id) if self.evaluator.is_class((*file, *id)) => {
                self.evaluator.library_classes(&ObjectKind::Ours((*file, *id)))
            }
            _ => Vec::new(),
        }
    }
}

/// One of several, flat; one alone stands for itself.
pub(super) fn one_of(kinds: Vec<Schema>) -> Schema {
    let mut all: Vec<Schema> = Vec::new();
    let mut nullable = false;
    for mut kind in kinds {
        nullable |= std::mem::take(&mut kind.nullable);
        if kind.is_open() && !nullable {
            return Schema::open();
        }
        if !all.contains(&kind) {
            all.push(kind);
        }
    }
    all.retain(|kind| !kind.is_open());
    let mut schema = match all.len() {
        0 => Schema::open(),
        1 => all.swap_remove(0),
        _ => Schema::of(Form::OneOf(all)),
    };
    schema.nullable |= nullable;
    schema
}

/// Values that are written out one by one.
pub(super) fn of_literals(choices: Vec<Literal>) -> Schema {
    let nullable = choices.contains(&Literal::Nothing);
    let choices: Vec<Literal> = choices.into_iter().filter(|choice| *choice != Literal::Nothing).collect();
    let all = |is: fn(&Literal) -> bool| !choices.is_empty() && choices.iter().all(is);
    let form = if all(|choice| matches!(choice, Literal::Text(_))) {
        Form::Plain(Kind::Text, None)
    } else if all(|choice| matches!(choice, Literal::Integer(_))) {
        Form::Plain(Kind::Integer, None)
    } else if all(|choice| matches!(choice, Literal::Truth(_))) {
        Form::Plain(Kind::Truth, None)
    } else {
        Form::Unknown
    };
    Schema { choices, nullable, ..Schema::of(form) }
}

/// The parts of a text between separators that stand in no brackets.
fn outside_brackets(text: &str, separator: char) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0u32, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            letter if letter == separator && depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

fn is_list(word: &str) -> bool {
    const LISTS: [&str; 17] = [
        "list",
        "List",
        "set",
        "Set",
        "frozenset",
        "FrozenSet",
        "Sequence",
        "MutableSequence",
        "Iterable",
        "Iterator",
        "Collection",
        "AbstractSet",
        "MutableSet",
        "Generator",
        "deque",
        "tuple",
        "Tuple",
    ];
    LISTS.contains(&word)
}

fn is_map(word: &str) -> bool {
    matches!(word, "dict" | "Dict" | "Mapping" | "MutableMapping" | "defaultdict" | "DefaultDict" | "OrderedDict" | "Counter")
}

/// Types of Python itself.
pub(super) fn of_builtin(word: &str) -> Schema {
    match word {
        "str" => Schema::text(),
        "int" => Schema::integer(),
        "float" => Schema::plain(Kind::Number),
        "bool" => Schema::plain(Kind::Truth),
        "bytes" => Schema::formatted("binary"),
        "dict" => Schema::open_object(Vec::new()),
        word if is_list(word) => Schema::array(Schema::open()),
        _ => Schema::open(),
    }
}

/// Types of the standard library and of Pydantic.
pub(super) fn of_library(path: &str) -> Schema {
    match last(path) {
        "datetime" | "AwareDatetime" | "NaiveDatetime" | "PastDatetime" | "FutureDatetime" => Schema::formatted("date-time"),
        "date" | "PastDate" | "FutureDate" => Schema::formatted("date"),
        "time" => Schema::formatted("time"),
        "timedelta" => Schema::formatted("duration"),
        "UUID" | "UUID1" | "UUID3" | "UUID4" | "UUID5" | "UUID7" => Schema::formatted("uuid"),
        "Decimal" => Schema::plain(Kind::Number),
        "EmailStr" => Schema::formatted("email"),
        "AnyUrl" | "AnyHttpUrl" | "HttpUrl" | "HttpURL" | "FileUrl" => Schema::formatted("uri"),
        "SecretStr" => Schema::formatted("password"),
        "StrictStr" | "NameEmail" | "Path" | "PosixPath" | "FilePath" | "DirectoryPath" | "AnyStr" | "LiteralString" => Schema::text(),
        "IPvAnyAddress" | "IPv4Address" | "IPv6Address" | "IPvAnyNetwork" => Schema::text(),
        "StrictInt" => Schema::integer(),
        "PositiveInt" => bounded(Schema::integer(), Bound::ExclusiveMinimum),
        "NonNegativeInt" => bounded(Schema::integer(), Bound::Minimum),
        "StrictFloat" | "FiniteFloat" => Schema::plain(Kind::Number),
        "PositiveFloat" => bounded(Schema::plain(Kind::Number), Bound::ExclusiveMinimum),
        "NonNegativeFloat" => bounded(Schema::plain(Kind::Number), Bound::Minimum),
        "StrictBool" => Schema::plain(Kind::Truth),
        "UploadFile" => Schema::formatted("binary"),
        "Dict" | "Mapping" => Schema::open_object(Vec::new()),
        "List" | "Sequence" | "Iterable" | "Set" | "Tuple" => Schema::array(Schema::open()),
        _ => Schema::open(),
    }
}

fn bounded(mut schema: Schema, bound: Bound) -> Schema {
    schema.bounds.push((bound, Literal::Integer(0)));
    schema
}
