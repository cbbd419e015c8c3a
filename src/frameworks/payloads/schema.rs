//! What a value looks like, in a language no framework owns. OpenAPI is one way to write it down; `contracts` does that.

/// Index of a [`super::Component`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ComponentId(pub u32);

/// Kinds of plain values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Truth,
}

impl Kind {
    /// The word of OpenAPI.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Truth => "boolean",
        }
    }
}

/// A value that is written down: a choice, a default, a bound.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Literal {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Another number as written in decimals: `0.5`.
    Decimal(String),
    /// True or false.
    Truth(bool),
    /// Nothing: `null`.
    Nothing,
}

/// A rule that bounds a value; the words are those of JSON Schema.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Bound {
    /// The least value.
    Minimum,
    /// The greatest value.
    Maximum,
    /// Below the least value.
    ExclusiveMinimum,
    /// Above the greatest value.
    ExclusiveMaximum,
    /// What it is a multiple of.
    MultipleOf,
    /// Letters, at least.
    MinLength,
    /// Letters, at most.
    MaxLength,
    /// Items, at least.
    MinItems,
    /// Items, at most.
    MaxItems,
    /// A regular expression.
    Pattern,
}

impl Bound {
    /// The word of JSON Schema.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::ExclusiveMinimum => "exclusiveMinimum",
            Self::ExclusiveMaximum => "exclusiveMaximum",
            Self::MultipleOf => "multipleOf",
            Self::MinLength => "minLength",
            Self::MaxLength => "maxLength",
            Self::MinItems => "minItems",
            Self::MaxItems => "maxItems",
            Self::Pattern => "pattern",
        }
    }
}

/// What a value is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// Nobody can tell: an open schema.
    Unknown,
    /// A plain value, with its format where one is known (`date-time`, `uuid`, `binary`).
    Plain(Kind, Option<&'static str>),
    /// An object with these properties; `open` says that it may have others that could not be told.
    Object {
        /// In the order they are written.
        properties: Vec<Property>,
        /// There are more that could not be told.
        open: bool,
    },
    /// A list of one sort of thing.
    Array(Box<Schema>),
    /// An object whose keys are data.
    Map(Box<Schema>),
    /// One of several.
    OneOf(Vec<Schema>),
    /// All of several at once.
    AllOf(Vec<Schema>),
    /// A schema with a name.
    Reference(ComponentId),
}

/// One property of an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Property {
    /// Its key.
    pub name: String,
    /// Its value.
    pub schema: Schema,
    /// It is always there.
    pub required: bool,
}

/// What a value looks like.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Schema {
    /// What it is made of.
    pub form: Form,
    /// It may be null.
    pub nullable: bool,
    /// The only values it may have; empty where there is no such rule.
    pub choices: Vec<Literal>,
    /// What it is when nothing is given.
    pub default: Option<Literal>,
    /// Rules that bound it.
    pub bounds: Vec<(Bound, Literal)>,
    /// Only answers have it.
    pub read_only: bool,
    /// Only requests have it.
    pub write_only: bool,
    /// An object with other keys than those told is refused.
    pub closed: bool,
}

impl Schema {
    /// Of some form, without rules.
    #[must_use]
    pub fn of(form: Form) -> Self {
        Self {
            form,
            nullable: false,
            choices: Vec::new(),
            default: None,
            bounds: Vec::new(),
            read_only: false,
            write_only: false,
            closed: false,
        }
    }

    /// What nobody can tell.
    #[must_use]
    pub fn open() -> Self {
        Self::of(Form::Unknown)
    }

    /// A plain value.
    #[must_use]
    pub fn plain(kind: Kind) -> Self {
        Self::of(Form::Plain(kind, None))
    }

    /// A text.
    #[must_use]
    pub fn text() -> Self {
        Self::plain(Kind::Text)
    }

    /// A whole number.
    #[must_use]
    pub fn integer() -> Self {
        Self::plain(Kind::Integer)
    }

    /// A text of some format.
    #[must_use]
    pub fn formatted(format: &'static str) -> Self {
        Self::of(Form::Plain(Kind::Text, Some(format)))
    }

    /// A file that is sent along.
    #[must_use]
    pub fn is_file(&self) -> bool {
        matches!(self.form, Form::Plain(Kind::Text, Some("binary")))
    }

    /// A list.
    #[must_use]
    pub fn array(items: Self) -> Self {
        Self::of(Form::Array(Box::new(items)))
    }

    /// An object that has these properties and no others.
    #[must_use]
    pub fn object(properties: Vec<Property>) -> Self {
        Self::of(Form::Object { properties, open: false })
    }

    /// An object of which nobody can tell the properties, or not all of them.
    #[must_use]
    pub fn open_object(properties: Vec<Property>) -> Self {
        Self::of(Form::Object { properties, open: true })
    }

    /// A schema with a name.
    #[must_use]
    pub fn reference(id: ComponentId) -> Self {
        Self::of(Form::Reference(id))
    }

    /// The same, which may be null.
    #[must_use]
    pub fn or_null(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// One schema for several that a value may have. One that nobody can tell leaves a plain value open; beside objects
    /// it says nothing.
    #[must_use]
    pub fn one_of(all: impl Iterator<Item = Self>) -> Self {
        let mut known: Vec<Self> = Vec::new();
        let (mut nullable, mut any_open) = (false, false);
        for mut schema in all {
            let is_null = std::mem::take(&mut schema.nullable);
            nullable |= is_null;
            match schema.form {
                Form::Unknown => any_open |= !is_null,
                Form::OneOf(parts) => parts.into_iter().for_each(|part| {
                    if !known.contains(&part) {
                        known.push(part);
                    }
                }),
                _ if known.contains(&schema) => {}
                _ => known.push(schema),
            }
        }
        if any_open && known.iter().all(|schema| matches!(schema.form, Form::Plain(..))) {
            known.clear();
        }
        let mut schema = match known.len() {
            0 => Self::open(),
            1 => known.remove(0),
            _ => Self::of(Form::OneOf(known)),
        };
        schema.nullable = nullable;
        schema
    }

    /// True for an object of which no property is known.
    #[must_use]
    pub fn is_bare_object(&self) -> bool {
        matches!(&self.form, Form::Object { properties, .. } if properties.is_empty())
    }

    /// True where nobody can tell anything.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.form == Form::Unknown && self.choices.is_empty()
    }
}

impl Property {
    /// A property.
    #[must_use]
    pub fn new(name: &str, schema: Schema, required: bool) -> Self {
        Self { name: name.to_owned(), schema, required }
    }
}
