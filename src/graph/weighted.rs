//! A directed graph with weighted edges: what every graph algorithm here works on.
//!
//! It knows nothing of files or modules. Nodes are numbered in name order, edges are sorted and unique, so walking
//! either in numeric order walks them in name order and no algorithm needs names to break a tie.

use std::ops::Range;

/// The largest weight kept. Sums of millions of edges, and the packed costs of the exact search, stay within an `i64`.
pub const HEAVIEST: i64 = 1 << 40;

/// One dependency between two nodes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Edge {
    /// The node that needs the other.
    pub from: u32,
    /// The node that is needed.
    pub to: u32,
    /// What cutting it costs, in thousandths: one import or call is 1000. At least 1.
    pub weight: i64,
}

/// A directed graph over the nodes `0..n`, without self loops, at most one edge per ordered pair.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WeightedGraph {
    /// Sorted by (from, to).
    edges: Vec<Edge>,
    /// Where the edges of each node start; one entry more than there are nodes.
    outgoing: Vec<u32>,
    /// Edge numbers sorted by (to, from).
    into: Vec<u32>,
    /// Where the stretch of each node starts in `into`; one entry more than there are nodes.
    incoming: Vec<u32>,
}

impl WeightedGraph {
    /// Builds the graph from edges in any order: parallel edges become one with the sum of the weights, self loops go.
    /// Weights are held between 1 and [`HEAVIEST`], because an edge that costs nothing would make any cut look free.
    ///
    /// # Panics
    /// When an edge names a node that is not below `nodes`.
    #[must_use]
    pub fn new(nodes: u32, mut edges: Vec<Edge>) -> Self {
        edges.retain(|edge| edge.from != edge.to);
        for edge in &mut edges {
            assert!(edge.from < nodes && edge.to < nodes, "an edge names a node outside 0..{nodes}");
            edge.weight = edge.weight.clamp(1, HEAVIEST);
        }
        edges.sort_unstable();
        edges.dedup_by(|later, first| {
            let same = (later.from, later.to) == (first.from, first.to);
            if same {
                first.weight = (first.weight + later.weight).min(HEAVIEST);
            }
            same
        });
        let outgoing = starts(nodes, edges.iter().map(|edge| edge.from));
        let incoming = starts(nodes, edges.iter().map(|edge| edge.to));
        let mut free = incoming.clone();
        let mut into = vec![0; edges.len()];
        for (number, edge) in edges.iter().enumerate() {
            let slot = &mut free[edge.to as usize];
            into[*slot as usize] = number as u32;
            *slot += 1;
        }
        Self { edges, outgoing, into, incoming }
    }

    /// Builds a graph from some edges of a larger one, and says which node of the larger one each new node is.
    /// The order of the nodes is kept.
    #[must_use]
    pub fn part(edges: &[Edge]) -> (Self, Vec<u32>) {
        let mut members: Vec<u32> = edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
        members.sort_unstable();
        members.dedup();
        let place = |node: u32| members.partition_point(|member| *member < node) as u32;
        let renumbered = edges.iter().map(|edge| Edge { from: place(edge.from), to: place(edge.to), weight: edge.weight }).collect();
        (Self::new(members.len() as u32, renumbered), members)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn nodes(&self) -> u32 {
        self.outgoing.len().saturating_sub(1) as u32
    }

    /// Every edge, sorted by (from, to); the place in this list is the edge's number.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The numbers of the edges that leave a node, by rising `to`.
    #[must_use]
    pub fn leaving(&self, node: u32) -> Range<usize> {
        self.outgoing[node as usize] as usize..self.outgoing[node as usize + 1] as usize
    }

    /// The numbers of the edges that enter a node, by rising `from`.
    #[must_use]
    pub fn entering(&self, node: u32) -> &[u32] {
        &self.into[self.incoming[node as usize] as usize..self.incoming[node as usize + 1] as usize]
    }

    /// The edges that leave a node, by rising `to`.
    #[must_use]
    pub fn successors(&self, node: u32) -> &[Edge] {
        &self.edges[self.leaving(node)]
    }

    /// The edges that enter a node, by rising `from`.
    pub fn predecessors(&self, node: u32) -> impl Iterator<Item = Edge> {
        self.entering(node).iter().map(|number| self.edges[*number as usize])
    }

    /// The edge from one node to another, if there is one.
    #[must_use]
    pub fn edge(&self, from: u32, to: u32) -> Option<Edge> {
        let successors = self.successors(from);
        successors.binary_search_by_key(&to, |edge| edge.to).ok().map(|place| successors[place])
    }

    /// The same graph with every edge turned around.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let turned = self.edges.iter().map(|edge| Edge { from: edge.to, to: edge.from, weight: edge.weight });
        Self::new(self.nodes(), turned.collect())
    }
}

/// For each node, how many of the ends belong to smaller nodes: where its stretch starts in a list sorted by them.
fn starts(nodes: u32, ends: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; nodes as usize + 1];
    for end in ends {
        starts[end as usize + 1] += 1;
    }
    for node in 0..nodes as usize {
        starts[node + 1] += starts[node];
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::Edge;
    use super::HEAVIEST;
    use super::WeightedGraph;

    fn edge(from: u32, to: u32, weight: i64) -> Edge {
        Edge { from, to, weight }
    }

    #[test]
    fn sorts_merges_and_drops_self_loops() {
        let graph = WeightedGraph::new(3, vec![edge(2, 0, 5), edge(1, 1, 9), edge(0, 1, 1), edge(2, 0, 7)]);
        assert_eq!(graph.edges(), [edge(0, 1, 1), edge(2, 0, 12)]);
        assert_eq!(graph.successors(2), [edge(2, 0, 12)]);
        assert_eq!(graph.predecessors(0).collect::<Vec<_>>(), [edge(2, 0, 12)]);
        assert_eq!(graph.edge(2, 0), Some(edge(2, 0, 12)));
        assert_eq!(graph.edge(0, 2), None);
        assert_eq!(graph.reversed().edges(), [edge(0, 2, 12), edge(1, 0, 1)]);
    }

    #[test]
    fn holds_weights_within_bounds() {
        let graph = WeightedGraph::new(3, vec![edge(0, 1, 0), edge(1, 2, i64::MAX), edge(1, 2, i64::MAX)]);
        assert_eq!(graph.edges(), [edge(0, 1, 1), edge(1, 2, HEAVIEST)]);
    }

    #[test]
    fn a_part_keeps_the_order_of_its_nodes() {
        let (graph, members) = WeightedGraph::part(&[edge(7, 3, 2), edge(3, 9, 4)]);
        assert_eq!(members, [3, 7, 9]);
        assert_eq!(graph.edges(), [edge(0, 2, 4), edge(1, 0, 2)]);
    }

    #[test]
    fn an_empty_graph_has_no_nodes() {
        assert_eq!(WeightedGraph::default().nodes(), 0);
        assert_eq!(WeightedGraph::new(0, Vec::new()).nodes(), 0);
    }
}
