//! One operation of a document.

use super::groups;
use super::names::Way;
use super::paths::{Address, Row};
use super::schemas::Writer;
use super::tree::{Keys, Node};
use crate::frameworks::payloads::schema::Schema;
use crate::frameworks::payloads::{Content, In, Operation, Parameter, Scheme};
use crate::frameworks::routes::Method;
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// What was written, and what the document has to say about it elsewhere.
pub(super) struct Written<'a> {
    pub node: Node,
    /// The module that answers.
    pub module: &'a str,
    /// Ways to log in that it names.
    pub schemes: Vec<Scheme>,
    /// Something about it is not certain.
    pub ambiguous: bool,
}

/// From here on a route itself is taken as certain.
const SURE: u8 = 80;

/// The operation that one method of an address is.
pub(super) fn write<'a>(
    project: &'a Project,
    address: &Address<'_>,
    method: Method,
    row: &Row<'_>,
    id: &str,
    writer: &Writer<'_>,
) -> Written<'a> {
    let route = row.route;
    let known = project.resolution.payloads.with(route, method);
    let default = Operation::default();
    let operation = known.unwrap_or(&default);
    let module = groups::module(project, route);
    let (file, line) = route.handled.unwrap_or(route.registered);
    let ambiguous = reasons(address, row, known);
    let confidence = f64::from(route.certainty.min(operation.certainty).0) / 100.0;
    let remark = Keys::default()
        .with("confidence", Node::Decimal(confidence))
        .with("file", Node::text(project.base.path(file)))
        .with("line", Node::Integer(i64::from(line)))
        .with("ambiguous", Node::texts(ambiguous.iter().map(String::as_str)));
    let with_body = !matches!(method, Method::Get | Method::Head | Method::Trace);
    let body = operation.body.as_ref().filter(|_| with_body).map(|body| {
        let keys = Keys::default().with("content", content(body, Way::Request, writer));
        keys.maybe("required", operation.body_required.then_some(Node::Truth(true))).node()
    });
    let parameters = parameters(address, row, operation, writer);
    let security = operation.security.as_ref().map(|schemes| {
        let each = schemes.iter().map(|scheme| Keys::default().with(&scheme_name(scheme), Node::List(Vec::new())).node());
        Node::List(each.collect())
    });
    let node = Keys::default()
        .with("operationId", Node::text(id))
        .with("summary", Node::text(operation.summary.as_deref().unwrap_or(&route.handler)))
        .with("tags", Node::texts([module]))
        .maybe("parameters", (!parameters.is_empty()).then_some(Node::List(parameters)))
        .maybe("requestBody", body)
        .with("responses", responses(operation, writer))
        .maybe("security", security)
        .with("x-unpick", remark.node())
        .node();
    Written { node, module, schemes: operation.security.clone().unwrap_or_default(), ambiguous: !ambiguous.is_empty() }
}

/// What answers an address without saying which methods: OpenAPI has no word for it, so no operation is made up.
pub(super) fn without_method(project: &Project, address: &Address<'_>) -> Option<Node> {
    let handlers = address.any.iter().map(|route| {
        let (file, line) = route.handled.unwrap_or(route.registered);
        Keys::default()
            .with("handler", Node::text(&route.handler))
            .with("file", Node::text(project.base.path(file)))
            .with("line", Node::Integer(i64::from(line)))
            .with("confidence", Node::Decimal(route.certainty.share()))
            .node()
    });
    let handlers: Vec<Node> = handlers.collect();
    let reason = "the code does not say which methods it answers, so there is no operation";
    (!handlers.is_empty()).then(|| Keys::default().with("any_method", Node::List(handlers)).with("ambiguous", Node::texts([reason])).node())
}

/// Why an operation is not certain.
fn reasons(address: &Address<'_>, row: &Row<'_>, known: Option<&Operation>) -> Vec<String> {
    let mut reasons = Vec::new();
    if address.nameless {
        reasons.push("a piece of its address has no name in the code".to_owned());
    }
    if row.route.certainty.0 < SURE {
        reasons.push("where it is mounted is not certain".to_owned());
    }
    if !row.others.is_empty() {
        let mut others = row.others.clone();
        others.sort_unstable();
        others.dedup();
        others.retain(|other| *other != row.route.handler);
        if !others.is_empty() {
            reasons.push(format!("the same method and address are also answered by {}", others.join(", ")));
        }
    }
    match known {
        Some(operation) => reasons.extend(operation.ambiguous.iter().cloned()),
        None => reasons.push("what it takes and answers was not read".to_owned()),
    }
    reasons
}

