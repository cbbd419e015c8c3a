//! How much the methods of a class have to do with each other.

use crate::facts::Text;
use petgraph::unionfind::UnionFind;
use std::collections::BTreeMap;

/// Tight class cohesion (Bieman and Kang, 1995): pairs of methods that share an own attribute, of all pairs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cohesion {
    /// Pairs that share at least one attribute.
    pub sharing: u64,
    /// All pairs; at least 1.
    pub pairs: u64,
}

impl Cohesion {
    /// Of methods, each as the sorted own attributes it reads or writes; none below two methods.
    #[must_use]
    pub fn of(methods: &[Vec<Text>]) -> Option<Self> {
        let all = methods.len() as u64;
        // Methods with the same attributes are alike: what is compared pair by pair is only sorts of methods.
        let mut sorts: BTreeMap<&[Text], u64> = BTreeMap::new();
        for attributes in methods.iter().filter(|attributes| !attributes.is_empty()) {
            *sorts.entry(attributes).or_default() += 1;
        }
        let sorts: Vec<(&[Text], u64)> = sorts.into_iter().collect();
        let mut sharing = 0;
        for (place, (attributes, many)) in sorts.iter().enumerate() {
            sharing += many * (many - 1) / 2;
            let others = sorts[place + 1..].iter().filter(|(other, _)| share(attributes, other));
            sharing += many * others.map(|(_, many)| many).sum::<u64>();
        }
        (all >= 2).then(|| Self { sharing, pairs: all * (all - 1) / 2 })
    }

    /// The limit of PLAN.md A.4, in whole numbers.
    #[must_use]
    pub fn is_below_a_third(self) -> bool {
        3 * self.sharing < self.pairs
    }

    /// In ten-thousandths, rounded up, so that what is not below a third is not printed as if it were.
    #[must_use]
    pub fn ten_thousandths(self) -> u64 {
        (self.sharing * 10_000).div_ceil(self.pairs)
    }
}

/// True when two sorted lists have an element in common.
fn share(left: &[Text], right: &[Text]) -> bool {
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        match left[i].cmp(&right[j]) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    false
}

/// Methods that hang together: those that share an own attribute or call each other, directly or through others. Larger
/// parts come first, then the one whose first method comes first; each lists its methods in order.
#[must_use]
pub fn parts(methods: &[Vec<Text>], calls: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut joined = UnionFind::<usize>::new(methods.len());
    let mut first_user: BTreeMap<Text, usize> = BTreeMap::new();
    for (method, attributes) in methods.iter().enumerate() {
        for attribute in attributes {
            joined.union(*first_user.entry(*attribute).or_insert(method), method);
        }
    }
    for (from, to) in calls {
        joined.union(*from, *to);
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (method, label) in joined.into_labeling().into_iter().enumerate() {
        parts.entry(label).or_default().push(method);
    }
    let mut parts: Vec<Vec<usize>> = parts.into_values().collect();
    parts.sort_by_key(|part| (std::cmp::Reverse(part.len()), part[0]));
    parts
}

#[cfg(test)]
mod tests {
    use super::{Cohesion, parts};
    use crate::facts::Text;
    use proptest::prelude::*;

    fn any_methods() -> impl Strategy<Value = Vec<Vec<Text>>> {
        let attributes = proptest::collection::btree_set(0u32..6, 0..4);
        proptest::collection::vec(attributes.prop_map(|set| set.into_iter().map(Text).collect()), 0..12)
    }

    proptest! {
        #[test]
        fn cohesion_is_what_counting_every_pair_gives(methods in any_methods()) {
            let mut sharing = 0;
            let mut pairs = 0;
            for (at, left) in methods.iter().enumerate() {
                for right in &methods[at + 1..] {
                    pairs += 1;
                    sharing += u64::from(left.iter().any(|attribute| right.contains(attribute)));
                }
            }
            prop_assert_eq!(Cohesion::of(&methods), (pairs > 0).then_some(Cohesion { sharing, pairs }));
        }

        #[test]
        fn a_third_is_never_printed_as_less(sharing in 0u64..50, more in 0u64..50) {
            let cohesion = Cohesion { sharing, pairs: sharing + more + 1 };
            prop_assert_eq!(cohesion.is_below_a_third(), 3 * cohesion.ten_thousandths() < 10_000);
        }

        #[test]
        fn parts_hold_every_method_once_and_share_nothing(methods in any_methods(), calls in proptest::collection::vec((0usize..12, 0usize..12), 0..4)) {
            let calls: Vec<(usize, usize)> = calls.into_iter().filter(|(from, to)| *from < methods.len() && *to < methods.len()).collect();
            let parts = parts(&methods, &calls);
            let mut all: Vec<usize> = parts.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..methods.len()).collect::<Vec<_>>());
            let part_of = |method: usize| parts.iter().position(|part| part.contains(&method));
            for left in 0..methods.len() {
                for right in 0..methods.len() {
                    if methods[left].iter().any(|attribute| methods[right].contains(attribute)) || calls.contains(&(left, right)) {
                        prop_assert_eq!(part_of(left), part_of(right));
                    }
                }
            }
        }
    }
}
