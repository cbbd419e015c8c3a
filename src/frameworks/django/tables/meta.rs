//! `class Meta` of a model.

use super::fields::is_true;
use crate::facts::ValueId;
use crate::facts::{DefinitionId, FileFacts};
use crate::frameworks::orm::{ClassId, Classes, Meant};

/// What a model says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Meta {
    /// Only hands its fields on.
    pub is_abstract: bool,
    /// Another face of its parent's table.
    pub is_proxy: bool,
    /// The table's name, where it is written.
    pub db_table: Option<String>,
    /// The application's label, where it is written.
    pub app_label: Option<String>,
    /// There is a class `Meta` in the body.
    pub written: bool,
}

/// How many `class Meta(Other.Meta)` are followed.
const LONGEST: u32 = 8;

/// Reads the metadata a class writes, with what its `Meta` inherits from other `Meta`s.
pub(super) fn of_class(classes: &Classes<'_>, class: ClassId) -> Meta {
    let Some(meta) = inner(classes.base.facts(class.0), class.1) else { return Meta::default() };
    let mut found = Meta { written: true, ..Meta::default() };
    read(classes, (class.0, meta), true, LONGEST, &mut found);
    found
}

/// The nested class `Meta` of a class.
fn inner(facts: &FileFacts, class: DefinitionId) -> Option<DefinitionId> {
    let end = facts.definition(class).values.end;
    let mut inside = facts.definitions().skip(class.0 as usize + 1).take_while(|(_, inner)| inner.values.start < end);
    inside.find(|(_, inner)| inner.owner == Some(class) && facts.text(inner.name) == "Meta").map(|(id, _)| id)
}

fn read(classes: &Classes<'_>, (file, meta): ClassId, own: bool, left: u32, out: &mut Meta) {
    let facts = classes.base.facts(file);
    let value = |name: &str| -> Option<ValueId> {
        let name = facts.texts.find(name)?;
        let bound = classes.locals(file).of_name(Some(meta), name);
        bound.last().and_then(|row| facts.bindings[row.binding as usize].value)
    };
    // Being abstract or a proxy is never inherited.
    if own {
        out.is_abstract = value("abstract").is_some_and(|value| is_true(facts, value));
        out.is_proxy = value("proxy").is_some_and(|value| is_true(facts, value));
    }
    let text = |name: &str| value(name).and_then(|value| facts.as_literal(value)).map(str::to_owned);
    out.db_table = out.db_table.take().or_else(|| text("db_table")).map(|name| name.trim_matches('"').to_owned());
    out.app_label = out.app_label.take().or_else(|| text("app_label"));
    if left == 0 {
        return;
    }
    for base in facts.items(facts.definition(meta).bases) {
        let crate::facts::Shape::Member(object, _) = facts.value(*base).shape else { continue };
        for meant in classes.meant(file, facts.definition(meta).owner, object) {
            if let Meant::Ours(home, parent) = meant
                && let Some(parent) = inner(classes.base.facts(home), parent)
            {
                read(classes, (home, parent), false, left - 1, out);
            }
        }
    }
}
