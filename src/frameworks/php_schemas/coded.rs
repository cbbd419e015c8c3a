//! Migrations that are written with a library's own calls: Yii (`$this->createTable('order', ['id' => $this->primaryKey()])`),
//! Phinx and CakePHP (`$this->table('orders')->addColumn('total', 'integer')`), `CodeIgniter` (`$this->forge->addField([...])`).

use super::{column, empty, is_name, key, texts};
use crate::base::FileId;
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::php::PhpClasses;
use crate::frameworks::tables::{Column, DeclaredTable};
use std::collections::BTreeMap;

/// Words that a file with such calls has.
pub(super) const WORDS: [&str; 5] = ["createTable", "create_table", "addColumn", "forge", "dbforge"];

/// Classes above migrations, in small letters.
const YII: [&str; 2] = ["yii\\db\\migration", "cdbmigration"];
const PHINX: [&str; 4] =
    ["phinx\\migration\\abstractmigration", "migrations\\abstractmigration", "migrations\\basemigration", "abstractmigration"];

/// Methods that take a migration back.
const BACK: [&str; 5] = ["down", "safeDown", "uninstall", "rollback", "drop"];

/// How many calls of a chain are gone through.
const LONGEST: usize = 400;

/// Applies the migrations of some files in the order of their names.
pub(super) fn read(classes: &PhpClasses<'_>, files: &[FileId], out: &mut Vec<DeclaredTable>) {
    let mut sorted: Vec<(&str, FileId)> =
        files.iter().map(|file| (classes.base.path(*file).rsplit('/').next().unwrap_or(""), *file)).collect();
    sorted.sort_unstable();
    let mut schema = Schema { classes, made: BTreeMap::new(), next: empty("", FileId(0), 0) };
    for (_, file) in sorted {
        for class in classes.classes_of(file) {
            let style = match () {
                () if classes.is_below(class, &YII) => Style::Yii,
                () if classes.is_below(class, &PHINX) => Style::Phinx,
                () => Style::Forge,
            };
            schema.class(class, style);
        }
    }
    out.extend(schema.made.into_values());
}

/// Whose calls they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Yii,
    Phinx,
    Forge,
}

/// The tables that were made so far.
struct Schema<'a, 'b> {
    classes: &'b PhpClasses<'a>,
    made: BTreeMap<String, DeclaredTable>,
    /// What `CodeIgniter` will make next.
    next: DeclaredTable,
}

/// One call, and where it stands.
struct At<'a> {
    facts: &'a FileFacts,
    file: FileId,
    owner: DefinitionId,
    call: &'a Call,
}

impl At<'_> {
    fn argument(&self, place: usize) -> Option<ValueId> {
        self.facts.arguments_of(self.call).get(place).map(|argument| argument.value)
    }

    fn list(&self, place: usize) -> Vec<String> {
        self.argument(place).map(|value| texts(self.facts, value)).unwrap_or_default()
    }

    fn line(&self) -> (FileId, u32) {
        (self.file, self.call.span.line)
    }
}

impl Schema<'_, '_> {
    fn class(&mut self, (file, class): (FileId, DefinitionId), style: Style) {
        let facts = self.classes.facts(file);
        self.next = empty("", file, 0);
        for call in &facts.calls {
            let Shape::Member(object, name) = facts.value(call.callee).shape else { continue };
            let Some(owner) = facts.owner_of(call.value).and_then(|owner| facts.function_around(Some(owner))) else { continue };
            if facts.class_around(Some(owner)) != Some(class) || BACK.contains(&facts.text(facts.definition(owner).name)) {
                continue;
            }
            let at = At { facts, file, owner, call };
            match style {
                Style::Yii => self.yii(&at, facts.text(name)),
                Style::Phinx => self.phinx(&at, object, facts.text(name)),
                Style::Forge if is_forge(facts, object) => self.forge(&at, facts.text(name)),
                Style::Forge => {}
            }
        }
    }

