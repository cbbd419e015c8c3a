//! Which language a file is in, by its name or the program its first line names.

use super::{Extension, Mark};
use crate::base::{Language, RelPath};
use rustc_hash::FxHashMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// A folder whose files of one extension are in a language.
pub(super) struct InFolder {
    folder: &'static str,
    suffix: &'static str,
    /// The name of a file that has to be in a folder around.
    pub(super) within: Option<&'static str>,
    pub(super) language: Language,
}

/// The marks of all languages, ready to be asked.
pub(super) struct Guess {
    suffixes: FxHashMap<&'static str, Language>,
    names: FxHashMap<&'static str, Language>,
    interpreters: FxHashMap<&'static str, Language>,
    openings: FxHashMap<&'static str, (&'static str, Language)>,
    below: Vec<InFolder>,
}

impl Guess {
    /// Sorts the marks by kind.
    pub(super) fn new(languages: &[Extension]) -> Self {
        let mut guess = Self {
            suffixes: FxHashMap::default(),
            names: FxHashMap::default(),
            interpreters: FxHashMap::default(),
            openings: FxHashMap::default(),
            below: Vec::new(),
        };
        for extension in languages {
            let language = extension.language;
            match extension.mark {
                Mark::Suffix(suffix) => _ = guess.suffixes.insert(suffix, language),
                Mark::Below(folder, suffix, within) => guess.below.push(InFolder { folder, suffix, within, language }),
                Mark::Name(name) => _ = guess.names.insert(name, language),
                Mark::Interpreter(program) => _ = guess.interpreters.insert(program, language),
                Mark::Opening(suffix, start) => _ = guess.openings.insert(suffix, (start, language)),
            }
        }
        guess
    }

    /// The language a name says. Suffixes are compared without case: `INDEX.PHP` is PHP on every file system.
    pub(super) fn by_name(&self, name: &str) -> Option<Language> {
        if let Some(language) = self.names.get(name) {
            return Some(*language);
        }
        // A leading dot hides a file, it does not begin an extension.
        let mut rest = name.get(name.chars().next()?.len_utf8()..)?;
        while let Some((_, suffix)) = rest.split_once('.') {
            let found = if suffix.bytes().any(|byte| byte.is_ascii_uppercase()) {
                self.suffixes.get(suffix.to_ascii_lowercase().as_str())
            } else {
                self.suffixes.get(suffix)
            };
            if found.is_some() {
                return found.copied();
            }
            rest = suffix;
        }
        None
    }

    /// The language a name says where its folder says it too.
    pub(super) fn by_folder(&self, path: &RelPath) -> Option<&InFolder> {
        let (_, suffix) = path.name().rsplit_once('.')?;
        let below = |folder: &str| format!("/{}/", path.parent()).contains(&format!("/{folder}/"));
        let mut known = self.below.iter();
        known.find(|known| known.suffix.eq_ignore_ascii_case(suffix) && below(known.folder))
    }

    /// The language of a file without extension, by its `#!` line, or of one whose extension means it only together with
    /// how the file begins.
    ///
    /// The caller makes sure that it is a plain file: opening a pipe would wait for a writer.
    #[allow(clippy::disallowed_methods, reason = "discover is one of the rooms that read files")]
    pub(super) fn by_first_line(&self, path: &Path, name: &str) -> Option<Language> {
        let opening = name.rsplit_once('.').and_then(|(_, suffix)| self.openings.get(suffix));
        if opening.is_none() && (self.interpreters.is_empty() || name.contains('.')) {
            return None;
        }
        let mut start = [0; 128];
        let length = File::open(path).ok()?.read(&mut start).ok()?;
        let start = start.get(..length)?;
        match opening {
            Some((text, language)) => start.starts_with(text.as_bytes()).then_some(*language),
            None => self.by_shebang(start),
        }
    }

    /// The language of the interpreter in a `#!` line.
    pub(super) fn by_shebang(&self, start: &[u8]) -> Option<Language> {
        let line = start.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
        let line = std::str::from_utf8(line).ok()?;
        let mut words = line.split_whitespace();
        let mut program = file_name(words.next()?);
        if program == "env" {
            // `env -S VAR=1 python3 -u`: neither options nor settings are the program.
            program = file_name(words.find(|word| !word.starts_with('-') && !word.contains('='))?);
        }
        let plain = program.trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == '.');
        self.interpreters.get(plain).copied()
    }
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: [Extension; 5] = [
        Extension { mark: Mark::Suffix("py"), language: Language("python") },
        Extension { mark: Mark::Suffix("php"), language: Language("php") },
        Extension { mark: Mark::Suffix("blade.php"), language: Language("templates") },
        Extension { mark: Mark::Name("artisan"), language: Language("php") },
        Extension { mark: Mark::Interpreter("python"), language: Language("python") },
    ];

    #[test]
    fn the_longest_suffix_wins_and_case_does_not_matter() {
        let guess = Guess::new(&LIST);
        let name = |name: &str| guess.by_name(name).map(|language| language.0);
        assert_eq!(name("a.py"), Some("python"));
        assert_eq!(name("A.v2.PY"), Some("python"));
        assert_eq!(name("list.blade.php"), Some("templates"));
        assert_eq!(name("artisan"), Some("php"));
        assert_eq!([name("ü.py"), name("\u{202e}x.py")], [Some("python"); 2]);
        assert_eq!([name(".py"), name("py"), name("a.pyc"), name(""), name("ü")], [None; 5]);
    }

    #[test]
    fn interpreters_are_found_behind_env_and_versions() {
        let guess = Guess::new(&LIST);
        let line = |text: &str| guess.by_shebang(text.as_bytes()).map(|language| language.0);
        for text in ["#!/usr/bin/python\n", "#! /usr/bin/env python3.11\r\n", "#!/usr/bin/env -S A=1 python3 -u"] {
            assert_eq!(line(text), Some("python"), "{text}");
        }
        assert_eq!([line("#!/bin/sh\npython"), line("python"), line("#!"), line("#!/usr/bin/env")], [None; 4]);
    }
}
