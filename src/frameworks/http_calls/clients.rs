//! The libraries that send requests, and what their calls say.

use super::entry;
use super::own::Client;
use crate::base::{Certainty, FileId};
use crate::facts::{Binds, Call, FileFacts, Shape, Target, Text, ValueId};
use crate::frameworks::routes::Method;
use crate::names::{Export, FactBase, Names};
use rustc_hash::FxHashMap;

/// A request, as a call says it.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// The expression of the address.
    pub(super) url: ValueId,
    pub(super) method: Method,
    pub(super) client: &'static str,
    pub(super) certainty: Certainty,
    /// What stands before the address: the base of an instance.
    pub(super) prefix: String,
}

/// Packages whose functions and methods send requests, with the name in reports.
const PACKAGES: [(&str, &str); 12] = [
    ("axios", "axios"),
    ("got", "got"),
    ("ky", "ky"),
    ("node-fetch", "fetch"),
    ("cross-fetch", "fetch"),
    ("isomorphic-fetch", "fetch"),
    ("undici", "fetch"),
    ("superagent", "superagent"),
    ("jquery", "jquery"),
    ("request", "request"),
    ("request-promise", "request"),
    ("needle", "needle"),
];

/// Clients by the names they have in one file.
pub(super) struct Clients<'a> {
    facts: &'a FileFacts,
    /// The client, and the base of its addresses.
    by_name: FxHashMap<Text, Client>,
    /// The same for fields of objects: `this.http = axios.create()`.
    by_field: FxHashMap<Text, Client>,
    /// What the class that a class of the file extends sends requests with.
    inherited: Option<Client>,
}

