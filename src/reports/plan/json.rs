//! The plan as JSON: MAP.md and `unpick schema plan` describe it.

use super::{Planned, service, words};
use crate::plan::costs::NONE;
use crate::plan::database::stages;
use crate::plan::facts::{Outside, Site, Start};
use crate::plan::margins::Margin;
use crate::plan::order::{Evidence, Step};
use crate::plan::ties::{Basis, Tie};
use crate::plan::what_if::Change;
use crate::plan::work::across;
use crate::reports::Options;
use crate::reports::json::{Document, GENERATOR, SCHEMA_VERSION};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::io::{self, Write};

pub(super) fn write(planned: &Planned<'_>, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    let plan = planned.plan;
    let candidates: Vec<Value> = (0..plan.candidates.len() as u32).map(|at| candidate(planned, at)).collect();
    let order: Vec<Value> = plan.order.steps.iter().map(|row| step(planned, row)).collect();
    let waves: Vec<Vec<&str>> = plan.order.waves.iter().map(|wave| wave.iter().map(|at| planned.candidate(*at)).collect()).collect();
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("candidates", &candidates)?;
    document.key("set_aside", &set_aside(planned))?;
    document.key("unplaced", &plan.unplaced.iter().map(|node| planned.facts.name(*node)).collect::<Vec<_>>())?;
    document.key("preparation", &preparation(planned))?;
    document.key("waves", &waves)?;
    document.key("order", &order)?;
    document.key("proposals", &proposals(planned))?;
    document.key("ladder", &ladder(planned))?;
    document.key("metrics", &metrics(planned))?;
    document.finish()
}

/// Figures are told to three digits: more would say nothing.
fn rounded(value: f64) -> Value {
    json!(libm::round(value * 1000.0) / 1000.0 + 0.0)
}

fn place(planned: &Planned<'_>, site: Site, kind: &str) -> Value {
    let (file, line) = planned.place(site);
    json!({"file": file, "line": line, "kind": kind})
}

fn places(planned: &Planned<'_>, sites: &[Site], kind: &str) -> Vec<Value> {
    sites.iter().map(|site| place(planned, *site, kind)).collect()
}

fn names(planned: &Planned<'_>, tables: &[usize]) -> Vec<String> {
    tables.iter().map(|table| planned.table(*table).to_owned()).collect()
}

fn candidate(planned: &Planned<'_>, at: u32) -> Value {
    let candidate = &planned.plan.candidates[at as usize];
    let atoms: Vec<Value> = words::parts(planned, at)
        .into_iter()
        .map(|atom| json!({"module": atom.module, "path": atom.path, "symbol": atom.symbol}))
        .collect();
    let outside: BTreeSet<&str> = service::calls(planned, &planned.facts.outside, at).map(|call| call.name.as_str()).collect();
    let start =
        |start: &Start| json!({"kind": start.kind, "name": start.name, "site": start.site.map(|site| place(planned, site, start.kind))});
    let queued = |call: &Outside| json!({"name": call.name, "site": call.site.map(|site| place(planned, site, "queue"))});
    json!({
        "name": candidate.name,
        "decided": candidate.decided,
        "modules": words::modules(planned, at),
        "atoms": atoms,
        "lines": words::lines(planned, at),
        "tables": names(planned, &candidate.tables),
        "replicas": names(planned, &candidate.replicas),
        "routes": routes(planned, at),
        "externals": outside,
        "jobs": service::starts(planned, at).map(start).collect::<Vec<_>>(),
        "queues": service::calls(planned, &planned.facts.queued, at).map(queued).collect::<Vec<_>>(),
        "owners": service::owners(planned, at).into_keys().collect::<Vec<_>>(),
        "history": history(planned, at),
        "coverage": rounded(words::coverage(planned, at)),
        "boundary_nodes": words::boundary(planned, at).map(|row| boundary(planned, row)).collect::<Vec<_>>(),
    })
}

