//! Lists of REST framework: how they are cut into pages, and what they are asked for.

use super::rest_serializers::texts;
use super::{Place, Reading, last};
use crate::facts::Shape;
use crate::frameworks::orm::ClassId;
use crate::frameworks::payloads::schema::{Kind, Property, Schema};
use crate::frameworks::payloads::{In, Operation};
use crate::frameworks::python::{Scope, Thing};

impl Reading<'_, '_> {
    /// A list as its paginator hands it out.
    pub(super) fn page_of(&mut self, view: ClassId, item: Schema) -> Schema {
        let items = Schema::array(item);
        let Some(paginator) = self.paginator(view) else { return items };
        let words = self.object_class(&paginator);
        let own = paginator.as_definition().and_then(|class| self.evaluator.method(class, "get_paginated_response"));
        if let Some(method) = own
            && let Some(schema) = self.own_page(method, &items)
        {
            return schema;
        }
        let link = || Schema::formatted("uri").or_null();
        let has = |name: &str| words.iter().any(|path| last(path) == name);
        if has("CursorPagination") {
            return Schema::object(vec![
                Property::new("next", link(), false),
                Property::new("previous", link(), false),
                Property::new("results", items, true),
            ]);
        }
        if has("PageNumberPagination") || has("LimitOffsetPagination") {
            return Schema::object(vec![
                Property::new("count", Schema::integer(), true),
                Property::new("next", link(), false),
                Property::new("previous", link(), false),
                Property::new("results", items, true),
            ]);
        }
        items
    }

    /// `return Response({"total": ..., "items": data})` of a paginator of the tree.
    fn own_page(&mut self, (file, id): Place, items: &Schema) -> Option<Schema> {
        let facts = self.facts(file);
        let inside = facts.definition(id).values;
        let data = facts.parameters[facts.definition(id).parameters.range()].get(1)?.name;
        let scope = Scope::at(file, Some(id));
        let maps = facts.values.iter().enumerate().skip(inside.start as usize).take((inside.end - inside.start) as usize);
        let entries = maps.filter_map(|(_, value)| if let Shape::Map(entries) = value.shape { Some(entries) } else { None }).next_back()?;
        let mut properties = Vec::new();
        for entry in facts.entries[entries.range()].iter().copied() {
            let key = entry.key.and_then(|key| facts.as_literal(key))?;
            let schema = if facts.as_name(entry.value) == Some(data) { items.clone() } else { self.plain_value(&scope, entry.value) };
            properties.push(Property::new(key, schema, true));
        }
        Some(Schema::object(properties))
    }

    /// The class that cuts the lists of a view into pages.
    fn paginator(&self, view: ClassId) -> Option<Thing> {
        match self.evaluator.attribute(view, "pagination_class") {
            Thing::Nothing => None,
            Thing::Unknown => {
                let (scope, path) = self.setting("DEFAULT_PAGINATION_CLASS")?;
                let Thing::Text(path) = path else { return None };
                match self.evaluator.dotted(&scope, &path) {
                    Thing::Unknown => Some(Thing::Outside(path)),
                    found => Some(found),
                }
            }
            found => Some(found),
        }
    }

    /// A key of `REST_FRAMEWORK` in the settings.
    pub(super) fn setting(&self, key: &str) -> Option<(Scope, Thing)> {
        self.settings.iter().find_map(|(file, entries)| {
            let Thing::Map(entries) = entries else { return None };
            let (_, thing) = entries.iter().find(|(known, _)| &**known == key)?;
            Some((Scope::at(*file, None), thing.clone()))
        })
    }

