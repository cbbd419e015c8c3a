//! Flask-AppBuilder: classes that are added to an application answer what their methods expose.

use crate::base::{Certainty, FileId};
use crate::facts::{Binds, DefinitionId, ValueId};
use crate::frameworks::django::routes::{methods_in, name_of};
use crate::frameworks::orm::ClassId;
use crate::frameworks::python::mounts::text_of;
use crate::frameworks::python::{Evaluator, Kind, Scope, Thing};
use crate::frameworks::routes::{Method, Route, paths};

/// A class that is added to an application.
pub(super) struct Added {
    class: ClassId,
    at: (FileId, u32),
    open: bool,
}

/// What a method of a library's class exposes: its name, address and methods.
type Exposed = (&'static str, &'static str, &'static [Method]);

/// Classes of Flask-AppBuilder and what their methods expose.
const LIBRARY: [(&[&str], &[Exposed]); 6] = [
    (
        &["RoleApi"],
        &[
            ("list_role_permissions", "/<int:role_id>/permissions/", &[Method::Get]),
            ("add_role_permissions", "/<int:role_id>/permissions", &[Method::Post]),
            ("update_role_users", "/<int:role_id>/users", &[Method::Put]),
            ("update_role_groups", "/<int:role_id>/groups", &[Method::Put]),
        ],
    ),
    (
        &["ModelRestApi", "RoleApi", "UserApi", "GroupApi"],
        &[
            ("info", "/_info", &[Method::Get]),
            ("get_list", "/", &[Method::Get]),
            ("get", "/<pk>", &[Method::Get]),
            ("post", "/", &[Method::Post]),
            ("put", "/<pk>", &[Method::Put]),
            ("delete", "/<pk>", &[Method::Delete]),
        ],
    ),
    (
        &["ModelView", "MasterDetailView", "CompactCRUDMixin", "BaseCRUDView", "RestCRUDView"],
        &[
            ("list", "/list/", &[Method::Get]),
            ("show", "/show/<pk>", &[Method::Get]),
            ("add", "/add", &[Method::Get, Method::Post]),
            ("edit", "/edit/<pk>", &[Method::Get, Method::Post]),
            ("delete", "/delete/<pk>", &[Method::Get, Method::Post]),
            ("download", "/download/<string:filename>", &[Method::Get]),
            ("action", "/action/<string:name>/<pk>", &[Method::Get, Method::Post]),
            ("action_post", "/action_post", &[Method::Post]),
        ],
    ),
    (&["SimpleFormView", "PublicFormView"], &[("this_form_get", "/form", &[Method::Get]), ("this_form_post", "/form", &[Method::Post])]),
    (&["AuthView", "AuthDBView", "AuthLDAPView", "AuthOAuthView", "AuthRemoteUserView"], &[("logout", "/logout/", &[Method::Get])]),
    (&["IndexView"], &[("index", "/", &[Method::Get])]),
];

/// Classes of the library that say themselves what their resource is called.
const RESOURCES: [(&str, &str); 3] = [("RoleApi", "security/roles"), ("UserApi", "security/users"), ("GroupApi", "security/groups")];

/// The class that is added, where it is one of the tree's that the library knows.
pub(super) fn added(evaluator: &Evaluator<'_>, view: &Thing, at: (FileId, u32), open: bool) -> Option<Added> {
    let class = evaluator.class_of(view)?;
    evaluator.library_classes(&Kind::Ours(class)).iter().any(|path| path.starts_with("flask_appbuilder")).then_some(Added {
        class,
        at,
        open,
    })
}

/// The routes of every class that is added; one that is added twice answers once.
pub(super) fn collect(evaluator: &Evaluator<'_>, mut built: Vec<Added>, routes: &mut Vec<Route>) {
    built.extend(index_views(evaluator));
    built.extend(of_security_managers(evaluator));
    built.sort_by_key(|added| (added.class, added.at));
    built.dedup_by_key(|added| added.class);
    for added in &built {
        of_class(evaluator, added, routes);
    }
}

/// `appbuilder.indexview = OwnIndexView`
fn index_views(evaluator: &Evaluator<'_>) -> Vec<Added> {
    let base = evaluator.classes.base;
    let mut found = Vec::new();
    for file in base.ids().filter(|file| crate::frameworks::python::is_python(base, *file)) {
        let facts = base.facts(file);
        let Some(word) = facts.texts.find("indexview") else { continue };
        for binding in &facts.bindings {
            if let crate::facts::Shape::Member(_, name) = facts.value(binding.target).shape
                && name == word
                && let Some(value) = binding.value
            {
                found.extend(added(evaluator, &evaluator.of(&Scope::at(file, binding.owner), value), (file, binding.line), false));
            }
        }
        for call in &facts.calls {
            if let Some(value) = facts.argument(call, usize::MAX, "indexview") {
                let line = (file, facts.value(call.value).line);
                found.extend(added(evaluator, &evaluator.of(&Scope::at(file, facts.owner_of(call.value)), value), line, false));
            }
        }
    }
    found
}

/// `role_api = OwnRoleApi` in a security manager: what it adds itself.
fn of_security_managers(evaluator: &Evaluator<'_>) -> Vec<Added> {
    let base = evaluator.classes.base;
    let mut found = Vec::new();
    for file in base.ids().filter(|file| crate::frameworks::python::is_python(base, *file)) {
        let facts = base.facts(file);
        for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
            let named = facts.as_name(binding.target).is_some_and(|name| facts.text(name).ends_with("_api"));
            let (Some(owner), Some(value), true) = (binding.owner, binding.value, named) else { continue };
            let is_manager = facts.definition(owner).kind.is_type()
                && evaluator.library_classes(&Kind::Ours((file, owner))).iter().any(|path| path.ends_with("SecurityManager"));
            if is_manager {
                found.extend(added(evaluator, &evaluator.of(&Scope::at(file, Some(owner)), value), (file, binding.line), false));
            }
        }
    }
    found
}