fn routes(planned: &Planned<'_>, at: u32) -> Vec<String> {
    let own = planned.facts.routes.iter().filter(|route| planned.plan.of[route.atom] == at);
    let mut routes: Vec<String> = own.map(|route| format!("{} {}", route.method, route.path)).collect();
    routes.sort();
    routes.dedup();
    routes
}

fn boundary(planned: &Planned<'_>, row: &Margin) -> Value {
    let ties = |ties: &[Tie]| ties.iter().map(|tie| self::tie(planned, row.node, tie)).collect::<Vec<_>>();
    json!({
        "name": planned.facts.name(row.node as usize),
        "margin": rounded(row.margin as f64 / 1000.0),
        "second": row.second.map(|at| planned.candidate(at)),
        "evidence": {"own": ties(&row.own_ties), "second": ties(&row.second_ties)},
    })
}

fn tie(planned: &Planned<'_>, node: u32, tie: &Tie) -> Value {
    let facts = planned.facts;
    let other = if tie.a == node { tie.b } else { tie.a };
    let (kind, sites): (&str, Vec<Site>) = match tie.basis {
        Basis::Dependency(at) => ("dependency", facts.dependencies[at as usize].uses.iter().map(|row| row.site).collect()),
        Basis::Write(at) => ("write", facts.accesses[at as usize].write_sites.clone()),
        Basis::Read(at) => ("read", facts.accesses[at as usize].read_sites.clone()),
        Basis::Owner(_) => ("owner", Vec::new()),
        Basis::Unit(at) => ("unit", facts.units[at as usize].site.into_iter().collect()),
        Basis::Key(at) => ("foreign_key", facts.keys[at as usize].site.into_iter().collect()),
        Basis::Join(at) => ("join", facts.joins[at as usize].sites.clone()),
        Basis::Name => ("name", Vec::new()),
        Basis::Prefix => ("route_prefix", Vec::new()),
        Basis::CoChange(_) => ("co_change", Vec::new()),
        Basis::SameOwner(_) => ("same_owner", Vec::new()),
    };
    let first = sites.first().map(|site| place(planned, *site, kind));
    json!({"to": facts.name(other as usize), "kind": kind, "weight": tie.weight, "sites": sites.len(), "first": first})
}

fn set_aside(planned: &Planned<'_>) -> Vec<Value> {
    let aside = planned.plan.aside.iter().enumerate().filter_map(|(at, aside)| Some((at, (*aside)?)));
    aside.map(|(at, aside)| json!({"name": planned.facts.atoms[at].name, "role": aside.word(), "reason": aside.reason()})).collect()
}

fn preparation(planned: &Planned<'_>) -> Value {
    let (facts, plan) = (planned.facts, planned.plan);
    let cuts: Vec<Value> =
        facts.cheapest_cuts.iter().map(|(from, to)| json!({"from": facts.atoms[*from].name, "to": facts.atoms[*to].name})).collect();
    let libraries = plan.aside.iter().enumerate().filter(|(_, aside)| **aside == Some(crate::plan::aside::Aside::Utility));
    let libraries: Vec<&str> = libraries.map(|(at, _)| facts.atoms[at].name.as_str()).collect();
    let open = plan.owners.iter().enumerate().filter_map(|(table, owner)| {
        let owner = (*owner)?;
        (owner.confidence < crate::plan::owners::DOUBTFUL)
            .then(|| json!({"table": planned.table(table), "likely": facts.atoms[owner.atom].name, "confidence": rounded(f64::from(owner.confidence) / 1000.0)}))
    });
    json!({"cuts": cuts, "shared_libraries": libraries, "decisions": open.collect::<Vec<_>>()})
}

