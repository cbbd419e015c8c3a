//! What a model's class body says: fields, managers, and names that take an inherited field away.

use super::outside;
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId, Classes, Meant};

/// What a name of a class body is to Django.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FieldKind {
    /// A column of its own.
    Column,
    /// A column with another row's key; true for one-to-one.
    ForeignKey(bool),
    /// A table in between.
    ManyToMany,
    /// Points at any table through two other fields.
    Generic,
    /// The way back of one of those.
    GenericRelation,
    /// Gives sets of rows.
    Manager(Option<ClassId>),
    /// An inherited field is taken away.
    Removed,
}

/// A field of one class, as written.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The attribute.
    pub name: String,
    /// What it is.
    pub kind: FieldKind,
    /// The file it is written in.
    pub file: FileId,
    /// The class it is written in.
    pub class: DefinitionId,
    /// The line.
    pub line: u32,
    /// The call that makes it.
    pub call: Option<Call>,
    /// The class of the field, for readers.
    pub type_name: String,
    /// The field class, where the tree defines it.
    pub field_class: Option<ClassId>,
}

impl Field {
    /// An argument of the call.
    pub(super) fn argument(&self, facts: &FileFacts, position: usize, keyword: &str) -> Option<ValueId> {
        self.call.and_then(|call| facts.argument(&call, position, keyword))
    }

    /// A keyword argument that is a string.
    pub(super) fn literal<'a>(&self, facts: &'a FileFacts, keyword: &str) -> Option<&'a str> {
        facts.as_literal(self.argument(facts, usize::MAX, keyword)?)
    }

    /// True when a keyword argument is `True`.
    pub(super) fn is_true(&self, facts: &FileFacts, keyword: &str) -> bool {
        self.argument(facts, usize::MAX, keyword).is_some_and(|value| is_true(facts, value))
    }
}

/// True for the constant `True`.
pub(super) fn is_true(facts: &FileFacts, value: ValueId) -> bool {
    matches!(facts.value(value).shape, Shape::Constant(text) if facts.text(text) == "True")
}

/// The fields written in a class body, given its bindings in source order.
pub(super) fn of_class(classes: &Classes<'_>, (file, class): ClassId, bindings: &[u32]) -> Vec<Field> {
    let facts = classes.base.facts(file);
    let mut fields: Vec<Field> = Vec::new();
    for index in bindings {
        let binding = &facts.bindings[*index as usize];
        let (Some(name), Some(value)) = (facts.as_name(binding.target), binding.value) else { continue };
        let name = facts.text(name);
        let read = match facts.value(value).shape {
            Shape::Constant(text) if facts.text(text) == "None" => Some((FieldKind::Removed, String::new(), None)),
            Shape::Call(_) => facts.as_call(value).and_then(|call| of_call(classes, file, class, call)),
            _ => None,
        };
        let Some((kind, type_name, field_class)) = read else { continue };
        let call = facts.as_call(value).copied();
        fields.retain(|field| field.name != name);
        if let (FieldKind::Manager(Some(first)), Some(call)) = (kind, &call) {
            fields.extend(more_managers(classes, (file, class), name, call, first, binding.line));
        }
        fields.push(Field { name: name.to_owned(), kind, file, class, line: binding.line, call, type_name, field_class });
    }
    fields
}

/// The other classes of a manager that is made of several; a dot keeps their names out of Python's way.
fn more_managers(classes: &Classes<'_>, (file, class): ClassId, name: &str, call: &Call, first: ClassId, line: u32) -> Vec<Field> {
    let mut found = Vec::new();
    for (place, meant) in classes.meant(file, Some(class), call.callee).into_iter().enumerate() {
        if let Meant::Ours(home, definition) = meant
            && (home, definition) != first
            && classes.base.facts(home).definition(definition).kind.is_type()
        {
            let kind = FieldKind::Manager(Some((home, definition)));
            let (name, type_name) = (format!("{name}.{place}"), String::new());
            found.push(Field { name, kind, file, class, line, call: None, type_name, field_class: None });
        }
    }
    found
}

type Read = (FieldKind, String, Option<ClassId>);

