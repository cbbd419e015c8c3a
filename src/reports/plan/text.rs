//! The plan as text: one screen first.

use super::{Planned, service, words};
use crate::plan::aside::Aside;
use crate::plan::order::{FIRM, Step};
use crate::plan::what_if::Change;
use crate::reports::Options;
use crate::reports::page::{Page, bold, count, faint, list, number, plain, todo};
use std::io::{self, Write};

pub(super) fn write(planned: &Planned<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(out, options.colour, options.width);
    let plan = planned.plan;
    if plan.candidates.is_empty() {
        page.line(&[bold("No plan"), plain(": no code was found that reads or writes a table, so there is nothing to divide by.")])?;
        return page.line(&[faint("`unpick tables` and `unpick unresolved` show what was found.")]);
    }
    head(&mut page, planned)?;
    for (at, wave) in plan.order.waves.iter().enumerate() {
        page.gap()?;
        page.line(&[bold(format!("Wave {}", at + 1))])?;
        for candidate in wave {
            if let Some(step) = plan.order.steps.iter().find(|step| step.candidate == *candidate) {
                one(&mut page, planned, step)?;
            }
        }
    }
    if let Some(last) = plan.order.steps.last() {
        page.gap()?;
        page.line(&[bold("Stays: what the monolith becomes")])?;
        members(&mut page, planned, last.candidate)?;
    }
    page.gap()?;
    doubts(&mut page, planned)
}

fn head(page: &mut Page, planned: &Planned<'_>) -> io::Result<()> {
    let plan = planned.plan;
    let metrics = &plan.metrics;
    let tables: usize = plan.candidates.iter().map(|candidate| candidate.tables.len()).sum();
    page.line(&[
        bold(count(plan.candidates.len(), "candidate")),
        plain(format!(" over {} and {}", count(tables, "table"), count(planned.facts.atoms.len(), "piece"))),
        plain(" of code."),
    ])?;
    let stability = metrics
        .stability
        .map_or(String::new(), |share| format!(" Stability {share:.2}: how much of the plan stays when 5 % of the evidence is missing."));
    page.wrapped(0, &format!("Coverage {:.0} %: share of accesses that were followed to a table.{stability}", metrics.coverage * 100.0))?;
    let costs = &plan.costs;
    page.wrapped(
        0,
        &format!(
            "It cuts through {} ({} written as a transaction), {} with writers on several sides, {} and {}.",
            count(costs.units(), "unit"),
            number(costs.explicit_units),
            count(costs.tables, "table"),
            count(costs.joins, "join"),
            count(costs.keys, "foreign key"),
        ),
    )
}

fn one(page: &mut Page, planned: &Planned<'_>, step: &Step) -> io::Result<()> {
    members(page, planned, step.candidate)?;
    let mut why = words::difficulties(step);
    why.push(format!("dependencies {}", words::crossing(step)));
    page.line(&[faint(format!("    difficulty {:.1}, priority {:.3}: {}", step.difficulty, step.priority, why.join(", ")))])?;
    let coverage = words::coverage(planned, step.candidate);
    if coverage < words::COVERED {
        page.line(&[todo(format!("    investigate first: only {:.0} % of its accesses were followed", coverage * 100.0))])?;
    }
    if step.firm < FIRM {
        page.line(&[faint(format!("    a tie with the next one: {} % of changed weights keep this order", step.firm))])?;
    }
    Ok(())
}

fn members(page: &mut Page, planned: &Planned<'_>, at: u32) -> io::Result<()> {
    let candidate = &planned.plan.candidates[at as usize];
    let size = format!("  {} lines, {}", number(words::lines(planned, at)), count(candidate.tables.len(), "table"));
    page.line(&[plain("  "), bold(candidate.name.clone()), faint(size)])?;
    let code: Vec<&str> = candidate.atoms.iter().map(|atom| planned.facts.atoms[*atom].name.as_str()).collect();
    let tables: Vec<&str> = candidate.tables.iter().map(|table| planned.table(*table)).collect();
    let width = page.width.saturating_sub(12);
    if !code.is_empty() {
        page.line(&[faint("    code    "), plain(list(&code, width))])?;
    }
    if !tables.is_empty() {
        page.line(&[faint("    tables  "), plain(list(&tables, width))])?;
    }
    let copies: Vec<&str> = candidate.replicas.iter().map(|table| planned.table(*table)).collect();
    if !copies.is_empty() {
        page.line(&[faint("    reads   "), plain(list(&copies, width))])?;
    }
    people(page, planned, at, width)
}

