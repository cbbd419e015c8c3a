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
        own.attributes.get(name).or_else(|| {
            let below = if own.table.is_none() { self.below.get(&class).map_or(&[][..], Vec::as_slice) } else { &[] };
            below.iter().find_map(|class| self.rows.get(class)?.attributes.get(name))
        })
    }
}
