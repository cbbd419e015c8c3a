//! What PHP knew and the grammar does not, written in today's words, byte for byte as long: the tags
//! `<script language="php">` and `<% %>` (gone with PHP 7), `$text{0}` for `$text[0]` (gone with PHP 8), and `<?xml`,
//! which is text for the browser.

use std::borrow::Cow;

/// The text as the grammar can read it.
pub(super) fn prepare(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let has = |what: &[u8]| memchr::memmem::find(bytes, what).is_some();
    let tags = has(b"<%") && !has(b"<?") || script_tag(text, 0).is_some();
    if !tags && !has(b"<?xml") && !may_have_offsets(bytes) {
        return text.into();
    }
    let mut text = text.replace("<?xml", "<_xml");
    if tags {
        text = today_s_tags(&text);
    }
    if may_have_offsets(text.as_bytes()) {
        text = Scanner { bytes: text.as_bytes(), at: 0, out: text.clone().into_bytes() }.run();
    }
    text.into()
}

/// `<script language="php">` from a place on: where the tag begins and ends.
fn script_tag(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(found) = memchr::memmem::find(&text.as_bytes()[at..], b"<script") {
        let start = at + found;
        let end = start + text[start..].find('>')? + 1;
        let tag = text[start..end].to_ascii_lowercase();
        if tag.contains("language") && tag.contains("php") {
            return Some((start, end));
        }
        at = end;
    }
    None
}

/// `<% %>` (only where the file has no `<?`: beside it they belong to a template for the browser) and
/// `<script language="php"> </script>` become `<? ?>`; line breaks inside a tag stay.
fn today_s_tags(text: &str) -> String {
    let mut text = if text.contains("<?") { text.to_owned() } else { text.replace("<%", "<?").replace("%>", "?>") };
    let mut from = 0;
    while let Some((start, end)) = script_tag(&text, from) {
        let open = format!("<?php{}", blank(&text[start + 5..end]));
        text.replace_range(start..end, &open);
        let close = text[end..].to_ascii_lowercase().find("</script>").map(|at| end + at);
        let Some(close) = close else { break };
        text.replace_range(close..close + 9, "?>       ");
        from = close;
    }
    text
}

fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// A quick look: `$name{`, `->name{` or `]{` is somewhere, if only in a string.
fn may_have_offsets(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'{', bytes).any(|at| opens_offset(bytes, at))
}

/// True where `{` stands directly behind a variable, a property or another offset.
fn opens_offset(bytes: &[u8], at: usize) -> bool {
    let before = &bytes[..at];
    if before.last() == Some(&b']') {
        return true;
    }
    let name = before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_' || **byte >= 0x80).count();
    let before = &before[..at - name];
    let behind = &bytes[at + 1..];
    let hook = behind.trim_ascii_start().starts_with(b"get") || behind.trim_ascii_start().starts_with(b"set");
    name > 0 && !hook && (before.ends_with(b"$") && !before.ends_with(b"\\$") || before.ends_with(b"->"))
}

/// Goes over the words of PHP, as far as braces need it: what is in strings and comments stays as it is.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Vec<u8>,
}

