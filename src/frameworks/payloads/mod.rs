//! What routes take and answer: parameters, bodies, statuses, who may call. Only `unpick contracts` asks for it
//! (`Config::payloads`).
//!
//! Every language has a reader, a row of [`READERS`]; it looks at the routes of its frameworks and fills [`Payloads`].
//! What the code does not say is left out or open ([`Schema::open`]), with a reason in [`Operation::ambiguous`].

mod answers;
mod fields;
mod node;
mod php;
mod python;
pub mod schema;
mod statuses;
mod steps;

use super::orm::Classes;
use super::routes::{Method, Route};
use crate::base::{Certainty, FileId};
use crate::names::{FactBase, Names};
use schema::{ComponentId, Schema};
use std::collections::BTreeMap;

/// Where a parameter of a request stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum In {
    /// In the address: `/orders/{id}`.
    Path,
    /// Behind the question mark.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

impl In {
    /// The word of OpenAPI.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// One parameter of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Its name in the request.
    pub name: String,
    /// Where it stands.
    pub place: In,
    /// What it may be.
    pub schema: Schema,
    /// A request without it is refused.
    pub required: bool,
}

/// What a request or an answer carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Content {
    /// The media types: `application/json`.
    pub media: Vec<&'static str>,
    /// What it looks like.
    pub schema: Schema,
}

/// JSON, what most applications speak.
pub const JSON: &str = "application/json";
/// Fields of a form.
pub const FORM: &str = "application/x-www-form-urlencoded";
/// Fields of a form with files.
pub const MULTIPART: &str = "multipart/form-data";
/// A page.
pub const HTML: &str = "text/html";

impl Content {
    /// JSON of some schema.
    #[must_use]
    pub fn json(schema: Schema) -> Self {
        Self { media: vec![JSON], schema }
    }
}

/// One answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Response {
    /// The status; none for whatever else may come.
    pub status: Option<u16>,
    /// What it carries; none where it is known to carry nothing, or nobody can tell whether it does.
    pub content: Option<Content>,
}

/// How a caller says who they are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scheme {
    /// A cookie by this name.
    Cookie(String),
    /// A header by this name.
    Header(String),
    /// A parameter behind the question mark.
    Query(String),
    /// `Authorization: Basic`
    Basic,
    /// `Authorization: Bearer`
    Bearer,
    /// OAuth 2 with a password; the address that hands out tokens.
    Password(String),
}

/// What one route takes and answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Operation {
    /// Parameters; those of the address may be missing here, the route has them.
    pub parameters: Vec<Parameter>,
    /// What a request carries.
    pub body: Option<Content>,
    /// A request without a body is refused.
    pub body_required: bool,
    /// Answers; those of one status are told once, the first counts.
    pub responses: Vec<Response>,
    /// Who may call: one of these; none where the code says nothing about it, empty where it says that anybody may.
    pub security: Option<Vec<Scheme>>,
    /// Names that the framework's own documents give parameters of the address: `pk` is the key of its model, `id`.
    pub called: Vec<(String, String)>,
    /// One sentence about it, from its documentation.
    pub summary: Option<String>,
    /// What is not certain, each a sentence.
    pub ambiguous: Vec<String>,
    /// How sure the whole is, beside how sure the route is.
    pub certainty: Certainty,
}

impl Default for Operation {
    fn default() -> Self {
        Self {
            parameters: Vec::new(),
            body: None,
            body_required: false,
            responses: Vec::new(),
            security: None,
            called: Vec::new(),
            summary: None,
            ambiguous: Vec::new(),
            certainty: Certainty::LITERAL,
        }
    }
}

impl Operation {
    /// Adds a parameter unless one of that name stands there already.
    pub fn parameter(&mut self, place: In, name: &str, schema: Schema, required: bool) {
        if !self.parameters.iter().any(|known| known.place == place && known.name == name) {
            self.parameters.push(Parameter { name: name.to_owned(), place, schema, required });
        }
    }

    /// Adds an answer; of two with the same status the first counts, unless only the second says what it carries.
    pub fn answer(&mut self, status: u16, content: Option<Content>) {
        match self.responses.iter_mut().find(|known| known.status == Some(status)) {
            Some(known) if known.content.is_none() => known.content = content,
            Some(_) => {}
            None => self.responses.push(Response { status: Some(status), content }),
        }
    }

