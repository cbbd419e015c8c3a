//! Routers of REST framework: what `router.urls` holds.

use super::handed::Handed;
use super::{keys, known, nested};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::orm::ClassId;
use crate::frameworks::python::{Evaluator, Kind, Object, Pattern, Registered, Scope, Thing, View};
use std::rc::Rc;

/// One row of a router: an address with places to fill, and which actions answer which methods.
#[derive(Clone)]
struct Row {
    url: String,
    mapping: Vec<(Rc<str>, Rc<str>)>,
    name: String,
    detail: bool,
    /// Stands for every extra action, not for one address.
    dynamic: bool,
}

/// An action beyond the standard ones.
struct Extra {
    function: String,
    detail: bool,
    path: String,
    url_name: String,
    mapping: Vec<(Rc<str>, Rc<str>)>,
}

/// True for routers of REST framework and of libraries that extend it.
pub(super) fn is_router(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    name.ends_with("Router") && (path.starts_with("rest_framework") || path.contains("routers."))
}

/// True for routers that also answer their own address with a list of what they hold.
fn has_root(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|name| name == "DefaultRouter" || name == "ExtendedDefaultRouter" || name == "NestedDefaultRouter")
}

/// What the URLs of a router are.
pub(super) fn urls(evaluator: &Evaluator<'_>, router: &Rc<Object>) -> Thing {
    let slash = nested::slash(evaluator, router);
    let around = nested::around(evaluator, router);
    let rows = rows(evaluator, router);
    let registered = evaluator.registered.borrow().get(&router.site).cloned().unwrap_or_default();
    let mut patterns = Vec::new();
    for entry in &registered {
        of_entry(evaluator, (router, &rows), entry, (around.as_deref(), slash), &mut patterns);
    }
    let classes = evaluator.library_classes(&router.kind);
    let own = match router.kind {
        Kind::Ours(class) => evaluator.attribute(class, "include_root_view"),
        Kind::Outside(_) => Thing::Unknown,
    };
    let without = matches!(router.argument(usize::MAX, "include_root_view").unwrap_or(&own), Thing::Truth(false));
    if classes.iter().any(|path| has_root(path)) && !without {
        patterns.push(root(evaluator, router));
    }
    Thing::List(patterns.into())
}

fn root(evaluator: &Evaluator<'_>, router: &Rc<Object>) -> Thing {
    let own = given_root(evaluator, router).or_else(|| match router.kind {
        Kind::Ours(class) => Some(evaluator.attribute(class, "APIRootView")).filter(|thing| !thing.is_unknown()),
        Kind::Outside(_) => None,
    });
    let class = own.unwrap_or_else(|| Thing::Outside(Rc::from("rest_framework.routers.APIRootView")));
    let actions = Some(vec![(Rc::from("get"), Rc::from("get"))]);
    let (file, value) = router.site;
    let line = value.map_or(1, |value| evaluator.facts(file).value(value).line);
    pattern("^$".to_owned(), View { class, actions, keywords: Vec::new() }, "api-root".to_owned(), (file, line))
}

/// `router.APIRootView = OwnRootView`
fn given_root(evaluator: &Evaluator<'_>, router: &Rc<Object>) -> Option<Thing> {
    let file = router.site.0;
    let facts = evaluator.facts(file);
    let word = evaluator.text(file, "APIRootView")?;
    let given = facts.bindings.iter().find(|binding| {
        let Shape::Member(object, name) = facts.value(binding.target).shape else { return false };
        let is_router = |thing: Thing| matches!(thing, Thing::Object(ref found) if found.site == router.site);
        name == word && binding.owner.is_none() && is_router(evaluator.of(&Scope::at(file, None), object))
    })?;
    Some(evaluator.of(&Scope::at(file, None), given.value?)).filter(|thing| !thing.is_unknown())
}

fn pattern(text: String, view: View, name: String, at: (crate::base::FileId, u32)) -> Thing {
    let target = Thing::View(Rc::new(view));
    Thing::Pattern(Rc::new(Pattern { regex: true, text: text.into(), target, name: Some(name.into()), at, sure: 95 }))
}

/// The rows of REST framework's own routers.
fn standard() -> Vec<Row> {
    let row = |url: &str, mapping: &[(&str, &str)], name: &str, detail: bool, dynamic: bool| Row {
        url: url.to_owned(),
        mapping: mapping.iter().map(|(verb, action)| (Rc::from(*verb), Rc::from(*action))).collect(),
        name: name.to_owned(),
        detail,
        dynamic,
    };
    let one = [("get", "retrieve"), ("put", "update"), ("patch", "partial_update"), ("delete", "destroy")];
    vec![
        row("^{prefix}{trailing_slash}$", &[("get", "list"), ("post", "create")], "{basename}-list", false, false),
        row("^{prefix}/{url_path}{trailing_slash}$", &[], "{basename}-{url_name}", false, true),
        row("^{prefix}/{lookup}{trailing_slash}$", &one, "{basename}-detail", true, false),
        row("^{prefix}/{lookup}/{url_path}{trailing_slash}$", &[], "{basename}-{url_name}", true, true),
    ]
}

