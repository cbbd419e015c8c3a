//! What code reads of a request: rules it is held to, fields that are asked for by name, objects that it is turned into.

use super::frames::{DEEPEST, Frame};
use super::{Reading, handed};
use crate::facts::{Call, FileFacts, Shape, Text, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::payloads::fields::Fields;
use crate::frameworks::payloads::schema::{Kind, Schema};
use crate::frameworks::payloads::{Content, In, JSON, MULTIPART, Operation};
use crate::frameworks::routes::Method;
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// Library classes whose objects are requests.
const REQUESTS: [&str; 5] = [
    "illuminate\\http\\request",
    "illuminate\\foundation\\http\\formrequest",
    "laravel\\lumen\\http\\request",
    "symfony\\component\\httpfoundation\\request",
    "request",
];

/// The class whose children hold rules.
const FORM_REQUEST: &str = "illuminate\\foundation\\http\\formrequest";

/// What is said where fields cannot be told.
pub(super) const PUT_TOGETHER: &str = "the fields of the request are put together while the program runs, or all of them are handed on";

/// Properties of requests that are no fields.
const OWN: [&str; 9] = ["query", "request", "attributes", "cookies", "files", "server", "headers", "session", "json"];

/// What a request was seen to be asked for.
#[derive(Default)]
pub(super) struct Asked {
    /// What it carries where its method lets it.
    pub(super) fields: Fields,
    /// Behind the question mark, whatever the method.
    pub(super) query: Fields,
    pub(super) headers: Vec<String>,
    /// Rules refuse what does not fit.
    pub(super) is_validated: bool,
    pub(super) has_files: bool,
    /// The whole of it goes somewhere nobody looks at.
    pub(super) whole: bool,
    pub(super) seen: FxHashSet<ClassId>,
}

impl Reading<'_> {
    /// What a function and those of the application that it calls ask a request for.
    pub(super) fn asked(&self, frame: &Rc<Frame>) -> Asked {
        let mut asked = Asked::default();
        self.ask_parameters(frame, &mut asked);
        self.ask_inside(frame, &mut asked);
        asked
    }

    /// Parameters that are requests with rules, or that the framework fills from what is sent.
    fn ask_parameters(&self, frame: &Rc<Frame>, asked: &mut Asked) {
        let facts = self.facts(frame);
        for parameter in &facts.parameters[facts.definition(frame.function).parameters.range()] {
            let Some(Ancestor::Ours(class)) = self.parameter_type(frame, parameter.name) else { continue };
            if !self.classes.is_below(class, &[FORM_REQUEST]) {
                continue;
            }
            asked.is_validated = true;
            if let Some((file, method)) = self.classes.method_of(class, "rules") {
                let inner = Frame::outermost(file, method, Some(class));
                let mut fields = self.returned_rules(&inner, 8);
                self.added_before(class).iter().for_each(|name| fields.remove(name));
                // What is validated may be a part of what is sent.
                if let Some(key) = self.validated_part(class) {
                    let mut around = Fields::default();
                    around.add(&key, fields.schema(), true);
                    fields = around;
                }
                asked.fields.extend(fields);
            }
            // What the class itself reads of the request it is.
            for method in ["prepareForValidation", "validationData"] {
                if let Some((file, method)) = self.classes.own_method(class.0, class.1, method).map(|method| (class.0, method)) {
                    self.ask_inside(&Frame::outermost(file, method, Some(class)), asked);
                }
            }
        }
    }

    /// What `prepareForValidation` puts into a request by itself: `$this->merge(['count' => ...])`. A key that it reads as well is
    /// sent by the caller all the same.
    fn added_before(&self, class: ClassId) -> Vec<String> {
        let Some((file, method)) = self.classes.method_of(class, "prepareForValidation") else { return Vec::new() };
        let frame = Frame::outermost(file, method, Some(class));
        let mut read = Asked::default();
        self.ask_inside(&frame, &mut read);
        let facts = self.facts(&frame);
        let inside = facts.definition(method).values;
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        let mut found = Vec::new();
        for call in facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end) {
            let merges = facts.last_name(call.callee) == Some("merge");
            let Some(first) = facts.arguments_of(call).first().filter(|_| merges) else { continue };
            let Shape::Map(entries) = facts.value(first.value).shape else { continue };
            let keys = facts.entries[entries.range()].iter().filter_map(|entry| facts.as_literal(entry.key?));
            found.extend(keys.filter(|key| !read.fields.has(key)).map(str::to_owned));
        }
        found
    }

    /// `validationData` that hands back `$this->get('order')`: the key.
    fn validated_part(&self, class: ClassId) -> Option<String> {
        let (file, method) = self.classes.method_of(class, "validationData")?;
        let frame = Frame::outermost(file, method, Some(class));
        let facts = self.facts(&frame);
        let value = *self.returned(&frame).first()?;
        let first = match facts.value(value).shape {
            Shape::Choice(parts) => *facts.items(parts).first()?,
            _ => value,
        };
        let call = facts.as_call(first)?;
        let asks = matches!(facts.last_name(call.callee), Some("get" | "input" | "json" | "post"));
        facts.as_literal(facts.arguments_of(call).first().filter(|_| asks)?.value).map(str::to_owned)
    }

    pub(super) fn ask_inside(&self, frame: &Rc<Frame>, asked: &mut Asked) {
        if !asked.seen.insert((frame.file, frame.function)) {
            return;
        }
        let facts = self.facts(frame);
        let inside = facts.definition(frame.function).values;
        let start = facts.calls.partition_point(|call| call.value.0 < inside.start);
        let calls = facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end);
        for call in calls {
            self.ask_call(frame, call, asked);
        }
        for index in inside.range() {
            let value = ValueId(u32::try_from(index).expect("values are counted in u32"));
            match facts.value(value).shape {
                Shape::Item(object, key) => {
                    self.ask_global(frame, object, key, asked);
                    self.ask_array(frame, value, object, key, asked);
                }
                Shape::Member(object, name) if self.is_request(frame, object) => {
                    let name = facts.text(name);
                    let is_called =
                        facts.calls[start..].iter().take_while(|call| call.value.0 < inside.end).any(|call| call.callee == value);
                    if self.by_laravel && !is_called && !OWN.contains(&name) && !name.starts_with('$') {
                        asked.fields.add(name, Schema::open(), false);
                    }
                }
                _ => {}
            }
        }
    }

    /// `$_POST['name']`, `$_GET['page']`
    fn ask_global(&self, frame: &Rc<Frame>, object: ValueId, key: ValueId, asked: &mut Asked) {
        let facts = self.facts(frame);
        let (Some(global), Some(key)) = (facts.as_name(object), facts.as_literal(key)) else { return };
        match facts.text(global) {
            "$_POST" => asked.fields.add(key, Schema::open(), false),
            "$_GET" => asked.query.add(key, Schema::open(), false),
            "$_FILES" => {
                asked.has_files = true;
                asked.fields.add(key, Schema::formatted("binary"), false);
            }
            _ => {}
        }
    }

    fn ask_call(&self, frame: &Rc<Frame>, call: &Call, asked: &mut Asked) {
        let facts = self.facts(frame);
        let Some(name) = facts.last_name(call.callee) else { return };
        let argument = |place: usize| facts.arguments_of(call).get(place).map(|argument| argument.value);
        match facts.value(call.callee).shape {
            Shape::Name(_) if name == "request" => {
                if let Some(key) = argument(0).and_then(|key| facts.as_literal(key)) {
                    asked.fields.add(key, Schema::open(), false);
                }
                return;
            }
            Shape::Member(object, _) => {
                if self.is_request(frame, object) {
                    self.ask_request(frame, call, name, asked);
                    return;
                }
                if let Some(bag) = self.bag(frame, object) {
                    self.ask_bag(frame, call, name, bag, asked);
                    return;
                }
                if asked.whole && handed::FILLING.contains(&name) {
                    self.ask_filled(frame, call, object, asked);
                }
                let on_class = facts.as_name(object).map(|class| facts.text(class));
                let rules = match (on_class, name) {
                    (Some("Validator"), "make" | "validate") => argument(1),
                    (Some("$this"), "validate" | "validateWithBag") if self.handed_request(frame, call) => argument(1),
                    _ => None,
                };
                if let Some(rules) = rules {
                    asked.is_validated = true;
                    asked.fields.extend(self.rules(frame, rules));
                    return;
                }
            }
            _ => {}
        }
        // The request goes on into the application's own code.
        if frame.depth + 2 < DEEPEST
            && (self.handed_request(frame, call) || asked.whole && self.handed_whole(frame, call))
            && let Some((target, this)) = self.target(frame, call)
            && let Some(inner) = self.enter(frame, call, target, this)
        {
            self.ask_inside(&inner, asked);
        } else if frame.depth + 2 < DEEPEST && self.asking.contains(name) {
            self.ask_aside(frame, call, asked);
        }
    }

    fn handed_request(&self, frame: &Rc<Frame>, call: &Call) -> bool {
        self.facts(frame).arguments_of(call).iter().any(|argument| self.is_request(frame, argument.value))
    }

    /// Laravel's words for asking a request.
    fn ask_request(&self, frame: &Rc<Frame>, call: &Call, name: &str, asked: &mut Asked) {
        let facts = self.facts(frame);
        let arguments = facts.arguments_of(call);
        let first = arguments.first().map(|argument| argument.value);
        let key = first.and_then(|first| facts.as_literal(first));
        let kind = match name {
            "boolean" => Schema::plain(Kind::Truth),
            "integer" => Schema::integer(),
            "float" => Schema::plain(Kind::Number),
            "string" | "str" => Schema::text(),
            _ => Schema::open(),
        };
        match (name, key) {
            ("validate" | "validateWithBag", _) => {
                let rules = if name == "validate" { first } else { arguments.get(1).map(|argument| argument.value) };
                if let Some(rules) = rules {
                    asked.is_validated = true;
                    asked.fields.extend(self.rules(frame, rules));
                }
            }
            ("query", Some(key)) => asked.query.add(key, kind, false),
            ("header", Some(key)) => asked.headers.push(key.to_owned()),
            ("file" | "hasFile", Some(key)) => {
                asked.has_files = true;
                asked.fields.add(key, Schema::formatted("binary"), false);
            }
            (
                "input" | "get" | "post" | "json" | "boolean" | "integer" | "float" | "string" | "str" | "date" | "enum" | "collect"
                | "array",
                Some(key),
            ) => asked.fields.add(key, kind, false),
            ("only" | "has" | "filled" | "hasAny" | "anyFilled" | "exists" | "missing" | "safe" | "whenFilled" | "whenHas", _) => {
                for argument in arguments {
                    let named = match facts.value(argument.value).shape {
                        Shape::List(_) => self.classes.elements(frame.file, self.owner(frame, argument.value), argument.value, false, 6),
                        _ => facts.as_literal(argument.value).map(str::to_owned).into_iter().collect(),
                    };
                    named.iter().for_each(|name| asked.fields.add(name, Schema::open(), false));
                }
            }
            ("all" | "input" | "post" | "getContent" | "toArray" | "except", None) => asked.whole = true,
            _ => {}
        }
    }

    /// Symfony's bags: what `$request->query` and its like are.
    fn bag<'f>(&self, frame: &Rc<Frame>, object: ValueId) -> Option<&'f str>
    where
        Self: 'f,
    {
        let facts = self.facts(frame);
        let Shape::Member(request, name) = facts.value(object).shape else { return None };
        let bag = ["query", "request", "headers", "files"].into_iter().find(|bag| *bag == facts.text(name))?;
        self.is_request(frame, request).then_some(bag)
    }

    fn ask_bag(&self, frame: &Rc<Frame>, call: &Call, name: &str, bag: &str, asked: &mut Asked) {
        let facts = self.facts(frame);
        let Some(key) = facts.arguments_of(call).first().and_then(|argument| facts.as_literal(argument.value)) else {
            asked.whole |= bag == "request" && name == "all";
            return;
        };
        let kind = match name {
            "getInt" => Schema::integer(),
            "getBoolean" => Schema::plain(Kind::Truth),
            "getString" | "getAlpha" | "getAlnum" | "getDigits" => Schema::text(),
            "get" | "has" | "all" | "filter" | "getEnum" => Schema::open(),
            _ => return,
        };
        match bag {
            "query" => asked.query.add(key, kind, false),
            "headers" => asked.headers.push(key.to_owned()),
            "files" => {
                asked.has_files = true;
                asked.fields.add(key, Schema::formatted("binary"), false);
            }
            _ => asked.fields.add(key, kind, false),
        }
    }

    /// True for an expression that is the request.
    pub(super) fn is_request(&self, frame: &Rc<Frame>, value: ValueId) -> bool {
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::Name(name) if facts.text(name) == "$this" => {
                frame.this.is_some_and(|class| self.is_request_class(&Ancestor::Ours(class)))
            }
            Shape::Name(name) if facts.text(name).starts_with('$') => self.is_request_variable(frame, facts, name, value),
            Shape::Name(name) => matches!(facts.text(name), "Request" | "Input") && self.by_laravel,
            Shape::Call(_) => facts.as_call(value).is_some_and(|call| {
                facts.as_name(call.callee).is_some_and(|name| facts.text(name) == "request") && call.arguments.is_empty()
            }),
            Shape::Member(object, name) => facts.text(name) == "request" && crate::frameworks::php::is_this(facts, object),
            _ => false,
        }
    }

    fn is_request_variable(&self, frame: &Rc<Frame>, facts: &FileFacts, name: Text, value: ValueId) -> bool {
        if let Some(class) = self.parameter_type(frame, name) {
            return self.is_request_class(&class);
        }
        // A parameter without a type that was handed the request.
        let origins = self.origins(frame, value);
        let [(from, origin)] = &origins[..] else { return false };
        if from.function == frame.function && from.file == frame.file && *origin == value {
            return facts.text(name) == "$request";
        }
        from.depth < frame.depth && self.is_request(from, *origin)
    }

    fn is_request_class(&self, class: &Ancestor) -> bool {
        match class {
            Ancestor::Ours(class) => self.classes.is_below(*class, &REQUESTS),
            Ancestor::Outside(full) => REQUESTS.contains(&full.as_str()),
        }
    }
}

