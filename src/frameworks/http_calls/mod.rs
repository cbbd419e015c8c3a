//! Requests that JavaScript sends: from the browser, from scripts inside pages, and from servers of Node to others.
//!
//! `clients` knows the libraries, `urls` puts addresses together as far as they can be told, `wrappers` finds the functions
//! of the application that hand an address on to a library, by what they do with their parameters, `own` the objects and
//! classes of the application that do so.

mod clients;
mod own;
mod pages;
mod urls;
mod wrappers;

use super::{FrameworkRow, Model};
use crate::base::{Certainty, FileId};
use crate::config::Config;
use crate::facts::{Call, FileFacts, ValueId};
use crate::frameworks::orm::Places;
use crate::frameworks::routes::HttpCall;
use crate::names::javascript::speaks;
use crate::names::{FactBase, Names};
use clients::{Clients, Request};
use urls::{HOLE, ROUTE, Urls};
use wrappers::Wrappers;

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "http_calls", interpret };

/// One text of JavaScript: a file, or the scripts of a page.
struct Script<'a> {
    file: FileId,
    facts: &'a FileFacts,
    is_page: bool,
}

fn interpret(base: &FactBase, names: &Names, _: &Config, model: &mut Model) {
    let mut scripts = Vec::new();
    for file in base.ids().filter(|file| !base.file(*file).left_out) {
        let facts = base.facts(file);
        if speaks(base.file(file).source.language) {
            scripts.push(Script { file, facts, is_page: false });
        } else if let Some(inside) = &facts.scripts {
            scripts.push(Script { file, facts: inside, is_page: true });
        }
    }
    let mut clients: Vec<Clients<'_>> = scripts.iter().map(|script| Clients::of(base, names, script.file, script.facts)).collect();
    let own = own::learn(&scripts, &clients);
    if !own.is_empty() {
        scripts.iter().zip(&mut clients).filter(|(script, _)| !script.is_page).for_each(|(script, clients)| {
            clients.take_own(base, names, script.file, &own);
        });
    }
    let wrappers = Wrappers::learn(&scripts, &clients);
    for (script, clients) in scripts.iter().zip(&clients) {
        read(script, clients, &wrappers, own.contains_key(&script.file), model);
    }
}

fn read(script: &Script<'_>, clients: &Clients<'_>, wrappers: &Wrappers<'_>, is_own: bool, model: &mut Model) {
    let facts = script.facts;
    let urls = Urls::of(facts);
    let mut places = Places::of(facts);
    for call in &facts.calls {
        if let Some(request) = pages::request(script, call) {
            model.http_calls.push(request);
            continue;
        }
        let Some(request) = clients.request(call).or_else(|| wrappers.request(script, &urls, call)) else { continue };
        let owner = places.place(call.value).owner;
        let mut found = urls.texts(request.url);
        found.retain(|url| !url.trim_matches(HOLE).is_empty());
        found.extend(action(facts, call, request.url).filter(|_| found.is_empty()));
        if found.is_empty() {
            found.push(HOLE.to_string());
        }
        // Inside a wrapper the address is whatever its callers hand over; they are listed.
        let is_body = is_own || wrappers.is_body(facts, owner, request.url);
        if is_body && found.iter().all(|url| url.trim_matches(HOLE).is_empty()) {
            continue;
        }
        let certainty = Certainty(request.certainty.0.min(if found.len() > 1 { 80 } else { 100 }));
        for url in found {
            let (named, url) = named(&url);
            model.http_calls.push(HttpCall {
                file: script.file,
                line: call.span.line,
                owner: owner.filter(|_| !script.is_page),
                value: Some(call.value).filter(|_| !script.is_page),
                method: request.method,
                url: format!("{}{}", request.prefix, url).replace(HOLE, "{}"),
                named,
                client: request.client,
                certainty,
            });
        }
    }
}

/// The name of the route that an address is, and the address without it: a template wrote it into the script.
fn named(url: &str) -> (Option<String>, String) {
    match url.split(ROUTE).collect::<Vec<_>>()[..] {
        ["", name, rest] => {
            ((rest.starts_with('?') || rest.chars().all(|letter| letter == HOLE)).then(|| name.to_owned()), format!("{HOLE}{rest}"))
        }
        [_] => (None, url.to_owned()),
        _ => (None, HOLE.to_string()),
    }
}

/// WordPress hands scripts the address of its dispatcher as `ajaxurl`; the action is among what is sent.
fn action(facts: &FileFacts, call: &Call, url: ValueId) -> Option<String> {
    if !matches!(facts.last_name(url)?, "ajaxurl" | "ajax_url" | "ajaxUrl") {
        return None;
    }
    let arguments = facts.arguments_of(call).iter().map(|argument| argument.value);
    let mut sent = arguments.flat_map(|value| [Some(value), entry(facts, value, "data")]).flatten();
    let action = sent.find_map(|value| facts.as_literal(entry(facts, value, "action")?))?;
    Some(format!("/wp-admin/admin-ajax.php?action={action}"))
}

/// The value of a key of an object that is written down.
fn entry(facts: &FileFacts, value: ValueId, key: &str) -> Option<ValueId> {
    let crate::facts::Shape::Map(entries) = facts.value(value).shape else { return None };
    let entries = &facts.entries[entries.range()];
    entries.iter().find(|entry| entry.key.is_some_and(|name| facts.as_literal(name) == Some(key))).map(|entry| entry.value)
}

impl Request {
    fn new(url: ValueId, method: super::routes::Method, client: &'static str, certainty: u8) -> Self {
        Self { url, method, client, certainty: Certainty(certainty), prefix: String::new() }
    }
}