    fn text(&self, at: &At<'_>, place: usize) -> Option<String> {
        let text = self.classes.text(at.file, Some(at.owner), at.argument(place)?)?;
        let inner = text.strip_prefix("{{").and_then(|text| text.strip_suffix("}}")).map(|text| text.trim_start_matches('%').to_owned());
        Some(inner.unwrap_or(text))
    }

    fn yii(&mut self, at: &At<'_>, name: &str) {
        let Some(table) = self.text(at, 0).filter(|_| !matches!(name, "addForeignKey" | "addPrimaryKey")) else {
            if let ("addForeignKey", Some(table), Some(to)) = (name, self.text(at, 1), self.text(at, 3))
                && let Some(table) = self.made.get_mut(&table)
            {
                table.foreign_keys.push(key(at.list(2), &to, at.list(4), at.line()));
            } else if let ("addPrimaryKey", Some(table)) = (name, self.text(at, 1))
                && let Some(table) = self.made.get_mut(&table)
            {
                table.primary_key = at.list(2);
            }
            return;
        };
        let column_name = || self.text(at, 1);
        match name {
            "createTable" if is_name(&table) => {
                let mut made = empty(&table, at.file, at.call.span.line);
                at.argument(1).into_iter().for_each(|columns| yii_columns(at.facts, columns, &mut made));
                self.made.insert(table, made);
            }
            "dropTable" => {
                self.made.remove(&table);
            }
            "renameTable" => self.rename(&table, column_name()),
            "addColumn" => {
                if let (Some(name), Some(table)) = (column_name(), self.made.get_mut(&table)) {
                    let kind = at.argument(2).and_then(|kind| yii_type(at.facts, kind));
                    table.columns.push(Column { name, type_name: kind.map(|(kind, _)| kind) });
                }
            }
            "dropColumn" => {
                if let (Some(name), Some(table)) = (column_name(), self.made.get_mut(&table)) {
                    table.columns.retain(|known| known.name != name);
                }
            }
            "renameColumn" => {
                if let (Some(from), Some(to), Some(table)) = (column_name(), self.text(at, 2), self.made.get_mut(&table)) {
                    table.columns.iter_mut().filter(|known| known.name == from).for_each(|known| known.name.clone_from(&to));
                }
            }
            _ => {}
        }
    }

    fn rename(&mut self, from: &str, to: Option<String>) {
        if let Some(to) = to
            && let Some(mut table) = self.made.remove(from)
        {
            table.name.clone_from(&to);
            self.made.insert(to, table);
        }
    }