fn of_call(classes: &Classes<'_>, file: FileId, class: DefinitionId, call: &Call) -> Option<Read> {
    let facts = classes.base.facts(file);
    let written = match facts.last_name(call.callee) {
        Some(written) => written,
        None if facts.as_call(call.callee).is_some_and(|made| facts.last_name(made.callee) == Some("from_queryset")) => "from_queryset",
        None => return None,
    };
    // `QuerySet.as_manager()`, `Manager.from_queryset(QuerySet)()`.
    if written == "as_manager" {
        let Shape::Member(object, _) = facts.value(call.callee).shape else { return None };
        return Some((FieldKind::Manager(first_class(classes, file, class, object)), written.to_owned(), None));
    }
    if let Some(meant) = classes.meant(file, Some(class), call.callee).into_iter().next() {
        match meant {
            Meant::Outside(name) => return by_name(&name, written),
            Meant::Ours(home, definition) => {
                if !classes.base.facts(home).definition(definition).kind.is_type() {
                    return of_function(classes, home, definition);
                }
                let lineage = classes.lineage((home, definition));
                let outside = lineage.iter().filter_map(|ancestor| match ancestor {
                    Ancestor::Outside(name) => Some(name),
                    Ancestor::Ours(_) => None,
                });
                for name in outside {
                    if let Some((kind, _, _)) = by_name(name, name.rsplit('.').next().unwrap_or(name)) {
                        let kind = if matches!(kind, FieldKind::Manager(_)) { FieldKind::Manager(Some((home, definition))) } else { kind };
                        return Some((kind, written.to_owned(), Some((home, definition))));
                    }
                }
                return None;
            }
        }
    }
    // A name that a star import of a library brought in.
    kind_of(written).map(|kind| (kind, written.to_owned(), None))
}

fn first_class(classes: &Classes<'_>, file: FileId, class: DefinitionId, value: ValueId) -> Option<ClassId> {
    classes.meant(file, Some(class), value).into_iter().find_map(|meant| match meant {
        Meant::Ours(file, definition) => Some((file, definition)),
        Meant::Outside(_) => None,
    })
}

/// A function that makes a field: what its first `return` makes.
fn of_function(classes: &Classes<'_>, file: FileId, function: DefinitionId) -> Option<Read> {
    let facts = classes.base.facts(file);
    let (_, value) = facts.returned.iter().find(|(owner, _)| *owner == function)?;
    let call = facts.as_call(*value)?;
    let Some(Meant::Outside(name)) = classes.meant(file, Some(function), call.callee).into_iter().next() else { return None };
    by_name(&name, facts.last_name(call.callee)?)
}

fn by_name(dotted: &str, written: &str) -> Option<Read> {
    if outside::is_other_layer(dotted) {
        return None;
    }
    let last = dotted.trim_end_matches("()").rsplit('.').next().unwrap_or(dotted);
    // Tags of django-tagulous are rows of a model of their own.
    if dotted.starts_with("tagulous.") {
        let kind = match last {
            "TagField" => FieldKind::ManyToMany,
            "SingleTagField" => FieldKind::ForeignKey(false),
            _ => return None,
        };
        return Some((kind, last.to_owned(), None));
    }
    kind_of(last).map(|kind| (kind, written.to_owned(), None))
}

/// Fields are recognised by what their class is called: every library that adds some follows Django's naming.
pub(super) fn kind_of(class: &str) -> Option<FieldKind> {
    Some(match class {
        "GenericForeignKey" | "GenericForeignKeyField" => FieldKind::Generic,
        "GenericRelation" => FieldKind::GenericRelation,
        "ParentalKey" => FieldKind::ForeignKey(false),
        "ManyToOneRel" | "DeferredAttribute" => return None,
        _ if class.ends_with("OneToOneField") => FieldKind::ForeignKey(true),
        _ if class.ends_with("ForeignKey") || class.ends_with("ForeignKeyField") => FieldKind::ForeignKey(false),
        _ if class.contains("ManyToMany") && class.ends_with("Field") => FieldKind::ManyToMany,
        _ if class.ends_with("Manager") || class.ends_with("QuerySet") => FieldKind::Manager(None),
        _ if class.ends_with("Field") => FieldKind::Column,
        _ => return None,
    })
}
