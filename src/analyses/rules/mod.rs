//! `[rules]` of unpick.toml: forbidden dependencies, layers, limits of size, and areas where nothing may be accepted.
//!
//! A rule speaks of the names of today. What breaks one is a finding until it is accepted; taking something away never
//! makes one, because limits are absolute and a dependency that only changed its name is not new.

mod edges;
mod sizes;

pub use edges::{FORBIDDEN, LAYERS};
pub use sizes::{FILE_LINES, MODULE_FILES, MODULE_LINES};

use super::gated::{Finding, Scope, places};
use crate::config::{Rules, Selection};
use crate::names::Module;
use crate::project::Project;

/// A selection applied to a project: which files it holds.
struct Chosen(Vec<bool>);

impl Chosen {
    fn of(project: &Project, selection: &Selection) -> Self {
        let whole: Vec<bool> = project.names.modules.iter().map(|module| selection.has_module(&module.name)).collect();
        let file =
            |file| whole[project.names.module_of[crate::base::FileId::index(file)].index()] || selection.has_path(project.base.path(file));
        Self(project.base.ids().map(file).collect())
    }

    fn has(&self, file: crate::base::FileId) -> bool {
        self.0[file.index()]
    }
}

/// True when a finding lies where nothing may be accepted: the one that depends, or a line of it, is chosen by `strict`.
#[must_use]
pub fn is_strict(project: &Project, scope: &Scope, finding: &Finding) -> bool {
    let strict = &scope.rules.strict;
    let chosen = |path: &str| {
        let module = project.names.tree().file(path).map(|file| project.names.module(file).name.as_str());
        strict.has_path(path) || module.is_some_and(|module| strict.has_module(module))
    };
    !strict.is_empty() && (strict.has_module(&finding.from) || places(project, scope, finding).iter().any(|place| chosen(&place.path)))
}

/// A sentence for every name in the rules that no module has: a typing error, or a module that is gone. No mistake, since
/// taking a module away must not fail anything.
#[must_use]
pub fn names_of_nothing(project: &Project, rules: &Rules) -> Vec<String> {
    let modules: Vec<&str> = project.names.modules.iter().map(|module: &Module| module.name.as_str()).collect();
    let forbid = rules.forbid.iter().flat_map(|rule| [("forbid", &rule.from), ("forbid", &rule.to)]);
    let layers = rules.layers.iter().map(|layer| ("layers", layer));
    let all = forbid.chain(layers).chain([("strict", &rules.strict)]);
    let mut told: Vec<String> = all
        .flat_map(|(key, selection)| selection.without_module(&modules).into_iter().map(move |name| (key, name)))
        .map(|(key, name)| format!("[rules] {key}: no module is called {name} today; `unpick map` lists the modules"))
        .collect();
    told.sort();
    told.dedup();
    told
}
