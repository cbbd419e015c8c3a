//! The map on one screen: what there is, what is wrong, what it rests on, and what to type next.

use super::cycles::{Detail, block};
use super::figures::{self, ModuleFigures, Totals};
use super::page::{Page, bad, bold, clip, count, faint, number, plain, plural, shell, todo};
use super::{Format, Options, Outcome};
use crate::analyses::finding::Cycle;
use crate::base::Tag;
use crate::graph::views::{Level, Reading};
use std::io::{self, Write};

/// The row of the table of formats.
pub(super) static FORMAT: Format = Format { name: "text", extension: "txt", check: |_, _| Ok(()), write };

/// How many modules each list of hubs shows.
const HUBS: usize = 5;

fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let modules = figures::modules(outcome.project);
    let totals = Totals::of(outcome.project);
    let cycles: Vec<&Cycle> =
        outcome.findings.cycles.iter().filter(|cycle| (cycle.level, cycle.reading) == (Level::Module, Reading::Runtime)).collect();
    let mut page = Page::new(out, options.colour, options.width);
    head(&mut page, outcome, &totals, &modules)?;
    page.gap()?;
    circles(&mut page, outcome, &cycles)?;
    page.gap()?;
    hubs(&mut page, outcome, &modules)?;
    page.gap()?;
    basis(&mut page, outcome, &totals)?;
    page.gap()?;
    next(&mut page, outcome, options, &cycles)
}

/// How much there is, and what is not looked at.
fn head(page: &mut Page, outcome: &Outcome, totals: &Totals, modules: &[ModuleFigures]) -> io::Result<()> {
    let languages: Vec<String> = totals
        .languages
        .iter()
        .map(|(name, size)| match totals.languages.len() {
            1 => format!("all {name}"),
            _ => format!("{name} {}", number(size.lines)),
        })
        .collect();
    page.line(&[
        bold(count(totals.own.files as usize, "file")),
        plain(format!(", {} lines ({}) in ", number(totals.own.lines), languages.join(", "))),
        bold(count(figures::modules_with_code(modules), "module")),
        plain(format!(" with {} between them.", count(outcome.project.graph.module_edges.len(), "dependency"))),
    ])?;
    if totals.left_out_files == 0 {
        return Ok(());
    }
    let named = |(tag, files): (&Tag, &u64)| {
        let what = match tag {
            Tag::Test => "tests",
            Tag::Vendor => "other people's code",
            Tag::Generated => "generated",
            Tag::Minified => "minified",
            Tag::Migration => "migrations",
        };
        format!("{} {what}", number(*files))
    };
    let parts: Vec<String> = totals.left_out.iter().map(named).collect();
    let files = count(totals.left_out_files as usize, "file");
    page.line(&[faint(format!("Left out of everything below: {files} ({}).", parts.join(", ")))])
}

/// The worst cycles, as many as fit.
fn circles(page: &mut Page, outcome: &Outcome, cycles: &[&Cycle]) -> io::Result<()> {
    if cycles.is_empty() {
        page.line(&[bold("No cycles between modules"), plain(": none of them needs itself through others at run time.")])?;
        let inside = figures::cycles(outcome, Level::File, Reading::Runtime);
        if inside > 0 {
            let what = count(inside, "circle");
            page.line(&[plain(format!("Inside modules there {} {what} of files: unpick cycles --level file", are(inside)))])?;
        }
        return Ok(());
    }
    let groups = count(cycles.len(), "group");
    let verb = if cycles.len() == 1 { "depends on itself in circles" } else { "depend on themselves in circles" };
    page.line(&[bad(format!("{groups} of modules {verb}")), plain(": none of a group can be taken out alone.")])?;
    let edges: &[usize] = match cycles.len() {
        1 => &[4],
        2 => &[3, 2],
        _ => &[2, 1, 1],
    };
    for ((number, cycle), edges) in (1..).zip(cycles).zip(edges) {
        block(page, outcome.project, cycle, number, Detail { edges: *edges, sites: 1, way_back: false })?;
    }
    if cycles.len() > edges.len() {
        page.line(&[faint(format!("and {}: unpick cycles", count(cycles.len() - edges.len(), "smaller group")))])?;
    }
    Ok(())
}

