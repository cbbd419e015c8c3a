//! Mapped classes for those who follow expressions: columns and relationships both ways, inherited ones included.

use super::Mapping;
use super::body::Body;
use super::columns::Piece;
use super::mapped::ours;
use crate::frameworks::orm::{Attribute, AttributeKind, ClassId, Entities, Entity, Relation};
use crate::frameworks::tables::DeclaredTable;

/// Describes every mapped class, given the tables of all.
pub(super) fn describe(mapping: &Mapping<'_>, declared: &[DeclaredTable], out: &mut Entities) {
    let mut ways_back: Vec<(ClassId, String, Relation)> = Vec::new();
    for (class, mapped) in &mapping.mapped {
        let mut entity = Entity { table: Some(mapped.full_name()), by_session: true, ..Entity::default() };
        add_attributes(mapping, *class, declared, &mut entity, &mut ways_back);
        if let Some(parent) = mapped.parent.filter(|_| !mapped.shares) {
            entity.parent_tables.push(mapping.mapped[&parent].full_name());
        }
        out.rows.insert(*class, entity);
    }
    for (class, name, relation) in ways_back {
        if let Some(entity) = out.rows.get_mut(&class) {
            let attribute = Attribute { kind: AttributeKind::Relation(relation), query_name: None };
            entity.attributes.entry(name).or_insert(attribute);
        }
    }
    describe_abstract(mapping, declared, out);
}

/// Classes without a table that mapped classes inherit from.
fn describe_abstract(mapping: &Mapping<'_>, declared: &[DeclaredTable], out: &mut Entities) {
    for (class, mapped) in &mapping.mapped {
        for above in ours(&mapped.lineage).filter(|above| !mapping.mapped.contains_key(above)) {
            if mapping.bodies.get(&above).is_none_or(Body::is_empty) {
                continue;
            }
            out.below.entry(above).or_default().push(*class);
            out.rows.entry(above).or_insert_with(|| {
                let mut entity = Entity { by_session: true, ..Entity::default() };
                add_attributes(mapping, above, declared, &mut entity, &mut Vec::new());
                entity
            });
        }
    }
}

fn add_attributes(
    mapping: &Mapping<'_>,
    class: ClassId,
    declared: &[DeclaredTable],
    entity: &mut Entity,
    ways_back: &mut Vec<(ClassId, String, Relation)>,
) {
    if let Some(place) = mapping.mapped.get(&class).and_then(|mapped| mapped.plain) {
        for column in &mapping.plain[place].table.columns {
            let kind = AttributeKind::Column(column.name.clone());
            entity.attributes.insert(column.name.clone(), Attribute { kind, query_name: None });
        }
    }
    for piece in mapping.all_pieces(class) {
        let (name, kind) = match piece {
            Piece::Outside(written) => {
                let name = written.trim_start_matches('*').split('>').next().unwrap_or(written);
                (name.to_owned(), AttributeKind::Column(name.to_owned()))
            }
            Piece::Part(part) => match (mapping.column(class, part), mapping.relation(class, part, declared)) {
                (Some(column), _) => (part.name.clone(), AttributeKind::Column(column.name)),
                (None, Some(relation)) => {
                    if let (Some(other), Some((name, many))) = (relation.there.class, relation.back) {
                        let table = entity.table.clone();
                        let join_table = relation.there.join_table.clone();
                        ways_back.push((other, name, Relation { class: Some(class), table, many, join_table, column: None }));
                    }
                    (part.name.clone(), AttributeKind::Relation(relation.there))
                }
                (None, None) => continue,
            },
        };
        entity.attributes.insert(name, Attribute { kind, query_name: None });
    }
}
