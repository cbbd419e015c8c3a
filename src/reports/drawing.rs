//! What a drawing shows, whatever program draws it: the heaviest nodes, their groups, their edges, and what is missing.

mod tables;

use super::options::{Level, Options, Refusal};
use super::subject::Subject;
use super::{Outcome, figures, page};
use crate::base::FileId;
use crate::graph::views::{self, view};
use crate::graph::weighted::{Edge, WeightedGraph};
use crate::names::ModuleId;
use crate::project::Project;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use tables::Tables;

/// So many edges per node are drawn at most; a drawing with more is a ball of wool.
const EDGES_PER_NODE: usize = 3;
/// Never more edges than this: mermaid refuses to draw 500.
const MOST_EDGES: usize = 480;

/// A box.
pub(super) struct Node {
    /// The name of the module or file.
    pub(super) name: String,
    /// How large it is, in words.
    pub(super) size: String,
    /// The group it belongs to, as an index.
    pub(super) group: Option<usize>,
    /// The drawing is about it.
    pub(super) in_focus: bool,
}

/// An arrow.
pub(super) struct Arrow {
    /// Index of the box it leaves.
    pub(super) from: usize,
    /// Index of the box it enters.
    pub(super) to: usize,
    /// What it weighs, in words.
    pub(super) weight: String,
    /// Both ends belong to one cycle.
    pub(super) in_cycle: bool,
    /// It belongs to the cheapest cut.
    pub(super) to_cut: bool,
}

/// A drawing, in name order.
pub(super) struct Drawing {
    pub(super) nodes: Vec<Node>,
    pub(super) groups: Vec<String>,
    pub(super) arrows: Vec<Arrow>,
    pub(super) tables: Tables,
    /// What it shows, for a caption.
    pub(super) caption: String,
    /// What is not drawn, in a sentence; none when everything is.
    pub(super) missing: Option<String>,
}

/// Refuses what cannot be drawn.
pub(super) fn check(outcome: &Outcome, options: &Options) -> Result<(), Refusal> {
    if options.level == Level::Class {
        let sentence = "--level class: classes are not drawn yet; use --level file --focus FILE, or --format json for the list of classes";
        return Err(Refusal(sentence.to_owned()));
    }
    focus(outcome.project, options).map(drop)
}

/// The nodes the drawing is about, none for all.
fn focus(project: &Project, options: &Options) -> Result<Option<BTreeSet<u32>>, Refusal> {
    let Some(name) = &options.focus else { return Ok(None) };
    let subject = Subject::find(project, name)?;
    let nodes = match (options.level, subject) {
        (Level::Module, Subject::Module(module)) => BTreeSet::from([module.0]),
        (Level::Module, Subject::File(file) | Subject::Class(file, _)) => BTreeSet::from([project.names.module_of[file.index()].0]),
        _ => subject.files(project),
    };
    Ok(Some(nodes))
}

impl Drawing {
    /// Chooses what is drawn.
    pub(super) fn of(outcome: &Outcome, options: &Options) -> Self {
        let project = outcome.project;
        let level = if options.level == Level::Module { views::Level::Module } else { views::Level::File };
        let graph = view(&project.base, &project.names, &project.resolution, &project.graph, level, options.reading);
        let focus = focus(project, options).ok().flatten();
        let candidates = candidates(project, level, &graph, focus.as_ref(), options.depth);
        let chosen = heaviest(&graph, &candidates, options.top);
        let marks = Marks::of(outcome, level, options);
        let inside = |edge: &&Edge| chosen.contains(&edge.from) && chosen.contains(&edge.to);
        let edges = lightest_left_out(graph.edges().iter().filter(inside).copied().collect(), &marks, chosen.len());
        let place: BTreeMap<u32, usize> = chosen.iter().enumerate().map(|(index, node)| (*node, index)).collect();
        let (groups, group_of) = groups(project, level, &chosen);
        let sizes = Sizes::of(project, level);
        let nodes = chosen.iter().zip(group_of).map(|(node, group)| Node {
            name: project.node_name(level, *node).to_owned(),
            size: sizes.words(*node),
            group,
            in_focus: focus.as_ref().is_some_and(|focus| focus.contains(node)),
        });
        let arrows = edges.iter().map(|edge| Arrow {
            from: place[&edge.from],
            to: place[&edge.to],
            weight: page::weight(edge.weight),
            in_cycle: marks.component.get(&edge.from).is_some_and(|one| marks.component.get(&edge.to) == Some(one)),
            to_cut: marks.cut.contains(&(edge.from, edge.to)),
        });
        let among = graph.edges().iter().filter(|edge| candidates.contains_key(&edge.from) && candidates.contains_key(&edge.to)).count();
        let tables = if options.level == Level::Module { tables::choose(outcome, &place, focus.as_ref()) } else { Tables::default() };
        Self {
            nodes: nodes.collect(),
            groups,
            arrows: arrows.collect(),
            caption: caption(options, &tables),
            missing: missing(level, candidates.len() - chosen.len(), among - edges.len()),
            tables,
        }
    }
}

