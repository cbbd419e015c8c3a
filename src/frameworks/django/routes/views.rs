//! Which methods a view answers, and where.

use super::known;
use crate::base::{Certainty, FileId};
use crate::facts::{DefinitionId, DefinitionKind};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::python::{Evaluator, Kind, Scope, Thing, View};
use crate::frameworks::routes::Method;

/// One method that is answered.
pub(super) struct Answer {
    pub(super) method: Method,
    pub(super) handler: String,
    pub(super) handled: Option<(FileId, u32)>,
    pub(super) certainty: Certainty,
}

/// The methods of a class that answer requests.
const VERBS: [(&str, Method); 5] =
    [("get", Method::Get), ("post", Method::Post), ("put", Method::Put), ("patch", Method::Patch), ("delete", Method::Delete)];

/// What answers where a view stands; nothing where nobody can tell.
pub(super) fn answers(evaluator: &Evaluator<'_>, view: &Thing) -> Option<Vec<Answer>> {
    match view {
        Thing::View(view) => Some(of_class_view(evaluator, view)),
        Thing::Definition(file, id) if !evaluator.is_class((*file, *id)) => Some(of_function(evaluator, *file, *id)),
        Thing::Method(method) => Some(of_function(evaluator, method.1, method.2)),
        Thing::Definition(file, id) => Some(vec![any(evaluator, (*file, *id), 60)]),
        Thing::Object(object) => match object.kind {
            Kind::Ours(class) => Some(vec![any(evaluator, class, 70)]),
            Kind::Outside(ref path) => Some(vec![foreign(path, Method::Any, 60)]),
        },
        Thing::Outside(path) => Some(vec![foreign(path, Method::Any, 60)]),
        _ => None,
    }
}

fn foreign(path: &str, method: Method, sure: u8) -> Answer {
    Answer { method, handler: path.trim_end_matches("()").to_owned(), handled: None, certainty: Certainty(sure) }
}

fn any(evaluator: &Evaluator<'_>, (file, id): ClassId, sure: u8) -> Answer {
    let line = evaluator.facts(file).definition(id).span.line;
    Answer { method: Method::Any, handler: name_of(evaluator, file, id), handled: Some((file, line)), certainty: Certainty(sure) }
}

/// The dotted name of a definition: `shop.views.OrderView.get`.
pub(in crate::frameworks) fn name_of(evaluator: &Evaluator<'_>, file: FileId, id: DefinitionId) -> String {
    let path = evaluator.classes.base.path(file);
    let root = evaluator.classes.names.python_roots_around(path);
    let below = path.strip_prefix(root).unwrap_or(path).trim_start_matches('/');
    let module = below.strip_suffix(".py").unwrap_or(below).replace('/', ".");
    let module = module.strip_suffix(".__init__").unwrap_or(&module);
    format!("{module}.{}", evaluator.facts(file).qualified_name(id))
}

fn of_class_view(evaluator: &Evaluator<'_>, view: &View) -> Vec<Answer> {
    match &view.class {
        Thing::Definition(file, id) => match &view.actions {
            Some(actions) => actions.iter().filter_map(|(verb, action)| by_action(evaluator, (*file, *id), verb, action)).collect(),
            None => by_verbs(evaluator, (*file, *id), view),
        },
        Thing::Outside(path) if view.actions.is_some() => {
            let actions = view.actions.iter().flatten();
            actions.filter_map(|(verb, action)| Some(foreign(&format!("{path}.{action}"), Method::of(verb)?, 90))).collect()
        }
        Thing::Outside(path) => match known::methods(path) {
            Some(verbs) if !verbs.is_empty() => {
                verbs.iter().filter_map(|verb| Some(foreign(&format!("{path}.{verb}"), Method::of(verb)?, 90))).collect()
            }
            _ => vec![foreign(path, Method::Any, 50)],
        },
        _ => Vec::new(),
    }
}

fn by_action(evaluator: &Evaluator<'_>, class: ClassId, verb: &str, action: &str) -> Option<Answer> {
    Some(answer(evaluator, class, Method::of(verb)?, action, 95))
}

