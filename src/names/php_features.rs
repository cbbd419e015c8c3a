//! Modules of Laravel and Symfony trees: a folder that is about something, else the classes of one model.
//!
//! Such trees sort their classes by layer (`Controllers`, `Models`, `Requests`), and a layer is nothing one could move.
//! What belongs together then is what is called after the same model: `Order`, `OrderController`, `StoreOrderRequest`.

use super::FactBase;
use super::modules::{Basis, Draft, ENOUGH_FILES};
use super::php::PHP;
use crate::base::{is_within, join};
use std::collections::BTreeMap;

/// Folders that say what sort of classes is inside, or that only hold what is about something; in small letters, sorted.
const LAYERS: [&str; 109] = [
    "actions",
    "api",
    "apiresource",
    "apis",
    "application",
    "bundle",
    "bundles",
    "casts",
    "command",
    "commands",
    "components",
    "concerns",
    "console",
    "contexts",
    "contracts",
    "controller",
    "controllers",
    "data",
    "datafixtures",
    "dataobjects",
    "doctrine",
    "domain",
    "domains",
    "dto",
    "dtos",
    "entities",
    "entity",
    "enum",
    "enums",
    "event",
    "eventlistener",
    "events",
    "eventsubscriber",
    "exception",
    "exceptions",
    "facades",
    "factories",
    "factory",
    "features",
    "filters",
    "fixtures",
    "form",
    "forms",
    "handler",
    "handlers",
    "helper",
    "helpers",
    "http",
    "infrastructure",
    "interfaces",
    "jobs",
    "lib",
    "libraries",
    "library",
    "listener",
    "listeners",
    "livewire",
    "mail",
    "mails",
    "manager",
    "managers",
    "message",
    "messagehandler",
    "messages",
    "middleware",
    "model",
    "modelfilters",
    "models",
    "modules",
    "notification",
    "notifications",
    "observers",
    "packages",
    "plugins",
    "policies",
    "presentation",
    "presenters",
    "provider",
    "providers",
    "queries",
    "query",
    "repo",
    "repos",
    "repositories",
    "repository",
    "requests",
    "resources",
    "rest",
    "rules",
    "scopes",
    "security",
    "serializer",
    "serializers",
    "service",
    "services",
    "subscriber",
    "subscribers",
    "support",
    "tools",
    "traits",
    "transformers",
    "twig",
    "type",
    "types",
    "util",
    "utils",
    "v1",
    "v2",
    "validator",
];

/// Folders that models stand in.
const MODELS: [&str; 4] = ["entities", "entity", "model", "models"];

/// A model: the words of its name, and its path.
type Model<'a> = (Vec<String>, &'a str);

/// The modules of files below the sources of such trees, by path.
#[derive(Debug, Default)]
pub(super) struct Features {
    drafts: BTreeMap<String, Draft>,
}

/// One file below the sources.
struct Class<'a> {
    path: &'a str,
    /// The folders between the sources and the file.
    folders: Vec<&'a str>,
    stem: &'a str,
}

impl Features {
    pub(super) fn of(base: &FactBase) -> Self {
        let mut features = Self::default();
        for source in sources(base) {
            features.learn(base, &source);
        }
        features
    }

    pub(super) fn get(&self, path: &str) -> Option<&Draft> {
        self.drafts.get(path)
    }

    fn learn(&mut self, base: &FactBase, source: &str) {
        let classes = classes_below(base, source);
        let models = classes.iter().filter(|class| class.is_model()).map(|class| (words(class.stem), class.path));
        // A file called after nothing but underscores names no model.
        let models: Vec<Model<'_>> = models.filter(|(model, _)| !model.is_empty()).collect();
        let mut below: BTreeMap<String, usize> = BTreeMap::new();
        for class in &classes {
            if let Some((folder, _)) = class.feature(source) {
                *below.entry(folder).or_default() += 1;
            }
        }
        let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for class in &classes {
            let feature = class.feature(source);
            // A folder that is called after a model of another folder belongs to it: `Services/Invoice`.
            let owner = feature.as_ref().and_then(|(folder, name)| model_of_folder(folder, name, &models));
            let feature = feature.filter(|(folder, _)| below[folder] >= ENOUGH_FILES);
            match (owner, feature) {
                (Some(model), _) => groups.entry(model.0.join("_")).or_default().push(class.path),
                (None, Some((folder, name))) => {
                    let rule = "a folder that is about something, below folders of layers";
                    self.add(&[class.path], &folder, &words(&name).join("_"), rule.to_owned(), vec![folder.clone()]);
                }
                (None, None) => {
                    if let Some(model) = called_after(&words(class.stem), &models) {
                        groups.entry(model.0.join("_")).or_default().push(class.path);
                    }
                }
            }
        }
        let (root, _) = source.rsplit_once('/').map_or(("", source), |(root, folder)| (root, folder));
        self.add_texts(base, root, &models, &mut groups);
        for (name, paths) in groups {
            let rule = format!("what is called after the model {name}, in folders of layers");
            self.add(&paths, &format!("{source}/{name}"), &name, rule, paths.iter().map(|path| (*path).to_owned()).collect());
        }
    }