fn step(planned: &Planned<'_>, step: &Step) -> Value {
    let terms: Map<String, Value> = (0..words::TERMS.len())
        .map(|term| {
            let evidence: Vec<Value> = step.terms.evidence[term].iter().flat_map(|row| evidence(planned, row)).collect();
            let value = json!({"value": rounded(step.terms.values[term]), "unsure": step.terms.unsure[term], "evidence": evidence});
            (words::TERMS[term].to_owned(), value)
        })
        .collect();
    let coverage = words::coverage(planned, step.candidate);
    let wave = planned.plan.order.waves.iter().position(|wave| wave.contains(&step.candidate)).map(|at| at + 1);
    let risks: Vec<Value> =
        words::risks(planned, step).into_iter().map(|(code, count, text)| json!({"code": code, "count": count, "text": text})).collect();
    json!({
        "candidate": planned.candidate(step.candidate),
        "wave": wave,
        "investigate": coverage < words::COVERED,
        "benefit": rounded(step.benefit),
        "difficulty": rounded(step.difficulty),
        "priority": rounded(step.priority),
        "firm": rounded(f64::from(step.firm) / 100.0),
        "terms": terms,
        "steps": steps(planned, step),
        "tables": tables(planned, step),
        "sagas": sagas(planned, step.candidate),
        "joins": joins(planned, step),
        "foreign_keys": keys(planned, step),
        "calls_in": calls(planned, step, 0),
        "calls_out": calls(planned, step, 1),
        "events_out": events(planned, service::events_out(planned, step.candidate), "to", "write"),
        "events_in": events(planned, service::events_in(planned, step.candidate), "from", "read"),
        "messages_out": messages(planned, step.candidate, true),
        "messages_in": messages(planned, step.candidate, false),
        "co_changes": co_changes(planned, step.candidate),
        "risks": risks,
    })
}

/// What stands behind a figure: one row per fact, with a place where there is one.
fn evidence(planned: &Planned<'_>, row: &Evidence) -> Vec<Value> {
    let value = |line: Line<'_>| {
        let (file, number) = line.place.map_or((None, None), |(file, number)| (Some(file), Some(number)));
        json!({"file": file, "line": number, "kind": line.kind, "name": line.name})
    };
    lines(planned, row).into_iter().map(value).collect()
}

/// One fact in words.
pub(super) struct Line<'a> {
    pub(super) place: Option<(&'a str, u32)>,
    pub(super) kind: &'static str,
    pub(super) name: String,
}

/// The facts behind one piece of evidence.
pub(super) fn lines<'a>(planned: &Planned<'a>, row: &Evidence) -> Vec<Line<'a>> {
    let facts = planned.facts;
    let at = |site: Option<Site>, kind: &'static str, name: String| Line { place: site.map(|site| planned.place(site)), kind, name };
    match row {
        Evidence::Dependency(dependency) => {
            let row = &facts.dependencies[*dependency];
            let name = format!("{} > {}", facts.atoms[row.from].name, facts.atoms[row.to].name);
            row.uses.iter().map(|used| at(Some(used.site), "dependency", name.clone())).collect()
        }
        Evidence::Table(table) => vec![at(None, "table", planned.table(*table).to_owned())],
        Evidence::Key(key) => {
            let key = &facts.keys[*key];
            vec![at(key.site, "foreign_key", format!("{}.{} > {}", planned.table(key.from), key.columns, planned.table(key.to)))]
        }
        Evidence::Join(join) => {
            let join = &facts.joins[*join];
            vec![at(join.sites.first().copied(), "join", names(planned, &join.tables).join(", "))]
        }
        Evidence::Unit(unit) => vec![at(facts.units[*unit].site, "unit", facts.units[*unit].name.clone())],
        Evidence::Outside(call) => vec![at(facts.outside[*call].site, "outside", facts.outside[*call].name.clone())],
        Evidence::Cut(cut) => {
            let (from, to) = facts.cheapest_cuts[*cut];
            vec![at(None, "cut", format!("{} > {}", facts.atoms[from].name, facts.atoms[to].name))]
        }
        Evidence::Atom(atom) => vec![at(None, "atom", facts.atoms[*atom].name.clone())],
    }
}