/// Where a class answers.
fn base_of(evaluator: &Evaluator<'_>, class: ClassId) -> String {
    let attribute = |name: &str| evaluator.attribute(class, name).as_text().map(str::to_owned);
    if let Some(base) = attribute("route_base") {
        return base;
    }
    let facts = evaluator.facts(class.0);
    let name = facts.text(facts.definition(class.1).name).to_lowercase();
    let outside = evaluator.library_classes(&Kind::Ours(class));
    let has = |ending: &str| outside.iter().any(|path| path.ends_with(ending));
    if has("Api") {
        let version = attribute("version").unwrap_or_else(|| "v1".to_owned());
        let given = RESOURCES.iter().find(|(class, _)| outside.iter().any(|path| path.rsplit('.').next() == Some(class)));
        let resource = attribute("resource_name").or_else(|| given.map(|(_, resource)| (*resource).to_owned()));
        return format!("/api/{version}/{}", resource.unwrap_or(name));
    }
    if has(".IndexView") || has("AuthDBView") || has("AuthView") { String::new() } else { format!("/{name}") }
}

fn of_class(evaluator: &Evaluator<'_>, added: &Added, routes: &mut Vec<Route>) {
    let class = added.class;
    let base = base_of(evaluator, class);
    let names = |field: &str| -> Option<Vec<String>> {
        let list = evaluator.attribute(class, field);
        if let Thing::Text(only) = &list {
            return Some(vec![only.to_string()]);
        }
        Some(list.as_list()?.iter().filter_map(|item| item.as_text().map(str::to_owned)).collect())
    };
    let (only, without) = (names("include_route_methods"), names("exclude_route_methods"));
    let answers = |name: &str| {
        only.as_ref().is_none_or(|only| only.iter().any(|known| known == name))
            && without.as_ref().is_none_or(|without| without.iter().all(|known| known != name))
    };
    let of_class = name_of(evaluator, class.0, class.1);
    let mut seen: Vec<String> = Vec::new();
    let mut push = |path: &str, method: Method, name: &str, handled: (FileId, u32)| {
        routes.push(Route {
            path: paths::joined(&paths::from_converters(&format!("{base}/{path}").replace(crate::frameworks::python::HOLE, "{}")), ""),
            method,
            handler: format!("{of_class}.{name}"),
            handled: Some(handled),
            registered: added.at,
            framework: "flask_appbuilder",
            name: Some(format!("{}.{name}", of_class.rsplit('.').next().unwrap_or(&of_class))),
            certainty: Certainty(if added.open { 80 } else { 95 }),
        });
    };
    for (file, owner) in evaluator.classes.line(class) {
        let facts = evaluator.facts(file);
        let inside = facts.definition(owner).values;
        let first = facts.definitions.partition_point(|definition| definition.values.start < inside.start);
        let rows = (0u32..).map(DefinitionId).zip(&facts.definitions).skip(first);
        for (_, definition) in rows.take_while(|(_, definition)| definition.values.start < inside.end) {
            let name = facts.text(definition.name);
            if definition.owner != Some(owner) || seen.iter().any(|known| known == name) {
                continue;
            }
            seen.push(name.to_owned());
            for decorator in facts.items(definition.decorators).iter().filter(|_| answers(name)) {
                for (path, method) in exposed(evaluator, &Scope::at(file, Some(owner)), *decorator) {
                    push(&path, method, name, (file, definition.span.line));
                }
            }
        }
    }
    let line = evaluator.facts(class.0).definition(class.1).span.line;
    for path in evaluator.library_classes(&Kind::Ours(class)) {
        let last = path.rsplit('.').next().unwrap_or(&path);
        for (name, path, methods) in LIBRARY.iter().filter(|(classes, _)| classes.contains(&last)).flat_map(|(_, exposed)| exposed.iter()) {
            if answers(name) && !seen.iter().any(|known| known == name) {
                methods.iter().for_each(|method| push(path, *method, name, (class.0, line)));
                seen.push((*name).to_owned());
            }
        }
    }
}

/// `@expose("/list/", methods=["GET"])`
fn exposed(evaluator: &Evaluator<'_>, scope: &Scope, decorator: ValueId) -> Vec<(String, Method)> {
    let facts = evaluator.facts(scope.file);
    let Some(call) = facts.as_call(decorator).filter(|call| facts.last_name(call.callee) == Some("expose")) else { return Vec::new() };
    let path = facts.argument(call, 0, "url").map_or_else(|| "/".to_owned(), |value| text_of(&evaluator.of(scope, value)));
    let methods = facts.argument(call, 1, "methods").and_then(|list| methods_in(&evaluator.of(scope, list)));
    methods.unwrap_or_else(|| vec![Method::Get]).into_iter().map(|method| (path.clone(), method)).collect()
}
