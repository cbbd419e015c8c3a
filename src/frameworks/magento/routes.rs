//! Addresses: `<frontName>` of a router, the controllers of the modules it names, their actions. `/checkout/cart/add` is
//! `addAction` of `controllers/CartController.php`.

use super::Shop;
use super::settings::{self, module_of};
use crate::base::{Certainty, FileId, Language};
use crate::facts::{DefinitionId, DefinitionKind, Node};
use crate::frameworks::routes::{Method, Route};
use crate::names::php::PHP;
use std::collections::BTreeMap;

/// How far controllers are followed to those they inherit actions from.
const DEEPEST: u32 = 8;

/// One router as all modules together declare it.
#[derive(Default)]
struct Router {
    /// The first part of its addresses, and where it is written.
    front: Option<(String, (FileId, u32))>,
    modules: Vec<String>,
}

/// Collects the actions of every controller that a router leads to.
pub(super) fn collect(shop: &Shop<'_>, out: &mut Vec<Route>) {
    let controllers = controllers(shop);
    for ((area, _), router) in routers(shop) {
        let Some((front, registered)) = router.front else { continue };
        for module in router.modules {
            let start = format!("{module}_");
            for (name, file) in controllers.range(start.clone()..).take_while(|(name, _)| name.starts_with(&start)) {
                let below = &name[start.len()..];
                // What the administration answers stands below `Adminhtml`; no other area leads there.
                if area == "frontend" && below.starts_with("Adminhtml_") {
                    continue;
                }
                actions(shop, *file, |action, handler, place| {
                    out.push(Route {
                        path: format!("/{front}/{}/{action}", below.to_lowercase()),
                        method: Method::Any,
                        handler,
                        handled: Some(place),
                        registered,
                        framework: "magento",
                        name: None,
                        certainty: Certainty::LITERAL,
                    });
                });
            }
        }
    }
}

/// The routers of the shop and of its administration, by area and name.
fn routers(shop: &Shop<'_>) -> BTreeMap<(&'static str, String), Router> {
    let mut found: BTreeMap<(&'static str, String), Router> = BTreeMap::new();
    for file in shop.base.ids().filter(|file| shop.base.file(*file).source.language == Language::XML) {
        let Some(document) = shop.base.facts(file).document().filter(|_| settings::is_config(shop.base.path(file))) else { continue };
        for area in ["frontend", "admin"] {
            for (name, router) in document.all(&["config", area, "routers"]).into_iter().flat_map(Node::entries) {
                let Some(arguments) = router.get("args") else { continue };
                let known = found.entry((area, name.to_owned())).or_default();
                if let Some(front) = arguments.get("frontName")
                    && let Some(text) = front.text().filter(|text| !text.is_empty())
                {
                    known.front = Some((text.to_owned(), (file, front.line())));
                }
                let own = arguments.get("module").and_then(Node::text);
                let more = arguments.all(&["modules"]).into_iter().flat_map(Node::entries).filter_map(|(_, module)| module.text());
                for module in own.into_iter().chain(more).map(str::to_owned) {
                    if !known.modules.contains(&module) {
                        known.modules.push(module);
                    }
                }
            }
        }
    }
    found
}

/// Files of controllers by the name of their class without its ending: `Acme_Parcels_Adminhtml_Label`.
fn controllers(shop: &Shop<'_>) -> BTreeMap<String, FileId> {
    let files = shop.base.ids().filter(|file| !shop.base.file(*file).left_out && shop.base.file(*file).source.language == PHP);
    let named = files.filter_map(|file| {
        let path = shop.base.path(file);
        let (_, below) = path.split_once("/controllers/")?;
        let stem = below.strip_suffix("Controller.php")?;
        Some((format!("{}_{}", module_of(path)?, stem.replace('/', "_")), file))
    });
    named.collect()
}

/// Hands over every action of a controller: its own, and those of controllers it inherits from.
fn actions(shop: &Shop<'_>, file: FileId, mut found: impl FnMut(&str, String, (FileId, u32))) {
    let facts = shop.base.facts(file);
    let Some((class, definition)) = facts.definitions().find(|(_, definition)| definition.kind == DefinitionKind::Class) else { return };
    let class_name = facts.text(definition.name);
    let (mut at, mut seen): (Option<(FileId, DefinitionId)>, Vec<String>) = (Some((file, class)), Vec::new());
    for _ in 0..DEEPEST {
        let Some((home, class)) = at else { break };
        let facts = shop.base.facts(home);
        for (_, method) in facts.inside(Some(class)) {
            let name = facts.text(method.name);
            let Some(action) = name.strip_suffix("Action").filter(|action| !action.is_empty()) else { continue };
            if method.kind == DefinitionKind::Method && !seen.iter().any(|known| known == action) {
                seen.push(action.to_owned());
                found(action, format!("{class_name}::{name}"), (home, method.span.line));
            }
        }
        let above = facts.items(facts.definition(class).bases).first().and_then(|base| facts.as_name(*base));
        at = above.and_then(|above| shop.class(home, facts.text(above))).map(|place| (place.file, place.definition));
        at = at.filter(|(file, _)| shop.base.path(*file).contains("/controllers/"));
    }
}
