//! Django: what its strings mean. `"app.Model"` in relations and settings, dotted names of views, tasks and
//! applications, `include("x.urls")`.

pub(super) mod accesses;
mod lookups;
mod models;
pub(super) mod routes;
mod strings;
mod views;
pub(super) mod tables;

pub(super) use models::ModelIndex;

use super::{FrameworkRow, Model};
use crate::config::Config;
use crate::names::{FactBase, Names};

/// The row of this framework.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "django", interpret };

fn interpret(base: &FactBase, names: &Names, _: &Config, out: &mut Model) {
    if !names.apps.is_empty() {
        strings::relations(base, names, &ModelIndex::of(base, names), out);
    }
}
