//! What code does to the tables it names: selects, adapter calls, and the names themselves.
//!
//! The call that takes a table decides what is done to it, also where the name comes through a variable or a property; a
//! chain of calls is one statement and stands where it begins. A call that names the table elsewhere, or further down in
//! the chain, is an access of its own on the line that names it. A name nobody is seen to take is a reading, with less
//! certainty: what is done with it, nobody can tell.

use super::naming::{At, NAMING, Named, Namer, calls_of};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, FileFacts, OwnerSweep, Shape, Text, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::orm::{Place, Places};
use crate::frameworks::tables::{AccessBy, Operation, TableAccess};
use crate::names::php::PHP;
use rustc_hash::{FxHashMap, FxHashSet};

/// A name that reaches the call through a variable or a property.
const THROUGH: Certainty = Certainty(90);
/// A name whose use is not seen.
const ALONE: Certainty = Certainty(70);

/// So many lines below the beginning of a statement a name stands beside it.
const NEAR: u32 = 2;

/// A method that takes a table: its name, the places of tables among its arguments, and what it does to them.
type Taker = (&'static str, &'static [usize], Operation);

/// Methods of Zend's and Varien's adapters, selects and schema objects.
const TAKERS: [Taker; 47] = [
    ("from", &[0], Operation::Read),
    ("join", &[0], Operation::Read),
    ("joinLeft", &[0], Operation::Read),
    ("joinInner", &[0], Operation::Read),
    ("joinRight", &[0], Operation::Read),
    ("joinFull", &[0], Operation::Read),
    ("joinCross", &[0], Operation::Read),
    ("joinNatural", &[0], Operation::Read),
    ("joinTable", &[0], Operation::Read),
    ("fetchAll", &[0], Operation::Read),
    ("fetchRow", &[0], Operation::Read),
    ("fetchOne", &[0], Operation::Read),
    ("fetchCol", &[0], Operation::Read),
    ("fetchPairs", &[0], Operation::Read),
    ("insert", &[0], Operation::Write),
    ("insertMultiple", &[0], Operation::Write),
    ("insertArray", &[0], Operation::Write),
    ("insertOnDuplicate", &[0], Operation::Write),
    ("insertForce", &[0], Operation::Write),
    ("insertIgnore", &[0], Operation::Write),
    ("update", &[0], Operation::Write),
    ("delete", &[0], Operation::Write),
    ("truncate", &[0], Operation::Write),
    ("truncateTable", &[0], Operation::Write),
    ("insertFromSelect", &[0, 1], Operation::Write),
    ("updateFromSelect", &[0, 1], Operation::Write),
    ("deleteFromSelect", &[0, 1], Operation::Write),
    ("newTable", &[0], Operation::Ddl),
    ("addColumn", &[0], Operation::Ddl),
    ("changeColumn", &[0], Operation::Ddl),
    ("modifyColumn", &[0], Operation::Ddl),
    ("dropColumn", &[0], Operation::Ddl),
    ("addIndex", &[0], Operation::Ddl),
    ("dropIndex", &[0], Operation::Ddl),
    ("addKey", &[0], Operation::Ddl),
    ("dropKey", &[0], Operation::Ddl),
    ("addForeignKey", &[1, 2, 3], Operation::Ddl),
    ("addConstraint", &[1, 3], Operation::Ddl),
    ("dropForeignKey", &[0], Operation::Ddl),
    ("createTableByDdl", &[0, 1], Operation::Ddl),
    ("dropTable", &[0], Operation::Ddl),
    ("renameTable", &[0, 1], Operation::Ddl),
    ("changeTableEngine", &[0], Operation::Ddl),
    ("changeTableComment", &[0], Operation::Ddl),
    ("tableColumnExists", &[0], Operation::Ddl),
    ("isTableExists", &[0], Operation::Ddl),
    ("describeTable", &[0], Operation::Ddl),
];

