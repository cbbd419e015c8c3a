//! Waterline, the models of Sails: every file of `api/models` exports what its table is like, and all other code knows
//! it by the name of that file.

use super::described::column_type;
use super::literals::{entries, entry, last, text};
use super::models::{NodeModel, Pointer, To};
use super::naming::{Library, Naming};
use crate::base::FileId;
use crate::facts::{Binding, Binds, FileFacts, ValueId};
use crate::names::FactBase;

/// The models of all applications.
pub(super) fn models(base: &FactBase, files: &[FileId]) -> Vec<NodeModel> {
    let found = files.iter().filter_map(|file| {
        let (application, _) = base.path(*file).split_once("api/models/")?;
        model(base, *file, &common(base, files, application))
    });
    found.collect()
}

/// What every model of an application has: `attributes` of `config/models.js`.
fn common(base: &FactBase, files: &[FileId], application: &str) -> Option<(FileId, ValueId)> {
    let paths = ["js", "ts"].map(|ending| format!("{application}config/models.{ending}"));
    let place = paths.iter().find_map(|path| files.binary_search_by(|file| base.path(*file).cmp(path)).ok())?;
    let file = files[place];
    Some((file, entry(base.facts(file), exported(base.facts(file), "models")?, "attributes")?))
}

fn exported(facts: &FileFacts, name: &str) -> Option<ValueId> {
    let exports = |binding: &&Binding| binding.binds == Binds::Export && facts.last_name(binding.target) == Some(name);
    facts.bindings.iter().find(exports)?.value
}

fn model(base: &FactBase, file: FileId, common: &Option<(FileId, ValueId)>) -> Option<NodeModel> {
    let facts = base.facts(file);
    let described = exported(facts, "default")?;
    let attributes = entry(facts, described, "attributes")?;
    let name = base.file(file).source.path.stem();
    let table = text(facts, described, "tableName").map_or_else(|| name.to_lowercase(), str::to_owned);
    let line = facts.value(described).line;
    let mut model = NodeModel { naming: Naming::of(Library::Waterline), ..NodeModel::new(file, name.to_owned(), table, line) };
    let own = entries(facts, attributes);
    if let Some((file, shared)) = common {
        let facts = base.facts(*file);
        let inherited = entries(facts, *shared).into_iter().filter(|(key, _)| !own.iter().any(|(own, _)| own == key));
        inherited.for_each(|(key, attribute)| add(facts, key, attribute, &mut model));
    }
    own.into_iter().for_each(|(key, attribute)| add(facts, key, attribute, &mut model));
    let key = text(facts, described, "primaryKey").unwrap_or("id");
    if model.primary_key.is_empty() && model.columns.iter().any(|column| column.name == model.column_of(key)) {
        model.primary_key.push(model.column_of(key));
    }
    Some(model)
}

/// `userId: { model: 'User', columnName: 'user_id' }`; a `collection` is kept on the other side.
fn add(facts: &FileFacts, key: &str, attribute: ValueId, model: &mut NodeModel) {
    if entry(facts, attribute, "collection").is_some() {
        return;
    }
    let column = text(facts, attribute, "columnName").unwrap_or(key);
    let target = entry(facts, attribute, "model");
    model.add_property(key, column, if target.is_some() { None } else { column_type(facts, attribute) });
    if let Some(to) = target.and_then(|target| last(facts, target)) {
        let line = facts.value(attribute).line;
        model.pointers.push(Pointer { column: column.to_owned(), to: To::Name(to.to_owned()), to_column: None, line });
    }
}
