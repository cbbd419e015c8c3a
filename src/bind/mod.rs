//! Joins what files say with what names mean: every dependency between two files, with its line and its rule, and
//! everything that could not be told.

mod code;
mod effects;
mod joins;
mod php;
mod sql;
mod tables;
mod wire;

pub use crate::frameworks::effects::{ExternalCall, TransactionScope};
pub use crate::frameworks::messages::{Entry, Handler, Message, Sender};
pub use crate::frameworks::routes::{HttpCall, Method, Route};
pub use crate::frameworks::tables::{
    AccessBy, Column, Declaration, DeclaredBy, ForeignKey, KeyBasis, Operation, TableAccess, Told, tells_kinds,
};
pub use effects::External;
pub use sql::SqlCounts;
pub use tables::{Access, Compared, Join, Table, TableId, Tables};
pub use wire::WiredCall;

use crate::base::{Certainty, FileId, Language, Tag};
use crate::facts::DefinitionId;
use crate::frameworks::payloads::Payloads;
use crate::frameworks::{MethodCall, Model};
use crate::names::{FactBase, Names};
use crate::sql::dump::SqlFile;

/// How one file depends on another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// An import statement.
    Import,
    /// `include`, `require` of a path.
    Include,
    /// A name in a string, an autoloaded class, a look-up helper.
    Reference,
    /// A base class.
    Extends,
    /// A call.
    Call,
    /// A template that another template or code names.
    Template,
    /// A request to an address that the other file answers.
    Http,
}

impl Kind {
    /// Every kind, in report order.
    pub const ALL: [Self; 7] = [Self::Import, Self::Include, Self::Reference, Self::Extends, Self::Call, Self::Template, Self::Http];

    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Include => "include",
            Self::Reference => "reference",
            Self::Extends => "extends",
            Self::Call => "call",
            Self::Template => "template",
            Self::Http => "http",
        }
    }

    /// True for the kinds that make an edge of the dependency graph; calls, templates and requests only add weight to it.
    #[must_use]
    pub fn is_structural(self) -> bool {
        !matches!(self, Self::Call | Self::Template | Self::Http)
    }
}

/// One place where one file depends on another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Reference {
    /// The file that depends.
    pub from: FileId,
    /// The file it depends on.
    pub to: FileId,
    /// Where, 1-based.
    pub line: u32,
    /// How.
    pub kind: Kind,
    /// What is written there, short.
    pub text: Box<str>,
    /// The name used from the other file, where one is.
    pub symbol: Option<Box<str>>,
    /// The definition it stands in.
    pub owner: Option<DefinitionId>,
    /// Does nothing when the file is loaded: it stands in a function, or a framework resolves it later.
    pub lazy: bool,
    /// Exists only for the type checker.
    pub type_only: bool,
    /// How sure.
    pub certainty: Certainty,
    /// What told it.
    pub rule: std::borrow::Cow<'static, str>,
    /// For calls: somebody looks at the result.
    pub used: bool,
}

/// Something the source names and nobody could find.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unresolved {
    /// Where.
    pub file: FileId,
    /// The line, 1-based.
    pub line: u32,
    /// import, include, sql, table, route or call.
    pub kind: &'static str,
    /// What is written there.
    pub text: String,
    /// Why it stays open.
    pub reason: String,
}

/// How many imported names were found where.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ImportCounts {
    /// In the tree.
    pub internal: u32,
    /// Somebody else's.
    pub external: u32,
    /// Ours by their name, but not there.
    pub unresolved: u32,
}

/// Everything that could be joined, and what could not.
#[derive(Debug, Default)]
pub struct Resolution {
    /// Sorted by from, to, line.
    pub references: Vec<Reference>,
    /// Sorted by file and line.
    pub unresolved: Vec<Unresolved>,
    /// Imports by what came of them.
    pub imports: ImportCounts,
    /// Tables, and the places that read and write them.
    pub tables: Tables,
    /// Statements of SQL by what came of them.
    pub sql: SqlCounts,
    /// Addresses the application answers, by path and method.
    pub routes: Vec<Route>,
    /// What routes take and answer, where somebody asked for it.
    pub payloads: Payloads,
    /// Requests with what answers them, by file and line.
    pub http_calls: Vec<WiredCall>,
    /// Stretches of code that one transaction spans, by file and line.
    pub transactions: Vec<TransactionScope>,
    /// Calls of systems outside, by file and line.
    pub externals: Vec<External>,
    /// Calls of methods where the class of the object is known, by file.
    pub method_calls: Vec<MethodCall>,
    /// What is sent without saying to whom, by name.
    pub messages: Vec<Message>,
    /// Functions that something else than the application's own code calls, by file.
    pub entries: Vec<Entry>,
}

