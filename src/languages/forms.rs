//! Forms, links and loaded scripts of a page, as calls that stand among its scripts: `unpick$form("POST", "/orders")`.

use super::scripts::{HOLE, HOLE_TEXT, ROUTE, end_of_php};

/// Functions of templates that make the address of a named route.
const NAMED: [&str; 7] = ["route", "path", "url", "url_for", "to_route", "generateUrl", "pathFor"];

/// Functions that make an address out of a path.
const PLACED: [&str; 4] = ["url", "site_url", "base_url", "asset"];

/// How far behind a form the method is looked for that it says in a field.
const FURTHEST: usize = 2000;

/// The call that stands for a tag, and how long the tag is; none for other tags.
pub(super) fn call(text: &str) -> Option<(String, usize)> {
    let name = text.get(1..)?;
    let is_form = name.starts_with("form");
    if !is_form && !name.starts_with('a') {
        return None;
    }
    let name = if is_form { "form" } else { "a" };
    if !text.as_bytes().get(1 + name.len()).is_some_and(u8::is_ascii_whitespace) {
        return None;
    }
    let tag = Tag::read(text);
    if !is_form {
        let address = tag.get("href").filter(|address| leads_on(address))?;
        return Some((format!("unpick$link({});", expression(address)), tag.length));
    }
    let method = match tag.get("method") {
        None => "GET".to_owned(),
        Some(said) if said.chars().all(|letter| letter.is_ascii_alphabetic()) => said.to_ascii_uppercase(),
        Some(_) => String::new(),
    };
    let method = if method == "POST" { said_inside(&text[tag.length..]).unwrap_or(method) } else { method };
    Some((format!("unpick$form({method:?}, {});", expression(tag.get("action").unwrap_or(""))), tag.length))
}

/// A tag that begins a script.
pub(super) struct Script {
    /// The call that stands for the file it loads.
    pub(super) call: Option<String>,
    /// What follows is code: neither data nor a template.
    pub(super) is_code: bool,
    /// How long the tag is.
    pub(super) length: usize,
}

/// The script that begins with a tag; none for other tags.
pub(super) fn script(text: &str) -> Option<Script> {
    let name = "<script";
    let behind = *text.as_bytes().get(name.len())?;
    if !text.starts_with(name) || !(behind.is_ascii_whitespace() || behind == b'>') {
        return None;
    }
    let tag = Tag::read(text);
    let kind = tag.get("type").unwrap_or("").to_ascii_lowercase();
    let is_code =
        kind.is_empty() || ["javascript", "ecmascript", "module", "babel", "jsx", "<?", "{{"].iter().any(|word| kind.contains(word));
    let source = tag.get("src").filter(|_| is_code).map(source).filter(|source| !source.is_empty());
    let call = source.map(|source| format!("unpick$script({});", quoted(&source)));
    Some(Script { call, is_code, length: tag.length })
}

