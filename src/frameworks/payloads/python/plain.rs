//! Functions and classes of Flask and Django without a library for their interface: what they hand back is what they
//! answer.

use super::{Handler, Place, Reading};
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::answers::{Answer, tell};
use crate::frameworks::payloads::schema::{Form, Property, Schema};
use crate::frameworks::payloads::{Content, HTML, JSON, Operation, statuses};
use crate::frameworks::python::{Kind as ObjectKind, Scope};
use crate::frameworks::routes::{Method, Route};

/// How many functions are entered for one answer.
const DEEPEST: u32 = 5;

/// What was found out about answers.
#[derive(Default)]
struct Found {
    answers: Vec<Answer>,
    unknown: bool,
}

impl Reading<'_, '_> {
    /// A view of Django that is none of REST framework.
    pub(super) fn of_django(&mut self, route: &Route, handler: &Handler) -> Option<Operation> {
        let method = handler.class.and_then(|class| self.evaluator.method(class, &route.method.word().to_lowercase()));
        let place = method.or(handler.function);
        let mut operation = Operation::default();
        if handler.class.is_none() && place.is_none() {
            // A class of the library in the place of a view.
            let class = std::rc::Rc::from(route.handler.trim_end_matches(".as_view"));
            return self.of_library_view(route, (None, &[class]), operation);
        }
        if let Some(class) = handler.class {
            operation.security = self.guarded_class(class);
            if place.is_none() {
                let above = self.evaluator.library_classes(&ObjectKind::Ours(class));
                return self.of_library_view(route, (Some(class), &above), operation);
            }
        }
        let place = place?;
        operation.summary = self.summary(place);
        operation.security = self.guarded_function(place).or(operation.security);
        self.asked(place, route.method).tell(route.method, &mut operation);
        self.handed_back(place, handler.class, &mut operation);
        Some(operation)
    }

    /// Views of Django that the library answers: forms and pages.
    fn of_library_view(
        &mut self,
        route: &Route,
        (class, above): (Option<ClassId>, &[std::rc::Rc<str>]),
        mut operation: Operation,
    ) -> Option<Operation> {
        let is = |names: &[&str]| {
            above.iter().any(|path| {
                matches!(path.split('.').next(), Some("django" | "vanilla"))
                    && names.iter().any(|name| path.split('.').any(|part| part == *name))
            })
        };
        let forms = is(&["FormView", "CreateView", "UpdateView", "DeleteView", "ModelFormMixin", "FormMixin"]);
        if !forms && !is(&["TemplateView", "ListView", "DetailView", "RedirectView", "TemplateResponseMixin"]) {
            return None;
        }
        if is(&["RedirectView"]) {
            operation.answer(302, None);
        } else if matches!(route.method, Method::Post | Method::Put) && forms {
            operation.answer(302, None);
            operation.answer(200, page());
            operation.body = class.and_then(|class| self.form_of_view(class));
        } else {
            operation.answer(200, page());
        }
        Some(operation)
    }

    /// The form that a view names, or that it makes of its model.
    fn form_of_view(&mut self, class: ClassId) -> Option<Content> {
        let form = self.evaluator.attribute(class, "form_class").as_definition().filter(|form| self.is_form(*form))?;
        let schema = self.form(form);
        let media = if self.has_file(&schema) { crate::frameworks::payloads::MULTIPART } else { crate::frameworks::payloads::FORM };
        Some(Content { media: vec![media], schema })
    }

    /// Puts into an operation what a function hands back, and what it raises.
    pub(super) fn handed_back(&mut self, place: Place, class: Option<ClassId>, operation: &mut Operation) {
        let mut found = Found::default();
        self.add_returned(place, class, DEEPEST, &mut found);
        tell(found.answers, 200, operation);
        self.refused(place, operation);
        if !operation.responses.iter().any(|answer| answer.status.is_some_and(|status| status < 400)) {
            operation.answer(200, None);
            operation.unsure("what it answers could not be told", 60);
        } else if found.unknown {
            operation.unsure("it may answer otherwise, which could not be told", 70);
        }
        operation.responses.sort_by_key(|answer| answer.status.unwrap_or(u16::MAX));
    }

    fn add_returned(&mut self, (file, id): Place, class: Option<ClassId>, left: u32, found: &mut Found) {
        let Some(left) = left.checked_sub(1) else {
            found.unknown = true;
            return;
        };
        let facts = self.facts(file);
        let returned: Vec<ValueId> = facts.returned.iter().filter(|(owner, _)| *owner == id).map(|(_, value)| *value).collect();
        let scope = Scope::at(file, Some(id));
        for value in returned {
            self.add_answer((&scope, class), value, None, left, found);
        }
    }

