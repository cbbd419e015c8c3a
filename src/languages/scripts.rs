//! Scripts inside pages: what stands between `<script>` and `</script>` of a page, whoever writes it, as a text of its
//! own. Forms and links of the page stand in it as calls ([`forms`](super::forms)), and so do the scripts it loads.

use super::forms;

/// Stands in a script for what PHP or a template puts there when the page is written.
pub(super) const HOLE: char = '\u{fffc}';

/// The same as a text.
pub(super) const HOLE_TEXT: &str = "\u{fffc}";

/// Stands before and behind the name of a route whose address a template writes into a script.
pub(super) const ROUTE: char = '\u{fffb}';

/// What is looked for in a page.
const TAGS: [&str; 3] = ["<script", "<form", "<a"];

/// The scripts of a page, every line where it was; none where there are none. What is not script is gone, and what PHP
/// writes into a script is one [`HOLE`], which may stand in a text as well as in place of a name.
#[must_use]
pub(super) fn of_page(page: &str) -> Option<String> {
    if !TAGS.iter().any(|tag| page.contains(tag)) {
        return None;
    }
    let mut scan = Scan { page, at: 0, out: String::new(), in_script: false, found: false };
    while scan.at < page.len() {
        scan.step();
    }
    scan.found.then_some(scan.out)
}

/// What a scan stops at.
enum Tag {
    Php,
    /// What no browser reads, and how long it is.
    Remark(usize),
    /// Where a script ends.
    End,
    Script(forms::Script),
    /// A form or link: the call that stands for it, and how long the tag is.
    Call(String, usize),
}

struct Scan<'a> {
    page: &'a str,
    at: usize,
    out: String,
    in_script: bool,
    /// Some script holds a call, or there is a form or link.
    found: bool,
}

impl Scan<'_> {
    /// From here to the next tag.
    fn step(&mut self) {
        let rest = &self.page[self.at..];
        let Some((place, tag)) = rest.match_indices('<').find_map(|(place, _)| Some((place, self.tag(&rest[place..])?))) else {
            return self.take(rest.len());
        };
        self.take(place);
        let from = self.at;
        match tag {
            Tag::Php => {
                self.at = end_of_php(self.page, from + 2);
                if self.in_script {
                    self.out.push(HOLE);
                }
            }
            Tag::Remark(length) => self.at += length,
            Tag::End => {
                self.in_script = false;
                // A statement that the script does not end ends with it.
                self.out.push(';');
                self.at += tag_length(&self.page[from..]);
            }
            Tag::Script(script) => {
                if let Some(call) = &script.call {
                    self.out.push_str(call);
                    self.found = true;
                }
                self.at += script.length;
                self.in_script = script.is_code;
                if !script.is_code {
                    let text = &self.page[self.at..];
                    self.at += text.find("</script").map_or(text.len(), |end| end + tag_length(&text[end..]));
                }
            }
            Tag::Call(call, length) => {
                self.out.push_str(&call);
                self.found = true;
                self.at += length;
            }
        }
        self.lines(from, self.at);
    }

    /// What begins at a `<`, where it is something.
    fn tag(&self, text: &str) -> Option<Tag> {
        if text.starts_with("<?") {
            return Some(Tag::Php);
        }
        if self.in_script {
            return text.starts_with("</script").then_some(Tag::End);
        }
        if let Some(inside) = text.strip_prefix("<!--") {
            // What PHP does inside a remark is done all the same.
            let length = inside.find("-->").filter(|end| !inside[..*end].contains("<?"))?;
            return Some(Tag::Remark("<!--".len() + length));
        }
        if let Some(script) = forms::script(text) {
            return Some(Tag::Script(script));
        }
        forms::call(text).map(|(call, length)| Tag::Call(call, length))
    }

    /// Passes over some text: as it is inside a script, as empty lines elsewhere.
    fn take(&mut self, length: usize) {
        let (from, to) = (self.at, self.at + length);
        if self.in_script {
            let text = &self.page[from..to];
            self.found |= text.contains('(');
            self.script(text);
        } else {
            self.lines(from, to);
        }
        self.at = to;
    }

    /// Some text of a script; what a template writes into it is a hole, or the name of the route whose address it is.
    fn script(&mut self, text: &str) {
        let mut rest = text;
        const MARKS: [(&str, &str); 3] = [("{{ ", " }}"), ("{!! ", " !!}"), ("{% ", "%}")];
        while let Some((at, (mark, close))) = MARKS.iter().filter_map(|mark| Some((rest.find(mark.0)?, *mark))).min() {
            let (before, behind) = rest.split_at(at);
            // An object inside an object, as JavaScript has it, begins the same way but goes on in other lines.
            let is_code = |inside: &&str| inside.contains('\n') || mark == "{{ " && inside.contains(':');
            let Some(inside) = behind.find(close).map(|end| &behind[..end + close.len()]).filter(|inside| !is_code(inside)) else {
                let (mark, after) = behind.split_at(mark.len());
                self.out.extend([before, mark]);
                rest = after;
                continue;
            };
            self.out.push_str(before);
            self.out.push_str(&forms::inserted_text(inside));
            rest = &behind[inside.len()..];
        }
        self.out.push_str(rest);
    }

    fn lines(&mut self, from: usize, to: usize) {
        let breaks = self.page[from..to].bytes().filter(|byte| *byte == b'\n').count();
        self.out.extend(std::iter::repeat_n('\n', breaks));
    }
}

