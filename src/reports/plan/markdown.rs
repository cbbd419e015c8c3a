//! The plan for an architecture board: one section per candidate, in the order they leave.

use super::{Planned, words};
use crate::plan::database::{Server, stages};
use crate::plan::order::{Evidence, Step};
use crate::reports::Options;
use crate::reports::page::{count, number};
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
    writeln!(out, "\n## {}\n", candidate.name)?;
    let code = candidate.atoms.iter().map(|at| planned.facts.atoms[*at].name.as_str());
    let tables = |tables: &[usize]| tables.iter().map(|table| planned.table(*table).to_owned()).collect::<Vec<_>>();
    rows(out, "Code", &code.map(str::to_owned).collect::<Vec<_>>())?;
    rows(out, "Tables it owns", &tables(&candidate.tables))?;
    rows(out, "Tables of others it reads", &tables(&candidate.replicas))?;
    let risks = words::risks(planned, step);
    rows(out, "Risks", &risks.iter().map(|(code, count, text)| format!("{code} ({count}): {text}")).collect::<Vec<_>>())?;
    for (title, term) in
        [("Tables written on both sides", 2), ("Units that become sagas", 6), ("Foreign keys to cut", 4), ("Joins to replace", 5)]
    {
        let lines: Vec<String> = step.terms.evidence[term].iter().map(|row| line(planned, row)).collect();
        rows(out, title, &lines)?;
    }
    let stages = stages(planned.facts, planned.plan, step);
    if !stages.is_empty() {
        writeln!(out, "Database first:\n")?;
    }
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

fn line(planned: &Planned<'_>, row: &Evidence) -> String {
    let facts = planned.facts;
    let (text, site) = match row {
        Evidence::Table(table) => (planned.table(*table).to_owned(), None),
        Evidence::Unit(unit) => (facts.units[*unit].name.clone(), facts.units[*unit].site),
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
