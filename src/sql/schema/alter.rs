//! ALTER TABLE.

use super::column;
use super::cursor::Cursor;
use super::item;
use super::{Action, Change, Column, Parent, Part};

/// Reads what stands behind `ALTER TABLE`; false when a part was not understood.
pub(super) fn read(cursor: &mut Cursor<'_, '_>) -> Option<(Change, bool)> {
    cursor.eat_all_of(&["ONLY"]);
    cursor.eat(&["IF", "EXISTS"]);
    cursor.eat_all_of(&["ONLY"]);
    let table = cursor.qualified()?;
    cursor.eat_symbol(b'*');
    if cursor.eat(&["WITH"]) {
        // WITH CHECK and WITH NOCHECK of SQL Server.
        cursor.eat_all_of(&["CHECK", "NOCHECK"]);
    }
    let mut steps = Steps { actions: Vec::new(), understood: true, adding: false };
    for item in cursor.items() {
        steps.one(&mut cursor.over(item));
    }
    cursor.at = cursor.end;
    Some((Change::AlterTable { table, actions: steps.actions }, steps.understood))
}

struct Steps {
    actions: Vec<Action>,
    understood: bool,
    /// SQL Server says ADD once for several items.
    adding: bool,
}

impl Steps {
    fn one(&mut self, cursor: &mut Cursor<'_, '_>) {
        let add = cursor.eat(&["ADD"]);
        if add || self.adding && !cursor.is_any(&["DROP", "ALTER", "RENAME", "CHANGE", "MODIFY", "ALGORITHM", "LOCK"]) && !is_option(cursor)
        {
            self.add(cursor);
            return;
        }
        self.adding = false;
        if cursor.eat(&["DROP"]) {
            self.drop(cursor);
        } else if cursor.eat(&["RENAME"]) {
            self.rename(cursor);
        } else if cursor.eat(&["CHANGE"]) {
            cursor.eat(&["COLUMN"]);
            cursor.eat(&["IF", "EXISTS"]);
            if let Some(from) = cursor.name() {
                self.define(Some(from), cursor);
            }
        } else if cursor.eat(&["MODIFY"]) {
            cursor.eat(&["COLUMN"]);
            cursor.eat(&["IF", "EXISTS"]);
            self.define(None, cursor);
        } else if cursor.eat(&["ALTER"]) {
            self.alter(cursor);
        } else {
            self.other(cursor);
        }
    }

    fn add(&mut self, cursor: &mut Cursor<'_, '_>) {
        if cursor.eat(&["PARTITION"]) {
            return;
        }
        self.adding = true;
        let column = cursor.eat(&["COLUMN"]);
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        if let Some((range, _)) = cursor.clone().group() {
            let inner = cursor.over(range);
            for item in inner.items() {
                self.item(&mut inner.over(item), false);
            }
        } else {
            self.item(cursor, column);
        }
    }

    fn item(&mut self, cursor: &mut Cursor<'_, '_>, column: bool) {
        let read = if column { column::read(cursor).unwrap_or((Vec::new(), false)) } else { item::read(cursor) };
        self.understood &= read.1;
        self.actions.extend(read.0.into_iter().map(Action::Add));
    }

    /// CHANGE and MODIFY define a column anew.
    fn define(&mut self, from: Option<String>, cursor: &mut Cursor<'_, '_>) {
        let Some((parts, understood)) = column::read(cursor) else {
            self.understood = false;
            return;
        };
        self.understood &= understood;
        for part in parts {
            self.actions.push(match part {
                Part::Column(column) => Action::ChangeColumn { from: from.clone().unwrap_or_else(|| column.name.clone()), column },
                other => Action::Add(other),
            });
        }
    }

    fn drop(&mut self, cursor: &mut Cursor<'_, '_>) {
        if cursor.eat(&["PRIMARY", "KEY"]) {
            self.actions.push(Action::DropPrimaryKey);
            return;
        }
        if cursor.eat(&["PARTITION"]) {
            return;
        }
        let key = cursor.eat(&["FOREIGN", "KEY"])
            || ["INDEX", "KEY", "CONSTRAINT", "CHECK"]
                .iter()
                .any(|word| cursor.is(word) && !cursor.is_ahead(1, "CASCADE") && cursor.eat(&[word]));
        if !key {
            cursor.eat(&["COLUMN"]);
        }
        cursor.eat(&["IF", "EXISTS"]);
        match cursor.name() {
            Some(name) if key => self.actions.push(Action::DropKey(name)),
            Some(name) => self.actions.push(Action::DropColumn(name)),
            None => self.understood = false,
        }
    }

