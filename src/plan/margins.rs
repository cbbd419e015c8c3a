//! How clearly each node belongs where it is, and what speaks for it (PLAN.md B.7).

use super::costs::{Labels, NONE};
use super::ties::Tie;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Nodes that belong less clearly than this, in thousandths, are decided by hand.
pub const CLEAR: i64 = 150;

/// How many ties are shown for each side.
const SHOWN: usize = 3;

/// How clearly a node belongs where it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Margin {
    /// The node.
    pub node: u32,
    /// Weight to its own group less weight to the next best, by all weight, in thousandths.
    pub margin: i64,
    /// The next best group, if it is tied to any other.
    pub second: Option<u32>,
    /// The heaviest ties to its own group.
    pub own_ties: Vec<Tie>,
    /// The heaviest ties to the next best.
    pub second_ties: Vec<Tie>,
}

/// The margin of every node that is in a group and tied to anything.
#[must_use]
pub fn margins(ties: &[Tie], labels: &Labels) -> Vec<Margin> {
    let mut of_node: Vec<Vec<u32>> = vec![Vec::new(); labels.len()];
    for (at, tie) in (0u32..).zip(ties) {
        of_node[tie.a as usize].push(at);
        of_node[tie.b as usize].push(at);
    }
    let nodes = (0u32..).zip(&of_node).filter(|(node, _)| labels[*node as usize] != NONE);
    nodes.filter_map(|(node, own)| margin(node, own, ties, labels)).collect()
}

fn margin(node: u32, own: &[u32], ties: &[Tie], labels: &Labels) -> Option<Margin> {
    let beyond = |tie: &Tie| labels[(if tie.a == node { tie.b } else { tie.a }) as usize];
    let mut towards: BTreeMap<u32, i64> = BTreeMap::new();
    for at in own {
        let tie = &ties[*at as usize];
        *towards.entry(beyond(tie)).or_default() += tie.weight;
    }
    towards.remove(&NONE);
    let total: i64 = towards.values().sum();
    if total == 0 {
        return None;
    }
    let home = labels[node as usize];
    let at_home = towards.remove(&home).unwrap_or(0);
    let second = towards.iter().max_by_key(|(label, weight)| (**weight, Reverse(**label))).map(|(label, weight)| (*label, *weight));
    let heaviest = |group: u32| {
        let mut chosen: Vec<Tie> = own.iter().map(|at| ties[*at as usize]).filter(|tie| beyond(tie) == group).collect();
        chosen.sort_by_key(|tie| (Reverse(tie.weight), *tie));
        chosen.truncate(SHOWN);
        chosen
    };
    Some(Margin {
        node,
        margin: (at_home - second.map_or(0, |(_, weight)| weight)) * 1000 / total,
        second: second.map(|(label, _)| label),
        own_ties: heaviest(home),
        second_ties: second.map_or_else(Vec::new, |(label, _)| heaviest(label)),
    })
}