/// The nodes that could be drawn, with their distance from the focus.
fn candidates(
    project: &Project,
    level: views::Level,
    graph: &WeightedGraph,
    focus: Option<&BTreeSet<u32>>,
    depth: usize,
) -> BTreeMap<u32, usize> {
    let Some(focus) = focus else {
        let sizes = Sizes::of(project, level);
        return (0..graph.nodes()).filter(|node| sizes.is_code(*node)).map(|node| (node, 0)).collect();
    };
    let mut found: BTreeMap<u32, usize> = focus.iter().map(|node| (*node, 0)).collect();
    let mut border: Vec<u32> = focus.iter().copied().collect();
    for distance in 1..=depth {
        let mut next = BTreeSet::new();
        for node in &border {
            next.extend(graph.successors(*node).iter().map(|edge| edge.to));
            next.extend(graph.predecessors(*node).map(|edge| edge.from));
        }
        next.retain(|node| !found.contains_key(node));
        if next.is_empty() {
            break;
        }
        found.extend(next.iter().map(|node| (*node, distance)));
        border = next.into_iter().collect();
    }
    found
}

/// The nearest nodes first, then the heaviest by what enters and leaves them, then the first by name.
fn heaviest(graph: &WeightedGraph, candidates: &BTreeMap<u32, usize>, top: usize) -> BTreeSet<u32> {
    let mut weight: BTreeMap<u32, i64> = BTreeMap::new();
    for edge in graph.edges() {
        *weight.entry(edge.from).or_default() += edge.weight;
        *weight.entry(edge.to).or_default() += edge.weight;
    }
    let mut order: Vec<(usize, Reverse<i64>, u32)> =
        candidates.iter().map(|(node, distance)| (*distance, Reverse(weight.get(node).copied().unwrap_or(0)), *node)).collect();
    order.sort_unstable();
    order.into_iter().take(top).map(|(_, _, node)| node).collect()
}

/// Keeps as many edges as stay readable: two thirds are the heaviest, the rest the heaviest of the cheapest cuts.
fn lightest_left_out(mut edges: Vec<Edge>, marks: &Marks, nodes: usize) -> Vec<Edge> {
    let room = (nodes * EDGES_PER_NODE).clamp(1, MOST_EDGES);
    edges.sort_by_key(|edge| (Reverse(edge.weight), edge.from, edge.to));
    let heavy = (room * 2 / 3).min(edges.len());
    edges[heavy..].sort_by_key(|edge| (!marks.cut.contains(&(edge.from, edge.to)), Reverse(edge.weight), edge.from, edge.to));
    edges.truncate(room);
    edges.sort_unstable();
    edges
}

/// What the analyses say about nodes and edges.
struct Marks {
    /// The cycle each node belongs to.
    component: BTreeMap<u32, usize>,
    /// Edges of cheapest cuts.
    cut: BTreeSet<(u32, u32)>,
}

impl Marks {
    fn of(outcome: &Outcome, level: views::Level, options: &Options) -> Self {
        let cycles = outcome.findings.cycles.iter().filter(|cycle| (cycle.level, cycle.reading) == (level, options.reading));
        let mut marks = Self { component: BTreeMap::new(), cut: BTreeSet::new() };
        for (index, cycle) in cycles.enumerate() {
            marks.component.extend(cycle.members.iter().map(|node| (*node, index)));
            marks.cut.extend(cycle.cut.iter().map(|edge| (edge.from, edge.to)));
        }
        marks
    }
}

/// How large modules or files are.
enum Sizes<'a> {
    Modules(Vec<figures::ModuleFigures>),
    Files(&'a Project),
}

impl<'a> Sizes<'a> {
    fn of(project: &'a Project, level: views::Level) -> Self {
        match level {
            views::Level::Module => Self::Modules(figures::modules(project)),
            views::Level::File => Self::Files(project),
        }
    }

    fn is_code(&self, node: u32) -> bool {
        match self {
            Self::Modules(figures) => figures[node as usize].size.files > 0,
            Self::Files(project) => !project.base.file(FileId(node)).left_out,
        }
    }

    fn words(&self, node: u32) -> String {
        match self {
            Self::Modules(figures) => {
                let size = figures[node as usize].size;
                format!("{}, {}", page::count(size.files as usize, "file"), page::count(size.lines as usize, "line"))
            }
            Self::Files(project) => page::count(project.base.facts(FileId(node)).lines as usize, "line"),
        }
    }
}

