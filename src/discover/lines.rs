//! Line ends: every reader after this one counts `\n` only.

/// Turns a lone carriage return into a line feed, in place; `\r\n` stays.
///
/// Python, PHP and JavaScript all end a line at a lone `\r`, the syntax trees do not. The length does not change, so
/// byte positions stay those of the file. Works on the raw bytes of every encoding that keeps ASCII in place.
pub(super) fn end_lines_with_feeds(bytes: &mut [u8]) {
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr::memchr(b'\r', rest)) {
        let at = from + found;
        if bytes.get(at + 1) != Some(&b'\n')
            && let Some(byte) = bytes.get_mut(at)
        {
            *byte = b'\n';
        }
        from = at + 1;
    }
}

/// The number of lines; a last line without line end counts.
pub(super) fn count(text: &str) -> u32 {
    let feeds = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let open_end = usize::from(!text.is_empty() && !text.ends_with('\n'));
    u32::try_from(feeds + open_end).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_returns_change() {
        let mut bytes = b"a\rb\r\nc\r\r\nd\r".to_vec();
        end_lines_with_feeds(&mut bytes);
        assert_eq!(bytes, b"a\nb\r\nc\n\r\nd\n");
    }

    #[test]
    fn an_open_last_line_counts() {
        assert_eq!([count(""), count("a"), count("a\n"), count("a\nb"), count("\n\n")], [0, 1, 1, 2, 2]);
    }
}
