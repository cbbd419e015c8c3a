//! Views of REST framework: which serializer an action reads and writes, how lists are cut into pages, who may call.

use super::asked::Asked;
use super::{Handler, Place, Reading, last};
use crate::facts::{BlockKind, Call, Shape, ValueId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::{Form, Property, Schema};
use crate::frameworks::payloads::{Content, In, Operation};
use crate::frameworks::python::{HOLE, Kind as ObjectKind, Scope, Thing};
use crate::frameworks::routes::{Method, Route};

/// What the standard actions of the library do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Action {
    List,
    Create,
    Retrieve,
    Update,
    PartialUpdate,
    Destroy,
    /// Something of its own.
    Own,
}

/// Generic views and the action that a method of a request means there.
const GENERIC: [(&str, &[(&str, Action)]); 9] = [
    ("ListCreateAPIView", &[("get", Action::List), ("post", Action::Create)]),
    ("ListAPIView", &[("get", Action::List)]),
    ("CreateAPIView", &[("post", Action::Create)]),
    ("RetrieveAPIView", &[("get", Action::Retrieve)]),
    ("UpdateAPIView", &[("put", Action::Update), ("patch", Action::PartialUpdate)]),
    ("DestroyAPIView", &[("delete", Action::Destroy)]),
    ("RetrieveUpdateAPIView", &[("get", Action::Retrieve), ("put", Action::Update), ("patch", Action::PartialUpdate)]),
    ("RetrieveDestroyAPIView", &[("get", Action::Retrieve), ("delete", Action::Destroy)]),
    (
        "RetrieveUpdateDestroyAPIView",
        &[("get", Action::Retrieve), ("put", Action::Update), ("patch", Action::PartialUpdate), ("delete", Action::Destroy)],
    ),
];

fn standard(name: &str) -> Action {
    match name {
        "list" => Action::List,
        "create" => Action::Create,
        "retrieve" => Action::Retrieve,
        "update" => Action::Update,
        "partial_update" => Action::PartialUpdate,
        "destroy" => Action::Destroy,
        _ => Action::Own,
    }
}

/// What the code of a method says by itself.
#[derive(Default)]
struct Said {
    body: Vec<Schema>,
    answers: Vec<(Option<u16>, Option<Schema>)>,
    /// It asks what the library would do.
    above: bool,
    /// It hands a list out in pages.
    paged: bool,
}

/// How many of a view's own methods are entered from one that hands its request on.
const DEEPEST: u32 = 3;

/// How many links of a chain of calls are followed.
const LONGEST: u32 = 16;

impl Reading<'_, '_> {
    /// What a view of REST framework takes and answers; nothing where the handler is no such view.
    pub(super) fn of_rest(&mut self, route: &Route, handler: &Handler) -> Option<Operation> {
        let name = route.handler.rsplit('.').next().unwrap_or("").to_owned();
        let Some(view) = handler.class else { return self.of_function_view(route, handler) };
        let outside = self.evaluator.library_classes(&ObjectKind::Ours(view));
        if !outside.iter().any(|path| path.starts_with("rest_framework") || is_view(last(path))) {
            return None;
        }
        let mut operation = Operation::default();
        let method = self.evaluator.method(view, &name);
        operation.summary = method.and_then(|method| self.summary(method));
        let action = self.action(view, &name, method, &outside);
        let partial = action == Action::PartialUpdate || (action == Action::Own && route.method == Method::Patch);
        let schema = self.view_schema(view, &name, route.method, partial, method);
        let whole = if partial { self.view_schema(view, &name, route.method, false, method) } else { schema.clone() };
        let said = method.map(|method| self.said(view, method, &name, route.method)).unwrap_or_default();
        let asked = method.map(|method| self.asked(method, route.method)).unwrap_or_default();
        self.request(action, route.method, (schema.as_ref(), &asked), &said, &mut operation);
        self.answers(view, route, action, (whole.as_ref(), method.is_none()), &said, &mut operation);
        self.address(view, route, &mut operation);
        if action == Action::List {
            self.list_parameters(view, &mut operation);
        }
        operation.security = self.security(view, method);
        self.noted_schema(view, &name, method, route, &mut operation);
        if said.paged && route.method == Method::Get {
            self.cut_into_pages(view, &mut operation);
        }
        Some(operation)
    }

