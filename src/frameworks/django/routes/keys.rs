//! The part of an address that finds one row.

use crate::frameworks::orm::ClassId;
use crate::frameworks::python::{Evaluator, HOLE, Kind, Object, Thing};
use std::rc::Rc;

/// The pattern that a router puts where one row is meant: its own, where its class says how it is made.
pub(super) fn lookup(evaluator: &Evaluator<'_>, router: &Rc<Object>, viewset: ClassId) -> String {
    written(evaluator, router, viewset).unwrap_or_else(|| format!("(?P<{}>[^/.]+)", key_of(evaluator, viewset)))
}

/// What `get_lookup_regex` of a router of ours makes of a viewset: a field each for several `lookup_fields`.
fn written(evaluator: &Evaluator<'_>, router: &Rc<Object>, viewset: ClassId) -> Option<String> {
    let Kind::Ours(class) = router.kind else { return None };
    let (file, method) = evaluator.method(class, "get_lookup_regex")?;
    if let Thing::List(fields) = evaluator.attribute(viewset, "lookup_fields") {
        let parts: Option<Vec<String>> = fields.iter().map(|field| Some(format!("(?P<{}>[^/.]+)", field.as_text()?))).collect();
        return parts.map(|parts| parts.join("/")).filter(|pattern| !pattern.is_empty());
    }
    let method = Thing::Method(Rc::new((Thing::Object(Rc::clone(router)), file, method)));
    let made = evaluator.run(&method, &[(None, Thing::Definition(viewset.0, viewset.1))], DEEP);
    made.as_text().filter(|text| text.contains("(?P<") && !text.contains(HOLE)).map(str::to_owned)
}

/// How deep the method is followed.
const DEEP: u32 = 20;

/// The name of the parameter that finds one row.
pub(super) fn key_of(evaluator: &Evaluator<'_>, class: ClassId) -> String {
    let named = ["lookup_url_kwarg", "lookup_field"].into_iter().find_map(|field| match evaluator.attribute(class, field) {
        Thing::Text(name) => Some(name.to_string()),
        _ => None,
    });
    named.unwrap_or_else(|| "pk".to_owned())
}
