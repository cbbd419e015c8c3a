//! PHP without a framework: a script that a browser asks for is an address, and so is every action that it chooses by a parameter
//! of the request.

mod actions;
mod entries;
mod requests;

use super::{FrameworkRow, Model, laravel, symfony};
use crate::base::FileId;
use crate::config::Config;
use crate::names::php::PHP;
use crate::names::{FactBase, Names};

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "plain_php", interpret };

/// What registers these routes.
const PLAIN: &str = "php";

fn interpret(base: &FactBase, names: &Names, _: &Config, out: &mut Model) {
    // Where a framework takes every request in, its one script says nothing.
    if laravel::is_used(base) || symfony::is_used(base) {
        return;
    }
    let scripts = entries::find(base, names);
    if scripts.is_empty() {
        return;
    }
    out.routes.extend(scripts.routes(base));
    actions::collect(base, names, &scripts, &mut out.routes);
}

/// The files of the application that are written in PHP.
fn files(base: &FactBase) -> impl Iterator<Item = FileId> + '_ {
    base.ids().filter(|file| !base.file(*file).left_out && base.file(*file).source.language == PHP)
}
