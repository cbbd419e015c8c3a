//! What the body of a class says to SQLAlchemy.

use super::Mapping;
use super::made::{Made, MadeKind};
use super::text::{Known, Place, returned};
use crate::base::FileId;
use crate::facts::{Binding, Binds, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::ClassId;

/// What an attribute of a class body is.
#[derive(Clone, Debug)]
pub(super) enum PartKind {
    /// Made by a call.
    Made(Made),
    /// Only annotated: `name: Mapped[str]`, or any field of an SQLModel class.
    Annotated,
    /// Hides what is inherited under this name.
    Hidden,
}

/// One attribute.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Its name.
    pub name: String,
    /// The file it is written in.
    pub file: FileId,
    /// The line.
    pub line: u32,
    /// What it is.
    pub kind: PartKind,
    /// Its written type.
    pub annotation: Option<ValueId>,
}

/// An expression of a class body, or what a function of it returns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    /// Where it is read.
    pub at: Place,
    /// The expression.
    pub value: ValueId,
}

/// A class body.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    /// Attributes in source order.
    pub parts: Vec<Part>,
    /// `__tablename__`.
    pub table_name: Option<Said>,
    /// `__tablename__` is a function, which may ask whether a class above has the table already.
    pub asks_for_inherited: bool,
    /// `__tablename__` is a function: every heir gets a name of its own.
    pub by_function: bool,
    /// `__table__`.
    pub table: Option<Said>,
    /// `__table_args__`.
    pub arguments: Option<Said>,
    /// `__abstract__ = True`.
    pub is_abstract: bool,
}

impl Body {
    /// True when nothing in it concerns SQLAlchemy.
    pub(super) fn is_empty(&self) -> bool {
        let nothing = self.parts.iter().all(|part| matches!(part.kind, PartKind::Hidden));
        nothing && self.table_name.is_none() && self.table.is_none() && self.arguments.is_none() && !self.is_abstract
    }
}

