//! What is wrong with the monolith, each answer with its evidence.

mod before;
pub mod cycles;
pub mod externals;
pub mod finding;
pub mod gated;
pub mod gods;
pub mod ignores;
pub mod keys;
pub mod rules;
pub mod sessions;
mod sites;
pub mod tables;
pub mod units;
pub mod values;

use crate::project::Project;
use finding::Findings;

/// Runs every analysis.
#[must_use]
pub fn run(project: &Project) -> Findings {
    let values = values::values_of_columns(project);
    let keys = keys::keys(project, &values);
    Findings {
        families: tables::families(project, &keys),
        splits: tables::splits(project, &values),
        cycles: cycles::cycles(project),
        gods: gods::gods(project),
        tables: tables::tables(project),
        keys,
        units: units::units(project),
        externals: externals::systems(project),
    }
}
