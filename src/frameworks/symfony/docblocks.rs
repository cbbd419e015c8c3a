//! Routes in docblocks, the way before attributes: `@Route("/blog", name="blog_", methods={"GET"})`.

use super::paths::Located;
use super::{Controller, METHOD, Noted, noted_methods};
use crate::base::FileId;
use crate::facts::{DefinitionId, DocBlock, ValueId};
use crate::frameworks::orm::Ancestor;
use crate::frameworks::php::PhpClasses;
use crate::frameworks::routes::Method;
use std::collections::BTreeMap;

/// Reads the docblocks of a file's classes and methods.
pub(super) fn read(classes: &PhpClasses<'_>, file: FileId, out: &mut BTreeMap<DefinitionId, Controller>) {
    let facts = classes.facts(file);
    for block in &facts.docblocks {
        // A docblock belongs to what begins next beside it.
        let next = facts.definitions().find(|(_, next)| next.owner == block.owner && next.span.line >= block.end_line);
        let Some((id, definition)) = next else { continue };
        let bound_between = facts
            .bindings
            .iter()
            .any(|binding| binding.owner == block.owner && binding.target.0 >= block.at && binding.target.0 < definition.values.start);
        if bound_between {
            continue;
        }
        let noted = notes(classes, file, block);
        if noted.is_empty() {
            continue;
        }
        match (definition.kind.is_type(), definition.owner) {
            (true, _) => out.entry(id).or_default().own.extend(noted),
            (false, Some(class)) if facts.definition(class).kind.is_type() => {
                let methods = &mut out.entry(class).or_default().methods;
                let line = definition.span.line;
                methods.entry(id).or_default().extend(noted.into_iter().map(|noted| Noted { line, ..noted }));
            }
            _ => {}
        }
    }
}

/// The routes that one docblock notes; methods that it notes apart hold for all of them.
fn notes(classes: &PhpClasses<'_>, file: FileId, block: &DocBlock) -> Vec<Noted> {
    let facts = classes.facts(file);
    let last = u32::try_from(facts.values.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let at = ValueId(block.at.min(last));
    let line = facts.values.get(at.0 as usize).map_or(1, |value| value.line);
    let (mut found, mut apart): (Vec<Noted>, Vec<Method>) = (Vec::new(), Vec::new());
    let text = facts.text(block.text);
    for (place, _) in text.match_indices('@') {
        let rest = &text[place + 1..];
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '\\')).unwrap_or(rest.len());
        let Ancestor::Outside(full) = classes.written(file, at, &rest[..end]) else { continue };
        let arguments = || rest[end..].trim_start().strip_prefix('(').map(arguments).unwrap_or_default();
        if full == METHOD {
            apart.extend(arguments().iter().flat_map(|(_, text)| methods(text)));
        } else if let Some(by_verb) = noted_methods(&full) {
            found.push(noted(arguments(), by_verb, line));
        }
    }
    for noted in found.iter_mut().filter(|noted| noted.methods.is_empty()) {
        noted.methods.clone_from(&apart);
    }
    found
}

fn noted(arguments: Vec<(String, String)>, by_verb: Vec<Method>, line: u32) -> Noted {
    let mut noted = Noted { line, methods: by_verb, ..Noted::default() };
    for (key, text) in arguments {
        match key.as_str() {
            "" | "path" | "value" => noted.paths.push(Located::only(&text)),
            "name" => noted.name = Some(text),
            "methods" => noted.methods.extend(methods(&text)),
            // `path={"en": "/about", "de": "/ueber"}`
            _ => {
                if let Some(locale) = key.strip_prefix("path.").or_else(|| key.strip_prefix('.')) {
                    noted.paths.push(Located { locale: locale.to_owned(), path: text });
                }
            }
        }
    }
    noted
}

fn methods(text: &str) -> Vec<Method> {
    text.split('|').filter_map(|word| Method::of(word.trim())).collect()
}

/// Texts between the brackets of a note with their keys: `name="x"` as `name`, elements of a list under its key, those of a map
/// as `key.own`.
fn arguments(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let (mut around, mut key, mut word) = (Vec::<String>::new(), String::new(), String::new());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                let mut text = String::new();
                while let Some(letter) = letters.next() {
                    // Two quotes stand for one.
                    if letter == '"' && letters.next_if_eq(&'"').is_none() {
                        break;
                    }
                    text.push(letter);
                }
                let mut ahead = letters.clone();
                match ahead.find(|letter| !letter.is_whitespace() && *letter != '*') {
                    Some(':' | '=') => key = text,
                    _ => {
                        let whole = match (around.last(), key.is_empty()) {
                            (Some(outer), true) => outer.clone(),
                            (Some(outer), false) => format!("{outer}.{key}"),
                            (None, _) => key.clone(),
                        };
                        found.push((whole, text));
                        key.clear();
                    }
                }
                word.clear();
            }
            '=' if !word.is_empty() => key = std::mem::take(&mut word),
            '{' => around.push(std::mem::take(&mut key)),
            '}' => {
                around.pop();
                key.clear();
            }
            ')' if around.is_empty() => break,
            ',' => {
                word.clear();
                key.clear();
            }
            letter if letter.is_alphanumeric() || letter == '_' => word.push(letter),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::arguments;

    #[test]
    fn texts_are_found_with_their_keys() {
        let pairs = |text: &str| arguments(text).into_iter().map(|(key, text)| format!("{key}={text}")).collect::<Vec<_>>();
        assert_eq!(
            pairs(r#""/a/{id}", name="b", methods={"GET", "POST"}) more "x""#),
            ["=/a/{id}", "name=b", "methods=GET", "methods=POST"]
        );
        assert_eq!(
            pairs(r#"{"en": "/about", "de": "/ueber"}, requirements={"id"="\d+"})"#),
            [".en=/about", ".de=/ueber", "requirements.id=\\d+"]
        );
        assert_eq!(pairs(r#"path="/a", defaults={"page": 1, "x"="y"}"#), ["path=/a", "defaults.x=y"]);
    }
}
