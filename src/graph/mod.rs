//! Graphs as plain numbers: nodes are counted in name order, so comparing numbers compares names.

pub mod weighted;
