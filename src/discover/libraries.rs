//! Scripts of other people that lie among an application's own: a shop's `static/` holds a date picker, a chart library
//! and three editors beside the forty files that somebody there wrote.
//!
//! No list of names: names of libraries are words (`bootstrap.js`, `core.js`) that applications use too, and no list is
//! complete. What a published file has, and an application's own has not, is a banner with a licence and a version *of
//! its own*, a wrapper for every loader there is, or a folder that is called after a version. A wrong answer takes
//! running code off the map and a missing one only adds a file to it, so every rule asks for two signs.

use crate::base::RelPath;

/// How much of a text is looked at, in bytes: banners stand at the beginning.
const HEAD: usize = 3_072;

/// A function that spans a file of more lines than this was put together by a program.
const LARGEST_FUNCTION: usize = 10_000;

/// Words in file and folder names that say nothing about whose file it is.
const COMMON_WORDS: [&str; 24] = [
    "admin",
    "app",
    "application",
    "assets",
    "base",
    "common",
    "core",
    "dist",
    "functions",
    "global",
    "index",
    "javascript",
    "javascripts",
    "jquery",
    "libs",
    "main",
    "plugin",
    "plugins",
    "public",
    "script",
    "scripts",
    "site",
    "static",
    "utils",
];

/// Words of people who took a file over: it is theirs now.
const TAKEN_OVER: [&str; 4] = ["modified", "adapted", "customized", "customised"];

/// Whether a script was written elsewhere and published.
pub(super) fn is_published(path: &RelPath, text: &str) -> bool {
    let extension = path.name().rsplit_once('.').map_or("", |(_, extension)| extension);
    if !["js", "mjs", "css"].contains(&extension) {
        return false;
    }
    let head = String::from_utf8_lossy(&text.as_bytes()[..HEAD.min(text.len())]);
    let (comments, code) = leading_comments(&head);
    if TAKEN_OVER.iter().any(|word| comments.to_lowercase().contains(word)) {
        return false;
    }
    keeps_its_banner(&head)
        || (is_wrapped(code) && (has_licence(&comments) || head.contains("//!")))
        || names_itself(path, &comments)
        || (lies_below_a_version(path) && !reaches_out(text))
}

/// One function around ten thousand lines: a bundle, whatever it is called.
pub(super) fn is_bundled(path: &RelPath, text: &str) -> bool {
    if !path.name().ends_with(".js") || text.len() < LARGEST_FUNCTION * 10 {
        return false;
    }
    let head = String::from_utf8_lossy(&text.as_bytes()[..HEAD]);
    let (_, code) = leading_comments(&head);
    opens_a_function(code) && memchr::memchr_iter(b'\n', text.as_bytes()).nth(LARGEST_FUNCTION).is_some()
}

/// A comment that compressors have to keep (`/*!`, `/**!`, `//!`) with a licence, and a version of three numbers there or
/// right behind it (`var grid = {version: '1.2.3'}`).
fn keeps_its_banner(head: &str) -> bool {
    let kept = ["/*!", "/**!"].iter().filter_map(|mark| head.split_once(mark));
    let blocks = kept.map(|(_, rest)| rest.split_once("*/").map_or(rest, |(banner, _)| banner).to_owned());
    let lines: String = head.lines().filter_map(|line| line.trim_start().strip_prefix("//!")).collect::<Vec<_>>().join("\n");
    let claimed = blocks.chain([lines]).any(|banner| has_licence(&banner) || banner.contains("authors"));
    claimed && version(head) >= 3
}

/// `(function (root, factory) { if (typeof define === 'function' && define.amd) ...`: made to be loaded by anybody.
fn is_wrapped(code: &str) -> bool {
    let beginning: String = code.chars().take(1_500).collect();
    opens_a_function(code) && beginning.contains("define.amd") && (beginning.contains("exports") || beginning.contains("jQuery"))
}

/// A banner that tells the name of the file (or of its folder), a version and a licence.
fn names_itself(path: &RelPath, comments: &str) -> bool {
    if !has_licence(comments) {
        return false;
    }
    let banner: String = comments.chars().take(1_200).collect::<String>().to_lowercase();
    let plain = |text: &str| -> String { text.chars().filter(|sign| sign.is_alphanumeric()).collect() };
    let (stem, folder) = (path.name().rsplit_once('.').map_or("", |(stem, _)| stem), path.parent().rsplit('/').next().unwrap_or(""));
    let words = [stem, folder].into_iter().flat_map(|name| name.split(|sign: char| !sign.is_alphanumeric())).map(str::to_lowercase);
    let told: Vec<String> = words.filter(|word| word.len() >= 4 && !COMMON_WORDS.contains(&word.as_str())).collect();
    let names = |text: &str| told.iter().any(|word| plain(text).contains(word.as_str()));
    let beginning: String = banner.chars().take(900).collect();
    names(&beginning) && banner.lines().any(|line| version(line) >= 2 && !names_a_licence(line) && (names(line) || says_version(line)))
}

/// `v2.1`, `version 2.1`, `@version 2.1`.
fn says_version(line: &str) -> bool {
    let numbered = |rest: &str| rest.trim_start_matches([' ', ':', '\t', '#']).starts_with(|sign: char| sign.is_ascii_digit());
    let bare = line.trim_start_matches(|sign: char| !sign.is_alphanumeric() && sign != '@');
    line.split("version").skip(1).any(numbered) || bare.strip_prefix('v').is_some_and(numbered) || line.split(" v").skip(1).any(numbered)
}

