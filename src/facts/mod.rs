//! What a file says, in one vocabulary for every language, with nothing resolved yet.
//!
//! A language walks its syntax tree once and leaves [`FileFacts`]; the tree is dropped. Expressions are kept as a
//! flat list of [`Value`]s in the order the walk left them, so everything written inside a definition or a block is
//! one contiguous range of that list, and "who owns this" is a range question, never a stored pointer.

mod calls;
mod documents;
mod members;
mod read;
mod texts;

pub use calls::LocalCalls;
pub use documents::Node;
pub use members::{Members, receiver};
pub use read::{Chain, OwnerSweep};
pub use texts::{Text, Texts, TextsBuilder};

use crate::base::Span;
use std::ops::Range;

/// Index of a [`Value`] in its file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ValueId(pub u32);

/// Index of a [`Call`] in its file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CallId(pub u32);

/// Index of a [`Definition`] in its file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DefinitionId(pub u32);

/// A stretch of one of the lists in [`FileFacts`]; which list, the field's type parameter does not say but its doc does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Stretch {
    /// First index.
    pub start: u32,
    /// One past the last index.
    pub end: u32,
}

impl Stretch {
    /// True when nothing is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// True when the index lies inside.
    #[must_use]
    pub fn contains(self, index: u32) -> bool {
        self.start <= index && index < self.end
    }

    /// As a range of list indices.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// An expression, reduced to what resolution and the analyses ask about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Value {
    /// The line it starts on.
    pub line: u32,
    /// What it is.
    pub shape: Shape,
}

/// The kinds of expression. `Stretch`es point into [`FileFacts::items`] unless said otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A bare name being read or bound.
    Name(Text),
    /// `object.name`, `$object->name`, `Class::name`.
    Member(ValueId, Text),
    /// `object[index]`; the index comes second.
    Item(ValueId, ValueId),
    /// A call; its parts are in [`FileFacts::calls`].
    Call(CallId),
    /// A string literal, decoded.
    Literal(Text),
    /// A string built of literal pieces and holes, in order.
    Template(Stretch),
    /// Two values put together by an operator that builds text (`+`, `.`, `%` formatting).
    Joined(ValueId, ValueId),
    /// A number as written.
    Number(Text),
    /// True, false, null and their kin, as written.
    Constant(Text),
    /// List, tuple, set or array without keys.
    List(Stretch),
    /// Dictionary, object or array with keys; points into [`FileFacts::entries`].
    Map(Stretch),
    /// A function or class written as an expression.
    Inline(DefinitionId),
    /// One of several values (conditional expression, `or`, `??`): which one is open.
    Choice(Stretch),
    /// Anything else; its parts in order.
    Other(Stretch),
}

/// One call of a function, method or class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Call {
    /// Its place in the list of values.
    pub value: ValueId,
    /// What is called; for a method call a [`Shape::Member`] whose object is the receiver.
    pub callee: ValueId,
    /// What is handed over; points into [`FileFacts::arguments`].
    pub arguments: Stretch,
    /// Lines from the start of the callee to the closing parenthesis.
    pub span: Span,
    /// False for a call that stands as a statement, so that nobody looks at its result.
    pub used: bool,
}

/// One argument of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Argument {
    /// The keyword, when it has one.
    pub name: Option<Text>,
    /// What is handed over.
    pub value: ValueId,
    /// `*args`, `**kwargs`, `...$rest`.
    pub spread: bool,
}

/// A tag of a template that names another template, a component or a class: `@include('orders.row')`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tag {
    /// Where.
    pub line: u32,
    /// The directive, tag or function: `include`; `x` for `<x-alert>`.
    pub name: Text,
    /// What it names: `orders.row`, `alert`.
    pub text: Text,
}

/// A key and its value inside a [`Shape::Map`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Missing for a spread (`**other`) and for array elements without a key.
    pub key: Option<ValueId>,
    /// The value.
    pub value: ValueId,
}

/// How a name gets its value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Binds {
    /// `a = b`
    Assign,
    /// `a += b`
    Augment,
    /// The variable of a loop or comprehension; the value is what is looped over.
    Loop,
    /// `with b as a`
    With,
    /// `except B as a`
    Catch,
    /// A declaration without a value: `a: int`, `global a`.
    Declare,
    /// `del a`, `unset($a)`
    Delete,
    /// A constant of a file or class: `const A = 1`, `case Open = 'o'`.
    Constant,
    /// A name that other files can take: `export { a as b }`, `exports.a = b`.
    Export,
}

