//! What stands before the controllers of NestJS: the prefix of the application, versions in addresses, and the prefixes
//! that modules are given.

use super::Reader;
use super::compose::{address, joined};
use super::values::{Abs, EnvId, HOLE};
use crate::base::{Certainty, FileId, is_within};
use crate::facts::{Call, DefinitionId};
use crate::names::{FactBase, Names};
use rustc_hash::{FxHashMap, FxHashSet};

/// A class by its place.
type Class = (FileId, DefinitionId);

/// How deep modules are routed below each other.
const DEEPEST: u32 = 8;

/// What one application says about all of its addresses.
#[derive(Clone, Debug)]
struct Application {
    /// The folder of its package.
    folder: String,
    /// The file that starts it.
    file: FileId,
    /// It is called like what `nest start` runs; other starters of a package are for a part of it.
    is_main: bool,
    prefix: String,
    /// Addresses without the prefix.
    excluded: Vec<String>,
    /// What stands before the number of a version; none where versions are not in addresses.
    version: Option<String>,
    default_versions: Vec<String>,
}

/// What all applications of a tree say.
#[derive(Debug, Default)]
pub(super) struct Nest {
    applications: Vec<Application>,
    /// Modules by the controllers they list.
    module_of: FxHashMap<Class, Vec<Class>>,
    /// Prefixes of modules.
    prefix_of: FxHashMap<Class, String>,
    listed: FxHashSet<Class>,
}

impl Nest {
    pub(super) fn learn(reader: &mut Reader<'_>, files: &[FileId]) -> Self {
        let mut nest = Self::default();
        let (base, names) = (reader.base, reader.names);
        for file in
            base.ids().filter(|file| !base.file(*file).left_out && crate::names::javascript::speaks(base.file(*file).source.language))
        {
            let facts = base.facts(file);
            for call in &facts.calls {
                if let Some(name @ ("setGlobalPrefix" | "enableVersioning")) = facts.last_name(call.callee) {
                    let env = reader.env_of(file, call);
                    let folder = package_of(names, base.path(file)).to_owned();
                    let is_main = base.file(file).source.path.name().starts_with("main.");
                    reader.application(env, name, call, nest.application(folder, file, is_main));
                }
            }
        }
        for file in files {
            nest.modules(reader, *file);
        }
        nest
    }

    fn application(&mut self, folder: String, file: FileId, is_main: bool) -> &mut Application {
        let place = self.applications.iter().position(|known| known.file == file).unwrap_or_else(|| {
            self.applications.push(Application {
                folder,
                file,
                is_main,
                prefix: String::new(),
                excluded: Vec::new(),
                version: None,
                default_versions: Vec::new(),
            });
            self.applications.len() - 1
        });
        &mut self.applications[place]
    }

    /// `@Module({ controllers: [...], imports: [RouterModule.register([...])] })`
    fn modules(&mut self, reader: &mut Reader<'_>, file: FileId) {
        let base = reader.base;
        let facts = base.facts(file);
        let top = reader.top(file);
        for (id, definition) in facts.definitions().filter(|(_, definition)| definition.kind.is_type()) {
            for decorator in facts.items(definition.decorators) {
                let Some((path, Some(call))) = reader.decorator(top, facts, *decorator) else { continue };
                let Some(first) = facts.arguments_of(call).first().filter(|_| &*path == "@nestjs/common.Module") else { continue };
                let options = reader.eval(top, first.value);
                let controllers = reader.property(&options, "controllers", top);
                for controller in reader.elements(&controllers).iter().flat_map(|list| list.iter()) {
                    if let Abs::Class(code) = controller {
                        self.module_of.entry((code.file, code.id)).or_default().push((file, id));
                        self.listed.insert((code.file, code.id));
                    }
                }
            }
        }
        for call in &facts.calls {
            if matches!(facts.last_name(call.callee), Some("register" | "forRoutes"))
                && let crate::facts::Shape::Member(object, _) = facts.value(call.callee).shape
                && facts.last_name(object) == Some("RouterModule")
                && let Some(first) = facts.arguments_of(call).first()
            {
                let routes = reader.eval(top, first.value);
                self.routed(reader, &routes, "", top, DEEPEST);
            }
        }
    }

    /// `[{ path: 'admin', module: AdminModule, children: [...] }]`
    fn routed(&mut self, reader: &mut Reader<'_>, routes: &Abs, above: &str, env: EnvId, left: u32) {
        for route in reader.elements(routes).filter(|_| left > 0).iter().flat_map(|list| list.iter()) {
            if let Abs::Class(code) = route {
                self.prefix_of.insert((code.file, code.id), above.to_owned());
                continue;
            }
            let path = reader.property(route, "path", env);
            let path = joined(above, if let Abs::Text(path) = &path { path.trim_start_matches('/') } else { "" });
            if let Abs::Class(code) = reader.property(route, "module", env) {
                self.prefix_of.insert((code.file, code.id), path.clone());
            }
            let children = reader.property(route, "children", env);
            self.routed(reader, &children, &path, env, left - 1);
        }
    }

