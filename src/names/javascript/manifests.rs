//! `package.json` and `tsconfig.json`: what they say about names. One that cannot be read is told and left aside.

use crate::base::{Problem, RelPath, Severity, is_within, join, plain};
use crate::names::Manifest;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A `package.json`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Package {
    /// Its folder, empty for the root.
    pub folder: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Names it gives to folders and files (`_moduleAliases`), with their paths in the tree.
    pub aliases: Vec<(String, String)>,
}

/// Everything manifests say.
#[derive(Debug, Default)]
pub(super) struct Manifests {
    /// By folder.
    pub(super) packages: Vec<Package>,
    /// Texts for the resolver, by path: `package.json` as written, `tsconfig.json` with what leads nowhere taken out.
    pub(super) texts: BTreeMap<String, String>,
    /// Some `tsconfig.json` gives names to paths.
    pub(super) names_paths: bool,
    pub(super) problems: Vec<Problem>,
}

/// What is kept of a `tsconfig.json`.
struct Config {
    value: Value,
    /// Paths of the files it extends.
    extends: Vec<String>,
}

impl Manifests {
    pub(super) fn read(manifests: &[Manifest]) -> Self {
        let mut read = Self::default();
        let mut configs: BTreeMap<String, Value> = BTreeMap::new();
        let ours = |manifest: &&Manifest| manifest.path.as_str().ends_with(".json") && manifest.path.name() != "composer.json";
        for manifest in manifests.iter().filter(ours) {
            let path = manifest.path.as_str();
            let value = match parse(&manifest.text) {
                Ok(value) => value,
                Err(message) => {
                    read.problem(&manifest.path, format!("not read: {message}; names that it explains stay unresolved"));
                    continue;
                }
            };
            if manifest.path.name() == "package.json" {
                read.packages.push(package(manifest.path.parent(), &value));
                read.texts.insert(path.to_owned(), value.to_string());
            } else {
                configs.insert(path.to_owned(), value);
            }
        }
        read.add_configs(configs);
        read
    }

    fn problem(&mut self, path: &RelPath, message: String) {
        self.problems.push(Problem { path: path.clone(), line: None, severity: Severity::Warning, message });
    }

    /// The folder of a package by its name; where several have it, the outermost, then the first.
    pub(super) fn folders_by_name(&self) -> BTreeMap<&str, &str> {
        let mut found: BTreeMap<&str, &str> = BTreeMap::new();
        let depth = |folder: &str| folder.matches('/').count() + usize::from(!folder.is_empty());
        for package in &self.packages {
            let Some(name) = package.name.as_deref() else { continue };
            let known = found.entry(name).or_insert(&package.folder);
            if depth(&package.folder) < depth(known) {
                *known = &package.folder;
            }
        }
        found
    }

    fn add_configs(&mut self, values: BTreeMap<String, Value>) {
        let paths: BTreeSet<String> = values.keys().cloned().collect();
        let by_name: BTreeMap<String, String> =
            self.folders_by_name().into_iter().map(|(name, folder)| (name.to_owned(), folder.to_owned())).collect();
        let mut configs: BTreeMap<String, Config> = BTreeMap::new();
        for (path, value) in values {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            let written: Vec<&str> = match &value["extends"] {
                Value::String(one) => vec![one],
                Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            let extends = written.into_iter().filter_map(|written| extended(&folder, written, &paths, &by_name)).collect();
            configs.insert(path, Config { value, extends });
        }
        self.cut_circles(&mut configs);
        for (path, config) in &configs {
            let text = for_resolver(path, config, &paths);
            self.names_paths |= !text["compilerOptions"]["paths"].is_null() || !text["compilerOptions"]["baseUrl"].is_null();
            self.texts.insert(path.clone(), text.to_string());
        }
        // An editor's settings for a folder of JavaScript are read where no tsconfig.json says more.
        for path in configs.keys().filter(|path| path.rsplit('/').next() == Some("jsconfig.json")) {
            let twin = format!("{}tsconfig.json", &path[..path.len() - "jsconfig.json".len()]);
            if !configs.contains_key(&twin) {
                let text = self.texts[path].clone();
                self.texts.insert(twin, text);
            }
        }
    }

    /// Takes out of `extends` what leads back to where it came from.
    fn cut_circles(&mut self, configs: &mut BTreeMap<String, Config>) {
        let paths: Vec<String> = configs.keys().cloned().collect();
        let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in paths {
            let Some(config) = configs.get_mut(&path) else { continue };
            let all = std::mem::take(&mut config.extends);
            for target in all {
                if reaches(&kept, &target, &path) {
                    let message = format!("extends {target}, which leads back here; that was left aside");
                    self.problem(&RelPath::new(&path), message);
                } else {
                    config.extends.push(target.clone());
                    kept.entry(path.clone()).or_default().push(target);
                }
            }
        }
    }
}

/// The innermost package around a path.
pub(super) fn package_around<'a>(packages: &'a [Package], path: &str) -> Option<&'a Package> {
    packages.iter().filter(|package| is_within(path, &package.folder)).max_by_key(|package| package.folder.len())
}

