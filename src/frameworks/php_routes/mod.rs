//! Routes that code of PHP registers on a router's object, whatever library it is of: Slim, FastRoute, Mezzio,
//! `CodeIgniter` 4, Leaf, Bramus and their kin. A call counts by its shape: a verb, an address, and something that answers it.
//!
//! ```php
//! $app->group('/orders', function ($group) { $group->get('/{id}', OrderController::class . ':show'); });
//! $map->post('/orders', 'orders.create', $route->toController(CreateOrder::class));
//! ```

mod arrays;
mod codeigniter;
mod paths;

use super::php::{Handler, PhpClasses};
use super::routes::paths::joined;
use super::routes::{Method, Route};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::names::FactBase;
use crate::names::php::PHP;
use rustc_hash::{FxHashMap, FxHashSet};

/// How sure such a route is: what stands before it may be said where nobody looks.
const SURE: u8 = 85;

/// Methods of a class that answer where the class alone is named, in the order they are looked for.
const ANSWERING: [&str; 4] = ["__invoke", "handle", "process", "index"];

/// How many groups stand around each other at most.
const DEEPEST: usize = 12;

/// True where some file of the application registers routes so.
pub(super) fn is_used(base: &FactBase) -> bool {
    let mut files = base.files.iter().filter(|file| !file.left_out && file.source.language == PHP);
    files.any(|file| {
        let facts = &file.facts;
        facts.calls.iter().any(|call| Registered::of(facts, call).is_some()) || codeigniter::is_used(facts) || arrays::may_be_in(facts)
    })
}

/// Collects them, but for calls that another framework has read.
pub(super) fn collect(classes: &PhpClasses<'_>, out: &mut Vec<Route>) {
    let known: FxHashSet<(FileId, u32)> = out.iter().map(|route| route.registered).collect();
    for file in classes.files() {
        let facts = classes.facts(file);
        arrays::collect(classes, file, out);
        let groups = groups(classes, file);
        for call in &facts.calls {
            let Some(found) = Registered::of(facts, call) else { continue };
            if !known.contains(&(file, call.span.line)) {
                found.push(classes, file, &groups, out);
            }
        }
    }
    codeigniter::collect(classes, out);
}

/// A call that registers a route.
struct Registered<'a> {
    call: &'a Call,
    methods: Vec<Method>,
    address: &'a str,
    /// What answers.
    action: ValueId,
    /// The text between the address and what answers.
    name: Option<&'a str>,
}

impl<'a> Registered<'a> {
    fn of(facts: &'a FileFacts, call: &'a Call) -> Option<Self> {
        let Shape::Member(object, verb) = facts.value(call.callee).shape else { return None };
        let verb = facts.text(verb);
        let arguments = facts.arguments_of(call);
        let text = |place: usize| facts.as_literal(arguments.get(place)?.value);
        let (methods, place) = match verb {
            "get" | "post" | "put" | "patch" | "delete" | "options" => (vec![Method::of(verb)?], 0),
            "any" | "all" => (vec![Method::Any], 0),
            "route" if arguments.len() > 2 => (vec![Method::Get], 0),
            "map" | "match" | "addRoute" | "add" => (methods(facts, arguments.first()?.value)?, 1),
            _ => return None,
        };
        let address = text(place)?;
        // Only `CodeIgniter` writes addresses without a slash.
        let by_name = facts.last_name(object).is_some_and(|name| name == "$routes");
        if !(address.starts_with('/') || by_name || address.is_empty() && is_chain_of_routes(facts, object))
            || address.contains([' ', '\n'])
        {
            return None;
        }
        let behind = &arguments[place + 1..];
        let at = behind.iter().position(|argument| answers(facts, argument.value, by_name))?;
        let name = (at > 0).then(|| facts.as_literal(behind[0].value)).flatten();
        let name = name.or_else(|| facts.as_literal(behind.get(at + 1)?.value));
        Some(Self { call, methods, address, action: behind[at].value, name })
    }

