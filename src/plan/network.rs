//! An undirected graph with whole-number weights: what clustering works on.

/// Nodes `0..n`, at most one edge per pair, loops kept apart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Network {
    /// Where the neighbours of each node start; one more than there are nodes.
    starts: Vec<usize>,
    /// Neighbours with the weight of the edge, rising within a node.
    neighbours: Vec<(u32, i64)>,
    /// What binds a node to itself: edges that were inside of it before nodes were put together.
    loops: Vec<i64>,
}

impl Network {
    /// Builds it from edges in any order; parallel ones are added up, those without weight go.
    #[must_use]
    pub fn new(nodes: usize, edges: impl IntoIterator<Item = (u32, u32, i64)>) -> Self {
        let mut loops = vec![0; nodes];
        let mut pairs: Vec<(u32, u32, i64)> = Vec::new();
        for (a, b, weight) in edges {
            if a == b {
                loops[a as usize] += weight;
            } else {
                pairs.extend([(a, b, weight), (b, a, weight)]);
            }
        }
        pairs.sort_unstable();
        let mut starts = vec![0; nodes + 1];
        let mut neighbours: Vec<(u32, i64)> = Vec::with_capacity(pairs.len());
        for group in pairs.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)) {
            let weight: i64 = group.iter().map(|edge| edge.2).sum();
            if weight > 0 {
                neighbours.push((group[0].1, weight));
                starts[group[0].0 as usize + 1] += 1;
            }
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        Self { starts, neighbours, loops }
    }

    /// How many nodes there are.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.loops.len()
    }

    /// Neighbours of a node with the weight of the edge, rising.
    #[must_use]
    pub fn neighbours(&self, node: usize) -> &[(u32, i64)] {
        &self.neighbours[self.starts[node]..self.starts[node + 1]]
    }

    /// What binds a node to itself.
    #[must_use]
    pub fn inside(&self, node: usize) -> i64 {
        self.loops[node]
    }

    /// All weight that ends at a node; a loop ends there twice.
    #[must_use]
    pub fn degree(&self, node: usize) -> i64 {
        2 * self.loops[node] + self.neighbours(node).iter().map(|(_, weight)| weight).sum::<i64>()
    }

    /// Every edge once, loops included.
    pub fn edges(&self) -> impl Iterator<Item = (u32, u32, i64)> {
        (0u32..).zip(&self.loops).flat_map(move |(node, own)| {
            let beyond = self.neighbours(node as usize).iter().filter(move |(other, _)| *other > node);
            beyond.map(move |(other, weight)| (node, *other, *weight)).chain((*own > 0).then_some((node, node, *own)))
        })
    }

    /// The graph of groups: `group_of` says which of `groups` each node goes into.
    #[must_use]
    pub fn grouped(&self, groups: usize, group_of: &[u32]) -> Self {
        Self::new(groups, self.edges().map(|(a, b, weight)| (group_of[a as usize], group_of[b as usize], weight)))
    }

    /// The part of the graph between some nodes, which are renumbered in the order they are given in.
    #[must_use]
    pub fn part(&self, nodes: &[u32]) -> Self {
        let mut place = vec![u32::MAX; self.nodes()];
        for (at, node) in (0u32..).zip(nodes) {
            place[*node as usize] = at;
        }
        let inside = nodes.iter().flat_map(|node| {
            let beyond = self.neighbours(*node as usize).iter().filter(move |(other, _)| other > node);
            beyond.map(move |(other, weight)| (*node, *other, *weight)).chain([(*node, *node, self.inside(*node as usize))])
        });
        let known = inside.map(|(a, b, weight)| (place[a as usize], place[b as usize], weight)).filter(|(_, b, _)| *b != u32::MAX);
        Self::new(nodes.len(), known)
    }
}
