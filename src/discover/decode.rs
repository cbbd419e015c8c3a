//! From the bytes of a file to UTF-8 text, whatever they were written in.

use super::lines::end_lines_with_feeds;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Text and how it was come by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Decoded<'a> {
    /// The text without byte order mark, lines ending in `\n` or `\r\n`.
    pub(super) text: Cow<'a, str>,
    /// The name of the encoding it was in.
    pub(super) encoding: &'static str,
    /// Whether a byte order mark stood before it.
    pub(super) bom: bool,
    /// What had to be guessed or repaired.
    pub(super) recovered: Option<String>,
}

/// The reason given for content that is no text.
pub(super) const BINARY: &str = "binary";

/// How many bytes are looked at to see UTF-16 without a mark.
const SAMPLE: usize = 512;

/// How many bytes of text there are for each NUL that somebody typed into it; what is binary has more of them.
const LEAST_BETWEEN_STRAYS: usize = 500;

/// Decodes a file. `honours_cookie` says that the language itself obeys a coding cookie even where the bytes happen to
/// be valid UTF-8 (Python, PEP 263); in other languages the cookie only helps when they are not.
pub(super) fn decode(bytes: &mut [u8], honours_cookie: bool) -> Result<Decoded<'_>, &'static str> {
    if let Some((encoding, mark)) = wide_encoding(bytes) {
        return wide(bytes.get(mark..).unwrap_or_default(), encoding, mark > 0);
    }
    let has_strays = memchr::memchr(0, bytes).is_some();
    if has_strays && !blank_strays(bytes) {
        return Err(BINARY);
    }
    end_lines_with_feeds(bytes);
    let (bytes, bom) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, true),
        None => (&*bytes, false),
    };
    let valid = std::str::from_utf8(bytes);
    let cookie = match valid {
        Ok(_) if !honours_cookie || bom => None,
        _ => cookie(bytes),
    };
    let label = cookie.map(|name| (name, encoding_for(name)));
    match (valid, label) {
        (Ok(text), Some((_, Some(encoding)))) if encoding != UTF_8 && !text.is_ascii() => Ok(narrow(bytes, encoding, bom)),
        (Ok(text), Some((name, None))) if !text.is_ascii() => {
            Ok(plain(text, bom, Some(format!("declares the unknown encoding {name}; read as UTF-8"))))
        }
        (Ok(text), _) => Ok(plain(text, bom, has_strays.then(|| "NUL characters stand in it; read as spaces".to_owned()))),
        (Err(_), Some((_, Some(encoding)))) if encoding != UTF_8 => Ok(narrow(bytes, encoding, bom)),
        (Err(error), _) => Ok(fallback(bytes, error.valid_up_to(), bom)),
    }
}

/// Turns the few NULs that code keeps in its texts, unescaped, into spaces; false where the content is no text.
fn blank_strays(bytes: &mut [u8]) -> bool {
    if memchr::memchr_iter(0, bytes).count() * LEAST_BETWEEN_STRAYS > bytes.len() || std::str::from_utf8(bytes).is_err() {
        return false;
    }
    bytes.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = b' ');
    true
}

/// UTF-8 text.
fn plain(text: &str, bom: bool, recovered: Option<String>) -> Decoded<'_> {
    Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name(), bom, recovered }
}

/// Text in a declared one-byte or East Asian encoding.
fn narrow<'a>(bytes: &'a [u8], encoding: &'static Encoding, bom: bool) -> Decoded<'a> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let recovered = damaged.then(|| format!("not all of it is valid {}, as it declares; the rest is marked", encoding.name()));
    Decoded { text, encoding: encoding.name(), bom, recovered }
}

/// Bytes that are not the UTF-8 they should be. Windows-1252 gives every byte a meaning, and damage is almost always
/// confined to comments and texts.
fn fallback(bytes: &[u8], bad_at: usize, bom: bool) -> Decoded<'_> {
    let line = 1 + bytes.iter().take(bad_at).filter(|byte| **byte == b'\n').count();
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let recovered = Some(format!("not valid UTF-8 (line {line}); read as windows-1252"));
    Decoded { text, encoding: WINDOWS_1252.name(), bom, recovered }
}

/// UTF-16 text.
fn wide(bytes: &[u8], encoding: &'static Encoding, bom: bool) -> Result<Decoded<'static>, &'static str> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if text.contains('\0') {
        return Err(BINARY);
    }
    let mut text = text.into_owned();
    if text.contains('\r') {
        let mut bytes = text.into_bytes();
        end_lines_with_feeds(&mut bytes);
        text = String::from_utf8(bytes).expect("exchanging ASCII for ASCII keeps UTF-8 valid");
    }
    let recovered = damaged.then(|| format!("not all of it is valid {}; the rest is marked", encoding.name()));
    Ok(Decoded { text: Cow::Owned(text), encoding: encoding.name(), bom, recovered })
}

