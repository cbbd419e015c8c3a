//! What groups say of the routes inside them: prefix, name, namespace, controller.

use super::Scan;
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::Ancestor;
use crate::frameworks::php::PhpClasses;

/// How far back a chain of calls is followed.
const LONGEST: usize = 40;

/// What stands for a part of a path that only running shows.
pub(super) const OPEN: &str = "{}";

/// How sure a route is whose prefix only running shows, and one of several.
const OPEN_PREFIX: u8 = 50;
const ONE_OF_SEVERAL: u8 = 90;

/// What holds for the routes of one group, or of one file as it is loaded in one place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Context {
    /// Without slashes at its ends.
    pub prefix: String,
    /// The beginning of names.
    pub name: String,
    /// Put before controllers that are named in strings.
    pub namespace: String,
    /// The controller whose methods routes name, with the file and the definition it is named in.
    pub controller: Option<(FileId, Option<DefinitionId>, ValueId)>,
    /// What stands before the handlers, by the names it is written with.
    pub middleware: Vec<String>,
    pub sure: u8,
}

impl Default for Context {
    fn default() -> Self {
        Self { prefix: String::new(), name: String::new(), namespace: String::new(), controller: None, middleware: Vec::new(), sure: 100 }
    }
}

/// One thing a chain or an array of a group says.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) what: &'a str,
    pub(super) value: ValueId,
}

/// The contexts inside a call at the end of a chain: what every call before it says, then the array that `group` is given.
pub(super) fn of_chain(scan: &Scan<'_>, file: FileId, call: &Call, around: &[Context]) -> Vec<Context> {
    let facts = scan.classes.facts(file);
    let mut said = Vec::new();
    let mut at = call.callee;
    for _ in 0..LONGEST {
        let Shape::Member(object, _) = facts.value(at).shape else { break };
        let Some(before) = facts.as_call(object) else { break };
        let Some(what) = facts.last_name(before.callee) else { break };
        if let Some(value) = facts.argument(before, 0, "prefix") {
            said.push(Said { what, value });
        }
        at = before.callee;
    }
    said.reverse();
    if facts.last_name(call.callee) == Some("group") {
        said.extend(facts.arguments_of(call).iter().flat_map(|argument| of_array(facts, argument.value)));
    }
    apply(scan, file, facts.owner_of(call.value), &said, around)
}

/// `['prefix' => 'admin', 'as' => 'admin.']`
pub(super) fn of_array(facts: &FileFacts, value: ValueId) -> Vec<Said<'_>> {
    let Shape::Map(entries) = facts.value(value).shape else { return Vec::new() };
    let entries = &facts.entries[entries.range()];
    entries.iter().filter_map(|entry| Some(Said { what: facts.as_literal(entry.key?)?, value: entry.value })).collect()
}

fn apply(scan: &Scan<'_>, file: FileId, owner: Option<DefinitionId>, said: &[Said<'_>], around: &[Context]) -> Vec<Context> {
    let mut contexts = around.to_vec();
    for Said { what, value } in said {
        match *what {
            "prefix" => {
                let found = scan.prefixes(file, owner, *value);
                contexts = contexts.iter().flat_map(|context| found.iter().map(|(prefix, sure)| context.below(prefix, *sure))).collect();
            }
            "as" | "name" => {
                let text = scan.classes.text(file, owner, *value).unwrap_or_default();
                contexts.iter_mut().for_each(|context| context.name.push_str(&text));
            }
            "namespace" => {
                if let Some(text) = scan.classes.text(file, owner, *value) {
                    contexts.iter_mut().for_each(|context| context.namespace = within(&context.namespace, &text));
                }
            }
            "middleware" => {
                let names = named(scan.classes, file, owner, *value);
                contexts.iter_mut().for_each(|context| context.middleware.extend(names.iter().cloned()));
            }
            "withoutMiddleware" => {
                let names = named(scan.classes, file, owner, *value);
                contexts.iter_mut().for_each(|context| context.middleware.retain(|name| !names.contains(name)));
            }
            "controller" => contexts.iter_mut().for_each(|context| context.controller = Some((file, owner, *value))),
            _ => {}
        }
    }
    contexts
}

