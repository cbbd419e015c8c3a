//! Functions of the application that take SQL or the name of a table and do the rest: `db_fetch("SELECT ...")`,
//! `save_row($values, "orders")`, `$DB->get_record("user", ...)`.
//!
//! They are found by what they do with their parameters: one that reaches a call that executes SQL is SQL, one that stands
//! where a statement names a table is a table, and one that is handed on to such a parameter is the same.

use super::fold::names_table;
use super::texts::EXECUTES;
use crate::base::FileId;
use crate::facts::{Call, Definition, DefinitionId, DefinitionKind, FileFacts, Parameter, Shape, Text, ValueId};
use crate::frameworks::tables::Operation;
use crate::names::FactBase;
use rustc_hash::FxHashMap;

/// What a parameter is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// A statement.
    Sql,
    /// The name of a table, and what happens to its rows.
    Table(Operation),
}

/// Rounds of handing on; a chain of wrappers is a few long.
const MOST_ROUNDS: usize = 8;

/// How many values are looked at behind a variable that is executed, one after the other.
const MOST_STEPS: u32 = 5;

/// How many receivers' calls must name tables before the receiver is taken for a database.
const ENOUGH: u32 = 3;

/// Methods of frameworks that take a table's name first, for trees that hold a plugin and not the framework: the name the
/// object has by convention, the method, and what it does.
const OF_FRAMEWORKS: [(&str, &[&str], Operation); 7] = [
    ("wpdb", &["insert", "replace", "update", "delete"], Operation::Write),
    (
        "DB",
        &[
            "get_record",
            "get_records",
            "get_records_list",
            "get_records_menu",
            "get_records_select",
            "get_records_select_menu",
            "get_record_select",
            "get_field",
            "get_field_select",
            "get_fieldset",
            "get_fieldset_select",
            "get_recordset",
            "get_recordset_list",
            "get_recordset_select",
            "record_exists",
            "record_exists_select",
            "count_records",
            "count_records_select",
        ],
        Operation::Read,
    ),
    (
        "DB",
        &[
            "insert_record",
            "insert_record_raw",
            "insert_records",
            "import_record",
            "update_record",
            "update_record_raw",
            "set_field",
            "set_field_select",
            "delete_records",
            "delete_records_list",
            "delete_records_select",
        ],
        Operation::Write,
    ),
    // RedBean, of PHP and of Node.
    ("R", &["find", "findOne", "findAll", "findAndExport", "findMulti", "load", "loadAll", "batch", "count", "inspect"], Operation::Read),
    ("R", &["dispense", "dispenseAll", "findOrCreate", "findOrDispense", "hunt", "trashBatch", "wipe"], Operation::Write),
    // CodeIgniter.
    ("db", &["get", "get_where", "from", "join", "count_all", "count_all_results"], Operation::Read),
    ("db", &["insert", "insert_batch", "update", "update_batch", "replace", "delete", "truncate", "empty_table"], Operation::Write),
];

/// A parameter that a function hands on to a call.
struct Flow<'a> {
    from: (FileId, DefinitionId),
    parameter: u32,
    to: &'a str,
    argument: u32,
}

/// A call that names a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    /// Which argument does.
    pub(super) argument: usize,
    /// What is done to the table.
    pub(super) operation: Operation,
    /// The callee alone is proof; else the table must be known.
    pub(super) trusted: bool,
    /// Its rows are not touched by the call itself: it asks for the table's name or shape.
    pub(super) only_asks: bool,
}

/// What is known of one parameter of the functions of one name.
#[derive(Clone, Copy, Default)]
struct Slot {
    role: Option<Role>,
    /// Definitions that use the parameter so.
    with: u32,
    /// Definitions that have the parameter and do something.
    all: u32,
}

/// Roles of parameters, by the bare name of their function.
pub(super) struct Roles<'a> {
    base: &'a FactBase,
    flows: Vec<Flow<'a>>,
    /// Parameters that reach a call that executes SQL by way of a variable.
    through_variables: Vec<((FileId, DefinitionId), u32)>,
    of: FxHashMap<((FileId, DefinitionId), u32), Role>,
    slots: FxHashMap<&'a str, Vec<Slot>>,
    /// Objects whose methods are known to take tables, by the last name they are written with.
    databases: FxHashMap<&'a str, bool>,
}

