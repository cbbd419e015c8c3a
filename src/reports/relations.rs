//! Relations between tables for other programs: statements that declare the keys nobody declared, and drawings of tables
//! and keys for Mermaid, dbdiagram (DBML) and Graphviz.

use super::{Outcome, mermaid};
use crate::bind::{DeclaredBy, ForeignKey, KeyBasis, Table};
use crate::plan::database::Server;
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Longest name of a constraint that every server takes, less what tells long ones apart.
const LONGEST_NAME: usize = 50;

fn table_name(server: Server, table: &Table) -> String {
    let schema = table.schema.as_ref().map(|schema| format!("{}.", server.quoted_word(schema)));
    schema.unwrap_or_default() + &server.quoted_word(&table.name)
}

fn list(server: Server, columns: &[String]) -> String {
    columns.iter().map(|column| server.quoted_word(column)).collect::<Vec<_>>().join(", ")
}

/// A foreign key with both its tables.
struct Relation<'a> {
    from: &'a Table,
    key: &'a ForeignKey,
    to: &'a Table,
}

/// Every key whose target is in the list of tables, declared ones first, by table.
fn relations<'a>(outcome: &Outcome<'a>) -> Vec<Relation<'a>> {
    let rows = &outcome.project.resolution.tables.rows;
    let by_name: BTreeMap<String, &Table> = rows.iter().rev().map(|table| (table.name.to_lowercase(), table)).collect();
    let mut found = Vec::new();
    for (at, from) in rows.iter().enumerate() {
        let inferred = outcome.findings.keys.inferred.get(at).map_or(&[][..], Vec::as_slice);
        let keys = from.foreign_keys.iter().chain(inferred);
        found.extend(keys.filter_map(|key| Some(Relation { from, key, to: by_name.get(&key.to_table.to_lowercase())? })));
    }
    found
}

/// Writes an ALTER TABLE for every inferred key; those a server would refuse stand there as remarks with the reason.
///
/// # Errors
/// When writing fails.
pub fn write_sql(outcome: &Outcome, server: Server, out: &mut dyn Write) -> io::Result<()> {
    let all: Vec<Relation> = relations(outcome).into_iter().filter(|relation| relation.key.basis == KeyBasis::Inferred).collect();
    writeln!(out, "-- Foreign keys that nobody declared, inferred from names, types and joins: {}.", all.len())?;
    writeln!(out, "-- Look at each one and count the rows it would refuse before you run it.")?;
    for relation in &all {
        writeln!(out)?;
        one_key(outcome.project, relation, server, out)?;
    }
    Ok(())
}

fn one_key(project: &Project, relation: &Relation, server: Server, out: &mut dyn Write) -> io::Result<()> {
    let Relation { from, key, to } = relation;
    let evidence = key.evidence.iter().take(3).map(|(file, line, kind)| format!("{kind} {}:{line}", project.base.path(*file)));
    let evidence = evidence.collect::<Vec<_>>().join(", ");
    writeln!(out, "-- {} %: {}", key.certainty.0, one_line(&evidence))?;
    if let Some(reason) = refused(relation) {
        let what = format!("{} ({}) -> {}: {reason}", from.name, key.columns.join(", "), to.name);
        return writeln!(out, "-- left out: {}", one_line(&what));
    }
    let (table, other) = (table_name(server, from), table_name(server, to));
    if let ([column], [target]) = (key.columns.as_slice(), key.to_columns.as_slice()) {
        let (column, target) = (server.quoted_word(column), server.quoted_word(target));
        let count = format!(
            "SELECT COUNT(*) FROM {table} a LEFT JOIN {other} b ON b.{target} = a.{column} WHERE a.{column} IS NOT NULL AND b.{target} IS NULL;"
        );
        writeln!(out, "-- {}", one_line(&count))?;
    }
    let name = server.quoted_word(&constraint_name(from, key));
    // PostgreSQL can take a key for new rows first and look at the old ones later.
    let later = if server == Server::PostgreSql { " NOT VALID" } else { "" };
    let (columns, targets) = (list(server, &key.columns), list(server, &key.to_columns));
    writeln!(out, "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {other} ({targets}){later};")
}

