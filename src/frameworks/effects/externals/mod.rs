//! Calls of systems outside: HTTP clients, SDKs, mail, queues, files of other machines.

mod clients;
mod hosts;
mod origin;
mod php;

use super::ExternalCall;
use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, FileFacts, OwnerSweep, Shape, Target, ValueId};
use crate::frameworks::routes::{HttpCall, Method};
use crate::names::php::PHP;
use crate::names::{FactBase, Names, javascript};
use clients::Client;
use origin::Origins;

/// Where a site is, and what it calls.
struct Site<'a> {
    call: &'a Call,
    owner: Option<DefinitionId>,
    client: &'static str,
    protocol: &'static str,
    system: &'static str,
    /// What says where to.
    address: Option<ValueId>,
    method: Method,
}

/// Every site of the tree, by file and line; requests whose address is known are requests too.
pub(super) fn read(base: &FactBase, names: &Names, out: &mut Vec<ExternalCall>, requests: &mut Vec<HttpCall>) {
    let celery = base.files.iter().any(|file| imports(&file.facts, &|path| path == "celery" || path.starts_with("celery.")));
    let mails = base.files.iter().any(|file| imports(&file.facts, &|path| path == NODEMAILER));
    for file in base.ids().filter(|file| !base.file(*file).left_out) {
        let language = base.file(file).source.language;
        let mut reader = Reader { base, names, file, mails, out, requests };
        if language == PHP {
            reader.php();
        } else if language.0 == "python" {
            reader.python(celery);
        } else if javascript::speaks(language) {
            reader.javascript();
        }
    }
    out.sort_by_key(|call| (call.file, call.line, call.value));
}

/// True when a file imports something with a path that is wanted.
fn imports(facts: &FileFacts, wanted: &dyn Fn(&str) -> bool) -> bool {
    facts.imports.iter().any(|import| match import.target {
        Target::Dotted { level: 0, path } => {
            let path = facts.text(path);
            wanted(path) || import.symbol.is_some_and(|symbol| wanted(&format!("{path}.{}", facts.text(symbol))))
        }
        Target::Package(path) => wanted(facts.text(path)),
        _ => false,
    })
}

/// True when an import with this path may lead to a client.
fn leads_to(client: &Client, path: &str) -> bool {
    let (root, path) = (client.root, path);
    let below = |long: &str, short: &str| {
        long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']) || short.ends_with('/'))
    };
    below(path, root) || below(root, path)
}

/// One file while it is gone through.
struct Reader<'a, 'b> {
    base: &'a FactBase,
    names: &'a Names,
    file: FileId,
    /// Some file of the tree imports nodemailer, so what sends mail elsewhere was made by it.
    mails: bool,
    out: &'b mut Vec<ExternalCall>,
    requests: &'b mut Vec<HttpCall>,
}

impl<'a> Reader<'a, '_> {
    fn facts(&self) -> &'a FileFacts {
        self.base.facts(self.file)
    }

    fn python(&mut self, celery: bool) {
        let facts = self.facts();
        let known: Vec<&Client> = clients::PYTHON.iter().filter(|client| imports(facts, &|path| leads_to(client, path))).collect();
        let queues = celery && facts.texts.iter().any(|(_, text)| matches!(text, "delay" | "apply_async" | "send_task"));
        if known.is_empty() && !queues {
            return;
        }
        let origins = Origins::of(self.base, self.names, self.file);
        let mut owners = OwnerSweep::new(facts);
        for call in &facts.calls {
            let owner = owners.owner(call.value);
            if let Some(client) = origins.callee(owner, call).and_then(|path| known.iter().copied().find(|client| client.goes_out(&path))) {
                self.add(&origins, of_client(facts, call, owner, client));
            } else if queues && enqueues(facts, call) {
                self.add(&origins, task(call, owner));
            }
        }
    }

    fn javascript(&mut self) {
        let facts = self.facts();
        let known: Vec<&'static Client> =
            clients::JAVASCRIPT.iter().filter(|client| imports(facts, &|path| leads_to(client, path))).collect();
        let fetches = facts.texts.iter().any(|(_, text)| text == "fetch");
        let mails = self.mails && facts.texts.iter().any(|(_, text)| text == SEND_MAIL);
        if known.is_empty() && !fetches && !mails {
            return;
        }
        let in_browser = runs_in_browser(self.base.path(self.file), facts);
        let origins = Origins::of(self.base, self.names, self.file);
        let mut owners = OwnerSweep::new(facts);
        for call in &facts.calls {
            let owner = owners.owner(call.value);
            let path = origins.callee(owner, call);
            let client = path.as_deref().and_then(|path| known.iter().copied().find(|client| client.goes_out(path)));
            let client = client
                .or_else(|| command(&origins, owner, call, &known))
                .or_else(|| mailer(facts, call).filter(|_| mails && path.is_none()));
            let site = match client {
                Some(client) => of_client(facts, call, owner, client),
                None if fetches && path.is_none() && is_fetch(facts, call) => {
                    let address = facts.arguments_of(call).first().map(|argument| argument.value);
                    Site { call, owner, client: "fetch", protocol: "http", system: "", address, method: Method::Any }
                }
                None => continue,
            };
            // A client that was made here may know the host: `axios.create({ baseURL })`.
            let made = path.is_some_and(|path| path.contains("()"));
            let site = Site { address: site.address.map(|address| option(facts, address)), ..site };
            if site.protocol != "http" || !site.system.is_empty() || self.leaves(&origins, &site, in_browser, made) {
                self.add(&origins, site);
            }
        }
    }

    /// False for a request to one's own server: from a browser without a host, or to a path.
    fn leaves(&self, origins: &Origins<'_>, site: &Site<'_>, in_browser: bool, made: bool) -> bool {
        let Some(address) = site.address else { return !in_browser };
        let (hosts, url) = hosts::hosts(origins, site.owner, address);
        let own = url.is_some_and(|url| url.starts_with('/') && !url.starts_with("//"));
        !hosts.is_empty() || (!in_browser && (made || !own))
    }

    fn add(&mut self, origins: &Origins<'_>, site: Site<'_>) {
        let (hosts, url) = site.address.map_or_else(Default::default, |address| hosts::hosts(origins, site.owner, address));
        let system = if site.system.is_empty() { hosts.first().cloned().unwrap_or_default() } else { site.system.to_owned() };
        let line = site.call.span.line;
        // Requests of JavaScript are told with those of browsers.
        let told = site.protocol == "http" && !javascript::speaks(self.base.file(self.file).source.language);
        if let Some(url) = url.filter(|_| told) {
            let (file, owner, value) = (self.file, site.owner, Some(site.call.value));
            let (method, client, certainty) = (site.method, site.client, Certainty(90));
            self.requests.push(HttpCall { file, line, owner, value, method, url, named: None, client, certainty });
        }
        let (file, owner, value) = (self.file, site.owner, Some(site.call.value));
        self.out.push(ExternalCall { file, line, owner, value, system, protocol: site.protocol, client: site.client, hosts });
    }
}