fn parse(text: &str) -> Result<Value, String> {
    let mut text = text.to_owned();
    json_strip_comments::strip(&mut text).map_err(|error| format!("a comment is never closed ({error})"))?;
    if text.trim().is_empty() {
        return Ok(json!({}));
    }
    match serde_json::from_str(&text) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err("it is no JSON object".to_owned()),
        Err(error) => Err(format!("it is no JSON ({error})")),
    }
}

fn package(folder: &str, value: &Value) -> Package {
    let aliases = value["_moduleAliases"].as_object().into_iter().flatten();
    Package {
        folder: folder.to_owned(),
        name: value["name"].as_str().filter(|name| !name.is_empty()).map(str::to_owned),
        aliases: aliases.filter_map(|(name, path)| Some((name.clone(), plain(&join(folder, path.as_str()?))?))).collect(),
    }
}

/// The file of the tree that `extends` means: beside the config, or in a package of the tree.
fn extended(folder: &str, written: &str, paths: &BTreeSet<String>, packages: &BTreeMap<String, String>) -> Option<String> {
    let place = if written.starts_with('.') {
        plain(&join(folder, written))?
    } else {
        let name = super::package_name(written);
        plain(&join(packages.get(name)?, written[name.len()..].trim_start_matches('/')))?
    };
    [place.clone(), format!("{place}.json"), join(&place, "tsconfig.json")].into_iter().find(|path| paths.contains(path))
}

/// True when following `extends` from one config leads to another.
fn reaches(kept: &BTreeMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(kept.get(at).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

/// A config with only what names need. JavaScript counts as included: bundlers give it the same names.
fn for_resolver(path: &str, config: &Config, paths: &BTreeSet<String>) -> Value {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut options = json!({ "allowJs": true });
    for key in ["baseUrl", "paths", "rootDirs"] {
        if !config.value["compilerOptions"][key].is_null() {
            options[key] = config.value["compilerOptions"][key].clone();
        }
    }
    let mut kept = json!({ "compilerOptions": options });
    if !config.extends.is_empty() {
        kept["extends"] = config.extends.iter().map(|target| super::tree_view::absolute(target)).collect();
    }
    for key in ["files", "include"] {
        if config.value[key].is_array() {
            kept[key] = config.value[key].clone();
        }
    }
    let references = config.value["references"].as_array().into_iter().flatten();
    let there = references.filter(|reference| {
        let place = reference["path"].as_str().and_then(|written| plain(&join(folder, written)));
        place.is_some_and(|place| {
            let file = if paths.contains(&place) { place } else { join(&place, "tsconfig.json") };
            file != path && paths.contains(&file)
        })
    });
    let there: Vec<Value> = there.cloned().collect();
    if !there.is_empty() {
        kept["references"] = Value::Array(there);
    }
    kept
}
