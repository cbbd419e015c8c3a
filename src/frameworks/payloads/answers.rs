//! Answers as code gives them one by one, put together by their statuses.

use super::schema::Schema;
use super::{Content, Operation};
use std::collections::BTreeMap;

/// One way to answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// None where the code does not say it beside the answer.
    pub(super) status: Option<u16>,
    /// What it carries, where it carries something.
    pub(super) content: Option<Content>,
}

impl Answer {
    /// JSON of some schema.
    pub(super) fn json(status: Option<u16>, schema: Schema) -> Self {
        Self { status, content: Some(Content::json(schema)) }
    }

    /// Nothing but a status.
    pub(super) fn empty(status: u16) -> Self {
        Self { status: Some(status), content: None }
    }
}

/// Puts answers into an operation: those of one status carry one of what each carries. `usual` is the status of those that
/// say none.
pub(super) fn tell(answers: Vec<Answer>, usual: u16, operation: &mut Operation) {
    let mut by_status: BTreeMap<u16, (Vec<Schema>, Option<Content>)> = BTreeMap::new();
    for answer in answers {
        let row = by_status.entry(answer.status.unwrap_or(usual)).or_default();
        if let Some(content) = answer.content {
            row.0.push(content.schema.clone());
            row.1.get_or_insert(content);
        }
    }
    for (status, (schemas, content)) in by_status {
        let content = content.map(|content| Content { schema: Schema::one_of(schemas.into_iter()), ..content });
        if status < 300 && content.as_ref().is_some_and(|content| content.schema.is_open()) {
            operation.unsure("what the answer carries could not be told", 60);
        }
        operation.answer(status, content);
    }
}