/// The rows of a router: its class may have its own, or put more methods into the standard ones.
fn rows(evaluator: &Evaluator<'_>, router: &Rc<Object>) -> Vec<Row> {
    let Kind::Ours(class) = router.kind else { return standard() };
    let own: Vec<Row> = match evaluator.attribute(class, "routes") {
        Thing::List(items) => items.iter().filter_map(own_row).collect(),
        _ => Vec::new(),
    };
    let mut rows = if own.is_empty() { standard() } else { own };
    let line: Vec<ClassId> = evaluator.classes.line(class).collect();
    for class in line.into_iter().rev() {
        add_to_rows(evaluator, class, &mut rows);
    }
    rows
}

/// `Route(url=r"^{prefix}/$", mapping={"get": "list"}, name="{basename}-list", detail=False, initkwargs={})`
fn own_row(thing: &Thing) -> Option<Row> {
    let Thing::Object(row) = thing else { return None };
    let Kind::Outside(path) = &row.kind else { return None };
    let dynamic = path.ends_with("DynamicRoute");
    let behind = usize::from(!dynamic);
    let mapping = row.argument(if dynamic { usize::MAX } else { 1 }, "mapping");
    let mapping = match mapping {
        Some(Thing::Map(entries)) => {
            entries.iter().filter_map(|(verb, action)| Some((Rc::clone(verb), Rc::from(action.as_text()?)))).collect()
        }
        _ => Vec::new(),
    };
    Some(Row {
        url: row.argument(0, "url")?.as_text()?.to_owned(),
        mapping,
        name: row.argument(1 + behind, "name").and_then(Thing::as_text).unwrap_or("").to_owned(),
        detail: matches!(row.argument(2 + behind, "detail"), Some(Thing::Truth(true))),
        dynamic,
    })
}

/// `routes[0].mapping.update({"delete": "bulk_destroy"})` in the body or the methods of a router's class.
fn add_to_rows(evaluator: &Evaluator<'_>, (file, class): ClassId, rows: &mut [Row]) {
    let facts = evaluator.facts(file);
    let Some(word) = evaluator.text(file, "update") else { return };
    for index in evaluator.classes.locals(file).calls_of(word) {
        let call = &facts.calls[*index as usize];
        if !facts.definition(class).values.contains(call.value.0) {
            continue;
        }
        let Some(place) = row_of(facts, call.callee) else { continue };
        let (Some(row), [given, ..]) = (rows.get_mut(place), facts.arguments_of(call)) else { continue };
        if let Thing::Map(entries) = evaluator.of(&Scope::at(file, facts.owner_of(call.value)), given.value) {
            for (verb, action) in entries.iter() {
                let Some(action) = action.as_text() else { continue };
                row.mapping.retain(|(known, _)| known != verb);
                row.mapping.push((Rc::clone(verb), Rc::from(action)));
            }
        }
    }
}

/// The place of the row in `x.routes[0].mapping.update`.
fn row_of(facts: &FileFacts, callee: ValueId) -> Option<usize> {
    let Shape::Member(mapping, _) = facts.value(callee).shape else { return None };
    let Shape::Member(row, name) = facts.value(mapping).shape else { return None };
    let Shape::Item(_, index) = facts.value(row).shape else { return None };
    let Shape::Number(number) = facts.value(index).shape else { return None };
    (facts.text(name) == "mapping").then(|| facts.text(number).parse().ok()).flatten()
}

/// The addresses of one `register(prefix, viewset, basename)`; one that nobody answers where they can't be told.
fn of_entry(
    evaluator: &Evaluator<'_>,
    of: (&Rc<Object>, &[Row]),
    entry: &Registered,
    (around, slash): (Option<&str>, &str),
    out: &mut Vec<Thing>,
) {
    let prefix = entry.call.argument(0, "prefix").and_then(Thing::as_text);
    let viewset = entry.call.argument(1, "viewset").cloned().unwrap_or(Thing::Unknown);
    let before = out.len();
    if let (Some(around), Some(prefix), Some(class)) = (around, prefix, viewset.as_definition()) {
        of_viewset(evaluator, of, entry, (around, prefix, slash), class, out);
    }
    if out.len() == before {
        let address = around.zip(prefix).map(|(around, prefix)| format!("{around}{prefix}{slash}"));
        out.push(Thing::Pattern(Rc::new(Pattern {
            regex: true,
            text: Rc::from(address.unwrap_or_else(|| crate::frameworks::python::HOLE.to_string())),
            target: if viewset.as_definition().is_some() { Thing::Unknown } else { viewset },
            name: None,
            at: entry.at,
            sure: 60,
        })));
    }
}

