//! Look-ups by name at run time: `import_module("a.b")`, `apps.get_model("shop", "Order")`, and an application's own
//! helpers over them.
//!
//! A helper is recognised by what it does with its arguments: a function whose parameters end up in the name that an
//! import by name receives is one, whatever it is called, through any number of such functions. What reaches the import
//! is kept as a [`pattern::Pattern`] of literal pieces and parameters, so a call `fetch("orders.forms", "Line")` of a
//! helper that imports `"shop." + label` is worked out, not guessed: it counts only if that file is there and has the
//! name.

mod helpers;
mod pattern;
mod uses;

use super::django::ModelIndex;
use super::{FrameworkRow, Model};
use crate::config::Config;
use crate::names::{FactBase, Names};

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "lookups", interpret };

fn interpret(base: &FactBase, names: &Names, _: &Config, out: &mut Model) {
    let models = ModelIndex::of(base, names);
    let settings = pattern::settings(base);
    let world = World { base, names, models: &models, settings: &settings };
    let helpers = helpers::find(&world);
    uses::report(&world, &helpers, out);
}

/// What every part of this folder asks.
struct World<'a> {
    base: &'a FactBase,
    names: &'a Names,
    models: &'a ModelIndex<'a>,
    settings: &'a pattern::Settings,
}
