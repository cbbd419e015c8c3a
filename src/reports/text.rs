//! The map on one screen: what there is, what is wrong, what it rests on, and what to type next.

use super::cycles::{Detail, block};
use super::externals;
use super::figures::{self, ModuleFigures, Totals};
use super::gods::{classes, short};
use super::page::{Page, bad, bold, clip, count, faint, list, number, plain, plural, shell, todo};
use super::{Format, Options, Outcome};
use crate::analyses::finding::Cycle;
use crate::analyses::gods::God;
use crate::base::Tag;
use crate::graph::views::{Level, Reading};
use std::cmp::Reverse;
use std::io::{self, Write};

/// The row of the table of formats.
pub(super) static FORMAT: Format = Format { name: "text", extension: "txt", payloads: false, check: |_, _| Ok(()), write };

/// How many god classes are shown.
const GODS: usize = 3;
/// How many shared tables are shown.
const TABLES: usize = 3;
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
    gods(&mut page, outcome)?;
    shared_tables(&mut page, outcome)?;
    externals::on_the_map(&mut page, outcome)?;
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
        2 => &[2, 2],
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

/// The worst god classes, where there are any.
fn gods(page: &mut Page, outcome: &Outcome) -> io::Result<()> {
    let gods: Vec<&God> = outcome.findings.gods.classes.iter().filter(|class| class.is_god()).collect();
    if gods.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.line(&[bad(classes(gods.len(), "god class")), plain(": they do much, work on other objects' data and hardly hang together.")])?;
    for god in gods.iter().take(GODS) {
        let place = format!("  {}:{}  ", outcome.project.base.path(god.file), god.span.line);
        page.line(&[plain("  "), bold(god.name.as_str()), plain(place), faint(short(god))])?;
    }
    Ok(())
}

/// The tables most modules write, where there are any.
fn shared_tables(page: &mut Page, outcome: &Outcome) -> io::Result<()> {
    let tables = &outcome.findings.tables;
    let shared = tables.shared();
    if tables.uses.is_empty() {
        return Ok(());
    }
    page.gap()?;
    let all = format!(" of {}", count(tables.uses.len(), "table"));
    if shared.is_empty() {
        return page.line(&[bold(format!("None{all}")), plain(" is written by more than one module.")]);
    }
    let verb = if shared.len() == 1 { "is" } else { "are" };
    page.line(&[
        bad(format!("{}{all}", number(shared.len() as u64))),
        plain(format!(" {verb} written by several modules: one of them has to own each.")),
    ])?;
    let width = page.width.saturating_sub(4);
    for uses in shared.iter().take(TABLES) {
        let line = outcome.project.resolution.tables.rows[uses.table.index()].name.as_str();
        let writers: Vec<&str> = uses.writers.keys().map(|id| outcome.project.names.modules[id.index()].name.as_str()).collect();
        let room = width.saturating_sub(line.chars().count() + 14);
        page.line(&[plain("  "), bold(line), faint(format!("  written by {}", list(&writers, room)))])?;
    }
    Ok(())
}

/// Columns of the two figures beside a name.
const FIGURES: usize = 20;

/// The modules everything hangs on, beside those that hang on everything.
fn hubs(page: &mut Page, outcome: &Outcome, modules: &[ModuleFigures]) -> io::Result<()> {
    let columns = page.width.saturating_sub(4) / 2;
    let left = top(outcome, modules, columns, |module| module.afferent);
    let right = top(outcome, modules, columns, |module| module.efferent);
    if left.is_empty() && right.is_empty() {
        return page.line(&[plain("No module depends on another.")]);
    }
    let name = columns.saturating_sub(FIGURES);
    let head = |title: &str, figure: &str| format!("{:<name$}{figure:>9}{:>11}", clip(title, name), "lines");
    page.line(&[bold(head("Most used", "used by")), plain("    "), bold(head("Using the most", "uses"))])?;
    for row in 0..left.len().max(right.len()) {
        let cell = |rows: &[String]| rows.get(row).cloned().unwrap_or_default();
        let line = format!("{:<columns$}    {}", cell(&left), cell(&right));
        page.line(&[plain(line.trim_end().to_owned())])?;
    }
    Ok(())
}

