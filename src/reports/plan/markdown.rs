//! The plan for an architecture board: one section per candidate, in the order they leave.

use super::{Planned, service, words};
use crate::plan::database::{Server, stages};
use crate::plan::facts::Site;
use crate::plan::order::{Evidence, Step};
use crate::plan::work::across;
use crate::reports::Options;
use crate::reports::page::{count, number};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// At most so many rows of a list; the JSON has them all.
const SHOWN: usize = 20;

pub(super) fn write(planned: &Planned<'_>, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    let plan = planned.plan;
    writeln!(out, "# Plan\n")?;
    writeln!(out, "| wave | candidate | lines | tables | difficulty | priority | sagas | tables split | keys cut |")?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|")?;
    for step in &plan.order.steps {
        let wave =
            plan.order.waves.iter().position(|wave| wave.contains(&step.candidate)).map_or("stays".to_owned(), |at| (at + 1).to_string());
        let candidate = &plan.candidates[step.candidate as usize];
        let [sagas, split, keys] = [6, 2, 4].map(|term| step.terms.values[term]);
        let lines = number(words::lines(planned, step.candidate));
        writeln!(
            out,
            "| {wave} | {} | {lines} | {} | {:.1} | {:.3} | {sagas} | {split} | {keys} |",
            cell(&candidate.name),
            candidate.tables.len(),
            step.difficulty,
            step.priority,
        )?;
    }
    for step in &plan.order.steps {
        section(planned, step, out)?;
    }
    Ok(())
}

fn section(planned: &Planned<'_>, step: &Step, out: &mut dyn Write) -> io::Result<()> {
    let candidate = &planned.plan.candidates[step.candidate as usize];
    writeln!(out, "\n## {}\n", cell(&candidate.name))?;
    let code = candidate.atoms.iter().map(|at| planned.facts.atoms[*at].name.clone());
    rows(out, "Code", &code.collect::<Vec<_>>())?;
    tables(planned, step, out)?;
    people(planned, step.candidate, out)?;
    let risks = words::risks(planned, step);
    rows(out, "Risks", &risks.iter().map(|(code, count, text)| format!("{code} ({count}): {text}")).collect::<Vec<_>>())?;
    interface(planned, step, out)?;
    around(planned, step.candidate, out)?;
    sagas(planned, step, out)?;
    for (title, term) in [("Foreign keys to cut", 4), ("Joins to replace", 5)] {
        let lines: Vec<String> = step.terms.evidence[term].iter().map(|row| line(planned, row)).collect();
        rows(out, title, &lines)?;
    }
    database(planned, step, out)
}

/// What moves, what others write too, what it needs of others.
fn tables(planned: &Planned<'_>, step: &Step, out: &mut dyn Write) -> io::Result<()> {
    let candidate = &planned.plan.candidates[step.candidate as usize];
    let split = service::split(planned, step);
    let whole = candidate.tables.iter().filter(|table| split.iter().all(|(other, _)| other != *table));
    rows(out, "Tables that move", &whole.map(|table| planned.table(*table).to_owned()).collect::<Vec<_>>())?;
    let split = split.iter().map(|(table, writers)| format!("{}, which {} write too", planned.table(*table), some(writers)));
    rows(out, "Tables to split, or to write through one interface", &split.collect::<Vec<_>>())?;
    let copied = candidate.replicas.iter().map(|table| planned.table(*table).to_owned());
    rows(out, "Tables of others it reads: copied, or asked for", &copied.collect::<Vec<_>>())
}

/// Who answers for it, who works on it, and what changes with it.
fn people(planned: &Planned<'_>, at: u32, out: &mut dyn Write) -> io::Result<()> {
    let owners = service::owners(planned, at);
    rows(out, "Owners", &owners.iter().map(|(name, pieces)| format!("{name}, of {}", count(*pieces, "piece"))).collect::<Vec<_>>())?;
    if let Some(work) = planned.plan.works.as_ref().map(|works| works[at as usize]) {
        writeln!(out, "{}\n", words::work(work))?;
    }
    let name = |atom: usize| planned.facts.atoms[atom].name.as_str();
    let pairs = across(planned.facts, &planned.plan.of, at);
    let pairs = pairs.into_iter().map(|(own, other, pair, hidden)| {
        let why = if hidden { ", though nothing in the code ties them" } else { "" };
        format!("{} with {}: {} %, {}{why}", name(own), name(other), pair.degree, count(pair.shared as usize, "commit"))
    });
    rows(out, "Changes together with what is outside", &pairs.collect::<Vec<_>>())
}

