//! What binds two nodes, each tie with the fact it rests on (PLAN.md B.3).
//!
//! Weights are worked out with libm and kept as whole thousandths, so that sums do not depend on machine or order.

use super::aside::Aside;
use super::facts::{Facts, Unit};
use super::names;
use super::owners::Owner;
use super::settings::Binding;
use libm::{log, log1p, sqrt};
use std::collections::{BTreeMap, BTreeSet};

/// A unit of more tables than this binds only what it writes; what it reads is tied to the table it writes that is
/// written most.
const LARGE_UNIT: usize = 30;

/// A beginning of addresses that more atoms answer binds nobody: a quarter of all, and never more than this many.
const MOST_ANSWERING: usize = 60;

/// The fact behind a tie, as an index into its list in [`Facts`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Basis {
    /// An atom depends on another.
    Dependency(u32),
    /// An atom writes a table; the access.
    Write(u32),
    /// An atom reads a table; the access.
    Read(u32),
    /// An atom owns a table; the table.
    Owner(u32),
    /// Two tables are used together.
    Unit(u32),
    /// A foreign key.
    Key(u32),
    /// A join without a foreign key.
    Join(u32),
    /// Names share a word.
    Name,
    /// They change together.
    CoChange(u32),
    /// They answer addresses that begin alike.
    Prefix,
    /// One depends on the other, and the same people answer for both; the dependency.
    SameOwner(u32),
}

/// One reason why two nodes belong together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Tie {
    /// The smaller node.
    pub a: u32,
    /// The larger one.
    pub b: u32,
    /// What it weighs, in thousandths.
    pub weight: i64,
    /// What it rests on.
    pub basis: Basis,
}

/// How much less something counts that everybody uses: 1 for one user, towards 0 for all of `all`.
fn hub(users: usize, all: usize) -> f64 {
    if users == 0 || all == 0 { 1.0 } else { log1p(all as f64 / users as f64) / log1p(all as f64) }
}

/// Hub factors of tables over the atoms that use them; where it is not known which atoms do, over units.
fn table_hubs(facts: &Facts) -> Vec<f64> {
    if !facts.accesses.is_empty() {
        return facts.accessors().iter().map(|users| hub(users.len(), facts.atoms.len())).collect();
    }
    let mut users = vec![0; facts.tables.len()];
    for table in facts.units.iter().flat_map(|unit| unit.writes.iter().chain(&unit.reads)) {
        users[*table] += 1;
    }
    users.into_iter().map(|users| hub(users, facts.units.len())).collect()
}

/// Every tie between nodes that are not set aside, sorted.
#[must_use]
pub fn ties(facts: &Facts, aside: &[Option<Aside>], owners: &[Option<Owner>], binding: &Binding) -> Vec<Tie> {
    let all = facts.atoms.len();
    let mut making = Making {
        facts,
        aside,
        binding,
        atoms: facts.dependents().iter().map(|users| hub(users.len(), all)).collect(),
        tables: table_hubs(facts),
        ties: Vec::new(),
    };
    making.dependencies();
    making.accesses();
    making.owners(owners);
    making.units();
    making.keys_and_joins();
    making.names();
    making.people();
    making.prefixes();
    making.ties.sort_unstable();
    making.ties
}

struct Making<'a> {
    facts: &'a Facts,
    aside: &'a [Option<Aside>],
    binding: &'a Binding,
    /// Hub factor of every atom.
    atoms: Vec<f64>,
    /// Hub factor of every table.
    tables: Vec<f64>,
    ties: Vec<Tie>,
}

