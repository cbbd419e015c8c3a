//! The map as a database: the README's questions get their answers, and the file depends on the sources alone.

use crate::support::command::{code, command, run, stderr};
use crate::support::{here, text_of};
use rusqlite::{Connection, types::ValueRef};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What the questions of the README find in the sample: how many rows, and some of them, in order.
const ANSWERS: [(usize, &[&str]); 5] = [
    (5, &["cart_cart | 3 | cart,promotions,reports", "cart_cartitem | 2 | cart,reports", "orders_orderevent | 2 | notifications,orders"]),
    (
        12,
        &[
            "cart_cart | user_id | accounts_user | cart | accounts",
            "search_searchdocument | product_id | catalog_product | search | catalog",
            "shop_orders | settled_by_id | billing_paymententry | orders | billing",
        ],
    ),
    (
        4,
        &[
            "transaction CheckoutService.place (shop/orders/checkout.py:218) | 5",
            "transaction hand_over (shop/shipping/services.py:56) | 3",
            "transaction redeem (shop/promotions/services.py:38) | 2",
        ],
    ),
    (
        3,
        &[
            "mail | shop/notifications/tasks.py | 20 | 1 | 0",
            "settings:CARD_ENDPOINT | shop/payments/gateways/card.py | 13 | 1 | 0",
            "settings:CARRIER_ENDPOINT | shop/shipping/services.py | 38 | 1 | 0",
        ],
    ),
    (
        28,
        &[
            "cart | accounts | shop/cart/models.py | 11",
            "shopsite.settings | orders | shopsite/settings.py | 27",
            "shopsite.urls | search | shopsite/urls.py | 11",
        ],
    ),
];

fn write_map(folder: &Path, format: &str, threads: &str) -> PathBuf {
    let file = folder.join(format!("map-{threads}.{format}"));
    let asked = format!("{format}={}", file.display());
    let output = run(command(&here("testdata/projects/shop/code"), &["map", "--format", &asked]).env("RAYON_NUM_THREADS", threads));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    file
}

/// The rows of a query, cells with ` | ` between them.
fn rows(db: &Connection, query: &str) -> Vec<String> {
    let mut statement = db.prepare(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let columns = statement.column_count();
    let cell = |value: ValueRef<'_>| match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) | ValueRef::Blob(text) => String::from_utf8_lossy(text).into_owned(),
    };
    let row = |row: &rusqlite::Row<'_>| (0..columns).map(|at| row.get_ref(at).map(cell)).collect::<Result<Vec<_>, _>>();
    let found: Result<Vec<Vec<String>>, _> = statement.query_map([], row).expect("the query runs").collect();
    found.expect("rows can be read").into_iter().map(|cells| cells.join(" | ")).collect()
}

#[test]
fn the_questions_of_the_readme_are_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Connection::open(write_map(folder.path(), "sqlite", "2")).expect("it is a database");
    let readme = text_of(&here("README.md"));
    let (_, section) = readme.split_once("## As a database").expect("the README has the section");
    let (_, rest) = section.split_once("```sql\n").expect("the section has queries");
    let (block, _) = rest.split_once("```").expect("the block ends");
    let queries: Vec<&str> = block.split_inclusive(";\n").filter(|query| query.contains("SELECT")).collect();
    assert_eq!(queries.len(), ANSWERS.len());
    for (query, (count, expected)) in queries.iter().zip(ANSWERS) {
        let found = rows(&db, query);
        assert_eq!(found.len(), count, "{query}\n{}", found.join("\n"));
        let mut rest = found.iter();
        for line in expected {
            assert!(rest.any(|row| row == line), "{line}\nis missing or out of order:\n{query}\n{}", found.join("\n"));
        }
    }
}

#[test]
fn the_database_says_what_the_json_map_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Connection::open(write_map(folder.path(), "sqlite", "2")).expect("it is a database");
    let map: Value = serde_json::from_str(&text_of(&write_map(folder.path(), "json", "2"))).expect("JSON");
    let same = [
        ("files", "files"),
        ("modules", "modules"),
        ("module_dependencies", "dependencies"),
        ("definitions", "definitions"),
        ("tables", "tables"),
        ("table_accesses", "accesses"),
        ("routes", "routes"),
        ("external_systems", "external_systems"),
        ("transactions", "transactions"),
        ("units", "units"),
        ("cycles", "cycles"),
        ("god_classes", "god_classes"),
        ("unresolved", "unresolved"),
        ("problems", "problems"),
    ];
    for (key, table) in same {
        let listed = map[key].as_array().expect("a list").len();
        assert!(listed > 0, "the sample has no {key}");
        assert_eq!(rows(&db, &format!("SELECT count(*) FROM {table}")), [listed.to_string()], "{table}");
    }
    let total = |key: &str, list: &str| -> usize {
        let rows = map[key].as_array().expect("a list").iter();
        rows.map(|row| row[list].as_array().map_or(0, Vec::len)).sum()
    };
    for (key, list, table) in [
        ("tables", "columns", "columns"),
        ("tables", "foreign_keys", "foreign_keys"),
        ("file_dependencies", "sites", "references_of_files"),
        ("table_accesses", "columns", "access_columns"),
        ("cycles", "members", "cycle_members"),
    ] {
        assert_eq!(rows(&db, &format!("SELECT count(*) FROM {table}")), [total(key, list).to_string()], "{table}");
    }
    assert_eq!(rows(&db, "PRAGMA foreign_key_check"), [""; 0]);
}

#[test]
fn the_database_has_the_same_bytes_with_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let read = |threads: &str| std::fs::read(write_map(folder.path(), "sqlite", threads)).expect("it can be read");
    assert!(read("1") == read("4"), "the bytes differ");
}
