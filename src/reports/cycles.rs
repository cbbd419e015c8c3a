//! `unpick cycles`: every cycle, worst first, with its cheapest cut, the evidence and the way back.

use super::json::{CycleRow, Document, Each, GENERATOR, SCHEMA_VERSION};
use super::page::{Page, bad, bold, clip, count, faint, list, number, path, plain, todo, weight};
use super::{Level, Options, Outcome, evidence};
use crate::analyses::finding::{Advice, CutEdge, Cycle};
use crate::graph::views;
use crate::project::Project;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How much of a cycle is shown.
#[derive(Clone, Copy)]
pub(super) struct Detail {
    /// At most so many cut edges.
    pub(super) edges: usize,
    /// At most so many lines of code per cut edge.
    pub(super) sites: usize,
    /// The way back of each cut edge.
    pub(super) way_back: bool,
}

/// Everything.
const FULL: Detail = Detail { edges: usize::MAX, sites: usize::MAX, way_back: true };

/// The cycles the options ask for, worst first.
pub(super) fn chosen<'a>(outcome: &Outcome<'a>, options: &Options) -> Vec<&'a Cycle> {
    let level = if options.level == Level::Module { views::Level::Module } else { views::Level::File };
    outcome.findings.cycles.iter().filter(|cycle| (cycle.level, cycle.reading) == (level, options.reading)).collect()
}

/// Writes them as text.
///
/// # Errors
/// When writing fails.
pub fn write_text(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let cycles = chosen(outcome, options);
    let mut page = Page::new(out, options.colour, options.width);
    let (noun, reading) = (options.level.word(), reading_in_words(options));
    if cycles.is_empty() {
        return page.line(&[bold(format!("No cycles between {noun}s")), plain(format!(" {reading}."))]);
    }
    let groups = count(cycles.len(), "group");
    page.line(&[bad(format!("{groups} of {noun}s depend on each other in circles")), plain(format!(" {reading}."))])?;
    page.wrapped(0, LEGEND)?;
    for (place, cycle) in (1..).zip(cycles) {
        page.gap()?;
        block(&mut page, outcome.project, cycle, place, FULL)?;
    }
    Ok(())
}

/// What weights mean, in a sentence.
const LEGEND: &str = "Weight: an import or a call counts 1, inheritance 2, an import inside a function 0.5, a name in a string 0.5 \
                      or less, one only the type checker sees 0.2. Cutting all edges listed below a group leaves no circle in it.";

fn reading_in_words(options: &Options) -> &'static str {
    match options.reading {
        views::Reading::All => "when every dependency counts, those only the type checker sees too",
        views::Reading::Runtime => "at run time (imports that only the type checker sees do not count)",
        views::Reading::Load => "while files are loaded (imports inside functions do not count)",
    }
}

/// Writes them as JSON, in rows like those of the map.
///
/// # Errors
/// When writing fails.
pub fn write_json(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let cycles = chosen(outcome, options);
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("cycles", &Each(|| cycles.iter().map(|cycle| CycleRow::of(outcome.project, cycle))))?;
    document.finish()
}

/// Writes one cycle.
pub(super) fn block(page: &mut Page, project: &Project, cycle: &Cycle, place: usize, detail: Detail) -> io::Result<()> {
    let names = |nodes: &[u32]| nodes.iter().map(|node| project.node_name(cycle.level, *node)).collect::<Vec<_>>();
    let head = format!("{place}. {}", count(cycle.members.len(), cycle.level.word()));
    let room = page.width.saturating_sub(head.len() + 2);
    let members = names(&cycle.members);
    if detail.edges == usize::MAX {
        page.line(&[bad(head), plain(format!(", {} among them:", count(cycle.edges, "dependency")))])?;
        page.wrapped(3, &members.join(", "))?;
    } else {
        page.line(&[bad(head), plain(": "), plain(list(&members, room))])?;
    }
    let mut shortest = names(&cycle.shortest);
    shortest.extend(shortest.first().copied());
    if cycle.shortest.len() > 1 && (cycle.members.len() > 2 || detail.way_back) {
        page.line(&[plain("   shortest circle: "), plain(path(&shortest, page.width.saturating_sub(20)))])?;
    }
    let sure = if cycle.proven {
        "proven: no cheaper cut exists".to_owned()
    } else {
        format!("the best found; no cut can weigh less than {}", weight(cycle.lower_bound))
    };
    page.line(&[
        plain(format!("   cheapest cut: {}, weight {} ", count(cycle.cut.len(), "dependency"), weight(cycle.cut_weight))),
        faint(format!("({sure})")),
    ])?;
    let shown = shown(cycle, detail.edges);
    if cycle.cut.len() > 1 {
        let order = if shown.len() < cycle.cut.len() { "the heaviest of each kind" } else { "the heaviest first" };
        page.wrapped(3, &format!("the work: {}; {order}:", work(cycle)))?;
    }
    let left = cycle.cut.len() - shown.len();
    for edge in shown {
        cut_edge(page, project, cycle, edge, detail)?;
    }
    if left > 0 {
        page.line(&[faint(format!("     and {} to cut", count(left, "more dependency")))])?;
    }
    Ok(())
}

