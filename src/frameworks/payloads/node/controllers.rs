//! Controllers that decorators make (NestJS and kin): what their parameters are filled from, and what they answer.

use super::Reading;
use super::classes::{Note, entry, notes, notes_of, truth};
use super::frames::{Frame, Part, Place};
use super::requests::Asked;
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, Parameter, Shape, ValueId};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::{Form, Literal, Schema};
use crate::frameworks::payloads::{Content, In, Operation, Scheme};
use crate::frameworks::routes::{Method, Route};
use std::rc::Rc;

/// The frameworks whose decorators say what parameters are.
pub(super) const DECORATED: [&str; 5] = ["nestjs", "routing-controllers", "tsoa", "midway", "tsed"];

/// What a parameter is filled from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum From {
    Place(Place),
    Path,
    File,
}

/// The meaning of a parameter's decorator.
fn filled_from(name: &str) -> Option<From> {
    Some(match name {
        "Body" | "BodyParam" | "BodyParams" | "BodyProp" => From::Place(Place::Body),
        "Query" | "QueryParam" | "QueryParams" | "Queries" => From::Place(Place::Query),
        "Param" | "Params" | "Path" | "PathParams" => From::Path,
        "Headers" | "Header" | "HeaderParam" | "HeaderParams" => From::Place(Place::Headers),
        "UploadedFile" | "UploadedFiles" | "MultipartFile" | "Files" | "File" => From::File,
        "Req" | "Request" => From::Place(Place::Request),
        "Res" | "Response" => From::Place(Place::Response),
        _ => return None,
    })
}

