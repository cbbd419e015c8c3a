//! OpenAPI documents from routes and what frameworks know of their payloads: one for each candidate of the plan, and for
//! each module that is in none.
//!
//! `groups` says which route belongs to which document, `paths` makes addresses that OpenAPI accepts, `operations` and
//! `schemas` write down what is known, `names` gives components names that do not depend on the document they are in.

mod groups;
mod names;
mod operations;
mod paths;
mod schemas;
pub mod tree;

use crate::frameworks::payloads::Scheme;
use crate::plan::Plan;
use crate::plan::facts::Facts;
use crate::project::Project;
use names::ComponentNames;
use operations::Written;
use paths::Address;
use schemas::Writer;
use std::collections::{BTreeMap, BTreeSet};
use tree::{Keys, Node};

/// The version of OpenAPI that is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Version {
    /// 3.0.3
    V30,
    /// 3.1.0
    V31,
}

impl Version {
    /// The version as it is asked for.
    pub const WORDS: [&str; 2] = ["3.1", "3.0"];

    /// The version of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "3.0" => Some(Self::V30),
            "3.1" => Some(Self::V31),
            _ => None,
        }
    }

    fn full(self) -> &'static str {
        match self {
            Self::V30 => "3.0.3",
            Self::V31 => "3.1.0",
        }
    }
}

/// One document.
#[derive(Clone, PartialEq, Debug)]
pub struct Contract {
    /// The candidate, the module, or the application.
    pub name: String,
    /// candidate, module or application.
    pub of: &'static str,
    /// The document.
    pub document: Node,
    /// How many operations it has.
    pub operations: usize,
    /// How many of them are not certain.
    pub ambiguous: usize,
}

/// How routes are put into documents.
#[derive(Clone, Copy)]
pub enum Grouping<'a> {
    /// All of them into one.
    Single,
    /// By candidate of a plan, then by module.
    ByPlan(&'a Facts, &'a Plan),
}

/// Writes the contracts of an application, by name.
#[must_use]
pub fn draft(project: &Project, grouping: Grouping<'_>, version: Version) -> Vec<Contract> {
    let groups = groups::groups(project, grouping);
    let names = ComponentNames::of(project);
    let made = groups.into_iter().map(|((name, of), routes)| {
        let addresses = paths::addresses(project, &routes);
        one(project, (&name, of), &addresses, &names, version)
    });
    made.collect()
}

fn one(
    project: &Project,
    (name, of): (&str, &'static str),
    addresses: &[Address<'_>],
    names: &ComponentNames,
    version: Version,
) -> Contract {
    let writer = Writer::new(&project.resolution.payloads, names, version);
    let mut schemes: BTreeSet<Scheme> = BTreeSet::new();
    let mut modules: BTreeSet<&str> = BTreeSet::new();
    let mut ids: BTreeMap<String, u32> = BTreeMap::new();
    let (mut operations, mut ambiguous) = (0, 0);
    let mut paths = Keys::default();
    for address in addresses {
        let mut item = Keys::default().maybe("x-unpick", operations::without_method(project, address));
        for (method, row) in &address.rows {
            let id = operations::id(*method, &address.path, &mut ids);
            let Written { node, module, schemes: used, ambiguous: open } = operations::write(project, address, *method, row, &id, &writer);
            item = item.with(&method.word().to_lowercase(), node);
            schemes.extend(used);
            modules.insert(module);
            operations += 1;
            ambiguous += usize::from(open);
        }
        paths = paths.with(&address.path, item.node());
    }
    let info =
        Keys::default().with("title", Node::text(name)).with("version", Node::text("0.0.0")).with("description", Node::Text(about(of)));
    let components =
        Keys::default().maybe("schemas", writer.components()).maybe("securitySchemes", operations::security_schemes(&schemes)).node();
    let tags = modules.into_iter().map(|module| Keys::default().with("name", Node::text(module)).node()).collect();
    let document = Keys::default()
        .with("openapi", Node::text(version.full()))
        .with("info", info.node())
        .with("servers", Node::List(vec![Keys::default().with("url", Node::text("/")).node()]))
        .with("tags", Node::List(tags))
        .with("paths", paths.node())
        .maybe("components", (components != Node::Map(Vec::new())).then_some(components))
        .node();
    Contract { name: name.to_owned(), of, document, operations, ambiguous }
}

fn about(of: &str) -> String {
    format!(
        "Read off the code of one {of} by unpick, without running it: a draft to review. `x-unpick` says of every operation where \
         its code stands, how sure it is, and what is not certain; a schema without rules is one that nobody could tell."
    )
}
