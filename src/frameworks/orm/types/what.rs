//! What an expression can turn out to be.

use crate::base::FileId;
use crate::facts::DefinitionId;
use crate::frameworks::orm::ClassId;

/// What an expression evaluates to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum What {
    /// A class itself.
    Class(ClassId),
    /// An object of a class.
    Instance(ClassId),
    /// Rows of a mapped class: a manager, a queryset, a list of them; with the table in between where one is passed.
    Set(ClassId, Option<String>),
    /// `(row, created)`.
    Pair(ClassId),
    /// A library's mapped class, an object of it, or rows of it, by the table; with the table in between.
    Foreign(String, Form, Option<String>),
    /// The function of the tree.
    Function(FileId, DefinitionId),
    /// Nobody can tell.
    Unknown,
}

/// In which form a library's rows are at hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::frameworks) enum Form {
    /// The class.
    Class,
    /// One row.
    Instance,
    /// Several.
    Set,
}

/// An expression's meaning and how sure it is, in percent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::frameworks) struct Typed {
    pub what: What,
    pub sure: u8,
}

impl Typed {
    pub(in crate::frameworks) fn new(what: What, sure: u8) -> Self {
        Self { what, sure }
    }

    pub(in crate::frameworks) fn unknown() -> Self {
        Self { what: What::Unknown, sure: 0 }
    }

    pub(in crate::frameworks) fn is_known(&self) -> bool {
        self.what != What::Unknown
    }

    /// One of the rows.
    pub(in crate::frameworks) fn element(self) -> Self {
        match self.what {
            What::Set(class, _) => Self::new(What::Instance(class), self.sure),
            What::Foreign(table, Form::Set, _) => Self::new(What::Foreign(table, Form::Instance, None), self.sure),
            _ => Self::unknown(),
        }
    }
}