impl Asked {
    /// Puts into an operation what was asked for: a method without a body sends it behind the question mark.
    pub(super) fn tell(self, method: Method, operation: &mut Operation) {
        for (name, schema, required) in self.query.each() {
            operation.parameter(In::Query, name, schema, required);
        }
        for name in &self.headers {
            operation.parameter(In::Header, name, Schema::text(), false);
        }
        if matches!(method, Method::Get | Method::Head | Method::Delete | Method::Options) {
            for (name, schema, required) in self.fields.each() {
                operation.parameter(In::Query, name, schema, required);
            }
            if self.fields.open {
                operation.unsure(PUT_TOGETHER, 70);
            }
            return;
        }
        if self.fields.is_empty() && !self.whole {
            return;
        }
        let named: Vec<String> =
            operation.parameters.iter().filter(|known| known.place == In::Query).map(|known| known.name.clone()).collect();
        let mut fields = self.fields;
        // Rules refuse what does not fit; they do not drop what they say nothing about.
        fields.open |= self.whole;
        if fields.open {
            operation.unsure(PUT_TOGETHER, 70);
        }
        operation.body_required = fields.each().any(|(name, _, required)| required && !named.iter().any(|known| known == name));
        // Rules such as `image` say it too.
        let has_files = self.has_files || fields.each().any(|(_, schema, _)| schema.is_file());
        let media = if has_files { vec![MULTIPART] } else { vec![JSON] };
        operation.body = Some(Content { media, schema: fields.schema() });
    }
}
