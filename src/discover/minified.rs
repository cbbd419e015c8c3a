//! Scripts and styles compressed for delivery: nobody wrote them like that and they cost the most to parse.

use crate::base::RelPath;

/// Extensions that are ever minified.
const EXTENSIONS: [&str; 4] = ["js", "mjs", "cjs", "css"];

/// Files below this size are not judged by their lines.
const SMALLEST: usize = 2_000;

/// Lines longer than this are not written by hand.
const LONG_LINE: usize = 500;

/// True when the name says so: `jquery.min.js`, `site-min.css`, `jquery.min.2f34b630.js`.
pub(super) fn by_name(path: &RelPath) -> bool {
    let Some((stem, extension)) = path.name().rsplit_once('.') else { return false };
    EXTENSIONS.contains(&extension) && (stem.ends_with(".min") || stem.ends_with("-min") || stem.contains(".min."))
}

/// True when most of a script or style stands on lines no hand writes. Embedded images do not count.
pub(super) fn by_content(path: &RelPath, text: &str) -> bool {
    let extension = path.name().rsplit_once('.').map_or("", |(_, extension)| extension);
    if !EXTENSIONS.contains(&extension) || text.len() < SMALLEST {
        return false;
    }
    let long = |line: &&str| line.len() > LONG_LINE && !line.contains(";base64,");
    let in_long_lines: usize = text.lines().filter(long).map(str::len).sum();
    in_long_lines * 10 > text.len() * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_long_lines_tell() {
        let path = RelPath::new;
        assert!(by_name(&path("a/jquery.min.js")) && by_name(&path("x-min.css")) && by_name(&path("a.min.2f3.js")));
        assert!(!by_name(&path("admin.js")) && !by_name(&path("a.min.py")) && !by_name(&path("min")));
        let dense = "a=1;".repeat(1_000);
        assert!(by_content(&path("a.js"), &format!("/* licence */\n{dense}\n")));
        assert!(!by_content(&path("a.py"), &dense), "a Python table is data, not minified");
        assert!(!by_content(&path("a.js"), &"let a = 1;\n".repeat(1_000)));
        assert!(!by_content(&path("a.css"), &format!("a {{ background: url(data:image/png;base64,{dense}) }}\n")));
    }
}
