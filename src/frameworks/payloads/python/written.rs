//! Operations of OpenAPI that are written in documentation: YAML behind `---`, as apispec and Flask-AppBuilder read it.

use super::{Place, Reading, literal_schema};
use crate::frameworks::payloads::schema::Schema;
use crate::frameworks::payloads::{Content, FORM, HTML, In, JSON, MULTIPART, Operation};
use crate::frameworks::python::Thing;
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use std::rc::Rc;

/// How deep a document stands in itself.
const DEEPEST: u32 = 40;

/// Finds the schema that a reference or a name means.
pub(super) type Resolve<'r> = &'r mut dyn FnMut(&str) -> Schema;

impl Reading<'_, '_> {
    /// The operations behind `---` in what documents a function, by method; `named` fills the name of the class in.
    pub(super) fn written(&self, function: Place, named: &str) -> Option<Thing> {
        let text = self.docstring(function)?;
        let (_, behind) = text.split_once("---")?;
        let behind = behind.replace("{{self.__class__.__name__}}", named);
        let lines: Vec<&str> = behind.lines().skip(1).collect();
        let indent = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len()).min()?;
        let plain: Vec<&str> = lines.iter().map(|line| line.get(indent..).unwrap_or("")).collect();
        let documents = Yaml::load_from_str(&plain.join("\n")).ok()?;
        documents.first().map(|document| thing_of(document, DEEPEST))
    }
}

/// A document of YAML as a thing.
fn thing_of(node: &Yaml<'_>, left: u32) -> Thing {
    if left == 0 {
        return Thing::Unknown;
    }
    match node {
        Yaml::Value(Scalar::String(text)) => Thing::text(text),
        Yaml::Value(Scalar::Integer(number)) => Thing::Number(*number),
        Yaml::Value(Scalar::Boolean(truth)) => Thing::Truth(*truth),
        Yaml::Value(Scalar::Null) => Thing::Nothing,
        Yaml::Sequence(items) => Thing::List(items.iter().map(|item| thing_of(item, left - 1)).collect()),
        Yaml::Mapping(entries) => {
            let pairs = entries.iter().filter_map(|(key, value)| {
                let key = match thing_of(key, left - 1) {
                    Thing::Text(text) => text,
                    Thing::Number(number) => Rc::from(number.to_string()),
                    _ => return None,
                };
                Some((key, thing_of(value, left - 1)))
            });
            Thing::Map(pairs.collect())
        }
        _ => Thing::Unknown,
    }
}

/// A value of a map by its key.
pub(super) fn get<'t>(thing: &'t Thing, key: &str) -> Option<&'t Thing> {
    match thing {
        Thing::Map(entries) => entries.iter().find(|(known, _)| &**known == key).map(|(_, thing)| thing),
        _ => None,
    }
}

/// Takes a written operation over: parameters, the body and the answers it names.
pub(super) fn take_over(written: &Thing, operation: &mut Operation, resolve: Resolve<'_>) {
    if let Some(text) = get(written, "summary").and_then(Thing::as_text) {
        operation.summary = Some(text.trim().to_owned());
    }
    for parameter in get(written, "parameters").and_then(Thing::as_list).unwrap_or(&[]) {
        let Some(name) = get(parameter, "name").and_then(Thing::as_text) else { continue };
        let place = match get(parameter, "in").and_then(Thing::as_text) {
            Some("path") => In::Path,
            Some("header") => In::Header,
            Some("cookie") => In::Cookie,
            Some("query") => In::Query,
            _ => continue,
        };
        // What is JSON inside a parameter is a text for whoever sends it.
        let schema = get(parameter, "schema").map_or_else(Schema::text, |schema| literal_schema::of_written(schema, resolve));
        let required = matches!(get(parameter, "required"), Some(Thing::Truth(true)));
        operation.parameter(place, name, schema, required || place == In::Path);
    }
    if let Some(body) = get(written, "requestBody") {
        operation.body = content(body, resolve);
        operation.body_required = matches!(get(body, "required"), Some(Thing::Truth(true)));
    }
    if let Some(Thing::Map(answers)) = get(written, "responses") {
        if answers.iter().any(|(status, _)| status.starts_with('2')) {
            operation.responses.clear();
        }
        for (status, answer) in answers.iter() {
            let Ok(status) = status.parse::<u16>() else { continue };
            let carried = content(answer, resolve).filter(|_| status >= 200 && !matches!(status, 204 | 304));
            operation.answer(status, carried);
        }
    }
}

fn content(holder: &Thing, resolve: Resolve<'_>) -> Option<Content> {
    let Some(Thing::Map(kinds)) = get(holder, "content") else { return None };
    let known = [JSON, MULTIPART, FORM, HTML, "text/plain", "text/csv", "application/zip", "image/png", "application/octet-stream"];
    let chosen = kinds.iter().find(|(kind, _)| &**kind == JSON).or_else(|| kinds.iter().next())?;
    let media = known.iter().find(|known| **known == &*chosen.0).copied().unwrap_or("application/octet-stream");
    let schema = get(&chosen.1, "schema").map_or_else(Schema::open, |schema| literal_schema::of_written(schema, resolve));
    Some(Content { media: vec![media], schema })
}
