//! Calls of functions and methods, and `new`.

use super::{Capture, Walk};
use crate::facts::{Argument, Shape, ValueId};
use crate::languages::walk::Reads;
use tree_sitter::Node;

impl Walk<'_> {
    /// `f()`, `a.f()`, `` f`text` ``, `require('./a')`, `import('./a')`
    pub(super) fn call(&mut self) -> ValueId {
        let (line, span) = (self.line(), self.span());
        let (mut callee, mut arguments) = (None, Vec::new());
        let (mut defines, mut dynamic) = (false, false);
        let fields = (self.fields.function, self.fields.arguments);
        self.each(|walk, field| {
            if field == fields.0 {
                walk.state.immediate = is_function_called_at_once(walk.node());
                dynamic = walk.capture() == Some(Capture::ImportCall);
                defines = walk.source() == "define";
                callee = Some(walk.value());
                walk.state.immediate = false;
            } else if field == fields.1 {
                arguments = walk.arguments(defines);
            } else if walk.capture() == Some(Capture::TypeOnly) {
                walk.typed();
            }
        });
        let callee = callee.unwrap_or_else(|| self.nothing(line));
        let value = self.out.call(line, callee, &arguments, span);
        self.note_required(callee, &arguments, value, dynamic);
        value
    }

    /// `new A(1)` is a call of `A`; in `new require('./a')(1)` that is `require`.
    pub(super) fn new_object(&mut self) -> ValueId {
        let (line, span) = (self.line(), self.span());
        let (mut class, mut arguments) = (None, Vec::new());
        let fields = (self.fields.constructor, self.fields.arguments);
        self.each(|walk, field| {
            if field == fields.0 {
                class = Some(walk.value());
            } else if field == fields.1 {
                arguments = walk.arguments(false);
            } else if walk.capture() == Some(Capture::TypeOnly) {
                walk.typed();
            }
        });
        let class = class.unwrap_or_else(|| self.nothing(line));
        let value = self.out.call(line, class, &arguments, span);
        // `new require('./a')(b)` hands back what the file exports, as without `new`.
        self.note_required(class, &arguments, value, false);
        value
    }

    /// The present node as what is handed over. `at_once` says that functions among it are called while the file is
    /// loaded.
    fn arguments(&mut self, at_once: bool) -> Vec<Argument> {
        let mut found = Vec::new();
        if self.capture() == Some(Capture::Template) {
            let value = self.value();
            return vec![Argument { name: None, value, spread: false }];
        }
        self.each(|walk, _| {
            if walk.says_nothing() {
                return;
            }
            walk.state.immediate = at_once && walk.capture() == Some(Capture::Lambda);
            let spread = walk.node().kind() == "spread_element";
            let value = walk.value();
            found.push(Argument { name: None, value, spread });
        });
        found
    }
}

/// `(function () { })()`, `(() => { })()`, `(function () { }).call(this)`
fn is_function_called_at_once(callee: Node<'_>) -> bool {
    let function = |node: Node<'_>| matches!(node.kind(), "function_expression" | "arrow_function");
    let wrapped = |node: Node<'_>| node.kind() == "parenthesized_expression" && node.named_child(0).is_some_and(function);
    match callee.kind() {
        "member_expression" => callee.named_child(0).is_some_and(|object| wrapped(object) || function(object)),
        _ => function(callee) || wrapped(callee),
    }
}

impl Walk<'_> {
    /// The elements of a list of literals, where a value is one.
    pub(super) fn literals(&self, value: ValueId) -> Option<Vec<String>> {
        let facts = self.out.facts();
        let Shape::List(items) = facts.value(value).shape else { return None };
        facts.items(items).iter().map(|item| self.literal(*item).map(str::to_owned)).collect()
    }

    /// The text of a literal.
    pub(super) fn literal(&self, value: ValueId) -> Option<&str> {
        match self.out.facts().value(value).shape {
            Shape::Literal(text) => Some(self.out.text(text)),
            _ => None,
        }
    }
}