impl<'a> Roles<'a> {
    /// Looks at every function of the application once.
    pub(super) fn learn(base: &'a FactBase) -> Self {
        let mut roles = Self {
            base,
            flows: Vec::new(),
            through_variables: Vec::new(),
            of: FxHashMap::default(),
            slots: FxHashMap::default(),
            databases: FxHashMap::default(),
        };
        for file in base.ids().filter(|file| !base.file(*file).left_out) {
            roles.functions(file);
        }
        let mut executing: Vec<_> =
            roles.flows.iter().filter(|flow| EXECUTES.contains(&flow.to)).map(|flow| (flow.from, flow.parameter)).collect();
        executing.append(&mut roles.through_variables);
        for (function, parameter) in executing {
            roles.note(function, parameter, Role::Sql);
        }
        roles.spread();
        roles
    }

    fn functions(&mut self, file: FileId) {
        let facts = self.base.facts(file);
        for (id, definition) in facts.definitions().filter(|(_, definition)| !definition.kind.is_type()) {
            let parameters = &facts.parameters[definition.parameters.range()];
            let named = definition.kind != DefinitionKind::Lambda && !shared_by_all(facts.text(definition.name));
            if parameters.is_empty() || !named {
                continue;
            }
            let calls = calls_in(facts, definition.values.range());
            if calls.is_empty() {
                continue;
            }
            let slots = self.slots.entry(facts.text(definition.name)).or_default();
            if slots.len() < parameters.len() {
                slots.resize(parameters.len(), Slot::default());
            }
            slots[..parameters.len()].iter_mut().for_each(|slot| slot.all += 1);
            for call in calls {
                let Some(to) = facts.last_name(call.callee) else { continue };
                for (argument, handed) in (0u32..).zip(facts.arguments_of(call)) {
                    let Some(name) = facts.as_name(handed.value) else { continue };
                    if let Some(parameter) = position(parameters, name) {
                        self.flows.push(Flow { from: (file, id), parameter, to, argument });
                    } else if EXECUTES.contains(&to)
                        && let Some(parameter) = behind(facts, definition, handed.value, MOST_STEPS)
                    {
                        self.through_variables.push(((file, id), parameter));
                    }
                }
            }
        }
    }

    /// Notes what a parameter is; writing is the stronger of two things done to a table.
    pub(super) fn note(&mut self, function: (FileId, DefinitionId), parameter: u32, role: Role) -> bool {
        let known = self.of.get(&(function, parameter)).copied();
        let stronger = matches!((known, role), (Some(Role::Table(old)), Role::Table(new)) if rank(new) > rank(old));
        if known.is_some() && !stronger {
            return false;
        }
        let facts = self.base.facts(function.0);
        let name = facts.text(facts.definition(function.1).name);
        if shared_by_all(name) {
            return false;
        }
        let slots = self.slots.entry(name).or_default();
        if slots.len() <= parameter as usize {
            slots.resize(parameter as usize + 1, Slot::default());
        }
        let slot = &mut slots[parameter as usize];
        slot.with += u32::from(known.is_none());
        slot.role = match (slot.role, role) {
            (Some(Role::Table(old)), Role::Table(new)) => Some(Role::Table(if rank(new) > rank(old) { new } else { old })),
            (old, new) => old.or(Some(new)),
        };
        self.of.insert((function, parameter), role);
        true
    }

    /// Lets roles travel backwards through functions that hand their parameters on.
    pub(super) fn spread(&mut self) {
        for _ in 0..MOST_ROUNDS {
            let found: Vec<_> = self
                .flows
                .iter()
                .filter_map(|flow| Some((flow.from, flow.parameter, self.role(flow.to, flow.argument as usize)?)))
                .collect();
            let mut changed = false;
            for (function, parameter, role) in found {
                changed |= self.note(function, parameter, role);
            }
            if !changed {
                break;
            }
        }
    }

    /// What an argument of a call is, where at least half of the functions of that name agree.
    pub(super) fn role(&self, name: &str, argument: usize) -> Option<Role> {
        let slot = self.slots.get(name)?.get(argument)?;
        slot.role.filter(|_| slot.with * 2 >= slot.all)
    }

    /// The argument of a call that names a table.
    pub(super) fn table(&self, facts: &FileFacts, call: &Call) -> Option<Names> {
        let name = facts.last_name(call.callee)?;
        let object = match facts.value(call.callee).shape {
            Shape::Member(object, _) => facts.last_name(object).map(|name| name.trim_start_matches('$')),
            _ => None,
        };
        if let Some(object) = object {
            let known = OF_FRAMEWORKS.iter().find(|(receiver, methods, _)| *receiver == object && methods.contains(&name));
            if let Some((_, _, operation)) = known {
                return Some(Names { argument: 0, operation: *operation, trusted: true, only_asks: false });
            }
        }
        // `$this->db->table("users")` begins a query of a builder that is not followed.
        if asks_for_table(name) || name == "table" && object == Some("db") {
            return Some(Names { argument: 0, operation: Operation::Read, trusted: false, only_asks: true });
        }
        let slots = self.slots.get(name)?;
        let (at, slot, operation) = slots.iter().enumerate().find_map(|(at, slot)| match slot.role {
            Some(Role::Table(operation)) => Some((at, slot, operation)),
            _ => None,
        })?;
        let trusted = object.is_some_and(|object| self.databases.get(object) == Some(&true));
        let believed = slot.with * 2 >= slot.all || trusted;
        believed.then_some(Names { argument: at, operation, trusted, only_asks: false })
    }

