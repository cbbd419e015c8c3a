//! Eloquent's relations: methods that give back `$this->belongsTo(Order::class)` and its kin.

use super::models::{Models, library_table};
use super::plural::{plural_name, snake};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, DefinitionKind, Shape, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::types::ends_query;
use crate::frameworks::php::{PhpClasses, is_this};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// How far one relation is followed through others that it is made of.
const DEEPEST: u32 = 6;

/// The methods that make relations.
const KINDS: [&str; 11] = [
    "hasOne",
    "hasMany",
    "belongsTo",
    "belongsToMany",
    "morphOne",
    "morphMany",
    "morphTo",
    "morphToMany",
    "morphedByMany",
    "hasOneThrough",
    "hasManyThrough",
];

/// A key that a relation tells of: table and column, and the table and column it points at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct LinkKey {
    pub table: String,
    pub column: String,
    pub to_table: String,
    pub to_column: String,
}

/// A relation of a model.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Link {
    /// The model on the other side, where it is of the tree.
    pub class: Option<ClassId>,
    /// The table on the other side.
    pub table: Option<String>,
    /// It gives many rows.
    pub many: bool,
    /// The table in between.
    pub between: Option<String>,
    /// The column on this side that holds the key.
    pub own_column: Option<String>,
    /// Points at rows of any table.
    pub generic: bool,
    /// The keys it tells of.
    pub keys: Vec<LinkKey>,
    /// Table, column that names a table, column with the key.
    pub polymorphic: Option<(String, String, String)>,
    /// The table that the pair points at, by this relation.
    pub morph_target: Option<String>,
    /// Where it is written.
    pub file: FileId,
    /// The line.
    pub line: u32,
}

/// Where a relation is made: the file, the call, and its method's name.
type Made = (FileId, u32, &'static str);

/// Reads relations. What a method makes is remembered.
pub(super) struct Relations<'a> {
    classes: &'a PhpClasses<'a>,
    models: &'a Models,
    made: FxHashMap<(FileId, DefinitionId), Option<Made>>,
}

impl<'a> Relations<'a> {
    pub(super) fn new(classes: &'a PhpClasses<'a>, models: &'a Models) -> Self {
        Self { classes, models, made: FxHashMap::default() }
    }

    /// The relations of a model by the names of their methods, inherited ones included.
    pub(super) fn of(&mut self, class: ClassId) -> BTreeMap<String, Link> {
        let mut links = BTreeMap::new();
        for (file, above) in self.classes.line(class) {
            let facts = self.classes.facts(file);
            let end = facts.definition(above).values.end;
            let start = above.0 as usize + 1;
            for (place, method) in (start..).zip(facts.definitions[start..].iter().take_while(|inner| inner.values.start < end)) {
                if method.owner != Some(above) || method.kind != DefinitionKind::Method {
                    continue;
                }
                let name = facts.text(method.name);
                let id = DefinitionId(u32::try_from(place).expect("definitions are counted in u32"));
                if !links.contains_key(name)
                    && let Some((home, call, kind)) = self.made(file, above, id, DEEPEST)
                {
                    let call = &self.classes.facts(home).calls[call as usize];
                    if let Some(link) = self.link(class, home, name, kind, call) {
                        links.insert(name.to_owned(), link);
                    }
                }
            }
        }
        links
    }

    /// The call that makes what a method gives back.
    fn made(&mut self, file: FileId, class: DefinitionId, method: DefinitionId, left: u32) -> Option<Made> {
        if let Some(known) = self.made.get(&(file, method)) {
            return *known;
        }
        let left = left.checked_sub(1)?;
        self.made.insert((file, method), None);
        let facts = self.classes.facts(file);
        let inside = facts.definition(method).values;
        let start = facts.returned.partition_point(|(_, value)| value.0 < inside.start);
        let given = facts.returned[start..].iter().take_while(|(_, value)| value.0 < inside.end);
        let given: Vec<ValueId> = given.filter(|(owner, _)| *owner == method).map(|(_, value)| *value).collect();
        let found = given.into_iter().find_map(|value| self.root(file, class, method, value, left));
        self.made.insert((file, method), found);
        found
    }