impl Making<'_> {
    fn add(&mut self, a: usize, b: usize, weight: f64, basis: Basis) {
        let kept = |node: usize| self.aside.get(node).is_none_or(Option::is_none);
        #[allow(clippy::cast_possible_truncation, reason = "a weight of a few hundred at most, in thousandths")]
        let weight = libm::round(weight * 1000.0) as i64;
        if a != b && weight > 0 && kept(a) && kept(b) {
            self.ties.push(Tie { a: a.min(b) as u32, b: a.max(b) as u32, weight, basis });
        }
    }

    fn add_tables(&mut self, a: usize, b: usize, weight: f64, basis: Basis) {
        self.add(self.facts.table_node(a), self.facts.table_node(b), weight, basis);
    }

    fn dependencies(&mut self) {
        for (at, row) in (0u32..).zip(&self.facts.dependencies) {
            let weight = log1p(row.weight as f64 / 1000.0) * self.atoms[row.to];
            self.add(row.from, row.to, weight, Basis::Dependency(at));
        }
    }

    /// Addresses that begin alike are for the same sort of user, or about the same thing, and applications have been cut
    /// along them. A beginning of a single atom says nothing, and one of very many says that the application is mounted there.
    fn prefixes(&mut self) {
        let mut answering: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (at, atom) in self.facts.atoms.iter().enumerate() {
            for prefix in atom.route_prefixes.iter().filter(|prefix| *prefix != "/") {
                answering.entry(prefix).or_default().insert(at);
            }
        }
        let most = (self.facts.atoms.len() / 4).clamp(2, MOST_ANSWERING);
        for atoms in answering.into_values().filter(|atoms| (2..=most).contains(&atoms.len())) {
            let weight = self.binding.prefix * 2.0 / atoms.len() as f64;
            let atoms: Vec<usize> = atoms.into_iter().collect();
            for (at, a) in atoms.iter().enumerate() {
                atoms[at + 1..].iter().for_each(|b| self.add(*a, *b, weight, Basis::Prefix));
            }
        }
    }

    /// What is changed together, and what the same people answer for.
    fn people(&mut self) {
        for (at, row) in (0u32..).zip(&self.facts.co_changes) {
            self.add(row.a, row.b, self.binding.co_change * f64::from(row.degree) / 100.0, Basis::CoChange(at));
        }
        for (at, row) in (0u32..).zip(&self.facts.dependencies) {
            let [one, other] = [row.from, row.to].map(|atom| &self.facts.atoms[atom].code_owners);
            if !one.is_empty() && one == other {
                self.add(row.from, row.to, self.binding.same_owner, Basis::SameOwner(at));
            }
        }
    }

    fn accesses(&mut self) {
        for (at, row) in (0u32..).zip(&self.facts.accesses) {
            let (node, hub) = (self.facts.table_node(row.table), self.tables[row.table]);
            if row.writes > 0 {
                let weight = self.binding.write * (1.0 + 0.25 * log(f64::from(row.writes))) * hub;
                self.add(row.atom, node, weight, Basis::Write(at));
            }
            if row.reads > 0 {
                self.add(row.atom, node, self.binding.read * hub, Basis::Read(at));
            }
        }
    }

    fn owners(&mut self, owners: &[Option<Owner>]) {
        for (table, owner) in owners.iter().enumerate() {
            if let Some(owner) = owner {
                self.add(owner.atom, self.facts.table_node(table), self.binding.owner, Basis::Owner(table as u32));
            }
        }
    }

    fn units(&mut self) {
        let mut writes = vec![0u32; self.facts.tables.len()];
        for access in &self.facts.accesses {
            writes[access.table] += access.writes;
        }
        for (at, unit) in (0u32..).zip(&self.facts.units) {
            self.unit(unit, Basis::Unit(at), &writes);
        }
    }

    fn unit(&mut self, unit: &Unit, basis: Basis, writes: &[u32]) {
        let size = unit.writes.len() + unit.reads.len();
        if size < 2 {
            return;
        }
        let share = if unit.explicit { 1.0 } else { self.binding.implicit } / (size - 1) as f64;
        let weight = |making: &Self, base: f64, a: usize, b: usize| base * share * sqrt(making.tables[a] * making.tables[b]);
        for (at, a) in unit.writes.iter().enumerate() {
            for b in &unit.writes[at + 1..] {
                self.add_tables(*a, *b, weight(self, self.binding.write_write, *a, *b), basis);
            }
        }
        if size > LARGE_UNIT {
            let most = unit.writes.iter().copied().max_by_key(|table| (writes[*table], std::cmp::Reverse(*table)));
            for (read, most) in unit.reads.iter().filter_map(|read| Some((*read, most?))) {
                self.add_tables(read, most, weight(self, self.binding.write_read, read, most), basis);
            }
            return;
        }
        for (at, a) in unit.reads.iter().enumerate() {
            for b in &unit.writes {
                self.add_tables(*a, *b, weight(self, self.binding.write_read, *a, *b), basis);
            }
            for b in &unit.reads[at + 1..] {
                self.add_tables(*a, *b, weight(self, self.binding.read_read, *a, *b), basis);
            }
        }
    }

    fn keys_and_joins(&mut self) {
        let mut keyed: BTreeMap<(usize, usize), ()> = BTreeMap::new();
        for (at, key) in (0u32..).zip(&self.facts.keys) {
            keyed.insert((key.from.min(key.to), key.from.max(key.to)), ());
            let weight = self.binding.key * f64::from(key.certainty) / 100.0 * self.tables[key.to];
            self.add_tables(key.from, key.to, weight, Basis::Key(at));
        }
        for (at, join) in (0u32..).zip(&self.facts.joins).filter(|(_, join)| join.tables.len() <= LARGE_UNIT) {
            for (place, a) in join.tables.iter().enumerate() {
                for b in join.tables[place + 1..].iter().filter(|b| !keyed.contains_key(&(*a, **b))) {
                    let weight = self.binding.join * log1p(f64::from(join.count)) * sqrt(self.tables[*a] * self.tables[*b]);
                    self.add_tables(*a, *b, weight, Basis::Join(at));
                }
            }
        }
    }

    /// Names add to what is known of tables otherwise; where nothing is known of any two tables they say nothing.
    fn names(&mut self) {
        if self.binding.names == 0.0 {
            return;
        }
        let first = self.facts.atoms.len() as u32;
        let mut between: BTreeMap<(u32, u32), i64> = BTreeMap::new();
        for tie in self.ties.iter().filter(|tie| tie.a >= first) {
            *between.entry((tie.a, tie.b)).or_default() += tie.weight;
        }
        if between.is_empty() {
            return;
        }
        let mean = between.values().sum::<i64>() as f64 / between.len() as f64 / 1000.0;
        let tables: Vec<&str> = self.facts.tables.iter().map(|table| table.name.as_str()).collect();
        for group in names::groups(&tables) {
            let weight = self.binding.names * mean * 2.0 / group.len() as f64;
            for (at, a) in group.iter().enumerate() {
                for b in &group[at + 1..] {
                    self.add_tables(*a, *b, weight, Basis::Name);
                }
            }
        }
    }
}
