//! Documents of OpenAPI against their standard and against the service they describe. Without Python, node and what
//! `tests/openapi/` asks for these tests fail: a check that skips itself says nothing.

use crate::specs::document::Document;
use crate::support::command::{code, stderr, unpick};
use crate::support::{Tree, files_below, here, text_of};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// A program of `.ci/run`'s, which may be somewhere else.
fn program(variable: &str, usual: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| here(usual), PathBuf::from)
}

/// Python with the packages of `tests/openapi/requirements.txt`, leaving nothing beside the sources.
fn python() -> Command {
    let mut command = Command::new(program("OPENAPI_PYTHON", "target/openapi/venv/bin/python"));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; .ci/run installs what the feature outside-programs needs"))
}

/// What a program says, and whether it was content.
fn verdict(command: &mut Command) -> (bool, String) {
    let output = output(command);
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("unpick-openapi").tempdir().expect("a temporary folder")
}

/// Writes the documents of an application into a folder below another one.
fn write(root: &Path, out: &Path, more: &[&str]) {
    let out = out.to_string_lossy();
    let output = unpick(root, &[&["contracts", "--quiet", "--out", &out], more].concat());
    assert_eq!(code(&output), 0, "{}: {}", root.display(), stderr(&output));
}

/// What openapi-spec-validator says of documents; it has no word for "all of them", so none at all is an error.
fn first_validator(files: &[PathBuf]) -> (bool, String) {
    assert!(!files.is_empty());
    verdict(python().args(["-m", "openapi_spec_validator"]).args(files))
}

/// What Redocly's rules of the specification itself say; its rules of taste are not asked.
fn second_validator(files: &[PathBuf]) -> (bool, String) {
    assert!(!files.is_empty());
    let script = program("OPENAPI_MODULES", "target/openapi/node_modules").join("@redocly/cli/bin/cli.js");
    let mut command = Command::new("node");
    command.arg(script).args(["lint", "--extends", "spec", "--format", "stylish"]).args(files);
    verdict(command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"))
}

/// The sample applications, and those of the documents about contracts.
fn samples() -> Vec<(String, PathBuf, Option<Tree>)> {
    let mut samples = Vec::new();
    for name in ["shop", "lending"] {
        samples.push((name.to_owned(), here(&format!("testdata/projects/{name}/code")), None));
    }
    for path in files_below(&here("testdata/payloads"), ".md") {
        let document = Document::read(&text_of(&path)).expect("the specs say what is wrong with it");
        for (at, case) in document.cases.iter().enumerate() {
            let tree = Tree::of(&case.files);
            let stem = path.file_stem().expect("a name").to_string_lossy();
            samples.push((format!("{stem}-{at}"), tree.root().to_owned(), Some(tree)));
        }
    }
    samples
}

#[test]
fn two_validators_find_no_error_in_any_document() {
    let folder = folder();
    let samples = samples();
    assert!(samples.len() > 8);
    for (name, root, _) in &samples {
        for (version, format) in [("3.1", "yaml"), ("3.0", "json")] {
            write(root, &folder.path().join(format!("{name}-{version}")), &["--openapi", version, "--format", format]);
        }
    }
    let documents = [files_below(folder.path(), ".yaml"), files_below(folder.path(), ".json")].concat();
    let documents: Vec<PathBuf> = documents.into_iter().filter(|path| !path.ends_with("index.json")).collect();
    assert!(documents.len() > 2 * samples.len() - 1);
    for check in [first_validator, second_validator] {
        let (content, said) = check(&documents);
        assert!(content, "{said}");
    }
}

#[test]
fn both_validators_refuse_a_reference_to_nothing() {
    let folder = folder();
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "broken", "version": "1"},
        "servers": [{"url": "/"}],
        "paths": {"/a": {"get": {"responses": {"200": {"description": "OK", "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Nowhere"}}
        }}}}}},
    });
    let file = folder.path().join("broken.json");
    std::fs::write(&file, document.to_string()).expect("the file is written");
    let files = [file];
    assert!(!first_validator(&files).0 && !second_validator(&files).0);
}

const SERVICE: &str = "lending.main:app";

fn service() -> PathBuf {
    here("testdata/projects/lending/code")
}

/// What unpick says of the service.
fn drafted() -> Value {
    let folder = folder();
    write(&service(), &folder.path().join("out"), &["--single", "--format", "json"]);
    serde_json::from_str(&text_of(&folder.path().join("out/application.json"))).expect("it is JSON")
}

/// What the service says of itself.
fn published() -> Value {
    let output = output(python().arg(here("tests/openapi/published.py")).arg(service()).arg(SERVICE));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

/// Operations by `METHOD /path`.
fn operations(document: &Value) -> BTreeMap<String, &Value> {
    let paths = document["paths"].as_object().expect("paths");
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object().expect("methods").iter().map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    });
    each.collect()
}

fn statuses(operation: &Value) -> BTreeSet<String> {
    operation["responses"].as_object().expect("responses").keys().cloned().collect()
}

