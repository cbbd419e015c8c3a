//! Columns, keys and tables in between.

use super::fields::{Field, FieldKind};
use super::{Models, outside};
use crate::base::{Certainty, FileId};
use crate::facts::{DefinitionId, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId, Meant};
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, MappedBy, Told};
use crate::names::Named;

/// The other side of a relation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Other {
    /// The class, where the tree has it.
    pub class: Option<ClassId>,
    /// Its table.
    pub table: String,
}

/// A field of a concrete model, its own or inherited, or a library's column.
pub(super) enum Part<'a> {
    /// Written in the tree.
    Field(&'a Field),
    /// Brought by a library's base: `column`, `*column`, `column>table`.
    Outside(&'static str),
    /// A library's many-to-many field: its name and the table on the other side.
    OutsideMany(&'static str, &'static str),
}

/// The tables of all concrete models, and those between them.
pub(super) fn tables(models: &Models<'_>, out: &mut Vec<DeclaredTable>) {
    for (class, row) in &models.rows {
        if row.meta.is_abstract || row.meta.is_proxy {
            continue;
        }
        let Some(name) = &row.table else { continue };
        let facts = models.classes.base.facts(class.0);
        let declared = Declaration { file: class.0, line: facts.definition(class.1).span.line, by: DeclaredBy::Orm };
        let mut table = DeclaredTable {
            name: name.clone(),
            schema: None,
            model: Some(MappedBy::class(*class)),
            declared: vec![declared],
            columns: Vec::new(),
            primary_key: Vec::new(),
            foreign_keys: Vec::new(),
            polymorphic: Vec::new(),
            told: Told::default(),
        };
        for part in models.parts(*class) {
            match part {
                Part::Field(field) => add_field(models, *class, field, &mut table, out),
                Part::Outside(column) => add_outside(models, *class, column, declared, &mut table),
                Part::OutsideMany(field, to) => {
                    let to = Other { class: None, table: to.to_owned() };
                    out.push(join_table(models, *class, format!("{name}_{field}"), &to, declared));
                }
            }
        }
        add_parents(models, *class, declared, &mut table);
        if table.primary_key.is_empty() {
            table.primary_key.push("id".to_owned());
            table.columns.insert(0, Column { name: "id".to_owned(), type_name: None });
        }
        out.push(table);
    }
}

impl Models<'_> {
    /// The fields a concrete model's table has: inherited ones first, each as the nearest class writes it.
    pub(super) fn parts(&self, class: ClassId) -> Vec<Part<'_>> {
        let mut layers: Vec<Vec<Part<'_>>> = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        let above: Vec<Ancestor> =
            self.concrete_parents(class).iter().flat_map(|parent| self.rows[parent].lineage.iter().cloned()).collect();
        let own = Ancestor::Ours(class);
        for ancestor in std::iter::once(&own).chain(self.rows[&class].lineage.iter()) {
            // What a concrete parent inherits is in the parent's table.
            if above.contains(ancestor) && *ancestor != own {
                continue;
            }
            let mut layer = Vec::new();
            match ancestor {
                Ancestor::Ours(id) => {
                    let Some(row) = self.rows.get(id).filter(|row| *id == class || row.meta.is_abstract) else { continue };
                    for field in &row.fields {
                        if !seen.contains(&field.name.as_str()) {
                            seen.push(&field.name);
                            layer.push(Part::Field(field));
                        }
                    }
                    // A method or property of the same name takes an inherited field away.
                    seen.extend(self.methods(*id));
                }
                Ancestor::Outside(name) => {
                    let Some(model) = outside::model(name).filter(|model| model.is_abstract) else { continue };
                    for column in model.columns {
                        let attribute = column.trim_start_matches('*').split('>').next().unwrap_or(column);
                        let attribute = if column.contains('>') { attribute.trim_end_matches("_id") } else { attribute };
                        if !seen.contains(&attribute) {
                            seen.push(attribute);
                            layer.push(Part::Outside(column));
                        }
                    }
                    for (field, to) in model.many {
                        if !seen.contains(field) {
                            seen.push(field);
                            layer.push(Part::OutsideMany(field, to));
                        }
                    }
                }
            }
            layers.push(layer);
        }
        layers.into_iter().rev().flatten().collect()
    }

    fn methods(&self, (file, class): ClassId) -> impl Iterator<Item = &str> {
        let facts = self.classes.base.facts(file);
        let end = facts.definition(class).values.end;
        let inside = facts.definitions().skip(class.0 as usize + 1).take_while(move |(_, inner)| inner.values.start < end);
        inside.filter(move |(_, inner)| inner.owner == Some(class)).map(|(_, inner)| facts.text(inner.name))
    }

    /// The other side of a relation field of a concrete model.
    pub(super) fn other(&self, class: ClassId, field: &Field) -> Option<Other> {
        let facts = self.classes.base.facts(field.file);
        let written = field.argument(facts, 0, "to");
        match written {
            Some(value) => self.target(class, field.file, field.class, value),
            None if field.type_name.ends_with("TagField") => Some(self.tags_of(class, field)),
            None => {
                let (file, owner, value) = self.default_target(field)?;
                self.target(class, file, owner, value)
            }
        }
    }

    /// The model that django-tagulous makes for a field of tags.
    fn tags_of(&self, class: ClassId, field: &Field) -> Other {
        let row = &self.rows[&class];
        let table = format!("{}_tagulous_{}_{}", row.label, row.name, field.name).to_lowercase();
        Other { class: None, table }
    }

    /// The model an expression names: a class, a string, or a setting.
    pub(super) fn target(&self, class: ClassId, file: FileId, owner: DefinitionId, value: ValueId) -> Option<Other> {
        let facts = self.classes.base.facts(file);
        match facts.value(value).shape {
            Shape::Literal(text) => self.named_model(class, facts.text(text)),
            Shape::Member(object, name) if facts.last_name(object) == Some("settings") => self.setting(class, facts.text(name)),
            Shape::Call(_) if facts.as_call(value).is_some_and(|call| facts.last_name(call.callee) == Some("get_user_model")) => {
                self.setting(class, outside::USER)
            }
            Shape::Name(_) if self.constant(file, owner, value).is_some() => {
                self.constant(file, owner, value).and_then(|text| self.named_model(class, &text))
            }
            _ => self.classes.meant(file, Some(owner), value).into_iter().find_map(|meant| match meant {
                Meant::Ours(file, definition) => self.ours((file, definition)),
                Meant::Outside(name) if outside::is_user(&name) => self.setting(class, outside::USER),
                // A constant of our own that holds the setting.
                Meant::Outside(name) if name.starts_with("django.conf.settings.") => {
                    self.setting(class, name.rsplit('.').next().unwrap_or(&name))
                }
                Meant::Outside(name) => outside::table(&name).map(|table| Other { class: None, table }),
            }),
        }
    }

    /// The string a module-level name stands for.
    fn constant(&self, file: FileId, owner: DefinitionId, value: ValueId) -> Option<String> {
        let Named::Variable(home, name) = self.classes.names.named(self.classes.base, file, Some(owner), value) else { return None };
        let facts = self.classes.base.facts(home);
        let bound = self.classes.locals(home).of_name(None, name).last()?;
        facts.as_literal(facts.bindings[bound.binding as usize].value?).map(str::to_owned)
    }

    fn ours(&self, class: ClassId) -> Option<Other> {
        let table = self.rows.get(&class)?.table.clone()?;
        Some(Other { class: Some(class), table })
    }

    /// `"app.Model"`, `"Model"`, `"self"`.
    pub(super) fn named_model(&self, class: ClassId, text: &str) -> Option<Other> {
        if text == "self" {
            return self.ours(class);
        }
        match text.split_once('.') {
            Some((label, model)) => match self.by_label.get(&(label.to_lowercase(), model.to_lowercase())) {
                Some(found) => self.ours(*found),
                None => Some(Other { class: None, table: outside::labelled_table(label, model) }),
            },
            None => {
                let label = self.rows[&class].label.to_lowercase();
                let found = self.by_label.get(&(label, text.to_lowercase()))?;
                self.ours(*found)
            }
        }
    }

    /// The model a setting names; the user model is Django's own where nobody says otherwise.
    pub(super) fn setting(&self, class: ClassId, name: &str) -> Option<Other> {
        match self.settings.get(name) {
            Some(Some(text)) => self.named_model(class, text),
            Some(None) => None,
            None if name == outside::USER => Some(Other { class: None, table: "auth_user".to_owned() }),
            // `OAUTH2_PROVIDER_APPLICATION_MODEL` is `oauth2_provider.Application` unless set.
            None => {
                let text = name.strip_prefix("OAUTH2_PROVIDER_")?.strip_suffix("_MODEL")?;
                Some(Other { class: None, table: format!("oauth2_provider_{}", text.to_lowercase().replace('_', "")) })
            }
        }
    }

    /// A field class that brings its own target: `kwargs.setdefault("to", Model)`, `kwargs["to"] = Model`, or `to=Model`
    /// handed to the parent's `__init__`.
    fn default_target(&self, field: &Field) -> Option<(FileId, DefinitionId, ValueId)> {
        let start = field.field_class?;
        let lineage = self.classes.lineage(start);
        let ours = lineage.iter().filter_map(|ancestor| match ancestor {
            Ancestor::Ours(class) => Some(*class),
            Ancestor::Outside(_) => None,
        });
        std::iter::once(start).chain(ours).find_map(|(file, class)| {
            let facts = self.classes.base.facts(file);
            let inside = facts.definition(class).values;
            let calls = facts.calls.iter().filter(|call| inside.contains(call.value.0));
            let by_call = calls.filter_map(|call| match facts.last_name(call.callee) {
                Some("setdefault") => {
                    let key = facts.argument(call, 0, "key")?;
                    (facts.as_literal(key) == Some("to")).then(|| facts.argument(call, 1, "default")).flatten()
                }
                Some("__init__") => facts.argument(call, usize::MAX, "to"),
                _ => None,
            });
            let by_item = facts.bindings.iter().filter(|binding| inside.contains(binding.target.0)).filter_map(|binding| {
                let Shape::Item(_, index) = facts.value(binding.target).shape else { return None };
                (facts.as_literal(index) == Some("to")).then_some(binding.value).flatten()
            });
            by_call.chain(by_item).next().map(|value| (file, class, value))
        })
    }
}

