//! `relationship(...)`: where it leads, through which table, and what the other side calls it.

use super::Mapping;
use super::body::{Part, PartKind};
use super::made::{Made, MadeKind};
use super::mapped::{Target, full_name};
use super::text::Place;
use crate::facts::{FileFacts, Shape, ValueId};
use crate::frameworks::orm::{ClassId, Relation};
use crate::frameworks::tables::DeclaredTable;

/// A relationship, read.
pub(super) struct RelationRead {
    /// The way there.
    pub there: Relation,
    /// The way back that this side makes on the other class: its name and whether it gives many.
    pub back: Option<(String, bool)>,
}

/// Collections that a relationship to many is annotated with.
const COLLECTIONS: [&str; 11] =
    ["list", "List", "set", "Set", "Sequence", "Collection", "Iterable", "dict", "Dict", "DynamicMapped", "WriteOnlyMapped"];

impl Mapping<'_> {
    /// An attribute as a relationship, if it is one; `tables` are those of all mapped classes.
    pub(super) fn relation(&self, class: ClassId, part: &Part, tables: &[DeclaredTable]) -> Option<RelationRead> {
        let PartKind::Made(made) = &part.kind else { return None };
        if made.kind != MadeKind::Relationship {
            return None;
        }
        let mut made = made.clone();
        made.known.class = Some(class);
        let facts = self.classes.base.facts(made.file);
        let written = facts.argument(&made.call, 0, "argument");
        let annotated = self.annotated_target(part);
        let target = match written {
            Some(value) => self.target(made.at(), value, &made.known),
            None => annotated.as_ref().and_then(|(name, _)| self.class_named(made.at(), name).map(Target::Ours)),
        };
        let (other, table) = match target {
            Some(Target::Ours(other)) => (Some(other), self.table_of(other)),
            Some(Target::Outside(table)) => (None, Some(table)),
            None => (None, None),
        };
        let between = facts.argument(&made.call, 1, "secondary").or_else(|| made.keyword(facts, "link_model"));
        let join_table = between.and_then(|value| self.table_named(made.at(), value, &made));
        let own = self.table_of(class);
        let column = self.key_column(&made, class, own.as_deref(), table.as_deref(), tables);
        let many = if between.is_some() {
            true
        } else if made.is(facts, "uselist", "False") {
            false
        } else if let Some((_, many)) = annotated {
            many
        } else {
            // A key on this side leads to one row.
            !self.key_is_here(&made, class, own.as_deref(), table.as_deref(), tables)
                || own == table && made.keyword(facts, "remote_side").is_none()
        };
        let column = column.filter(|_| !many);
        let back = self.way_back(&made, many, between.is_some());
        Some(RelationRead { there: Relation { class: other, table, many, join_table, column }, back })
    }

    /// The class an annotation names, and whether it gives many: `Mapped[list["Line"]]`.
    fn annotated_target(&self, part: &Part) -> Option<(String, bool)> {
        let facts = self.classes.base.facts(part.file);
        let mut found = (None, false);
        unwrap(facts, part.annotation?, 8, &mut found);
        found.0.map(|name| (name, found.1))
    }

    /// The table an expression names: a string, a plain table, a class or its `__table__`.
    fn table_named(&self, at: Place, value: ValueId, made: &Made) -> Option<String> {
        let facts = self.classes.base.facts(at.file);
        if let Some(place) = self.plain_table(at, value) {
            return Some(self.plain[place].full_name());
        }
        match facts.value(value).shape {
            // A variable's name is looked up by SQLAlchemy where no table is called so.
            Shape::Literal(text) => Some(facts.text(text).rsplit('.').next().unwrap_or_default().to_owned()),
            Shape::Inline(lambda) => {
                let inner = ValueId(facts.definition(lambda).values.end.checked_sub(1)?);
                match facts.value(inner).shape {
                    Shape::Inline(_) => None,
                    _ => self.table_named(Place { file: at.file, owner: Some(lambda) }, inner, made),
                }
            }
            Shape::Member(object, name) if facts.text(name) == "__table__" => self.table_of(self.class_at(at, object, &made.known)?),
            Shape::Name(_) | Shape::Member(..) => self.table_of(self.class_at(at, value, &made.known)?),
            _ => None,
        }
    }

    /// The column of this side's table that points at the other's: the one `foreign_keys` names, or the only one.
    fn key_column(&self, made: &Made, class: ClassId, own: Option<&str>, other: Option<&str>, tables: &[DeclaredTable]) -> Option<String> {
        let facts = self.classes.base.facts(made.file);
        let table = tables.iter().find(|table| own == Some(full_name(table.schema.as_deref(), &table.name).as_str()))?;
        let mut keys = table.foreign_keys.iter().filter(|key| Some(key.to_table.as_str()) == other && key.columns.len() == 1);
        let named = made.keyword(facts, "foreign_keys").and_then(|value| {
            let value = match facts.value(value).shape {
                Shape::List(parts) => *facts.items(parts).first()?,
                _ => value,
            };
            let name = match facts.value(value).shape {
                Shape::Literal(text) => facts.text(text).trim_matches(['[', ']']).rsplit('.').next()?,
                _ => facts.last_name(value)?,
            };
            self.column_of(class, name)
        });
        match named {
            Some(named) => keys.find(|key| key.columns[0] == named).map(|_| named),
            None => keys.next().map(|key| key.columns[0].clone()),
        }
    }

    /// True when this side holds the key, over however many columns, or says that it does (`foreign_keys=[owner_id]`).
    fn key_is_here(&self, made: &Made, class: ClassId, own: Option<&str>, other: Option<&str>, tables: &[DeclaredTable]) -> bool {
        let table = tables.iter().find(|table| own == Some(full_name(table.schema.as_deref(), &table.name).as_str()));
        if table.is_some_and(|table| table.foreign_keys.iter().any(|key| Some(key.to_table.as_str()) == other)) {
            return true;
        }
        let facts = self.classes.base.facts(made.file);
        let Some(written) = made.keyword(facts, "foreign_keys") else { return false };
        let first = match facts.value(written).shape {
            Shape::List(parts) => facts.items(parts).first().copied(),
            _ => Some(written),
        };
        match first.map(|value| facts.value(value).shape) {
            Some(Shape::Name(name)) => self.column_of(class, facts.text(name)).is_some(),
            Some(Shape::Literal(text)) => {
                let theirs = self.classes.base.facts(class.0);
                let name = theirs.text(theirs.definition(class.1).name);
                facts.text(text).trim_start_matches('[').split('.').next() == Some(name)
            }
            _ => false,
        }
    }

    /// `backref="orders"`, `backref=backref("orders", uselist=False)`.
    fn way_back(&self, made: &Made, many: bool, through_table: bool) -> Option<(String, bool)> {
        let facts = self.classes.base.facts(made.file);
        let value = made.keyword(facts, "backref")?;
        let usual = through_table || !many;
        if let Some(name) = self.text(made.at(), value, &made.known) {
            return Some((name, usual));
        }
        let call = facts.as_call(value)?;
        let name = self.text(made.at(), facts.argument(call, 0, "name")?, &made.known)?;
        let single = facts.argument(call, usize::MAX, "uselist").is_some_and(|value| super::body::is_constant(facts, value, "False"));
        Some((name, usual && !single))
    }
}

