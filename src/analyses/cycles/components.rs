//! Strongly connected components: the sets of nodes that all reach each other.
//!
//! Tarjan, "Depth-first search and linear graph algorithms" (1972), with the recursion turned into a list: a path
//! through every file of a large repository is deeper than a thread's stack.

use crate::graph::weighted::Edge;
use crate::graph::weighted::WeightedGraph;

/// Marks a node that the search has not met.
const UNSEEN: u32 = u32::MAX;
/// Marks a node whose component is complete; larger than any number of arrival.
const DONE: u32 = u32::MAX - 1;

/// The components of more than one node, each rising, by their first member.
#[must_use]
pub fn find(graph: &WeightedGraph) -> Vec<Vec<u32>> {
    let mut search = Search {
        graph,
        earliest: vec![UNSEEN; graph.nodes() as usize],
        waiting: Vec::new(),
        path: Vec::new(),
        arrived: 0,
        found: Vec::new(),
    };
    for node in 0..graph.nodes() {
        if search.earliest[node as usize] == UNSEEN {
            search.explore(node);
        }
    }
    search.found.sort_unstable();
    search.found
}

/// The edges inside each component, in the order of [`find`].
#[must_use]
pub fn edges_inside(graph: &WeightedGraph) -> Vec<Vec<Edge>> {
    let components = find(graph);
    let mut owner = vec![UNSEEN; graph.nodes() as usize];
    for (number, members) in components.iter().enumerate() {
        for member in members {
            owner[*member as usize] = number as u32;
        }
    }
    let mut inside = vec![Vec::new(); components.len()];
    for edge in graph.edges() {
        let component = owner[edge.from as usize];
        if component != UNSEEN && component == owner[edge.to as usize] {
            inside[component as usize].push(*edge);
        }
    }
    inside
}

/// A node on the current path and the next of its edges to follow.
struct Step {
    node: u32,
    arrival: u32,
    next_edge: usize,
}

struct Search<'a> {
    graph: &'a WeightedGraph,
    /// The earliest arrival known to be reachable without leaving the nodes that wait.
    earliest: Vec<u32>,
    /// Nodes met whose component is not complete, in order of arrival.
    waiting: Vec<u32>,
    path: Vec<Step>,
    arrived: u32,
    found: Vec<Vec<u32>>,
}

impl Search<'_> {
    fn enter(&mut self, node: u32) {
        self.earliest[node as usize] = self.arrived;
        self.waiting.push(node);
        self.path.push(Step { node, arrival: self.arrived, next_edge: self.graph.leaving(node).start });
        self.arrived += 1;
    }

    fn explore(&mut self, root: u32) {
        self.enter(root);
        while let Some(step) = self.path.last_mut() {
            let node = step.node;
            if step.next_edge < self.graph.leaving(node).end {
                let to = self.graph.edges()[step.next_edge].to;
                step.next_edge += 1;
                match self.earliest[to as usize] {
                    UNSEEN => self.enter(to),
                    DONE => {}
                    known => self.earliest[node as usize] = self.earliest[node as usize].min(known),
                }
            } else {
                let arrival = step.arrival;
                self.path.pop();
                self.leave(node, arrival);
            }
        }
    }

    /// Closes the component that starts at this node, if one does, and hands what it reaches to the node before.
    fn leave(&mut self, node: u32, arrival: u32) {
        let earliest = self.earliest[node as usize];
        if let Some(before) = self.path.last() {
            let known = &mut self.earliest[before.node as usize];
            *known = earliest.min(*known);
        }
        if earliest < arrival {
            return;
        }
        let start = self.waiting.iter().rposition(|other| *other == node).unwrap_or(0);
        let mut members = self.waiting.split_off(start);
        for member in &members {
            self.earliest[*member as usize] = DONE;
        }
        if members.len() > 1 {
            members.sort_unstable();
            self.found.push(members);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::analyses::cycles::testing::any_graph;
    use crate::analyses::cycles::testing::graph_of;
    use crate::analyses::cycles::testing::left_over;
    use crate::analyses::cycles::testing::reachability;
    use crate::graph::weighted::WeightedGraph;
    use proptest::prelude::*;

    /// Two nodes belong together when each reaches the other.
    fn by_definition(graph: &WeightedGraph) -> Vec<Vec<u32>> {
        let reaches = reachability(graph.nodes(), &left_over(graph, &[]));
        let together = |a: u32, b: u32| reaches[a as usize][b as usize] && reaches[b as usize][a as usize];
        let mut found: Vec<Vec<u32>> = (0..graph.nodes())
            .map(|node| (0..graph.nodes()).filter(|other| *other == node || together(node, *other)).collect())
            .filter(|members: &Vec<u32>| members.len() > 1)
            .collect();
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn a_long_path_does_not_exhaust_the_stack() {
        let mut rows: Vec<(u32, u32, i64)> = (0..199_999).map(|node| (node, node + 1, 1)).collect();
        assert_eq!(find(&graph_of(200_000, &rows)), Vec::<Vec<u32>>::new());
        rows.push((199_999, 0, 1));
        assert_eq!(find(&graph_of(200_000, &rows)), [(0..200_000).collect::<Vec<u32>>()]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn components_are_the_nodes_that_reach_each_other(graph in any_graph(14, 40)) {
            prop_assert_eq!(find(&graph), by_definition(&graph));
        }
    }
}