    /// The first call of a chain that begins at the object itself.
    fn root(&mut self, file: FileId, class: DefinitionId, method: DefinitionId, value: ValueId, left: u32) -> Option<Made> {
        let facts = self.classes.facts(file);
        let mut at = value;
        loop {
            match facts.value(at).shape {
                Shape::Call(index) => {
                    let call = &facts.calls[index.0 as usize];
                    let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
                    let name = facts.text(name);
                    let is_own = is_this(facts, object) || facts.as_name(object).is_some_and(|object| facts.text(object) == "parent");
                    if !is_own {
                        // What asks the database gives no relation: `$this->lines()->exists()`.
                        if ends_query(name) {
                            return None;
                        }
                        at = object;
                        continue;
                    }
                    if let Some(kind) = KINDS.iter().find(|kind| **kind == name) {
                        return Some((file, index.0, kind));
                    }
                    let line: Vec<ClassId> = self.classes.line((file, class)).collect();
                    let skip = usize::from(!is_this(facts, object));
                    let inner = line.into_iter().skip(skip).find_map(|(home, above)| {
                        Some((home, above, self.classes.own_method(home, above, name).filter(|inner| *inner != method || home != file)?))
                    });
                    let (home, above, inner) = inner?;
                    return self.made(home, above, inner, left);
                }
                Shape::Name(name) => {
                    let bound = self.classes.locals(file).of_name(Some(method), name);
                    let value = bound.first().and_then(|row| facts.bindings[row.binding as usize].value)?;
                    return if value.0 < at.0 { self.root(file, class, method, value, left.checked_sub(1)?) } else { None };
                }
                Shape::Choice(parts) => {
                    let left = left.checked_sub(1)?;
                    return facts.items(parts).iter().find_map(|part| self.root(file, class, method, *part, left));
                }
                _ => return None,
            }
        }
    }

    /// A relation with everything its arguments and the framework's defaults say.
    fn link(&self, class: ClassId, file: FileId, method: &str, kind: &str, call: &Call) -> Option<Link> {
        let mut link = Link {
            class: None,
            table: None,
            many: kind.ends_with("Many") || kind == "hasManyThrough",
            between: None,
            own_column: None,
            generic: kind == "morphTo",
            keys: Vec::new(),
            polymorphic: None,
            morph_target: None,
            file,
            line: call.span.line,
        };
        let side = Side { classes: self.classes, models: self.models, class, file, call };
        let own = self.models.get(class)?;
        if kind == "morphTo" {
            let name = side.text(0, "name").unwrap_or_else(|| snake(method));
            let name = if side.text(0, "name").is_some() { snake(&name) } else { name };
            let pair = (
                side.text(1, "type").unwrap_or_else(|| format!("{name}_type")),
                side.text(2, "id").unwrap_or_else(|| format!("{name}_id")),
            );
            link.polymorphic = own.table.clone().map(|table| (table, pair.0, pair.1.clone()));
            link.own_column = Some(pair.1);
            return Some(link);
        }
        let other = side.class_at(0, "related")?;
        let (other_key, other_name) = match &other {
            Ancestor::Ours(related) => {
                let model = self.models.get(*related)?;
                link.class = Some(*related);
                link.table.clone_from(&model.table);
                (model.key.clone(), self.classes.bare_name(*related).to_owned())
            }
            Ancestor::Outside(name) => {
                link.table = Some(library_table(name)?.to_owned());
                ("id".to_owned(), name.rsplit('\\').next().unwrap_or(name).to_owned())
            }
        };
        let own_name = self.classes.bare_name(class);
        side.keys(&mut link, kind, method, (own_name, own), (&other_name, &other_key));
        Some(link)
    }
}

/// One relation seen from the model that has it.
struct Side<'a> {
    classes: &'a PhpClasses<'a>,
    models: &'a Models,
    class: ClassId,
    file: FileId,
    call: &'a Call,
}