/// The method of a class with the place that defines it; where a library does, the class itself stands for it.
fn answer(evaluator: &Evaluator<'_>, class: ClassId, method: Method, name: &str, sure: u8) -> Answer {
    let of_class = name_of(evaluator, class.0, class.1);
    let handled = match evaluator.method(class, name) {
        Some((file, id)) => (file, evaluator.facts(file).definition(id).span.line),
        None => (class.0, evaluator.facts(class.0).definition(class.1).span.line),
    };
    Answer { method, handler: format!("{of_class}.{name}"), handled: Some(handled), certainty: Certainty(sure) }
}

/// A class answers what it or a class above it has a method for.
fn by_verbs(evaluator: &Evaluator<'_>, class: ClassId, view: &View) -> Vec<Answer> {
    let order = evaluator.order(class);
    let outside: Vec<&str> =
        order.iter().filter_map(|ancestor| if let Ancestor::Outside(path) = ancestor { Some(path.as_str()) } else { None }).collect();
    let allowed = view.keywords.iter().find(|(name, _)| &**name == "http_method_names").map(|(_, thing)| thing.clone());
    let allowed = allowed.unwrap_or_else(|| evaluator.attribute(class, "http_method_names"));
    let allows = |verb: &str| {
        allowed.as_list().is_none_or(|list| list.iter().any(|item| item.as_text().is_none_or(|text| text.eq_ignore_ascii_case(verb))))
    };
    let has = |verb: &str| {
        evaluator.method(class, verb).is_some()
            || outside.iter().any(|path| known::methods(path).is_some_and(|verbs| verbs.contains(&verb)))
            || !matches!(evaluator.attribute(class, verb), Thing::Unknown | Thing::Nothing)
    };
    let mut found: Vec<Answer> = VERBS
        .iter()
        .filter(|(verb, _)| allows(verb) && has(verb))
        .map(|(verb, method)| answer(evaluator, class, *method, verb, 95))
        .collect();
    if found.is_empty() {
        // Whatever a library's class answers, or `dispatch` of ours.
        found.push(any(evaluator, class, 50));
    }
    found
}

/// A function answers everything unless a decorator says what.
fn of_function(evaluator: &Evaluator<'_>, file: FileId, id: DefinitionId) -> Vec<Answer> {
    let definition = evaluator.facts(file).definition(id);
    let handler = name_of(evaluator, file, id);
    let said = said_methods(evaluator, file, id);
    let methods = said.unwrap_or_else(|| vec![Method::Any]);
    let sure = if definition.kind == DefinitionKind::Lambda { 80 } else { 90 };
    let line = definition.span.line;
    methods
        .into_iter()
        .map(|method| Answer { method, handler: handler.clone(), handled: Some((file, line)), certainty: Certainty(sure) })
        .collect()
}

fn said_methods(evaluator: &Evaluator<'_>, file: FileId, id: DefinitionId) -> Option<Vec<Method>> {
    let facts = evaluator.facts(file);
    let definition = facts.definition(id);
    let scope = Scope::at(file, definition.owner);
    for decorator in facts.items(definition.decorators) {
        let call = facts.as_call(*decorator);
        let name = facts.last_name(call.map_or(*decorator, |call| call.callee));
        let listed = |default: Option<Vec<Method>>| {
            let list = call
                .and_then(|call| facts.argument(call, 0, "request_method_list").or_else(|| facts.argument(call, 0, "http_method_names")));
            list.map_or(default, |list| methods_in(&evaluator.of(&scope, list)))
        };
        let found = match name {
            Some("require_GET" | "require_safe") => Some(vec![Method::Get]),
            Some("require_POST") => Some(vec![Method::Post]),
            Some("require_http_methods") => listed(None),
            Some("api_view") => listed(Some(vec![Method::Get])),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The methods a list of words names.
pub(in crate::frameworks) fn methods_in(list: &Thing) -> Option<Vec<Method>> {
    let words = match list {
        Thing::Text(_) => std::slice::from_ref(list),
        _ => list.as_list()?,
    };
    let methods: Vec<Method> = words.iter().filter_map(|word| Method::of(word.as_text()?)).collect();
    let real: Vec<Method> = methods.iter().copied().filter(|method| !matches!(method, Method::Head | Method::Options)).collect();
    Some(if real.is_empty() { methods } else { real }).filter(|methods| !methods.is_empty())
}