/// The cut's edges from the heaviest down; where only some have room, the heaviest of each kind of work comes before a
/// second one of any, so that what is easy is seen beside what is hard.
fn shown(cycle: &Cycle, room: usize) -> Vec<&CutEdge> {
    let mut edges: Vec<&CutEdge> = cycle.cut.iter().collect();
    edges.sort_by_key(|edge| (Reverse(edge.weight), edge.from, edge.to));
    if edges.len() <= room {
        return edges;
    }
    let mut turn: BTreeMap<&str, usize> = BTreeMap::new();
    let turns: Vec<usize> = edges
        .iter()
        .map(|edge| {
            let turn = turn.entry(edge.advice.word()).or_default();
            *turn += 1;
            *turn
        })
        .collect();
    let mut order: Vec<usize> = (0..edges.len()).collect();
    order.sort_by_key(|index| (turns[*index], *index));
    order.truncate(room);
    order.sort_unstable();
    order.into_iter().map(|index| edges[index]).collect()
}

fn cut_edge(page: &mut Page, project: &Project, cycle: &Cycle, edge: &CutEdge, detail: Detail) -> io::Result<()> {
    let name = |node| project.node_name(cycle.level, node);
    page.line(&[
        plain("     cut "),
        bold(format!("{} -> {}", name(edge.from), name(edge.to))),
        plain(format!("  weight {}  ", weight(edge.weight))),
        todo(advice(edge.advice)),
    ])?;
    if !edge.because.is_empty() {
        page.wrapped(9, &edge.because)?;
    }
    let sites = || evidence::sites(project, cycle.level, cycle.reading, edge.from, edge.to);
    let total = sites().count();
    for site in sites().take(detail.sites) {
        let more = if detail.sites == 1 && total > 1 { format!("  (and {} more)", total - 1) } else { String::new() };
        let place = format!("         {}:{}  ", project.base.path(site.from), site.line);
        let room = page.width.saturating_sub(place.chars().count() + more.len());
        let text = if detail.way_back { site.text.as_ref().into() } else { clip(&site.text, room.max(10)) };
        page.line(&[plain(place), faint(format!("{text}{more}"))])?;
    }
    if detail.way_back && edge.way_back.len() > 1 {
        let way: Vec<&str> = edge.way_back.iter().map(|node| name(*node)).collect();
        page.line(&[plain("         way back: "), plain(path(&way, page.width.saturating_sub(19)))])?;
    }
    Ok(())
}

/// How many of a cut's edges take which kind of work, cheapest kind first.
fn work(cycle: &Cycle) -> String {
    let of = |kind| cycle.cut.iter().filter(|edge| edge.advice == kind).count();
    let kinds = Advice::ALL.into_iter().map(|kind| (of(kind), kind)).filter(|(count, _)| *count > 0);
    kinds.map(|(count, kind)| format!("{} {}", number(count), advice(kind))).collect::<Vec<_>>().join(", ")
}

/// What to do, in a word or two; the sentence that follows says more.
fn advice(advice: Advice) -> &'static str {
    match advice {
        Advice::Lazy => "easy",
        Advice::ExtractCommon => "extract what is shared",
        Advice::Move => "move",
        Advice::Invert => "turn into an event",
        Advice::Merge => "merge both",
        Advice::Interface => "interface",
    }
}
