//! What methods of a set of rows give: rows, one row, or something that is no row.

use super::Types;
use super::what::{Typed, What};
use crate::base::FileId;
use crate::facts::DefinitionId;
use crate::frameworks::orm::{AttributeKind, ClassId};

/// Methods of sets that give one row.
pub(super) const ONE: [&str; 19] = [
    "get",
    "create_user",
    "create_superuser",
    "first",
    "last",
    "earliest",
    "latest",
    "create",
    "aget",
    "acreate",
    "afirst",
    "one",
    "one_or_none",
    "scalar",
    "scalar_one",
    "scalar_one_or_none",
    "get_or_404",
    "first_or_404",
    "one_or_404",
];

/// Methods of sets that give a row and whether it is new.
pub(super) const PAIR: [&str; 4] = ["get_or_create", "update_or_create", "aget_or_create", "aupdate_or_create"];

/// Methods of sets that give no rows.
pub(super) const NEITHER: [&str; 16] = [
    "count",
    "exists",
    "aggregate",
    "values",
    "values_list",
    "dates",
    "datetimes",
    "update",
    "delete",
    "in_bulk",
    "bulk_update",
    "explain",
    "acount",
    "aexists",
    "aupdate",
    "adelete",
];

impl Types<'_> {
    /// What a method of a set gives; one nobody knows is a manager's own and gives a set again.
    pub(super) fn of_set(&self, class: ClassId, via: Option<&str>, method: &str, sure: u8, left: u32) -> Typed {
        let known = is_known(method);
        if !known && let Some((home, function)) = self.manager_method(class, method) {
            let found = self.returned(home, function, class, left);
            let manager = self.facts(home).class_around(Some(function)).map(|manager| (home, manager));
            // Where the method's class serves several models, what it is about is only known here.
            let is_shared = manager.is_some_and(|manager| self.managed.get(&manager) == Some(&None));
            if found.is_known() || !is_shared {
                return Typed::new(found.what, found.sure.min(sure));
            }
            return of_library_set(class, via, method, sure.min(80));
        }
        of_library_set(class, via, method, sure)
    }

    /// True for a method that a model's rows have and its sets have not: the set is one row in truth.
    pub(in crate::frameworks) fn is_row_method(&self, class: ClassId, method: &str) -> bool {
        if is_known(method) || self.manager_method(class, method).is_some() {
            return false;
        }
        self.classes.line(class).any(|(file, above)| self.method(file, above, method).is_some())
    }

    /// A method that a model's own manager or queryset class defines.
    pub(in crate::frameworks) fn manager_method(&self, class: ClassId, method: &str) -> Option<(FileId, DefinitionId)> {
        let entity = self.entities.get(class)?;
        for attribute in entity.attributes.values() {
            let AttributeKind::Manager(Some(manager)) = attribute.kind else { continue };
            for (file, definition) in self.classes.line(manager) {
                if let Some(found) = self.method(file, definition, method) {
                    return Some((file, found));
                }
            }
        }
        None
    }
}

/// Methods of sets that give no set, and those that models may have too.
pub(super) fn is_known(method: &str) -> bool {
    let shared = ["all", "filter", "exclude", "add", "remove", "set", "clear"];
    ONE.contains(&method) || PAIR.contains(&method) || NEITHER.contains(&method) || shared.contains(&method)
}

/// What the library's methods of a set give; one nobody knows gives a set again.
pub(super) fn of_library_set(class: ClassId, via: Option<&str>, method: &str, sure: u8) -> Typed {
    if ONE.contains(&method) {
        Typed::new(What::Instance(class), sure)
    } else if PAIR.contains(&method) {
        Typed::new(What::Pair(class), sure)
    } else if NEITHER.contains(&method) {
        Typed::unknown()
    } else {
        Typed::new(What::Set(class, via.map(str::to_owned)), sure)
    }
}
