//! Routers: how they are made, what is registered on them, and where they are mounted.

use super::Reader;
use super::autoload::is_autoload;
use super::handlers::Handler;
use super::values::{Abs, EnvId, HOLE, RouterId, Site};
use super::verbs::{Framework, method_of, method_of_word};
use crate::base::FileId;
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::routes::Method;
use std::rc::Rc;

/// Something that routes are registered on.
#[derive(Debug)]
pub(super) struct Router {
    pub(super) framework: Framework,
    /// An application, which nothing has to mount.
    pub(super) is_whole: bool,
    /// It was recognised by the name or type of a parameter alone.
    pub(super) is_guessed: bool,
    /// It was told to listen.
    pub(super) listens: bool,
    pub(super) prefix: Rc<str>,
    /// Routers it is mounted in, and where.
    pub(super) mounts: Vec<(RouterId, Rc<str>)>,
    /// Where it is made.
    pub(super) site: Option<(EnvId, FileId)>,
}

/// One method of one address, as it is registered.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Entry {
    pub(super) router: RouterId,
    pub(super) method: Method,
    pub(super) path: Path,
    pub(super) handler: Handler,
    pub(super) file: FileId,
    pub(super) line: u32,
    pub(super) name: Option<String>,
}

/// An address as it is registered.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Path {
    /// A pattern of the framework.
    Pattern(Rc<str>),
    /// A regular expression, as written.
    Regex(String),
}

/// How deep what is mounted is looked for.
const DEEPEST: u32 = 5;

