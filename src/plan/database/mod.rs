//! Database first (PLAN.md C): how the tables of a candidate get a home of their own, with SQL for MySQL or MariaDB and for
//! PostgreSQL. What only people can know (passwords, names of constraints) is asked for in comments.

mod dialect;
mod reconcile;

pub use dialect::Server;
pub use reconcile::{Copy, reconcile};

use super::Plan;
use super::costs::NONE;
use super::facts::{Facts, Site, Table};
use super::order::{Evidence, Step};
use dialect::service_name;
use std::collections::{BTreeMap, BTreeSet};

/// More places that write than this are too many to write everything twice.
const DUAL_WRITES: usize = 10;
/// Code of which more than one statement in so many could not be followed may write what nobody knows.
const UNKNOWN: u32 = 3;

/// One step with what to run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stage {
    /// What is done.
    pub title: &'static str,
    /// Why, and how one knows that it is done.
    pub text: String,
    /// Statements for each of [`Server::ALL`]; empty where the step is work on code.
    pub sql: [Vec<String>; 2],
    /// Places in the code that have to change.
    pub sites: Vec<Site>,
}

/// The steps of a candidate, in order. Those that only code needs have no SQL.
#[must_use]
pub fn stages(facts: &Facts, plan: &Plan, step: &Step) -> Vec<Stage> {
    let candidate = &plan.candidates[step.candidate as usize];
    // Whether a table is there that no schema declares, nobody knows: no statement is made for it.
    let tables: Vec<&Table> = candidate.tables.iter().map(|table| &facts.tables[*table]).filter(|table| !table.is_ghost).collect();
    if tables.is_empty() {
        return Vec::new();
    }
    let names = schemas(plan);
    let moving = Moving {
        facts,
        service: &names[step.candidate as usize],
        tables,
        sides: Sides::of(facts, plan, step.candidate),
        step,
        names: &names,
    };
    let stages = [
        Some(moving.own_schema()),
        moving.foreign_writes(),
        moving.foreign_reads(),
        moving.keys(),
        moving.gods(),
        Some(moving.dual_write()),
        Some(moving.backfill()),
        Some(moving.reconcile()),
    ];
    stages.into_iter().flatten().chain(moving.switch()).collect()
}

/// What the schemas of the candidates are called, each its own.
fn schemas(plan: &Plan) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut name = |wanted: String| {
        let free = |name: &String| !taken.contains(name);
        let chosen = std::iter::once(wanted.clone()).chain((2..).map(|number| format!("{wanted}_{number}"))).find(free);
        let chosen = chosen.unwrap_or(wanted);
        taken.insert(chosen.clone());
        chosen
    };
    plan.candidates.iter().map(|candidate| name(service_name(&candidate.name))).collect()
}

/// A candidate whose tables move.
struct Moving<'a> {
    facts: &'a Facts,
    service: &'a str,
    tables: Vec<&'a Table>,
    sides: Sides,
    step: &'a Step,
    /// Schemas of all candidates.
    names: &'a [String],
}

