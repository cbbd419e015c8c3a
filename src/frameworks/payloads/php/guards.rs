//! Who may call: what stands before a handler at its route, and what the constructor of its controller puts there.

use super::Reading;
use super::frames::Frame;
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::payloads::Scheme;
use crate::frameworks::php::{PhpClasses, is_this};
use crate::frameworks::routes::Route;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The cookie of the framework's sessions, where nothing else is said.
const SESSION: &str = "laravel_session";

/// The framework's class that asks who calls.
const AUTHENTICATE: &str = "illuminate\\auth\\middleware\\authenticate";

/// Classes by the short names that the application gives them.
pub(super) type Aliases = BTreeMap<String, Ancestor>;

/// The short names of a tree: `$routeMiddleware`, `$middlewareAliases`, `$middleware->alias([...])`.
pub(super) fn aliases(classes: &PhpClasses<'_>) -> Aliases {
    let mut found = Aliases::new();
    for file in classes.files() {
        let facts = classes.facts(file);
        let mut add = |map: ValueId| {
            let Shape::Map(entries) = facts.value(map).shape else { return };
            for entry in &facts.entries[entries.range()] {
                let name = entry.key.and_then(|key| facts.as_literal(key));
                if let (Some(name), Some(class)) = (name, classes.class_of(file, facts.owner_of(entry.value), entry.value)) {
                    found.entry(name.to_owned()).or_insert(class);
                }
            }
        };
        if ["routeMiddleware", "middlewareAliases", "$routeMiddleware", "$middlewareAliases"]
            .iter()
            .any(|name| facts.texts.find(name).is_some())
        {
            for class in classes.classes_of(file) {
                let maps = ["routeMiddleware", "middlewareAliases"].map(|name| classes.value_of(class, name));
                maps.into_iter().flatten().filter(|(home, _)| *home == file).for_each(|(_, map)| add(map));
            }
        }
        if facts.texts.find("alias").is_some() && facts.texts.find("withMiddleware").is_some() {
            let calls = facts.calls.iter().filter(|call| facts.last_name(call.callee) == Some("alias"));
            calls.filter_map(|call| facts.arguments_of(call).first()).for_each(|first| add(first.value));
        }
    }
    found
}

impl Reading<'_> {
    /// The ways to say who calls that are asked for; none where nothing is known to ask.
    pub(super) fn security(&self, route: &Route, frame: &Rc<Frame>) -> Option<Vec<Scheme>> {
        let key = (route.path.clone(), route.method, route.handler.clone());
        let mut names: Vec<String> = self.middleware.get(&key).cloned().unwrap_or_default();
        names.extend(self.of_constructor(frame));
        let mut schemes: Vec<Scheme> = names.iter().flat_map(|name| self.asked_by(name)).collect();
        schemes.sort();
        schemes.dedup();
        (!schemes.is_empty()).then_some(schemes)
    }

    /// `$this->middleware('auth')->except(['index'])` in the constructor of a controller, where it is for this function.
    fn of_constructor(&self, frame: &Rc<Frame>) -> Vec<String> {
        let mut names = Vec::new();
        let Some((file, constructor)) = frame.this.and_then(|class| self.classes.method_of(class, "__construct")) else { return names };
        let facts = self.classes.facts(file);
        let inside = facts.definition(constructor).values;
        let own = self.facts(frame).text(self.facts(frame).definition(frame.function).name);
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        let calls: Vec<&Call> = facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end).collect();
        for call in &calls {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            if facts.text(name) != "middleware" || !is_this(facts, object) {
                continue;
            }
            let after = calls.iter().find_map(|next| match facts.value(next.callee).shape {
                Shape::Member(object, word) if object == call.value => Some((facts.text(word), next)),
                _ => None,
            });
            let lists = |next: &Call| {
                facts.arguments_of(next).iter().any(|argument| match facts.value(argument.value).shape {
                    Shape::List(parts) => facts.items(parts).iter().any(|part| facts.as_literal(*part) == Some(own)),
                    _ => facts.as_literal(argument.value) == Some(own),
                })
            };
            let is_for_it = match after {
                Some(("only", next)) => lists(next),
                Some(("except", next)) => !lists(next),
                _ => true,
            };
            if is_for_it {
                for argument in facts.arguments_of(call) {
                    names.extend(crate::frameworks::laravel::routes::named(self.classes, file, Some(constructor), argument.value));
                }
            }
        }
        names
    }

    /// What one name asks for: `auth:sanctum`, `auth.basic`, a class of the application or a short name of one.
    fn asked_by(&self, name: &str) -> Vec<Scheme> {
        let (word, with) = name.split_once(':').unwrap_or((name, ""));
        if with.split(',').any(|with| with == "optional") {
            return Vec::new();
        }
        let by_guards = || {
            with.split(',')
                .map(|guard| match guard {
                    "sanctum" | "api" | "jwt" | "token" | "passport" => Scheme::Bearer,
                    _ => Scheme::Cookie(SESSION.to_owned()),
                })
                .collect()
        };
        match word.trim_start_matches('\\').to_ascii_lowercase().as_str() {
            "auth.basic" => return vec![Scheme::Basic],
            "jwt.auth" | "jwt.verify" | "jwt" => return vec![Scheme::Bearer],
            "auth" | AUTHENTICATE => return by_guards(),
            _ => {}
        }
        let class = self.aliases.get(word).cloned().or_else(|| self.class_called(word).map(Ancestor::Ours));
        match class {
            Some(Ancestor::Outside(full)) if full == AUTHENTICATE => by_guards(),
            Some(Ancestor::Ours(class)) if self.classes.is_below(class, &[AUTHENTICATE]) => by_guards(),
            Some(Ancestor::Ours(class)) => self.refuses(class).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The class of a full name, in whatever file.
    fn class_called(&self, full: &str) -> Option<ClassId> {
        let file = full.contains('\\').then(|| self.classes.files().next()).flatten()?;
        self.classes.full(file, full)
    }

    /// A class of the application that reads who calls and refuses: by a header, or by a token.
    fn refuses(&self, class: ClassId) -> Option<Scheme> {
        let (file, handle) = self.classes.method_of(class, "handle")?;
        let facts = self.classes.facts(file);
        let inside = facts.definition(handle).values;
        let (mut refuses, mut scheme) = (false, None);
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        for call in facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end) {
            let first = facts.arguments_of(call).first().and_then(|first| facts.as_literal(first.value));
            let found = match (facts.last_name(call.callee), first) {
                (Some("bearerToken" | "parseToken"), _) => Some(Scheme::Bearer),
                (Some("header" | "hasHeader"), Some(header)) if header.eq_ignore_ascii_case("authorization") => Some(Scheme::Bearer),
                (Some("header" | "hasHeader"), Some(header)) => {
                    let word = header.to_ascii_lowercase();
                    ["token", "key", "secret", "auth"].iter().any(|part| word.contains(part)).then(|| Scheme::Header(header.to_owned()))
                }
                _ => None,
            };
            scheme = scheme.or(found);
        }
        for index in inside.range() {
            match facts.values[index].shape {
                Shape::Number(text) => refuses |= matches!(facts.text(text), "401" | "403"),
                Shape::Member(_, name) => refuses |= matches!(facts.text(name), "HTTP_UNAUTHORIZED" | "HTTP_FORBIDDEN"),
                _ => {}
            }
        }
        scheme.filter(|_| refuses)
    }
}