/// A call of a library: the address stands first, or behind the method.
fn of_client<'a>(facts: &FileFacts, call: &'a Call, owner: Option<DefinitionId>, client: &'static Client) -> Site<'a> {
    let name = facts.last_name(call.callee).unwrap_or_default();
    let arguments = facts.arguments_of(call);
    let verb = arguments.first().and_then(|argument| facts.as_literal(argument.value)).and_then(Method::of);
    let second = name == "request" && (verb.is_some() || (arguments.len() > 1 && client.name == "requests"));
    let address = if client.protocol == "http" { facts.argument(call, usize::from(second), "url") } else { None };
    let method = verb.or_else(|| Method::of(name)).unwrap_or(Method::Any);
    Site { call, owner, client: client.name, protocol: client.protocol, system: client.system, address, method }
}

/// A call that leaves work to Celery.
fn task(call: &Call, owner: Option<DefinitionId>) -> Site<'_> {
    Site { call, owner, client: "celery", protocol: "queue", system: "celery", address: None, method: Method::Any }
}

/// `send_invoice.delay(order.pk)`
fn enqueues(facts: &FileFacts, call: &Call) -> bool {
    matches!(facts.value(call.callee).shape, Shape::Member(_, name) if matches!(facts.text(name), "delay" | "apply_async" | "send_task"))
}

/// The package of the client that sends mail, and its method, which no other library has.
const NODEMAILER: &str = "nodemailer";
const SEND_MAIL: &str = "sendMail";

/// `transporter.sendMail(message)` of a client that another file made.
fn mailer(facts: &FileFacts, call: &Call) -> Option<&'static Client> {
    let is_method = matches!(facts.value(call.callee).shape, Shape::Member(_, name) if facts.text(name) == SEND_MAIL);
    is_method.then(|| clients::JAVASCRIPT.iter().find(|client| client.root == NODEMAILER)).flatten()
}

/// `client.send(new PutObjectCommand(input))`: whoever made the client, the command is for its library.
fn command(origins: &Origins<'_>, owner: Option<DefinitionId>, call: &Call, known: &[&'static Client]) -> Option<&'static Client> {
    if origins.facts.last_name(call.callee) != Some("send") {
        return None;
    }
    let [first, ..] = origins.facts.arguments_of(call) else { return None };
    let path = origins.value(owner, first.value)?;
    let is_command = path.strip_suffix("()").is_some_and(|path| path.ends_with("Command"));
    known.iter().copied().find(|client| is_command && client.root.ends_with('/') && path.starts_with(client.root))
}

/// `fetch(url)`, `globalThis.fetch(url)`
fn is_fetch(facts: &FileFacts, call: &Call) -> bool {
    match facts.value(call.callee).shape {
        Shape::Name(name) => facts.text(name) == "fetch",
        Shape::Member(object, name) => {
            facts.text(name) == "fetch" && matches!(facts.last_name(object), Some("global" | "globalThis" | "window" | "self"))
        }
        _ => false,
    }
}

/// The address among options: `axios({url: '...'})`.
fn option(facts: &FileFacts, address: ValueId) -> ValueId {
    let Shape::Map(entries) = facts.value(address).shape else { return address };
    let key = |value: ValueId| facts.as_literal(value).or_else(|| facts.last_name(value));
    let named = |wanted: &str| facts.entries[entries.range()].iter().find(|entry| entry.key.and_then(key) == Some(wanted));
    let found = ["url", "uri", "baseURL", "hostname", "host"].iter().find_map(|wanted| named(wanted));
    found.map_or(address, |entry| entry.value)
}

/// Parts of the page that code in a browser works on, and libraries that draw it.
const IN_BROWSER: [&str; 10] =
    ["addEventListener", "querySelector", "getElementById", "localStorage", "innerHTML", "react", "vue", "jquery", "svelte", "preact"];

/// `credentials: 'same-origin'`: only browsers have cookies to send along.
fn sends_cookies(facts: &FileFacts) -> bool {
    let has = |wanted: &str| facts.texts.iter().any(|(_, text)| text == wanted);
    has("credentials") && (has("same-origin") || has("include"))
}

fn runs_in_browser(path: &str, facts: &FileFacts) -> bool {
    path.ends_with("x") && (path.ends_with(".jsx") || path.ends_with(".tsx"))
        || facts.texts.iter().any(|(_, text)| IN_BROWSER.contains(&text) || text.starts_with("@angular/"))
        || sends_cookies(facts)
}
