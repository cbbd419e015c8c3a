//! Which methods a file answers, and what in it does.

use super::places::{Place, Sort};
use super::{Method, certainty};
use crate::base::{Certainty, FileId};
use crate::facts::{DefinitionId, FileFacts, Shape, ValueId};
use crate::names::{Export, FactBase, Names};

/// One method that a file answers.
pub(super) struct Answer {
    pub(super) method: Method,
    pub(super) handler: String,
    pub(super) at: (FileId, u32),
    pub(super) certainty: Certainty,
}

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Everything a file answers.
pub(super) fn of(base: &FactBase, names: &Names, file: FileId, place: &Place) -> Vec<Answer> {
    let exports = Exports { base, names, file };
    match place.sort {
        Sort::Methods => {
            let called = METHODS.iter().chain(&["ALL"]).filter_map(|word| Some((*word, exports.find(word)?)));
            let method = |word: &str| Method::of(word).unwrap_or(Method::Any);
            // HEAD and OPTIONS are written only where they do something of their own.
            called.map(|(word, found)| exports.answer(method(word), &found, Certainty(95))).collect()
        }
        Sort::Function => {
            let Some(found) = exports.find("default") else { return Vec::new() };
            let methods = match place.method.and_then(Method::of) {
                Some(method) => certainty(95, &[method]),
                None => asked(base.facts(file)),
            };
            methods.into_iter().map(|(method, sure)| exports.answer(method, &found, sure)).collect()
        }
        Sort::Page => {
            let found = exports.find("default").unwrap_or_else(|| exports.whole());
            vec![exports.answer(Method::Get, &found, Certainty(95))]
        }
        Sort::Actions => exports.find("actions").map(|found| exports.answer(Method::Post, &found, Certainty(90))).into_iter().collect(),
        Sort::Loader => {
            let shown = exports.find("loader").or_else(|| exports.find("default"));
            let sent = exports.find("action");
            let shown = shown.map(|found| exports.answer(Method::Get, &found, Certainty(90)));
            shown.into_iter().chain(sent.map(|found| exports.answer(Method::Post, &found, Certainty(80)))).collect()
        }
    }
}

struct Exports<'a> {
    base: &'a FactBase,
    names: &'a Names,
    file: FileId,
}

/// What answers: its name where it has one, and where it is.
struct Found {
    name: Option<String>,
    at: (FileId, u32),
}

impl Exports<'_> {
    fn find(&self, name: &str) -> Option<Found> {
        let own = self.names.export(self.base, self.file, name)?;
        let home = self.names.home(self.base, self.file, name);
        let found = match home.and_then(|home| Some((home.file, home.export?))) {
            Some((file, export)) => self.place(file, export),
            None => self.place(self.file, own),
        };
        let named = name != "default";
        Some(Found { name: found.name.or_else(|| named.then(|| name.to_owned())), ..found })
    }

    fn place(&self, file: FileId, export: Export) -> Found {
        let facts = self.base.facts(file);
        match export {
            Export::Definition(id) => defined(facts, file, id),
            Export::Variable(Some(value)) => self.behind(file, value),
            Export::Variable(None) => Found { name: None, at: (file, 1) },
            Export::Import(import) => Found { name: None, at: (file, facts.imports[import as usize].line) },
        }
    }

    /// `export default handler`, `export const GET = wrapped(handler)`
    fn behind(&self, file: FileId, value: ValueId) -> Found {
        let facts = self.base.facts(file);
        let line = facts.value(value).line;
        match facts.value(value).shape {
            Shape::Inline(id) => defined(facts, file, id),
            Shape::Name(name) => match self.names.home(self.base, file, facts.text(name)) {
                Some(crate::names::Home { file, export: Some(Export::Definition(id)) }) => defined(self.base.facts(file), file, id),
                _ => Found { name: Some(facts.text(name).to_owned()), at: (file, line) },
            },
            Shape::Call(call) => {
                let arguments = facts.arguments_of(&facts.calls[call.0 as usize]);
                let inline = arguments.iter().find_map(|argument| match facts.value(argument.value).shape {
                    Shape::Name(name) => match self.names.export(self.base, file, facts.text(name))? {
                        Export::Definition(id) => Some(defined(facts, file, id)),
                        _ => None,
                    },
                    _ => None,
                });
                inline.unwrap_or(Found { name: None, at: (file, line) })
            }
            _ => Found { name: None, at: (file, line) },
        }
    }

    fn whole(&self) -> Found {
        Found { name: None, at: (self.file, 1) }
    }

    fn answer(&self, method: Method, found: &Found, certainty: Certainty) -> Answer {
        let handler = found.name.clone().unwrap_or_else(|| format!("{}:{}", self.base.path(found.at.0), found.at.1));
        Answer { method, handler, at: found.at, certainty }
    }
}

fn defined(facts: &FileFacts, file: FileId, id: DefinitionId) -> Found {
    let definition = facts.definition(id);
    let name = facts.text(definition.name);
    let named = !name.is_empty() && name != "default";
    Found { name: named.then(|| name.to_owned()), at: (file, definition.span.line) }
}

/// The methods that a function asks the request for; all of them where it never asks.
fn asked(facts: &FileFacts) -> Vec<(Method, Certainty)> {
    if let Some(allowed) = allowed(facts) {
        return certainty(90, &allowed);
    }
    let asks = facts.texts.find("method").is_some();
    let mut found: Vec<Method> = Vec::new();
    // `fetch(url, { method: 'POST' })` sends one.
    let sent = |value: ValueId| {
        let own = facts.entries.iter().find(|entry| entry.value == value);
        own.and_then(|entry| entry.key).and_then(|key| facts.as_literal(key)) == Some("method")
    };
    for (number, value) in (0u32..).zip(&facts.values) {
        if let Shape::Literal(text) = value.shape
            && METHODS.contains(&facts.text(text))
            && !sent(ValueId(number))
        {
            found.extend(Method::of(facts.text(text)));
        }
    }
    found.sort_unstable();
    found.dedup();
    if asks && !found.is_empty() { certainty(80, &found) } else { certainty(90, &[Method::Any]) }
}

/// `setHeader('Allow', ['GET', 'PUT'])`, `setHeader('Allow', 'GET, PUT')`
fn allowed(facts: &FileFacts) -> Option<Vec<Method>> {
    let mut found = Vec::new();
    for call in facts.calls.iter().filter(|call| facts.last_name(call.callee) == Some("setHeader")) {
        let [name, methods] = facts.arguments_of(call) else { continue };
        if !facts.as_literal(name.value).is_some_and(|name| name.eq_ignore_ascii_case("allow")) {
            continue;
        }
        let texts: Vec<&str> = match facts.value(methods.value).shape {
            Shape::List(parts) => facts.items(parts).iter().filter_map(|part| facts.as_literal(*part)).collect(),
            _ => facts.as_literal(methods.value).into_iter().collect(),
        };
        found.extend(texts.iter().flat_map(|text| text.split(',')).filter_map(|word| Method::of(word.trim())));
    }
    found.sort_unstable();
    found.dedup();
    (!found.is_empty()).then_some(found)
}
