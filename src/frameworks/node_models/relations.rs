//! Relations between models: the columns that hold them, and the tables in between.

use super::literals::{entry, says, text};
use super::models::{Between, Models, NodeModel, Pointer, To};
use super::naming::{Library, camelize, singular};
use crate::base::FileId;
use crate::facts::{Call, FileFacts, Shape, ValueId};

/// A relation of a mapped class, as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Relation {
    pub(super) property: String,
    /// Where it is written: a base class may be somewhere else.
    pub(super) file: FileId,
    /// What names the other side.
    pub(super) to: ValueId,
    pub(super) line: u32,
    pub(super) kind: Kind,
}

/// Where a relation is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// In columns of this side; those without a name get one.
    Key { columns: Vec<JoinColumn>, primary: bool },
    /// In the column of a property of this side.
    Property(String),
    /// In a table between the two.
    Between { table: Option<String>, own: Vec<JoinColumn>, other: Vec<JoinColumn>, stamps: bool },
    /// By the other side.
    Elsewhere,
}

/// A column of a relation: its name, and the property or column it points at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct JoinColumn {
    pub(super) name: Option<String>,
    pub(super) to: Option<String>,
}

/// What a relation comes to, for one model.
pub(super) enum Resolved {
    Pointer {
        pointer: Pointer,
        primary: bool,
    },
    /// A column whose target nobody knows.
    Column(String),
    Between(Between),
    Polymorphic((String, String)),
}

/// What the relations of all models come to.
pub(super) fn resolve(models: &Models<'_>, files: &[FileId]) -> Vec<(usize, Resolved)> {
    let mut found = Vec::new();
    for (index, model) in models.rows().iter().enumerate() {
        for relation in &model.relations {
            let other = models.related(relation);
            found.extend(of_class(models, model, relation, other).into_iter().map(|resolved| (index, resolved)));
        }
    }
    for file in files {
        found.extend(models.facts(*file).calls.iter().filter_map(|call| associated(models, *file, call)).flatten());
    }
    found
}

/// The key of a model that a relation points at.
fn key_of(model: &NodeModel) -> String {
    model.primary_key.first().cloned().unwrap_or_else(|| "id".to_owned())
}

fn of_class(models: &Models<'_>, model: &NodeModel, relation: &Relation, other: Option<usize>) -> Vec<Resolved> {
    let line = relation.line;
    let pointer = |column: String, to_column: Option<String>, primary: bool| match other {
        Some(row) => Resolved::Pointer { pointer: Pointer { column, to: To::Row(row), to_column, line }, primary },
        None => Resolved::Column(column),
    };
    match &relation.kind {
        Kind::Elsewhere => Vec::new(),
        Kind::Property(property) => vec![pointer(model.column_of(property), None, false)],
        Kind::Key { columns, primary } => {
            let key = other.map_or_else(|| "id".to_owned(), |other| key_of(&models.rows()[other]));
            let unnamed = [JoinColumn { name: None, to: None }];
            let columns = if columns.is_empty() { &unnamed[..] } else { columns };
            let column = |column: &JoinColumn| {
                let referred = column.to.clone().unwrap_or_else(|| key.clone());
                let name = column.name.clone().unwrap_or_else(|| model.naming.join_column(&relation.property, &referred));
                let to_column = column.to.as_ref().zip(other).map(|(property, other)| models.rows()[other].column_of(property));
                pointer(name, to_column, *primary)
            };
            columns.iter().map(column).collect()
        }
        Kind::Between { table, own, other: of_other, stamps } => {
            let Some(row) = other else { return Vec::new() };
            let target = &models.rows()[row];
            let naming = model.naming;
            let name = table.clone().unwrap_or_else(|| naming.between((&model.table, &model.local), &relation.property, &target.table));
            let this = (model.table.as_str(), model.local.as_str());
            let mut pointers = ends(own, model, |key| naming.between_column(this, key), To::Name(model.table.clone()), line);
            let that = (target.table.as_str(), target.local.as_str());
            let mut others = ends(of_other, target, |key| naming.between_column(that, key), To::Row(row), line);
            // A table that joins another with itself.
            if let ([one], [two]) = (&mut pointers[..], &mut others[..])
                && one.column == two.column
            {
                one.column += "_1";
                two.column += "_2";
            }
            pointers.append(&mut others);
            let more = if *stamps { models.stamps(false) } else { Vec::new() };
            vec![Resolved::Between(Between { table: name, line, pointers, more })]
        }
    }
}

/// One end of a table in between.
fn ends(written: &[JoinColumn], model: &NodeModel, name: impl Fn(&str) -> String, to: To, line: u32) -> Vec<Pointer> {
    let unnamed = [JoinColumn { name: None, to: None }];
    let written = if written.is_empty() { &unnamed[..] } else { written };
    let end = |column: &JoinColumn| {
        let key = column.to.as_ref().map_or_else(|| key_of(model), |property| model.column_of(property));
        Pointer { column: column.name.clone().unwrap_or_else(|| name(&key)), to: to.clone(), to_column: Some(key), line }
    };
    written.iter().map(end).collect()
}

