//! Proofs that a cycle exists, short enough to read: the shortest cycle, and the shortest way back of a cut edge.
//!
//! A breadth-first search that follows edges in rising order meets the nodes of one distance in the order of their
//! smallest paths, so the first path that arrives is both a shortest one and, among these, the first by node list.

use crate::graph::weighted::WeightedGraph;

/// Marks a node that the search has not met.
const UNSEEN: u32 = u32::MAX;

/// Finds shortest paths in one graph, again and again, without new memory for each.
pub struct Paths<'a> {
    graph: &'a WeightedGraph,
    /// The node a search came from, for nodes it has met.
    before: Vec<u32>,
    /// Nodes met, in the order they were; the list is also what has to be forgotten afterwards.
    met: Vec<u32>,
    /// Nodes that searches must not enter.
    closed: Vec<bool>,
}

impl<'a> Paths<'a> {
    /// Makes ready to search a graph.
    #[must_use]
    pub fn new(graph: &'a WeightedGraph) -> Self {
        let nodes = graph.nodes() as usize;
        Self { graph, before: vec![UNSEEN; nodes], met: Vec::new(), closed: vec![false; nodes] }
    }

    /// The shortest path from one node to another, both ends included; of several, the one whose node list comes
    /// first. For a cut edge `u -> v`, the path from `v` to `u` is what that edge closes to a cycle. On the whole
    /// graph it stays inside the component of its ends all by itself. A path from a node to itself is a cycle, and
    /// its start is listed once.
    pub fn shortest(&mut self, from: u32, to: u32) -> Option<Vec<u32>> {
        self.within(from, to, usize::MAX)
    }

    /// As [`Self::shortest`], but gives up on paths of more than `most` edges.
    fn within(&mut self, from: u32, to: u32, most: usize) -> Option<Vec<u32>> {
        let last = self.search(from, to, most);
        let path = last.map(|last| {
            let mut path = if to == from { vec![last] } else { vec![to, last] };
            while path.last() != Some(&from) {
                let node = path[path.len() - 1];
                path.push(self.before[node as usize]);
            }
            path.reverse();
            path
        });
        for node in self.met.drain(..) {
            self.before[node as usize] = UNSEEN;
        }
        path
    }

    /// The last node before the goal on the best path.
    fn search(&mut self, from: u32, to: u32, most: usize) -> Option<u32> {
        self.met.push(from);
        self.before[from as usize] = from;
        let (mut place, mut level_end, mut depth) = (0, 1, 1);
        while place < self.met.len() && depth <= most {
            let node = self.met[place];
            for edge in self.graph.successors(node) {
                if edge.to == to {
                    return Some(node);
                }
                let next = edge.to as usize;
                if self.before[next] == UNSEEN && !self.closed[next] {
                    self.before[next] = node;
                    self.met.push(edge.to);
                }
            }
            place += 1;
            if place == level_end {
                level_end = self.met.len();
                depth += 1;
            }
        }
        None
    }
}

/// The shortest cycle of a graph, from its smallest node on; of several, the one whose node list comes first. Empty
/// when there is no cycle.
///
/// Nodes are tried in rising order and closed once tried, so each search sees only cycles that start with its own
/// node, and only a strictly shorter one can win later. Closing a node also closes what no longer lies on any cycle
/// by its degree, so that one long ring costs one search. The worst case, a dense component without short cycles,
/// still costs nodes times edges; a cycle of two or three nodes, found in practically every large component of real
/// code, ends it at once or keeps every search within two steps.
#[must_use]
pub fn shortest_cycle(graph: &WeightedGraph) -> Vec<u32> {
    if let Some(pair) = graph.edges().iter().find(|edge| graph.edge(edge.to, edge.from).is_some()) {
        return vec![pair.from, pair.to];
    }
    let mut paths = Paths::new(graph);
    let mut open = OpenDegrees::new(graph);
    open.close_loose_ends(&mut paths.closed, (0..graph.nodes()).collect());
    let mut best = Vec::new();
    for start in 0..graph.nodes() {
        if paths.closed[start as usize] {
            continue;
        }
        let most = if best.is_empty() { usize::MAX } else { best.len() - 1 };
        if let Some(cycle) = paths.within(start, start, most) {
            best = cycle;
        }
        if best.len() == 3 {
            break;
        }
        open.close(&mut paths.closed, start);
    }
    best
}