/// `lib/editor/3.5.8/editor.js`.
fn lies_below_a_version(path: &RelPath) -> bool {
    path.parent().split('/').any(|folder| {
        let numbers = folder.trim_start_matches('v');
        numbers.split('.').count() >= 3 && numbers.split('.').all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// Whether a file takes something from the tree around it, as an application's own does (`upgrades/1.2.0/users.js`).
fn reaches_out(text: &str) -> bool {
    ["module.exports", "require('..", "require(\"..", " from '..", " from \".."].iter().any(|words| text.contains(words))
}

fn has_licence(text: &str) -> bool {
    let text = text.to_lowercase();
    ["license", "licence", "licensed", "copyright", "(c)"].iter().any(|word| text.contains(word))
}

/// A line whose version may be that of a licence.
fn names_a_licence(line: &str) -> bool {
    [
        "licens",
        "http",
        "gpl",
        "general public",
        "apache",
        "mozilla public",
        "mpl",
        "cddl",
        "creative commons",
        "academic free",
        "open software",
    ]
    .iter()
    .any(|licence| line.contains(licence))
}

/// How many numbers the longest version in a text has; `1.2.3` has three.
fn version(text: &str) -> usize {
    let words = text.split(|sign: char| !sign.is_ascii_digit() && sign != '.');
    words.map(|word| word.split('.').filter(|number| !number.is_empty()).count()).max().unwrap_or(0)
}

/// `(function`, `;(function`, `!function`.
fn opens_a_function(code: &str) -> bool {
    code.trim_start_matches(|sign: char| sign.is_whitespace() || matches!(sign, ';' | '!' | '(' | '+')).starts_with("function")
        && code.trim_start().starts_with([';', '!', '(', '+'])
}

/// The comments before the first code, and what follows them.
fn leading_comments(head: &str) -> (String, &str) {
    let (mut comments, mut rest) = (String::new(), head);
    loop {
        let next = rest.trim_start_matches(|sign: char| sign.is_whitespace() || sign == ';');
        let end = if next.starts_with("/*") {
            next.find("*/").map_or(next.len(), |at| at + 2)
        } else if next.starts_with("//") {
            next.find('\n').unwrap_or(next.len())
        } else {
            return (comments, rest);
        };
        comments.push_str(&next[..end]);
        comments.push('\n');
        rest = &next[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(path: &str, text: &str) -> bool {
        is_published(&RelPath::new(path), text)
    }

    #[test]
    fn banners_with_a_version_of_their_own_are_of_libraries() {
        assert!(published("a/grid.js", "/*! Grid 1.2.3 | MIT License */\n$();"));
        assert!(published("a/canvas.js", "/* build: all */\n/*! Canvas. Copyright A. Person */\nvar c = {version: '5.3.0'};"));
        assert!(published("a/dates.js", "x();\n//! dates.js\n//! version : 2.29.1\n//! authors : A\n//! license : MIT\n"));
        assert!(published("a/jquery.sparks.js", "/**\n* jquery.sparks.js\n*\n* v2.1\n* (c) Company, Inc\n*/\n$();"));
        assert!(published("js/gridlib/tree.js", "/*\n * Gridlib Library 1.1.1\n * Copyright (c) 2006\n */\nx();"));
    }

    #[test]
    fn banners_of_an_application_are_not() {
        assert!(!published("js/main.js", "/*\n * The Shop 4.2.0\n * Copyright (c) 2020 Shop\n */\nx();"), "the file does not name itself");
        assert!(!published("js/cart.js", "/**\n * Cart\n * @copyright Shop\n * @license GPL 3.0\n */\nx();"), "the version of a licence");
        assert!(!published("js/cart.js", "/* Cart: the code of the cart */\nx();"));
        let terms = "/* The skin Elastic (c) Shop\n * See creativecommons.example/by-sa/3.0/ and install 2.4 of it\n */\nx();";
        assert!(!published("skins/elastic/ui.js", terms), "a number is no version");
        assert!(!published("js/popup.js", "/*! Popup 1.2.3, copyright A; modified for the shop */\nx();"), "theirs now");
        assert!(!published("cart.py", "/*! Cart 1.2.3, MIT License */"));
    }

    #[test]
    fn wrappers_for_every_loader_need_a_licence_beside_them() {
        let wrapper = "(function (root, factory) {\n if (typeof define === 'function' && define.amd) define(factory);\n else module.exports = factory();\n}(this, function () {}));";
        assert!(published("js/shapes.js", &format!("// Copyright 2021 A. Person\n{wrapper}")));
        assert!(!published("js/shapes.js", wrapper));
        assert!(!published("js/shapes.js", &format!("// Copyright 2021 A. Person\ndefine.amd;\n{wrapper}")));
    }

    #[test]
    fn folders_called_after_a_version_hold_libraries_unless_they_use_the_tree() {
        assert!(published("lib/editor/3.5.8/editor_src.js", "x();"));
        assert!(!published("src/upgrades/1.2.0/users.js", "const db = require('../../database');"));
        assert!(!published("api/v1.2/users.js", "x();"));
    }

    #[test]
    fn ten_thousand_lines_in_one_function_are_a_bundle() {
        let path = RelPath::new("js/editor.js");
        let body = "  var a = 1; // a line\n".repeat(10_001);
        assert!(is_bundled(&path, &format!("/* Copyright */\n(function () {{\n{body}}})();\n")));
        assert!(!is_bundled(&path, &format!("function app() {{\n{body}}}\n")), "somebody's large program");
        assert!(!is_bundled(&path, "(function () {\n})();\n"));
    }
}