impl Reader<'_> {
    pub(super) fn new_router(&mut self, framework: Framework, is_whole: bool, site: Site, prefix: &str) -> Abs {
        let id = RouterId(u32::try_from(self.routers.len()).expect("routers are limited"));
        let home = Some((site.env, site.file));
        let row = Router { framework, is_whole, is_guessed: false, listens: false, prefix: prefix.into(), mounts: Vec::new(), site: home };
        self.routers.push(row);
        self.done += 1;
        Abs::Router(id)
    }

    /// `express()`, `new Router({ prefix: '/a' })`
    pub(super) fn make_router(&mut self, framework: Framework, is_whole: bool, site: Site, call: &Call) -> Abs {
        let arguments = self.arguments(site.env, call);
        let prefix = arguments.first().map_or(Abs::Unknown, |first| self.property(first, "prefix", site.env));
        let prefix = if let Abs::Text(prefix) = prefix { prefix } else { "".into() };
        self.new_router(framework, is_whole, site, &prefix)
    }

    /// A method of a router; the arguments before `skip` are not its own (`app.get.call(app, ...)`).
    pub(super) fn router_call(&mut self, router: RouterId, name: &str, site: Site, call: &Call, skip: usize) -> Abs {
        let base = self.base;
        let facts = base.facts(site.file);
        let own: Vec<(ValueId, bool)> =
            facts.arguments_of(call).iter().skip(skip).map(|argument| (argument.value, argument.spread)).collect();
        let values: Vec<ValueId> = own.iter().map(|(value, _)| *value).collect();
        if let Some(method) = method_of(name) {
            self.register(router, method, site, &values, call.span.line);
            return Abs::Router(router);
        }
        match name {
            "use" | "mount" => self.mount(router, site, &values),
            "route" => return self.route(router, site, &values, call),
            "register" if self.routers[router.0 as usize].framework == Framework::Koa => {
                self.koa_register(router, site, &values, call.span.line);
            }
            "register" => self.plugin(router, site, &values),
            "listen" | "start" => {
                self.done += 1;
                self.routers[router.0 as usize].listens = true;
            }
            "prefix" | "basePath" => {
                if let Some(Abs::Text(prefix)) = values.first().map(|value| self.eval(site.env, *value)) {
                    self.done += 1;
                    self.routers[router.0 as usize].prefix = prefix;
                }
            }
            "routes" | "middleware" | "callback" | "handler" | "handle" | "param" | "set" | "enable" | "disable" | "on" | "once" => {}
            _ => {
                let target = self.given(&Abs::Router(router), name, site.env);
                if target.is_known() {
                    return self.apply(&target, site, call);
                }
                self.callbacks(site.env, call);
            }
        }
        Abs::Router(router)
    }

    /// `router.get('/a', before, handler)`; with a single argument Express reads a setting.
    fn register(&mut self, router: RouterId, method: Method, site: Site, values: &[ValueId], line: u32) {
        let [first, rest @ ..] = values else { return };
        let is_koa = self.routers[router.0 as usize].framework == Framework::Koa;
        if rest.is_empty() && !is_koa && !self.is_function(site, *first) {
            return;
        }
        let mut paths = self.paths(site.env, *first);
        let (mut name, mut handlers) = (None, rest);
        // Koa's routes may begin with a name.
        if is_koa
            && let [second, more @ ..] = rest
            && !more.is_empty()
            && let Some(all) = self.paths(site.env, *second)
        {
            name = self.base.facts(site.file).as_literal(*first).map(str::to_owned);
            (paths, handlers) = (Some(all), more);
        }
        if paths.is_none() && self.is_function(site, *first) {
            (paths, handlers) = (Some(vec![Path::Pattern("".into())]), values);
        }
        let Some(paths) = paths else { return self.open(site, *first) };
        let handler = self.handler(site.env, handlers.last().copied());
        self.add(router, method, paths, handler, site, line, name);
    }

    /// `router.register('/a', ['get', 'post'], handler)`
    fn koa_register(&mut self, router: RouterId, site: Site, values: &[ValueId], line: u32) {
        let [path, methods, handlers @ ..] = values else { return };
        let Some(paths) = self.paths(site.env, *path) else { return };
        let methods = self.eval(site.env, *methods);
        let handler = self.handler(site.env, handlers.last().copied());
        for method in self.elements(&methods).unwrap_or_default().iter() {
            if let Abs::Text(word) = method
                && let Some(method) = method_of_word(word)
            {
                self.add(router, method, paths.clone(), handler.clone(), site, line, None);
            }
        }
    }

    pub(super) fn is_function(&mut self, site: Site, value: ValueId) -> bool {
        let is_inline = matches!(self.base.facts(site.file).value(value).shape, Shape::Inline(_));
        is_inline || matches!(self.eval(site.env, value), Abs::Function(_) | Abs::Made(..))
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one route")]
    fn add(&mut self, router: RouterId, method: Method, paths: Vec<Path>, handler: Handler, site: Site, line: u32, name: Option<String>) {
        for path in paths {
            self.done += 1;
            let (handler, name) = (handler.clone(), name.clone());
            self.entries.push(Entry { router, method, path, handler, file: site.file, line, name });
        }
    }

    /// The addresses that an argument names.
    fn paths(&mut self, env: EnvId, value: ValueId) -> Option<Vec<Path>> {
        let file = self.envs.get(env).file;
        let base = self.base;
        let facts = base.facts(file);
        if let Shape::Constant(text) = facts.value(value).shape {
            let regex = facts.text(text);
            return regex.starts_with('/').then(|| vec![Path::Regex(regex.to_owned())]);
        }
        if let Shape::List(items) = facts.value(value).shape {
            let all: Vec<Path> = facts.items(items).iter().filter_map(|item| self.paths(env, *item)).flatten().collect();
            return (!all.is_empty()).then_some(all);
        }
        let found = self.eval(env, value);
        match &found {
            Abs::Text(text) => Some(vec![Path::Pattern(text.clone())]),
            Abs::List(_) | Abs::Written(_) => {
                let list = self.elements(&found)?;
                let texts = list.iter().filter_map(|element| match element {
                    Abs::Text(text) => Some(Path::Pattern(text.clone())),
                    _ => None,
                });
                let texts: Vec<Path> = texts.collect();
                (!texts.is_empty()).then_some(texts)
            }
            _ => None,
        }
    }

    fn open(&mut self, site: Site, value: ValueId) {
        self.done += 1;
        let facts = self.base.facts(site.file);
        self.open.push(OpenCall {
            file: site.file,
            line: facts.value(value).line,
            kind: "route",
            text: facts.dotted(value).unwrap_or_else(|| "an address".to_owned()),
            reason: "the address of this route is only known at run time".to_owned(),
        });
    }

    /// `app.use('/a', before, router)`
    fn mount(&mut self, router: RouterId, site: Site, values: &[ValueId]) {
        let [first, rest @ ..] = values else { return };
        let prefixes = self.paths(site.env, *first);
        let (prefixes, targets) = match prefixes {
            Some(prefixes) => (prefixes, rest),
            None => (vec![Path::Pattern("".into())], values),
        };
        for value in targets {
            let target = self.eval(site.env, *value);
            for (below, mounted) in self.mounted(&target, DEEPEST) {
                for prefix in &prefixes {
                    let Path::Pattern(prefix) = prefix else { continue };
                    self.put(mounted, router, &format!("{prefix}{below}"));
                }
            }
        }
    }

    /// Notes that a router is mounted in another.
    fn put(&mut self, mounted: RouterId, into: RouterId, prefix: &str) {
        let mounts = &mut self.routers[mounted.0 as usize].mounts;
        if mounted != into && !mounts.iter().any(|(other, known)| *other == into && **known == *prefix) {
            mounts.push((into, prefix.into()));
            self.done += 1;
        }
    }

    /// The routers behind what is handed to `use`, with a prefix of their own: `mount('/a', router)`.
    fn mounted(&mut self, target: &Abs, left: u32) -> Vec<(String, RouterId)> {
        if left == 0 {
            return Vec::new();
        }
        match target {
            Abs::Router(router) => vec![(String::new(), *router)],
            Abs::Module(file) => {
                let default = self.exported(*file, "default");
                self.mounted(&default, left - 1)
            }
            Abs::List(_) | Abs::Written(_) => {
                let list = self.elements(target).unwrap_or_default();
                list.iter().flat_map(|element| self.mounted(element, left - 1)).collect()
            }
            // `get router() { return this.app }`, or a router that is made when it is first needed.
            Abs::Function(code) => {
                let base = self.base;
                let facts = base.facts(code.file);
                let definition = facts.definition(code.id);
                if !definition.parameters.is_empty() {
                    return Vec::new();
                }
                let site = Site { env: code.env, file: code.file, value: ValueId(definition.values.start) };
                let made = self.enter(code, site, &[], 0);
                self.mounted(&made, left - 1)
            }
            // A wrapper of somebody else's round a router: `mount('/a', app)`, `lazy(() => require('./a'))`.
            Abs::Made(_, site) => {
                let base = self.base;
                let facts = base.facts(site.file);
                let Some(call) = facts.as_call(site.value) else { return Vec::new() };
                let arguments = self.arguments(site.env, call);
                let own = arguments.iter().find_map(|argument| match argument {
                    Abs::Text(text) if text.starts_with('/') => Some(text.to_string()),
                    _ => None,
                });
                let own = own.unwrap_or_default();
                let inner: Vec<_> = arguments.iter().flat_map(|argument| self.mounted(argument, left - 1)).collect();
                inner.into_iter().map(|(below, router)| (format!("{own}{below}"), router)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// `router.route('/a')`, `server.route({ method, path, handler })`, `app.route('/a', other)`
    fn route(&mut self, router: RouterId, site: Site, values: &[ValueId], call: &Call) -> Abs {
        let [first, rest @ ..] = values else { return Abs::Router(router) };
        match self.eval(site.env, *first) {
            Abs::Text(path) if rest.is_empty() => return Abs::Addressed(router, path),
            Abs::Text(_) => self.mount(router, site, values),
            found @ (Abs::Written(_) | Abs::List(_)) => self.described(router, &found, call.span.line, site, DEEPEST),
            _ => self.open(site, *first),
        }
        Abs::Router(router)
    }

    /// Routes that objects describe: `{ method: 'GET', path: '/a', handler }`.
    fn described(&mut self, router: RouterId, described: &Abs, line: u32, site: Site, left: u32) {
        if left == 0 {
            return;
        }
        if let Some(list) = self.elements(described) {
            return list.iter().for_each(|one| {
                let at = if let Abs::Written(own) = one { (*own, self.base.facts(own.file).value(own.value).line) } else { (site, line) };
                self.described(router, one, at.1, at.0, left - 1);
            });
        }
        let get = |reader: &mut Self, key: &str| reader.property(described, key, site.env);
        let Abs::Text(path) = [get(self, "path"), get(self, "url")].into_iter().find(Abs::is_known).unwrap_or(Abs::Unknown) else {
            return;
        };
        let method = get(self, "method");
        let words: Vec<Abs> = self.elements(&method).map_or_else(|| vec![method.clone()], |list| list.to_vec());
        let handler = self.described_handler(described, site);
        for word in words {
            if let Abs::Text(word) = word
                && let Some(method) = method_of_word(&word)
            {
                self.add(router, method, vec![Path::Pattern(path.clone())], handler.clone(), site, line, None);
            }
        }
    }

    /// `router.route('/a').get(before, handler)`
    pub(super) fn addressed_call(&mut self, router: RouterId, path: &Rc<str>, name: &str, site: Site, call: &Call) -> Abs {
        let facts = self.base.facts(site.file);
        if let Some(method) = method_of(name) {
            let last = facts.arguments_of(call).last().map(|argument| argument.value);
            let handler = self.handler(site.env, last);
            // The call spans the chain from its start; the method stands where its arguments do.
            let line = last.map_or(call.span.line, |last| facts.value(last).line.min(call.span.end_line));
            self.add(router, method, vec![Path::Pattern(path.clone())], handler, site, line, None);
        }
        Abs::Addressed(router, path.clone())
    }

    /// `fastify.register(plugin, { prefix })`, `server.register({ plugin, routes: { prefix } })`
    fn plugin(&mut self, router: RouterId, site: Site, values: &[ValueId]) {
        let [first, rest @ ..] = values else { return };
        let plugin = self.eval(site.env, *first);
        let options = rest.first().map_or(Abs::Unknown, |value| self.eval(site.env, *value));
        self.plugged(router, &plugin, &options, site, DEEPEST);
    }

    fn plugged(&mut self, router: RouterId, plugin: &Abs, options: &Abs, site: Site, left: u32) {
        if left == 0 {
            return;
        }
        if let Some(list) = self.elements(plugin) {
            return list.iter().for_each(|one| self.plugged(router, one, options, site, left - 1));
        }
        match plugin {
            Abs::Function(code) => {
                let framework = self.routers[router.0 as usize].framework;
                let Abs::Router(child) = self.new_router(framework, false, site, "") else { return };
                let prefix = self.prefix_of(options, site.env);
                self.put(child, router, &prefix);
                let place = Site { value: ValueId(u32::MAX - child.0), ..site };
                self.enter(code, place, &[Abs::Router(child), options.clone()], 0);
            }
            Abs::Module(file) => {
                let default = self.exported(*file, "default");
                let entry = if default.is_known() { default } else { self.exported(*file, "plugin") };
                self.plugged(router, &entry, options, site, left - 1);
            }
            Abs::Outside(package) if is_autoload(package) => {
                let framework = self.routers[router.0 as usize].framework;
                for (file, prefix) in self.autoloaded(options, site) {
                    let Abs::Router(child) = self.new_router(framework, false, site, "") else { return };
                    self.put(child, router, &prefix);
                    self.plugged(child, &Abs::Module(file), &Abs::Unknown, site, left - 1);
                }
            }
            // `fp(async function (fastify) { })`
            Abs::Made(_, made) => {
                let base = self.base;
                let Some(call) = base.facts(made.file).as_call(made.value) else { return };
                let arguments = self.arguments(made.env, call);
                if let Some(inner) = arguments.first() {
                    self.plugged(router, &inner.clone(), options, site, left - 1);
                }
            }
            Abs::Written(own) => {
                let inner = self.property(plugin, "plugin", own.env);
                let register = self.property(plugin, "register", own.env);
                let options = if inner.is_known() { plugin } else { options };
                let entry = if inner.is_known() { inner } else { register };
                self.plugged(router, &entry, options, site, left - 1);
            }
            _ => {}
        }
    }

    fn prefix_of(&mut self, options: &Abs, env: EnvId) -> String {
        let own = self.property(options, "prefix", env);
        let routes = self.property(options, "routes", env);
        let below = self.property(&routes, "prefix", env);
        match (own, below) {
            (Abs::Text(prefix), _) | (_, Abs::Text(prefix)) => prefix.to_string(),
            (Abs::Unknown, Abs::Unknown) => String::new(),
            _ => HOLE.to_string(),
        }
    }
}