/// Groups of nodes: modules by the folder they share with others, files by their module. A group of one, or of all, is
/// none.
fn groups(project: &Project, level: views::Level, chosen: &BTreeSet<u32>) -> (Vec<String>, Vec<Option<usize>>) {
    let key = |node: &u32| match level {
        views::Level::File => project.names.module(FileId(*node)).name.clone(),
        views::Level::Module => {
            let module = &project.names.modules[ModuleId(*node).index()];
            module.paths.first().and_then(|path| path.rsplit_once('/')).map_or(String::new(), |(folder, _)| folder.to_owned())
        }
    };
    let keys: Vec<String> = chosen.iter().map(key).collect();
    let mut members: BTreeMap<&str, usize> = BTreeMap::new();
    for key in &keys {
        *members.entry(key).or_default() += 1;
    }
    members.retain(|key, count| !key.is_empty() && *count > 1 && *count < keys.len());
    let names: Vec<String> = members.keys().map(|key| (*key).to_owned()).collect();
    let group_of = keys.iter().map(|key| names.iter().position(|name| name == key)).collect();
    (names, group_of)
}

fn caption(options: &Options, tables: &Tables) -> String {
    let what = if options.level == Level::Module { "Modules" } else { "Files" };
    let reading = match options.reading {
        views::Reading::All => "every dependency",
        views::Reading::Runtime => "dependencies at run time",
        views::Reading::Load => "dependencies while files are loaded",
    };
    let around = options.focus.as_ref().map_or(String::new(), |name| format!(" around {name}"));
    let mut text = format!("{what}{around}, {reading}. An arrow points to what is needed. Red: in a circle. Dashed: the cheapest cut.");
    if !tables.boxes.is_empty() {
        let all =
            if tables.left_out > 0 { format!(" ({} more are not drawn)", page::number(tables.left_out as u64)) } else { String::new() };
        text.push_str(&format!(" Blue: tables that several use{all}; a thick line writes, a thin one reads."));
    }
    text
}

fn missing(level: views::Level, nodes: usize, edges: usize) -> Option<String> {
    let noun = level.word();
    let verb = if nodes + edges == 1 { "is" } else { "are" };
    match (nodes, edges) {
        (0, 0) => None,
        (0, _) => Some(format!("... {} {verb} not drawn", page::count(edges, "lighter dependency"))),
        (_, 0) => Some(format!("... {} {verb} not drawn", page::count(nodes, &format!("lighter {noun}")))),
        _ => Some(format!("... {} and {} are not drawn", page::count(nodes, &format!("lighter {noun}")), page::count(edges, "dependency"))),
    }
}

#[cfg(test)]
pub(super) mod samples {
    //! A drawing whose names try to break out.

    use super::tables::{TableBox, Tables, UseArrow};
    use super::{Arrow, Drawing, Node};

    /// Quotes, brackets, line ends, HTML, directives.
    pub(in crate::reports) fn hostile() -> Drawing {
        let names = ["a\"]; evil [label=\"x", "b\\", "c\nend\nsubgraph", "<script>&amp;</script>", "%%{init: {}}%%", "d`|\"|#quot;"];
        let node = |name: &&str| Node { name: (*name).to_owned(), size: "1 file".to_owned(), group: Some(0), in_focus: true };
        let arrow = |from| Arrow { from, to: from + 1, weight: "1".to_owned(), in_cycle: true, to_cut: from == 0 };
        Drawing {
            nodes: names.iter().map(node).collect(),
            groups: vec!["g\"}\\".to_owned()],
            arrows: (0..names.len() - 1).map(arrow).collect(),
            tables: Tables {
                boxes: names.iter().map(|name| TableBox { name: (*name).to_owned() }).collect(),
                arrows: vec![UseArrow { from: 0, to: 1, writes: true }, UseArrow { from: 1, to: 1, writes: false }],
                left_out: 0,
            },
            caption: "c\"".to_owned(),
            missing: Some("m\"".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{check, missing};
    use crate::graph::views::Level;
    use crate::reports::Options;
    use crate::reports::testing::shop;

    #[test]
    fn what_is_missing_is_counted() {
        assert_eq!(missing(Level::Module, 0, 0), None);
        assert_eq!(missing(Level::Module, 63, 412).unwrap(), "... 63 lighter modules and 412 dependencies are not drawn");
        assert_eq!(missing(Level::File, 0, 1).unwrap(), "... 1 lighter dependency is not drawn");
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let sample = shop();
        let class = Options { level: crate::reports::Level::Class, ..Options::default() };
        assert!(check(&sample.outcome(), &class).is_err());
        let typo = Options { focus: Some("catalgo".to_owned()), ..Options::default() };
        assert!(check(&sample.outcome(), &typo).unwrap_err().0.contains("catalog"));
    }
}
