//! Who may call: permissions of REST framework, decorators of libraries by their names, those of the tree by what they do.

use super::{Place, Reading, last};
use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::Scheme;
use crate::frameworks::python::{Kind as ObjectKind, Scope, Thing};

/// How many functions a decorator of the tree asks one behind the other.
const DEEPEST: u32 = 4;

/// What a function was seen to do.
#[derive(Default)]
struct Seen {
    /// It refuses, or sends to where one logs in.
    refuses: bool,
    /// How it knows who calls.
    scheme: Option<Scheme>,
}

impl Reading<'_, '_> {
    /// What the decorators of a function ask for.
    pub(super) fn guarded_function(&self, (file, id): Place) -> Option<Vec<Scheme>> {
        let facts = self.facts(file);
        let definition = facts.definition(id);
        let scope = Scope::at(file, definition.owner);
        facts.items(definition.decorators).iter().find_map(|decorator| {
            let callee = facts.as_call(*decorator).map_or(*decorator, |call| call.callee);
            match facts.last_name(callee) {
                Some("login_required" | "permission_required" | "staff_member_required" | "user_passes_test")
                    if self.thing(&scope, callee).as_definition().is_none() =>
                {
                    Some(vec![session()])
                }
                _ => {
                    let place = self.thing(&scope, callee).as_definition().filter(|place| !self.evaluator.is_class(*place))?;
                    let mut seen = Seen::default();
                    self.look(place, DEEPEST, &mut seen);
                    seen.scheme.filter(|_| seen.refuses).map(|scheme| vec![scheme])
                }
            }
        })
    }

    /// What the classes above a view ask for.
    pub(super) fn guarded_class(&self, class: ClassId) -> Option<Vec<Scheme>> {
        let above = self.evaluator.library_classes(&ObjectKind::Ours(class));
        let asks = |path: &std::rc::Rc<str>| matches!(last(path), "LoginRequiredMixin" | "PermissionRequiredMixin" | "UserPassesTestMixin");
        above.iter().any(asks).then(|| vec![session()])
    }

    /// Who may call: what the permissions ask, by the ways to log in that the view or the settings name.
    pub(super) fn security(&self, view: ClassId, method: Option<Place>) -> Option<Vec<Scheme>> {
        let at_action = method.and_then(|(file, id)| {
            let facts = self.facts(file);
            let definition = facts.definition(id);
            facts.items(definition.decorators).iter().find_map(|decorator| {
                let call = facts.as_call(*decorator)?;
                let value = facts.argument(call, usize::MAX, "permission_classes")?;
                Some(self.thing(&Scope::at(file, definition.owner), value))
            })
        });
        let own = at_action.unwrap_or_else(|| self.evaluator.attribute(view, "permission_classes"));
        let permissions = if own.is_unknown() { self.setting("DEFAULT_PERMISSION_CLASSES")?.1 } else { own };
        let names = |thing: &Thing| -> Vec<String> {
            let each = thing.as_list().unwrap_or(&[]).iter().flat_map(|item| match item {
                Thing::Text(path) => vec![path.to_string()],
                item => self.object_class(item).iter().map(|path| path.to_string()).collect(),
            });
            each.collect()
        };
        let asked = names(&permissions);
        if permissions.as_list().is_some_and(<[Thing]>::is_empty) || asked.iter().any(|path| last(path) == "AllowAny") {
            return Some(Vec::new());
        }
        let asks =
            |path: &String| matches!(last(path), "IsAuthenticated" | "IsAdminUser" | "DjangoModelPermissions" | "DjangoObjectPermissions");
        if !asked.iter().any(asks) {
            return None;
        }
        let own = self.evaluator.attribute(view, "authentication_classes");
        let ways =
            if own.is_unknown() { self.setting("DEFAULT_AUTHENTICATION_CLASSES").map_or(Thing::Unknown, |(_, thing)| thing) } else { own };
        let mut schemes: Vec<Scheme> = names(&ways).iter().filter_map(|path| way(last(path))).collect();
        schemes.sort();
        schemes.dedup();
        // Without a setting the library takes these two.
        let default = || vec![Scheme::Cookie("sessionid".to_owned()), Scheme::Basic];
        Some(if ways.is_unknown() { default() } else { schemes }).filter(|schemes| !schemes.is_empty())
    }

    /// Looks at a function and at those of the tree that it calls.
    fn look(&self, (file, id): Place, left: u32, seen: &mut Seen) {
        let Some(left) = left.checked_sub(1) else { return };
        let facts = self.facts(file);
        let inside = facts.definition(id).values;
        let scope = Scope::at(file, Some(id));
        for index in inside.range() {
            let value = ValueId(u32::try_from(index).expect("values are counted in u32"));
            let found = match facts.value(value).shape {
                Shape::Number(text) => {
                    seen.refuses |= matches!(facts.text(text), "401" | "403");
                    None
                }
                Shape::Name(name) if matches!(facts.text(name), "session" | "current_user") => match self.thing(&scope, value) {
                    Thing::Outside(path) if path.starts_with("flask") => Some(Scheme::Cookie("session".to_owned())),
                    _ => None,
                },
                Shape::Member(_, name) if matches!(facts.text(name), "is_authenticated" | "is_staff" | "is_superuser") => Some(session()),
                _ => None,
            };
            if seen.scheme.is_none() {
                seen.scheme = found;
            }
        }
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        for call in facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end) {
            if seen.scheme.is_some() && seen.refuses {
                return;
            }
            seen.refuses |= sends_to_login(facts, call);
            let place =
                self.thing(&scope, call.callee).as_definition().filter(|place| !self.evaluator.is_class(*place) && *place != (file, id));
            if let Some(place) = place {
                // What a function it asks answers is not the decorator's own refusal.
                let mut inner = Seen::default();
                self.look(place, left, &mut inner);
                seen.scheme = seen.scheme.take().or(inner.scheme);
            }
        }
    }
}

/// True for a call that sends whoever asks to the page to log in: `redirect("/login")`, `redirect(url_for("auth.login"))`.
fn sends_to_login(facts: &FileFacts, call: &Call) -> bool {
    let sends = facts.last_name(call.callee).is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("redirect") || matches!(name.as_str(), "url_for" | "reverse" | "reverse_lazy" | "url_path_for")
    });
    let is_login = |value: ValueId| {
        facts.as_literal(value).is_some_and(|text| {
            let text = text.to_ascii_lowercase();
            text.split('?').next().is_some_and(|path| path.trim_end_matches('/').ends_with("login"))
        })
    };
    sends && facts.arguments_of(call).iter().any(|argument| is_login(argument.value))
}

/// The cookie of Django's sessions.
fn session() -> Scheme {
    Scheme::Cookie("sessionid".to_owned())
}

/// The way to log in that an authentication class reads.
fn way(name: &str) -> Option<Scheme> {
    Some(match name {
        "SessionAuthentication" => Scheme::Cookie("sessionid".to_owned()),
        "BasicAuthentication" => Scheme::Basic,
        "TokenAuthentication" => Scheme::Header("Authorization".to_owned()),
        "JWTAuthentication" | "OAuth2Authentication" | "JSONWebTokenAuthentication" => Scheme::Bearer,
        _ => return None,
    })
}