fn of_viewset(
    evaluator: &Evaluator<'_>,
    (router, rows): (&Rc<Object>, &[Row]),
    entry: &Registered,
    (around, prefix, slash): (&str, &str, &str),
    class: ClassId,
    out: &mut Vec<Thing>,
) {
    let viewset = Thing::Definition(class.0, class.1);
    let basename = entry.call.argument(2, "basename").or_else(|| entry.call.argument(usize::MAX, "base_name"));
    let basename = basename.and_then(Thing::as_text).map_or_else(|| model_name(evaluator, class), str::to_owned);
    let lookup = keys::lookup(evaluator, router, class);
    let extras = extras(evaluator, class);
    let fill = |row: &Row, url_path: &str| {
        let url = row
            .url
            .replace("{prefix}", prefix)
            .replace("{lookup}", &lookup)
            .replace("{url_path}", url_path)
            .replace("{trailing_slash}", slash);
        let url = if prefix.is_empty() { url.replacen("^/", "^", 1) } else { url };
        format!("^{around}{}", url.trim_start_matches('^'))
    };
    for row in rows {
        let name = row.name.replace("{basename}", &basename);
        if row.dynamic {
            for extra in extras.iter().filter(|extra| extra.detail == row.detail) {
                let view = View { class: viewset.clone(), actions: Some(extra.mapping.clone()), keywords: Vec::new() };
                out.push(pattern(fill(row, &extra.path), view, name.replace("{url_name}", &extra.url_name), entry.at));
            }
            continue;
        }
        let actions: Vec<(Rc<str>, Rc<str>)> =
            row.mapping.iter().filter(|(_, action)| defines(evaluator, class, action)).cloned().collect();
        if !actions.is_empty() {
            let view = View { class: viewset.clone(), actions: Some(actions), keywords: Vec::new() };
            out.push(pattern(fill(row, ""), view, name, entry.at));
        }
    }
}

fn model_name(evaluator: &Evaluator<'_>, class: ClassId) -> String {
    let facts = evaluator.facts(class.0);
    facts.text(facts.definition(class.1).name).trim_end_matches("ViewSet").to_lowercase()
}

/// True where a class, or one above it, has an action.
fn defines(evaluator: &Evaluator<'_>, class: ClassId, action: &str) -> bool {
    evaluator.method(class, action).is_some()
        || evaluator.library_classes(&Kind::Ours(class)).iter().any(|path| known::actions(path).contains(&action))
        || !matches!(evaluator.attribute(class, action), Thing::Unknown | Thing::Nothing)
}

/// The extra actions of a viewset; a method that is written again without the decorator is none.
fn extras(evaluator: &Evaluator<'_>, class: ClassId) -> Vec<Extra> {
    let mut seen: Vec<String> = Vec::new();
    let mut found: Vec<Extra> = Vec::new();
    let mut more: Vec<(String, Rc<str>, Rc<str>)> = Vec::new();
    for (file, class) in evaluator.classes.line(class) {
        let facts = evaluator.facts(file);
        let inside = facts.definition(class).values;
        let first = facts.definitions.partition_point(|definition| definition.values.start < inside.start);
        let rows = (0u32..).map(DefinitionId).zip(&facts.definitions).skip(first);
        for (id, definition) in rows.take_while(|(_, definition)| definition.values.start < inside.end) {
            let name = facts.text(definition.name);
            if definition.owner != Some(class) || seen.iter().any(|known| known == name) {
                continue;
            }
            for decorator in facts.items(definition.decorators) {
                found.extend(extra(evaluator, (file, class), id, *decorator));
                more.extend(further(facts, *decorator).map(|(of, verb)| (of, verb, Rc::from(name))));
            }
            seen.push(name.to_owned());
        }
    }
    for (of, verb, action) in more {
        if let Some(extra) = found.iter_mut().find(|extra| extra.function == of) {
            extra.mapping.push((verb, action));
        }
    }
    found
}

/// `@notes.mapping.post`
fn further(facts: &FileFacts, decorator: ValueId) -> Option<(String, Rc<str>)> {
    let dotted = facts.dotted(decorator)?;
    let (of, verb) = dotted.split_once(".mapping.")?;
    Some((of.to_owned(), Rc::from(verb)))
}