impl<'a> Clients<'a> {
    pub(super) fn of(base: &FactBase, names: &Names, file: FileId, facts: &'a FileFacts) -> Self {
        let mut clients = Self { facts, by_name: FxHashMap::default(), by_field: FxHashMap::default(), inherited: None };
        let is_page = !std::ptr::eq(base.facts(file), facts);
        for (number, import) in facts.imports.iter().enumerate() {
            let Some(local) = import.local else { continue };
            if let Target::Package(package) = import.target
                && let Some(client) = of_package(facts.text(package))
                && import.symbol.is_none_or(|symbol| sends(facts.text(symbol)))
            {
                clients.by_name.insert(local, (client, String::new()));
            } else if !is_page
                && let Some(target) = names.imports(file)[number].file()
                && let Some(found) = instance_of(base, names, target, import.symbol.map_or("default", |symbol| facts.text(symbol)))
            {
                clients.by_name.insert(local, found);
            }
        }
        // `const api = axios.create({ baseURL: '/api' })`
        for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
            let Some(made) =
                binding.value.and_then(|value| made(facts, value, |root| clients.by_name.get(&root).map(|(client, _)| *client)))
            else {
                continue;
            };
            match facts.value(binding.target).shape {
                Shape::Name(name) => clients.by_name.insert(name, made),
                Shape::Member(object, name) if is_this(facts, object) => clients.by_field.insert(name, made),
                _ => None,
            };
        }
        clients
    }

    /// The application's own clients that the file imports, and those that its classes extend.
    pub(super) fn take_own(&mut self, base: &FactBase, names: &Names, file: FileId, own: &FxHashMap<FileId, Client>) {
        let facts = self.facts;
        let home = |target: FileId, symbol: &str| {
            let home = names.home(base, target, symbol)?;
            Some((own.get(&home.file)?.clone(), home.export?))
        };
        let extended: Vec<Text> =
            facts.definitions().flat_map(|(_, class)| facts.items(class.bases)).filter_map(|value| facts.as_name(*value)).collect();
        for (number, import) in facts.imports.iter().enumerate() {
            let (Some(local), Some(target)) = (import.local, names.imports(file)[number].file()) else { continue };
            match home(target, import.symbol.map_or("default", |symbol| facts.text(symbol))) {
                Some((client, Export::Variable(_))) => {
                    self.by_name.entry(local).or_insert(client);
                }
                Some((client, Export::Definition(_))) if extended.contains(&local) => self.inherited = Some(client),
                _ => {}
            }
        }
    }

    /// The request that a call sends.
    pub(super) fn request(&self, call: &Call) -> Option<Request> {
        let facts = self.facts;
        let arguments = facts.arguments_of(call);
        let first = arguments.first().filter(|argument| !argument.spread)?.value;
        match facts.value(call.callee).shape {
            Shape::Name(name) => match (facts.text(name), self.by_name.get(&name)) {
                ("fetch", None) => Some(self.with_options(first, call, "fetch", Method::Get)),
                // `$('.a')` asks the page, not a server.
                (_, Some((client, prefix))) if *client != "jquery" => {
                    let request = self.with_options(first, call, client, Method::Get);
                    Some(Request { prefix: self.base_of(prefix, request.url), ..request })
                }
                ("axios", None) => Some(self.with_options(first, call, "axios", Method::Get)),
                _ => None,
            },
            Shape::Member(object, method) => self.method_call(object, facts.text(method), first, call),
            _ => None,
        }
    }

    fn method_call(&self, object: ValueId, method: &str, first: ValueId, call: &Call) -> Option<Request> {
        let facts = self.facts;
        let root = facts.last_name(object).unwrap_or("");
        if method == "open" {
            // `request.open('GET', url)`
            let verb = Method::of(facts.as_literal(first)?)?;
            let url = facts.arguments_of(call).get(1)?.value;
            return Some(Request::new(url, verb, "xhr", 90));
        }
        if matches!(root, "$" | "jQuery" | "jquery" | "$j") {
            return self.of_jquery(method, first, call);
        }
        if method == "load" && facts.as_call(object).is_some_and(|made| matches!(facts.last_name(made.callee), Some("$" | "jQuery"))) {
            // `$('#a').load(url)`; with a function it waits for an event.
            return matches!(facts.value(first).shape, Shape::Literal(_) | Shape::Joined(..) | Shape::Template(_) | Shape::Name(_))
                .then(|| Request::new(first, Method::Get, "jquery", 80));
        }
        if method == "fetch" && matches!(root, "window" | "self" | "globalThis") {
            return Some(self.with_options(first, call, "fetch", Method::Get));
        }
        let by_name = match facts.value(object).shape {
            Shape::Name(_) if is_this(facts, object) => self.inherited.as_ref(),
            Shape::Name(name) => self.by_name.get(&name),
            Shape::Member(holder, name) if is_this(facts, holder) => self.by_field.get(&name),
            _ => None,
        };
        let verb = match method {
            "del" => Some(Method::Delete),
            method => Method::of(method).filter(|_| method.chars().all(char::is_lowercase)),
        };
        let (client, prefix) = match by_name {
            Some((client, prefix)) => (*client, prefix.as_str()),
            None => match root {
                "axios" | "$axios" => ("axios", ""),
                "$http" | "http" | "httpClient" | "_http" | "http_" => ("angular", ""),
                "superagent" => ("superagent", ""),
                _ => return None,
            },
        };
        let request = match (method, verb) {
            ("request", _) => self.with_options(first, call, client, Method::Get),
            (_, Some(verb)) => Request::new(first, verb, client, if by_name.is_some() { 100 } else { 80 }),
            _ => return None,
        };
        Some(Request { prefix: self.base_of(prefix, request.url), ..request })
    }

    /// The base of an instance stands before addresses that are not whole.
    fn base_of(&self, prefix: &str, url: ValueId) -> String {
        let facts = self.facts;
        if prefix.is_empty() {
            return String::new();
        }
        let text = match facts.value(url).shape {
            Shape::Template(parts) => facts.items(parts).first().and_then(|first| facts.as_literal(*first)),
            Shape::Joined(left, _) => facts.as_literal(left),
            _ => facts.as_literal(url),
        };
        match text {
            Some(text) if text.contains("://") => String::new(),
            Some(text) if text.starts_with('/') => prefix.trim_end_matches('/').to_owned(),
            _ => format!("{}/", prefix.trim_end_matches('/')),
        }
    }

    fn of_jquery(&self, method: &str, first: ValueId, call: &Call) -> Option<Request> {
        let verb = match method {
            "get" | "getJSON" | "getScript" => Method::Get,
            "post" => Method::Post,
            "ajax" => return Some(self.with_options(first, call, "jquery", Method::Get)),
            _ => return None,
        };
        let url = entry(self.facts, first, "url").unwrap_or(first);
        Some(Request::new(url, verb, "jquery", 100))
    }

    /// `ajax({ url, type: 'POST' })`, `fetch(url, { method: 'POST' })`
    fn with_options(&self, first: ValueId, call: &Call, client: &'static str, otherwise: Method) -> Request {
        let facts = self.facts;
        let options = facts.arguments_of(call).get(1).map(|argument| argument.value);
        let (url, options) = match entry(facts, first, "url") {
            Some(url) => (url, Some(first)),
            None => (first, options),
        };
        let said = options.and_then(|options| ["method", "type"].iter().find_map(|key| entry(facts, options, key)));
        let method = match said {
            Some(said) => facts.as_literal(said).and_then(Method::of).unwrap_or(Method::Any),
            // Options that are not written here may say anything.
            None if options.is_some_and(|options| matches!(facts.value(options).shape, Shape::Name(_))) => Method::Any,
            None => otherwise,
        };
        Request::new(url, method, client, 100)
    }
}

