//! Laravel's rules of validation: which fields a request has, and what each may be.

use super::Reading;
use super::frames::Frame;
use crate::facts::{Binds, Shape, ValueId};
use crate::frameworks::orm::Ancestor;
use crate::frameworks::payloads::fields::Fields;
use crate::frameworks::payloads::schema::{Bound, Form, Kind, Literal, Schema};
use std::rc::Rc;

/// How deep arrays of rules may be put together.
const DEEPEST: u32 = 8;

/// What the rules of one field say so far.
#[derive(Default)]
struct Rule {
    form: Option<Form>,
    required: bool,
    nullable: bool,
    confirmed: bool,
    file: bool,
    choices: Vec<Literal>,
    bounds: Vec<(String, Vec<String>)>,
}

impl Reading<'_> {
    /// The fields that an array of rules names.
    pub(super) fn rules(&self, frame: &Rc<Frame>, value: ValueId) -> Fields {
        let mut fields = Fields::default();
        self.add_rules(frame, value, DEEPEST, &mut fields);
        fields
    }

    fn add_rules(&self, frame: &Rc<Frame>, value: ValueId, left: u32, out: &mut Fields) {
        let (Some(left), Some(_inside)) = (left.checked_sub(1), self.go_on()) else {
            out.open = true;
            return;
        };
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::Map(entries) => {
                for entry in &facts.entries[entries.range()] {
                    match entry.key.map(|key| self.text(frame, key)) {
                        Some(Some(name)) => self.add_rule(frame, &name, entry.value, out),
                        Some(None) => out.open = true,
                        None => self.add_rules(frame, entry.value, left, out),
                    }
                }
            }
            Shape::List(parts) if facts.items(parts).is_empty() => {}
            Shape::Name(name) if facts.text(name).starts_with('$') => self.add_variable(frame, value, left, out),
            // `$a + $b`, `parent::rules() + [...]`
            Shape::Other(parts) => facts.items(parts).iter().for_each(|part| self.add_rules(frame, *part, left, out)),
            Shape::Choice(parts) => {
                for part in facts.items(parts) {
                    let mut some = Fields::default();
                    self.add_rules(frame, *part, left, &mut some);
                    some.not_required();
                    out.extend(some);
                }
            }
            Shape::Call(_) => {
                let Some(call) = facts.as_call(value) else { return };
                if matches!(facts.last_name(call.callee), Some("array_merge" | "array_replace" | "array_filter" | "array_merge_recursive"))
                {
                    facts.arguments_of(call).iter().for_each(|argument| self.add_rules(frame, argument.value, left, out));
                    return;
                }
                match self.target(frame, call).and_then(|(target, this)| self.enter(frame, call, target, this)) {
                    Some(inner) => out.extend(self.returned_rules(&inner, left)),
                    None => out.open = true,
                }
            }
            Shape::Member(object, name) if crate::frameworks::php::is_this(facts, object) => {
                match frame.this.and_then(|class| self.classes.value_of(class, facts.text(name))) {
                    Some((file, value)) => {
                        let inner = Frame::outermost(file, frame.function, frame.this);
                        self.add_rules(&inner, value, left, out);
                    }
                    None => out.open = true,
                }
            }
            _ => out.open = true,
        }
    }

    /// A variable that grows: the arrays it is given, and what is put under its keys.
    fn add_variable(&self, frame: &Rc<Frame>, value: ValueId, left: u32, out: &mut Fields) {
        let facts = self.facts(frame);
        let owner = self.owner(frame, value);
        let name = facts.as_name(value);
        let mut any = false;
        for binding in facts.bindings_in(owner).filter(|binding| binding.target.0 < value.0) {
            let Some(given) = binding.value.filter(|_| matches!(binding.binds, Binds::Assign | Binds::Augment)) else { continue };
            let conditional = facts.blocks.iter().any(|block| block.values.contains(binding.target.0) && !block.values.contains(value.0));
            let mut some = Fields::default();
            match facts.value(binding.target).shape {
                Shape::Name(own) if Some(own) == name => self.add_rules(frame, given, left, &mut some),
                Shape::Item(object, key) if facts.as_name(object) == name => match self.text(frame, key) {
                    Some(key) => self.add_rule(frame, &key, given, &mut some),
                    None => some.open = true,
                },
                _ => continue,
            }
            any = true;
            if conditional {
                some.not_required();
            }
            out.extend(some);
        }
        if any {
            return;
        }
        match &self.origins(frame, value)[..] {
            [(from, origin)] if *origin != value || from.file != frame.file => self.add_rules(from, *origin, left, out),
            _ => out.open = true,
        }
    }

    /// The rules that a function hands back; a field that only some of its ways name need not be there.
    pub(super) fn returned_rules(&self, inner: &Rc<Frame>, left: u32) -> Fields {
        let returned = self.returned(inner);
        let mut fields = Fields::default();
        fields.open = returned.is_empty();
        for value in &returned {
            let mut some = Fields::default();
            self.add_rules(inner, *value, left, &mut some);
            if returned.len() > 1 {
                some.not_required();
            }
            fields.extend(some);
        }
        fields
    }

    fn add_rule(&self, frame: &Rc<Frame>, name: &str, value: ValueId, out: &mut Fields) {
        let mut rule = Rule::default();
        self.read_rule(frame, value, 4, &mut rule);
        let (required, confirmed) = (rule.required, rule.confirmed);
        let schema = rule.schema();
        if confirmed {
            out.add(&format!("{name}_confirmation"), schema.clone(), required);
        }
        out.add(name, schema, required);
    }

    fn read_rule(&self, frame: &Rc<Frame>, value: ValueId, left: u32, rule: &mut Rule) {
        let Some(left) = left.checked_sub(1) else { return };
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::List(parts) => facts.items(parts).iter().for_each(|part| self.read_rule(frame, *part, left, rule)),
            Shape::Map(entries) => facts.entries[entries.range()].iter().for_each(|entry| self.read_rule(frame, entry.value, left, rule)),
            Shape::Call(_) => self.read_object(frame, value, rule),
            // `'required|unique:orders,code,' . $id`: what stands before the hole is told.
            Shape::Joined(first, _) if facts.as_literal(value).is_none() && self.text(frame, value).is_none() => {
                self.read_rule(frame, first, left, rule);
            }
            Shape::Template(parts) if self.text(frame, value).is_none() => {
                if let Some(first) = facts.items(parts).first() {
                    self.read_rule(frame, *first, left, rule);
                }
            }
            _ => {
                if let Some(text) = self.text(frame, value) {
                    // A pattern may hold bars of its own, so it stands in an array or last.
                    text.split('|').for_each(|word| rule.word(word));
                }
            }
        }
    }

    /// `Rule::in([...])`, `new Enum(Status::class)`, `Password::min(8)`; other objects say nothing.
    fn read_object(&self, frame: &Rc<Frame>, value: ValueId, rule: &mut Rule) {
        let facts = self.facts(frame);
        let mut at = value;
        // The chain's beginning says what it is: `Rule::unique('orders')->ignore($id)`.
        for _ in 0..12 {
            let Some(call) = facts.as_call(at) else { return };
            let Shape::Member(object, name) = facts.value(call.callee).shape else { return };
            if matches!(facts.value(object).shape, Shape::Call(_)) {
                at = object;
                continue;
            }
            let first = facts.arguments_of(call).first().map(|argument| argument.value);
            let name = facts.text(name);
            let class = facts.last_name(object).unwrap_or_default();
            match (class, name, first) {
                ("Rule", "in", Some(list)) => {
                    rule.choices =
                        self.classes.elements(frame.file, self.owner(frame, list), list, false, 6).into_iter().map(Literal::Text).collect();
                }
                ("Rule", "requiredIf" | "excludeIf", _) => {}
                ("Rule", "enum", Some(class)) | ("Enum", "__construct", Some(class)) => {
                    if let Some(Ancestor::Ours(class)) = self.classes.class_of(frame.file, self.owner(frame, class), class) {
                        rule.choices = self.cases(class);
                    }
                }
                ("Password", _, _) => rule.form = Some(Form::Plain(Kind::Text, Some("password"))),
                ("File", _, _) => rule.file = true,
                _ => {}
            }
            return;
        }
    }

    /// The values of an enumeration's cases.
    fn cases(&self, (file, class): crate::frameworks::orm::ClassId) -> Vec<Literal> {
        let facts = self.classes.facts(file);
        let cases = facts.bindings_in(Some(class)).filter(|binding| binding.binds == Binds::Constant);
        let values = cases.filter_map(|case| match facts.value(case.value?).shape {
            Shape::Literal(text) => Some(Literal::Text(facts.text(text).to_owned())),
            Shape::Number(text) => facts.text(text).parse().ok().map(Literal::Integer),
            _ => None,
        });
        values.collect()
    }
}

