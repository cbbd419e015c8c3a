//! Pages and the scripts they load: `<script src="js/cart.js">` of HTML, PHP and templates means a file of the tree where one
//! is there. Which scripts stand on one page says which of several of a name another one means
//! ([`globals`](super::globals)).

use super::{FrameworkRow, Model, OpenCall, StringReference};
use crate::base::{self, Certainty, FileId};
use crate::config::Config;
use crate::names::javascript::speaks;
use crate::names::{FactBase, Names};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "pages", interpret };

/// Stands for what is put into an address when the page is written.
const HOLE: char = '\u{fffc}';

fn interpret(base: &FactBase, names: &Names, _: &Config, model: &mut Model) {
    for loaded in loaded(base, names) {
        let text = loaded.address.replace(HOLE, "{}");
        match loaded.script {
            Some((to, certainty)) => model.references.push(StringReference {
                from: loaded.page,
                line: loaded.line,
                owner: None,
                to,
                symbol: None,
                text: format!("'{text}'"),
                deferred: false,
                certainty,
                rule: "a page loads a script".into(),
            }),
            None if loaded.address.chars().all(|letter| letter == HOLE) => model.unresolved.push(OpenCall {
                file: loaded.page,
                line: loaded.line,
                kind: "call",
                text: format!("<script src=\"{text}\">"),
                reason: "which script is loaded is put together when the page is written".to_owned(),
            }),
            None => {}
        }
    }
}

/// A script that a page loads.
pub(super) struct Loaded {
    pub(super) page: FileId,
    line: u32,
    address: String,
    /// The file, where the tree has it, and how sure that is.
    pub(super) script: Option<(FileId, Certainty)>,
}

/// What the pages of the tree load, in the order they do.
pub(super) fn loaded(base: &FactBase, names: &Names) -> Vec<Loaded> {
    let mut found = Vec::new();
    for page in base.ids().filter(|file| !base.file(*file).left_out) {
        let Some(facts) = base.facts(page).scripts.as_deref() else { continue };
        for call in facts.calls.iter().filter(|call| facts.last_name(call.callee) == Some("unpick$script")) {
            let [address] = facts.arguments_of(call) else { continue };
            let Some(address) = facts.as_literal(address.value) else { continue };
            found.push(Loaded { page, line: call.span.line, address: address.to_owned(), script: None });
        }
    }
    if found.is_empty() {
        return found;
    }
    let mut by_name: FxHashMap<&str, Vec<FileId>> = FxHashMap::default();
    for file in base.ids().filter(|file| speaks(base.file(*file).source.language)) {
        by_name.entry(base.file(file).source.path.name()).or_default().push(file);
    }
    for row in &mut found {
        row.script = script(base, names, &by_name, row.page, &row.address).filter(|(file, _)| !base.file(*file).left_out);
    }
    found
}

/// The script at an address: where the page's own folder leads, else the only file whose path ends so. A bare name says too
/// little to be looked for anywhere else.
fn script(
    base: &FactBase,
    names: &Names,
    by_name: &FxHashMap<&str, Vec<FileId>>,
    page: FileId,
    address: &str,
) -> Option<(FileId, Certainty)> {
    if address.contains("://") || address.starts_with("//") {
        return None;
    }
    let address = &address[..address.find(['?', '#']).unwrap_or(address.len())];
    let (whole, path) = address.rsplit_once(HOLE).map_or((true, address), |(_, path)| (false, path));
    let name = path.rsplit('/').next().filter(|name| name.contains('.'))?;
    // What a build makes of `cart.ts` is called `cart.js`.
    let source = name.strip_suffix(".js").map(|stem| format!("{stem}.ts"));
    [Some(name), source.as_deref()].into_iter().flatten().find_map(|there| {
        let all = by_name.get(there)?;
        let path = format!("{}{there}", &path[..path.len() - name.len()]);
        let beside = || {
            let own = base::plain(&base::join(base.file(page).source.path.parent(), path.trim_start_matches('/')))?;
            names.tree().file(&own).filter(|file| whole && all.contains(file))
        };
        if let Some(file) = beside().filter(|_| !path.starts_with('/')) {
            return Some((file, Certainty(95)));
        }
        let plain = base::plain(path.trim_start_matches("../")).unwrap_or_default();
        let ending = format!("/{plain}");
        let fits = |file: &&FileId| plain.contains('/') && (base.path(**file) == plain || base.path(**file).ends_with(&ending));
        let fitting: BTreeSet<FileId> = all.iter().filter(fits).copied().collect();
        let sure = Certainty(if fitting.len() == 1 { 85 } else { 70 });
        nearest(base, page, &fitting).map(|file| (file, sure)).or_else(|| Some((beside()?, Certainty(80))))
    })
}

/// Of several files the one that shares the most of its path with the page; none where two share as much.
fn nearest(base: &FactBase, page: FileId, files: &BTreeSet<FileId>) -> Option<FileId> {
    let shared = |file: FileId| base.path(page).split('/').zip(base.path(file).split('/')).take_while(|(a, b)| a == b).count();
    let best = files.iter().map(|file| shared(*file)).max()?;
    let mut nearest = files.iter().filter(|file| shared(**file) == best);
    nearest.next().copied().filter(|_| nearest.next().is_none())
}

/// For every page and script: the scripts that stand on a page with it.
pub(super) fn together(base: &FactBase, names: &Names) -> FxHashMap<FileId, BTreeSet<FileId>> {
    let mut found: FxHashMap<FileId, BTreeSet<FileId>> = FxHashMap::default();
    for page in loaded(base, names).chunk_by(|a, b| a.page == b.page) {
        let scripts: BTreeSet<FileId> = page.iter().filter_map(|row| Some(row.script?.0)).collect();
        for file in scripts.iter().copied().chain([page[0].page]) {
            found.entry(file).or_default().extend(&scripts);
        }
    }
    found
}
