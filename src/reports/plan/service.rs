//! What a candidate needs, what needs it, and who knows it: what JSON and the document for the board tell alike.

use super::Planned;
use crate::plan::costs::NONE;
use crate::plan::facts::{Outside, Site, Start};
use crate::plan::order::{Evidence, Step};
use crate::plan::sagas::Saga;
use std::collections::{BTreeMap, BTreeSet};

/// Something of one side that the other one uses: an operation of an interface.
pub(super) struct Operation<'a> {
    /// The candidate, or code in none, on the other side of the border.
    pub(super) side: &'a str,
    /// The atom that has it.
    pub(super) of: &'a str,
    /// Its name; empty where the whole of it is used.
    pub(super) symbol: &'a str,
    /// Where it is used.
    pub(super) sites: Vec<Site>,
}

/// Dependencies over the border by what is used. `term` is 0 for those that come in, 1 for those that go out.
pub(super) fn operations<'a>(planned: &Planned<'a>, step: &'a Step, term: usize) -> Vec<Operation<'a>> {
    let (facts, plan) = (planned.facts, planned.plan);
    let mut operations: BTreeMap<(&str, &str, &str), Vec<Site>> = BTreeMap::new();
    for row in &step.terms.evidence[term] {
        let Evidence::Dependency(at) = row else { continue };
        let row = &facts.dependencies[*at];
        let other = if term == 0 { row.from } else { row.to };
        let side = if plan.of[other] == NONE { facts.atoms[other].name.as_str() } else { planned.candidate(plan.of[other]) };
        for used in &row.uses {
            operations.entry((&facts.atoms[row.to].name, &used.symbol, side)).or_default().push(used.site);
        }
    }
    operations.into_iter().map(|((of, symbol, side), sites)| Operation { side, of, symbol, sites }).collect()
}

/// A table of one candidate that others read: they are told when it changes, or they ask.
pub(super) struct Event<'a> {
    /// The table.
    pub(super) table: usize,
    /// The candidates that read it, or the one that owns it.
    pub(super) others: Vec<&'a str>,
    /// Where it is written, or read.
    pub(super) sites: Vec<Site>,
}

/// What a candidate has to tell others: its tables that they read, with the places that change them.
pub(super) fn events_out<'a>(planned: &Planned<'a>, at: u32) -> Vec<Event<'a>> {
    let candidates = &planned.plan.candidates;
    let event = |table: &usize| {
        let others: Vec<&str> = candidates.iter().filter(|other| other.replicas.contains(table)).map(|other| other.name.as_str()).collect();
        let sites = sites(planned, *table, at, |access| &access.write_sites);
        (!others.is_empty()).then_some(Event { table: *table, others, sites })
    };
    candidates[at as usize].tables.iter().filter_map(event).collect()
}

/// What a candidate wants to be told: tables of others that it reads, with the places that do.
pub(super) fn events_in<'a>(planned: &Planned<'a>, at: u32) -> Vec<Event<'a>> {
    let event = |table: &usize| {
        let owner = planned.plan.of[planned.facts.table_node(*table)];
        let sites = sites(planned, *table, at, |access| &access.read_sites);
        Event { table: *table, others: vec![planned.candidate(owner)], sites }
    };
    planned.plan.candidates[at as usize].replicas.iter().map(event).collect()
}

fn sites(planned: &Planned<'_>, table: usize, at: u32, of: fn(&crate::plan::facts::Access) -> &Vec<Site>) -> Vec<Site> {
    let own = planned.facts.accesses.iter().filter(|access| access.table == table && planned.plan.of[access.atom] == at);
    own.flat_map(of).copied().collect()
}

/// Something that is sent over the border: its kind and name, who is on the other side, and where it is sent or handled here.
pub(super) type Sent<'a> = (&'static str, &'a str, BTreeSet<&'a str>, BTreeSet<Site>);

/// Who is on the other side of what is sent, and where it is sent or handled here.
type Sides<'a> = (BTreeSet<&'a str>, BTreeSet<Site>);

