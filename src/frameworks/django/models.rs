//! Which file defines the model that `app.Model` means.

use crate::base::{FileId, is_within};
use crate::names::{App, Export, FactBase, Names};
use rustc_hash::FxHashMap;

/// Models by application label and class name, both lower case, as Django compares them.
pub(in crate::frameworks) struct ModelIndex<'a> {
    names: &'a Names,
    models: FxHashMap<(String, String), (FileId, String)>,
    labels: FxHashMap<String, usize>,
}

impl<'a> ModelIndex<'a> {
    pub(in crate::frameworks) fn of(base: &FactBase, names: &'a Names) -> Self {
        let mut index = Self { names, models: FxHashMap::default(), labels: FxHashMap::default() };
        for (place, app) in names.apps.iter().enumerate() {
            index.labels.entry(app.label.to_lowercase()).or_insert(place);
        }
        // Files called models first: a model's other namesakes (forms, admin, serializers) live beside it.
        let mut files: Vec<FileId> = base.ids().filter(|id| !base.file(*id).left_out).collect();
        files.sort_by_key(|id| !is_models_file(base.path(*id)));
        for id in files {
            index.add(base, id);
        }
        index
    }

    fn add(&mut self, base: &FactBase, id: FileId) {
        let path = base.path(id);
        if base.file(id).tags.contains(crate::base::Tag::Migration) {
            return;
        }
        let Some(app) = self.app_of(path) else { return };
        if !is_models_file(path) {
            return;
        }
        let label = app.label.to_lowercase();
        let facts = base.facts(id);
        for (_, definition) in facts.definitions() {
            if definition.kind.is_type() && definition.owner.is_none() {
                let name = facts.text(definition.name);
                self.models.entry((label.clone(), name.to_lowercase())).or_insert((id, name.to_owned()));
            }
        }
    }

    /// The application around a path.
    pub(in crate::frameworks) fn app_of(&self, path: &str) -> Option<&'a App> {
        self.names.apps.iter().filter(|app| is_within(path, &app.folder)).max_by_key(|app| app.folder.len())
    }

    /// The application of a label.
    pub(in crate::frameworks) fn app(&self, label: &str) -> Option<&'a App> {
        self.labels.get(&label.to_lowercase()).map(|place| &self.names.apps[*place])
    }

    /// The file and class that a label and model name mean. A model handed on by the application's `models` from
    /// elsewhere in the tree counts too.
    pub(in crate::frameworks) fn model(&self, base: &FactBase, label: &str, model: &str) -> Option<(FileId, String)> {
        let key = (label.to_lowercase(), model.to_lowercase());
        if let Some((file, name)) = self.models.get(&key) {
            return Some((*file, name.clone()));
        }
        let app = self.app(label)?;
        let models = self.names.tree().python_module(&app.folder, "models")?;
        let home = self.names.home(base, models, model)?;
        match home.export? {
            Export::Definition(_) => Some((home.file, model.to_owned())),
            _ => None,
        }
    }
}

/// `models.py`, a file in `models/`, or one that Django projects name like it (`abstract_models.py` holds no model).
fn is_models_file(path: &str) -> bool {
    path.ends_with("/models.py")
        || path == "models.py"
        || path.contains("/models/")
        || path.ends_with("_models.py") && !path.ends_with("abstract_models.py")
}