impl Scanner<'_> {
    fn run(mut self) -> String {
        // For every open brace whether it is an offset's.
        let mut open: Vec<bool> = Vec::new();
        self.pass_text();
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b'?' if self.starts("?>") => self.pass_text(),
                b'\'' | b'"' | b'`' => self.pass_string(byte),
                b'#' if !self.starts("#[") => self.pass_line(),
                b'/' if self.starts("//") => self.pass_line(),
                b'/' if self.starts("/*") => self.pass_to(b"*/"),
                b'<' if self.starts("<<<") => self.pass_heredoc(),
                b'{' => {
                    let offset = match self.at.checked_sub(1).map(|before| (self.bytes[before], self.out[before])) {
                        Some((b']', _)) => self.is_item(),
                        Some((b'}', b']')) => true,
                        _ => opens_offset(self.bytes, self.at),
                    };
                    if offset {
                        self.out[self.at] = b'[';
                    }
                    open.push(offset);
                    self.at += 1;
                }
                b'}' => {
                    if open.pop() == Some(true) {
                        self.out[self.at] = b']';
                    }
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        String::from_utf8(self.out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn starts(&self, what: &str) -> bool {
        self.bytes[self.at..].starts_with(what.as_bytes())
    }

    /// `$a[0]{1}`, but not `[1, 2]{`: a `[` that belongs to the `]` before follows a name or another offset.
    fn is_item(&self) -> bool {
        let mut depth = 0;
        for at in (0..self.at).rev().take(200) {
            match self.bytes[at] {
                b']' => depth += 1,
                b'[' if depth == 1 => {
                    return at > 0 && (self.bytes[at - 1].is_ascii_alphanumeric() || matches!(self.bytes[at - 1], b'_' | b']' | b'}'));
                }
                b'[' => depth -= 1,
                b'\n' => return false,
                _ => {}
            }
        }
        false
    }

    /// Steps over HTML to the next open tag.
    fn pass_text(&mut self) {
        self.pass_to(b"<?");
    }

    fn pass_to(&mut self, what: &[u8]) {
        let rest = &self.bytes[self.at..];
        self.at += memchr::memmem::find(rest, what).map_or(rest.len(), |at| at + what.len());
    }

    fn pass_line(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            if *byte == b'\n' || self.starts("?>") {
                return;
            }
            self.at += 1;
        }
    }

    fn pass_string(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == quote {
                return;
            }
        }
    }

    /// Steps over `<<<NAME` to the line that begins with the name.
    fn pass_heredoc(&mut self) {
        self.at += 3;
        let rest = &self.bytes[self.at..];
        let quotes = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\'' | b'"')).count();
        let name: Vec<u8> = rest[quotes..].iter().copied().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').collect();
        if name.is_empty() {
            return;
        }
        for line in rest.split_inclusive(|byte| *byte == b'\n').skip(1) {
            let start = line.trim_ascii_start();
            let ends = start.starts_with(&name) && !start.get(name.len()).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
            if ends {
                self.at += line.as_ptr() as usize - rest.as_ptr() as usize + (line.len() - start.len()) + name.len();
                return;
            }
        }
        self.at = self.bytes.len();
    }
}

#[cfg(test)]
mod tests {
    use super::prepare;
    use proptest::prelude::*;

    #[test]
    fn what_is_gone_is_written_in_today_s_words() {
        let pairs = [
            ("<?xml version='1.0'?>\n<?php echo 1;", "<_xml version='1.0'?>\n<?php echo 1;"),
            ("<?php $a{0} = $b->c{$d{1}} . \"$e{x}\";", "<?php $a[0] = $b->c[$d[1]] . \"$e{x}\";"),
            ("<?php $a{0}{1};", "<?php $a[0][1];"),
            ("<?php if ($a[0]{1}) {f();} // $a{0}", "<?php if ($a[0][1]) {f();} // $a{0}"),
            ("<?php foreach ($a as $b){ $c{0}; }", "<?php foreach ($a as $b){ $c[0]; }"),
            ("<?php $a = <<<X\n $b{0}\nX;\n$b{0};", "<?php $a = <<<X\n $b{0}\nX;\n$b[0];"),
            ("<?php class A { public $b{ get => 1; } }", "<?php class A { public $b{ get => 1; } }"),
            ("<? match(1) { 1 => [1]}; function f(): array{ $a{0}; }", "<? match(1) { 1 => [1]}; function f(): array{ $a[0]; }"),
            ("a\n<% echo 1; %>", "a\n<? echo 1; ?>"),
            ("<?php ?> <% template %>", "<?php ?> <% template %>"),
        ];
        for (old, new) in pairs {
            assert_eq!(prepare(old), new);
        }
        let script = prepare("<html>\n<script language='PHP'>run();</script>").into_owned();
        assert!(script.contains("<?php") && script.contains("run();?>"), "{script}");
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_length_and_its_lines(text in "(<\\?php|<%|%>|<\\?xml|<script language=php>|</script>|<<<A|\nA;|[$a{}\\[\\]'\"/*# é>-]){0,24}") {
            let prepared = prepare(&text);
            prop_assert_eq!(prepared.len(), text.len());
            prop_assert_eq!(prepared.matches('\n').count(), text.matches('\n').count());
        }
    }
}