/// The names of what stands before a handler: `'auth:api'`, `['auth', Signed::class]`.
pub(in crate::frameworks) fn named(classes: &PhpClasses<'_>, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Vec<String> {
    let facts = classes.facts(file);
    let one = |value: ValueId| match facts.value(value).shape {
        Shape::Member(..) => match classes.class_of(file, owner, value)? {
            Ancestor::Ours(class) => Some(classes.full_name(class)),
            Ancestor::Outside(full) => Some(full),
        },
        _ => classes.text(file, owner, value),
    };
    match facts.value(value).shape {
        Shape::List(parts) => facts.items(parts).iter().filter_map(|part| one(*part)).collect(),
        _ => one(value).into_iter().collect(),
    }
}

/// A namespace inside another; one with a leading backslash is whole.
pub(super) fn within(outer: &str, inner: &str) -> String {
    match inner.strip_prefix('\\') {
        Some(whole) => whole.to_owned(),
        None if outer.is_empty() => inner.trim_end_matches('\\').to_owned(),
        None => format!("{outer}\\{}", inner.trim_end_matches('\\')),
    }
}

impl Context {
    /// The same below a prefix.
    pub(super) fn below(&self, prefix: &str, sure: u8) -> Self {
        Self { prefix: under(&self.prefix, prefix), sure: self.sure.min(sure), ..self.clone() }
    }
}

/// A path below another, without slashes at its ends.
pub(super) fn under(prefix: &str, path: &str) -> String {
    let path = path.trim_matches('/');
    match (prefix.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (_, true) => prefix.to_owned(),
        _ => format!("{prefix}/{path}"),
    }
}

impl Scan<'_> {
    /// The texts a prefix may be, with how sure each is.
    pub(super) fn prefixes(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Vec<(String, u8)> {
        let facts = self.classes.facts(file);
        if matches!(facts.value(value).shape, Shape::Constant(_)) {
            return vec![(String::new(), 100)];
        }
        let found = self.classes.texts(file, owner, value);
        match &found[..] {
            [only] => vec![(only.clone(), 100)],
            [] => match self.setting(file, owner, value) {
                Some(text) => vec![(text, 80)],
                None => vec![(OPEN.to_owned(), OPEN_PREFIX)],
            },
            _ => found.into_iter().map(|text| (text, ONE_OF_SEVERAL)).collect(),
        }
    }

    /// `config('blog.prefix')`: what the file of settings gives, or the default that stands beside it.
    fn setting(&self, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<String> {
        let facts = self.classes.facts(file);
        let call = facts.as_call(value)?;
        let name = facts.last_name(call.callee)?;
        let arguments = facts.arguments_of(call);
        let default = || self.classes.text(file, owner, arguments.get(1)?.value);
        match name {
            "env" => default(),
            "config" => self.configured(facts.as_literal(arguments.first()?.value)?).or_else(default),
            _ => None,
        }
    }

    /// The text that `config/<file>.php` has for `file.key`.
    fn configured(&self, key: &str) -> Option<String> {
        let mut keys = key.split('.');
        let path = format!("config/{}.php", keys.next()?);
        let file = self.classes.names.tree().file(&path)?;
        let facts = self.classes.facts(file);
        let mut at = ValueId(u32::try_from(facts.values.len().checked_sub(1)?).ok()?);
        for key in keys {
            let Shape::Map(entries) = facts.value(at).shape else { return None };
            let has = |entry: &&crate::facts::Entry| entry.key.and_then(|own| facts.as_literal(own)) == Some(key);
            at = facts.entries[entries.range()].iter().find(has)?.value;
        }
        let given = facts.as_call(at).filter(|call| facts.last_name(call.callee) == Some("env"));
        match given {
            Some(call) => self.classes.text(file, None, facts.arguments_of(call).get(1)?.value),
            None => self.classes.text(file, None, at),
        }
    }
}
