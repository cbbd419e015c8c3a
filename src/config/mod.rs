//! `unpick.toml` as a typed [`Config`]; everything works without one.
//!
//! The file is found upward from the scanned path or named with `--config`. Its patterns are relative to its own
//! folder when that folder holds the scanned one, otherwise to the scanned folder; `*` stays within one folder,
//! `**` crosses folders, and a pattern that names a folder means everything below it.
//!
//! ```toml
//! same = [["shop/orders", "shop/cart"]]          # modules, files or tables that the plan keeps together
//! apart = [["shop/orders", "shop/reports"]]      # and those it keeps apart
//!
//! [[module]]                                     # the first rule that matches names the module of a file
//! name = "orders"
//! paths = ["shop/orders", "shop/**/order_*.py"]
//! kind = "app"                                   # app (default), shared, infra, ignore
//!
//! [scan]
//! exclude = ["docs", "**/legacy_*.py"]           # not looked at, not listed
//! include_tagged = ["test"]                      # tags that count as running code here
//! max_file_bytes = 2_000_000                     # larger files are listed, not read
//! source_roots = ["src"]                         # where absolute Python imports start
//!
//! [rules]                                        # what `unpick check` holds the code to
//! forbid = [{from = "cart", to = "web.*", reason = "the cart is used without a browser"}]
//! layers = ["web", ["cart", "orders"], "base"]   # from the top down; none may use one above it
//! strict = ["payments", "shop/billing/**"]       # nothing may be accepted there
//! max_file_lines = 2000                          # also max_module_files, max_module_lines
//!
//! [[service]]                                    # a service that is decided on
//! name = "billing"
//! modules = ["shop/payments"]                    # modules or files
//! tables = ["payments"]
//! ```

mod error;
mod find;
mod patterns;
mod read;
mod read_rules;
mod read_services;
mod rules;
#[cfg(test)]
mod tests;

pub use error::{ConfigError, Mistake};
pub use read_services::Service;
pub use rules::{Forbidden, Limits, Rules, Selection};

use crate::base::{RelPath, Tag, Tags};
use patterns::Patterns;
use std::path::{Path, PathBuf};

/// Files above this size are listed but not read unless the config says otherwise.
///
/// Hand-written source stays far below it; what lies above is data or bundles, which cost more to parse than the rest
/// of a repository together.
pub const DEFAULT_MAX_FILE_BYTES: u64 = 2_000_000;

/// What a `[[module]]` is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum ModuleKind {
    /// Part of the application; may become part of a service.
    #[default]
    App,
    /// Used by many, becomes a library.
    Shared,
    /// Start-up, settings, wiring.
    Infra,
    /// Left out of the map.
    Ignore,
}

impl ModuleKind {
    /// Every kind with the word the config uses.
    pub const ALL: [Self; 4] = [Self::App, Self::Shared, Self::Infra, Self::Ignore];

    /// The word in the config.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Shared => "shared",
            Self::Infra => "infra",
            Self::Ignore => "ignore",
        }
    }
}

/// One `[[module]]` table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModuleRule {
    /// The module's name.
    pub name: String,
    /// The patterns as written.
    pub paths: Vec<String>,
    /// What it is for.
    pub kind: ModuleKind,
}

/// The `[scan]` table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scan {
    /// The `exclude` patterns as written; [`Config::is_excluded`] applies them.
    pub exclude: Vec<String>,
    /// Tags that do not take a file out of the map here.
    pub include_tagged: Tags,
    /// Larger files are listed but not read.
    pub max_file_bytes: u64,
    /// Python source roots, relative to the scanned folder; those outside of it are dropped.
    pub source_roots: Vec<RelPath>,
}

impl Default for Scan {
    fn default() -> Self {
        Self { exclude: Vec::new(), include_tagged: Tags::default(), max_file_bytes: DEFAULT_MAX_FILE_BYTES, source_roots: Vec::new() }
    }
}

/// What the user said about the tree.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file it was read from.
    pub file: Option<PathBuf>,
    /// The `[scan]` table.
    pub scan: Scan,
    /// The `[rules]` table.
    pub rules: Rules,
    /// The `[[service]]` tables in the order written.
    pub services: Vec<Service>,
    /// Groups of modules, files or tables that stay together.
    pub same: Vec<Vec<String>>,
    /// Groups of those of which no two share a service.
    pub apart: Vec<Vec<String>>,
    /// Treat foreign keys of schemas and relations of models as unknown, so that inferring them can be tested
    /// (`--ignore-declared-keys`; no key of the file).
    pub ignore_declared_keys: bool,
    /// Find out what routes take and answer (for `unpick contracts`; no key of the file).
    pub payloads: bool,
    modules: Vec<ModuleRule>,
    module_patterns: Patterns,
    excluded: Patterns,
}

impl Config {
    /// Reads the explicit file, or the nearest `unpick.toml` in `scanned` and the folders above it.
    ///
    /// # Errors
    /// When an explicit file is missing, a file cannot be read, or what it says is wrong.
    pub fn load(explicit: Option<&Path>, scanned: &Path) -> Result<Self, ConfigError> {
        let Some(file) = find::locate(explicit, scanned)? else {
            return Ok(Self::default());
        };
        let text = find::read_text(&file)?;
        Self::parse(&text, &file, scanned)
    }

    /// Reads config text as if it stood in `file`.
    ///
    /// # Errors
    /// When what it says is wrong.
    pub fn parse(text: &str, file: &Path, scanned: &Path) -> Result<Self, ConfigError> {
        read::read(text, file, &find::prefix(file, scanned))
    }

    /// The module rules in the order written.
    #[must_use]
    pub fn modules(&self) -> &[ModuleRule] {
        &self.modules
    }

    /// The first rule whose patterns match a path relative to the scanned root.
    #[must_use]
    pub fn module_for(&self, path: &str) -> Option<&ModuleRule> {
        self.module_patterns.first_owner(path).and_then(|owner| self.modules.get(owner))
    }

    /// True when `[scan] exclude` names the path or a folder above it.
    #[must_use]
    pub fn is_excluded(&self, path: &str) -> bool {
        self.excluded.first_owner(path).is_some()
    }

    /// True when a file with these tags stays out of the map: [`Tags::left_out`] without `include_tagged`.
    #[must_use]
    pub fn leaves_out(&self, tags: Tags) -> bool {
        tags.iter().any(|tag| tag != Tag::Migration && !self.scan.include_tagged.contains(tag))
    }
}
