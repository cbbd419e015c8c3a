//! SQL in the strings of code, whatever the language: each text that begins like SQL is put together as far as it is
//! known, and read as a statement.
//!
//! A text that reaches a call which executes SQL, or that is SQL by the book, is taken at its word. Anything else counts
//! with less certainty, and only where a table of that name is known: sentences begin with Select and Update too.

mod calls;
mod fold;
mod folded;
mod helpers;
mod holes;
mod texts;

use super::schemas::Script;
use super::uses::{Site, accesses, full_name, is_the_servers, predicates};
use super::{Found, Numbers};
use crate::base::{Certainty, FileId, Span, Tag};
use crate::facts::{Call, DefinitionId, FileFacts, Shape};
use crate::frameworks::tables::{AccessBy, DeclaredTable, MappedBy, Operation, TableAccess};
use crate::frameworks::{Answers, Model, OpenCall, Place, Places};
use crate::names::{FactBase, Names};
use crate::sql::schema::{Action, Change, Part};
use crate::sql::statement::{self, Statement, TableUse};
use crate::sql::{Dialect, HOLE_START, Piece, dump, pieces};
use fold::{Bound, Models, Reader};
use folded::Folded;
use helpers::{Role, Roles};
use holes::Filler;
use rustc_hash::FxHashSet;
use std::cell::Cell;
use std::collections::BTreeSet;
use texts::Query;

/// How many values one text may be put together from.
const MOST_STEPS: u32 = 2000;

/// With holes beside a table that is written down.
const WITH_HOLES: Certainty = Certainty(70);

/// The table is one of several that are written down elsewhere.
const ONE_OF_SEVERAL: Certainty = Certainty(40);

/// Definitions of tables in the strings of one file.
pub(super) struct Definitions {
    pub(super) file: FileId,
    dialect: Dialect,
    changes: Vec<Change>,
}

impl Definitions {
    pub(super) fn script(&self) -> Script<'_> {
        Script { file: self.file, dialect: self.dialect, changes: &self.changes }
    }
}

/// Everything that reading one text needs.
struct World<'a> {
    base: &'a FactBase,
    names: &'a Names,
    models: Models,
    answers: &'a Answers,
    /// Names of tables that something declares, in lower case.
    known: FxHashSet<String>,
}

/// Reads the SQL of every file of the application. Definitions come first, so that all tables are known.
pub(super) fn read(
    base: &FactBase,
    names: &Names,
    model: &Model,
    known: FxHashSet<String>,
    numbers: &mut Numbers,
    found: &mut Found,
) -> Vec<Definitions> {
    let models = model.tables.iter().filter_map(|table| Some((class_of(table)?, table.name.clone()))).collect();
    let mut world = World { base, names, models, answers: &model.answers, known };
    let mut roles = Roles::learn(base);
    let mut texts = Vec::new();
    for file in base.ids().filter(|file| !base.file(*file).left_out) {
        extra_tables(base, file, numbers, found);
        if !base.facts(file).sql.is_empty() {
            texts.push((file, world.fold(file, &roles)));
        }
    }
    let filler = Filler::learn(texts.iter().flat_map(|(_, queries)| queries.iter().map(|row| &row.folded)), &world.known);
    let mut definitions = Vec::new();
    for (file, queries) in &mut texts {
        queries.iter_mut().for_each(|row| row.folded = filler.fill(&row.folded));
        definitions.extend(defined(base, *file, queries));
    }
    for made in definitions.iter().flat_map(|file: &Definitions| &file.changes) {
        if let Change::CreateTable { table, .. } = made {
            world.known.insert(table.name.name.to_lowercase());
        }
    }
    for (file, queries) in &texts {
        if !base.file(*file).tags.contains(Tag::Migration) {
            world.statements(*file, queries, &mut roles, numbers, found);
        }
    }
    // Where nothing declares a table, a statement that names it is the next best.
    world.known.extend(found.accesses.iter().filter(|access| access.certainty >= WITH_HOLES).map(|access| access.table.to_lowercase()));
    roles.spread();
    roles.learn_databases(|name| world.known.contains(&name.to_lowercase()));
    calls::read(&world, &roles, &filler, numbers, found);
    definitions
}

