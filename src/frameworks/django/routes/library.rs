//! What the functions and classes that make URLconfs stand for.

use super::rest;
use crate::facts::Call;
use crate::frameworks::orm::ClassId;
use crate::frameworks::python::{Evaluator, Kind, Object, Pattern, Scope, Thing};
use std::rc::Rc;

/// How deep members are followed here.
const DEEP: u32 = 20;

type Handed = [(Option<Rc<str>>, Thing)];

/// What a call of Django or REST framework hands back.
pub(in crate::frameworks) fn library_call(
    evaluator: &Evaluator<'_>,
    scope: &Scope,
    call: &Call,
    path: &str,
    handed: &Handed,
) -> Option<Thing> {
    let (room, name) = path.rsplit_once('.')?;
    let given = |place: usize, keyword: &str| {
        let by_position = handed.get(place).filter(|(name, _)| name.is_none());
        by_position.or_else(|| handed.iter().find(|(name, _)| name.as_deref() == Some(keyword))).map(|(_, thing)| thing.clone())
    };
    if name == "get_urls" && rest::is_router(room) {
        return scope.this.as_ref().and_then(object).map(|router| rest::urls(evaluator, router));
    }
    match (room, name) {
        ("django.urls" | "django.urls.conf" | "django.conf.urls" | "django.conf.urls.defaults", "path" | "re_path" | "url") => {
            let facts = evaluator.facts(scope.file);
            Some(Thing::Pattern(Rc::new(Pattern {
                regex: name != "path",
                text: written(given(0, "route").or_else(|| given(0, "regex"))),
                target: given(1, "view").unwrap_or(Thing::Unknown),
                name: given(3, "name").and_then(|name| name.as_text().map(Rc::from)),
                at: (scope.file, facts.value(call.value).line),
                sure: 95,
            })))
        }
        ("django.urls.resolvers" | "django.urls", "URLResolver") => Some(Thing::Pattern(Rc::new(Pattern {
            regex: false,
            text: resolver_prefix(evaluator, given(0, "pattern")),
            target: Thing::Include(Rc::new((given(1, "urlconf_name")?, None))),
            name: None,
            at: (scope.file, evaluator.facts(scope.file).value(call.value).line),
            sure: 85,
        }))),
        ("django.urls" | "django.urls.conf" | "django.conf.urls" | "django.conf.urls.defaults", "include") => {
            Some(included(evaluator, scope, given(0, "arg")?, given(1, "namespace")))
        }
        ("django.conf.urls.i18n", "i18n_patterns") => Some(Thing::Pattern(Rc::new(Pattern {
            regex: false,
            text: language_prefix(evaluator),
            target: Thing::Include(Rc::new((Thing::List(by_position(handed)), None))),
            name: None,
            at: (scope.file, evaluator.facts(scope.file).value(call.value).line),
            sure: 90,
        }))),
        ("django.conf.urls" | "django.conf.urls.defaults", "patterns") => {
            Some(Thing::List(by_position(handed).iter().skip(1).cloned().collect()))
        }
        ("django.conf.urls.static", "static") | ("django.contrib.staticfiles.urls", "staticfiles_urlpatterns") => {
            Some(Thing::List(Rc::from([])))
        }
        ("rest_framework.urlpatterns", "format_suffix_patterns") => given(0, "urlpatterns"),
        ("django.apps.apps", "get_app_config") => {
            let label = given(0, "app_label")?;
            app_of(evaluator, label.as_text()?)
        }
        ("django.apps.apps", "get_app_configs") => Some(Thing::List(evaluator.apps().iter().map(|app| Evaluator::app(*app)).collect())),
        _ => None,
    }
}

fn by_position(handed: &Handed) -> Rc<[Thing]> {
    handed.iter().filter(|(name, _)| name.is_none()).map(|(_, thing)| thing.clone()).collect()
}

fn written(thing: Option<Thing>) -> Rc<str> {
    match thing {
        Some(Thing::Text(text)) => text,
        _ => Rc::from(crate::frameworks::python::HOLE.to_string()),
    }
}

/// The text of `LocalePrefixPattern(prefix=...)`, `RoutePattern(...)` and classes of ours in their place.
fn resolver_prefix(evaluator: &Evaluator<'_>, pattern: Option<Thing>) -> Rc<str> {
    let Some(Thing::Object(object)) = pattern else { return written(None) };
    let is_locale = |name: &str| name.ends_with("LocalePrefixPattern");
    let ours = match &object.kind {
        Kind::Outside(path) => is_locale(path),
        Kind::Ours((file, id)) => is_locale(evaluator.facts(*file).text(evaluator.facts(*file).definition(*id).name)),
    };
    if ours {
        let behind = object.argument(0, "prefix").and_then(Thing::as_text).unwrap_or("");
        return Rc::from(format!("{}{behind}", language_prefix(evaluator)));
    }
    written(object.argument(0, "route").cloned())
}