    /// Lists that a method hands to the paginator.
    fn cut_into_pages(&mut self, view: ClassId, operation: &mut Operation) {
        for place in 0..operation.responses.len() {
            let answer = &operation.responses[place];
            let Some(content) = answer.content.clone().filter(|_| answer.status.is_some_and(|status| status < 300)) else { continue };
            let Form::Array(item) = content.schema.form else { continue };
            let schema = self.page_of(view, *item);
            operation.responses[place].content = Some(Content { schema, ..content });
        }
    }

    /// A function under `@api_view`.
    fn of_function_view(&mut self, route: &Route, handler: &Handler) -> Option<Operation> {
        let (file, id) = handler.function?;
        let facts = self.facts(file);
        let is_view = facts.items(facts.definition(id).decorators).iter().any(|decorator| {
            let callee = facts.as_call(*decorator).map_or(*decorator, |call| call.callee);
            facts.last_name(callee) == Some("api_view")
        });
        if !is_view {
            return None;
        }
        let mut operation = Operation { summary: self.summary((file, id)), ..Operation::default() };
        let said = self.said((file, id), (file, id), "", route.method);
        let asked = self.asked((file, id), route.method);
        self.request(Action::Own, route.method, (None, &asked), &said, &mut operation);
        self.answers((file, id), route, Action::Own, (None, false), &said, &mut operation);
        self.noted_in((file, id), "", route, &mut operation);
        Some(operation)
    }

    /// Which of the library's actions a method is.
    fn action(&self, view: ClassId, name: &str, method: Option<Place>, outside: &[std::rc::Rc<str>]) -> Action {
        let by_name = standard(name);
        if by_name != Action::Own {
            return by_name;
        }
        // `def get(self, ...): return self.list(...)`
        if let Some((file, id)) = method {
            let facts = self.facts(file);
            let inside = facts.definition(id).values;
            let called =
                facts.calls.iter().filter(|call| inside.contains(call.value.0)).find_map(|call| match facts.value(call.callee).shape {
                    Shape::Member(object, word) if facts.as_name(object).is_some_and(|name| facts.text(name) == "self") => {
                        Some(standard(facts.text(word))).filter(|action| *action != Action::Own)
                    }
                    _ => None,
                });
            if let Some(action) = called {
                return action;
            }
        }
        let _ = view;
        let named = outside.iter().find_map(|path| {
            let (_, verbs) = GENERIC.iter().find(|(class, _)| *class == last(path))?;
            verbs.iter().find(|(verb, _)| *verb == name).map(|(_, action)| *action)
        });
        named.unwrap_or(Action::Own)
    }

    /// The serializer of an action: noted at the action, chosen by `get_serializer_class`, or the view's own.
    fn view_schema(&mut self, view: ClassId, name: &str, verb: Method, partial: bool, method: Option<Place>) -> Option<Schema> {
        if let Some((file, id)) = method {
            let facts = self.facts(file);
            let definition = facts.definition(id);
            for decorator in facts.items(definition.decorators) {
                let Some(call) = facts.as_call(*decorator).filter(|call| facts.last_name(call.callee) == Some("action")) else { continue };
                let scope = Scope::at(file, definition.owner);
                if let Some(value) = facts.argument(call, usize::MAX, "serializer_class") {
                    return self.serializer_of(&self.thing(&scope, value), partial);
                }
            }
        }
        if let Some(chosen) = self.chosen(view, name, verb) {
            return self.serializer_of(&chosen, partial);
        }
        let own = self.evaluator.attribute(view, "serializer_class");
        self.serializer_of(&own, partial)
    }

    /// What `get_serializer_class` hands back for an action: what stands under a condition that names it, else what stands
    /// under none that names another.
    fn chosen(&self, view: ClassId, name: &str, verb: Method) -> Option<Thing> {
        let (file, id) = self.evaluator.method(view, "get_serializer_class")?;
        let facts = self.facts(file);
        let this = Thing::Definition(view.0, view.1);
        let mut scope = Scope { this: Some(this.clone()), ..Scope::at(file, Some(id)) };
        scope.held.extend(facts.receiver(Some(id)).map(|name| (name, this)));
        let returned: Vec<ValueId> = facts.returned.iter().filter(|(function, _)| *function == id).map(|(_, value)| *value).collect();
        let mut fallback = None;
        for value in returned {
            let conditions: Vec<ValueId> = facts
                .blocks
                .iter()
                .filter(|block| block.kind == BlockKind::Branch && block.values.contains(value.0))
                .filter_map(|block| block.subject)
                .filter(|subject| facts.definition(id).values.contains(subject.0))
                .collect();
            let mut words = Vec::new();
            conditions.iter().for_each(|condition| self.words_in(file, *condition, 6, &mut words));
            let about = words.iter().any(|word| matches!(word.as_str(), ".action" | ".method" | ".request"));
            let thing = self.thing(&scope, value);
            let Some(_) = thing.as_definition().filter(|class| self.is_serializer(*class)) else { continue };
            if about && words.iter().any(|word| word == name || *word == verb.word()) {
                return Some(thing);
            }
            if !about && fallback.is_none() {
                fallback = Some(thing);
            }
        }
        fallback
    }

