//! What functions take.

use super::{Capture, Walk};
use crate::facts::{Binds, Parameter, Shape, Stretch, ValueId};
use crate::languages::walk::Reads;

impl Walk<'_> {
    /// The present node as the parameters of a function, or as its only one. Parameters that are taken apart have no
    /// name; what they are taken apart into is added to `patterns`.
    pub(super) fn parameters(&mut self, only: bool, patterns: &mut Vec<ValueId>) -> Stretch {
        let mut found = Vec::new();
        if only {
            self.parameter(&mut found, patterns);
        } else {
            self.each(|walk, _| walk.parameter(&mut found, patterns));
        }
        self.store_parameters(found)
    }

    fn parameter(&mut self, found: &mut Vec<Parameter>, patterns: &mut Vec<ValueId>) {
        if self.says_nothing() {
            return;
        }
        if self.capture() == Some(Capture::ParameterTyped) {
            return self.typed_parameter(found, patterns);
        }
        let is_default = self.capture() == Some(Capture::Default);
        let variadic = self.node().kind() == "rest_pattern";
        if is_default {
            let (mut target, mut default) = (None, None);
            let right = self.fields.right;
            self.each(|walk, field| {
                let value = walk.value();
                if field == right { default = Some(value) } else { target = Some(value) }
            });
            let name = self.parameter_name(target, patterns);
            found.push(Parameter { name, annotation: None, default, variadic });
        } else {
            let target = Some(self.value());
            let name = self.parameter_name(target, patterns);
            found.push(Parameter { name, annotation: None, default: None, variadic });
        }
    }

    /// `@Inject() private readonly a?: B = c`: with a modifier it is a field of the class, too.
    fn typed_parameter(&mut self, found: &mut Vec<Parameter>, patterns: &mut Vec<ValueId>) {
        let line = self.line();
        let is_field = Self::has_word(self.node(), "accessibility_modifier") || Self::has_word(self.node(), "readonly");
        let (mut target, mut annotation, mut default, mut variadic) = (None, None, None, false);
        let fields = (self.fields.pattern, self.fields.kind, self.fields.value);
        let mut decorators = Vec::new();
        self.each(|walk, field| {
            if field == fields.0 {
                variadic = walk.node().kind() == "rest_pattern";
                target = Some(walk.value());
            } else if field == fields.1 {
                annotation = Some(walk.typed());
            } else if field == fields.2 {
                default = Some(walk.value());
            } else if walk.capture() == Some(Capture::Decorator) {
                decorators.push(walk.inner());
            }
        });
        let name = self.parameter_name(target, patterns);
        if is_field {
            let field = self.out.value(line, Shape::Name(name));
            self.out.bind(Binds::Declare, field, None, annotation);
            target = Some(field);
        }
        if let Some(target) = target.filter(|_| !decorators.is_empty()) {
            let decorators = self.out.list(&decorators);
            self.out.facts_mut().decorated.push((target, decorators));
        }
        found.push(Parameter { name, annotation, default, variadic });
    }

    fn parameter_name(&mut self, target: Option<ValueId>, patterns: &mut Vec<ValueId>) -> crate::facts::Text {
        match target.map(|target| self.out.facts().value(target).shape) {
            Some(Shape::Name(name)) => return name,
            Some(Shape::List(_)) => patterns.extend(target),
            _ => {}
        }
        self.out.intern("")
    }
}
