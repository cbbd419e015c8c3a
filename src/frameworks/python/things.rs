//! What an expression of Python stands for, as far as a reader can tell without running it.

use crate::base::FileId;
use crate::facts::{DefinitionId, Text, ValueId};
use crate::frameworks::orm::ClassId;
use std::rc::Rc;

/// Stands in a text for a piece that only running shows.
pub(in crate::frameworks) const HOLE: char = '\u{1}';

/// What an expression stands for.
#[derive(Clone, Debug)]
pub(in crate::frameworks) enum Thing {
    /// Nobody can tell.
    Unknown,
    /// `None`
    Nothing,
    /// `True`, `False`
    Truth(bool),
    /// A whole number.
    Number(i64),
    /// A text, with [`HOLE`]s.
    Text(Rc<str>),
    /// A list, tuple or set.
    List(Rc<[Thing]>),
    /// A dictionary, as far as its keys are texts.
    Map(Rc<[(Rc<str>, Thing)]>),
    /// A module of the tree.
    Module(FileId),
    /// A class or function of the tree.
    Definition(FileId, DefinitionId),
    /// A library's thing by its dotted name; `()` stands for a call.
    Outside(Rc<str>),
    /// An object.
    Object(Rc<Object>),
    /// A method with the object or class it is taken from.
    Method(Rc<(Thing, FileId, DefinitionId)>),
    /// What `as_view()` makes of a class.
    View(Rc<View>),
    /// What `path()` and its kin make.
    Pattern(Rc<Pattern>),
    /// What `include()` makes: patterns and their namespace.
    Include(Rc<(Thing, Option<Rc<str>>)>),
}

/// The class of an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum Kind {
    /// A class of the tree.
    Ours(ClassId),
    /// A library's.
    Outside(Rc<str>),
}

/// Where an object is made: the file and the call; objects of classes that a library makes have no call.
pub(in crate::frameworks) type Site = (FileId, Option<ValueId>);

/// An object, known by the place that makes it.
#[derive(Debug)]
pub(in crate::frameworks) struct Object {
    /// Where it is made.
    pub site: Site,
    /// Its class.
    pub kind: Kind,
    /// What its class was handed, with the keyword where there is one.
    pub arguments: Vec<(Option<Rc<str>>, Thing)>,
}

impl Object {
    /// The argument at a position, or with a keyword.
    pub(in crate::frameworks) fn argument(&self, position: usize, keyword: &str) -> Option<&Thing> {
        let by_position = self.arguments.get(position).filter(|(name, _)| name.is_none());
        let named = || self.arguments.iter().find(|(name, _)| name.as_deref() == Some(keyword));
        by_position.or_else(named).map(|(_, thing)| thing)
    }
}

/// A class in the place of a view function.
#[derive(Debug)]
pub(in crate::frameworks) struct View {
    /// A [`Thing::Definition`] or [`Thing::Outside`].
    pub class: Thing,
    /// The methods of requests and the methods of the class that answer them, where the call says so.
    pub actions: Option<Vec<(Rc<str>, Rc<str>)>>,
    /// Keywords of the call: they replace attributes of the class.
    pub keywords: Vec<(Rc<str>, Thing)>,
}

/// One entry of a URLconf.
#[derive(Clone, Debug)]
pub(in crate::frameworks) struct Pattern {
    /// Written as a regular expression.
    pub regex: bool,
    /// As written.
    pub text: Rc<str>,
    /// A view, or what else stands below.
    pub target: Thing,
    /// The name that links use.
    pub name: Option<Rc<str>>,
    /// Where it stands.
    pub at: (FileId, u32),
    /// How sure it is there at all, in percent.
    pub sure: u8,
}

impl Thing {
    /// A text.
    pub(in crate::frameworks) fn text(text: &str) -> Self {
        Self::Text(Rc::from(text))
    }

    /// The text it is.
    pub(in crate::frameworks) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub(in crate::frameworks) fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The class it is, where it is one of the tree's; whether a definition is a class is for the caller to know.
    pub(in crate::frameworks) fn as_definition(&self) -> Option<ClassId> {
        match self {
            Self::Definition(file, id) => Some((*file, *id)),
            _ => None,
        }
    }

    /// True when nobody can tell.
    pub(in crate::frameworks) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The text for a longer text: a hole where nobody can tell.
    pub(super) fn piece(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Number(number) => number.to_string(),
            _ => HOLE.to_string(),
        }
    }

    /// False, none, empty; nothing where nobody can tell.
    pub(super) fn is_true(&self) -> Option<bool> {
        match self {
            Self::Unknown | Self::Outside(_) => None,
            Self::Nothing => Some(false),
            Self::Truth(truth) => Some(*truth),
            Self::Number(number) => Some(*number != 0),
            Self::Text(text) => Some(!text.is_empty()),
            Self::List(items) => Some(!items.is_empty()),
            Self::Map(entries) => Some(!entries.is_empty()),
            _ => Some(true),
        }
    }

    /// Two lists, texts or maps after each other.
    pub(in crate::frameworks) fn and(self, more: Self) -> Self {
        match (self, more) {
            (Self::List(left), Self::List(right)) => Self::List(left.iter().chain(right.iter()).cloned().collect()),
            (Self::Map(left), Self::Map(right)) => {
                let kept = left.iter().filter(|(key, _)| right.iter().all(|(other, _)| other != key));
                Self::Map(kept.chain(right.iter()).cloned().collect())
            }
            (left @ (Self::Text(_) | Self::Unknown), right @ (Self::Text(_) | Self::Unknown | Self::Number(_)))
                if !(left.is_unknown() && right.is_unknown()) =>
            {
                Self::text(&(left.piece() + &right.piece()))
            }
            (left, Self::Unknown) => left,
            (Self::Unknown | Self::Nothing, right) => right,
            // Something of ours that behaves like a list.
            (Self::List(left), right) => Self::List(left.iter().cloned().chain([right]).collect()),
            (left, Self::List(right)) => Self::List([left].into_iter().chain(right.iter().cloned()).collect()),
            (left, _) => left,
        }
    }

    /// The same where it stands under a condition.
    pub(in crate::frameworks) fn perhaps(self) -> Self {
        match self {
            Self::Pattern(pattern) => {
                let mut pattern = (*pattern).clone();
                pattern.sure = pattern.sure.min(70);
                Self::Pattern(Rc::new(pattern))
            }
            Self::List(items) => Self::List(items.iter().cloned().map(Self::perhaps).collect()),
            other => other,
        }
    }
}

/// Where an expression stands, and what names mean there.
#[derive(Clone, Debug)]
pub(in crate::frameworks) struct Scope {
    /// The file.
    pub file: FileId,
    /// The definition around.
    pub owner: Option<DefinitionId>,
    /// What parameters and the variables of loops hold.
    pub held: Vec<(Text, Thing)>,
    /// The object or class a method runs on.
    pub this: Option<Thing>,
}

impl Scope {
    /// A place in a file, with nothing known about parameters.
    pub(in crate::frameworks) fn at(file: FileId, owner: Option<DefinitionId>) -> Self {
        Self { file, owner, held: Vec::new(), this: None }
    }

    /// The same with one more name known.
    pub(in crate::frameworks) fn with(&self, name: Text, thing: Thing) -> Self {
        let mut scope = self.clone();
        scope.held.push((name, thing));
        scope
    }

    /// What a parameter or variable of a loop holds.
    pub(super) fn holds(&self, name: Text) -> Option<&Thing> {
        self.held.iter().rev().find(|(known, _)| *known == name).map(|(_, thing)| thing)
    }
}
