//! Everything that is tested from outside, in one binary: linking the grammar once is what makes rebuilding quick.
#![allow(clippy::disallowed_methods, reason = "tests read sources and documents of the project itself")]

mod support;

mod cli;
mod contracts;
mod database;
mod determinism;
mod dumps;
mod gate;
mod gods;
#[cfg(feature = "outside-programs")]
mod graphviz;
mod layering;
#[cfg(feature = "outside-programs")]
mod openapi;
#[cfg(feature = "outside-programs")]
mod page;
mod plan;
mod projects;
mod registry;
mod robustness;
#[cfg(feature = "outside-programs")]
mod servers;
mod specs;
mod sql;
