//! Mapped classes: which table a class stands for, and what its attributes are.

use super::ClassId;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Where a relation leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) struct Relation {
    /// The class on the other side, where it is of the tree.
    pub class: Option<ClassId>,
    /// The table on the other side, where it is known.
    pub table: Option<String>,
    /// The attribute gives many objects.
    pub many: bool,
    /// The table in between, for many-to-many.
    pub join_table: Option<String>,
    /// The column on this side that holds the key.
    pub column: Option<String>,
}

/// What an attribute of a mapped class is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum AttributeKind {
    /// A plain column, by its name in the database.
    Column(String),
    /// A way to other rows.
    Relation(Relation),
    /// Gives sets of this class's rows; with its own class where the tree has it.
    Manager(Option<ClassId>),
    /// Points at rows of any table (generic foreign key).
    Generic,
}

/// One attribute.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) struct Attribute {
    /// What it is.
    pub kind: AttributeKind,
    /// Names by which queries reach it besides its own.
    pub query_name: Option<String>,
}

/// A mapped class.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::frameworks) struct Entity {
    /// Its table; none for a class that only hands on what it has.
    pub table: Option<String>,
    /// Tables of the concrete classes it inherits from, whose rows are written with its own.
    pub parent_tables: Vec<String>,
    /// What the library does to other rows when one of this class is deleted: the other class, and true where its rows
    /// go too, false where they only lose their key.
    pub on_delete: Vec<(ClassId, bool)>,
    /// Tables between this class and others, whose rows go with it.
    pub links: Vec<String>,
    /// Its rows are read and written through sessions and statements: it has no manager, and a row does not store itself.
    pub by_session: bool,
    /// Attributes by name, inherited ones included.
    pub attributes: BTreeMap<String, Attribute>,
}

/// Every mapped class.
#[derive(Debug, Default)]
pub(in crate::frameworks) struct Entities {
    /// By class.
    pub rows: BTreeMap<ClassId, Entity>,
    /// For a class without a table of its own: the mapped classes below it that have one, in order.
    pub below: FxHashMap<ClassId, Vec<ClassId>>,
}

impl Entities {
    /// Takes every relation for unknown: what is left of it is its column.
    pub(in crate::frameworks) fn forget_relations(&mut self) {
        for entity in self.rows.values_mut() {
            entity.attributes.retain(|_, attribute| {
                if let AttributeKind::Relation(relation) = &mut attribute.kind {
                    let Some(column) = relation.column.take() else { return false };
                    attribute.kind = AttributeKind::Column(column);
                }
                true
            });
        }
    }

    /// The mapped class, if a class is one.
    pub(in crate::frameworks) fn get(&self, class: ClassId) -> Option<&Entity> {
        self.rows.get(&class)
    }

    /// The tables behind a class: its own, or those of the classes below it.
    pub(in crate::frameworks) fn tables(&self, class: ClassId) -> Vec<&str> {
        match self.rows.get(&class) {
            Some(Entity { table: Some(table), .. }) => vec![table.as_str()],
            Some(_) => {
                let below = self.below.get(&class).map_or(&[][..], Vec::as_slice);
                let mut tables: Vec<&str> = below.iter().filter_map(|class| self.rows.get(class)?.table.as_deref()).collect();
                tables.sort_unstable();
                tables.dedup();
                tables
            }
            None => Vec::new(),
        }
    }

    /// An attribute of a class, or where the class has no table, of a class below it.
    pub(in crate::frameworks) fn attribute(&self, class: ClassId, name: &str) -> Option<&Attribute> {
        let own = self.rows.get(&class)?;
        let below = if own.table.is_none() { self.below.get(&class).map_or(&[][..], Vec::as_slice) } else { &[] };
        let of = |class: &ClassId| self.rows.get(class)?.attributes.get(name);
        // Only a class with a table knows the tables between it and others.
        match below {
            [only] => of(only).or_else(|| own.attributes.get(name)),
            _ => own.attributes.get(name).or_else(|| below.iter().find_map(of)),
        }
    }

    /// Every table whose rows are removed or changed when a row of a class is deleted, its own left out.
    pub(in crate::frameworks) fn cascade(&self, class: ClassId) -> Vec<String> {
        let mut tables: Vec<String> = Vec::new();
        let mut waiting = vec![class];
        let mut seen = vec![class];
        waiting.extend(self.below.get(&class).into_iter().flatten().copied().take(MOST_BELOW));
        while let Some(at) = waiting.pop() {
            let Some(entity) = self.rows.get(&at) else { continue };
            tables.extend(entity.links.iter().cloned());
            for (child, goes_too) in &entity.on_delete {
                tables.extend(self.rows.get(child).and_then(|child| child.table.clone()));
                if *goes_too && !seen.contains(child) {
                    seen.push(*child);
                    waiting.push(*child);
                }
            }
        }
        let own = self.tables(class);
        tables.retain(|table| !own.contains(&table.as_str()));
        tables.sort();
        tables.dedup();
        tables
    }
}

/// Classes below an abstract one beyond which nothing is said of any of them.
const MOST_BELOW: usize = 12;
