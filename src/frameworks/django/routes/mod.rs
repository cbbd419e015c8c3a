//! URLconfs of Django: which addresses they make, and which views answer them.

mod added;
mod handed;
mod keys;
mod known;
mod library;
mod nested;
mod rest;
mod views;
mod walk;

pub(in crate::frameworks) use library::{library_call, library_member, library_super};
pub(in crate::frameworks) use nested::handed_back;
pub(in crate::frameworks) use views::{methods_in, name_of};

use crate::base::FileId;
use crate::facts::Binds;
use crate::frameworks::OpenCall;
use crate::frameworks::orm::ClassId;
use crate::frameworks::python::{Evaluator, Scope, Thing, is_python};
use crate::frameworks::routes::Route;
use walk::Walk;

/// Every route of the tree's URLconfs.
pub(in crate::frameworks) fn collect(evaluator: &Evaluator<'_>, routes: &mut Vec<Route>, open: &mut Vec<OpenCall>) {
    let confs = confs(evaluator);
    if confs.is_empty() && evaluator.classes.names.apps.is_empty() {
        return;
    }
    rest::note_registered(evaluator, open);
    added::note(evaluator);
    let roots = roots(evaluator);
    let mut walk = Walk::new(evaluator, routes, open);
    if !roots.is_empty() {
        for root in &roots {
            walk.module(*root);
        }
        walk.told_of_the_rest(&confs);
        return;
    }
    // Nothing says where it begins: whatever nobody includes is a beginning.
    let mut included = Vec::new();
    for conf in &confs {
        let (mut routes, mut open) = (Vec::new(), Vec::new());
        let mut probe = Walk::new(evaluator, &mut routes, &mut open);
        probe.module(*conf);
        included.extend(probe.reached().iter().copied().filter(|file| file != conf));
    }
    for conf in confs.iter().filter(|conf| !included.contains(conf)) {
        walk.module(*conf);
    }
    let apps = apps_with_urls(evaluator);
    for (app, patterns) in &apps {
        if !evaluator.is_noted(*app) {
            walk.thing(patterns);
        }
    }
}

/// Files that hold `urlpatterns`.
fn confs(evaluator: &Evaluator<'_>) -> Vec<FileId> {
    let base = evaluator.classes.base;
    let holds = |file: &FileId| {
        let facts = base.facts(*file);
        facts.bindings.iter().any(|b| b.owner.is_none() && facts.as_name(b.target).is_some_and(|name| facts.text(name) == "urlpatterns"))
    };
    base.ids().filter(|file| is_python(base, *file)).filter(holds).collect()
}

/// True for files whose names say that they are for developers and tests.
fn for_developers(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split(['_', '.', '-']).any(|word| matches!(word, "dev" | "develop" | "development" | "local" | "test" | "testing" | "debug"))
}

/// The modules that `ROOT_URLCONF` names.
fn roots(evaluator: &Evaluator<'_>) -> Vec<FileId> {
    let base = evaluator.classes.base;
    let mut found = Vec::new();
    for file in base.ids().filter(|file| is_python(base, *file)) {
        let facts = base.facts(file);
        for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
            let named = facts.as_name(binding.target).is_some_and(|name| facts.text(name) == "ROOT_URLCONF");
            let Some(value) = binding.value.filter(|_| named) else { continue };
            let scope = Scope::at(file, binding.owner);
            if let Some(path) = evaluator.of(&scope, value).as_text()
                && let Thing::Module(module) = evaluator.dotted(&scope, path)
            {
                found.push((module, for_developers(base.path(file)) || for_developers(base.path(module))));
            }
        }
    }
    // What only developers run counts where there is nothing else.
    if found.iter().any(|(_, developers)| !developers) {
        found.retain(|(_, developers)| !developers);
    }
    let mut found: Vec<FileId> = found.into_iter().map(|(file, _)| file).collect();
    found.sort_unstable();
    found.dedup();
    found.retain(|file| is_python(base, *file));
    found
}

/// Applications that make URLs themselves, with what they make; asking them all tells which of them others mount.
fn apps_with_urls(evaluator: &Evaluator<'_>) -> Vec<(ClassId, Thing)> {
    let with = evaluator.apps().iter().copied().filter(|app| evaluator.method(*app, "get_urls").is_some());
    let asked: Vec<(ClassId, Thing)> = with.map(|app| (app, evaluator.urls_of_app(app))).collect();
    let label = |app: ClassId| library::label_of(evaluator, app);
    let noted: Vec<Option<String>> = asked.iter().filter(|(app, _)| evaluator.is_noted(*app)).map(|(app, _)| label(*app)).collect();
    asked.into_iter().filter(|(app, _)| !noted.contains(&label(*app))).collect()
}