/// Joins everything. Files that are left out (tests, vendored, generated) have no part in it.
#[must_use]
pub fn bind(base: &FactBase, names: &Names, mut model: Model, scripts: &[(FileId, SqlFile)]) -> Resolution {
    let mut resolution = Resolution::default();
    for file in base.ids().filter(|file| !base.file(*file).left_out) {
        of_code(base, names, file, &mut resolution);
    }
    let mut found = sql::read(base, names, scripts, &model);
    model.tables.append(&mut found.tables);
    model.accesses.append(&mut found.accesses);
    model.predicates.append(&mut found.predicates);
    joins::by_builders(base, &mut model.predicates.joined);
    model.unresolved.append(&mut found.open);
    resolution.sql = found.counts;
    resolution.tables = tables::join(base, names, model.tables, model.accesses, model.predicates, &model.transactions);
    resolution.externals = effects::around(base, model.externals, &model.transactions);
    resolution.transactions = model.transactions;
    for reference in model.references {
        resolution.references.push(Reference {
            from: reference.from,
            to: reference.to,
            line: reference.line,
            kind: if is_template(base, reference.to) { Kind::Template } else { Kind::Reference },
            text: reference.text.into(),
            symbol: reference.symbol.map(Into::into),
            owner: reference.owner,
            lazy: reference.deferred || base.facts(reference.from).runs_lazily(reference.owner),
            type_only: false,
            certainty: reference.certainty,
            rule: reference.rule,
            used: true,
        });
    }
    resolution.unresolved.extend(model.unresolved.into_iter().map(|open| Unresolved {
        file: open.file,
        line: open.line,
        kind: open.kind,
        text: open.text,
        reason: open.reason,
    }));
    resolution.routes = routes(base, model.routes);
    resolution.payloads = model.payloads;
    resolution.messages = model.messages;
    resolution.method_calls = model.method_calls;
    resolution.entries = model.entries;
    let (scopes, references) = (&resolution.transactions, &mut resolution.references);
    resolution.http_calls = wire::join(base, names, model.http_calls, &resolution.routes, scopes, references);
    resolution.references.retain(|reference| reference.from != reference.to && !base.file(reference.to).left_out);
    resolution.references.sort_unstable();
    resolution.references.dedup();
    resolution.unresolved.sort_unstable();
    resolution.unresolved.dedup();
    resolution
}

/// What the code of a file says by itself.
fn of_code(base: &FactBase, names: &Names, file: FileId, resolution: &mut Resolution) {
    code::imports(base, names, file, resolution);
    code::inheritance(base, names, file, &mut resolution.references);
    code::calls(base, names, file, &mut resolution.references);
    if base.file(file).source.language == crate::names::php::PHP {
        php::classes_and_calls(base, names, file, &mut resolution.references);
    }
}

/// What tests that are left out name of the application: they have no part in the graph, but what they name is tested.
#[must_use]
pub fn named_by_tests(base: &FactBase, names: &Names) -> Vec<Reference> {
    let mut resolution = Resolution::default();
    for file in base.ids().filter(|file| base.file(*file).left_out && base.file(*file).tags.contains(Tag::Test)) {
        of_code(base, names, file, &mut resolution);
    }
    resolution.references.retain(|reference| !base.file(reference.to).left_out);
    resolution.references
}

/// True for files that are nothing but a page to fill in.
fn is_template(base: &FactBase, file: FileId) -> bool {
    [Language::HTML, Language::TWIG].contains(&base.file(file).source.language) || base.path(file).ends_with(".blade.php")
}

/// Routes in the order of their paths, each once: of several that say the same, the surest. What stands in files that are left out
/// has no part in it.
fn routes(base: &FactBase, mut routes: Vec<Route>) -> Vec<Route> {
    routes.retain(|route| !base.file(route.registered.0).left_out);
    let key = |route: &Route| (route.path.clone(), route.method, route.handler.clone(), route.handled);
    routes.sort_by_cached_key(|route| (key(route), std::cmp::Reverse(route.certainty), route.registered, route.name.clone()));
    routes.dedup_by(|later, first| key(later) == key(first));
    routes
}
