//! What the scalars of YAML say, by how they are quoted (YAML 1.2.2, chapters 7.3 and 8.1).

use std::borrow::Cow;

/// Without quotes: lines are joined, and what says that nothing is there is the empty text.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    match text {
        "~" | "null" | "Null" | "NULL" => Cow::Borrowed(""),
        _ => folded(text),
    }
}

/// In single quotes, where only the quote itself is doubled.
pub(super) fn single(text: &str) -> Cow<'_, str> {
    let inner = text.strip_prefix('\'').unwrap_or(text);
    let inner = inner.strip_suffix('\'').unwrap_or(inner);
    if inner.contains("''") { Cow::Owned(folded(inner).replace("''", "'")) } else { folded(inner) }
}

/// In double quotes, with escapes.
pub(super) fn double(text: &str) -> Cow<'_, str> {
    let inner = text.strip_prefix('"').unwrap_or(text);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let inner = folded(inner);
    if !inner.contains('\\') {
        return inner;
    }
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(next) = rest.next() {
        if next != '\\' {
            out.push(next);
            continue;
        }
        let escape = rest.next();
        let digits = match escape {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        if digits > 0 {
            let code: String = rest.by_ref().take(digits).collect();
            let whole = (code.len() == digits).then(|| u32::from_str_radix(&code, 16).ok()).flatten();
            out.extend(whole.and_then(char::from_u32));
            continue;
        }
        out.extend(escape.map(|escape| match escape {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '0' => '\0',
            other => other,
        }));
    }
    Cow::Owned(out)
}

/// Below `|` or `>`: what all lines are indented by goes, and `>` joins them.
pub(super) fn block(text: &str) -> Cow<'_, str> {
    let (header, body) = text.split_once('\n').unwrap_or((text, ""));
    let filled = body.lines().filter(|line| !line.trim().is_empty());
    let indent = filled.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let lines: Vec<&str> = body.lines().map(|line| line.get(indent..).unwrap_or("").trim_end()).collect();
    let joined = lines.join(if header.starts_with('>') { " " } else { "\n" });
    Cow::Owned(joined.trim_end().to_owned())
}

/// A text over several lines is one line.
fn folded(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.lines().map(str::trim).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_say_what_their_quotes_let_them() {
        assert_eq!(plain("a\n  b"), "a b");
        assert_eq!(plain("~"), "");
        assert_eq!(single("'it''s'"), "it's");
        assert_eq!(double(r#""App\\Mail \u00e9\n\"x\"""#), "App\\Mail \u{e9}\n\"x\"");
        assert_eq!(block("|\n    one\n      two\n"), "one\n  two");
        assert_eq!(block(">-\n  one\n  two\n"), "one two");
    }

    #[test]
    fn half_a_scalar_does_not_stop_anything() {
        assert_eq!([double("\"\\"), double("\"\\u00"), single("'"), block("|"), double("\"")], ["", "", "", "", ""]);
    }
}
