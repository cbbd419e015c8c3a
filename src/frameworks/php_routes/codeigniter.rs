//! `CodeIgniter` 1 to 3: every method of a controller that everybody may call is an address (`/orders/show`), beside those of
//! `$route['orders/(:num)'] = 'orders/show/$1'`.

use super::paths;
use crate::base::{Certainty, FileId};
use crate::facts::{Binds, FileFacts, Shape};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::PhpClasses;
use crate::frameworks::routes::{Method, Route};

/// The library's class of controllers.
const CONTROLLER: [&str; 2] = ["ci_controller", "controller"];

/// The folder of controllers.
const FOLDER: &str = "controllers/";

/// How sure such addresses are.
const SURE: u8 = 80;

/// True for a file with a controller of the library.
pub(super) fn is_used(facts: &FileFacts) -> bool {
    facts.texts.find("CI_Controller").is_some()
}

/// Collects the addresses of controllers, and those that the table of routes adds.
pub(super) fn collect(classes: &PhpClasses<'_>, out: &mut Vec<Route>) {
    let controllers: Vec<(ClassId, String)> = classes
        .files()
        .filter(|file| classes.base.path(*file).contains(FOLDER))
        .flat_map(|file| classes.classes_of(file))
        .filter(|class| is_controller(classes, *class))
        .filter_map(|class| Some((class, address(classes, class)?)))
        .collect();
    if controllers.is_empty() {
        return;
    }
    for (class, address) in &controllers {
        methods(classes, *class, address, out);
    }
    for file in classes.files().filter(|file| classes.base.path(*file).ends_with("config/routes.php")) {
        table(classes, file, &controllers, out);
    }
}

fn is_controller(classes: &PhpClasses<'_>, class: ClassId) -> bool {
    let lineage = classes.lineage(class);
    // The library may be in the tree, or left out of it.
    lineage.iter().any(|above| match above {
        Ancestor::Outside(name) => name == CONTROLLER[0],
        Ancestor::Ours(above) => classes.full_name(*above) == CONTROLLER[0],
    })
}

/// `application/controllers/admin/Orders.php` is asked for as `/admin/orders`.
fn address(classes: &PhpClasses<'_>, (file, class): ClassId) -> Option<String> {
    let path = classes.base.path(file);
    let below = &path[path.rfind(FOLDER)? + FOLDER.len()..];
    let stem = below.strip_suffix(".php")?;
    let own = stem.rsplit('/').next()?.eq_ignore_ascii_case(classes.bare_name((file, class)));
    own.then(|| format!("/{}", stem.to_lowercase()))
}

fn methods(classes: &PhpClasses<'_>, (file, class): ClassId, address: &str, out: &mut Vec<Route>) {
    let facts = classes.facts(file);
    for (id, method) in facts.inside(Some(class)) {
        let name = facts.text(method.name);
        if name.starts_with('_')
            || name.is_empty()
            || is_hidden(facts, id, name)
            || name.eq_ignore_ascii_case(classes.bare_name((file, class)))
        {
            continue;
        }
        let mut path = if name == "index" { address.to_owned() } else { format!("{address}/{name}") };
        for parameter in &facts.parameters[method.parameters.range()] {
            if parameter.default.is_none() {
                path.push_str(&format!("/{{{}}}", facts.text(parameter.name).trim_start_matches('$')));
            }
        }
        out.push(Route {
            path,
            method: Method::Any,
            handler: format!("{}::{name}", classes.shown_name((file, class))),
            handled: Some((file, method.span.line)),
            registered: (file, method.span.line),
            framework: "codeigniter",
            name: None,
            certainty: Certainty(SURE),
        });
    }
}

/// True for a method that only the class itself calls: nothing says so but that somebody calls it on `$this`, and nobody links to it.
fn is_hidden(facts: &FileFacts, _: crate::facts::DefinitionId, name: &str) -> bool {
    facts.calls.iter().any(|call| match facts.value(call.callee).shape {
        Shape::Member(object, called) => facts.text(called) == name && crate::frameworks::php::is_this(facts, object),
        _ => false,
    })
}

/// `$route['orders/(:num)'] = 'orders/show/$1'`
fn table(classes: &PhpClasses<'_>, file: FileId, controllers: &[(ClassId, String)], out: &mut Vec<Route>) {
    let facts = classes.facts(file);
    for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
        let Shape::Item(object, key) = facts.value(binding.target).shape else { continue };
        let written = facts.as_name(object).is_some_and(|name| facts.text(name) == "$route");
        let (Some(pattern), Some(target)) = (facts.as_literal(key), binding.value.and_then(|value| facts.as_literal(value))) else {
            continue;
        };
        if !written || matches!(pattern, "404_override" | "translate_uri_dashes") {
            continue;
        }
        let path = if pattern == "default_controller" { "/".to_owned() } else { format!("/{}", paths::read(pattern).join("")) };
        let target = format!("/{}", target.split("/$").next().unwrap_or(target).to_lowercase());
        let (class, method) = match controllers.iter().find(|(_, address)| *address == target) {
            Some((class, _)) => (*class, "index"),
            None => {
                let Some((before, method)) = target.rsplit_once('/') else { continue };
                let Some((class, _)) = controllers.iter().find(|(_, address)| address == before) else { continue };
                (*class, method)
            }
        };
        out.push(Route {
            path,
            method: Method::Any,
            handler: format!("{}::{method}", classes.shown_name(class)),
            handled: Some(classes.handled_by(class, method)),
            registered: (file, binding.line),
            framework: "codeigniter",
            name: None,
            certainty: Certainty(SURE),
        });
    }
}
