//! Reads and writes through Eloquent's models and the query builder.
//!
//! One chain of calls is one statement: `Order::where('state', 1)->update([...])` is a write of the columns it names.
//! A chain counts where it begins; a builder that a variable holds counts again only where it writes.

mod columns;

use crate::base::{FileId, Tag};
use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::orm::{Form, Place, Places, Typed, What};
use crate::frameworks::php::types::{ROW_READS, ROW_WRITES, WRITES, bare_table};
use crate::frameworks::php::{Chain, PhpTypes, Subject};
use crate::frameworks::tables::{Operation, TableAccess};
use rustc_hash::{FxHashMap, FxHashSet};

/// How sure a table is that a query over nothing known names.
const NAMED: u8 = 80;

/// How sure it is that reading a relation's attribute asks the database: it may be loaded already.
const LAZY: u8 = 80;

/// The class above every migration.
const MIGRATION: &[&str] = &["illuminate\\database\\migrations\\migration"];

/// Schemas in which database servers keep what they know of themselves.
const CATALOGS: [&str; 3] = ["information_schema", "pg_catalog", "performance_schema"];

/// Collects the accesses of every file of the application. What migrations do to rows is listed as far as the table is
/// still there.
pub(in crate::frameworks) fn collect(
    types: &PhpTypes<'_>,
    known: &FxHashSet<String>,
    out: &mut Vec<TableAccess>,
    open: &mut Vec<OpenCall>,
) {
    for file in types.classes.files() {
        let entry = types.classes.base.file(file);
        let is_past = entry.tags.contains(Tag::Migration);
        let mut rows = Vec::new();
        if is_past {
            of_file(types, file, known, &mut rows, &mut Vec::new());
        } else if !types.classes.classes_of(file).any(|class| types.classes.is_below(class, MIGRATION)) {
            of_file(types, file, known, &mut rows, open);
        }
        let of_server =
            |table: &str| table.split_once('.').is_some_and(|(schema, _)| CATALOGS.iter().any(|own| own.eq_ignore_ascii_case(schema)));
        rows.retain(|row| !of_server(&row.table) && (!is_past || known.contains(&row.table.to_lowercase())));
        out.append(&mut rows);
    }
}

fn of_file(types: &PhpTypes<'_>, file: FileId, known: &FxHashSet<String>, out: &mut Vec<TableAccess>, open: &mut Vec<OpenCall>) {
    let facts = types.classes.base.facts(file);
    let not_read = facts.calls.iter().map(|call| call.callee).chain(facts.bindings.iter().map(|binding| binding.target)).collect();
    let (chains, next) = (FxHashMap::default(), FxHashMap::default());
    let mut scan = Scan { types, file, facts, known, not_read, chains, order: Vec::new(), next, out, open };
    let mut places = Places::of(facts);
    for (index, value) in (0u32..).zip(&facts.values) {
        let id = ValueId(index);
        if !matches!(value.shape, Shape::Call(_) | Shape::Member(..)) {
            continue;
        }
        let place = places.place(id);
        match value.shape {
            Shape::Call(call) => scan.call(&facts.calls[call.0 as usize], place),
            Shape::Member(object, name) if !scan.not_read.contains(&id) => scan.member(id, object, facts.text(name), value.line, place),
            _ => {}
        }
    }
    scan.flush();
}

/// One file while it is gone through.
struct Scan<'a, 'b> {
    types: &'a PhpTypes<'a>,
    file: FileId,
    facts: &'a FileFacts,
    /// Tables that something declares.
    known: &'a FxHashSet<String>,
    /// What is called or given something, and so not read.
    not_read: FxHashSet<ValueId>,
    chains: FxHashMap<ValueId, Chain>,
    order: Vec<ValueId>,
    next: FxHashMap<u32, u32>,
    out: &'b mut Vec<TableAccess>,
    open: &'b mut Vec<OpenCall>,
}

impl Scan<'_, '_> {
    /// `$line->order`: the row behind a key is fetched.
    fn member(&mut self, value: ValueId, object: ValueId, name: &str, line: u32, place: Place) {
        // A word that no model has for a relation is the usual case.
        let of = self.types.receiver(self.file, place.owner, object);
        let What::Instance(class) = of.what else { return };
        let Some(relation) = self.types.relation(class, name) else { return };
        let subject = match (relation.class, &relation.table) {
            (Some(class), _) => Subject::Model(class),
            (None, Some(table)) => Subject::Table(table.clone()),
            (None, None) => return,
        };
        let mut chain = Chain::new(subject, relation.join_table.clone(), name, line, place, of.sure.min(LAZY));
        chain.end_line = line;
        // What is asked of the rows belongs to the same statement.
        if relation.many { self.begin(value, chain) } else { self.emit(&chain) }
    }

