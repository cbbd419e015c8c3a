//! Templates of Twig, Django and Jinja: which template, component or controller a name in a template or in code means.
//!
//! A name is a path below one of the folders of templates; which those are is settled by which files are there, so no
//! configuration is needed for the usual ones. `@Name/` stands for a bundle's folder or what `twig.paths` gives the name.

use super::{FrameworkRow, Model, StringReference};
use crate::base::{Certainty, FileId, Language, is_within};
use crate::config::Config;
use crate::facts::{DefinitionId, FileFacts, OwnerSweep, Shape, ValueId};
use crate::names::php::{PHP, Qualified, Sort};
use crate::names::{FactBase, Names};
use rustc_hash::FxHashMap;

/// The row of this framework.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "templates", interpret };

/// Folders that hold templates, by their usual names.
const ROOTS: [&str; 4] = ["templates", "views", "Templates", "jinja2"];

/// How names of templates end in code.
const ENDINGS: [&str; 5] = [".twig", ".html", ".htm", ".jinja", ".jinja2"];

fn interpret(base: &FactBase, names: &Names, _: &Config, out: &mut Model) {
    let own = |file: &FileId| !base.file(*file).left_out;
    let is_template = |file: &FileId| [Language::TWIG, Language::HTML].contains(&base.file(*file).source.language);
    let mut index = Index { base, names, by_name: FxHashMap::default(), folders: Vec::new(), bundles: Vec::new() };
    for file in base.ids().filter(own).filter(is_template) {
        index.by_name.entry(file_name(base.path(file))).or_default().push(file);
    }
    if index.by_name.is_empty() {
        return;
    }
    index.folders = folders(base);
    index.bundles = bundles(base);
    for file in base.ids().filter(own) {
        if is_template(&file) {
            index.template(file, &mut out.references);
        } else if !crate::names::javascript::speaks(base.file(file).source.language) {
            index.code(file, &mut out.references);
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Folders that `twig.paths` gives a name: `'%kernel.project_dir%/mail': 'Mail'`.
fn folders(base: &FactBase) -> Vec<(String, String)> {
    let files = base.ids().map(|file| base.file(file)).filter(|entry| !entry.left_out && entry.source.language == Language::YAML);
    let documents = files.filter_map(|entry| entry.facts.document());
    let paths = documents.flat_map(|document| document.all(&["twig", "paths"]));
    let named = paths.flat_map(|paths| paths.entries().collect::<Vec<_>>());
    let folder = |path: &str| path.rsplit('%').next().unwrap_or(path).trim_matches('/').to_owned();
    named.filter_map(|(path, name)| Some((name.text()?.to_owned(), folder(path)))).collect()
}

/// Bundles by the file of their class: `src/AdminBundle/ShopAdminBundle.php`. Newer ones keep their code in `src`.
fn bundles(base: &FactBase) -> Vec<(String, &str)> {
    let files = base.ids().map(|file| base.file(file)).filter(|entry| !entry.left_out && entry.source.language == PHP);
    let bundle = |path: &crate::base::RelPath| path.name().strip_suffix("Bundle.php").map(str::to_lowercase);
    let found = files.filter_map(|entry| Some((bundle(&entry.source.path)?, entry.source.path.parent())));
    found.map(|(name, folder)| (name, folder.strip_suffix("/src").unwrap_or(folder))).collect()
}

/// Templates of the tree.
struct Index<'a> {
    base: &'a FactBase,
    names: &'a Names,
    /// By the last part of their path, in path order.
    by_name: FxHashMap<&'a str, Vec<FileId>>,
    /// Names of folders and the folders.
    folders: Vec<(String, String)>,
    /// Names of bundles in small letters, and their folders.
    bundles: Vec<(String, &'a str)>,
}

impl Index<'_> {
    /// What a template names.
    fn template(&self, file: FileId, out: &mut Vec<StringReference>) {
        let facts = self.base.facts(file);
        for tag in &facts.tags {
            let (kind, text) = (facts.text(tag.name), facts.text(tag.text));
            let at = (file, tag.line, None);
            match kind {
                "controller" => {
                    let class = text.split("::").next().unwrap_or(text).trim_start_matches('\\');
                    let name = Qualified { full: class.to_lowercase(), fallback: None };
                    if let Some(place) = self.names.php(self.base, file, Sort::Class, &name) {
                        let symbol = class.rsplit('\\').next().map(str::to_owned);
                        push(at, place.file, symbol, text, 95, "a template renders a controller", out);
                    }
                }
                "component" => {
                    let path = format!("components/{}.html.twig", text.replace(':', "/"));
                    if let Some((to, sure)) = self.find(file, &path) {
                        push(at, to, None, text, sure, "the template of a component", out);
                    }
                }
                _ => {
                    if let Some((to, sure)) = self.find(file, text) {
                        push(at, to, None, text, sure, "the name of a template", out);
                    }
                }
            }
        }
    }

    /// Names of templates in code and configuration, wherever they stand.
    fn code(&self, file: FileId, out: &mut Vec<StringReference>) {
        let facts: &FileFacts = self.base.facts(file);
        let is_name = |text: &str| ENDINGS.iter().any(|ending| text.ends_with(ending)) && !text.contains([' ', '<']);
        if !facts.texts.iter().any(|(_, text)| is_name(text)) {
            return;
        }
        let mut owners = OwnerSweep::new(facts);
        for (id, value) in (0u32..).map(ValueId).zip(&facts.values) {
            let Shape::Literal(text) = value.shape else { continue };
            let text = facts.text(text);
            if let Some((to, sure)) = is_name(text).then(|| self.find(file, text)).flatten() {
                push((file, value.line, owners.owner(id)), to, None, text, sure, "the name of a template", out);
            }
        }
    }

    /// The template of a name and how sure that is: below the folders of templates, the nearest to who names it.
    fn find(&self, from: FileId, name: &str) -> Option<(FileId, u8)> {
        let (space, path) = split(name);
        let all = self.by_name.get(file_name(&path))?;
        let root = |file: FileId| self.base.path(file).strip_suffix(path.as_str()).filter(|root| root.is_empty() || root.ends_with('/'));
        let fitting: Vec<FileId> = all.iter().copied().filter(|file| *file != from && root(*file).is_some_and(is_root)).collect();
        let Some(space) = space else {
            let sure = if fitting.len() == 1 { 95 } else { 80 };
            // Themes give a page the same name: whoever stands outside of them says nothing of which is meant.
            let html = fitting.first().is_some_and(|file| self.base.file(*file).source.language == Language::HTML);
            if html && fitting.len() > 1 {
                let best = fitting.iter().map(|file| self.distance(from, *file)).min()?;
                let mut nearest = fitting.into_iter().filter(|file| self.distance(from, *file) == best);
                return nearest.next().filter(|_| nearest.next().is_none()).map(|file| (file, sure));
            }
            return fitting
                .into_iter()
                .min_by_key(|file| (self.base.path(*file).matches('/').count(), self.distance(from, *file)))
                .map(|file| (file, sure));
        };
        let given: Vec<&str> = self.folders.iter().filter(|(name, _)| *name == space).map(|(_, folder)| folder.as_str()).collect();
        if !given.is_empty() {
            let below = |file: &FileId| {
                let path_of = self.base.path(*file).strip_suffix(path.as_str()).map_or("", |root| root.trim_end_matches('/'));
                given.iter().any(|folder| path_of == *folder || path_of.ends_with(&format!("/{folder}")))
            };
            return all.iter().copied().find(below).map(|file| (file, 95));
        }
        let bundle = space.strip_suffix("Bundle").unwrap_or(&space).to_lowercase();
        let own = format!("templates/bundles/{bundle}bundle");
        let homes: Vec<&str> = self.bundles.iter().filter(|(name, _)| *name == bundle).map(|(_, folder)| *folder).collect();
        let is_of = |file: &FileId| {
            let path = self.base.path(*file);
            // `templates/bundles/ShopBundle/` is the application's own version of a bundle's template.
            let instead = root(*file).unwrap_or("").trim_end_matches('/').to_lowercase().ends_with(&own);
            instead || homes.iter().any(|home| is_within(path, home))
        };
        let fitting = all
            .iter()
            .copied()
            .filter(|file| *file != from && root(*file).is_some_and(|at| is_root(at) || at.contains("templates/bundles/")));
        fitting.into_iter().find(is_of).map(|file| (file, 90))
    }

    /// Smaller for files that share more of their path.
    fn distance(&self, from: FileId, file: FileId) -> std::cmp::Reverse<usize> {
        let pairs = self.base.path(from).split('/').zip(self.base.path(file).split('/'));
        std::cmp::Reverse(pairs.take_while(|(a, b)| a == b).count())
    }
}

/// The name of a folder and the path below it: `@App/cart.html.twig`, `AppBundle:Cart:show.html.twig`.
fn split(name: &str) -> (Option<String>, String) {
    if let Some(rest) = name.strip_prefix('@') {
        let (space, path) = rest.split_once('/').unwrap_or(("", rest));
        return (Some(space.trim_start_matches('!').to_owned()), path.to_owned());
    }
    if let Some((space, path)) = name.split_once(':') {
        let path = path.replace(':', "/").trim_start_matches('/').to_owned();
        return ((!space.is_empty()).then(|| space.to_owned()), path);
    }
    (None, name.trim_start_matches('/').to_owned())
}

/// True for a folder of templates: called so, or with one called so above it and nothing but a theme in between.
fn is_root(root: &str) -> bool {
    let mut parts = root.trim_end_matches('/').rsplit('/');
    let last = parts.next().unwrap_or("");
    ROOTS.contains(&last) || last.is_empty() || parts.next() == Some("themes")
}

fn push(
    (from, line, owner): (FileId, u32, Option<DefinitionId>),
    to: FileId,
    symbol: Option<String>,
    text: &str,
    sure: u8,
    rule: &'static str,
    out: &mut Vec<StringReference>,
) {
    let (text, certainty, rule) = (format!("'{text}'"), Certainty(sure), rule.into());
    out.push(StringReference { from, line, owner, to, symbol, text, deferred: true, certainty, rule });
}