    fn rename(&mut self, cursor: &mut Cursor<'_, '_>) {
        if cursor.is_any(&["INDEX", "KEY", "CONSTRAINT"]) && !cursor.is_ahead(1, "TO") {
            return;
        }
        if cursor.eat(&["TO"]) || cursor.eat(&["AS"]) {
            self.actions.extend(cursor.qualified().map(Action::RenameTo));
            return;
        }
        if !cursor.is_ahead(1, "TO") {
            cursor.eat(&["COLUMN"]);
        }
        let from = cursor.clone().name();
        if cursor.is_ahead(1, "TO") {
            cursor.at += 2;
            if let (Some(from), Some(to)) = (from, cursor.name()) {
                self.actions.push(Action::RenameColumn { from, to });
            }
        } else {
            // RENAME new_name of MySQL.
            self.actions.extend(cursor.qualified().map(Action::RenameTo));
        }
    }

    fn alter(&mut self, cursor: &mut Cursor<'_, '_>) {
        if cursor.is_any(&["INDEX", "CONSTRAINT", "CHECK"]) {
            return;
        }
        cursor.eat(&["COLUMN"]);
        cursor.eat(&["IF", "EXISTS"]);
        let Some(column) = cursor.name() else {
            self.understood = false;
            return;
        };
        let action = if cursor.eat(&["SET", "DEFAULT"]) {
            Action::SetDefault { column, default: Some(column::expression(cursor)) }
        } else if cursor.eat(&["DROP", "DEFAULT"]) {
            Action::SetDefault { column, default: None }
        } else if cursor.eat(&["SET", "NOT", "NULL"]) || cursor.eat(&["DROP", "NOT", "NULL"]) {
            Action::SetNullable { column, nullable: cursor.tokens.is(cursor.at - 3, "DROP") }
        } else if cursor.eat(&["ADD", "GENERATED"]) {
            Action::SetAuto(column)
        } else if cursor.is_any(&["SET", "DROP", "RESET", "RESTART"]) && !cursor.is_ahead(1, "DATA") {
            // SET STATISTICS, SET STORAGE, DROP IDENTITY, ...: nothing a reader of the schema asks about.
            return;
        } else {
            let named = cursor.eat(&["SET", "DATA", "TYPE"]) || cursor.eat(&["TYPE"]);
            let mut changed = Column { name: column.clone(), nullable: true, ..Column::default() };
            column::read_type(cursor, &mut changed);
            if !named && cursor.is("NOT") {
                self.actions.push(Action::SetNullable { column: column.clone(), nullable: false });
            }
            Action::SetType { column, type_text: changed.type_text }
        };
        self.actions.push(action);
    }

    fn other(&mut self, cursor: &mut Cursor<'_, '_>) {
        if cursor.eat(&["ATTACH", "PARTITION"]) {
            self.actions.extend(cursor.qualified().map(Action::AttachPartition));
        } else if cursor.eat(&["SET", "SCHEMA"]) {
            self.actions.extend(cursor.name().map(Action::SetSchema));
        } else if cursor.eat(&["COMMENT"]) {
            cursor.eat_symbol(b'=');
            self.actions.extend(cursor.literal().map(Action::SetComment));
        } else if cursor.eat(&["INHERIT"]) {
            self.actions.extend(cursor.qualified().map(|table| Action::Add(Part::Like(Parent { table, keys: false }))));
        } else {
            self.understood &= is_option(cursor);
        }
    }
}

/// Steps that change nothing a reader of the schema asks about.
fn is_option(cursor: &Cursor<'_, '_>) -> bool {
    const OPTIONS: [&str; 37] = [
        "ENGINE",
        "TYPE",
        "AUTO_INCREMENT",
        "OWNER",
        "ENABLE",
        "DISABLE",
        "CONVERT",
        "ORDER",
        "SET",
        "RESET",
        "REPLICA",
        "CLUSTER",
        "CHECK",
        "NOCHECK",
        "VALIDATE",
        "DEFAULT",
        "CHARACTER",
        "CHARSET",
        "COLLATE",
        "ROW_FORMAT",
        "ALGORITHM",
        "LOCK",
        "FORCE",
        "PARTITION",
        "REORGANIZE",
        "COALESCE",
        "TRUNCATE",
        "EXCHANGE",
        "REMOVE",
        "DETACH",
        "NO",
        "NOT",
        "DISCARD",
        "IMPORT",
        "KEY_BLOCK_SIZE",
        "MAX_ROWS",
        "WITH",
    ];
    cursor.is_any(&OPTIONS) || cursor.symbol_ahead(1, b'=') || cursor.done()
}