    fn call(&mut self, call: &Call, place: Place) {
        let Shape::Member(object, name) = self.facts.value(call.callee).shape else { return };
        let method = self.facts.text(name);
        if let Some(table) = self.types.query_of_table(self.file, place.owner, call, object, method) {
            // The model the connection was asked of is not read.
            self.chains.remove(&object);
            let chain = Chain::new(Subject::Table(table), None, method, call.span.line, place, 95);
            return self.begin(call.value, chain);
        }
        if let Some(chain) = self.chains.remove(&object) {
            return self.further(chain, call, method);
        }
        let of = self.types.receiver(self.file, place.owner, object);
        let line = call.span.line;
        match of.what {
            What::Class(class) if self.types.entities.get(class).is_some() => {
                let of_call = self.types.of(self.file, place.owner, call.value);
                let is_own = self.types.own_method(class, method).is_some();
                if method != "__construct" && !is_own && (of_call.is_known() || is_query(method)) {
                    let chain = Chain::new(Subject::Model(class), None, method, line, place, of.sure);
                    self.further(chain, call, method);
                }
            }
            What::Instance(class) if self.types.entities.get(class).is_some() => self.on_row(class, &of, call, method, place),
            What::Set(class, ref via) if self.is_counted(place, object, method) => {
                let chain = Chain::new(Subject::Model(class), via.clone(), method, line, place, of.sure);
                self.further(chain, call, method);
            }
            What::Foreign(ref table, Form::Set, ref via) if self.is_counted(place, object, method) => {
                let chain = Chain::new(Subject::Table(table.clone()), via.clone(), method, line, place, of.sure);
                self.further(chain, call, method);
            }
            What::Unknown => {
                self.on_nothing_known(call, method, place);
                self.note_open(call, object, method);
            }
            _ => {}
        }
    }

    /// A call on one row of a model.
    fn on_row(&mut self, class: crate::frameworks::orm::ClassId, of: &Typed, call: &Call, method: &str, place: Place) {
        let line = call.span.line;
        let mut chain = Chain::new(Subject::Model(class), None, method, line, place, of.sure);
        chain.end_line = call.span.end_line;
        if let Some(relation) = self.types.relation(class, method) {
            let subject = match (relation.class, &relation.table) {
                (Some(class), _) => Subject::Model(class),
                (None, Some(table)) => Subject::Table(table.clone()),
                (None, None) => return,
            };
            let mut chain = Chain::new(subject, relation.join_table.clone(), method, line, place, of.sure);
            chain.end_line = call.span.end_line;
            return self.begin(call.value, chain);
        }
        let is_own = self.types.own_method(class, method).is_some();
        if ROW_WRITES.contains(&method) {
            // A model's own `save` usually ends in the library's.
            chain.operation = Operation::Write;
            chain.sure = if is_own { of.sure.min(90) } else { of.sure };
            self.name_columns(&mut chain, call, method);
            return self.emit(&chain);
        }
        if is_own {
            return;
        }
        if ROW_READS.contains(&method) {
            return self.emit(&chain);
        }
        if matches!(method, "load" | "loadMissing" | "loadCount" | "loadSum" | "loadExists") {
            self.add_relations(&mut chain, call);
            chain.subject = Subject::Nothing;
            return self.emit(&chain);
        }
        if self.types.of(self.file, place.owner, call.value).is_known() && !is_kept(method) || is_query(method) {
            self.further(chain, call, method);
        }
    }

    /// Rows that a variable holds were counted where it was given them; what is done to them then counts when it writes.
    fn is_counted(&self, place: Place, object: ValueId, method: &str) -> bool {
        if WRITES.contains(&method) {
            return true;
        }
        let Some(name) = self.facts.as_name(object) else { return true };
        let mut scope = place.owner;
        while let Some(function) = scope {
            if !self.types.classes.locals(self.file).of_name(scope, name).is_empty() {
                return false;
            }
            scope = self.facts.definition(function).owner;
        }
        // What a closure is handed belongs to the statement around it.
        !self.facts.function_around(place.owner).is_some_and(|function| self.facts.text(self.facts.definition(function).name).is_empty())
    }

    /// `$query->from('orders')`, where nobody knows what the query is over: a table that is declared is believed.
    fn on_nothing_known(&mut self, call: &Call, method: &str, place: Place) {
        if !matches!(method, "from" | "join" | "leftJoin" | "rightJoin" | "crossJoin") {
            return;
        }
        for table in self.tables_of(call, 0).into_iter().filter(|table| self.known.contains(&table.to_lowercase())) {
            let chain = Chain::new(Subject::Table(table), None, method, call.span.line, place, NAMED);
            self.begin(call.value, chain);
        }
    }

    /// A call that surely stores something, on a thing nobody can follow.
    fn note_open(&mut self, call: &Call, object: ValueId, method: &str) {
        let is_variable = self.facts.as_name(object).is_none_or(|name| self.facts.text(name).starts_with('$'));
        let reason = match method {
            "save" | "saveQuietly" | "saveOrFail" if is_variable && !call.used && self.facts.arguments_of(call).is_empty() => {
                "which model this is cannot be told from the code around it"
            }
            "updateOrCreate" | "firstOrCreate" | "insertGetId" | "saveMany" | "syncWithoutDetaching" if is_variable => {
                "which model this is cannot be told from the code around it"
            }
            "table" if self.types.is_connection(self.file, object) && !self.facts.arguments_of(call).is_empty() => {
                "which table this is, is only known at run time"
            }
            _ => return,
        };
        let receiver = self.facts.dotted(object).map_or_else(|| "an expression".to_owned(), |text| text.replace('.', "->"));
        let (file, line) = (self.file, call.span.line);
        let text = format!("{receiver}->{method}()");
        self.open.push(OpenCall { file, line, kind: "table", text, reason: reason.to_owned() });
    }

