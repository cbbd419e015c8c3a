//! Clients of the application's own: an object or class whose `get`, `post` and the like put something before the address
//! they are handed and send it. Who imports the object or extends the class sends requests through it.

use super::Script;
use super::clients::Clients;
use super::urls::{HOLE, Urls};
use crate::base::FileId;
use crate::facts::{DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::frameworks::routes::Method;
use rustc_hash::FxHashMap;

/// A client: the library behind it, and what it puts before addresses.
pub(super) type Client = (&'static str, String);

/// Functions that hand on what functions handed on.
const MOST_ROUNDS: usize = 3;

/// A function that sends a request to an address it is handed.
struct Passer {
    function: DefinitionId,
    place: usize,
    client: Client,
}

/// The files that hold such a client.
pub(super) fn learn(scripts: &[Script<'_>], clients: &[Clients<'_>]) -> FxHashMap<FileId, Client> {
    let both = scripts.iter().zip(clients).filter(|(script, _)| !script.is_page);
    both.filter_map(|(script, clients)| Some((script.file, of_file(script.facts, clients)?))).collect()
}

fn of_file(facts: &FileFacts, clients: &Clients<'_>) -> Option<Client> {
    if !facts.definitions().any(|(id, _)| is_verb(facts, id)) {
        return None;
    }
    let urls = Urls::of(facts);
    let mut passers = Vec::new();
    for call in &facts.calls {
        if let Some(request) = clients.request(call) {
            passers.extend(passer(facts, &urls, call.value, request.url, (request.client, request.prefix)));
        }
    }
    for _ in 0..MOST_ROUNDS {
        let mut more: Vec<Passer> = Vec::new();
        for call in &facts.calls {
            let Some(name) = facts.last_name(call.callee) else { continue };
            let through = passers.iter().find(|one: &&Passer| facts.text(facts.definition(one.function).name) == name);
            let Some(through) = through else { continue };
            let Some(given) = facts.arguments_of(call).get(through.place) else { continue };
            let found = passer(facts, &urls, call.value, given.value, through.client.clone());
            more.extend(found.filter(|found| passers.iter().chain(&more).all(|known| known.function != found.function)));
        }
        if more.is_empty() {
            break;
        }
        passers.append(&mut more);
    }
    let mut verbs = passers.into_iter().filter(|passer| passer.place == 0 && is_verb(facts, passer.function)).map(|passer| passer.client);
    let first = verbs.next()?;
    verbs.all(|other| other == first).then_some(first)
}

/// The function around a call that is handed the end of an address.
fn passer(facts: &FileFacts, urls: &Urls<'_>, at: ValueId, url: ValueId, (client, before): Client) -> Option<Passer> {
    let owner = facts.owner_of(at);
    let (prefix, name) = tail(facts, urls, url)?;
    if let Some((function, place)) = facts.parameter_around(owner, name) {
        return Some(Passer { function, place, client: (client, before + &prefix) });
    }
    // `const whole = base + url; fetch(whole)`
    let bound = facts.bindings_in(owner).find(|binding| facts.as_name(binding.target) == Some(name))?;
    let (prefix, name) = tail(facts, urls, bound.value?)?;
    let (function, place) = facts.parameter_around(owner, name)?;
    Some(Passer { function, place, client: (client, before + &prefix) })
}

/// The variable that an address ends with, and what stands before it.
fn tail(facts: &FileFacts, urls: &Urls<'_>, url: ValueId) -> Option<(String, Text)> {
    let one = |value: ValueId| match &urls.texts(value)[..] {
        [only] => only.clone(),
        _ => HOLE.to_string(),
    };
    match facts.value(url).shape {
        Shape::Name(name) => Some((String::new(), name)),
        Shape::Joined(before, last) => Some((one(before), facts.as_name(last)?)),
        Shape::Template(parts) => {
            let parts = facts.items(parts).iter().filter(|part| facts.as_literal(**part) != Some("")).copied().collect::<Vec<_>>();
            let (last, before) = parts.split_last()?;
            Some((before.iter().map(|part| one(*part)).collect(), facts.as_name(*last)?))
        }
        _ => None,
    }
}

/// True for functions called like methods of HTTP, also those that a loop over the methods makes:
/// `http[method] = (url) => ...`.
fn is_verb(facts: &FileFacts, function: DefinitionId) -> bool {
    let name = facts.text(facts.definition(function).name);
    if !name.is_empty() {
        return name == "del" || name.chars().all(char::is_lowercase) && Method::of(name).is_some();
    }
    let makes = |value: ValueId| matches!(facts.value(value).shape, Shape::Inline(id) if id == function);
    let is_computed = |target: ValueId| matches!(facts.value(target).shape, Shape::Item(_, index) if facts.as_literal(index).is_none());
    facts.bindings.iter().any(|binding| binding.value.is_some_and(makes) && is_computed(binding.target))
}