/// A text that may be SQL.
struct Folding {
    query: Query,
    folded: Folded,
    place: Place,
}

impl World<'_> {
    /// Puts the texts of a file together.
    fn fold(&self, file: FileId, roles: &Roles<'_>) -> Vec<Folding> {
        let facts = self.base.facts(file);
        let bound = texts::bound(facts);
        let mut queries = texts::queries(facts, &bound, roles);
        queries.sort_by_key(|query| query.value);
        let mut places = Places::of(facts);
        let folded = queries.into_iter().map(|query| {
            let place = places.place(query.value);
            let steps = Cell::new(MOST_STEPS);
            let reader = self.reader(file, place.owner, &bound, &steps);
            let mut folded = reader.read(query.value);
            query.appended.iter().for_each(|more| folded.append(&reader.read(*more)));
            Folding { query, folded, place }
        });
        folded.filter(|row| statement::looks_like_query(&row.folded.text)).collect()
    }

    fn reader<'r>(&'r self, file: FileId, owner: Option<DefinitionId>, bound: &'r Bound, steps: &'r Cell<u32>) -> Reader<'r> {
        let (base, names, models, named) = (self.base, self.names, &self.models, &self.answers.tables);
        Reader { base, names, models, named, bound, home: file, file, owner, steps }
    }

    fn statements(&self, file: FileId, queries: &[Folding], roles: &mut Roles<'_>, numbers: &mut Numbers, found: &mut Found) {
        let temporary = temporary_tables(queries);
        let in_php = self.base.file(file).source.language == crate::names::php::PHP;
        for row in queries {
            let mut statement = statement::read(&row.folded.text, Dialect::Unknown);
            holes::settle(&mut statement, in_php, &self.known);
            note_parameters(file, &statement, &row.folded, roles);
            let open = row.folded.text.contains(HOLE_START);
            if statement.uses.is_empty() && row.query.executed && open {
                found.counts.statements += 1;
                found.counts.unresolved += 1;
                let reason = "what the statement does is put together at run time".to_owned();
                found.open.push(OpenCall { file, line: row.query.span.line, kind: "sql", text: short(&shown(&row.folded)), reason });
            }
            if statement.uses.is_empty() || !self.is_believed(row, &statement) {
                continue;
            }
            let span = first_line(row);
            let site = Site {
                file,
                line: span.line,
                end_line: span.end_line.max(span.line),
                statement: numbers.next(file, span.line),
                owner: row.place.owner,
                in_loop: row.place.in_loop,
            };
            found.counts.statements += 1;
            *(if statement.recovered { &mut found.counts.recovered } else { &mut found.counts.parsed }) += 1;
            let whole = !open && (row.query.executed || !statement.recovered);
            let mut rows = accesses(&statement, &site, if whole { Certainty::LITERAL } else { WITH_HOLES }, "");
            for open in statement.uses.iter().filter(|table| table.hole) {
                self.with_hole(open, &statement, row, &site, &mut rows, found);
            }
            rows.retain(|row| !temporary.contains(&row.table.to_lowercase()) && !is_the_servers(&row.table));
            found.accesses.append(&mut rows);
            predicates(&statement, &site, &mut found.predicates);
        }
    }

    /// Texts that nobody is seen to execute must be SQL by the book, or name a table that is known.
    fn is_believed(&self, row: &Folding, statement: &Statement) -> bool {
        let known = || statement.uses.iter().any(|table| self.known.contains(&table.name.to_lowercase()));
        let first = row.folded.text.split_whitespace().next().unwrap_or("");
        let shouted = !first.bytes().any(|byte| byte.is_ascii_lowercase());
        row.query.executed
            || !row.query.sent && (known() || !statement.recovered && (shouted || row.folded.text.contains(['=', '*', '(', '<', '>'])))
    }

    /// A table whose name is put together: from texts that are written down, or nobody can tell.
    fn with_hole(&self, table: &TableUse, whole: &Statement, row: &Folding, site: &Site, rows: &mut Vec<TableAccess>, found: &mut Found) {
        let name = full_name(table.schema.as_deref(), &table.name);
        let candidates = candidates(&name, &row.folded);
        if candidates.is_empty() {
            found.counts.unresolved += 1;
            found.open.push(OpenCall {
                file: site.file,
                line: site.line,
                kind: "table",
                text: short(&shown(&row.folded)),
                reason: format!("the name of the table is put together at run time: {}", shown_name(&name)),
            });
            return;
        }
        let operation = match table.operation {
            statement::Operation::Read => Operation::Read,
            statement::Operation::Write => Operation::Write,
            statement::Operation::Ddl => Operation::Ddl,
            statement::Operation::Lock => return,
        };
        rows.extend(candidates.into_iter().map(|table| TableAccess {
            file: site.file,
            line: site.line,
            end_line: site.end_line,
            statement: site.statement,
            table,
            operation,
            verb: format!("{:?}", whole.verb).to_lowercase(),
            columns: Vec::new(),
            by: AccessBy::Sql,
            owner: site.owner,
            certainty: ONE_OF_SEVERAL,
            in_loop: site.in_loop,
        }));
    }
}