fn steps(planned: &Planned<'_>, step: &Step) -> Vec<Value> {
    let stages = stages(planned.facts, planned.plan, step);
    stages
        .into_iter()
        .map(|stage| {
            let sites = places(planned, &stage.sites, "access");
            json!({"step": stage.title, "text": stage.text, "mysql": stage.sql[0], "postgresql": stage.sql[1], "sites": sites})
        })
        .collect()
}

fn sagas(planned: &Planned<'_>, candidate: u32) -> Vec<Value> {
    service::sagas(planned, candidate)
        .map(|saga| {
            let unit = &planned.facts.units[saga.unit];
            let steps: Vec<Value> = saga
                .steps
                .iter()
                .map(|step| {
                    let back: Vec<String> = step.writes.iter().map(|table| service::compensation(planned, saga.unit, *table)).collect();
                    let (writes, reads) = (names(planned, &step.writes), names(planned, &step.reads));
                    json!({"candidate": planned.candidate(step.candidate), "writes": writes, "reads": reads, "compensation": back})
                })
                .collect();
            json!({
                "unit": unit.name, "class": if saga.explicit { "A" } else { "B" }, "cost": saga.cost, "redesign": saga.redesign,
                "site": unit.site.map(|site| place(planned, site, "unit")), "steps": steps,
            })
        })
        .collect()
}

fn joins(planned: &Planned<'_>, step: &Step) -> Vec<Value> {
    let facts = planned.facts;
    let cut = step.terms.evidence[5].iter().filter_map(|row| if let Evidence::Join(at) = row { Some(&facts.joins[*at]) } else { None });
    cut.map(|join| {
        let lookup = join.tables.iter().any(|table| facts.tables[*table].is_reference);
        let sites = places(planned, &join.sites, "join");
        let instead = if lookup { "copy" } else { "composition" };
        json!({"tables": names(planned, &join.tables), "by": facts.atoms[join.atom].name, "instead": instead, "sites": sites})
    })
    .collect()
}

fn keys(planned: &Planned<'_>, step: &Step) -> Vec<Value> {
    let facts = planned.facts;
    let cut = step.terms.evidence[4].iter().filter_map(|row| if let Evidence::Key(at) = row { Some(&facts.keys[*at]) } else { None });
    cut.map(|key| {
        json!({
            "from": planned.table(key.from), "columns": key.columns, "to": planned.table(key.to), "declared": key.declared,
            "confidence": rounded(f64::from(key.certainty) / 100.0), "site": key.site.map(|site| place(planned, site, "foreign_key")),
        })
    })
    .collect()
}

/// The operations of an interface.
fn calls(planned: &Planned<'_>, step: &Step, term: usize) -> Vec<Value> {
    let word = if term == 0 { "from" } else { "to" };
    let row = |used: service::Operation<'_>| {
        let sites = places(planned, &used.sites, "dependency");
        json!({word: used.side, "of": used.of, "operation": used.symbol, "sites": sites})
    };
    service::operations(planned, step, term).into_iter().map(row).collect()
}

fn events(planned: &Planned<'_>, events: Vec<service::Event<'_>>, word: &str, kind: &str) -> Vec<Value> {
    let row = |event: service::Event<'_>| json!({"table": planned.table(event.table), word: event.others, "sites": places(planned, &event.sites, kind)});
    events.into_iter().map(row).collect()
}

fn messages(planned: &Planned<'_>, at: u32, sends: bool) -> Vec<Value> {
    let word = if sends { "to" } else { "from" };
    let row = |(kind, name, others, sites): service::Sent<'_>| {
        let sites: Vec<Value> = sites.into_iter().map(|site| place(planned, site, kind)).collect();
        json!({"kind": kind, "name": name, word: others, "sites": sites})
    };
    service::messages(planned, at, sends).into_iter().map(row).collect()
}

