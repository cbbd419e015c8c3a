//! Django applications: the folders that models, labels and `"app.Model"` strings belong to.

use super::{FactBase, Found, Names};
use crate::base::{FileId, is_within};
use crate::facts::{DefinitionId, FileFacts};
use std::collections::BTreeMap;

/// One application.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct App {
    /// The label other applications use in strings.
    pub label: String,
    /// Its folder.
    pub folder: String,
    /// The file of its configuration class, or else of its package or models.
    pub file: FileId,
    /// Why it is one.
    pub rule: &'static str,
}

/// Finds applications by configuration class, by `models`, and by `INSTALLED_APPS`; sorted by folder.
pub(super) fn find(base: &FactBase, names: &Names) -> Vec<App> {
    let mut apps: BTreeMap<String, App> = BTreeMap::new();
    for id in base.ids().filter(|id| !base.file(*id).left_out) {
        for app in configured(base, names, id) {
            apps.entry(app.folder.clone()).or_insert(app);
        }
    }
    if apps.is_empty() && !uses_django(base) {
        return Vec::new();
    }
    let listed: Vec<(String, FileId)> =
        base.ids().filter(|id| !base.file(*id).left_out).flat_map(|id| installed(base, names, id)).collect();
    for id in base.ids().filter(|id| !base.file(*id).left_out) {
        let path = &base.file(id).source.path;
        let folder = match path.as_str().strip_suffix("/models.py").or_else(|| path.as_str().strip_suffix("/models/__init__.py")) {
            // `x/models/models.py` is a file of x's models package.
            Some(folder) if last(folder) != "models" => folder.to_owned(),
            _ => continue,
        };
        // Where the settings list the applications, models below a listed one that are not listed themselves are its own.
        let part_of_another = listed.iter().all(|(named, _)| *named != folder)
            && listed.iter().any(|(named, _)| is_within(&folder, named) && *named != folder);
        if !part_of_another && has_models(base, names, &folder) {
            let label = last(&folder).to_owned();
            apps.entry(folder.clone()).or_insert(App { label, folder, file: id, rule: "it has Django models" });
        }
    }
    for (folder, file) in listed {
        let label = last(&folder).to_owned();
        apps.entry(folder.clone()).or_insert(App { label, folder, file, rule: "INSTALLED_APPS names it" });
    }
    apps.into_values().collect()
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// True when any file of the tree imports Django.
fn uses_django(base: &FactBase) -> bool {
    base.files.iter().any(|file| {
        file.facts.imports.iter().any(|import| match import.target {
            crate::facts::Target::Dotted { level: 0, path } => {
                let path = file.facts.text(path);
                path == "django" || path.starts_with("django.")
            }
            _ => false,
        })
    })
}

/// Applications by a class with `name = "dotted.package"`, the package being around the file or below it. Only classes
/// whose base is called `...Config` count, so that other classes with a name stay out.
fn configured(base: &FactBase, names: &Names, id: FileId) -> Vec<App> {
    let facts = base.facts(id);
    let mut found = Vec::new();
    for (class, definition) in facts.definitions() {
        let is_config = definition.kind.is_type()
            && facts.items(definition.bases).iter().any(|base| facts.last_name(*base).is_some_and(|name| name.ends_with("Config")));
        let Some(name) = is_config.then(|| attribute(facts, class, "name")).flatten() else { continue };
        let folder = match names.dotted(base, id, name) {
            Some(Found::File(file)) => names.tree().package_folder(file).map(str::to_owned),
            Some(Found::Folder(folder)) => Some(folder),
            None => None,
        };
        let Some(folder) = folder else { continue };
        let label = attribute(facts, class, "label").unwrap_or_else(|| name.rsplit('.').next().unwrap_or(name)).to_owned();
        found.push(App { label, folder, file: id, rule: "it has an AppConfig" });
    }
    found
}

/// The literal a class gives to one of its names.
fn attribute<'a>(facts: &'a FileFacts, class: DefinitionId, wanted: &str) -> Option<&'a str> {
    let binding =
        facts.bindings_in(Some(class)).find(|binding| facts.as_name(binding.target).is_some_and(|name| facts.text(name) == wanted))?;
    facts.as_literal(binding.value?)
}

/// True when the models file or package of a folder, or a file of the package, imports Django's models or GIS models,
/// or holds a class whose base is some other file's class in a models file.
fn has_models(base: &FactBase, names: &Names, folder: &str) -> bool {
    let mut files = Vec::new();
    files.extend(names.tree().file(&format!("{folder}/models.py")));
    if let Some(package) = names.tree().folder(&format!("{folder}/models")) {
        files.extend(&package.files);
    }
    files.iter().any(|file| {
        let facts = base.facts(*file);
        facts.imports.iter().any(|import| match import.target {
            crate::facts::Target::Dotted { path, .. } => {
                let path = facts.text(path);
                let symbol = import.symbol.map_or("", |symbol| facts.text(symbol));
                (path.starts_with("django.") && (path.contains(".models") || symbol == "models")) || symbol.contains("Abstract")
            }
            _ => false,
        })
    })
}

/// Applications that a settings list called `...APPS` names.
fn installed(base: &FactBase, names: &Names, id: FileId) -> Vec<(String, FileId)> {
    let facts = base.facts(id);
    let mut found = Vec::new();
    for binding in facts.bindings_in(None) {
        let is_list = facts.as_name(binding.target).is_some_and(|name| facts.text(name).ends_with("APPS"));
        let Some(value) = binding.value.filter(|_| is_list) else { continue };
        for literal in literals(facts, value) {
            if let Some(Found::File(file)) = names.dotted(base, id, literal)
                && let Some(folder) = names.tree().package_folder(file)
            {
                found.push((folder.to_owned(), file));
            }
        }
    }
    found
}

/// Every string literal inside a list, a concatenation of lists, or a single literal.
pub(crate) fn literals(facts: &FileFacts, value: crate::facts::ValueId) -> Vec<&str> {
    use crate::facts::Shape;
    match facts.value(value).shape {
        Shape::Literal(text) => vec![facts.text(text)],
        Shape::List(parts) | Shape::Choice(parts) => facts.items(parts).iter().flat_map(|part| literals(facts, *part)).collect(),
        Shape::Joined(left, right) => {
            let mut found = literals(facts, left);
            found.extend(literals(facts, right));
            found
        }
        _ => Vec::new(),
    }
}
