//! Resources: one call that registers the routes of a controller by the framework's list, and those of signing in.

use super::attributes::{Context, under, within};
use super::verbs::Registered;
use super::{DEEPEST, Scan};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::laravel::plural::singular;
use crate::frameworks::php::Handler;
use crate::frameworks::routes::{Method, Route};

/// What a call registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    Resource { api: bool, several: bool },
    Singleton { api: bool, several: bool },
}

impl Sort {
    pub(super) fn of(verb: &str) -> Option<Self> {
        Some(match verb {
            "resource" => Self::Resource { api: false, several: false },
            "apiResource" => Self::Resource { api: true, several: false },
            "resources" => Self::Resource { api: false, several: true },
            "apiResources" => Self::Resource { api: true, several: true },
            "singleton" => Self::Singleton { api: false, several: false },
            "apiSingleton" => Self::Singleton { api: true, several: false },
            "singletons" => Self::Singleton { api: false, several: true },
            "apiSingletons" => Self::Singleton { api: true, several: true },
            _ => return None,
        })
    }
}

/// Where in the resource an action is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// `/photos`
    All,
    /// `/photos/create`
    Create,
    /// `/photos/{photo}`
    One,
    /// `/photos/{photo}/edit`
    Edit,
}

/// An action of a controller with what it answers.
type Action = (&'static str, &'static [Method], Place);

const UPDATE: &[Method] = &[Method::Put, Method::Patch];

/// The actions of a resource.
const ACTIONS: [Action; 7] = [
    ("index", &[Method::Get], Place::All),
    ("create", &[Method::Get], Place::Create),
    ("store", &[Method::Post], Place::All),
    ("show", &[Method::Get], Place::One),
    ("edit", &[Method::Get], Place::Edit),
    ("update", UPDATE, Place::One),
    ("destroy", &[Method::Delete], Place::One),
];

/// Registers a resource, or each of several.
pub(super) fn register(registered: &Registered<'_>, context: &Context, sort: Sort, out: &mut Vec<Route>, open: &mut Vec<OpenCall>) {
    let facts = registered.scan.classes.facts(registered.file);
    let (Sort::Resource { several, .. } | Sort::Singleton { several, .. }) = sort;
    let arguments = facts.arguments_of(registered.call);
    let Some(first) = arguments.first() else { return };
    let options = arguments.get(if several { 1 } else { 2 }).map(|argument| argument.value);
    let mut one = |names: Vec<String>, controller: ValueId| {
        let said = Said { registered, options };
        for name in names {
            said.resource(context, sort, &name, controller, out);
        }
    };
    if !several {
        let names = registered.texts(first.value, "the name of the resource is put together at run time", open);
        if let Some(controller) = arguments.get(1) {
            one(names, controller.value);
        }
        return;
    }
    let Shape::Map(entries) = facts.value(first.value).shape else { return };
    for entry in &facts.entries[entries.range()] {
        if let Some(name) = entry.key.and_then(|key| facts.as_literal(key)) {
            one(vec![name.to_owned()], entry.value);
        }
    }
}

/// What an array of options and the chain behind a resource say.
struct Said<'a> {
    registered: &'a Registered<'a>,
    options: Option<ValueId>,
}

