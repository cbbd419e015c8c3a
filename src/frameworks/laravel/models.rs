//! Eloquent's models: which classes are models, their tables and keys.
//!
//! Laravel's own rules (documentation, "Eloquent: Getting Started", "Eloquent: Relationships"): the table is `$table`, or
//! else the bare class name in snake case and in the plural; the key is `$primaryKey` or `id`.

use super::plural::{snake, table_of};
use super::relations::{Link, Relations};
use crate::facts::Shape;
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::PhpClasses;
use std::collections::{BTreeMap, BTreeSet};

/// Library classes whose children are models.
const BASES: [&str; 9] = [
    "illuminate\\database\\eloquent\\model",
    "illuminate\\foundation\\auth\\user",
    "illuminate\\database\\eloquent\\relations\\pivot",
    "illuminate\\database\\eloquent\\relations\\morphpivot",
    "mongodb\\laravel\\eloquent\\model",
    "jenssegers\\mongodb\\eloquent\\model",
    "laravel\\nova\\models\\model",
    "winter\\storm\\database\\model",
    "october\\rain\\database\\model",
];

/// Library models with the table each stands for.
const LIBRARY: [(&str, &str); 16] = [
    ("illuminate\\notifications\\databasenotification", "notifications"),
    ("laravel\\sanctum\\personalaccesstoken", "personal_access_tokens"),
    ("laravel\\passport\\client", "oauth_clients"),
    ("laravel\\passport\\token", "oauth_access_tokens"),
    ("laravel\\passport\\refreshtoken", "oauth_refresh_tokens"),
    ("laravel\\passport\\authcode", "oauth_auth_codes"),
    ("laravel\\cashier\\subscription", "subscriptions"),
    ("laravel\\cashier\\subscriptionitem", "subscription_items"),
    ("laravel\\jetstream\\team", "teams"),
    ("laravel\\jetstream\\membership", "team_user"),
    ("laravel\\jetstream\\teaminvitation", "team_invitations"),
    ("spatie\\permission\\models\\role", "roles"),
    ("spatie\\permission\\models\\permission", "permissions"),
    ("spatie\\medialibrary\\mediacollections\\models\\media", "media"),
    ("spatie\\activitylog\\models\\activity", "activity_log"),
    ("spatie\\tags\\tag", "tags"),
];

/// The trait that marks rows instead of removing them.
const SOFT_DELETES: &str = "illuminate\\database\\eloquent\\softdeletes";

/// One model.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Model {
    /// Its table; none where nobody can tell, and for one that only hands on what it has.
    pub table: Option<String>,
    /// The table is only what the class name makes of it.
    pub by_convention: bool,
    /// Its key column.
    pub key: String,
    /// Where its relations lead.
    pub relations: BTreeMap<String, Link>,
}

impl Model {
    /// The column by which other tables point at this one, unless they say otherwise.
    pub(super) fn foreign_key(&self, bare_name: &str) -> String {
        format!("{}_{}", snake(bare_name), self.key)
    }
}

/// Every model, by class.
#[derive(Debug, Default)]
pub(super) struct Models {
    pub(super) rows: BTreeMap<ClassId, Model>,
}

impl Models {
    /// Every class that is a model, with the table it says or its name makes.
    pub(super) fn find(classes: &PhpClasses<'_>) -> Self {
        let mut rows = BTreeMap::new();
        for file in classes.files() {
            for class in classes.classes_of(file) {
                if classes.facts(file).definition(class.1).kind == crate::facts::DefinitionKind::Class
                    && let Some(model) = model(classes, class)
                {
                    rows.insert(class, model);
                }
            }
        }
        Self { rows }
    }

    pub(super) fn get(&self, class: ClassId) -> Option<&Model> {
        self.rows.get(&class)
    }