/// A parameter that stands where the statement names a table makes its function one that takes a table.
fn note_parameters(file: FileId, statement: &Statement, folded: &Folded, roles: &mut Roles<'_>) {
    for table in statement.uses.iter().filter(|table| table.hole) {
        let operation = match table.operation {
            statement::Operation::Read => Operation::Read,
            statement::Operation::Write => Operation::Write,
            statement::Operation::Ddl => Operation::Ddl,
            statement::Operation::Lock => continue,
        };
        // `{` and `}` of a framework may stand around the hole.
        let name = table.name.trim_start_matches('{').trim_end_matches('}');
        let [Piece::Hole(number)] = pieces(name)[..] else { continue };
        if let Some((function, parameter)) = folded.holes.get(number).and_then(|hole| hole.parameter) {
            roles.note((file, function), parameter, Role::Table(operation));
        }
    }
}

/// `Model.objects.extra(tables=["customers"])` of Django: tables beside those of the models.
fn extra_tables(base: &FactBase, file: FileId, numbers: &mut Numbers, found: &mut Found) {
    let facts = base.facts(file);
    let is_extra = |call: &&Call| matches!(facts.value(call.callee).shape, Shape::Member(_, name) if facts.text(name) == "extra");
    for call in facts.calls.iter().filter(is_extra) {
        let named = facts.arguments_of(call).iter().find(|argument| argument.name.is_some_and(|name| facts.text(name) == "tables"));
        let Some(Shape::List(parts)) = named.map(|argument| facts.value(argument.value).shape) else { continue };
        let place = Places::of(facts).place(call.value);
        let statement = numbers.next(file, call.span.line);
        found.accesses.extend(facts.items(parts).iter().filter_map(|part| facts.as_literal(*part)).map(|table| TableAccess {
            file,
            line: call.span.line,
            end_line: call.span.end_line,
            statement,
            table: table.to_owned(),
            operation: Operation::Read,
            verb: "extra".to_owned(),
            columns: Vec::new(),
            by: AccessBy::Sql,
            owner: place.owner,
            certainty: Certainty::LITERAL,
            in_loop: place.in_loop,
        }));
    }
}

/// The lines of a text without the empty ones that its quotes begin with.
fn first_line(row: &Folding) -> Span {
    let text = &row.folded.text;
    let blank = &text[..text.len() - text.trim_start().len()];
    let later = u32::try_from(blank.matches('\n').count()).unwrap_or(0);
    let Span { line, end_line } = row.query.span;
    Span { line: line.saturating_add(later).min(end_line.max(line)), end_line }
}

/// The names a name with one hole may be.
fn candidates(name: &str, folded: &Folded) -> Vec<String> {
    let parts = pieces(name);
    let open: Vec<usize> = parts.iter().filter_map(|piece| if let Piece::Hole(number) = piece { Some(*number) } else { None }).collect();
    let [only] = open[..] else { return Vec::new() };
    if parts.iter().any(|piece| matches!(piece, Piece::Placeholder(_))) {
        return Vec::new();
    }
    let values: BTreeSet<&String> = folded.holes.get(only).into_iter().flat_map(|hole| &hole.texts).collect();
    let is_name = |text: &&&String| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$'));
    let filled = values.iter().filter(is_name).map(|value| {
        let parts = parts.iter().map(|piece| match piece {
            Piece::Text(text) => text,
            _ => value.as_str(),
        });
        parts.collect::<String>()
    });
    filled.collect()
}

