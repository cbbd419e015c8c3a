//! PHP: classes and functions are found by their full name wherever the tree defines them, files by what is included.
//!
//! PHP loads a class when it is first used, from whatever file the application's loader finds, so a class name means
//! the file that defines it. Names of classes and functions ignore case; constants do not.

mod autoload;
mod fold;
mod includes;
mod scope;

pub use scope::{Qualified, Scope, Sort};

use super::{FactBase, Meaning, Tree};
use crate::base::{Certainty, FileId, Language, Problem, Severity};
use crate::facts::{DefinitionId, DefinitionKind, Import, Target, ValueId};
use autoload::Autoload;
use includes::Includes;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The language's name.
pub const PHP: Language = Language("php");

/// Every definition of a name, in path order.
type Table = FxHashMap<String, Vec<(FileId, DefinitionId)>>;

/// Where a name is defined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The definition in it.
    pub definition: DefinitionId,
    /// How many definitions of that name the tree has.
    pub of: usize,
    /// What settles that this one of several is loaded.
    pub settled: Option<&'static str>,
}

impl Place {
    /// How sure it is that this definition is meant.
    #[must_use]
    pub fn certainty(self) -> Certainty {
        match self {
            Self { of: 1, .. } => Certainty::LITERAL,
            Self { settled: Some(_), .. } => Certainty(90),
            _ => Certainty(60),
        }
    }

    /// A rule, and why this definition was chosen among several.
    #[must_use]
    pub fn told(self, rule: &str) -> String {
        match self {
            Self { of: 1, .. } => rule.to_owned(),
            Self { settled: Some(why), .. } => format!("{rule}, {why}"),
            Self { of, .. } => format!("{rule}, the likeliest of {of} definitions"),
        }
    }
}

/// What PHP files define and include.
#[derive(Debug, Default)]
pub(super) struct PhpNames {
    classes: Table,
    functions: Table,
    includes: Includes,
    autoload: Autoload,
    /// By file with a definition that others have too: the files that include it, directly or through others.
    including: FxHashMap<FileId, FxHashSet<FileId>>,
}

impl PhpNames {
    pub(super) fn learn(base: &FactBase) -> Self {
        let mut names = Self::default();
        for id in base.ids().filter(|id| base.file(*id).source.language == PHP) {
            let facts = base.facts(id);
            let scope = Scope::of(facts);
            for (definition, found) in facts.definitions() {
                let table = match found.kind {
                    DefinitionKind::Method | DefinitionKind::Lambda => continue,
                    DefinitionKind::Function => &mut names.functions,
                    _ => &mut names.classes,
                };
                let name = scope.defined(found.values.start, facts.text(found.name));
                // PHP's own, which nobody can define: where the grammar says so it misread a name that is reserved today.
                if name == "stdclass" {
                    continue;
                }
                table.entry(name).or_default().push((id, definition));
            }
        }
        names.includes = Includes::learn(base);
        names.autoload = Autoload::read(&base.manifests);
        names
    }

    /// What an import of a file means.
    pub(super) fn import(&self, base: &FactBase, tree: &Tree, from: FileId, import: &Import) -> Meaning {
        match import.target {
            Target::Computed(value) => self.includes.find(base, tree, from, import, value),
            Target::Symbol(path) => {
                let written = base.facts(from).text(path);
                let (table, name) = match written.split_once(' ') {
                    Some(("function", name)) => (&self.functions, name),
                    Some(_) => return Meaning::External,
                    None => (&self.classes, written),
                };
                let name = name.to_lowercase();
                match table.get(&name) {
                    Some(places) => self.choose(base, from, &name, places).map_or(Meaning::External, |place| Meaning::Symbol(place.file)),
                    None => self.missing(&name, !written.contains(' ')),
                }
            }
            _ => Meaning::External,
        }
    }

    /// A name that nothing in the tree defines: ours where a `composer.json` of the tree has its namespace.
    fn missing(&self, name: &str, is_class: bool) -> Meaning {
        let inside = format!("{name}\\");
        // `use` of a namespace names no class.
        #[allow(clippy::iter_over_hash_type, reason = "only asks whether there is one")]
        let is_namespace = || self.classes.keys().chain(self.functions.keys()).any(|known| known.starts_with(&inside));
        #[allow(clippy::iter_over_hash_type, reason = "only asks whether there is one")]
        let is_there = |prefix: &str| self.classes.keys().any(|known| known.starts_with(prefix));
        if self.autoload.is_required(name, is_there) {
            return Meaning::External;
        }
        match self.autoload.folder_of(name).filter(|_| is_class && !is_namespace()) {
            Some(folder) => Meaning::Missing(format!("composer.json keeps its namespace in {folder}, and no file there defines it")),
            None => Meaning::External,
        }
    }

