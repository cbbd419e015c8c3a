//! Forms of Django and WTForms: their fields are what a body carries.

use super::{Reading, last};
use crate::facts::{Call, Shape};
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::{Form, Kind, Property, Schema};
use crate::frameworks::python::{Kind as ObjectKind, Scope, Thing};

impl Reading<'_, '_> {
    /// True for forms of the tree.
    pub(super) fn is_form(&self, class: ClassId) -> bool {
        let above = self.evaluator.library_classes(&ObjectKind::Ours(class));
        above.iter().any(|path| {
            let of_forms = path.contains("forms") || path.contains("wtf") || path.starts_with("wtforms");
            of_forms && last(path).ends_with("Form")
        })
    }

    /// The form that a call makes: of a body, or, as Flask's extension does, of the request at hand.
    pub(super) fn form_made(&mut self, scope: &Scope, call: &Call, handed: bool) -> Option<Schema> {
        let class = self.thing(scope, call.callee).as_definition().filter(|class| self.evaluator.is_class(*class))?;
        if !self.is_form(class) {
            return None;
        }
        let above = self.evaluator.library_classes(&ObjectKind::Ours(class));
        let by_itself = above.iter().any(|path| last(path) == "FlaskForm");
        (handed || by_itself).then(|| self.form(class))
    }

    /// What a form takes.
    pub(super) fn form(&mut self, class: ClassId) -> Schema {
        self.component(class, "", |reading, class| {
            let mut properties: Vec<Property> = reading.form_of_model(class);
            for (name, scope, call) in reading.called_fields(class) {
                if let Some(property) = reading.form_field(&scope, &call, &name) {
                    properties.retain(|known| known.name != name);
                    properties.push(property);
                }
            }
            if properties.is_empty() { Schema::open_object(properties) } else { Schema::object(properties) }
        })
    }

    /// True for a form with a file.
    pub(super) fn has_file(&self, form: &Schema) -> bool {
        let form = if let Form::Reference(id) = &form.form { &self.out.component(*id).schema.form } else { &form.form };
        matches!(form, Form::Object { properties, .. } if properties.iter().any(|property| property.schema.is_file()))
    }

    /// The fields that a form takes from its model.
    fn form_of_model(&mut self, class: ClassId) -> Vec<Property> {
        let Some(meta) = self.evaluator.attribute(class, "Meta").as_definition() else { return Vec::new() };
        let Some(model) = self.evaluator.attribute(meta, "model").as_definition() else { return Vec::new() };
        let listed = self.evaluator.attribute(meta, "fields");
        let without = super::rest_serializers::texts(&self.evaluator.attribute(meta, "exclude"));
        let names = matches!(listed, Thing::List(_)).then(|| super::rest_serializers::texts(&listed));
        let fields = self.model_fields(model, 1).into_iter().filter(|field| !field.key && !field.read_only);
        let wanted =
            fields.filter(|field| names.as_ref().is_none_or(|names| names.contains(&field.name)) && !without.contains(&field.name));
        wanted.map(|field| Property::new(&field.name, field.schema, field.required)).collect()
    }

    /// `name = forms.CharField(required=False)`, `name = StringField("Name", validators=[DataRequired()])`
    fn form_field(&self, scope: &Scope, call: &Call, name: &str) -> Option<Property> {
        let words = self.field_classes(scope, call);
        let mut schema = words.iter().find_map(|word| of_field(word))?;
        if let Some(choices) = self.given(scope, call, usize::MAX, "choices").and_then(|value| self.choices_of(&self.thing(scope, value))) {
            schema.choices = choices.choices;
        }
        // Django's fields have to be filled in unless they say otherwise; those of WTForms where a validator asks for it.
        let facts = self.facts(scope.file);
        let by_validator = facts.argument(call, 1, "validators").map(|list| match facts.value(list).shape {
            Shape::List(parts) => facts.items(parts).iter().any(|part| {
                let callee = facts.as_call(*part).map_or(*part, |call| call.callee);
                matches!(facts.last_name(callee), Some("DataRequired" | "InputRequired"))
            }),
            _ => false,
        });
        let is_django = matches!(self.thing(scope, call.callee), Thing::Outside(path) if path.starts_with("django"));
        let required = match self.given_truth(scope, call, usize::MAX, "required") {
            Some(said) => said,
            None => by_validator == Some(true) || is_django && !words.iter().any(|word| word == "BooleanField"),
        };
        Some(Property::new(name, schema, required))
    }
}

/// What a field of a known class sends.
fn of_field(word: &str) -> Option<Schema> {
    Some(match word {
        "SubmitField" => return None,
        "EmailField" => Schema::formatted("email"),
        "URLField" => Schema::formatted("uri"),
        "UUIDField" => Schema::formatted("uuid"),
        "PasswordField" => Schema::formatted("password"),
        "CharField" | "StringField" | "TextAreaField" | "SlugField" | "RegexField" | "SearchField" | "TelField" | "ChoiceField"
        | "SelectField" | "RadioField" => Schema::text(),
        "IntegerField" | "IntegerRangeField" => Schema::integer(),
        "FloatField" | "DecimalField" => Schema::plain(Kind::Number),
        "BooleanField" | "NullBooleanField" => Schema::plain(Kind::Truth),
        "DateField" => Schema::formatted("date"),
        "DateTimeField" | "DateTimeLocalField" | "SplitDateTimeField" => Schema::formatted("date-time"),
        "FileField" | "ImageField" => Schema::formatted("binary"),
        "MultipleChoiceField" | "SelectMultipleField" | "ModelMultipleChoiceField" | "TypedMultipleChoiceField" => {
            Schema::array(Schema::open())
        }
        word if word.ends_with("Field") => Schema::open(),
        _ => return None,
    })
}
