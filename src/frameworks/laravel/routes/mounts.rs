//! Which places load a file of routes: `->group(base_path('routes/api.php'))`, an include inside a group, `withRouting`,
//! `loadRoutesFrom`.

use super::attributes::{self, Context};
use super::{DEEPEST, Scan};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, Target, ValueId};
use crate::frameworks::routes::{Method, Route};
use std::collections::BTreeMap;

/// One place that loads a file.
#[derive(Clone, Debug)]
pub(super) struct Mount {
    pub from: FileId,
    /// What the place stands in.
    pub owner: Option<DefinitionId>,
    /// The call of `group` that names the file.
    call: Option<usize>,
    prefix: String,
}

impl Mount {
    /// The contexts of the file, from those of the place.
    pub(super) fn apply(&self, scan: &Scan<'_>, around: &[Context]) -> Vec<Context> {
        let around: Vec<Context> = around.iter().map(|context| context.below(&self.prefix, 100)).collect();
        match self.call {
            Some(index) => attributes::of_chain(scan, self.from, &scan.classes.facts(self.from).calls[index], &around),
            None => around,
        }
    }
}

/// Every place, by the file it loads.
pub(super) fn find(scan: &Scan<'_>) -> BTreeMap<FileId, Vec<Mount>> {
    let mut mounts: BTreeMap<FileId, Vec<Mount>> = BTreeMap::new();
    for (file, view) in &scan.views {
        let facts = view.facts;
        let mut add = |to: Option<FileId>, owner: Option<DefinitionId>, call: Option<usize>, prefix: &str| {
            if let Some(to) = to.filter(|to| to != file) {
                mounts.entry(to).or_default().push(Mount { from: *file, owner, call, prefix: prefix.to_owned() });
            }
        };
        for (index, call) in facts.calls.iter().enumerate() {
            match facts.last_name(call.callee) {
                Some("group") if scan.is_router(*file, call.callee) => {
                    for argument in facts.arguments_of(call) {
                        add(scan.classes.file_at(*file, argument.value), facts.owner_of(call.value), Some(index), "");
                    }
                }
                Some("loadRoutesFrom") => {
                    let to = facts.arguments_of(call).first().and_then(|argument| scan.classes.file_at(*file, argument.value));
                    add(to, facts.owner_of(call.value), None, "");
                }
                Some("withRouting") => {
                    for (value, prefix) in with_routing(scan, *file, facts, call) {
                        add(scan.classes.file_at(*file, value), facts.owner_of(call.value), None, &prefix);
                    }
                }
                _ => {}
            }
        }
        let known = scan.classes.names.imports(*file);
        for (import, meaning) in facts.imports.iter().zip(known) {
            if let Target::Computed(value) = import.target {
                add(meaning.file().or_else(|| scan.classes.file_at(*file, value)), import.owner, None, "");
            }
        }
    }
    mounts
}

/// The files that `withRouting(web: ..., api: ..., apiPrefix: ...)` names, with their prefixes.
fn with_routing(scan: &Scan<'_>, file: FileId, facts: &FileFacts, call: &Call) -> Vec<(ValueId, String)> {
    let named = |name: &str| {
        let mut arguments = facts.arguments_of(call).iter();
        arguments.find(|argument| argument.name.is_some_and(|own| facts.text(own) == name)).map(|argument| argument.value)
    };
    let prefix = named("apiPrefix").and_then(|value| scan.classes.text(file, None, value)).unwrap_or_else(|| "api".to_owned());
    let all = |value: ValueId| match facts.value(value).shape {
        Shape::List(parts) => facts.items(parts).to_vec(),
        _ => vec![value],
    };
    let web = named("web").into_iter().flat_map(all).map(|value| (value, String::new()));
    let api = named("api").into_iter().flat_map(all).map(|value| (value, prefix.clone()));
    web.chain(api).collect()
}

/// The route that `withRouting(health: '/up')` adds; the framework answers it.
pub(super) fn health(scan: &Scan<'_>, out: &mut Vec<Route>) {
    for (file, view) in &scan.views {
        for call in view.facts.calls.iter().filter(|call| view.facts.last_name(call.callee) == Some("withRouting")) {
            let mut arguments = view.facts.arguments_of(call).iter();
            let health = arguments.find(|argument| argument.name.is_some_and(|name| view.facts.text(name) == "health"));
            let Some(path) = health.and_then(|argument| scan.classes.text(*file, None, argument.value)) else { continue };
            for context in scan.contexts(*file, None, DEEPEST).iter() {
                out.push(Route {
                    path: format!("/{}", attributes::under(&context.prefix, &path)),
                    method: Method::Get,
                    handler: "health check".to_owned(),
                    handled: None,
                    registered: (*file, call.span.line),
                    framework: "laravel",
                    name: None,
                    certainty: Certainty::LITERAL,
                });
            }
        }
    }
}
