//! Functions and methods that PHP's own functions, and the hooks of WordPress, are handed by name: `usort($rows, 'by_price')`,
//! `call_user_func(array('Cart', 'total'))`, `array_map('Money::of', $sums)`.
//!
//! Only where the function that is called expects a callable: elsewhere a text is a text.

use super::{FrameworkRow, Model, StringReference};
use crate::base::FileId;
use crate::config::Config;
use crate::facts::{FileFacts, OwnerSweep, Shape, Text, ValueId};
use crate::names::php::{PHP, Place, Qualified, Sort};
use crate::names::{FactBase, Names};
use rustc_hash::FxHashMap;

/// Where WordPress is handed what it calls later: hooks, shortcodes, pages of the administration.
const HOOKS: [(&str, isize); 11] = [
    ("add_action", 1),
    ("add_filter", 1),
    ("add_shortcode", 1),
    ("add_meta_box", 2),
    ("add_menu_page", 4),
    ("add_submenu_page", 5),
    ("add_options_page", 4),
    ("add_management_page", 4),
    ("register_activation_hook", 1),
    ("register_deactivation_hook", 1),
    ("register_uninstall_hook", 1),
];

/// The row of this convention.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "callables", interpret };

/// Functions of PHP and the place of the callable among their arguments; counted from the end where it is below zero.
const TAKERS: [(&str, isize); 33] = [
    ("array_diff_uassoc", -1),
    ("array_diff_ukey", -1),
    ("array_filter", 1),
    ("array_intersect_uassoc", -1),
    ("array_intersect_ukey", -1),
    ("array_map", 0),
    ("array_reduce", 1),
    ("array_udiff", -1),
    ("array_udiff_assoc", -1),
    ("array_uintersect", -1),
    ("array_uintersect_assoc", -1),
    ("array_walk", 1),
    ("array_walk_recursive", 1),
    ("call_user_func", 0),
    ("call_user_func_array", 0),
    ("forward_static_call", 0),
    ("forward_static_call_array", 0),
    ("header_register_callback", 0),
    ("iterator_apply", 1),
    ("ob_start", 0),
    ("preg_replace_callback", 1),
    ("register_shutdown_function", 0),
    ("register_tick_function", 0),
    ("set_error_handler", 0),
    ("set_exception_handler", 0),
    ("spl_autoload_register", 0),
    ("uasort", 1),
    ("uksort", 1),
    ("usort", 1),
    ("xml_set_character_data_handler", 1),
    ("xml_set_default_handler", 1),
    ("xml_set_element_handler", 1),
    ("xml_set_processing_instruction_handler", 1),
];

fn interpret(base: &FactBase, names: &Names, _: &Config, out: &mut Model) {
    let takers: FxHashMap<&str, isize> = TAKERS.into_iter().chain(HOOKS).collect();
    for file in base.ids() {
        let entry = base.file(file);
        if !entry.left_out && entry.source.language == PHP {
            in_file(base, names, file, &takers, out);
        }
    }
}

fn in_file(base: &FactBase, names: &Names, file: FileId, takers: &FxHashMap<&str, isize>, out: &mut Model) {
    let facts = base.facts(file);
    let known = |text: &str| takers.get(text.trim_start_matches('\\')).copied();
    let wanted: FxHashMap<Text, isize> = facts.texts.iter().filter_map(|(id, text)| Some((id, known(text)?))).collect();
    if wanted.is_empty() {
        return;
    }
    let mut owners = OwnerSweep::new(facts);
    for call in &facts.calls {
        let Some(place) = facts.as_name(call.callee).and_then(|name| wanted.get(&name)) else { continue };
        let arguments = facts.arguments_of(call);
        let place = usize::try_from(*place).or_else(|_| arguments.len().checked_sub(1).ok_or(()));
        let Some(argument) = place.ok().and_then(|place| arguments.get(place)).filter(|argument| !argument.spread) else { continue };
        let owner = owners.owner(call.value);
        let Some((text, sort)) = callable(facts, argument.value) else { continue };
        let name = text.split_once("::").map_or(text.as_str(), |(class, _)| class);
        let full = name.trim_start_matches('\\').to_lowercase();
        let Some(found) = names.php(base, file, sort, &Qualified { full, fallback: None }) else { continue };
        out.references.push(reference(base, file, facts.value(argument.value).line, owner, found, &text));
    }
}

/// A callable that is written down: the name of a function, or of a class and a method.
fn callable(facts: &FileFacts, value: ValueId) -> Option<(String, Sort)> {
    let (text, sort) = match facts.value(value).shape {
        Shape::Literal(text) => {
            let text = facts.text(text);
            (text.to_owned(), if text.contains("::") { Sort::Class } else { Sort::Function })
        }
        Shape::List(parts) => match *facts.items(parts) {
            [class, method] => (format!("{}::{}", facts.as_literal(class)?, facts.as_literal(method)?), Sort::Class),
            _ => return None,
        },
        _ => return None,
    };
    let own = ["self::", "parent::", "static::"].iter().any(|own| text.starts_with(own));
    (!text.is_empty() && !own).then_some((text, sort))
}

fn reference(
    base: &FactBase,
    from: FileId,
    line: u32,
    owner: Option<crate::facts::DefinitionId>,
    found: Place,
    text: &str,
) -> StringReference {
    let there = base.facts(found.file);
    StringReference {
        from,
        line,
        owner,
        to: found.file,
        symbol: Some(there.text(there.definition(found.definition).name).to_owned()),
        text: format!("'{text}'"),
        deferred: false,
        certainty: found.certainty(),
        rule: found.told("callable in a string").into(),
    }
}
