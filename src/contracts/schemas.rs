//! Schemas as OpenAPI 3.0 and 3.1 write them.

use super::Version;
use super::names::{ComponentNames, Way, goes};
use super::tree::{Keys, Node};
use crate::frameworks::payloads::Payloads;
use crate::frameworks::payloads::schema::{Bound, ComponentId, Form, Kind, Literal, Property, Schema};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Writes the schemas of one document, and keeps which components it has named.
pub(super) struct Writer<'a> {
    payloads: &'a Payloads,
    names: &'a ComponentNames,
    version: Version,
    named: RefCell<BTreeSet<(ComponentId, Way)>>,
}

impl<'a> Writer<'a> {
    /// For one document.
    pub(super) fn new(payloads: &'a Payloads, names: &'a ComponentNames, version: Version) -> Self {
        Self { payloads, names, version, named: RefCell::default() }
    }

    /// Every component that was named so far, and those they name themselves; none where there is none.
    pub(super) fn components(&self) -> Option<Node> {
        let mut written: BTreeMap<String, Node> = BTreeMap::new();
        let mut done: BTreeSet<(ComponentId, Way)> = BTreeSet::new();
        loop {
            let open: Vec<(ComponentId, Way)> = self.named.borrow().difference(&done).copied().collect();
            if open.is_empty() {
                break;
            }
            for (id, way) in open {
                done.insert((id, way));
                let node = self.schema(&self.payloads.component(id).schema, way);
                written.insert(self.names.name(id, way).to_owned(), node);
            }
        }
        (!written.is_empty()).then(|| Node::Map(written.into_iter().collect()))
    }

    /// One schema.
    pub(super) fn schema(&self, schema: &Schema, way: Way) -> Node {
        let keys = match &schema.form {
            Form::Unknown => return self.around(self.rules(Keys::default(), schema).node(), schema),
            Form::Reference(id) => {
                let way = self.names.way(*id, way);
                self.named.borrow_mut().insert((*id, way));
                let target = format!("#/components/schemas/{}", self.names.name(*id, way));
                return self.reference(&target, schema);
            }
            Form::OneOf(parts) => {
                let key = "anyOf";
                let parts = parts.iter().map(|part| self.schema(part, way)).collect();
                return self.around(self.rules(Keys::default().with(key, Node::List(parts)), schema).node(), schema);
            }
            Form::AllOf(parts) => {
                let parts = parts.iter().map(|part| self.schema(part, way)).collect();
                return self.around(self.rules(Keys::default().with("allOf", Node::List(parts)), schema).node(), schema);
            }
            Form::Plain(kind, format) => {
                let typed = self.typed(kind.word(), schema);
                typed.maybe("format", format.map(Node::text))
            }
            Form::Array(inner) => self.typed("array", schema).with("items", self.schema(inner, way)),
            Form::Map(inner) => self.typed("object", schema).with("additionalProperties", self.schema(inner, way)),
            Form::Object { properties, open } => self.object(properties, *open, schema, way),
        };
        self.rules(keys, schema).node()
    }

    fn object(&self, properties: &[Property], open: bool, schema: &Schema, way: Way) -> Keys {
        let going: Vec<&Property> = properties.iter().filter(|property| goes(&property.schema, way)).collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let going: Vec<&Property> = going.into_iter().filter(|property| seen.insert(&property.name)).collect();
        let written = going.iter().map(|property| (property.name.clone(), self.schema(&property.schema, way))).collect::<Vec<_>>();
        let required: Vec<&str> = going.iter().filter(|property| property.required).map(|property| property.name.as_str()).collect();
        self.typed("object", schema)
            .maybe("properties", (!written.is_empty()).then_some(Node::Map(written)))
            .maybe("required", (!required.is_empty()).then(|| Node::texts(required)))
            .maybe("additionalProperties", (open || schema.closed).then_some(Node::Truth(open)))
    }

