//! Systems outside in PHP: functions of the language and of frameworks, and classes of libraries.

use super::clients::{FUNCTIONS, OPENS_ANYTHING, PHP};
use super::hosts::hosts;
use super::origin::Origins;
use super::{Reader, Site, of_client};
use crate::facts::{Call, DefinitionId, FileFacts, OwnerSweep, Shape, ValueId};
use crate::frameworks::routes::Method;
use rustc_hash::FxHashMap;

/// Short names that Laravel gives its facades everywhere.
const FACADES: [&str; 4] = ["http.", "mail.", "notification.", "queue."];

type Row = (&'static str, &'static str, &'static str, &'static str, usize);

impl Reader<'_, '_> {
    pub(super) fn php(&mut self) {
        let facts = self.facts();
        let functions: FxHashMap<&str, &Row> = FUNCTIONS.iter().map(|row| (row.0, row)).collect();
        let calls_function = facts.texts.iter().any(|(_, text)| functions.contains_key(text.trim_start_matches('\\')));
        let names_class = facts.texts.iter().any(|(_, text)| may_name_client(text));
        if !calls_function && !names_class {
            return;
        }
        let origins = Origins::of(self.base, self.names, self.file);
        let curl = if calls_function { curl_addresses(facts) } else { Vec::new() };
        let mut owners = OwnerSweep::new(facts);
        for call in &facts.calls {
            let owner = owners.owner(call.value);
            if let Some(row) = facts.as_name(call.callee).and_then(|name| functions.get(facts.text(name).trim_start_matches('\\'))) {
                self.function(&origins, call, owner, row, &curl);
            } else if names_class && matches!(facts.value(call.callee).shape, Shape::Member(..)) {
                self.method(&origins, call, owner);
            }
        }
    }

    fn function(&mut self, origins: &Origins<'_>, call: &Call, owner: Option<DefinitionId>, row: &Row, curl: &[(ValueId, ValueId)]) {
        let facts = origins.facts;
        let (name, client, protocol, system, place) = *row;
        let mut address = facts.arguments_of(call).get(place).map(|argument| argument.value);
        if client == "curl" {
            let function = facts.function_around(owner);
            let mut before = curl.iter().rev().filter(|(at, _)| at.0 < call.value.0);
            address = before.find(|(at, _)| facts.function_around(facts.owner_of(*at)) == function).map(|(_, address)| *address);
        }
        if OPENS_ANYTHING.contains(&name) {
            let Some(address) = address else { return };
            if !hosts(origins, owner, address).1.is_some_and(|url| url.starts_with("http") || url.starts_with("ftp")) {
                return;
            }
        }
        self.add(origins, Site { call, owner, client, protocol, system, address, method: Method::Any });
    }

    fn method(&mut self, origins: &Origins<'_>, call: &Call, owner: Option<DefinitionId>) {
        let Some(path) = origins.callee(owner, call) else { return };
        let path =
            if FACADES.iter().any(|facade| path.starts_with(facade)) { format!("illuminate\\support\\facades\\{path}") } else { path };
        // The description of the service is read when the client is made.
        let described = path == "soapclient.__construct";
        let client = PHP.iter().find(|client| client.goes_out(&path) || (described && client.root == "soapclient"));
        if let Some(client) = client {
            self.add(origins, of_client(origins.facts, call, owner, client));
        }
    }
}

/// True for a text that may be the name of a client's class: a quick look before the slow one.
fn may_name_client(text: &str) -> bool {
    let name = text.trim_start_matches('\\');
    let begins = |root: &str| name.get(..root.len()).is_some_and(|start| start.eq_ignore_ascii_case(root));
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.len() < 120
        && (PHP.iter().any(|client| begins(client.root)) || FACADES.iter().any(|facade| begins(facade.trim_end_matches('.'))))
}

/// What curl is told to open: the place and the address.
fn curl_addresses(facts: &FileFacts) -> Vec<(ValueId, ValueId)> {
    let mut found = Vec::new();
    let is_url = |value: ValueId| match facts.value(value).shape {
        Shape::Name(name) | Shape::Constant(name) => facts.text(name).trim_start_matches('\\') == "CURLOPT_URL",
        _ => false,
    };
    for call in &facts.calls {
        let arguments = facts.arguments_of(call);
        match (facts.last_name(call.callee).map(|name| name.trim_start_matches('\\')), arguments) {
            (Some("curl_init"), [address, ..]) => found.push((call.value, address.value)),
            (Some("curl_setopt"), [_, option, address, ..]) if is_url(option.value) => found.push((call.value, address.value)),
            (Some("curl_setopt_array"), [_, options, ..]) => {
                let Shape::Map(entries) = facts.value(options.value).shape else { continue };
                let url = facts.entries[entries.range()].iter().find(|entry| entry.key.is_some_and(is_url));
                found.extend(url.map(|entry| (call.value, entry.value)));
            }
            _ => {}
        }
    }
    found
}