impl Rule {
    fn word(&mut self, word: &str) {
        let (name, given) = word.split_once(':').unwrap_or((word, ""));
        let plain = |kind| Some(Form::Plain(kind, None));
        let format = |format| Some(Form::Plain(Kind::Text, Some(format)));
        match name.trim() {
            "required" => self.required = true,
            "nullable" => self.nullable = true,
            "confirmed" => self.confirmed = true,
            "string" | "alpha" | "alpha_num" | "alpha_dash" | "timezone" | "json" | "hex_color" | "ulid" | "current_password" => {
                self.form = self.form.take().or(plain(Kind::Text));
            }
            "starts_with" | "ends_with" | "digits" | "digits_between" | "date_format" | "regex" => {}
            "integer" | "int" => self.form = plain(Kind::Integer),
            "numeric" | "decimal" => self.form = self.form.take().or(plain(Kind::Number)),
            "boolean" | "bool" | "accepted" | "declined" => self.form = plain(Kind::Truth),
            "array" | "list" => self.form = Some(Form::Unknown),
            "email" => self.form = format("email"),
            "url" | "active_url" => self.form = format("uri"),
            "uuid" => self.form = format("uuid"),
            "ipv4" => self.form = format("ipv4"),
            "ipv6" => self.form = format("ipv6"),
            "ip" | "mac_address" => self.form = plain(Kind::Text),
            "date" | "after" | "before" | "after_or_equal" | "before_or_equal" => self.form = self.form.take().or(plain(Kind::Text)),
            "file" | "image" | "mimes" | "mimetypes" | "dimensions" | "extensions" => self.file = true,
            "in" => self.choices = given.split(',').map(|choice| Literal::Text(choice.trim().trim_matches('"').to_owned())).collect(),
            "min" | "max" | "size" | "between" => {
                self.bounds.push((name.trim().to_owned(), given.split(',').map(|part| part.trim().to_owned()).collect()));
            }
            _ => {}
        }
    }

