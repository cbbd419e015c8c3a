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
    let minified = stem.ends_with(".min") || stem.ends_with("-min") || stem.contains(".min.");
    EXTENSIONS.contains(&extension) && (minified || is_bundle(stem) || is_fingerprinted(path, stem))
}

/// A name that ends in a hash of what is inside: `vendor-aed0068cf9b67d042dd23a6343545b7b`, and where builds go also the
/// eight signs that Vite writes: `assets/index-DUhmXSBR`.
fn is_fingerprinted(path: &RelPath, stem: &str) -> bool {
    let Some((_, hash)) = stem.rsplit_once(['-', '.']) else { return false };
    let hex = hash.len() >= 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let built = || path.parent().split('/').any(|folder| matches!(folder, "assets" | "build" | "built" | "dist"));
    let signs = || hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let mixed = || hash.bytes().skip(1).any(|byte| byte.is_ascii_uppercase()) && hash.bytes().any(|byte| byte.is_ascii_lowercase());
    hex || (built() && signs() && mixed())
}

/// What bundlers call the pieces they cut: `main.bundle`, `chunk.728.985c45ad584b`, `vendors.chunk`.
fn is_bundle(stem: &str) -> bool {
    let hashed = || stem.rsplit('.').next().is_some_and(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    stem.ends_with(".bundle") || stem.ends_with(".chunk") || (stem.starts_with("chunk.") && hashed())
}

/// What bundlers write around the modules they put into one file.
const BUNDLED: [&str; 4] = ["__webpack_require__", "webpackBootstrap", "webpackChunk", "webpackJsonp"];

/// How much of a file is looked at for those.
const HEAD: usize = 4_000;

/// True when most of a script or style stands on lines no hand writes. Embedded images do not count.
pub(super) fn by_content(path: &RelPath, text: &str) -> bool {
    let extension = path.name().rsplit_once('.').map_or("", |(_, extension)| extension);
    if !EXTENSIONS.contains(&extension) || text.len() < SMALLEST {
        return false;
    }
    let head = text.get(..HEAD.min(text.len())).unwrap_or("");
    if text.len() > HEAD
        && extension != "css"
        && head.starts_with(['/', '(', '!', '"', '\''])
        && BUNDLED.iter().any(|mark| head.contains(mark))
    {
        return true;
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
        assert!(by_name(&path("a/vendor-aed0068cf9b67d042dd23a6343545b7b.js")) && by_name(&path("dist/assets/index-DUhmXSBR.mjs")));
        assert!(!by_name(&path("dist/order-Checkout.js")) && !by_name(&path("src/index-DUhmXSBR.js")) && !by_name(&path("a-1234.js")));
        assert!(by_name(&path("main.bundle.js")) && by_name(&path("a/chunk.728.985c45ad584b.js")) && !by_name(&path("chunk.js")));
        assert!(!by_name(&path("admin.js")) && !by_name(&path("a.min.py")) && !by_name(&path("min")));
        let dense = "a=1;".repeat(1_000);
        assert!(by_content(&path("a.js"), &format!("/* licence */\n{dense}\n")));
        assert!(!by_content(&path("a.py"), &dense), "a Python table is data, not minified");
        assert!(!by_content(&path("a.js"), &"let a = 1;\n".repeat(1_000)));
        assert!(!by_content(&path("a.css"), &format!("a {{ background: url(data:image/png;base64,{dense}) }}\n")));
    }
}
