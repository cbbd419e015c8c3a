//! Paths of routes: put together with their prefixes, and without what Symfony writes into them beside names.

/// A path, for one language where it has several.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Located {
    /// Empty where there is but one.
    pub locale: String,
    pub path: String,
}

impl Located {
    pub(super) fn only(path: &str) -> Self {
        Self { locale: String::new(), path: path.to_owned() }
    }
}

/// Every path below the prefix of its language.
pub(super) fn below(prefixes: &[Located], paths: &[Located]) -> Vec<String> {
    let root = [Located::default()];
    let prefixes = if prefixes.is_empty() { &root[..] } else { prefixes };
    let paths = if paths.is_empty() { &root[..] } else { paths };
    let fit = |prefix: &Located, path: &Located| prefix.locale.is_empty() || path.locale.is_empty() || prefix.locale == path.locale;
    let mut found: Vec<String> = Vec::new();
    for prefix in prefixes {
        for path in paths.iter().filter(|path| fit(prefix, path)) {
            let whole = joined(&prefix.path, &path.path);
            if !found.contains(&whole) {
                found.push(whole);
            }
        }
    }
    found
}

/// Paths below prefixes, each with its language; none where neither says anything.
pub(super) fn combined(prefixes: &[Located], paths: &[Located]) -> Vec<Located> {
    if prefixes.is_empty() || paths.is_empty() {
        return if prefixes.is_empty() { paths.to_vec() } else { prefixes.to_vec() };
    }
    let mut found: Vec<Located> = Vec::new();
    for prefix in prefixes {
        for path in paths.iter().filter(|path| prefix.locale.is_empty() || path.locale.is_empty() || prefix.locale == path.locale) {
            let locale = if path.locale.is_empty() { &prefix.locale } else { &path.locale };
            found.push(Located { locale: locale.clone(), path: joined(&prefix.path, &path.path) });
        }
    }
    found
}

/// A path below a prefix; the slash at the end of a path is part of it.
pub(super) fn joined(prefix: &str, path: &str) -> String {
    let prefix = prefix.trim_matches('/');
    let path = if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    match (prefix.is_empty(), path.is_empty()) {
        (true, true) => "/".to_owned(),
        (true, false) => path,
        _ => format!("/{prefix}{path}"),
    }
}

/// `{page<\d+>?1}`, `{!format}` and `{slug:post}` are the parameters `page`, `format` and `slug`.
pub(super) fn plain(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut letters = path.chars();
    while let Some(letter) = letters.next() {
        out.push(letter);
        if letter != '{' {
            continue;
        }
        // A pattern may hold braces of its own: `{code<\d{3}>}`.
        let mut depth = 1;
        let mut in_name = true;
        for letter in letters.by_ref() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            in_name &= letter.is_alphanumeric() || matches!(letter, '_' | '!');
            if in_name && letter != '!' {
                out.push(letter);
            }
        }
        out.push('}');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Located, below, joined, plain};

    #[test]
    fn only_names_stay_between_braces() {
        assert_eq!(plain("/a/{page<\\d+>?1}/{!format}.{slug:post}/{code<\\d{3}>}"), "/a/{page}/{format}.{slug}/{code}");
        assert_eq!(plain("/a/{broken"), "/a/{broken}");
    }

    #[test]
    fn paths_stand_below_the_prefix_of_their_language() {
        assert_eq!([joined("/blog", "/"), joined("blog/", "x"), joined("", ""), joined("/b", "")], ["/blog/", "/blog/x", "/", "/b"]);
        let at = |locale: &str, path: &str| Located { locale: locale.to_owned(), path: path.to_owned() };
        let found = below(&[at("en", "/en"), at("de", "/de")], &[at("en", "/about"), at("de", "/ueber")]);
        assert_eq!(found, ["/en/about", "/de/ueber"]);
    }
}