/// Where a script is loaded from. What code puts in is a hole, but for the file that is named there:
/// `{% static 'js/cart.js' %}`, `<?= asset("js/cart.js") ?>`.
fn source(address: &str) -> String {
    let (mut out, mut at) = (String::new(), 0);
    while at < address.len() {
        match inserted(address, at) {
            Some(end) => {
                out.push_str(script_named(&address[at..end]).unwrap_or(HOLE_TEXT));
                at = end;
            }
            None => {
                let letter = address[at..].chars().next().unwrap_or(HOLE);
                out.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    out
}

/// The only text in quotes that ends like a script.
fn script_named(inside: &str) -> Option<&str> {
    let is_script =
        |text: &&str| [".js", ".mjs", ".ts", ".jsx", ".tsx"].iter().any(|end| text.ends_with(end)) && !text.contains(['$', '{', '<', ' ']);
    let mut found = inside.split(['"', '\'']).filter(is_script);
    found.next().filter(|_| found.next().is_none())
}

/// False for what stays on the page or leaves the web.
fn leads_on(address: &str) -> bool {
    let address = address.trim();
    !address.is_empty() && !["#", "javascript:", "mailto:", "tel:", "data:"].iter().any(|start| address.starts_with(start))
}

/// `@method('PUT')`, `<input name="_method" value="PUT">`
fn said_inside(behind: &str) -> Option<String> {
    let end = behind.find("</form").unwrap_or(behind.len()).min(FURTHEST);
    let end = (0..=end).rev().find(|end| behind.is_char_boundary(*end))?;
    let inside = &behind[..end];
    let said = match inside.find("@method(") {
        Some(at) => &inside[at + "@method(".len()..],
        None => {
            let field = &inside[inside.find("\"_method\"")?..];
            &field[field.find("value=")? + "value=".len()..]
        }
    };
    let word: String = said.trim_start_matches(['\'', '"']).chars().take_while(char::is_ascii_alphabetic).collect();
    (!word.is_empty()).then(|| word.to_ascii_uppercase())
}

/// The attributes of a tag.
struct Tag<'a> {
    attributes: Vec<(&'a str, &'a str)>,
    length: usize,
}

impl<'a> Tag<'a> {
    /// Reads to the `>` of the tag, over what PHP and templates write into it.
    fn read(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut attributes = Vec::new();
        let mut at = 1;
        let mut word = at;
        while at < bytes.len() && bytes[at] != b'>' {
            match bytes[at] {
                _ if inserted(text, at).is_some() => at = inserted(text, at).unwrap_or(at + 1),
                b'=' => {
                    let name = text[word..at].trim();
                    at += 1;
                    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                        at += 1;
                    }
                    let (value, end) = value(text, at);
                    attributes.push((name, value));
                    at = end.max(at);
                    word = at;
                }
                byte if byte.is_ascii_whitespace() => {
                    // `name = "x"`
                    let is_behind = text[at..].trim_start().starts_with('=');
                    at += 1;
                    if !is_behind {
                        word = at;
                    }
                }
                _ => at += 1,
            }
        }
        Self { attributes, length: (at + 1).min(text.len()) }
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// A value in quotes or without, and where it ends.
fn value(text: &str, from: usize) -> (&str, usize) {
    let bytes = text.as_bytes();
    let quote = bytes.get(from).copied().filter(|byte| matches!(byte, b'"' | b'\''));
    let start = from + usize::from(quote.is_some());
    let mut at = start;
    while at < bytes.len() {
        if let Some(end) = inserted(text, at) {
            at = end;
            continue;
        }
        match quote {
            Some(quote) if bytes[at] == quote => return (&text[start..at], at + 1),
            None if bytes[at].is_ascii_whitespace() || bytes[at] == b'>' => return (&text[start..at], at),
            _ => at += 1,
        }
    }
    (text.get(start..).unwrap_or(""), text.len())
}

/// Where something ends that PHP or a template puts in, if it begins here.
fn inserted(text: &str, at: usize) -> Option<usize> {
    const MARKS: [(&str, &str); 4] = [("{!!", "!!}"), ("{{", "}}"), ("{%", "%}"), ("<%", "%>")];
    let rest = text.as_bytes().get(at..)?;
    if rest.starts_with(b"<?") {
        return Some(end_of_php(text, at + 2));
    }
    let (open, close) = MARKS.iter().find(|(open, _)| rest.starts_with(open.as_bytes()))?;
    let behind = at + open.len();
    Some(text[behind..].find(close).map_or(text.len(), |end| behind + end + close.len()))
}

/// What an address is as an expression of JavaScript: a name of a route, or a text with holes.
fn expression(address: &str) -> String {
    let (mut out, mut at) = (String::new(), 0);
    while at < address.len() {
        match inserted(address, at) {
            Some(end) => {
                let inside = &address[at..end];
                if let Some(name) = named(inside)
                    && out.is_empty()
                {
                    return format!("unpick$route({name:?})");
                }
                match placed(inside) {
                    Some(path) => out.push_str(&path),
                    None => out.push(HOLE),
                }
                at = end;
            }
            None => {
                let letter = address[at..].chars().next().unwrap_or(HOLE);
                out.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    quoted(&out.replace("&amp;", "&"))
}

/// A text as JavaScript writes it.
fn quoted(text: &str) -> String {
    let plain: String = text.trim().chars().filter(|letter| !letter.is_control()).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What stands in a script for what a template writes into it.
pub(super) fn inserted_text(inside: &str) -> String {
    match named(inside) {
        Some(name) => format!("{ROUTE}{name}{ROUTE}"),
        // `{% if %}` writes nothing itself.
        None if inside.starts_with("{%") => {
            if writes(inside) {
                HOLE.to_string()
            } else {
                String::new()
            }
        }
        None => placed(inside).unwrap_or_else(|| HOLE.to_string()),
    }
}

/// False for tags that only say what is written, and where.
fn writes(tag: &str) -> bool {
    let word = tag.trim_start_matches(['{', '%', '-', ' ']).split([' ', '-', '%']).next().unwrap_or("");
    !word.starts_with("end")
        && !matches!(
            word,
            "if" | "elif"
                | "else"
                | "elseif"
                | "ifchanged"
                | "for"
                | "empty"
                | "with"
                | "block"
                | "load"
                | "set"
                | "autoescape"
                | "comment"
                | "spaceless"
                | "macro"
                | "filter"
                | "csrf_token"
                | "cache"
                | "compress"
                | "verbatim"
                | "blocktrans"
                | "blocktranslate"
        )
}

/// `{{ route('orders.show', $order) }}`, `{% url 'orders:show' order.pk %}`: the name of the route.
fn named(inside: &str) -> Option<String> {
    if let Some(rest) = inside.strip_prefix("{%").map(str::trim_start).and_then(|rest| rest.strip_prefix("url ")) {
        return text(rest);
    }
    let name = NAMED.iter().find_map(|function| first_argument(inside, function))?;
    (!name.contains('/') && !name.is_empty()).then_some(name)
}

/// `{{ url('/orders') }}`: the path.
fn placed(inside: &str) -> Option<String> {
    let path = PLACED.iter().find_map(|function| first_argument(inside, function))?;
    // What follows it is put behind the path.
    let is_all = !inside.contains([',', '.']) || path.contains('.');
    let path = format!("/{}", path.trim_start_matches('/'));
    Some(if is_all { path } else { format!("{path}{HOLE}") })
}

/// The text that a function is handed first.
fn first_argument(inside: &str, function: &str) -> Option<String> {
    let found = inside.match_indices(function).find(|(at, _)| {
        let before = inside[..*at].chars().next_back();
        let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '>' | '.' | ':');
        inside[at + function.len()..].trim_start().starts_with('(') && !before.is_some_and(is_word)
    });
    let (at, _) = found?;
    text(inside[at + function.len()..].trim_start().strip_prefix('(')?)
}

/// A text in quotes at the beginning.
fn text(rest: &str) -> Option<String> {
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|letter| matches!(letter, '\'' | '"'))?;
    let (text, _) = rest[1..].split_once(quote)?;
    (!text.contains(['$', '{', '\\'])).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::call;

    #[test]
    fn forms_and_links_are_calls() {
        let cases = [
            ("<form action='a.php' method='post'>", Some("unpick$form(\"POST\", \"a.php\");")),
            ("<form>", None),
            ("<form method=\"get\">", Some("unpick$form(\"GET\", \"\");")),
            (
                "<form action=\"{{ route('orders.update', $o->id) }}\" method=POST> @method('PUT')</form>",
                Some("unpick$form(\"PUT\", unpick$route(\"orders.update\"));"),
            ),
            (
                "<form method=\"post\" action=\"/a/<?= $b > 1 ?>/c\"><input name=\"_method\" value=\"DELETE\">",
                Some("unpick$form(\"DELETE\", \"/a/\u{fffc}/c\");"),
            ),
            ("<a class=\"x\" href = \"{{ url('/orders') }}?a=1&amp;b=2\">", Some("unpick$link(\"/orders?a=1&b=2\");")),
            ("<a href=\"{% url 'shop:cart' %}\">", Some("unpick$link(unpick$route(\"shop:cart\"));")),
            ("<a href='#top'>", None),
            ("<a href=\"{{ $model->route('x') }}\">", Some("unpick$link(\"\u{fffc}\");")),
            ("<article>", None),
            ("<a href=\"x", Some("unpick$link(\"x\");")),
        ];
        for (tag, expected) in cases {
            assert_eq!(call(tag).map(|(call, _)| call).as_deref(), expected, "{tag}");
        }
    }
}