/// The modules everything hangs on, beside those that hang on everything.
fn hubs(page: &mut Page, outcome: &Outcome, modules: &[ModuleFigures]) -> io::Result<()> {
    let column = page.width.saturating_sub(2) / 2;
    let left = top(outcome, modules, "used by", column, |module| module.afferent);
    let right = top(outcome, modules, "uses", column, |module| module.efferent);
    if left.is_empty() && right.is_empty() {
        return page.line(&[plain("No module depends on another.")]);
    }
    page.line(&[
        bold(format!("{:<column$}", "Most used (a change there reaches most)")),
        plain("  "),
        bold("Use the most (feel others' changes most)"),
    ])?;
    for row in 0..left.len().max(right.len()) {
        let cell = |rows: &[String]| rows.get(row).cloned().unwrap_or_default();
        let line = format!("{:<column$}  {}", cell(&left), cell(&right));
        page.line(&[plain(line.trim_end().to_owned())])?;
    }
    Ok(())
}

fn top(
    outcome: &Outcome,
    modules: &[ModuleFigures],
    verb: &str,
    columns: usize,
    figure: impl Fn(&ModuleFigures) -> u64,
) -> Vec<String> {
    let mut order: Vec<usize> = (0..modules.len()).filter(|module| figure(&modules[*module]) > 0).collect();
    order.sort_by_key(|module| (std::cmp::Reverse(figure(&modules[*module])), *module));
    order.truncate(HUBS);
    let name_columns = columns.saturating_sub(32);
    let row = |module: &usize| {
        let figures = &modules[*module];
        let name = clip(&outcome.project.names.modules[*module].name, name_columns).into_owned();
        let others = number(figure(figures));
        format!("  {name:<name_columns$} {verb} {others:>3}, {:>9} lines", number(figures.size.lines))
    };
    order.iter().map(row).collect()
}

/// What the figures rest on, and what is not known.
fn basis(page: &mut Page, outcome: &Outcome, totals: &Totals) -> io::Result<()> {
    let imports = outcome.project.resolution.imports;
    page.line(&[
        bold("Imports  "),
        plain(format!("{} lead into this code, {} to other packages, ", number(imports.internal), number(imports.external))),
        if imports.unresolved == 0 { plain("none is open") } else { bad(format!("{} lead nowhere", number(imports.unresolved))) },
    ])?;
    let mut files = vec![bold("Files    "), plain(format!("{} read", number(totals.own.files)))];
    if totals.recovered > 0 {
        files.push(bad(format!(", {} of all read around damage", number(totals.recovered))));
    }
    if totals.own_skipped > 0 {
        files.push(bad(format!(", {} not read", number(totals.own_skipped))));
    }
    if totals.recovered + totals.own_skipped > 0 {
        files.push(plain(" (unpick doctor)"));
    }
    page.line(&files)?;
    let open = outcome.project.resolution.unresolved.len();
    if open > 0 {
        let noun = plural(open, "name");
        page.line(&[
            bad("Not known"),
            plain(format!(" {} {noun} in the code {} nowhere: dependencies may be missing here.", number(open), lead(open))),
        ])?;
    }
    Ok(())
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

fn lead(count: usize) -> &'static str {
    if count == 1 { "leads" } else { "lead" }
}

/// The commands that show more, ready to be pasted.
fn next(page: &mut Page, outcome: &Outcome, options: &Options, cycles: &[&Cycle]) -> io::Result<()> {
    let project = outcome.project;
    let name = |module: u32| shell(project.node_name(Level::Module, module));
    let place = options.place.as_deref().map_or(String::new(), |place| format!(" {}", shell(place)));
    let path = options.place.as_deref().map_or(String::new(), |place| format!(" --path {}", shell(place)));
    let cut = cycles.first().and_then(|cycle| cycle.cut.last()).map(|edge| (edge.from, edge.to));
    let pair = cut.or_else(|| project.graph.module_edges.first().map(|edge| (edge.from.0, edge.to.0)));
    let mut rows = Vec::new();
    if let Some((from, to)) = pair {
        rows.push((format!("unpick why {} {}{path}", name(from), name(to)), "every line behind this dependency"));
    }
    if !cycles.is_empty() {
        rows.push((format!("unpick cycles{place}"), "all of them, with every cut and the way back"));
    }
    if !project.resolution.unresolved.is_empty() {
        rows.push((format!("unpick unresolved{place}"), "what leads nowhere, and why"));
    }
    if rows.len() < 3 {
        rows.push((format!("unpick map{place} --format dot=map.dot"), "a drawing (also mermaid, json)"));
    }
    let columns = rows.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0).min(60);
    for (command, what) in rows {
        page.line(&[todo(format!("{command:<columns$}")), faint(format!("  {what}"))])?;
    }
    Ok(())
}
