//! What every language's walk does the same way: filling [`FileFacts`] and keeping track of where the walk is.

use crate::base::Span;
use crate::facts::{
    Argument, Binding, Binds, Block, BlockKind, Call, CallId, Definition, DefinitionId, Entry, FileFacts, Shape, SqlText, Stretch, Text,
    TextsBuilder, Value, ValueId,
};

/// How deep expressions and statements may nest before the rest is passed over; deeper code is a machine's work or an
/// attack, and the walk recurses.
pub const DEEPEST: u32 = 400;

/// Facts being collected.
#[derive(Default)]
pub struct Builder {
    facts: FileFacts,
    texts: TextsBuilder,
    /// The innermost definition the walk is in.
    pub owner: Option<DefinitionId>,
    /// How many functions the walk is in.
    pub functions: u32,
    /// How many conditions or handlers around the present statement, inside the innermost definition.
    pub conditions: u32,
    /// Inside code only the type checker sees.
    pub type_only: bool,
    /// The first line that nests deeper than [`DEEPEST`]; what lies deeper was passed over.
    pub too_deep: Option<u32>,
}

fn count(length: usize) -> u32 {
    u32::try_from(length).expect("a file is smaller than 4 GiB, so its facts are counted in u32")
}

impl Builder {
    /// Stores a text.
    pub fn intern(&mut self, text: &str) -> Text {
        self.texts.intern(text)
    }

    /// The facts so far.
    #[must_use]
    pub fn facts(&self) -> &FileFacts {
        &self.facts
    }

    /// The facts so far, to add to.
    pub fn facts_mut(&mut self) -> &mut FileFacts {
        &mut self.facts
    }

    /// Adds a value.
    pub fn value(&mut self, line: u32, shape: Shape) -> ValueId {
        let id = ValueId(count(self.facts.values.len()));
        self.facts.values.push(Value { line, shape });
        id
    }

    /// The id the next value will have.
    #[must_use]
    pub fn next_value(&self) -> u32 {
        count(self.facts.values.len())
    }

    /// Stores a list of values and says where.
    pub fn list(&mut self, values: &[ValueId]) -> Stretch {
        let start = count(self.facts.items.len());
        self.facts.items.extend_from_slice(values);
        Stretch { start, end: count(self.facts.items.len()) }
    }

    /// Stores keys and values and says where.
    pub fn entries(&mut self, entries: &[Entry]) -> Stretch {
        let start = count(self.facts.entries.len());
        self.facts.entries.extend_from_slice(entries);
        Stretch { start, end: count(self.facts.entries.len()) }
    }

    /// Adds a call whose parts are already there.
    pub fn call(&mut self, line: u32, callee: ValueId, arguments: &[Argument], span: Span) -> ValueId {
        let id = CallId(count(self.facts.calls.len()));
        let start = count(self.facts.arguments.len());
        self.facts.arguments.extend_from_slice(arguments);
        let stretch = Stretch { start, end: count(self.facts.arguments.len()) };
        let value = self.value(line, Shape::Call(id));
        self.facts.calls.push(Call { value, callee, arguments: stretch, span, used: true });
        value
    }

    /// Notes that nobody looks at the result of the value, where it is a call.
    pub fn unused(&mut self, value: ValueId) {
        if let Shape::Call(call) = self.facts.value(value).shape {
            self.facts.calls[call.0 as usize].used = false;
        }
    }

    /// Adds a binding inside the present definition.
    pub fn bind(&mut self, binds: Binds, target: ValueId, value: Option<ValueId>, annotation: Option<ValueId>) {
        let line = self.facts.value(target).line;
        self.facts.bindings.push(Binding { binds, target, value, annotation, owner: self.owner, line });
    }