    /// Notes that something is not certain, and how sure the rest is in percent.
    pub fn unsure(&mut self, reason: &str, percent: u8) {
        self.certainty = self.certainty.min(Certainty(percent));
        if !self.ambiguous.iter().any(|known| known == reason) {
            self.ambiguous.push(reason.to_owned());
        }
    }
}

/// A schema with a name: what a class, a model or a set of rules describes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Component {
    /// The name that documents use where no other component has it: `Order`, `OrderRequest`.
    pub name: String,
    /// A longer name that tells it from others: `shop.serializers.Order`.
    pub long_name: String,
    /// What it looks like.
    pub schema: Schema,
    /// Where it is written.
    pub at: (FileId, u32),
}

/// What a payload belongs to; the same as in [`Route`].
pub type Key = (String, Method, String);

/// What all routes take and answer.
#[derive(Debug, Default)]
pub struct Payloads {
    /// Schemas with names, by [`ComponentId`].
    pub components: Vec<Component>,
    /// By path, method and handler of the route.
    operations: BTreeMap<Key, Operation>,
}

impl Payloads {
    /// What is known of a route.
    #[must_use]
    pub fn of(&self, route: &Route) -> Option<&Operation> {
        self.operations.get(&(route.path.clone(), route.method, route.handler.clone()))
    }

    /// What is known of a route that answers whatever method it is asked with, where it is asked with this one.
    #[must_use]
    pub fn with(&self, route: &Route, method: Method) -> Option<&Operation> {
        self.operations.get(&(route.path.clone(), method, route.handler.clone()))
    }

    /// The methods that the code of a route without a word on methods is seen to be asked with.
    #[must_use]
    pub fn methods(&self, route: &Route) -> Vec<Method> {
        let known = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];
        known.into_iter().filter(|method| route.method == Method::Any && self.with(route, *method).is_some()).collect()
    }

    /// Notes what such a route takes and answers with one method.
    pub fn note_as(&mut self, route: &Route, method: Method, operation: Operation) {
        self.operations.insert((route.path.clone(), method, route.handler.clone()), operation);
    }

    /// Notes what a route takes and answers.
    pub fn note(&mut self, route: &Route, operation: Operation) {
        self.operations.insert((route.path.clone(), route.method, route.handler.clone()), operation);
    }

    /// A component whose schema is filled in later, so that it may contain itself.
    pub fn reserve(&mut self, name: &str, long_name: &str, at: (FileId, u32)) -> ComponentId {
        let id = ComponentId(u32::try_from(self.components.len()).expect("there are fewer than 2^32 components"));
        self.components.push(Component { name: name.to_owned(), long_name: long_name.to_owned(), schema: Schema::open(), at });
        id
    }

    /// The schema of a component.
    #[must_use]
    pub fn component(&self, id: ComponentId) -> &Component {
        &self.components[id.0 as usize]
    }

    /// Says what a reserved component looks like.
    pub fn fill(&mut self, id: ComponentId, schema: Schema) {
        self.components[id.0 as usize].schema = schema;
    }
}

/// One language's reader.
pub(super) struct Reader {
    /// The names its routes have for their frameworks ([`Route::framework`]).
    pub(super) frameworks: &'static [&'static str],
    /// Looks at routes of these frameworks, in the order of their paths.
    pub(super) read: fn(&Classes<'_>, &[&Route], &mut Payloads),
}

/// Every reader. To add one: a folder here, its row, and a line above.
static READERS: [&Reader; 4] = [&node::READER, &php::READER, &php::plain::READER, &python::READER];

/// Asks all readers about all routes that count.
pub(super) fn interpret(base: &FactBase, names: &Names, model: &mut super::Model) {
    let mut payloads = Payloads::default();
    {
        let classes = Classes::new(base, names, &model.answers);
        let mut routes: Vec<&Route> = model.routes.iter().filter(|route| !base.file(route.registered.0).left_out).collect();
        routes.sort();
        for reader in READERS {
            let own: Vec<&Route> = routes.iter().copied().filter(|route| reader.frameworks.contains(&route.framework)).collect();
            if !own.is_empty() {
                (reader.read)(&classes, &own, &mut payloads);
            }
        }
    }
    model.payloads = payloads;
}
