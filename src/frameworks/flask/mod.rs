//! Flask and what is built on it: routes written on applications, blueprints, resources and views.

mod builder;

use crate::base::FileId;
use crate::facts::{Call, DefinitionId, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::django::routes::methods_in;
use crate::frameworks::python::mounts::{Decorated, Mounts, Role, Written, decorated_by, imports_any, text_of, words_used};
use crate::frameworks::python::{Evaluator, Object, Scope, Site, Thing, is_python};
use crate::frameworks::routes::{Method, Route};
use std::rc::Rc;

/// Methods that decorate what answers.
const DECORATORS: [&str; 7] = ["route", "get", "post", "put", "patch", "delete", "resource"];

/// What else says that a file is about routes.
const CALLS: [&str; 7] = ["register_blueprint", "add_url_rule", "add_resource", "add_namespace", "add_view", "add_view_no_menu", "add_api"];

/// Packages whose objects routes are written on.
const PACKAGES: [&str; 9] =
    ["flask", "quart", "flask_restful", "flask_restx", "flask_restplus", "flask_smorest", "flask_appbuilder", "apiflask", "flask_openapi3"];

/// Every route of the tree's applications.
pub(super) fn collect(evaluator: &Evaluator<'_>, routes: &mut Vec<Route>, open: &mut Vec<OpenCall>) {
    let base = evaluator.classes.base;
    if !imports_any(base, &PACKAGES) {
        return;
    }
    let mut mounts = Mounts::default();
    mounts.replaces = true;
    let mut built = Vec::new();
    for file in base.ids().filter(|file| is_python(base, *file)) {
        decorated(evaluator, file, &mut mounts);
        for (word, text) in words_used(base.facts(file), &CALLS) {
            for index in evaluator.classes.locals(file).calls_of(text) {
                let call = &evaluator.facts(file).calls[*index as usize];
                called(evaluator, file, call, word, (&mut mounts, &mut built));
            }
        }
    }
    builder::collect(evaluator, built, routes);
    mounts.finish("flask", routes, open);
}

/// What an object is among Flask's.
fn role(evaluator: &Evaluator<'_>, object: &Object) -> Option<Role> {
    evaluator.library_classes(&object.kind).iter().find_map(|path| {
        let package = path.split('.').next().unwrap_or(path);
        let name = path.trim_end_matches("()").rsplit('.').next().unwrap_or(path);
        match name {
            "Flask" | "Quart" | "APIFlask" | "OpenAPI" => Some(Role::App),
            _ if name.ends_with("Blueprint") => Some(Role::Router),
            "Api" | "Namespace" | "namespace" if PACKAGES.contains(&package) => Some(Role::Router),
            _ => None,
        }
    })
}

/// Notes the application, blueprint, API or namespace that a value is.
fn noted(evaluator: &Evaluator<'_>, scope: &Scope, value: ValueId, mounts: &mut Mounts) -> Option<Site> {
    let object = evaluator.object_at(scope, value)?;
    note(evaluator, &object, mounts)
}

fn note(evaluator: &Evaluator<'_>, object: &Rc<Object>, mounts: &mut Mounts) -> Option<Site> {
    let role = role(evaluator, object)?;
    let text = |position: usize, keyword: &str| match evaluator.handed_to_library(object, position, keyword) {
        Thing::Text(text) => Some(text.to_string()),
        _ => None,
    };
    let is = |ending: &str| evaluator.library_classes(&object.kind).iter().any(|path| path.to_lowercase().ends_with(ending));
    let prefix = match role {
        Role::App => None,
        Role::Router if is(".api") => {
            // An API stands on the application or blueprint it is handed.
            let below = match object.argument(0, "app") {
                Some(Thing::Object(app)) => note(evaluator, app, mounts),
                _ => None,
            };
            mounts.mount(below, Some(object.site), None, false);
            text(usize::MAX, "prefix")
        }
        Role::Router if is("namespace") => text(usize::MAX, "path").or_else(|| text(0, "name").map(|name| format!("/{name}"))),
        Role::Router => text(usize::MAX, "url_prefix"),
    };
    let prefix = prefix.map(|prefix| prefix.trim_end_matches('/').to_owned());
    if role == Role::Router
        && is("blueprint")
        && let Some(name) = text(0, "name")
    {
        mounts.label(object.site, name);
    }
    mounts.note(object, role, prefix.unwrap_or_default());
    Some(object.site)
}

fn decorated(evaluator: &Evaluator<'_>, file: FileId, mounts: &mut Mounts) {
    let facts = evaluator.facts(file);
    for Decorated { id, definition, line, call, object, verb } in decorated_by(facts, &DECORATORS) {
        let scope = Scope::at(file, definition.owner);
        let Some(on) = noted(evaluator, &scope, object, mounts) else { continue };
        let at = (file, line);
        let rules: Vec<String> = if definition.kind.is_type() {
            let given = facts.arguments_of(call).iter().filter(|argument| argument.name.is_none());
            given.map(|argument| text_of(&evaluator.of(&scope, argument.value))).collect()
        } else {
            facts.argument(call, 0, "rule").map(|rule| text_of(&evaluator.of(&scope, rule))).into_iter().collect()
        };
        for rule in rules {
            let target = Thing::Definition(file, id);
            write(evaluator, &scope, call, Method::of(verb), (Some(on), rule, &target, at), mounts);
        }
    }
}

/// One rule with what answers it: where it stands, the rule, the view and the line.
type Rule<'a> = (Option<Site>, String, &'a Thing, (FileId, u32));

