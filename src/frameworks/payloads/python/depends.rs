//! What FastAPI's handlers depend on: functions and classes that read the request too, who may call, and the
//! dependencies that routers, applications and `include_router` add.

use super::fastapi::Collected;
use super::types::Site;
use super::{Place, Reading, last};
use crate::facts::{Call, ValueId};
use crate::frameworks::payloads::{In, Operation, Scheme};
use crate::frameworks::python::{Kind, Object, Scope, Thing, is_python};
use crate::frameworks::routes::Route;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// How deep routers are put into each other.
const DEEPEST: usize = 20;

/// Where a router is put by `include_router`: into what, with which dependencies.
pub(super) struct Inclusion {
    into: Option<Rc<Object>>,
    dependencies: Option<Thing>,
}

/// Inclusions by the place that makes the router.
pub(super) type Inclusions = FxHashMap<crate::frameworks::python::Site, Vec<Inclusion>>;

impl Reading<'_, '_> {
    /// What `Depends(...)` stands for.
    pub(super) fn depends(
        &mut self,
        route: &Route,
        scope: &Scope,
        call: &Call,
        kind: Option<&(Site, ValueId)>,
        depth: usize,
        found: &mut Collected,
    ) {
        let thing = match self.given(scope, call, 0, "dependency") {
            Some(value) => self.thing(scope, value),
            // `Depends()` means the type it stands beside.
            None => match kind {
                Some((home, annotation)) => self.thing(&home.scope(), *annotation),
                None => Thing::Unknown,
            },
        };
        self.dependency(route, &thing, depth, found);
    }

    /// What something that is depended on asks of a request itself.
    fn dependency(&mut self, route: &Route, thing: &Thing, depth: usize, found: &mut Collected) {
        match thing {
            Thing::Definition(file, id) if self.evaluator.is_class((*file, *id)) => {
                let class = (*file, *id);
                if self.is_model(class) && self.evaluator.method(class, "__init__").is_none() {
                    let schema = self.of_class(class, &[]);
                    found.takes = true;
                    self.placed(In::Query, "", schema, false, &mut found.operation);
                } else if let Some(init) = self.evaluator.method(class, "__init__") {
                    self.signature(route, init, depth + 1, found);
                }
            }
            Thing::Definition(file, id) => self.signature(route, (*file, *id), depth + 1, found),
            Thing::Method(method) => self.signature(route, (method.1, method.2), depth + 1, found),
            Thing::Object(object) => {
                if let Some(scheme) = self.scheme(object) {
                    match object.argument(usize::MAX, "auto_error") {
                        Some(Thing::Truth(false)) => found.offered.push(scheme),
                        _ => require(scheme, &mut found.operation),
                    }
                } else if let Kind::Ours(class) = object.kind
                    && let Some(call) = self.evaluator.method(class, "__call__")
                {
                    self.signature(route, call, depth + 1, found);
                }
            }
            Thing::Outside(path) if last(path).starts_with("OAuth2PasswordRequestForm") => found.password_form(),
            Thing::Outside(_) => {}
            _ => found.operation.unsure("what one of its dependencies takes could not be told", 80),
        }
    }

    /// How callers say who they are, where an object of the library asks them.
    fn scheme(&self, object: &Rc<Object>) -> Option<Scheme> {
        let text = |position: usize, word: &str| match self.evaluator.handed_to_library(object, position, word) {
            Thing::Text(text) => Some(text.replace(crate::frameworks::python::HOLE, "")),
            _ => None,
        };
        self.evaluator.library_classes(&object.kind).iter().find_map(|path| {
            Some(match last(path) {
                "OAuth2PasswordBearer" => Scheme::Password(text(0, "tokenUrl").unwrap_or_else(|| "/".to_owned())),
                "HTTPBearer" | "OAuth2AuthorizationCodeBearer" | "OAuth2" | "OpenIdConnect" => Scheme::Bearer,
                "HTTPBasic" => Scheme::Basic,
                "APIKeyHeader" => Scheme::Header(text(usize::MAX, "name")?),
                "APIKeyQuery" => Scheme::Query(text(usize::MAX, "name")?),
                "APIKeyCookie" => Scheme::Cookie(text(usize::MAX, "name")?),
                _ => return None,
            })
        })
    }

    /// `Depends(f)` in a list of dependencies.
    pub(super) fn listed_dependency(&mut self, route: &Route, thing: &Thing, found: &mut Collected) {
        if let Thing::Object(object) = thing
            && let Kind::Outside(path) = &object.kind
            && matches!(last(path), "Depends" | "Security")
            && let Some(thing) = object.argument(0, "dependency")
        {
            let thing = thing.clone();
            self.dependency(route, &thing, 0, found);
        }
    }

    /// What a router asks for, and everything above it.
    pub(super) fn dependencies_of_mounts(&mut self, route: &Route, object: &Rc<Object>, found: &mut Collected) {
        let inclusions = Rc::clone(self.inclusions.get_or_insert_with(|| Rc::new(inclusions(self.evaluator))));
        let mut object = Rc::clone(object);
        for _ in 0..DEEPEST {
            let own = object.argument(usize::MAX, "dependencies").cloned();
            self.listed_dependencies(route, own.as_ref(), found);
            let above = match inclusions.get(&object.site).map(Vec::as_slice) {
                None => return,
                Some([only]) => only,
                Some(several) => {
                    if several.iter().any(|inclusion| inclusion.dependencies.is_some()) {
                        found.operation.unsure("its router is included several times, and who may call depends on where", 80);
                    }
                    return;
                }
            };
            self.listed_dependencies(route, above.dependencies.as_ref(), found);
            let Some(into) = &above.into else { return };
            object = Rc::clone(into);
        }
    }

    fn listed_dependencies(&mut self, route: &Route, listed: Option<&Thing>, found: &mut Collected) {
        for thing in listed.and_then(Thing::as_list).unwrap_or(&[]) {
            self.listed_dependency(route, thing, found);
        }
    }

    /// What the library only offers, a function that answers 401 or 403 insists on.
    pub(super) fn require_offered(&mut self, function: Place, found: &mut Collected) {
        if found.offered.is_empty() || !self.raised(&[function]).iter().any(|status| matches!(status, 401 | 403)) {
            return;
        }
        for scheme in std::mem::take(&mut found.offered) {
            require(scheme, &mut found.operation);
        }
    }
}

fn require(scheme: Scheme, operation: &mut Operation) {
    let schemes = operation.security.get_or_insert_default();
    if !schemes.contains(&scheme) {
        schemes.push(scheme);
    }
}

/// Every `include_router` of the tree.
fn inclusions(evaluator: &crate::frameworks::python::Evaluator<'_>) -> Inclusions {
    let base = evaluator.classes.base;
    let mut found = Inclusions::default();
    for file in base.ids().filter(|file| is_python(base, *file)) {
        let facts = evaluator.facts(file);
        let Some(word) = facts.texts.find("include_router") else { continue };
        for index in evaluator.classes.locals(file).calls_of(word) {
            let call = &facts.calls[*index as usize];
            let Some(on) = evaluator.called_on(file, call.callee) else { continue };
            let scope = Scope::at(file, facts.owner_of(call.value));
            let Some(router) = facts.argument(call, 0, "router").and_then(|value| evaluator.object_at(&scope, value)) else { continue };
            let dependencies = facts.argument(call, usize::MAX, "dependencies").map(|value| evaluator.of(&scope, value));
            found.entry(router.site).or_default().push(Inclusion { into: evaluator.object_at(&scope, on), dependencies });
        }
    }
    found
}
