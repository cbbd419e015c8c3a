//! The shortest chain from one thing to another, with a line for every step.

use super::one_site;
use crate::graph::views::{Level, Reading, view};
use crate::graph::weighted::WeightedGraph;
use crate::project::Project;
use crate::reports::evidence;
use crate::reports::page::{Page, bad, bold, count, plain};
use crate::reports::subject::Subject;
use std::collections::{BTreeSet, VecDeque};
use std::io;

/// Writes the chain, or says that there is none.
pub(super) fn write(page: &mut Page, project: &Project, from: Subject, to: Subject) -> io::Result<()> {
    let (level, starts, ends) = match (from, to) {
        (Subject::Module(from), Subject::Module(to)) => (Level::Module, BTreeSet::from([from.0]), BTreeSet::from([to.0])),
        _ => (Level::File, from.files(project), to.files(project)),
    };
    for reading in [Reading::Runtime, Reading::All] {
        let graph = view(&project.base, &project.names, &project.resolution, &project.graph, level, reading);
        let Some(nodes) = shortest(&graph, &starts, &ends) else { continue };
        if reading == Reading::All {
            page.line(&[bad("Only through dependencies that nothing but the type checker sees:")])?;
        }
        let noun = level.word();
        let between = nodes.len().saturating_sub(2);
        page.line(&[plain(format!("It does so through {}:", count(between, noun)))])?;
        for step in nodes.windows(2) {
            let (a, b) = (step[0], step[1]);
            page.line(&[bold(format!("{} -> {}", project.node_name(level, a), project.node_name(level, b)))])?;
            let site = evidence::sites(project, level, reading, a, b).find(|site| site.kind.is_structural());
            if let Some(site) = site {
                one_site(page, project, site)?;
            }
        }
        return Ok(());
    }
    page.line(&[plain("Nor does any chain of dependencies lead there.")])
}

/// A shortest path from one of the starts to one of the ends, the first by name among equals.
pub(super) fn shortest(graph: &WeightedGraph, starts: &BTreeSet<u32>, ends: &BTreeSet<u32>) -> Option<Vec<u32>> {
    const FAR: u32 = u32::MAX;
    let mut distance = vec![FAR; graph.nodes() as usize];
    let mut queue: VecDeque<u32> = ends.iter().copied().filter(|node| !starts.contains(node)).collect();
    for node in &queue {
        distance[*node as usize] = 0;
    }
    while let Some(node) = queue.pop_front() {
        for edge in graph.predecessors(node) {
            if distance[edge.from as usize] == FAR {
                distance[edge.from as usize] = distance[node as usize] + 1;
                queue.push_back(edge.from);
            }
        }
    }
    let mut at = starts.iter().copied().min_by_key(|node| (distance[*node as usize], *node))?;
    if distance[at as usize] == FAR {
        return None;
    }
    let mut path = vec![at];
    while distance[at as usize] > 0 {
        at = graph.successors(at).iter().map(|edge| edge.to).find(|next| distance[*next as usize] == distance[at as usize] - 1)?;
        path.push(at);
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::shortest;
    use crate::graph::weighted::{Edge, WeightedGraph};
    use std::collections::BTreeSet;

    fn graph(edges: &[(u32, u32)]) -> WeightedGraph {
        WeightedGraph::new(8, edges.iter().map(|(from, to)| Edge { from: *from, to: *to, weight: 1 }).collect())
    }

    fn path(edges: &[(u32, u32)], from: &[u32], to: &[u32]) -> Option<Vec<u32>> {
        shortest(&graph(edges), &from.iter().copied().collect::<BTreeSet<_>>(), &to.iter().copied().collect())
    }

    #[test]
    fn the_shortest_chain_and_the_first_by_name() {
        let edges = [(0, 3), (3, 5), (0, 2), (2, 5), (0, 1), (1, 4), (4, 5)];
        assert_eq!(path(&edges, &[0], &[5]), Some(vec![0, 2, 5]));
        assert_eq!(path(&edges, &[5], &[0]), None);
    }

    #[test]
    fn many_starts_and_ends() {
        let edges = [(0, 1), (1, 2), (2, 6), (7, 6)];
        assert_eq!(path(&edges, &[0, 7], &[6]), Some(vec![7, 6]));
        assert_eq!(path(&edges, &[0], &[2, 6]), Some(vec![0, 1, 2]));
        assert_eq!(path(&edges, &[], &[2]), None);
    }
}
