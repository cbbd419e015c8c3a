//! Fields of Django's models, as REST framework derives fields from them.

use super::{Reading, last};
use crate::facts::Call;
use crate::frameworks::django::tables::inherited_columns;
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::{Bound, Form, Kind, Literal, Schema};
use crate::frameworks::python::{Kind as ObjectKind, Scope, Thing};

/// One field of a model.
#[derive(Clone, Debug)]
pub(super) struct ModelField {
    pub(super) name: String,
    pub(super) schema: Schema,
    /// A request has to have it.
    pub(super) required: bool,
    pub(super) read_only: bool,
    /// Stands for the row itself.
    pub(super) key: bool,
}

impl Reading<'_, '_> {
    /// The fields of a model in the order they are written, those of the classes above first.
    pub(super) fn model_fields(&self, model: ClassId, left: u32) -> Vec<ModelField> {
        let mut all: Vec<ModelField> = Vec::new();
        for (name, scope, call) in self.called_fields(model) {
            let words = self.field_classes(&scope, &call);
            if let Some(made) = self.database_field(&scope, &call, &name, &words, left) {
                all.push(made);
            }
        }
        self.add_inherited(model, &mut all);
        if !all.iter().any(|field| field.key) {
            let schema = Schema::integer();
            all.insert(0, ModelField { name: "id".to_owned(), schema, required: false, read_only: true, key: true });
        }
        all
    }

    /// Fields that libraries' models hand on to a model; their types are not looked up.
    fn add_inherited(&self, model: ClassId, all: &mut Vec<ModelField>) {
        for path in self.evaluator.library_classes(&ObjectKind::Ours(model)) {
            let Some((columns, many)) = inherited_columns(&path) else { continue };
            let of_columns = columns.iter().map(|column| {
                let name = column.split_once('>').map_or(*column, |(name, _)| name.strip_suffix("_id").unwrap_or(name));
                (name, Schema::open())
            });
            let of_many = many.iter().map(|(name, _)| (*name, Schema::array(Schema::open())));
            for (name, schema) in of_columns.chain(of_many) {
                let key = name.starts_with('*');
                let name = name.trim_start_matches('*');
                if !all.iter().any(|field| field.name == name) {
                    all.push(ModelField { name: name.to_owned(), schema, required: false, read_only: key, key });
                }
            }
        }
    }

    /// The names of a field's class and those above it, nearest first; of ours and of libraries'.
    pub(super) fn field_classes(&self, scope: &Scope, call: &Call) -> Vec<String> {
        match self.thing(scope, call.callee) {
            Thing::Outside(path) => vec![last(&path).to_owned()],
            Thing::Definition(file, id) if self.evaluator.is_class((file, id)) => {
                let own = self.evaluator.classes.line((file, id)).map(|class| self.bare_name(class).to_owned());
                let above = self.evaluator.library_classes(&ObjectKind::Ours((file, id)));
                own.chain(above.iter().map(|path| last(path).to_owned())).collect()
            }
            _ => self.facts(scope.file).last_name(call.callee).map(str::to_owned).into_iter().collect(),
        }
    }

    fn database_field(&self, scope: &Scope, call: &Call, name: &str, words: &[String], left: u32) -> Option<ModelField> {
        let relation =
            words.iter().find(|word| matches!(word.as_str(), "ForeignKey" | "OneToOneField" | "ManyToManyField" | "TreeForeignKey"));
        let known = words.iter().find_map(|word| of_field_class(word));
        let truth = |word: &str| self.given_truth(scope, call, usize::MAX, word);
        let key = truth("primary_key") == Some(true);
        let has = |word: &str| self.given(scope, call, usize::MAX, word).is_some();
        let auto = words.iter().any(|word| matches!(word.as_str(), "AutoField" | "BigAutoField" | "SmallAutoField"));
        let read_only = truth("editable") == Some(false) || truth("auto_now") == Some(true) || truth("auto_now_add") == Some(true) || auto;
        let nullable = truth("null") == Some(true);
        let optional = nullable || truth("blank") == Some(true) || has("default");
        let mut schema = match (relation.map(String::as_str), known) {
            (Some("ManyToManyField"), _) => Schema::array(self.target_key(scope, call, left)),
            (Some(_), _) => self.target_key(scope, call, left),
            (None, Some(schema)) => schema,
            (None, None) if words.iter().any(|word| word.ends_with("Field")) && !words.iter().any(|word| word == "GenericForeignKey") => {
                Schema::open()
            }
            (None, None) => return None,
        };
        let length = self.given(scope, call, usize::MAX, "max_length").and_then(|value| self.literal(scope, value));
        if let (Some(length @ Literal::Integer(1..)), Form::Plain(Kind::Text, None)) = (length, &schema.form) {
            schema.bounds.push((Bound::MaxLength, length));
        }
        if let Some(choices) = self.given(scope, call, usize::MAX, "choices")
            && let Some(choices) = self.choices_of(&self.thing(scope, choices))
        {
            schema.choices = choices.choices;
            if truth("blank") == Some(true) && !schema.choices.is_empty() && schema.form == Form::Plain(Kind::Text, None) {
                schema.choices.push(Literal::Text(String::new()));
            }
        }
        schema.nullable = nullable;
        Some(ModelField { name: name.to_owned(), schema, required: !optional && !read_only, read_only, key })
    }