    /// `type`, with the version's way of saying that null is allowed.
    fn typed(&self, word: &str, schema: &Schema) -> Keys {
        match (schema.nullable, self.version) {
            (false, _) => Keys::default().with("type", Node::text(word)),
            (true, Version::V31) => Keys::default().with("type", Node::texts([word, "null"])),
            (true, Version::V30) => Keys::default().with("type", Node::text(word)).with("nullable", Node::Truth(true)),
        }
    }

    /// A reference; what else is known of it stands around it, because 3.0 reads nothing beside a reference.
    fn reference(&self, target: &str, schema: &Schema) -> Node {
        let bare = Keys::default().with("$ref", Node::text(target)).node();
        let rules = self.rules(Keys::default(), schema).node();
        let has_rules = rules != Node::Map(Vec::new());
        match schema.nullable {
            false if !has_rules => bare,
            true => self.rules(Keys::default().with("anyOf", Node::List(vec![bare, self.null()])), schema).node(),
            false => self.rules(Keys::default().with("allOf", Node::List(vec![bare])), schema).node(),
        }
    }

    /// A schema without a type of its own, which may be null.
    fn around(&self, node: Node, schema: &Schema) -> Node {
        // What has no rule may be null already.
        if !schema.nullable || node == Node::Map(Vec::new()) {
            return node;
        }
        Keys::default().with("anyOf", Node::List(vec![node, self.null()])).node()
    }

    /// Nothing but null. 3.0 has no such type, and there `nullable` says something only beside a type (3.0.3, 4.7.24).
    fn null(&self) -> Node {
        match self.version {
            Version::V31 => Keys::default().with("type", Node::text("null")).node(),
            Version::V30 => Keys::default()
                .with("type", Node::text("string"))
                .with("nullable", Node::Truth(true))
                .with("enum", Node::List(vec![Node::Null]))
                .node(),
        }
    }

    /// Choices, bounds and the default.
    fn rules(&self, mut keys: Keys, schema: &Schema) -> Keys {
        if !schema.choices.is_empty() {
            let mut choices: Vec<&Literal> = Vec::new();
            schema.choices.iter().for_each(|choice| {
                if !choices.contains(&choice) {
                    choices.push(choice);
                }
            });
            let mut all: Vec<Node> = choices.into_iter().map(literal).collect();
            if schema.nullable && !all.contains(&Node::Null) {
                all.push(Node::Null);
            }
            keys = keys.with("enum", Node::List(all));
        }
        keys = keys.maybe("default", schema.default.as_ref().map(literal));
        for (bound, value) in schema.bounds.iter().filter(|(bound, _)| fits(*bound, &schema.form)) {
            keys = match (bound, self.version) {
                (Bound::ExclusiveMinimum, Version::V30) => keys.with("minimum", literal(value)).with("exclusiveMinimum", Node::Truth(true)),
                (Bound::ExclusiveMaximum, Version::V30) => keys.with("maximum", literal(value)).with("exclusiveMaximum", Node::Truth(true)),
                (bound, _) => keys.with(bound.word(), literal(value)),
            };
        }
        keys
    }
}

/// A bound says nothing about values of another kind.
fn fits(bound: Bound, form: &Form) -> bool {
    match bound {
        Bound::MinLength | Bound::MaxLength | Bound::Pattern => matches!(form, Form::Plain(Kind::Text, _)),
        Bound::MinItems | Bound::MaxItems => matches!(form, Form::Array(_)),
        _ => matches!(form, Form::Plain(Kind::Integer | Kind::Number, _)),
    }
}

/// A written value.
pub(super) fn literal(literal: &Literal) -> Node {
    match literal {
        Literal::Text(text) => Node::text(text),
        Literal::Integer(number) => Node::Integer(*number),
        Literal::Decimal(number) => number.parse().map_or_else(|_| Node::text(number), Node::Decimal),
        Literal::Truth(truth) => Node::Truth(*truth),
        Literal::Nothing => Node::Null,
    }
}