    fn add_answer(&mut self, at: (&Scope, Option<ClassId>), value: ValueId, status: Option<u16>, left: u32, found: &mut Found) {
        let (scope, class) = at;
        let facts = self.facts(scope.file);
        let usual = status.unwrap_or(200);
        match facts.value(value).shape {
            Shape::List(parts) => {
                let parts = facts.items(parts).to_vec();
                // `return body, 201, headers`
                match parts[..] {
                    [first, second] | [first, second, _] if self.status(scope, second).is_some() => {
                        self.add_answer(at, first, self.status(scope, second), left, found);
                    }
                    [first, second] if matches!(facts.value(second).shape, Shape::Map(_)) => {
                        self.add_answer(at, first, status, left, found)
                    }
                    _ => self.add_data(at, value, usual, found),
                }
            }
            Shape::Choice(parts) => {
                facts.items(parts).to_vec().into_iter().for_each(|part| self.add_answer(at, part, status, left, found));
            }
            Shape::Map(_) => self.add_data(at, value, usual, found),
            Shape::Literal(text) if facts.text(text).is_empty() => found.answers.push(Answer::empty(usual)),
            Shape::Literal(_) | Shape::Template(_) | Shape::Joined(..) => {
                found.answers.push(Answer { status: Some(usual), content: page() })
            }
            Shape::Name(name) => match self.given_before(scope, name, value) {
                Some(given) => self.add_answer(at, given, status, left, found),
                None => found.unknown = true,
            },
            Shape::Call(_) => {
                if let Some(call) = facts.as_call(value).copied() {
                    let status = self.call_status(scope, &call).or(status);
                    if !self.add_library_answer(at, &call, status, left, found) {
                        self.add_own_call((scope, class), &call, left, found);
                    }
                }
            }
            Shape::Constant(_) => {}
            _ => {
                found.unknown = true;
                found.answers.extend(status.map(Answer::empty));
            }
        }
    }

    fn add_data(&mut self, (scope, class): (&Scope, Option<ClassId>), value: ValueId, status: u16, found: &mut Found) {
        let view = class.or(scope.owner.map(|owner| (scope.file, owner)));
        let schema = view.map_or_else(Schema::open, |view| self.payload(view, scope, value, ("", Method::Any), 8));
        found.answers.push(Answer::json(Some(status), schema));
    }

    /// The status that a call is handed.
    fn call_status(&self, scope: &Scope, call: &Call) -> Option<u16> {
        let facts = self.facts(scope.file);
        ["status", "status_code", "code"]
            .iter()
            .find_map(|word| facts.argument(call, usize::MAX, word))
            .and_then(|value| self.status(scope, value))
    }

    /// Answers that the libraries' functions make; false for a call of something else.
    fn add_library_answer(
        &mut self,
        at: (&Scope, Option<ClassId>),
        call: &Call,
        status: Option<u16>,
        left: u32,
        found: &mut Found,
    ) -> bool {
        let (scope, _) = at;
        let facts = self.facts(scope.file);
        let first = facts.arguments_of(call).first().filter(|argument| argument.name.is_none()).map(|argument| argument.value);
        let usual = status.unwrap_or(200);
        let file = || Some(Content { media: vec!["application/octet-stream"], schema: Schema::formatted("binary") });
        match facts.last_name(call.callee).unwrap_or_default() {
            "jsonify" => {
                let schema = self.jsonified(at, call);
                found.answers.push(Answer::json(Some(usual), schema));
            }
            "JsonResponse" => match first.or_else(|| facts.argument(call, usize::MAX, "data")) {
                Some(data) => self.add_data(at, data, usual, found),
                None => found.answers.push(Answer::json(Some(usual), Schema::open())),
            },
            "make_response" => match first {
                Some(first) => {
                    let second = facts.arguments_of(call).get(1).and_then(|second| self.status(scope, second.value));
                    self.add_answer(at, first, second.or(status), left, found);
                }
                None => found.answers.push(Answer::empty(usual)),
            },
            "Response" | "HttpResponse" | "TemplateResponse" => {
                let second = facts.arguments_of(call).get(1).filter(|second| second.name.is_none());
                let status = status.or_else(|| second.and_then(|second| self.status(scope, second.value))).unwrap_or(200);
                let kind = ["content_type", "mimetype"].iter().find_map(|word| self.given_text(scope, call, usize::MAX, word));
                let empty = first.is_none() && facts.argument(call, usize::MAX, "content").is_none();
                let content = if empty { None } else { content_of(kind.as_deref()) };
                found.answers.push(Answer { status: Some(status), content });
            }
            "render" | "render_template" | "render_to_response" | "render_template_string" => {
                found.answers.push(Answer { status: Some(usual), content: page() })
            }
            "redirect" | "HttpResponseRedirect" => found.answers.push(Answer::empty(status.unwrap_or(302))),
            "HttpResponsePermanentRedirect" => found.answers.push(Answer::empty(301)),
            "send_file" | "send_from_directory" | "FileResponse" | "StreamingHttpResponse" => {
                found.answers.push(Answer { status: Some(usual), content: file() })
            }
            "HttpResponseNotFound" => found.answers.push(Answer::empty(404)),
            "HttpResponseBadRequest" => found.answers.push(Answer::empty(400)),
            "HttpResponseForbidden" => found.answers.push(Answer::empty(403)),
            "HttpResponseNotAllowed" => found.answers.push(Answer::empty(405)),
            "HttpResponseServerError" => found.answers.push(Answer::empty(500)),
            _ => {
                let Some(schema) = self.dumped(scope, call) else { return false };
                found.answers.push(Answer::json(Some(usual), schema));
            }
        }
        true
    }

