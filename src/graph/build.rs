//! The dependency graph: files and modules as nodes, references as evidence of its edges.

use crate::base::{FileId, Tag};
use crate::bind::{Kind, Reference, Resolution};
use crate::names::{FactBase, ModuleId, Names};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// All references from one file to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileEdge {
    /// The file that depends.
    pub from: FileId,
    /// The file it depends on.
    pub to: FileId,
    /// Its references, as a range of [`Resolution::references`].
    pub sites: Range<usize>,
}

/// All references from the files of one module to those of another, migrations aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModuleEdge {
    /// The module that depends.
    pub from: ModuleId,
    /// The module it depends on.
    pub to: ModuleId,
    /// Indices into [`Resolution::references`], ascending. A name taken from a barrel counts for the module that makes it.
    pub sites: Vec<u32>,
}

/// Files, modules and what depends on what.
#[derive(Debug, Default)]
pub struct Graph {
    /// Sorted by from, to.
    pub file_edges: Vec<FileEdge>,
    /// Sorted by from, to.
    pub module_edges: Vec<ModuleEdge>,
}

/// Groups the references, which are sorted by file pair already.
#[must_use]
pub fn build(base: &FactBase, names: &Names, resolution: &Resolution) -> Graph {
    let mut graph = Graph::default();
    let references = &resolution.references;
    let mut start = 0;
    for group in references.chunk_by(|a, b| (a.from, a.to) == (b.from, b.to)) {
        graph.file_edges.push(FileEdge { from: group[0].from, to: group[0].to, sites: start..start + group.len() });
        start += group.len();
    }
    let mut modules: BTreeMap<(ModuleId, ModuleId), Vec<u32>> = BTreeMap::new();
    let mut barrels = Barrels { base, names, known: FxHashMap::default() };
    for (index, reference) in (0u32..).zip(references) {
        let key = (names.module_of[reference.from.index()], names.module_of[barrels.landing(reference).index()]);
        if key.0 != key.1 && !base.file(reference.from).tags.contains(Tag::Migration) {
            modules.entry(key).or_default().push(index);
        }
    }
    graph.module_edges = modules.into_iter().map(|((from, to), sites)| ModuleEdge { from, to, sites }).collect();
    graph
}

/// Files of JavaScript that do nothing but hand on what other files make. Between modules they are transparent (PLAN.md
/// A.1): a barrel that hands on everything would tie everything together.
struct Barrels<'a> {
    base: &'a FactBase,
    names: &'a Names,
    known: FxHashMap<FileId, bool>,
}

impl Barrels<'_> {
    /// The file a reference is about: the one it names, or the one that makes what is taken from a barrel.
    fn landing(&mut self, reference: &Reference) -> FileId {
        let Some(symbol) = &reference.symbol else { return reference.to };
        let base = self.base;
        if !*self.known.entry(reference.to).or_insert_with(|| is_barrel(base, reference.to)) {
            return reference.to;
        }
        self.names.home(base, reference.to, symbol).map_or(reference.to, |home| home.file)
    }
}

fn is_barrel(base: &FactBase, file: FileId) -> bool {
    let facts = base.facts(file);
    let script = matches!(base.file(file).source.language.0, "javascript" | "typescript");
    script && !facts.imports.is_empty() && facts.definitions.is_empty() && facts.calls.is_empty()
}

impl Graph {
    /// The edge from one file to another.
    #[must_use]
    pub fn file_edge(&self, from: FileId, to: FileId) -> Option<&FileEdge> {
        let at = self.file_edges.binary_search_by_key(&(from, to), |edge| (edge.from, edge.to)).ok()?;
        Some(&self.file_edges[at])
    }

    /// The edge from one module to another.
    #[must_use]
    pub fn module_edge(&self, from: ModuleId, to: ModuleId) -> Option<&ModuleEdge> {
        let at = self.module_edges.binary_search_by_key(&(from, to), |edge| (edge.from, edge.to)).ok()?;
        Some(&self.module_edges[at])
    }

    /// The references behind a module edge, file pair by file pair.
    pub fn sites_of<'a>(&'a self, resolution: &'a Resolution, edge: &'a ModuleEdge) -> impl Iterator<Item = &'a Reference> {
        edge.sites.iter().map(|index| &resolution.references[*index as usize])
    }
}

/// What a reference weighs, in thousandths (PLAN.md A.2): type-only 0.2, lazy 0.5, a name in a string or an address half its certainty,
/// import and call 1, inheritance 2.
#[must_use]
pub fn weight(reference: &Reference) -> i64 {
    let certainty = i64::from(reference.certainty.0);
    match reference.kind {
        _ if reference.type_only => 200,
        Kind::Call => 1000,
        Kind::Reference | Kind::Template | Kind::Http => 5 * certainty,
        _ if reference.lazy => 500,
        Kind::Extends => 2000,
        Kind::Import | Kind::Include => 1000,
    }
}
