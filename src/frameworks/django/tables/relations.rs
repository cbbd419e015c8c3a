//! Attributes of models, for those who follow expressions: columns, relations both ways, managers.

use super::Models;
use super::columns::{Other, Part, column_of};
use super::fields::{Field, FieldKind};
use crate::frameworks::orm::{Ancestor, Attribute, AttributeKind, ClassId, Entities, Entity, Relation};

/// Describes every model as a mapped class.
pub(super) fn entities(models: &Models<'_>, out: &mut Entities) {
    for (class, row) in &models.rows {
        let mut entity = Entity { table: row.table.clone(), ..Entity::default() };
        for field in models.all_fields(*class) {
            add_field(models, *class, field, &mut entity);
        }
        entity.parent_tables = models.concrete_parents(*class).iter().filter_map(|parent| models.rows[parent].table.clone()).collect();
        out.rows.insert(*class, entity);
    }
    for (class, row) in models.rows.iter().filter(|(_, row)| !row.meta.is_abstract) {
        for ancestor in row.lineage.iter() {
            if let Ancestor::Ours(above) = ancestor
                && models.rows.get(above).is_some_and(|row| row.meta.is_abstract)
            {
                out.below.entry(*above).or_default().push(*class);
            }
        }
        if !row.meta.is_proxy {
            add_ways_back(models, *class, out);
        }
    }
    inherit_ways_back(models, out);
}

impl Models<'_> {
    /// The fields a class and everything it inherits from write, nearest first, each name once.
    fn all_fields(&self, class: ClassId) -> Vec<&Field> {
        let mut seen: Vec<&str> = Vec::new();
        let mut fields = Vec::new();
        let above = self.rows[&class].lineage.iter().filter_map(|ancestor| match ancestor {
            Ancestor::Ours(class) => self.rows.get(class),
            Ancestor::Outside(_) => None,
        });
        for row in std::iter::once(&self.rows[&class]).chain(above) {
            for field in &row.fields {
                if !seen.contains(&field.name.as_str()) {
                    seen.push(&field.name);
                    fields.push(field);
                }
            }
        }
        fields
    }
}

fn add_field(models: &Models<'_>, class: ClassId, field: &Field, entity: &mut Entity) {
    let kind = match field.kind {
        FieldKind::Column => AttributeKind::Column(column_of(models, field)),
        FieldKind::ForeignKey(_) => {
            let column = column_of(models, field);
            let by_key = Attribute { kind: AttributeKind::Column(column.clone()), query_name: None };
            entity.attributes.insert(format!("{}_id", field.name), by_key);
            AttributeKind::Relation(relation(models.other(class, field), false, None, Some(column)))
        }
        FieldKind::ManyToMany => {
            let other = models.other(class, field);
            AttributeKind::Relation(relation(other, true, between(models, class, field), None))
        }
        FieldKind::GenericRelation => AttributeKind::Relation(relation(models.other(class, field), true, None, None)),
        FieldKind::Manager(class) => AttributeKind::Manager(class),
        FieldKind::Generic => AttributeKind::Generic,
        FieldKind::Removed => return,
    };
    entity.attributes.insert(field.name.clone(), Attribute { kind, query_name: None });
}

fn relation(other: Option<Other>, many: bool, join_table: Option<String>, column: Option<String>) -> Relation {
    let (class, table) = other.map_or((None, None), |other| (other.class, Some(other.table)));
    Relation { class, table, many, join_table, column }
}

/// The table between the two sides of a many-to-many field.
fn between(models: &Models<'_>, class: ClassId, field: &Field) -> Option<String> {
    let facts = models.classes.base.facts(field.file);
    if let Some(through) = field.argument(facts, usize::MAX, "through") {
        return models.target(class, field.file, field.class, through).map(|other| other.table);
    }
    if let Some(name) = field.literal(facts, "db_table") {
        return Some(name.to_owned());
    }
    models.rows[&class].table.as_ref().map(|table| format!("{table}_{}", field.name))
}

/// What a model's relations add to the other side.
fn add_ways_back(models: &Models<'_>, class: ClassId, out: &mut Entities) {
    let row = &models.rows[&class];
    for part in models.parts(class) {
        let Part::Field(field) = part else { continue };
        let many = match field.kind {
            FieldKind::ForeignKey(one_to_one) => !one_to_one,
            FieldKind::ManyToMany => true,
            _ => continue,
        };
        let facts = models.classes.base.facts(field.file);
        let Some(other) = models.other(class, field).and_then(|other| other.class) else { continue };
        note_deletion(models, class, field, other, out);
        let own = row.name.to_lowercase();
        let fill = |text: &str| {
            text.replace("%(class)s", &own).replace("%(model_name)s", &own).replace("%(app_label)s", &row.label.to_lowercase())
        };
        let written = field.literal(facts, "related_name").map(&fill);
        if written.as_deref().is_some_and(|name| name.ends_with('+')) {
            continue;
        }
        let name = written.clone().unwrap_or_else(|| if many { format!("{own}_set") } else { own.clone() });
        let query_name = field.literal(facts, "related_query_name").map(&fill).or(written).unwrap_or(own);
        let join_table = if field.kind == FieldKind::ManyToMany { between(models, class, field) } else { None };
        let back = Relation { class: Some(class), table: row.table.clone(), many, join_table, column: None };
        let attribute = Attribute { kind: AttributeKind::Relation(back), query_name: Some(query_name) };
        // A relation to a proxy or to a concrete parent shows on every face of that table.
        if let Some(entity) = out.rows.get_mut(&other) {
            entity.attributes.entry(name).or_insert(attribute);
        }
    }
}

/// What deleting a row on the other side does to this class's rows.
fn note_deletion(models: &Models<'_>, class: ClassId, field: &Field, other: ClassId, out: &mut Entities) {
    if field.kind == FieldKind::ManyToMany {
        let Some(table) = between(models, class, field) else { return };
        for side in [class, other] {
            if let Some(entity) = out.rows.get_mut(&side) {
                entity.links.push(table.clone());
            }
        }
        return;
    }
    let facts = models.classes.base.facts(field.file);
    // Before Django 2 nothing had to be said, and rows went too.
    let said = field.argument(facts, 1, "on_delete").and_then(|value| {
        let value = facts.as_call(value).map_or(value, |call| call.callee);
        facts.last_name(value)
    });
    let goes_too = match said {
        None | Some("CASCADE") => true,
        Some("SET_NULL" | "SET_DEFAULT" | "SET") => false,
        Some(_) => return,
    };
    if let Some(entity) = out.rows.get_mut(&other) {
        entity.on_delete.push((class, goes_too));
    }
}

/// Ways back are inherited by children and shown by proxies, like everything else.
fn inherit_ways_back(models: &Models<'_>, out: &mut Entities) {
    for (class, row) in &models.rows {
        let mut more = Vec::new();
        for ancestor in row.lineage.iter() {
            if let Ancestor::Ours(above) = ancestor
                && let Some(entity) = out.rows.get(above)
            {
                more.extend(entity.attributes.iter().map(|(name, attribute)| (name.clone(), attribute.clone())));
            }
        }
        let entity = out.rows.get_mut(class).expect("every model is an entity");
        for (name, attribute) in more {
            entity.attributes.entry(name).or_insert(attribute);
        }
        let has_manager = entity.attributes.values().any(|attribute| matches!(attribute.kind, AttributeKind::Manager(_)));
        if !has_manager {
            entity.attributes.insert("objects".to_owned(), Attribute { kind: AttributeKind::Manager(None), query_name: None });
        }
    }
}