/// Takes an annotation apart: the last class name in it, and whether a collection stands around.
fn unwrap(facts: &FileFacts, annotation: ValueId, left: u32, found: &mut (Option<String>, bool)) {
    let Some(left) = left.checked_sub(1) else { return };
    match facts.value(annotation).shape {
        Shape::Item(object, inner) => {
            found.1 |= facts.last_name(object).is_some_and(|name| COLLECTIONS.contains(&name));
            unwrap(facts, inner, left, found);
        }
        Shape::Literal(text) => {
            let words: Vec<&str> =
                facts.text(text).split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
            found.1 |= words.iter().any(|word| COLLECTIONS.contains(word));
            let class = words.iter().rev().find(|word| **word != "None" && !COLLECTIONS.contains(word));
            found.0 = found.0.take().or_else(|| class.map(|class| (*class).to_owned()));
        }
        Shape::Name(name) | Shape::Member(_, name) => {
            found.0 = found.0.take().or_else(|| Some(facts.text(name).to_owned()));
        }
        Shape::List(parts) | Shape::Other(parts) | Shape::Choice(parts) => {
            facts.items(parts).iter().for_each(|part| unwrap(facts, *part, left, found));
        }
        Shape::Joined(first, second) => {
            unwrap(facts, first, left, found);
            unwrap(facts, second, left, found);
        }
        _ => {}
    }
}
