//! What code keeps in the session of whoever asks: a key that two parts use ties them together although neither names the
//! other, and it has to go somewhere before they can run apart (PLAN.md C, risk SESSION).

use crate::base::{FileId, Language};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, Target, ValueId};
use crate::project::Project;

/// A place that reads or writes a key of the session.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Kept {
    /// The key.
    pub key: String,
    /// The file.
    pub file: FileId,
    /// The line, 1-based.
    pub line: u32,
    /// The innermost definition around it.
    pub owner: Option<DefinitionId>,
}

/// PHP's own session.
const GLOBAL: &str = "$_SESSION";
/// What the session is called where a request has one; the last is the facade of Laravel.
const SESSIONS: [&str; 4] = [GLOBAL, "session", "getSession", "Session"];
/// What requests are called.
const REQUESTS: [&str; 7] = ["request", "$request", "req", "ctx", "context", "getRequest", "getMainRequest"];
/// Methods of sessions that take a key first: Django, Flask, Laravel, Symfony, Koa.
const TAKES_KEY: [&str; 17] = [
    "get",
    "put",
    "set",
    "push",
    "pull",
    "pop",
    "has",
    "exists",
    "missing",
    "forget",
    "remove",
    "setdefault",
    "flash",
    "now",
    "increment",
    "decrement",
    "getFlash",
];
/// What a session of Express or Koa has besides the application's keys.
const OF_THE_STORE: [&str; 9] = ["id", "cookie", "save", "destroy", "regenerate", "reload", "touch", "maxAge", "isNew"];

/// Every place where a key of the session is used, by key and place.
#[must_use]
pub fn kept(project: &Project) -> Vec<Kept> {
    let mut found = Vec::new();
    for file in project.own_files() {
        let facts = project.base.facts(file);
        if SESSIONS.iter().all(|name| facts.texts.find(name).is_none()) {
            continue;
        }
        let reading = Reading::of(facts, project.base.file(file).source.language);
        for value in (0u32..).map(ValueId).take(facts.values.len()) {
            for (key, line) in reading.keys(value) {
                found.push(Kept { key, file, line, owner: facts.owner_of(value) });
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

struct Reading<'a> {
    facts: &'a FileFacts,
    /// `req.session.user` names a key; elsewhere members are methods.
    members_are_keys: bool,
    is_php: bool,
    /// The file imports the name `session` or `Session` from a framework that calls its session so.
    imports_it: bool,
}

impl<'a> Reading<'a> {
    fn of(facts: &'a FileFacts, language: Language) -> Self {
        let imports_it = facts.imports.iter().any(|import| {
            let of_framework = match &import.target {
                Target::Dotted { level: 0, path } => facts.text(*path) == "flask",
                Target::Symbol(name) => facts.text(*name).trim_start_matches('\\') == "Illuminate\\Support\\Facades\\Session",
                _ => false,
            };
            of_framework && import.local.or(import.symbol).is_some_and(|name| facts.text(name).eq_ignore_ascii_case("session"))
        });
        let members_are_keys = crate::names::javascript::speaks(language);
        Self { facts, members_are_keys, is_php: language == crate::names::php::PHP, imports_it }
    }

    /// The keys that a value names.
    fn keys(&self, value: ValueId) -> Vec<(String, u32)> {
        let facts = self.facts;
        let row = facts.value(value);
        let named = |key: Option<&str>| key.map(|key| (key.to_owned(), row.line)).into_iter().collect();
        match row.shape {
            Shape::Item(object, key) if self.is_session(object) => named(facts.as_literal(key)),
            Shape::Member(object, name) if self.members_are_keys && self.is_session(object) => {
                named(Some(facts.text(name)).filter(|name| !OF_THE_STORE.contains(name)))
            }
            Shape::Call(_) => facts.as_call(value).map_or_else(Vec::new, |call| self.keys_of_call(call, row.line)),
            _ => Vec::new(),
        }
    }

    fn keys_of_call(&self, call: &Call, line: u32) -> Vec<(String, u32)> {
        let facts = self.facts;
        let takes_key = match facts.value(call.callee).shape {
            Shape::Member(object, method) => TAKES_KEY.contains(&facts.text(method)) && self.is_session(object),
            // Laravel's helper: a key asks, a map of them sets.
            Shape::Name(name) => self.is_php && facts.text(name) == "session",
            _ => false,
        };
        let Some(first) = facts.arguments_of(call).first().filter(|first| takes_key && first.name.is_none()) else {
            return Vec::new();
        };
        let keys: Vec<&str> = match facts.value(first.value).shape {
            Shape::Literal(text) => vec![facts.text(text)],
            Shape::Map(entries) => {
                let keys = facts.entries[entries.range()].iter().filter_map(|entry| entry.key);
                keys.filter_map(|key| facts.as_literal(key)).collect()
            }
            _ => Vec::new(),
        };
        keys.into_iter().map(|key| (key.to_owned(), line)).collect()
    }

    /// True for a value that is the session.
    fn is_session(&self, value: ValueId) -> bool {
        let facts = self.facts;
        match facts.value(value).shape {
            Shape::Name(name) => match facts.text(name) {
                GLOBAL => true,
                "session" | "Session" => self.imports_it,
                _ => false,
            },
            Shape::Member(object, name) => facts.text(name) == "session" && self.is_request(object),
            Shape::Call(_) => facts.as_call(value).is_some_and(|call| {
                let nothing = call.arguments.is_empty();
                nothing
                    && match facts.value(call.callee).shape {
                        Shape::Member(object, name) => matches!(facts.text(name), "session" | "getSession") && self.is_request(object),
                        Shape::Name(name) => self.is_php && facts.text(name) == "session",
                        _ => false,
                    }
            }),
            _ => false,
        }
    }

    fn is_request(&self, value: ValueId) -> bool {
        let facts = self.facts;
        let called = match facts.as_call(value) {
            Some(call) => facts.last_name(call.callee),
            None => facts.last_name(value),
        };
        called.is_some_and(|name| REQUESTS.contains(&name))
    }
}
