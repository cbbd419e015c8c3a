//! What the page carries, and what stands in it as it is.
#![allow(clippy::disallowed_methods, reason = "the tests write and read files of their own")]

use super::{assets, policy};
use crate::reports::Options;
use crate::reports::testing::{json, of, shop, written};
use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::read::GzDecoder;
use std::fs;
use std::io::Read;

/// The document a page carries under a name.
fn carried(page: &str, id: &str) -> serde_json::Value {
    let start = format!("<script type=\"application/gzip\" id=\"data-{id}\">");
    let rest = &page[page.find(&start).expect("the page carries it") + start.len()..];
    let packed = STANDARD.decode(&rest[..rest.find('<').expect("it ends")]).expect("it is base 64");
    let mut text = String::new();
    GzDecoder::new(&packed[..]).read_to_string(&mut text).expect("it is compressed");
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn the_page_carries_the_map_that_json_writes() {
    let sample = shop();
    let page = written(&sample, "html", &Options::default());
    assert_eq!(carried(&page, "map"), json(&sample, &Options::default()));
    assert_eq!(page, written(&sample, "html", &Options::default()), "the same bytes every time");
}

#[test]
fn the_page_carries_what_routes_take_and_answer() {
    let page = written(&shop(), "html", &Options::default());
    assert!(carried(&page, "contracts")["paths"].as_object().is_some_and(|paths| paths.len() > 5));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.py"), "import os\n").unwrap();
    assert!(carried(&written(&of(folder.path()), "html", &Options::default()), "contracts").is_null());
}

#[test]
fn nothing_is_fetched_and_only_the_own_script_and_style_run() {
    let page = written(&shop(), "html", &Options::default());
    let allowed = policy(&assets::style(), &assets::script());
    assert!(allowed.starts_with("default-src 'none'; script-src 'sha256-") && !allowed.contains("unsafe"), "{allowed}");
    assert!(page.contains(&format!("content=\"{allowed}\"")));
    for word in
        ["src=", "<link", "url(h", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "insertAdjacentHTML", "document.write", "eval("]
    {
        assert!(!assets::own().contains(word), "{word} has no place on a page that asks the network for nothing");
    }
}

#[test]
fn names_of_files_do_not_stand_in_the_page_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["<img src=x onerror=owned(1)>.py", "a&lt;script&gt;.py", "`${owned(1)}`.py"] {
        fs::write(folder.path().join(name), "import os\n").unwrap();
    }
    let page = written(&of(folder.path()), "html", &Options::default());
    assert!(!page.contains("owned(") && !page.contains("&lt;script"));
    assert_eq!(carried(&page, "map")["files"].as_array().map(Vec::len), Some(3));
}

#[test]
fn every_file_of_the_page_is_put_in() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/reports/html/page");
    let whole = assets::script() + &assets::style();
    for entry in walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.unwrap()) {
        let is_part = entry.path().extension().is_some_and(|ending| ending == "js" || ending == "css");
        assert!(!is_part || whole.contains(&fs::read_to_string(entry.path()).unwrap()), "{} is not in the page", entry.path().display());
    }
}
