//! Tagged templates with type arguments, which the grammar does not know: `` styled.a<Props>`...` `` (TypeScript 2.9).

/// The longest list of type arguments looked at, in bytes.
const LONGEST: usize = 4000;

/// The text with the type arguments of tagged templates blanked, byte for byte as long; none where there are none. It
/// looks at no more than the signs before each backtick, so it is for files that could not be read as they are.
pub(super) fn without_type_arguments(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut found = false;
    for at in memchr::memchr_iter(b'`', text.as_bytes()) {
        let Some(start) = at.checked_sub(1).filter(|end| bytes[*end] == b'>').and_then(|end| opening(&bytes, end)) else { continue };
        bytes[start..at].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
        found = true;
    }
    found.then(|| String::from_utf8(bytes).expect("whole stretches between ASCII signs were replaced"))
}

/// Where the `<` is that a `>` closes, if what stands before it can have type arguments.
fn opening(bytes: &[u8], end: usize) -> Option<usize> {
    let mut depth = 0usize;
    for at in (end.saturating_sub(LONGEST)..=end).rev() {
        match bytes[at] {
            b'>' if at > 0 && bytes[at - 1] == b'=' => {}
            b'>' => depth += 1,
            b'<' => depth -= 1,
            b'`' => return None,
            _ => {}
        }
        if depth == 0 {
            let before = *bytes[..at].last()?;
            let tag = before.is_ascii_alphanumeric() || matches!(before, b'_' | b'$' | b')' | b']') || before >= 0x80;
            return (tag && bytes[at + 1] != b'/').then_some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::without_type_arguments;
    use proptest::prelude::*;

    #[test]
    fn type_arguments_of_tags_are_blanked() {
        let cases = [
            ("styled.div<Props>`a`", Some("styled.div       `a`")),
            ("styled(A)<{ f: () => B<C> }>`a`", Some("styled(A)                   `a`")),
            ("css<\n  A\n>`a`", Some("css \n   \n `a`")),
            ("a`b`", None),
            ("x = a > `b`", None),
            ("<p>`a`</p>", None),
            ("`a</b>`", None),
        ];
        for (text, expected) in cases {
            assert_eq!(without_type_arguments(text).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn lengths_and_lines_stay(text in "[a<>`\n={}/é]{0,60}") {
            if let Some(blanked) = without_type_arguments(&text) {
                prop_assert_eq!(blanked.len(), text.len());
                prop_assert_eq!(blanked.matches('\n').count(), text.matches('\n').count());
            }
        }
    }
}