/// How long a tag is: to its `>`, beyond what PHP writes inside it.
fn tag_length(text: &str) -> usize {
    let mut at = 0;
    while let Some(found) = text[at..].find(['>', '<'].as_slice()).map(|found| at + found) {
        if text[found..].starts_with("<?") {
            at = end_of_php(text, found + 2);
        } else if text[found..].starts_with('>') {
            return found + 1;
        } else {
            at = found + 1;
        }
    }
    text.len()
}

/// Where code of PHP ends that begins at a place: behind its `?>`, which counts neither in a text nor in a remark of
/// several lines.
pub(super) fn end_of_php(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'?' if bytes.get(at + 1) == Some(&b'>') => return at + 2,
            quote @ (b'\'' | b'"' | b'`') => at = end_of_text(bytes, at + 1, quote),
            b'/' if bytes.get(at + 1) == Some(&b'*') => at = text[at..].find("*/").map_or(bytes.len(), |end| at + end + 2),
            b'/' if bytes.get(at + 1) == Some(&b'/') => at = end_of_remark(bytes, at),
            b'#' if bytes.get(at + 1) != Some(&b'[') => at = end_of_remark(bytes, at),
            b'<' if text.get(at..at + 3) == Some("<<<") => at = end_of_heredoc(text, at + 3),
            _ => at += 1,
        }
    }
    // The end of a text may lie inside a character.
    bytes.len()
}

fn end_of_text(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A remark ends with its line, or before `?>`.
fn end_of_remark(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < bytes.len() && bytes[at] != b'\n' && !bytes[at..].starts_with(b"?>") {
        at += 1;
    }
    at
}

/// `<<<NAME`, its lines, and `NAME` on a line of its own.
fn end_of_heredoc(text: &str, from: usize) -> usize {
    let Some(first) = text.get(from..).and_then(|rest| rest.find('\n')) else { return text.len() };
    let name = text[from..from + first].trim().trim_matches(['\'', '"']);
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return from;
    }
    let mut at = from + first + 1;
    for line in text[at..].split_inclusive('\n') {
        if line.trim_start().starts_with(name) {
            return at + line.find(name).unwrap_or(0) + name.len();
        }
        at += line.len();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{HOLE, ROUTE, of_page};

    #[test]
    fn scripts_keep_their_lines_and_php_is_a_hole() {
        let page = "<b>\n<?php $a = '?>'; // it's ?>\n<script type='<?= $t ?>'>\nget('a?b=<?php echo 1; ?>&c');\n</script>\n<p>";
        assert_eq!(of_page(page), Some(format!("\n\n\nget('a?b={HOLE}&c');\n;\n")));
        assert_eq!(of_page("<?php echo '<script>f()</script>';"), None);
        assert_eq!(of_page("<p>"), None);
        let loaded = "<!-- <script src='x.js'></script> -->\n<script src='a.js'></script><script type='text/html'><a href='/'></script>";
        assert_eq!(of_page(loaded), Some("\nunpick$script(\"a.js\");;".to_owned()));
        let django = "<script>{% if a %}get('{% url 'a:b' c %}');{% endif %} f({% static 'a.js' %}</script>";
        assert_eq!(of_page(django), Some(format!("get('{ROUTE}a:b{ROUTE}'); f({HOLE};")));
        let heredoc = "<?php $a = <<<'X'\n?> it's\nX;\n?><script>f(<?php";
        let blade = "<script>get('{{ route('a.b', $x) }}/{{ $c }}', {{ a: 1 }});\n</script>";
        assert_eq!(of_page(blade), Some(format!("get('{ROUTE}a.b{ROUTE}/{HOLE}', {{{{ a: 1 }}}});\n;")));
        assert_eq!(of_page(heredoc), Some(format!("\n\n\nf({HOLE}")));
    }
}