/// What others call, and what it calls, each operation once.
fn interface(planned: &Planned<'_>, step: &Step, out: &mut dyn Write) -> io::Result<()> {
    for (title, term, word) in [("Operations others call: its interface", 0, "from"), ("Operations it calls", 1, "of")] {
        let mut operations = service::operations(planned, step, term);
        operations.sort_by_key(|row| std::cmp::Reverse(row.sites.len()));
        let said = operations.iter().map(|row| {
            let what = if row.symbol.is_empty() { row.of.to_owned() } else { format!("{} of {}", row.symbol, row.of) };
            let side = if row.side == row.of { String::new() } else { format!(" {word} {}", row.side) };
            format!("{what}{side}: {}{}", count(row.sites.len(), "place"), first(planned, &row.sites))
        });
        rows(out, title, &said.collect::<Vec<_>>())?;
    }
    let routes = planned.facts.routes.iter().filter(|route| planned.plan.of[route.atom] == step.candidate);
    let routes: BTreeSet<String> = routes.map(|route| format!("{} {}", route.method, route.path)).collect();
    rows(out, "Addresses it answers", &routes.into_iter().collect::<Vec<_>>())
}

/// Events, jobs, and systems outside.
fn around(planned: &Planned<'_>, at: u32, out: &mut dyn Write) -> io::Result<()> {
    let event = |event: &service::Event<'_>, word: &str| {
        format!(
            "{} changed, {word} {}: {}{}",
            planned.table(event.table),
            some(&event.others),
            count(event.sites.len(), "place"),
            first(planned, &event.sites)
        )
    };
    let told: Vec<String> = service::events_out(planned, at).iter().map(|row| event(row, "for")).collect();
    rows(out, "Events to publish, where others keep copies", &told)?;
    let heard: Vec<String> = service::events_in(planned, at).iter().map(|row| event(row, "from")).collect();
    rows(out, "Events to listen to, where it keeps copies", &heard)?;
    for (title, sends, word) in [("Messages it sends to others", true, "for"), ("Messages of others it is called for", false, "from")] {
        let said = service::messages(planned, at, sends).into_iter().map(|(kind, name, others, sites)| {
            let (others, sites): (Vec<&str>, Vec<Site>) = (others.into_iter().collect(), sites.into_iter().collect());
            format!("{kind} {name}, {word} {}: {}{}", some(&others), count(sites.len(), "place"), first(planned, &sites))
        });
        rows(out, title, &said.collect::<Vec<_>>())?;
    }
    let site = |site: Option<Site>| site.map_or(String::new(), |site| first(planned, &[site]));
    let starts: Vec<String> =
        service::starts(planned, at).map(|start| format!("{} {}{}", start.kind, start.name, site(start.site))).collect();
    rows(out, "Commands and jobs", &starts)?;
    let queued = service::calls(planned, &planned.facts.queued, at).map(|call| format!("{}{}", call.name, site(call.site)));
    rows(out, "Hands work to a queue", &queued.collect::<Vec<_>>())?;
    let outside = service::calls(planned, &planned.facts.outside, at).map(|call| {
        let how = match (call.in_transaction, call.in_loop) {
            (true, true) => ", in a transaction and a loop",
            (true, false) => ", in a transaction",
            (false, true) => ", in a loop",
            (false, false) => "",
        };
        format!("{}{}{how}", call.name, site(call.site))
    });
    rows(out, "Systems outside", &outside.collect::<Vec<_>>())
}