    /// Literals and members (with a dot before them) in an expression.
    fn words_in(&self, file: crate::base::FileId, value: ValueId, left: u32, out: &mut Vec<String>) {
        if left == 0 {
            return;
        }
        let facts = self.facts(file);
        match facts.value(value).shape {
            Shape::Literal(text) => out.push(facts.text(text).to_owned()),
            Shape::Member(object, name) => {
                out.push(format!(".{}", facts.text(name)));
                self.words_in(file, object, left - 1, out);
            }
            Shape::List(parts) | Shape::Other(parts) | Shape::Choice(parts) => {
                facts.items(parts).iter().for_each(|part| self.words_in(file, *part, left - 1, out));
            }
            _ => {}
        }
    }

    /// What the code of a method reads and answers, with what it calls on itself.
    fn said(&mut self, view: ClassId, method: Place, name: &str, verb: Method) -> Said {
        let mut said = Said::default();
        self.said_in(view, method, (name, verb), DEEPEST, &mut said);
        said
    }

    /// `left` says how deep requests are followed; at nought only what they carry is looked for.
    fn said_in(&mut self, view: ClassId, (file, id): Place, (name, verb): (&str, Method), left: u32, said: &mut Said) {
        let facts = self.facts(file);
        let outer = left > 0;
        let inside = facts.definition(id).values;
        let calls: Vec<Call> = facts.calls.iter().filter(|call| inside.contains(call.value.0)).copied().collect();
        let scope = Scope::at(file, Some(id));
        let mut further: Vec<(String, bool)> = Vec::new();
        for call in &calls {
            match facts.value(call.callee).shape {
                Shape::Member(object, _) if facts.as_call(object).is_some_and(|call| facts.last_name(call.callee) == Some("super")) => {
                    said.above = true
                }
                Shape::Member(object, word) if facts.as_name(object).is_some_and(|name| facts.text(name) == "self") => {
                    let first = facts.arguments_of(call).first().and_then(|first| facts.as_name(first.value));
                    further.push((facts.text(word).to_owned(), first.is_some_and(|name| facts.text(name) == "request")));
                    said.paged |= outer && facts.text(word) == "get_paginated_response";
                }
                _ => {}
            }
            if facts.argument(call, 1, "data").is_some()
                && let Some(value) =
                    self.facts(file).arguments_of(call).iter().find(|argument| argument.name.is_some_and(|name| facts.text(name) == "data"))
                && (outer || self.reads_data(file, value.value))
                && let Some(schema) = self.made_serializer(view, &scope, call, (name, verb), false)
            {
                let schema = match self.taken_part(&scope, value.value) {
                    Some(key) => Schema::object(vec![Property::new(&key, schema, true)]),
                    None => schema,
                };
                if !said.body.contains(&schema) {
                    said.body.push(schema);
                }
            }
            if outer && matches!(facts.last_name(call.callee), Some("Response" | "get_paginated_response")) {
                self.said_answer(view, &scope, call, (name, verb), said);
            }
        }
        let Some(left) = left.checked_sub(1) else { return };
        further.retain(|(word, request)| standard(word) == Action::Own && (*request || word.starts_with("perform_")));
        for (word, request) in further {
            if let Some(method) = self.evaluator.method(view, &word).filter(|method| *method != (file, id)) {
                self.said_in(view, method, (name, verb), if request { left } else { 0 }, said);
            }
        }
    }