/// The column of a field.
pub(super) fn column_of(models: &Models<'_>, field: &Field) -> String {
    let facts = models.classes.base.facts(field.file);
    match field.literal(facts, "db_column") {
        Some(name) => name.to_owned(),
        None if matches!(field.kind, FieldKind::ForeignKey(_)) => format!("{}_id", field.name),
        None => field.name.clone(),
    }
}

fn add_field(models: &Models<'_>, class: ClassId, field: &Field, table: &mut DeclaredTable, out: &mut Vec<DeclaredTable>) {
    let facts = models.classes.base.facts(field.file);
    match field.kind {
        FieldKind::Column | FieldKind::ForeignKey(_) => {
            let name = column_of(models, field);
            if field.is_true(facts, "primary_key") {
                table.primary_key.push(name.clone());
            }
            table.columns.push(Column { name: name.clone(), type_name: Some(field.type_name.clone()) });
            if matches!(field.kind, FieldKind::ForeignKey(_))
                && let Some(other) = models.other(class, field)
            {
                let to_column = field.literal(facts, "to_field").map(str::to_owned);
                table.foreign_keys.push(key(models, name, &other, to_column, (field.file, field.line)));
            }
        }
        FieldKind::ManyToMany => {
            if field.argument(facts, usize::MAX, "through").is_some() {
                return;
            }
            let Some(other) = models.other(class, field) else { return };
            let name = field.literal(facts, "db_table").map_or_else(|| format!("{}_{}", table.name, field.name), str::to_owned);
            let declared = Declaration { file: field.file, line: field.line, by: DeclaredBy::Orm };
            let mut between = join_table(models, class, name, &other, declared);
            if field.type_name.contains("Sorted") {
                between.columns.push(Column { name: "sort_value".to_owned(), type_name: None });
            }
            out.push(between);
        }
        FieldKind::Generic => {
            let text = |position, keyword, default: &str| {
                field.argument(facts, position, keyword).and_then(|value| facts.as_literal(value)).unwrap_or(default).to_owned()
            };
            let kind = text(0, "ct_field", "content_type");
            table.polymorphic.push((format!("{kind}_id"), text(1, "fk_field", "object_id")));
        }
        FieldKind::GenericRelation | FieldKind::Manager(_) | FieldKind::Removed => {}
    }
}

