//! What `composer.json` says about where classes are: PSR-4, PSR-0 and class maps of the tree's own packages.

use crate::base::{Problem, Severity, join};
use crate::names::Manifest;
use rustc_hash::FxHashSet;
use serde_json::Value;

/// Where the loaders of the tree look for classes.
#[derive(Debug, Default)]
pub(super) struct Autoload {
    /// Prefix of a namespace in small letters, with its last `\`, and the folder that stands for it.
    psr4: Vec<(String, String)>,
    /// Prefix of a name in small letters, and the folder below which the whole name is a path.
    psr0: Vec<(String, String)>,
    /// Files and folders that are searched for classes.
    classmap: Vec<String>,
    /// Packages that are required from elsewhere: who gives them out, and what they are about.
    required: FxHashSet<(String, String)>,
    pub(super) problems: Vec<Problem>,
}

impl Autoload {
    pub(super) fn read(manifests: &[Manifest]) -> Self {
        let mut found = Self::default();
        for manifest in manifests.iter().filter(|manifest| manifest.path.name() == "composer.json") {
            match serde_json::from_str::<Value>(manifest.text.trim_start_matches('\u{feff}')) {
                Ok(value) => {
                    let folder = manifest.path.parent();
                    found.require(&value);
                    ["autoload", "autoload-dev"].iter().filter_map(|key| value.get(key)).for_each(|rules| found.add(folder, rules));
                }
                Err(error) => found.problems.push(Problem {
                    path: manifest.path.clone(),
                    line: u32::try_from(error.line()).ok(),
                    severity: Severity::Warning,
                    message: "not read: it is no JSON; of several definitions of a class the nearest is taken".to_owned(),
                }),
            }
        }
        found
    }

    fn require(&mut self, manifest: &Value) {
        let lists = ["require", "require-dev"].iter().filter_map(|key| manifest.get(key)?.as_object());
        for (vendor, package) in lists.flat_map(|list| list.keys()).filter_map(|name| name.split_once('/')) {
            self.required.insert((vendor.to_lowercase(), stem(package)));
        }
    }

    /// True for a name below a namespace of the tree that a required package may have too: of the same vendor, and called after
    /// the same thing. The tree has nothing there.
    pub(super) fn is_required(&self, name: &str, is_there: impl Fn(&str) -> bool) -> bool {
        let fits = self.psr4.iter().filter(|(prefix, _)| !prefix.is_empty() && name.starts_with(prefix.as_str()));
        let Some((prefix, _)) = fits.max_by_key(|(prefix, _)| prefix.len()) else { return false };
        let (Some(vendor), Some((part, _))) = (name.split('\\').next(), name[prefix.len()..].split_once('\\')) else { return false };
        self.required.contains(&(vendor.to_owned(), stem(part))) && !is_there(&format!("{prefix}{part}\\"))
    }

    fn add(&mut self, folder: &str, rules: &Value) {
        for (key, list) in [("psr-4", &mut self.psr4), ("psr-0", &mut self.psr0)] {
            for (prefix, places) in rules.get(key).and_then(Value::as_object).into_iter().flatten() {
                list.extend(texts(places).map(|place| (prefix.to_lowercase(), below(folder, place))));
            }
        }
        self.classmap.extend(rules.get("classmap").into_iter().flat_map(texts).map(|place| below(folder, place)));
    }

    /// True when a loader that asks for a class, by its full name in small letters, finds it in a file.
    pub(super) fn loads(&self, name: &str, path: &str) -> bool {
        let path = path.to_lowercase();
        let Some(stem) = path.rsplit_once('.').map(|(stem, _)| stem) else { return false };
        let at = |folder: &str, rest: &str| join(&folder.to_lowercase(), rest) == stem;
        let by_namespace = |(prefix, folder): &(String, String)| {
            name.strip_prefix(prefix.as_str()).is_some_and(|rest| at(folder, &rest.replace('\\', "/")))
        };
        let by_name = |(prefix, folder): &(String, String)| {
            // In the name of the class itself `_` stands for a folder too.
            let (namespace, class) = name.rsplit_once('\\').map_or(("", name), |(namespace, class)| (namespace, class));
            name.starts_with(prefix.as_str()) && at(folder, &join(&namespace.replace('\\', "/"), &class.replace('_', "/")))
        };
        self.psr4.iter().any(by_namespace)
            || self.psr0.iter().any(by_name)
            || self.classmap.iter().any(|place| crate::base::is_within(&path, &place.to_lowercase()))
    }