impl Mapping<'_> {
    /// Reads a class body, given its bindings in source order; in SQLModel classes every annotated name is a field.
    pub(super) fn body(&self, class: ClassId, bindings: &[u32], annotated_fields: bool) -> Body {
        let facts = self.classes.base.facts(class.0);
        let mut body = Body::default();
        for index in bindings {
            self.read_binding(class, &facts.bindings[*index as usize], annotated_fields, &mut body);
        }
        self.read_functions(class, &mut body);
        body
    }

    fn read_binding(&self, (file, class): ClassId, binding: &Binding, annotated_fields: bool, body: &mut Body) {
        let facts = self.classes.base.facts(file);
        let Some(name) = facts.as_name(binding.target).map(|name| facts.text(name)) else { return };
        let at = Place { file, owner: Some(class) };
        let said = binding.value.map(|value| Said { at, value });
        match name {
            "__tablename__" => body.table_name = said,
            "__table__" => body.table = said,
            "__table_args__" => body.arguments = said,
            "__abstract__" => body.is_abstract = said.is_some_and(|said| is_constant(facts, said.value, "True")),
            _ if name.starts_with("__") => {}
            _ => {
                let Some(kind) = self.kind(at, binding, annotated_fields) else { return };
                body.parts.retain(|part| part.name != name);
                body.parts.push(Part { name: name.to_owned(), file, line: binding.line, kind, annotation: binding.annotation });
            }
        }
    }

    fn kind(&self, at: Place, binding: &Binding, annotated_fields: bool) -> Option<PartKind> {
        let facts = self.classes.base.facts(at.file);
        let made = binding.value.and_then(|value| self.made(at, value, &Known::default()));
        let wrapper = binding.annotation.and_then(|annotation| wrapper(facts, annotation));
        let is_mapped = matches!(wrapper, Some("Mapped"));
        let is_field = annotated_fields && binding.annotation.is_some() && wrapper != Some("ClassVar");
        match made {
            Some(made) if made.kind == MadeKind::Field => is_field.then_some(PartKind::Made(made)),
            Some(made) if made.kind != MadeKind::Other => Some(PartKind::Made(made)),
            Some(_) if !is_field => Some(PartKind::Hidden),
            None if binding.binds == Binds::Declare && is_mapped => {
                Some(self.annotated_call(at, binding.annotation).map_or(PartKind::Annotated, PartKind::Made))
            }
            _ if is_mapped || is_field => Some(PartKind::Annotated),
            _ => binding.value.map(|_| PartKind::Hidden),
        }
    }

    /// The column inside `Mapped[key]` with `key = Annotated[int, mapped_column(primary_key=True)]`.
    fn annotated_call(&self, at: Place, annotation: Option<ValueId>) -> Option<Made> {
        let facts = self.classes.base.facts(at.file);
        let Shape::Item(_, mut inner) = facts.value(annotation?).shape else { return None };
        if let Shape::Other(parts) | Shape::List(parts) = facts.value(inner).shape
            && let [only] = facts.items(parts)
        {
            inner = *only;
        }
        let base = self.classes.base;
        let (home, value) = match self.classes.names.named(base, at.file, at.owner, inner) {
            crate::names::Named::Variable(home, name) => {
                let bound = self.classes.locals(home).of_name(None, name).last()?;
                (home, base.facts(home).bindings[bound.binding as usize].value?)
            }
            _ => (at.file, inner),
        };
        let facts = base.facts(home);
        let Shape::Item(object, parts) = facts.value(value).shape else { return None };
        let (Shape::List(parts) | Shape::Other(parts)) = facts.value(parts).shape else { return None };
        if facts.last_name(object) != Some("Annotated") {
            return None;
        }
        let place = Place { file: home, owner: None };
        let mut made = facts.items(parts).iter().filter_map(|part| self.made(place, *part, &Known::default()));
        made.find(|made| made.kind == MadeKind::Column)
    }

    /// `@declared_attr` functions: what they return is what the attribute is, in every heir.
    fn read_functions(&self, (file, class): ClassId, body: &mut Body) {
        let facts = self.classes.base.facts(file);
        for (id, function) in inside(facts, class) {
            if function.kind.is_type() || !is_declared(facts, id) {
                continue;
            }
            let name = facts.text(function.name);
            let at = Place { file, owner: Some(id) };
            let values: Vec<ValueId> = returned(facts, id).collect();
            let first = || values.iter().copied().find(|value| !is_constant(facts, *value, "None")).map(|value| Said { at, value });
            match name {
                "__tablename__" => {
                    body.table_name = first();
                    body.by_function = true;
                    body.asks_for_inherited = values.iter().any(|value| is_constant(facts, *value, "None"));
                }
                "__table_args__" => body.arguments = first(),
                _ if name.starts_with("__") => {}
                _ => {
                    let made = values.iter().find_map(|value| self.made(at, *value, &Known::default()));
                    let kind = match made {
                        Some(made) if made.kind != MadeKind::Other => PartKind::Made(made),
                        _ => PartKind::Hidden,
                    };
                    body.parts.retain(|part| part.name != name);
                    let line = function.span.line;
                    body.parts.push(Part { name: name.to_owned(), file, line, kind, annotation: function.returns });
                }
            }
        }
    }
}

/// The definitions directly inside a class.
fn inside(facts: &FileFacts, class: DefinitionId) -> impl Iterator<Item = (DefinitionId, &crate::facts::Definition)> {
    let end = facts.definition(class).values.end;
    let below = facts.definitions().skip(class.0 as usize + 1).take_while(move |(_, inner)| inner.values.start < end);
    below.filter(move |(_, inner)| inner.owner == Some(class))
}

/// `@declared_attr`, `@declared_attr.directive`, `@orm.declared_attr.cascading`.
fn is_declared(facts: &FileFacts, function: DefinitionId) -> bool {
    let decorators = facts.items(facts.definition(function).decorators);
    decorators.iter().any(|decorator| {
        let value = facts.as_call(*decorator).map_or(*decorator, |call| call.callee);
        let object = match facts.value(value).shape {
            Shape::Member(object, _) => facts.last_name(object),
            _ => None,
        };
        [facts.last_name(value), object].contains(&Some("declared_attr"))
    })
}

/// The name before the brackets: `Mapped` of `Mapped[int]` and of `orm.Mapped[int]`.
pub(super) fn wrapper(facts: &FileFacts, annotation: ValueId) -> Option<&str> {
    match facts.value(annotation).shape {
        Shape::Item(object, _) => facts.last_name(object),
        // Written as a string.
        Shape::Literal(text) => facts.text(text).split_once('[').map(|(before, _)| before.rsplit('.').next().unwrap_or(before)),
        Shape::Name(_) | Shape::Member(..) => facts.last_name(annotation),
        _ => None,
    }
}

/// True for `True`, `False` or `None` as given.
pub(super) fn is_constant(facts: &FileFacts, value: ValueId, constant: &str) -> bool {
    matches!(facts.value(value).shape, Shape::Constant(text) if facts.text(text) == constant)
}
