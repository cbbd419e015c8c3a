//! Tables as the setup scripts of modules make them: the newest `install-VERSION.php` of a folder, then the upgrades from
//! that version on, in the order of their versions.

use super::naming::{At, Named, Namer};
use crate::base::{Certainty, FileId};
use crate::facts::{Call, FileFacts, OwnerSweep, Shape, ValueId};
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, MappedBy, Told};
use crate::names::php::PHP;
use std::collections::BTreeMap;

/// How many links a chain of calls has before its start is given up.
const LONGEST: usize = 2000;

/// Numbers of a version.
type Version = Vec<u64>;

/// A setup script by what its name says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Step {
    Install(Version),
    Upgrade(Version, Version),
}

/// One change of a table.
enum Change {
    Create { line: u32 },
    Column { column: Column, primary: Option<u64> },
    Rename { from: String, column: Column },
    DropColumn(String),
    PrimaryKey(Vec<String>),
    ForeignKey { column: String, to: String, to_column: String, line: u32 },
    DropForeignKey(String),
    CopyTo(String),
    Move(String),
    Drop,
}

/// A change, the table it is made to, and the script.
struct Event {
    file: FileId,
    table: String,
    change: Change,
}

/// A table while scripts are applied.
#[derive(Default)]
struct Built {
    declared: Vec<Declaration>,
    columns: Vec<Column>,
    /// Columns of the primary key with the place they ask for.
    primary: Vec<(u64, String)>,
    foreign_keys: Vec<ForeignKey>,
}

/// The tables that are there when all scripts ran.
pub(super) fn tables(namer: &Namer<'_>) -> Vec<DeclaredTable> {
    let mut folders: BTreeMap<&str, Vec<(Step, FileId)>> = BTreeMap::new();
    for file in namer.php.files().filter(|file| namer.shop.base.file(*file).source.language == PHP) {
        let path = &namer.shop.base.file(file).source.path;
        if let Some(step) = step(path.name()).filter(|_| path.parent().contains("/sql/")) {
            folders.entry(path.parent()).or_default().push((step, file));
        }
    }
    let flat = flat_entities(namer);
    let mut built: BTreeMap<String, Built> = BTreeMap::new();
    let mut later = Vec::new();
    for scripts in folders.values_mut() {
        scripts.sort();
        let newest =
            scripts.iter().rev().find_map(|(step, _)| if let Step::Install(version) = step { Some(version.clone()) } else { None });
        let runs = |step: &Step| match (step, &newest) {
            (Step::Install(version), Some(newest)) => version == newest,
            (Step::Upgrade(from, _), Some(newest)) => from >= newest,
            (_, None) => true,
        };
        for (_, file) in scripts.iter().filter(|(step, _)| runs(step)) {
            for event in (Reader { namer, file: *file, flat: &flat }).events() {
                // A table of another module may be made by a script that is read later.
                if !matches!(event.change, Change::Create { .. }) && !built.contains_key(&event.table) {
                    later.push(event);
                } else {
                    apply(&mut built, event);
                }
            }
        }
    }
    later.into_iter().for_each(|event| apply(&mut built, event));
    let models = namer.models();
    let made = built.into_iter().filter(|(_, table)| !table.declared.is_empty());
    made.map(|(name, table)| DeclaredTable { model: models.get(&name).copied().map(MappedBy::class), ..table.done(name) }).collect()
}

/// Entities whose attributes are columns, and their tables: setup classes list them in a property.
fn flat_entities(namer: &Namer<'_>) -> BTreeMap<String, String> {
    let mut flat = BTreeMap::new();
    for file in namer.php.files() {
        let facts = namer.php.facts(file);
        let Some(name) = facts.texts.find("_flatEntityTables") else { continue };
        let given = facts.bindings.iter().filter(|binding| facts.as_name(binding.target) == Some(name)).filter_map(|binding| binding.value);
        for value in given {
            let Shape::Map(entries) = facts.value(value).shape else { continue };
            for entry in &facts.entries[entries.range()] {
                let alias = facts.as_literal(entry.value).and_then(|alias| namer.shop.settings.table(alias));
                if let (Some(entity), Some(table)) = (entry.key.and_then(|key| facts.as_literal(key)), alias) {
                    flat.insert(entity.to_owned(), table);
                }
            }
        }
    }
    flat
}