/// Place, name and whether it must be there, of every parameter.
fn parameters(operation: &Value) -> BTreeSet<(String, String, bool)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let all = operation["parameters"].as_array().into_iter().flatten();
    all.map(|one| (text(&one["in"]), text(&one["name"]), one["required"] == true)).collect()
}

/// Names of the components that the first schema of a body or an answer names, whatever stands around them.
fn named(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(entries) => {
                found.extend(entries.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next()).map(str::to_owned));
                open.extend(entries.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

/// Statuses that the service answers and does not publish, as the README of the sample lists them.
fn unpublished() -> BTreeMap<String, BTreeSet<String>> {
    let readme = text_of(&here("testdata/projects/lending/README.md"));
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    let rows = rows.filter(|(operation, _)| operation.contains(" /"));
    rows.map(|(operation, statuses)| (operation.to_owned(), statuses.split(' ').map(str::to_owned).collect())).collect()
}

#[test]
fn the_draft_says_what_the_service_publishes_and_what_it_forgets() {
    let (drafted, published) = (drafted(), published());
    let (ours, theirs) = (operations(&drafted), operations(&published));
    assert!(theirs.len() > 10);
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    let unpublished = unpublished();
    for (name, theirs) in theirs {
        let ours = ours[&name];
        assert_eq!(parameters(ours), parameters(theirs), "{name}");
        assert_eq!(named(&ours["requestBody"]), named(&theirs["requestBody"]), "{name}");
        assert_eq!(named(&ours["responses"]["200"]), named(&theirs["responses"]["200"]), "{name}");
        assert_eq!(named(&ours["responses"]["201"]), named(&theirs["responses"]["201"]), "{name}");
        assert_eq!(ours["security"].is_null(), theirs["security"].is_null(), "{name}");
        let more = unpublished.get(&name).cloned().unwrap_or_default();
        assert_eq!(statuses(ours), &statuses(theirs) | &more, "{name}");
    }
    for (name, component) in drafted["components"]["schemas"].as_object().expect("schemas") {
        let theirs = &published["components"]["schemas"][name];
        let keys = |value: &Value| value["properties"].as_object().map(|all| all.keys().cloned().collect::<BTreeSet<_>>());
        assert_eq!(keys(component), keys(theirs), "{name}");
        let required = |value: &Value| value["required"].as_array().cloned().unwrap_or_default();
        assert_eq!(required(component), required(theirs), "{name}");
        assert_eq!(component["additionalProperties"], theirs["additionalProperties"], "{name}");
    }
}

/// The running service; it ends when this goes away.
struct Running {
    process: Child,
    address: String,
}

impl Running {
    fn start() -> Self {
        let mut command = python();
        command.arg(here("tests/openapi/serve.py")).arg(service()).arg(SERVICE).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("stdout is piped")).read_line(&mut line).expect("the port is told");
        let port: u16 = line.trim().parse().expect("a port");
        Self { process, address: format!("http://127.0.0.1:{port}") }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().ok();
    }
}

/// What schemathesis says after asking a service for everything a document describes.
fn asked(document: &Value, service: &Running, more: &[&str]) -> (bool, String) {
    let folder = folder();
    let file = folder.path().join("document.json");
    std::fs::write(&file, document.to_string()).expect("the file is written");
    let mut command = python();
    command
        .current_dir(folder.path())
        .args(["-m", "schemathesis.cli", "run"])
        .arg(&file)
        .args(["--url", &service.address, "--header", "Authorization: Bearer desk", "--no-color"])
        // The same requests every time.
        .args(["--generation-deterministic", "--max-examples", "20"])
        .args(more);
    verdict(&mut command)
}

#[test]
fn no_operation_is_missing_from_the_running_service() {
    let (service, mut document) = (Running::start(), drafted());
    let right = ["--mode", "positive"];
    let (content, said) = asked(&document, &service, &right);
    assert!(content, "{said}");
    let count = operations(&document).len();
    assert!(said.contains(&format!("Tested: {count}")), "{said}");
    // What the service does not have is noticed.
    document["paths"]["/desk/fines"] = json!({"get": {"responses": {"200": {"description": "OK"}}}});
    let (content, said) = asked(&document, &service, &right);
    assert!(!content && said.contains("GET /desk/fines"), "{said}");
}

#[test]
fn what_the_document_forbids_the_service_refuses() {
    let (service, mut document) = (Running::start(), drafted());
    // FastAPI answers 400 to bytes that are no text before it looks at a route, and its Allow header names the methods
    // of one route of an address only.
    let wrong = ["--mode", "negative", "--exclude-checks", "status_code_conformance,unsupported_method,allow_header_conformance"];
    let (content, said) = asked(&document, &service, &wrong);
    assert!(content, "{said}");
    // A rule the service does not have is noticed.
    document["components"]["schemas"]["MemberIn"]["properties"]["name"]["maxLength"] = json!(3);
    let (content, said) = asked(&document, &service, &wrong);
    assert!(!content && said.contains("POST /members"), "{said}");
}
