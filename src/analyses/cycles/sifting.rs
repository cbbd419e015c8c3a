//! Makes a good order better by moving one node at a time to where the edges around it cost least.

use super::exact_order::ExactOrder;
use crate::graph::weighted::Edge;
use crate::graph::weighted::WeightedGraph;

/// How many neighbours in the order are sorted exactly at once, and how far apart such stretches start.
const WINDOW: usize = 10;
const WINDOW_STEP: usize = 5;

/// An order of the nodes of a graph that can be improved.
pub(super) struct Sifting<'a> {
    graph: &'a WeightedGraph,
    /// For each node its neighbours and by how much the weight from them exceeds the weight to them.
    pulls: Vec<(u32, i64)>,
    /// Where the neighbours of each node start in `pulls`; one entry more than there are nodes.
    starts: Vec<usize>,
    order: Vec<u32>,
    /// Where each node stands in the order.
    place: Vec<u32>,
    /// The neighbours of the node under consideration, as (place, pull).
    around: Vec<(u32, i64)>,
}

impl<'a> Sifting<'a> {
    pub(super) fn new(graph: &'a WeightedGraph) -> Self {
        let (mut pulls, mut starts) = (Vec::new(), vec![0]);
        for node in 0..graph.nodes() {
            let mut own: Vec<(u32, i64)> = graph.successors(node).iter().map(|edge| (edge.to, -edge.weight)).collect();
            own.extend(graph.predecessors(node).map(|edge| (edge.from, edge.weight)));
            own.sort_unstable();
            own.dedup_by(|later, first| {
                let same = later.0 == first.0;
                if same {
                    first.1 += later.1;
                }
                same
            });
            pulls.append(&mut own);
            starts.push(pulls.len());
        }
        let nodes = graph.nodes() as usize;
        Self { graph, pulls, starts, order: Vec::new(), place: vec![0; nodes], around: Vec::new() }
    }

    /// The order as it stands.
    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Starts from an order of all nodes.
    pub(super) fn start(&mut self, order: &[u32]) {
        self.order.clear();
        self.order.extend_from_slice(order);
        self.renumber(0, order.len());
    }

    /// What the edges that point back weigh.
    pub(super) fn weight(&self) -> i64 {
        self.back_edges().map(|number| self.graph.edges()[number].weight).sum()
    }

    /// The numbers of the edges that point back, rising.
    pub(super) fn back_edges(&self) -> impl Iterator<Item = usize> {
        let points_back = |edge: &Edge| self.place[edge.from as usize] > self.place[edge.to as usize];
        self.graph.edges().iter().enumerate().filter(move |(_, edge)| points_back(edge)).map(|(number, _)| number)
    }

    /// Moves nodes until no move of a single one gains anything.
    pub(super) fn sift(&mut self) {
        loop {
            let mut gained = false;
            for node in 0..self.graph.nodes() {
                if let Some(place) = self.better_place(node) {
                    self.shift(node, place);
                    gained = true;
                }
            }
            if !gained {
                return;
            }
        }
    }

    /// The nearest of the places where the edges of a node weigh least, if that is less than where it stands.
    fn better_place(&mut self, node: u32) -> Option<usize> {
        let here = self.place[node as usize];
        self.around.clear();
        let own = &self.pulls[self.starts[node as usize]..self.starts[node as usize + 1]];
        self.around.extend(own.iter().map(|(other, pull)| (self.place[*other as usize], *pull)));
        self.around.sort_unstable();
        let split = self.around.partition_point(|(place, _)| *place < here);
        let (mut best, mut target) = (0, None);
        let mut change = 0;
        for (place, pull) in self.around[..split].iter().rev() {
            change += pull;
            if change < best {
                (best, target) = (change, Some(*place as usize));
            }
        }
        change = 0;
        for (place, pull) in &self.around[split..] {
            change -= pull;
            if change < best {
                (best, target) = (change, Some(*place as usize));
            }
        }
        target
    }

    /// Moves a node to a place in the order; those between move up by one.
    fn shift(&mut self, node: u32, place: usize) {
        let here = self.place[node as usize] as usize;
        if place < here {
            self.order[place..=here].rotate_right(1);
            self.renumber(place, here + 1);
        } else {
            self.order[here..=place].rotate_left(1);
            self.renumber(here, place + 1);
        }
    }

    fn renumber(&mut self, start: usize, end: usize) {
        for (node, place) in self.order[start..end].iter().zip(start..) {
            self.place[*node as usize] = place as u32;
        }
    }

    /// Sorts short stretches of the order exactly; true when that gained something.
    pub(super) fn sort_stretches(&mut self, solver: &mut ExactOrder) -> bool {
        let mut gained = false;
        for start in (0..self.order.len()).step_by(WINDOW_STEP) {
            let end = self.order.len().min(start + WINDOW);
            let mut edges = Vec::new();
            for &node in &self.order[start..end] {
                for edge in self.graph.successors(node) {
                    let to = self.place[edge.to as usize] as usize;
                    if (start..end).contains(&to) {
                        edges.push(Edge { from: self.place[node as usize] - start as u32, to: (to - start) as u32, weight: edge.weight });
                    }
                }
            }
            let back = |edges: &[Edge], place: &dyn Fn(u32) -> u32| -> i64 {
                edges.iter().filter(|edge| place(edge.from) > place(edge.to)).map(|edge| edge.weight).sum()
            };
            let before = back(&edges, &|node| node);
            if before == 0 {
                continue;
            }
            let part = WeightedGraph::new((end - start) as u32, edges);
            let order = solver.order(&part);
            let mut place = vec![0; order.len()];
            for (node, at) in order.iter().zip(0..) {
                place[*node as usize] = at;
            }
            if back(part.edges(), &|node| place[node as usize]) < before {
                let moved: Vec<u32> = order.iter().map(|node| self.order[start + *node as usize]).collect();
                self.order[start..end].copy_from_slice(&moved);
                self.renumber(start, end);
                gained = true;
            }
        }
        gained
    }

    /// Throws a few nodes to other places.
    pub(super) fn shake(&mut self, random: &mut u64, moves: usize) {
        for _ in 0..moves {
            let node = draw(random, self.order.len()) as u32;
            let place = draw(random, self.order.len());
            self.shift(node, place);
        }
    }
}

/// The next number below `limit` of a fixed sequence (Marsaglia's xorshift, 2003).
fn draw(random: &mut u64, limit: usize) -> usize {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    (*random % limit as u64) as usize
}