/// What stands before translated addresses: the language that settings name, as Django itself lists them.
fn language_prefix(evaluator: &Evaluator<'_>) -> Rc<str> {
    let said = evaluator.setting("LANGUAGE_CODE");
    match said.as_text().filter(|code| !code.is_empty() && !code.contains(crate::frameworks::python::HOLE)) {
        Some(code) => Rc::from(format!("{}/", code.to_lowercase())),
        None => Rc::from("<language>/"),
    }
}

fn included(evaluator: &Evaluator<'_>, scope: &Scope, what: Thing, namespace: Option<Thing>) -> Thing {
    let mut namespace = namespace.and_then(|name| name.as_text().map(Rc::from));
    let what = match &what {
        Thing::List(parts) if is_pair(parts) => {
            namespace = namespace.or_else(|| parts.get(1).and_then(Thing::as_text).map(Rc::from));
            parts[0].clone()
        }
        _ => what,
    };
    let what = match &what {
        Thing::Text(path) => match evaluator.dotted(scope, path) {
            Thing::Unknown => Thing::Outside(Rc::clone(path)),
            found => found,
        },
        _ => what,
    };
    Thing::Include(Rc::new((what, namespace)))
}

/// Patterns, the name of their application and their namespace.
pub(super) fn is_pair(parts: &[Thing]) -> bool {
    let first = parts
        .first()
        .is_some_and(|first| matches!(first, Thing::List(_) | Thing::Module(_) | Thing::Text(_) | Thing::Outside(_) | Thing::Unknown));
    let rest = parts.iter().skip(1).all(|part| matches!(part, Thing::Text(_) | Thing::Nothing | Thing::Unknown));
    (2..=3).contains(&parts.len()) && first && rest && parts.iter().skip(1).any(|part| !part.is_unknown())
}

fn object(thing: &Thing) -> Option<&Rc<Object>> {
    match thing {
        Thing::Object(object) => Some(object),
        _ => None,
    }
}

/// The application of a label: of several classes the one that inherits from the others.
fn app_of(evaluator: &Evaluator<'_>, label: &str) -> Option<Thing> {
    let labelled: Vec<ClassId> =
        evaluator.apps().iter().copied().filter(|app| label_of(evaluator, *app).as_deref() == Some(label)).collect();
    let above: Vec<ClassId> = labelled.iter().flat_map(|app| evaluator.classes.line(*app).skip(1)).collect();
    let found = *labelled.iter().find(|app| !above.contains(app))?;
    evaluator.note_app(found);
    Some(Evaluator::app(found))
}

/// The label of an application: written down, or the last part of its name.
pub(super) fn label_of(evaluator: &Evaluator<'_>, app: ClassId) -> Option<String> {
    if let Thing::Text(label) = evaluator.attribute(app, "label") {
        return Some(label.to_string());
    }
    let name = evaluator.attribute(app, "name");
    name.as_text().and_then(|name| name.rsplit('.').next()).map(str::to_owned)
}

/// Fields that Django and REST framework give to objects.
pub(in crate::frameworks) fn library_member(evaluator: &Evaluator<'_>, router: &Rc<Object>, this: &Thing, name: &str) -> Option<Thing> {
    let classes = evaluator.library_classes(&router.kind);
    if name == "urls" && classes.iter().any(|path| rest::is_router(path)) {
        if let Kind::Ours(class) = router.kind
            && evaluator.method(class, "get_urls").is_some()
        {
            let method = evaluator.member(this, "get_urls", DEEP);
            return Some(evaluator.run(&method, &[], DEEP));
        }
        return Some(rest::urls(evaluator, router));
    }
    if name == "label"
        && let Kind::Ours(class) = router.kind
        && classes.iter().any(|path| path.ends_with("AppConfig"))
    {
        return label_of(evaluator, class).map(|label| Thing::text(&label));
    }
    None
}

/// What `super().name` is in a class of ours that inherits from one of theirs.
pub(in crate::frameworks) fn library_super(path: &str, name: &str) -> Option<Thing> {
    (name == "get_urls" && rest::is_router(path)).then(|| Thing::Outside(format!("{path}.{name}").into()))
}