/// Tables that move as they are, those that others write too, and those it needs of others.
fn tables(planned: &Planned<'_>, step: &Step) -> Value {
    let candidate = &planned.plan.candidates[step.candidate as usize];
    let split = service::split(planned, step);
    let whole: Vec<usize> = candidate.tables.iter().copied().filter(|table| split.iter().all(|(other, _)| other != table)).collect();
    let split: Vec<Value> = split.into_iter().map(|(table, writers)| json!({"table": planned.table(table), "writers": writers})).collect();
    json!({"moved": names(planned, &whole), "split": split, "copied": names(planned, &candidate.replicas)})
}

/// What was done in a candidate in twelve months.
fn history(planned: &Planned<'_>, at: u32) -> Option<Value> {
    let work = planned.plan.works.as_ref()?[at as usize];
    Some(json!({
        "commits": work.commits, "share": rounded(work.share), "authors": work.authors, "own_authors": work.own_authors,
        "main_author": rounded(f64::from(work.main_author) / 100.0),
    }))
}

fn co_changes(planned: &Planned<'_>, at: u32) -> Vec<Value> {
    let name = |atom: usize| planned.facts.atoms[atom].name.as_str();
    let rows = across(planned.facts, &planned.plan.of, at).into_iter();
    rows.map(|(own, other, pair, hidden)| {
        let side = planned.plan.of[other];
        json!({
            "piece": name(own), "other": name(other), "candidate": (side != NONE).then(|| planned.candidate(side)),
            "commits": pair.shared, "degree": rounded(f64::from(pair.degree) / 100.0), "hidden": hidden,
        })
    })
    .collect()
}

fn proposals(planned: &Planned<'_>) -> Vec<Value> {
    let rows = planned.plan.proposals.iter();
    rows.map(|row| {
        json!({
            "merge": [planned.candidate(row.bond.a), planned.candidate(row.bond.b)], "share": rounded(row.bond.rho as f64 / 1000.0),
            "units": row.units, "tables": row.tables, "foreign_keys": row.keys, "cycle_edges": row.cycle_edges,
        })
    })
    .collect()
}

fn ladder(planned: &Planned<'_>) -> Vec<Value> {
    let rows = planned.plan.rungs.iter().enumerate();
    rows.map(|(at, row)| {
        json!({
            "resolution": rounded(row.resolution as f64 / 1000.0), "groups": row.groups, "candidates": row.candidates,
            "taken": at == planned.plan.taken, "worthless": row.worthless, "distributed_units": row.costs.units(),
            "cross_written_tables": row.costs.tables, "joins": row.costs.joins, "foreign_keys": row.costs.keys,
        })
    })
    .collect()
}

fn metrics(planned: &Planned<'_>) -> Value {
    let (metrics, costs) = (&planned.plan.metrics, &planned.plan.costs);
    json!({
        "k": metrics.k, "sm": rounded(metrics.sm), "icp": rounded(metrics.icp), "ifn": rounded(metrics.ifn), "ned": rounded(metrics.ned),
        "bcp": metrics.bcp.map(rounded), "dtp": rounded(metrics.dtp),
        "distributed_units": {"explicit": costs.explicit_units, "implicit": costs.implicit_units},
        "cross_written_tables": costs.tables, "cross_joins": costs.joins, "cut_foreign_keys": costs.keys,
        "ccd": metrics.reach.map(|(before, after)| json!({"before": before.ccd, "after": after.ccd})),
        "nccd": metrics.reach.map(|(before, after)| json!({"before": rounded(before.nccd), "after": rounded(after.nccd)})),
        "gini": rounded(metrics.gini), "mean_margin": rounded(metrics.mean_margin),
        "stability": metrics.stability.map(rounded), "coverage": rounded(metrics.coverage),
    })
}

/// The figures that change.
pub(super) fn write_changes(changes: &[Change], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Value> =
        changes.iter().map(|row| json!({"figure": row.figure, "before": rounded(row.before), "after": rounded(row.after)})).collect();
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("changes", &rows)?;
    document.finish()
}
