//! What a file takes from others: `import`, `require`, `import()`, AMD's `define`.

use super::{Capture, Walk};
use crate::facts::{Argument, DefinitionId, Import, Shape, Target, Text, ValueId};
use crate::languages::walk::Reads;
use tree_sitter::Node;

/// What AMD hands to every module.
const AMD_OWN: [&str; 3] = ["require", "exports", "module"];

impl Walk<'_> {
    /// `import a, { b as c, type D } from './x'`, `import * as e from 'y'`, `import './z'`, `import f = require('g')`
    pub(super) fn import_statement(&mut self) {
        let node = self.node();
        let mut walker = node.walk();
        let children: Vec<Node<'_>> = node.named_children(&mut walker).collect();
        let clause = children.iter().find(|child| child.kind() == "import_clause");
        let required = children.iter().find(|child| self.capture_of(**child) == Some(Capture::ImportRequire));
        let source = required.unwrap_or(&node).child_by_field_id(self.fields.source);
        let Some(target) = source.map(|source| self.target_of(source)) else {
            return self.each(|walk, _| walk.statement());
        };
        let all_types = self.is_for_types(node);
        let outer = self.out.type_only;
        self.out.type_only |= all_types;
        match (clause, required) {
            (Some(clause), _) => self.import_clause(*clause, target),
            (None, Some(required)) => {
                let local = required.named_child(0).map(|name| self.out.intern(self.slice(name)));
                self.add_import(target, None, local);
            }
            (None, None) => self.add_import(target, None, None),
        }
        self.out.type_only = outer;
    }

    /// `import type`, `export type`. The grammar does not know `export type * from` and calls its word an error.
    pub(super) fn is_for_types(&mut self, node: Node<'_>) -> bool {
        let mut walker = node.walk();
        let mut found = false;
        for child in node.children(&mut walker) {
            let word = if child.is_error() { self.slice(child).trim() } else { child.kind() };
            if matches!(word, "type" | "typeof") {
                found = true;
            } else {
                self.note(child);
            }
        }
        found
    }

    fn import_clause(&mut self, clause: Node<'_>, target: Target) {
        let mut walker = clause.walk();
        for part in clause.named_children(&mut walker) {
            match part.kind() {
                "identifier" => {
                    let default = self.out.intern("default");
                    let local = self.out.intern(self.slice(part));
                    self.add_import(target, Some(default), Some(local));
                }
                "namespace_import" => {
                    let local = part.named_child(0).map(|name| self.out.intern(self.slice(name)));
                    self.add_import(target, None, local);
                }
                "named_imports" => self.specifiers(part, target),
                _ => {}
            }
        }
    }

    /// `{ a as b, type C }` of an import or of an export with a source.
    pub(super) fn specifiers(&mut self, list: Node<'_>, target: Target) {
        let mut walker = list.walk();
        let mut any = false;
        for specifier in list.named_children(&mut walker) {
            let Some(name) = specifier.child_by_field_id(self.fields.name) else { continue };
            let text = |walk: &Self, node: Node<'_>| walk.slice(node).trim_matches(['"', '\'']).to_owned();
            let symbol = self.out.intern(&text(self, name));
            let local = match specifier.child_by_field_id(self.fields.alias) {
                Some(alias) => self.out.intern(&text(self, alias)),
                None => symbol,
            };
            // `{ type A }`; a name that is itself called `type` is no token of its own.
            let only_type = specifier.child(0).is_some_and(|first| !first.is_named() && matches!(first.kind(), "type" | "typeof"));
            let outer = self.out.type_only;
            self.out.type_only |= only_type;
            self.add_import(target, Some(symbol), Some(local));
            self.out.type_only = outer;
            any = true;
        }
        if !any {
            self.add_import(target, None, None);
        }
    }

    /// The file or package that a string literal names.
    pub(super) fn target_of(&mut self, source: Node<'_>) -> Target {
        let text = self.slice(source).trim_matches(['"', '\'', '`']).to_owned();
        self.target(&text)
    }

    /// A path when it begins with a dot or slash, else a package. What stands before `!` names loaders of a bundler.
    fn target(&mut self, text: &str) -> Target {
        let text = text.rsplit('!').next().unwrap_or(text);
        let is_path = text.starts_with("./") || text.starts_with("../") || text.starts_with('/') || text == "." || text == "..";
        let text = self.out.intern(text);
        if is_path { Target::Path(text) } else { Target::Package(text) }
    }

    pub(super) fn add_import(&mut self, target: Target, symbol: Option<Text>, local: Option<Text>) {
        let lazy = self.out.functions > 0;
        self.push_import(target, symbol, local, lazy);
    }

    fn push_import(&mut self, target: Target, symbol: Option<Text>, local: Option<Text>, lazy: bool) {
        let import = Import {
            target,
            symbol,
            local,
            renamed: local.is_some(),
            line: self.line(),
            owner: self.out.owner,
            lazy,
            type_only: self.out.type_only,
            conditional: self.out.conditions > 0,
        };
        self.out.facts_mut().imports.push(import);
    }

    /// A call that brings in another file.
    pub(super) fn note_required(&mut self, callee: ValueId, arguments: &[Argument], value: ValueId, dynamic: bool) {
        let name = match self.out.facts().value(callee).shape {
            Shape::Name(name) => self.out.text(name),
            _ => return,
        };
        if name == "define" || name == "requirejs" || (name == "require" && self.is_amd(arguments)) {
            return self.amd(arguments);
        }
        if !dynamic && name != "require" {
            return;
        }
        let Some(first) = arguments.first().filter(|argument| !argument.spread) else { return };
        let target = match self.literal(first.value).map(str::to_owned) {
            Some(text) => self.target(&text),
            None => Target::Computed(first.value),
        };
        // `import()` hands over a promise: nothing of the other file runs before this one goes on.
        let lazy = self.out.functions > 0 || (dynamic && !self.out.type_only);
        self.push_import(target, None, None, lazy);
        let index = u32::try_from(self.out.facts().imports.len() - 1).expect("imports are counted in u32");
        self.state.required = Some((index, value));
    }

    /// `require(['a', 'b'], function (a, b) { })`
    fn is_amd(&self, arguments: &[Argument]) -> bool {
        arguments.first().is_some_and(|first| matches!(self.out.facts().value(first.value).shape, Shape::List(_)))
    }

    /// `define('name', ['a', 'b'], function (a, b) { })`: the parameters are the local names, inside the function.
    fn amd(&mut self, arguments: &[Argument]) {
        let Some(dependencies) = arguments.iter().find_map(|argument| self.literals(argument.value)) else { return };
        let facts = self.out.facts();
        let factory = arguments.iter().find_map(|argument| match facts.value(argument.value).shape {
            Shape::Inline(id) => Some(id),
            _ => None,
        });
        for (place, dependency) in dependencies.iter().enumerate() {
            if AMD_OWN.contains(&dependency.as_str()) {
                continue;
            }
            let local = factory.and_then(|factory| self.parameter_at(factory, place));
            let target = self.target(dependency);
            self.add_import(target, None, local);
            if let Some(import) = self.out.facts_mut().imports.last_mut() {
                import.owner = factory.or(import.owner);
            }
        }
    }

    fn parameter_at(&self, function: DefinitionId, place: usize) -> Option<Text> {
        let facts = self.out.facts();
        facts.parameters[facts.definition(function).parameters.range()].get(place).map(|parameter| parameter.name)
    }

    /// Where a value is what `require` handed back, or a member of it, the names that get it are imports.
    pub(super) fn takes_import(&mut self, name: Node<'_>, given: Option<ValueId>) -> bool {
        let (Some((index, call)), Some(given)) = (self.state.required.take(), given) else { return false };
        let symbol = match self.out.facts().value(given).shape {
            _ if given == call => None,
            Shape::Member(object, member) if object == call => Some(member),
            _ => return false,
        };
        let index = index as usize;
        if self.capture_of(name) == Some(Capture::Name) {
            let local = self.out.intern(self.slice(name));
            let import = &mut self.out.facts_mut().imports[index];
            (import.symbol, import.local, import.renamed) = (symbol, Some(local), true);
            return true;
        }
        let Some(pairs) = self.pattern_pairs(name).filter(|_| symbol.is_none()) else { return false };
        let import = self.out.facts().imports[index];
        for (place, (symbol, local)) in pairs.into_iter().enumerate() {
            let (symbol, local) = (self.out.intern(&symbol), self.out.intern(&local));
            let taken = Import { symbol: Some(symbol), local: Some(local), renamed: true, ..import };
            let imports = &mut self.out.facts_mut().imports;
            if place == 0 { imports[index] = taken } else { imports.push(taken) }
        }
        true
    }

    /// Keys and local names of `{ a, b: c, d = 1 }`; none where something is taken apart further.
    fn pattern_pairs(&self, pattern: Node<'_>) -> Option<Vec<(String, String)>> {
        if pattern.kind() != "object_pattern" {
            return None;
        }
        let mut walker = pattern.walk();
        let mut pairs = Vec::new();
        for part in pattern.named_children(&mut walker) {
            let pair = match part.kind() {
                "shorthand_property_identifier_pattern" => (self.slice(part), self.slice(part)),
                "object_assignment_pattern" => {
                    let left = part.child_by_field_id(self.fields.left).filter(|left| left.child_count() == 0)?;
                    (self.slice(left), self.slice(left))
                }
                "pair_pattern" => {
                    let (key, value) = (part.child_by_field_id(self.fields.key)?, part.child_by_field_id(self.fields.value)?);
                    (value.kind() == "identifier").then_some(())?;
                    (self.slice(key), self.slice(value))
                }
                "comment" => continue,
                _ => return None,
            };
            pairs.push((pair.0.trim_matches(['"', '\'']).to_owned(), pair.1.to_owned()));
        }
        (!pairs.is_empty()).then_some(pairs)
    }
}
