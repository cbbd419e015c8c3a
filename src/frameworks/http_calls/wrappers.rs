//! Functions of the application that hand an address on to a client: `loadPage({ url: '/a' })`, `api('/a', data)`.
//!
//! They are found by what they do with their parameters, and known by their bare names, as browser scripts share them.

use super::Script;
use super::clients::{Clients, Request};
use super::urls::Urls;
use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::routes::Method;
use rustc_hash::FxHashMap;

/// A parameter that is an address, or holds one under a key.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Role<'a> {
    parameter: usize,
    key: Option<&'a str>,
    method: Method,
    client: &'static str,
    /// Where the wrapper is defined.
    file: FileId,
}

/// Method names that too many things have.
const COMMON: [&str; 12] =
    ["fetch", "select", "load", "open", "create", "update", "remove", "upload", "download", "execute", "handle", "submit"];

/// Rounds of handing on.
const MOST_ROUNDS: usize = 3;

/// The wrappers of the tree; a name that means different things in different places is nobody's.
pub(super) struct Wrappers<'a> {
    by_name: FxHashMap<&'a str, Option<Role<'a>>>,
    /// How many functions of the tree have a name.
    defined: FxHashMap<&'a str, usize>,
}

impl<'a> Wrappers<'a> {
    pub(super) fn learn(scripts: &[Script<'a>], clients: &[Clients<'a>]) -> Self {
        let mut wrappers = Self { by_name: FxHashMap::default(), defined: FxHashMap::default() };
        for script in scripts {
            for (_, definition) in script.facts.definitions() {
                *wrappers.defined.entry(script.facts.text(definition.name)).or_default() += 1;
            }
        }
        for _ in 0..MOST_ROUNDS {
            let mut found = Vec::new();
            for (script, clients) in scripts.iter().zip(clients) {
                let urls = Urls::of(script.facts);
                for call in &script.facts.calls {
                    if let Some(request) = clients.request(call).or_else(|| wrappers.request(script, &urls, call)) {
                        found.extend(role(script, call, &request));
                    }
                }
            }
            let before = wrappers.by_name.len();
            for (name, role) in found {
                let known = wrappers.by_name.entry(name).or_insert_with(|| Some(role.clone()));
                if let Some(one) = known
                    && (one.parameter, one.key, one.file) != (role.parameter, role.key, role.file)
                {
                    *known = None;
                } else if let Some(one) = known
                    && one.method != role.method
                {
                    one.method = Method::Any;
                }
            }
            if wrappers.by_name.len() == before {
                break;
            }
        }
        wrappers
    }

    /// The request that a call of a wrapper sends.
    pub(super) fn request(&self, script: &Script<'_>, urls: &Urls<'_>, call: &Call) -> Option<Request> {
        let facts = script.facts;
        let name = facts.last_name(call.callee)?;
        let role = self.by_name.get(name)?.as_ref()?;
        let is_only_one = self.defined.get(name).is_some_and(|times| *times == 1);
        let is_meant = match facts.value(call.callee).shape {
            // A function of the file itself, one that is imported, or one that all scripts of a page share.
            Shape::Name(_) => role.file == script.file || is_only_one,
            _ => is_only_one && !COMMON.contains(&name),
        };
        is_meant.then_some(())?;
        let given = facts.arguments_of(call).get(role.parameter).filter(|argument| !argument.spread)?.value;
        let url = match role.key {
            Some(key) => super::entry(facts, urls.object(given)?, key)?,
            None => given,
        };
        Some(Request { url, method: role.method, client: role.client, certainty: Certainty(90), prefix: String::new() })
    }

    /// True inside a wrapper, where the address comes from its parameters.
    pub(super) fn is_body(&self, facts: &FileFacts, owner: Option<DefinitionId>, url: ValueId) -> bool {
        parameter(facts, owner, url)
            .is_some_and(|(function, _, _)| self.by_name.get(facts.text(facts.definition(function).name)).is_some_and(Option::is_some))
    }
}

/// The function that hands one of its parameters on as the address of a request.
fn role<'a>(script: &Script<'a>, call: &Call, request: &Request) -> Option<(&'a str, Role<'a>)> {
    let facts = script.facts;
    let (function, parameter, key) = parameter(facts, facts.owner_of(call.value), request.url)?;
    let name = facts.text(facts.definition(function).name);
    // Names that every library has.
    if name.len() < 3 || matches!(name, "get" | "post" | "put" | "delete" | "patch" | "default" | "constructor" | "request" | "send") {
        return None;
    }
    Some((name, Role { parameter, key, method: request.method, client: request.client, file: script.file }))
}

/// The parameter that an address is, or that holds it under a key, of a function around.
fn parameter(facts: &FileFacts, owner: Option<DefinitionId>, url: ValueId) -> Option<(DefinitionId, usize, Option<&str>)> {
    let (name, key) = match facts.value(url).shape {
        Shape::Name(name) => (name, None),
        Shape::Member(object, key) => (facts.as_name(object)?, Some(facts.text(key))),
        _ => return None,
    };
    let (function, place) = facts.parameter_around(owner, name)?;
    (!facts.text(facts.definition(function).name).is_empty()).then_some((function, place, key))
}