    /// The choices that `choices=` names: a list of pairs, an enumeration, or its `choices`.
    pub(super) fn choices_of(&self, thing: &Thing) -> Option<Schema> {
        match thing {
            Thing::Definition(file, id) if self.is_enum((*file, *id)) => Some(self.choices((*file, *id))),
            thing => self.choices_in(thing),
        }
    }

    /// What the key of the model looks like that a relation points at.
    fn target_key(&self, scope: &Scope, call: &Call, left: u32) -> Schema {
        let target = self.given(scope, call, 0, "to").map(|value| self.thing(scope, value));
        let class = match target {
            Some(Thing::Definition(file, id)) if self.evaluator.is_class((file, id)) => Some((file, id)),
            Some(Thing::Text(text)) => self.model_called(&text),
            _ => None,
        };
        match class {
            Some(class) if left > 0 => {
                let fields = self.model_fields_key(class, left - 1);
                fields.unwrap_or_else(Schema::open)
            }
            _ => Schema::open(),
        }
    }

    fn model_fields_key(&self, class: ClassId, left: u32) -> Option<Schema> {
        let found = self.model_fields(class, left).into_iter().find(|field| field.key)?;
        Some(Schema { bounds: Vec::new(), ..found.schema })
    }

    /// The model that `"app.Model"` or `"Model"` means, where only one class is called so.
    fn model_called(&self, text: &str) -> Option<ClassId> {
        let found = self.by_name.get(last(text))?;
        let models: Vec<ClassId> = found
            .iter()
            .copied()
            .filter(|class| self.is_kind_of(*class, &["Model", "AbstractUser", "AbstractBaseUser", "MPTTModel"]))
            .collect();
        if let [only] = models[..] { Some(only) } else { None }
    }
}

/// What a field of a known class holds.
fn of_field_class(word: &str) -> Option<Schema> {
    Some(match word {
        "CharField"
        | "TextField"
        | "SlugField"
        | "FilePathField"
        | "GenericIPAddressField"
        | "IPAddressField"
        | "CICharField"
        | "CITextField" => Schema::text(),
        "EmailField" | "CIEmailField" => Schema::formatted("email"),
        "URLField" | "FileField" | "ImageField" => Schema::formatted("uri"),
        "UUIDField" => Schema::formatted("uuid"),
        "AutoField" | "BigAutoField" | "SmallAutoField" | "IntegerField" | "BigIntegerField" | "SmallIntegerField" => Schema::integer(),
        "PositiveIntegerField" | "PositiveSmallIntegerField" | "PositiveBigIntegerField" => {
            let mut schema = Schema::integer();
            schema.bounds.push((Bound::Minimum, Literal::Integer(0)));
            schema
        }
        "FloatField" => Schema::plain(Kind::Number),
        // Decimals are texts unless the settings say otherwise.
        "DecimalField" => Schema::formatted("decimal"),
        "BooleanField" | "NullBooleanField" => Schema::plain(Kind::Truth),
        "DateTimeField" => Schema::formatted("date-time"),
        "DateField" => Schema::formatted("date"),
        "TimeField" => Schema::formatted("time"),
        "DurationField" | "BinaryField" => Schema::text(),
        "JSONField" | "HStoreField" => Schema::open(),
        "ArrayField" => Schema::array(Schema::open()),
        _ => return None,
    })
}
