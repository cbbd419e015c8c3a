//! The page in a real browser. Without Chromium, node and the packages of `tests/page/` these tests fail: a check that
//! skips itself says nothing.

use crate::support::command::{code, stderr, unpick};
use crate::support::{Tree, here, shop};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Runs a case of `tests/page/run.mjs`; what it says on stdout.
fn case(name: &str, files: &[&Path]) -> String {
    let modules = std::env::var_os("PAGE_MODULES").unwrap_or_else(|| here("target/page/node_modules").into_os_string());
    let output = Command::new("node")
        .arg(here("tests/page/run.mjs"))
        .arg(name)
        .args(files)
        .env("PAGE_MODULES", modules)
        .output()
        .expect("`node` is installed: this test runs only with the feature outside-programs (.ci/run says what it needs)");
    assert!(output.status.success(), "{name}:\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// A folder with what unpick writes about a tree: the command's arguments up to the file, and the file's name.
fn written(root: &Path, asked: &[(&[&str], &str)]) -> TempDir {
    let folder = tempfile::Builder::new().prefix("unpick-page").tempdir().expect("a temporary folder");
    for (arguments, file) in asked {
        let output = unpick(root, arguments);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        std::fs::write(folder.path().join(file), output.stdout).expect("the file is written");
    }
    folder
}

const MAP: (&[&str], &str) = (&["map", "--quiet", "--format", "html"], "map.html");
const PLAN: (&[&str], &str) = (&["plan", "--quiet", "--format", "html"], "plan.html");

fn on_the_shop(name: &str) -> String {
    let folder = written(&shop(), &[PLAN]);
    case(name, &[&folder.path().join("plan.html")])
}

#[test]
fn every_view_shows_the_sample() {
    on_the_shop("sample");
}

#[test]
fn boxes_open_in_place_by_mouse_and_keyboard() {
    on_the_shop("expand");
}

#[test]
fn search_and_links_lead_to_the_lines() {
    on_the_shop("search");
}

#[test]
fn matrices_can_be_walked() {
    on_the_shop("matrices");
}

#[test]
fn keys_nobody_declared_are_drawn_differently() {
    let folder = written(&shop(), &[MAP, (&["map", "--quiet", "--ignore-declared-keys", "--format", "html"], "ignored.html")]);
    case("relations", &[&folder.path().join("map.html"), &folder.path().join("ignored.html")]);
}

#[test]
fn routes_say_what_they_take_and_answer() {
    let folder = written(&here("testdata/projects/lending/code"), &[MAP]);
    case("contracts", &[&folder.path().join("map.html")]);
}

#[test]
fn views_are_saved_as_pictures() {
    on_the_shop("pictures");
}

#[test]
fn axe_finds_nothing_serious() {
    on_the_shop("accessible");
}

#[test]
fn what_is_moved_becomes_a_config_that_unpick_obeys() {
    let config = on_the_shop("plan");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("unpick.toml");
    std::fs::write(&file, &config).expect("the file is written");
    let output = unpick(&shop(), &["plan", "--quiet", "--format", "json", "--config", &file.to_string_lossy()]);
    assert_eq!(code(&output), 0, "{}\n{config}", stderr(&output));
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let of = |key: &str, name: &str| {
        let candidates = plan["candidates"].as_array().expect("a list");
        let has = |candidate: &&serde_json::Value| candidate[key].as_array().expect("a list").iter().any(|one| one == name);
        candidates.iter().find(has).map(|candidate| candidate["name"].as_str().expect("a name").to_owned())
    };
    assert_eq!(of("modules", "search").as_deref(), Some("orders"), "{config}");
    assert_eq!(of("tables", "search_searchdocument").as_deref(), Some("orders"), "{config}");
    assert_eq!(of("modules", "catalog").as_deref(), Some("catalog"), "{config}");
}

/// Names that try to be markup, script, templates or commands; each is a file, a class, a table and a route.
fn hostile_names() -> Vec<String> {
    let pieces = [
        "<img src=x onerror=owned=1>",
        "<script>owned=1<",
        "&lt;b&gt;",
        "&#x3c;b&#x3e;",
        "\"onload=\"owned=1",
        "'onclick='owned=1",
        "${owned=1}",
        "`owned=1`",
        "{{owned=1}}",
        "%3Cscript%3E",
        "javascript:owned=1",
        "]]>",
        "<!--",
        "-->",
        "\u{202e}gnp.exe",
        "\u{200f}\u{5d0}\u{5d1}\u{5d2}",
        "\u{1f4a3}\u{1f469}\u{200d}\u{1f4bb}",
        "a\u{301}\u{301}\u{301}\u{301}",
        "\u{2028}owned=1",
        "\u{2029}owned=1",
        "a\tb",
        "constructor",
        "__proto__",
        "toString",
        "hasOwnProperty",
        "#overview&sel=x",
        "a,b",
        "a&b=c",
        "a?b#c",
        "a%b",
        "%E0%A4%A",
        "a>b",
        "a|b",
        "a;b",
        "a\\b",
        "$(owned)",
        "';owned=1;'",
        "\";owned=1;\"",
        "</style>",
        "<svg onload=owned=1>",
        "<base href=x>",
        "url(x)",
        "@import x",
        "null",
        "undefined",
        "NaN",
        "true",
        "[object Object]",
        "   ",
        "-->\u{0}<",
    ];
    // No file system knows `/` or NUL in a name.
    pieces.iter().map(|piece| piece.replace('/', "\u{2215}").replace('\0', "")).collect()
}

pub(crate) fn hostile() -> Tree {
    let names = hostile_names();
    assert_eq!(names.len(), 50);
    let mut files = vec![("package.json".to_owned(), "{\"name\": \"hostile\"}".to_owned())];
    for (at, name) in names.iter().enumerate() {
        let text = serde_json::to_string(name).expect("it is text");
        let path = format!("part{}/{name}.js", at % 7);
        let neighbour = format!("../part{}/{}.js", (at + 1) % 7, names[(at + 1) % names.len()]);
        let mut code = format!("const other = require({});\n", serde_json::to_string(&neighbour).expect("it is text"));
        writeln!(code, "const express = require('express'); const app = express();").expect("memory");
        writeln!(code, "app.get('/' + {text}, (request, response) => response.send(other));").expect("memory");
        writeln!(code, "const knex = require('knex')({{}}); exports.run = () => knex({text}).insert({{a: 1}});").expect("memory");
        writeln!(code, "exports.all = () => knex({text}).select({text}); exports[{text}] = fetch('https://' + {text});").expect("memory");
        files.push((path, code));
    }
    files.push(("schema.sql".to_owned(), schema(&names)));
    Tree::of(&files)
}

/// A table for each name, with a key to the next one.
fn schema(names: &[String]) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let table = |(at, name): (usize, &String)| {
        let next = quoted(&names[(at + 1) % names.len()]);
        format!("CREATE TABLE {} (id integer PRIMARY KEY, {next} integer REFERENCES {next} (id));\n", quoted(name))
    };
    names.iter().enumerate().map(table).collect()
}

/// The paths of the map, as unpick writes them.
fn paths(folder: &TempDir, map: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.path().join(map)).expect("it is there");
    let map: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    map["files"].as_array().expect("a list").iter().map(|file| file["path"].as_str().expect("a path").to_owned()).collect()
}

