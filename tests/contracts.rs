//! `unpick contracts`: documents that hold together, whatever the application.

use crate::support::Tree;
use crate::support::command::{code, stderr, stdout, unpick};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

const APP: &str = "\
from flask import Flask, Blueprint

app = Flask(__name__)
orders = Blueprint('orders', __name__)


@app.route('/')
def home():
    return 'hello'


@orders.route('/<int:number>', methods=['GET', 'DELETE'])
def order(number):
    return {}


@orders.route('/<name>', methods=['PUT'])
def rename(name):
    return {}


app.register_blueprint(orders, url_prefix='/orders')
";

fn shop() -> Tree {
    Tree::of(&[("app.py", APP)])
}

/// The only document a run writes.
fn document(folder: &Path, arguments: &[&str]) -> Value {
    let all = [&["contracts", "--out", "out", "--single", "--format", "json"], arguments].concat();
    let output = unpick(folder, &all);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = std::fs::read_to_string(folder.join("out/application.json")).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn every_route_becomes_an_operation_with_its_place() {
    let tree = shop();
    let document = document(tree.root(), &[]);
    assert_eq!(document["openapi"], "3.1.0");
    let paths: Vec<&String> = document["paths"].as_object().expect("an object").keys().collect();
    // Two addresses that differ in the name of their parameter are one, with the name that most methods have.
    assert_eq!(paths, ["/", "/orders/{number}"]);
    let item = document["paths"]["/orders/{number}"].as_object().expect("an object");
    assert_eq!(item.keys().collect::<BTreeSet<_>>(), BTreeSet::from([&"delete".to_owned(), &"get".to_owned(), &"put".to_owned()]));
    let get = &item["get"];
    assert_eq!(get["operationId"], "get_orders_by_number");
    assert_eq!(get["parameters"][0]["name"], "number");
    assert_eq!(get["parameters"][0]["required"], true);
    assert_eq!((&get["x-unpick"]["file"], &get["x-unpick"]["line"]), (&Value::from("app.py"), &Value::from(13)));
    assert!(get["x-unpick"]["confidence"].as_f64().expect("a number") > 0.5);
    assert!(get["x-unpick"]["ambiguous"].is_array());
}

#[test]
fn the_older_version_is_written_when_asked_for() {
    let tree = shop();
    assert_eq!(document(tree.root(), &["--openapi", "3.0"])["openapi"], "3.0.3");
}

#[test]
fn documents_are_listed_and_the_same_run_writes_the_same_bytes() {
    let tree = shop();
    let mut bytes = Vec::new();
    for threads in ["1", "4"] {
        let output = unpick(tree.root(), &["contracts", "--out", "docs", "--threads", threads]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stdout(&output).contains("4 operations"), "{}", stdout(&output));
        let index: Value =
            serde_json::from_str(&std::fs::read_to_string(tree.root().join("docs/index.json")).expect("it is there")).expect("JSON");
        let rows = index["documents"].as_array().expect("a list");
        assert_eq!(rows.iter().map(|row| row["operations"].as_u64().expect("a number")).sum::<u64>(), 4);
        let files: Vec<Vec<u8>> = rows
            .iter()
            .map(|row| std::fs::read(tree.root().join("docs").join(row["file"].as_str().expect("a text"))).expect("it is there"))
            .collect();
        bytes.push(files);
    }
    assert_eq!(bytes[0], bytes[1]);
}

#[test]
fn a_folder_with_files_of_others_is_refused() {
    let tree = Tree::of(&[("app.py", APP), ("docs/index.json", "{}")]);
    let output = unpick(tree.root(), &["contracts", "--out", "docs"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("docs/index.json") && stderr(&output).contains("--out"), "{}", stderr(&output));
}

#[test]
fn an_application_without_routes_is_told() {
    let tree = Tree::of(&[("lib.py", "X = 1\n")]);
    let output = unpick(tree.root(), &["contracts", "--out", "docs"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("no route"), "{}", stderr(&output));
    assert!(!tree.root().join("docs").exists());
}