    /// Notes who includes files that define what others define too: that decides which definition is meant.
    pub(super) fn note_includes(&mut self, base: &FactBase, meanings: &[Vec<Meaning>]) {
        let mut direct: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
        for id in base.ids().filter(|id| base.file(*id).source.language == PHP) {
            let imports = base.facts(id).imports.iter().zip(&meanings[id.index()]);
            for (_, meaning) in imports.filter(|(import, _)| matches!(import.target, Target::Computed(_))) {
                if let Some(file) = meaning.file() {
                    direct.entry(file).or_default().push(id);
                }
            }
        }
        #[allow(clippy::iter_over_hash_type, reason = "what is collected is a set")]
        let several = self.classes.values().chain(self.functions.values()).filter(|places| places.len() > 1);
        let files: FxHashSet<FileId> = several.flatten().map(|(file, _)| *file).collect();
        #[allow(clippy::iter_over_hash_type, reason = "each file is looked at alone")]
        for file in files {
            let mut found: FxHashSet<FileId> = FxHashSet::default();
            let mut open = vec![file];
            while let Some(at) = open.pop() {
                open.extend(direct.get(&at).into_iter().flatten().filter(|from| found.insert(**from)));
            }
            self.including.insert(file, found);
        }
    }

    pub(super) fn find(&self, base: &FactBase, from: FileId, sort: Sort, name: &Qualified) -> Option<Place> {
        let table = if sort == Sort::Function { &self.functions } else { &self.classes };
        let (name, places) = match table.get_key_value(&name.full) {
            Some(found) => found,
            None => table.get_key_value(name.fallback.as_ref()?)?,
        };
        self.choose(base, from, name, places)
    }

    pub(super) fn constant(&self, name: &str) -> impl Iterator<Item = (FileId, ValueId)> {
        self.includes.constant(name)
    }

    /// The definition that is meant, where there are several: that of the same file, of a file it includes, that which a
    /// loader of Composer finds, one without a condition, that of the code pool Magento looks in first, the one that most
    /// files include, that of the nearest folder; then the first by path.
    fn choose(&self, base: &FactBase, from: FileId, name: &str, places: &[(FileId, DefinitionId)]) -> Option<Place> {
        let own: Vec<_> = places.iter().filter(|(file, _)| !base.file(*file).left_out || *file == from).collect();
        let only = if let [only] = own[..] { Some(only) } else { own.iter().copied().find(|(file, _)| *file == from) };
        if let Some((file, definition)) = only {
            return Some(Place { file: *file, definition: *definition, of: 1, settled: None });
        }
        let of = own.len();
        let path = base.path(from);
        let loads = |file: FileId| self.autoload.loads(name, base.path(file));
        let settled = if own.iter().filter(|(file, _)| loads(*file)).count() == 1 {
            Some("where composer.json says it is")
        } else {
            let mut below = own.iter().map(|(file, _)| pool(base.path(*file)).1);
            let first = below.next().flatten();
            (first.is_some() && below.all(|other| other == first)).then_some("in the first code pool that has it")
        };
        let included = |file: FileId| self.including.get(&file).is_some_and(|files| files.contains(&from));
        let best = own.into_iter().min_by_key(|(file, definition)| {
            let conditional = base.facts(*file).definition(*definition).conditional;
            let near = common_folders(path, base.path(*file));
            let including = self.including.get(file).map_or(0, FxHashSet::len);
            let pool = pool(base.path(*file)).0;
            (!included(*file), !loads(*file), conditional, pool, Reverse(including), Reverse(near), *file)
        });
        best.map(|(file, definition)| {
            let settled = settled.filter(|_| !included(*file) || loads(*file));
            Place { file: *file, definition: *definition, of, settled }
        })
    }

    /// Classes that several files of the application define.
    pub(super) fn problems(&self, base: &FactBase) -> Vec<Problem> {
        #[allow(clippy::iter_over_hash_type, reason = "the map it fills is sorted")]
        let several: BTreeMap<&String, Vec<(FileId, DefinitionId)>> = self
            .classes
            .iter()
            .filter(|(name, places)| places.len() > 1 && !name.contains('@'))
            .map(|(name, places)| (name, places.iter().copied().filter(|(file, _)| !base.file(*file).left_out).collect()))
            .collect();
        let mut problems = self.autoload.problems.clone();
        for places in several.values() {
            let Some((first, rest)) = places.split_first() else { continue };
            for (file, definition) in rest.iter().filter(|(file, _)| *file != first.0) {
                let (facts, other) = (base.facts(*file), base.facts(first.0));
                let found = facts.definition(*definition);
                problems.push(Problem {
                    path: base.file(*file).source.path.clone(),
                    line: Some(found.span.line),
                    severity: Severity::Warning,
                    message: format!(
                        "{} is also defined at {}:{}; a file that names it is taken to mean its own, else one it includes, else the one composer.json loads, else one without a condition, else that of the first code pool (local, community, core), else the one most files include, else the nearest by folder",
                        facts.text(found.name),
                        base.path(first.0),
                        other.definition(first.1).span.line
                    ),
                });
            }
        }
        problems
    }
}

/// The place of a file in the order in which Magento 1 looks for a class, and its path in its code pool: the pools come
/// first, then everything else.
fn pool(path: &str) -> (usize, Option<&str>) {
    const POOLS: [&str; 3] = ["local/", "community/", "core/"];
    let below = path.strip_prefix("app/code/").or_else(|| path.split_once("/app/code/").map(|(_, below)| below));
    let found = below.and_then(|below| POOLS.iter().enumerate().find_map(|(at, pool)| Some((at, below.strip_prefix(pool)?))));
    found.map_or((POOLS.len(), None), |(at, below)| (at, Some(below)))
}

/// How many folders two paths have in common.
fn common_folders(left: &str, right: &str) -> usize {
    left.split('/').zip(right.split('/')).take_while(|(a, b)| a == b).count()
}
