//! Expressions become values; what binds a name on the way is noted.

use super::{Capture, Walk};
use crate::facts::{Binds, BlockKind, Entry, Mentions, Shape, Stretch, ValueId};
use crate::languages::walk::{Makes, Reads, span_of};
use tree_sitter::Node;

impl Walk<'_> {
    /// The present node as a value.
    pub(super) fn expression(&mut self) -> ValueId {
        match self.capture() {
            Some(Capture::Name) => self.plain(Shape::Name),
            Some(Capture::Number) => self.plain(Shape::Number),
            Some(Capture::Constant) => self.plain(Shape::Constant),
            Some(Capture::Member) => self.member(),
            Some(Capture::ConstantOf) => self.constant_of(),
            Some(Capture::Item) => self.item(),
            Some(Capture::Call) => self.call(),
            Some(Capture::New) => self.new_object(),
            Some(Capture::String) => self.string(),
            Some(Capture::Heredoc) => self.heredoc(),
            Some(Capture::Shell) => self.shell(),
            Some(Capture::Binary) => self.operators(),
            Some(Capture::Conditional) => self.conditional(0),
            Some(Capture::Match) => self.matched(),
            Some(Capture::Array) => self.array(),
            Some(Capture::List) => self.list(),
            Some(Capture::Type) => self.typed(Mentions::Type),
            Some(Capture::Choice) => self.parts(Shape::Choice),
            Some(Capture::Inner) => self.inner(),
            Some(Capture::Lambda) => self.lambda(),
            Some(Capture::Include) => self.include(),
            Some(Capture::Assign) => self.assign(Binds::Assign),
            Some(Capture::Augment) => self.assign(Binds::Augment),
            Some(Capture::Class | Capture::Interface | Capture::Trait | Capture::Enum | Capture::Function | Capture::Method) => {
                // Only broken syntax puts a statement inside an expression; its facts are kept.
                self.statement();
                self.nothing(self.line())
            }
            _ => self.parts(Shape::Other),
        }
    }

    /// `$o->x`, `$o?->x`, `A::$x`
    fn member(&mut self) -> ValueId {
        let line = self.line();
        let (mut object, mut member) = (None, None);
        let fields = (self.fields.object, self.fields.scope, self.fields.name);
        self.each(|walk, field| {
            if field == fields.0 {
                object = Some(walk.value());
            } else if field == fields.1 {
                object = Some(walk.class_name(Mentions::StaticProperty));
            } else if field == fields.2 {
                let is_static = walk.node().kind() == "variable_name" && walk.node().parent().is_some_and(is_scoped);
                member = Some(if is_static { walk.static_member(object) } else { walk.member_of(object) });
            }
        });
        member.unwrap_or_else(|| self.nothing(line))
    }

    fn static_member(&mut self, object: Option<ValueId>) -> ValueId {
        let line = self.line();
        let object = object.unwrap_or_else(|| self.nothing(line));
        let name = self.out.intern(self.source());
        self.out.value(line, Shape::Member(object, name))
    }

    /// `A::X`, `A::class`, `$o::X`
    fn constant_of(&mut self) -> ValueId {
        let line = self.line();
        let how = match self.node().child(self.node().child_count().saturating_sub(1)) {
            Some(name) if self.slice(name).eq_ignore_ascii_case("class") => Mentions::ClassName,
            _ => Mentions::ClassConstant,
        };
        let (mut object, mut member) = (None, None);
        self.each(|walk, _| {
            if walk.capture() == Some(Capture::Nothing) {
            } else if object.is_none() {
                object = Some(walk.class_name(how));
            } else {
                member = Some(walk.member_of(object));
            }
        });
        member.or(object).unwrap_or_else(|| self.nothing(line))
    }

    /// `$a[1]`, `$a[]`
    fn item(&mut self) -> ValueId {
        let line = self.line();
        let (mut object, mut index) = (None, None);
        self.each(|walk, _| {
            if walk.capture() == Some(Capture::Nothing) {
                return;
            }
            let value = walk.value();
            if object.is_none() { object = Some(value) } else { index = Some(value) }
        });
        let object = object.unwrap_or_else(|| self.nothing(line));
        let index = index.unwrap_or_else(|| self.nothing(line));
        self.out.value(line, Shape::Item(object, index))
    }

    /// `a . b . c` and other operators.
    fn operators(&mut self) -> ValueId {
        let makes = |operator: &str| match operator {
            "." => Makes::Text,
            "??" => Makes::Choice,
            _ => Makes::Other,
        };
        let right =
            |walk: &mut Self, operator: &str| if operator == "instanceof" { walk.class_name(Mentions::InstanceOf) } else { walk.value() };
        self.binary(makes, right, |walk| walk.capture() == Some(Capture::Binary))
    }

    /// `match (x) { 1 => a, default => b }`: one of the results.
    fn matched(&mut self) -> ValueId {
        let line = self.line();
        let mut results = Vec::new();
        let (condition, result) = (self.fields.condition, self.fields.return_expression);
        self.each(|walk, field| {
            if field == condition {
                walk.value();
                return;
            }
            walk.each(|walk, _| {
                if walk.capture() != Some(Capture::Arm) {
                    return;
                }
                let span = span_of(walk.node());
                let mut subject = None;
                walk.each(|walk, field| {
                    if field == result {
                        let block = walk.out.block(BlockKind::Branch, span, subject);
                        results.push(walk.value());
                        walk.out.end_block(block);
                    } else if walk.capture() != Some(Capture::Nothing) {
                        subject = Some(walk.value());
                    }
                });
            });
        });
        let results = self.out.list(&results);
        self.out.value(line, Shape::Choice(results))
    }

    /// `array('a' => 1)` is a map, `[1, 2]` a list.
    fn array(&mut self) -> ValueId {
        let line = self.line();
        let mut entries: Vec<Entry> = Vec::new();
        self.each(|walk, _| {
            if walk.capture() != Some(Capture::Pair) {
                return;
            }
            let mut pair = (None, None);
            walk.each(|walk, _| match walk.capture() {
                Some(Capture::Nothing) => {}
                Some(Capture::ArgumentSpread) => pair.1 = Some(walk.inner()),
                _ => pair = (pair.1, Some(walk.value())),
            });
            entries.extend(pair.1.map(|value| Entry { key: pair.0, value }));
        });
        if entries.iter().any(|entry| entry.key.is_some()) {
            let entries = self.out.entries(&entries);
            return self.out.value(line, Shape::Map(entries));
        }
        let values: Vec<ValueId> = entries.into_iter().map(|entry| entry.value).collect();
        let values = self.out.list(&values);
        self.out.value(line, Shape::List(values))
    }

    /// `list($a, 'k' => $b)` as a target: keys are read, the rest is bound.
    fn list(&mut self) -> ValueId {
        let line = self.line();
        let mut targets = Vec::new();
        self.each(|walk, _| {
            if walk.capture() == Some(Capture::Nothing) {
                return;
            }
            let is_key = walk.node().next_sibling().is_some_and(|next| next.kind() == "=>");
            let value = walk.value();
            if !is_key {
                targets.push(value);
            }
        });
        let targets = self.out.list(&targets);
        self.out.value(line, Shape::List(targets))
    }

    /// `$a = b`, `$a =& b`, `$a .= b`, `$a++`
    fn assign(&mut self, binds: Binds) -> ValueId {
        let line = self.line();
        let (mut target, mut value) = (None, None);
        let right = self.fields.right;
        self.each(|walk, field| {
            if walk.capture() == Some(Capture::Nothing) {
                return;
            }
            let found = Some(walk.value());
            if field == right { value = found } else { target = found }
        });
        if let Some(target) = target {
            self.out.bind(binds, target, value, None);
        }
        value.or(target).unwrap_or_else(|| self.out.value(line, Shape::Other(Stretch::default())))
    }
}

fn is_scoped(node: Node<'_>) -> bool {
    node.kind() == "scoped_property_access_expression"
}