fn add_outside(models: &Models<'_>, class: ClassId, written: &str, declared: Declaration, table: &mut DeclaredTable) {
    let (column, to) = written.split_once('>').map_or((written, None), |(column, to)| (column, Some(to)));
    let name = column.trim_start_matches('*');
    if column.starts_with('*') && table.primary_key.is_empty() {
        table.primary_key.push(name.to_owned());
    }
    table.columns.push(Column { name: name.to_owned(), type_name: None });
    let other = match to {
        None => return,
        Some("self") => models.ours(class),
        Some(setting) if setting.ends_with("_MODEL") => models.setting(class, setting),
        Some(to) => Some(Other { class: None, table: to.to_owned() }),
    };
    if let Some(other) = other {
        table.foreign_keys.push(key(models, name.to_owned(), &other, None, (declared.file, declared.line)));
    }
}

/// A foreign key over one column.
pub(super) fn key(
    models: &Models<'_>,
    column: String,
    other: &Other,
    to_column: Option<String>,
    (file, line): (FileId, u32),
) -> ForeignKey {
    let to_column = to_column.or_else(|| other.class.map(|class| models.primary_key(class)));
    ForeignKey {
        columns: vec![column],
        to_table: other.table.clone(),
        to_columns: to_column.into_iter().collect(),
        basis: KeyBasis::Orm,
        certainty: Certainty(98),
        evidence: vec![(file, line, "relation")],
    }
}

