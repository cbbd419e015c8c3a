//! Classes and their members, functions, parameters, types.

use super::{Capture, Walk};
use crate::facts::{Binds, Definition, DefinitionId, DefinitionKind, Mentions, Parameter, Shape, Stretch, ValueId};
use crate::languages::walk::Reads;

/// What a class without a name is called; PHP itself says so.
const ANONYMOUS: &str = "class@anonymous";

impl Walk<'_> {
    /// Class, interface, trait, enumeration; also a class without a name, whose constructor's arguments are left to
    /// [`Walk::new_object`].
    pub(super) fn class(&mut self) -> DefinitionId {
        let kind = match self.capture() {
            Some(Capture::Interface) => DefinitionKind::Interface,
            Some(Capture::Trait) => DefinitionKind::Trait,
            Some(Capture::Enum) => DefinitionKind::Enum,
            _ => DefinitionKind::Class,
        };
        let span = self.span();
        let name = self.node().child_by_field_id(self.fields.name).map_or(ANONYMOUS, |name| self.slice(name));
        let (mut bases, mut decorators) = (Vec::new(), Vec::new());
        let mut opened = None;
        let body = self.fields.body;
        self.each(|walk, field| match walk.capture() {
            Some(Capture::Bases) => walk.each(|walk, _| {
                if walk.capture() == Some(Capture::Name) {
                    bases.push(walk.class_name(Mentions::Base));
                }
            }),
            Some(Capture::Decorator) => walk.decorators(&mut decorators),
            _ if field == body => {
                let header = walk.header(name, kind, span);
                let bases = walk.out.list(&bases);
                let decorators = walk.out.list(&decorators);
                opened = Some(walk.body(Definition { bases, decorators, ..header }, false));
            }
            _ => {}
        });
        opened.unwrap_or_else(|| {
            let header = self.header(name, kind, span);
            let bases = self.out.list(&bases);
            self.empty(Definition { bases, ..header })
        })
    }

    /// A function or method.
    pub(super) fn function(&mut self) {
        let kind = if self.capture() == Some(Capture::Method) { DefinitionKind::Method } else { DefinitionKind::Function };
        let name = self.node().child_by_field_id(self.fields.name).map_or("", |name| self.slice(name));
        self.callable(name, kind, 0);
    }

    /// A function without a name.
    pub(super) fn lambda(&mut self) -> ValueId {
        let line = self.line();
        let id = self.callable("", DefinitionKind::Lambda, 0);
        self.out.value(line, Shape::Inline(id))
    }

    fn callable(&mut self, name: &str, kind: DefinitionKind, decisions: u32) -> DefinitionId {
        let span = self.span();
        let mut parameters = Stretch::default();
        let (mut returns, mut decorators) = (None, Vec::new());
        let mut opened = None;
        let fields = (self.fields.parameters, self.fields.return_type, self.fields.body);
        self.each(|walk, field| {
            if field == fields.0 {
                parameters = walk.parameters();
            } else if field == fields.1 {
                returns = Some(walk.typed(Mentions::Type));
            } else if field == fields.2 {
                let header = walk.header(name, kind, span);
                let decorators = walk.out.list(&decorators);
                // The walk counts a node where it meets it, which for the body of an arrow function was still outside.
                let own = if walk.kinds.is_decision(walk.node().kind_id()) { walk.out.take_decision() } else { 0 };
                let decisions = decisions + own;
                opened = Some(walk.body(Definition { parameters, returns, decorators, decisions, ..header }, true));
            } else if walk.capture() == Some(Capture::Decorator) {
                walk.decorators(&mut decorators);
            }
        });
        opened.unwrap_or_else(|| {
            let header = self.header(name, kind, span);
            let decorators = self.out.list(&decorators);
            self.empty(Definition { parameters, returns, decorators, ..header })
        })
    }

    /// Walks the present node as the body of a definition.
    fn body(&mut self, definition: Definition, function: bool) -> DefinitionId {
        self.inside(definition, function, |walk, id| {
            if walk.capture().is_none() {
                walk.each(|walk, _| walk.statement());
            } else {
                // An arrow function hands its expression back.
                let value = walk.value();
                walk.out.facts_mut().returned.push((id, value));
            }
        })
    }

    fn parameters(&mut self) -> Stretch {
        let mut found = Vec::new();
        self.each(|walk, _| walk.parameter(&mut found));
        self.store_parameters(found)
    }

    fn parameter(&mut self, found: &mut Vec<Parameter>) {
        let capture = self.capture();
        if !matches!(capture, Some(Capture::ParameterPlain | Capture::ParameterRest | Capture::ParameterPromoted)) {
            return;
        }
        let line = self.line();
        let (mut name, mut annotation, mut default) = ("", None, None);
        let fields = (self.fields.name, self.fields.kind, self.fields.default_value);
        self.each(|walk, field| {
            if field == fields.0 {
                name = walk.source().trim_start_matches(['&', ' ']);
            } else if field == fields.1 {
                annotation = Some(walk.typed(Mentions::Type));
            } else if field == fields.2 {
                default = Some(walk.value());
            } else if walk.capture() == Some(Capture::Decorator) {
                walk.decorators(&mut Vec::new());
            }
        });
        if capture == Some(Capture::ParameterPromoted) {
            let property = self.out.intern(name.trim_start_matches('$'));
            let target = self.out.value(line, Shape::Name(property));
            self.out.bind(Binds::Declare, target, None, annotation);
        }
        let name = self.out.intern(name);
        found.push(Parameter { name, annotation, default, variadic: capture == Some(Capture::ParameterRest) });
    }

    /// The present node as a type: every name in it is a class.
    pub(super) fn typed(&mut self, how: Mentions) -> ValueId {
        match self.capture() {
            Some(Capture::Type) => {
                let line = self.line();
                let mut inner = None;
                self.each(|walk, _| {
                    if walk.capture() == Some(Capture::Name) {
                        inner = Some(walk.class_name(how));
                    }
                });
                inner.unwrap_or_else(|| self.nothing(line))
            }
            Some(Capture::Choice | Capture::Inner) => {
                let line = self.line();
                let mut parts = Vec::new();
                self.each(|walk, _| parts.push(walk.typed(how)));
                match parts[..] {
                    [only] => only,
                    _ => {
                        let parts = self.out.list(&parts);
                        self.out.value(line, Shape::Choice(parts))
                    }
                }
            }
            _ => self.value(),
        }
    }

    /// `#[A, B(1)]`: a name each, or a call of one.
    fn decorators(&mut self, found: &mut Vec<ValueId>) {
        self.each(|walk, _| {
            walk.each(|walk, _| {
                let (line, span) = (walk.line(), walk.span());
                let (mut name, mut arguments) = (None, None);
                walk.each(|walk, _| match walk.capture() {
                    Some(Capture::Name) => name = Some(walk.class_name(Mentions::Attribute)),
                    Some(Capture::Arguments) => arguments = Some(walk.arguments()),
                    _ => {}
                });
                let Some(name) = name else { return };
                found.push(match arguments {
                    Some(arguments) => walk.out.call(line, name, &arguments, span),
                    None => name,
                });
            });
        });
    }

    /// `use A, B;` inside a class.
    pub(super) fn traits(&mut self) {
        self.each(|walk, _| {
            if walk.capture() == Some(Capture::Name) {
                walk.class_name(Mentions::Trait);
            }
        });
    }

    /// `private static ?int $a = 1, $b;` Static ones keep their `$`, as their uses do.
    pub(super) fn property(&mut self) {
        let is_static = self.node().children(&mut self.node().walk()).any(|child| child.kind() == "static_modifier");
        let mut annotation = None;
        let kind = self.fields.kind;
        self.each(|walk, field| {
            if field == kind {
                annotation = Some(walk.typed(Mentions::Type));
            } else if walk.capture() == Some(Capture::Decorator) {
                walk.decorators(&mut Vec::new());
            } else if let Some(name) = walk.node().child_by_field_id(walk.fields.name) {
                walk.property_element(walk.slice(name), is_static, annotation);
            } else {
                walk.statement();
            }
        });
    }

    fn property_element(&mut self, name: &str, is_static: bool, annotation: Option<ValueId>) {
        let line = self.line();
        let mut default = None;
        let default_value = self.fields.default_value;
        self.each(|walk, field| {
            if field == default_value {
                default = Some(walk.value());
            }
        });
        let name = self.out.intern(if is_static { name } else { name.trim_start_matches('$') });
        let target = self.out.value(line, Shape::Name(name));
        let binds = if default.is_some() { Binds::Assign } else { Binds::Declare };
        self.out.bind(binds, target, default, annotation);
    }

    /// `const A = 1, B = 2;`
    pub(super) fn constants(&mut self) {
        self.each(|walk, _| {
            if walk.node().kind() != "const_element" {
                return;
            }
            let (mut target, mut given) = (None, None);
            walk.each(|walk, _| {
                if walk.capture() == Some(Capture::Nothing) {
                    return;
                }
                let value = walk.value();
                if target.is_none() { target = Some(value) } else { given = Some(value) }
            });
            if let Some(target) = target {
                walk.out.bind(Binds::Constant, target, given, None);
            }
        });
    }

    /// `case Open = 'o';`
    pub(super) fn enum_case(&mut self) {
        let (mut target, mut given) = (None, None);
        let (name, value) = (self.fields.name, self.fields.value);
        self.each(|walk, field| {
            if field == name {
                target = Some(walk.value());
            } else if field == value {
                given = Some(walk.value());
            }
        });
        if let Some(target) = target {
            self.out.bind(Binds::Constant, target, given, None);
        }
    }
}
