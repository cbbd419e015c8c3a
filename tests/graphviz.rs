//! What `--format dot` writes is drawn by the real Graphviz. Without `dot` on the path these tests fail: a check that
//! skips itself says nothing.

use crate::support::command::{code, stderr, unpick};
use crate::support::shop;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Draws a graph; the picture as SVG text.
fn draw(graph: &[u8]) -> String {
    let mut dot = Command::new("dot")
        .arg("-Tsvg")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("`dot` is installed: this test runs only with the feature outside-programs (Debian: apt-get install graphviz)");
    dot.stdin.take().expect("stdin is piped").write_all(graph).expect("dot reads the graph");
    let output = dot.wait_with_output().expect("dot ends");
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && complaints.is_empty(), "dot complains: {complaints}");
    String::from_utf8(output.stdout).expect("a picture in UTF-8")
}

fn graph(arguments: &[&str]) -> Vec<u8> {
    graph_of(&shop(), arguments)
}

fn graph_of(root: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = unpick(root, arguments);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    output.stdout
}

#[test]
fn the_modules_of_the_shop_can_be_drawn() {
    let picture = draw(&graph(&["map", "--format", "dot"]));
    for module in ["accounts", "billing", "cart", "catalog", "notifications", "orders", "promotions", "search"] {
        assert!(picture.contains(&format!(">{module}")), "{module} is not in the picture");
    }
    assert!(picture.matches("class=\"edge\"").count() > 20, "dependencies are drawn");
}

#[test]
fn the_files_of_the_shop_can_be_drawn() {
    let picture = draw(&graph(&["map", "--format", "dot", "--level", "file", "--graph", "all"]));
    assert!(picture.contains("checkout.py"));
}

/// Names that try to be markup, labels or attributes: nothing of them is more than text in the picture.
#[test]
fn hostile_names_are_text_in_every_drawing() {
    let tree = crate::page::hostile();
    for arguments in [
        &["map", "--format", "dot"] as &[&str],
        &["map", "--format", "dot", "--level", "file", "--graph", "all", "--top", "99"],
        &["tables", "--format", "dot"],
        &["plan", "--format", "dot"],
    ] {
        let picture = draw(&graph_of(tree.root(), arguments));
        let tags = picture.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or(rest));
        for tag in tags.filter(|tag| !tag.starts_with("!--")) {
            let strange = ["img", "script", "base", "style"].iter().any(|name| tag.starts_with(name));
            let acts = ["onload=", "onerror=", "onclick=", "javascript:"].iter().any(|word| tag.contains(word));
            assert!(!strange && !acts, "<{tag}> in the picture of {arguments:?}");
        }
    }
    let files = draw(&graph_of(tree.root(), &["map", "--format", "dot", "--level", "file", "--graph", "all", "--top", "99"]));
    for shown in ["&lt;img src=x onerror=owned=1&gt;", "__proto__", "%3Cscript%3E", "a&amp;b=c", "&lt;!&#45;&#45;"] {
        assert!(files.contains(shown), "{shown} is not in the picture");
    }
}