/// What a package exports to send requests with; `isAxiosError` and `Headers` are beside it.
fn sends(symbol: &str) -> bool {
    matches!(symbol, "default" | "*" | "axios" | "got" | "ky" | "fetch" | "request" | "superagent" | "needle" | "$" | "jQuery")
}

fn is_this(facts: &FileFacts, value: ValueId) -> bool {
    facts.as_name(value).is_some_and(|name| facts.text(name) == "this")
}

fn of_package(package: &str) -> Option<&'static str> {
    PACKAGES.iter().find(|(known, _)| *known == package).map(|(_, client)| *client)
}

/// `axios.create({ baseURL: '/api' })`: the client and the base.
fn made(facts: &FileFacts, value: ValueId, client_of: impl Fn(Text) -> Option<&'static str>) -> Option<Client> {
    let call = facts.as_call(value)?;
    let Shape::Member(object, method) = facts.value(call.callee).shape else { return None };
    let client = client_of(facts.as_name(object)?)?;
    let makes = matches!((client, facts.text(method)), ("axios", "create" | "instance") | ("got" | "ky", "create" | "extend"));
    if !makes {
        return None;
    }
    let options = facts.arguments_of(call).first().map(|argument| argument.value);
    let base = options.and_then(|options| ["baseURL", "prefixUrl", "baseUrl"].iter().find_map(|key| entry(facts, options, key)));
    let text = match base.map(|base| super::Urls::of(facts).texts(base)) {
        Some(texts) => texts.into_iter().next().unwrap_or_default(),
        None => String::new(),
    };
    Some((client, text))
}

/// An instance of a client that another file exports.
fn instance_of(base: &FactBase, names: &Names, file: FileId, name: &str) -> Option<Client> {
    let home = names.home(base, file, name)?;
    let facts = base.facts(home.file);
    let Export::Variable(Some(value)) = home.export? else { return None };
    let value = match facts.as_name(value) {
        Some(alias) => match names.export(base, home.file, facts.text(alias))? {
            Export::Variable(Some(value)) => value,
            _ => return None,
        },
        None => value,
    };
    let imported = |root: Text| {
        let import = facts.imports.iter().find(|import| import.local == Some(root))?;
        let Target::Package(package) = import.target else { return None };
        of_package(facts.text(package))
    };
    made(facts, value, imported)
}
