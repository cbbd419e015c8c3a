//! What the server frameworks of Node call their routers, and the methods that register routes on them.

use crate::facts::{Argument, Call, FileFacts, Shape};
use crate::frameworks::routes::Method;

/// A server framework.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Framework {
    Express,
    Koa,
    Fastify,
    Hapi,
    Restify,
    Hono,
}

impl Framework {
    /// The name in reports.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Express => "express",
            Self::Koa => "koa",
            Self::Fastify => "fastify",
            Self::Hapi => "hapi",
            Self::Restify => "restify",
            Self::Hono => "hono",
        }
    }
}

/// What makes something that routes are registered on: package and member, the framework, and whether it is a whole
/// application, which nothing has to mount.
const MAKERS: [(&str, Framework, bool); 31] = [
    ("express", Framework::Express, true),
    ("express.Router", Framework::Express, false),
    ("express-promise-router", Framework::Express, false),
    ("express-promise-router.Router", Framework::Express, false),
    ("router", Framework::Express, false),
    ("polka", Framework::Express, true),
    ("connect", Framework::Express, true),
    ("@feathersjs/express", Framework::Express, true),
    ("ultimate-express", Framework::Express, true),
    ("hyper-express.Server", Framework::Express, true),
    ("hyper-express.Router", Framework::Express, false),
    ("koa", Framework::Koa, true),
    ("koa-router", Framework::Koa, false),
    ("koa-router.Router", Framework::Koa, false),
    ("@koa/router", Framework::Koa, false),
    ("@koa/router.Router", Framework::Koa, false),
    ("koa-joi-router", Framework::Koa, false),
    ("fastify", Framework::Fastify, true),
    ("fastify.fastify", Framework::Fastify, true),
    ("fastify.Fastify", Framework::Fastify, true),
    ("@hapi/hapi.server", Framework::Hapi, true),
    ("@hapi/hapi.Server", Framework::Hapi, true),
    ("hapi.server", Framework::Hapi, true),
    ("hapi.Server", Framework::Hapi, true),
    ("restify.createServer", Framework::Restify, true),
    ("restify-router.Router", Framework::Restify, false),
    ("hono", Framework::Hono, true),
    ("hono.Hono", Framework::Hono, true),
    ("@hono/zod-openapi.OpenAPIHono", Framework::Hono, true),
    ("find-my-way", Framework::Fastify, true),
    ("itty-router.Router", Framework::Express, true),
];

/// What a call of somebody else's function makes: the framework, and whether it is a whole application.
pub(super) fn made_by(path: &str) -> Option<(Framework, bool)> {
    MAKERS.iter().find(|(maker, _, _)| *maker == path).map(|(_, framework, whole)| (*framework, *whole))
}

/// Routers that stand ready in a package: the ones of Meteor's web server, under the names of its versions.
pub(super) fn ready_made(path: &str) -> Option<Framework> {
    let name = path.strip_prefix("meteor/webapp.WebApp.")?;
    matches!(name, "handlers" | "rawHandlers" | "expressHandlers" | "connectHandlers" | "rawConnectHandlers").then_some(Framework::Express)
}

/// The framework of a package that a file imports.
pub(super) fn of_package(package: &str) -> Option<Framework> {
    if package == "meteor/webapp" {
        return Some(Framework::Express);
    }
    MAKERS
        .iter()
        .find(|(maker, _, _)| *maker == package || maker.strip_prefix(package).is_some_and(|rest| rest.starts_with('.')))
        .map(|(_, framework, _)| *framework)
}

/// Types that parameters have in functions that are handed a router.
const TYPES: [(&str, Framework); 12] = [
    ("Application", Framework::Express),
    ("Express", Framework::Express),
    ("FastifyInstance", Framework::Fastify),
    ("Hono", Framework::Hono),
    ("IRouter", Framework::Express),
    ("Koa", Framework::Koa),
    ("KoaRouter", Framework::Koa),
    ("Polka", Framework::Express),
    ("Router", Framework::Express),
    ("RouterContext", Framework::Koa),
    ("Server", Framework::Hapi),
    ("ServerApp", Framework::Express),
];

/// The framework that a parameter's type belongs to.
pub(super) fn of_type(name: &str) -> Option<Framework> {
    TYPES.iter().find(|(known, _)| *known == name).map(|(_, framework)| *framework)
}

/// What a function calls the router it is handed.
pub(super) fn is_router_by_name(name: &str) -> bool {
    matches!(name, "app" | "router" | "server" | "fastify" | "expressApp" | "application" | "apiRouter" | "instance")
}

/// The method that a router's method registers; `Any` for all of them.
pub(super) fn method_of(name: &str) -> Option<Method> {
    match name {
        "get" => Some(Method::Get),
        "head" => Some(Method::Head),
        "post" => Some(Method::Post),
        "put" => Some(Method::Put),
        "patch" => Some(Method::Patch),
        "delete" | "del" => Some(Method::Delete),
        "options" | "opts" => Some(Method::Options),
        "trace" => Some(Method::Trace),
        "all" => Some(Method::Any),
        _ => None,
    }
}

/// The method that a word in options or arguments means.
pub(super) fn method_of_word(word: &str) -> Option<Method> {
    match word {
        "*" | "all" | "ALL" | "any" | "ANY" => Some(Method::Any),
        "del" => Some(Method::Delete),
        word => Method::of(word),
    }
}

/// True for a call that looks like the registration of a route or the making of a router; what it is, only its object
/// tells.
pub(super) fn may_register(facts: &FileFacts, call: &Call) -> bool {
    let arguments = call.arguments.range().len();
    let hands_on = |argument: &Argument| facts.as_name(argument.value).is_some_and(|name| is_router_by_name(facts.text(name)));
    if facts.arguments_of(call).iter().any(hands_on) {
        return true;
    }
    match facts.value(call.callee).shape {
        Shape::Member(_, name) => match facts.text(name) {
            "use" | "route" | "register" | "Router" | "mount" | "createServer" => arguments > 0 || facts.text(name) == "Router",
            name => method_of(name).is_some() && arguments > 1,
        },
        Shape::Item(_, _) => arguments > 1,
        Shape::Name(name) => matches!(facts.text(name), "express" | "Router" | "fastify" | "Fastify" | "Koa" | "Hono" | "polka" | "Hapi"),
        _ => false,
    }
}
