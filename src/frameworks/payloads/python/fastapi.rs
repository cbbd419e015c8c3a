//! FastAPI: parameters by their types and marks, through everything they depend on; the model and the status of the answer.

use super::types::Site;
use super::{Handler, Place, Reading, last};
use crate::facts::{Call, DefinitionKind, Parameter, Shape, ValueId};
use crate::frameworks::payloads::schema::{Form, Property, Schema};
use crate::frameworks::payloads::{Content, FORM, HTML, In, JSON, MULTIPART, Operation, Scheme};
use crate::frameworks::python::mounts::decorated_by;
use crate::frameworks::python::{Scope, Thing};
use crate::frameworks::routes::Route;
use crate::names::Named;

/// Methods that decorate what answers.
const VERBS: [&str; 9] = ["get", "post", "put", "patch", "delete", "head", "options", "api_route", "route"];

/// How deep dependencies stand in each other.
const DEEPEST: usize = 12;

/// What mounts hand a function whatever the request holds.
const HANDED: [&str; 7] = ["Request", "Response", "WebSocket", "HTTPConnection", "BackgroundTasks", "SecurityScopes", "Session"];

/// What a parameter is filled from.
enum Mark {
    Place(In),
    Body,
    Form,
    File,
    Depends,
}

/// A mark with the call that says it.
struct Marked {
    mark: Mark,
    scope: Scope,
    call: Call,
}

/// A part of the body.
struct Part {
    name: String,
    schema: Schema,
    required: bool,
    embed: bool,
    form: bool,
    file: bool,
}

/// What is collected from a function and those it depends on.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) operation: Operation,
    parts: Vec<Part>,
    /// The functions read so far: the handler and what it depends on.
    seen: Vec<Place>,
    /// Some of the request is read, so that some requests are refused.
    pub(super) takes: bool,
    /// Ways to say who calls that the library does not insist on.
    pub(super) offered: Vec<Scheme>,
}

impl Collected {
    /// The form that `OAuth2PasswordRequestForm` reads.
    pub(super) fn password_form(&mut self) {
        self.takes = true;
        for (name, required) in [
            ("grant_type", false),
            ("username", true),
            ("password", true),
            ("scope", false),
            ("client_id", false),
            ("client_secret", false),
        ] {
            let part = Part { name: name.to_owned(), schema: Schema::text(), required, embed: true, form: true, file: false };
            self.parts.push(part);
        }
    }
}

impl Reading<'_, '_> {
    /// What a route of FastAPI takes and answers.
    pub(super) fn of_fastapi(&mut self, route: &Route, handler: &Handler) -> Option<Operation> {
        let function = handler.function?;
        let mut found = Collected::default();
        found.operation.summary = self.summary(function);
        self.signature(route, function, 0, &mut found);
        self.decorator(route, function, &mut found);
        let raised = self.raised(&found.seen);
        let Collected { mut operation, parts, takes, .. } = found;
        body(parts, &mut operation);
        for status in raised {
            operation.answer(status, None);
        }
        if takes || operation.body.is_some() {
            operation.answer(422, None);
        }
        Some(operation)
    }

    /// What the parameters of a function ask of a request.
    pub(super) fn signature(&mut self, route: &Route, (file, id): Place, depth: usize, found: &mut Collected) {
        if depth > DEEPEST || found.seen.contains(&(file, id)) {
            return;
        }
        found.seen.push((file, id));
        let facts = self.facts(file);
        let definition = facts.definition(id);
        let is_method = definition.kind == DefinitionKind::Method
            && !facts.items(definition.decorators).iter().any(|decorator| facts.last_name(*decorator) == Some("staticmethod"));
        let parameters = facts.parameters[definition.parameters.range()].to_vec();
        for parameter in parameters.iter().skip(usize::from(is_method)).filter(|parameter| !parameter.variadic) {
            self.parameter(route, (file, id), parameter, depth, found);
        }
        self.require_offered((file, id), found);
    }

