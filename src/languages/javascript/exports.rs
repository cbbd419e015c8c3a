//! What a file gives to others: `export`, `module.exports`, `exports.a`.

use super::{Capture, Walk};
use crate::facts::{Binding, Binds, Shape, Text, ValueId};
use crate::languages::walk::Reads;
use tree_sitter::Node;

impl Walk<'_> {
    /// `export` in all its forms.
    pub(super) fn export_statement(&mut self) {
        let node = self.node();
        self.out.facts_mut().is_module = true;
        if let Some(source) = node.child_by_field_id(self.fields.source) {
            return self.re_export(node, source);
        }
        let is_default = Self::has_word(node, "default");
        let is_assignment = Self::has_word(node, "=");
        let declaration = self.fields.declaration;
        self.each(|walk, field| match walk.capture() {
            Some(Capture::Nothing) => {}
            Some(Capture::Decorator) => {
                let value = walk.inner();
                walk.state.decorators.push(value);
            }
            None if walk.node().kind() == "export_clause" => walk.export_names(),
            _ if field == declaration => {
                let name = walk.node().child_by_field_id(walk.fields.name).filter(|_| is_default);
                let (line, name) = (walk.line(), name.map(|name| walk.out.intern(walk.slice(name))));
                walk.statement();
                if let Some(name) = name {
                    let value = walk.out.value(line, Shape::Name(name));
                    walk.export("default", Some(value));
                }
            }
            _ if is_default || is_assignment => {
                let value = walk.named_value("default");
                walk.export("default", Some(value));
            }
            _ => walk.statement(),
        });
    }

    /// `export { a as b } from './x'`, `export * from './x'`, `export * as ns from './x'`
    fn re_export(&mut self, node: Node<'_>, source: Node<'_>) {
        let target = self.target_of(source);
        let outer = self.out.type_only;
        self.out.type_only |= self.is_for_types(node);
        let mut walker = node.walk();
        let clause = node.named_children(&mut walker).find(|child| matches!(child.kind(), "export_clause" | "namespace_export"));
        match clause {
            Some(clause) if clause.kind() == "export_clause" => self.specifiers(clause, target),
            Some(namespace) => {
                let local = namespace.named_child(0).map(|name| self.out.intern(self.slice(name)));
                self.add_import(target, None, local);
            }
            None => {
                let all = self.out.intern("*");
                self.add_import(target, Some(all), None);
            }
        }
        self.out.type_only = outer;
    }

    /// `export { a, b as c }`: only the other name is news.
    fn export_names(&mut self) {
        let fields = (self.fields.name, self.fields.alias);
        self.each(|walk, _| {
            let node = walk.node();
            let (Some(name), Some(alias)) = (node.child_by_field_id(fields.0), node.child_by_field_id(fields.1)) else { return };
            let (line, own) = (walk.line(), walk.out.intern(walk.slice(name)));
            let value = walk.out.value(line, Shape::Name(own));
            let alias = walk.slice(alias).trim_matches(['"', '\'']);
            walk.export(alias, Some(value));
        });
    }

    /// Notes a name that other files can take. It is the file's, wherever the assignment stands.
    fn export(&mut self, name: &str, value: Option<ValueId>) {
        let (line, name) = (self.line(), self.out.intern(name));
        let target = self.out.value(line, Shape::Name(name));
        let binding = Binding { binds: Binds::Export, target, value, annotation: None, owner: None, line };
        self.out.facts_mut().bindings.push(binding);
    }

    /// An assignment to `module.exports`, `exports.a` or another name of them.
    pub(super) fn note_exported(&mut self, target: ValueId, value: Option<ValueId>) {
        let facts = self.out.facts();
        if self.is_exports(target) {
            self.export("default", value);
            let Some(Shape::Map(entries)) = value.map(|value| self.out.facts().value(value).shape) else {
                return self.hand_on(value);
            };
            let entries = self.out.facts().entries[entries.range()].to_vec();
            for entry in entries {
                let Some(Shape::Literal(key)) = entry.key.map(|key| self.out.facts().value(key).shape) else { continue };
                let key = self.out.text(key).to_owned();
                self.export(&key, Some(entry.value));
            }
        } else if let Shape::Member(object, name) = facts.value(target).shape
            && (self.is_exports(object) || self.is_name(object, "exports") || self.is_alias(object))
        {
            let name = self.out.text(name).to_owned();
            self.export(&name, value);
        }
    }

    /// `module.exports = require('./x')` hands on all of the other file.
    fn hand_on(&mut self, value: Option<ValueId>) {
        if let (Some((index, call)), Some(value)) = (self.state.required, value)
            && call == value
        {
            let all = self.out.intern("*");
            self.out.facts_mut().imports[index as usize].symbol = Some(all);
        }
    }

    /// `const Posts = module.exports`: what is assigned to members of it is exported.
    pub(super) fn note_exports_alias(&mut self, target: ValueId, value: Option<ValueId>) {
        if value.is_some_and(|value| self.is_exports(value) || self.is_name(value, "exports"))
            && let Shape::Name(name) = self.out.facts().value(target).shape
        {
            self.state.exports_alias = Some(name);
        }
    }

    /// `module.exports`
    fn is_exports(&self, value: ValueId) -> bool {
        match self.out.facts().value(value).shape {
            Shape::Member(object, name) => self.out.text(name) == "exports" && self.is_name(object, "module"),
            _ => false,
        }
    }

    fn is_alias(&self, value: ValueId) -> bool {
        self.state.exports_alias.is_some_and(|alias: Text| self.out.facts().value(value).shape == Shape::Name(alias))
    }

    fn is_name(&self, value: ValueId, wanted: &str) -> bool {
        matches!(self.out.facts().value(value).shape, Shape::Name(name) if self.out.text(name) == wanted)
    }
}
