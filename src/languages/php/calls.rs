//! Calls of functions and methods, and `new`.

use super::{Capture, Walk};
use crate::facts::{Argument, Mentions, Shape, ValueId};
use crate::languages::walk::Reads;

impl Walk<'_> {
    /// `f()`, `$o->f()`, `$o?->f()`, `A::f()`
    pub(super) fn call(&mut self) -> ValueId {
        let (line, span) = (self.line(), self.span());
        let (mut callee, mut object) = (None, None);
        let mut arguments = Vec::new();
        let fields = (self.fields.function, self.fields.arguments, self.fields.name);
        let receivers = (self.fields.object, self.fields.scope);
        self.each(|walk, field| {
            if field == fields.0 {
                callee = Some(walk.value());
            } else if field == receivers.0 {
                object = Some(walk.value());
            } else if field == receivers.1 {
                object = Some(walk.class_name(Mentions::StaticCall));
            } else if field == fields.2 {
                callee = Some(walk.member_of(object));
            } else if field == fields.1 {
                arguments = walk.arguments();
            }
        });
        let callee = callee.unwrap_or_else(|| self.nothing(line));
        self.out.call(line, callee, &arguments, span)
    }

    /// The present node as the name of a member: plain, or worked out (`$o->$name`).
    pub(super) fn member_of(&mut self, object: Option<ValueId>) -> ValueId {
        let line = self.line();
        let object = object.unwrap_or_else(|| self.nothing(line));
        let source = self.source();
        if self.node().kind() == "name" {
            let name = self.out.intern(source);
            return self.out.value(line, Shape::Member(object, name));
        }
        let name = self.value();
        self.out.value(line, Shape::Item(object, name))
    }

    /// `new A(1)` is a call of `A.__construct`, which is what PHP makes of it.
    pub(super) fn new_object(&mut self) -> ValueId {
        let (line, span) = (self.line(), self.span());
        let (mut class, mut arguments) = (None, Vec::new());
        self.each(|walk, _| match walk.capture() {
            Some(Capture::Nothing) => {}
            Some(Capture::Arguments) => arguments = walk.arguments(),
            Some(Capture::Anonymous) => {
                walk.each(|walk, _| {
                    if walk.capture() == Some(Capture::Arguments) {
                        arguments = walk.arguments();
                    }
                });
                let line = walk.line();
                let id = walk.class();
                class = Some(walk.out.value(line, Shape::Inline(id)));
            }
            _ => class = Some(walk.class_name(Mentions::New)),
        });
        let class = class.unwrap_or_else(|| self.nothing(line));
        let constructor = self.out.intern("__construct");
        let callee = self.out.value(line, Shape::Member(class, constructor));
        self.out.call(line, callee, &arguments, span)
    }

    /// The present node as what is handed over.
    pub(super) fn arguments(&mut self) -> Vec<Argument> {
        let mut found = Vec::new();
        self.each(|walk, _| {
            if walk.capture() == Some(Capture::Nothing) {
                return;
            }
            let (mut name, mut value, mut spread) = (None, None, false);
            let name_field = walk.fields.name;
            walk.each(|walk, field| match walk.capture() {
                Some(Capture::Nothing) => {}
                Some(Capture::ArgumentSpread) => {
                    spread = true;
                    value = Some(walk.inner());
                }
                _ if field == name_field => name = Some(walk.out.intern(walk.source())),
                _ => value = Some(walk.value()),
            });
            found.extend(value.map(|value| Argument { name, value, spread }));
        });
        found
    }
}