/// What the name of a script says; `mysql4-` stands before scripts for that kind of database only.
fn step(name: &str) -> Option<Step> {
    let name = name.strip_suffix(".php")?;
    let name = name.strip_prefix("mysql4-").unwrap_or(name);
    let version = |text: &str| text.split('.').map(|part| part.parse().ok()).collect::<Option<Version>>();
    if let Some(rest) = name.strip_prefix("install-") {
        return version(rest).map(Step::Install);
    }
    let (from, to) = name.strip_prefix("upgrade-")?.split_once('-')?;
    Some(Step::Upgrade(version(from)?, version(to)?))
}

fn apply(built: &mut BTreeMap<String, Built>, Event { file, table, change }: Event) {
    match change {
        Change::Create { line } => {
            let made = built.entry(table).or_default();
            made.declared.push(Declaration { file, line, by: DeclaredBy::Migration });
            return;
        }
        Change::Drop => {
            built.remove(&table);
            return;
        }
        Change::Move(to) => {
            if let Some(moved) = built.remove(&table) {
                built.insert(to, moved);
            }
            return;
        }
        Change::CopyTo(to) => {
            let copied = built.get(&table).map(|from| (from.columns.clone(), from.primary.clone(), from.foreign_keys.clone()));
            let copy = built.entry(to).or_default();
            (copy.columns, copy.primary, copy.foreign_keys) = copied.unwrap_or_default();
            copy.declared.push(Declaration { file, line: 1, by: DeclaredBy::Migration });
            return;
        }
        _ => {}
    }
    if let Some(known) = built.get_mut(&table) {
        known.change(file, change);
    }
}

impl Built {
    fn change(&mut self, file: FileId, change: Change) {
        match change {
            Change::Column { column, primary } => {
                if let Some(place) = primary.filter(|_| !self.primary.iter().any(|(_, name)| *name == column.name)) {
                    self.primary.push((place, column.name.clone()));
                }
                match self.columns.iter_mut().find(|known| known.name == column.name) {
                    Some(known) => *known = column,
                    None => self.columns.push(column),
                }
            }
            Change::Rename { from, column } => {
                self.primary.iter_mut().filter(|(_, name)| *name == from).for_each(|(_, name)| name.clone_from(&column.name));
                if let Some(known) = self.columns.iter_mut().find(|known| known.name == from) {
                    *known = column;
                }
            }
            Change::DropColumn(name) => {
                self.columns.retain(|column| column.name != name);
                self.primary.retain(|(_, column)| *column != name);
                self.foreign_keys.retain(|key| !key.columns.contains(&name));
            }
            Change::PrimaryKey(columns) => self.primary = columns.into_iter().map(|column| (0, column)).collect(),
            Change::ForeignKey { column, to, to_column, line } => {
                self.foreign_keys.retain(|key| key.columns != [column.clone()] || key.to_table != to);
                self.foreign_keys.push(ForeignKey {
                    columns: vec![column],
                    to_table: to,
                    to_columns: vec![to_column],
                    basis: KeyBasis::Declared,
                    certainty: Certainty::LITERAL,
                    evidence: vec![(file, line, "foreign key")],
                });
            }
            Change::DropForeignKey(column) => self.foreign_keys.retain(|key| key.columns != [column.clone()]),
            Change::Create { .. } | Change::CopyTo(_) | Change::Move(_) | Change::Drop => {}
        }
    }

    fn done(mut self, name: String) -> DeclaredTable {
        self.primary.sort_by_key(|(place, _)| *place);
        DeclaredTable {
            name,
            schema: None,
            model: None,
            declared: self.declared,
            columns: self.columns,
            primary_key: self.primary.into_iter().map(|(_, column)| column).collect(),
            foreign_keys: self.foreign_keys,
            polymorphic: Vec::new(),
            told: Told::default(),
        }
    }
}

/// Reads one script.
struct Reader<'a> {
    namer: &'a Namer<'a>,
    file: FileId,
    flat: &'a BTreeMap<String, String>,
}

