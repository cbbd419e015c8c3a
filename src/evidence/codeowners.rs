//! CODEOWNERS of GitHub and GitLab: patterns and the people who answer for what they match.
//!
//! The last pattern that matches wins. GitLab's `[Sections]` each have a winner of their own, and the owners are those of
//! all sections together. GitHub looks for the file in `.github/`, the root and `docs/`; GitLab also in `.gitlab/`.

use crate::base::join;
use globset::{GlobBuilder, GlobMatcher};
use std::path::Path;

/// Where the file may lie below the top of the checkout; the first one found counts.
const PLACES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// The owners of the files of a checkout.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    /// What stands before the first heading of a section, then a list per section.
    sections: Vec<Vec<Rule>>,
    /// The scanned folder as the patterns see it.
    prefix: String,
}

#[derive(Clone, Debug)]
struct Rule {
    globs: Vec<GlobMatcher>,
    owners: Vec<String>,
    /// GitLab's `!pattern`: what it matches has no owner in this section, whatever comes later.
    excluded: bool,
}

impl Owners {
    /// Looks for the file in the scanned folder and the folders above it, up to the top of the checkout. No file, or one
    /// that cannot be read, means no owners: they are a courtesy beside a finding.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this room reads the evidence beside the code")]
    pub fn find(root: &Path) -> Self {
        let Ok(root) = root.canonicalize() else { return Self::default() };
        for folder in root.ancestors() {
            let text = PLACES.iter().find_map(|place| std::fs::read(folder.join(place)).ok());
            if let Some(text) = text {
                let below = root.strip_prefix(folder).unwrap_or(Path::new(""));
                let prefix = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
                return Self::parse(&String::from_utf8_lossy(&text), &prefix);
            }
            if folder.join(".git").exists() {
                break;
            }
        }
        Self::default()
    }

    /// Reads the text of a file; `prefix` is the scanned folder as seen from the checkout's top. Lines that say nothing
    /// sensible are passed over, as GitHub and GitLab do.
    #[must_use]
    pub fn parse(text: &str, prefix: &str) -> Self {
        let mut owners = Self { sections: vec![Vec::new()], prefix: prefix.to_owned() };
        // Sections of the same name are one section.
        let mut names = vec![String::new()];
        let (mut section, mut defaults) = (0, Vec::new());
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some((name, default)) = heading(line) {
                let known = names.iter().position(|known| *known == name);
                section = known.unwrap_or(names.len());
                if known.is_none() {
                    names.push(name);
                    owners.sections.push(Vec::new());
                }
                defaults = default;
            } else if let Some(rule) = rule(line, &defaults) {
                owners.sections[section].push(rule);
            }
        }
        owners
    }

    /// The owners of a file, by a path relative to the scanned root; sorted, each once.
    #[must_use]
    pub fn of(&self, path: &str) -> Vec<&str> {
        let path = join(&self.prefix, path);
        let matches = |rule: &&Rule| rule.globs.iter().any(|glob| glob.is_match(&path));
        let mut all = Vec::new();
        for section in &self.sections {
            if !section.iter().filter(|rule| rule.excluded).any(|rule| matches(&rule)) {
                let last = section.iter().rev().find(matches);
                all.extend(last.into_iter().flat_map(|rule| rule.owners.iter().map(String::as_str)));
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// `[Name]`, `^[Name]`, `[Name][2] @default`: the name in lower case, and who owns what names nobody.
fn heading(line: &str) -> Option<(String, Vec<String>)> {
    let rest = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (name, rest) = rest.split_once(']')?;
    // A pattern may begin with a class of letters too; what follows a heading is empty, a number in brackets or owners.
    let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => rest,
    };
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| (name.to_lowercase(), people(rest)))
}

/// Names and addresses, up to a comment.
fn people(text: &str) -> Vec<String> {
    text.split_whitespace().take_while(|word| !word.starts_with('#')).filter(|word| word.contains('@')).map(str::to_owned).collect()
}

/// A pattern and its owners. A pattern without owners takes what it matches from everybody, unless its section has some.
fn rule(line: &str, defaults: &[String]) -> Option<Rule> {
    let (pattern, rest) = split_pattern(line);
    let (excluded, pattern) = pattern.strip_prefix('!').map_or((false, pattern.as_str()), |pattern| (true, pattern));
    let mut owners = people(&rest);
    if owners.is_empty() {
        owners = defaults.to_vec();
    }
    let globs: Vec<GlobMatcher> = globs(pattern).iter().filter_map(|glob| matcher(glob)).collect();
    (!globs.is_empty()).then_some(Rule { globs, owners, excluded })
}

/// The pattern, in which `\ ` is a space and `\#` a number sign, and what follows it.
fn split_pattern(line: &str) -> (String, String) {
    let mut pattern = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(escaped @ (' ' | '#')) => pattern.push(escaped),
                Some(other) => pattern.extend(['\\', other]),
                None => {}
            },
            space if space.is_whitespace() => break,
            other => pattern.push(other),
        }
    }
    (pattern, letters.collect())
}

