//! Which strings of a file may be SQL, what is appended to them, and whether somebody executes them.

use super::fold::{Bound, keeps_text};
use super::helpers::{Role, Roles};
use crate::base::Span;
use crate::facts::{Binds, DefinitionId, FileFacts, Shape, Text, ValueId};
use rustc_hash::{FxHashMap, FxHashSet};

/// Functions and methods that run SQL, whatever library they belong to.
pub(super) const EXECUTES: [&str; 52] = [
    "execute",
    "executemany",
    "executescript",
    "execute_sql",
    "execute_query",
    "execute_values",
    "exec_driver_sql",
    "exec",
    "query",
    "raw",
    "raw_sql",
    "RawSQL",
    "RunSQL",
    "scalar",
    "scalars",
    "fetch",
    "fetchrow",
    "fetchval",
    "fetch_all",
    "fetch_one",
    "fetchAll",
    "fetchRow",
    "fetchOne",
    "fetchCol",
    "fetchPairs",
    "fetchColumn",
    "fetchAssoc",
    "prepare",
    "read_sql",
    "read_sql_query",
    "mogrify",
    "copy_expert",
    "DDL",
    "get_results",
    "get_row",
    "get_col",
    "get_var",
    "dbDelta",
    "mysql_query",
    "mysqli_query",
    "pg_query",
    "sqlite_query",
    "statement",
    "unprepared",
    "get_record_sql",
    "get_records_sql",
    "get_records_sql_menu",
    "get_recordset_sql",
    "get_field_sql",
    "get_fieldset_sql",
    "count_records_sql",
    "record_exists_sql",
];

/// A text that may be a statement.
#[derive(Clone, Debug)]
pub(super) struct Query {
    /// The whole of the expression.
    pub(super) value: ValueId,
    /// Its lines, from the first of the text to the last of what is appended.
    pub(super) span: Span,
    /// What is appended to the variable it is assigned to, in the order it is written.
    pub(super) appended: Vec<ValueId>,
    /// It is handed to something that executes SQL.
    pub(super) executed: bool,
    /// It goes into an address, so whoever answers there knows its tables.
    pub(super) sent: bool,
    /// It is what takes a migration back.
    pub(super) undoes: bool,
}

/// The bindings of plain names and of members of the own object.
pub(super) fn bound(facts: &FileFacts) -> Bound {
    let mut found = Bound::default();
    for (place, binding) in (0u32..).zip(&facts.bindings) {
        match facts.value(binding.target).shape {
            Shape::Name(name) => found.names.entry((facts.function_around(binding.owner), name)).or_default().push(place),
            Shape::Member(object, name) => {
                let own = facts.as_name(object).is_some_and(|object| matches!(facts.text(object), "$this" | "self" | "this"));
                if let Some(class) = facts.class_around(binding.owner).filter(|_| own) {
                    found.members.entry((class, name)).or_default().push(place);
                }
            }
            _ => {}
        }
    }
    found
}

/// The texts of a file that begin like SQL; documentation strings are none.
pub(super) fn queries(facts: &FileFacts, bound: &Bound, roles: &Roles<'_>) -> Vec<Query> {
    let alone: FxHashSet<ValueId> = facts.statements.iter().copied().collect();
    let texts = facts.sql.iter().filter(|text| !alone.contains(&text.value));
    let mut queries: Vec<Query> = texts
        .map(|text| Query { value: text.value, span: text.span, appended: Vec::new(), executed: false, sent: false, undoes: false })
        .collect();
    let mut tracked = Tracked::new(&queries);
    tracked.grow(facts, &mut queries);
    let variables = variables(facts, bound, &tracked, &mut queries);
    executed(facts, &tracked, &variables, roles, &mut queries);
    sent(facts, &tracked, &variables, &mut queries);
    queries
}

/// Marks what stands as a parameter in an address: `` `${HOST}/query?query=${sql}` ``, `url + "&q=" + encodeURIComponent(sql)`.
fn sent(facts: &FileFacts, tracked: &Tracked, variables: &Held, queries: &mut [Query]) {
    let is_parameter = |text: &str| text.ends_with('=') && text.contains(['?', '&']) && !text.contains(char::is_whitespace);
    let mut mark = |before: ValueId, value: ValueId| {
        if !facts.as_literal(before).is_some_and(is_parameter) {
            return;
        }
        let inner = facts.as_call(value).and_then(|call| facts.arguments_of(call).first()).map_or(value, |argument| argument.value);
        let held = facts.as_name(inner).and_then(|name| variables.get(&(facts.function_around(facts.owner_of(value)), name)));
        for index in held.into_iter().flatten().chain(tracked.of.get(&inner)) {
            queries[*index].sent = true;
        }
    };
    for value in &facts.values {
        match value.shape {
            Shape::Template(parts) => facts.items(parts).windows(2).for_each(|pair| mark(pair[0], pair[1])),
            Shape::Joined(left, right) => {
                let before = if let Shape::Joined(_, last) = facts.value(left).shape { last } else { left };
                mark(before, right);
            }
            _ => {}
        }
    }
}