fn write(evaluator: &Evaluator<'_>, scope: &Scope, call: &Call, verb: Option<Method>, rule: Rule<'_>, mounts: &mut Mounts) {
    let facts = evaluator.facts(scope.file);
    let (on, path, target, at) = rule;
    let said = facts.argument(call, usize::MAX, "methods").and_then(|list| methods_in(&evaluator.of(scope, list)));
    let place = if facts.last_name(call.callee) == Some("add_url_rule") { 1 } else { usize::MAX };
    let endpoint = facts.argument(call, place, "endpoint").and_then(|value| evaluator.of(scope, value).as_text().map(str::to_owned));
    let mut push = |methods: Vec<Method>, (file, id): (FileId, DefinitionId)| {
        let (handler, handled) = evaluator.handler(file, id);
        // Links use the name of a function where nothing else is said; what a class is called there stands in `as_view`.
        let facts = evaluator.facts(file);
        let own = || matches!(target, Thing::Definition(..)).then(|| facts.text(facts.definition(id).name).to_owned());
        let name = endpoint.clone().or_else(own);
        mounts.written.push(Written { on, path: path.clone(), methods, handler, handled, name, at });
    };
    let class = match target {
        Thing::View(view) => view.class.as_definition(),
        Thing::Definition(file, id) if evaluator.is_class((*file, *id)) => Some((*file, *id)),
        _ => None,
    };
    let Some(class) = class else {
        let function = match target {
            Thing::Definition(file, id) => (*file, *id),
            Thing::Method(method) => (method.1, method.2),
            _ => return,
        };
        let methods = verb.map(|verb| vec![verb]).or(said).unwrap_or_else(|| vec![Method::Get]);
        push(methods, function);
        return;
    };
    let verbs = evaluator.verbs_of(class);
    for (method, file, id) in &verbs {
        if said.as_ref().is_none_or(|said| said.contains(method)) {
            push(vec![*method], (*file, *id));
        }
    }
    if verbs.is_empty() {
        // Whatever dispatches in it, the class stands for it.
        let function = evaluator.method(class, "dispatch_request").unwrap_or(class);
        let own = methods_in(&evaluator.attribute(class, "methods"));
        push(said.clone().or(own).unwrap_or_else(|| vec![Method::Get]), function);
    }
}

fn called(evaluator: &Evaluator<'_>, file: FileId, call: &Call, word: &str, out: (&mut Mounts, &mut Vec<builder::Added>)) {
    let (mounts, built) = out;
    let facts = evaluator.facts(file);
    let Some(object) = evaluator.called_on(file, call.callee) else { return };
    let entered = evaluator.scopes_of(file, call).into_iter().map(|(at, line)| (evaluator.rounds(&at, call.value), line));
    let each = entered.flat_map(|((rounds, open), line)| rounds.into_iter().map(move |scope| (scope, open, line)));
    for (scope, open, line) in each {
        let argument = |place: usize, keyword: &str| facts.argument(call, place, keyword);
        let text = |value: ValueId| text_of(&evaluator.of(&scope, value)).trim_end_matches('/').to_owned();
        match word {
            "register_blueprint" => {
                let onto = noted(evaluator, &scope, object, mounts);
                let Some(what) = argument(0, "blueprint") else { continue };
                let what = noted(evaluator, &scope, what, mounts);
                mounts.mount(onto, what, argument(usize::MAX, "url_prefix").map(text), open);
            }
            "add_namespace" => {
                let onto = noted(evaluator, &scope, object, mounts);
                let Some(what) = argument(0, "ns") else { continue };
                let what = noted(evaluator, &scope, what, mounts);
                mounts.mount(onto, what, argument(1, "path").map(text), open);
            }
            "add_url_rule" => {
                let Some(rule) = argument(0, "rule") else { continue };
                let on = noted(evaluator, &scope, object, mounts);
                let Some(view) = argument(2, "view_func") else { continue };
                let (rule, view) = (text_of(&evaluator.of(&scope, rule)), evaluator.of(&scope, view));
                write(evaluator, &scope, call, None, (on, rule, &view, line), mounts);
            }
            "add_resource" => {
                let Some(resource) = argument(0, "resource") else { continue };
                let on = noted(evaluator, &scope, object, mounts);
                let resource = evaluator.of(&scope, resource);
                for (_, rule) in evaluator.arguments(&scope, call).arguments.iter().skip(1).filter(|(name, _)| name.is_none()) {
                    write(evaluator, &scope, call, None, (on, text_of(rule), &resource, line), mounts);
                }
            }
            _ => {
                if let Some(view) = argument(0, "baseview").map(|view| evaluator.of(&scope, view)) {
                    built.extend(builder::added(evaluator, &view, line, open));
                }
            }
        }
    }
}