    fn tables_of(&self, call: &Call, place: usize) -> Vec<String> {
        let Some(value) = self.facts.argument(call, place, "table") else { return Vec::new() };
        let found = self.types.classes.texts(self.file, self.facts.owner_of(value), value);
        found.iter().map(|text| bare_table(text).to_owned()).filter(|table| !table.is_empty() && !table.contains(['(', '?'])).collect()
    }

    fn begin(&mut self, value: ValueId, chain: Chain) {
        self.chains.insert(value, chain);
        self.order.push(value);
    }

    /// One step further along a chain.
    fn further(&mut self, mut chain: Chain, call: &Call, method: &str) {
        chain.line = chain.line.min(call.span.line);
        chain.end_line = chain.end_line.max(call.span.end_line);
        // The key is set on the row at hand; nothing is asked of the database.
        if matches!(method, "associate" | "dissociate") {
            return;
        }
        match method {
            "join" | "leftJoin" | "rightJoin" | "crossJoin" | "joinWhere" | "leftJoinWhere" | "from" => {
                for table in self.tables_of(call, 0) {
                    chain.join(table);
                }
            }
            "with" | "withCount" | "withSum" | "withExists" | "whereHas" | "orWhereHas" | "whereDoesntHave" | "withWhereHas" | "has"
            | "orHas" | "doesntHave" | "load" | "loadMissing" | "loadCount" | "whereRelation" => self.add_relations(&mut chain, call),
            _ => {}
        }
        if WRITES.contains(&method) && chain.operation == Operation::Read {
            chain.operation = Operation::Write;
            method.clone_into(&mut chain.verb);
        } else if chain.operation == Operation::Read {
            method.clone_into(&mut chain.verb);
        }
        self.name_columns(&mut chain, call, method);
        self.begin(call.value, chain);
    }

    /// The tables behind relations that are named by path: `with('lines.product')`, `with(['lines' => fn () => ...])`.
    fn add_relations(&self, chain: &mut Chain, call: &Call) {
        let Subject::Model(class) = chain.subject else { return };
        let mut paths: Vec<&str> = Vec::new();
        for argument in self.facts.arguments_of(call) {
            match self.facts.value(argument.value).shape {
                Shape::Literal(text) => paths.push(self.facts.text(text)),
                Shape::List(parts) => paths.extend(self.facts.items(parts).iter().filter_map(|part| self.facts.as_literal(*part))),
                Shape::Map(entries) => {
                    for entry in &self.facts.entries[entries.range()] {
                        paths.extend(self.facts.as_literal(entry.key.unwrap_or(entry.value)));
                    }
                }
                _ => {}
            }
        }
        for relation in paths.into_iter().flat_map(|path| self.types.along(class, path)) {
            let tables = relation.class.map_or_else(Vec::new, |class| self.types.entities.tables(class));
            let own = if tables.len() == 1 { tables.first().map(|table| (*table).to_owned()) } else { relation.table.clone() };
            chain.joined.extend(own);
            chain.joined.extend(relation.join_table.clone());
        }
    }

    fn statement(&mut self, line: u32) -> u32 {
        let next = self.next.entry(line).or_insert(0);
        *next += 1;
        *next
    }

    fn emit(&mut self, chain: &Chain) {
        let statement = self.statement(chain.line);
        chain.rows(self.types.entities, self.file, statement, self.out);
    }

    /// Writes down the chains that nothing took further.
    fn flush(&mut self) {
        for value in std::mem::take(&mut self.order) {
            if let Some(chain) = self.chains.remove(&value) {
                self.emit(&chain);
            }
        }
    }
}

/// Methods that ask the database although nobody can use what they give.
fn is_query(method: &str) -> bool {
    WRITES.contains(&method)
        || matches!(method, "count" | "exists" | "doesntExist" | "pluck" | "value" | "sum" | "avg" | "min" | "max" | "chunk" | "insert")
}

/// Methods that give the row they are called on, or another in memory.
fn is_kept(method: &str) -> bool {
    matches!(
        method,
        "fill" | "forceFill" | "setAttribute" | "setRelation" | "unsetRelation" | "unsetRelations" | "withoutRelations" | "makeHidden"
    ) || matches!(method, "makeVisible" | "setHidden" | "setVisible" | "append" | "setAppends" | "replicate" | "tap" | "newInstance")
        || matches!(method, "setConnection" | "setTable" | "syncOriginal" | "mergeCasts" | "make" | "setKeepRevisions" | "newCollection")
}
