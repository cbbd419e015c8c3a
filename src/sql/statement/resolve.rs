//! Scopes, and what names mean in them once everything is read.

use super::reader::Reader;
use super::{ColumnUse, JoinKind, JoinPredicate, Operation, Role, Statement, TableUse};
use crate::sql::words::{Kind, placeholder_length};
use crate::sql::{Dialect, HOLE_START};

/// A name is looked for in at most so many scopes around a query; real nesting stays far below.
const OUTERMOST: usize = 64;

/// The names that one query block sees.
#[derive(Default)]
pub(super) struct Scope {
    parent: Option<usize>,
    /// How many of the parent's CTEs are seen.
    sees: usize,
    /// How many CTEs are its own.
    cte_count: usize,
    /// What FROM and JOIN named: the mention of a table, or nothing for a derived one.
    pub(super) targets: Vec<Option<usize>>,
    /// Names given to expressions of the select list, in lower case.
    pub(super) aliases: rustc_hash::FxHashSet<String>,
    /// The query stands in EXISTS.
    pub(super) exists: bool,
    /// The column outside that is compared with the first column of the query.
    pub(super) compared: Option<usize>,
}

/// A mention of a table while reading.
pub(super) struct Mention {
    pub(super) word: usize,
    pub(super) scope: usize,
    pub(super) found: TableUse,
    /// It turned out to be the alias of another mention.
    pub(super) dropped: bool,
}

/// A mention of a column while reading.
pub(super) struct Column {
    word: usize,
    scope: usize,
    qualifier: Option<String>,
    name: String,
    role: Role,
    pub(super) literals: Vec<String>,
    /// Known without looking at names.
    table: Option<usize>,
}

/// Two columns that were taken to be equal, while reading.
pub(super) struct Join {
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) kind: JoinKind,
}

/// What a column's name leads to.
#[derive(Clone, Copy, PartialEq)]
enum Owner {
    Table(usize),
    Unknown,
    /// A derived table, a variable, an alias: no column of a table.
    None,
}

