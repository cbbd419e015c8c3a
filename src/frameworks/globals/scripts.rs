//! Scripts that a page loads one after the other share their names: what stands at the top of one is there in all others.
//!
//! A script is a file that neither imports nor exports. Which names it gives and which it takes is read off its text:
//! variables and functions of the top, members of namespaces (`App.Cart = ...`, `App.namespace('cart')`), what a function
//! that is called at once is handed (`(function (app) { ... })(window.App)`), and plugins of jQuery. A name that several
//! scripts give is the one's that stands on the same page ([`pages`]), else nobody's; so is every name that browsers have.

use super::holds_code;
use crate::base::{Certainty, FileId};
use crate::facts::{Binding, Binds, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::frameworks::{Model, StringReference, pages};
use crate::names::{FactBase, Names};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// Who gives a path its value.
type Given = BTreeMap<String, BTreeSet<FileId>>;

/// Longer paths are data.
const DEEPEST: usize = 5;

/// Shorter names stand for anything.
const SHORTEST: usize = 3;

/// What jQuery is called, and where its plugins are.
const JQUERY: [&str; 2] = ["$", "jQuery"];

/// Names that are there without any script.
const BUILT_IN: [&str; 88] = [
    "AbortController",
    "Array",
    "ArrayBuffer",
    "Audio",
    "Blob",
    "Boolean",
    "Buffer",
    "CustomEvent",
    "DOMParser",
    "Date",
    "Document",
    "Element",
    "Error",
    "Event",
    "File",
    "FileReader",
    "FormData",
    "Function",
    "HTMLElement",
    "Headers",
    "Image",
    "Intl",
    "JSON",
    "Map",
    "Math",
    "Node",
    "Notification",
    "Number",
    "Object",
    "Option",
    "Promise",
    "Proxy",
    "Reflect",
    "RegExp",
    "Request",
    "Response",
    "Set",
    "String",
    "Symbol",
    "TextDecoder",
    "TextEncoder",
    "URL",
    "URLSearchParams",
    "Uint8Array",
    "WeakMap",
    "WeakSet",
    "WebSocket",
    "Window",
    "Worker",
    "XMLHttpRequest",
    "alert",
    "arguments",
    "blur",
    "close",
    "confirm",
    "console",
    "define",
    "document",
    "event",
    "exports",
    "fetch",
    "find",
    "focus",
    "frames",
    "global",
    "history",
    "jQuery",
    "length",
    "location",
    "module",
    "name",
    "navigator",
    "open",
    "opener",
    "origin",
    "parent",
    "print",
    "process",
    "prompt",
    "require",
    "scroll",
    "scrollTo",
    "screen",
    "self",
    "status",
    "stop",
    "top",
    "window",
];

/// One file's names and what it says.
struct Script<'a> {
    file: FileId,
    facts: &'a FileFacts,
    /// It is the file itself, not a piece of a page.
    whole: bool,
    /// Names that functions of the script have for themselves.
    local: FxHashSet<Text>,
    /// Names that stand for a path: `var ns = App.namespace('cart')`.
    aliases: BTreeMap<Text, String>,
}

/// A path that is read, and what reads it.
struct Read {
    value: ValueId,
    path: String,
}

/// Adds what scripts take from each other.
pub(super) fn interpret(base: &FactBase, names: &Names, files: &[FileId], model: &mut Model) {
    let own = files.iter().map(|file| (*file, base.facts(*file), true)).filter(|(_, facts, _)| is_script(facts));
    let pages = base.ids().filter(|file| !base.file(*file).left_out);
    let inside = pages.filter_map(|file| Some((file, &**base.facts(file).scripts.as_ref()?, false)));
    let scripts: Vec<Script<'_>> = own.chain(inside).map(|(file, facts, whole)| Script::of(file, facts, whole)).collect();
    if scripts.len() < 2 {
        return;
    }
    let mut given = Given::new();
    // What a script inside a page gives is that page's alone: no other page sees it, and who loads the page is not known.
    scripts.iter().filter(|script| script.whole).for_each(|script| script.gives(&mut given));
    let mut reads = Vec::new();
    for script in &scripts {
        let (paths, inner) = script.paths(&given);
        let mut own = Given::new();
        let assigned = script.assigns(&paths, if script.whole { &mut given } else { &mut own });
        reads.push(script.reads(paths, &inner, &assigned));
    }
    let together = pages::together(base, names);
    for (script, reads) in scripts.iter().zip(reads) {
        let beside = together.get(&script.file);
        let plugins = script.plugins(&given);
        for read in reads.into_iter().chain(plugins) {
            script.refer(&given, beside, &read, model);
        }
    }
}

