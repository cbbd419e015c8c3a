//! Which files are asked for by their own address.

use super::{PLAIN, files};
use crate::base::{Certainty, FileId, is_within};
use crate::facts::{FileFacts, OwnerSweep, Target};
use crate::frameworks::routes::{Method, Route};
use crate::names::{FactBase, Names};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How sure it is that a script is asked for: the server's settings are not in the tree.
const SCRIPT: u8 = 80;

/// Folders that hold what others include, and what is started by hand.
const INSIDE: [&str; 26] = [
    "include",
    "includes",
    "inc",
    "classes",
    "class",
    "templates",
    "template",
    "tpl",
    "views",
    "view",
    "lang",
    "language",
    "languages",
    "locale",
    "locales",
    "vendor",
    "cli",
    "bin",
    "tests",
    "test",
    "config",
    "scripts",
    "core",
    "library",
    "libraries",
    "src",
];

/// Calls that make a file no program of its own.
const PREPARING: [&str; 16] = [
    "define",
    "defined",
    "ini_set",
    "error_reporting",
    "set_include_path",
    "get_include_path",
    "dirname",
    "date_default_timezone_set",
    "spl_autoload_register",
    "class_exists",
    "function_exists",
    "array",
    "realpath",
    "class_alias",
    "set_time_limit",
    "version_compare",
];

/// Words that only a script of the command line has.
const COMMAND_LINE: [&str; 6] = ["$argv", "argv", "CLI_SCRIPT", "STDIN", "getopt", "STDERR"];

/// Scripts with their addresses, and who includes what.
pub(super) struct Scripts {
    pages: BTreeMap<FileId, String>,
    /// By file: those that include it.
    including: BTreeMap<FileId, BTreeSet<FileId>>,
}

/// Finds the scripts of a tree.
pub(super) fn find(base: &FactBase, names: &Names) -> Scripts {
    let mut including: BTreeMap<FileId, BTreeSet<FileId>> = BTreeMap::new();
    for file in files(base) {
        for (import, meaning) in base.facts(file).imports.iter().zip(names.imports(file)) {
            if let (Target::Computed(_), Some(to)) = (import.target, meaning.file()) {
                including.entry(to).or_default().insert(file);
            }
        }
    }
    let is_entry = |file: &FileId| !including.contains_key(file) && is_program(base.path(*file), base.facts(*file));
    let entries: Vec<FileId> = files(base).filter(is_entry).collect();
    let root = web_root(base, &entries);
    let pages = entries.into_iter().map(|file| {
        let path = base.path(file);
        let below = if is_within(path, root) { path[root.len()..].trim_start_matches('/') } else { path };
        (file, format!("/{below}"))
    });
    Scripts { pages: pages.collect(), including }
}

/// True for a file that does something when it is asked for.
fn is_program(path: &str, facts: &FileFacts) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(".php"));
    // A file that is called after the class in it is loaded for the class.
    let is_class =
        |stem: &str| facts.definitions.iter().any(|found| found.kind.is_type() && facts.text(found.name).eq_ignore_ascii_case(stem));
    if stem.is_none_or(is_class) || folder.split('/').any(|part| INSIDE.contains(&part.to_ascii_lowercase().as_str())) {
        return false;
    }
    let (mut asks, mut by_hand) = (false, false);
    for (_, text) in facts.texts.iter() {
        asks |= matches!(text, "$_GET" | "$_POST" | "$_REQUEST" | "$_SERVER" | "$_SESSION" | "$_COOKIE");
        by_hand |= COMMAND_LINE.contains(&text);
    }
    let includes = facts.imports.iter().any(|import| matches!(import.target, Target::Computed(_)) && import.owner.is_none());
    (includes || asks) && !by_hand && acts(facts)
}

/// True where the code outside of functions does something, and is not guarded against being asked for.
fn acts(facts: &FileFacts) -> bool {
    let mut owners = OwnerSweep::new(facts);
    let only_sets = facts.definitions.is_empty() && facts.bindings.iter().any(|binding| binding.owner.is_none());
    let mut does = only_sets && facts.imports.iter().any(|import| matches!(import.target, Target::Computed(_)));
    let (mut asked, mut made) = (Vec::new(), Vec::new());
    for call in &facts.calls {
        if owners.owner(call.value).is_some() {
            continue;
        }
        let name = facts.last_name(call.callee).unwrap_or("").trim_start_matches('\\');
        let first = facts.arguments_of(call).first().and_then(|argument| facts.as_literal(argument.value));
        match name {
            // What is asked behind an include asks whether that has set something up, not who is there.
            "defined" if !included_before(facts, call.span.line) => asked.extend(first),
            // `if (!function_exists('add_action')) exit;`: a plugin that WordPress includes.
            "function_exists" if matches!(first, Some("add_action" | "add_filter")) => asked.extend(first),
            "define" => made.extend(first),
            _ => {}
        }
        // `require_api('access')`: what loads is no program yet.
        does |= !PREPARING.contains(&name) && !["require", "include", "import", "load"].iter().any(|start| name.starts_with(start));
    }
    // `defined('IN_SHOP') || die`: only whoever defines it may include the file.
    let is_guarded = asked.iter().any(|name| !made.contains(name) && !name.starts_with("PHP_"));
    does && !is_guarded
}

fn included_before(facts: &FileFacts, line: u32) -> bool {
    let mut includes = facts.imports.iter().filter(|import| import.owner.is_none() && matches!(import.target, Target::Computed(_)));
    includes.any(|import| import.line < line)
}

/// The folder that addresses begin in: the one with an `index.php` of its own that has the most scripts below it, the outermost of
/// several.
fn web_root<'a>(base: &'a FactBase, entries: &[FileId]) -> &'a str {
    let roots = entries.iter().map(|file| base.path(*file)).filter_map(|path| match path.rsplit_once('/') {
        Some((folder, "index.php")) => Some(folder),
        None if path == "index.php" => Some(""),
        _ => None,
    });
    let weighed = roots.map(|root: &'a str| {
        let below = entries.iter().filter(|file| is_within(base.path(**file), root)).count();
        (below, Reverse(root.split('/').filter(|part| !part.is_empty()).count()), Reverse(root))
    });
    weighed.max().map_or("", |(_, _, Reverse(root))| root)
}

impl Scripts {
    pub(super) fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// A script answers whatever method it is asked with.
    pub(super) fn routes(&self, base: &FactBase) -> Vec<Route> {
        let rows = self.pages.iter().map(|(file, path)| Route {
            path: path.clone(),
            method: Method::Any,
            handler: base.path(*file).to_owned(),
            handled: Some((*file, 1)),
            registered: (*file, 1),
            framework: PLAIN,
            name: None,
            certainty: Certainty(SCRIPT),
        });
        rows.collect()
    }

    /// The address that the code of a file runs behind: its own, or that of the only script which includes it.
    pub(super) fn page(&self, file: FileId) -> Option<&str> {
        if let Some(path) = self.pages.get(&file) {
            return Some(path);
        }
        let (mut seen, mut open, mut found) = (BTreeSet::new(), vec![file], BTreeSet::new());
        while let Some(at) = open.pop() {
            for from in self.including.get(&at).into_iter().flatten() {
                if self.pages.contains_key(from) {
                    found.insert(*from);
                } else if seen.insert(*from) {
                    open.push(*from);
                }
                if found.len() > 1 {
                    return None;
                }
            }
        }
        self.pages.get(found.first()?).map(String::as_str)
    }
}
