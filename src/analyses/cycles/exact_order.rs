//! The cheapest cut of a small graph, proven: a search over all sets of nodes that can come first in an order.
//!
//! Write the nodes in any order and the edges that point back are a cut; the cheapest cut is that of the cheapest
//! order. The cost of a set of nodes that comes first is the least, over its last node `v`, of the cost without `v`
//! plus the edges from `v` back into the set. Sets are bit patterns, so 2^n of them times n last nodes.
//!
//! **Ties.** A cost packs the weight above the number of edges, so of two cuts of one weight the one with fewer edges
//! wins. Among the cuts that are best by both, the one whose sorted edge list comes first is wanted. All have equally
//! many edges, so that is the one which owns the smallest edge in which any two of them differ: take the edges that
//! leave node 0, choose the best set of them that any best cut has, keep only the best orders with exactly that set,
//! and go on with node 1. The best orders are the paths from the empty to the full set along last nodes that reach the
//! least cost, and choosing the cut edges of `v` to be those into `R` means: no set without `v` holds one of its
//! other targets, and no set with `v` lacks one of `R`. That is a question about each set alone, so the choice is kept
//! by striking out sets, and no edge lists have to be stored. Every choice among different possibilities strikes out
//! paths, so the work shrinks as it goes.

use crate::graph::weighted::HEAVIEST;
use crate::graph::weighted::WeightedGraph;

/// The most nodes an exact answer is worked out for.
pub(super) const MOST_NODES: usize = 20;
/// A cost is weight times this plus the number of edges, which for 20 nodes stays below it.
const ONE_WEIGHT: i64 = 512;
/// Sets are worked through in runs that share all but this many nodes.
const LOW_NODES: usize = 10;

const _: () = assert!((MOST_NODES * MOST_NODES) < ONE_WEIGHT as usize);
const _: () = assert!(HEAVIEST <= i64::MAX / ONE_WEIGHT / (MOST_NODES * MOST_NODES) as i64);

/// What each node pays for every single node that comes before it.
type Row = [i64; MOST_NODES];

/// Whether a set of nodes lies on a best order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// On none.
    Struck,
    /// On a best order as far as the search has looked.
    Alive,
    /// A set further on was reached through it.
    Wanted,
}

/// The search, with memory that is used again for the next graph: 17 MB for the 2^20 sets of 20 nodes.
#[derive(Default)]
pub(super) struct ExactOrder {
    /// The least cost of each set.
    cost: Vec<i64>,
    /// For each set, the nodes that can come last at that cost.
    last: Vec<u32>,
    state: Vec<State>,
    /// The sets that are not struck out, rising.
    alive: Vec<u32>,
}

impl ExactOrder {
    /// The best cut of a graph of at most [`MOST_NODES`] nodes, sorted.
    pub(super) fn cut(&mut self, graph: &WeightedGraph) -> Vec<(u32, u32)> {
        let targets = self.price(graph);
        let sets = self.cost.len();
        self.state.clear();
        self.state.resize(sets, State::Alive);
        self.alive.clear();
        self.alive.extend(0..sets as u32);
        self.strike_dead_ends();
        let mut cut = Vec::new();
        for (node, targets) in targets.iter().enumerate() {
            let chosen = self.choose(node, *targets);
            cut.extend((0..graph.nodes()).filter(|to| chosen & (1 << to) != 0).map(|to| (node as u32, to)));
        }
        cut
    }

    /// Fills in cost and last nodes of every set, and returns the targets of each node as a set.
    fn price(&mut self, graph: &WeightedGraph) -> Vec<u32> {
        let nodes = graph.nodes() as usize;
        debug_assert!(nodes <= MOST_NODES, "too many nodes for an exact search");
        let mut targets = vec![0_u32; nodes];
        let mut before = [[0; MOST_NODES]; MOST_NODES];
        for edge in graph.edges() {
            targets[edge.from as usize] |= 1 << edge.to;
            before[edge.to as usize][edge.from as usize] = edge.weight * ONE_WEIGHT + 1;
        }
        let low_nodes = nodes.min(LOW_NODES);
        let low = sums(&before[..low_nodes]);
        let high = sums(&before[low_nodes..nodes]);
        self.cost.clear();
        self.cost.resize(1 << nodes, 0);
        self.last.clear();
        self.last.resize(1 << nodes, 0);
        for (high_set, high_row) in high.iter().enumerate() {
            for (low_set, low_row) in low.iter().enumerate() {
                let set = high_set << low_nodes | low_set;
                if set != 0 {
                    self.price_set(set, low_row, high_row);
                }
            }
        }
        targets
    }

    fn price_set(&mut self, set: usize, low: &Row, high: &Row) {
        let (mut best, mut last, mut rest) = (i64::MAX, 0, set);
        while rest != 0 {
            let node = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let cost = self.cost[set ^ (1 << node)] + low[node] + high[node];
            if cost < best {
                (best, last) = (cost, 0);
            }
            last |= u32::from(cost == best) << node;
        }
        self.cost[set] = best;
        self.last[set] = last;
    }

