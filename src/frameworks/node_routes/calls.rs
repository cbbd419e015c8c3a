//! Calls: functions and classes of the tree are entered, lists are gone through, texts are worked on.

use super::Reader;
use super::values::{Abs, Code, Env, EnvId, Frame, HOLE, Instance, InstanceId, Site};
use super::verbs::{is_router_by_name, made_by, method_of};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, Shape, ValueId};
use std::rc::Rc;

/// How deep objects are made inside each other.
const DEEPEST: u32 = 150;

/// Rounds of one loop that are looked at.
const MOST_ROUNDS: usize = 400;

impl Reader<'_> {
    /// The frame, made where it is new.
    pub(super) fn frame(
        &mut self,
        frame: Frame,
        parent: Option<EnvId>,
        file: FileId,
        owner: Option<DefinitionId>,
        this: Option<Abs>,
    ) -> EnvId {
        match self.envs.known(frame) {
            Some(env) => env,
            None => self.envs.add(frame, Env { parent, file, owner, round: None, names: Vec::new(), this }),
        }
    }

    /// A call.
    pub(super) fn call(&mut self, env: EnvId, call: &Call) -> Abs {
        let file = self.envs.get(env).file;
        let base = self.base;
        let facts = base.facts(file);
        let site = Site { env, file, value: call.value };
        match facts.value(call.callee).shape {
            Shape::Name(name) => match facts.text(name) {
                "require" | "import" => self.require(env, call),
                "super" => self.super_call(env, call),
                // A collection is gone through like the list it is made of.
                "Map" | "Set" => match facts.arguments_of(call).first() {
                    Some(first) => self.eval(env, first.value),
                    None => Abs::Unknown,
                },
                _ => {
                    let target = self.eval(env, call.callee);
                    self.apply(&target, site, call)
                }
            },
            Shape::Member(object, name) => {
                let name = facts.text(name);
                self.method_call(site, object, name, call)
            }
            _ => {
                let target = self.eval(env, call.callee);
                self.apply(&target, site, call)
            }
        }
    }

    /// `require('./a')`, `import('./a')`
    fn require(&mut self, env: EnvId, call: &Call) -> Abs {
        let file = self.envs.get(env).file;
        let facts = self.base.facts(file);
        let Some(first) = facts.arguments_of(call).first() else { return Abs::Unknown };
        let index = self.index(file);
        let import = match facts.value(first.value).shape {
            // What stands before `!` names loaders of a bundler.
            Shape::Literal(text) => index.required(facts.value(call.value).line, text).or_else(|| index.required(call.span.line, text)),
            _ => index.computed(first.value),
        };
        import.map_or(Abs::Unknown, |import| self.import(file, import))
    }

    /// What is handed over; `...rest` is taken apart where it is a list.
    pub(super) fn arguments(&mut self, env: EnvId, call: &Call) -> Rc<[Abs]> {
        let base = self.base;
        let facts = base.facts(self.envs.get(env).file);
        let mut found = Vec::new();
        for argument in facts.arguments_of(call) {
            let value = self.eval(env, argument.value);
            match self.elements(&value).filter(|_| argument.spread) {
                Some(list) => found.extend(list.iter().cloned()),
                None => found.push(value),
            }
        }
        found.into()
    }

    /// Calls what an expression came to.
    pub(super) fn apply(&mut self, target: &Abs, site: Site, call: &Call) -> Abs {
        match target {
            Abs::Function(code) => {
                let arguments = self.arguments(site.env, call);
                self.enter(code, site, &arguments, 0)
            }
            Abs::Class(code) => {
                let arguments = self.arguments(site.env, call);
                self.instantiate(site, code, &arguments)
            }
            Abs::Module(file) => {
                let default = self.exported(*file, "default");
                if matches!(default, Abs::Module(_)) { Abs::Unknown } else { self.apply(&default, site, call) }
            }
            Abs::Outside(path) => self.outside(path, site, call),
            Abs::Method(router, name) => self.router_call(*router, name, site, call, 0),
            Abs::Made(path, _) => {
                self.callbacks(site.env, call);
                Abs::Made(format!("{path}()").into(), site)
            }
            _ => {
                self.callbacks(site.env, call);
                Abs::Unknown
            }
        }
    }

    /// A function of somebody else's.
    fn outside(&mut self, path: &Rc<str>, site: Site, call: &Call) -> Abs {
        if let Some((framework, whole)) = made_by(path) {
            return self.make_router(framework, whole, site, call);
        }
        let (package, name) = path.rsplit_once('.').unwrap_or((path, ""));
        match (package, name) {
            ("path" | "path.posix" | "node:path" | "node:path.posix", "join") | (_, "url-join") | ("url-join", _) => {
                let arguments = self.arguments(site.env, call);
                join_texts(&arguments)
            }
            ("lodash" | "underscore" | "async", "each" | "forEach" | "map" | "eachSeries" | "eachOf") => {
                let arguments = self.arguments(site.env, call);
                self.each_element(site, arguments.first(), arguments.get(1))
            }
            _ => {
                self.callbacks(site.env, call);
                Abs::Made(path.clone(), site)
            }
        }
    }

    /// Functions that are written as arguments of a call nobody knows are taken to be called.
    pub(super) fn callbacks(&mut self, env: EnvId, call: &Call) {
        let file = self.envs.get(env).file;
        let base = self.base;
        let facts = base.facts(file);
        for argument in facts.arguments_of(call) {
            let Shape::Inline(id) = facts.value(argument.value).shape else { continue };
            if !facts.definition(id).kind.is_type() && self.index(file).registers(id) {
                let code = Code { file, id, env, this: None };
                let site = Site { env, file, value: argument.value };
                self.enter(&code, site, &[], 0);
            }
        }
    }

    /// Enters a function of the tree: what stands in it is read with what it is handed.
    pub(super) fn enter(&mut self, code: &Code, site: Site, arguments: &[Abs], round: u32) -> Abs {
        let key = (code.file, code.id);
        let visits = self.entered.get(&key).copied().unwrap_or_default();
        let asked = (code.clone(), Rc::from(arguments));
        if let Some(answer) = self.answered.get(&asked) {
            return answer.clone();
        }
        let is_handed = arguments.iter().any(|argument| matches!(argument, Abs::Instance(_)) || self.holds_router(argument));
        if !self.concerned.contains(&code.file) {
            return Abs::Unknown;
        }
        if !visits.may_go_on(self.depth, is_handed) {
            self.cut += u64::from(visits.cut_at.is_some());
            return Abs::Unknown;
        }
        // Who is asked the same inside itself never comes to an end.
        self.answered.insert(asked.clone(), Abs::Unknown);
        self.entered.insert(key, visits.begun());
        let (done, cut, made) = (self.done, self.cut, self.routers.len() + self.instances.len());
        let frame = Frame::Call(site, code.file, code.id, round);
        let env = match self.envs.known(frame) {
            Some(env) => env,
            None => {
                let this = code.this.as_deref().cloned();
                let env = self.frame(frame, Some(code.env), code.file, Some(code.id), this);
                self.bind_parameters(env, code.id, arguments);
                let on_object = matches!(code.this.as_deref(), Some(Abs::Instance(_)));
                let registers = self.index(code.file).registers(code.id) && !visits.is_idle();
                if registers || is_handed || on_object {
                    self.run(env);
                }
                env
            }
        };
        let result = self.result(env, code);
        let visits = self.entered.entry(key).or_default();
        visits.close(self.depth, cut != self.cut, done != self.done, result.is_known());
        // A router that is handed back is another one each time, and what was too deep to see may be seen from elsewhere.
        if cut != self.cut || result.is_known() && made != self.routers.len() + self.instances.len() {
            self.answered.remove(&asked);
        } else {
            self.answered.insert(asked, result.clone());
        }
        result
    }

    /// What a function hands back.
    fn result(&mut self, env: EnvId, code: &Code) -> Abs {
        let index = self.index(code.file);
        let mut result = Abs::Unknown;
        for value in index.returned(code.id) {
            result = self.eval(env, *value);
            if result.is_known() {
                break;
            }
        }
        result
    }

    /// A router, or something plain that holds one.
    fn holds_router(&mut self, value: &Abs) -> bool {
        match value {
            Abs::Router(_) | Abs::Addressed(..) | Abs::Method(..) => true,
            Abs::Written(_) => self.pairs(value).into_iter().flatten().any(|(_, value)| matches!(value, Abs::Router(_))),
            _ => false,
        }
    }

    pub(super) fn bind_parameters(&mut self, env: EnvId, function: DefinitionId, arguments: &[Abs]) {
        let file = self.envs.get(env).file;
        let base = self.base;
        let facts = base.facts(file);
        let index = self.index(file);
        let mut patterns = index.patterns(function).iter();
        for (place, parameter) in facts.parameters[facts.definition(function).parameters.range()].iter().enumerate() {
            let mut given = if parameter.variadic {
                Abs::List(arguments.get(place..).unwrap_or(&[]).into())
            } else {
                arguments.get(place).cloned().unwrap_or(Abs::Unknown)
            };
            if !given.is_known()
                && let Some(default) = parameter.default
            {
                given = self.eval(env, default);
            }
            if facts.text(parameter.name).is_empty() {
                if let Some(pattern) = patterns.next() {
                    self.take_apart(env, *pattern, &given);
                }
            } else {
                self.envs.bind(env, parameter.name, given);
            }
        }
    }

    /// Gives the names of a pattern their parts.
    fn take_apart(&mut self, env: EnvId, pattern: ValueId, given: &Abs) {
        let base = self.base;
        let facts = base.facts(self.envs.get(env).file);
        match facts.value(pattern).shape {
            Shape::Name(name) => self.envs.bind(env, name, given.clone()),
            Shape::List(parts) => {
                for (place, part) in (0u32..).zip(facts.items(parts)) {
                    if let Shape::Name(name) = facts.value(*part).shape {
                        let value = self.part(given, place, name, env);
                        self.envs.bind(env, name, value);
                    }
                }
            }
            _ => {}
        }
    }

    /// Reads the calls directly inside a function, or at the top of a file.
    pub(super) fn run(&mut self, env: EnvId) {
        let (file, owner) = (self.envs.get(env).file, self.envs.get(env).owner);
        if let Some(id) = owner {
            self.visited.insert((file, id));
        }
        let base = self.base;
        let facts = base.facts(file);
        let index = self.index(file);
        let from = owner.map_or(0, |id| facts.definition(id).values.start);
        let cut = self.cut;
        for number in index.calls(owner) {
            let call = &facts.calls[*number as usize];
            for env in self.rounds(env, call.value, from) {
                self.eval(env, call.value);
            }
        }
        if let Some(id) = owner.filter(|_| cut != self.cut) {
            // Seen from elsewhere there may be more of it.
            self.visited.remove(&(file, id));
        }
    }

    /// The frames of a call that stands in loops: one for each round.
    fn rounds(&mut self, env: EnvId, value: ValueId, from: u32) -> Vec<EnvId> {
        let file = self.envs.get(env).file;
        let loops = self.index(file).loops_around(value, from);
        let mut frames = vec![env];
        for found in loops {
            let mut inner = Vec::new();
            for frame in frames {
                let subject = self.eval(frame, found.subject);
                let elements = match self.elements(&subject) {
                    Some(elements) => elements.to_vec(),
                    None => self.pairs(&subject).into_iter().flatten().map(|(key, _)| key).collect(),
                };
                if elements.is_empty() {
                    inner.push(frame);
                }
                for (round, element) in (0u32..).zip(elements).take(MOST_ROUNDS) {
                    let key = Frame::Round(Site { env: frame, file, value: found.subject }, round);
                    let env = match self.envs.known(key) {
                        Some(env) => env,
                        None => {
                            let owner = self.envs.get(frame).owner;
                            let row = Env { parent: Some(frame), file, owner, round: Some(found.values), names: Vec::new(), this: None };
                            let env = self.envs.add(key, row);
                            self.take_apart(env, found.target, &element);
                            env
                        }
                    };
                    inner.push(env);
                }
            }
            frames = inner;
            frames.truncate(MOST_ROUNDS);
        }
        frames
    }

    fn instantiate(&mut self, site: Site, class: &Code, arguments: &[Abs]) -> Abs {
        if !self.concerned.contains(&class.file) {
            return Abs::Unknown;
        }
        if let Some(Abs::Outside(path)) = &self.base_class(class)
            && let Some((framework, whole)) = made_by(path)
        {
            return self.new_router(framework, whole, site, "");
        }
        let id = InstanceId(u32::try_from(self.instances.len()).expect("objects are limited"));
        self.instances.push(Instance { class: class.clone() });
        self.construct(id, class, arguments);
        Abs::Instance(id)
    }

    /// Runs the constructor of a class, or of the class it extends.
    pub(super) fn construct(&mut self, id: InstanceId, class: &Code, arguments: &[Abs]) {
        self.index(class.file);
        self.depth += 1;
        if self.depth < DEEPEST {
            match self.constructor(class) {
                Some(constructor) => {
                    let frame = Frame::Constructor(id, class.file, constructor);
                    let env = self.frame(frame, Some(class.env), class.file, Some(constructor), Some(Abs::Instance(id)));
                    self.bind_parameters(env, constructor, arguments);
                    self.run(env);
                }
                None => {
                    if let Some(Abs::Class(base)) = self.base_class(class) {
                        self.construct(id, &base, arguments);
                    }
                }
            }
        }
        self.depth -= 1;
    }

    /// `super(...)`
    fn super_call(&mut self, env: EnvId, call: &Call) -> Abs {
        let Some(Abs::Instance(id)) = self.envs.this(env).cloned() else { return Abs::Unknown };
        let frame = self.envs.get(env);
        let facts = self.base.facts(frame.file);
        let Some(class) = facts.class_around(frame.owner) else { return Abs::Unknown };
        let class = Code { file: frame.file, id: class, env: frame.parent.unwrap_or(env), this: None };
        if let Some(Abs::Class(base)) = self.base_class(&class) {
            let arguments = self.arguments(env, call);
            self.construct(id, &base, &arguments);
        }
        Abs::Unknown
    }

    fn method_call(&mut self, site: Site, object: ValueId, name: &str, call: &Call) -> Abs {
        let base = self.base;
        let facts = base.facts(site.file);
        match facts.as_name(object).map(|root| facts.text(root)) {
            Some("Object") => return self.of_object(site, name, call),
            Some("Promise") if name == "resolve" => {
                return facts.arguments_of(call).first().map_or(Abs::Unknown, |first| self.eval(site.env, first.value));
            }
            _ => {}
        }
        let on = self.eval(site.env, object);
        match &on {
            Abs::Router(router) => return self.router_call(*router, name, site, call, 0),
            Abs::Addressed(router, path) => return self.addressed_call(*router, &path.clone(), name, site, call),
            Abs::Method(router, verb) if matches!(name, "call" | "apply") => return self.router_call(*router, verb, site, call, 1),
            Abs::Function(code) if name == "bind" => return Abs::Function(code.clone()),
            Abs::Function(code) if name == "call" => {
                let arguments = self.arguments(site.env, call);
                return self.enter(code, site, arguments.get(1..).unwrap_or(&[]), 0);
            }
            Abs::Text(text) => {
                let text = text.clone();
                return self.of_text(&text, name, site, call);
            }
            Abs::List(_) | Abs::Written(_) => {
                if let Some(list) = self.elements(&on) {
                    return self.of_list(&on, &list, name, site, call);
                }
            }
            Abs::Unknown if self.reads_like_a_route(site, object, name, call) => {
                if let Abs::Router(router) = self.guessed(self.framework, site.env, site.file) {
                    return self.router_call(router, name, site, call, 0);
                }
            }
            _ => {}
        }
        let target = self.property(&on, name, site.env);
        self.apply(&target, site, call)
    }

    /// `args.app.get('/a', handler)` where nobody can tell what `args` is: an object with a router's name is given an
    /// address and a function.
    fn reads_like_a_route(&mut self, site: Site, object: ValueId, name: &str, call: &Call) -> bool {
        let base = self.base;
        let facts = base.facts(site.file);
        let arguments = facts.arguments_of(call);
        let named = facts.last_name(object).is_some_and(is_router_by_name);
        let ([first, .., last], true, Some(_)) = (arguments, named, method_of(name)) else { return false };
        facts.as_literal(first.value).is_some_and(|path| path.starts_with('/')) && self.is_function(site, last.value)
    }

    /// `Object.keys(a)`, `Object.entries(a)`, `Object.assign(a, b)`
    fn of_object(&mut self, site: Site, name: &str, call: &Call) -> Abs {
        let arguments = self.arguments(site.env, call);
        let Some(first) = arguments.first() else { return Abs::Unknown };
        if matches!(name, "freeze" | "assign") {
            return first.clone();
        }
        let Some(pairs) = self.pairs(first) else { return Abs::Unknown };
        match name {
            "keys" => Abs::List(pairs.into_iter().map(|(key, _)| key).collect()),
            "values" => Abs::List(pairs.into_iter().map(|(_, value)| value).collect()),
            "entries" => Abs::List(pairs.into_iter().map(|(key, value)| Abs::List([key, value].into())).collect()),
            _ => Abs::Unknown,
        }
    }

    fn of_list(&mut self, on: &Abs, list: &Rc<[Abs]>, name: &str, site: Site, call: &Call) -> Abs {
        let arguments = self.arguments(site.env, call);
        match name {
            "forEach" | "map" | "flatMap" | "each" => self.each_element(site, Some(on), arguments.first()),
            "reduce" => {
                let (Some(Abs::Function(code)), Some(first)) = (arguments.first(), arguments.get(1)) else { return Abs::Unknown };
                let mut memo = first.clone();
                for (round, element) in (0u32..).zip(list.iter()).take(MOST_ROUNDS) {
                    memo = self.enter(code, site, &[memo, element.clone()], round);
                }
                memo
            }
            "concat" => {
                let mut all = list.to_vec();
                for argument in arguments.iter() {
                    match self.elements(argument) {
                        Some(more) => all.extend(more.iter().cloned()),
                        None => all.push(argument.clone()),
                    }
                }
                Abs::List(all.into())
            }
            "push" | "unshift" => {
                if let Abs::Written(site) = on {
                    self.done += 1;
                    self.pushed.entry(*site).or_default().extend(arguments.iter().cloned());
                }
                Abs::Unknown
            }
            "filter" | "slice" | "sort" | "reverse" | "flat" | "values" => on.clone(),
            "entries" => {
                let pair = |(place, element): (usize, &Abs)| Abs::List([Abs::text(&place.to_string()), element.clone()].into());
                Abs::List(list.iter().enumerate().map(pair).collect())
            }
            "pop" | "at" => list.last().cloned().unwrap_or(Abs::Unknown),
            "shift" => list.first().cloned().unwrap_or(Abs::Unknown),
            "join" => {
                let with = match arguments.first() {
                    Some(Abs::Text(with)) => with.to_string(),
                    _ => ",".to_owned(),
                };
                let parts: Vec<String> = list.iter().map(shown).collect();
                Abs::text(&parts.join(&with))
            }
            _ => Abs::Unknown,
        }
    }

    /// Calls a function with each element of a list, or each value of an object.
    fn each_element(&mut self, site: Site, list: Option<&Abs>, function: Option<&Abs>) -> Abs {
        let (Some(list), Some(Abs::Function(code))) = (list, function) else { return Abs::Unknown };
        let pairs: Vec<(Abs, Abs)> = match self.elements(list) {
            Some(list) => list.iter().enumerate().map(|(place, element)| (Abs::text(&place.to_string()), element.clone())).collect(),
            None => self.pairs(list).unwrap_or_default(),
        };
        let mut results = Vec::new();
        for (round, (key, element)) in (0u32..).zip(pairs).take(MOST_ROUNDS) {
            results.push(self.enter(code, site, &[element, key], round));
        }
        Abs::List(results.into())
    }

    fn of_text(&mut self, text: &str, name: &str, site: Site, call: &Call) -> Abs {
        let arguments = self.arguments(site.env, call);
        match (name, &*arguments) {
            ("toLowerCase", _) => Abs::text(&text.to_lowercase()),
            ("toUpperCase", _) => Abs::text(&text.to_uppercase()),
            ("trim" | "toString", _) => Abs::text(text),
            ("concat", parts) => Abs::text(&parts.iter().fold(text.to_owned(), |text, part| text + &shown(part))),
            ("replace" | "replaceAll", [Abs::Text(from), Abs::Text(to)]) => Abs::text(&text.replacen(&**from, to, 1)),
            ("split", [Abs::Text(by)]) if !text.contains(HOLE) && !by.is_empty() => Abs::List(text.split(&**by).map(Abs::text).collect()),
            ("slice" | "substring" | "substr", [Abs::Text(from)]) => {
                let from = from.parse::<usize>().ok();
                from.and_then(|from| text.get(from..)).map_or(Abs::Unknown, Abs::text)
            }
            _ => Abs::Unknown,
        }
    }
}

/// A text, with a hole for anything else.
fn shown(value: &Abs) -> String {
    match value {
        Abs::Text(text) => text.to_string(),
        _ => HOLE.to_string(),
    }
}

/// `path.join('/a', 'b')`
fn join_texts(parts: &[Abs]) -> Abs {
    let mut text = String::new();
    for part in parts.iter().map(shown).filter(|part| !part.is_empty()) {
        if !text.is_empty() && !text.ends_with('/') && !part.starts_with('/') {
            text.push('/');
        }
        text.push_str(if text.ends_with('/') { part.trim_start_matches('/') } else { &part });
    }
    Abs::text(&text)
}
