//! PHP without a framework: a script that a browser asks for is an address, and so is every action that it chooses by a parameter
//! of the request.

mod actions;
mod entries;
mod fields;
mod requests;

use super::{FrameworkRow, Model};
use crate::base::FileId;
use crate::config::Config;
use crate::names::php::PHP;
use crate::names::{FactBase, Names};
pub(super) use fields::{Brought, Page, pages};

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "plain_php", interpret };

/// What registers these routes.
const PLAIN: &str = "php";

fn interpret(base: &FactBase, names: &Names, _: &Config, out: &mut Model) {
    if has_front_controller(base) {
        return;
    }
    let scripts = entries::find(base, names);
    if scripts.is_empty() {
        return;
    }
    out.routes.extend(scripts.routes(base));
    actions::collect(base, names, &scripts, &mut out.routes);
}

/// Files that only applications of a framework have which takes every request in by one script: Laravel, Symfony, `CodeIgniter`.
const FRAMED: [&str; 7] =
    ["artisan", "symfony.lock", "bin/console", "app/console", "config/bundles.php", "app/AppKernel.php", "app/Config/Routes.php"];

/// True where one script takes every request in, so that scripts say nothing of addresses.
fn has_front_controller(base: &FactBase) -> bool {
    let named =
        |path: &str| FRAMED.iter().any(|known| path.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('/')));
    base.files.iter().any(|file| named(file.source.path.as_str())) || base.other_paths.iter().any(|path| named(path.as_str()))
}

/// The files of the application that are written in PHP.
fn files(base: &FactBase) -> impl Iterator<Item = FileId> + '_ {
    base.ids().filter(|file| !base.file(*file).left_out && base.file(*file).source.language == PHP)
}
