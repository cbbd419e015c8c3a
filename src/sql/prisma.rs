//! A schema of Prisma as SQL, line for line, so that it joins migrations and dumps as any schema does.
//!
//! Models are tables, fields whose type is a model are relations: the side that lists `fields` holds the key. Two lists
//! that point at each other stand for a table in between, which Prisma names `_AToB`, with the columns `A` and `B`
//! (documentation, "Many-to-many relations").

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// One field of a model.
struct Field<'a> {
    line: usize,
    name: &'a str,
    kind: &'a str,
    list: bool,
    rest: &'a str,
}

/// One model.
struct Model<'a> {
    line: usize,
    name: &'a str,
    fields: Vec<Field<'a>>,
    /// Lines that begin with `@@`.
    about: Vec<&'a str>,
}

/// The statements that make the tables of a schema; a statement stands on the line of its model.
#[must_use]
pub fn to_sql(text: &str) -> String {
    let models = models(text);
    let mut lines: Vec<String> = vec![String::new(); text.lines().count() + 1];
    let by_name: BTreeMap<&str, &Model<'_>> = models.iter().map(|model| (model.name, model)).collect();
    for model in &models {
        lines[model.line] = table(model, &by_name);
    }
    for (name, between) in in_between(&models, &by_name) {
        let last = lines.len() - 1;
        let [(a, key_a), (b, key_b)] = &between;
        let _ = write!(
            lines[last],
            "CREATE TABLE {} (\"A\" integer, \"B\" integer, FOREIGN KEY (\"A\") REFERENCES {} ({}), FOREIGN KEY (\"B\") REFERENCES {} ({}));",
            quoted(&name),
            quoted(a),
            quoted(key_a),
            quoted(b),
            quoted(key_b)
        );
    }
    lines.join("\n")
}

fn models(text: &str) -> Vec<Model<'_>> {
    let mut models: Vec<Model<'_>> = Vec::new();
    let mut open = false;
    for (line, written) in text.lines().enumerate() {
        let code = written.split("//").next().unwrap_or("").trim();
        if open {
            let Some(model) = models.last_mut() else { continue };
            if code.starts_with('}') {
                open = false;
            } else if code.starts_with("@@") {
                model.about.push(code);
            } else if let Some(field) = field(line, code) {
                model.fields.push(field);
            }
        } else if let Some(name) = code.strip_prefix("model ").map(|rest| rest.trim_end_matches('{').trim()) {
            models.push(Model { line, name, fields: Vec::new(), about: Vec::new() });
            open = true;
        }
    }
    models
}

fn field(line: usize, code: &str) -> Option<Field<'_>> {
    let (name, behind) = code.split_once(char::is_whitespace)?;
    let behind = behind.trim_start();
    let end = behind.find(char::is_whitespace).unwrap_or(behind.len());
    let (kind, rest) = behind.split_at(end);
    let list = kind.ends_with("[]");
    Some(Field { line, name, kind: kind.trim_end_matches("[]").trim_end_matches('?'), list, rest })
}

impl Model<'_> {
    fn table(&self) -> &str {
        self.about.iter().find_map(|about| literal(about.strip_prefix("@@map(")?)).unwrap_or(self.name)
    }

    fn primary_key(&self) -> Vec<&str> {
        let together = self.about.iter().find_map(|about| list(about.strip_prefix("@@id(")?));
        let names = together.unwrap_or_else(|| {
            let own =
                self.fields.iter().filter(|field| field.rest.split_whitespace().any(|word| word == "@id" || word.starts_with("@id(")));
            own.map(|field| field.name).collect()
        });
        names.into_iter().map(|name| self.column(name)).collect()
    }

    fn column<'a>(&'a self, name: &'a str) -> &'a str {
        self.fields.iter().find(|field| field.name == name).map_or(name, Field::column)
    }
}

impl Field<'_> {
    fn column(&self) -> &str {
        self.rest.split_once("@map(").filter(|(before, _)| !before.ends_with('@')).and_then(|(_, rest)| literal(rest)).unwrap_or(self.name)
    }

    /// What stands in the parentheses of `@relation`.
    fn relation(&self) -> Option<&str> {
        self.rest.split_once("@relation(").map(|(_, rest)| rest)
    }
}

