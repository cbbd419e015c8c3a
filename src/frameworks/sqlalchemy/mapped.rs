//! Which classes are mapped, and what their tables are called.

use super::Mapping;
use super::body::{Body, PartKind, is_constant};
use super::made::MadeKind;
use super::outside::{self, Naming};
use super::text::{Known, Place};
use crate::facts::ValueId;
use crate::frameworks::orm::{Ancestor, ClassId};
use std::rc::Rc;

/// A mapped class.
#[derive(Clone, Debug)]
pub(super) struct Mapped {
    /// Its table; that of the mapped class above it where it names none.
    pub table: String,
    /// The table's schema, where one is written.
    pub schema: Option<String>,
    /// The nearest mapped class above.
    pub parent: Option<ClassId>,
    /// The table is the parent's.
    pub shares: bool,
    /// The plain table behind it, by its place in the list.
    pub plain: Option<usize>,
    /// Everything it inherits from.
    pub lineage: Rc<[Ancestor]>,
}

impl Mapped {
    /// The table's name with its schema.
    pub(super) fn full_name(&self) -> String {
        full_name(self.schema.as_deref(), &self.table)
    }
}

/// `schema.table`, or the table alone.
pub(super) fn full_name(schema: Option<&str>, table: &str) -> String {
    schema.map_or_else(|| table.to_owned(), |schema| format!("{schema}.{table}"))
}

/// What a class is called in the database.
enum Answer {
    Table { name: String, plain: Option<usize> },
    Parents,
    Unmapped,
}

