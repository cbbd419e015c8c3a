//! `unpick contracts`: OpenAPI documents and the index that lists them, as JSON or YAML.

use super::json::{GENERATOR, SCHEMA_VERSION};
use crate::analyses::gated::fingerprint;
use crate::contracts::Contract;
use crate::contracts::tree::Node;
use saphyr::{Scalar, Yaml, YamlEmitter};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeSet;
use std::io;

/// The name of the index.
pub const INDEX: &str = "index.json";

/// Ways to write a document, as file name extensions.
pub const FORMATS: [&str; 2] = ["json", "yaml"];

/// One file that is to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// Its name in the folder.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What an index says of one document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Listed {
    /// The candidate, module or application.
    pub name: String,
    /// candidate, module or application.
    pub of: String,
    /// Its file beside the index.
    pub file: String,
    /// How many operations it has.
    pub operations: usize,
    /// How many of them are not certain.
    pub ambiguous: usize,
    /// What the file was when it was written: tells whether somebody has changed it since.
    pub fingerprint: String,
}

#[derive(Serialize)]
struct Index<'a> {
    schema_version: u32,
    generator: super::json::Generator,
    documents: &'a [Listed],
}

#[derive(Deserialize)]
struct OldIndex {
    generator: OldGenerator,
    documents: Vec<Listed>,
}

#[derive(Deserialize)]
struct OldGenerator {
    name: String,
}

/// The documents an index of an earlier run lists; none where it is somebody else's file.
#[must_use]
pub fn listed(index: &str) -> Option<Vec<Listed>> {
    let old: OldIndex = serde_json::from_str(index).ok()?;
    (old.generator.name == "unpick").then_some(old.documents)
}

/// What a file is, for [`Listed::fingerprint`].
#[must_use]
pub fn mark(text: &str) -> String {
    fingerprint(&[text])
}

/// The documents as files, and the index last.
///
/// # Errors
/// When a document cannot be put into text.
pub fn pages(contracts: &[Contract], format: &str) -> io::Result<Vec<Page>> {
    let mut names: BTreeSet<String> = BTreeSet::from(["index".to_owned()]);
    let mut pages = Vec::new();
    let mut documents = Vec::new();
    for contract in contracts {
        let file = format!("{}.{format}", file_name(&contract.name, &mut names));
        let text = if format == "yaml" { yaml(&contract.document)? } else { json(&contract.document)? };
        documents.push(Listed {
            name: contract.name.clone(),
            of: contract.of.to_owned(),
            file: file.clone(),
            operations: contract.operations,
            ambiguous: contract.ambiguous,
            fingerprint: mark(&text),
        });
        pages.push(Page { name: file, text });
    }
    let index = Index { schema_version: SCHEMA_VERSION, generator: GENERATOR, documents: &documents };
    let mut text = serde_json::to_string_pretty(&index).map_err(io::Error::other)?;
    text.push('\n');
    pages.push(Page { name: INDEX.to_owned(), text });
    Ok(pages)
}

/// A name of small plain letters that no other document has, on file systems that ignore case as well.
fn file_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c.to_ascii_lowercase() } else { '-' };
    let plain: String = name.chars().map(plain).take(100).collect();
    let plain = plain.trim_matches(['.', '-']).to_owned();
    let plain = if plain.is_empty() { "module".to_owned() } else { plain };
    let mut unique = plain.clone();
    let mut number = 2;
    while !taken.insert(unique.clone()) {
        unique = format!("{plain}-{number}");
        number += 1;
    }
    unique
}

