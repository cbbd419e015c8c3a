//! The key `modules`: every module with its size and how it hangs on the others.

use super::Each;
use crate::project::Project;
use crate::reports::figures::ModuleFigures;
use serde::Serialize;

/// `files` and `lines` count the application's own code without migrations, so a module of tests alone has 0.
#[derive(Serialize)]
struct ModuleRow<'a> {
    name: &'a str,
    basis: &'static str,
    rule: &'a str,
    paths: &'a [String],
    files: u64,
    lines: u64,
    afferent: u64,
    efferent: u64,
    instability: f64,
}

/// The rows, by name.
pub(super) fn rows(project: &Project, figures: &[ModuleFigures]) -> impl Serialize {
    Each(move || {
        project.names.modules.iter().zip(figures).map(|(module, figures)| ModuleRow {
            name: &module.name,
            basis: module.basis.word(),
            rule: &module.rule,
            paths: &module.paths,
            files: figures.size.files,
            lines: figures.size.lines,
            afferent: figures.afferent,
            efferent: figures.efferent,
            // The nearest number to a count of thousandths prints with at most three decimals.
            instability: figures.instability() as f64 / 1000.0,
        })
    })
}
