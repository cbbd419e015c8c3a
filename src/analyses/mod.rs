//! What is wrong with the monolith, each answer with its evidence.

pub mod cycles;
pub mod finding;