impl Said<'_> {
    fn resource(&self, context: &Context, sort: Sort, name: &str, controller: ValueId, out: &mut Vec<Route>) {
        let registered = self.registered;
        let Some(controller) = registered.scan.controller(registered.file, registered.owner, context, controller) else { return };
        // What stands before the last slash is a prefix.
        let name = name.trim_matches('/');
        let (folder, resource) = name.rsplit_once('/').unwrap_or(("", name));
        let prefix = under(&context.prefix, folder);
        let paths = Paths { prefix: &prefix, resource, is_shallow: self.has("shallow"), said: self };
        let single = matches!(sort, Sort::Singleton { .. });
        for (action, methods, place) in ACTIONS.into_iter().filter(|(action, _, _)| self.wants(sort, action)) {
            let path = registered.before(&paths.path(place, single));
            let handler = controller.method(registered.scan, action);
            let name = Some(format!("{}{}.{action}", context.name, self.named(action).unwrap_or_else(|| resource.to_owned())));
            for method in methods {
                registered.push(&path, *method, &handler, name.clone(), context.sure, out);
            }
        }
    }

    /// True where an action of the list is registered.
    fn wants(&self, sort: Sort, action: &str) -> bool {
        let is_default = match sort {
            Sort::Resource { api, .. } => !api || !matches!(action, "create" | "edit"),
            Sort::Singleton { api, .. } => match action {
                "show" | "update" => true,
                "edit" => !api,
                "create" => !api && self.has("creatable"),
                "store" => self.has("creatable"),
                "destroy" => self.has("creatable") || self.has("destroyable"),
                _ => false,
            },
        };
        let only = self.list("only");
        let except = self.list("except");
        match only {
            Some(only) => only.iter().any(|wanted| wanted == action) && (is_default || matches!(sort, Sort::Resource { .. })),
            None => is_default && !except.is_some_and(|except| except.iter().any(|left| left == action)),
        }
    }

    /// The values that an option of the array or a call of the chain is given.
    fn values(&self, what: &str) -> Vec<ValueId> {
        let registered = self.registered;
        let facts = registered.scan.classes.facts(registered.file);
        let chained = registered.after.iter().filter(|(name, _)| *name == what);
        let mut found: Vec<ValueId> = chained.flat_map(|(_, call)| facts.arguments_of(call)).map(|argument| argument.value).collect();
        if let Some(Shape::Map(entries)) = self.options.map(|options| facts.value(options).shape) {
            let own = facts.entries[entries.range()].iter().filter(|entry| entry.key.and_then(|key| facts.as_literal(key)) == Some(what));
            found.extend(own.map(|entry| entry.value));
        }
        found
    }

    fn has(&self, what: &str) -> bool {
        let registered = self.registered;
        registered.after.iter().any(|(name, _)| *name == what) || !self.values(what).is_empty()
    }

    fn list(&self, what: &str) -> Option<Vec<String>> {
        let registered = self.registered;
        let values = self.values(what);
        let classes = registered.scan.classes;
        let texts = values.iter().flat_map(|value| {
            let listed = classes.elements(registered.file, registered.owner, *value, false, DEEPEST);
            if listed.is_empty() { classes.texts(registered.file, registered.owner, *value) } else { listed }
        });
        (!values.is_empty()).then(|| texts.collect())
    }

    /// The text that an option has for a key: `->parameters(['photos' => 'image'])`.
    fn keyed(&self, what: &str, key: &str) -> Option<String> {
        let registered = self.registered;
        let facts = registered.scan.classes.facts(registered.file);
        self.values(what).into_iter().find_map(|value| {
            let Shape::Map(entries) = facts.value(value).shape else { return None };
            let own = facts.entries[entries.range()].iter().find(|entry| entry.key.and_then(|own| facts.as_literal(own)) == Some(key))?;
            registered.scan.classes.text(registered.file, registered.owner, own.value)
        })
    }

    /// The name of a resource where `->names('images')` gives it one.
    fn named(&self, action: &str) -> Option<String> {
        let registered = self.registered;
        let only =
            self.values("names").into_iter().find_map(|value| registered.scan.classes.text(registered.file, registered.owner, value));
        let whole = self.keyed("names", action);
        whole.and_then(|whole| whole.strip_suffix(&format!(".{action}")).map(str::to_owned)).or(only)
    }

    /// What the parameter of a resource is called.
    fn parameter(&self, resource: &str) -> String {
        let registered = self.registered;
        let facts = registered.scan.classes.facts(registered.file);
        let given = self.keyed("parameters", resource).or_else(|| {
            let pair =
                registered.after.iter().filter(|(name, _)| *name == "parameter").find_map(|(_, call)| match facts.arguments_of(call) {
                    [name, parameter] if facts.as_literal(name.value) == Some(resource) => facts.as_literal(parameter.value),
                    _ => None,
                });
            pair.map(str::to_owned)
        });
        let plain = || match resource.rsplit_once(['_', '-']) {
            Some((before, last)) => format!("{before}_{}", singular(last)),
            None => singular(resource),
        };
        given.unwrap_or_else(plain).replace('-', "_")
    }
}

/// The paths of one resource.
struct Paths<'a> {
    prefix: &'a str,
    /// With dots between resources that stand inside each other.
    resource: &'a str,
    is_shallow: bool,
    said: &'a Said<'a>,
}

