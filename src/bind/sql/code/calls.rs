//! Calls that name a table and leave the SQL to a function of the application or of a framework.

use super::helpers::Roles;
use super::holes::{Filler, inside};
use super::{Found, MOST_STEPS, Numbers, World, texts};
use crate::base::{Certainty, FileId, Tag};
use crate::bind::sql::uses::is_the_servers;
use crate::facts::{Call, FileFacts, Shape};
use crate::frameworks::Places;
use crate::frameworks::tables::{AccessBy, Operation, TableAccess};
use rustc_hash::FxHashMap;
use std::cell::{Cell, OnceCell};

/// The object is known to be a database, the table is not known.
const UNDECLARED: Certainty = Certainty(70);

/// Adds every such call of the application.
pub(super) fn read(world: &World<'_>, roles: &Roles<'_>, filler: &Filler, numbers: &mut Numbers, found: &mut Found) {
    let said = Said::of(&found.accesses);
    for file in world.base.ids().filter(|file| !world.base.file(*file).left_out) {
        if world.base.file(file).tags.contains(Tag::Migration) {
            continue;
        }
        let facts = world.base.facts(file);
        let bound = OnceCell::new();
        let mut places = Places::of(facts);
        for call in &facts.calls {
            if world.answers.settled.contains(&(file, call.value)) {
                continue;
            }
            let Some(names) = roles.table(facts, call) else { continue };
            let Some(argument) = facts.arguments_of(call).get(names.argument).filter(|argument| !argument.spread) else { continue };
            let place = places.place(call.value);
            let text = match facts.as_literal(argument.value) {
                Some(text) => text.to_owned(),
                None => {
                    let steps = Cell::new(MOST_STEPS);
                    let reader = world.reader(file, place.owner, bound.get_or_init(|| texts::bound(facts)), &steps);
                    match filler.fill(&reader.read(argument.value)).known() {
                        Some(text) => text.to_owned(),
                        None => continue,
                    }
                }
            };
            let Some(table) = table_name(&text) else { continue };
            let declared = filler.declared(table, &world.known);
            let known = declared.is_some();
            let table = declared.as_deref().unwrap_or(table);
            if is_the_servers(table) || !known && !names.trusted || names.only_asks && said.covers(file, call.span.line, table) {
                continue;
            }
            found.accesses.push(TableAccess {
                file,
                line: call.span.line,
                end_line: call.span.end_line,
                statement: numbers.next(file, call.span.line),
                table: table.to_owned(),
                operation: names.operation,
                verb: facts.last_name(call.callee).unwrap_or("").to_owned(),
                columns: columns(facts, call, names.operation),
                by: AccessBy::QueryBuilder,
                owner: place.owner,
                certainty: if known { Certainty::LITERAL } else { UNDECLARED },
                in_loop: place.in_loop,
            });
        }
    }
}

/// What statements of SQL say already.
struct Said(FxHashMap<(FileId, String), Vec<(u32, u32)>>);

impl Said {
    fn of(accesses: &[TableAccess]) -> Self {
        let mut lines: FxHashMap<(FileId, String), Vec<(u32, u32)>> = FxHashMap::default();
        for access in accesses {
            lines.entry((access.file, access.table.to_lowercase())).or_default().push((access.line, access.end_line));
        }
        Self(lines)
    }

    /// True where a statement around a line uses the table.
    fn covers(&self, file: FileId, line: u32, table: &str) -> bool {
        let lines = self.0.get(&(file, table.to_lowercase()));
        lines.is_some_and(|lines| lines.iter().any(|(first, last)| (*first..=*last).contains(&line)))
    }
}

/// The table in `users`, `users u`, `shop.users`, `{users}`; none where the text is anything else.
fn table_name(text: &str) -> Option<&str> {
    let text = text.trim();
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let rest = (words.next(), words.next(), words.next());
    let alias =
        matches!(rest, (None, ..) | (Some(_), None, _)) || matches!(rest, (Some(word), Some(_), None) if word.eq_ignore_ascii_case("as"));
    let name = inside(first).unwrap_or(first).trim_matches(['`', '"']);
    let plain =
        name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')) && name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (alias && plain).then_some(name)
}

/// The keys of what is handed over beside the table: `array("name" => $name)`.
fn columns(facts: &FileFacts, call: &Call, operation: Operation) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for argument in facts.arguments_of(call) {
        let Shape::Map(entries) = facts.value(argument.value).shape else { continue };
        let keys = facts.entries[entries.range()].iter().filter_map(|entry| facts.as_literal(entry.key?));
        found.extend(keys.filter(|key| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_')).map(str::to_owned));
    }
    if operation == Operation::Ddl {
        found.clear();
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::table_name;

    #[test]
    fn a_table_may_have_an_alias_and_marks() {
        let names = ["users", "users u", "shop.users AS u", "{users}", "`users`"].map(table_name);
        assert_eq!(names, [Some("users"), Some("users"), Some("shop.users"), Some("users"), Some("users")]);
        assert_eq!(["", "SELECT 1 FROM a", "a-b", "12", "user_12 is gone now"].map(table_name), [None; 5]);
    }
}