    fn parameter(&mut self, route: &Route, (file, id): Place, parameter: &Parameter, depth: usize, found: &mut Collected) {
        let facts = self.facts(file);
        let owner = facts.definition(id).owner;
        let name = facts.text(parameter.name).to_owned();
        let site = Site::at(file, owner);
        let (kind, mut marks) = match parameter.annotation {
            Some(annotation) => self.notes(&site, annotation, 8),
            None => (None, Vec::new()),
        };
        let mut default = parameter.default;
        if let Some(call) = default.and_then(|value| facts.as_call(value)).copied()
            && let Some(mark) = self.mark(&site.scope(), &call)
        {
            marks.push(Marked { mark, scope: site.scope(), call });
            default = None;
        }
        let has_default = default.is_some();
        let Some(Marked { mark, scope, call }) = marks.pop() else {
            let Some((home, annotation)) = kind else {
                let place = if route.path.contains(&format!("{{{name}}}")) { In::Path } else { In::Query };
                found.takes = true;
                found.operation.parameter(place, &name, Schema::open(), place == In::Path || !has_default);
                return;
            };
            self.unmarked(route, &name, (&home, annotation), default.map(|value| (site.scope(), value)), found);
            return;
        };
        if let Mark::Depends = mark {
            self.depends(route, &scope, &call, kind.as_ref(), depth, found);
            return;
        }
        found.takes = true;
        let mut schema = kind.map_or_else(Schema::open, |(home, annotation)| self.annotated(&home, annotation));
        self.rules_of(&scope, &call, &mut schema);
        let first = self.given(&scope, &call, 0, "default");
        let dots = |value: ValueId| matches!(self.facts(scope.file).value(value).shape, Shape::Constant(word) if self.facts(scope.file).text(word) == "...");
        let given = first.filter(|value| !dots(*value));
        if let Some(value) = given {
            schema.default = self.default_of(&scope, value, &schema);
        }
        if let (Some(value), true) = (default, schema.default.is_none()) {
            schema.default = self.default_of(&site.scope(), value, &schema);
        }
        let made = self.given(&scope, &call, usize::MAX, "default_factory").is_some();
        let required = given.is_none() && !has_default && !made;
        let alias = ["alias", "validation_alias"].iter().find_map(|word| self.given_text(&scope, &call, usize::MAX, word));
        let called = alias.clone().unwrap_or_else(|| name.clone());
        match mark {
            Mark::Place(place) => {
                let called = match place {
                    In::Header if alias.is_none() && self.given_truth(&scope, &call, usize::MAX, "convert_underscores") != Some(false) => {
                        called.replace('_', "-")
                    }
                    _ => called,
                };
                self.placed(place, &called, schema, required || place == In::Path, &mut found.operation);
            }
            Mark::Body => {
                let embed = self.given_truth(&scope, &call, usize::MAX, "embed") == Some(true);
                found.parts.push(Part { name: called, schema, required, embed, form: false, file: false });
            }
            Mark::Form => found.parts.push(Part { name: called, schema, required, embed: true, form: true, file: false }),
            Mark::File => {
                let schema = if matches!(schema.form, Form::Array(_)) { schema } else { Schema::formatted("binary") };
                found.parts.push(Part { name: called, schema, required, embed: true, form: true, file: true });
            }
            Mark::Depends => {}
        }
    }

    /// A parameter of the request; the fields of a model stand for themselves.
    pub(super) fn placed(&self, place: In, name: &str, schema: Schema, required: bool, operation: &mut Operation) {
        if let (Form::Reference(id), In::Query | In::Header | In::Cookie) = (&schema.form, place)
            && let Form::Object { properties, .. } = &self.out.component(*id).schema.form
        {
            for Property { name, schema, required } in properties.iter().filter(|property| !property.schema.read_only) {
                operation.parameter(place, name, schema.clone(), *required);
            }
            return;
        }
        operation.parameter(place, name, schema, required);
    }

    /// A parameter without a mark: part of the address, of the query, or the body, by its type.
    fn unmarked(
        &mut self,
        route: &Route,
        name: &str,
        (home, annotation): (&Site, ValueId),
        default: Option<(Scope, ValueId)>,
        found: &mut Collected,
    ) {
        if self.is_handed(home, annotation) {
            return;
        }
        let mut schema = self.annotated(home, annotation);
        let required = default.is_none();
        if let Some((scope, value)) = default {
            schema.default = self.default_of(&scope, value, &schema);
        }
        found.takes = true;
        if route.path.contains(&format!("{{{name}}}")) {
            found.operation.parameter(In::Path, name, schema, true);
            return;
        }
        let file = is_file(&schema);
        if file || self.is_body(&schema) {
            found.parts.push(Part { name: name.to_owned(), schema, required, embed: file, form: file, file });
        } else {
            found.operation.parameter(In::Query, name, schema, required);
        }
    }

    /// True for what only a body can hold.
    fn is_body(&self, schema: &Schema) -> bool {
        match &schema.form {
            Form::Array(_) | Form::Map(_) | Form::Object { .. } => true,
            Form::Reference(id) => self.is_body(&self.out.component(*id).schema),
            Form::OneOf(parts) | Form::AllOf(parts) => parts.iter().any(|part| self.is_body(part)),
            Form::Unknown | Form::Plain(..) => false,
        }
    }

