//! Laravel: Eloquent's models and relations, migrations, the query builder, and the code that reads and writes through
//! them.

pub(super) mod accesses;
mod blueprint;
mod container;
pub(super) mod messages;
mod migrations;
mod models;
mod morphs;
mod plural;
pub(super) mod policies;
mod relations;
pub(super) mod routes;
mod schema;
mod strings;

use super::orm::{Attribute, AttributeKind, ClassId, Entities, Entity, Relation};
use super::php::PhpClasses;
use super::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, PairTarget, TableAccess, Told};
use crate::base::Certainty;
use crate::facts::Target;
use crate::frameworks::tables::MappedBy;
use crate::names::FactBase;
use crate::names::php::PHP;
pub(super) use container::{Container, Key};
use models::Models;
pub(super) use plural::{plural, snake};
use relations::{Link, LinkKey};
use std::collections::BTreeMap;
pub(super) use strings::references;

/// How sure a key is that is one of several from the same column.
const ONE_OF_SEVERAL: u8 = 50;

/// Reads every model and migration: tables go to `tables`, classes to `entities`, what migrations do to `accesses`.
pub(super) fn read(classes: &PhpClasses<'_>, entities: &mut Entities, tables: &mut Vec<DeclaredTable>, accesses: &mut Vec<TableAccess>) {
    let mut models = Models::find(classes);
    let made = migrations::read(classes, &models);
    models.settle(classes, |table| made.iter().any(|known| known.name == table));
    let start = tables.len();
    tables.extend(made);
    add_models(classes, &models, start, tables);
    add_links(&models, start, tables);
    morphs::tell(classes, &models, &mut tables[start..]);
    // A table that a later migration drops is not there any more.
    let left = |name: &str| tables[start..].iter().any(|table| table.name == name);
    migrations::changes(classes, &models, &left, accesses);
    describe(&models, entities, classes);
}

/// True where some file of the application imports the framework.
pub(super) fn is_used(base: &FactBase) -> bool {
    let names_it = |text: &str| text.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("Illuminate\\"));
    base.files.iter().filter(|file| !file.left_out && file.source.language == PHP).any(|file| {
        let facts = &file.facts;
        facts.imports.iter().any(|import| match import.target {
            Target::Symbol(path) => names_it(facts.text(path)),
            _ => false,
        })
    })
}

/// Says which model maps which table, and declares tables that no migration makes.
fn add_models(classes: &PhpClasses<'_>, models: &Models, start: usize, tables: &mut Vec<DeclaredTable>) {
    let mut by_name: BTreeMap<String, usize> =
        tables[start..].iter().enumerate().map(|(place, table)| (table.name.clone(), start + place)).collect();
    for (class, model) in &models.rows {
        let Some(name) = &model.table else { continue };
        // Of several classes for one table, the one the others inherit from is its model.
        let above = classes.line(*class).skip(1).filter_map(|above| models.get(above)).any(|above| above.table.as_ref() == Some(name));
        let line = classes.facts(class.0).definition(class.1).span.line;
        let declaration = Declaration { file: class.0, line, by: DeclaredBy::Orm };
        match by_name.get(name) {
            Some(place) => {
                let table = &mut tables[*place];
                table.declared.push(declaration);
                table.model = table.model.take().or_else(|| (!above).then(|| MappedBy::class(*class)));
            }
            None => {
                by_name.insert(name.clone(), tables.len());
                let columns = models.columns(classes, *class).into_iter().map(|name| Column { name, type_name: None }).collect();
                tables.push(DeclaredTable {
                    name: name.clone(),
                    schema: None,
                    model: (!above).then(|| MappedBy::class(*class)),
                    declared: vec![declaration],
                    columns,
                    primary_key: vec![model.key.clone()],
                    foreign_keys: Vec::new(),
                    polymorphic: Vec::new(),
                    told: Told::default(),
                });
            }
        }
    }
}

