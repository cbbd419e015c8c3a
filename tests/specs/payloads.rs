//! What routes take and answer, as lines: an operation, what stands in it, then the components it names.
//!
//! A type is written `text<date-time>`, `integer?` where it may be null, `[X]` for a list, `{a: X, b?: Y, ...}` for an
//! object (`?` is not required, `...` has more), `-` where nobody can tell; `ro` and `wo` go one way only; `closed` refuses
//! other keys.

use std::collections::BTreeSet;
use unpick::frameworks::payloads::schema::{ComponentId, Form, Kind, Literal, Property, Schema};
use unpick::frameworks::payloads::{Content, Operation, Payloads, Scheme};
use unpick::project::Project;

/// The lines.
pub(super) fn payloads(project: &Project, _: &str) -> Vec<String> {
    let known = &project.resolution.payloads;
    let mut lines = Vec::new();
    let mut named: BTreeSet<ComponentId> = BTreeSet::new();
    for route in &project.resolution.routes {
        let own = known.of(route).map(|operation| (route.method, operation));
        let told = known.methods(route).into_iter().filter_map(|method| Some((method, known.with(route, method)?)));
        for (method, operation) in own.into_iter().chain(told) {
            lines.push(format!("{} {}", method.word(), route.path));
            lines.extend(operation_lines(known, operation, &mut named));
        }
    }
    let mut done: BTreeSet<ComponentId> = BTreeSet::new();
    while let Some(id) = named.iter().copied().find(|id| !done.contains(id)) {
        done.insert(id);
        let component = known.component(id);
        let text = schema(known, &component.schema, &mut named);
        lines.push(format!("{} = {text}", component.name));
    }
    lines
}

fn operation_lines(known: &Payloads, operation: &Operation, named: &mut BTreeSet<ComponentId>) -> Vec<String> {
    let mut lines = Vec::new();
    for parameter in &operation.parameters {
        let mark = if parameter.required { "" } else { "?" };
        lines.push(format!("  {} {}{mark}: {}", parameter.place.word(), parameter.name, schema(known, &parameter.schema, named)));
    }
    lines.extend(operation.called.iter().map(|(name, called)| format!("  {name} called {called}")));
    if let Some(body) = &operation.body {
        let mark = if operation.body_required { "" } else { "?" };
        lines.push(format!("  body{mark} {}", content(known, body, named)));
    }
    for response in &operation.responses {
        let status = response.status.map_or("default".to_owned(), |status| status.to_string());
        let carried = response.content.as_ref().map_or(String::new(), |body| format!(" {}", content(known, body, named)));
        lines.push(format!("  {status}{carried}"));
    }
    if let Some(schemes) = &operation.security {
        let each: Vec<String> = schemes.iter().map(scheme).collect();
        lines.push(format!("  by {}", if each.is_empty() { "anybody".to_owned() } else { each.join(", ") }));
    }
    lines.extend(operation.ambiguous.iter().map(|reason| format!("  ({reason})")));
    lines
}

fn scheme(scheme: &Scheme) -> String {
    match scheme {
        Scheme::Cookie(name) => format!("cookie {name}"),
        Scheme::Header(name) => format!("header {name}"),
        Scheme::Query(name) => format!("query {name}"),
        Scheme::Basic => "basic".to_owned(),
        Scheme::Bearer => "bearer".to_owned(),
        Scheme::Password(address) => format!("password at {address}"),
    }
}

fn content(known: &Payloads, content: &Content, named: &mut BTreeSet<ComponentId>) -> String {
    let text = schema(known, &content.schema, named);
    if content.media == ["application/json"] { text } else { format!("{} {text}", content.media.join("|")) }
}

fn schema(known: &Payloads, schema: &Schema, named: &mut BTreeSet<ComponentId>) -> String {
    let each = |parts: &[Schema], with: &str, named: &mut BTreeSet<ComponentId>| {
        parts.iter().map(|part| self::schema(known, part, named)).collect::<Vec<_>>().join(with)
    };
    let mut text = match &schema.form {
        Form::Unknown => "-".to_owned(),
        Form::Plain(kind, format) => {
            let word = match kind {
                Kind::Text => "text",
                Kind::Integer => "integer",
                Kind::Number => "number",
                Kind::Truth => "truth",
            };
            format.map_or(word.to_owned(), |format| format!("{word}<{format}>"))
        }
        Form::Object { properties, open } => object(known, properties, *open, named),
        Form::Array(inner) => format!("[{}]", self::schema(known, inner, named)),
        Form::Map(inner) => format!("{{*: {}}}", self::schema(known, inner, named)),
        Form::OneOf(parts) => format!("({})", each(parts, " | ", named)),
        Form::AllOf(parts) => format!("({})", each(parts, " & ", named)),
        Form::Reference(id) => {
            named.insert(*id);
            known.component(*id).name.clone()
        }
    };
    if schema.closed {
        text.push_str(" closed");
    }
    if schema.nullable {
        text.push('?');
    }
    if !schema.choices.is_empty() {
        text.push_str(&format!(" of {}", schema.choices.iter().map(literal).collect::<Vec<_>>().join("|")));
    }
    if let Some(default) = &schema.default {
        text.push_str(&format!(" = {}", literal(default)));
    }
    for (bound, value) in &schema.bounds {
        text.push_str(&format!(" {} {}", bound.word(), literal(value)));
    }
    text.push_str(if schema.read_only { " ro" } else { "" });
    text.push_str(if schema.write_only { " wo" } else { "" });
    text
}

fn object(known: &Payloads, properties: &[Property], open: bool, named: &mut BTreeSet<ComponentId>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for property in properties {
        let mark = if property.required { "" } else { "?" };
        parts.push(format!("{}{mark}: {}", property.name, schema(known, &property.schema, named)));
    }
    if open {
        parts.push("...".to_owned());
    }
    format!("{{{}}}", parts.join(", "))
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => format!("{text:?}"),
        Literal::Integer(number) => number.to_string(),
        Literal::Decimal(number) => number.clone(),
        Literal::Truth(truth) => truth.to_string(),
        Literal::Nothing => "null".to_owned(),
    }
}