/// As in `.gitignore`: a slash inside ties the pattern to the top, a folder means everything below it. Unlike there,
/// `docs/*` means the files of `docs` alone.
fn globs(pattern: &str) -> Vec<String> {
    let folder = pattern.ends_with('/');
    let plain = pattern.trim_end_matches('/');
    let tied = plain.contains('/');
    let plain = plain.trim_start_matches('/');
    if plain.is_empty() {
        return if pattern.is_empty() { Vec::new() } else { vec!["**".to_owned()] };
    }
    let base = if tied { plain.to_owned() } else { format!("**/{plain}") };
    let below = format!("{base}/**");
    match () {
        () if folder => vec![below],
        () if tied && plain.ends_with("/*") => vec![base],
        () => vec![base, below],
    }
}

fn matcher(glob: &str) -> Option<GlobMatcher> {
    GlobBuilder::new(glob).literal_separator(true).backslash_escape(true).build().ok().map(|glob| glob.compile_matcher())
}

#[cfg(test)]
mod tests {
    use super::Owners;

    #[test]
    fn the_last_pattern_that_matches_wins() {
        let owners = Owners::parse(
            "# all\n*       @everyone\n*.py    @python a@example.org # who else\n/build/logs/ @ops\ndocs/*  @docs\napps/   @apps\n\
             /shop/cart @org/cart\nshop/cart/free\n",
            "",
        );
        assert_eq!(owners.of("README"), ["@everyone"]);
        assert_eq!(owners.of("deep/down/a.py"), ["@python", "a@example.org"]);
        assert_eq!(owners.of("build/logs/a/b.txt"), ["@ops"]);
        assert_eq!(owners.of("x/build/logs/b.txt"), ["@everyone"], "a slash at the start ties it to the top");
        assert_eq!((owners.of("docs/a.md"), owners.of("docs/a/b.md")), (vec!["@docs"], vec!["@everyone"]));
        assert_eq!(owners.of("x/apps/y/z.py"), ["@apps"], "a folder without another slash may lie anywhere");
        assert_eq!(owners.of("shop/cart/models.py"), ["@org/cart"]);
        assert!(owners.of("shop/cart/free/a.py").is_empty(), "a pattern without owners takes them away");
    }

    #[test]
    fn sections_each_have_a_winner() {
        let owners = Owners::parse(
            "* @all\n[Backend][2] @backend\n*.py\nshop/cart/ @cart\n!shop/cart/made.py\n^[Docs] @writers\n*.md\n[BACKEND]\nshop/orders/ @orders\n",
            "",
        );
        assert_eq!(owners.of("a.py"), ["@all", "@backend"]);
        assert_eq!(owners.of("shop/cart/a.py"), ["@all", "@cart"]);
        assert_eq!(owners.of("shop/orders/a.py"), ["@all", "@orders"]);
        assert_eq!(owners.of("shop/cart/made.py"), ["@all"]);
        assert_eq!(owners.of("README.md"), ["@all", "@writers"]);
    }

    #[test]
    fn spaces_are_escaped_and_nonsense_is_passed_over() {
        let owners = Owners::parse("my\\ folder/ @me\n[unclosed @x\n/ @root\na[ @broken\n", "");
        assert_eq!(owners.of("my folder/a.py"), ["@root"]);
        assert_eq!(Owners::parse("my\\ folder/ @me", "").of("my folder/a.py"), ["@me"]);
        assert!(Owners::parse("", "").of("a.py").is_empty());
    }

    #[test]
    fn a_scanned_folder_below_the_top_is_seen_from_the_top() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("backend/shop")).unwrap();
        std::fs::create_dir_all(folder.path().join(".github")).unwrap();
        std::fs::write(folder.path().join(".github/CODEOWNERS"), "/backend/shop/ @shop\n").unwrap();
        let owners = Owners::find(&folder.path().join("backend"));
        assert_eq!(owners.of("shop/a.py"), ["@shop"]);
        assert!(owners.of("a.py").is_empty());
        // Another repository's file is not this one's.
        std::fs::create_dir_all(folder.path().join("backend/.git")).unwrap();
        assert!(Owners::find(&folder.path().join("backend")).of("shop/a.py").is_empty());
    }
}