/// The first few modules by a figure.
fn top(outcome: &Outcome, modules: &[ModuleFigures], columns: usize, figure: impl Fn(&ModuleFigures) -> u64) -> Vec<String> {
    let mut order: Vec<usize> = (0..modules.len()).filter(|module| figure(&modules[*module]) > 0).collect();
    order.sort_by_key(|module| (Reverse(figure(&modules[*module])), *module));
    order.truncate(HUBS);
    let room = columns.saturating_sub(FIGURES);
    let row = |module: &usize| {
        let figures = &modules[*module];
        let name = format!("  {}", outcome.project.names.modules[*module].name);
        format!("{:<room$}{:>9}{:>11}", clip(&name, room), number(figure(figures)), number(figures.size.lines))
    };
    order.iter().map(row).collect()
}

/// What the figures rest on, and what is not known.
fn basis(page: &mut Page, outcome: &Outcome, totals: &Totals) -> io::Result<()> {
    let imports = outcome.project.resolution.imports;
    page.line(&[
        bold("Imports  "),
        plain(format!("{} lead into this code, {} to other packages, ", number(imports.internal), number(imports.external))),
        if imports.unresolved == 0 {
            plain("none is open")
        } else {
            bad(format!("{} {} nowhere", number(imports.unresolved), lead(imports.unresolved as usize)))
        },
    ])?;
    let mut files = vec![bold("Files    "), plain(format!("{} read", number(totals.own.files)))];
    if totals.own_recovered > 0 {
        files.push(bad(format!(", {} of them around damage", number(totals.own_recovered))));
    }
    if totals.own_skipped > 0 {
        files.push(bad(format!(", {} not read", number(totals.own_skipped))));
    }
    if totals.own_recovered + totals.own_skipped > 0 {
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
        rows.push((format!("unpick why {} {}{path}", name(from), name(to)), "every line behind it"));
    }
    if !cycles.is_empty() {
        rows.push((format!("unpick cycles{place}"), "every cut, and the way back"));
    }
    if outcome.findings.gods.classes.iter().any(God::is_god) {
        rows.push((format!("unpick gods{place}"), "all of them, and how they come apart"));
    }
    if !outcome.findings.tables.uses.is_empty() {
        rows.push((format!("unpick tables{place}"), "who reads and writes which table"));
    }
    if !project.resolution.externals.is_empty() {
        rows.push((format!("unpick externals{place}"), "who is called outside, and from where"));
    }
    if !project.resolution.unresolved.is_empty() {
        rows.push((format!("unpick unresolved{place}"), "what leads nowhere, and why"));
    }
    if rows.len() < 3 {
        rows.push((format!("unpick map{place} --format dot=map.dot"), "a drawing (also mermaid, json)"));
    }
    let columns = rows.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
    for (command, what) in rows {
        // A command is there to be pasted: rather no explanation than a broken line.
        let has_room = columns + 2 + what.len() <= page.width;
        let columns = if has_room { columns } else { 0 };
        let what = if has_room { format!("  {what}") } else { String::new() };
        page.line(&[todo(format!("{command:<columns$}")), faint(what)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::analyses::finding::Findings;
    use crate::reports::Options;
    use crate::reports::testing::{shop, written};

    #[test]
    fn the_map_fits_one_screen() {
        let mut sample = shop();
        let text = written(&sample, "text", &Options::default());
        assert!(text.lines().count() <= 45, "{} lines\n{text}", text.lines().count());
        let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > 100).collect();
        assert!(long.is_empty(), "{long:#?}");
        assert!(text.contains("3 groups of modules") && text.contains("unpick cycles") && !text.contains('\u{1b}'), "{text}");
        sample.findings = Findings::default();
        assert!(written(&sample, "text", &Options::default()).contains("No cycles between modules"));
    }
}