    /// True for what the framework hands over by itself, or a class that can come from no request.
    fn is_handed(&self, site: &Site, annotation: ValueId) -> bool {
        let facts = self.facts(site.file);
        let parts = match facts.value(annotation).shape {
            Shape::Choice(parts) => facts.items(parts).to_vec(),
            Shape::Item(object, index) if facts.last_name(object) == Some("Optional") => vec![index],
            _ => vec![annotation],
        };
        parts.iter().any(|part| match self.evaluator.classes.names.named(self.evaluator.classes.base, site.file, site.owner, *part) {
            Named::Outside(path) => HANDED.contains(&last(&path)),
            Named::Definition(file, id) if self.evaluator.is_class((file, id)) => {
                !self.is_enum((file, id)) && self.is_kind_of((file, id), &HANDED)
            }
            _ => false,
        })
    }

    /// The type and the marks of an annotation, through aliases; where they stand with them.
    fn notes(&self, site: &Site, annotation: ValueId, left: u32) -> (Option<(Site, ValueId)>, Vec<Marked>) {
        let facts = self.facts(site.file);
        if left == 0 {
            return (None, Vec::new());
        }
        if let Shape::Item(object, index) = facts.value(annotation).shape
            && facts.last_name(object) == Some("Annotated")
            && let Shape::List(parts) = facts.value(index).shape
            && let Some((kind, notes)) = facts.items(parts).split_first()
        {
            let (kind, mut marks) = self.notes(site, *kind, left - 1);
            for note in notes {
                if let Some(call) = facts.as_call(*note)
                    && let Some(mark) = self.mark(&site.scope(), call)
                {
                    marks.push(Marked { mark, scope: site.scope(), call: *call });
                }
            }
            return (kind, marks);
        }
        if let Named::Variable(file, name) =
            self.evaluator.classes.names.named(self.evaluator.classes.base, site.file, site.owner, annotation)
            && let Some(value) = self.alias_value(file, name)
        {
            return self.notes(&Site::at(file, None), value, left - 1);
        }
        (Some((site.clone(), annotation)), Vec::new())
    }

    /// What a call in the place of a default or a note marks.
    fn mark(&self, scope: &Scope, call: &Call) -> Option<Mark> {
        let facts = self.facts(scope.file);
        let name = match self.thing(scope, call.callee) {
            Thing::Outside(path) => last(&path).to_owned(),
            _ => facts.last_name(call.callee)?.to_owned(),
        };
        Some(match name.as_str() {
            "Query" => Mark::Place(In::Query),
            "Path" => Mark::Place(In::Path),
            "Header" => Mark::Place(In::Header),
            "Cookie" => Mark::Place(In::Cookie),
            "Body" => Mark::Body,
            "Form" => Mark::Form,
            "File" => Mark::File,
            "Depends" | "Security" => Mark::Depends,
            _ => return None,
        })
    }

    /// What the decorator and the written result say of the answer.
    fn decorator(&mut self, route: &Route, (file, id): Place, found: &mut Collected) {
        let facts = self.facts(file);
        let at = route.registered;
        let decorated = decorated_by(facts, &VERBS).find(|decorated| decorated.id == id && (file, decorated.line) == at);
        let scope = Scope::at(file, facts.definition(id).owner);
        // What `add_api_route` is called with says the same things.
        let call = match &decorated {
            Some(decorated) => Some((scope.clone(), *decorated.call)),
            None => self.registering_call(at).map(|(owner, call)| (Scope::at(at.0, owner), call)),
        };
        if let Some(decorated) = &decorated
            && let Some(object) = self.evaluator.object_at(&scope, decorated.object)
        {
            self.dependencies_of_mounts(route, &object, found);
        }
        let mut status = None;
        let mut model = None;
        let mut class = None;
        if let Some((scope, call)) = &call {
            let given = |word: &str| self.given(scope, call, usize::MAX, word);
            status = given("status_code").map(|value| self.status(scope, value));
            model = given("response_model").map(|value| (Site::at(scope.file, scope.owner), value));
            class = given("response_class").map(|value| self.thing(scope, value));
            if let Some(value) = given("dependencies")
                && let Thing::List(listed) = self.thing(scope, value)
            {
                listed.iter().for_each(|thing| self.listed_dependency(route, thing, found));
            }
            if let Some(text) = self.given_text(scope, call, usize::MAX, "summary") {
                found.operation.summary = Some(text);
            }
        }
        if status == Some(None) {
            found.operation.unsure("the status of its answer could not be told", 70);
        }
        let (default, content) = self.answer_of((file, id), model, class);
        let status = status.flatten().unwrap_or(default);
        found.operation.answer(status, content.filter(|_| status >= 200 && !matches!(status, 204 | 304)));
        if let Some((scope, call)) = &call
            && let Some(value) = self.given(scope, call, usize::MAX, "responses")
        {
            self.more_answers(&Site::at(scope.file, scope.owner), value, &mut found.operation);
        }
    }

