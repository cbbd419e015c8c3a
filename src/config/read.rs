//! From TOML text to [`Config`], keeping the line of everything that may be wrong.

use super::patterns::{PatternsBuilder, clean};
use super::read_rules::rules;
use super::read_services::{groups, services};
use super::{Config, ConfigError, Mistake, ModuleKind, ModuleRule, Scan};
use crate::base::{RelPath, Tag, Tags, is_within};
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Keys at the top of the file.
const TOP: [&str; 6] = ["module", "scan", "rules", "service", "same", "apart"];
const MODULE: [&str; 3] = ["name", "paths", "kind"];
const SCAN: [&str; 4] = ["exclude", "include_tagged", "max_file_bytes", "source_roots"];

/// What patterns are relative to, in the words of error messages.
const BASE: &str = "the folder of the config file";

/// A mistake and the byte it starts at.
pub(super) type At<T> = Result<T, (usize, Mistake)>;

/// Reads the text of a config file; `prefix` is the scanned folder seen from the config's.
pub(super) fn read(text: &str, file: &Path, prefix: &str) -> Result<Config, ConfigError> {
    let wrong = |(at, mistake): (usize, Mistake)| ConfigError::Wrong { file: file.to_owned(), line: line_of(text, at), mistake };
    let mut config = tables(text, prefix).map_err(wrong)?;
    config.file = Some(file.to_owned());
    Ok(config)
}

/// The 1-based line of a byte.
fn line_of(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}

/// A TOML error as a mistake.
fn syntax(error: &toml::de::Error) -> (usize, Mistake) {
    let at = error.span().map_or(0, |span: Range<usize>| span.start);
    (at, Mistake::Syntax(error.message().to_owned()))
}

/// Walks the top of the file.
fn tables(text: &str, prefix: &str) -> At<Config> {
    let document = DeTable::parse(text).map_err(|error| syntax(&error))?;
    let mut config = Config::default();
    for (key, value) in document.get_ref() {
        match key.get_ref().as_ref() {
            "module" => module_rules(value, prefix, &mut config)?,
            "scan" => scan(value, prefix, &mut config)?,
            "rules" => config.rules = rules(value, prefix)?,
            "service" => services(value, &mut config)?,
            "same" => config.same = groups(value, "same")?,
            "apart" => config.apart = groups(value, "apart")?,
            unknown => {
                return Err((key.span().start, unknown_key(unknown, "at the top of the file", &TOP)));
            }
        }
    }
    Ok(config)
}

/// The mistake for a key nobody knows: names the nearest known one, or where it belongs.
pub(super) fn unknown_key(key: &str, place: &'static str, known: &[&str]) -> Mistake {
    let nearest = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&key.to_lowercase(), name), *name))
        .min()
        .filter(|(distance, name)| *distance <= 2.max(name.len() / 2));
    let advice = match nearest {
        _ if TOP.contains(&key) => "it belongs at the top of the file, before the first [table]".to_owned(),
        Some((_, name)) => format!("did you mean `{name}`?"),
        None => format!("known keys are {}", known.join(", ")),
    };
    Mistake::UnknownKey { key: key.to_owned(), place, advice }
}

/// The `[[module]]` tables.
fn module_rules(value: &Spanned<DeValue<'_>>, prefix: &str, config: &mut Config) -> At<()> {
    const EXAMPLE: &str = "[[module]]";
    let DeValue::Array(rows) = value.get_ref() else {
        return Err(wrong_type(value, "module", "a list of tables", EXAMPLE));
    };
    let mut patterns = PatternsBuilder::new();
    for row in rows {
        let DeValue::Table(table) = row.get_ref() else {
            return Err(wrong_type(row, "module", "a list of tables", EXAMPLE));
        };
        let (rule, spots) = module_rule(table, row.span().start)?;
        for (pattern, at) in rule.paths.iter().zip(spots) {
            patterns.add(config.modules.len(), pattern).map_err(|reason| (at, bad_pattern(pattern, reason)))?;
        }
        config.modules.push(rule);
    }
    config.module_patterns = patterns.build(prefix).map_err(|reason| (value.span().start, bad_pattern("module", reason)))?;
    Ok(())
}

/// One `[[module]]` table and where each of its patterns stands.
fn module_rule(table: &DeTable<'_>, at: usize) -> At<(ModuleRule, Vec<usize>)> {
    let mut name = None;
    let mut paths = None;
    let mut kind = ModuleKind::App;
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "name" => name = Some(non_empty(value, "name", "name = \"orders\"")?),
            "paths" => paths = Some(strings(value, "paths", "paths = [\"shop/orders/**\"]")?),
            "kind" => kind = module_kind(value)?,
            unknown => {
                return Err((key.span().start, unknown_key(unknown, "in [[module]]", &MODULE)));
            }
        }
    }
    let missing = |key, example| (at, Mistake::MissingKey { table: "[[module]]", key, example });
    let name = name.ok_or_else(|| missing("name", "name = \"orders\""))?;
    let (paths, spots) = paths.filter(|(paths, _)| !paths.is_empty()).ok_or_else(|| missing("paths", "paths = [\"shop/orders/**\"]"))?;
    Ok((ModuleRule { name, paths, kind }, spots))
}

/// The `kind` of a module.
fn module_kind(value: &Spanned<DeValue<'_>>) -> At<ModuleKind> {
    let word = string(value, "kind", "kind = \"shared\"")?;
    ModuleKind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| {
        let allowed = ModuleKind::ALL.map(ModuleKind::word).join(", ");
        (value.span().start, Mistake::WrongValue { key: "kind", value: word, allowed })
    })
}

