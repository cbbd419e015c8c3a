//! Prisma: which table a member of the client means. The tables themselves are read with the other schemas.

use super::operations::of_model;
use crate::base::{Certainty, FileId};
use crate::facts::{Call, FileFacts, Shape};
use crate::frameworks::tables::{Declaration, DeclaredBy, DeclaredTable, MappedBy, Operation};
use crate::names::{FactBase, Names};
use std::collections::BTreeMap;

/// Names that clients have where they are not called after the library.
const CLIENTS: [&str; 6] = ["tx", "trx", "db", "client", "transaction", "database"];

/// Models of all schemas by the client's name for them.
pub(super) struct Prisma(BTreeMap<String, Mapped>);

struct Mapped {
    model: String,
    table: String,
    file: Option<FileId>,
    line: u32,
}

impl Prisma {
    pub(super) fn read(base: &FactBase, names: &Names) -> Self {
        let mut found = BTreeMap::new();
        for manifest in base.manifests.iter().filter(|manifest| manifest.path.as_str().ends_with(".prisma")) {
            let file = names.tree().file(manifest.path.as_str());
            let mut open: Option<Mapped> = None;
            for (line, written) in (1u32..).zip(manifest.text.lines()) {
                let code = written.trim();
                if let Some(name) = code.strip_prefix("model ").map(|rest| rest.trim_end_matches('{').trim()) {
                    open = Some(Mapped { model: name.to_owned(), table: name.to_owned(), file, line });
                } else if let (Some(table), Some(mapped)) =
                    (code.strip_prefix("@@map(\"").and_then(|rest| rest.split('"').next()), &mut open)
                {
                    table.clone_into(&mut mapped.table);
                } else if code.starts_with('}')
                    && let Some(mapped) = open.take()
                {
                    found.entry(member(&mapped.model)).or_insert(mapped);
                }
            }
        }
        Self(found)
    }

    /// Who maps which table; columns and keys are the schema's to say.
    pub(super) fn tables(&self) -> Vec<DeclaredTable> {
        let mapped = self.0.values().filter_map(|mapped| {
            let file = mapped.file?;
            let mut table = super::described::empty_table(&mapped.table, Declaration { file, line: mapped.line, by: DeclaredBy::Orm });
            table.model = Some((file, MappedBy::Variable(mapped.model.clone())));
            Some(table)
        });
        mapped.collect()
    }

    /// `prisma.order.findMany()`
    pub(super) fn access<'a>(&self, facts: &'a FileFacts, call: &Call) -> Option<(&str, Operation, &'a str, Certainty)> {
        let Shape::Member(object, method) = facts.value(call.callee).shape else { return None };
        let Shape::Member(client, model) = facts.value(object).shape else { return None };
        let mapped = self.0.get(facts.text(model))?;
        let method = facts.text(method);
        let client = facts.last_name(client)?;
        let certainty = if client.to_lowercase().contains("prisma") {
            Certainty::LITERAL
        } else if CLIENTS.contains(&client) {
            Certainty(80)
        } else {
            return None;
        };
        Some((&mapped.table, of_model(method)?, method, certainty))
    }
}

/// `orderLine` for `OrderLine`.
fn member(model: &str) -> String {
    let mut letters = model.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