#[test]
fn fifty_hostile_names_are_shown_and_do_nothing() {
    let tree = hostile();
    let folder = written(tree.root(), &[PLAN, (&["map", "--quiet", "--format", "json"], "map.json")]);
    let names = folder.path().join("names.json");
    let paths: Vec<String> = paths(&folder, "map.json").into_iter().filter(|path| path.ends_with(".js")).collect();
    assert_eq!(paths.len(), 50);
    std::fs::write(&names, serde_json::to_string(&paths).expect("it is text")).expect("the file is written");
    case("hostile", &[&folder.path().join("plan.html"), &names]);
}

/// 250 applications of Django with 20 files and 8 tables each.
fn large() -> Tree {
    let mut files = vec![("manage.py".to_owned(), String::new())];
    for app in 0..250 {
        let other = (app + 1) % 250;
        let mut models = "from django.db import models\n".to_owned();
        for table in 0..8 {
            writeln!(models, "class Model{table}(models.Model):\n    name = models.CharField()\n    link = models.ForeignKey('app{other}.Model{table}', on_delete=models.CASCADE)")
                .expect("memory");
        }
        files.push((format!("shop/app{app}/models.py"), models));
        files.push((format!("shop/app{app}/__init__.py"), String::new()));
        files.push((
            format!("shop/app{app}/urls.py"),
            format!("from django.urls import path\nfrom . import part0\nurlpatterns = [path('app{app}/', part0.run)]\n"),
        ));
        for part in 0..17 {
            let needs = (app + part * 13 + 1) % 250;
            files.push((
                format!("shop/app{app}/part{part}.py"),
                format!("from shop.app{needs}.models import Model{}\nfrom shop.app{app}.models import Model1\n\ndef run(request):\n    Model1.objects.create(name='x')\n    return Model{}.objects.filter(name='x').update(name='y')\n", part % 8, part % 8),
            ));
        }
    }
    Tree::of(&files)
}

#[test]
fn views_of_five_thousand_files_and_two_thousand_tables_stay_small() {
    let tree = large();
    let folder = written(tree.root(), &[MAP]);
    let page = folder.path().join("map.html");
    let bytes = std::fs::metadata(&page).expect("it is there").len();
    assert!(bytes < 10_000_000, "{bytes} bytes");
    case("large", &[&page]);
}

#[test]
fn mermaid_draws_what_is_written_for_it() {
    let tree = hostile();
    let shop = written(
        &shop(),
        &[
            MAP,
            (&["map", "--quiet", "--format", "mermaid"], "a.mmd"),
            (&["map", "--quiet", "--format", "mermaid", "--level", "file"], "b.mmd"),
            (&["tables", "--quiet", "--format", "mermaid"], "c.mmd"),
        ],
    );
    let names = written(
        tree.root(),
        &[
            (&["map", "--quiet", "--format", "mermaid"], "d.mmd"),
            (&["map", "--quiet", "--format", "mermaid", "--level", "file"], "e.mmd"),
            (&["tables", "--quiet", "--format", "mermaid"], "f.mmd"),
        ],
    );
    let of = |folder: &TempDir, file: &str| folder.path().join(file);
    let files = [
        of(&shop, "map.html"),
        of(&shop, "a.mmd"),
        of(&shop, "b.mmd"),
        of(&shop, "c.mmd"),
        of(&names, "d.mmd"),
        of(&names, "e.mmd"),
        of(&names, "f.mmd"),
    ];
    case("mermaid", &files.iter().map(std::path::PathBuf::as_path).collect::<Vec<_>>());
}