    /// Objects most of whose calls of such methods name known tables are databases.
    pub(super) fn learn_databases(&mut self, is_table: impl Fn(&str) -> bool) {
        let mut seen: FxHashMap<&'a str, (u32, u32)> = FxHashMap::default();
        for file in self.base.ids().filter(|file| !self.base.file(*file).left_out) {
            let facts = self.base.facts(file);
            for call in &facts.calls {
                let Shape::Member(object, method) = facts.value(call.callee).shape else { continue };
                let Some(slots) = self.slots.get(facts.text(method)) else { continue };
                let Some(at) = slots.iter().position(|slot| matches!(slot.role, Some(Role::Table(_)))) else { continue };
                let literal = facts.arguments_of(call).get(at).and_then(|argument| facts.as_literal(argument.value));
                if let (Some(object), Some(literal)) = (facts.last_name(object), literal) {
                    let (calls, tables) = seen.entry(object.trim_start_matches('$')).or_default();
                    *calls += 1;
                    *tables += u32::from(is_table(literal));
                }
            }
        }
        self.databases = seen.into_iter().map(|(object, (calls, tables))| (object, tables >= ENOUGH && tables * 5 >= calls * 3)).collect();
    }
}

/// `db_table_exists("users")`, `hasTable`, `column_exists("users", "name")`, and `table_name("users")`, which names the
/// table for what comes after: whoever asks for a table depends on it.
fn asks_for_table(name: &str) -> bool {
    // Few names come this far.
    if !name.contains("able") && !name.contains("xists") {
        return false;
    }
    let plain: String = name.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    let exists = ["tableexists", "columnexists", "fieldexists", "indexexists"].iter().any(|end| plain.ends_with(end));
    exists || matches!(plain.as_str(), "hastable" | "hascolumn" | "istable") || names_table(name)
}

/// Constructors and their like have a name in common and nothing else.
fn shared_by_all(name: &str) -> bool {
    name.starts_with("__") || name == "constructor"
}

fn position(parameters: &[Parameter], name: Text) -> Option<u32> {
    parameters.iter().position(|parameter| parameter.name == name).and_then(|at| u32::try_from(at).ok())
}

/// The parameter that a value is made of, by way of variables and calls: `$raw = $this->bind($sql)`.
fn behind(facts: &FileFacts, function: &Definition, value: ValueId, left: u32) -> Option<u32> {
    let left = left.checked_sub(1)?;
    let further = |value: &ValueId| behind(facts, function, *value, left);
    match facts.value(value).shape {
        Shape::Name(name) => {
            let start = facts.bindings.partition_point(|binding| binding.target.0 < function.values.start);
            let end = facts.bindings.partition_point(|binding| binding.target < value);
            let last = facts.bindings[start.min(end)..end].iter().rev().find(|binding| receives(facts, binding.target, name));
            let assigned = last.and_then(|binding| binding.value);
            assigned.and_then(|value| further(&value)).or_else(|| position(&facts.parameters[function.parameters.range()], name))
        }
        Shape::Call(call) => {
            let arguments = facts.arguments_of(&facts.calls[call.0 as usize]);
            arguments.iter().find_map(|argument| further(&argument.value))
        }
        Shape::Joined(first, second) => [first, second].iter().find_map(further),
        Shape::Template(parts) => facts.items(parts).iter().find_map(further),
        _ => None,
    }
}

/// True where a binding gives a name its value: `$a = ...`, `list($a, $b) = ...`.
fn receives(facts: &FileFacts, target: ValueId, name: Text) -> bool {
    match facts.value(target).shape {
        Shape::Name(own) => own == name,
        Shape::List(parts) => facts.items(parts).iter().any(|part| facts.as_name(*part) == Some(name)),
        _ => false,
    }
}

fn rank(operation: Operation) -> u8 {
    match operation {
        Operation::Write => 2,
        Operation::Read => 1,
        _ => 0,
    }
}

/// The calls written in a range of values.
fn calls_in(facts: &FileFacts, values: std::ops::Range<usize>) -> &[Call] {
    let start = facts.calls.partition_point(|call| (call.value.0 as usize) < values.start);
    let end = facts.calls.partition_point(|call| (call.value.0 as usize) < values.end);
    &facts.calls[start..end]
}