/// A file that neither imports nor exports.
fn is_script(facts: &FileFacts) -> bool {
    !facts.is_module && facts.imports.is_empty() && !facts.bindings.iter().any(|binding| binding.binds == Binds::Export)
}

impl<'a> Script<'a> {
    fn of(file: FileId, facts: &'a FileFacts, whole: bool) -> Self {
        let mut local: FxHashSet<Text> = facts.parameters.iter().map(|parameter| parameter.name).collect();
        local.extend(facts.definitions.iter().filter(|definition| definition.owner.is_some()).map(|definition| definition.name));
        for binding in facts.bindings.iter().filter(|binding| binding.owner.is_some()) {
            match facts.value(binding.target).shape {
                Shape::Name(name) => {
                    local.insert(name);
                }
                Shape::List(parts) => local.extend(facts.items(parts).iter().filter_map(|part| facts.as_name(*part))),
                _ => {}
            }
        }
        let mut script = Self { file, facts, whole, local, aliases: BTreeMap::new() };
        script.aliases = script.aliases();
        script
    }

    /// Variables for namespaces, and parameters of functions that are called at once.
    fn aliases(&self) -> BTreeMap<Text, String> {
        let facts = self.facts;
        let mut found = BTreeMap::new();
        for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
            if let (Some(name), Some(path)) = (facts.as_name(binding.target), binding.value.and_then(|value| namespace(facts, value))) {
                found.insert(name, path);
            }
        }
        for call in &facts.calls {
            let Shape::Inline(function) = facts.value(call.callee).shape else { continue };
            let parameters = &facts.parameters[facts.definition(function).parameters.range()];
            for (parameter, argument) in parameters.iter().zip(facts.arguments_of(call)) {
                if let Some(path) = global_path(facts, argument.value) {
                    found.insert(parameter.name, path);
                }
            }
        }
        found
    }

    /// What stands at the top of the script, and the namespaces it asks for.
    fn gives(&self, given: &mut Given) {
        let facts = self.facts;
        let mut give = |name: &str| {
            if name.len() >= SHORTEST && !BUILT_IN.contains(&name) {
                given.entry(name.to_owned()).or_default().insert(self.file);
            }
        };
        for binding in facts.bindings_in(None).filter(|binding| binding.binds == Binds::Assign && binding.value.is_some()) {
            match facts.value(binding.target).shape {
                Shape::Name(name) => give(facts.text(name)),
                // `window.App = ...`
                Shape::Member(root, name) if self.is_window(root) => give(facts.text(name)),
                _ => {}
            }
        }
        for binding in facts.bindings.iter().filter(|binding| binding.owner.is_some() && binding.binds == Binds::Assign) {
            if let Shape::Member(root, name) = facts.value(binding.target).shape
                && self.is_window(root)
                && facts.text(name).starts_with(char::is_uppercase)
            {
                give(facts.text(name));
            }
        }
        let members = self.member_functions();
        for (_, definition) in facts.inside(None).filter(|(id, _)| !members.contains(id)) {
            give(facts.text(definition.name));
        }
        for path in self.aliases.values() {
            let root = path.split('.').next().unwrap_or(path);
            given.entry(root.to_owned()).or_default();
        }
    }

    /// Functions that are called after the member they are given to: `App.open = function () {}`, `{ open: function () {} }`.
    fn member_functions(&self) -> FxHashSet<DefinitionId> {
        let facts = self.facts;
        let to_member = |binding: &&Binding| facts.as_name(binding.target).is_none();
        let bound = facts.bindings.iter().filter(to_member).filter_map(|binding| binding.value);
        let values = bound.chain(facts.entries.iter().map(|entry| entry.value));
        let functions = values.filter_map(|value| match facts.value(value).shape {
            Shape::Inline(id) => Some(id),
            _ => None,
        });
        functions.collect()
    }

    /// True for a name of the global object that the script has no variable of: `var self = this` is common.
    fn is_window(&self, value: ValueId) -> bool {
        let facts = self.facts;
        let Some(root) = facts.as_name(value) else { return false };
        let bound = || facts.bindings_in(None).any(|binding| facts.as_name(binding.target) == Some(root));
        super::ROOTS.contains(&facts.text(root)) && !self.local.contains(&root) && (facts.text(root) != "self" || !bound())
    }

    /// The path behind every value that is one, and the values that are the beginning of a longer path.
    fn paths(&self, given: &Given) -> (BTreeMap<ValueId, String>, FxHashSet<ValueId>) {
        let facts = self.facts;
        let (mut paths, mut inner) = (BTreeMap::<ValueId, String>::new(), FxHashSet::default());
        for (value, row) in (0u32..).map(ValueId).zip(&facts.values) {
            let path = match row.shape {
                Shape::Name(name) => match self.aliases.get(&name) {
                    Some(path) => path.clone(),
                    None if JQUERY.contains(&facts.text(name)) => JQUERY[0].to_owned(),
                    None if self.local.contains(&name) => continue,
                    None => facts.text(name).to_owned(),
                },
                Shape::Member(root, name) if self.is_window(root) => facts.text(name).to_owned(),
                Shape::Member(before, name) => match paths.get(&before) {
                    Some(path) if path.matches('.').count() + 1 < DEEPEST => {
                        inner.insert(before);
                        format!("{path}.{}", facts.text(name))
                    }
                    _ => continue,
                },
                _ => continue,
            };
            let root = path.split('.').next().unwrap_or(&path);
            if given.contains_key(root) || JQUERY.contains(&root) {
                paths.insert(value, path);
            }
        }
        (paths, inner)
    }

    /// Notes the members that the script gives; what is assigned to is not read.
    fn assigns(&self, paths: &BTreeMap<ValueId, String>, given: &mut Given) -> FxHashSet<ValueId> {
        let facts = self.facts;
        let mut assigned = FxHashSet::default();
        for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
            let Some(path) = paths.get(&binding.target) else { continue };
            assigned.insert(binding.target);
            let Some(value) = binding.value.filter(|_| path.contains('.')) else { continue };
            // Data further inside belongs to whoever made the object around it.
            let called_at_once = facts.as_call(value).is_some_and(|call| matches!(facts.value(call.callee).shape, Shape::Inline(_)));
            if path.matches('.').count() == 1 || holds_code(facts, value, 0) || called_at_once {
                given.entry(path.clone()).or_default().insert(self.file);
            }
        }
        // `$.widget('shop.cart', { ... })`
        for call in facts.calls.iter().filter(|call| facts.last_name(call.callee) == Some("widget")) {
            let name = facts.arguments_of(call).first().and_then(|argument| facts.as_literal(argument.value));
            if let (Some(name), Shape::Member(root, _)) = (name, facts.value(call.callee).shape)
                && facts.last_name(root).is_some_and(|root| JQUERY.contains(&root))
            {
                let name = name.rsplit('.').next().unwrap_or(name);
                given.entry(format!("$.fn.{name}")).or_default().insert(self.file);
            }
        }
        assigned
    }

    fn reads(&self, paths: BTreeMap<ValueId, String>, inner: &FxHashSet<ValueId>, assigned: &FxHashSet<ValueId>) -> Vec<Read> {
        let read = |(value, path): (ValueId, String)| {
            // Who adds to an object needs the object.
            let path = if assigned.contains(&value) { path.rsplit_once('.')?.0.to_owned() } else { path };
            (!inner.contains(&value)).then_some(Read { value, path })
        };
        paths.into_iter().filter_map(read).collect()
    }

    /// `$('#cart').cartWidget()`
    fn plugins(&self, given: &Given) -> Vec<Read> {
        let facts = self.facts;
        let mut found = Vec::new();
        if !given.keys().any(|path| path.starts_with("$.fn.")) {
            return found;
        }
        for call in &facts.calls {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            let path = format!("$.fn.{}", facts.text(name));
            if !given.contains_key(&path) {
                continue;
            }
            let mut at = object;
            while let Some(before) = facts.as_call(at) {
                at = match facts.value(before.callee).shape {
                    Shape::Member(object, _) => object,
                    _ => before.callee,
                };
            }
            let root = facts.last_name(at).unwrap_or_default();
            if at != object && JQUERY.contains(&root) || root.starts_with('$') && !JQUERY.contains(&root) {
                found.push(Read { value: call.value, path });
            }
        }
        found
    }

    fn refer(&self, given: &Given, beside: Option<&BTreeSet<FileId>>, read: &Read, model: &mut Model) {
        let mut path = read.path.as_str();
        loop {
            if let Some(files) = given.get(path) {
                let on_page = |file: &&FileId| beside.is_some_and(|beside| beside.contains(*file));
                // Of several that give a name the one is meant that stands on the same page.
                let is_own = files.contains(&self.file);
                let one = only(files.iter()).or_else(|| only(files.iter().filter(on_page))).filter(|_| !is_own);
                if let Some(to) = one.copied() {
                    let owner = self.facts.owner_of(read.value);
                    let is_seen = on_page(&&to);
                    let is_told = path.contains('.') || path.starts_with(char::is_uppercase);
                    let sure = if is_seen {
                        95
                    } else if is_told {
                        85
                    } else {
                        70
                    };
                    model.references.push(StringReference {
                        from: self.file,
                        line: self.facts.value(read.value).line,
                        owner: owner.filter(|_| self.whole),
                        to,
                        symbol: path.rsplit('.').next().map(str::to_owned),
                        text: read.path.clone(),
                        // The owner says it of a file; what a page holds has none.
                        deferred: !self.whole && self.facts.runs_lazily(owner),
                        certainty: Certainty(sure),
                        rule: if is_seen { "a name that scripts of one page share" } else { "a name that scripts share" }.into(),
                    });
                }
                return;
            }
            match path.rsplit_once('.') {
                Some((before, _)) => path = before,
                None => return,
            }
        }
    }
}

/// The first where it is the last as well.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

/// `App.namespace('app.cart')`: the path it hands back.
fn namespace(facts: &FileFacts, value: ValueId) -> Option<String> {
    let call = facts.as_call(value)?;
    if !matches!(facts.last_name(call.callee)?, "namespace" | "ns" | "createNamespace") {
        return None;
    }
    let path = facts.as_literal(facts.arguments_of(call).first()?.value)?;
    let is_path = !path.is_empty() && path.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$'));
    is_path.then(|| path.to_owned())
}

/// `window.App`, `App`, `window.App = window.App || {}`.
fn global_path(facts: &FileFacts, value: ValueId) -> Option<String> {
    let value = match facts.value(value).shape {
        Shape::Choice(parts) => *facts.items(parts).first()?,
        _ => value,
    };
    let chain = facts.chain(value)?;
    let names: Vec<&str> = [chain.root].iter().chain(&chain.members).map(|name| facts.text(*name)).collect();
    let names = if names.len() > 1 && super::ROOTS.contains(&names[0]) { &names[1..] } else { &names[..] };
    let is_global = !super::ROOTS.contains(&names[0]) && names[0] != "this" && !BUILT_IN.contains(&names[0]);
    is_global.then(|| names.join("."))
}
