//! Fields of a request as code names them one by one: `title`, `author.name`, `lines.*.amount`.

use super::schema::{Property, Schema};

/// How deep fields may stand in fields.
const DEEPEST: usize = 12;

/// Fields by name, in the order they are named.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Fields {
    known: Vec<(String, Field)>,
    /// There are more that could not be told.
    pub(super) open: bool,
}

/// One field: what is said of it, and the fields inside it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Field {
    schema: Option<Schema>,
    required: bool,
    inside: Fields,
}

impl Fields {
    /// Nothing was named.
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty() && !self.open
    }

    /// Adds a field; what was said of it before stays, unless nothing was.
    pub(super) fn add(&mut self, path: &str, schema: Schema, required: bool) {
        let steps: Vec<&str> = path.split('.').take(DEEPEST).collect();
        if steps.iter().any(|step| step.is_empty()) {
            return;
        }
        let field = self.field(&steps);
        field.required |= required;
        if field.schema.as_ref().is_none_or(Schema::is_open) {
            field.schema = Some(schema);
        }
    }

    /// True where a field of this name is known.
    pub(super) fn has(&self, name: &str) -> bool {
        self.known.iter().any(|(known, _)| known == name)
    }

    /// Takes a field back.
    pub(super) fn remove(&mut self, name: &str) {
        self.known.retain(|(known, _)| known != name);
    }

    /// Says that a field need not be there.
    pub(super) fn not_required(&mut self) {
        for (_, field) in &mut self.known {
            field.required = false;
        }
    }

    fn field(&mut self, steps: &[&str]) -> &mut Field {
        let (first, rest) = steps.split_first().expect("a path has a step");
        let place = self.known.iter().position(|(name, _)| name == first).unwrap_or_else(|| {
            self.known.push(((*first).to_owned(), Field::default()));
            self.known.len() - 1
        });
        let field = &mut self.known[place].1;
        if rest.is_empty() { field } else { field.inside.field(rest) }
    }

    /// Everything another has too.
    pub(super) fn extend(&mut self, other: Self) {
        self.open |= other.open;
        for (name, field) in other.known {
            let own = self.field(&[&name]);
            own.required |= field.required;
            if own.schema.as_ref().is_none_or(Schema::is_open) {
                own.schema = field.schema;
            }
            own.inside.extend(field.inside);
        }
    }

    /// Every field at the top with what it is, and whether it has to be there.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, Schema, bool)> {
        self.known.iter().map(|(name, field)| (name.as_str(), field.schema(), field.required()))
    }

    /// An object of them.
    pub(super) fn schema(&self) -> Schema {
        let properties = self.each().map(|(name, schema, required)| Property::new(name, schema, required)).collect();
        if self.open { Schema::open_object(properties) } else { Schema::object(properties) }
    }
}

impl Field {
    /// A field inside that has to be there needs what is around it, unless that is said to be optional.
    fn required(&self) -> bool {
        self.required || self.schema.is_none() && self.inside.known.iter().any(|(name, field)| name != "*" && field.required())
    }

    fn schema(&self) -> Schema {
        let own = self.schema.clone().unwrap_or_else(Schema::open);
        if self.inside.is_empty() {
            return own;
        }
        let form = match &self.inside.known[..] {
            [(name, items)] if name == "*" => Schema::array(items.schema()),
            _ => self.inside.schema(),
        };
        Schema { form: form.form, ..own }
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;
    use crate::frameworks::payloads::schema::{Form, Schema};

    #[test]
    fn stars_are_lists_and_dots_are_objects() {
        let mut fields = Fields::default();
        fields.add("lines.*.amount", Schema::integer(), true);
        fields.add("buyer.name", Schema::text(), true);
        fields.add("", Schema::text(), true);
        let rows: Vec<(&str, Form, bool)> = fields.each().map(|(name, schema, required)| (name, schema.form, required)).collect();
        assert_eq!(rows.len(), 2);
        assert!(matches!(&rows[0], ("lines", Form::Array(_), false)));
        assert!(matches!(&rows[1], ("buyer", Form::Object { .. }, true)));
    }
}
