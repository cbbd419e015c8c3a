//! The key `cycles`: components, how they close, and the cheapest way to open them.

use crate::analyses::finding::{CutEdge, Cycle};
use crate::project::Project;
use crate::reports::evidence;
use serde::Serialize;

/// One component.
#[derive(Serialize)]
pub(in crate::reports) struct CycleRow<'a> {
    id: &'a str,
    level: &'static str,
    graph: &'static str,
    members: Vec<&'a str>,
    edges: usize,
    shortest: Vec<&'a str>,
    cheapest_cut: CutRow<'a>,
}

#[derive(Serialize)]
struct CutRow<'a> {
    edges: Vec<CutEdgeRow<'a>>,
    weight: i64,
    lower_bound: i64,
    proven: bool,
}

#[derive(Serialize)]
struct CutEdgeRow<'a> {
    from: &'a str,
    to: &'a str,
    weight: i64,
    advice: &'static str,
    because: &'a str,
    lines_to_move: u32,
    way_back: Vec<&'a str>,
    sites: Vec<CutSiteRow<'a>>,
}

#[derive(Serialize)]
struct CutSiteRow<'a> {
    path: &'a str,
    line: u32,
    kind: &'static str,
    text: &'a str,
}

impl<'a> CycleRow<'a> {
    /// The row of a cycle.
    pub(in crate::reports) fn of(project: &'a Project, cycle: &'a Cycle) -> Self {
        let names = |nodes: &[u32]| nodes.iter().map(|node| project.node_name(cycle.level, *node)).collect();
        Self {
            id: &cycle.id,
            level: cycle.level.word(),
            graph: cycle.reading.word(),
            members: names(&cycle.members),
            edges: cycle.edges,
            shortest: names(&cycle.shortest),
            cheapest_cut: CutRow {
                edges: cycle.cut.iter().map(|edge| cut_edge(project, cycle, edge)).collect(),
                weight: cycle.cut_weight,
                lower_bound: cycle.lower_bound,
                proven: cycle.proven,
            },
        }
    }
}

fn cut_edge<'a>(project: &'a Project, cycle: &Cycle, edge: &'a CutEdge) -> CutEdgeRow<'a> {
    let name = |node: u32| project.node_name(cycle.level, node);
    CutEdgeRow {
        from: name(edge.from),
        to: name(edge.to),
        weight: edge.weight,
        advice: edge.advice.word(),
        because: &edge.because,
        lines_to_move: edge.lines_to_move,
        way_back: edge.way_back.iter().map(|node| name(*node)).collect(),
        sites: evidence::sites(project, cycle.level, cycle.reading, edge.from, edge.to)
            .map(|site| CutSiteRow { path: project.base.path(site.from), line: site.line, kind: site.kind.word(), text: &site.text })
            .collect(),
    }
}