/// Adds what relations say of keys, and the tables in between that nothing else declares.
fn add_links(models: &Models, start: usize, tables: &mut Vec<DeclaredTable>) {
    let mut by_name: BTreeMap<String, usize> =
        tables[start..].iter().enumerate().map(|(place, table)| (table.name.clone(), start + place)).collect();
    let is_made: Vec<bool> = tables.iter().map(|table| table.declared.iter().any(|row| row.by == DeclaredBy::Migration)).collect();
    for link in models.rows.values().flat_map(|model| model.relations.values()) {
        if let Some(between) = link.between.as_ref().filter(|between| !by_name.contains_key(*between)) {
            by_name.insert(between.clone(), tables.len());
            tables.push(between_table(between, link));
        }
        for key in &link.keys {
            let Some(place) = by_name.get(&key.table) else { continue };
            let certainty = if is_made.get(*place).copied().unwrap_or(false) { 98 } else { 90 };
            add_key(&mut tables[*place], key, link, is_made.get(*place).copied().unwrap_or(false), certainty);
        }
        if let Some((table, kind, id)) = &link.polymorphic
            && let Some(place) = by_name.get(table)
        {
            add_pair(&mut tables[*place], (kind, id), is_made.get(*place).copied().unwrap_or(false));
            tables[*place].told.targets.extend(link.morph_target.clone().map(|to_table| PairTarget {
                key_column: Some(id.clone()),
                to_table,
                file: link.file,
                line: link.line,
            }));
        }
    }
}

fn between_table(name: &str, link: &Link) -> DeclaredTable {
    DeclaredTable {
        name: name.to_owned(),
        schema: None,
        model: None,
        declared: vec![Declaration { file: link.file, line: link.line, by: DeclaredBy::Orm }],
        columns: Vec::new(),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        polymorphic: Vec::new(),
        told: Told::default(),
    }
}

/// A key that a relation tells of; a column that the migrations never made is none.
fn add_key(table: &mut DeclaredTable, key: &LinkKey, link: &Link, is_made: bool, certainty: u8) {
    if !has_column(table, &key.column, is_made) {
        return;
    }
    let evidence = (link.file, link.line, "relation");
    let own = |known: &&mut ForeignKey| known.columns == [key.column.clone()];
    if let Some(known) = table.foreign_keys.iter_mut().filter(own).find(|known| known.to_table == key.to_table) {
        known.evidence.push(evidence);
        known.evidence.sort_unstable();
        known.evidence.dedup();
        return;
    }
    if table.foreign_keys.iter_mut().filter(own).any(|known| known.basis == KeyBasis::Declared) {
        return;
    }
    // A relation that several classes inherit points from one column at each of their tables: each is one of several.
    let rivals = table.foreign_keys.iter_mut().filter(own);
    let certainty = rivals.fold(certainty, |_, known| {
        known.certainty = Certainty(ONE_OF_SEVERAL);
        ONE_OF_SEVERAL
    });
    table.foreign_keys.push(ForeignKey {
        columns: vec![key.column.clone()],
        to_table: key.to_table.clone(),
        to_columns: vec![key.to_column.clone()],
        basis: KeyBasis::Orm,
        certainty: Certainty(certainty),
        evidence: vec![evidence],
    });
}

fn add_pair(table: &mut DeclaredTable, (kind, id): (&str, &str), is_made: bool) {
    let pair = (kind.to_owned(), id.to_owned());
    if has_column(table, kind, is_made) && has_column(table, id, is_made) && !table.polymorphic.contains(&pair) {
        table.polymorphic.push(pair);
    }
}

/// True where a table has a column; a table that only models tell of gets it.
fn has_column(table: &mut DeclaredTable, name: &str, is_made: bool) -> bool {
    let known = table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    if !known && !is_made {
        table.columns.push(Column { name: name.to_owned(), type_name: None });
    }
    known || !is_made
}

/// What accesses need to know of each model.
fn describe(models: &Models, entities: &mut Entities, classes: &PhpClasses<'_>) {
    for (class, model) in &models.rows {
        let attributes = model.relations.iter().map(|(name, link)| (name.clone(), attribute(link))).collect();
        entities.rows.insert(*class, Entity { table: model.table.clone(), attributes, ..Entity::default() });
        if model.table.is_some() {
            let above: Vec<ClassId> = classes.line(*class).skip(1).collect();
            for above in above.into_iter().filter(|above| models.get(*above).is_some_and(|above| above.table.is_none())) {
                entities.below.entry(above).or_default().push(*class);
            }
        }
    }
}

fn attribute(link: &Link) -> Attribute {
    let kind = if link.generic {
        AttributeKind::Generic
    } else {
        AttributeKind::Relation(Relation {
            class: link.class,
            table: link.table.clone(),
            many: link.many,
            join_table: link.between.clone(),
            column: link.own_column.clone(),
        })
    };
    Attribute { kind, query_name: None }
}

/// The model of the one who is logged in: the only model that is called so.
pub(super) fn user(classes: &PhpClasses<'_>, entities: &Entities) -> Option<ClassId> {
    let mut named = entities.rows.keys().copied().filter(|class| classes.bare_name(*class) == "User");
    let first = named.next()?;
    named.next().is_none().then_some(first)
}
