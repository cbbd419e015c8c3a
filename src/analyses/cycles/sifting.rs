//! Makes a good order better by moving one node at a time to where the edges around it cost least.

use crate::graph::weighted::Edge;
use crate::graph::weighted::WeightedGraph;
use std::collections::VecDeque;

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
    /// What the edges that point back weigh.
    weight: i64,
    /// The neighbours that the node under consideration would pass, as (place, cost); places to the front are negative.
    around: Vec<(i64, i64)>,
    /// Nodes that may gain by a move because something around them moved.
    suspects: VecDeque<u32>,
    is_suspect: Vec<bool>,
    /// How many neighbours were looked at so far.
    looked: usize,
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
        Self {
            graph,
            pulls,
            starts,
            order: Vec::new(),
            place: vec![0; nodes],
            weight: 0,
            around: Vec::new(),
            suspects: VecDeque::new(),
            is_suspect: vec![false; nodes],
            looked: 0,
        }
    }

    /// The order as it stands.
    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }

    /// What the edges that point back weigh.
    pub(super) fn weight(&self) -> i64 {
        self.weight
    }

    /// What the sifting cost so far, in neighbours looked at: a clock that runs alike on every machine.
    pub(super) fn looked(&self) -> usize {
        self.looked
    }

    /// Starts from an order of all nodes, with every node under suspicion.
    pub(super) fn start(&mut self, order: &[u32]) {
        self.order = order.to_vec();
        self.renumber(0, order.len());
        self.weight = self.back_edges().map(|number| self.graph.edges()[number].weight).sum();
        for node in 0..self.graph.nodes() {
            self.suspect(node);
        }
    }

    /// Goes back to an order that was sifted before, whose weight is known.
    pub(super) fn restore(&mut self, order: &[u32], weight: i64) {
        self.order.copy_from_slice(order);
        self.renumber(0, order.len());
        self.weight = weight;
    }

    /// The numbers of the edges that point back, rising.
    pub(super) fn back_edges(&self) -> impl Iterator<Item = usize> {
        let points_back = |edge: &Edge| self.place[edge.from as usize] > self.place[edge.to as usize];
        self.graph.edges().iter().enumerate().filter(move |(_, edge)| points_back(edge)).map(|(number, _)| number)
    }

    /// Moves nodes until no move of a single one gains anything.
    pub(super) fn sift(&mut self) {
        while let Some(node) = self.suspects.pop_front() {
            self.is_suspect[node as usize] = false;
            if let Some((place, change)) = self.better_place(node) {
                self.shift(node, place, change);
            }
        }
    }

    /// Throws some nodes to other places.
    pub(super) fn shake(&mut self, random: &mut Random, moves: usize) {
        for _ in 0..moves {
            let node = random.below(self.order.len()) as u32;
            let place = random.below(self.order.len());
            let change = self.change(node, place);
            self.shift(node, place, change);
            self.suspect(node);
        }
    }

    fn suspect(&mut self, node: u32) {
        if !std::mem::replace(&mut self.is_suspect[node as usize], true) {
            self.suspects.push_back(node);
        }
    }

    /// What the cut would weigh more if a node stood at another place.
    fn change(&self, node: u32, place: usize) -> i64 {
        let (here, place) = (self.place[node as usize], place as u32);
        let passed = |other: u32| {
            let other = self.place[other as usize];
            if place < here { (place..here).contains(&other) } else { here < other && other <= place }
        };
        let own = &self.pulls[self.starts[node as usize]..self.starts[node as usize + 1]];
        let pull: i64 = own.iter().filter(|(other, _)| passed(*other)).map(|(_, pull)| pull).sum();
        if place < here { pull } else { -pull }
    }

    /// The nearest of the places where the edges of a node weigh least, and the change, if that is less than here.
    fn better_place(&mut self, node: u32) -> Option<(usize, i64)> {
        self.looked += self.starts[node as usize + 1] - self.starts[node as usize];
        let (mut best, mut target) = (0, None);
        for sign in [-1, 1] {
            let mut change = 0;
            self.passed(node, sign);
            for (place, pull) in &self.around {
                change += pull;
                if change < best {
                    (best, target) = (change, Some(place.unsigned_abs() as usize));
                }
            }
        }
        target.map(|place| (place, best))
    }

    /// The neighbours that a node passes on its way to the front (-1) or to the back (1) and what passing each costs,
    /// nearest first, up to the last one that gains something: in a good order most nodes have none on either side, and
    /// sorting is what sifting spends its time with.
    fn passed(&mut self, node: u32, sign: i64) {
        let here = i64::from(self.place[node as usize]) * sign;
        let own = &self.pulls[self.starts[node as usize]..self.starts[node as usize + 1]];
        let place = |other: u32| i64::from(self.place[other as usize]) * sign;
        let gains = own.iter().filter(|(_, pull)| pull * sign > 0).map(|(other, _)| place(*other));
        self.around.clear();
        let Some(last) = gains.filter(|place| *place > here).max() else { return };
        let ahead = own.iter().map(|(other, pull)| (place(*other), -pull * sign));
        self.around.extend(ahead.filter(|(place, _)| *place > here && *place <= last));
        self.around.sort_unstable();
    }

    /// Moves a node to a place in the order; those between move up by one. Only its neighbours can gain from that.
    fn shift(&mut self, node: u32, place: usize, change: i64) {
        self.weight += change;
        for at in self.starts[node as usize]..self.starts[node as usize + 1] {
            self.suspect(self.pulls[at].0);
        }
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
}

/// A fixed sequence of numbers that looks random, so that every run shakes alike (Marsaglia, "Xorshift RNGs", 2003).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Random;
    use super::Sifting;
    use crate::analyses::cycles::testing::any_graph;
    use crate::analyses::cycles::testing::back_edges;
    use crate::analyses::cycles::testing::weight_of;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn no_move_of_one_node_gains_and_the_weight_is_kept_right(graph in any_graph(9, 30)) {
            let mut sifting = Sifting::new(&graph);
            sifting.start(&(0..graph.nodes()).collect::<Vec<u32>>());
            sifting.sift();
            let mut random = Random::new();
            for _ in 0..3 {
                let weight = weight_of(&graph, &back_edges(&graph, sifting.order()));
                prop_assert_eq!(sifting.weight(), weight);
                for from in 0..sifting.order().len() {
                    for to in 0..sifting.order().len() {
                        let mut moved = sifting.order().to_vec();
                        let node = moved.remove(from);
                        moved.insert(to, node);
                        prop_assert!(weight <= weight_of(&graph, &back_edges(&graph, &moved)));
                    }
                }
                sifting.shake(&mut random, 3);
                sifting.sift();
            }
        }
    }
}
