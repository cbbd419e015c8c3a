//! The walk that every language shares: going down a tree, and the parts of expressions and definitions that are the
//! same everywhere. What a node means is the language's own, in its folder.

use super::builder::{Builder, DEEPEST};
use super::kinds::{Kinds, UNNAMED};
use crate::base::Span;
use crate::facts::{Definition, DefinitionId, DefinitionKind, Parameter, Shape, Stretch, Text, ValueId};
use tree_sitter::{Node, Tree, TreeCursor};

/// Declares the captures once, as an enumeration and as the list of their names in the same order.
macro_rules! captures {
    ($($variant:ident $name:literal)*) => {
        /// What a node kind means to the walk.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Capture { $($variant),* }
        const CAPTURES: &[&str] = &[$($name),*];
        const VARIANTS: &[Capture] = &[$(Capture::$variant),*];
    };
}

/// Declares the fields of a grammar that the walk asks for; their ids are looked up once per file.
macro_rules! fields {
    ($($name:ident $text:literal)*) => {
        /// Field ids of the grammar; 0, which no field has, for those it lacks.
        pub(super) struct Fields { $($name: u16),* }
        impl Fields {
            fn of(grammar: &tree_sitter::Language) -> Self {
                let id = |name: &str| grammar.field_id_for_name(name).map_or(0, std::num::NonZeroU16::get);
                Self { $($name: id($text)),* }
            }
        }
    };
}

pub(super) use captures;
pub(super) use fields;

/// One walk over one tree: `C` are the captures of the language, `F` the fields of its grammar, `S` what it remembers
/// on the way.
pub(super) struct Walk<'a, C: 'static, F, S = ()> {
    pub(super) text: &'a str,
    pub(super) kinds: &'a Kinds,
    pub(super) fields: F,
    pub(super) cursor: TreeCursor<'a>,
    pub(super) out: Builder,
    pub(super) depth: u32,
    pub(super) state: S,
    meanings: &'static [C],
}

/// What a language adds to the walk.
pub(super) trait Reads {
    /// The present node as a value.
    fn value(&mut self) -> ValueId;
    /// The present node as a statement.
    fn statement(&mut self);
    /// True for nodes that say nothing: comments, modifiers.
    fn says_nothing(&self) -> bool;
}

/// What an operator makes of its two sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Makes {
    /// Text of both.
    Text,
    /// One of both.
    Choice,
    /// Something else.
    Other,
}

/// From how many pieces on a text is kept flat.
const LONG: usize = 64;

/// Operands between operators of one sort.
struct Run {
    joins: bool,
    parts: Vec<ValueId>,
    span: Span,
}

impl<'a, C: Copy, F, S: Default> Walk<'a, C, F, S> {
    pub(super) fn new(tree: &'a Tree, text: &'a str, kinds: &'a Kinds, meanings: &'static [C], fields: F) -> Self {
        Self { text, kinds, fields, cursor: tree.walk(), out: Builder::default(), depth: 0, state: S::default(), meanings }
    }

