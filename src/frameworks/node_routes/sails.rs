//! Sails: the table of `config/routes.js`, whose keys are methods and addresses and whose values name actions, and the
//! addresses that actions have of their own where the blueprints say so.

use super::Reader;
use super::compose::address;
use super::values::{Abs, EnvId, HOLE};
use crate::base::{Certainty, FileId, join};
use crate::facts::{DefinitionKind, Shape};
use crate::frameworks::routes::{Method, Route};
use crate::frameworks::{Model, OpenCall};
use crate::names::FactBase;

/// The folder of a Sails application whose table of routes a file is.
fn application<'a>(base: &'a FactBase, reader: &Reader<'_>, file: FileId) -> Option<&'a str> {
    let path = base.path(file);
    let folder = path.strip_suffix("config/routes.js").or_else(|| path.strip_suffix("config/routes.ts"))?;
    let folder = folder.strip_suffix('/').or_else(|| folder.is_empty().then_some(""))?;
    reader.names.tree().folder(&join(folder, "api/controllers")).map(|_| folder)
}

impl Reader<'_> {
    /// Routes of every application of Sails.
    pub(super) fn sails(&mut self, files: &[FileId], model: &mut Model) {
        let base = self.base;
        for file in files {
            let Some(folder) = application(base, self, *file) else { continue };
            self.index(*file);
            let top = self.top(*file);
            let table = self.exported(*file, "routes");
            let Abs::Written(site) = table else { continue };
            let facts = base.facts(site.file);
            let Shape::Map(entries) = facts.value(site.value).shape else { continue };
            for entry in &facts.entries[entries.range()] {
                let Some(key) = entry.key else { continue };
                let line = facts.value(key).line;
                let Abs::Text(key) = self.eval(site.env, key) else { continue };
                let target = self.eval(site.env, entry.value);
                let action = self.action(folder, &target, top, 3);
                add(base, model, &key, action, (site.file, line));
            }
            self.blueprints(folder, model);
        }
    }

    /// What answers: `'users/create'`, `'UserController.create'`, `{ action: ... }`, the last of a list.
    fn action(&mut self, folder: &str, target: &Abs, env: EnvId, left: u32) -> Option<(String, Option<(FileId, u32)>)> {
        if let Some(list) = self.elements(target).filter(|_| left > 0) {
            return list.iter().rev().find_map(|one| self.action(folder, one, env, left - 1));
        }
        match target {
            Abs::Text(name) => {
                // A path or a whole address is where the browser is sent to.
                let sends = name.starts_with('/') || name.contains("://");
                (!sends).then(|| (name.to_string(), self.action_file(folder, name)))
            }
            Abs::Function(code) => {
                let facts = self.base.facts(code.file);
                let line = facts.definition(code.id).span.line;
                Some((format!("{}:{line}", self.base.path(code.file)), Some((code.file, line))))
            }
            Abs::Written(_) => {
                if let Abs::Text(view) = self.property(target, "view", env) {
                    return Some((format!("views/{view}"), None));
                }
                let action = self.property(target, "action", env);
                match (self.property(target, "controller", env), action) {
                    (Abs::Text(controller), Abs::Text(action)) => {
                        self.action(folder, &Abs::text(&format!("{controller}.{action}")), env, 0)
                    }
                    (_, action @ Abs::Text(_)) => self.action(folder, &action, env, 0),
                    _ => match self.property(target, "fn", env) {
                        function @ Abs::Function(_) => self.action(folder, &function, env, 0),
                        _ => None,
                    },
                }
            }
            _ => None,
        }
    }

    fn action_file(&self, folder: &str, name: &str) -> Option<(FileId, u32)> {
        let below = join(folder, "api/controllers");
        let tree = self.names.tree();
        let find = |path: &str| ["js", "ts"].iter().find_map(|ending| tree.file(&format!("{below}/{path}.{ending}")));
        if let Some(file) = find(name) {
            return Some((file, 1));
        }
        let (controller, method) = name.rsplit_once(['.', '/'])?;
        let controller = controller.strip_suffix("Controller").unwrap_or(controller);
        let file = find(&format!("{controller}Controller")).or_else(|| {
            let mut letters = controller.chars();
            let capital: String = letters.next()?.to_uppercase().chain(letters).collect();
            find(&format!("{capital}Controller"))
        })?;
        let facts = self.base.facts(file);
        let named =
            facts.definitions().find(|(_, definition)| definition.kind != DefinitionKind::Lambda && facts.text(definition.name) == method);
        let keyed = facts.entries.iter().find_map(|entry| {
            let key = entry.key.filter(|key| facts.as_literal(*key) == Some(method))?;
            Some(facts.value(key).line)
        });
        Some((file, named.map(|(_, definition)| definition.span.line).or(keyed).unwrap_or(1)))
    }

    /// `actions: true` in `config/blueprints.js`: every action has an address after its own path.
    fn blueprints(&mut self, folder: &str, model: &mut Model) {
        let base = self.base;
        let Some(config) = self.names.tree().file(&join(folder, "config/blueprints.js")) else { return };
        let facts = base.facts(config);
        let says = |entry: &crate::facts::Entry| {
            let is_true = matches!(facts.value(entry.value).shape, Shape::Constant(word) if facts.text(word) == "true");
            is_true && entry.key.and_then(|key| facts.as_literal(key)) == Some("actions")
        };
        let Some(entry) = facts.entries.iter().find(|entry| says(entry)) else { return };
        let line = facts.value(entry.value).line;
        let below = format!("{}/", join(folder, "api/controllers"));
        for file in base.ids().filter(|file| !base.file(*file).left_out) {
            let Some(action) = base.path(file).strip_prefix(&below).and_then(|path| path.strip_suffix(".js")) else { continue };
            if !action.ends_with("Controller") {
                model.routes.push(Route {
                    path: format!("/{action}"),
                    method: Method::Any,
                    handler: action.to_owned(),
                    handled: Some((file, 1)),
                    registered: (config, line),
                    framework: "sails",
                    name: None,
                    certainty: Certainty(90),
                });
            }
        }
    }
}

/// `'GET /orders/:id'`, `'/orders'`
fn add(base: &FactBase, model: &mut Model, key: &str, action: Option<(String, Option<(FileId, u32)>)>, at: (FileId, u32)) {
    let (method, path) = match key.split_once(' ') {
        Some((word, path)) => (if word.eq_ignore_ascii_case("all") { Some(Method::Any) } else { Method::of(word) }, path.trim()),
        None => (Some(Method::Any), key),
    };
    let path = if path.starts_with("r|") { None } else { address(path) };
    let (Some(method), Some(path)) = (method, path) else {
        return model.unresolved.push(OpenCall {
            file: at.0,
            line: at.1,
            kind: "route",
            text: key.replace(HOLE, "{}"),
            reason: "part of the address of this route is only known at run time".to_owned(),
        });
    };
    let (handler, handled) = action.unwrap_or_else(|| (format!("{}:{}", base.path(at.0), at.1), None));
    model.routes.push(Route { path, method, handler, handled, registered: at, framework: "sails", name: None, certainty: Certainty(95) });
}
