//! Tables of Django models: which classes are models, and their columns, keys and tables in between.
//!
//! Follows Django's own rules (documentation, "Models" and "Model Meta options"): abstract bases hand their fields on,
//! a concrete base is a table of its own that the child points at, a proxy is another face of its parent's table.

mod columns;
mod faces;
mod fields;
mod hierarkey;
mod meta;
mod migrations;
mod outside;
mod relations;

pub(in crate::frameworks) use outside::inherited_columns;
pub(in crate::frameworks) use outside::table as outside_table;

use super::ModelIndex;
use crate::base::Tag;
use crate::facts::DefinitionId;
use crate::frameworks::orm::{Ancestor, ClassId, Classes, Entities};
use crate::frameworks::tables::DeclaredTable;
use fields::{Field, FieldKind};
use meta::Meta;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A class that is a model.
struct Model {
    label: String,
    name: String,
    meta: Meta,
    fields: Vec<Field>,
    lineage: Rc<[Ancestor]>,
    /// Its own table, or its concrete parent's for a proxy; none for an abstract model.
    table: Option<String>,
}

/// Every model of the tree, and what settings name.
struct Models<'a> {
    classes: &'a Classes<'a>,
    rows: BTreeMap<ClassId, Model>,
    /// Concrete models by label and lower-case name.
    by_label: FxHashMap<(String, String), ClassId>,
    settings: FxHashMap<String, Option<String>>,
}

/// Reads every model: its table goes to `tables`, its class to `entities`. Gives the model of users, where there is one.
pub(in crate::frameworks) fn read(classes: &Classes<'_>, entities: &mut Entities, tables: &mut Vec<DeclaredTable>) -> Option<ClassId> {
    if classes.names.apps.is_empty() {
        return None;
    }
    let index = ModelIndex::of(classes.base, classes.names);
    let mut models = Models {
        classes,
        rows: BTreeMap::new(),
        by_label: FxHashMap::default(),
        settings: super::strings::model_settings(classes.base, classes.names),
    };
    for file in classes.base.ids() {
        let entry = classes.base.file(file);
        if !entry.left_out && !entry.tags.contains(Tag::Migration) {
            models.add_file(&index, file);
        }
    }
    models.name_tables();
    columns::tables(&models, tables);
    hierarkey::tables(&models, &index, tables);
    migrations::witness(&models, &index, tables);
    faces::tell(&models, tables);
    relations::entities(&models, entities);
    models.user()
}