    pub(super) fn node(&self) -> Node<'a> {
        self.cursor.node()
    }

    /// What the present node means.
    pub(super) fn capture(&self) -> Option<C> {
        self.capture_of(self.node())
    }

    pub(super) fn capture_of(&self, node: Node<'_>) -> Option<C> {
        match self.kinds.meaning(node.kind_id()) {
            UNNAMED => None,
            index => Some(self.meanings[index as usize]),
        }
    }

    /// The source of the present node.
    pub(super) fn source(&self) -> &'a str {
        self.slice(self.node())
    }

    pub(super) fn slice(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// First line of the present node.
    pub(super) fn line(&self) -> u32 {
        line_of(self.node())
    }

    /// Lines of the present node.
    pub(super) fn span(&self) -> Span {
        span_of(self.node())
    }

    /// Visits the named children of the present node with the field each stands in (0 for none), and comes back.
    /// Notes decisions, broken syntax and old syntax on the way, so that every node passes here once.
    pub(super) fn each(&mut self, mut visit: impl FnMut(&mut Self, u16)) {
        if self.depth >= DEEPEST {
            self.out.too_deep.get_or_insert(line_of(self.cursor.node()));
            return;
        }
        if !self.cursor.goto_first_child() {
            return;
        }
        self.depth += 1;
        loop {
            let node = self.cursor.node();
            if node.is_named() || node.is_missing() {
                self.note(node);
                let field = self.cursor.field_id().map_or(0, std::num::NonZeroU16::get);
                visit(self, field);
            }
            if !self.cursor.goto_next_sibling() {
                break;
            }
        }
        self.depth -= 1;
        self.cursor.goto_parent();
    }

    pub(super) fn note(&mut self, node: Node<'_>) {
        let kind = node.kind_id();
        if self.kinds.is_decision(kind) {
            self.out.decision();
        }
        if self.kinds.is_legacy(kind) {
            self.out.facts_mut().legacy = true;
        }
        if node.is_error() || node.is_missing() {
            self.out.facts_mut().errors.push(line_of(node));
        }
    }

    /// A value for what is not there.
    pub(super) fn nothing(&mut self, line: u32) -> ValueId {
        self.out.value(line, Shape::Other(Stretch::default()))
    }

    /// The present node's text as a value.
    pub(super) fn plain(&mut self, shape: impl Fn(Text) -> Shape) -> ValueId {
        let text = self.out.intern(self.source());
        self.out.value(self.line(), shape(text))
    }

    /// A definition of which nothing but its name is known.
    pub(super) fn header(&mut self, name: &str, kind: DefinitionKind, span: Span) -> Definition {
        Definition {
            name: self.out.intern(name),
            kind,
            span,
            first_line: span.line,
            owner: None,
            bases: Stretch::default(),
            decorators: Stretch::default(),
            parameters: Stretch::default(),
            returns: None,
            decisions: 0,
            values: Stretch::default(),
            conditional: false,
        }
    }

    /// Opens a definition, walks what is inside, closes it. `function` says that the inside runs when it is called.
    pub(super) fn inside(&mut self, definition: Definition, function: bool, walk: impl FnOnce(&mut Self, DefinitionId)) -> DefinitionId {
        let id = self.out.open(definition);
        let outer = (self.out.owner.replace(id), std::mem::take(&mut self.out.conditions));
        self.out.functions += u32::from(function);
        walk(self, id);
        self.out.functions -= u32::from(function);
        (self.out.owner, self.out.conditions) = outer;
        self.out.close(id);
        id
    }

    /// A definition without a body.
    pub(super) fn empty(&mut self, definition: Definition) -> DefinitionId {
        let id = self.out.open(definition);
        self.out.close(id);
        id
    }

    /// Stores parameters and says where.
    pub(super) fn store_parameters(&mut self, found: Vec<Parameter>) -> Stretch {
        let list = &mut self.out.facts_mut().parameters;
        let count = |length: usize| u32::try_from(length).expect("parameters are counted in u32");
        let start = count(list.len());
        list.extend(found);
        Stretch { start, end: count(list.len()) }
    }

    /// A string literal out of its pieces and holes, in order.
    pub(super) fn text_of(&mut self, line: u32, parts: &[ValueId], first: u32) -> ValueId {
        let value = match *parts {
            [] => {
                let empty = self.out.intern("");
                self.out.value(line, Shape::Literal(empty))
            }
            [only] if matches!(self.out.facts().value(only).shape, Shape::Literal(_)) => only,
            _ => {
                let parts = self.out.list(parts);
                self.out.value(line, Shape::Template(parts))
            }
        };
        self.out.maybe_sql(value, first, self.span());
        value
    }

    /// One level further down, where there is room.
    fn deeper(&mut self, visit: impl FnOnce(&mut Self) -> ValueId) -> ValueId {
        if self.depth >= DEEPEST {
            let line = self.line();
            self.out.too_deep.get_or_insert(line);
            return self.nothing(line);
        }
        self.depth += 1;
        let value = visit(self);
        self.depth -= 1;
        value
    }

    /// The value of a run of operators. A long text is a template of its pieces, so that nobody has to go down into it.
    fn run_value(&mut self, line: u32, run: &Run, first: u32) -> ValueId {
        let Some((left, rest)) = run.parts.split_first() else { return self.nothing(line) };
        if rest.is_empty() {
            return *left;
        }
        if !run.joins {
            let parts = self.out.list(&run.parts);
            return self.out.value(line, Shape::Other(parts));
        }
        let value = if run.parts.len() > LONG {
            let parts = self.out.list(&run.parts);
            self.out.value(line, Shape::Template(parts))
        } else {
            rest.iter().fold(*left, |left, right| self.out.value(line, Shape::Joined(left, *right)))
        };
        self.out.maybe_sql(value, first, run.span);
        value
    }
}