/// UTF-16 by its mark or, without one, by NULs in every second place; with the length of the mark.
fn wide_encoding(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    match bytes {
        [0xff, 0xfe, ..] => return Some((UTF_16LE, 2)),
        [0xfe, 0xff, ..] => return Some((UTF_16BE, 2)),
        _ => {}
    }
    let sample = bytes.get(..bytes.len().min(SAMPLE)).filter(|sample| sample.len() >= 4)?;
    let nuls = |first: usize| sample.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    // Nine in ten: real text holds some letters beyond Latin-1.
    let enough = sample.len() / 2 * 9 / 10;
    match (even, odd) {
        (0, nuls) if nuls >= enough.max(1) => Some((UTF_16LE, 0)),
        (nuls, 0) if nuls >= enough.max(1) => Some((UTF_16BE, 0)),
        _ => None,
    }
}

/// The encoding named in a comment of the first two lines: PEP 263, `^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)`.
///
/// Other comment signs than `#` are taken as well (`/* -*- coding: latin-1 -*- */`), editors know them.
fn cookie(bytes: &[u8]) -> Option<&str> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first = lines.next()?;
    if let Some(name) = cookie_in(first) {
        return Some(name);
    }
    let comment_or_blank = {
        let text = first.trim_ascii();
        text.is_empty() || comment_start(text)
    };
    // A second line counts only below a comment: below code it is code.
    if comment_or_blank || text_starts_tag(first) { cookie_in(lines.next()?) } else { None }
}

/// True when a trimmed line begins like a comment.
fn comment_start(line: &[u8]) -> bool {
    [&b"#"[..], b"//", b"/*", b"*", b"<!--", b"--", b";"].iter().any(|sign| line.starts_with(sign))
}

/// `<?php` alone on the first line is no code yet.
fn text_starts_tag(line: &[u8]) -> bool {
    line.starts_with(b"<?")
}

/// The encoding one line names.
fn cookie_in(line: &[u8]) -> Option<&str> {
    let line = line.trim_ascii_start();
    if !comment_start(line) && !text_starts_tag(line) {
        return None;
    }
    let mut from = 0;
    while let Some(found) = line.get(from..)?.windows(6).position(|word| word == b"coding") {
        from += found + 6;
        let Some((b':' | b'=', rest)) = line.get(from..)?.split_first() else { continue };
        let rest = rest.trim_ascii_start();
        let end = rest.iter().position(|sign| !is_name(*sign)).unwrap_or(rest.len());
        if end > 0 {
            return std::str::from_utf8(rest.get(..end)?).ok();
        }
    }
    None
}

/// Signs an encoding's name is made of.
fn is_name(sign: u8) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_' | b'.')
}