impl Reader<'_> {
    /// A new scope inside another.
    pub(super) fn scope(&mut self, parent: Option<usize>, sees: usize) -> usize {
        self.scopes.push(Scope { parent, sees, ..Scope::default() });
        self.scopes.len() - 1
    }

    /// Makes a name a CTE of a scope.
    pub(super) fn add_cte(&mut self, scope: usize, name: &str) {
        let position = self.scopes[scope].cte_count;
        self.scopes[scope].cte_count += 1;
        self.ctes.entry((scope, name.to_lowercase())).or_insert(position);
    }

    /// How many CTEs a scope has of its own.
    pub(super) fn cte_count(&self, scope: usize) -> usize {
        self.scopes[scope].cte_count
    }

    /// True when a name without schema is no table: a CTE, or one of the tables that only triggers have.
    pub(super) fn is_pseudo(&self, scope: usize, name: &str) -> bool {
        let lower = name.to_lowercase();
        let in_trigger = self.in_trigger || self.dialect == Dialect::SqlServer;
        if lower == "dual"
            || self.in_trigger && (lower == "old" || lower == "new")
            || in_trigger && (lower == "inserted" || lower == "deleted")
        {
            return true;
        }
        let (mut scope, mut sees) = (scope, usize::MAX);
        for _ in 0..OUTERMOST {
            if self.scopes[scope].cte_count > 0 && self.ctes.get(&(scope, lower.clone())).is_some_and(|position| *position < sees) {
                return true;
            }
            sees = self.scopes[scope].sees;
            match self.scopes[scope].parent {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        false
    }

    /// Something that FROM or JOIN named, under the name the rest of the query uses.
    pub(super) fn add_target(&mut self, scope: usize, name: Option<&str>, mention: Option<usize>) {
        let position = self.scopes[scope].targets.len();
        self.scopes[scope].targets.push(mention);
        if let Some(name) = name {
            self.named.entry((scope, name.to_lowercase())).or_insert(position);
        }
    }

    /// The path of names that starts at a place, its last part last, and the place behind it.
    pub(super) fn path(&self, at: usize, end: usize) -> (Vec<String>, usize) {
        let mut parts = Vec::new();
        let mut at = at;
        while at < end {
            match self.words[at].kind {
                Kind::Name | Kind::Quoted | Kind::Double | Kind::Hole | Kind::Placeholder => parts.push(self.words[at].content()),
                Kind::Symbol if self.words[at].sign(".") => {
                    at += 1;
                    continue;
                }
                _ => break,
            }
            at += 1;
            if !(at < end && self.words[at].sign(".")) {
                break;
            }
        }
        (parts, at)
    }

    /// Records a mention of a table; `None` when the name is no table.
    pub(super) fn mention(&mut self, word: usize, parts: &[String], scope: usize, operation: Operation) -> Option<usize> {
        let (name, before) = parts.split_last()?;
        let (mut name, mut schema) = (name.clone(), before.last().cloned());
        if schema.is_none() && self.words[word].kind == Kind::Quoted {
            // `shop.orders` inside one pair of quotes is what people write, and no server accepts.
            if let Some((left, right)) = name.split_once('.').filter(|(left, _)| !has_hole(left)) {
                (schema, name) = (Some(left.to_owned()), right.to_owned());
            }
        }
        if name.is_empty() || schema.is_none() && self.is_pseudo(scope, &name) {
            return None;
        }
        let hole = has_hole(&name) || schema.as_deref().is_some_and(has_hole) || name.starts_with([':', '?', '$']);
        let found = TableUse { schema, name, alias: None, operation, hole };
        self.mentions.push(Mention { word, scope, found, dropped: false });
        Some(self.mentions.len() - 1)
    }

    /// Records a column by its path.
    pub(super) fn column(&mut self, word: usize, mut parts: Vec<String>, scope: usize, role: Role, table: Option<usize>) -> Option<usize> {
        let name = parts.pop()?;
        let qualifier = parts.pop();
        if name.is_empty() || has_hole(&name) {
            return None;
        }
        self.columns.push(Column { word, scope, qualifier, name, role, literals: Vec::new(), table });
        Some(self.columns.len() - 1)
    }

    /// The table that the name before a dot stands for, in this scope alone.
    pub(super) fn target_named(&self, scope: usize, name: &str) -> Option<usize> {
        let position = *self.named.get(&(scope, name.to_lowercase()))?;
        self.scopes[scope].targets[position]
    }

    /// Lets the names of one mention stand for another.
    pub(super) fn retarget(&mut self, scope: usize, old: usize, new: usize) {
        for target in &mut self.scopes[scope].targets {
            if *target == Some(old) {
                *target = Some(new);
            }
        }
    }

    /// The tables whose columns were set since a place in the list of columns.
    pub(super) fn tables_written_since(&self, first: usize) -> Vec<usize> {
        let written = self.columns[first.min(self.columns.len())..].iter().filter(|column| column.role == Role::Written);
        let tables = written.filter_map(|column| self.target_named(column.scope, column.qualifier.as_ref()?));
        tables.collect()
    }

    fn owner(&self, column: &Column) -> Owner {
        if let Some(table) = column.table {
            return Owner::Table(table);
        }
        match &column.qualifier {
            Some(qualifier) => self.owner_by_qualifier(column.scope, &qualifier.to_lowercase()),
            None => self.owner_of_plain(column),
        }
    }

    fn owner_by_qualifier(&self, mut scope: usize, qualifier: &str) -> Owner {
        for _ in 0..OUTERMOST {
            if let Some(position) = self.named.get(&(scope, qualifier.to_owned())) {
                return self.scopes[scope].targets[*position].map_or(Owner::None, Owner::Table);
            }
            match self.scopes[scope].parent {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        let pseudo = ["old", "new", "excluded", "inserted", "deleted"].contains(&qualifier);
        if pseudo || self.variables.contains(qualifier) { Owner::None } else { Owner::Unknown }
    }

    fn owner_of_plain(&self, column: &Column) -> Owner {
        let lower = column.name.to_lowercase();
        let mut scope = column.scope;
        if self.variables.contains(&lower) || self.scopes[scope].aliases.contains(&lower) {
            return Owner::None;
        }
        for _ in 0..OUTERMOST {
            match self.scopes[scope].targets.as_slice() {
                [] => {}
                [one, more @ ..] if more.iter().all(|other| other == one) => return one.map_or(Owner::None, Owner::Table),
                many => return if many.iter().any(Option::is_some) { Owner::Unknown } else { Owner::None },
            }
            match self.scopes[scope].parent {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        Owner::Unknown
    }

    /// Everything that was read, with names resolved and in the order of the text.
    pub(super) fn finish(mut self) -> Statement {
        let mut order: Vec<usize> = (0..self.mentions.len()).filter(|at| !self.mentions[*at].dropped).collect();
        order.sort_by_key(|at| self.mentions[*at].word);
        let mut number = vec![None; self.mentions.len()];
        for (position, at) in order.iter().enumerate() {
            number[*at] = Some(position);
        }
        let owners: Vec<Owner> = self.columns.iter().map(|column| self.owner(column)).collect();
        let table = |column: usize| match owners[column] {
            Owner::Table(mention) => number[mention],
            _ => None,
        };
        let mut joins: Vec<(usize, JoinPredicate)> = Vec::new();
        for join in &self.joins {
            let (Some(left), Some(right)) = (table(join.left), table(join.right)) else { continue };
            if left == right {
                continue;
            }
            let (left_column, right_column) = (&self.columns[join.left], &self.columns[join.right]);
            let apart = left_column.scope != right_column.scope || self.mentions[order[left]].scope != self.mentions[order[right]].scope;
            let kind = if join.kind == JoinKind::Exists && !apart { JoinKind::Where } else { join.kind };
            let (left, right) = ((left, left_column.name.clone()), (right, right_column.name.clone()));
            joins.push((left_column.word, JoinPredicate { left, right, kind }));
        }
        joins.sort_by_key(|(word, _)| *word);
        self.out.joins = joins.into_iter().map(|(_, join)| join).collect();
        let mut columns: Vec<(usize, ColumnUse)> = Vec::new();
        for (at, column) in self.columns.iter_mut().enumerate() {
            if owners[at] != Owner::None {
                let literals = std::mem::take(&mut column.literals);
                let table = match owners[at] {
                    Owner::Table(mention) => number[mention],
                    _ => None,
                };
                columns.push((column.word, ColumnUse { table, name: column.name.clone(), role: column.role, literals }));
            }
        }
        columns.sort_by_key(|(word, _)| *word);
        self.out.columns = columns.into_iter().map(|(_, column)| column).collect();
        self.out.uses = order.into_iter().map(|at| self.mentions[at].found.clone()).collect();
        for inner in std::mem::take(&mut self.inner) {
            append(&mut self.out, inner);
        }
        self.out
    }
}

/// Adds what was read out of a literal.
fn append(out: &mut Statement, inner: Statement) {
    let before = out.uses.len();
    out.uses.extend(inner.uses);
    out.columns.extend(inner.columns.into_iter().map(|column| ColumnUse { table: column.table.map(|at| at + before), ..column }));
    out.joins.extend(inner.joins.into_iter().map(|join| JoinPredicate {
        left: (join.left.0 + before, join.left.1),
        right: (join.right.0 + before, join.right.1),
        kind: join.kind,
    }));
    out.calls.extend(inner.calls);
    out.star |= inner.star;
    out.groups |= inner.groups;
    out.dynamic |= inner.dynamic;
}

/// True when a name is not known in full.
fn has_hole(name: &str) -> bool {
    name.contains(HOLE_START)
        || name.bytes().enumerate().any(|(at, byte)| matches!(byte, b'{' | b'%' | b'$' | b'#') && placeholder_length(&name[at..]) > 0)
}