/// What a candidate sends to others, or is called for when others send it.
pub(super) fn messages<'a>(planned: &Planned<'a>, at: u32, sends: bool) -> Vec<Sent<'a>> {
    let side = |atom: usize| planned.plan.of[atom];
    let mut rows: BTreeMap<(&'static str, &'a str), Sides<'a>> = BTreeMap::new();
    for row in &planned.facts.messages {
        let (own, other, site) = if sends { (row.from, row.to, row.sent) } else { (row.to, row.from, row.handled) };
        if side(own) != at || side(other) == at {
            continue;
        }
        let name = if side(other) == NONE { planned.facts.atoms[other].name.as_str() } else { planned.candidate(side(other)) };
        let (others, sites) = rows.entry((row.kind, &row.name)).or_default();
        others.insert(name);
        sites.extend(site);
    }
    rows.into_iter().map(|((kind, name), (others, sites))| (kind, name, others, sites)).collect()
}

/// Tables a candidate owns and others write too, which have to be split or written through one interface; with whoever
/// else writes them.
pub(super) fn split<'a>(planned: &Planned<'a>, step: &Step) -> Vec<(usize, Vec<&'a str>)> {
    let own = &planned.plan.candidates[step.candidate as usize].tables;
    let writers = |table: usize| -> Vec<&'a str> {
        let writing = planned.facts.accesses.iter().filter(|access| access.table == table && access.writes > 0);
        let others = writing.filter(|access| planned.plan.of[access.atom] != step.candidate);
        let name = |atom: usize| match planned.plan.of[atom] {
            NONE => planned.facts.atoms[atom].name.as_str(),
            at => planned.candidate(at),
        };
        others.map(|access| name(access.atom)).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let rows = own.iter().map(|table| (*table, writers(*table)));
    rows.filter(|(_, writers)| !writers.is_empty()).collect()
}

/// Sagas in which a candidate writes.
pub(super) fn sagas<'a>(planned: &Planned<'a>, candidate: u32) -> impl Iterator<Item = &'a Saga> {
    let writes = move |saga: &&Saga| saga.steps.iter().any(|step| step.candidate == candidate && !step.writes.is_empty());
    planned.plan.sagas.iter().filter(writes)
}

/// Words that make rows, that remove them, and that change them; what else writes may do either.
const INSERTS: [&str; 12] = [
    "insert",
    "create",
    "bulk_create",
    "construct",
    "add",
    "add_all",
    "insertmany",
    "insertone",
    "insertgetid",
    "createview",
    "persist",
    "push",
];
const DELETES: [&str; 10] =
    ["delete", "remove", "destroy", "deleteone", "deletemany", "deleteview", "truncate", "clear", "forcedelete", "trash"];
const UPDATES: [&str; 10] =
    ["update", "updateone", "updatemany", "bulk_update", "updateview", "increment", "decrement", "set", "touch", "findoneandupdate"];

/// How a step of a saga is taken back: the reverse of each write.
pub(super) fn compensation(planned: &Planned<'_>, unit: usize, table: usize) -> String {
    let verbs = planned.facts.units[unit].verbs.iter().filter(|(written, _)| *written == table).map(|(_, verb)| verb.to_lowercase());
    let verbs: Vec<String> = verbs.collect();
    let name = planned.table(table);
    let all = |words: &[&str]| !verbs.is_empty() && verbs.iter().all(|verb| words.contains(&verb.as_str()));
    if all(&INSERTS) {
        format!("delete what was inserted into {name}, or mark it as cancelled")
    } else if all(&DELETES) {
        format!("put back what was deleted from {name}: mark it first, delete it when everything has worked")
    } else if all(&UPDATES) {
        format!("write the former values back to {name}")
    } else {
        format!("delete new rows of {name}, and write former values back to changed ones")
    }
}

/// Who answers for the code of a candidate, with the number of pieces each does.
pub(super) fn owners<'a>(planned: &Planned<'a>, at: u32) -> BTreeMap<&'a str, usize> {
    let mut owners = BTreeMap::new();
    let atoms = planned.plan.candidates[at as usize].atoms.iter().map(|atom| &planned.facts.atoms[*atom]);
    for owner in atoms.flat_map(|atom| &atom.code_owners) {
        *owners.entry(owner.as_str()).or_default() += 1;
    }
    owners
}

/// Commands and jobs of a candidate.
pub(super) fn starts<'a>(planned: &Planned<'a>, at: u32) -> impl Iterator<Item = &'a Start> {
    planned.facts.starts.iter().filter(move |start| planned.plan.of[start.atom] == at)
}

/// Calls of a candidate that go outside, or hand work to a queue.
pub(super) fn calls<'a>(planned: &'a Planned<'a>, calls: &'a [Outside], at: u32) -> impl Iterator<Item = &'a Outside> {
    calls.iter().filter(move |call| planned.plan.of[call.atom] == at)
}