    fn push(&self, classes: &PhpClasses<'_>, file: FileId, groups: &FxHashMap<DefinitionId, (String, ValueId)>, out: &mut Vec<Route>) {
        let facts = classes.facts(file);
        let mut owner = facts.owner_of(self.call.value);
        let mut prefix = String::new();
        for _ in 0..DEEPEST {
            let Some(id) = owner else { break };
            if let Some((own, _)) = groups.get(&id) {
                prefix = joined(own, &prefix);
            }
            owner = facts.definition(id).owner;
        }
        let owner = facts.owner_of(self.call.value);
        let Some(handler) = handler(classes, file, owner, self.action) else { return };
        for address in paths::read(self.address) {
            let path = if prefix.is_empty() { joined("", &address) } else { joined(&prefix, &format!("/{address}")) };
            let path = if path.len() > 1 && address.is_empty() { path.trim_end_matches('/').to_owned() } else { path };
            out.extend(self.methods.iter().map(|method| Route {
                path: path.clone(),
                method: *method,
                handler: handler.name.clone(),
                handled: handler.place,
                registered: (file, self.call.span.line),
                framework: "php_router",
                name: self.name.map(str::to_owned),
                certainty: Certainty(SURE),
            }));
        }
    }
}

/// `['GET', 'POST']`, `'GET'`, `'GET|POST'`
fn methods(facts: &FileFacts, value: ValueId) -> Option<Vec<Method>> {
    let words: Vec<&str> = match facts.value(value).shape {
        Shape::List(parts) => facts.items(parts).iter().map(|part| facts.as_literal(*part)).collect::<Option<Vec<&str>>>()?,
        _ => facts.as_literal(value)?.split('|').collect(),
    };
    let all: Option<Vec<Method>> =
        words.iter().map(|word| if matches!(*word, "*" | "ANY") { Some(Method::Any) } else { Method::of(word) }).collect();
    all.filter(|methods| !methods.is_empty())
}

/// True where a chain of such calls begins with an object that is made of a class called after routes.
fn is_chain_of_routes(facts: &FileFacts, object: ValueId) -> bool {
    facts.last_name(object).is_some_and(|name| matches!(name.trim_start_matches('$'), "group" | "routes" | "router" | "app" | "route"))
}

/// True for what may answer a request: a closure, a class, a class with its method.
fn answers(facts: &FileFacts, value: ValueId, by_name: bool) -> bool {
    match facts.value(value).shape {
        Shape::Inline(function) => !facts.definition(function).kind.is_type(),
        Shape::Member(_, name) => facts.text(name).eq_ignore_ascii_case("class"),
        Shape::List(parts) => {
            matches!(facts.items(parts), [class, method] if facts.as_literal(*method).is_some() && answers_class(facts, *class))
        }
        Shape::Joined(class, method) => {
            answers_class(facts, class) && facts.as_literal(method).is_some_and(|method| method.starts_with(':'))
        }
        Shape::Literal(text) => names_method(facts.text(text), by_name),
        Shape::Call(_) => facts.as_call(value).is_some_and(|call| {
            facts.last_name(call.callee) != Some("__construct")
                && facts.arguments_of(call).iter().any(|argument| answers_class(facts, argument.value))
        }),
        _ => false,
    }
}

fn answers_class(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value).shape {
        Shape::Member(_, name) => facts.text(name).eq_ignore_ascii_case("class"),
        Shape::Literal(text) => facts.text(text).contains('\\') || facts.text(text).ends_with("Controller"),
        _ => false,
    }
}