    /// Takes the table from models that only hand on what they have: others extend them, and no migration makes the table
    /// their name would mean. Then reads all relations.
    pub(super) fn settle(&mut self, classes: &PhpClasses<'_>, is_made: impl Fn(&str) -> bool) {
        let extended: Vec<ClassId> = self.rows.keys().flat_map(|class| classes.line(*class).skip(1)).collect();
        for (class, model) in &mut self.rows {
            let made = model.table.as_deref().is_some_and(&is_made);
            if model.by_convention && !made && extended.contains(class) {
                model.table = None;
            }
        }
        let links: Vec<BTreeMap<String, Link>> = {
            let mut relations = Relations::new(classes, self);
            self.rows.keys().map(|class| relations.of(*class)).collect()
        };
        // A pivot is used for whatever table its relation names.
        let named: BTreeSet<String> = links.iter().flat_map(BTreeMap::values).filter_map(|link| link.between.clone()).collect();
        for ((class, model), links) in self.rows.iter_mut().zip(links) {
            model.relations = links;
            let unnamed = model.table.as_deref().is_some_and(|table| !named.contains(table) && !is_made(table));
            if model.by_convention && unnamed && classes.is_below(*class, &BASES[2..4]) {
                model.table = None;
            }
        }
    }

    /// The columns that a model itself tells of, for a table no migration makes.
    pub(super) fn columns(&self, classes: &PhpClasses<'_>, class: ClassId) -> Vec<String> {
        let Some(model) = self.get(class) else { return Vec::new() };
        let mut columns = vec![model.key.clone()];
        columns.extend(model.relations.values().filter_map(|link| link.own_column.clone()));
        for (member, keys) in [("fillable", false), ("casts", true)] {
            if let Some((file, value)) = classes.value_of(class, member) {
                columns.extend(classes.elements(file, Some(class.1), value, keys, 6));
            }
        }
        let stamped = classes.value_of(class, "timestamps").is_none_or(|(file, value)| {
            let facts = classes.facts(file);
            !matches!(facts.value(value).shape, Shape::Constant(word) if facts.text(word).eq_ignore_ascii_case("false"))
        });
        if stamped {
            columns.extend(["created_at".to_owned(), "updated_at".to_owned()]);
        }
        if classes.is_below(class, &[SOFT_DELETES]) {
            columns.push("deleted_at".to_owned());
        }
        let mut seen = std::collections::BTreeSet::new();
        columns.retain(|column| seen.insert(column.clone()));
        columns
    }
}

/// The table of a library's model.
pub(super) fn library_table(name: &str) -> Option<&'static str> {
    LIBRARY.iter().find(|(known, _)| *known == name).map(|(_, table)| *table)
}

/// A class as a model, where a library's model is above it.
fn model(classes: &PhpClasses<'_>, class: ClassId) -> Option<Model> {
    let lineage = classes.lineage(class);
    let mut library = None;
    let mut is_model = false;
    for above in lineage.iter() {
        let Ancestor::Outside(name) = above else { continue };
        is_model |= BASES.contains(&name.as_str()) || library_table(name).is_some();
        library = library.or_else(|| library_table(name));
    }
    is_model.then_some(())?;
    let is_pivot = classes.is_below(class, &BASES[2..4]);
    let key = text_of(classes, class, "primaryKey").unwrap_or_else(|| "id".to_owned());
    let written = written_table(classes, class);
    let (table, by_convention) = match (written, library) {
        (Written::Known(table), _) => (Some(table), false),
        (Written::Open, _) => (None, false),
        (Written::No, Some(table)) => (Some(table.to_owned()), false),
        // A table between two others is called after both, in the singular.
        (Written::No, None) if is_pivot => (Some(snake(classes.bare_name(class))), true),
        (Written::No, None) => (Some(table_of(classes.bare_name(class))), true),
    };
    Some(Model { table, by_convention, key, relations: BTreeMap::new() })
}

/// What a class says of its table.
enum Written {
    Known(String),
    /// It is put together at run time.
    Open,
    No,
}

/// `$table`, or what `getTable` gives back.
fn written_table(classes: &PhpClasses<'_>, class: ClassId) -> Written {
    if let Some((file, value)) = classes.value_of(class, "table") {
        return match classes.text(file, Some(class.1), value) {
            Some(table) => Written::Known(table),
            None => Written::Open,
        };
    }
    let Some((file, method)) = classes.method(class, "getTable") else { return Written::No };
    let facts = classes.facts(file);
    let mut given = facts.returned.iter().filter(|(owner, _)| *owner == method);
    match given.find_map(|(_, value)| classes.text(file, Some(method), *value)) {
        Some(table) => Written::Known(table),
        None => Written::Open,
    }
}

fn text_of(classes: &PhpClasses<'_>, class: ClassId, member: &str) -> Option<String> {
    let (file, value) = classes.value_of(class, member)?;
    classes.text(file, classes.facts(file).owner_of(value), value)
}
