//! Louvain's method with nothing left to chance (PLAN.md B.4).
//!
//! Blondel, Guillaume, Lambiotte, Lefebvre, "Fast unfolding of communities in large networks" (2008), with the resolution
//! of Reichardt and Bornholdt. Nodes are taken by falling degree, ties by number; a node moves only where that gains
//! something, to the smallest label of the best. Gains are compared as whole numbers, so every machine decides alike.

use super::network::Network;

/// Passes over the nodes of one level after which it is left as it is.
const MOST_PASSES: usize = 50;

/// Groups of nodes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Groups {
    /// The group of every node; groups are numbered by their smallest member.
    pub of: Vec<u32>,
    /// How many there are.
    pub count: usize,
    /// A level was left before it had settled.
    pub cut_short: bool,
}

impl Groups {
    /// Numbers groups by their smallest member, whatever labels they came with.
    #[must_use]
    pub fn numbered(labels: &[u32]) -> Self {
        let most = labels.iter().max().map_or(0, |most| *most as usize + 1);
        let mut number = vec![u32::MAX; most];
        let mut count = 0;
        let of = labels
            .iter()
            .map(|label| {
                let slot = &mut number[*label as usize];
                if *slot == u32::MAX {
                    *slot = count;
                    count += 1;
                }
                *slot
            })
            .collect();
        Self { of, count: count as usize, cut_short: false }
    }

    /// The members of every group, rising.
    #[must_use]
    pub fn members(&self) -> Vec<Vec<u32>> {
        let mut members = vec![Vec::new(); self.count];
        for (node, group) in (0u32..).zip(&self.of) {
            members[*group as usize].push(node);
        }
        members
    }
}

/// Groups the nodes of a graph. `resolution` is in thousandths: above 1000 groups get smaller. No two nodes of a pair in
/// `apart` share a group.
#[must_use]
pub fn cluster(network: &Network, resolution: i64, apart: &[(u32, u32)]) -> Groups {
    let mut groups = Groups { of: (0..network.nodes() as u32).collect(), count: network.nodes(), cut_short: false };
    let mut level = network.clone();
    let mut foes = apart.to_vec();
    loop {
        let (moved, settled) = Level::new(&level, resolution, &foes).settle();
        groups.cut_short |= !settled;
        if moved.count == level.nodes() {
            return groups;
        }
        for group in &mut groups.of {
            *group = moved.of[*group as usize];
        }
        groups.count = moved.count;
        level = level.grouped(moved.count, &moved.of);
        foes = foes.iter().map(|(a, b)| (moved.of[*a as usize], moved.of[*b as usize])).collect();
    }
}

/// One level: every node starts alone and moves until nothing is gained any more.
struct Level<'a> {
    network: &'a Network,
    resolution: i128,
    /// Twice the weight of all edges.
    total: i128,
    degree: Vec<i64>,
    label: Vec<u32>,
    /// All degrees of the nodes of a label.
    volume: Vec<i64>,
    foes: Vec<Vec<u32>>,
    /// Weight from the node at hand to each label, valid for those in `touched`.
    towards: Vec<i64>,
    touched: Vec<u32>,
}

impl<'a> Level<'a> {
    fn new(network: &'a Network, resolution: i64, apart: &[(u32, u32)]) -> Self {
        let degree: Vec<i64> = (0..network.nodes()).map(|node| network.degree(node)).collect();
        let mut foes = vec![Vec::new(); network.nodes()];
        for (a, b) in apart {
            foes[*a as usize].push(*b);
            foes[*b as usize].push(*a);
        }
        Self {
            network,
            resolution: i128::from(resolution),
            total: degree.iter().map(|degree| i128::from(*degree)).sum(),
            label: (0..network.nodes() as u32).collect(),
            volume: degree.clone(),
            degree,
            foes,
            towards: vec![0; network.nodes()],
            touched: Vec::new(),
        }
    }