    /// What lists are asked for: pages, filters, a search.
    pub(super) fn list_parameters(&mut self, view: ClassId, operation: &mut Operation) {
        let paginator = self.paginator(view);
        let words = paginator.as_ref().map(|thing| self.object_class(thing)).unwrap_or_default();
        let has = |name: &str| words.iter().any(|path| last(path) == name);
        let own = |name: &str| paginator.as_ref().and_then(Thing::as_definition).map(|class| self.evaluator.attribute(class, name));
        let said =
            |name: &str, usual: &str| own(name).and_then(|thing| thing.as_text().map(str::to_owned)).unwrap_or_else(|| usual.to_owned());
        let mut names: Vec<(String, Schema)> = Vec::new();
        if has("PageNumberPagination") {
            names.push((said("page_query_param", "page"), Schema::integer()));
            if let Some(size) = own("page_size_query_param").and_then(|thing| thing.as_text().map(str::to_owned)) {
                names.push((size, Schema::integer()));
            }
        }
        if has("LimitOffsetPagination") {
            names.push((said("limit_query_param", "limit"), Schema::integer()));
            names.push((said("offset_query_param", "offset"), Schema::integer()));
        }
        if has("CursorPagination") {
            names.push((said("cursor_query_param", "cursor"), Schema::text()));
        }
        for (name, schema) in names {
            operation.parameter(In::Query, &name, schema, false);
        }
        let backends = self.backends(view);
        let uses = |word: &str| backends.iter().any(|path| path.contains(word));
        if uses("SearchFilter") && !self.evaluator.attribute(view, "search_fields").is_unknown() {
            operation.parameter(In::Query, "search", Schema::text(), false);
        }
        if uses("OrderingFilter") {
            operation.parameter(In::Query, "ordering", Schema::text(), false);
        }
        let set = ["filterset_class", "filter_class"].iter().find_map(|word| self.evaluator.attribute(view, word).as_definition());
        if let Some(set) = set {
            self.filter_set(set, operation);
        }
        for word in ["filterset_fields", "filter_fields"] {
            filters(&self.evaluator.attribute(view, word), operation);
        }
    }

    fn backends(&self, view: ClassId) -> Vec<String> {
        let own = self.evaluator.attribute(view, "filter_backends");
        let thing = if own.is_unknown() { self.setting("DEFAULT_FILTER_BACKENDS").map_or(Thing::Unknown, |(_, thing)| thing) } else { own };
        let of = |item: &Thing| match item {
            Thing::Text(path) => vec![path.to_string()],
            item => self.object_class(item).iter().map(|path| path.to_string()).collect(),
        };
        thing.as_list().unwrap_or(&[]).iter().flat_map(of).collect()
    }

    /// The filters of a `FilterSet`.
    fn filter_set(&mut self, set: ClassId, operation: &mut Operation) {
        for field in self.fields(set) {
            let facts = self.facts(field.file);
            let Some(call) = facts.bindings[field.binding].value.and_then(|value| facts.as_call(value)) else { continue };
            let scope = Scope::at(field.file, Some(field.class));
            let words = self.field_classes(&scope, call);
            if !words.iter().any(|word| word.ends_with("Filter")) {
                continue;
            }
            let has = |part: &str| words.iter().any(|word| word.contains(part));
            let schema = if has("Boolean") {
                Schema::plain(Kind::Truth)
            } else if has("Multiple") || has("MultiValue") {
                Schema::array(Schema::open())
            } else if has("Number") {
                Schema::plain(Kind::Number)
            } else if has("CharFilter") {
                Schema::text()
            } else {
                Schema::open()
            };
            operation.parameter(In::Query, &field.name, schema, false);
        }
        if let Some(meta) = self.evaluator.attribute(set, "Meta").as_definition() {
            filters(&self.evaluator.attribute(meta, "fields"), operation);
        }
    }
}

/// Filters that a list or map of fields makes: `["name"]`, `{"name": ["exact", "in"]}`.
fn filters(thing: &Thing, operation: &mut Operation) {
    match thing {
        Thing::List(_) => texts(thing).iter().for_each(|name| operation.parameter(In::Query, name, Schema::open(), false)),
        Thing::Map(entries) => {
            for (name, lookups) in entries.iter() {
                for lookup in texts(lookups) {
                    let name = if lookup == "exact" { name.to_string() } else { format!("{name}__{lookup}") };
                    operation.parameter(In::Query, &name, Schema::open(), false);
                }
            }
        }
        _ => {}
    }
}