    /// The key under which a part of a request stands: `request.data["order"]`, `request.data.get("order", {})`, also by
    /// way of a variable.
    fn taken_part(&self, scope: &Scope, value: ValueId) -> Option<String> {
        let facts = self.facts(scope.file);
        let value = match facts.value(value).shape {
            Shape::Name(name) => self.given_before(scope, name, value)?,
            _ => value,
        };
        let (whole, key) = match facts.value(value).shape {
            Shape::Item(whole, key) => (whole, key),
            Shape::Call(_) => {
                let call = facts.as_call(value)?;
                let Shape::Member(whole, word) = facts.value(call.callee).shape else { return None };
                (whole, facts.arguments_of(call).first().filter(|_| facts.text(word) == "get")?.value)
            }
            _ => return None,
        };
        let is_data = matches!(facts.value(whole).shape, Shape::Member(request, word)
            if facts.text(word) == "data" && facts.last_name(request) == Some("request"));
        self.thing(scope, key).as_text().filter(|key| is_data && !key.contains(HOLE)).map(str::to_owned)
    }

    /// True for what a request carries: `request.data`, or a parameter.
    fn reads_data(&self, file: crate::base::FileId, value: ValueId) -> bool {
        let facts = self.facts(file);
        matches!(facts.last_name(value), Some("data" | "request_data"))
    }

    /// The serializer that a call makes: of a class, or `self.get_serializer(...)`.
    pub(super) fn made_serializer(
        &mut self,
        view: ClassId,
        scope: &Scope,
        call: &Call,
        (name, verb): (&str, Method),
        answers: bool,
    ) -> Option<Schema> {
        let facts = self.facts(scope.file);
        let partial = !answers && (name == "partial_update" || self.given_truth(scope, call, usize::MAX, "partial") == Some(true));
        let many = self.given_truth(scope, call, usize::MAX, "many") == Some(true);
        let schema = match facts.value(call.callee).shape {
            Shape::Member(object, word) if facts.as_name(object).is_some_and(|name| facts.text(name) == "self") => match facts.text(word) {
                "get_serializer" => self.view_schema(view, name, verb, partial, None)?,
                "serializer_class" => {
                    let own = self.evaluator.attribute(view, "serializer_class");
                    self.serializer_of(&own, partial)?
                }
                _ => return None,
            },
            _ => {
                let class = self
                    .thing(scope, call.callee)
                    .as_definition()
                    .filter(|class| self.evaluator.is_class(*class) && self.is_serializer(*class))?;
                self.serializer(class, partial)
            }
        };
        Some(if many { Schema::array(schema) } else { schema })
    }

    /// `Response(serializer.data, status=201)`
    fn said_answer(&mut self, view: ClassId, scope: &Scope, call: &Call, about: (&str, Method), said: &mut Said) {
        let facts = self.facts(scope.file);
        let status = facts.argument(call, 1, "status").map(|value| self.status(scope, value));
        if matches!(status, Some(Some(400..))) {
            return;
        }
        let schema = facts.argument(call, 0, "data").map(|value| self.payload(view, scope, value, about, 6));
        said.answers.push((status.flatten(), schema));
    }

    fn request(
        &mut self,
        action: Action,
        verb: Method,
        (schema, asked): (Option<&Schema>, &Asked),
        said: &Said,
        operation: &mut Operation,
    ) {
        asked.parameters(operation);
        let takes = matches!(verb, Method::Post | Method::Put | Method::Patch) || !said.body.is_empty();
        if !takes || verb == Method::Get {
            return;
        }
        // Fields that are read by name, where nothing else says what a request carries.
        if said.body.is_empty()
            && (schema.is_none() || action == Action::Own)
            && let Some(body) = asked.body(operation)
            && !body.schema.is_bare_object()
        {
            operation.body = Some(body);
            return;
        }
        let mut read = said.body.clone();
        read.dedup();
        let found = match (read.len(), schema) {
            (0, Some(schema)) => {
                if action == Action::Own {
                    operation.unsure("that it reads the serializer of its view is taken for granted", 70);
                }
                schema.clone()
            }
            (0, None) => {
                operation.unsure("what a request carries could not be told", 60);
                Schema::open()
            }
            (1, _) => read.swap_remove(0),
            // Several readings of one request.
            _ if read.iter().all(|schema| matches!(schema.form, Form::Array(_))) => Schema::array(Schema::of(Form::AllOf(
                read.into_iter().filter_map(|schema| if let Form::Array(inner) = schema.form { Some(*inner) } else { None }).collect(),
            ))),
            _ if read.iter().any(|schema| matches!(schema.form, Form::Array(_))) => Schema::array(Schema::of(Form::AllOf(
                read.into_iter().map(|schema| if let Form::Array(inner) = schema.form { *inner } else { schema }).collect(),
            ))),
            _ => Schema::of(Form::AllOf(read)),
        };
        operation.body = Some(Content::json(found));
        operation.body_required = matches!(action, Action::Create | Action::Update);
    }

