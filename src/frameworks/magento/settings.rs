//! What the configuration of all modules says about classes and tables, merged as Magento merges it: the code pools in
//! the order core, community, local, so that the later one wins.

use crate::base::{FileId, Language};
use crate::facts::Node;
use crate::names::FactBase;
use rustc_hash::{FxHashMap, FxHashSet};

/// What an alias is an alias of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Sort {
    Model,
    /// A model that talks to the database, named by the alias of the model it serves.
    Resource,
    Block,
    Helper,
}

impl Sort {
    /// The word in class names and the element in config.xml.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Model | Self::Resource => ("model", "models"),
            Self::Block => ("block", "blocks"),
            Self::Helper => ("helper", "helpers"),
        }
    }
}

/// A class name that an alias stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ClassName {
    pub(super) name: String,
    /// The configuration that put this class in the place of another.
    pub(super) rewritten_by: Option<FileId>,
}

/// One group of aliases: what stands before the `/`.
#[derive(Default, Debug)]
struct Group {
    /// The prefix of its classes.
    class: Option<String>,
    /// The group of its resource models.
    resource: Option<String>,
    /// What this group was called in earlier versions; modules may still use that name for tables and rewrites.
    formerly: Option<String>,
    rewrites: FxHashMap<String, (String, FileId)>,
    tables: FxHashMap<String, String>,
}

/// Groups of all modules.
#[derive(Default, Debug)]
pub(super) struct Settings {
    groups: FxHashMap<(&'static str, String), Group>,
}

/// Where Magento looks for a module, later ones winning over earlier ones.
const POOLS: [&str; 4] = ["app/etc/", "app/code/core/", "app/code/community/", "app/code/local/"];

/// The sections of a configuration that declare groups.
const SECTIONS: [&str; 3] = ["models", "blocks", "helpers"];

impl Settings {
    pub(super) fn read(base: &FactBase) -> Self {
        let mut files: Vec<(usize, FileId)> = Vec::new();
        let mut switched_off: FxHashSet<String> = FxHashSet::default();
        for id in base.ids().filter(|id| base.file(*id).source.language == Language::XML && !base.file(*id).left_out) {
            let path = base.path(id);
            if path.contains("app/etc/modules/") {
                switched_off.extend(off(base, id));
            } else if is_config(path) || path.ends_with("app/etc/local.xml") {
                let pool = POOLS.iter().rposition(|pool| path.starts_with(pool) || path.contains(&format!("/{pool}"))).unwrap_or(0);
                files.push((pool, id));
            }
        }
        files.sort_unstable();
        let mut settings = Self::default();
        for (_, id) in files {
            if !module_of(base.path(id)).is_some_and(|module| switched_off.contains(&module)) {
                settings.add(base, id);
            }
        }
        settings
    }

    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn add(&mut self, base: &FactBase, file: FileId) {
        let Some(document) = base.facts(file).document() else { return };
        for section in SECTIONS {
            // Rewrites may be limited to one area; who reads the code wants to know of them all the same.
            let areas = ["global", "frontend", "adminhtml", "admin"];
            for groups in areas.iter().flat_map(|area| document.all(&["config", area, section])) {
                for (name, node) in groups.entries() {
                    self.groups.entry((section, name.to_owned())).or_default().add(file, node);
                }
            }
        }
    }

    fn group(&self, sort: Sort, name: &str) -> Option<&Group> {
        self.groups.get(&(sort.words().1, name.to_owned()))
    }

    /// The class an alias stands for; a name without `/` is the class itself, for a helper the group.
    pub(super) fn class(&self, sort: Sort, alias: &str) -> Option<ClassName> {
        let (group, class) = match alias.trim().split_once('/') {
            Some(parts) => parts,
            None if sort == Sort::Helper && !alias.contains('_') => (alias.trim(), "data"),
            None => return Some(ClassName { name: alias.trim().to_owned(), rewritten_by: None }),
        };
        if group.is_empty() || class.is_empty() || class.contains('/') {
            return None;
        }
        if sort == Sort::Resource {
            let resource = self.group(sort, group)?.resource.as_deref()?;
            return Some(self.grouped(sort, resource, class));
        }
        Some(self.grouped(sort, group, class))
    }

