//! Keys that code carries from one table to another: a row is read, and its key is handed to a column of another table
//! within one function; or a column of a row is what a row of another table is looked up by.

use crate::base::FileId;
use crate::bind::{Access, Table, TableId, Tables};
use crate::facts::{Binding, Binds, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// Where keys are handed over, by column and by the table they come from.
pub(super) type Flows = BTreeMap<(TableId, String), BTreeMap<TableId, BTreeSet<(FileId, u32)>>>;

/// Methods that look a row up by its key.
const LOOK_UPS: [&str; 8] = ["find", "findOrFail", "findById", "findByPk", "findUnique", "get", "load", "getReference"];

/// Methods that give a row's key.
const KEY_METHODS: [&str; 3] = ["getId", "getKey", "get_id"];

/// Looks at every function that uses more than one table.
pub(super) fn flows(project: &Project) -> Flows {
    let tables = &project.resolution.tables;
    let mut found = Flows::new();
    let models: BTreeMap<(FileId, String), TableId> =
        (0u32..).map(TableId).zip(&tables.rows).filter_map(|(id, table)| table.model.clone().map(|model| (model, id))).collect();
    for file in project.own_files() {
        let mut of_function: BTreeMap<DefinitionId, Vec<&Access>> = BTreeMap::new();
        for access in tables.accesses_in(file).iter().filter(|access| access.at.verb != "cascade") {
            if let Some(owner) = access.at.owner {
                of_function.entry(owner).or_default().push(access);
            }
        }
        for (owner, accesses) in of_function {
            let facts = project.base.facts(file);
            let class = facts.class_around(Some(owner)).map(|class| facts.qualified_name(class));
            let own = class.and_then(|class| models.get(&(file, class)).copied());
            if own.is_some() || accesses.iter().any(|access| access.table != accesses[0].table) {
                Function { tables, facts, file, accesses, own }.collect(owner, &mut found);
            }
        }
    }
    found
}

/// A function with its uses of tables.
struct Function<'a> {
    tables: &'a Tables,
    facts: &'a FileFacts,
    file: FileId,
    accesses: Vec<&'a Access>,
    /// The table that the class around maps.
    own: Option<TableId>,
}