/// The rows of a concrete parent belong to the same object: the child's key is the parent's.
fn add_parents(models: &Models<'_>, class: ClassId, declared: Declaration, table: &mut DeclaredTable) {
    let mut parents: Vec<Other> = models.concrete_parents(class).into_iter().filter_map(|parent| models.ours(parent)).collect();
    let mut names: Vec<String> = models.concrete_parents(class).iter().map(|parent| models.rows[parent].name.to_lowercase()).collect();
    for ancestor in models.rows[&class].lineage.iter() {
        let Ancestor::Outside(name) = ancestor else { continue };
        if outside::is_user(name) {
            names.extend(models.setting(class, outside::USER).map(|user| user.table.rsplit('_').next().unwrap_or("user").to_owned()));
            parents.extend(models.setting(class, outside::USER));
            continue;
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        let concrete = name.starts_with("django.contrib.")
            && outside::model(name).is_none()
            && !last.starts_with("Abstract")
            && !last.starts_with("Base")
            && !last.ends_with("Mixin");
        if let Some(to) = outside::table(name).filter(|_| concrete) {
            parents.push(Other { class: None, table: to });
            names.push(last.to_lowercase());
        }
    }
    for (parent, name) in parents.iter().zip(names) {
        // A written link to the parent takes the place of the implied one.
        let linked = table.foreign_keys.iter().any(|key| key.to_table == parent.table && table.primary_key == key.columns);
        let written = models.parts(class).iter().any(|part| match part {
            Part::Field(field) => {
                field.is_true(models.classes.base.facts(field.file), "parent_link")
                    && models.other(class, field).is_some_and(|other| other.table == parent.table)
            }
            _ => false,
        });
        if linked || written {
            continue;
        }
        let column = format!("{name}_ptr_id");
        if table.primary_key.is_empty() {
            table.primary_key.push(column.clone());
        }
        table.columns.insert(0, Column { name: column.clone(), type_name: None });
        table.foreign_keys.push(key(models, column, parent, None, (declared.file, declared.line)));
    }
}

impl Models<'_> {
    /// The column of a model's primary key.
    pub(super) fn primary_key(&self, class: ClassId) -> String {
        let Some(row) = self.rows.get(&class) else { return "id".to_owned() };
        if row.meta.is_proxy {
            return self.concrete_parents(class).first().map_or_else(|| "id".to_owned(), |parent| self.primary_key(*parent));
        }
        for part in self.parts(class) {
            match part {
                Part::Field(field) if field.is_true(self.classes.base.facts(field.file), "primary_key") => return column_of(self, field),
                Part::Outside(column) if column.starts_with('*') => return column.trim_start_matches('*').to_owned(),
                _ => {}
            }
        }
        match self.concrete_parents(class).first() {
            Some(parent) => format!("{}_ptr_id", self.rows[parent].name.to_lowercase()),
            None => "id".to_owned(),
        }
    }
}

/// The table between two models that a many-to-many field implies.
fn join_table(models: &Models<'_>, class: ClassId, name: String, other: &Other, declared: Declaration) -> DeclaredTable {
    let row = &models.rows[&class];
    let own = row.name.to_lowercase();
    let this = Other { class: Some(class), table: row.table.clone().unwrap_or_default() };
    let theirs = match other.class {
        Some(class) => models.rows[&class].name.to_lowercase(),
        None => match other.table.find("_tagulous_") {
            Some(label) => other.table[label + 1..].to_owned(),
            None => other.table.rsplit_once('_').map_or(other.table.as_str(), |(_, class)| class).to_owned(),
        },
    };
    let (from, to) =
        if own == theirs { (format!("from_{own}_id"), format!("to_{own}_id")) } else { (format!("{own}_id"), format!("{theirs}_id")) };
    let place = (declared.file, declared.line);
    DeclaredTable {
        name,
        schema: None,
        model: None,
        declared: vec![declared],
        columns: ["id".to_owned(), from.clone(), to.clone()].into_iter().map(|name| Column { name, type_name: None }).collect(),
        primary_key: vec!["id".to_owned()],
        foreign_keys: vec![key(models, from, &this, None, place), key(models, to, other, None, place)],
        polymorphic: Vec::new(),
        told: Told::default(),
    }
}