impl Moving<'_> {
    fn stage(&self, title: &'static str, text: String, statements: &dyn Fn(Server) -> Vec<String>) -> Stage {
        Stage { title, text, sql: Server::ALL.map(statements), sites: Vec::new() }
    }

    fn own_schema(&self) -> Stage {
        let text = format!(
            "Make a schema and a role for {}; who else uses its tables shows when the rights to write are taken away in staging.",
            self.service
        );
        self.stage("own schema and user", text, &|server| server.own_schema(self.service, &self.tables))
    }

    fn foreign_writes(&self) -> Option<Stage> {
        let writers = &self.sides.writers;
        let text = format!(
            "Route {} in other candidates through a function or interface of {}.",
            counted(writers.len(), "place that writes", "places that write"),
            self.service
        );
        let stage = self.stage("stop foreign writes", text, &|_| Vec::new());
        (!writers.is_empty()).then(|| Stage { sites: writers.clone(), ..stage })
    }

    fn foreign_reads(&self) -> Option<Stage> {
        let readers = &self.sides.readers;
        let text = format!(
            "{} in other candidates read through views that {} keeps, until they ask its interface.",
            counted(readers.len(), "place", "places"),
            self.service
        );
        let views = |server: Server| {
            let read = self.sides.read.iter().filter(|(table, _)| !self.facts.tables[**table].is_ghost).map(|(table, sides)| {
                let roles: Vec<String> = sides.iter().map(|side| self.names[*side as usize].clone()).collect();
                server.view(self.service, &self.facts.tables[*table], &roles)
            });
            read.flatten().collect()
        };
        let stage = self.stage("foreign reads through views", text, &views);
        (!readers.is_empty()).then(|| Stage { sites: readers.clone(), ..stage })
    }

    fn keys(&self) -> Option<Stage> {
        let cut = self.step.terms.evidence[4].iter().filter_map(|row| if let Evidence::Key(at) = row { Some(*at) } else { None });
        let cut: Vec<usize> = cut.collect();
        let text = "Keys that leave the schema become checks in code: count the rows without a partner, then drop the key.".to_owned();
        let name = |table: usize| self.facts.tables[table].name.as_str();
        let declared = cut.iter().map(|at| &self.facts.keys[*at]).filter(|key| key.declared).map(|key| (name(key.from), name(key.to)));
        let declared: BTreeSet<(&str, &str)> = declared.collect();
        let statements = |server: Server| {
            let counts = cut.iter().filter_map(|at| orphans(server, self.facts, *at));
            counts.chain(declared.iter().map(|(child, parent)| server.keys_to_drop(child, parent))).collect()
        };
        (!cut.is_empty()).then(|| self.stage("soften foreign keys", text, &statements))
    }

    /// Tables that hold too much at once, by the columns that are used apart.
    fn gods(&self) -> Option<Stage> {
        let gods = self.tables.iter().filter(|table| table.is_god && !table.column_groups.is_empty() && !table.primary_key.is_empty());
        let gods: Vec<&&Table> = gods.collect();
        let names: Vec<&str> = gods.iter().map(|table| table.name.as_str()).collect();
        let text = format!(
            "Split {}: columns that statements use apart go into tables of their own with the same key; check the groups by hand.",
            names.join(", ")
        );
        let parts = |server: Server| {
            let groups =
                gods.iter().flat_map(|table| table.column_groups.iter().enumerate().map(move |(at, group)| (*table, at + 1, group)));
            groups.flat_map(|(table, number, group)| server.part(self.service, table, number, group)).collect()
        };
        (!gods.is_empty()).then(|| self.stage("split god tables", text, &parts))
    }

    /// Why the changes have to be captured from the log of the server instead of being written twice.
    fn captured(&self) -> Option<&'static str> {
        if self.sides.writers.len() + self.sides.own_writers > DUAL_WRITES {
            return Some("there are too many places that write for a dual write");
        }
        self.sides.unknown_writers.then_some("some statements could not be followed, so there may be writers nobody knows")
    }

    fn dual_write(&self) -> Stage {
        let named = |wanted: &dyn Fn(&Table) -> bool| {
            let names: Vec<&str> = self.tables.iter().filter(|table| wanted(table)).map(|table| table.name.as_str()).collect();
            names.join(", ")
        };
        let mut text = match self.captured() {
            Some(why) => {
                let keyless = named(&|table| table.primary_key.is_empty());
                let keyless = if keyless.is_empty() { String::new() } else { format!(" It needs a primary key, which {keyless} lacks.") };
                format!("Follow the old tables by change data capture: {why}.{keyless}")
            }
            None => "Write to both behind a flag; the old table is the truth.".to_owned(),
        };
        for (names, advice) in [
            (named(&|table| table.is_reference), "is hardly ever written: a copy and an event when it changes will do"),
            (named(&|table| table.is_log), "is only added to: move it last, or leave it"),
            (named(&|table| !table.kinds.is_empty()), "refers to several tables by a column that names them: split it by that value first"),
        ] {
            if !names.is_empty() {
                text.push_str(&format!(" {names} {advice}."));
            }
        }
        let captured = self.captured().is_some();
        let statements = |server: Server| {
            let copies = self.tables.iter().map(|table| server.empty_copy(self.service, table));
            copies.chain(if captured { server.capture(self.service, &self.tables) } else { Vec::new() }).collect()
        };
        self.stage("dual write", text, &statements)
    }

    fn backfill(&self) -> Stage {
        let text = "Copy what is there already: where the key is one number, range by range, with the statements that the questions \
                    print; what is copied already stays as it is.";
        self.stage("backfill", text.to_owned(), &|server| self.tables.iter().map(|table| server.backfill(self.service, table)).collect())
    }

    fn reconcile(&self) -> Stage {
        let text = "Compare old and new: counts and ranges first, then checksums, then the keys of rows that are missing or differ.";
        let questions =
            |server: Server| self.tables.iter().flat_map(|table| reconcile(server, &copy(server, self.service, table))).collect();
        self.stage("reconcile", text.to_owned(), &questions)
    }

    /// Work on code, and in the end the one thing that cannot be taken back.
    fn switch(&self) -> Vec<Stage> {
        let drop = |server: Server| {
            let statement = |table: &&Table| format!("-- when nobody wants to go back: DROP TABLE {};", server.quoted(&table.name));
            self.tables.iter().map(statement).collect()
        };
        vec![
            self.stage("shadow reads", "Read from the new tables beside the old ones, compare, and answer from the old.".to_owned(), &|_| Vec::new()),
            self.stage(
                "switch",
                "Answer from the new tables, then write there first; write back to the old ones as the way home, and reconcile again the other \
                 way round."
                    .to_owned(),
                &|_| Vec::new(),
            ),
            self.stage("drop", "Stop writing back, and drop the old tables.".to_owned(), &drop),
        ]
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn copy(server: Server, service: &str, table: &Table) -> Copy {
    Copy {
        old: server.quoted(&table.name),
        new: server.within(service, &table.name),
        columns: table.columns.iter().map(|column| column.name.clone()).collect(),
        key: table.primary_key.clone(),
        ranged: table.range_key().is_some(),
    }
}

/// Who uses the tables of a candidate.
#[derive(Default)]
struct Sides {
    /// Places outside that read, and that write.
    readers: Vec<Site>,
    writers: Vec<Site>,
    /// How many places of its own write.
    own_writers: usize,
    /// Tables that are read outside, with the candidates that do.
    read: BTreeMap<usize, BTreeSet<u32>>,
    /// Statements of the candidate or of what writes its tables could not be followed.
    unknown_writers: bool,
}

impl Sides {
    fn of(facts: &Facts, plan: &Plan, candidate: u32) -> Self {
        let own: BTreeSet<usize> = plan.candidates[candidate as usize].tables.iter().copied().collect();
        let mut sides = Self::default();
        for access in facts.accesses.iter().filter(|access| own.contains(&access.table)) {
            let side = plan.of[access.atom];
            let atom = &facts.atoms[access.atom];
            sides.unknown_writers |= access.writes > 0 && atom.unresolved * UNKNOWN > atom.resolved + atom.unresolved;
            if side == candidate {
                sides.own_writers += access.writes as usize;
            } else if side != NONE || plan.aside[access.atom].is_some() {
                sides.readers.extend(&access.read_sites);
                sides.writers.extend(&access.write_sites);
                if access.reads > 0 {
                    let readers = sides.read.entry(access.table).or_default();
                    readers.extend((side != NONE).then_some(side));
                }
            }
        }
        sides
    }
}

/// How many rows refer to something that is not there; the statement that drops a key needs a name that only the server knows.
fn orphans(server: Server, facts: &Facts, key: usize) -> Option<String> {
    let key = &facts.keys[key];
    let (child, parent) = (&facts.tables[key.from], &facts.tables[key.to]);
    if child.is_ghost || parent.is_ghost {
        return None;
    }
    let [target] = parent.primary_key.as_slice() else { return None };
    if key.columns.contains(',') {
        return None;
    }
    let column = server.quoted_word(&key.columns);
    Some(format!(
        "SELECT COUNT(*) AS orphans FROM {} c LEFT JOIN {} p ON p.{target} = c.{column} WHERE c.{column} IS NOT NULL AND p.{target} IS NULL;",
        server.quoted(&child.name),
        server.quoted(&parent.name),
        target = server.quoted_word(target),
    ))
}