    /// Adds a definition whose body is still to be walked; [`Builder::close`] ends it.
    pub fn open(&mut self, mut definition: Definition) -> DefinitionId {
        let id = DefinitionId(count(self.facts.definitions.len()));
        definition.values = Stretch { start: self.next_value(), end: u32::MAX };
        definition.conditional = self.conditions > 0;
        definition.owner = self.owner;
        self.facts.definitions.push(definition);
        id
    }

    /// Ends a definition's body.
    pub fn close(&mut self, id: DefinitionId) {
        self.facts.definitions[id.0 as usize].values.end = count(self.facts.values.len());
    }

    /// Adds one to the decision count of the innermost definition.
    pub fn decision(&mut self) {
        if let Some(owner) = self.owner {
            self.facts.definitions[owner.0 as usize].decisions += 1;
        }
    }

    /// Takes one decision off the innermost definition, for a definition about to be opened that it belongs to.
    pub fn take_decision(&mut self) -> u32 {
        let Some(owner) = self.owner else { return 1 };
        self.facts.definitions[owner.0 as usize].decisions -= 1;
        1
    }

    /// Starts a block; [`Builder::end_block`] ends it.
    pub fn block(&mut self, kind: BlockKind, span: Span, subject: Option<ValueId>) -> usize {
        let values = Stretch { start: self.next_value(), end: u32::MAX };
        self.facts.blocks.push(Block { kind, span, subject, values });
        self.facts.blocks.len() - 1
    }

    /// Ends a block.
    pub fn end_block(&mut self, block: usize) {
        self.facts.blocks[block].values.end = self.next_value();
    }

    /// Notes a string expression if it reads like SQL; pieces of it noted before are dropped for the whole.
    pub fn maybe_sql(&mut self, value: ValueId, first_part: u32, span: Span) {
        let begins = self.leading_literal(value).is_some_and(|text| begins_like_sql(self.texts.get(text)));
        while self.facts.sql.last().is_some_and(|noted| noted.value.0 >= first_part) {
            self.facts.sql.pop();
        }
        if begins {
            self.facts.sql.push(SqlText { value, span });
        }
    }

    /// The literal a string expression begins with.
    fn leading_literal(&self, value: ValueId) -> Option<Text> {
        let mut at = value;
        loop {
            match self.facts.value(at).shape {
                Shape::Literal(text) => return Some(text),
                Shape::Joined(left, _) => at = left,
                Shape::Template(parts) => at = *self.facts.items(parts).first()?,
                _ => return None,
            }
        }
    }

    /// The text behind an id.
    #[must_use]
    pub fn text(&self, text: Text) -> &str {
        self.texts.get(text)
    }

    /// Ends the collection.
    #[must_use]
    pub fn finish(mut self, lines: u32) -> FileFacts {
        self.facts.texts = self.texts.finish();
        self.facts.lines = lines;
        self.facts.errors.sort_unstable();
        self.facts.errors.dedup();
        self.facts.shrink();
        self.facts
    }
}

/// True when a text begins with a word that begins SQL statements; whether it is SQL is for those who parse it.
fn begins_like_sql(text: &str) -> bool {
    const VERBS: [&str; 17] = [
        "select", "insert", "update", "delete", "replace", "with", "create", "alter", "drop", "truncate", "merge", "call", "lock",
        "rename", "upsert", "explain", "set",
    ];
    let blank = |c: char| c.is_whitespace() || c == '(';
    let mut text = text.trim_start_matches(blank);
    // Remarks before the statement.
    for _ in 0..8 {
        let behind = match text.get(..2) {
            Some("--") => text.split_once('\n').map(|(_, rest)| rest),
            Some("/*") => text.split_once("*/").map(|(_, rest)| rest),
            _ => break,
        };
        text = behind.unwrap_or("").trim_start_matches(blank);
    }
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let followed = text[end..].starts_with(|c: char| c.is_whitespace());
    followed && (3..=8).contains(&end) && VERBS.iter().any(|verb| text[..end].eq_ignore_ascii_case(verb))
}
