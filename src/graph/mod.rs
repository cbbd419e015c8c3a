//! The dependency graph, and the same as plain numbers: nodes are counted in name order, so comparing numbers compares
//! names.

pub mod build;
pub mod views;
pub mod weighted;
