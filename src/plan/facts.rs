//! What a plan is made from: a small value that knows nothing of files, languages or frameworks.
//!
//! Everything that could be found out about an application is brought into this shape first, so that the algorithms can be
//! held against cases worked out by hand. Atoms and tables are numbered in name order; a *node* is an atom or, counted on
//! from the last atom, a table.

use crate::base::FileId;
use std::collections::BTreeSet;

/// Names at least so much alike, in thousandths, are worth asking whether one was meant.
const ALIKE: u32 = 850;

/// A line of the source that a figure rests on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Site {
    /// The file.
    pub file: FileId,
    /// The line, 1-based.
    pub line: u32,
}

/// A line that uses something of another atom.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Use {
    /// Where.
    pub site: Site,
    /// What is used, by its name; empty where the whole of it is.
    pub symbol: Box<str>,
}

/// What is known beforehand of an atom's part in the application.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Role {
    /// Part of the application, as far as anybody said.
    #[default]
    Application,
    /// A library by its configuration or by what it holds.
    Shared,
    /// Entry points, routing, settings: what starts and wires the rest.
    Shell,
}

/// The smallest piece of code that moves as one: a module, or a part of one where modules are cut by kind of code.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Atom {
    /// Unique among atoms.
    pub name: String,
    /// The module it is, or is a part of.
    pub module: String,
    /// Its file, where it is less than a module.
    pub path: Option<String>,
    /// The class or function, where it is less than a file.
    pub symbol: Option<String>,
    /// Lines of code.
    pub lines: u32,
    /// Beginnings of the addresses it answers, one per route, so that frequent ones stand several times.
    pub route_prefixes: Vec<String>,
    /// What is known of its part beforehand.
    pub role: Role,
    /// Share of the work of twelve months that was done here, 0 where no history is known: a commit counts for each piece it
    /// touches by its part.
    pub churn: f64,
    /// Who answers for its files, as CODEOWNERS says; sorted.
    pub code_owners: Vec<String>,
    /// Share of measured slowness, 0 where nothing was measured.
    pub pain: f64,
    /// Names in it that nobody could follow to a table or a file.
    pub unresolved: u32,
    /// Names in it that were followed.
    pub resolved: u32,
    /// Some test names something of it.
    pub tested: bool,
}

/// A column of a table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// It holds whole numbers, as its type says.
    pub is_integer: bool,
}

/// A table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// Its name, unique among tables.
    pub name: String,
    /// The atom that holds its model or migration; none where that says nothing of who owns it.
    pub defined_by: Option<usize>,
    /// Mostly read by everybody and hardly written: a copy will do.
    pub is_reference: bool,
    /// Only code names it, while a schema declares the others: system catalogues, misread names, tables of other programs. It
    /// goes along with others and makes no candidate.
    pub is_ghost: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Columns of its primary key.
    pub primary_key: Vec<String>,
    /// Rows are only ever added.
    pub is_log: bool,
    /// It has grown into a god.
    pub is_god: bool,
    /// Groups of its columns that statements use apart from each other: where a god could be split.
    pub column_groups: Vec<Vec<String>>,
    /// Columns that say which table a row refers to.
    pub kinds: Vec<String>,
}

impl Table {
    /// The key, where it is one whole number, so that ranges of it make sense.
    #[must_use]
    pub fn range_key(&self) -> Option<&str> {
        let [key] = self.primary_key.as_slice() else { return None };
        self.columns.iter().any(|column| column.name == *key && column.is_integer).then_some(key)
    }
}

/// One atom depends on another.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Dependency {
    /// The atom that depends.
    pub from: usize,
    /// The atom it depends on.
    pub to: usize,
    /// Weighted by kind, in thousandths (PLAN.md A.2).
    pub weight: i64,
    /// How many pieces of evidence there are.
    pub count: u32,
    /// Where, and what is used.
    pub uses: Vec<Use>,
}

/// What one atom does to one table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Access {
    /// The atom.
    pub atom: usize,
    /// The table.
    pub table: usize,
    /// Places that read it.
    pub reads: u32,
    /// Places that write it.
    pub writes: u32,
    /// Where it is read.
    pub read_sites: Vec<Site>,
    /// Where it is written.
    pub write_sites: Vec<Site>,
}

