//! Dotted names in strings: INSTALLED_APPS, middleware, views, tasks, `include("x.urls")`. Any string that spells the
//! full path of something in the tree means it, unless the place says otherwise (logger names, dictionary keys).

use super::{FrameworkRow, Model, StringReference};
use crate::base::{Certainty, FileId, Tag};
use crate::config::Config;
use crate::facts::{FileFacts, OwnerSweep, Shape, ValueId};
use crate::names::{FactBase, Found, Names};
use rustc_hash::FxHashSet;

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "dotted_names", interpret };

/// Calls whose string arguments are names of something else than code.
const OTHER_NAMES: [&str; 12] = [
    "getLogger",
    "get_logger",
    "getChild",
    "_",
    "gettext",
    "ugettext",
    "gettext_lazy",
    "ugettext_lazy",
    "pgettext",
    "print",
    "warn",
    "deprecated",
];

/// Calls whose string arguments may be whole modules; `include` is apart because it loads them at once.
const TAKES_MODULES: [&str; 5] = ["autodiscover_tasks", "autodiscover_modules", "include_router", "scan", "walk_packages"];

fn interpret(base: &FactBase, names: &Names, _: &Config, out: &mut Model) {
    for file in base.ids() {
        let entry = base.file(file);
        if !entry.left_out && !entry.tags.contains(Tag::Migration) {
            in_file(base, names, file, out);
        }
    }
}

fn in_file(base: &FactBase, names: &Names, file: FileId, out: &mut Model) {
    let facts = base.facts(file);
    let dotted: Vec<bool> = facts.texts.iter().map(|(_, text)| is_dotted(text)).collect();
    if !dotted.contains(&true) {
        return;
    }
    let places = Places::of(facts);
    let mut sweep = OwnerSweep::new(facts);
    for (index, value) in (0u32..).zip(&facts.values) {
        let Shape::Literal(text) = value.shape else { continue };
        let id = ValueId(index);
        if !dotted[text.0 as usize] || places.elsewhere.contains(&id) {
            continue;
        }
        let owner = sweep.owner(id);
        let Some((to, symbol)) = target(base, names, file, facts.text(text)) else { continue };
        // A module alone could be any other sort of name; only where modules are expected is it believed.
        let loaded = places.loaded.contains(&id);
        if symbol.is_none() && !loaded && !places.modules.contains(&id) {
            continue;
        }
        out.references.push(StringReference {
            from: file,
            line: value.line,
            owner,
            to,
            certainty: Certainty(if symbol.is_some() { 80 } else { 90 }),
            symbol,
            deferred: !loaded,
            text: format!("'{}'", facts.text(text)),
            rule: "a string spells its dotted name".into(),
        });
    }
}

/// Two or more identifiers joined by dots.
fn is_dotted(text: &str) -> bool {
    let mut parts = 0;
    text.len() <= 200
        && text.split('.').all(|part| {
            parts += 1;
            let mut bytes = part.bytes();
            bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
                && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
        && parts > 1
}

/// The file a dotted name means: a module, or a module and a class, function or variable in it (and a member of that).
pub(super) fn target(base: &FactBase, names: &Names, from: FileId, path: &str) -> Option<(FileId, Option<String>)> {
    if let Some(Found::File(file)) = names.dotted(base, from, path) {
        return Some((file, None));
    }
    let mut module = path;
    for _ in 0..2 {
        let (rest, _) = module.rsplit_once('.')?;
        module = rest;
        if let Some(Found::File(file)) = names.dotted(base, from, module) {
            let symbol = path[module.len() + 1..].split('.').next()?;
            names.export(base, file, symbol)?;
            return Some((file, Some(symbol.to_owned())));
        }
    }
    None
}

/// Where strings stand, as far as it says what they are.
#[derive(Default)]
struct Places {
    /// Names of something else.
    elsewhere: FxHashSet<ValueId>,
    /// Modules are expected here.
    modules: FxHashSet<ValueId>,
    /// Modules are expected here and loaded at once.
    loaded: FxHashSet<ValueId>,
}

impl Places {
    fn of(facts: &FileFacts) -> Self {
        let mut places = Self::default();
        places.elsewhere.extend(facts.statements.iter().copied());
        places.elsewhere.extend(facts.entries.iter().filter_map(|entry| entry.key));
        for call in &facts.calls {
            let Some(name) = facts.last_name(call.callee) else { continue };
            let list = if OTHER_NAMES.contains(&name) {
                &mut places.elsewhere
            } else if name == "include" {
                &mut places.loaded
            } else if TAKES_MODULES.contains(&name) {
                &mut places.modules
            } else {
                continue;
            };
            for argument in facts.arguments_of(call) {
                add_all(facts, argument.value, list);
            }
        }
        // Settings are module-level names in capitals: INSTALLED_APPS, ROOT_URLCONF, CELERY_IMPORTS.
        for binding in facts.bindings_in(None) {
            let capitals = facts.as_name(binding.target).is_some_and(|name| is_setting(facts.text(name)));
            if let Some(value) = binding.value.filter(|_| capitals) {
                add_all(facts, value, &mut places.modules);
            }
        }
        places
    }
}

fn is_setting(name: &str) -> bool {
    name.len() > 3 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_') && !name.contains("LOG")
}

/// Adds a value and the parts of lists, sums and map values in it.
fn add_all(facts: &FileFacts, value: ValueId, list: &mut FxHashSet<ValueId>) {
    list.insert(value);
    match facts.value(value).shape {
        Shape::List(parts) | Shape::Choice(parts) => facts.items(parts).iter().for_each(|part| add_all(facts, *part, list)),
        Shape::Joined(left, right) => [left, right].into_iter().for_each(|part| add_all(facts, part, list)),
        Shape::Map(entries) => facts.entries[entries.range()].iter().for_each(|entry| add_all(facts, entry.value, list)),
        _ => {}
    }
}