impl Mapping<'_> {
    /// Decides for every class, those above before those below.
    pub(super) fn map_classes(&mut self) {
        let mut ids: Vec<(usize, ClassId)> = Vec::new();
        for class in self.bodies.keys() {
            let above = self.classes.lineage(*class).iter().filter(|ancestor| matches!(ancestor, Ancestor::Ours(_))).count();
            ids.push((above, *class));
        }
        ids.sort_unstable();
        for (_, class) in ids {
            let lineage = self.classes.lineage(class);
            let parent = ours(&lineage).find(|above| self.mapped.contains_key(above));
            let (table, shares, plain) = match self.name_of(class, &lineage, parent) {
                Answer::Table { name, plain } => (name, false, plain),
                Answer::Parents => match parent {
                    Some(parent) => (self.mapped[&parent].table.clone(), true, None),
                    None => continue,
                },
                Answer::Unmapped => continue,
            };
            let schema = match parent.filter(|_| shares) {
                Some(parent) => self.mapped[&parent].schema.clone(),
                None => self.schema(class, &lineage),
            };
            self.mapped.insert(class, Mapped { table, schema, parent, shares, plain, lineage });
        }
        for class in self.mapped.keys() {
            let facts = self.classes.base.facts(class.0);
            self.by_name.entry(facts.text(facts.definition(class.1).name).to_owned()).or_default().push(*class);
        }
    }

    fn name_of(&self, class: ClassId, lineage: &[Ancestor], parent: Option<ClassId>) -> Answer {
        let body = &self.bodies[&class];
        let facts = self.classes.base.facts(class.0);
        if body.is_abstract || self.is_root(class) {
            return Answer::Unmapped;
        }
        let naming = self.naming(lineage);
        let is_heir = naming.is_some() || parent.is_some();
        if naming == Some(Naming::SqlModel) {
            let is_table = facts.class_keyword(class.1, "table").is_some_and(|value| is_constant(facts, value, "True"));
            if !is_table {
                return Answer::Unmapped;
            }
        }
        if let Some(said) = body.table {
            return match self.plain_table(said.at, said.value) {
                Some(place) => Answer::Table { name: self.plain[place].name.clone(), plain: Some(place) },
                None => Answer::Unmapped,
            };
        }
        if body.table_name.is_some() && !is_heir && (body.by_function || !self.has_columns(body, lineage)) {
            return Answer::Unmapped;
        }
        match self.written_name(class, lineage, parent, is_heir) {
            // Flask-SQLAlchemy makes no table of its own for an heir without a key, whatever name it writes.
            Some(_) if naming == Some(Naming::Snake) && parent.is_some() && self.is_keyless_heir(class, lineage) => Answer::Parents,
            Some(answer) => answer,
            None if parent.is_some() && !(naming == Some(Naming::Snake) && self.has_key(body)) => Answer::Parents,
            None => {
                let name = facts.text(facts.definition(class.1).name);
                match naming {
                    Some(Naming::Snake) if self.has_columns(body, lineage) => {
                        Answer::Table { name: outside::snake_case(name), plain: None }
                    }
                    Some(Naming::SqlModel) => Answer::Table { name: name.to_lowercase(), plain: None },
                    _ => Answer::Unmapped,
                }
            }
        }
    }

    /// The name a class or a mixin above it writes; a mapped class above keeps its own to itself.
    fn written_name(&self, class: ClassId, lineage: &[Ancestor], parent: Option<ClassId>, is_heir: bool) -> Option<Answer> {
        let known = Known { class: Some(class), given: Vec::new() };
        for id in std::iter::once(class).chain(ours(lineage).filter(|above| is_heir && !self.mapped.contains_key(above))) {
            let Some(body) = self.bodies.get(&id) else { continue };
            let Some(said) = body.table_name else { continue };
            let facts = self.classes.base.facts(said.at.file);
            if is_constant(facts, said.value, "None") || body.asks_for_inherited && parent.is_some() {
                return Some(Answer::Parents);
            }
            return Some(match self.text(said.at, said.value, &known) {
                Some(name) => Answer::Table { name, plain: None },
                None => Answer::Unmapped,
            });
        }
        None
    }

    /// How the declarative base of a class names tables; none without a base.
    fn naming(&self, lineage: &[Ancestor]) -> Option<Naming> {
        let written = ours(lineage).any(|above| self.is_root(above)).then_some(Naming::Written);
        let outside = lineage.iter().find_map(|ancestor| match ancestor {
            Ancestor::Outside(name) => outside::base(name),
            Ancestor::Ours(_) => None,
        });
        outside.or(written)
    }

    /// The application's own declarative base.
    fn is_root(&self, class: ClassId) -> bool {
        let facts = self.classes.base.facts(class.0);
        let by_decorator = facts.items(facts.definition(class.1).decorators).iter().any(|decorator| {
            let value = facts.as_call(*decorator).map_or(*decorator, |call| call.callee);
            matches!(facts.last_name(value), Some("as_declarative" | "as_declarative_base"))
        });
        by_decorator
            || self.classes.parents(class).iter().any(|parent| match parent {
                Ancestor::Outside(name) => outside::is_root(name),
                Ancestor::Ours(_) => false,
            })
    }

    fn has_columns(&self, body: &Body, lineage: &[Ancestor]) -> bool {
        let above = ours(lineage).filter_map(|above| self.bodies.get(&above));
        std::iter::once(body).chain(above).flat_map(|body| &body.parts).any(|part| match &part.kind {
            PartKind::Made(made) => made.kind != MadeKind::Other,
            PartKind::Annotated => true,
            PartKind::Hidden => false,
        })
    }

    /// True where neither a class nor the mixins that are its own write a primary key.
    fn is_keyless_heir(&self, class: ClassId, lineage: &[Ancestor]) -> bool {
        let above = ours(lineage).take_while(|above| !self.mapped.contains_key(above));
        let mut bodies = std::iter::once(class).chain(above).filter_map(|id| self.bodies.get(&id));
        let by_builder = lineage.iter().any(|ancestor| matches!(ancestor, Ancestor::Outside(name) if name.starts_with("flask_appbuilder")));
        !by_builder && bodies.all(|body| body.arguments.is_none() && !self.has_key(body))
    }

    fn has_key(&self, body: &Body) -> bool {
        body.parts.iter().any(|part| match &part.kind {
            PartKind::Made(made) => made.is(self.classes.base.facts(made.file), "primary_key", "True"),
            _ => false,
        })
    }

    /// The table a mapped class stands for, with its schema.
    pub(super) fn table_of(&self, class: ClassId) -> Option<String> {
        self.mapped.get(&class).map(Mapped::full_name)
    }

    /// The mapped class a name in a string means, seen from another class: the nearest by its path.
    pub(super) fn class_named(&self, from: Place, written: &str) -> Option<ClassId> {
        let last = written.rsplit('.').next().unwrap_or(written).trim();
        let all = self.by_name.get(last)?;
        let here = self.classes.base.path(from.file);
        let shared = |class: &ClassId| {
            let there = self.classes.base.path(class.0);
            here.bytes().zip(there.bytes()).take_while(|(a, b)| a == b).count()
        };
        // The first of the nearest: ids are in path order.
        all.iter().rev().max_by_key(|class| (class.0 == from.file, shared(class))).copied()
    }

    /// The class or library class an expression means where a target is expected: a class, a string, a lambda.
    pub(super) fn target(&self, at: Place, value: ValueId, known: &Known) -> Option<Target> {
        let facts = self.classes.base.facts(at.file);
        if let crate::facts::Shape::Inline(lambda) = facts.value(value).shape {
            // Parts come before wholes: the last value inside is what the lambda gives.
            let inner = ValueId(facts.definition(lambda).values.end.checked_sub(1)?);
            return self.target(Place { file: at.file, owner: Some(lambda) }, inner, known);
        }
        if let Some(written) = facts.as_literal(value) {
            return self.class_named(at, written).map(Target::Ours).or_else(|| {
                let library = self.uses_app_builder().then(|| outside::table(&format!("flask_appbuilder.{written}"))).flatten();
                library.map(|table| Target::Outside(table.to_owned()))
            });
        }
        if let Some(class) = self.class_at(at, value, known) {
            return Some(Target::Ours(class));
        }
        self.classes.meant(at.file, at.owner, value).into_iter().find_map(|meant| match meant {
            crate::frameworks::orm::Meant::Outside(name) => outside::table(&name).map(|table| Target::Outside(table.to_owned())),
            crate::frameworks::orm::Meant::Ours(..) => None,
        })
    }

    fn uses_app_builder(&self) -> bool {
        self.mapped.values().any(|mapped| {
            mapped.lineage.iter().any(|ancestor| matches!(ancestor, Ancestor::Outside(name) if name.starts_with("flask_appbuilder")))
        })
    }
}

/// The other side of a relationship.
pub(super) enum Target {
    /// A class of the tree.
    Ours(ClassId),
    /// A table that a library brings.
    Outside(String),
}

/// The classes of the tree in a lineage.
pub(super) fn ours(lineage: &[Ancestor]) -> impl Iterator<Item = ClassId> + '_ {
    lineage.iter().filter_map(|ancestor| match ancestor {
        Ancestor::Ours(class) => Some(*class),
        Ancestor::Outside(_) => None,
    })
}