    /// `jsonify(a=1)`, `jsonify({...})`, `jsonify(a, b)`
    fn jsonified(&mut self, (scope, class): (&Scope, Option<ClassId>), call: &Call) -> Schema {
        let facts = self.facts(scope.file);
        let Some(view) = class.or(scope.owner.map(|owner| (scope.file, owner))) else { return Schema::open() };
        let arguments = facts.arguments_of(call).to_vec();
        match arguments[..] {
            [only] if only.name.is_none() && !only.spread => self.payload(view, scope, only.value, ("", Method::Any), 8),
            _ if arguments.iter().all(|argument| argument.name.is_some()) && !arguments.is_empty() => {
                let named = arguments.iter().filter_map(|argument| Some((facts.text(argument.name?), argument.value)));
                let properties =
                    named.map(|(name, value)| Property::new(name, self.payload(view, scope, value, ("", Method::Any), 8), true));
                Schema::object(properties.collect())
            }
            _ => Schema::open(),
        }
    }

    /// One of the application's own functions, or a method of the view.
    fn add_own_call(&mut self, (scope, class): (&Scope, Option<ClassId>), call: &Call, left: u32, found: &mut Found) {
        let facts = self.facts(scope.file);
        let own = match facts.value(call.callee).shape {
            Shape::Member(object, word) if facts.as_name(object).is_some_and(|object| facts.text(object) == "self") => {
                class.and_then(|class| self.evaluator.method(class, facts.text(word)))
            }
            _ => self.thing(scope, call.callee).as_definition().filter(|place| !self.evaluator.is_class(*place)),
        };
        let before = found.answers.len();
        if let Some(place) = own {
            self.add_returned(place, class, left, found);
        }
        if found.answers.len() == before {
            found.unknown = true;
        }
    }

    /// Errors that stand for a status: `abort(404)`, `raise Http404`, `get_object_or_404(...)`.
    fn refused(&self, (file, id): Place, operation: &mut Operation) {
        let facts = self.facts(file);
        let inside = facts.definition(id).values;
        let scope = Scope::at(file, Some(id));
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        for call in facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end) {
            let status = match facts.last_name(call.callee).unwrap_or_default() {
                "abort" => facts.arguments_of(call).first().and_then(|first| self.status(&scope, first.value)),
                "get_object_or_404" | "get_list_or_404" | "first_or_404" | "get_or_404" | "one_or_404" | "Http404" => Some(404),
                "PermissionDenied" => Some(403),
                "SuspiciousOperation" => Some(400),
                name => statuses::of_exception(&format!("{}httpexception", name.to_lowercase()))
                    .filter(|_| self.thing(&scope, call.callee).as_definition().is_none() && name.starts_with(char::is_uppercase)),
            };
            if let Some(status) = status {
                operation.answer(status, None);
            }
        }
        // Raised without being called.
        let raises = |name: &str| {
            inside.range().any(|index| {
                let value = ValueId(u32::try_from(index).expect("values are counted in u32"));
                facts.as_name(value).is_some_and(|known| facts.text(known) == name)
            })
        };
        if facts.texts.find("Http404").is_some() && raises("Http404") {
            operation.answer(404, None);
        }
    }
}

fn page() -> Option<Content> {
    content_of(None)
}

/// What a response of some type carries; a page where nothing is said.
fn content_of(kind: Option<&str>) -> Option<Content> {
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or(HTML).trim();
    Some(match kind {
        JSON => Content::json(Schema::open()),
        HTML => Content { media: vec![HTML], schema: Schema::text() },
        "text/plain" => Content { media: vec!["text/plain"], schema: Schema::text() },
        "text/csv" => Content { media: vec!["text/csv"], schema: Schema::text() },
        _ => Content { media: vec!["application/octet-stream"], schema: Schema::of(Form::Unknown) },
    })
}