/// Values that are one of the texts, or hold it.
struct Tracked {
    of: FxHashMap<ValueId, usize>,
    first: usize,
}

impl Tracked {
    fn new(queries: &[Query]) -> Self {
        let of: FxHashMap<ValueId, usize> = queries.iter().enumerate().map(|(index, query)| (query.value, index)).collect();
        let first = queries.iter().map(|query| query.value.0 as usize).min().unwrap_or(usize::MAX);
        Self { of, first }
    }

    /// Parts stand before wholes, so one pass finds what every text is part of: `"..." % x`, `"...".format(x)`.
    fn grow(&mut self, facts: &FileFacts, queries: &mut [Query]) {
        for (place, value) in (0u32..).zip(&facts.values).skip(self.first) {
            let id = ValueId(place);
            match value.shape {
                Shape::Joined(left, _) => self.whole(left, id, queries),
                Shape::Call(call) => {
                    let call = &facts.calls[call.0 as usize];
                    let name = facts.last_name(call.callee).unwrap_or("");
                    if !keeps_text(name) {
                        continue;
                    }
                    let object = match facts.value(call.callee).shape {
                        Shape::Member(object, _) => Some(object),
                        _ => None,
                    };
                    let argument = facts.arguments_of(call).first().map(|argument| argument.value);
                    let part = object.into_iter().chain(argument).find(|part| self.of.contains_key(part));
                    if let Some(part) = part {
                        self.whole(part, id, queries);
                    }
                }
                // `RunSQL([("...", parameters)])`, and `"".join(["SELECT", ...])`: still the same text.
                Shape::List(parts) => {
                    if let Some(index) = facts.items(parts).iter().find_map(|part| self.of.get(part)) {
                        self.of.insert(id, *index);
                    }
                }
                _ => {}
            }
        }
    }

    fn whole(&mut self, part: ValueId, whole: ValueId, queries: &mut [Query]) {
        let Some(index) = self.of.get(&part).copied() else { return };
        self.of.insert(whole, index);
        queries[index].value = whole;
    }
}

/// Variables that hold one of the texts, and what is appended to them.
fn variables(facts: &FileFacts, bound: &Bound, tracked: &Tracked, queries: &mut [Query]) -> Held {
    let mut held = Held::default();
    for binding in &facts.bindings {
        let (Some(name), Some(value)) = (facts.as_name(binding.target), binding.value) else { continue };
        let Some(index) = tracked.of.get(&value).copied() else { continue };
        let owner = facts.function_around(binding.owner);
        held.entry((owner, name)).or_default().push(index);
        let later =
            bound.names[&(owner, name)].iter().map(|at| &facts.bindings[*at as usize]).filter(|other| other.target.0 > binding.target.0);
        for other in later {
            let Some(value) = other.value else { break };
            let more = match other.binds {
                Binds::Augment => vec![value],
                Binds::Assign => match behind(facts, value, name) {
                    Some(more) => more,
                    None => break,
                },
                _ => break,
            };
            queries[index].appended.extend(more);
        }
    }
    held
}

/// What stands behind a variable's own name in `sql = sql + a + b`.
fn behind(facts: &FileFacts, value: ValueId, name: Text) -> Option<Vec<ValueId>> {
    let (mut more, mut at) = (Vec::new(), value);
    while let Shape::Joined(left, right) = facts.value(at).shape {
        more.push(right);
        at = left;
    }
    more.reverse();
    (!more.is_empty() && facts.as_name(at) == Some(name)).then_some(more)
}

/// Texts that variables hold, by the function and the name.
type Held = FxHashMap<(Option<DefinitionId>, Text), Vec<usize>>;

/// Marks what is handed to calls that execute SQL, by themselves or through others.
fn executed(facts: &FileFacts, tracked: &Tracked, variables: &Held, roles: &Roles<'_>, queries: &mut [Query]) {
    let mut owners = crate::facts::OwnerSweep::new(facts);
    for call in &facts.calls {
        let name = facts.last_name(call.callee).unwrap_or("");
        let executes = EXECUTES.contains(&name);
        for (place, argument) in facts.arguments_of(call).iter().enumerate() {
            if !executes && roles.role(name, place) != Some(Role::Sql) {
                continue;
            }
            let held = facts.as_name(argument.value).and_then(|name| {
                let owner = facts.function_around(owners.owner(call.value));
                variables.get(&(owner, name))
            });
            let direct = tracked.of.get(&through(facts, argument.value));
            for index in held.into_iter().flatten().chain(direct) {
                queries[*index].executed = true;
                let reverse = argument.name.map_or(place > 0, |name| facts.text(name) == "reverse_sql");
                queries[*index].undoes |= name == "RunSQL" && reverse;
            }
        }
    }
}

/// The text inside `text(...)` and its kin, where that is a variable's name.
fn through(facts: &FileFacts, value: ValueId) -> ValueId {
    match facts.as_call(value) {
        Some(call) if keeps_text(facts.last_name(call.callee).unwrap_or("")) => {
            facts.arguments_of(call).first().map_or(value, |argument| argument.value)
        }
        _ => value,
    }
}
