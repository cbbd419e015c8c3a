//! What to do about an edge of a cheapest cut: the first rule of PLAN.md A.3 that fits.

use super::symbols::{FileSymbols, Symbol, Symbols};
use crate::analyses::finding::Advice;
use crate::base::FileId;
use crate::bind::{Kind, Reference};
use crate::graph::build::weight;
use crate::names::php::PHP;
use crate::project::Project;
use std::collections::BTreeSet;

/// An edge with what the rules ask about it.
pub(super) struct Question<'a> {
    /// Files of the node that depends.
    pub(super) from: &'a BTreeSet<FileId>,
    /// Files of the node it depends on.
    pub(super) to: &'a BTreeSet<FileId>,
    /// Files of all members of the component.
    pub(super) component: &'a BTreeSet<FileId>,
    /// The references behind the edge.
    pub(super) sites: &'a [&'a Reference],
    /// The references behind the edge back, if there is one.
    pub(super) back: &'a [&'a Reference],
    /// How the two nodes are called.
    pub(super) names: (&'a str, &'a str),
}

/// The answer.
pub(super) struct Answer {
    pub(super) advice: Advice,
    pub(super) because: String,
    pub(super) lines_to_move: u32,
}

/// Names that announce something rather than ask for something.
const ANNOUNCING: [&str; 12] =
    ["notify", "send", "publish", "emit", "dispatch", "trigger", "broadcast", "fire", "enqueue", "on_", "post_", "log_event"];

/// Total weight from which two nodes may be one, in thousandths.
const HEAVY: i64 = 5000;

pub(super) fn answer(project: &Project, symbols: &mut Symbols<'_>, question: &Question<'_>) -> Answer {
    if question.sites.iter().filter(|site| site.kind.is_structural()).all(|site| only_in_functions(project, site)) {
        let type_only = question.sites.iter().filter(|site| site.kind.is_structural()).all(|site| site.type_only);
        let what = if type_only { "is only seen by the type checker" } else { "only happens inside functions or for the type checker" };
        let (from, to) = question.names;
        return Answer {
            advice: Advice::Lazy,
            because: format!("{from} does not need {to} while it is loaded: the import {what}"),
            lines_to_move: 0,
        };
    }
    let used = used_symbols(symbols, question);
    let closure = closure(symbols, question, &used);
    let shown = show(project, &used);
    if let Closure::Free { lines } = closure {
        let because = format!(
            "nothing else of this cycle is needed for {shown} of {}, and nothing is stored: it can move to a place both may use",
            question.names.1
        );
        return Answer { advice: Advice::ExtractCommon, because, lines_to_move: lines };
    }
    if used.iter().all(|(_, name)| name.is_some()) && only_used_by(project, symbols, question, &used) {
        let because = format!("only {} uses {shown} of {}: it belongs there", question.names.0, question.names.1);
        return Answer { advice: Advice::Move, because, lines_to_move: closure.lines() };
    }
    if let Some(because) = announces(symbols, question, &used, &shown) {
        return Answer { advice: Advice::Invert, because, lines_to_move: 0 };
    }
    let total = |sites: &[&Reference]| sites.iter().map(|site| weight(site)).sum::<i64>();
    let (there, back) = (total(question.sites), total(question.back));
    if there >= HEAVY && back >= HEAVY && there.min(back) * 2 >= there.max(back) {
        let because = format!("{} and {} lean on each other about equally: they are one thing", question.names.0, question.names.1);
        return Answer { advice: Advice::Merge, because, lines_to_move: 0 };
    }
    let because = format!("{} works with {shown} of {}: put an interface between them", question.names.0, question.names.1);
    Answer { advice: Advice::Interface, because, lines_to_move: 0 }
}

/// A name in a string that a framework resolves after loading is still a dependency by design, so only what stands in a
/// function or for the type checker counts here. Where classes load themselves, standing in a function says nothing: every
/// use does, and none was put there to break a circle.
fn only_in_functions(project: &Project, site: &Reference) -> bool {
    let loads_itself = site.kind == Kind::Reference && project.base.file(site.from).source.language == PHP;
    site.type_only || (site.lazy && !loads_itself && project.base.facts(site.from).runs_lazily(site.owner))
}

/// What the depending side uses of the other, by the file that defines it.
fn used_symbols(symbols: &mut Symbols<'_>, question: &Question<'_>) -> BTreeSet<Symbol> {
    let mut used: BTreeSet<(FileId, Option<String>)> = BTreeSet::new();
    for site in question.sites {
        if let Some(symbol) = site.symbol.as_deref().filter(|symbol| *symbol != "*") {
            used.insert((site.to, Some(symbol.to_owned())));
        }
    }
    let sources: BTreeSet<FileId> = question.sites.iter().map(|site| site.from).collect();
    for file in sources {
        used.extend(symbols.uses(file).iter().filter(|one| question.to.contains(&one.to)).map(|one| (one.to, one.symbol.clone())));
    }
    // A file imported as a whole of which no name is used anywhere: the whole file is what is used.
    for site in question.sites.iter().filter(|site| site.kind == Kind::Import) {
        if !used.iter().any(|(file, _)| *file == site.to) {
            used.insert((site.to, None));
        }
    }
    if used.iter().any(|(_, symbol)| symbol.is_some()) {
        used.retain(|(file, symbol)| symbol.is_some() || !question.sites.iter().any(|site| site.to == *file && site.symbol.is_some()));
    }
    used.into_iter().map(|(file, symbol)| symbols.home(file, symbol.as_deref())).collect()
}

