//! Routes of Node's servers: Express, Koa, Fastify, Hapi, Restify, Hono; Meteor's own; controllers with decorators; Sails.
//!
//! Routers are mounted in routers, handed to functions, kept in fields, and registered on by helpers with the method and
//! the address as parameters, in loops over lists. So the code that registers is read as if it ran: `eval` says what an
//! expression comes to, `calls` enters functions and classes with what they are handed, `routers` notes what happens to
//! routers, and `compose` puts the addresses together. Only code that has to do with routers is entered.

mod autoload;
mod calls;
mod compose;
mod decorated;
mod eval;
mod handlers;
mod index;
mod nest;
mod reach;
mod routers;
mod sails;
mod values;
mod verbs;
mod visits;

use super::{FrameworkRow, Model, OpenCall};
use crate::base::FileId;
use crate::config::Config;
use crate::facts::{DefinitionId, DefinitionKind, Target, ValueId};
use crate::names::javascript::speaks;
use crate::names::{FactBase, Names};
use index::Index;
use routers::{Entry, Router};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::rc::Rc;
use values::{Abs, Code, EnvId, Envs, Frame, Instance, InstanceId, RouterId, Site};
use verbs::{Framework, is_router_by_name, of_package, of_type};
use visits::Visits;

/// The row of these frameworks.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "node_routes", interpret };

/// Expressions that are looked at in all; only code that was made to be endless needs more.
const MOST_STEPS: u32 = 3_000_000;

fn interpret(base: &FactBase, names: &Names, _: &Config, model: &mut Model) {
    let ours = |file: &FileId| speaks(base.file(*file).source.language) && !base.file(*file).left_out;
    let files: Vec<FileId> = base.ids().filter(ours).collect();
    let framework = most_used(base, &files);
    let concerned = if framework.is_some() { reach::concerned(base, names, &files) } else { FxHashSet::default() };
    let mut reader = Reader::new(base, names, framework.unwrap_or(Framework::Express), concerned);
    reader.decorated(&files, model);
    reader.sails(&files, model);
    if framework.is_none() {
        return;
    }
    for file in files.iter().filter(|file| reader.concerned.contains(file)).copied().collect::<Vec<_>>().iter() {
        let top = reader.top(*file);
        reader.run(top);
    }
    for file in &files {
        reader.alone(*file);
    }
    reader.compose(model);
}

/// The server framework that most files import; none where there is none.
fn most_used(base: &FactBase, files: &[FileId]) -> Option<Framework> {
    let mut used: BTreeMap<Framework, usize> = BTreeMap::new();
    for file in files {
        let facts = base.facts(*file);
        for import in &facts.imports {
            if let Target::Package(package) = import.target
                && let Some(framework) = of_package(facts.text(package))
            {
                *used.entry(framework).or_default() += 1;
            }
        }
    }
    used.into_iter().max_by_key(|(framework, times)| (*times, std::cmp::Reverse(*framework))).map(|(framework, _)| framework)
}

/// Reads the code that registers routes.
struct Reader<'a> {
    base: &'a FactBase,
    names: &'a Names,
    /// What a router is taken for that only its name tells.
    framework: Framework,
    /// Files whose functions are entered.
    concerned: FxHashSet<FileId>,
    indexes: FxHashMap<FileId, Rc<Index>>,
    envs: Envs,
    memo: FxHashMap<(EnvId, ValueId), Abs>,
    routers: Vec<Router>,
    instances: Vec<Instance>,
    /// Objects of classes that nobody was seen to make.
    unmade: FxHashMap<(FileId, DefinitionId), InstanceId>,
    /// Routers that a framework makes before anybody asks.
    ready: FxHashMap<Rc<str>, RouterId>,
    /// What was added to lists.
    pushed: FxHashMap<Site, Vec<Abs>>,
    entries: Vec<Entry>,
    open: Vec<OpenCall>,
    /// Functions that were entered.
    visited: FxHashSet<(FileId, DefinitionId)>,
    /// What became of entering functions.
    entered: FxHashMap<(FileId, DefinitionId), Visits>,
    /// What functions handed back, by what they were handed: asked the same again, they do the same again.
    answered: FxHashMap<(Code, Rc<[Abs]>), Abs>,
    /// What was done to routers and lists so far.
    done: u64,
    /// A single application is all there is.
    has_one_whole: bool,
    /// Some router is mounted in another.
    has_mounts: bool,
    depth: u32,
    left: u32,
    /// How often something was too deep to be looked at.
    cut: u64,
}

impl<'a> Reader<'a> {
    fn new(base: &'a FactBase, names: &'a Names, framework: Framework, concerned: FxHashSet<FileId>) -> Self {
        Self {
            base,
            names,
            framework,
            concerned,
            indexes: FxHashMap::default(),
            envs: Envs::default(),
            memo: FxHashMap::default(),
            routers: Vec::new(),
            instances: Vec::new(),
            unmade: FxHashMap::default(),
            ready: FxHashMap::default(),
            pushed: FxHashMap::default(),
            entries: Vec::new(),
            open: Vec::new(),
            visited: FxHashSet::default(),
            entered: FxHashMap::default(),
            answered: FxHashMap::default(),
            done: 0,
            has_one_whole: false,
            has_mounts: false,
            depth: 0,
            left: MOST_STEPS,
            cut: 0,
        }
    }

