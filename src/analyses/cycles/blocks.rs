//! Cuts a component into its blocks: the parts that hang together by single nodes only.
//!
//! A cycle that leaves a block through a node has to come back through that node, so every cycle lies within one block
//! and the cheapest cut of a component is the union of the cheapest cuts of its blocks. That turns most components
//! that look too large for an exact answer into several small ones. Blocks are the biconnected components of the graph
//! without directions (Hopcroft and Tarjan, "Efficient algorithms for graph manipulation", 1973), found without
//! recursion.

use crate::graph::weighted::Edge;
use crate::graph::weighted::WeightedGraph;

/// Marks a node that the search has not met.
const UNSEEN: u32 = u32::MAX;

/// The edges of each block, in an order that depends on the graph alone.
pub(super) fn split(graph: &WeightedGraph) -> Vec<Vec<Edge>> {
    let nodes = graph.nodes() as usize;
    let mut search = Search {
        graph,
        arrival: vec![UNSEEN; nodes],
        earliest: vec![UNSEEN; nodes],
        block: vec![UNSEEN; nodes],
        waiting: Vec::new(),
        path: Vec::new(),
        arrived: 0,
        blocks: 0,
    };
    for node in 0..graph.nodes() {
        if search.arrival[node as usize] == UNSEEN {
            search.explore(node);
        }
    }
    let mut blocks = vec![Vec::new(); search.blocks as usize];
    for edge in graph.edges() {
        // Of two neighbours the later one to arrive lies below the other, and a block owns all its nodes but the top.
        let (from, to) = (edge.from as usize, edge.to as usize);
        let below = if search.arrival[from] > search.arrival[to] { from } else { to };
        blocks[search.block[below] as usize].push(*edge);
    }
    blocks
}

struct Search<'a> {
    graph: &'a WeightedGraph,
    /// When each node was met.
    arrival: Vec<u32>,
    /// The earliest arrival reachable from the nodes below by one edge up.
    earliest: Vec<u32>,
    /// The block in which each node is not the top.
    block: Vec<u32>,
    /// Nodes met whose block is not complete.
    waiting: Vec<u32>,
    /// The current path: a node, and how many of its neighbours were followed.
    path: Vec<(u32, usize)>,
    arrived: u32,
    blocks: u32,
}

impl Search<'_> {
    fn enter(&mut self, node: u32) {
        self.arrival[node as usize] = self.arrived;
        self.earliest[node as usize] = self.arrived;
        self.arrived += 1;
        self.waiting.push(node);
        self.path.push((node, 0));
    }

    /// A neighbour in either direction: first those that edges lead to, then those that edges come from.
    fn neighbour(&self, node: u32, place: usize) -> Option<u32> {
        let successors = self.graph.successors(node);
        match successors.get(place) {
            Some(edge) => Some(edge.to),
            None => {
                let number = self.graph.entering(node).get(place - successors.len())?;
                Some(self.graph.edges()[*number as usize].from)
            }
        }
    }

    fn explore(&mut self, root: u32) {
        self.enter(root);
        while let Some((node, followed)) = self.path.last_mut() {
            let (node, place) = (*node, *followed);
            *followed += 1;
            match self.neighbour(node, place) {
                Some(next) if self.arrival[next as usize] == UNSEEN => self.enter(next),
                Some(next) => {
                    let earliest = &mut self.earliest[node as usize];
                    *earliest = self.arrival[next as usize].min(*earliest);
                }
                None => {
                    self.path.pop();
                    self.leave(node);
                }
            }
        }
        self.waiting.clear();
    }

    /// Closes the block below the node before this one, when nothing below leads further up.
    fn leave(&mut self, node: u32) {
        let Some((before, _)) = self.path.last() else { return };
        let (top, below) = (*before as usize, self.earliest[node as usize]);
        self.earliest[top] = self.earliest[top].min(below);
        if below < self.arrival[top] {
            return;
        }
        while let Some(member) = self.waiting.pop() {
            self.block[member as usize] = self.blocks;
            if member == node {
                break;
            }
        }
        self.blocks += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::analyses::cycles::testing::any_graph;
    use crate::analyses::cycles::testing::graph_of;
    use crate::graph::weighted::Edge;
    use proptest::prelude::*;

    /// Edges that touch belong together when some way around avoids each single node.
    fn joined(edges: &[Edge], without: u32, from: u32, to: u32) -> bool {
        let mut met = vec![from];
        let mut place = 0;
        while place < met.len() {
            for edge in edges {
                for (near, far) in [(edge.from, edge.to), (edge.to, edge.from)] {
                    if near == met[place] && far != without && !met.contains(&far) {
                        met.push(far);
                    }
                }
            }
            place += 1;
        }
        met.contains(&to)
    }

    #[test]
    fn two_rings_that_share_a_node_are_two_blocks() {
        let graph = graph_of(5, &[(0, 1, 1), (1, 2, 1), (2, 0, 1), (2, 3, 1), (3, 4, 1), (4, 2, 1)]);
        let sizes: Vec<usize> = split(&graph).iter().map(Vec::len).collect();
        assert_eq!(sizes, [3, 3]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn every_edge_has_one_block_and_no_node_holds_a_block_together(graph in any_graph(9, 16)) {
            let blocks = split(&graph);
            let mut all: Vec<Edge> = blocks.concat();
            all.sort_unstable();
            prop_assert_eq!(&all, graph.edges());
            for block in &blocks {
                let ends: Vec<u32> = block.iter().flat_map(|edge| [edge.from, edge.to]).collect();
                for without in 0..graph.nodes() {
                    let others: Vec<u32> = ends.iter().copied().filter(|end| *end != without).collect();
                    prop_assert!(others.iter().all(|end| joined(block, without, others[0], *end)));
                }
            }
            for (first, second) in blocks.iter().enumerate().flat_map(|(at, block)| blocks[..at].iter().map(move |other| (block, other))) {
                let ends = |block: &[Edge]| -> std::collections::BTreeSet<u32> { block.iter().flat_map(|edge| [edge.from, edge.to]).collect() };
                prop_assert!(ends(first).intersection(&ends(second)).count() <= 1);
            }
        }
    }
}
