//! Kinds of posts and taxonomies that the REST interface shows: `register_post_type( 'book', array( 'show_in_rest' => true ) )`.

use crate::base::FileId;
use crate::facts::{DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::php::PhpClasses;

/// What the interface knows of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Shown {
    pub is_taxonomy: bool,
    /// The part of the path that stands for it.
    pub base: String,
    pub namespace: String,
    /// The controller's name in small letters.
    pub controller: String,
    pub has_revisions: bool,
    pub is_attachment: bool,
}

/// Every kind that the tree registers and shows.
pub(super) fn find(classes: &PhpClasses<'_>) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    for file in classes.files() {
        let facts = classes.facts(file);
        let wanted = ["register_post_type", "register_taxonomy"].map(|name| facts.texts.find(name));
        if wanted.iter().all(Option::is_none) {
            continue;
        }
        for call in &facts.calls {
            let Some(name) = facts.as_name(call.callee).filter(|name| wanted.contains(&Some(*name))) else { continue };
            let is_taxonomy = Some(name) == wanted[1];
            let owner = facts.owner_of(call.value);
            let arguments = facts.arguments_of(call);
            let (Some(name), Some(options)) = (arguments.first(), arguments.get(if is_taxonomy { 2 } else { 1 })) else { continue };
            for name in classes.texts(file, owner, name.value) {
                let kind = shown(classes, file, owner, &name, is_taxonomy, options.value);
                found.extend(kind.filter(|kind| !found.contains(kind)));
            }
        }
    }
    found
}

fn shown(
    classes: &PhpClasses<'_>,
    file: FileId,
    owner: Option<DefinitionId>,
    name: &str,
    is_taxonomy: bool,
    options: ValueId,
) -> Option<Shown> {
    let facts = classes.facts(file);
    let options = map_behind(classes, file, owner, options)?;
    let option = |key: &str| option(facts, options, key);
    let text = |key: &str| option(key).and_then(|value| classes.text(file, owner, value)).filter(|text| !text.is_empty());
    let is_shown = option("show_in_rest").is_some_and(|value| match facts.value(value).shape {
        Shape::Constant(word) => facts.text(word).eq_ignore_ascii_case("true"),
        _ => false,
    });
    if !is_shown {
        return None;
    }
    let default = if is_taxonomy { "WP_REST_Terms_Controller" } else { "WP_REST_Posts_Controller" };
    let supports = option("supports").map(|value| match facts.value(value).shape {
        Shape::List(parts) => facts.items(parts).iter().filter_map(|part| facts.as_literal(*part)).collect(),
        _ => Vec::new(),
    });
    Some(Shown {
        is_taxonomy,
        base: text("rest_base").unwrap_or_else(|| name.to_owned()),
        namespace: text("rest_namespace").unwrap_or_else(|| "wp/v2".to_owned()),
        controller: text("rest_controller_class").unwrap_or_else(|| default.to_owned()).to_lowercase(),
        has_revisions: supports.is_some_and(|supports: Vec<&str>| supports.contains(&"revisions")),
        is_attachment: name == "attachment",
    })
}

/// The value an array has for a key.
pub(super) fn option(facts: &FileFacts, map: ValueId, key: &str) -> Option<ValueId> {
    let Shape::Map(entries) = facts.value(map).shape else { return None };
    let entries = &facts.entries[entries.range()];
    entries.iter().find(|entry| entry.key.and_then(|own| facts.as_literal(own)) == Some(key)).map(|entry| entry.value)
}

/// The array that an expression is, written there or given to a variable before.
pub(super) fn map_behind(classes: &PhpClasses<'_>, file: FileId, owner: Option<DefinitionId>, value: ValueId) -> Option<ValueId> {
    let facts = classes.facts(file);
    let Shape::Name(name) = facts.value(value).shape else { return Some(value) };
    let bound = classes.locals(file).of_name(owner, name).iter().rev();
    let bound = bound.map(|row| &facts.bindings[row.binding as usize]);
    let given = bound.filter(|binding| binding.target.0 < value.0).find_map(|binding| binding.value)?;
    matches!(facts.value(given).shape, Shape::Map(_) | Shape::List(_)).then_some(given)
}