impl Paths<'_> {
    fn path(&self, place: Place, single: bool) -> String {
        let (around, own) = self.resource.rsplit_once('.').unwrap_or(("", self.resource));
        let mut path = self.prefix.to_owned();
        // A shallow resource names those around it only where there is no row of its own yet.
        if !(self.is_shallow && matches!(place, Place::One | Place::Edit)) {
            for outer in around.split('.').filter(|outer| !outer.is_empty()) {
                path = under(&path, &format!("{outer}/{{{}}}", self.said.parameter(outer)));
            }
        }
        path = under(&path, own);
        if !single && matches!(place, Place::One | Place::Edit) {
            path = under(&path, &format!("{{{}}}", self.said.parameter(own)));
        }
        match place {
            Place::Create => under(&path, "create"),
            Place::Edit => under(&path, "edit"),
            Place::All | Place::One => path,
        }
    }
}

/// What `Auth::routes()` of the package laravel/ui registers: method, path, controller, its method, name, and the option that
/// takes it away.
const SIGN_IN: [(Method, &str, &str, &str, &str, &str); 14] = [
    (Method::Get, "login", "LoginController", "showLoginForm", "login", "login"),
    (Method::Post, "login", "LoginController", "login", "", "login"),
    (Method::Post, "logout", "LoginController", "logout", "logout", "logout"),
    (Method::Get, "register", "RegisterController", "showRegistrationForm", "register", "register"),
    (Method::Post, "register", "RegisterController", "register", "", "register"),
    (Method::Get, "password/reset", "ForgotPasswordController", "showLinkRequestForm", "password.request", "reset"),
    (Method::Post, "password/email", "ForgotPasswordController", "sendResetLinkEmail", "password.email", "reset"),
    (Method::Get, "password/reset/{token}", "ResetPasswordController", "showResetForm", "password.reset", "reset"),
    (Method::Post, "password/reset", "ResetPasswordController", "reset", "password.update", "reset"),
    (Method::Get, "password/confirm", "ConfirmPasswordController", "showConfirmForm", "password.confirm", "confirm"),
    (Method::Post, "password/confirm", "ConfirmPasswordController", "confirm", "", "confirm"),
    (Method::Get, "email/verify", "VerificationController", "show", "verification.notice", "verify"),
    (Method::Get, "email/verify/{id}/{hash}", "VerificationController", "verify", "verification.verify", "verify"),
    (Method::Post, "email/resend", "VerificationController", "resend", "verification.resend", "verify"),
];

/// How sure a route is that a package adds.
const BY_PACKAGE: u8 = 80;

/// The routes of `Auth::routes(['register' => false])`. A controller that the tree does not have gets none.
pub(super) fn sign_in(scan: &Scan<'_>, file: FileId, call: &Call, out: &mut Vec<Route>) {
    let facts = scan.classes.facts(file);
    let option = |wanted: &str| {
        let Shape::Map(entries) = facts.value(facts.arguments_of(call).first()?.value).shape else { return None };
        let own = facts.entries[entries.range()].iter().find(|entry| entry.key.and_then(|key| facts.as_literal(key)) == Some(wanted))?;
        match facts.value(own.value).shape {
            Shape::Constant(word) => Some(facts.text(word).eq_ignore_ascii_case("true")),
            _ => None,
        }
    };
    for context in scan.contexts(file, facts.owner_of(call.value), DEEPEST).iter() {
        for (method, path, controller, action, name, switch) in SIGN_IN {
            if !option(switch).unwrap_or(switch != "verify") {
                continue;
            }
            let full = within(if context.namespace.is_empty() { "App\\Http\\Controllers" } else { &context.namespace }, "Auth");
            let Some(class) = scan.classes.full(file, &format!("{full}\\{controller}")) else { continue };
            let handler = Handler {
                name: format!("{}@{action}", scan.classes.shown_name(class)),
                place: Some(scan.classes.handled_by(class, action)),
            };
            out.push(Route {
                path: format!("/{}", under(&context.prefix, path)),
                method,
                handler: handler.name,
                handled: handler.place,
                registered: (file, call.span.line),
                framework: "laravel",
                name: (!name.is_empty()).then(|| format!("{}{name}", context.name)),
                certainty: Certainty(BY_PACKAGE.min(context.sure)),
            });
        }
    }
}
