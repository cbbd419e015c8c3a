//! Routes that the place of a file makes: Next.js, Nuxt, SvelteKit, Remix, Astro. `places` turns paths into addresses,
//! `answers` says which methods a file answers.

mod answers;
mod places;

use super::routes::{Method, Route};
use super::{FrameworkRow, Model};
use crate::base::{Certainty, FileId, is_within};
use crate::config::Config;
use crate::facts::Target;
use crate::names::javascript::speaks;
use crate::names::{FactBase, Names};
use answers::Answer;
use places::Place;
use std::collections::BTreeSet;

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "file_routes", interpret };

/// A framework that goes by file names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Framework {
    Next,
    Nuxt,
    SvelteKit,
    Remix,
    Astro,
}

impl Framework {
    /// The name in reports.
    fn word(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Nuxt => "nuxt",
            Self::SvelteKit => "sveltekit",
            Self::Remix => "remix",
            Self::Astro => "astro",
        }
    }

    /// The framework whose config a file is.
    fn of_config(name: &str) -> Option<Self> {
        let (stem, _) = name.split_once(".config.")?;
        match stem {
            "next" => Some(Self::Next),
            "nuxt" => Some(Self::Nuxt),
            "svelte" => Some(Self::SvelteKit),
            "remix" | "react-router" => Some(Self::Remix),
            "astro" => Some(Self::Astro),
            _ => None,
        }
    }

    /// The framework that a package belongs to.
    fn of_package(name: &str) -> Option<Self> {
        match name.split('/').next()? {
            "next" => Some(Self::Next),
            "nuxt" => Some(Self::Nuxt),
            "@sveltejs" if name.starts_with("@sveltejs/kit") => Some(Self::SvelteKit),
            "@remix-run" | "@react-router" => Some(Self::Remix),
            _ => None,
        }
    }
}

fn interpret(base: &FactBase, names: &Names, _: &Config, model: &mut Model) {
    let roots = roots(base, names);
    if roots.is_empty() {
        return;
    }
    for file in base.ids().filter(|file| speaks(base.file(*file).source.language) && !base.file(*file).left_out) {
        let path = base.path(file);
        // The innermost application around a file is its own.
        let around = roots.iter().filter(|(folder, _)| is_within(path, folder)).max_by_key(|(folder, _)| folder.len());
        let Some((folder, _)) = around else { continue };
        let below = path.strip_prefix(folder.as_str()).unwrap_or(path).trim_start_matches('/');
        for (_, framework) in roots.iter().filter(|(other, _)| other == folder) {
            let Some(place) = places::of(*framework, below) else { continue };
            let prefix = prefix(base, names, *framework, folder);
            for answer in answers::of(base, names, file, &place) {
                model.routes.extend(routes(file, &place, &answer, &prefix, *framework));
            }
        }
    }
}

/// One route for each address of a file.
fn routes(file: FileId, place: &Place, answer: &Answer, prefix: &str, framework: Framework) -> Vec<Route> {
    let route = |address: &String| Route {
        path: if address == "/" && !prefix.is_empty() { prefix.to_owned() } else { format!("{prefix}{address}") },
        method: answer.method,
        handler: answer.handler.clone(),
        handled: Some(answer.at),
        registered: (file, 1),
        framework: framework.word(),
        name: None,
        certainty: answer.certainty,
    };
    place.addresses.iter().map(route).collect()
}

/// The folders of applications: where a config stands, else packages whose files import the framework.
fn roots(base: &FactBase, names: &Names) -> BTreeSet<(String, Framework)> {
    let mut found = BTreeSet::new();
    let files = base.files.iter().map(|entry| &entry.source.path).chain(&base.other_paths);
    for path in files {
        if let Some(framework) = Framework::of_config(path.name()) {
            found.insert((path.parent().to_owned(), framework));
        }
    }
    let mut packages: Vec<&str> = names.packages().iter().map(|package| package.folder.as_str()).collect();
    packages.sort_by_key(|folder| std::cmp::Reverse(folder.len()));
    for file in base.ids().filter(|file| speaks(base.file(*file).source.language) && !base.file(*file).left_out) {
        let facts = base.facts(file);
        for import in &facts.imports {
            let Target::Package(package) = import.target else { continue };
            let Some(framework) = Framework::of_package(facts.text(package)) else { continue };
            let path = base.path(file);
            let folder = packages.iter().find(|folder| is_within(path, folder)).copied().unwrap_or("");
            // One that has a config around it is known.
            if !found.iter().any(|(known, other)| *other == framework && is_within(path, known)) {
                found.insert((folder.to_owned(), framework));
            }
        }
    }
    found
}

/// What stands before every address: `basePath` of Next.js.
fn prefix(base: &FactBase, names: &Names, framework: Framework, folder: &str) -> String {
    if framework != Framework::Next {
        return String::new();
    }
    let config = ["js", "mjs", "ts", "cjs"].iter().find_map(|ending| {
        let path = crate::base::join(folder, &format!("next.config.{ending}"));
        names.tree().file(&path)
    });
    let Some(config) = config else { return String::new() };
    let facts = base.facts(config);
    let said = facts.entries.iter().find(|entry| entry.key.and_then(|key| facts.as_literal(key)) == Some("basePath"));
    said.and_then(|entry| facts.as_literal(entry.value)).unwrap_or("").trim_end_matches('/').to_owned()
}

/// Every method of a list with one certainty.
fn certainty(of: u8, methods: &[Method]) -> Vec<(Method, Certainty)> {
    methods.iter().map(|method| (*method, Certainty(of))).collect()
}
