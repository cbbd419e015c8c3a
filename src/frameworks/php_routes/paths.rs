//! Addresses as routers of PHP write them, as one notation: `{name}` for a parameter, `{}` for one without a name.

/// How many parts that may be missing stand in each other at most.
const DEEPEST: u32 = 6;

/// Every address that a pattern stands for, the longest first: an end in square brackets may be missing (`/orders[/{page}]`).
pub(super) fn read(pattern: &str) -> Vec<String> {
    read_within(pattern, DEEPEST)
}

fn read_within(pattern: &str, left: u32) -> Vec<String> {
    let missing = optional_end(pattern).zip(left.checked_sub(1));
    let Some(((before, inside), left)) = missing else { return vec![plain(pattern)] };
    let before = plain(before);
    let mut found: Vec<String> = read_within(inside, left).into_iter().map(|inside| format!("{before}{inside}")).collect();
    found.push(before);
    found
}

/// What stands before an end that may be missing, and the end; none for `[i:id]`, which is a parameter.
fn optional_end(pattern: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    let open = pattern.char_indices().find_map(|(place, letter)| {
        match letter {
            '{' | '(' => depth += 1,
            '}' | ')' => depth -= 1,
            '[' if depth == 0 => return Some(place),
            _ => {}
        }
        None
    })?;
    let inside = pattern[open + 1..].strip_suffix(']')?;
    inside.contains(['/', '{']).then_some((&pattern[..open], inside))
}

fn plain(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '(', '@', ':', '[']) {
        let (before, after) = rest.split_at(at);
        let sign = after.as_bytes()[0];
        let starts = before.ends_with('/') || before.is_empty() && out.ends_with('/');
        let end = match sign {
            b'{' => closed(after, '{', '}'),
            b'(' => closed(after, '(', ')'),
            b'[' => closed(after, '[', ']'),
            _ if starts => {
                after[1..].find(|letter: char| !letter.is_alphanumeric() && letter != '_').map(|end| end + 1).or(Some(after.len()))
            }
            _ => None,
        };
        out.push_str(before);
        let Some(end) = end.filter(|end| *end > 1) else {
            out.push(char::from(sign));
            rest = &after[1..];
            continue;
        };
        let inside = match sign {
            b'{' => after[1..end - 1].split(':').next().unwrap_or("").trim_end_matches('?'),
            b'[' => after[1..end - 1].rsplit(':').next().unwrap_or(""),
            b'(' => "",
            _ => &after[1..end],
        };
        let is_name = inside.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'));
        out.push_str(&format!("{{{}}}", if is_name { inside } else { "" }));
        rest = &after[end..];
        // `@id:[0-9]+` of Flight, `:id?`: what a parameter may be is no part of the address.
        if matches!(sign, b'@' | b':') {
            rest = rest.find('/').map_or("", |slash| &rest[slash..]);
        }
    }
    out.push_str(rest);
    out
}

/// Behind the sign that closes what the text opens.
fn closed(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + letter.len_utf8());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn parameters_of_every_router_look_alike() {
        assert_eq!(read("/orders/{id:[0-9]+}/lines"), ["/orders/{id}/lines"]);
        assert_eq!(read("/d/{id:\\d+(?:-[^/]*)?}[/{near:[^/]*}]"), ["/d/{id}/{near}", "/d/{id}"]);
        assert_eq!(read("orders/(:num)/(:any)"), ["orders/{}/{}"]);
        assert_eq!(read("/user/@id:[0-9]+/x"), ["/user/{id}/x"]);
        assert_eq!(read("/user/:id"), ["/user/{id}"]);
        assert_eq!(read("/user/[i:id]"), ["/user/{id}"]);
        assert_eq!(read("/news[/]"), ["/news/", "/news"]);
        assert_eq!(read("/movies/(\\d+)"), ["/movies/{}"]);
        assert_eq!(read(""), [""]);
    }
}
