//! Applies changes one after the other, as a server would, and keeps what is there in the end.

use super::others::numbers;
use super::{Action, Change, Column, Name, Parent, Routine, Table, Trigger, View, table};
use crate::sql::dialect::Dialect;
use std::collections::BTreeMap;

/// What a sequence of statements leaves behind.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    dialect: Dialect,
    /// In the order of their creation; dropped ones leave a gap.
    tables: Vec<Option<Table>>,
    /// Where the tables of a name are, letters in lower case.
    places: BTreeMap<String, Vec<usize>>,
    views: Vec<View>,
    triggers: Vec<Trigger>,
    routines: Vec<Routine>,
    enums: BTreeMap<String, Vec<String>>,
    current: Option<String>,
    /// Names of tables that statements change but nothing makes.
    missing: Vec<Name>,
    /// The text that is being applied.
    source: u32,
}

impl Schema {
    /// An empty one.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }

    /// Says which of several texts the changes come from that are applied next; tables and keys remember it.
    pub fn reading(&mut self, source: u32) {
        self.source = source;
    }

    /// The tables that are there, in the order of their creation.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().flatten()
    }

    /// The table of that name.
    #[must_use]
    pub fn table(&self, name: &Name) -> Option<&Table> {
        self.place(name).and_then(|at| self.tables[at].as_ref())
    }

    /// The views that are there.
    #[must_use]
    pub fn views(&self) -> &[View] {
        &self.views
    }

    /// The triggers that are there.
    #[must_use]
    pub fn triggers(&self) -> &[Trigger] {
        &self.triggers
    }

    /// The routines that are there.
    #[must_use]
    pub fn routines(&self) -> &[Routine] {
        &self.routines
    }

    /// Tables that were changed although nothing makes them, in the order they were met, each once.
    #[must_use]
    pub fn missing(&self) -> &[Name] {
        &self.missing
    }

    /// Applies one change.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::CreateTable { table, if_not_exists } => self.create(table, *if_not_exists),
            Change::AlterTable { table, actions } => self.alter(table, actions),
            Change::DropTable(name) => {
                if let Some(at) = self.place(name) {
                    self.take(at);
                }
            }
            Change::CreateView(view) => {
                self.views.retain(|known| known.name != view.name);
                self.views.push(view.clone());
            }
            Change::DropView(name) => self.views.retain(|known| known.name != *name),
            Change::CreateTrigger(trigger) => self.triggers.push(trigger.clone()),
            Change::DropTrigger(name) => self.triggers.retain(|known| known.name != *name),
            Change::CreateRoutine(routine) => self.routines.push(routine.clone()),
            Change::DropRoutine(name) => self.routines.retain(|known| known.name != *name),
            Change::EnumType { name, values } => self.enums.entry(name.name.to_lowercase()).or_default().extend(values.iter().cloned()),
            Change::DropIndex(name) => self.drop_index(&name.name),
            Change::Comment { table, column, comment } => self.comment(table, column.as_deref(), comment.as_ref()),
            Change::Use(schema) => self.current = Some(schema.clone()),
        }
    }

    /// The place of a table; where one side names no schema any will do.
    fn place(&self, name: &Name) -> Option<usize> {
        let places = self.places.get(&name.name.to_lowercase())?;
        let wanted = name.schema.as_ref().or(self.current.as_ref());
        let fits = |at: &&usize| {
            let table = self.tables[**at].as_ref().map(|table| &table.name);
            let exact = self.dialect != Dialect::Postgres || table.is_some_and(|table| table.name == name.name);
            exact
                && table.is_some_and(|table| match (&table.schema, wanted) {
                    (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
                    (Some(one), None) | (None, Some(one)) => name.schema.is_none() || is_default(one),
                    (None, None) => true,
                })
        };
        places.iter().rev().find(fits).copied()
    }

    fn take(&mut self, at: usize) -> Option<Table> {
        let table = self.tables[at].take()?;
        if let Some(places) = self.places.get_mut(&table.name.name.to_lowercase()) {
            places.retain(|place| *place != at);
        }
        Some(table)
    }

    fn put(&mut self, at: usize, table: Table) {
        self.places.entry(table.name.name.to_lowercase()).or_default().push(at);
        self.tables[at] = Some(table);
    }

    fn create(&mut self, table: &Table, if_not_exists: bool) {
        let mut table = table.clone();
        table.source = self.source;
        table.foreign_keys.iter_mut().for_each(|key| key.source = self.source);
        if table.name.schema.is_none() {
            table.name.schema.clone_from(&self.current);
        }
        let known = self.place(&table.name);
        if known.is_some() && if_not_exists {
            return;
        }
        self.inherit(&mut table);
        for column in &mut table.columns {
            self.allowed_values(column);
        }
        // A script that makes a table twice means its last definition.
        let at = known.unwrap_or(self.tables.len());
        if known.is_some() {
            self.take(at);
        } else {
            self.tables.push(None);
        }
        self.put(at, table);
    }

    /// Columns of the tables it is made after come first, except for a CREATE TABLE .. LIKE inside the definition,
    /// whose place nobody asks about.
    fn inherit(&self, table: &mut Table) {
        for Parent { table: parent, keys } in table.columns_of.clone() {
            let Some(parent) = self.table(&parent) else { continue };
            let fresh = parent.columns.iter().filter(|column| table.column(&column.name).is_none());
            let columns: Vec<Column> = fresh.cloned().collect();
            table.columns.splice(0..0, columns);
            if keys {
                if table.primary_key.is_empty() {
                    table.primary_key.clone_from(&parent.primary_key);
                }
                table.uniques.extend(parent.uniques.iter().cloned());
                table.indexes.extend(parent.indexes.iter().cloned());
            }
        }
    }

    /// A column whose type is an enumeration made with CREATE TYPE takes its values.
    fn allowed_values(&self, column: &mut Column) {
        let written = column.type_text.rsplit('.').next().unwrap_or_default().trim_matches('"').to_lowercase();
        if let Some(values) = self.enums.get(&written) {
            column.enum_values.clone_from(values);
        }
    }

    fn alter(&mut self, name: &Name, actions: &[Action]) {
        let Some(at) = self.place(name) else {
            if !self.missing.contains(name) && self.missing.len() < 1000 {
                self.missing.push(name.clone());
            }
            return;
        };
        for action in actions {
            self.one(at, action);
        }
    }

    fn one(&mut self, at: usize, action: &Action) {
        match action {
            Action::RenameTo(to) => {
                if let Some(mut table) = self.take(at) {
                    let schema = to.schema.clone().or(table.name.schema.take());
                    table.name = Name { schema, name: to.name.clone() };
                    self.put(at, table);
                }
                return;
            }
            Action::AttachPartition(child) => {
                let parent = self.tables[at].as_ref().map(|table| table.name.clone());
                if let Some(child) = self.place(child)
                    && let Some(child) = &mut self.tables[child]
                {
                    child.partition_of = parent;
                }
                return;
            }
            Action::Add(super::Part::Like(parent)) => {
                if let Some(mut table) = self.tables[at].take() {
                    table.columns_of.push(parent.clone());
                    self.inherit(&mut table);
                    self.tables[at] = Some(table);
                }
                return;
            }
            _ => {}
        }
        if let Some(table) = &mut self.tables[at] {
            step(table, action);
            if let (Action::Add(super::Part::ForeignKey(_)), Some(key)) = (action, table.foreign_keys.last_mut()) {
                key.source = self.source;
            }
        }
        let Some(mut table) = self.tables[at].take() else { return };
        if let Action::Add(super::Part::Column(_)) | Action::SetType { .. } = action {
            table.columns.iter_mut().filter(|column| column.enum_values.is_empty()).for_each(|column| self.allowed_values(column));
        }
        self.tables[at] = Some(table);
    }

    /// Index names are unique in a database, except in MySQL, where DROP INDEX names its table.
    fn drop_index(&mut self, name: &str) {
        self.tables.iter_mut().flatten().for_each(|table| drop_key(table, name, false));
    }

    fn comment(&mut self, name: &Name, column: Option<&str>, comment: Option<&String>) {
        let Some(table) = self.place(name).and_then(|at| self.tables[at].as_mut()) else { return };
        match column {
            None => table.comment = comment.cloned(),
            Some(wanted) => {
                if let Some(column) = find(table, wanted) {
                    column.comment = comment.cloned();
                }
            }
        }
    }
}