impl Side<'_> {
    fn text(&self, place: usize, name: &str) -> Option<String> {
        let facts = self.classes.facts(self.file);
        let value = facts.argument(self.call, place, name)?;
        self.classes.text(self.file, facts.owner_of(value), value)
    }

    /// The class an argument names: `Order::class`, `static::class`, `'App\Order'`.
    fn class_at(&self, place: usize, name: &str) -> Option<Ancestor> {
        let classes = self.classes;
        let facts = classes.facts(self.file);
        let value = facts.argument(self.call, place, name)?;
        if let Shape::Member(object, _) = facts.value(value).shape
            && let Some(word) = facts.as_name(object)
            && matches!(facts.text(word), "self" | "static" | "$this")
        {
            return Some(Ancestor::Ours(self.class));
        }
        classes.class_of(self.file, facts.owner_of(value), value)
    }

    /// What a relation of a kind says of keys.
    fn keys(
        &self,
        link: &mut Link,
        kind: &str,
        method: &str,
        (own_name, own): (&str, &super::models::Model),
        (other_name, other_key): (&str, &str),
    ) {
        let own_foreign = own.foreign_key(own_name);
        let key = |table: &Option<String>, column: String, to_table: &Option<String>, to_column: String| {
            Some(LinkKey { table: table.clone()?, column, to_table: to_table.clone()?, to_column })
        };
        match kind {
            "belongsTo" => {
                let column = self.text(1, "foreignKey").unwrap_or_else(|| format!("{}_{other_key}", snake(method)));
                let to = self.text(2, "ownerKey").unwrap_or_else(|| other_key.to_owned());
                link.own_column = Some(column.clone());
                link.keys.extend(key(&own.table, column, &link.table, to));
            }
            "hasOne" | "hasMany" => {
                let column = self.text(1, "foreignKey").unwrap_or(own_foreign);
                let to = self.text(2, "localKey").unwrap_or_else(|| own.key.clone());
                link.keys.extend(key(&link.table, column, &own.table, to));
            }
            "belongsToMany" => {
                let mut sides = [snake(own_name), snake(other_name)];
                sides.sort();
                link.between = Some(self.between(1).unwrap_or_else(|| sides.join("_")));
                let own_column = self.text(2, "foreignPivotKey").unwrap_or(own_foreign);
                let column = self.text(3, "relatedPivotKey").unwrap_or_else(|| format!("{}_{other_key}", snake(other_name)));
                link.keys.extend(key(&link.between, own_column, &own.table, own.key.clone()));
                link.keys.extend(key(&link.between, column, &link.table, other_key.to_owned()));
            }
            "morphOne" | "morphMany" => {
                let Some(name) = self.text(1, "name") else { return };
                let pair = self.morph(&name, 2);
                link.polymorphic = link.table.clone().map(|table| (table, pair.0, pair.1));
                link.morph_target.clone_from(&own.table);
            }
            "morphToMany" | "morphedByMany" => {
                let Some(name) = self.text(1, "name") else { return };
                let between = self.between(2).unwrap_or_else(|| plural_name(&name));
                link.between = Some(between.clone());
                let (morph, plain) = if kind == "morphToMany" { (3, 4) } else { (4, 3) };
                let id = self.text(morph, "").unwrap_or_else(|| format!("{name}_id"));
                link.polymorphic = Some((between, format!("{name}_type"), id));
                link.morph_target = if kind == "morphToMany" { own.table.clone() } else { link.table.clone() };
                let (to, column) = if kind == "morphToMany" {
                    (link.table.clone(), format!("{}_{other_key}", snake(other_name)))
                } else {
                    (own.table.clone(), own_foreign)
                };
                let to_column = if kind == "morphToMany" { other_key.to_owned() } else { own.key.clone() };
                link.keys.extend(key(&link.between, self.text(plain, "").unwrap_or(column), &to, to_column));
            }
            _ => self.through(link, own, own_foreign),
        }
    }

    /// `hasManyThrough`: two keys, one on the table in the middle.
    fn through(&self, link: &mut Link, own: &super::models::Model, own_foreign: String) {
        let Some(Ancestor::Ours(through)) = self.class_at(1, "through") else { return };
        let Some(middle) = self.models.get(through) else { return };
        let first = self.text(2, "firstKey").unwrap_or(own_foreign);
        let second = self.text(3, "secondKey").unwrap_or_else(|| middle.foreign_key(self.classes.bare_name(through)));
        link.between.clone_from(&middle.table);
        if let (Some(table), Some(to)) = (&middle.table, &own.table) {
            let (table, to_table) = (table.clone(), to.clone());
            link.keys.push(LinkKey { table, column: first, to_table, to_column: own.key.clone() });
        }
        if let (Some(table), Some(to)) = (&link.table, &middle.table) {
            let (table, to_table) = (table.clone(), to.clone());
            link.keys.push(LinkKey { table, column: second, to_table, to_column: middle.key.clone() });
        }
    }

    /// The table in between, where an argument names it or the class that maps it.
    fn between(&self, place: usize) -> Option<String> {
        if let Some(name) = self.text(place, "table").filter(|name| !name.contains('\\')) {
            return Some(name);
        }
        match self.class_at(place, "table")? {
            Ancestor::Ours(class) => self.models.get(class)?.table.clone(),
            Ancestor::Outside(_) => None,
        }
    }

    fn morph(&self, name: &str, place: usize) -> (String, String) {
        (
            self.text(place, "type").unwrap_or_else(|| format!("{name}_type")),
            self.text(place + 1, "id").unwrap_or_else(|| format!("{name}_id")),
        )
    }
}
