//! What the folders of a path say about a file.
//!
//! A folder's name is only a hint: a shop has an app called `vendor`, a laboratory one called `tests`. So a folder is
//! believed together with what lies in it, and in doubt the file stays part of the application.

use super::{generated, minified, tags};
use crate::base::{RelPath, Tag, Tags};
use rustc_hash::{FxHashMap, FxHashSet};

/// Folders of tests and their helpers, in lower case.
const TEST_FOLDERS: [&str; 17] = [
    "tests",
    "test",
    "testing",
    "__tests__",
    "__mocks__",
    "testdata",
    "testutils",
    "test_utils",
    "test_helpers",
    "unittests",
    "unit_tests",
    "integration_tests",
    "functional_tests",
    "acceptance_tests",
    "e2e",
    "e2e_tests",
    "cypress",
];

/// Folders that hold tests in some trees and specifications in others: believed when a test lies in them.
const SPEC_FOLDERS: [&str; 2] = ["spec", "specs"];

/// Folders only tools fill with other people's code.
const PACKAGE_FOLDERS: [&str; 6] = ["node_modules", "bower_components", "site-packages", "dist-packages", "_vendor", "_vendored"];

/// Folders people put other people's code in, unless it is a word of their business.
const VENDOR_FOLDERS: [&str; 7] = ["vendor", "vendors", "third_party", "third-party", "thirdparty", "3rdparty", "3rd_party"];

/// Folders whose direct subfolders are named after parts of the business.
const BUSINESS_PARENTS: [&str; 9] = ["templates", "pages", "views", "components", "screens", "controllers", "routes", "features", "api"];

/// Files (and folders, without extension) that only the application's own packages hold directly.
const APPLICATION_FILES: [&str; 20] = [
    "models",
    "views",
    "urls",
    "apps",
    "admin",
    "forms",
    "serializers",
    "routes",
    "router",
    "routers",
    "services",
    "service",
    "schemas",
    "crud",
    "repository",
    "tasks",
    "signals",
    "managers",
    "endpoints",
    "migrations",
];

/// So many of them stand beside each other in an application only.
const MANY_PARTS: u8 = 4;

/// What lies in a folder with a telling name.
#[derive(Clone, Copy, Default, Debug)]
struct Signs {
    /// A file or folder of [`APPLICATION_FILES`], directly.
    application: bool,
    /// How many of them.
    parts: u8,
    /// `models` directly.
    models: bool,
    /// `apps.py` or a migration of its own.
    installed: bool,
    /// A file with a test's name, directly.
    test_inside: bool,
    /// The same, at any depth.
    test_below: bool,
    /// A numbered or hashed migration.
    migration: bool,
    /// Composer's loader, directly.
    composer: bool,
}

/// The folders with telling names, and the files that are copies made by a build.
pub(super) struct Folders {
    signs: FxHashMap<String, Signs>,
    copies: FxHashSet<String>,
}

impl Folders {
    /// Looks over all paths of a tree.
    pub(super) fn new<'a>(paths: impl Iterator<Item = &'a RelPath> + Clone) -> Self {
        let mut signs: FxHashMap<String, Signs> = FxHashMap::default();
        let (mut built, mut collected) = (Vec::new(), Vec::new());
        for path in paths.clone() {
            for part in parts(path.as_str()).filter(|part| is_telling(part.name)) {
                if !signs.contains_key(part.folder) {
                    signs.insert(part.folder.to_owned(), Signs::default());
                }
                if let Some(signs) = signs.get_mut(part.folder) {
                    signs.note(part.rest);
                }
            }
            if let Some(original) = generated::collected_from(path) {
                collected.push((path, original));
            }
            if let Some((before, rest)) = path.as_str().split_once("build/lib/")
                && (before.is_empty() || before.ends_with('/'))
            {
                built.push((path, [format!("{before}{rest}"), format!("{before}src/{rest}")]));
            }
        }
        Self { signs, copies: copies(built, collected, paths) }
    }

    /// The tags a path alone is enough for; the content may add others.
    pub(super) fn tags_by_path(&self, path: &RelPath) -> Tags {
        let mut tags = Tags::default();
        let (mut test, mut migration) = (path.name() == "conftest.py", false);
        let mut parent = "";
        for part in parts(path.as_str()) {
            if is_telling(part.name) {
                let signs = self.signs.get(part.folder).copied().unwrap_or_default();
                let name = part.name.to_ascii_lowercase();
                test |= signs.is_test(&name);
                migration |= signs.migration;
                if signs.is_vendor(part.name, parent) {
                    tags.insert(Tag::Vendor);
                }
            }
            parent = part.name;
        }
        // Migrations of applications that exist for tests only belong to no schema.
        if test {
            tags.insert(Tag::Test);
        } else if migration {
            tags.insert(Tag::Migration);
        }
        if !migration && (generated::by_name(path) || self.copies.contains(path.as_str())) {
            tags.insert(Tag::Generated);
        }
        if minified::by_name(path) {
            tags.insert(Tag::Minified);
        }
        tags
    }
}