    /// The prefix of a group and the name in it; a group nobody declares has the name Magento gives it.
    fn grouped(&self, sort: Sort, name: &str, class: &str) -> ClassName {
        let group = self.group(sort, name);
        let former = group.and_then(|group| self.group(sort, group.formerly.as_deref()?));
        if let Some((name, file)) = group.into_iter().chain(former).find_map(|group| group.rewrites.get(class)) {
            return ClassName { name: name.clone(), rewritten_by: Some(*file) };
        }
        let prefix = group.and_then(|group| group.class.clone()).unwrap_or_else(|| format!("mage_{name}_{}", sort.words().0));
        ClassName { name: format!("{prefix}_{class}"), rewritten_by: None }
    }

    /// The table an alias such as `catalog/product` stands for, without the prefix of an installation; a name without `/`
    /// is the table itself.
    pub(super) fn table(&self, alias: &str) -> Option<String> {
        let alias = alias.trim();
        let Some((group, entity)) = alias.split_once('/') else {
            return (!alias.is_empty()).then(|| alias.to_owned());
        };
        let resource = self.group(Sort::Model, group)?.resource.as_deref()?;
        let at = self.group(Sort::Model, resource)?;
        let former = at.formerly.as_deref().and_then(|name| self.group(Sort::Model, name));
        at.tables.get(entity).or_else(|| former?.tables.get(entity)).cloned()
    }

    /// Every table that a configuration names.
    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        #[allow(clippy::iter_over_hash_type, reason = "what is collected is a set")]
        self.groups.values().flat_map(|group| group.tables.values()).map(String::as_str)
    }
}

impl Group {
    fn add(&mut self, file: FileId, node: Node<'_>) {
        let text = |key: &str| node.get(key).and_then(Node::text).filter(|text| !text.is_empty()).map(str::to_owned);
        self.class = text("class").or_else(|| text("model")).or(self.class.take());
        self.formerly = text("deprecatedNode").or(self.formerly.take());
        self.resource = text("resourceModel").or(self.resource.take());
        for (class, name) in node.all(&["rewrite"]).into_iter().flat_map(Node::entries) {
            if let Some(name) = name.text().filter(|name| !name.is_empty()) {
                self.rewrites.insert(class.to_owned(), (name.to_owned(), file));
            }
        }
        for (entity, at) in node.all(&["entities"]).into_iter().flat_map(Node::entries) {
            if let Some(table) = at.get("table").and_then(Node::text) {
                self.tables.insert(entity.to_owned(), table.to_owned());
            }
        }
    }
}

/// True for the configuration of a module.
pub(super) fn is_config(path: &str) -> bool {
    path.ends_with("/etc/config.xml")
}

/// Modules that a file of `app/etc/modules` switches off.
fn off(base: &FactBase, file: FileId) -> Vec<String> {
    let Some(document) = base.facts(file).document() else { return Vec::new() };
    let modules = document.all(&["config", "modules"]).into_iter().flat_map(Node::entries);
    let off = modules.filter(|(_, module)| {
        let active = module.get("active").and_then(Node::text);
        active.is_some_and(|active| active == "false" || active == "0")
    });
    off.map(|(name, _)| name.to_owned()).collect()
}

/// `Vendor_Module` for a file of `app/code/<pool>/<Vendor>/<Module>/`.
pub(super) fn module_of(path: &str) -> Option<String> {
    let (_, below) = path.split_once("app/code/")?;
    let mut parts = below.split('/').skip(1);
    Some(format!("{}_{}", parts.next()?, parts.next()?))
}

#[cfg(test)]
mod tests {
    use super::module_of;

    #[test]
    fn a_module_is_named_by_its_folder() {
        assert_eq!(module_of("app/code/local/Acme/Parcels/etc/config.xml").as_deref(), Some("Acme_Parcels"));
        assert_eq!(module_of("src/app/code/core/Mage/Core/x.php").as_deref(), Some("Mage_Core"));
        assert_eq!(module_of("app/etc/config.xml"), None);
    }
}
