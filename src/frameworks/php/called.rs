//! Calls on objects and classes, one after the other.

use super::PhpClasses;
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, OwnerSweep, Shape, ValueId};

/// One call of a method: `$order->save()`, `Order::find(1)`.
#[derive(Clone, Copy)]
pub(in crate::frameworks) struct CalledOn<'a> {
    pub(in crate::frameworks) file: FileId,
    pub(in crate::frameworks) facts: &'a FileFacts,
    /// The innermost definition around it.
    pub(in crate::frameworks) owner: Option<DefinitionId>,
    pub(in crate::frameworks) call: &'a Call,
    /// What it is called on.
    pub(in crate::frameworks) object: ValueId,
    /// The method.
    pub(in crate::frameworks) name: &'a str,
}

impl<'a> PhpClasses<'a> {
    /// The calls on objects and classes in all files of the application, of the methods that are wanted.
    pub(in crate::frameworks) fn calls_on<'s>(
        &'s self,
        wanted: impl Fn(&str) -> bool + Copy + 's,
    ) -> impl Iterator<Item = CalledOn<'a>> + 's
    where
        'a: 's,
    {
        self.files().flat_map(move |file| {
            let facts = self.facts(file);
            let mut owners = OwnerSweep::new(facts);
            facts.calls.iter().filter_map(move |call| {
                let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
                let name = facts.text(name);
                wanted(name).then(|| CalledOn { file, facts, owner: owners.owner(call.value), call, object, name })
            })
        })
    }
}
