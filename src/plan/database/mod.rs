//! Database first (PLAN.md C): how the tables of a candidate get a home of their own, with SQL for MySQL or MariaDB and for
//! PostgreSQL. What only people can know (passwords, names of constraints) is asked for in comments.

mod dialect;
mod reconcile;

pub use dialect::Server;
pub use reconcile::{Copy, reconcile};

use super::Plan;
use super::costs::NONE;
use super::facts::{Facts, Table};
use super::order::{Evidence, Step};
use dialect::service_name;
use std::collections::BTreeSet;

/// One step with what to run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stage {
    /// What is done.
    pub title: &'static str,
    /// Why, and how one knows that it is done.
    pub text: String,
    /// Statements for each of [`Server::ALL`]; empty where the step is work on code.
    pub sql: [Vec<String>; 2],
}

/// The steps of a candidate, in order. Those that only code needs have no SQL.
#[must_use]
pub fn stages(facts: &Facts, plan: &Plan, step: &Step) -> Vec<Stage> {
    let candidate = &plan.candidates[step.candidate as usize];
    if candidate.tables.is_empty() {
        return Vec::new();
    }
    let service = service_name(&candidate.name);
    let tables: Vec<&Table> = candidate.tables.iter().map(|table| &facts.tables[*table]).collect();
    let sides = Sides::of(facts, plan, step.candidate);
    let both = |statements: &dyn Fn(Server) -> Vec<String>| Server::ALL.map(statements);
    let mut stages = vec![Stage {
        title: "own schema and user",
        text: format!("Make a schema and a role for {service}; unknown users of its tables show when rights are taken away in staging."),
        sql: both(&|server| server.own_schema(&service, &tables)),
    }];
    let mut add = |title, text: String, sql| stages.push(Stage { title, text, sql });
    if sides.writers > 0 {
        let text = format!(
            "Route {} in other candidates through a function or interface of {service}.",
            counted(sides.writers, "place that writes", "places that write")
        );
        add("stop foreign writes", text, Default::default());
    }
    if sides.readers > 0 {
        let text = format!(
            "{} in other candidates read through a view that {service} keeps, until they ask its interface.",
            counted(sides.readers, "place", "places")
        );
        add("foreign reads through views", text, both(&|server| tables.iter().map(|table| server.view(&service, table)).collect()));
    }
    let keys: Vec<usize> =
        step.terms.evidence[4].iter().filter_map(|row| if let Evidence::Key(at) = row { Some(*at) } else { None }).collect();
    if !keys.is_empty() {
        let text = "Keys that leave the schema become checks in code; count the rows without a partner first.".to_owned();
        add("soften foreign keys", text, both(&|server| keys.iter().flat_map(|at| orphans(server, facts, *at)).collect()));
    }
    let text = if sides.writers > 10 {
        "Copy by change data capture: there are too many places that write for a dual write.".to_owned()
    } else {
        "Write to both behind a flag; the old table is the truth.".to_owned()
    };
    add("dual write and backfill", text, both(&|server| tables.iter().flat_map(|table| server.backfill(&service, table)).collect()));
    let text = "Compare old and new: counts and ranges first, then checksums, then the keys of rows that are missing or differ.".to_owned();
    add("reconcile", text, both(&|server| tables.iter().flat_map(|table| reconcile(server, &copy(server, &service, table))).collect()));
    let text = "Read from the new tables beside the old ones and compare; switch reads, then writes, with a dual write back as the way home; then drop the old tables.";
    add("switch and drop", text.to_owned(), Default::default());
    stages
}

fn counted(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn copy(server: Server, service: &str, table: &Table) -> Copy {
    Copy {
        old: server.quoted(&table.name),
        new: server.within(service, &table.name),
        columns: table.columns.iter().map(|column| column.name.clone()).collect(),
        key: table.primary_key.clone(),
        ranged: table.primary_key.len() == 1 && table.columns.iter().any(|column| column.name == table.primary_key[0] && column.is_integer),
    }
}

/// Places of other candidates that use tables of one.
struct Sides {
    readers: u32,
    writers: u32,
}

impl Sides {
    fn of(facts: &Facts, plan: &Plan, candidate: u32) -> Self {
        let own: BTreeSet<usize> = plan.candidates[candidate as usize].tables.iter().copied().collect();
        let mut sides = Self { readers: 0, writers: 0 };
        for access in facts.accesses.iter().filter(|access| own.contains(&access.table)) {
            let side = plan.of[access.atom];
            if side != candidate && (side != NONE || plan.aside[access.atom].is_some()) {
                sides.readers += access.reads;
                sides.writers += access.writes;
            }
        }
        sides
    }
}

/// How many rows refer to something that is not there; the statement that drops a key needs a name that only the server knows.
fn orphans(server: Server, facts: &Facts, key: usize) -> Option<String> {
    let key = &facts.keys[key];
    let (child, parent) = (&facts.tables[key.from], &facts.tables[key.to]);
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