/// `Order.belongsTo(User, { foreignKey: 'userId' })` and its kin of Sequelize.
fn associated(models: &Models<'_>, file: FileId, call: &Call) -> Option<Vec<(usize, Resolved)>> {
    let facts = models.facts(file);
    let Shape::Member(object, method) = facts.value(call.callee).shape else { return None };
    let method = facts.text(method);
    if !matches!(method, "belongsTo" | "hasMany" | "hasOne" | "belongsToMany") {
        return None;
    }
    let (first, rest) = facts.arguments_of(call).split_first()?;
    let owner = facts.owner_of(call.value);
    let (source, _) = models.meant(file, owner, object)?;
    if models.rows()[source].naming.library != Library::Sequelize || facts.as_literal(first.value).is_some() {
        return None;
    }
    let (target, _) = models.meant(file, owner, first.value)?;
    let association = Association { models, facts, options: rest.first().map(|argument| argument.value), line: call.span.line };
    if method == "belongsToMany" {
        return association.between(file, source, target);
    }
    let (holder, other) = if method == "belongsTo" { (source, target) } else { (target, source) };
    let role =
        association.text("as").filter(|_| method == "belongsTo").map_or_else(|| singular(&models.rows()[other].called), str::to_owned);
    let column = association.column("foreignKey", holder, &role, other);
    Some(vec![(holder, association.key(column, holder, other)?)])
}

/// One call that ties two models.
struct Association<'a> {
    models: &'a Models<'a>,
    facts: &'a FileFacts,
    options: Option<ValueId>,
    line: u32,
}

impl Association<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        text(self.facts, self.options?, key)
    }

    /// The column of an option such as `foreignKey: 'userId'`, `foreignKey: { name, field }`, or as the library names it.
    fn column(&self, option: &str, holder: usize, role: &str, other: usize) -> String {
        let written = self.options.and_then(|options| entry(self.facts, options, option));
        let within = |key: &str| written.and_then(|written| text(self.facts, written, key));
        if let Some(field) = within("field") {
            return field.to_owned();
        }
        let property =
            written.and_then(|written| self.facts.as_literal(written)).or_else(|| within("name")).or_else(|| within("fieldName"));
        let default = || camelize(&format!("{role}_{}", key_of(&self.models.rows()[other])));
        self.models.rows()[holder].column_of(&property.map_or_else(default, str::to_owned))
    }

    fn key(&self, column: String, holder: usize, other: usize) -> Option<Resolved> {
        // Without constraints several models share the column, and another one says which is meant.
        if self.options.is_some_and(|options| says(self.facts, options, "constraints", "false")) {
            let scope = self.options.and_then(|options| entry(self.facts, options, "scope"))?;
            let (kind, _) = super::literals::entries(self.facts, scope).into_iter().next()?;
            return Some(Resolved::Polymorphic((self.models.rows()[holder].column_of(kind), column)));
        }
        let key = self.text("targetKey").or_else(|| self.text("sourceKey"));
        let to_column = key.map(|property| self.models.rows()[other].column_of(property));
        Some(Resolved::Pointer { pointer: Pointer { column, to: To::Row(other), to_column, line: self.line }, primary: false })
    }

    /// `through: 'order_labels'`, `through: OrderLabel`, `through: { model: ... }`
    fn between(&self, file: FileId, source: usize, target: usize) -> Option<Vec<(usize, Resolved)>> {
        let (facts, models) = (self.facts, self.models);
        let through = entry(facts, self.options?, "through")?;
        let named = entry(facts, through, "model").unwrap_or(through);
        let known = match facts.as_literal(named) {
            Some(name) => models.only(name),
            None => Some(models.meant(file, facts.owner_of(named), named)?.0),
        };
        let holder = known.unwrap_or(source);
        let own = self.column("foreignKey", holder, &singular(&models.rows()[source].called), source);
        let role = if source == target { self.text("as").map(singular) } else { None };
        let role = role.unwrap_or_else(|| singular(&models.rows()[target].called));
        let other = self.column("otherKey", holder, &role, target);
        let end = |column, row| Pointer { column, to: To::Row(row), to_column: None, line: self.line };
        let pointers = vec![end(own, source), end(other, target)];
        if let Some(known) = known {
            return Some(pointers.into_iter().map(|pointer| (known, Resolved::Pointer { pointer, primary: false })).collect());
        }
        let unstamped =
            self.options.is_some_and(|options| says(facts, options, "timestamps", "false")) || says(facts, through, "timestamps", "false");
        let more = if unstamped { Vec::new() } else { models.stamps(models.rows()[source].naming.snake) };
        let table = facts.as_literal(named)?.to_owned();
        Some(vec![(source, Resolved::Between(Between { table, line: self.line, pointers, more }))])
    }
}