/// `@action(detail=True, methods=["post"], url_path="x")` and its older forms.
fn extra(evaluator: &Evaluator<'_>, (file, class): ClassId, method: DefinitionId, decorator: ValueId) -> Option<Extra> {
    let facts = evaluator.facts(file);
    let call = facts.as_call(decorator)?;
    let scope = Scope::at(file, Some(class));
    let written = facts.last_name(call.callee)?;
    let meant = evaluator.of(&scope, call.callee);
    let name = match &meant {
        Thing::Outside(path) => path.rsplit('.').next().unwrap_or(path).to_owned(),
        _ => written.to_owned(),
    };
    let detail = match name.as_str() {
        "action" => facts.argument(call, 1, "detail").map(|value| evaluator.of(&scope, value)),
        "detail_route" => Some(Thing::Truth(true)),
        "list_route" => Some(Thing::Truth(false)),
        _ => return None,
    };
    let text = |keyword: &str| {
        facts.argument(call, usize::MAX, keyword).and_then(|value| evaluator.of(&scope, value).as_text().map(str::to_owned))
    };
    let function = facts.text(facts.definition(method).name).to_owned();
    let verbs = facts.argument(call, 0, "methods").map(|value| evaluator.of(&scope, value));
    let verbs = verbs.and_then(|list| super::views::methods_in(&list)).unwrap_or_else(|| vec![crate::frameworks::routes::Method::Get]);
    let mapping = verbs.into_iter().map(|verb| (Rc::from(verb.word().to_lowercase()), Rc::from(function.as_str()))).collect();
    Some(Extra {
        detail: matches!(detail, Some(Thing::Truth(true))),
        path: text("url_path").unwrap_or_else(|| function.clone()),
        url_name: text("url_name").unwrap_or_else(|| function.replace('_', "-")),
        mapping,
        function,
    })
}

/// Notes everything that is registered with routers, so that asking for their URLs finds it.
pub(super) fn note_registered(evaluator: &Evaluator<'_>, open: &mut Vec<OpenCall>) {
    note_calls(evaluator, open);
    let base = evaluator.classes.base;
    for file in base.ids().filter(|file| crate::frameworks::python::is_python(base, *file)) {
        let facts = evaluator.facts(file);
        if facts.texts.find("registry").is_none() {
            continue;
        }
        let Some(word) = facts.texts.find("extend") else { continue };
        for index in evaluator.classes.locals(file).calls_of(word) {
            let call = &facts.calls[*index as usize];
            let scope = Scope::at(file, facts.owner_of(call.value));
            let (Shape::Member(registry, _), [other]) = (facts.value(call.callee).shape, facts.arguments_of(call)) else { continue };
            let router = |value: ValueId| match facts.value(value).shape {
                Shape::Member(router, name) if facts.text(name) == "registry" => match evaluator.of(&scope, router) {
                    Thing::Object(router) => Some(router.site),
                    _ => None,
                },
                _ => None,
            };
            if let (Some(into), Some(from)) = (router(registry), router(other.value)) {
                let more = evaluator.registered.borrow().get(&from).cloned().unwrap_or_default();
                evaluator.registered.borrow_mut().entry(into).or_default().extend(more);
            }
        }
    }
}

fn note_calls(evaluator: &Evaluator<'_>, open: &mut Vec<OpenCall>) {
    let base = evaluator.classes.base;
    let mut handed = Handed::default();
    for file in base.ids().filter(|file| crate::frameworks::python::is_python(base, *file)) {
        let facts = evaluator.facts(file);
        let Some(word) = facts.texts.find("register") else { continue };
        for index in evaluator.classes.locals(file).calls_of(word) {
            let call = &facts.calls[*index as usize];
            let Shape::Member(object, _) = facts.value(call.callee).shape else { continue };
            if facts.arguments_of(call).len() < 2 {
                continue;
            }
            let scope = Scope::at(file, facts.owner_of(call.value));
            let on = evaluator.of(&scope, object);
            if facts.argument(call, usize::MAX, nested::LOOKUPS).is_some() || matches!(on, Thing::Object(_)) {
                note_call(evaluator, &scope, call, &on, open);
                continue;
            }
            for scope in handed.scopes(evaluator, &scope, object).iter() {
                note_call(evaluator, scope, call, &evaluator.of(scope, object), open);
            }
        }
    }
}

/// Notes one `router.register(...)`, once for each round of the loops around it.
fn note_call(evaluator: &Evaluator<'_>, scope: &Scope, call: &Call, on: &Thing, open: &mut Vec<OpenCall>) {
    let facts = evaluator.facts(scope.file);
    let at = (scope.file, facts.value(call.value).line);
    let below = facts.argument(call, usize::MAX, nested::LOOKUPS).is_some();
    for scope in evaluator.rounds(scope, call.value).0 {
        let call = evaluator.arguments(&scope, call);
        if let Some((router, call)) = nested::registration(evaluator, on.clone(), call) {
            evaluator.registered.borrow_mut().entry(router.site).or_default().push(Registered { call, at });
        } else if below {
            let reason = "which router it is registered with could not be told".to_owned();
            open.push(OpenCall { file: at.0, line: at.1, kind: "route", text: "register".to_owned(), reason });
        }
    }
}
