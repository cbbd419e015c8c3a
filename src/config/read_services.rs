//! `[[service]]`, `same` and `apart`: what people decided about the plan.

use super::read::{At, non_empty, strings, unknown_key, wrong_type};
use super::{Config, Mistake};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A service that people decided on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Modules or files whose code belongs to it.
    pub modules: Vec<String>,
    /// Tables that belong to it.
    pub tables: Vec<String>,
}

const SERVICE: [&str; 3] = ["name", "modules", "tables"];

/// The `[[service]]` tables.
pub(super) fn services(value: &Spanned<DeValue<'_>>, config: &mut Config) -> At<()> {
    let wrong = |value: &Spanned<DeValue<'_>>| wrong_type(value, "service", "a list of tables", "[[service]]");
    let DeValue::Array(rows) = value.get_ref() else { return Err(wrong(value)) };
    for row in rows {
        let DeValue::Table(table) = row.get_ref() else { return Err(wrong(row)) };
        config.services.push(service(table, row.span().start)?);
    }
    Ok(())
}

fn service(table: &DeTable<'_>, at: usize) -> At<Service> {
    let mut service = Service::default();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "name" => service.name = non_empty(value, "name", "name = \"orders\"")?,
            "modules" => service.modules = strings(value, "modules", "modules = [\"shop/orders\"]")?.0,
            "tables" => service.tables = strings(value, "tables", "tables = [\"orders\"]")?.0,
            unknown => return Err((key.span().start, unknown_key(unknown, "in [[service]]", &SERVICE))),
        }
    }
    if service.name.is_empty() {
        return Err((at, Mistake::MissingKey { table: "[[service]]", key: "name", example: "name = \"orders\"" }));
    }
    Ok(service)
}

/// `same` and `apart`: lists of lists of names.
pub(super) fn groups(value: &Spanned<DeValue<'_>>, key: &'static str) -> At<Vec<Vec<String>>> {
    const EXAMPLE: &str = "same = [[\"shop/orders\", \"shop/cart\"]]";
    let DeValue::Array(rows) = value.get_ref() else {
        return Err(wrong_type(value, key, "a list of lists of names", EXAMPLE));
    };
    rows.iter().map(|row| Ok(strings(row, key, EXAMPLE)?.0)).collect()
}
