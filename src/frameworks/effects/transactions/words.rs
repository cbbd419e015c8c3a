//! Names that open and end transactions, in every library that is known.

use crate::facts::{Call, FileFacts, Shape, Text, ValueId};
use rustc_hash::FxHashMap;

/// What a call of a name means for a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Word {
    /// Spans what it is handed: `db.transaction(function () { ... })`.
    Closure,
    /// Begins one; true for a savepoint inside another.
    Begin(bool),
    /// Ends one well.
    Commit(bool),
    /// Takes one back.
    Rollback(bool),
    /// Begins one when it is handed false: `autocommit(false)`.
    Autocommit,
    /// Sends a text to the database: the text says what it is.
    Runs,
    /// `with x:` and `@x` span one, whatever is called beside it.
    Scope,
}

/// Words by name. `transaction` is a closure's where it is handed one, else the begin of a pair.
const WORDS: [(&str, Word); 59] = [
    ("transaction", Word::Closure),
    ("$transaction", Word::Closure),
    ("transactional", Word::Closure),
    ("wrapInTransaction", Word::Closure),
    ("withTransaction", Word::Closure),
    ("inTransaction", Word::Closure),
    ("runInTransaction", Word::Closure),
    ("runTransaction", Word::Closure),
    ("run_in_transaction", Word::Closure),
    ("begin", Word::Begin(false)),
    ("begin_nested", Word::Begin(true)),
    ("beginTransaction", Word::Begin(false)),
    ("begin_transaction", Word::Begin(false)),
    ("mysqli_begin_transaction", Word::Begin(false)),
    ("startTransaction", Word::Begin(false)),
    ("start_transaction", Word::Begin(false)),
    ("start_delegated_transaction", Word::Begin(false)),
    ("StartTrans", Word::Begin(false)),
    ("BeginTrans", Word::Begin(false)),
    ("beginTrans", Word::Begin(false)),
    ("trans_start", Word::Begin(false)),
    ("trans_begin", Word::Begin(false)),
    ("savepoint", Word::Begin(true)),
    ("commit", Word::Commit(false)),
    ("commitTransaction", Word::Commit(false)),
    ("commit_transaction", Word::Commit(false)),
    ("mysqli_commit", Word::Commit(false)),
    ("allow_commit", Word::Commit(false)),
    ("CompleteTrans", Word::Commit(false)),
    ("CommitTrans", Word::Commit(false)),
    ("commitTrans", Word::Commit(false)),
    ("trans_complete", Word::Commit(false)),
    ("trans_commit", Word::Commit(false)),
    ("savepoint_commit", Word::Commit(true)),
    ("rollback", Word::Rollback(false)),
    ("rollBack", Word::Rollback(false)),
    ("rollbackTransaction", Word::Rollback(false)),
    ("rollback_transaction", Word::Rollback(false)),
    ("abortTransaction", Word::Rollback(false)),
    ("mysqli_rollback", Word::Rollback(false)),
    ("RollbackTrans", Word::Rollback(false)),
    ("rollbackTrans", Word::Rollback(false)),
    ("trans_rollback", Word::Rollback(false)),
    ("savepoint_rollback", Word::Rollback(true)),
    ("autocommit", Word::Autocommit),
    ("set_autocommit", Word::Autocommit),
    ("mysqli_autocommit", Word::Autocommit),
    ("query", Word::Runs),
    ("exec", Word::Runs),
    ("execute", Word::Runs),
    ("raw", Word::Runs),
    ("unprepared", Word::Runs),
    ("statement", Word::Runs),
    ("mysql_query", Word::Runs),
    ("mysqli_query", Word::Runs),
    ("pg_query", Word::Runs),
    ("db_query", Word::Runs),
    ("atomic", Word::Scope),
    ("commit_on_success", Word::Scope),
];

/// What the names of one file mean.
pub(super) struct Words {
    names: FxHashMap<Text, Word>,
    /// Texts of SQL that begin or end a transaction.
    sql: FxHashMap<Text, Word>,
}

/// The words of all files.
pub(super) struct Known<'a>(FxHashMap<&'a str, Word>);

impl<'a> Known<'a> {
    /// What libraries say, and functions of the tree that do the same.
    pub(super) fn new(helpers: impl Iterator<Item = (&'a str, Word)>) -> Self {
        Self(WORDS.into_iter().chain(helpers).collect())
    }

    /// Those a file uses.
    pub(super) fn of(&self, facts: &FileFacts) -> Words {
        let mut words = Words { names: FxHashMap::default(), sql: FxHashMap::default() };
        for (id, text) in facts.texts.iter() {
            if let Some(word) = self.0.get(text) {
                words.names.insert(id, *word);
            }
            if let Some(word) = of_sql(text) {
                words.sql.insert(id, word);
            }
        }
        words
    }
}

impl Words {
    /// True when no scope can begin here.
    pub(super) fn are_idle(&self) -> bool {
        let begins = |word: &Word| matches!(word, Word::Closure | Word::Begin(_) | Word::Autocommit | Word::Scope);
        !self.names.values().any(begins) && !self.sql.values().any(begins)
    }

    /// What a call means.
    pub(super) fn of(&self, facts: &FileFacts, call: &Call) -> Option<Word> {
        let name = match facts.value(call.callee).shape {
            Shape::Name(name) | Shape::Member(_, name) => name,
            _ => return None,
        };
        let arguments = facts.arguments_of(call);
        match *self.names.get(&name)? {
            Word::Runs => arguments.iter().find_map(|argument| match facts.value(argument.value).shape {
                Shape::Literal(text) => self.sql.get(&text).copied(),
                _ => None,
            }),
            Word::Autocommit => {
                let off = |value: ValueId| matches!(facts.value(value).shape, Shape::Constant(text) if facts.text(text).eq_ignore_ascii_case("false"));
                arguments.iter().any(|argument| off(argument.value)).then_some(Word::Begin(false))
            }
            word => Some(word),
        }
    }

    /// True for `transaction.atomic()`, `atomic`, `session.begin()` where they stand after `with` or `@`.
    pub(super) fn spans(&self, facts: &FileFacts, value: ValueId, decorates: bool) -> bool {
        let callee = facts.as_call(value).map_or(value, |call| call.callee);
        let (name, bare) = match facts.value(callee).shape {
            Shape::Name(name) => (name, true),
            Shape::Member(_, name) => (name, false),
            _ => return false,
        };
        match self.names.get(&name) {
            Some(Word::Scope) => true,
            Some(Word::Begin(_)) => !decorates && !bare,
            Some(Word::Closure) => decorates || !bare,
            _ => false,
        }
    }
}

/// What a whole text of SQL means for a transaction.
fn of_sql(text: &str) -> Option<Word> {
    if text.len() > 80 {
        return None;
    }
    let mut words = text.trim().trim_end_matches(';').split_ascii_whitespace();
    let (first, second) = (words.next()?, words.next());
    let is = |word: &str, other: &str| word.eq_ignore_ascii_case(other);
    let work = second
        .is_none_or(|second| ["transaction", "work", "immediate", "exclusive", "isolation", "tran"].iter().any(|word| is(second, word)));
    match first.len() {
        5 if is(first, "begin") && work => Some(Word::Begin(false)),
        5 if is(first, "start") && second.is_some_and(|second| is(second, "transaction")) => Some(Word::Begin(false)),
        6 if is(first, "commit") && work => Some(Word::Commit(false)),
        3 if is(first, "end") && second.is_some_and(|second| is(second, "transaction")) => Some(Word::Commit(false)),
        8 if is(first, "rollback") && work => Some(Word::Rollback(false)),
        _ => None,
    }
}