    fn settle(mut self) -> (Groups, bool) {
        let mut order: Vec<u32> = (0..self.network.nodes() as u32).collect();
        order.sort_by_key(|node| (std::cmp::Reverse(self.degree[*node as usize]), *node));
        let mut settled = false;
        for _ in 0..MOST_PASSES {
            let moves = order.iter().filter(|node| self.place(**node)).count();
            settled = moves == 0;
            if settled {
                break;
            }
        }
        (Groups::numbered(&self.label), settled)
    }

    /// Moves a node to where it gains most; false when it stays.
    fn place(&mut self, node: u32) -> bool {
        let own = self.label[node as usize];
        let degree = self.degree[node as usize];
        self.volume[own as usize] -= degree;
        self.look_around(node);
        let mut best = (self.worth(own, degree), own);
        for at in 0..self.touched.len() {
            let label = self.touched[at];
            let worth = self.worth(label, degree);
            let gains = worth > best.0 || (worth == best.0 && best.1 != own && label < best.1);
            if label != own && gains && !self.is_refused(node, label) {
                best = (worth, label);
            }
        }
        for label in self.touched.drain(..) {
            self.towards[label as usize] = 0;
        }
        self.volume[best.1 as usize] += degree;
        self.label[node as usize] = best.1;
        best.1 != own
    }

    fn look_around(&mut self, node: u32) {
        for (other, weight) in self.network.neighbours(node as usize) {
            let label = self.label[*other as usize];
            let slot = &mut self.towards[label as usize];
            if *slot == 0 {
                self.touched.push(label);
            }
            *slot += weight;
        }
    }

    /// What a node of this degree is worth to a label, up to a constant: 2m times its weight there, less what chance would
    /// give it, in thousandths.
    fn worth(&self, label: u32, degree: i64) -> i128 {
        let chance = i128::from(self.volume[label as usize]) * i128::from(degree) * self.resolution;
        1000 * self.total * i128::from(self.towards[label as usize]) - chance
    }

    fn is_refused(&self, node: u32, label: u32) -> bool {
        self.foes[node as usize].iter().any(|foe| self.label[*foe as usize] == label)
    }
}

#[cfg(test)]
mod tests {
    use super::{Groups, cluster};
    use crate::plan::network::Network;
    use proptest::prelude::*;

    /// Two triangles with one edge between them.
    fn triangles() -> Network {
        let edges = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)];
        Network::new(6, edges.map(|(a, b)| (a, b, 1000)))
    }

    #[test]
    fn two_triangles_are_two_groups() {
        assert_eq!(cluster(&triangles(), 1000, &[]).of, [0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn resolution_decides_how_many_there_are() {
        assert_eq!(cluster(&triangles(), 100, &[]).count, 1);
        assert_eq!(cluster(&triangles(), 5000, &[]).count, 6);
    }

    #[test]
    fn what_is_kept_apart_never_meets() {
        let groups = cluster(&triangles(), 1000, &[(0, 1)]).of;
        assert_ne!(groups[0], groups[1]);
    }

    #[test]
    fn an_empty_graph_has_no_groups() {
        assert_eq!(cluster(&Network::new(0, []), 1000, &[]), Groups::default());
        assert_eq!(cluster(&Network::new(2, []), 1000, &[]).of, [0, 1]);
    }

    proptest! {
        #[test]
        fn the_order_of_edges_changes_nothing(
            (edges, shuffled) in prop::collection::vec((0u32..20, 0u32..20, 1i64..5000), 0..80)
                .prop_flat_map(|edges| (Just(edges.clone()), Just(edges).prop_shuffle())),
            apart in prop::collection::vec((0u32..20, 0u32..20), 0..4),
        ) {
            let apart: Vec<(u32, u32)> = apart.into_iter().filter(|(a, b)| a != b).collect();
            let groups = cluster(&Network::new(20, edges), 1000, &apart);
            prop_assert_eq!(&groups, &cluster(&Network::new(20, shuffled), 1000, &apart));
            for (a, b) in apart {
                prop_assert_ne!(groups.of[a as usize], groups.of[b as usize]);
            }
        }
    }
}
