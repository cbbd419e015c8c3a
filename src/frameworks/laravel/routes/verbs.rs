//! Calls that register routes: `get`, `match`, `view`, `resource` and their kin.

use super::attributes::{self, Context, under};
use super::{DEEPEST, Scan, resources};
use crate::base::{Certainty, FileId};
use crate::facts::{Binds, Call, DefinitionId, Shape, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::php::Handler;
use crate::frameworks::routes::{Method, Route};

/// How far a chain of calls behind a route is followed.
const LONGEST: usize = 40;

/// A route as it is registered, before what stands around it is added.
pub(super) struct Registered<'a> {
    pub scan: &'a Scan<'a>,
    pub file: FileId,
    pub owner: Option<DefinitionId>,
    pub call: &'a Call,
    /// What is called on the result: name and call.
    pub after: Vec<(&'a str, &'a Call)>,
}

/// Looks at one call.
pub(super) fn call(scan: &Scan<'_>, file: FileId, call: &Call, out: &mut Vec<Route>, open: &mut Vec<OpenCall>) {
    let facts = scan.classes.facts(file);
    let Shape::Member(object, name) = facts.value(call.callee).shape else { return };
    let verb = facts.text(name);
    if verb == "routes" && facts.last_name(object).is_some_and(|name| name.trim_start_matches('\\') == "Auth") {
        return resources::sign_in(scan, file, call, out);
    }
    if !is_verb(verb) || facts.arguments_of(call).is_empty() || !scan.is_router(file, call.callee) {
        return;
    }
    let owner = facts.owner_of(call.value);
    let registered = Registered { scan, file, owner, call, after: after(scan, file, call) };
    let contexts = attributes::of_chain(scan, file, call, &scan.contexts(file, owner, DEEPEST));
    for context in contexts {
        let start = out.len();
        match resources::Sort::of(verb) {
            Some(sort) => resources::register(&registered, &context, sort, out, open),
            None => registered.plain(verb, &context, out, open),
        }
        registered.note_middleware(&context, &out[start..]);
    }
}

fn is_verb(name: &str) -> bool {
    Method::of(name).is_some_and(|_| name.chars().all(|letter| letter.is_ascii_lowercase()))
        || resources::Sort::of(name).is_some()
        || matches!(name, "any" | "match" | "view" | "redirect" | "permanentRedirect" | "fallback" | "addRoute" | "inertia")
}

/// What is called on the result of a call, in order.
fn after<'a>(scan: &'a Scan<'_>, file: FileId, call: &Call) -> Vec<(&'a str, &'a Call)> {
    let Some(view) = scan.views.get(&file) else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = call.value;
    while let Some(next) = view.next.get(&at).filter(|_| found.len() < LONGEST) {
        let call = &view.facts.calls[*next];
        found.extend(view.facts.last_name(call.callee).map(|name| (name, call)));
        at = call.value;
    }
    found
}