fn temporary_tables(queries: &[Folding]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for row in queries {
        let start: String = row.folded.text.trim_start().chars().take(40).collect::<String>().to_ascii_uppercase();
        if start.starts_with("CREATE TEMP") {
            let uses = statement::read(&row.folded.text, Dialect::Unknown).uses;
            found.extend(uses.iter().filter(|table| table.operation == statement::Operation::Ddl).map(|table| table.name.to_lowercase()));
        }
    }
    found
}

/// Definitions in the strings of a file. A program may drop a table in one place and make it in another, so only
/// migrations, which run once and in order, take anything away.
fn defined(base: &FactBase, file: FileId, queries: &[Folding]) -> Option<Definitions> {
    let entry = base.file(file);
    let migration = entry.tags.contains(Tag::Migration);
    let mut all = Definitions { file, dialect: Dialect::Unknown, changes: Vec::new() };
    for row in queries.iter().filter(|row| !row.query.undoes && !goes_back(&entry.facts, row.place)) {
        let verb: String = row.folded.text.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
        if !["CREATE", "ALTER", "DROP", "RENAME"].iter().any(|known| verb.eq_ignore_ascii_case(known)) {
            continue;
        }
        // A name that is put together at run time is no table's name.
        let uses = statement::read(&row.folded.text, Dialect::Unknown).uses;
        if uses.iter().any(|table| table.hole && table.operation == statement::Operation::Ddl) {
            continue;
        }
        let script = dump::read_file(row.folded.text.as_bytes(), Some(Dialect::guess(&row.folded.text)));
        if all.changes.is_empty() {
            all.dialect = script.dialect;
        }
        let later = row.query.span.line.saturating_sub(1);
        let changes = script.changes.into_iter().filter(|change| migration || only_adds(change));
        all.changes.extend(changes.map(|change| moved(change, later)));
    }
    (!all.changes.is_empty()).then_some(all)
}

/// `downgrade()`, `down()`: what takes a migration back.
fn goes_back(facts: &FileFacts, place: Place) -> bool {
    let Some(function) = facts.function_around(place.owner) else { return false };
    let name = facts.text(facts.definition(function).name).to_ascii_lowercase();
    matches!(name.as_str(), "down" | "downgrade" | "backwards" | "reverse" | "rollback" | "uninstall" | "safedown")
}

fn only_adds(change: &Change) -> bool {
    match change {
        Change::CreateTable { .. } => true,
        Change::AlterTable { actions, .. } => actions.iter().all(|action| matches!(action, Action::Add(_))),
        _ => false,
    }
}

/// Lines inside a string become lines of the file.
fn moved(mut change: Change, later: u32) -> Change {
    match &mut change {
        Change::CreateTable { table, .. } => {
            table.line += later;
            table.foreign_keys.iter_mut().for_each(|key| key.line += later);
        }
        Change::AlterTable { actions, .. } => {
            for action in actions {
                if let Action::Add(Part::ForeignKey(key)) = action {
                    key.line += later;
                }
            }
        }
        _ => {}
    }
    change
}

/// The text for people: holes are shown as dots.
fn shown(folded: &Folded) -> String {
    shown_name(&folded.text)
}

fn shown_name(text: &str) -> String {
    let parts = pieces(text).into_iter().map(|piece| match piece {
        Piece::Text(text) | Piece::Placeholder(text) => text,
        Piece::Hole(_) => "…",
    });
    parts.collect()
}

/// The beginning of a text on one line.
fn short(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = words.chars().take(100).collect();
    if short.len() < words.len() {
        short.push('…');
    }
    short
}

/// The class that maps a table, where a class does.
fn class_of(table: &DeclaredTable) -> Option<(FileId, DefinitionId)> {
    match table.model {
        Some((file, MappedBy::Class(class))) => Some((file, class)),
        _ => None,
    }
}