enum Closure {
    /// Everything it needs lies outside the cycle or comes along.
    Free { lines: u32 },
    /// It needs other members of the cycle, or stores something.
    Tied { lines: u32 },
}

impl Closure {
    fn lines(&self) -> u32 {
        match self {
            Self::Free { lines } | Self::Tied { lines } => *lines,
        }
    }
}

/// Follows the needs of the used names inside the node that defines them.
fn closure(symbols: &mut Symbols<'_>, question: &Question<'_>, used: &BTreeSet<Symbol>) -> Closure {
    let mut todo: Vec<Symbol> = used.iter().cloned().collect();
    let mut seen: BTreeSet<Symbol> = used.clone();
    let (mut lines, mut tied) = (0, false);
    while let Some((file, name)) = todo.pop() {
        if !question.to.contains(&file) {
            tied |= question.component.contains(&file);
            continue;
        }
        let Some(name) = name else {
            tied = true;
            continue;
        };
        let Some(needs) = symbols.of(file).names.get(&name).cloned() else {
            tied = true;
            continue;
        };
        lines += needs.lines;
        tied |= needs.stores;
        let local = needs.local.into_iter().map(|name| (file, Some(name)));
        todo.extend(local.chain(needs.foreign).filter(|next| seen.insert(next.clone())));
    }
    if tied { Closure::Tied { lines } } else { Closure::Free { lines } }
}

/// True when nobody but the depending side uses the names, the names themselves aside.
fn only_used_by(project: &Project, symbols: &mut Symbols<'_>, question: &Question<'_>, used: &BTreeSet<Symbol>) -> bool {
    let homes: BTreeSet<FileId> = used.iter().map(|(file, _)| *file).collect();
    let importers: BTreeSet<FileId> = project
        .graph
        .file_edges
        .iter()
        .filter(|edge| question.to.contains(&edge.to) || homes.contains(&edge.to))
        .map(|edge| edge.from)
        .filter(|file| !question.from.contains(file))
        .collect();
    for file in importers {
        if symbols.uses(file).iter().any(|one| used.contains(&one.home)) {
            return false;
        }
        let named = |reference: &Reference| {
            reference.kind != Kind::Import && used.contains(&(reference.to, reference.symbol.as_deref().map(str::to_owned)))
        };
        if project.references_from(file).iter().any(named) {
            return false;
        }
    }
    homes.iter().all(|file| {
        let names: BTreeSet<&String> = used.iter().filter(|(home, _)| home == file).filter_map(|(_, name)| name.as_ref()).collect();
        unused_inside(symbols.of(*file), &names)
    })
}

fn unused_inside(file: &FileSymbols, names: &BTreeSet<&String>) -> bool {
    let others = file.names.iter().filter(|(name, _)| !names.contains(name));
    others.flat_map(|(_, needs)| &needs.local).all(|needed| !names.contains(needed))
}

/// Why the edge only announces something, if it does.
fn announces(symbols: &mut Symbols<'_>, question: &Question<'_>, used: &BTreeSet<Symbol>, shown: &str) -> Option<String> {
    let calls: Vec<&&Reference> = question.sites.iter().filter(|site| site.kind == Kind::Call).collect();
    if calls.is_empty() {
        return None;
    }
    // Something used in another way than by calling it is asked for, not told.
    let sources: BTreeSet<FileId> = question.sites.iter().map(|site| site.from).collect();
    for file in sources {
        let lines: BTreeSet<u32> = calls.iter().filter(|call| call.from == file).map(|call| call.line).collect();
        if symbols.uses(file).iter().any(|one| question.to.contains(&one.to) && !lines.contains(&one.line)) {
            return None;
        }
    }
    // `Model.objects.create(...)` goes through a class to do something there; only the used name itself being called tells.
    let called_itself = |call: &Reference| call.symbol.as_deref().is_some_and(|symbol| call.text.rsplit('.').next() == Some(symbol));
    if !calls.iter().all(|call| called_itself(call)) {
        return None;
    }
    let (from, to) = question.names;
    if calls.iter().all(|call| !call.used) {
        return Some(format!("{from} calls {shown} of {to} and never looks at a result: publish an event, or take a callback"));
    }
    let announcing = |name: &String| ANNOUNCING.iter().any(|word| name.starts_with(word) || name.contains(&format!("_{word}")));
    let all = used.iter().all(|(_, name)| name.as_ref().is_some_and(announcing));
    all.then(|| format!("{from} only tells {to} what happened ({shown}): publish an event, or take a callback"))
}

/// Up to three names, or the files where no names are known.
fn show(project: &Project, used: &BTreeSet<Symbol>) -> String {
    let mut names: Vec<&str> = used
        .iter()
        .map(|(file, name)| name.as_deref().unwrap_or_else(|| project.base.path(*file)))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let more = names.len().saturating_sub(3);
    names.truncate(3);
    let shown = names.join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
