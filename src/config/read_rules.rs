//! The `[rules]` table from TOML.

use super::Mistake;
use super::read::{At, bad_pattern, number, string, strings, unknown_key, wrong_type};
use super::rules::{Forbidden, Rules, Selection};
use toml::Spanned;
use toml::de::DeValue;

const RULES: [&str; 6] = ["forbid", "layers", "strict", "max_file_lines", "max_module_files", "max_module_lines"];
const FORBID: [&str; 3] = ["from", "to", "reason"];

const FORBID_EXAMPLE: &str = "forbid = [{from = \"cart\", to = \"web.*\", reason = \"the cart is used without a browser\"}]";
const LAYERS_EXAMPLE: &str = "layers = [\"web\", [\"cart\", \"orders\"], \"base\"]";

/// Reads the table.
pub(super) fn rules(value: &Spanned<DeValue<'_>>, prefix: &str) -> At<Rules> {
    let DeValue::Table(table) = value.get_ref() else {
        return Err(wrong_type(value, "rules", "a table", "[rules]"));
    };
    let mut rules = Rules::default();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "forbid" => rules.forbid = forbid(value, prefix)?,
            "layers" => rules.layers = layers(value, prefix)?,
            "strict" => rules.strict = selection(value, "strict", "strict = [\"payments\"]", prefix)?,
            "max_file_lines" => rules.limits.file_lines = Some(limit(value, "max_file_lines", "max_file_lines = 2000")?),
            "max_module_files" => rules.limits.module_files = Some(limit(value, "max_module_files", "max_module_files = 80")?),
            "max_module_lines" => rules.limits.module_lines = Some(limit(value, "max_module_lines", "max_module_lines = 20_000")?),
            unknown => return Err((key.span().start, unknown_key(unknown, "in [rules]", &RULES))),
        }
    }
    Ok(rules)
}

/// The list of forbidden directions.
fn forbid(value: &Spanned<DeValue<'_>>, prefix: &str) -> At<Vec<Forbidden>> {
    let DeValue::Array(rows) = value.get_ref() else {
        return Err(wrong_type(value, "forbid", "a list of tables", FORBID_EXAMPLE));
    };
    rows.iter().map(|row| forbidden(row, prefix)).collect()
}

fn forbidden(row: &Spanned<DeValue<'_>>, prefix: &str) -> At<Forbidden> {
    let DeValue::Table(table) = row.get_ref() else {
        return Err(wrong_type(row, "forbid", "a list of tables", FORBID_EXAMPLE));
    };
    let (mut from, mut to, mut reason) = (None, None, None);
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "from" => from = Some(selection(value, "from", "from = \"cart\"", prefix)?),
            "to" => to = Some(selection(value, "to", "to = \"web.*\"", prefix)?),
            "reason" => reason = Some(string(value, "reason", "reason = \"the cart is used without a browser\"")?),
            unknown => return Err((key.span().start, unknown_key(unknown, "in an entry of forbid", &FORBID))),
        }
    }
    let missing = |key, example| (row.span().start, Mistake::MissingKey { table: "entry of forbid", key, example });
    let from = from.ok_or_else(|| missing("from", FORBID_EXAMPLE))?;
    let to = to.ok_or_else(|| missing("to", FORBID_EXAMPLE))?;
    Ok(Forbidden { from, to, reason })
}

/// Layers from the top down; one layer is a name or a list of names.
fn layers(value: &Spanned<DeValue<'_>>, prefix: &str) -> At<Vec<Selection>> {
    let DeValue::Array(rows) = value.get_ref() else {
        return Err(wrong_type(value, "layers", "a list of names, or of lists of names", LAYERS_EXAMPLE));
    };
    rows.iter().map(|row| selection(row, "layers", LAYERS_EXAMPLE, prefix)).collect()
}

/// One name or a list of them.
fn selection(value: &Spanned<DeValue<'_>>, key: &'static str, example: &'static str, prefix: &str) -> At<Selection> {
    let (written, spots) = match value.get_ref() {
        DeValue::String(text) => (vec![text.to_string()], vec![value.span().start]),
        _ => strings(value, key, example)?,
    };
    if let Some((_, at)) = written.iter().zip(&spots).find(|(name, _)| name.trim().is_empty()) {
        return Err((*at, Mistake::WrongValue { key, value: String::new(), allowed: "the name of a module, a glob or a path".to_owned() }));
    }
    Selection::new(written.clone(), prefix).map_err(|(index, reason)| {
        let at = spots.get(index).copied().unwrap_or(value.span().start);
        (at, bad_pattern(written.get(index).map_or("", String::as_str), reason))
    })
}

/// An absolute limit.
fn limit(value: &Spanned<DeValue<'_>>, key: &'static str, example: &'static str) -> At<u32> {
    let wrong = |found: String| (value.span().start, Mistake::WrongValue { key, value: found, allowed: "a number above zero".to_owned() });
    let limit = number(value, key, example, "a number above zero")?;
    u32::try_from(limit).map_err(|_| wrong(limit.to_string()))
}