    fn answers(
        &mut self,
        view: ClassId,
        route: &Route,
        action: Action,
        (schema, of_library): (Option<&Schema>, bool),
        said: &Said,
        operation: &mut Operation,
    ) {
        let usual = match (action, route.method) {
            (Action::Create, _) => 201,
            (Action::Destroy, _) => 204,
            _ => 200,
        };
        let asks = of_library || said.above || said.answers.is_empty();
        for (status, carried) in &said.answers {
            let status = status.unwrap_or(200);
            let carried = match carried {
                Some(found) if found.is_open() => schema.cloned().or_else(|| Some(found.clone())),
                found => found.clone(),
            };
            operation.answer(status, carried.filter(|_| !matches!(status, 204 | 304)).map(Content::json));
        }
        if asks {
            let own = matches!((action, route.method), (Action::Own, Method::Delete));
            let status = if own { 204 } else { usual };
            let content = match (action, schema) {
                _ if status == 204 => None,
                (Action::List, Some(schema)) => Some(self.page_of(view, schema.clone())),
                (_, Some(schema)) => Some(schema.clone()),
                (_, None) => Some(Schema::open()),
            };
            if schema.is_none() && status != 204 {
                operation.unsure("what it answers could not be told", 60);
            } else if action == Action::Own {
                operation.unsure("that it answers with the serializer of its view is taken for granted", 70);
            }
            operation.answer(status, content.map(Content::json));
        }
        if matches!(action, Action::Create | Action::Update | Action::PartialUpdate) {
            operation.answer(400, None);
        }
        if matches!(action, Action::Retrieve | Action::Update | Action::PartialUpdate | Action::Destroy) {
            operation.answer(404, None);
        }
    }

    /// Parameters of the address, typed by the model where the key of a row is one.
    fn address(&mut self, view: ClassId, route: &Route, operation: &mut Operation) {
        let field = self.evaluator.attribute(view, "lookup_field");
        let field = field.as_text().unwrap_or("pk").to_owned();
        let name = self.evaluator.attribute(view, "lookup_url_kwarg").as_text().map_or_else(|| field.clone(), str::to_owned);
        if !route.path.contains(&format!("{{{name}}}")) {
            return;
        }
        let Some(model) = self.model_of(view).or_else(|| self.model_asked(view)) else { return };
        let fields = self.model_fields(model, 1);
        let found = fields.into_iter().find(|known| if field == "pk" { known.key } else { known.name == field });
        if let Some(found) = found {
            let schema = Schema { read_only: false, write_only: false, nullable: false, bounds: Vec::new(), ..found.schema };
            operation.parameter(In::Path, &name, schema, true);
            // REST framework's own documents call it so unless they are told not to; a row that is part of another has that
            // one's key.
            if matches!(self.setting("SCHEMA_COERCE_PATH_PK"), Some((_, Thing::Truth(false)))) {
                return;
            }
            let called = if found.name.ends_with("_ptr") { "id".to_owned() } else { found.name };
            if name == "pk" && !route.path.contains(&format!("{{{called}}}")) {
                operation.called.push((name, called));
            }
        }
    }

    /// The model that the serializer of a view stands for.
    fn model_of(&self, view: ClassId) -> Option<ClassId> {
        let class = self.evaluator.attribute(view, "serializer_class").as_definition()?;
        let (file, id) = self.evaluator.attribute(class, "Meta").as_definition()?;
        self.evaluator.attribute((file, id), "model").as_definition().filter(|model| self.evaluator.is_class(*model))
    }

    /// The model whose rows a view looks through: `queryset = Order.objects.all()`.
    fn model_asked(&self, view: ClassId) -> Option<ClassId> {
        let field = self.fields(view).into_iter().find(|field| field.name == "queryset")?;
        let facts = self.facts(field.file);
        let scope = Scope::at(field.file, Some(field.class));
        let mut at = facts.bindings[field.binding].value?;
        for _ in 0..LONGEST {
            at = match facts.value(at).shape {
                Shape::Call(_) => facts.as_call(at)?.callee,
                Shape::Member(object, _) => {
                    if let Some(model) = self.thing(&scope, object).as_definition().filter(|model| self.evaluator.is_class(*model)) {
                        return Some(model);
                    }
                    object
                }
                _ => return None,
            };
        }
        None
    }
}

fn is_view(name: &str) -> bool {
    name.ends_with("APIView") || name.ends_with("ViewSet") || name == "GenericAPIView"
}