    /// Translations are one module; views belong to the model their folder is called after, or are one module too.
    fn add_texts<'a>(&mut self, base: &'a FactBase, root: &str, models: &[Model<'_>], groups: &mut BTreeMap<String, Vec<&'a str>>) {
        for folder in ["lang", "resources/lang"].map(|folder| join(root, folder)) {
            let paths: Vec<&str> = classes_below(base, &folder).iter().map(|class| class.path).collect();
            self.add(&paths, &folder, "lang", "translations".to_owned(), vec![folder.clone()]);
        }
        let views = join(root, "resources/views");
        for class in classes_below(base, &views) {
            let model = class.folders.first().and_then(|folder| called_after(&words(folder), models));
            match model {
                Some(model) => groups.entry(model.0.join("_")).or_default().push(class.path),
                None => self.add(&[class.path], &views, "views", "views that are called after no model".to_owned(), vec![views.clone()]),
            }
        }
    }

    fn add(&mut self, paths: &[&str], key: &str, name: &str, rule: String, shown: Vec<String>) {
        let draft = Draft { key: key.to_owned(), name: name.to_owned(), basis: Basis::Directory, rule, paths: shown };
        self.drafts.extend(paths.iter().map(|path| ((*path).to_owned(), draft.clone())));
    }
}

impl Class<'_> {
    fn is_model(&self) -> bool {
        match self.folders.last() {
            Some(folder) => MODELS.contains(&folder.to_ascii_lowercase().as_str()),
            None => false,
        }
    }

    /// The first folder that is about something: its path and its name.
    fn feature(&self, source: &str) -> Option<(String, String)> {
        let at = self.folders.iter().position(|folder| !is_layer(folder))?;
        Some((format!("{source}/{}", self.folders[..=at].join("/")), self.folders[at].to_owned()))
    }
}

/// The files of PHP below a folder.
fn classes_below<'a>(base: &'a FactBase, folder: &str) -> Vec<Class<'a>> {
    let files = base.files.iter().filter(|file| !file.left_out && file.source.language == PHP);
    let paths = files.map(|file| file.source.path.as_str()).filter(|path| is_within(path, folder));
    paths.filter_map(|path| class(path, folder)).collect()
}

/// The model, of another folder, that a folder is called after.
fn model_of_folder<'m, 'a>(folder: &str, name: &str, models: &'m [Model<'a>]) -> Option<&'m Model<'a>> {
    let name = words(name);
    models.iter().find(|(model, path)| model.len() == name.len() && is_same(&name, model) && !is_within(path, folder))
}

fn is_layer(folder: &str) -> bool {
    LAYERS.binary_search(&folder.to_ascii_lowercase().as_str()).is_ok()
}

/// Folders of sources: `app` beside Laravel's `artisan`, `src` beside Symfony's console or its bundles.
fn sources(base: &FactBase) -> Vec<String> {
    let all = base.files.iter().map(|file| file.source.path.as_str()).chain(base.other_paths.iter().map(|path| path.as_str()));
    let marks = [("artisan", "app"), ("symfony.lock", "src"), ("bin/console", "src"), ("config/bundles.php", "src")];
    let mut found: Vec<String> = all
        .flat_map(|path| marks.iter().filter_map(move |(mark, folder)| Some((path.strip_suffix(mark)?, *folder))))
        .filter(|(root, _)| root.is_empty() || root.ends_with('/'))
        .map(|(root, folder)| format!("{root}{folder}"))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn class<'a>(path: &'a str, source: &str) -> Option<Class<'a>> {
    let mut folders: Vec<&str> = path.get(source.len() + 1..)?.split('/').collect();
    let stem = folders.pop()?.strip_suffix(".php")?;
    Some(Class { path, folders, stem })
}

/// The words of a class name in small letters: `StoreOrderRequest` is `store`, `order`, `request`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    for letter in name.chars() {
        if words.is_empty() || letter.is_uppercase() && !previous.is_uppercase() || previous == '_' {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter != '_') {
            word.extend(letter.to_lowercase());
        }
        previous = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The longest model whose words stand in a name one behind the other; the last may stand there in the plural.
fn called_after<'m, 'a>(name: &[String], models: &'m [Model<'a>]) -> Option<&'m Model<'a>> {
    let fits = |model: &&Model<'_>| name.windows(model.0.len()).any(|part| is_same(part, &model.0));
    models.iter().filter(fits).max_by_key(|model| (model.0.len(), std::cmp::Reverse(*model)))
}

fn is_same(part: &[String], model: &[String]) -> bool {
    let (Some((last, before)), Some((end, start))) = (part.split_last(), model.split_last()) else { return false };
    let plural = || match (last.strip_suffix("ies"), end.strip_suffix('y')) {
        (Some(many), Some(one)) => many == one,
        _ => last.strip_suffix('s').is_some_and(|single| single == end),
    };
    before == start && (last == end || plural())
}

#[cfg(test)]
mod tests {
    use super::{LAYERS, called_after, words};

    #[test]
    fn layers_are_sorted_so_that_they_can_be_searched() {
        assert!(LAYERS.is_sorted());
    }

    #[test]
    fn a_class_belongs_to_the_longest_model_in_its_name() {
        let models = ["Order", "OrderLine", "Category", "User"].map(|name| (words(name), ""));
        let of = |name: &str| called_after(&words(name), &models).map(|model| model.0.join("_"));
        assert_eq!(of("StoreOrderRequest").as_deref(), Some("order"));
        assert_eq!(of("OrderLineController").as_deref(), Some("order_line"));
        assert_eq!(of("CategoriesExport").as_deref(), Some("category"));
        assert_eq!(of("OrdersSeeder").as_deref(), Some("order"));
        assert_eq!(of("TrimStrings"), None);
    }
}
