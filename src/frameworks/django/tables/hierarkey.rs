//! Tables that django-hierarkey makes for the settings of a class: `@settings.add()` on a model gives each of its rows
//! keys and values of its own, `@settings.set_global()` on any class gives them to the whole site.
//!
//! The model is made by the decorator, so no class of that name is written anywhere.

use super::Models;
use super::columns::{Other, key};
use crate::base::FileId;
use crate::facts::{DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::django::ModelIndex;
use crate::frameworks::orm::{ClassId, Meant};
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, Told};
use crate::names::Named;

/// The tables of every decorated class, in the order of files and lines.
pub(super) fn tables(models: &Models<'_>, index: &ModelIndex<'_>, out: &mut Vec<DeclaredTable>) {
    let base = models.classes.base;
    for file in base.ids().filter(|file| !base.file(*file).left_out) {
        let facts = base.facts(file);
        for (id, header) in facts.definitions() {
            if header.kind.is_type() && !header.decorators.is_empty() {
                let made = facts.items(header.decorators).iter().filter_map(|value| decorator(models, file, header.owner, *value));
                out.extend(made.filter_map(|(own, attribute)| table(models, index, (file, id), own, &attribute)));
            }
        }
    }
}

/// Whether a decorator gives each row settings of its own, and under which attribute.
fn decorator(models: &Models<'_>, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<(bool, String)> {
    let facts = models.classes.base.facts(file);
    let call = facts.as_call(value)?;
    let Shape::Member(object, method) = facts.value(call.callee).shape else { return None };
    let own = match facts.text(method) {
        "add" => true,
        "set_global" => false,
        _ => return None,
    };
    let Named::Variable(home, name) = models.classes.names.named(models.classes.base, file, owner, object) else { return None };
    let facts: &FileFacts = models.classes.base.facts(home);
    let bound = models.classes.locals(home).of_name(None, name).last()?;
    let made = facts.as_call(facts.bindings[bound.binding as usize].value?)?;
    let is_hierarkey = models.classes.meant(home, None, made.callee).iter().any(|meant| match meant {
        Meant::Outside(name) => name.starts_with("hierarkey.") && name.ends_with(".Hierarkey"),
        Meant::Ours(..) => false,
    });
    let attribute = facts.as_literal(facts.argument(made, 0, "attribute_name")?)?;
    is_hierarkey.then(|| (own, attribute.to_owned()))
}

fn table(models: &Models<'_>, index: &ModelIndex<'_>, class: ClassId, own: bool, attribute: &str) -> Option<DeclaredTable> {
    let facts = models.classes.base.facts(class.0);
    let header = facts.definition(class.1);
    let model = models.rows.get(&class);
    let label = match model {
        Some(row) => row.label.clone(),
        None => index.app_of(models.classes.base.path(class.0))?.label.clone(),
    };
    let name = format!("{label}_{}_{attribute}store", facts.text(header.name)).to_lowercase();
    let declared = Declaration { file: class.0, line: header.span.line, by: DeclaredBy::Orm };
    let column = |name: &str| Column { name: name.to_owned(), type_name: None };
    let mut table = DeclaredTable {
        name,
        schema: None,
        model: None,
        declared: vec![declared],
        columns: ["id", "key", "value"].into_iter().map(column).collect(),
        primary_key: vec!["id".to_owned()],
        foreign_keys: Vec::new(),
        polymorphic: Vec::new(),
        told: Told::default(),
    };
    if let Some(to) = model.filter(|_| own).and_then(|row| row.table.clone()) {
        let other = Other { class: Some(class), table: to };
        table.columns.push(column("object_id"));
        table.foreign_keys.push(key(models, "object_id".to_owned(), &other, None, (class.0, header.span.line)));
    }
    Some(table)
}