/// Schemas a name without one usually means.
fn is_default(schema: &str) -> bool {
    ["public", "dbo", "main"].iter().any(|known| schema.eq_ignore_ascii_case(known))
}

fn find<'t>(table: &'t mut Table, name: &str) -> Option<&'t mut Column> {
    table.columns.iter_mut().find(|column| column.name.eq_ignore_ascii_case(name))
}

/// One step inside a table.
fn step(table: &mut Table, action: &Action) {
    match action {
        Action::Add(part) => table::add(table, part.clone()),
        Action::DropColumn(name) => {
            table.columns.retain(|column| !column.name.eq_ignore_ascii_case(name));
            let without = |columns: &mut Vec<String>| columns.retain(|column| !column.eq_ignore_ascii_case(name));
            without(&mut table.primary_key);
            for key in table.uniques.iter_mut().chain(&mut table.indexes) {
                without(&mut key.columns);
            }
            table.uniques.retain(|key| !key.columns.is_empty());
            table.indexes.retain(|key| !key.columns.is_empty());
            table.foreign_keys.retain(|key| !key.columns.iter().any(|column| column.eq_ignore_ascii_case(name)));
        }
        Action::RenameColumn { from, to } => rename(table, from, to),
        Action::ChangeColumn { from, column } => {
            rename(table, from, &column.name);
            match find(table, &column.name) {
                Some(known) => *known = column.clone(),
                None => table.columns.push(column.clone()),
            }
        }
        Action::SetType { column, type_text } => {
            if let Some(column) = find(table, column) {
                column.type_text.clone_from(type_text);
            }
        }
        Action::SetDefault { column, default } => {
            if let Some(column) = find(table, column) {
                column.auto |= numbers(default.as_ref());
                column.default.clone_from(default);
            }
        }
        Action::SetNullable { column, nullable } => {
            if let Some(column) = find(table, column) {
                column.nullable = *nullable;
            }
        }
        Action::SetAuto(column) => {
            if let Some(column) = find(table, column) {
                column.auto = true;
            }
        }
        Action::DropPrimaryKey => table.primary_key.clear(),
        Action::DropKey(name) => drop_key(table, name, true),
        Action::SetSchema(schema) => table.name.schema = Some(schema.clone()),
        Action::SetComment(comment) => table.comment = Some(comment.clone()),
        Action::RenameTo(_) | Action::AttachPartition(_) => {}
    }
}

fn rename(table: &mut Table, from: &str, to: &str) {
    if let Some(column) = find(table, from) {
        to.clone_into(&mut column.name);
    }
    let keys = table.uniques.iter_mut().chain(&mut table.indexes).map(|key| &mut key.columns);
    let foreign = table.foreign_keys.iter_mut().map(|key| &mut key.columns);
    for columns in keys.chain(foreign).chain([&mut table.primary_key]) {
        columns.iter_mut().filter(|column| column.eq_ignore_ascii_case(from)).for_each(|column| to.clone_into(column));
    }
}

fn drop_key(table: &mut Table, name: &str, foreign_too: bool) {
    let other = |known: &Option<String>| known.as_ref().is_none_or(|known| !known.eq_ignore_ascii_case(name));
    table.uniques.retain(|key| other(&key.name));
    table.indexes.retain(|key| other(&key.name));
    if foreign_too {
        table.foreign_keys.retain(|key| other(&key.name));
        // PostgreSQL names the primary key after its table.
        if name.eq_ignore_ascii_case(&format!("{}_pkey", table.name.name)) || name.eq_ignore_ascii_case("PRIMARY") {
            table.primary_key.clear();
        }
    }
}