    fn index(&mut self, file: FileId) -> Rc<Index> {
        let base = self.base;
        self.indexes.entry(file).or_insert_with(|| Rc::new(Index::of(base.facts(file)))).clone()
    }

    fn built(&self, file: FileId) -> Option<&Index> {
        self.indexes.get(&file).map(Rc::as_ref)
    }

    /// Functions of a file that register something and that nobody was seen to call: what they are handed is told by the
    /// types and names of their parameters.
    fn alone(&mut self, file: FileId) {
        let base = self.base;
        let facts = base.facts(file);
        let index = self.index(file);
        for (id, definition) in facts.definitions() {
            if definition.kind.is_type() || !index.registers(id) || self.visited.contains(&(file, id)) {
                continue;
            }
            for env in self.frames_alone(file, id, 0) {
                self.run(env);
            }
        }
    }

    /// Frames for a function that nobody was seen to call: one for each object of its class.
    fn frames_alone(&mut self, file: FileId, id: DefinitionId, depth: u32) -> Vec<EnvId> {
        let base = self.base;
        let facts = base.facts(file);
        let definition = facts.definition(id);
        let Some(owner) = definition.owner else {
            let top = self.top(file);
            return vec![self.frame_alone(file, id, top, None)];
        };
        if depth > 8 {
            return Vec::new();
        }
        if !facts.definition(owner).kind.is_type() {
            return match self.frames_alone(file, owner, depth + 1).first() {
                Some(around) => vec![self.frame_alone(file, id, *around, None)],
                None => Vec::new(),
            };
        }
        let around = self.top(file);
        let class = Code { file, id: owner, env: around, this: None };
        let objects = self.objects_of(&class);
        objects.into_iter().map(|object| self.frame_alone(file, id, around, Some(object))).collect()
    }

    /// The objects of a class and of those that extend it; one of its own where there is none.
    fn objects_of(&mut self, class: &Code) -> Vec<InstanceId> {
        let mut found = Vec::new();
        for number in 0..self.instances.len() {
            let mut at = Some(self.instances[number].class.clone());
            for _ in 0..8 {
                let Some(here) = at else { break };
                if (here.file, here.id) == (class.file, class.id) {
                    found.push(InstanceId(u32::try_from(number).expect("objects are limited")));
                    break;
                }
                at = match self.base_class(&here) {
                    Some(Abs::Class(above)) => Some(above),
                    _ => None,
                };
            }
        }
        if found.is_empty() {
            let known = self.unmade.get(&(class.file, class.id)).copied();
            found.push(known.unwrap_or_else(|| self.unmade(class)));
        }
        found
    }

    fn unmade(&mut self, class: &Code) -> InstanceId {
        let id = InstanceId(u32::try_from(self.instances.len()).expect("objects are limited"));
        self.instances.push(Instance { class: class.clone() });
        self.unmade.insert((class.file, class.id), id);
        self.construct(id, class, &[]);
        id
    }

    fn frame_alone(&mut self, file: FileId, id: DefinitionId, around: EnvId, object: Option<InstanceId>) -> EnvId {
        let key = Frame::Alone(around, file, id, object);
        if let Some(env) = self.envs.known(key) {
            return env;
        }
        let env = self.frame(key, Some(around), file, Some(id), object.map(Abs::Instance));
        let base = self.base;
        let facts = base.facts(file);
        let definition = facts.definition(id);
        let is_handed = definition.kind != DefinitionKind::Lambda || definition.owner.is_none();
        let parameters = &facts.parameters[definition.parameters.range()];
        let mut arguments = Vec::new();
        for parameter in parameters {
            let annotated = parameter.annotation.and_then(|annotation| facts.last_name(annotation));
            let framework = match annotated {
                Some(annotated) => of_type(annotated),
                None => (is_handed && is_router_by_name(facts.text(parameter.name))).then_some(self.framework),
            };
            arguments.push(framework.map_or(Abs::Unknown, |framework| self.guessed(framework, env, file)));
        }
        self.bind_parameters(env, id, &arguments);
        env
    }

    /// A router that only a parameter's name or type tells of.
    fn guessed(&mut self, framework: Framework, env: EnvId, file: FileId) -> Abs {
        let id = RouterId(u32::try_from(self.routers.len()).expect("routers are limited"));
        self.done += 1;
        self.routers.push(Router {
            framework,
            is_whole: false,
            is_guessed: true,
            listens: false,
            prefix: "".into(),
            mounts: Vec::new(),
            site: Some((env, file)),
        });
        Abs::Router(id)
    }
}
