//! From a statement to accesses: which table, what is done, which columns.

use crate::base::{Certainty, FileId};
use crate::facts::DefinitionId;
use crate::frameworks::tables::{AccessBy, ColumnName, ComparedColumn, JoinedColumns, Operation, Predicates, TableAccess, tells_kinds};
use crate::sql::statement::{self, JoinKind, Statement, Verb};
use std::collections::{BTreeMap, BTreeSet};

/// Where a statement stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub(super) file: FileId,
    pub(super) line: u32,
    pub(super) end_line: u32,
    pub(super) statement: u32,
    pub(super) owner: Option<DefinitionId>,
    pub(super) in_loop: bool,
}

impl Site {
    pub(super) fn at(file: FileId) -> Self {
        Self { file, line: 0, end_line: 0, statement: 0, owner: None, in_loop: false }
    }
}

/// The accesses of a statement; names with holes are left to the caller. `verb` speaks for a statement that is the body
/// of something, a view or a trigger.
pub(super) fn accesses(statement: &Statement, site: &Site, certainty: Certainty, verb: &str) -> Vec<TableAccess> {
    let mut columns: BTreeMap<(String, Operation), BTreeSet<&str>> = BTreeMap::new();
    for (index, table) in statement.uses.iter().enumerate() {
        let Some(operation) = operation(table.operation) else { continue };
        let name = full_name(table.schema.as_deref(), &table.name);
        if table.hole || is_the_servers(&name) {
            continue;
        }
        let own = statement.columns.iter().filter(|column| column.table == Some(index)).map(|column| column.name.as_str());
        columns.entry((name, operation)).or_default().extend(own.filter(|name| *name != "*"));
    }
    let verb = if verb.is_empty() { word(statement.verb) } else { verb.to_owned() };
    let rows = columns.into_iter().map(|((table, operation), columns)| TableAccess {
        file: site.file,
        line: site.line,
        end_line: site.end_line,
        statement: site.statement,
        table,
        operation,
        verb: verb.clone(),
        columns: columns.into_iter().map(str::to_owned).collect(),
        by: AccessBy::Sql,
        owner: site.owner,
        certainty,
        in_loop: site.in_loop,
    });
    rows.collect()
}

/// The columns a statement takes to be equal, and what it compares columns with that tell kinds of rows apart, where it names
/// their tables.
pub(super) fn predicates(statement: &Statement, site: &Site, out: &mut Predicates) {
    let named = |table: usize, column: &str| {
        let table = statement.uses.get(table).filter(|table| !table.hole)?;
        Some(ColumnName { table: full_name(table.schema.as_deref(), &table.name), column: column.to_owned() })
    };
    let side = |(table, column): &(usize, String)| named(*table, column);
    let rows = statement.joins.iter().filter_map(|join| {
        let how = match join.kind {
            JoinKind::On | JoinKind::Using | JoinKind::Where => "join",
            JoinKind::In => "in",
            JoinKind::Exists => "exists",
        };
        Some(JoinedColumns { file: site.file, line: site.line, left: side(&join.left)?, right: side(&join.right)?, how })
    });
    out.joined.extend(rows);
    for column in statement.columns.iter().filter(|column| !column.literals.is_empty() && tells_kinds(&column.name)) {
        let Some(name) = column.table.and_then(|table| named(table, &column.name)) else { continue };
        let row = |value: &String| ComparedColumn { file: site.file, line: site.line, column: name.clone(), value: value.clone() };
        out.compared.extend(column.literals.iter().map(row));
    }
}

/// Schema and name as one.
pub(super) fn full_name(schema: Option<&str>, name: &str) -> String {
    schema.map_or_else(|| name.to_owned(), |schema| format!("{schema}.{name}"))
}

fn operation(operation: statement::Operation) -> Option<Operation> {
    match operation {
        statement::Operation::Read => Some(Operation::Read),
        statement::Operation::Write => Some(Operation::Write),
        statement::Operation::Ddl => Some(Operation::Ddl),
        statement::Operation::Lock => None,
    }
}

fn word(verb: Verb) -> String {
    format!("{verb:?}").to_lowercase()
}

/// Tables of the server itself, which are no application's, and what is no name at all (`?`, `:table`).
pub(super) fn is_the_servers(name: &str) -> bool {
    const SCHEMAS: [&str; 6] = ["information_schema.", "pg_catalog.", "performance_schema.", "mysql.", "sys.", "pg_temp."];
    const STARTS: [&str; 11] = ["pg_", "sqlite_", "#", "v$", "gv$", "rdb$", "dba_", "all_tab", "user_tab", "_v_", "win32_perf"];
    /// Words in capitals that stand for a name in the pattern of a statement.
    const PLACES: [&str; 7] = ["TABLENAME", "TABLE_NAME", "OLDNAME", "NEWNAME", "OLDINDEXNAME", "NEWINDEXNAME", "INDEXNAME"];
    /// Catalogues of SQL Server, Sybase, Informix and Oracle.
    const CATALOGUES: [&str; 37] = [
        "all_users",
        "explain_statement",
        "plan_table",
        "sysmaster",
        "sysperfinfo",
        "bufferpools",
        "indexcolumns",
        "dual",
        "sysobjects",
        "syscolumns",
        "syscolumn",
        "sysindexes",
        "sysindexkeys",
        "sysforeignkeys",
        "sysconstraints",
        "sysdatabases",
        "systables",
        "systable",
        "systypes",
        "sysusers",
        "syslogins",
        "sysprocedures",
        "sysreferences",
        "user_tables",
        "user_objects",
        "user_triggers",
        "user_constraints",
        "user_cons_columns",
        "user_indexes",
        "user_ind_columns",
        "user_sequences",
        "all_tables",
        "all_constraints",
        "all_cons_columns",
        "all_indexes",
        "all_ind_columns",
        "nls_database_parameters",
    ];
    if PLACES.contains(&name) {
        return true;
    }
    let name = name.to_ascii_lowercase();
    let last = name.rsplit(['.', ':']).next().unwrap_or(&name);
    SCHEMAS.iter().any(|schema| name.starts_with(schema))
        || STARTS.iter().any(|start| name.starts_with(start))
        || CATALOGUES.contains(&last)
        || name.starts_with([':', '?', '$', '%', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Dialect;

    fn rows(text: &str) -> Vec<String> {
        let rows = accesses(&statement::read(text, Dialect::Unknown), &Site::at(FileId(0)), Certainty::LITERAL, "");
        rows.iter().map(|row| format!("{} {} {}({})", row.verb, row.operation.word(), row.table, row.columns.join(","))).collect()
    }

    #[test]
    fn a_statement_is_one_row_for_each_table_and_operation() {
        assert_eq!(rows("SELECT o.id FROM shop.orders o WHERE o.paid = 1"), ["select read shop.orders(id,paid)"]);
        assert_eq!(rows("INSERT INTO log (a) SELECT b FROM orders"), ["insert write log(a)", "insert read orders(b)"]);
        assert_eq!(rows("SELECT 1 FROM information_schema.tables"), [""; 0]);
        assert_eq!(rows("SELECT name FROM dbo.sysobjects"), [""; 0]);
        assert_eq!(rows("ALTER TABLE TABLENAME RENAME TO NEWNAME"), [""; 0]);
        assert_eq!(rows("SELECT 1 FROM v$parameter, $1"), [""; 0]);
    }
}