impl Reading<'_> {
    /// What a function of a controller takes and answers; nothing where no decorator says what its parameters are filled from,
    /// and the framework is not one of those.
    pub(super) fn of_controller(&self, route: &Route) -> Option<Operation> {
        let (file, function) = self.handling(route)?;
        let facts = self.classes.base.facts(file);
        let definition = facts.definition(function);
        let mut operation = Operation::default();
        let mut asked = Asked::default();
        let mut given = Vec::new();
        let own = notes(facts, definition.decorators);
        let (mut answers_itself, mut any) = (false, false);
        for (parameter, noted) in self.noted_parameters(file, function) {
            for note in noted {
                let Some(from) = filled_from(note.0) else { continue };
                any = true;
                // `@Res({ passthrough: true })` leaves the answer to the framework.
                answers_itself |= from == From::Place(Place::Response) && !passes_through(facts, note.1);
                self.take(file, parameter, (from, note), &own, &mut asked, &mut operation);
                if let From::Place(place) = from {
                    let path = first_text(facts, note.1).map(|key| vec![key.to_owned()]).unwrap_or_default();
                    given.push((parameter.name, Part { place, path }));
                }
            }
        }
        if !any && !DECORATED.contains(&route.framework) {
            return None;
        }
        let frame = Frame::outermost(file, function, given);
        self.ask(&frame, &mut asked);
        asked.tell(route.method, &mut operation);
        if operation.body.is_some() && route.framework == "nestjs" && operation.body_required {
            operation.answer(400, None);
        }
        if answers_itself {
            self.tell_answers(&frame, "express", &mut operation);
        } else {
            self.tell_returned(route, &frame, &own, &mut operation);
        }
        operation.security = self.guards(file, definition.owner.map(|owner| (file, owner)), &own);
        operation.responses.sort_by_key(|answer| answer.status.unwrap_or(u16::MAX));
        Some(operation)
    }

    /// One parameter.
    fn take(
        &self,
        file: FileId,
        parameter: &Parameter,
        (from, (_, call)): (From, Note<'_>),
        own: &[Note<'_>],
        asked: &mut Asked,
        operation: &mut Operation,
    ) {
        let facts = self.classes.base.facts(file);
        let schema = || parameter.annotation.map_or_else(Schema::open, |written| self.typed(file, written));
        let name = facts.text(parameter.name);
        let key = first_text(facts, call);
        match (from, key) {
            (From::Place(Place::Body), Some(key)) => asked.body.add(key, schema(), false),
            (From::Place(Place::Body), None) => {
                let described = self.piped(file, call).unwrap_or_else(schema);
                if described.is_open() {
                    asked.is_open = true;
                    return;
                }
                asked.whole = Some(match asked.whole.take() {
                    // Two parameters read one body.
                    Some(first) if first != described => Schema::of(Form::AllOf(vec![first, described])),
                    _ => described,
                });
            }
            (From::Place(Place::Query), Some(key)) => asked.query.add(key, schema(), false),
            (From::Place(Place::Query), None) => {
                let class = parameter.annotation.and_then(|written| self.class_named(file, written));
                let described = self.piped(file, call);
                if let Some(Form::Object { properties, .. }) = described.map(|schema| schema.form) {
                    properties.into_iter().for_each(|property| asked.query.add(&property.name, property.schema, property.required));
                } else if let Some(class) = class {
                    for property in self.fields_of(class, 8) {
                        asked.query.add(&property.name, property.schema, property.required);
                    }
                } else if matches!(schema().form, Form::Plain(..)) {
                    asked.query.add(name, schema(), false);
                }
            }
            (From::Path, key) => {
                let key = key.or(Some(name).filter(|_| call.is_none_or(|call| call.arguments.is_empty())));
                if let (Some(key), schema @ Schema { form: Form::Plain(..), .. }) = (key, schema()) {
                    operation.parameter(In::Path, key, schema, true);
                }
            }
            (From::Place(Place::Headers), Some(key)) => asked.headers.push(key.to_owned()),
            (From::File, key) => {
                // `@UseInterceptors(FileInterceptor('image'))`
                let by_interceptor = own.iter().filter_map(|(_, call)| *call).find_map(|call| {
                    facts.arguments_of(call).iter().find_map(|argument| first_text(facts, Some(facts.as_call(argument.value)?)))
                });
                asked.has_files = true;
                asked.body.add(key.or(by_interceptor).unwrap_or("file"), Schema::formatted("binary"), false);
            }
            _ => {}
        }
    }

    /// `@Body(new ZodValidationPipe(schema))`
    fn piped(&self, file: FileId, call: Option<&Call>) -> Option<Schema> {
        let facts = self.classes.base.facts(file);
        let pipe = facts.arguments_of(call?).iter().find_map(|argument| facts.as_call(argument.value))?;
        let frame = Frame::top(file);
        facts.arguments_of(pipe).iter().find_map(|argument| self.described_schema(&frame, argument.value))
    }

    /// The parameters of a function that have decorators. They are written before what the function holds.
    fn noted_parameters(&self, file: FileId, function: DefinitionId) -> Vec<(&Parameter, Vec<Note<'_>>)> {
        let facts = self.classes.base.facts(file);
        let definition = facts.definition(function);
        let end = definition.values.start;
        let others = facts.definitions().filter(|(id, _)| *id != function).map(|(_, other)| other.values.end);
        let before = others.filter(|other| *other <= end).max().unwrap_or(0);
        let own = |target: ValueId| (before..end).contains(&target.0);
        let noted = facts.parameters[definition.parameters.range()].iter().filter_map(|parameter| {
            let is_its = |target: &ValueId| own(*target) && facts.as_name(*target) == Some(parameter.name);
            let target = facts.decorated.iter().map(|(target, _)| *target).find(is_its)?;
            Some((parameter, notes_of(facts, target)))
        });
        noted.collect()
    }

    /// What the framework answers with what a function hands back.
    fn tell_returned(&self, route: &Route, frame: &Rc<Frame>, own: &[Note<'_>], operation: &mut Operation) {
        let facts = self.facts(frame);
        let Some(function) = frame.function else { return };
        let mut status = if route.method == Method::Post && route.framework == "nestjs" { 201 } else { 200 };
        let mut described: Vec<(u16, Schema)> = Vec::new();
        for (name, call) in own {
            let arguments = call.map_or(&[][..], |call| facts.arguments_of(call));
            let first = arguments.first().map(|argument| argument.value);
            match *name {
                "HttpCode" | "SuccessResponse" => status = first.and_then(|first| self.number(frame, first)).unwrap_or(status),
                "Redirect" => {
                    let said = arguments.get(1).and_then(|second| self.number(frame, second.value));
                    operation.answer(said.unwrap_or(302), None);
                    return;
                }
                _ => {
                    if let Some(answer) = first.and_then(|first| self.documented(frame, name, first)) {
                        described.push(answer);
                    }
                }
            }
        }
        for (status, schema) in described {
            operation.answer(status, Some(schema).filter(|schema| !schema.is_open()).map(Content::json));
        }
        let returns = facts.definition(function).returns;
        let is_nothing = match returns {
            Some(returns) => self.hands_nothing_back(frame.file, returns),
            None => !facts.returned.iter().any(|(owner, _)| *owner == function),
        };
        if !operation.responses.iter().any(|answer| answer.status.is_some_and(|status| status < 300)) {
            let schema = returns.map_or_else(Schema::open, |returns| self.typed(frame.file, returns));
            let schema = if schema.is_open() { self.returns(frame) } else { schema };
            let content = (!is_nothing && status != 204).then(|| Content::json(schema.clone()));
            if content.is_some() && schema.is_open() {
                operation.unsure("what the answer carries could not be told", 60);
            }
            operation.answer(status, content);
        }
        for call in self.calls(frame) {
            if let Some(status) = self.refusal(frame, call) {
                operation.answer(status, None);
            }
        }
    }

    /// `void`, `Promise<void>`
    fn hands_nothing_back(&self, file: FileId, returns: ValueId) -> bool {
        let facts = self.classes.base.facts(file);
        match facts.value(returns).shape {
            Shape::Name(name) => matches!(facts.text(name), "void" | "undefined" | "never"),
            Shape::Item(_, inner) => facts.as_name(inner).is_some_and(|name| matches!(facts.text(name), "void" | "undefined" | "never")),
            _ => false,
        }
    }

    /// `@ApiOkResponse({ type: Order })`, `@ApiResponse({ status: 201, type: [Order] })`
    fn documented(&self, frame: &Rc<Frame>, name: &str, options: ValueId) -> Option<(u16, Schema)> {
        let facts = self.facts(frame);
        let status = match name {
            "ApiResponse" => entry(facts, options, "status").and_then(|status| self.number(frame, status))?,
            "ApiOkResponse" => 200,
            "ApiCreatedResponse" => 201,
            "ApiAcceptedResponse" => 202,
            "ApiNoContentResponse" => 204,
            "ApiBadRequestResponse" => 400,
            "ApiUnauthorizedResponse" => 401,
            "ApiForbiddenResponse" => 403,
            "ApiNotFoundResponse" => 404,
            "ApiConflictResponse" => 409,
            "ApiUnprocessableEntityResponse" => 422,
            _ => return None,
        };
        let schema = entry(facts, options, "type").map_or_else(Schema::open, |written| self.handed_type(frame.file, written));
        let many = entry(facts, options, "isArray").and_then(|value| truth(facts, value)) == Some(true);
        Some((status, if many { Schema::array(schema) } else { schema }))
    }

    /// Who may call, as guards at the function or its class ask.
    fn guards(&self, file: FileId, class: Option<ClassId>, own: &[Note<'_>]) -> Option<Vec<Scheme>> {
        if own.iter().any(|(name, _)| *name == "Public") {
            return Some(Vec::new());
        }
        let facts = self.classes.base.facts(file);
        let of_class = class.map_or_else(Vec::new, |(file, class)| {
            let facts = self.classes.base.facts(file);
            notes(facts, facts.definition(class).decorators)
        });
        let mut schemes: Vec<Scheme> = Vec::new();
        for (name, call) in own.iter().chain(&of_class) {
            match *name {
                "ApiBearerAuth" => schemes.push(Scheme::Bearer),
                "ApiBasicAuth" => schemes.push(Scheme::Basic),
                "UseGuards" => {
                    let arguments = call.map_or(&[][..], |call| facts.arguments_of(call));
                    schemes.extend(arguments.iter().filter_map(|argument| self.guard_class(file, argument.value, 4)));
                }
                _ => {}
            }
        }
        schemes.sort();
        schemes.dedup();
        (!schemes.is_empty()).then_some(schemes)
    }

    /// `AuthGuard('jwt')`, or a class of the tree that extends it.
    fn guard_class(&self, file: FileId, value: ValueId, left: u32) -> Option<Scheme> {
        let left = left.checked_sub(1)?;
        let facts = self.classes.base.facts(file);
        if let Some(call) = facts.as_call(value) {
            if facts.last_name(call.callee) != Some("AuthGuard") {
                return None;
            }
            // Several strategies are tried in turn; the first is told.
            let first = facts.arguments_of(call).first()?.value;
            let first = if let Shape::List(parts) = facts.value(first).shape { *facts.items(parts).first()? } else { first };
            return match self.literal(&Frame::top(file), first)? {
                Literal::Text(text) if text.contains("jwt") || text == "bearer" => Some(Scheme::Bearer),
                Literal::Text(text) if text == "basic" => Some(Scheme::Basic),
                _ => None,
            };
        }
        let (file, class) = self.class_named(file, value)?;
        let facts = self.classes.base.facts(file);
        facts.items(facts.definition(class).bases).iter().find_map(|base| self.guard_class(file, *base, left))
    }
}

fn passes_through(facts: &FileFacts, call: Option<&Call>) -> bool {
    let first = call.and_then(|call| facts.arguments_of(call).first());
    first.and_then(|first| entry(facts, first.value, "passthrough")).and_then(|value| truth(facts, value)) == Some(true)
}

/// The text that a decorator is handed first.
fn first_text<'a>(facts: &'a FileFacts, call: Option<&Call>) -> Option<&'a str> {
    facts.as_literal(facts.arguments_of(call?).first()?.value)
}