fn table(model: &Model<'_>, by_name: &BTreeMap<&str, &Model<'_>>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for field in &model.fields {
        match by_name.get(field.kind) {
            None => parts.push(format!("{} {}", quoted(field.column()), if field.list { "text" } else { field.kind })),
            Some(other) => {
                let keys =
                    field.relation().and_then(|relation| Some((named_list(relation, "fields:")?, named_list(relation, "references:")?)));
                let Some((fields, references)) = keys else { continue };
                let columns =
                    |names: &[&str], of: &Model<'_>| names.iter().map(|name| quoted(of.column(name))).collect::<Vec<_>>().join(", ");
                parts.push(format!(
                    "FOREIGN KEY ({}) REFERENCES {} ({})",
                    columns(&fields, model),
                    quoted(other.table()),
                    columns(&references, other)
                ));
            }
        }
    }
    let key = model.primary_key();
    if !key.is_empty() {
        parts.push(format!("PRIMARY KEY ({})", key.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")));
    }
    format!("CREATE TABLE {} ({});", quoted(model.table()), parts.join(", "))
}

/// Both ends of a table in between: the other table and its key.
type Ends = [(String, String); 2];

/// Tables that stand between two models whose lists point at each other.
fn in_between(models: &[Model<'_>], by_name: &BTreeMap<&str, &Model<'_>>) -> BTreeMap<String, Ends> {
    let mut found = BTreeMap::new();
    let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
    for model in models {
        for field in model.fields.iter().filter(|field| field.list) {
            let Some(other) = by_name.get(field.kind) else { continue };
            let name = field.relation().and_then(literal);
            let back = other
                .fields
                .iter()
                .find(|back| back.list && back.kind == model.name && back.line != field.line && back.relation().and_then(literal) == name);
            let Some(back) = back else { continue };
            if !seen.insert((field.line.min(back.line), field.line.max(back.line))) {
                continue;
            }
            let mut ends = [*other, model];
            ends.sort_by_key(|model| model.name);
            let [a, b] = ends;
            let name = name.map_or_else(|| format!("_{}To{}", a.name, b.name), |name| format!("_{name}"));
            let end = |model: &Model<'_>| {
                (model.table().to_owned(), model.primary_key().first().map_or_else(|| "id".to_owned(), |key| (*key).to_owned()))
            };
            found.insert(name, [end(a), end(b)]);
        }
    }
    found
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', ""))
}

/// The text of the first literal, where nothing but a name of an argument stands before it.
fn literal(text: &str) -> Option<&str> {
    let text = text.trim_start().trim_start_matches("name:").trim_start();
    text.strip_prefix('"')?.split('"').next()
}

/// The names between the brackets that follow.
fn list(text: &str) -> Option<Vec<&str>> {
    let inside = text.split_once('[')?.1.split_once(']')?.0;
    Some(inside.split(',').map(|name| name.split('(').next().unwrap_or(name).trim()).filter(|name| !name.is_empty()).collect())
}

fn named_list<'a>(text: &'a str, name: &str) -> Option<Vec<&'a str>> {
    list(text.split_once(name)?.1)
}

#[cfg(test)]
mod tests {
    use super::to_sql;

    const SCHEMA: &str = "model Order {\n  id Int @id // the key\n  userId Int @map(\"user_id\")\n  user User @relation(fields: [userId], references: [id])\n  tags Tag[]\n  @@map(\"orders\")\n}\nmodel User {\n  id Int @id\n  orders Order[]\n}\nmodel Tag {\n  name String @id\n  orders Order[]\n}\n";

    #[test]
    fn models_become_tables_on_their_lines() {
        let sql = to_sql(SCHEMA);
        let lines: Vec<&str> = sql.lines().collect();
        assert_eq!(
            lines[0],
            "CREATE TABLE \"orders\" (\"id\" Int, \"user_id\" Int, FOREIGN KEY (\"user_id\") REFERENCES \"User\" (\"id\"), PRIMARY KEY (\"id\"));"
        );
        assert_eq!(lines[7], "CREATE TABLE \"User\" (\"id\" Int, PRIMARY KEY (\"id\"));");
        assert!(sql.contains("CREATE TABLE \"_OrderToTag\"") && sql.contains("REFERENCES \"Tag\" (\"name\")"));
    }

    #[test]
    fn what_is_broken_is_passed_over() {
        assert_eq!(to_sql("model A {\n  x\n").lines().next(), Some("CREATE TABLE \"A\" ();"));
        assert_eq!(to_sql(""), "");
    }
}
