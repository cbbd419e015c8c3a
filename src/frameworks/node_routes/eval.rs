//! Expressions: variables, members, texts that are put together.

use super::Reader;
use super::index::Slot;
use super::values::{Abs, Code, EnvId, Frame, HOLE, InstanceId, Site};
use super::verbs::ready_made;
use crate::base::FileId;
use crate::facts::{DefinitionId, DefinitionKind, Shape, Target, Text, ValueId};
use crate::names::{Export, Home, Meaning};
use std::rc::Rc;

/// How deep one expression is followed through others.
const DEEPEST: u32 = 200;

/// How many classes are gone up.
const MOST_BASES: usize = 8;

impl Reader<'_> {
    /// What an expression comes to in a frame.
    pub(super) fn eval(&mut self, env: EnvId, value: ValueId) -> Abs {
        let file = self.envs.get(env).file;
        match self.base.facts(file).value(value).shape {
            Shape::Literal(text) | Shape::Number(text) => return Abs::text(self.base.facts(file).text(text)),
            Shape::List(_) | Shape::Map(_) => return Abs::Written(Site { env, file, value }),
            Shape::Inline(id) => return self.code(file, id, env),
            Shape::Constant(_) | Shape::Other(_) => return Abs::Unknown,
            _ => {}
        }
        if let Some(known) = self.memo.get(&(env, value)) {
            return known.clone();
        }
        if self.depth >= DEEPEST || self.left == 0 {
            self.cut += 1;
            return Abs::Unknown;
        }
        self.memo.insert((env, value), Abs::Unknown);
        self.depth += 1;
        self.left -= 1;
        let found = self.fresh(env, file, value);
        self.depth -= 1;
        self.memo.insert((env, value), found.clone());
        found
    }

    fn fresh(&mut self, env: EnvId, file: FileId, value: ValueId) -> Abs {
        let base = self.base;
        let facts = base.facts(file);
        match facts.value(value).shape {
            Shape::Name(name) => self.name(env, name),
            // `const Orders = module.exports`
            Shape::Member(object, name)
                if facts.text(name) == "exports" && facts.as_name(object).is_some_and(|object| facts.text(object) == "module") =>
            {
                Abs::Module(file)
            }
            Shape::Member(object, name) => {
                let object = self.eval(env, object);
                self.property(&object, facts.text(name), env)
            }
            Shape::Item(object, index) => self.item(env, object, index),
            Shape::Call(call) => self.call(env, &facts.calls[call.0 as usize]),
            Shape::Template(parts) => {
                let mut text = String::new();
                for part in facts.items(parts) {
                    self.piece(env, *part, &mut text);
                }
                Abs::text(&text)
            }
            Shape::Joined(left, right) => {
                let mut text = String::new();
                self.piece(env, left, &mut text);
                self.piece(env, right, &mut text);
                Abs::text(&text)
            }
            Shape::Choice(parts) => {
                let found: Vec<Abs> = facts.items(parts).iter().map(|part| self.eval(env, *part)).collect();
                let says = |abs: &&Abs| !matches!(abs, Abs::Unknown | Abs::Outside(_));
                found.iter().find(says).or_else(|| found.iter().find(|abs| abs.is_known())).cloned().unwrap_or(Abs::Unknown)
            }
            _ => Abs::Unknown,
        }
    }

    fn piece(&mut self, env: EnvId, part: ValueId, text: &mut String) {
        match self.eval(env, part) {
            Abs::Text(piece) => text.push_str(&piece),
            _ => text.push(HOLE),
        }
    }

    pub(super) fn code(&self, file: FileId, id: DefinitionId, env: EnvId) -> Abs {
        let code = Code { file, id, env, this: None };
        if self.base.facts(file).definition(id).kind.is_type() { Abs::Class(code) } else { Abs::Function(code) }
    }

    /// The frame of a file's top.
    pub(super) fn top(&mut self, file: FileId) -> EnvId {
        self.frame(Frame::File(file), None, file, None, None)
    }

    /// A variable.
    pub(super) fn name(&mut self, env: EnvId, name: Text) -> Abs {
        let file = self.envs.get(env).file;
        if self.base.facts(file).text(name) == "this" {
            return self.envs.this(env).cloned().unwrap_or(Abs::Unknown);
        }
        let index = self.index(file);
        let (mut at, mut level) = (Some(env), env);
        while let Some(id) = at {
            let frame = self.envs.get(id);
            if let Some((_, found)) = frame.names.iter().rev().find(|(known, _)| *known == name) {
                return found.clone();
            }
            at = frame.parent;
            if frame.round.is_some() {
                continue;
            }
            let slots = index.slots(frame.owner, name);
            if !slots.is_empty() {
                return self.slots(file, level, name, slots);
            }
            level = at.unwrap_or(level);
        }
        Abs::Unknown
    }

    /// What one of several assignments says; a function of an object's own may have the same name.
    fn slots(&mut self, file: FileId, env: EnvId, name: Text, slots: &[Slot]) -> Abs {
        let is_definition = |slot: &&Slot| matches!(slot, Slot::Definition(_));
        let (defined, given): (Vec<&Slot>, Vec<&Slot>) = slots.iter().partition(is_definition);
        for slot in given.into_iter().chain(defined) {
            let found = match *slot {
                Slot::Definition(id) => self.code(file, id, env),
                Slot::Value(value) => self.eval(self.envs.around(env, value), value),
                Slot::Import(import) => self.import(file, import),
                Slot::Part(value, place) => {
                    let whole = self.eval(self.envs.around(env, value), value);
                    self.part(&whole, place, name, env)
                }
            };
            if found.is_known() {
                return found;
            }
        }
        Abs::Unknown
    }

    /// A part of something that is taken apart: by its place in a list, by its name in an object.
    pub(super) fn part(&mut self, whole: &Abs, place: u32, name: Text, env: EnvId) -> Abs {
        match self.elements(whole) {
            Some(list) => list.get(place as usize).cloned().unwrap_or(Abs::Unknown),
            None => {
                let file = self.envs.get(env).file;
                let base = self.base;
                self.property(whole, base.facts(file).text(name), env)
            }
        }
    }

    pub(super) fn import(&mut self, file: FileId, import: u32) -> Abs {
        let (base, names) = (self.base, self.names);
        let facts = base.facts(file);
        let written = &facts.imports[import as usize];
        let symbol = written.symbol.map(|symbol| facts.text(symbol)).filter(|symbol| *symbol != "*");
        match (&names.imports(file)[import as usize], symbol) {
            (Meaning::Module(target), None) => Abs::Module(*target),
            (Meaning::Module(target) | Meaning::Symbol(target), Some(symbol)) => self.exported(*target, symbol),
            (Meaning::Symbol(target), None) => Abs::Module(*target),
            (Meaning::External, symbol) => {
                let (Target::Package(package) | Target::Path(package)) = written.target else { return Abs::Unknown };
                match symbol.filter(|symbol| *symbol != "default") {
                    Some(symbol) => Abs::Outside(format!("{}.{symbol}", facts.text(package)).into()),
                    None => Abs::text(facts.text(package)).outside(),
                }
            }
            _ => Abs::Unknown,
        }
    }

    /// What a file exports by a name.
    pub(super) fn exported(&mut self, file: FileId, name: &str) -> Abs {
        let (base, names) = (self.base, self.names);
        if self.depth >= DEEPEST {
            return Abs::Unknown;
        }
        let found = match names.home(base, file, name) {
            Some(Home { file, export: None }) => Abs::Module(file),
            Some(Home { file: home, export: Some(export) }) => self.export(home, export, name),
            None => match names.export(base, file, name) {
                Some(Export::Import(import)) => self.import(file, import),
                _ => Abs::Unknown,
            },
        };
        if found.is_known() || name == "default" {
            return found;
        }
        self.depth += 1;
        let whole = self.exported(file, "default");
        let top = self.top(file);
        let found = if whole.is_known() { self.property(&whole, name, top) } else { Abs::Unknown };
        self.depth -= 1;
        found
    }

    fn export(&mut self, home: FileId, export: Export, name: &str) -> Abs {
        let top = self.top(home);
        match export {
            Export::Definition(id) => self.code(home, id, top),
            Export::Variable(Some(value)) => self.eval(top, value),
            Export::Variable(None) => match self.base.facts(home).texts.find(name) {
                Some(text) => self.name(top, text),
                None => Abs::Unknown,
            },
            Export::Import(import) => self.import(home, import),
        }
    }

    /// A member of something.
    pub(super) fn property(&mut self, object: &Abs, name: &str, env: EnvId) -> Abs {
        if name == "default" && !matches!(object, Abs::Module(_) | Abs::Outside(_)) {
            return object.clone();
        }
        match object {
            Abs::Module(file) => self.exported(*file, name),
            Abs::Outside(path) if name == "default" => Abs::Outside(path.clone()),
            Abs::Outside(path) => self.outside_member(path, name, env),
            Abs::Made(path, _) => Abs::Outside(format!("{path}().{name}").into()),
            Abs::Written(site) => self.entry(*site, name, object),
            Abs::Instance(id) => self.field(*id, name),
            Abs::Class(code) => self.of_class(code, name, None),
            Abs::Router(router) if super::verbs::method_of(name).is_some() => Abs::Method(*router, name.into()),
            Abs::Router(_) | Abs::Function(_) => self.given(object, name, env),
            _ => Abs::Unknown,
        }
    }

    /// A member of somebody else's: a router that the framework makes itself is the same one everywhere.
    fn outside_member(&mut self, path: &Rc<str>, name: &str, env: EnvId) -> Abs {
        let path: Rc<str> = format!("{path}.{name}").into();
        let Some(framework) = ready_made(&path) else { return Abs::Outside(path) };
        if let Some(known) = self.ready.get(&path) {
            return Abs::Router(*known);
        }
        let site = Site { env, file: self.envs.get(env).file, value: ValueId(0) };
        let made = self.new_router(framework, true, site, "");
        if let Abs::Router(router) = made {
            self.ready.insert(path, router);
        }
        made
    }

    /// The value of a key of an object that is written down, or given to it later in the same file.
    fn entry(&mut self, site: Site, name: &str, object: &Abs) -> Abs {
        let base = self.base;
        let facts = base.facts(site.file);
        let Shape::Map(entries) = facts.value(site.value).shape else { return Abs::Unknown };
        let entries = &facts.entries[entries.range()];
        let named = entries.iter().rev().find(|entry| entry.key.is_some_and(|key| facts.as_literal(key) == Some(name)));
        if let Some(entry) = named {
            return match self.eval(site.env, entry.value) {
                Abs::Function(code) if code.this.is_none() => Abs::Function(Code { this: Some(Rc::new(object.clone())), ..code }),
                found => found,
            };
        }
        for entry in entries.iter().rev().filter(|entry| entry.key.is_none()) {
            let other = self.eval(site.env, entry.value);
            let found = if other == *object { Abs::Unknown } else { self.property(&other, name, site.env) };
            if found.is_known() && !matches!(found, Abs::Outside(_)) {
                return found;
            }
        }
        self.given(object, name, site.env)
    }

    /// `helpers.wrap = function () { }`: what a member of an object is given in a file.
    pub(super) fn given(&mut self, object: &Abs, name: &str, env: EnvId) -> Abs {
        let home = match object {
            Abs::Router(router) => self.routers[router.0 as usize].site,
            Abs::Function(code) => Some((code.env, code.file)),
            _ => None,
        };
        let here = (env, self.envs.get(env).file);
        for (env, file) in [Some(here), home].into_iter().flatten() {
            let base = self.base;
            let Some(text) = base.facts(file).texts.find(name) else { continue };
            let index = self.index(file);
            for (target, value, owner) in index.given_to_members(text) {
                let Some(env) = self.frame_of(env, *owner) else { continue };
                if self.eval(env, *target) == *object {
                    return self.eval(env, *value);
                }
            }
        }
        Abs::Unknown
    }

    /// The frame of a function among a frame and those around it.
    fn frame_of(&self, env: EnvId, owner: Option<DefinitionId>) -> Option<EnvId> {
        let mut at = Some(env);
        while let Some(id) = at {
            let frame = self.envs.get(id);
            if frame.owner == owner && frame.round.is_none() {
                return Some(id);
            }
            at = frame.parent;
        }
        None
    }

    /// `a[1]`, `a['b']`, `a[a.length - 1]`
    fn item(&mut self, env: EnvId, object: ValueId, index: ValueId) -> Abs {
        let file = self.envs.get(env).file;
        let base = self.base;
        let facts = base.facts(file);
        let whole = self.eval(env, object);
        if let Some(list) = self.elements(&whole) {
            let place = match facts.value(index).shape {
                Shape::Number(text) => facts.text(text).parse().ok(),
                Shape::Other(parts) => match *facts.items(parts) {
                    [length, less] if facts.last_name(length) == Some("length") => match facts.value(less).shape {
                        Shape::Number(text) => facts.text(text).parse().ok().and_then(|less| list.len().checked_sub(less)),
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            };
            return place.and_then(|place| list.get(place)).cloned().unwrap_or(Abs::Unknown);
        }
        match self.eval(env, index) {
            Abs::Text(key) if !key.contains(HOLE) => self.property(&whole, &key, env),
            _ => Abs::Unknown,
        }
    }

    /// A member of an object that a class made.
    fn field(&mut self, id: InstanceId, name: &str) -> Abs {
        let mut class = self.instances[id.0 as usize].class.clone();
        for _ in 0..MOST_BASES {
            let found = self.of_class(&class, name, Some(id));
            if found.is_known() {
                return found;
            }
            match self.base_class(&class) {
                Some(Abs::Class(base)) => class = base,
                _ => break,
            }
        }
        Abs::Unknown
    }

    pub(super) fn base_class(&mut self, class: &Code) -> Option<Abs> {
        let facts = self.base.facts(class.file);
        let first = *facts.items(facts.definition(class.id).bases).first()?;
        Some(self.eval(class.env, first))
    }

    /// What one class says of a member.
    fn of_class(&mut self, class: &Code, name: &str, instance: Option<InstanceId>) -> Abs {
        let base = self.base;
        let facts = base.facts(class.file);
        let Some(text) = facts.texts.find(name) else { return Abs::Unknown };
        let index = self.index(class.file);
        let this = instance.map(Abs::Instance);
        for slot in index.slots(Some(class.id), text) {
            match *slot {
                Slot::Definition(id) if facts.definition(id).kind == DefinitionKind::Method => {
                    return Abs::Function(Code { file: class.file, id, env: class.env, this: this.map(Rc::new) });
                }
                Slot::Value(value) => {
                    let frame = Frame::Alone(class.env, class.file, class.id, instance);
                    let env = self.frame(frame, Some(class.env), class.file, Some(class.id), this);
                    return self.eval(env, value);
                }
                _ => {}
            }
        }
        let Some(instance) = instance else { return Abs::Unknown };
        for (target, value, owner) in index.given_to_members(text) {
            let is_this = facts.as_name(*target).is_some_and(|name| facts.text(name) == "this");
            let Some(method) = self.method_around(class, *owner).filter(|_| is_this) else { continue };
            let env = self.method_frame(class, method, instance);
            let found = self.eval(env, *value);
            if found.is_known() {
                return found;
            }
        }
        self.constructor_parameter(class, text, instance)
    }

    /// `constructor(private readonly app: Express)`
    fn constructor_parameter(&mut self, class: &Code, name: Text, instance: InstanceId) -> Abs {
        let facts = self.base.facts(class.file);
        let Some(constructor) = self.constructor(class) else { return Abs::Unknown };
        let parameters = &facts.parameters[facts.definition(constructor).parameters.range()];
        if !parameters.iter().any(|parameter| parameter.name == name) {
            return Abs::Unknown;
        }
        let env = self.method_frame(class, constructor, instance);
        self.name(env, name)
    }

    pub(super) fn constructor(&self, class: &Code) -> Option<DefinitionId> {
        let facts = self.base.facts(class.file);
        let name = facts.texts.find("constructor")?;
        let slots = self.built(class.file)?.slots(Some(class.id), name);
        slots.iter().find_map(|slot| match slot {
            Slot::Definition(id) => Some(*id),
            _ => None,
        })
    }

    fn method_around(&self, class: &Code, owner: Option<DefinitionId>) -> Option<DefinitionId> {
        let facts = self.base.facts(class.file);
        let mut at = owner;
        while let Some(id) = at {
            let definition = facts.definition(id);
            if definition.owner == Some(class.id) {
                return Some(id);
            }
            at = definition.owner;
        }
        None
    }

    /// The frame of a method of an object, where nobody knows what it is handed; that of the constructor is known.
    fn method_frame(&mut self, class: &Code, method: DefinitionId, instance: InstanceId) -> EnvId {
        if let Some(env) = self.envs.known(Frame::Constructor(instance, class.file, method)) {
            return env;
        }
        let frame = Frame::Alone(class.env, class.file, method, Some(instance));
        self.frame(frame, Some(class.env), class.file, Some(method), Some(Abs::Instance(instance)))
    }

    /// The elements of a list; none for anything else.
    pub(super) fn elements(&mut self, list: &Abs) -> Option<Rc<[Abs]>> {
        match list {
            Abs::List(items) => Some(items.clone()),
            Abs::Written(site) => {
                let base = self.base;
                let facts = base.facts(site.file);
                let Shape::List(items) = facts.value(site.value).shape else { return None };
                let mut found: Vec<Abs> = facts.items(items).iter().map(|item| self.eval(site.env, *item)).collect();
                found.extend(self.pushed.get(site).into_iter().flatten().cloned());
                Some(found.into())
            }
            _ => None,
        }
    }

    /// Keys and values of an object that is written down.
    pub(super) fn pairs(&mut self, object: &Abs) -> Option<Vec<(Abs, Abs)>> {
        let Abs::Written(site) = object else { return None };
        let base = self.base;
        let facts = base.facts(site.file);
        let Shape::Map(entries) = facts.value(site.value).shape else { return None };
        let mut found = Vec::new();
        for entry in &facts.entries[entries.range()] {
            let Some(key) = entry.key.and_then(|key| facts.as_literal(key)) else { continue };
            let value = self.property(object, key, site.env);
            found.push((Abs::text(key), value));
        }
        Some(found)
    }
}

impl Abs {
    fn outside(self) -> Self {
        match self {
            Self::Text(text) => Self::Outside(text),
            other => other,
        }
    }
}