/// Why a server would refuse a key.
fn refused(relation: &Relation) -> Option<String> {
    let Relation { from, key, to } = relation;
    if from.declared.is_empty() || to.declared.is_empty() {
        return Some("nothing here declares both tables".to_owned());
    }
    if key.to_columns.is_empty() || key.to_columns != to.primary_key {
        return Some("what it refers to is not known to be unique".to_owned());
    }
    let type_of = |table: &Table, name: &str| {
        let column = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
        let by_sql = table.declared.iter().any(|row| row.by == DeclaredBy::Sql);
        column.and_then(|column| column.type_name.clone()).filter(|_| by_sql)
    };
    for (column, target) in key.columns.iter().zip(&key.to_columns) {
        if let (Some(one), Some(other)) = (type_of(from, column), type_of(to, target))
            && bare_type(&one) != bare_type(&other)
        {
            return Some(format!("the types differ, {one} and {other}"));
        }
    }
    None
}

/// A type less lengths and by its shortest name.
fn bare_type(text: &str) -> String {
    let mut bare = String::new();
    let mut depth = 0_u32;
    for letter in text.to_lowercase().chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            letter if depth == 0 => bare.push(letter),
            _ => {}
        }
    }
    let words: Vec<&str> = bare.split_whitespace().collect();
    match words.join(" ").as_str() {
        "integer" | "int4" | "serial" | "serial4" => "int".to_owned(),
        "int8" | "bigserial" | "serial8" => "bigint".to_owned(),
        "int2" | "smallserial" => "smallint".to_owned(),
        "character varying" => "varchar".to_owned(),
        "character" => "char".to_owned(),
        "integer unsigned" => "int unsigned".to_owned(),
        other => other.to_owned(),
    }
}

/// `fk_orders_customer_id`, cut where servers would refuse its length.
fn constraint_name(table: &Table, key: &ForeignKey) -> String {
    let whole = format!("fk_{}_{}", table.name, key.columns.join("_"));
    let plain: String = whole.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    if plain.len() <= LONGEST_NAME {
        return plain;
    }
    // FNV-1a, so that two long names stay two.
    let hash = whole.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{}_{hash:08x}", &plain[..LONGEST_NAME])
}

/// Text for a remark: a name must not be able to end it.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Tables that take part in a relation, each with its columns that are keys, in the order of the table.
fn in_relations<'a>(relations: &[Relation<'a>]) -> BTreeMap<&'a str, (&'a Table, BTreeSet<String>)> {
    let mut found: BTreeMap<&str, (&Table, BTreeSet<String>)> = BTreeMap::new();
    for Relation { from, key, to } in relations {
        let columns = &mut found.entry(&from.name).or_insert_with(|| (from, BTreeSet::new())).1;
        columns.extend(key.columns.iter().map(|column| column.to_lowercase()));
        found.entry(&to.name).or_insert_with(|| (to, BTreeSet::new()));
    }
    found
}

/// Writes an entity-relationship diagram for Mermaid: tables that take part in a relation, with their keys.
///
/// # Errors
/// When writing fails.
pub fn write_mermaid(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let relations = relations(outcome);
    writeln!(out, "erDiagram")?;
    for (table, keys) in in_relations(&relations).into_values() {
        writeln!(out, "  {} {{", entity(&table.name))?;
        for column in &table.columns {
            let primary = table.primary_key.contains(&column.name);
            let foreign = keys.contains(&column.name.to_lowercase());
            let marks = match (primary, foreign) {
                (true, true) => "PK, FK",
                (true, false) => "PK",
                (false, true) => "FK",
                (false, false) => continue,
            };
            writeln!(out, "    {} {} {marks}", word(column.type_name.as_deref().unwrap_or("unknown")), word(&column.name))?;
        }
        writeln!(out, "  }}")?;
    }
    for Relation { from, key, to } in &relations {
        let line = if key.basis == KeyBasis::Inferred { "}o..||" } else { "}o--||" };
        let label = mermaid::escape(&key.columns.join(", "));
        writeln!(out, "  {} {line} {} : \"{}\"", entity(&from.name), entity(&to.name), label)?;
    }
    Ok(())
}

fn entity(name: &str) -> String {
    let plain =
        name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    // Words that mean something to Mermaid itself.
    let taken =
        matches!(name, "o" | "u" | "title" | "direction" | "style" | "class" | "classDef" | "many" | "one" | "to" | "zero" | "only");
    // Mermaid cannot draw a box whose name shows nothing.
    let name = if name.trim().is_empty() { "(no name)" } else { name };
    if plain && !taken { name.to_owned() } else { format!("\"{}\"", mermaid::escape(name)) }
}