    /// A call that starts on a line and registers something.
    fn registering_call(&self, (file, line): (crate::base::FileId, u32)) -> Option<(Option<crate::facts::DefinitionId>, Call)> {
        let facts = self.facts(file);
        let is_one = |call: &&Call| {
            facts.value(call.value).line == line && matches!(facts.last_name(call.callee), Some("add_api_route" | "add_route" | "Route"))
        };
        let call = facts.calls.iter().find(is_one)?;
        Some((facts.owner_of(call.value), *call))
    }

    /// The status a response has by itself, and what it carries.
    fn answer_of(&mut self, (file, id): Place, model: Option<(Site, ValueId)>, class: Option<Thing>) -> (u16, Option<Content>) {
        let facts = self.facts(file);
        let definition = facts.definition(id);
        let site = Site::at(file, definition.owner);
        let returns = definition.returns.map(|value| (site, value));
        let own = returns.as_ref().map(|(site, value)| self.thing(&site.scope(), *value));
        // A written result that is a response says how the answer looks, not what it holds.
        let written = own.filter(|thing| self.object_class(thing).iter().any(|path| last(path).ends_with("Response")));
        let is_response = written.is_some();
        let kind = class.or(written).map(|thing| self.object_class(&thing)).unwrap_or_default();
        let words: Vec<&str> = kind.iter().map(|path| last(path)).collect();
        let has = |word: &str| words.contains(&word);
        if has("RedirectResponse") {
            return (307, None);
        }
        if has("HTMLResponse") {
            return (200, Some(Content { media: vec![HTML], schema: Schema::text() }));
        }
        if has("PlainTextResponse") {
            return (200, Some(Content { media: vec!["text/plain"], schema: Schema::text() }));
        }
        if has("FileResponse") || has("StreamingResponse") {
            return (200, None);
        }
        let typed = model.or(returns.filter(|_| !is_response));
        let schema = match typed {
            Some((site, value)) => self.annotated(&site, value),
            None => Schema::open(),
        };
        (200, Some(Content { media: vec![JSON], schema }))
    }

    /// `responses={404: {"model": Message}}`
    fn more_answers(&mut self, site: &Site, value: ValueId, operation: &mut Operation) {
        let facts = self.facts(site.file);
        let Shape::Map(entries) = facts.value(value).shape else { return };
        for entry in facts.entries[entries.range()].iter().copied() {
            let Some(key) = entry.key else { continue };
            let Some(status) = self.status(&site.scope(), key) else { continue };
            let model = match facts.value(entry.value).shape {
                Shape::Map(inner) => {
                    facts.entries[inner.range()].iter().find(|entry| entry.key.and_then(|key| facts.as_literal(key)) == Some("model"))
                }
                _ => None,
            };
            let content = model.map(|model| model.value).map(|value| Content::json(self.annotated(site, value)));
            operation.answer(status, content);
        }
    }
}

fn is_file(schema: &Schema) -> bool {
    use crate::frameworks::payloads::schema::Kind as Plain;
    match &schema.form {
        Form::Plain(Plain::Text, Some("binary")) => true,
        Form::Array(inner) => is_file(inner),
        _ => false,
    }
}

/// The body that the parts make: one alone stands for itself unless it is told to have a name.
fn body(mut parts: Vec<Part>, operation: &mut Operation) {
    if parts.is_empty() {
        return;
    }
    let mut names: Vec<String> = Vec::new();
    parts.retain(|part| {
        let new = !names.contains(&part.name);
        names.push(part.name.clone());
        new
    });
    let media = if parts.iter().any(|part| part.file) {
        MULTIPART
    } else if parts.iter().any(|part| part.form) {
        FORM
    } else {
        JSON
    };
    operation.body_required = parts.iter().any(|part| part.required);
    let alone = parts.len() == 1 && !parts[0].embed;
    let schema = if alone {
        parts.remove(0).schema
    } else {
        Schema::object(parts.into_iter().map(|part| Property { name: part.name, schema: part.schema, required: part.required }).collect())
    };
    operation.body = Some(Content { media: vec![media], schema });
}