impl Reader<'_> {
    /// Everything the script does to tables, in source order.
    fn events(&self) -> Vec<Event> {
        let facts = self.facts();
        let mut owners = OwnerSweep::new(facts);
        let mut events = Vec::new();
        for call in &facts.calls {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            let at = At { file: self.file, owner: owners.owner(call.value) };
            let mut add = |tables: Vec<String>, change: &dyn Fn() -> Option<Change>| {
                let made = tables.into_iter().filter_map(|table| Some(Event { file: self.file, table, change: change()? }));
                events.extend(made);
            };
            let name = facts.text(name);
            match name {
                "newTable" => add(self.tables(at, call, 0), &|| Some(Change::Create { line: call.span.end_line })),
                "addColumn" | "addForeignKey" => match self.made_by(at, object) {
                    Some(tables) if name == "addColumn" => add(tables, &|| self.column(at, call, 0, Some(1), 3)),
                    Some(tables) => add(tables, &|| self.foreign_key(at, call, 1)),
                    None if name == "addColumn" => add(self.tables(at, call, 0), &|| self.column(at, call, 1, None, 2)),
                    None => add(self.tables(at, call, 1), &|| self.foreign_key(at, call, 2)),
                },
                "addConstraint" => add(self.tables(at, call, 1), &|| self.foreign_key(at, call, 2)),
                "changeColumn" => add(self.tables(at, call, 0), &|| {
                    let Change::Column { column, .. } = self.column(at, call, 2, None, 3)? else { return None };
                    Some(Change::Rename { from: self.text(at, call, 1)?, column })
                }),
                "dropColumn" => add(self.tables(at, call, 0), &|| self.text(at, call, 1).map(Change::DropColumn)),
                "dropForeignKey" => add(self.tables(at, call, 0), &|| self.key_column(at, call).map(Change::DropForeignKey)),
                "addIndex" | "addKey" => add(self.tables(at, call, 0), &|| self.primary_key(at, call)),
                // An attribute of an entity that is kept flat is a column of its table.
                "addAttribute" => {
                    let table = self.text(at, call, 0).and_then(|entity| self.flat.get(&entity).cloned());
                    add(table.into_iter().collect(), &|| self.column(at, call, 1, None, 2));
                }
                "dropTable" => add(self.tables(at, call, 0), &|| Some(Change::Drop)),
                "renameTable" => add(self.tables(at, call, 0), &|| self.tables(at, call, 1).pop().map(Change::Move)),
                "createTableByDdl" => add(self.tables(at, call, 0), &|| self.tables(at, call, 1).pop().map(Change::CopyTo)),
                _ => {}
            }
        }
        events
    }

    fn facts(&self) -> &FileFacts {
        self.namer.php.facts(self.file)
    }

    fn argument(&self, call: &Call, place: usize) -> Option<ValueId> {
        self.facts().arguments_of(call).get(place).map(|argument| argument.value)
    }

    fn text(&self, at: At, call: &Call, place: usize) -> Option<String> {
        self.namer.php.text(self.file, at.owner, self.argument(call, place)?)
    }

    /// The tables an argument names; none for other methods of the same name.
    fn tables(&self, at: At, call: &Call, place: usize) -> Vec<String> {
        let named = self.argument(call, place).map_or_else(Vec::new, |value| self.namer.tables(at, value));
        named.into_iter().map(|Named { table, .. }| table).collect()
    }

    /// The tables behind an object that `newTable` made: down the chain of calls, through one variable after the other.
    fn made_by(&self, at: At, object: ValueId) -> Option<Vec<String>> {
        let facts = self.facts();
        let mut value = object;
        for _ in 0..LONGEST {
            match facts.value(value).shape {
                Shape::Call(call) => {
                    let call = &facts.calls[call.0 as usize];
                    let Shape::Member(object, name) = facts.value(call.callee).shape else { return None };
                    match facts.text(name) {
                        "newTable" => return Some(self.tables(at, call, 0)),
                        "addColumn" | "addIndex" | "addForeignKey" | "setComment" | "setOption" => value = object,
                        _ => return None,
                    }
                }
                Shape::Name(name) => {
                    let bound = self.namer.php.locals(self.file).of_name(at.owner, name);
                    let before = bound.iter().rev().map(|row| &facts.bindings[row.binding as usize]).find(|binding| binding.target < value);
                    value = before?.value?;
                }
                _ => return None,
            }
        }
        None
    }

    /// A column: the places of its name, its type and its options among the arguments.
    fn column(&self, at: At, call: &Call, name: usize, of_type: Option<usize>, options: usize) -> Option<Change> {
        let facts = self.facts();
        let name = self.text(at, call, name)?;
        let options = self.argument(call, options).map(|value| facts.value(value).shape);
        let entries = match options {
            Some(Shape::Map(entries)) => &facts.entries[entries.range()],
            _ => &[],
        };
        let option = |wanted: &str| {
            let key = |key: ValueId| facts.as_literal(key).is_some_and(|key| key.eq_ignore_ascii_case(wanted));
            entries.iter().find(|entry| entry.key.is_some_and(key)).map(|entry| entry.value)
        };
        let is_true =
            |value: ValueId| matches!(facts.value(value).shape, Shape::Constant(word) if facts.text(word).eq_ignore_ascii_case("true"));
        let number = |value: ValueId| match facts.value(value).shape {
            Shape::Number(text) => facts.text(text).parse().ok(),
            _ => None,
        };
        let primary = option("primary").filter(|value| is_true(*value)).map(|_| option("primary_position").and_then(number).unwrap_or(0));
        let type_value = match of_type {
            Some(place) => self.argument(call, place),
            None => option("type").or_else(|| option("COLUMN_TYPE")),
        };
        let type_name = type_value.and_then(|value| self.type_name(value));
        Some(Change::Column { column: Column { name, type_name }, primary })
    }

    /// `Varien_Db_Ddl_Table::TYPE_INTEGER` is `integer`; a definition in a text is its first word.
    fn type_name(&self, value: ValueId) -> Option<String> {
        let facts = self.facts();
        let written = facts.as_literal(value).or_else(|| facts.last_name(value))?;
        let name = written.strip_prefix("TYPE_").unwrap_or(written);
        name.split([' ', '(']).next().filter(|name| !name.is_empty() && !name.starts_with('$')).map(str::to_lowercase)
    }

    /// A foreign key whose column, table and column there begin at an argument.
    fn foreign_key(&self, at: At, call: &Call, first: usize) -> Option<Change> {
        let to = self.tables(at, call, first + 1).pop()?;
        let line = self.facts().value(self.argument(call, first)?).line;
        Some(Change::ForeignKey { column: self.text(at, call, first)?, to, to_column: self.text(at, call, first + 2)?, line })
    }

    /// The column of a key that is named by `getFkName(table, column, table, column)`.
    fn key_column(&self, at: At, call: &Call) -> Option<String> {
        let name = self.facts().as_call(self.argument(call, 1)?)?;
        self.text(at, name, 1)
    }

    fn primary_key(&self, at: At, call: &Call) -> Option<Change> {
        let facts = self.facts();
        let sort = self.argument(call, 3)?;
        let is_primary = facts.last_name(sort) == Some("INDEX_TYPE_PRIMARY") || facts.as_literal(sort) == Some("primary");
        let columns = self.argument(call, 2).filter(|_| is_primary)?;
        let listed = self.namer.php.elements(self.file, at.owner, columns, false, 2);
        let columns = if listed.is_empty() { self.namer.php.texts(self.file, at.owner, columns) } else { listed };
        (!columns.is_empty()).then_some(Change::PrimaryKey(columns))
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, step};

    #[test]
    fn names_of_scripts_say_what_they_do() {
        assert_eq!(step("install-1.6.0.0.php"), Some(Step::Install(vec![1, 6, 0, 0])));
        assert_eq!(step("mysql4-upgrade-0.7.9-0.7.10.php"), Some(Step::Upgrade(vec![0, 7, 9], vec![0, 7, 10])));
        assert_eq!([step("data-install-1.0.php"), step("mysql4-data-upgrade-1-2.php"), step("upgrade.php")], [None, None, None]);
        assert!(step("upgrade-0.7.9-0.8.0.php") < step("upgrade-0.7.10-0.8.0.php"));
    }
}
