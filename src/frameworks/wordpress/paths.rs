//! Paths of the REST interface are regular expressions; what people read names their groups.

/// `/orders/(?P<id>[\d]+)` as `/orders/{id}`; a group without a name is `{}`.
pub(super) fn plain(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path.trim_start_matches('^').trim_end_matches('$').trim_end_matches("/?");
    while let Some(at) = rest.find('(') {
        out.push_str(&rest[..at]);
        let end = group_end(&rest[at..]);
        let group = &rest[at..at + end];
        let name = group.strip_prefix("(?P<").or_else(|| group.strip_prefix("(?<")).or_else(|| group.strip_prefix("(?'"));
        let name = name.and_then(|name| name.split(['>', '\'']).next()).unwrap_or("");
        out.push_str(&format!("{{{name}}}"));
        rest = rest[at + end..].trim_start_matches(['?', '*', '+']);
    }
    out.push_str(rest);
    out.replace('\\', "")
}

/// The length of the group a text begins with; brackets inside classes of letters and behind backslashes do not count.
fn group_end(text: &str) -> usize {
    let (mut depth, mut in_class, mut escaped) = (0, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => {
                escaped = false;
                continue;
            }
            '\\' => escaped = true,
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + letter.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn groups_are_called_by_their_names() {
        assert_eq!(plain("/a/(?P<id>[\\d]+)/b"), "/a/{id}/b");
        assert_eq!(plain("/a/(?P<id>([^\\/:<>\\*\\?\"\\|]+(?:\\/[^)]+)?)[\\/\\w-]+)"), "/a/{id}");
        assert_eq!(plain("/x/(?P<s>[\\/\\s%\\w\\.\\(\\)\\[\\]\\@_\\-]+)/y"), "/x/{s}/y");
        assert_eq!(plain("/b/(\\d+)/?"), "/b/{}");
        assert_eq!(plain("/b/(broken"), "/b/{}");
    }
}