    /// The folder where a class ought to be that the tree does not have, by its full name.
    pub(super) fn folder_of(&self, name: &str) -> Option<&str> {
        let name = name.to_lowercase();
        let fits = self.psr4.iter().filter(|(prefix, _)| !prefix.is_empty() && name.starts_with(prefix.as_str()));
        fits.max_by_key(|(prefix, _)| prefix.len()).map(|(_, folder)| folder.as_str())
    }
}

/// `resource-bundle` and `ResourceBundle` are about `resource`.
fn stem(name: &str) -> String {
    let bare = name.to_lowercase().replace(['-', '_'], "");
    bare.strip_suffix("bundle").filter(|stem| !stem.is_empty()).map_or(bare.clone(), str::to_owned)
}

/// One text or a list of them.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let one = value.as_str().into_iter();
    one.chain(value.as_array().into_iter().flatten().filter_map(Value::as_str))
}

/// A path of a manifest, relative to the tree.
fn below(folder: &str, place: &str) -> String {
    let place = place.trim_start_matches("./").trim_end_matches('/');
    if place.is_empty() || place == "." { folder.to_owned() } else { join(folder, place) }
}

#[cfg(test)]
mod tests {
    use super::Autoload;
    use crate::base::RelPath;
    use crate::names::Manifest;

    fn autoload(text: &str) -> Autoload {
        Autoload::read(&[Manifest { path: RelPath::new("shop/composer.json"), text: text.to_owned() }])
    }

    #[test]
    fn a_class_is_loaded_from_where_the_manifest_says() {
        let found = autoload(
            r#"{"autoload": {"psr-4": {"Acme\\": ["src/", "more"]}, "psr-0": {"Old_": "lib"}, "classmap": ["maps/"]},
                "autoload-dev": {"psr-4": {"": "any"}}}"#,
        );
        assert!(found.loads("acme\\cart\\line", "shop/src/Cart/Line.php") && found.loads("acme\\x", "shop/more/X.php"));
        assert!(found.loads("old_money_sum", "shop/lib/Old/Money/Sum.php") && found.loads("free", "shop/any/Free.php"));
        assert!(found.loads("anything", "shop/maps/deep/all.php"));
        assert!(!found.loads("acme\\cart", "shop/old/Cart.php") && !found.loads("other\\x", "shop/src/X.php"));
        assert_eq!(found.folder_of("Acme\\Lost"), Some("shop/more"));
    }

    #[test]
    fn a_required_package_may_share_a_namespace() {
        let text = r#"{"autoload": {"psr-4": {"Acme\\Bundle\\": "src"}}, "require": {"acme/mail-bundle": "1", "php": "8"}}"#;
        let found = autoload(text);
        assert!(found.is_required("acme\\bundle\\mailbundle\\sender", |_| false));
        assert!(!found.is_required("acme\\bundle\\mailbundle\\sender", |prefix| prefix == "acme\\bundle\\mailbundle\\"));
        assert!(!found.is_required("acme\\bundle\\cartbundle\\line", |_| false) && !found.is_required("acme\\bundle\\mail", |_| false));
    }

    #[test]
    fn what_is_no_json_is_told() {
        assert_eq!(autoload("{ \"autoload\": ").problems.len(), 1);
        assert!(autoload("[]").problems.is_empty() && autoload("{\"autoload\": 1}").psr4.is_empty());
    }
}