impl Function<'_> {
    fn collect(&self, owner: DefinitionId, found: &mut Flows) {
        let rows = self.rows(owner);
        if rows.is_empty() && self.own.is_none() {
            return;
        }
        let facts = self.facts;
        let values = facts.definition(owner).values;
        // Calls stand in the order of their values.
        let first = facts.calls.partition_point(|call| call.value.0 < values.start);
        for call in facts.calls[first..].iter().take_while(|call| values.contains(call.value.0)) {
            let named = facts.arguments_of(call).iter().filter_map(|argument| Some((facts.text(argument.name?), argument.value)));
            for (name, value) in named.collect::<Vec<_>>() {
                self.hand_over(name, value, &rows, found);
                self.look_up(Some(name), value, &rows, found);
            }
            if let [only] = facts.arguments_of(call)
                && only.name.is_none()
                && facts.last_name(call.callee).is_some_and(|name| LOOK_UPS.contains(&name))
            {
                self.look_up(None, only.value, &rows, found);
            }
        }
        for entry in facts.entries.iter().filter(|entry| values.contains(entry.value.0)) {
            if let Some(name) = entry.key.and_then(|key| facts.as_literal(key)) {
                self.hand_over(name, entry.value, &rows, found);
                self.look_up(Some(name), entry.value, &rows, found);
            }
        }
    }

    /// `Customer.get(id=order.customer_id)`, `Customer::find($this->customer_id)`: the key of another table is a column of a row.
    fn look_up(&self, name: Option<&str>, value: ValueId, rows: &BTreeMap<Text, TableId>, found: &mut Flows) {
        let Some((from, column)) = self.column_of_row(value, rows) else { return };
        let line = self.facts.value(value).line;
        let around = self.accesses.iter().filter(|access| (access.at.line..=access.at.end_line).contains(&line));
        for to in around.map(|access| access.table).filter(|to| *to != from) {
            if name.is_none_or(|name| self.is_key(to, name)) {
                found.entry((from, column.clone())).or_default().entry(to).or_default().insert((self.file, line));
            }
        }
    }

    /// The table and the column that a value is read from, its own key left out; `self` is a row where its class maps a table.
    fn column_of_row(&self, value: ValueId, rows: &BTreeMap<Text, TableId>) -> Option<(TableId, String)> {
        let facts = self.facts;
        let (object, name) = match facts.value(value).shape {
            Shape::Member(object, name) => (object, facts.text(name)),
            Shape::Item(object, index) => (object, facts.as_literal(index)?),
            _ => return None,
        };
        let variable = facts.as_name(object)?;
        let own = matches!(facts.text(variable), "self" | "this" | "$this").then_some(self.own).flatten();
        let table = own.or_else(|| rows.get(&variable).copied())?;
        column(&self.tables.rows[table.index()], name, false).map(|column| (table, column))
    }

    fn is_key(&self, table: TableId, name: &str) -> bool {
        let key = self.tables.rows[table.index()].primary_key.as_slice();
        matches!(name, "pk") || key.is_empty() && name == "id" || matches!(key, [only] if only.eq_ignore_ascii_case(name))
    }

    /// The tables whose rows variables of the function hold; a variable that holds rows of several is left out.
    fn rows(&self, owner: DefinitionId) -> BTreeMap<Text, TableId> {
        let mut found: BTreeMap<Text, Option<TableId>> = BTreeMap::new();
        for binding in self.facts.bindings_in(Some(owner)).filter(|binding| matches!(binding.binds, Binds::Assign | Binds::Loop)) {
            let Some(name) = self.facts.as_name(binding.target) else { continue };
            let table = self.table_read(binding);
            found.entry(name).and_modify(|known| *known = known.filter(|known| Some(*known) == table)).or_insert(table);
        }
        found.into_iter().filter_map(|(name, table)| Some((name, table?))).collect()
    }

    /// The only table that what is bound reads or makes a row of.
    fn table_read(&self, binding: &Binding) -> Option<TableId> {
        let call = self.facts.as_call(binding.value?)?;
        let inside = |access: &&&Access| (call.span.line..=call.span.end_line).contains(&access.at.line) && access.at.verb != "join";
        let mut tables = self.accesses.iter().filter(inside).map(|access| access.table);
        let first = tables.next()?;
        tables.all(|other| other == first).then_some(first)
    }

    /// `order_id=order.id`, `'order_id' => $order->id`, `order=order`, in a use of another table that has the column.
    fn hand_over(&self, name: &str, value: ValueId, rows: &BTreeMap<Text, TableId>, found: &mut Flows) {
        let Some((row, from)) = self.key_of_row(value, rows) else { return };
        let line = self.facts.value(value).line;
        let around = self.accesses.iter().filter(|access| (access.at.line..=access.at.end_line).contains(&line));
        for to in around.map(|access| access.table).filter(|to| *to != from) {
            let Some(column) = column(&self.tables.rows[to.index()], name, row) else { continue };
            found.entry((to, column)).or_default().entry(from).or_default().insert((self.file, line));
        }
    }

    /// The table whose row's key a value is; true where it is the row itself.
    fn key_of_row(&self, value: ValueId, rows: &BTreeMap<Text, TableId>) -> Option<(bool, TableId)> {
        let facts = self.facts;
        let row = |object: ValueId| rows.get(&facts.as_name(object)?).copied();
        match facts.value(value).shape {
            Shape::Name(_) => row(value).map(|table| (true, table)),
            Shape::Member(object, name) => row(object).filter(|table| self.is_key(*table, facts.text(name))).map(|table| (false, table)),
            Shape::Item(object, index) => {
                let name = facts.as_literal(index)?;
                row(object).filter(|table| self.is_key(*table, name)).map(|table| (false, table))
            }
            Shape::Call(_) => {
                let call = facts.as_call(value)?;
                let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
                KEY_METHODS.contains(&facts.text(name)).then(|| row(object)).flatten().map(|table| (false, table))
            }
            _ => None,
        }
    }
}

/// The column that a keyword means: itself, or where a whole row is handed over, the one with its key.
fn column(table: &Table, name: &str, row: bool) -> Option<String> {
    let has = |name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let with_key = || [format!("{name}_id"), format!("{name}Id")].into_iter().find(|name| has(name));
    let found = if row { with_key() } else { Some(name.to_owned()).filter(|name| has(name)).or_else(with_key) };
    let is_own = |found: &String| matches!(table.primary_key.as_slice(), [key] if key.eq_ignore_ascii_case(found));
    found.filter(|found| !is_own(found)).map(|found| found.to_lowercase())
}
