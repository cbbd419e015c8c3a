//! The resolvers and their settings: JavaScript's order of endings and TypeScript's, each over the tree as it is and,
//! for packages whose manifest points at what a build would make, over the tree as if it were built.
//!
//! **X.js beside X.ts**: an import without ending means X.js, as it does when the program runs; an import of `X.js`
//! from TypeScript means X.ts, as it does when the program is compiled.

use super::manifests::Manifests;
use super::tree_view::{Paths, TreeView, absolute};
use crate::names::FactBase;
use oxc_resolver::{ResolveOptions, ResolverGeneric, TsconfigDiscovery};
use std::path::Path;
use std::sync::Arc;

/// What is tried behind a name without ending.
const ENDINGS: [&str; 14] =
    [".js", ".json", ".node", ".ts", ".tsx", ".d.ts", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".es6"];

/// Conditions of `exports` and `imports` that hold. `types` comes last among the files' own order.
const CONDITIONS: [&str; 7] = ["source", "development", "import", "require", "node", "default", "browser"];

pub(super) struct Resolver {
    paths: Arc<Paths>,
    names_paths: bool,
    as_is: [ResolverGeneric<TreeView>; 2],
    as_built: [ResolverGeneric<TreeView>; 2],
    views: [TreeView; 2],
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").field("paths", &self.paths).finish_non_exhaustive()
    }
}

impl Resolver {
    pub(super) fn new(base: &FactBase, manifests: &Manifests) -> Self {
        let paths = Arc::new(Paths::of(base, manifests));
        let resolvers = |built: bool| {
            let first = ResolverGeneric::new_with_file_system(TreeView::new(Arc::clone(&paths), built), options(false, built));
            let second = ResolverGeneric::new_with_file_system(TreeView::new(Arc::clone(&paths), built), options(true, built));
            [first, second]
        };
        Self {
            names_paths: manifests.names_paths,
            as_is: resolvers(false),
            as_built: resolvers(true),
            views: [TreeView::new(Arc::clone(&paths), false), TreeView::new(Arc::clone(&paths), true)],
            paths,
        }
    }

    /// The path of the tree that a specifier in a file means.
    pub(super) fn find(&self, from: &str, specifier: &str) -> Option<String> {
        let is_path = specifier.starts_with('.') || specifier.starts_with('/');
        let of_package = specifier.starts_with('#') || self.paths.has_package(super::package_name(specifier));
        if specifier.is_empty() || !(is_path || of_package || self.names_paths) {
            return None;
        }
        let typescript = usize::from(is_typescript(from));
        // A component's script has the names of the scripts beside it, whatever a tsconfig.json says about endings.
        let component = [".vue", ".svelte"].iter().find_map(|ending| from.strip_suffix(ending));
        let from = absolute(&component.map_or_else(|| from.to_owned(), |stem| format!("{stem}.ts")));
        let specifier = if let Some(path) = specifier.strip_prefix('/') { absolute(path) } else { specifier.to_owned() };
        let ask = |resolvers: &[ResolverGeneric<TreeView>; 2], view: &TreeView| {
            let found = resolvers[typescript].resolve_file(Path::new(&from), &specifier).ok()?;
            view.file(found.path())
        };
        let found = ask(&self.as_is, &self.views[0]);
        if found.is_some() || is_path {
            return found;
        }
        ask(&self.as_built, &self.views[1])
    }
}

fn is_typescript(path: &str) -> bool {
    [".ts", ".tsx", ".mts", ".cts"].iter().any(|ending| path.ends_with(ending))
}

fn options(typescript: bool, built: bool) -> ResolveOptions {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
    let stands_for = |javascript: &[&str], types: &[&str]| {
        let order = if typescript { [types, javascript].concat() } else { [javascript, types].concat() };
        (javascript[0].to_owned(), texts(&order))
    };
    let mut conditions = texts(&CONDITIONS);
    let mut main_files = texts(&["index"]);
    let mut main_fields = texts(&["main", "module"]);
    if built {
        conditions.push("types".to_owned());
        main_files.extend(texts(&["src/index", "source/index", "lib/index"]));
        main_fields.extend(texts(&["source", "types", "typings"]));
    }
    ResolveOptions {
        tsconfig: Some(TsconfigDiscovery::Auto),
        condition_names: conditions,
        extensions: texts(&ENDINGS),
        extension_alias: vec![
            stands_for(&[".js"], &[".ts", ".tsx", ".d.ts"]),
            stands_for(&[".jsx"], &[".tsx"]),
            stands_for(&[".mjs"], &[".mts", ".d.mts"]),
            stands_for(&[".cjs"], &[".cts", ".d.cts"]),
        ],
        main_fields,
        main_files,
        symlinks: false,
        builtin_modules: true,
        ..ResolveOptions::default()
    }
}
