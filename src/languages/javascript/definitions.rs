//! Classes and their members, functions, variables.

use super::{Capture, Walk};
use crate::facts::{Binds, Definition, DefinitionId, DefinitionKind, Shape, Stretch, ValueId};
use crate::languages::walk::Reads;

/// What a class or interface without a name is called.
const ANONYMOUS: &str = "(anonymous)";

impl Walk<'_> {
    /// Class, interface or enumeration. `given` is the name of what it is assigned to.
    pub(super) fn class(&mut self, given: &str) -> DefinitionId {
        let kind = match self.capture() {
            Some(Capture::Interface) => DefinitionKind::Interface,
            Some(Capture::Enum) => DefinitionKind::Enum,
            _ => DefinitionKind::Class,
        };
        let span = self.span();
        let given = if given.is_empty() { ANONYMOUS } else { given };
        let name = self.node().child_by_field_id(self.fields.name).map_or(given, |name| self.slice(name));
        let mut decorators = std::mem::take(&mut self.state.decorators);
        let first_line = decorators.first().map(|value| self.out.facts().value(*value).line);
        let (mut bases, mut opened) = (Vec::new(), None);
        let body = self.fields.body;
        self.each(|walk, field| match walk.capture() {
            Some(Capture::Bases) => walk.bases(&mut bases),
            Some(Capture::Decorator) => decorators.push(walk.inner()),
            Some(Capture::TypeOnly) => {
                walk.typed();
            }
            _ if field == body => {
                let header = walk.header(name, kind, span);
                let (bases, decorators) = (walk.out.list(&bases), walk.out.list(&decorators));
                let first_line = first_line.unwrap_or(span.line);
                opened = Some(walk.class_body(Definition { bases, decorators, first_line, ..header }));
            }
            _ => {}
        });
        opened.unwrap_or_else(|| {
            let header = self.header(name, kind, span);
            self.empty(header)
        })
    }

    /// What follows `extends`; `implements` is for the type checker.
    fn bases(&mut self, bases: &mut Vec<ValueId>) {
        self.each(|walk, field| match walk.capture() {
            Some(Capture::TypeOnly) => {
                walk.typed();
            }
            // TypeScript has a clause of its own inside.
            None if walk.node().kind() == "extends_clause" => walk.bases(bases),
            Some(Capture::Generic) => bases.extend(walk.generic_name()),
            // JavaScript's grammar has no such field, and what stands in no field is like it there.
            _ if !walk.says_nothing() && (field == 0 || field != walk.fields.type_arguments) => bases.push(walk.value()),
            _ => {}
        });
    }

    /// `Base` of `Base<T>`.
    fn generic_name(&mut self) -> Option<ValueId> {
        let value = self.typed();
        match self.out.facts().value(value).shape {
            Shape::Item(object, _) => Some(object),
            _ => None,
        }
    }

    fn class_body(&mut self, definition: Definition) -> DefinitionId {
        self.inside(definition, false, |walk, _| {
            walk.each(|walk, _| match walk.capture() {
                Some(Capture::EnumCase) => walk.enum_case(),
                Some(Capture::Name) => {
                    let target = walk.value();
                    walk.out.bind(Binds::Constant, target, None, None);
                }
                _ => walk.statement(),
            });
            walk.state.decorators.clear();
        })
    }

    fn enum_case(&mut self) {
        let (mut target, mut given) = (None, None);
        let (name, value) = (self.fields.name, self.fields.value);
        self.each(|walk, field| {
            if field == name {
                target = Some(walk.member_name());
            } else if field == value {
                given = Some(walk.value());
            }
        });
        if let Some(target) = target {
            self.out.bind(Binds::Constant, target, given, None);
        }
    }

    /// The present node as the name of a member: `a`, `'a'`, `#a`, `[a]`.
    fn member_name(&mut self) -> ValueId {
        let name = self.out.intern(self.source().trim_matches(['"', '\'']));
        self.out.value(self.line(), Shape::Name(name))
    }

    /// A function declaration or method.
    pub(super) fn function(&mut self) -> DefinitionId {
        let node = self.node();
        let kind = if self.in_class() { DefinitionKind::Method } else { DefinitionKind::Function };
        let name = node.child_by_field_id(self.fields.name).map_or("", |name| self.slice(name).trim_matches(['"', '\'']));
        self.callable(name, kind, true)
    }

    /// A function as an expression; with a name where it is assigned to something that has one.
    pub(super) fn lambda(&mut self, given: &str) -> DefinitionId {
        let runs_later = !std::mem::take(&mut self.state.immediate);
        let kind = match (given, self.in_class()) {
            ("", _) => DefinitionKind::Lambda,
            (_, true) => DefinitionKind::Method,
            (_, false) => DefinitionKind::Function,
        };
        self.callable(given, kind, runs_later)
    }

    fn callable(&mut self, name: &str, kind: DefinitionKind, runs_later: bool) -> DefinitionId {
        let span = self.span();
        let decorators = if kind == DefinitionKind::Method { std::mem::take(&mut self.state.decorators) } else { Vec::new() };
        let decorators = self.out.list(&decorators);
        let (mut parameters, mut returns, mut patterns, mut opened) = (Stretch::default(), None, Vec::new(), None);
        let fields = (self.fields.parameters, self.fields.parameter, self.fields.return_type, self.fields.body);
        self.each(|walk, field| {
            if field == fields.0 || field == fields.1 {
                parameters = walk.parameters(field == fields.1, &mut patterns);
            } else if field == fields.2 {
                returns = Some(walk.typed());
            } else if field == fields.3 {
                let header = walk.header(name, kind, span);
                // The walk counts a node where it meets it, which for the body of an arrow function was still outside.
                let decisions = if walk.kinds.is_decision(walk.node().kind_id()) { walk.out.take_decision() } else { 0 };
                let definition = Definition { parameters, returns, decorators, decisions, ..header };
                opened = Some(walk.function_body(definition, runs_later, &patterns));
            } else if walk.capture() == Some(Capture::TypeOnly) {
                walk.typed();
            }
        });
        opened.unwrap_or_else(|| {
            let header = self.header(name, kind, span);
            self.empty(Definition { parameters, returns, decorators, ..header })
        })
    }

    /// The present node as the body of a function. `patterns` are parameters that are taken apart.
    fn function_body(&mut self, definition: Definition, runs_later: bool, patterns: &[ValueId]) -> DefinitionId {
        self.inside(definition, runs_later, |walk, id| {
            for pattern in patterns {
                walk.out.bind(Binds::Declare, *pattern, None, None);
            }
            if walk.capture().is_none() && walk.node().kind() == "statement_block" {
                walk.each(|walk, _| walk.statement());
            } else {
                // An arrow function hands its expression back.
                let value = walk.value();
                walk.out.facts_mut().returned.push((id, value));
            }
        })
    }

    /// `static a: number = 1`; one that holds a function is a method.
    pub(super) fn field(&mut self) {
        let mut decorators = std::mem::take(&mut self.state.decorators);
        let (mut target, mut annotation, mut given, mut is_method) = (None, None, None, false);
        let fields = (self.fields.name, self.fields.property, self.fields.kind, self.fields.value);
        let mut name = "";
        self.each(|walk, field| {
            if walk.capture() == Some(Capture::Decorator) {
                decorators.push(walk.inner());
            } else if field == fields.0 || field == fields.1 {
                name = walk.source().trim_matches(['"', '\'']);
                target = Some(walk.member_name());
            } else if field == fields.2 {
                annotation = Some(walk.typed());
            } else if field == fields.3 {
                is_method = walk.capture() == Some(Capture::Lambda);
                given = Some(walk.named_value(name));
            }
        });
        let Some(target) = target.filter(|_| !is_method) else { return };
        let binds = if given.is_some() { Binds::Assign } else { Binds::Declare };
        self.out.bind(binds, target, given, annotation);
        if !decorators.is_empty() {
            let decorators = self.out.list(&decorators);
            self.out.facts_mut().decorated.push((target, decorators));
        }
    }

    /// `type A = B`
    pub(super) fn type_alias(&mut self) {
        let (mut target, mut meaning) = (None, None);
        let (name, value) = (self.fields.name, self.fields.value);
        self.each(|walk, field| {
            if field == name {
                target = Some(walk.value());
            } else if field == value {
                meaning = Some(walk.typed());
            } else if walk.capture() == Some(Capture::TypeOnly) {
                walk.typed();
            }
        });
        if let Some(target) = target {
            self.out.bind(Binds::Declare, target, None, meaning);
        }
    }

    /// `const a = b`: a function or class takes the name; `require` makes it an import.
    pub(super) fn declarator(&mut self) {
        let node = self.node();
        let (name_field, type_field, value_field) = (self.fields.name, self.fields.kind, self.fields.value);
        let plain = node.child_by_field_id(name_field).filter(|name| self.capture_of(*name) == Some(Capture::Name));
        let defined = |kind: Option<Capture>| matches!(kind, Some(Capture::Lambda | Capture::Class));
        let is_definition = plain.is_some() && node.child_by_field_id(value_field).is_some_and(|value| defined(self.capture_of(value)));
        let (mut target, mut annotation, mut given) = (None, None, None);
        self.each(|walk, field| {
            if field == name_field {
                if !is_definition {
                    target = Some(walk.value());
                }
            } else if field == type_field {
                annotation = Some(walk.typed());
            } else if field == value_field {
                let name = plain.map_or("", |name| walk.slice(name));
                walk.state.required = None;
                given = Some(walk.named_value(name));
            }
        });
        let Some(target) = target else { return };
        if let Some(name) = node.child_by_field_id(name_field)
            && self.takes_import(name, given)
        {
            return;
        }
        self.note_exports_alias(target, given);
        let binds = if given.is_some() { Binds::Assign } else { Binds::Declare };
        self.out.bind(binds, target, given, annotation);
    }

    /// `a = b`, `a.b = function () { }`, `a += b`, `a++`
    pub(super) fn assign(&mut self, binds: Binds) -> ValueId {
        let line = self.line();
        let (mut target, mut value) = (None, None);
        let right = self.fields.right;
        let left = self.node().child_by_field_id(self.fields.left).map_or("", |left| self.slice(left));
        let name = match left {
            "module.exports" | "exports" => "default",
            left => left.rsplit('.').next().filter(|name| is_plain(name)).unwrap_or(""),
        };
        self.each(|walk, field| {
            if walk.says_nothing() {
            } else if field == right {
                walk.state.required = None;
                value = Some(walk.named_value(name));
            } else {
                target = Some(walk.value());
            }
        });
        if let Some(target) = target {
            self.out.bind(binds, target, value, None);
            self.note_exported(target, value);
        }
        value.or(target).unwrap_or_else(|| self.nothing(line))
    }
}

/// True for a name, not for the rest of an expression.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '#'))
}