/// Who answers for it, and how much was done.
fn people(page: &mut Page, planned: &Planned<'_>, at: u32, width: usize) -> io::Result<()> {
    let owners: Vec<&str> = service::owners(planned, at).into_keys().collect();
    let work = planned.plan.works.as_ref().map(|works| words::work(works[at as usize]));
    if !owners.is_empty() {
        page.line(&[faint("    owners  "), plain(list(&owners, width))])?;
    }
    if let Some(work) = work {
        page.line(&[faint("    work    "), plain(work)])?;
    }
    Ok(())
}

fn doubts(page: &mut Page, planned: &Planned<'_>) -> io::Result<()> {
    let (plan, facts) = (planned.plan, planned.facts);
    let width = page.width.saturating_sub(20);
    let rungs: Vec<String> = plan
        .rungs
        .iter()
        .enumerate()
        .map(|(at, rung)| {
            let mark = if at == plan.taken { "*" } else { "" };
            format!("{:.1}{mark} gives {}", rung.resolution as f64 / 1000.0, rung.candidates)
        })
        .collect();
    page.line(&[faint("Finer or coarser  "), plain(format!("{} (--services MIN..MAX chooses)", rungs.join(", ")))])?;
    for proposal in plan.proposals.iter().take(3) {
        let names = format!("{} + {}", planned.candidate(proposal.bond.a), planned.candidate(proposal.bond.b));
        let gain = [
            (proposal.units, "unit"),
            (proposal.tables, "shared table"),
            (proposal.keys, "foreign key"),
            (proposal.cycle_edges, "cycle edge"),
        ];
        let gain: Vec<String> = gain.iter().filter(|(value, _)| *value > 0).map(|(value, noun)| count(*value, noun)).collect();
        let gain = if gain.is_empty() { String::new() } else { format!("; together they need no cut of {}", gain.join(", ")) };
        page.line(&[faint("Might be one      "), plain(format!("{names} share {:.2}{gain}", proposal.bond.rho as f64 / 1000.0))])?;
    }
    let by_hand: Vec<&str> =
        (0..plan.candidates.len() as u32).flat_map(|at| words::boundary(planned, at)).map(|row| facts.name(row.node as usize)).collect();
    if !by_hand.is_empty() {
        page.line(&[faint("Decide by hand    "), plain(list(&by_hand, width))])?;
    }
    for (role, name) in
        [(Aside::Utility, "Shared libraries  "), (Aside::ReadModel, "Only read         "), (Aside::Shell, "Wiring            ")]
    {
        let names: Vec<&str> =
            plan.aside.iter().enumerate().filter(|(_, aside)| **aside == Some(role)).map(|(at, _)| facts.atoms[at].name.as_str()).collect();
        if !names.is_empty() {
            page.line(&[faint(name), plain(list(&names, width))])?;
        }
    }
    let loose: Vec<&str> = plan.unplaced.iter().map(|node| facts.name(*node)).collect();
    if !loose.is_empty() {
        page.line(&[faint("In no candidate   "), plain(list(&loose, width))])?;
    }
    Ok(())
}

/// The figures that change, one a line.
pub(super) fn write_changes(changes: &[Change], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(out, options.colour, options.width);
    if changes.is_empty() {
        return page.line(&[plain("No figure of the plan changes.")]);
    }
    for change in changes {
        let [before, after] =
            [change.before, change.after].map(|value| format!("{:.3}", value).trim_end_matches('0').trim_end_matches('.').to_owned());
        page.line(&[plain(format!("{:<44} {before} -> ", change.figure)), bold(after)])?;
    }
    Ok(())
}