/// Things that are done together: a transaction, or else one handler of a request, command or message (PLAN.md A.9).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Unit {
    /// What people would call it.
    pub name: String,
    /// The atom that does them.
    pub atom: usize,
    /// A transaction is written down; otherwise they were never atomic.
    pub explicit: bool,
    /// Tables it writes, rising.
    pub writes: Vec<usize>,
    /// Tables it only reads, rising.
    pub reads: Vec<usize>,
    /// The words that write its tables: `insert`, `update`, `save`; sorted.
    pub verbs: Vec<(usize, String)>,
    /// Where it begins.
    pub site: Option<Site>,
}

/// Work that begins without a request: a command, or what a queue or a clock calls.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Start {
    /// command, job, listener, handler or observer.
    pub kind: &'static str,
    /// What people would call it.
    pub name: String,
    /// The atom it stands in.
    pub atom: usize,
    /// Where it begins.
    pub site: Option<Site>,
}

/// Something that one atom sends and another is called for: the code of neither names the other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Message {
    /// event, job, message or model.
    pub kind: &'static str,
    /// What is sent.
    pub name: String,
    /// The atom that sends.
    pub from: usize,
    /// The atom that is called.
    pub to: usize,
    /// Where it is sent.
    pub sent: Option<Site>,
    /// Where what is called begins.
    pub handled: Option<Site>,
}

/// A key of the session that one atom reads or writes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct SessionKey {
    /// The key.
    pub key: String,
    /// The atom.
    pub atom: usize,
    /// Where.
    pub site: Option<Site>,
}

/// A commit of the last twelve months.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Commit {
    /// Atoms it touches, rising.
    pub atoms: Vec<usize>,
    /// Who wrote it, as a number.
    pub author: u32,
}

/// Two atoms that change together (PLAN.md A.10).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct CoChange {
    /// The smaller atom.
    pub a: usize,
    /// The larger one.
    pub b: usize,
    /// Commits that touch both.
    pub shared: u32,
    /// These, by the mean number of commits that touch either, in percent.
    pub degree: u8,
}

/// A foreign key, declared or inferred.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Key {
    /// The table that refers.
    pub from: usize,
    /// Its columns, with commas between them.
    pub columns: String,
    /// The table it refers to.
    pub to: usize,
    /// How sure it is, in percent.
    pub certainty: u8,
    /// The database holds it today.
    pub declared: bool,
    /// Where it is written.
    pub site: Option<Site>,
}

/// A statement that names several tables.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Join {
    /// The atom it stands in.
    pub atom: usize,
    /// The tables, rising.
    pub tables: Vec<usize>,
    /// How many statements of this atom name just these tables.
    pub count: u32,
    /// Where.
    pub sites: Vec<Site>,
}

/// A call of a system outside.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Outside {
    /// The system.
    pub name: String,
    /// The atom that calls.
    pub atom: usize,
    /// Inside of a loop.
    pub in_loop: bool,
    /// Inside of a transaction.
    pub in_transaction: bool,
    /// Where.
    pub site: Option<Site>,
}

/// An address that an atom answers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Route {
    /// The atom.
    pub atom: usize,
    /// The method, in capitals.
    pub method: &'static str,
    /// The address.
    pub path: String,
}

/// A service that people have decided on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Decided {
    /// Its name.
    pub name: String,
    /// Nodes that belong to it.
    pub nodes: Vec<usize>,
}

/// What people said about the outcome.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wishes {
    /// Nodes that stay together.
    pub same: Vec<Vec<usize>>,
    /// Pairs of nodes that do not.
    pub apart: Vec<(usize, usize)>,
    /// Services by name.
    pub services: Vec<Decided>,
}

