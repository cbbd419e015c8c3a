//! What is wrong with the monolith, each answer with its evidence.

mod before;
pub mod cycles;
pub mod finding;
pub mod gated;
pub mod gods;
pub mod ignores;
pub mod keys;
pub mod rules;
mod sites;
pub mod tables;
pub mod units;

use crate::project::Project;
use finding::Findings;

/// Runs every analysis.
#[must_use]
pub fn run(project: &Project) -> Findings {
    Findings {
        cycles: cycles::cycles(project),
        gods: gods::gods(project),
        tables: tables::tables(project),
        keys: keys::keys(project),
        units: units::units(project),
    }
}