/// How many open neighbours each node has; a node without one on either side is on no cycle.
struct OpenDegrees<'a> {
    graph: &'a WeightedGraph,
    into: Vec<usize>,
    out: Vec<usize>,
}

impl<'a> OpenDegrees<'a> {
    fn new(graph: &'a WeightedGraph) -> Self {
        let into = (0..graph.nodes()).map(|node| graph.entering(node).len()).collect();
        let out = (0..graph.nodes()).map(|node| graph.leaving(node).len()).collect();
        Self { graph, into, out }
    }

    /// Closes a node, and then all that became loose.
    fn close(&mut self, closed: &mut [bool], node: u32) {
        self.into[node as usize] = 0;
        self.close_loose_ends(closed, vec![node]);
    }

    fn close_loose_ends(&mut self, closed: &mut [bool], mut suspects: Vec<u32>) {
        while let Some(node) = suspects.pop() {
            let place = node as usize;
            if closed[place] || (self.into[place] > 0 && self.out[place] > 0) {
                continue;
            }
            closed[place] = true;
            for edge in self.graph.successors(node) {
                let into = &mut self.into[edge.to as usize];
                *into = into.saturating_sub(1);
                suspects.push(edge.to);
            }
            for edge in self.graph.predecessors(node) {
                let out = &mut self.out[edge.from as usize];
                *out = out.saturating_sub(1);
                suspects.push(edge.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Paths;
    use super::shortest_cycle;
    use crate::analyses::cycles::testing::any_graph;
    use crate::analyses::cycles::testing::graph_of;
    use crate::graph::weighted::WeightedGraph;
    use proptest::prelude::*;

    /// Every simple path from one node to another, or every simple cycle through a node when both are the same.
    fn all_paths(graph: &WeightedGraph, path: &mut Vec<u32>, to: u32, found: &mut Vec<Vec<u32>>) {
        for edge in graph.successors(path[path.len() - 1]) {
            if edge.to == to {
                let closing = if path[0] == to { None } else { Some(to) };
                found.push(path.iter().copied().chain(closing).collect());
            } else if !path.contains(&edge.to) {
                path.push(edge.to);
                all_paths(graph, path, to, found);
                path.pop();
            }
        }
    }

    fn best_of(mut paths: Vec<Vec<u32>>) -> Option<Vec<u32>> {
        paths.sort_by_key(|path| (path.len(), path.clone()));
        paths.into_iter().next()
    }

    #[test]
    fn one_long_ring_is_its_own_shortest_cycle() {
        let rows: Vec<(u32, u32, i64)> = (0..100_000).map(|node| (node, (node + 1) % 100_000, 1)).collect();
        assert_eq!(shortest_cycle(&graph_of(100_000, &rows)), (0..100_000).collect::<Vec<u32>>());
    }

    #[test]
    fn of_two_cycles_as_long_the_one_with_the_smaller_node_wins() {
        let rows = [(1, 4, 1), (4, 5, 1), (5, 7, 1), (7, 1, 1), (0, 6, 1), (6, 3, 1), (3, 2, 1), (2, 0, 1)];
        assert_eq!(shortest_cycle(&graph_of(8, &rows)), [0, 6, 3, 2]);
    }

    #[test]
    fn a_shorter_cycle_further_on_wins() {
        let rows = [(0, 1, 1), (1, 2, 1), (2, 3, 1), (3, 4, 1), (4, 0, 1), (4, 5, 1), (5, 6, 1), (6, 3, 1)];
        assert_eq!(shortest_cycle(&graph_of(7, &rows)), [3, 4, 5, 6]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn the_shortest_cycle_is_the_first_of_all_cycles(graph in any_graph(7, 16)) {
            let mut cycles = Vec::new();
            for start in 0..graph.nodes() {
                all_paths(&graph, &mut vec![start], start, &mut cycles);
            }
            cycles.retain(|cycle| cycle.iter().min() == cycle.first());
            prop_assert_eq!(shortest_cycle(&graph), best_of(cycles).unwrap_or_default());
        }

        #[test]
        fn a_path_is_the_first_of_all_shortest_paths(graph in any_graph(7, 20)) {
            let mut paths = Paths::new(&graph);
            for from in 0..graph.nodes() {
                for to in 0..graph.nodes() {
                    let mut all = Vec::new();
                    all_paths(&graph, &mut vec![from], to, &mut all);
                    prop_assert_eq!(paths.shortest(from, to), best_of(all));
                }
            }
        }
    }
}