    /// Settles which edges of a node are cut, and strikes out every order that would cut others.
    fn choose(&mut self, node: usize, targets: u32) -> u32 {
        let bit = 1 << node;
        // The smallest target decides first, hence the reversed bits.
        let rank = |set: u32| (set & targets).reverse_bits();
        let mut ranks = self.alive.iter().filter(|set| self.last[**set as usize] & bit != 0).map(|set| rank(*set));
        let first = ranks.next().unwrap_or(0);
        let (best, only) = ranks.fold((first, true), |(best, only), rank| (best.max(rank), only && rank == first));
        let chosen = best.reverse_bits();
        if !only {
            self.strike(|set| if set & bit == 0 { set & targets & !chosen == 0 } else { set & chosen == chosen });
            self.strike_dead_ends();
        }
        chosen
    }

    /// Strikes out the sets that may not be passed any more, and those that only such sets lead to.
    fn strike(&mut self, may_pass: impl Fn(u32) -> bool) {
        for &set in &self.alive {
            let (mut ways, mut rest) = (0, self.last[set as usize]);
            while rest != 0 {
                let node = rest & rest.wrapping_neg();
                rest ^= node;
                if self.state[(set ^ node) as usize] == State::Alive {
                    ways |= node;
                }
            }
            self.last[set as usize] = ways;
            if !may_pass(set) || (ways == 0 && set != 0) {
                self.state[set as usize] = State::Struck;
            }
        }
    }

    /// Strikes out the sets that do not lead to the full one.
    fn strike_dead_ends(&mut self) {
        if let Some(full) = self.state.last_mut() {
            *full = State::Wanted;
        }
        for &set in self.alive.iter().rev() {
            if self.state[set as usize] != State::Wanted {
                self.state[set as usize] = State::Struck;
                continue;
            }
            self.state[set as usize] = State::Alive;
            let mut rest = self.last[set as usize];
            while rest != 0 {
                let node = rest & rest.wrapping_neg();
                rest ^= node;
                self.state[(set ^ node) as usize] = State::Wanted;
            }
        }
        let state = &self.state;
        self.alive.retain(|set| state[*set as usize] == State::Alive);
    }
}

/// For every set of the nodes that the rows belong to, the sum of their rows.
fn sums(rows: &[Row]) -> Vec<Row> {
    let mut sums = vec![[0; MOST_NODES]; 1 << rows.len()];
    for set in 1..sums.len() {
        let first = set.trailing_zeros() as usize;
        let rest = sums[set & (set - 1)];
        for (sum, (rest, more)) in sums[set].iter_mut().zip(rest.iter().zip(&rows[first])) {
            *sum = rest + more;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::ExactOrder;
    use crate::analyses::cycles::testing::back_edges;
    use crate::analyses::cycles::testing::graph_of;
    use crate::analyses::cycles::testing::graph_with;
    use crate::analyses::cycles::testing::heaviest;
    use crate::analyses::cycles::testing::weight_of;
    use crate::graph::weighted::WeightedGraph;
    use proptest::prelude::*;

    fn every_order(order: &mut Vec<u32>, fixed: usize, visit: &mut impl FnMut(&[u32])) {
        if fixed == order.len() {
            visit(order);
        }
        for place in fixed..order.len() {
            order.swap(fixed, place);
            every_order(order, fixed + 1, visit);
            order.swap(fixed, place);
        }
    }

    /// The best by weight, then number of edges, then edge list, of the back edges of all orders.
    fn by_trying_all(graph: &WeightedGraph) -> Vec<(u32, u32)> {
        let mut best = None;
        every_order(&mut (0..graph.nodes()).collect(), 0, &mut |order| {
            let cut = back_edges(graph, order);
            let key = (weight_of(graph, &cut), cut.len(), cut);
            if best.as_ref().is_none_or(|best| key < *best) {
                best = Some(key);
            }
        });
        best.unwrap().2
    }

    #[test]
    fn when_every_order_is_as_good_the_first_edges_go() {
        let rows: Vec<(u32, u32, i64)> = (0..20).flat_map(|from| (0..20).map(move |to| (from, to, 7))).collect();
        let cut = ExactOrder::default().cut(&graph_of(20, &rows));
        let first: Vec<(u32, u32)> = (0..20).flat_map(|from| (from + 1..20).map(move |to| (from, to))).collect();
        assert_eq!(cut, first);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn equal_to_trying_all_orders(
            graph in (2..=6_u32, heaviest()).prop_flat_map(|(nodes, heaviest)| graph_with(nodes, 0..=24, heaviest))
        ) {
            prop_assert_eq!(ExactOrder::default().cut(&graph), by_trying_all(&graph));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn equal_to_trying_all_orders_of_seven(graph in (heaviest()).prop_flat_map(|heaviest| graph_with(7, 7..=42, heaviest))) {
            prop_assert_eq!(ExactOrder::default().cut(&graph), by_trying_all(&graph));
        }

        #[test]
        fn memory_used_before_changes_nothing(
            first in graph_with(9, 0..=50, 3),
            second in graph_with(8, 0..=40, 3),
        ) {
            let mut used = ExactOrder::default();
            used.cut(&first);
            prop_assert_eq!(used.cut(&second), ExactOrder::default().cut(&second));
        }
    }
}