impl Registered<'_> {
    fn plain(&self, verb: &str, context: &Context, out: &mut Vec<Route>, open: &mut Vec<OpenCall>) {
        let classes = self.scan.classes;
        let argument = |place: usize, name: &str| classes.facts(self.file).argument(self.call, place, name);
        let outside = |name: &str| (Handler { name: name.to_owned(), place: None }, None);
        let action = |place: usize| match argument(place, "action") {
            Some(value) => self.scan.action(self.file, self.owner, context, value),
            None => outside("not told by the code"),
        };
        let (methods, uri, (handler, named)) = match verb {
            "any" => (vec![Method::Any], argument(0, "uri"), action(1)),
            "match" | "addRoute" => (self.methods(argument(0, "methods")), argument(1, "uri"), action(2)),
            "view" => (vec![Method::Get], argument(0, "uri"), outside(&self.quoted("view", argument(1, "view")))),
            "inertia" => (vec![Method::Get], argument(0, "uri"), outside(&self.quoted("page", argument(1, "component")))),
            "redirect" | "permanentRedirect" => {
                (vec![Method::Any], argument(0, "uri"), outside(&self.quoted("redirect to", argument(1, "destination"))))
            }
            "fallback" => (vec![Method::Get], None, action(0)),
            _ => (Method::of(verb).into_iter().collect(), argument(0, "uri"), action(1)),
        };
        let uris = match (verb, uri) {
            ("fallback", _) => vec!["{fallbackPlaceholder}".to_owned()],
            (_, Some(uri)) => self.texts(uri, "the path is put together at run time", open),
            _ => Vec::new(),
        };
        let sure = if uris.len() > 1 { 90 } else { 100 };
        let name = self.name(context, named);
        let each = self.looped(context, &uris);
        for (place, uri) in uris.iter().enumerate() {
            let path = self.before(&under(&context.prefix, uri));
            let handler = each.get(place).unwrap_or(&handler);
            for method in &methods {
                self.push(&path, *method, handler, name.clone(), sure.min(context.sure), out);
            }
        }
    }

    /// What answers each address of a loop over addresses and what answers them: `foreach ($pages as $path => $controller)`.
    fn looped(&self, context: &Context, uris: &[String]) -> Vec<Handler> {
        let classes = self.scan.classes;
        let facts = classes.facts(self.file);
        let action = facts.arguments_of(self.call).last().map(|argument| argument.value);
        let name = action.and_then(|action| facts.as_name(action)).filter(|_| uris.len() > 1);
        let bound = name.and_then(|name| {
            let rows = classes.locals(self.file).of_name(self.owner, name);
            rows.iter().find(|row| facts.bindings[row.binding as usize].binds == Binds::Loop && row.place == Some(1))
        });
        let Some(value) = bound.and_then(|row| facts.bindings[row.binding as usize].value) else { return Vec::new() };
        let value = classes.given_once(self.file, self.owner, value).map_or(value, |(_, given)| given);
        let Shape::Map(entries) = facts.value(value).shape else { return Vec::new() };
        let entries = &facts.entries[entries.range()];
        if entries.len() != uris.len() {
            return Vec::new();
        }
        entries.iter().map(|entry| self.scan.action(self.file, self.owner, context, entry.value).0).collect()
    }

    /// Notes what stands before some routes: what their groups say, and the chain behind them.
    fn note_middleware(&self, context: &Context, routes: &[Route]) {
        let facts = self.scan.classes.facts(self.file);
        let mut names = context.middleware.clone();
        for (_, call) in self.after.iter().filter(|(name, _)| *name == "middleware") {
            names.extend(
                facts
                    .arguments_of(call)
                    .iter()
                    .flat_map(|argument| attributes::named(self.scan.classes, self.file, self.owner, argument.value)),
            );
        }
        // `Route::resource('orders', OrderController::class, ['middleware' => ['auth']])`
        for argument in facts.arguments_of(self.call) {
            let options = attributes::of_array(facts, argument.value);
            for said in options.iter().filter(|said| said.what == "middleware") {
                names.extend(attributes::named(self.scan.classes, self.file, self.owner, said.value));
            }
        }
        if names.is_empty() {
            return;
        }
        let mut before = self.scan.before.borrow_mut();
        for route in routes {
            before.insert((route.path.clone(), route.method, route.handler.clone()), names.clone());
        }
    }

    /// What `->prefix('x')` behind a route puts before everything.
    pub(super) fn before(&self, path: &str) -> String {
        let facts = self.scan.classes.facts(self.file);
        let prefix = self.after.iter().filter(|(name, _)| *name == "prefix").find_map(|(_, call)| {
            let value = facts.arguments_of(call).first()?.value;
            self.scan.classes.text(self.file, self.owner, value)
        });
        prefix.map_or_else(|| path.to_owned(), |prefix| under(prefix.trim_matches('/'), path))
    }

    /// The name of a route: what its groups begin it with, and what the chain behind it or its array says.
    fn name(&self, context: &Context, named: Option<String>) -> Option<String> {
        let facts = self.scan.classes.facts(self.file);
        let chained = self.after.iter().filter(|(name, _)| *name == "name").filter_map(|(_, call)| {
            let value = facts.arguments_of(call).first()?.value;
            self.scan.classes.text(self.file, self.owner, value)
        });
        let own: String = named.into_iter().chain(chained).collect();
        (!own.is_empty()).then(|| format!("{}{own}", context.name))
    }

    /// Every text an expression may be; where nobody can tell, that is told.
    pub(super) fn texts(&self, value: ValueId, reason: &str, open: &mut Vec<OpenCall>) -> Vec<String> {
        let found: Vec<String> = self.scan.prefixes(self.file, self.owner, value).into_iter().map(|(text, _)| text).collect();
        if found == [attributes::OPEN] {
            let facts = self.scan.classes.facts(self.file);
            let text = facts.dotted(value).or_else(|| facts.last_name(self.call.callee).map(|verb| format!("{verb}(...)")));
            open.push(OpenCall {
                file: self.file,
                line: self.call.span.line,
                kind: "route",
                text: text.unwrap_or_default(),
                reason: reason.to_owned(),
            });
            return Vec::new();
        }
        found
    }

    fn methods(&self, value: Option<ValueId>) -> Vec<Method> {
        let classes = self.scan.classes;
        let Some(value) = value else { return Vec::new() };
        let mut words = classes.elements(self.file, self.owner, value, false, DEEPEST);
        if words.is_empty() {
            words = classes.texts(self.file, self.owner, value);
        }
        let found: Vec<Method> = words.iter().filter_map(|word| Method::of(word)).filter(|method| *method != Method::Head).collect();
        if found.is_empty() { vec![Method::Any] } else { found }
    }

    fn quoted(&self, what: &str, value: Option<ValueId>) -> String {
        let text = value.and_then(|value| self.scan.classes.text(self.file, self.owner, value));
        text.map_or_else(|| what.to_owned(), |text| format!("{what} {text}"))
    }

    pub(super) fn push(&self, path: &str, method: Method, handler: &Handler, name: Option<String>, sure: u8, out: &mut Vec<Route>) {
        out.push(Route {
            path: format!("/{}", without_fields(path)),
            method,
            handler: handler.name.clone(),
            handled: handler.place,
            registered: (self.file, self.call.span.line),
            framework: "laravel",
            name,
            certainty: Certainty(sure),
        });
    }
}

/// `{post:slug}` is the parameter `post`; by which column it is looked up is no part of the path.
fn without_fields(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((inside, after)) = behind.split_once('}') else { break };
        let (name, field) = inside.split_once(':').unwrap_or((inside, ""));
        let optional = if field.ends_with('?') { "?" } else { "" };
        out.push_str(&format!("{before}{{{name}{optional}}}"));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_fields;

    #[test]
    fn columns_are_no_part_of_a_path() {
        assert_eq!(without_fields("a/{post:slug}/{x?}"), "a/{post}/{x?}");
        assert_eq!(without_fields("a/{post:slug?}"), "a/{post?}");
        assert_eq!(without_fields("a/{broken"), "a/{broken");
    }
}