/// `OrderController:show`, `Home::index`, `App\Orders@show`
fn names_method(text: &str, by_name: bool) -> bool {
    let parts = text.split_once("::").or_else(|| text.split_once(['@', ':']));
    parts.is_some_and(|(class, method)| {
        let method = method.split('/').next().unwrap_or(method);
        let is_class = class.contains('\\') || class.ends_with("Controller") || by_name && class.starts_with(char::is_uppercase);
        is_class && !method.is_empty() && method.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

/// Closures that are handed to a group, with what the group puts before addresses.
fn groups(classes: &PhpClasses<'_>, file: FileId) -> FxHashMap<DefinitionId, (String, ValueId)> {
    let facts = classes.facts(file);
    let mut found = FxHashMap::default();
    for call in &facts.calls {
        let Shape::Member(_, name) = facts.value(call.callee).shape else { continue };
        if !matches!(facts.text(name), "group" | "addGroup" | "mount" | "prefix") {
            continue;
        }
        let arguments = facts.arguments_of(call);
        let Some(prefix) = arguments.first().and_then(|first| classes.text(file, facts.owner_of(call.value), first.value)) else {
            continue;
        };
        for argument in arguments {
            if let Shape::Inline(function) = facts.value(argument.value).shape {
                let prefix = paths::read(&prefix).into_iter().next().unwrap_or_default();
                found.insert(function, (prefix, call.value));
            }
        }
    }
    found
}

/// What answers, as people call it.
fn handler(classes: &PhpClasses<'_>, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<Handler> {
    let facts = classes.facts(file);
    match facts.value(value).shape {
        Shape::Inline(_) => classes.closure(file, value),
        Shape::Member(class, _) => class_handler(classes, file, owner, class, None),
        Shape::List(parts) => {
            let [class, method] = *facts.items(parts) else { return None };
            let method = classes.text(file, owner, method)?;
            match facts.value(class).shape {
                Shape::Member(class, _) => class_handler(classes, file, owner, class, Some(&method)),
                _ => named(classes, file, &classes.text(file, owner, class)?, Some(&method)),
            }
        }
        Shape::Joined(class, method) => {
            let Shape::Member(class, _) = facts.value(class).shape else { return None };
            class_handler(classes, file, owner, class, Some(facts.as_literal(method)?.trim_start_matches(':')))
        }
        Shape::Literal(text) => {
            let text = facts.text(text);
            let (class, method) = text.split_once("::").or_else(|| text.split_once(['@', ':']))?;
            named(classes, file, class, Some(method.split('/').next().unwrap_or(method)))
        }
        Shape::Call(_) => {
            let call = facts.as_call(value)?;
            facts.arguments_of(call).iter().find(|argument| answers_class(facts, argument.value)).and_then(|argument| {
                match facts.value(argument.value).shape {
                    Shape::Member(class, _) => class_handler(classes, file, owner, class, None),
                    _ => named(classes, file, facts.as_literal(argument.value)?, None),
                }
            })
        }
        _ => None,
    }
}

fn class_handler(
    classes: &PhpClasses<'_>,
    file: FileId,
    owner: Option<DefinitionId>,
    class: ValueId,
    method: Option<&str>,
) -> Option<Handler> {
    match classes.class_at(file, owner, class)? {
        Ancestor::Ours(class) => Some(of_class(classes, class, method)),
        Ancestor::Outside(_) => Some(Handler { name: classes.shown(file, owner, class)?, place: None }),
    }
}

/// A class by its full name, else the only one whose name ends so.
fn named(classes: &PhpClasses<'_>, file: FileId, written: &str, method: Option<&str>) -> Option<Handler> {
    let bare = written.trim_start_matches('\\');
    let ending = format!("\\{}", bare.to_lowercase());
    let found = classes.full(file, bare).or_else(|| {
        let fits = |class: &ClassId| {
            let full = classes.full_name(*class);
            full == ending[1..] || full.ends_with(&ending)
        };
        let mut fitting = classes.files().flat_map(|file| classes.classes_of(file)).filter(fits);
        let only = fitting.next()?;
        fitting.next().is_none().then_some(only)
    });
    Some(match found {
        Some(class) => of_class(classes, class, method),
        None => Handler { name: method.map_or_else(|| bare.to_owned(), |method| format!("{bare}::{method}")), place: None },
    })
}

/// A method of a class, or the one that answers where none is named.
fn of_class(classes: &PhpClasses<'_>, class: ClassId, method: Option<&str>) -> Handler {
    let name = classes.shown_name(class);
    match method {
        Some(method) => Handler { name: format!("{name}::{method}"), place: Some(classes.handled_by(class, method)) },
        None => {
            let answering = ANSWERING.into_iter().find(|method| classes.method_of(class, method).is_some());
            Handler { name, place: Some(classes.handled_by(class, answering.unwrap_or(ANSWERING[0]))) }
        }
    }
}