    /// What they come to. A bound counts letters, items or the number itself, so without a type it says nothing.
    fn schema(self) -> Schema {
        let form = match self.form {
            _ if self.file => Form::Plain(Kind::Text, Some("binary")),
            Some(form) => form,
            None => Form::Unknown,
        };
        let (least, most) = match form {
            Form::Plain(Kind::Integer | Kind::Number, _) => (Bound::Minimum, Bound::Maximum),
            Form::Plain(Kind::Text, format) if format != Some("binary") => (Bound::MinLength, Bound::MaxLength),
            _ => return Schema { nullable: self.nullable, choices: self.choices, ..Schema::of(form) },
        };
        let is_number = least == Bound::Minimum;
        let mut schema = Schema { nullable: self.nullable, ..Schema::of(form) };
        for (name, given) in &self.bounds {
            let literal = |text: &String| match text.parse::<i64>() {
                Ok(number) if is_number || number >= 0 => Some(Literal::Integer(number)),
                _ => text.parse::<f64>().ok().filter(|number| is_number && number.is_finite()).map(|_| Literal::Decimal(text.clone())),
            };
            let (low, high) = match (name.as_str(), &given[..]) {
                ("min", [low]) => (literal(low), None),
                ("max", [high]) => (None, literal(high)),
                ("size", [both]) => (literal(both), literal(both)),
                ("between", [low, high]) => (literal(low), literal(high)),
                _ => (None, None),
            };
            schema.bounds.extend(low.map(|value| (least, value)));
            schema.bounds.extend(high.map(|value| (most, value)));
        }
        schema.bounds.dedup_by_key(|(bound, _)| *bound);
        let of_kind = |choice: Literal| match (is_number, &choice) {
            (true, Literal::Text(text)) => text.parse().map_or(choice.clone(), Literal::Integer),
            _ => choice,
        };
        schema.choices = self.choices.into_iter().map(of_kind).collect();
        schema
    }
}
