//! Names inside queries: `lines__product__title`, `F("total")`, `Count("lines")`, `select_related("order")`.

use crate::base::FileId;
use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::orm::{AttributeKind, ClassId, Types};

/// What a query names besides its own table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Joined {
    /// Columns of its own table.
    pub columns: Vec<String>,
    /// Other tables, each once.
    pub tables: Vec<String>,
}

/// Methods whose string arguments are paths.
const BY_PATH: [&str; 12] = [
    "order_by",
    "values",
    "values_list",
    "select_related",
    "prefetch_related",
    "only",
    "defer",
    "distinct",
    "earliest",
    "latest",
    "dates",
    "datetimes",
];

/// How deep the arguments of one call are looked through.
const DEEPEST: u32 = 12;

/// Walks the arguments of the calls of one file.
pub(super) struct Walker<'a> {
    pub(super) types: &'a Types<'a>,
    pub(super) file: FileId,
}

impl Walker<'_> {
    fn facts(&self) -> &FileFacts {
        self.types.classes.base.facts(self.file)
    }

    /// Every path in the arguments of one method of a query over a class.
    pub(super) fn arguments(&self, class: ClassId, call: &Call, method: &str, out: &mut Joined) {
        let facts = self.facts();
        for argument in facts.arguments_of(call) {
            if let Some(name) = argument.name {
                // The names that `annotate` and `aggregate` give are new ones.
                let given = matches!(method, "annotate" | "aggregate" | "alias" | "extra");
                if !given && facts.text(name) != "defaults" {
                    self.path(class, facts.text(name), false, out);
                }
            } else if BY_PATH.contains(&method)
                && let Some(text) = facts.as_literal(argument.value)
            {
                self.path(class, text.trim_start_matches(['-', '+']), matches!(method, "select_related" | "prefetch_related"), out);
            }
            self.inside(class, argument.value, DEEPEST, out);
        }
    }

    /// `Q(a__b=1)`, `F("a__b")`, `Count("a")`, `Prefetch("a")`, `OuterRef` left out: its names are the outer query's.
    fn inside(&self, class: ClassId, value: ValueId, left: u32, out: &mut Joined) {
        if left == 0 {
            return;
        }
        let facts = self.facts();
        match facts.value(value).shape {
            Shape::Call(_) => {
                let Some(call) = facts.as_call(value) else { return };
                let (Shape::Name(name) | Shape::Member(_, name)) = facts.value(call.callee).shape else { return };
                let name = facts.text(name);
                // A query of its own in an argument is a statement of its own.
                if !name.starts_with(char::is_uppercase) || matches!(name, "OuterRef" | "Subquery" | "Exists" | "Value") {
                    return;
                }
                for argument in facts.arguments_of(call) {
                    match argument.name {
                        Some(path) if name == "Q" || name == "When" => self.path(class, facts.text(path), false, out),
                        None => {
                            if let Some(text) = facts.as_literal(argument.value) {
                                self.path(class, text.trim_start_matches(['-', '+']), name == "Prefetch", out);
                            }
                        }
                        Some(_) => {}
                    }
                    self.inside(class, argument.value, left - 1, out);
                }
            }
            Shape::List(parts) | Shape::Other(parts) | Shape::Choice(parts) => {
                facts.items(parts).iter().for_each(|part| self.inside(class, *part, left - 1, out));
            }
            Shape::Joined(first, second) => {
                self.inside(class, first, left - 1, out);
                self.inside(class, second, left - 1, out);
            }
            _ => {}
        }
    }

    /// The column behind an attribute of a class.
    pub(super) fn column(&self, class: ClassId, name: &str) -> Option<String> {
        match &self.types.entities.attribute(class, name)?.kind {
            AttributeKind::Column(column) => Some(column.clone()),
            AttributeKind::Relation(relation) => relation.column.clone(),
            _ => None,
        }
    }

    /// Follows one path over relations, noting the tables on the way; `whole` where the row at its end is fetched too.
    fn path(&self, class: ClassId, path: &str, whole: bool, out: &mut Joined) {
        let mut at = class;
        let parts: Vec<&str> = path.split("__").collect();
        for (index, part) in parts.iter().enumerate() {
            let Some(relation) = self.relation(at, part) else {
                if index == 0 {
                    out.columns.extend(self.column(class, part));
                }
                return;
            };
            if index == 0 {
                out.columns.extend(relation.column.clone());
            }
            // `order__pk` and `order=x` stay in the row; anything further is in the other table.
            let by_key = !whole && parts.get(index + 1).is_none_or(|next| matches!(*next, "pk" | "id" | "in" | "isnull" | "exact"));
            if !by_key || relation.column.is_none() {
                let tables: Vec<String> = match relation.class {
                    // Links hold the key of the other side.
                    _ if by_key && relation.join_table.is_some() => Vec::new(),
                    Some(class) => self.types.entities.tables(class).into_iter().map(str::to_owned).collect(),
                    None => relation.table.iter().cloned().collect(),
                };
                for table in relation.join_table.iter().cloned().chain(tables) {
                    if !out.tables.contains(&table) {
                        out.tables.push(table);
                    }
                }
            }
            let Some(next) = relation.class else { return };
            at = next;
        }
    }

    fn relation(&self, class: ClassId, part: &str) -> Option<crate::frameworks::orm::Relation> {
        let entity = self.types.entities.get(class)?;
        let by_name =
            self.types.entities.attribute(class, part).filter(|found| found.query_name.as_deref().is_none_or(|name| name == part));
        let found = by_name.or_else(|| entity.attributes.values().find(|attribute| attribute.query_name.as_deref() == Some(part)))?;
        match &found.kind {
            AttributeKind::Relation(relation) => Some(relation.clone()),
            _ => None,
        }
    }
}
