//! FastAPI and Starlette: routes written on applications and routers, and how those are put into each other.

use crate::base::FileId;
use crate::facts::{DefinitionId, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::django::routes::methods_in;
use crate::frameworks::python::mounts::{Decorated, Mounts, Role, Written, decorated_by, imports_any, imports_in, text_of, words_used};
use crate::frameworks::python::{Evaluator, Kind, Object, Scope, Site, Thing, is_python};
use crate::frameworks::routes::{Method, Route};
use std::rc::Rc;

/// Methods that decorate what answers.
const DECORATORS: [&str; 9] = ["get", "post", "put", "patch", "delete", "head", "options", "api_route", "route"];

/// What else says that a file is about routes.
const CALLS: [&str; 6] = ["include_router", "mount", "add_api_route", "Starlette", "FastAPI", "Router"];

/// Every route of the tree's applications.
pub(super) fn collect(evaluator: &Evaluator<'_>, routes: &mut Vec<Route>, open: &mut Vec<OpenCall>) {
    let base = evaluator.classes.base;
    if !imports_any(base, &["fastapi", "starlette"]) {
        return;
    }
    let mut mounts = Mounts::default();
    for file in base.ids().filter(|file| is_python(base, *file)) {
        decorated(evaluator, file, &mut mounts, open);
        for (word, text) in words_used(base.facts(file), &CALLS) {
            for index in evaluator.classes.locals(file).calls_of(text) {
                match word {
                    "include_router" | "mount" | "add_api_route" => called(evaluator, file, *index, word, &mut mounts),
                    _ => made(evaluator, file, *index, &mut mounts),
                }
            }
        }
    }
    mounts.finish("fastapi", routes, open);
}

/// What an object is among FastAPI's and Starlette's.
fn role(evaluator: &Evaluator<'_>, object: &Object) -> Option<Role> {
    evaluator.library_classes(&object.kind).iter().find_map(|path| {
        let name = path.rsplit('.').next().unwrap_or(path);
        let known = path.starts_with("fastapi") || path.starts_with("starlette");
        match name {
            _ if name.ends_with("FastAPI") => Some(Role::App),
            "Starlette" => Some(Role::App),
            _ if name.ends_with("APIRouter") => Some(Role::Router),
            "Router" if known => Some(Role::Router),
            _ => None,
        }
    })
}

/// Notes the application or router that a value is.
fn noted(evaluator: &Evaluator<'_>, scope: &Scope, value: ValueId, mounts: &mut Mounts) -> Option<Site> {
    let object = evaluator.object_at(scope, value)?;
    let role = role(evaluator, &object)?;
    mounts.note(&object, role, prefix(evaluator, &object, role));
    Some(object.site)
}

fn prefix(evaluator: &Evaluator<'_>, object: &Rc<Object>, role: Role) -> String {
    if role == Role::App {
        return String::new();
    }
    match evaluator.handed_to_library(object, usize::MAX, "prefix") {
        Thing::Text(text) => text.to_string(),
        Thing::Unknown if object.argument(usize::MAX, "prefix").is_none() => String::new(),
        thing => text_of(&thing),
    }
}

fn decorated(evaluator: &Evaluator<'_>, file: FileId, mounts: &mut Mounts, open: &mut Vec<OpenCall>) {
    let facts = evaluator.facts(file);
    let uses_it = imports_in(facts, &["fastapi", "starlette"]);
    for Decorated { id, definition, line, call, object, verb } in decorated_by(facts, &DECORATORS) {
        let scope = Scope::at(file, definition.owner);
        let on = match noted(evaluator, &scope, object, mounts) {
            Some(on) => Some(on),
            None if annotated(evaluator, &scope, object) => None,
            None => {
                let path = facts.argument(call, 0, "path").and_then(|value| facts.as_literal(value));
                if let Some(path) = path.filter(|path| uses_it && path.starts_with('/'))
                    && evaluator.receiver(&scope, object).is_unknown()
                {
                    let reason = "what it is written on cannot be told".to_owned();
                    open.push(OpenCall { file, line, kind: "route", text: path.to_owned(), reason });
                }
                continue;
            }
        };
        let methods = match Method::of(verb) {
            Some(method) => vec![method],
            None => {
                let list = facts.argument(call, usize::MAX, "methods").map(|list| evaluator.of(&scope, list));
                list.and_then(|list| methods_in(&list)).unwrap_or_else(|| vec![Method::Get])
            }
        };
        let path = facts.argument(call, 0, "path").map_or(String::new(), |value| text_of(&evaluator.of(&scope, value)));
        let (handler, handled) = evaluator.handler(file, id);
        let name = facts.argument(call, usize::MAX, "name").and_then(|value| evaluator.of(&scope, value).as_text().map(str::to_owned));
        mounts.written.push(Written { on, path, methods, handler, handled, name, at: (file, line) });
    }
}

/// True for a parameter that is written to be an application: `def init(app: FastAPI)`.
fn annotated(evaluator: &Evaluator<'_>, scope: &Scope, value: ValueId) -> bool {
    let facts = evaluator.facts(scope.file);
    let Some(name) = facts.as_name(value) else { return false };
    let mut owner: Option<DefinitionId> = scope.owner;
    while let Some(id) = owner {
        let definition = facts.definition(id);
        let parameters = &facts.parameters[definition.parameters.range()];
        if let Some(parameter) = parameters.iter().find(|parameter| parameter.name == name) {
            return parameter
                .annotation
                .is_some_and(|kind| facts.last_name(kind).is_some_and(|name| name == "FastAPI" || name == "Starlette"));
        }
        owner = definition.owner;
    }
    false
}

/// `Starlette(routes=[Route("/x", x), Mount("/y", routes=[...])])`
fn made(evaluator: &Evaluator<'_>, file: FileId, index: u32, mounts: &mut Mounts) {
    let facts = evaluator.facts(file);
    let call = &facts.calls[index as usize];
    let Some(listed) = facts.argument(call, usize::MAX, "routes") else { return };
    let scope = Scope::at(file, facts.owner_of(call.value));
    if let Some(on) = noted(evaluator, &scope, call.value, mounts) {
        let listed = evaluator.of(&scope, listed);
        listed_routes(evaluator, &listed, on, "", (mounts, DEEPEST));
    }
}

/// How deep lists of routes stand in each other.
const DEEPEST: u32 = 20;

fn listed_routes(evaluator: &Evaluator<'_>, listed: &Thing, on: Site, before: &str, (mounts, left): (&mut Mounts, u32)) {
    if left == 0 {
        return;
    }
    for entry in listed.as_list().unwrap_or(&[]) {
        let Thing::Object(entry) = entry else { continue };
        let Kind::Outside(class) = &entry.kind else { continue };
        let Some(path) = entry.argument(0, "path").map(text_of) else { continue };
        let path = format!("{before}{path}");
        match class.rsplit('.').next() {
            Some("Mount") => {
                if let Some(inner) = entry.argument(usize::MAX, "routes") {
                    listed_routes(evaluator, inner, on, &path, (mounts, left - 1));
                } else if let Some(Thing::Object(app)) = entry.argument(1, "app")
                    && let Some(role) = role(evaluator, app)
                {
                    mounts.note(app, role, prefix(evaluator, app, role));
                    mounts.mount(Some(on), Some(app.site), Some(path), false);
                }
            }
            Some("Route") => {
                let list = entry.argument(usize::MAX, "methods").and_then(methods_in);
                let at = (entry.site.0, entry.site.1.map_or(1, |value| evaluator.facts(entry.site.0).value(value).line));
                let name = entry.argument(usize::MAX, "name").and_then(Thing::as_text).map(str::to_owned);
                let mut push = |methods: Vec<Method>, (file, id): (FileId, DefinitionId)| {
                    let (handler, handled) = evaluator.handler(file, id);
                    mounts.written.push(Written { on: Some(on), path: path.clone(), methods, handler, handled, name: name.clone(), at });
                };
                match entry.argument(1, "endpoint") {
                    Some(Thing::Definition(file, id)) if evaluator.is_class((*file, *id)) => {
                        evaluator.verbs_of((*file, *id)).into_iter().for_each(|(verb, file, id)| push(vec![verb], (file, id)));
                    }
                    Some(Thing::Definition(file, id)) => push(list.unwrap_or_else(|| vec![Method::Get]), (*file, *id)),
                    Some(Thing::Method(method)) => push(list.unwrap_or_else(|| vec![Method::Get]), (method.1, method.2)),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

fn called(evaluator: &Evaluator<'_>, file: FileId, index: u32, word: &str, mounts: &mut Mounts) {
    let facts = evaluator.facts(file);
    let call = &facts.calls[index as usize];
    let Some(object) = evaluator.called_on(file, call.callee) else { return };
    let entered = evaluator.scopes_of(file, call).into_iter().map(|(at, line)| (evaluator.rounds(&at, call.value), line));
    let each = entered.flat_map(|((rounds, open), line)| rounds.into_iter().map(move |scope| (scope, open, line)));
    for (scope, open, at) in each {
        let onto = noted(evaluator, &scope, object, mounts);
        let argument = |place: usize, keyword: &str| facts.argument(call, place, keyword);
        let text = |value: ValueId| text_of(&evaluator.of(&scope, value));
        match word {
            "include_router" => {
                let Some(what) = argument(0, "router") else { continue };
                let what = noted(evaluator, &scope, what, mounts);
                mounts.mount(onto, what, argument(1, "prefix").map(text), open);
            }
            "mount" => {
                let (Some(path), Some(what)) = (argument(0, "path"), argument(1, "app")) else { continue };
                if let Some(what) = noted(evaluator, &scope, what, mounts) {
                    mounts.mount(onto, Some(what), Some(text(path)), open);
                }
            }
            _ if onto.is_some()
                || matches!(evaluator.receiver(&scope, object), Thing::Object(ref object) if matches!(object.kind, Kind::Ours(_))) =>
            {
                let (Some(path), Some(endpoint)) = (argument(0, "path"), argument(1, "endpoint")) else { continue };
                let (handler, handled) = match evaluator.of(&scope, endpoint) {
                    Thing::Definition(file, id) => evaluator.handler(file, id),
                    Thing::Method(method) => evaluator.handler(method.1, method.2),
                    _ => continue,
                };
                let list = argument(usize::MAX, "methods").map(|list| evaluator.of(&scope, list));
                let methods = list.and_then(|list| methods_in(&list)).unwrap_or_else(|| vec![Method::Get]);
                mounts.written.push(Written { on: onto, path: text(path), methods, handler, handled, name: None, at });
            }
            _ => {}
        }
    }
}