/// A name, member or item that is given a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Binding {
    /// How.
    pub binds: Binds,
    /// What receives it: name, member, item or list of those.
    pub target: ValueId,
    /// What it receives.
    pub value: Option<ValueId>,
    /// Its written type.
    pub annotation: Option<ValueId>,
    /// The innermost function or class around it.
    pub owner: Option<DefinitionId>,
    /// The line it starts on.
    pub line: u32,
}

/// What a [`Definition`] defines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DefinitionKind {
    /// A class.
    Class,
    /// An interface or protocol.
    Interface,
    /// A trait.
    Trait,
    /// An enumeration.
    Enum,
    /// A function outside a class.
    Function,
    /// A function directly inside a class.
    Method,
    /// A function without a name.
    Lambda,
}

impl DefinitionKind {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Interface => "interface",
            Self::Trait => "trait",
            Self::Enum => "enum",
            Self::Function | Self::Lambda => "function",
            Self::Method => "method",
        }
    }

    /// Class, interface, trait or enumeration.
    #[must_use]
    pub fn is_type(self) -> bool {
        matches!(self, Self::Class | Self::Interface | Self::Trait | Self::Enum)
    }
}

/// A class or function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Definition {
    /// Its bare name; empty for a lambda.
    pub name: Text,
    /// What it is.
    pub kind: DefinitionKind,
    /// Lines from `class`/`def` to the end of its body.
    pub span: Span,
    /// The line of its first decorator or attribute; `span.line` without any.
    pub first_line: u32,
    /// The innermost definition around it.
    pub owner: Option<DefinitionId>,
    /// Base classes as written; points into [`FileFacts::items`].
    pub bases: Stretch,
    /// Decorators or attributes; points into [`FileFacts::items`].
    pub decorators: Stretch,
    /// Points into [`FileFacts::parameters`].
    pub parameters: Stretch,
    /// The written return type.
    pub returns: Option<ValueId>,
    /// Branches, loops, handlers and boolean operators directly inside: McCabe's count without its constant 1.
    pub decisions: u32,
    /// Everything written inside it, nested definitions included: a range of [`FileFacts::values`].
    pub values: Stretch,
    /// True when it, or an ancestor's `if`, only exists under a condition.
    pub conditional: bool,
}

/// One parameter of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Text,
    /// The written type.
    pub annotation: Option<ValueId>,
    /// The default value.
    pub default: Option<ValueId>,
    /// `*args` or `**kwargs`.
    pub variadic: bool,
}

/// The four ways source names what it wants; `names` turns each into a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Target {
    /// A dotted module path; `level` counts leading dots, 0 is absolute (Python).
    Dotted {
        /// Leading dots.
        level: u32,
        /// The path after the dots; may be empty.
        path: Text,
    },
    /// A file path (`include`, `./x`).
    Path(Text),
    /// A fully qualified symbol (PHP `use`).
    Symbol(Text),
    /// A package name with an optional path inside it (`lodash/map`).
    Package(Text),
    /// A file path that is put together where it is used (PHP `include`).
    Computed(ValueId),
}

/// One imported name (an import statement with three names is three of these).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Import {
    /// Where it comes from.
    pub target: Target,
    /// The name taken from the target; `*` for all of them, none when the module itself is imported.
    pub symbol: Option<Text>,
    /// The name it has in this file. For `import a.b.c` this is `a`.
    pub local: Option<Text>,
    /// `import a.b as c` and `from a import b as c`: the local name is the whole target, not its first part.
    pub renamed: bool,
    /// The line.
    pub line: u32,
    /// The innermost definition around it.
    pub owner: Option<DefinitionId>,
    /// Runs only when a function is called.
    pub lazy: bool,
    /// Exists only for the type checker.
    pub type_only: bool,
    /// In a `try` or `if`: may not run at all.
    pub conditional: bool,
}

/// Where a language says by its syntax that a name is a class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mentions {
    /// `extends`, `implements`
    Base,
    /// `use` of a trait inside a class
    Trait,
    /// `new A`
    New,
    /// `A::f()`
    StaticCall,
    /// `A::$x`
    StaticProperty,
    /// `A::X`
    ClassConstant,
    /// `A::class`
    ClassName,
    /// `$x instanceof A`
    InstanceOf,
    /// `catch (A $x)`
    Catch,
    /// The type of a parameter, property or result.
    Type,
    /// `#[A]`
    Attribute,
}

/// A name that is a class by its place in the syntax, for languages where classes need no import.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mention {
    /// The [`Shape::Name`] as written.
    pub value: ValueId,
    /// What is done with it.
    pub how: Mentions,
    /// The innermost definition around it.
    pub owner: Option<DefinitionId>,
}

