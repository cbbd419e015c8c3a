//! Addresses below others: nested routers, and what registering with a router of drf-extensions hands back.

use super::keys::key_of;
use super::rest::is_router;
use crate::facts::Call;
use crate::frameworks::python::{Evaluator, Kind, Object, Scope, Thing};
use std::rc::Rc;

/// The class of what `register` hands back.
const HANDED_BACK: &str = "rest_framework_extensions.routers.NestedRegistryItem";

/// The keyword that says how rows below find the rows above.
pub(super) const LOOKUPS: &str = "parents_query_lookups";

/// What `projects = router.register(...)` stands for, and `projects.register(...)` again.
pub(in crate::frameworks) fn handed_back(
    evaluator: &Evaluator<'_>,
    scope: &Scope,
    call: &Call,
    (owner, name): (&Thing, &str),
    handed: &[(Option<Rc<str>>, Thing)],
) -> Option<Thing> {
    let Thing::Object(above) = owner else { return None };
    if name != "register" || !(is_handed_back(above) || is_rest(evaluator, above)) {
        return None;
    }
    if matches!(above.kind, Kind::Ours(class) if evaluator.method(class, name).is_some()) {
        return None;
    }
    let arguments = handed.iter().cloned().chain([(Some(Rc::from("above")), owner.clone())]).collect();
    Some(Thing::Object(Rc::new(Object { site: (scope.file, Some(call.value)), kind: Kind::Outside(Rc::from(HANDED_BACK)), arguments })))
}

fn is_handed_back(object: &Object) -> bool {
    matches!(&object.kind, Kind::Outside(path) if &**path == HANDED_BACK)
}

fn is_rest(evaluator: &Evaluator<'_>, object: &Object) -> bool {
    evaluator.library_classes(&object.kind).iter().any(|path| is_router(path))
}

/// The router that a registration ends at, and the registration with its whole prefix; the prefix is unknown where
/// something above it is.
pub(super) fn registration(evaluator: &Evaluator<'_>, on: Thing, call: Rc<Object>) -> Option<(Rc<Object>, Rc<Object>)> {
    let Thing::Object(mut router) = on else { return None };
    let mut above = Vec::new();
    while is_handed_back(&router) {
        let Some(Thing::Object(next)) = router.argument(usize::MAX, "above").cloned() else { return None };
        above.push(std::mem::replace(&mut router, next));
    }
    if !is_rest(evaluator, &router) {
        return None;
    }
    if above.is_empty() {
        return Some((router, call));
    }
    let hands_back = evaluator.library_classes(&router.kind).iter().any(|path| path.starts_with("rest_framework_extensions."));
    let whole = hands_back.then(|| prefix_below(&above, &call)).flatten().map_or(Thing::Unknown, |prefix| Thing::text(&prefix));
    let replaced = |(place, (name, thing)): (usize, &(Option<Rc<str>>, Thing))| {
        let is_prefix = name.as_deref().map_or(place == 0, |name| name == "prefix");
        (name.clone(), if is_prefix { whole.clone() } else { thing.clone() })
    };
    let arguments = call.arguments.iter().enumerate().map(replaced).collect();
    Some((router, Rc::new(Object { site: call.site, kind: call.kind.clone(), arguments })))
}

/// The prefix of a registration below others, nearest first: the last of its lookups belongs to the nearest.
fn prefix_below(above: &[Rc<Object>], call: &Object) -> Option<String> {
    let lookups = call.argument(3, LOOKUPS)?.as_list()?;
    let mut prefix = call.argument(0, "prefix")?.as_text()?.to_owned();
    let mut lookups = lookups.iter().rev();
    for item in above {
        let (before, lookup) = (item.argument(0, "prefix")?.as_text()?, lookups.next()?.as_text()?);
        prefix = format!("{before}/(?P<parent_lookup_{lookup}>[^/.]+)/{prefix}");
    }
    Some(prefix.trim_matches('/').to_owned())
}

/// The router above a nested one; none for other routers, unknown where it can't be told.
fn above(evaluator: &Evaluator<'_>, router: &Rc<Object>) -> Option<Thing> {
    let is_nested = |path: &str| ["NestedMixin", "NestedSimpleRouter", "NestedDefaultRouter"].iter().any(|name| path.ends_with(name));
    let nested = evaluator.library_classes(&router.kind).iter().any(|path| is_nested(path));
    nested.then(|| evaluator.handed_to_library(router, 0, "parent_router"))
}

/// What stands at the end of a router's addresses: a nested one has what the router above it has.
pub(super) fn slash(evaluator: &Evaluator<'_>, router: &Rc<Object>) -> &'static str {
    match evaluator.handed_to_library(router, usize::MAX, "trailing_slash") {
        Thing::Truth(false) => "",
        Thing::Text(ref text) if text.is_empty() => "",
        Thing::Unknown => match above(evaluator, router) {
            Some(Thing::Object(above)) => slash(evaluator, &above),
            _ => "/",
        },
        _ => "/",
    }
}

/// What a nested router puts before its own addresses: the prefix and lookup of the router above. None where nobody
/// can tell.
pub(super) fn around(evaluator: &Evaluator<'_>, router: &Rc<Object>) -> Option<String> {
    let Some(given) = above(evaluator, router) else { return Some(String::new()) };
    let Thing::Object(above) = given else { return None };
    let prefix = evaluator.handed_to_library(router, 1, "parent_prefix");
    let prefix = prefix.as_text()?;
    let lookup = evaluator.handed_to_library(router, usize::MAX, "lookup");
    let lookup = lookup.as_text().map_or_else(|| format!("nested_{}", depth(evaluator, &above)), str::to_owned);
    let registered = evaluator.registered.borrow();
    let mut entries = registered.get(&above.site)?.iter();
    let entry = entries.find(|entry| entry.call.argument(0, "prefix").and_then(Thing::as_text) == Some(prefix))?;
    let viewset = entry.call.argument(1, "viewset").and_then(Thing::as_definition);
    let key = viewset.map_or_else(|| "pk".to_owned(), |class| key_of(evaluator, class));
    let own = format!("{prefix}/(?P<{lookup}_{key}>[^/.]+)/");
    Some(around(evaluator, &above)? + own.trim_start_matches('/'))
}

/// How many routers an address below this one goes through.
fn depth(evaluator: &Evaluator<'_>, router: &Rc<Object>) -> usize {
    match above(evaluator, router) {
        Some(Thing::Object(above)) => 1 + depth(evaluator, &above),
        _ => 1,
    }
}
