//! Which atom each table belongs to, by the same score as in the list of tables.

use super::facts::Facts;
use crate::analyses::tables::strongest_claim;
use std::collections::BTreeMap;

/// From here on, in thousandths, a table goes where its owner goes.
pub const SURE: u32 = 600;
/// Below this, in thousandths, people have to say who owns a table.
pub const DOUBTFUL: u32 = 500;

/// Who has the strongest claim on a table.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Owner {
    /// The atom.
    pub atom: usize,
    /// How strong its claim is.
    pub score: f64,
    /// Its share of all claims, in thousandths.
    pub confidence: u32,
}

/// The owner of every table, where anybody has a claim.
#[must_use]
pub fn owners(facts: &Facts) -> Vec<Option<Owner>> {
    let mut readers = vec![BTreeMap::new(); facts.tables.len()];
    let mut writers = vec![BTreeMap::new(); facts.tables.len()];
    for access in &facts.accesses {
        if access.reads > 0 {
            readers[access.table].insert(access.atom, access.reads);
        }
        if access.writes > 0 {
            writers[access.table].insert(access.atom, access.writes);
        }
    }
    let claims = facts.tables.iter().zip(readers.iter().zip(&writers));
    claims
        .map(|(table, (readers, writers))| {
            let claim = strongest_claim(readers, writers, table.defined_by)?;
            Some(Owner { atom: claim.holder, score: claim.score, confidence: claim.share })
        })
        .collect()
}