/// A name as Mermaid takes it for a type or an attribute.
fn word(text: &str) -> String {
    let word: String = text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    let word = word.trim_matches('_');
    if word.starts_with(|letter: char| letter.is_ascii_alphabetic()) { word.to_owned() } else { format!("t_{word}") }
}

/// Writes tables with all their columns, and relations, in DBML.
///
/// # Errors
/// When writing fails.
pub fn write_dbml(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let tables = outcome.project.resolution.tables.rows.iter().filter(|table| !table.columns.is_empty());
    for table in tables {
        writeln!(out, "Table {} {{", dbml_table(table))?;
        let mut seen = BTreeSet::new();
        for column in table.columns.iter().filter(|column| seen.insert(column.name.to_lowercase())) {
            let mark = if table.primary_key == [column.name.clone()] { " [pk]" } else { "" };
            writeln!(out, "  {} {}{mark}", dbml(&column.name), dbml(column.type_name.as_deref().unwrap_or("unknown")))?;
        }
        if table.primary_key.len() > 1 {
            let columns: Vec<String> = table.primary_key.iter().map(|column| dbml(column).replace('"', "`")).collect();
            writeln!(out, "  indexes {{\n    ({}) [pk]\n  }}", columns.join(", "))?;
        }
        writeln!(out, "}}\n")?;
    }
    let has = |table: &Table, names: &[String]| {
        !names.is_empty() && names.iter().all(|name| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)))
    };
    let mut seen = BTreeSet::new();
    for Relation { from, key, to } in relations(outcome) {
        if !has(from, &key.columns) || !has(to, &key.to_columns) || key.columns.len() != key.to_columns.len() {
            continue;
        }
        let side = |table: &Table, columns: &[String]| {
            let columns: Vec<String> = columns.iter().map(|column| dbml(column)).collect();
            format!("{}.{}", dbml_table(table), if columns.len() == 1 { columns.concat() } else { format!("({})", columns.join(", ")) })
        };
        let line = format!("Ref: {} > {}", side(from, &key.columns), side(to, &key.to_columns));
        if seen.insert(line.clone()) {
            let basis = if key.basis == KeyBasis::Inferred { format!(" // inferred, {} %", key.certainty.0) } else { String::new() };
            writeln!(out, "{line}{basis}")?;
        }
    }
    Ok(())
}

fn dbml(name: &str) -> String {
    format!("\"{}\"", one_line(&name.replace(['"', '\\'], "'")))
}

fn dbml_table(table: &Table) -> String {
    table.schema.as_ref().map(|schema| dbml(schema) + ".").unwrap_or_default() + &dbml(&table.name)
}

/// Writes tables and relations for Graphviz; inferred keys are dashed.
///
/// # Errors
/// When writing fails.
pub fn write_dot(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let relations = relations(outcome);
    writeln!(
        out,
        "digraph tables {{\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];"
    )?;
    for (name, _) in in_relations(&relations) {
        writeln!(out, "  {};", dbml(name))?;
    }
    for Relation { from, key, to } in &relations {
        let style = if key.basis == KeyBasis::Inferred { ", style=dashed" } else { "" };
        writeln!(out, "  {} -> {} [label={}{style}];", dbml(&from.name), dbml(&to.name), dbml(&key.columns.join(", ")))?;
    }
    writeln!(out, "}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_compared_without_lengths() {
        assert_eq!(bare_type("INT(10) UNSIGNED"), bare_type("integer unsigned"));
        assert_eq!(bare_type("character varying(20)"), bare_type("varchar(40)"));
        assert_ne!(bare_type("int(10)"), bare_type("int(10) unsigned"));
        assert_eq!(bare_type("bigserial"), bare_type("int8"));
    }

    #[test]
    fn names_cannot_leave_their_place() {
        assert_eq!(Server::MySql.quoted_word("a`b"), "`a``b`");
        assert_eq!(Server::PostgreSql.quoted_word("a\"b"), "\"a\"\"b\"");
        assert_eq!(one_line("a\nDROP TABLE b"), "a DROP TABLE b");
        assert_eq!(entity("order items"), "\"order items\"");
        assert_eq!(entity("orders"), "orders");
        assert_eq!(word("int(10) unsigned"), "int_10__unsigned");
    }
}