/// Everything a plan is made from.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Facts {
    /// In name order.
    pub atoms: Vec<Atom>,
    /// In name order.
    pub tables: Vec<Table>,
    /// At most one per ordered pair.
    pub dependencies: Vec<Dependency>,
    /// At most one per pair.
    pub accesses: Vec<Access>,
    /// In no order that matters.
    pub units: Vec<Unit>,
    /// Foreign keys.
    pub keys: Vec<Key>,
    /// Statements over several tables.
    pub joins: Vec<Join>,
    /// Systems outside.
    pub outside: Vec<Outside>,
    /// Places that hand work to a queue, where nobody waits for it.
    pub queued: Vec<Outside>,
    /// Commands and jobs.
    pub starts: Vec<Start>,
    /// What is sent and who is called.
    pub messages: Vec<Message>,
    /// What is kept in the session.
    pub session: Vec<SessionKey>,
    /// Some test names something of the application.
    pub has_tests: bool,
    /// Work of twelve months; empty where no history is known.
    pub commits: Vec<Commit>,
    /// Atoms that change together.
    pub co_changes: Vec<CoChange>,
    /// Addresses.
    pub routes: Vec<Route>,
    /// Tables that are one table by what they mean: an entity and the tables its values are spread over.
    pub families: Vec<Vec<usize>>,
    /// Dependencies between atoms whose removal leaves no cycle at the least cost.
    pub cheapest_cuts: Vec<(usize, usize)>,
    /// What people said.
    pub wishes: Wishes,
}

impl Facts {
    /// How many nodes there are.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.atoms.len() + self.tables.len()
    }

    /// The node of a table.
    #[must_use]
    pub fn table_node(&self, table: usize) -> usize {
        self.atoms.len() + table
    }

    /// The table a node is.
    #[must_use]
    pub fn as_table(&self, node: usize) -> Option<usize> {
        node.checked_sub(self.atoms.len())
    }

    /// The name of a node.
    #[must_use]
    pub fn name(&self, node: usize) -> &str {
        match self.as_table(node) {
            Some(table) => &self.tables[table].name,
            None => &self.atoms[node].name,
        }
    }

    /// The nodes a name means: an atom, all atoms of a module or file, a table.
    #[must_use]
    pub fn meant(&self, name: &str) -> Vec<usize> {
        let called = |atom: &Atom| atom.name == name || atom.module == name || atom.path.as_deref() == Some(name);
        let code: Vec<usize> = (0..self.atoms.len()).filter(|at| called(&self.atoms[*at])).collect();
        if !code.is_empty() {
            return code;
        }
        let table = self.tables.iter().position(|table| table.name.eq_ignore_ascii_case(name));
        table.map(|table| self.table_node(table)).into_iter().collect()
    }

    /// The name that looks most like one that means nothing, if any looks like it at all.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let atoms = self.atoms.iter().flat_map(|atom| [Some(atom.name.as_str()), Some(atom.module.as_str()), atom.path.as_deref()]);
        let names = atoms.flatten().chain(self.tables.iter().map(|table| table.name.as_str()));
        let alike = |known: &str| (strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase()) * 1000.0) as u32;
        let best = names.map(|known| (alike(known), std::cmp::Reverse(known))).max()?;
        (best.0 >= ALIKE).then_some(best.1.0)
    }

    /// For every atom, the atoms that depend on it.
    #[must_use]
    pub fn dependents(&self) -> Vec<BTreeSet<usize>> {
        let mut dependents = vec![BTreeSet::new(); self.atoms.len()];
        for dependency in &self.dependencies {
            dependents[dependency.to].insert(dependency.from);
        }
        dependents
    }

    /// For every table, the atoms that read or write it.
    #[must_use]
    pub fn accessors(&self) -> Vec<BTreeSet<usize>> {
        let mut accessors = vec![BTreeSet::new(); self.tables.len()];
        for access in &self.accesses {
            accessors[access.table].insert(access.atom);
        }
        accessors
    }

    /// Brings every list into an order of its own, so that the order in which facts were found changes nothing.
    pub fn sort(&mut self) {
        for unit in &mut self.units {
            unit.writes.sort_unstable();
            unit.writes.dedup();
            unit.reads.sort_unstable();
            unit.reads.dedup();
            let writes = &unit.writes;
            unit.reads.retain(|table| writes.binary_search(table).is_err());
            unit.verbs.sort();
            unit.verbs.dedup();
        }
        for join in &mut self.joins {
            join.tables.sort_unstable();
            join.tables.dedup();
        }
        self.dependencies.sort_by_key(|row| (row.from, row.to));
        self.accesses.sort_by_key(|row| (row.atom, row.table));
        self.units.sort();
        self.keys.sort();
        self.joins.sort();
        self.outside.sort();
        self.queued.sort();
        self.starts.sort();
        self.messages.sort();
        self.session.sort();
        self.commits.sort();
        self.co_changes.sort_unstable();
        self.families.sort();
        self.cheapest_cuts.sort_unstable();
    }
}