/// The `[scan]` table.
fn scan(value: &Spanned<DeValue<'_>>, prefix: &str, config: &mut Config) -> At<()> {
    let DeValue::Table(table) = value.get_ref() else {
        return Err(wrong_type(value, "scan", "a table", "[scan]"));
    };
    let mut scan = Scan::default();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "exclude" => {
                let (exclude, spots) = strings(value, "exclude", "exclude = [\"docs/**\"]")?;
                let mut patterns = PatternsBuilder::new();
                for (pattern, at) in exclude.iter().zip(spots) {
                    patterns.add(0, pattern).map_err(|reason| (at, bad_pattern(pattern, reason)))?;
                }
                config.excluded = patterns.build(prefix).map_err(|reason| (value.span().start, bad_pattern("exclude", reason)))?;
                scan.exclude = exclude;
            }
            "include_tagged" => scan.include_tagged = tags(value)?,
            "max_file_bytes" => scan.max_file_bytes = byte_count(value)?,
            "source_roots" => scan.source_roots = source_roots(value, prefix)?,
            unknown => return Err((key.span().start, unknown_key(unknown, "in [scan]", &SCAN))),
        }
    }
    config.scan = scan;
    Ok(())
}

/// The tags of `include_tagged`.
fn tags(value: &Spanned<DeValue<'_>>) -> At<Tags> {
    let (words, spots) = strings(value, "include_tagged", "include_tagged = [\"test\"]")?;
    let mut tags = Tags::default();
    for (word, at) in words.into_iter().zip(spots) {
        let Some(tag) = Tag::ALL.into_iter().find(|tag| tag.word() == word) else {
            let allowed = Tag::ALL.map(Tag::word).join(", ");
            return Err((at, Mistake::WrongValue { key: "include_tagged", value: word, allowed }));
        };
        tags.insert(tag);
    }
    Ok(tags)
}

/// The value of `max_file_bytes`.
fn byte_count(value: &Spanned<DeValue<'_>>) -> At<u64> {
    number(value, "max_file_bytes", "max_file_bytes = 1_000_000", "a number of bytes above zero")
}

/// A whole number above zero.
pub(super) fn number(value: &Spanned<DeValue<'_>>, key: &'static str, example: &'static str, allowed: &'static str) -> At<u64> {
    let DeValue::Integer(number) = value.get_ref() else {
        return Err(wrong_type(value, key, "a whole number", example));
    };
    u64::from_str_radix(number.as_str(), number.radix())
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| (value.span().start, Mistake::WrongValue { key, value: number.to_string(), allowed: allowed.to_owned() }))
}

/// `source_roots` as seen from the scanned folder; those outside of it cannot matter there.
fn source_roots(value: &Spanned<DeValue<'_>>, prefix: &str) -> At<Vec<RelPath>> {
    let (folders, spots) = strings(value, "source_roots", "source_roots = [\"src\"]")?;
    let mut roots = Vec::new();
    for (folder, at) in folders.iter().zip(spots) {
        let plain = if matches!(folder.as_str(), "" | "." | "./") {
            String::new()
        } else {
            clean(folder).map_err(|reason| (at, bad_pattern(folder, reason)))?
        };
        if is_within(&plain, prefix) {
            roots.push(RelPath::new(plain[prefix.len()..].trim_start_matches('/')));
        }
    }
    Ok(roots)
}

/// The mistake for a pattern.
pub(super) fn bad_pattern(pattern: &str, reason: String) -> Mistake {
    Mistake::BadPattern { pattern: pattern.to_owned(), reason, base: BASE }
}

/// The mistake for a value of another type.
pub(super) fn wrong_type(
    value: &Spanned<DeValue<'_>>,
    key: &'static str,
    expected: &'static str,
    example: &'static str,
) -> (usize, Mistake) {
    let found = match value.get_ref() {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    (value.span().start, Mistake::WrongType { key, expected, found, example })
}

/// A text value.
pub(super) fn string(value: &Spanned<DeValue<'_>>, key: &'static str, example: &'static str) -> At<String> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.to_string()),
        _ => Err(wrong_type(value, key, "text", example)),
    }
}

/// A text value with something in it.
pub(super) fn non_empty(value: &Spanned<DeValue<'_>>, key: &'static str, example: &'static str) -> At<String> {
    let text = string(value, key, example)?;
    if text.trim().is_empty() {
        let allowed = "a name that is not empty".to_owned();
        return Err((value.span().start, Mistake::WrongValue { key, value: text, allowed }));
    }
    Ok(text)
}

/// A list of texts and where each stands.
pub(super) fn strings(value: &Spanned<DeValue<'_>>, key: &'static str, example: &'static str) -> At<(Vec<String>, Vec<usize>)> {
    const EXPECTED: &str = "a list of texts";
    let DeValue::Array(items) = value.get_ref() else {
        return Err(wrong_type(value, key, EXPECTED, example));
    };
    let mut texts = Vec::with_capacity(items.len());
    let mut spots = Vec::with_capacity(items.len());
    for item in items {
        let DeValue::String(text) = item.get_ref() else {
            return Err(wrong_type(item, key, EXPECTED, example));
        };
        texts.push(text.to_string());
        spots.push(item.span().start);
    }
    Ok((texts, spots))
}
