//! Plugins that Fastify loads from a folder: `register(autoload, { dir: path.join(__dirname, 'routes') })`. Folders are the
//! addresses of what lies in them.

use super::Reader;
use super::values::{Abs, Site};
use crate::base::{FileId, is_within};
use crate::names::javascript::{folded_path, speaks};

/// Packages that do that.
const PACKAGES: [&str; 2] = ["@fastify/autoload", "fastify-autoload"];

/// True for the plugin that loads others.
pub(super) fn is_autoload(package: &str) -> bool {
    PACKAGES.contains(&package)
}

impl Reader<'_> {
    /// The files that are loaded, each with its prefix.
    pub(super) fn autoloaded(&mut self, options: &Abs, site: Site) -> Vec<(FileId, String)> {
        let Some((folder, base)) = self.folder_of(options).zip(Some(self.base)) else { return Vec::new() };
        let inner = self.property(options, "options", site.env);
        let prefix = match self.property(&inner, "prefix", site.env) {
            Abs::Text(prefix) => prefix.trim_end_matches('/').to_owned(),
            _ => String::new(),
        };
        let is_plugin = |file: &FileId| {
            let (entry, name) = (base.file(*file), base.file(*file).source.path.name().to_lowercase());
            let hooks = name.trim_start_matches(['.', '_']).replace('_', "").starts_with("autohooks");
            speaks(entry.source.language) && !entry.left_out && is_within(base.path(*file), &folder) && !hooks && !name.ends_with(".d.ts")
        };
        let files: Vec<FileId> = base.ids().filter(is_plugin).collect();
        let has_index = |folder: &str| files.iter().any(|file| is_index(base.path(*file), folder));
        let mut found = Vec::new();
        for file in &files {
            let own = base.file(*file).source.path.parent();
            // Where a folder has an index, nothing else of it is loaded.
            if has_index(own) && !is_index(base.path(*file), own) {
                continue;
            }
            let below = own.strip_prefix(folder.as_str()).unwrap_or("").trim_matches('/');
            let parts = below.split('/').filter(|part| !part.is_empty()).map(|part| match part.strip_prefix('_') {
                Some(parameter) => format!("/:{parameter}"),
                None => format!("/{part}"),
            });
            let placed = match self.exported(*file, "autoPrefix") {
                Abs::Text(own) => format!("/{}", own.trim_start_matches('/')),
                _ => parts.collect(),
            };
            self.concerned.insert(*file);
            found.push((*file, format!("{prefix}{placed}")));
        }
        found
    }

    /// The folder that `dir` names.
    fn folder_of(&mut self, options: &Abs) -> Option<String> {
        let Abs::Written(own) = options else { return None };
        let base = self.base;
        let facts = base.facts(own.file);
        let crate::facts::Shape::Map(entries) = facts.value(own.value).shape else { return None };
        let entries = &facts.entries[entries.range()];
        let dir = entries.iter().find(|entry| entry.key.is_some_and(|key| facts.as_literal(key) == Some("dir")))?.value;
        let folder = folded_path(base, own.file, dir)?;
        folder.strip_prefix('/').map(str::to_owned)
    }
}

fn is_index(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).map(|name| name.trim_start_matches('/')).is_some_and(|name| name.starts_with("index.") && !name.contains('/'))
}