/// Transactions and other units that write on several sides, step by step, with the way back of each.
fn sagas(planned: &Planned<'_>, step: &Step, out: &mut dyn Write) -> io::Result<()> {
    let sagas: Vec<_> = service::sagas(planned, step.candidate).collect();
    if sagas.is_empty() {
        return Ok(());
    }
    writeln!(out, "Units that become sagas ({}):\n", sagas.len())?;
    let names = |tables: &[usize]| tables.iter().map(|table| planned.table(*table)).collect::<Vec<_>>();
    for saga in sagas.iter().take(SHOWN) {
        let unit = &planned.facts.units[saga.unit];
        let what = if saga.explicit { "a transaction that loses its atomicity" } else { "never was atomic" };
        let site = unit.site.map_or(String::new(), |site| first(planned, &[site]));
        writeln!(out, "- {}{}: {what}", cell(&unit.name), cell(&site))?;
        for (number, local) in saga.steps.iter().enumerate() {
            let does = match (local.writes.as_slice(), local.reads.as_slice()) {
                ([], reads) => format!("reads {}", some(&names(reads))),
                (writes, []) => format!("writes {}", some(&names(writes))),
                (writes, reads) => format!("writes {}, reads {}", some(&names(writes)), some(&names(reads))),
            };
            writeln!(out, "    {}. {} {}", number + 1, cell(planned.candidate(local.candidate)), cell(&does))?;
            for table in &local.writes {
                writeln!(out, "        - back: {}", cell(&service::compensation(planned, saga.unit, *table)))?;
            }
        }
    }
    if sagas.len() > SHOWN {
        writeln!(out, "- and {}", count(sagas.len() - SHOWN, "other"))?;
    }
    writeln!(out)
}

fn database(planned: &Planned<'_>, step: &Step, out: &mut dyn Write) -> io::Result<()> {
    let stages = stages(planned.facts, planned.plan, step);
    if stages.is_empty() {
        return Ok(());
    }
    writeln!(out, "Database first:\n")?;
    for (at, stage) in stages.iter().enumerate() {
        writeln!(out, "{}. {}: {}", at + 1, stage.title, cell(&stage.text))?;
    }
    for server in Server::ALL {
        writeln!(out, "\n<details><summary>{}</summary>\n\n```sql", server.word())?;
        for stage in &stages {
            let statements = &stage.sql[server as usize];
            if !statements.is_empty() {
                writeln!(out, "-- {}", stage.title)?;
                statements.iter().try_for_each(|statement| writeln!(out, "{statement}"))?;
            }
        }
        writeln!(out, "```\n\n</details>")?;
    }
    Ok(())
}

/// The first of several places, as `: file:line`.
fn first(planned: &Planned<'_>, sites: &[Site]) -> String {
    sites.first().map_or(String::new(), |site| {
        let (file, line) = planned.place(*site);
        format!(", {file}:{line}")
    })
}

/// Names with commas between them, the first few.
fn some(names: &[&str]) -> String {
    const FEW: usize = 6;
    let shown = names.iter().take(FEW).copied().collect::<Vec<_>>().join(", ");
    if names.len() > FEW { format!("{shown} and {}", count(names.len() - FEW, "other")) } else { shown }
}

fn line(planned: &Planned<'_>, row: &Evidence) -> String {
    let facts = planned.facts;
    let (text, site) = match row {
        Evidence::Key(key) => {
            let key = &facts.keys[*key];
            (format!("{}.{} to {}", planned.table(key.from), key.columns, planned.table(key.to)), key.site)
        }
        Evidence::Join(join) => {
            let join = &facts.joins[*join];
            (join.tables.iter().map(|table| planned.table(*table)).collect::<Vec<_>>().join(", "), join.sites.first().copied())
        }
        _ => (String::new(), None),
    };
    site.map_or(text.clone(), |site| {
        let (file, line) = planned.place(site);
        format!("{text}: {file}:{line}")
    })
}

fn rows(out: &mut dyn Write, title: &str, rows: &[String]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title} ({}):\n", rows.len())?;
    for row in rows.iter().take(SHOWN) {
        writeln!(out, "- {}", cell(row))?;
    }
    if rows.len() > SHOWN {
        writeln!(out, "- and {}", count(rows.len() - SHOWN, "other"))?;
    }
    writeln!(out)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
