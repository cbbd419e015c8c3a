//! What code does beyond reading and writing tables: scopes of transactions, calls of systems outside.

mod transactions;

use super::Model;
use crate::base::{FileId, Span};
use crate::facts::{DefinitionId, ValueId};
use crate::names::FactBase;

/// Reads all of it.
pub(super) fn interpret(base: &FactBase, model: &mut Model) {
    transactions::read(base, &mut model.transactions);
}

/// A stretch of code that one transaction spans.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TransactionScope {
    /// The file.
    pub file: FileId,
    /// From the line that begins it to the line that ends it.
    pub span: Span,
    /// The innermost definition around it; for a decorated function that function.
    pub owner: Option<DefinitionId>,
    /// How it is written: `with`, `decorator`, `closure`, `begin`, `savepoint`.
    pub kind: &'static str,
}

/// One call of a system outside of the application: a client library, a mail, a queue, a file drop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExternalCall {
    /// The file.
    pub file: FileId,
    /// The line the call starts on.
    pub line: u32,
    /// The definition it stands in.
    pub owner: Option<DefinitionId>,
    /// The call; none where a statement of its own does it (`LOAD DATA`, a cron line).
    pub value: Option<ValueId>,
    /// What is on the other side, as people would name it: a host, an SDK (`stripe`), `mail`; empty where only the client is known.
    pub system: String,
    /// `http`, `smtp`, `soap`, `ftp`, `queue`, `socket`, `database`, ...
    pub protocol: &'static str,
    /// The library that calls: `requests`, `curl`, `nodemailer`, ...
    pub client: &'static str,
    /// Hosts, or what stands for one in the configuration: `api.example.com`, `env:PAYMENT_URL`.
    pub hosts: Vec<String>,
    /// Runs after the transaction around it: handed to `on_commit` and its like.
    pub deferred: bool,
}