fn json(document: &Node) -> io::Result<String> {
    let mut text = serde_json::to_string_pretty(&Written(document)).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

/// The document as JSON for programs, without a line break.
pub(super) fn compact(document: &Node, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer(out, &Written(document)).map_err(io::Error::other)
}

/// A tree as serde sees it.
struct Written<'a>(&'a Node);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Node::Null => out.serialize_unit(),
            Node::Truth(truth) => out.serialize_bool(*truth),
            Node::Integer(number) => out.serialize_i64(*number),
            Node::Decimal(number) => out.serialize_f64(*number),
            Node::Text(text) => out.serialize_str(text),
            Node::List(items) => out.collect_seq(items.iter().map(Written)),
            Node::Map(entries) => out.collect_map(entries.iter().map(|(key, node)| (key, Written(node)))),
        }
    }
}

fn yaml(document: &Node) -> io::Result<String> {
    let mut text = String::new();
    YamlEmitter::new(&mut text).dump(&tree(document)).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

/// A tree as the YAML crate has it.
fn tree(node: &Node) -> Yaml<'_> {
    match node {
        Node::Null => Yaml::Value(Scalar::Null),
        Node::Truth(truth) => Yaml::Value(Scalar::Boolean(*truth)),
        Node::Integer(number) => Yaml::Value(Scalar::Integer(*number)),
        Node::Decimal(number) => Yaml::Value(Scalar::FloatingPoint((*number).into())),
        Node::Text(text) => Yaml::Value(Scalar::String(text.as_str().into())),
        Node::List(items) => Yaml::Sequence(items.iter().map(tree).collect()),
        Node::Map(entries) => {
            Yaml::Mapping(entries.iter().map(|(key, node)| (Yaml::Value(Scalar::String(key.as_str().into())), tree(node))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{INDEX, Page, file_name, json, listed, mark, pages, yaml};
    use crate::contracts::Contract;
    use crate::contracts::tree::Node;
    use std::collections::BTreeSet;

    fn tricky() -> Node {
        let texts = ["200", "yes", "null", "a: b", "#x", "- y", "1.5", "", " z", "3.1.0", "@at", "two\nlines", "é", "~", "{}"];
        let entries = texts.iter().map(|text| ((*text).to_owned(), Node::text(text)));
        let more = [("n".to_owned(), Node::Null), ("f".to_owned(), Node::Decimal(0.5)), ("e".to_owned(), Node::List(Vec::new()))];
        Node::Map(entries.chain(more).chain([("m".to_owned(), Node::Map(Vec::new()))]).collect())
    }

    #[test]
    fn yaml_and_json_say_the_same() {
        use saphyr::{LoadableYamlNode, Yaml};
        let written = yaml(&tricky()).unwrap();
        let read = Yaml::load_from_str(&written).unwrap();
        assert_eq!(read, [super::tree(&tricky())]);
        let value: serde_json::Value = serde_json::from_str(&json(&tricky()).unwrap()).unwrap();
        assert_eq!(value["200"], "200");
        assert_eq!(value["f"], 0.5);
    }

    #[test]
    fn names_of_files_differ_on_every_file_system() {
        let mut taken = BTreeSet::from(["index".to_owned()]);
        let names: Vec<String> =
            ["shop/Orders", "shop/orders", "index", "..", "a b"].map(|name| file_name(name, &mut taken)).into_iter().collect();
        assert_eq!(names, ["shop-orders", "shop-orders-2", "index-2", "module", "a-b"]);
    }

    #[test]
    fn the_index_knows_its_documents_again() {
        let document = Node::Map(vec![("openapi".to_owned(), Node::text("3.1.0"))]);
        let contract = Contract { name: "cart".to_owned(), of: "module", document, operations: 2, ambiguous: 1 };
        let pages: Vec<Page> = pages(&[contract], "yaml").unwrap();
        assert_eq!(pages[0].name, "cart.yaml");
        assert_eq!(pages[1].name, INDEX);
        let known = listed(&pages[1].text).unwrap();
        assert_eq!(known[0].fingerprint, mark(&pages[0].text));
        assert!(listed("{}").is_none());
        assert!(listed(&pages[1].text.replace("unpick", "somebody")).is_none());
    }
}
