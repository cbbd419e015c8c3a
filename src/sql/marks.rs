//! Marks that installers put the prefix of an installation's tables in place of: `%TABLE_PREFIX%users`, `#__users`,
//! `{PREFIX}users`, `PREFIX_users`. Without them the names are those that the code has behind its own prefix.

use std::borrow::Cow;

/// Signs that open such a mark, with those that close it.
const SIGNS: [(u8, u8); 6] = [(b'%', b'%'), (b'{', b'}'), (b'[', b']'), (b'<', b'>'), (b'@', b'@'), (b'#', b'#')];

/// A statement of a file without such marks.
#[must_use]
pub(super) fn without(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'_', b'P', b'p', &bytes[at..]).map(|offset| at + offset) {
        at = found + 1;
        if let Some((start, end)) = mark(bytes, found)
            && start >= kept
        {
            out.push_str(&text[kept..start]);
            (kept, at) = (end, end);
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// The mark around a place, from its first byte to the one behind it.
fn mark(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    // `#__users`
    if bytes[at] == b'_' {
        let is_mark = at > 0 && bytes[at - 1] == b'#' && bytes.get(at + 1) == Some(&b'_');
        return (is_mark && is_between(bytes, at - 1, at + 2)).then(|| (at - 1, at + 2));
    }
    if !bytes.get(at..at + 6)?.eq_ignore_ascii_case(b"prefix") {
        return None;
    }
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$');
    let start = (0..at).rev().find(|place| !word(bytes[*place])).map_or(0, |place| place + 1);
    let end = (at..bytes.len()).find(|place| !word(bytes[*place])).unwrap_or(bytes.len());
    // `PREFIX_users`, `__PREFIX__users`: capitals alone are no part of the name.
    let bare = [&b"PREFIX_"[..], b"__PREFIX__", b"TABLE_PREFIX_", b"DB_PREFIX_"].into_iter();
    if let Some(length) = bare.filter(|mark| bytes[start..end].starts_with(mark)).map(<[u8]>::len).max() {
        return is_between(bytes, start, start + length).then_some((start, start + length));
    }
    let (mut from, mut to) = (start, end);
    let mut closed = false;
    while let Some((_, close)) = from.checked_sub(1).and_then(|before| SIGNS.iter().find(|(open, _)| *open == bytes[before])) {
        if bytes.get(to) != Some(close) {
            break;
        }
        (from, to, closed) = (from - 1, to + 1, true);
    }
    (closed && is_between(bytes, from, to)).then_some((from, to))
}

/// True where a name begins with the stretch and goes on behind it.
fn is_between(bytes: &[u8], start: usize, end: usize) -> bool {
    let begins =
        start == 0 || matches!(bytes[start - 1], b'`' | b'"' | b'[' | b'.' | b'(' | b',') || bytes[start - 1].is_ascii_whitespace();
    begins && bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn marks_of_installers_are_no_part_of_a_name() {
        let names = |text| without(text).into_owned();
        assert_eq!(names("CREATE TABLE `%TABLE_PREFIX%users` (id int)"), "CREATE TABLE `users` (id int)");
        assert_eq!(names("DROP TABLE #__users"), "DROP TABLE users");
        assert_eq!(names("CREATE TABLE {PREFIX}users (prefix int)"), "CREATE TABLE users (prefix int)");
        assert_eq!(names("CREATE TABLE {$db_prefix}log"), "CREATE TABLE log");
        assert_eq!(names("CREATE TABLE `PREFIX_users`; INSERT INTO __PREFIX__log"), "CREATE TABLE `users`; INSERT INTO log");
    }

    #[test]
    fn other_names_stay_as_they_are() {
        for text in ["CREATE TABLE prefix_users", "SELECT a # __x", "CREATE TABLE t (prefix_id int, PREFIX char)", "a %prefix% b", "p", "_"]
        {
            assert!(matches!(without(text), std::borrow::Cow::Borrowed(_)), "{text}");
        }
    }
}
