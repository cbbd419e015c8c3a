//! Scripts inside pages: what stands between `<script>` and `</script>` of a page that PHP writes, as a text of its own.
//! Forms and links of the page stand in it as calls ([`forms`](super::forms)).

use super::forms;

/// Stands in a script for what PHP puts there when the page is written.
pub(super) const HOLE: char = '\u{fffc}';

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
    Script,
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
            Tag::Script => {
                self.in_script = !self.in_script;
                // A statement that the script does not end ends with it.
                if !self.in_script {
                    self.out.push(';');
                }
                self.at += tag_length(&self.page[from..]);
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
            return text.starts_with("</script").then_some(Tag::Script);
        }
        if text.starts_with("<script") {
            return Some(Tag::Script);
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
        while let Some((at, mark)) = ["{{ ", "{!! "].iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min() {
            let (before, behind) = rest.split_at(at);
            let close = if mark == "{{ " { " }}" } else { " !!}" };
            // An object inside an object, as JavaScript has it, begins the same way but goes on in other lines.
            let Some(inside) = behind.find(close).map(|end| &behind[..end + close.len()]).filter(|inside| !inside.contains(['\n', ':']))
            else {
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
        assert_eq!(of_page("<script src='a.js'></script>"), None);
        let heredoc = "<?php $a = <<<'X'\n?> it's\nX;\n?><script>f(<?php";
        let blade = "<script>get('{{ route('a.b', $x) }}/{{ $c }}', {{ a: 1 }});\n</script>";
        assert_eq!(of_page(blade), Some(format!("get('{ROUTE}a.b{ROUTE}/{HOLE}', {{{{ a: 1 }}}});\n;")));
        assert_eq!(of_page(heredoc), Some(format!("\n\n\nf({HOLE}")));
    }
}