/// From here on names belong to a namespace (PHP); before the first of these there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Namespace {
    /// Its name without a leading backslash; empty for the global one.
    pub name: Text,
    /// The first value in it.
    pub values: u32,
    /// The first import in it: aliases of an earlier namespace end here.
    pub imports: u32,
}

/// What a [`Block`] is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum BlockKind {
    /// A loop's body, or a comprehension.
    Loop,
    /// One arm of a branch.
    Branch,
    /// A `with` or `using` scope.
    With,
    /// The guarded part of a `try`.
    Try,
    /// A handler or `finally` part.
    Handler,
    /// Code only the type checker sees.
    TypeChecking,
}

/// A stretch of code that runs under some condition or inside some scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its lines.
    pub span: Span,
    /// The condition, what is looped over, or the context manager.
    pub subject: Option<ValueId>,
    /// Everything written inside it: a range of [`FileFacts::values`].
    pub values: Stretch,
}

/// A `switch`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Switch {
    /// What is compared.
    pub subject: ValueId,
    /// What it is compared with, in source order; points into [`FileFacts::items`]. The code of a case is the block with that subject.
    pub cases: Stretch,
}

/// A string that reads like SQL; its holes are the non-literal parts of the value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SqlText {
    /// The whole string expression.
    pub value: ValueId,
    /// Its lines.
    pub span: Span,
}

/// A documentation comment that notes something for a program to read: one with a capital behind an `@`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DocBlock {
    /// The whole comment.
    pub text: Text,
    /// The innermost definition around it.
    pub owner: Option<DefinitionId>,
    /// The first value behind it.
    pub at: u32,
    /// The line it ends on.
    pub end_line: u32,
}

/// A comment that asks the gate to be silent about its line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ignore {
    /// The line it stands on.
    pub line: u32,
    /// What follows the word `unpick-ignore` on that line: a reason and a target, if it is written well.
    pub text: Box<str>,
}

/// Everything one file says.
#[derive(Clone, Debug, Default)]
pub struct FileFacts {
    /// The text behind every [`Text`].
    pub texts: Texts,
    /// Number of lines.
    pub lines: u32,
    /// Classes and functions, outer before inner.
    pub definitions: Vec<Definition>,
    /// Keywords of class statements (`class A(B, table=True)`), by class in source order.
    pub class_keywords: Vec<(DefinitionId, Argument)>,
    /// It says `export`, so its names are its own.
    pub is_module: bool,
    /// Imported names in source order.
    pub imports: Vec<Import>,
    /// Names that are classes by their place in the syntax, by value.
    pub mentions: Vec<Mention>,
    /// Namespaces in source order.
    pub namespaces: Vec<Namespace>,
    /// Expressions, parts before wholes.
    pub values: Vec<Value>,
    /// Lists of values that stretches point into.
    pub items: Vec<ValueId>,
    /// Keys and values of maps.
    pub entries: Vec<Entry>,
    /// Calls in source order of their end.
    pub calls: Vec<Call>,
    /// Arguments of calls.
    pub arguments: Vec<Argument>,
    /// Parameters of functions.
    pub parameters: Vec<Parameter>,
    /// Names given values, in source order.
    pub bindings: Vec<Binding>,
    /// Decorators of fields: the target of the field's binding and the decorators, as a stretch of [`FileFacts::items`].
    pub decorated: Vec<(ValueId, Stretch)>,
    /// The word a method has for the object it is called on, in languages where that is no parameter (`this`).
    pub receiver: Option<Text>,
    /// Loops, branches and scopes, outer before inner.
    pub blocks: Vec<Block>,
    /// Choices by value (PHP).
    pub switches: Vec<Switch>,
    /// Strings that read like SQL.
    pub sql: Vec<SqlText>,
    /// What functions hand back, in source order: the innermost function and the value after `return`.
    pub returned: Vec<(DefinitionId, ValueId)>,
    /// Names that a pattern takes by another key than their own, by target: `{ key: name }`; `...` for the rest of an object.
    pub taken: Vec<(ValueId, Text)>,
    /// Values that stand alone as a statement (docstrings, bare calls), in source order.
    pub statements: Vec<ValueId>,
    /// Documentation comments that note something, in source order.
    pub docblocks: Vec<DocBlock>,
    /// Tags of a template that name something, in source order.
    pub tags: Vec<Tag>,
    /// Comments that silence a finding, by line.
    pub ignores: Vec<Ignore>,
    /// What the scripts say that a page holds; they are part of no figure of the page.
    pub scripts: Option<Box<FileFacts>>,
    /// Lines on which the syntax could not be read.
    pub errors: Vec<u32>,
    /// The file speaks an older version of its language (Python 2), where other import rules hold.
    pub legacy: bool,
}