    /// `$this->table('orders')->addColumn('total', 'integer')->create()`: what is said of a table that is only updated and that
    /// nothing here made is left alone.
    fn phinx(&mut self, at: &At<'_>, object: ValueId, name: &str) {
        if name == "table" && crate::frameworks::php::is_this(at.facts, object) {
            let Some(table) = self.text(at, 0).filter(|table| is_name(table)) else { return };
            let made = self.made.entry(table.clone()).or_insert_with(|| {
                let mut made = empty(&table, at.file, at.call.span.line);
                // The library makes this key itself unless it is told not to.
                (made.columns, made.primary_key) = (vec![column("id", Some("integer"))], vec!["id".to_owned()]);
                made
            });
            let Some(Shape::Map(options)) = at.argument(1).map(|options| at.facts.value(options).shape) else { return };
            for entry in &at.facts.entries[options.range()] {
                match (entry.key.and_then(|key| at.facts.as_literal(key)), at.facts.value(entry.value).shape) {
                    (Some("id"), Shape::Constant(word)) if at.facts.text(word).eq_ignore_ascii_case("false") => {
                        made.columns.retain(|known| known.name != "id");
                        made.primary_key.clear();
                    }
                    (Some("id"), Shape::Literal(word)) => {
                        let own = at.facts.text(word).to_owned();
                        made.columns.iter_mut().filter(|known| known.name == "id").for_each(|known| known.name.clone_from(&own));
                        made.primary_key = vec![own];
                    }
                    (Some("primary_key"), _) => made.primary_key = texts(at.facts, entry.value),
                    _ => {}
                }
            }
            return;
        }
        let Some(table) = self.phinx_table(at, object) else { return };
        let first = self.text(at, 0);
        let kind = self.text(at, 1);
        match (name, first) {
            ("drop", _) => {
                self.made.remove(&table);
            }
            ("rename", to @ Some(_)) => self.rename(&table, to),
            (_, first) => {
                let Some(table) = self.made.get_mut(&table) else { return };
                match (name, first) {
                    ("addColumn", Some(name)) if !table.columns.iter().any(|known| known.name == name) => {
                        table.columns.push(Column { name, type_name: kind });
                    }
                    ("removeColumn", Some(name)) => table.columns.retain(|known| known.name != name),
                    ("renameColumn", Some(name)) => {
                        let renamed = table.columns.iter_mut().filter(|known| known.name == name);
                        renamed.for_each(|known| known.name.clone_from(kind.as_ref().unwrap_or(&name)));
                    }
                    ("addTimestamps", _) => table.columns.extend(["created_at", "updated_at"].map(|name| column(name, Some("timestamp")))),
                    ("addForeignKey" | "addForeignKeyWithName", _) => {
                        let skip = usize::from(name == "addForeignKeyWithName");
                        if let Some(to) = self.classes.text(at.file, Some(at.owner), at.argument(skip + 1).unwrap_or(at.call.callee)) {
                            let to_columns = at.list(skip + 2);
                            let to_columns = if to_columns.is_empty() { vec!["id".to_owned()] } else { to_columns };
                            table.foreign_keys.push(key(at.list(skip), &to, to_columns, at.line()));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// The table that a chain of calls, or a variable, begins with.
    fn phinx_table(&self, at: &At<'_>, object: ValueId) -> Option<String> {
        let facts = at.facts;
        let mut value = object;
        for _ in 0..LONGEST {
            if let Some(call) = facts.as_call(value) {
                let Shape::Member(before, name) = facts.value(call.callee).shape else { return None };
                if facts.text(name) == "table" && crate::frameworks::php::is_this(facts, before) {
                    return self.text(&At { call, ..*at }, 0);
                }
                value = before;
                continue;
            }
            let bound = self.classes.locals(at.file).of_name(Some(at.owner), facts.as_name(value)?).iter().rev();
            let before = bound.map(|row| &facts.bindings[row.binding as usize]).find(|binding| binding.target.0 < value.0)?;
            value = before.value?;
        }
        None
    }

    fn forge(&mut self, at: &At<'_>, name: &str) {
        match name {
            "addField" | "add_field" => {
                let Some(fields) = at.argument(0) else { return };
                let Shape::Map(entries) = at.facts.value(fields).shape else {
                    // `add_field('id')` is the library's own key.
                    if at.facts.as_literal(fields) == Some("id") {
                        (self.next.columns, self.next.primary_key) = (vec![column("id", Some("INT"))], vec!["id".to_owned()]);
                    }
                    return;
                };
                self.next.columns.extend(forge_columns(at.facts, entries));
            }
            "addPrimaryKey" => self.next.primary_key = at.list(0),
            "addKey" | "add_key" => {
                let is_primary = at.argument(1).is_some_and(
                    |word| matches!(at.facts.value(word).shape, Shape::Constant(word) if at.facts.text(word).eq_ignore_ascii_case("true")),
                );
                if is_primary {
                    self.next.primary_key.extend(at.list(0));
                }
            }
            "addForeignKey" => {
                if let Some(to) = self.text(at, 1) {
                    self.next.foreign_keys.push(key(at.list(0), &to, at.list(2), at.line()));
                }
            }
            "createTable" | "create_table" => {
                let next = std::mem::replace(&mut self.next, empty("", at.file, 0));
                if let Some(table) = self.text(at, 0).filter(|table| is_name(table)) {
                    let made = empty(&table, at.file, at.call.span.line);
                    self.made.insert(table.clone(), DeclaredTable { name: table, declared: made.declared, ..next });
                }
            }
            "dropTable" | "drop_table" => {
                if let Some(table) = self.text(at, 0) {
                    self.made.remove(&table);
                }
            }
            "addColumn" | "add_column" => {
                if let (Some(table), Some(Shape::Map(entries))) =
                    (self.text(at, 0), at.argument(1).map(|value| at.facts.value(value).shape))
                    && let Some(table) = self.made.get_mut(&table)
                {
                    table.columns.extend(forge_columns(at.facts, entries));
                }
            }
            _ => {}
        }
    }
}

/// `$this->forge`, `$this->dbforge`, `$forge`
fn is_forge(facts: &FileFacts, object: ValueId) -> bool {
    facts.last_name(object).is_some_and(|name| matches!(name.trim_start_matches('$'), "forge" | "dbforge"))
}

/// `'name' => ['type' => 'VARCHAR', 'constraint' => 100]`
fn forge_columns(facts: &FileFacts, entries: crate::facts::Stretch) -> Vec<Column> {
    let of = |entry: &crate::facts::Entry| {
        let name = facts.as_literal(entry.key?).filter(|name| is_name(name))?;
        let Shape::Map(about) = facts.value(entry.value).shape else { return None };
        let kind = facts.entries[about.range()]
            .iter()
            .find(|entry| entry.key.and_then(|key| facts.as_literal(key)).is_some_and(|key| key.eq_ignore_ascii_case("type")));
        Some(column(name, kind.and_then(|kind| facts.as_literal(kind.value))))
    };
    facts.entries[entries.range()].iter().filter_map(of).collect()
}

fn yii_columns(facts: &FileFacts, columns: ValueId, made: &mut DeclaredTable) {
    let Shape::Map(entries) = facts.value(columns).shape else { return };
    for entry in &facts.entries[entries.range()] {
        let Some(name) = entry.key.and_then(|key| facts.as_literal(key)).filter(|name| is_name(name)) else {
            // `'PRIMARY KEY (a, b)'`
            let text = facts.as_literal(entry.value).unwrap_or("");
            if text.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("PRIMARY KEY")) {
                let inside = text.split(['(', ')']).nth(1).unwrap_or("");
                made.primary_key = inside.split(',').map(|name| name.trim().trim_matches(['`', '"', '[', ']']).to_owned()).collect();
            }
            continue;
        };
        let (kind, is_key) = yii_type(facts, entry.value).map_or((None, false), |(kind, is_key)| (Some(kind), is_key));
        made.columns.push(Column { name: name.to_owned(), type_name: kind });
        if is_key {
            made.primary_key.push(name.to_owned());
        }
    }
}

/// `$this->string(100)->notNull()`, `'pk'`, `'int NOT NULL'`, `Schema::TYPE_PK`: the type, and whether it is the key.
fn yii_type(facts: &FileFacts, value: ValueId) -> Option<(String, bool)> {
    let mut at = value;
    let mut last = None;
    for _ in 0..LONGEST {
        match facts.value(at).shape {
            Shape::Call(_) => {
                let Shape::Member(object, name) = facts.value(facts.as_call(at)?.callee).shape else { break };
                last = Some(facts.text(name));
                at = object;
            }
            Shape::Joined(first, _) => at = first,
            Shape::Literal(text) => {
                let word = facts.text(text).split([' ', '(']).next().unwrap_or("");
                return Some((word.to_owned(), matches!(word, "pk" | "bigpk" | "upk" | "ubigpk")));
            }
            Shape::Member(_, name) => {
                let word = facts.text(name);
                return last.map(own).or_else(|| word.strip_prefix("TYPE_").map(|kind| (kind.to_lowercase(), kind.ends_with("PK"))));
            }
            _ => break,
        }
    }
    last.map(own)
}

fn own(method: &str) -> (String, bool) {
    (method.to_owned(), matches!(method, "primaryKey" | "bigPrimaryKey"))
}
