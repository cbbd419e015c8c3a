//! Actions that a request names: `add_action( 'wp_ajax_save', ... )` answers `admin-ajax.php?action=save`.

use super::{callable, route};
use crate::base::FileId;
use crate::facts::{Binds, Shape};
use crate::frameworks::php::{Handler, PhpClasses};
use crate::frameworks::routes::{Method, Route};

/// Beginnings of hooks, longest first, and the script that hands requests on to them.
const SCRIPTS: [(&str, &str); 4] = [
    ("wp_ajax_nopriv_", "/wp-admin/admin-ajax.php"),
    ("wp_ajax_", "/wp-admin/admin-ajax.php"),
    ("admin_post_nopriv_", "/wp-admin/admin-post.php"),
    ("admin_post_", "/wp-admin/admin-post.php"),
];

/// Collects every action.
pub(super) fn collect(classes: &PhpClasses<'_>, out: &mut Vec<Route>) {
    for file in classes.files() {
        let facts = classes.facts(file);
        if let Some(wanted) = facts.texts.find("add_action") {
            for call in facts.calls.iter().filter(|call| facts.as_name(call.callee) == Some(wanted)) {
                let (Some(hook), Some(called)) = (facts.argument(call, 0, "hook_name"), facts.argument(call, 1, "callback")) else {
                    continue;
                };
                let owner = facts.owner_of(call.value);
                let hooks = classes.texts(file, owner, hook);
                let sure = if hooks.len() > 1 { 90 } else { 100 };
                for hook in hooks {
                    let Some((action, script)) = action_of(&hook) else { continue };
                    let handler = callable(classes, file, owner, None, called);
                    let handler = handler.unwrap_or_else(|| Handler { name: "not told by the code".to_owned(), place: None });
                    let path = format!("{script}?action={action}");
                    out.push(route(path, Method::Any, &handler, (file, call.span.line), sure));
                }
            }
        }
        if classes.base.path(file).ends_with("wp-admin/admin-ajax.php") {
            listed(classes, file, out);
        }
    }
}

/// The action of a hook, and the script that answers it.
fn action_of(hook: &str) -> Option<(&str, &'static str)> {
    let known = SCRIPTS.iter().find_map(|(start, script)| Some((hook.strip_prefix(start)?, *script)));
    known.filter(|(action, _)| !action.is_empty())
}

/// The core's own actions stand in two lists, one for each method; each is answered by a function that is called after it.
fn listed(classes: &PhpClasses<'_>, file: FileId, out: &mut Vec<Route>) {
    let facts = classes.facts(file);
    for binding in facts.bindings.iter().filter(|binding| binding.binds == Binds::Assign) {
        let (Some(name), Some(value)) = (facts.as_name(binding.target), binding.value) else { continue };
        let method = match facts.text(name) {
            name if name.starts_with("$core_actions_get") => Method::Get,
            name if name.starts_with("$core_actions_post") => Method::Post,
            _ => continue,
        };
        let Shape::List(parts) = facts.value(value).shape else { continue };
        for part in facts.items(parts) {
            let Some(action) = facts.as_literal(*part) else { continue };
            let name = format!("wp_ajax_{}", action.replace('-', "_"));
            let Some((home, function)) = classes.function(file, *part, &name) else { continue };
            let line = classes.facts(home).definition(function).span.line;
            let path = format!("/wp-admin/admin-ajax.php?action={action}");
            out.push(route(path, method, &Handler { name, place: Some((home, line)) }, (file, facts.value(*part).line), 100));
        }
    }
}