impl<C: Copy, F, S: Default> Walk<'_, C, F, S>
where
    Self: Reads,
{
    /// The values of all children.
    pub(super) fn parts(&mut self, shape: impl Fn(Stretch) -> Shape) -> ValueId {
        let line = self.line();
        let mut parts = Vec::new();
        self.each(|walk, _| {
            if !walk.says_nothing() {
                parts.push(walk.value());
            }
        });
        let parts = self.out.list(&parts);
        self.out.value(line, shape(parts))
    }

    /// Parentheses, `await`, casts: the first value inside; the others are walked.
    pub(super) fn inner(&mut self) -> ValueId {
        let line = self.line();
        let mut inner = None;
        self.each(|walk, _| {
            if !walk.says_nothing() {
                let value = walk.value();
                inner.get_or_insert(value);
            }
        });
        inner.unwrap_or_else(|| self.nothing(line))
    }

    /// A conditional expression: the condition, which stands at a place of its own in every language, is walked; the
    /// choice is between the others.
    pub(super) fn conditional(&mut self, condition: usize) -> ValueId {
        let line = self.line();
        let mut parts = Vec::new();
        self.each(|walk, _| {
            if !walk.says_nothing() {
                parts.push(walk.value());
            }
        });
        if parts.len() == 3 {
            parts.remove(condition);
        }
        let parts = self.out.list(&parts);
        self.out.value(line, Shape::Choice(parts))
    }

    /// The present node as a statement that may not run.
    pub(super) fn under_condition(&mut self) {
        self.out.conditions += 1;
        self.statement();
        self.out.conditions -= 1;
    }

    /// Operators and their sides. Those of one sort nest to the left, so the spine is gone down and up without
    /// recursion: texts of thousands of pieces are written by hand. `right` reads what follows an operator.
    pub(super) fn binary(
        &mut self,
        makes: impl Fn(&str) -> Makes,
        mut right: impl FnMut(&mut Self, &str) -> ValueId,
        is_binary: impl Fn(&Self) -> bool,
    ) -> ValueId {
        let (line, first) = (self.line(), self.out.next_value());
        let mut levels = 1;
        let left = loop {
            if !self.cursor.goto_first_child() {
                break self.nothing(line);
            }
            while self.says_nothing() && self.cursor.goto_next_sibling() {}
            self.note(self.node());
            if !is_binary(self) {
                break self.deeper(Self::value);
            }
            levels += 1;
        };
        let mut run = Run { joins: false, parts: vec![left], span: self.span() };
        for _ in 0..levels {
            let (mut operator, mut side) = ("", None);
            while self.cursor.goto_next_sibling() {
                let node = self.node();
                if !node.is_named() {
                    operator = node.kind();
                    if self.kinds.is_decision(node.kind_id()) {
                        self.out.decision();
                    }
                } else if !self.says_nothing() {
                    self.note(node);
                    side = Some(self.deeper(|walk| right(walk, operator)));
                }
            }
            self.cursor.goto_parent();
            let Some(side) = side else { continue };
            let made = makes(operator);
            if made == Makes::Choice {
                let left = self.run_value(line, &run, first);
                let parts = self.out.list(&[left, side]);
                let choice = self.out.value(line, Shape::Choice(parts));
                run = Run { joins: false, parts: vec![choice], span: self.span() };
                continue;
            }
            let joins = made == Makes::Text;
            if run.parts.len() > 1 && run.joins != joins {
                let left = self.run_value(line, &run, first);
                run.parts = vec![left];
            }
            run.joins = joins;
            run.parts.push(side);
            run.span = self.span();
        }
        self.run_value(line, &run, first)
    }
}

/// First line of a node.
pub(super) fn line_of(node: Node<'_>) -> u32 {
    u32::try_from(node.start_position().row).expect("lines are counted in u32") + 1
}

/// Lines of a node.
pub(super) fn span_of(node: Node<'_>) -> Span {
    let end = node.end_position();
    // A node that ends at column 0 ends with the line break before it.
    let row = if end.column == 0 && end.row > node.start_position().row { end.row - 1 } else { end.row };
    Span { line: line_of(node), end_line: u32::try_from(row).expect("lines are counted in u32") + 1 }
}