impl Models<'_> {
    /// The model that stands for users: what the setting names, or else the only one made of Django's base for users.
    fn user(&self) -> Option<ClassId> {
        let any = self.rows.keys().next()?;
        if let Some(found) = self.setting(*any, outside::USER).and_then(|other| other.class) {
            return Some(found);
        }
        let is_user = |row: &Model| {
            row.lineage.iter().any(|ancestor| match ancestor {
                Ancestor::Outside(name) => name.ends_with(".AbstractBaseUser") || name.ends_with(".AbstractUser"),
                Ancestor::Ours(_) => false,
            })
        };
        let mut users = self.rows.iter().filter(|(_, row)| row.table.is_some() && !row.meta.is_proxy && is_user(row));
        let first = users.next()?;
        users.next().is_none().then_some(*first.0)
    }

    fn add_file(&mut self, index: &ModelIndex<'_>, file: crate::base::FileId) {
        let facts = self.classes.base.facts(file);
        let mut bodies: FxHashMap<DefinitionId, Vec<u32>> = FxHashMap::default();
        for (place, binding) in (0u32..).zip(&facts.bindings) {
            if let Some(owner) = binding.owner.filter(|owner| facts.definition(*owner).kind.is_type()) {
                bodies.entry(owner).or_default().push(place);
            }
        }
        for (id, definition) in facts.definitions() {
            if !definition.kind.is_type() || definition.bases.is_empty() {
                continue;
            }
            let class = (file, id);
            let lineage = self.classes.lineage(class);
            let Some(certain) = descends_from_a_model(&lineage) else { continue };
            let fields = fields::of_class(self.classes, class, bodies.get(&id).map_or(&[], Vec::as_slice));
            let meta = meta::of_class(self.classes, class);
            // A base that no one knows: fields of models in the body decide.
            if !certain && !has_model_fields(self.classes, &fields) {
                continue;
            }
            let path = self.classes.base.path(file);
            let label = meta.app_label.clone().or_else(|| index.app_of(path).map(|app| app.label.clone()));
            let label =
                label.unwrap_or_else(|| self.classes.base.file(file).source.path.parent().rsplit('/').next().unwrap_or("").to_owned());
            let name = facts.text(definition.name).to_owned();
            self.rows.insert(class, Model { label, name, meta, fields, lineage, table: None });
        }
    }

    /// Names the tables of concrete models, then those of proxies, and drops classes whose unknown base is no model's.
    fn name_tables(&mut self) {
        let ids: Vec<ClassId> = self.rows.keys().copied().collect();
        for class in &ids {
            let row = &self.rows[class];
            if row.meta.is_abstract || row.meta.is_proxy {
                continue;
            }
            let inherited = (!row.meta.written).then(|| self.inherited_meta(*class)).flatten();
            let written = row.meta.db_table.clone().or_else(|| inherited.and_then(|meta| meta.db_table.clone()));
            let label = inherited.and_then(|meta| meta.app_label.clone()).unwrap_or_else(|| row.label.clone());
            let table = written.unwrap_or_else(|| format!("{label}_{}", row.name.to_lowercase()));
            let row = self.rows.get_mut(class).expect("the ids are the rows'");
            (row.label, row.table) = (label, Some(table));
        }
        for class in &ids {
            if !self.rows[class].meta.is_abstract && self.rows[class].meta.is_proxy {
                let table = self.concrete_parents(*class).first().and_then(|parent| self.rows[parent].table.clone());
                let table = table.or_else(|| {
                    self.rows[class].lineage.iter().find_map(|ancestor| match ancestor {
                        Ancestor::Outside(name) if outside::is_user(name) => self.setting(*class, outside::USER).map(|user| user.table),
                        Ancestor::Outside(name) => outside::table(name),
                        Ancestor::Ours(_) => None,
                    })
                });
                self.rows.get_mut(class).expect("the ids are the rows'").table = table;
            }
        }
        for (class, row) in &self.rows {
            if !row.meta.is_abstract {
                self.by_label.entry((row.label.to_lowercase(), row.name.to_lowercase())).or_insert(*class);
            }
        }
    }

    /// Without a `Meta` of its own a model has that of its first abstract base that has one.
    fn inherited_meta(&self, class: ClassId) -> Option<&Meta> {
        self.rows[&class].lineage.iter().find_map(|ancestor| match ancestor {
            Ancestor::Ours(parent) => self.rows.get(parent).map(|row| &row.meta).filter(|meta| meta.written && meta.is_abstract),
            Ancestor::Outside(_) => None,
        })
    }

    /// The nearest concrete models above a class: each is a table that its rows have a part in.
    fn concrete_parents(&self, class: ClassId) -> Vec<ClassId> {
        let mut above: Vec<ClassId> = Vec::new();
        let mut covered: Vec<ClassId> = Vec::new();
        for ancestor in self.rows[&class].lineage.iter() {
            let Ancestor::Ours(parent) = ancestor else { continue };
            let Some(row) = self.rows.get(parent) else { continue };
            if row.meta.is_abstract || covered.contains(parent) {
                continue;
            }
            covered.extend(row.lineage.iter().filter_map(|further| match further {
                Ancestor::Ours(further) => Some(*further),
                Ancestor::Outside(_) => None,
            }));
            if row.meta.is_proxy {
                above.extend(self.concrete_parents(*parent));
            } else {
                above.push(*parent);
            }
        }
        above.dedup();
        above
    }
}

/// Whether a lineage leads to a model: `Some(true)` for sure, `Some(false)` when it ends at a base nobody knows.
fn descends_from_a_model(lineage: &[Ancestor]) -> Option<bool> {
    let mut unknown = false;
    for ancestor in lineage {
        let Ancestor::Outside(name) = ancestor else { continue };
        if outside::model(name).is_some() || outside::is_user(name) {
            return Some(true);
        }
        // Django's own classes are known: those that are no models are none.
        let own = name.starts_with("django.") && outside::table(name).is_none();
        unknown |= !own && !outside::is_other_layer(name) && name.contains('.');
    }
    unknown.then_some(false)
}

/// True when a body has a field that Django's own models module makes.
fn has_model_fields(classes: &Classes<'_>, fields: &[Field]) -> bool {
    fields.iter().any(|field| {
        let Some(call) = field.call else { return false };
        matches!(field.kind, FieldKind::Column | FieldKind::ForeignKey(_) | FieldKind::ManyToMany)
            && classes.meant(field.file, Some(field.class), call.callee).iter().any(|meant| match meant {
                crate::frameworks::orm::Meant::Outside(name) => name.starts_with("django.") && name.contains(".models."),
                crate::frameworks::orm::Meant::Ours(..) => true,
            })
    })
}
