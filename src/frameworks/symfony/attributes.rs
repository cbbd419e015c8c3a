//! Routes in attributes: `#[Route('/blog', name: 'blog_', methods: ['GET'])]`.

use super::paths::Located;
use super::{Controller, Noted, noted_methods};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::Ancestor;
use crate::frameworks::php::PhpClasses;
use crate::frameworks::routes::Method;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// How deep a list of texts is followed.
const DEEPEST: u32 = 4;

/// Reads the attributes of a file's classes and methods.
pub(super) fn read(classes: &PhpClasses<'_>, file: FileId, out: &mut BTreeMap<DefinitionId, Controller>) {
    let facts = classes.facts(file);
    let decorated = facts.definitions().filter(|(_, definition)| !definition.decorators.is_empty());
    let mut calls: Option<FxHashMap<ValueId, usize>> = None;
    for (id, definition) in decorated {
        let calls = calls.get_or_insert_with(|| facts.calls.iter().enumerate().map(|(place, call)| (call.callee, place)).collect());
        for value in facts.items(definition.decorators) {
            let Some(noted) = note(classes, file, facts, calls, *value) else { continue };
            match (definition.kind.is_type(), definition.owner) {
                (true, _) => out.entry(id).or_default().own.push(noted),
                (false, Some(class)) if facts.definition(class).kind.is_type() => {
                    out.entry(class).or_default().methods.entry(id).or_default().push(noted);
                }
                _ => {}
            }
        }
    }
}

fn note(classes: &PhpClasses<'_>, file: FileId, facts: &FileFacts, calls: &FxHashMap<ValueId, usize>, value: ValueId) -> Option<Noted> {
    let (name, call) = match facts.value(value).shape {
        Shape::Call(call) => (facts.calls[call.0 as usize].callee, Some(&facts.calls[call.0 as usize])),
        _ => (value, calls.get(&value).map(|place| &facts.calls[*place])),
    };
    let Ancestor::Outside(full) = classes.named(file, name)? else { return None };
    let by_verb = noted_methods(&full)?;
    let mut noted = Noted { line: facts.value(value).line, methods: by_verb, ..Noted::default() };
    if let Some(call) = call {
        read_call(classes, file, facts, call, &mut noted);
    }
    Some(noted)
}

fn read_call(classes: &PhpClasses<'_>, file: FileId, facts: &FileFacts, call: &Call, noted: &mut Noted) {
    let owner = facts.owner_of(call.value);
    if let Some(path) = facts.argument(call, 0, "path") {
        noted.paths = located(classes, file, owner, path);
    }
    noted.name = facts.argument(call, 1, "name").and_then(|value| classes.text(file, owner, value));
    let named = |wanted: &str| {
        let mut arguments = facts.arguments_of(call).iter();
        arguments.find(|argument| argument.name.is_some_and(|name| facts.text(name) == wanted)).map(|argument| argument.value)
    };
    if let Some(methods) = named("methods") {
        noted.methods = methods_of(classes, file, owner, methods);
    }
}

/// One path, or one for each language.
pub(super) fn located(classes: &PhpClasses<'_>, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Vec<Located> {
    let facts = classes.facts(file);
    if let Shape::Map(entries) = facts.value(value).shape {
        let entries = facts.entries[entries.range()].iter();
        let paths = entries.filter_map(|entry| {
            Some(Located { locale: facts.as_literal(entry.key?)?.to_owned(), path: classes.text(file, owner, entry.value)? })
        });
        return paths.collect();
    }
    classes.texts(file, owner, value).iter().map(|path| Located::only(path)).collect()
}

/// `['GET', Request::METHOD_POST]`, `'GET|POST'`
pub(super) fn methods_of(classes: &PhpClasses<'_>, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Vec<Method> {
    let facts = classes.facts(file);
    let parts = match facts.value(value).shape {
        Shape::List(parts) => facts.items(parts).to_vec(),
        _ => vec![value],
    };
    let words = parts.iter().flat_map(|part| {
        let found = classes.texts(file, owner, *part);
        // A constant of the library, which the tree does not have: `Request::METHOD_POST`.
        let constant = || facts.last_name(*part).and_then(|name| name.strip_prefix("METHOD_")).map(str::to_owned);
        let found = if found.is_empty() { classes.elements(file, owner, *part, false, DEEPEST) } else { found };
        if found.is_empty() { constant().into_iter().collect() } else { found }
    });
    words.flat_map(|words| words.split('|').filter_map(|word| Method::of(word.trim())).collect::<Vec<_>>()).collect()
}