/// The files below `build/lib/` whose originals are in the tree, because a Python build copies the package, and scripts
/// that stand beside a copy with a hash in its name: both were put there for delivery.
fn copies<'a>(
    built: Vec<(&'a RelPath, [String; 2])>,
    collected: Vec<(&'a RelPath, String)>,
    paths: impl Iterator<Item = &'a RelPath>,
) -> FxHashSet<String> {
    if built.is_empty() && collected.is_empty() {
        return FxHashSet::default();
    }
    let all: FxHashSet<&str> = paths.map(RelPath::as_str).collect();
    let copied = built.into_iter().filter(|(_, originals)| originals.iter().any(|original| all.contains(original.as_str())));
    let mut copies: FxHashSet<String> = copied.map(|(path, _)| path.as_str().to_owned()).collect();
    for (path, original) in collected.into_iter().filter(|(_, original)| all.contains(original.as_str())) {
        copies.insert(path.as_str().to_owned());
        copies.insert(original);
    }
    copies
}

impl Signs {
    /// Notes a file; `rest` is its path below the folder.
    fn note(&mut self, rest: &str) {
        let (first, below) = rest.split_once('/').map_or((rest, ""), |(first, below)| (first, below));
        let stem = first.split_once('.').map_or(first, |(stem, _)| stem);
        let application = APPLICATION_FILES.contains(&stem);
        self.application |= application;
        self.parts = self.parts.saturating_add(u8::from(application && below.is_empty()));
        self.models |= stem == "models";
        self.installed |= first == "apps.py" || (first == "migrations" && is_numbered(below));
        self.composer |= rest == "autoload.php";
        let name = rest.rsplit('/').next().unwrap_or(rest);
        let test = name == "conftest.py" || tags::test_name(name).is_some();
        self.test_below |= test;
        self.test_inside |= test && below.is_empty();
        self.migration |= is_numbered(rest) || is_script(rest) || (first == "versions" && (is_hashed(below) || is_of_version(below)));
    }

    /// A test folder is believed unless it is an installed application with models and without a single test, or has all
    /// that an application has: a laboratory keeps its tests in models, views and services. Helpers of tests are sorted so
    /// too, but in folders called `testing` and the like.
    fn is_test(self, name: &str) -> bool {
        if SPEC_FOLDERS.contains(&name) {
            return self.test_below;
        }
        let installed = self.installed && !self.test_inside;
        let whole = self.parts >= MANY_PARTS && !self.test_below && matches!(name, "test" | "tests");
        TEST_FOLDERS.contains(&name) && !(self.models && (installed || whole))
    }

    /// Other people's code. `Vendor` with a capital is a namespace, not a folder of packages.
    fn is_vendor(self, name: &str, parent: &str) -> bool {
        PACKAGE_FOLDERS.contains(&name)
            || (VENDOR_FOLDERS.contains(&name) && (self.composer || !(self.application || BUSINESS_PARENTS.contains(&parent))))
    }
}

/// A folder above a file.
struct Part<'a> {
    /// Its path.
    folder: &'a str,
    /// Its name.
    name: &'a str,
    /// The file's path below it.
    rest: &'a str,
}

/// The folders above a file, outermost first.
fn parts(path: &str) -> impl Iterator<Item = Part<'_>> {
    let mut start = 0;
    path.match_indices('/').map(move |(at, _)| {
        let part = Part { folder: &path[..at], name: &path[start..at], rest: &path[at + 1..] };
        start = at + 1;
        part
    })
}

/// Whether anything is to be noted about a folder of this name.
fn is_telling(name: &str) -> bool {
    let lower;
    let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        lower = name.to_ascii_lowercase();
        lower.as_str()
    } else {
        name
    };
    is_migration_folder(name)
        || TEST_FOLDERS.contains(&name)
        || SPEC_FOLDERS.contains(&name)
        || PACKAGE_FOLDERS.contains(&name)
        || VENDOR_FOLDERS.contains(&name)
}

/// `migrations`, `south_migrations`, `alembic`.
fn is_migration_folder(name: &str) -> bool {
    name.ends_with("migrations") || name == "alembic"
}

/// A file directly here whose name orders it among its likes: `0001_initial.py`, `2014_10_12_000000_create_users.php`,
/// `Version20200101000000.php`, `V1__init.sql`.
fn is_numbered(rest: &str) -> bool {
    let Some((stem, extension)) = rest.rsplit_once('.') else { return false };
    if rest.contains('/') || !["py", "php", "js", "ts", "sql"].contains(&extension) {
        return false;
    }
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let plain = digits(stem);
    let flyway = stem.strip_prefix('V').is_some_and(|tail| digits(tail) > 0 && tail[digits(tail)..].starts_with("__"));
    let doctrine = stem.strip_prefix("Version").is_some_and(|tail| digits(tail) >= 8);
    (plain > 0 && stem[plain..].starts_with(['_', '-'])) || flyway || doctrine
}

/// A numbered migration in a folder of the version it came with: `4.12/02-rename.js`.
fn is_of_version(rest: &str) -> bool {
    let version = rest.split_once('/').filter(|(folder, _)| folder.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
    version.is_some_and(|(_, file)| is_numbered(file))
}

/// SQL directly here or in a folder of its own (`20240101_init/migration.sql`): in a folder of migrations it is one,
/// whatever orders it.
fn is_script(rest: &str) -> bool {
    rest.ends_with(".sql") && rest.matches('/').count() <= 1
}

/// A revision of Alembic, directly in `versions/`.
fn is_hashed(rest: &str) -> bool {
    rest.ends_with(".py") && !rest.contains('/') && rest != "__init__.py"
}