/// The encoding for a name as Python or an editor spells it.
fn encoding_for(name: &str) -> Option<&'static Encoding> {
    let plain = name.to_ascii_lowercase().replace('_', "-");
    // Editors write `utf-8-unix` and `latin-1-dos`.
    let plain = plain.trim_end_matches("-unix").trim_end_matches("-dos").trim_end_matches("-mac");
    let label = match plain {
        "u8" | "utf" | "utf-8-sig" | "utf8-sig" => "utf-8",
        "latin-1" | "iso-latin-1" | "8859" | "cp819" | "iso8859" => "iso-8859-1",
        "latin-2" => "iso-8859-2",
        "latin-9" | "iso8859-15" => "iso-8859-15",
        "cp932" | "ms932" | "sjis" => "shift_jis",
        "cp936" | "ms936" => "gbk",
        "cp949" => "euc-kr",
        "cp950" => "big5",
        "mac-roman" | "macroman" => "macintosh",
        "mac-cyrillic" => "x-mac-cyrillic",
        other => other,
    };
    let found = Encoding::for_label(label.as_bytes()).or_else(|| Encoding::for_label(label.replace('-', "").as_bytes()))?;
    // A file whose cookie could be read is not UTF-16, whatever it says.
    found.is_ascii_compatible().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn python(bytes: &[u8]) -> Result<(String, &'static str, Option<String>), &'static str> {
        let mut bytes = bytes.to_vec();
        decode(&mut bytes, true).map(|it| (it.text.into_owned(), it.encoding, it.recovered))
    }

    fn wide_bytes(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn utf_8_passes_and_loses_its_mark() {
        assert_eq!(python("x = 'ü'\n".as_bytes()), Ok(("x = 'ü'\n".into(), "UTF-8", None)));
        assert_eq!(python(b""), Ok((String::new(), "UTF-8", None)));
        let mut marked = b"\xef\xbb\xbfx".to_vec();
        let decoded = decode(&mut marked, true).unwrap();
        assert!(decoded.bom && decoded.text == "x");
    }

    #[test]
    fn utf_16_is_seen_with_and_without_mark() {
        for (big, name, mark) in [(false, "UTF-16LE", [0xff, 0xfe]), (true, "UTF-16BE", [0xfe, 0xff])] {
            let bytes = wide_bytes("x = 'ü€'\r\ny\rz\n", big);
            let expected = Ok(("x = 'ü€'\r\ny\nz\n".to_owned(), name, None));
            assert_eq!(python(&bytes), expected);
            assert_eq!(python(&[&mark[..], &bytes].concat()), expected);
        }
        let odd = python(&[&[0xff, 0xfe], &wide_bytes("abc", false)[..], b"x"].concat()).unwrap();
        assert!(odd.2.is_some(), "half a letter at the end is damage");
    }

    #[test]
    fn other_nuls_are_binary() {
        assert_eq!(python(b"GIF89a\0\0\x01"), Err(BINARY));
        assert_eq!(python(b"\0\0\0\0\0\0\0\0"), Err(BINARY));
        assert_eq!(python(b"\xff\xfe\0\0a\0\0\0"), Err(BINARY), "UTF-32");
    }

    #[test]
    fn a_nul_that_was_typed_into_code_makes_it_no_binary() {
        let code = format!("key = a + '\0' + b  {}\n", "# who it is and what it is called\n".repeat(20));
        let (text, _, recovered) = python(code.as_bytes()).unwrap();
        assert!(text.starts_with("key = a + ' ' + b") && recovered.is_some());
        assert_eq!(python(&[code.as_bytes(), b"\0\0\0"].concat()), Err(BINARY));
        assert_eq!(python(&[code.as_bytes(), b"\xff"].concat()), Err(BINARY), "bytes that are no UTF-8 either");
    }

    #[test]
    fn cookies_are_obeyed() {
        let told = |bytes: &[u8]| python(bytes).map(|it| (it.0.chars().last(), it.1, it.2.is_some()));
        assert_eq!(told(b"# -*- coding: latin-1 -*-\n\xfc"), Ok((Some('ü'), "windows-1252", false)));
        assert_eq!(told(b"#!/usr/bin/python\n# vim: set fileencoding=cp1251 :\n\xe6"), Ok((Some('ж'), "windows-1251", false)));
        assert_eq!(told(b"# coding: koi8_r\n\xd6"), Ok((Some('ж'), "KOI8-R", false)));
        assert_eq!(told(b"# coding: latin-1\n\xc3\xbc"), Ok((Some('¼'), "windows-1252", false)), "valid UTF-8, but not meant");
        assert_eq!(told(b"# coding: utf-8\n\xfc"), Ok((Some('ü'), "windows-1252", true)));
        assert_eq!(told("# coding: klingon\nü".as_bytes()), Ok((Some('ü'), "UTF-8", true)));
        assert_eq!(told("# coding: klingon\nu".as_bytes()), Ok((Some('u'), "UTF-8", false)));
        assert_eq!(told(b"x = 1\n# coding: koi8-r\n\xd6"), Ok((Some('Ö'), "windows-1252", true)), "below code it is none");
        assert_eq!(told(b"coding = koi8\n# coding=big5\n"), Ok((Some('\n'), "UTF-8", false)));
    }

    #[test]
    fn other_languages_use_a_cookie_only_in_need() {
        let php = |bytes: &[u8]| decode(&mut bytes.to_vec(), false).map(|it| it.text.chars().last());
        assert_eq!(php("<?php // coding: koi8-r\nü".as_bytes()), Ok(Some('ü')));
        assert_eq!(php(b"<?php\n// -*- coding: koi8-r -*-\n\xd6"), Ok(Some('ж')));
    }

    #[test]
    fn damage_is_read_as_windows_1252_and_reported_with_its_line() {
        let (text, encoding, recovered) = python(b"a\nb = '\xe9'\n").unwrap();
        assert_eq!((text.as_str(), encoding), ("a\nb = 'é'\n", "windows-1252"));
        assert_eq!(recovered.unwrap(), "not valid UTF-8 (line 2); read as windows-1252");
    }

    proptest! {
        #[test]
        fn any_bytes_decode_without_panic_and_keep_their_lines(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut copy = bytes.clone();
            end_lines_with_feeds(&mut copy);
            let feeds = copy.iter().filter(|byte| **byte == b'\n').count();
            let wide = wide_encoding(&bytes).is_some();
            let mut own = bytes;
            if let Ok(decoded) = decode(&mut own, true) {
                if !wide {
                    prop_assert_eq!(decoded.text.matches('\n').count(), feeds);
                }
                prop_assert!(!decoded.text.contains('\0'));
            }
        }

        #[test]
        fn cookie_lines_never_panic(name in "[-_.a-z0-9 :=]{0,12}", tail in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut bytes = [format!("# coding: {name}\n").as_bytes(), &tail].concat();
            let _ = decode(&mut bytes, true);
        }
    }
}