fn parameters(address: &Address<'_>, row: &Row<'_>, operation: &Operation, writer: &Writer<'_>) -> Vec<Node> {
    let mut written = Vec::new();
    for (place, name) in address.parameters.iter().enumerate() {
        // The code of this method may call the parameter something else than the address does.
        let own = row.own.get(place).unwrap_or(name);
        let known = operation
            .parameters
            .iter()
            .find(|parameter| parameter.place == In::Path && (parameter.name == *own || parameter.name == *name));
        let schema = known.map_or_else(Schema::text, |parameter| parameter.schema.clone());
        written.push(parameter(name, In::Path, true, &schema, writer));
    }
    let mut seen: BTreeSet<(In, &str)> = BTreeSet::new();
    for Parameter { name, place, schema, required } in operation.parameters.iter().filter(|parameter| parameter.place != In::Path) {
        if seen.insert((*place, name)) {
            written.push(parameter(name, *place, *required, schema, writer));
        }
    }
    written
}

fn parameter(name: &str, place: In, required: bool, schema: &Schema, writer: &Writer<'_>) -> Node {
    Keys::default()
        .with("name", Node::text(name))
        .with("in", Node::text(place.word()))
        .maybe("required", required.then_some(Node::Truth(true)))
        .with("schema", writer.schema(schema, Way::Request))
        .node()
}

fn content(content: &Content, way: Way, writer: &Writer<'_>) -> Node {
    let schema = writer.schema(&content.schema, way);
    Node::Map(content.media.iter().map(|media| ((*media).to_owned(), Keys::default().with("schema", schema.clone()).node())).collect())
}

fn responses(operation: &Operation, writer: &Writer<'_>) -> Node {
    let mut written: BTreeMap<String, Node> = BTreeMap::new();
    for response in &operation.responses {
        let (key, about) = match response.status {
            Some(status) => (status.to_string(), phrase(status)),
            None => ("default".to_owned(), "Any other answer"),
        };
        let node = Keys::default()
            .with("description", Node::text(about))
            .maybe("content", response.content.as_ref().map(|body| content(body, Way::Answer, writer)));
        written.entry(key).or_insert_with(|| node.node());
    }
    if written.is_empty() {
        let node = Keys::default().with("description", Node::text("What it answers could not be told.")).node();
        written.insert("default".to_owned(), node);
    }
    Node::Map(written.into_iter().collect())
}

/// What RFC 9110 and its kin call a status.
fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        207 => "Multi-Status",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        423 => "Locked",
        424 => "Failed Dependency",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "An answer with this status",
    }
}

/// A name for an operation that only its own method and address decide, unless another one reads the same.
pub(super) fn id(method: Method, path: &str, known: &mut BTreeMap<String, u32>) -> String {
    let mut words = method.word().to_lowercase();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        words.push('_');
        let plain = part.replace('{', "by_").replace('}', "");
        words.extend(plain.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }));
    }
    let count = known.entry(words.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { words } else { format!("{words}__{count}") }
}

/// The name of a way to log in.
fn scheme_name(scheme: &Scheme) -> String {
    let plain = |text: &str| text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect::<String>();
    match scheme {
        Scheme::Cookie(name) => format!("cookie_{}", plain(name)),
        Scheme::Header(name) => format!("header_{}", plain(name)),
        Scheme::Query(name) => format!("query_{}", plain(name)),
        Scheme::Basic => "basic".to_owned(),
        Scheme::Bearer => "bearer".to_owned(),
        Scheme::Password(_) => "oauth2_password".to_owned(),
    }
}

/// `components.securitySchemes`.
pub(super) fn security_schemes(schemes: &BTreeSet<Scheme>) -> Option<Node> {
    let key = |place: &str, name: &str| {
        Keys::default().with("type", Node::text("apiKey")).with("in", Node::text(place)).with("name", Node::text(name)).node()
    };
    let http = |scheme: &str| Keys::default().with("type", Node::text("http")).with("scheme", Node::text(scheme)).node();
    let mut written: BTreeMap<String, Node> = BTreeMap::new();
    for scheme in schemes {
        let node = match scheme {
            Scheme::Cookie(name) => key("cookie", name),
            Scheme::Header(name) => key("header", name),
            Scheme::Query(name) => key("query", name),
            Scheme::Basic => http("basic"),
            Scheme::Bearer => http("bearer"),
            Scheme::Password(address) => {
                let flow = Keys::default().with("tokenUrl", Node::text(address)).with("scopes", Node::Map(Vec::new())).node();
                let flows = Keys::default().with("password", flow).node();
                Keys::default().with("type", Node::text("oauth2")).with("flows", flows).node()
            }
        };
        written.entry(scheme_name(scheme)).or_insert(node);
    }
    (!written.is_empty()).then(|| Node::Map(written.into_iter().collect()))
}