    /// Every address of a function of a controller.
    pub(super) fn places(
        &self,
        base: &FactBase,
        names: &Names,
        controller: Class,
        below: &str,
        versions: Option<&[String]>,
        found: &mut Vec<(String, Certainty)>,
    ) {
        // Where modules list controllers, one that none lists may answer nothing.
        let is_listed = self.listed.is_empty() || self.listed.contains(&controller);
        let certainty = Certainty(if is_listed { 95 } else { 70 });
        let application = self.around(package_of(names, base.path(controller.0)));
        let modules = self
            .module_of
            .get(&controller)
            .map(|modules| modules.iter().filter_map(|module| self.prefix_of.get(module)).collect::<Vec<_>>());
        let modules = modules.filter(|modules| !modules.is_empty()).unwrap_or_else(|| vec![const { &String::new() }]);
        for module in modules {
            let below = joined(&format!("/{}", module.trim_matches('/')), below.trim_start_matches('/'));
            let prefix = application.filter(|application| !application.excludes(&below));
            let prefix = prefix.map_or("", |application| application.prefix.trim_matches('/'));
            let prefix = if prefix.is_empty() { String::new() } else { format!("/{prefix}") };
            let certainty = if prefix.contains(HOLE) { Certainty(60) } else { certainty };
            for version in application.map_or_else(|| vec![String::new()], |application| application.versions(versions)) {
                found.push((format!("{prefix}{version}{below}"), certainty));
            }
        }
    }

    /// The application of a package: its own, else the only one there is.
    fn around(&self, folder: &str) -> Option<&Application> {
        let own = self.applications.iter().filter(|known| is_within(folder, &known.folder));
        let own = own.max_by_key(|known| (known.folder.len(), known.is_main, std::cmp::Reverse(known.file)));
        own.or(match self.applications.as_slice() {
            [only] => Some(only),
            _ => None,
        })
    }
}

impl Application {
    fn excludes(&self, below: &str) -> bool {
        let plain = |path: &str| address(path).unwrap_or_default().trim_matches('/').to_owned();
        let below = plain(below);
        self.excluded.iter().any(|excluded| {
            let starts = ["(.*)", "*", "{*"].iter().find_map(|end| excluded.find(end).map(|at| &excluded[..at]));
            match starts {
                Some(start) => format!("{below}/").starts_with(start.trim_start_matches('/')),
                None => plain(excluded) == below,
            }
        })
    }

    /// What versions put into an address.
    fn versions(&self, own: Option<&[String]>) -> Vec<String> {
        let Some(word) = &self.version else { return vec![String::new()] };
        let versions = own.filter(|own| !own.is_empty()).unwrap_or(&self.default_versions);
        let mut found: Vec<String> =
            versions.iter().map(|version| if version.is_empty() { String::new() } else { format!("/{word}{version}") }).collect();
        if found.is_empty() {
            found.push(String::new());
        }
        found
    }
}

impl Reader<'_> {
    /// A frame for what stands around a call, with nothing known about what the function was handed.
    pub(super) fn env_of(&mut self, file: FileId, call: &Call) -> EnvId {
        self.index(file);
        match self.base.facts(file).owner_of(call.value) {
            Some(owner) if !self.base.facts(file).definition(owner).kind.is_type() => {
                let frames = self.frames_alone(file, owner, 0);
                frames.first().copied().unwrap_or_else(|| self.top(file))
            }
            _ => self.top(file),
        }
    }

    fn application(&mut self, env: EnvId, name: &str, call: &Call, into: &mut Application) {
        let base = self.base;
        let facts = base.facts(self.envs.get(env).file);
        let arguments: Vec<Abs> = facts.arguments_of(call).iter().map(|argument| self.eval(env, argument.value)).collect();
        if name == "setGlobalPrefix" {
            into.prefix = match arguments.first() {
                Some(Abs::Text(prefix)) => prefix.to_string(),
                _ => HOLE.to_string(),
            };
            let excluded = arguments.get(1).map_or(Abs::Unknown, |options| self.property(options, "exclude", env));
            for one in self.elements(&excluded).iter().flat_map(|list| list.iter()) {
                let path = if matches!(one, Abs::Text(_)) { one.clone() } else { self.property(one, "path", env) };
                if let Abs::Text(path) = path {
                    into.excluded.push(path.to_string());
                }
            }
            return;
        }
        let options = arguments.first().cloned().unwrap_or(Abs::Unknown);
        let kind = self.property(&options, "type", env);
        let is_address = match &kind {
            Abs::Outside(path) => path.ends_with(".URI"),
            Abs::Unknown => true,
            _ => false,
        };
        if is_address {
            into.version = Some(match self.property(&options, "prefix", env) {
                Abs::Text(prefix) => prefix.to_string(),
                _ => "v".to_owned(),
            });
            let default = self.property(&options, "defaultVersion", env);
            into.default_versions = if default.is_known() { self.versions(&default) } else { Vec::new() };
        }
    }
}

/// The folder of the package around a file.
fn package_of<'a>(names: &'a Names, path: &str) -> &'a str {
    let around = names.packages().iter().filter(|package| is_within(path, &package.folder));
    around.max_by_key(|package| package.folder.len()).map_or("", |package| package.folder.as_str())
}