/// What happens to the table a call names: the strongest of its uses, and the method that does it.
type Uses = FxHashMap<(FileId, ValueId), (Operation, &'static str)>;

/// Collects the accesses of all PHP files. `known` are tables that something declares.
/// Every call that was looked at is settled, whether it takes a table or not.
pub(super) fn collect(
    namer: &Namer<'_>,
    known: &FxHashSet<String>,
    out: &mut Vec<TableAccess>,
    open: &mut Vec<OpenCall>,
    settled: &mut FxHashSet<(FileId, ValueId)>,
) {
    let mut reader = Reader { namer, known, uses: Uses::default(), inline: FxHashSet::default(), settled, out };
    let files: Vec<FileId> = namer.php.files().filter(|file| namer.shop.base.file(*file).source.language == PHP).collect();
    let takers: FxHashMap<&str, Taker> = TAKERS.into_iter().map(|taker| (taker.0, taker)).collect();
    for file in &files {
        reader.taken(*file, &takers);
    }
    for file in &files {
        reader.named(*file, open);
        reader.mapped(*file);
    }
}

/// What every call that names exactly one table stands for, by its place: SQL in strings is put together with it.
pub(super) fn names(namer: &Namer<'_>) -> Vec<((FileId, ValueId), String)> {
    let mut found = Vec::new();
    for file in namer.php.files() {
        let facts = namer.php.facts(file);
        let mut owners = OwnerSweep::new(facts);
        for call in calls_of(facts, &[NAMING[0], NAMING[1], NAMING[2], "getMainTable"]) {
            let at = At { file, owner: owners.owner(call.value) };
            if let [only] = &namer.tables(at, call.value)[..] {
                found.push(((file, call.value), only.table.clone()));
            }
        }
    }
    found
}

struct Reader<'a, 'b> {
    namer: &'a Namer<'a>,
    known: &'a FxHashSet<String>,
    uses: Uses,
    /// Calls that name a table right where it is taken.
    inline: FxHashSet<(FileId, ValueId)>,
    settled: &'b mut FxHashSet<(FileId, ValueId)>,
    out: &'b mut Vec<TableAccess>,
}

impl Reader<'_, '_> {
    /// Calls that take tables.
    fn taken(&mut self, file: FileId, takers: &FxHashMap<&str, Taker>) {
        let facts = self.namer.php.facts(file);
        let wanted: FxHashMap<Text, Taker> =
            facts.texts.iter().filter_map(|(id, text)| takers.get(text).map(|taker| (id, *taker))).collect();
        if wanted.is_empty() {
            return;
        }
        let mut places = Places::of(facts);
        for call in &facts.calls {
            let Shape::Member(_, name) = facts.value(call.callee).shape else { continue };
            let Some(taker) = wanted.get(&name) else { continue };
            let place = places.place(call.value);
            self.settled.insert((file, call.value));
            for argument in taker.1 {
                let Some(argument) = facts.arguments_of(call).get(*argument).filter(|argument| !argument.spread) else { continue };
                for part in parts(facts, argument.value) {
                    self.take(At { file, owner: place.owner }, call, part, *taker, place);
                }
            }
        }
    }

    fn take(&mut self, at: At, call: &Call, part: ValueId, (verb, _, operation): Taker, place: Place) {
        let facts = self.namer.php.facts(at.file);
        for Named { table, by } in self.namer.tables(at, part) {
            // A text is a table's name only where a table has it: other objects have these methods too.
            if by.is_none() && !self.known.contains(&table.to_lowercase()) {
                continue;
            }
            let direct = by.is_none_or(|(file, value)| file == at.file && value == part);
            if let Some(by) = by {
                let uses = self.uses.entry(by).or_insert((operation, verb));
                if rank(operation) > rank(uses.0) {
                    *uses = (operation, verb);
                }
                if direct && facts.value(by.1).line <= call.span.line + NEAR {
                    self.inline.insert(by);
                }
            }
            self.out.push(TableAccess {
                file: at.file,
                line: call.span.line,
                end_line: call.span.end_line,
                statement: 0,
                table,
                operation,
                verb: verb.to_owned(),
                columns: columns(facts, call, operation),
                by: AccessBy::QueryBuilder,
                owner: place.owner,
                certainty: if direct { Certainty::LITERAL } else { THROUGH },
                in_loop: place.in_loop,
            });
        }
    }

    /// Calls that name a table for others to take.
    fn named(&mut self, file: FileId, open: &mut Vec<OpenCall>) {
        let facts = self.namer.php.facts(file);
        let mut places = Places::of(facts);
        for call in calls_of(facts, &NAMING) {
            let place = places.place(call.value);
            self.settled.insert((file, call.value));
            if self.inline.contains(&(file, call.value)) || facts.arguments_of(call).is_empty() || in_sql(facts, call) {
                continue;
            }
            let tables = self.namer.naming(At { file, owner: place.owner }, call);
            if tables.is_empty() {
                let text = format!("{}(…)", facts.last_name(call.callee).unwrap_or_default());
                let reason = "the name of the table is put together at run time".to_owned();
                open.push(OpenCall { file, line: call.span.line, kind: "table", text, reason });
            }
            let used = self.uses.get(&(file, call.value)).copied();
            for Named { table, .. } in tables {
                let known = self.known.contains(&table.to_lowercase());
                let certainty = if used.is_some() { THROUGH } else { ALONE };
                if known || used.is_some() {
                    let (operation, verb) = used.unwrap_or((Operation::Read, "getTable"));
                    self.add(file, call, place, table, (operation, verb), certainty);
                }
            }
        }
    }

    /// `_init('catalog/product')`: the class reads and writes the rows of that table through what it inherits.
    fn mapped(&mut self, file: FileId) {
        let facts = self.namer.php.facts(file);
        let mut places = Places::of(facts);
        for call in calls_of(facts, &["_init"]) {
            let place = places.place(call.value);
            let Some(first) = facts.arguments_of(call).first() else { continue };
            let aliases = self.namer.php.texts(file, place.owner, first.value);
            for table in aliases.iter().filter(|alias| alias.contains('/')).filter_map(|alias| self.namer.shop.settings.table(alias)) {
                self.add(file, call, place, table, (Operation::Read, "_init"), ALONE);
            }
        }
    }

    fn add(&mut self, file: FileId, call: &Call, place: Place, table: String, what: (Operation, &str), certainty: Certainty) {
        self.out.push(TableAccess {
            file,
            line: call.span.line,
            end_line: call.span.end_line,
            statement: 0,
            table,
            operation: what.0,
            verb: what.1.to_owned(),
            columns: Vec::new(),
            by: AccessBy::QueryBuilder,
            owner: place.owner,
            certainty,
            in_loop: place.in_loop,
        });
    }
}

/// True inside a text that is SQL: what that does to the table is read there.
fn in_sql(facts: &FileFacts, call: &Call) -> bool {
    facts.sql.iter().any(|text| call.value < text.value && text.span.line <= call.span.line && call.span.end_line <= text.span.end_line)
}

/// The tables of `from('a')`, `from(array('e' => 'a'))`.
fn parts(facts: &FileFacts, value: ValueId) -> Vec<ValueId> {
    match facts.value(value).shape {
        Shape::Map(entries) => facts.entries[entries.range()].iter().map(|entry| entry.value).collect(),
        Shape::List(parts) => facts.items(parts).to_vec(),
        _ => vec![value],
    }
}

/// Columns that a call names: the keys of what is written, the list of what is read.
fn columns(facts: &FileFacts, call: &Call, operation: Operation) -> Vec<String> {
    let mut found: Vec<&str> = Vec::new();
    for argument in facts.arguments_of(call).iter().skip(1) {
        match (facts.value(argument.value).shape, operation) {
            (Shape::Map(entries), Operation::Write) => {
                found.extend(facts.entries[entries.range()].iter().filter_map(|entry| facts.as_literal(entry.key?)));
            }
            (Shape::Map(entries), Operation::Read) => {
                found.extend(facts.entries[entries.range()].iter().filter_map(|entry| facts.as_literal(entry.value)));
            }
            (Shape::List(parts), Operation::Read) => found.extend(facts.items(parts).iter().filter_map(|part| facts.as_literal(*part))),
            _ => {}
        }
    }
    let plain = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let mut found: Vec<String> = found.into_iter().filter(plain).map(str::to_owned).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Writing says more about a table than reading, and reading more than its schema.
fn rank(operation: Operation) -> u8 {
    match operation {
        Operation::Ddl => 0,
        Operation::Read => 1,
        Operation::Write => 2,
    }
}
