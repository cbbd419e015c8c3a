//! Expressions become values; what binds a name on the way is noted.

use super::{Capture, Walk};
use crate::facts::{Argument, Binds, BlockKind, Definition, DefinitionKind, Entry, Shape, Stretch, ValueId};
use crate::languages::walk::Reads;

impl Walk<'_> {
    /// The present node as a value.
    pub(super) fn expression(&mut self) -> ValueId {
        match self.capture() {
            Some(Capture::Name) => self.plain(Shape::Name),
            Some(Capture::Number) => self.plain(Shape::Number),
            Some(Capture::Constant) => self.plain(Shape::Constant),
            Some(Capture::Member) => self.member(),
            Some(Capture::Item) => self.item(),
            Some(Capture::Generic) => self.generic(),
            Some(Capture::Call) => self.call(),
            Some(Capture::String) => self.string(),
            Some(Capture::Strings) => self.strings(),
            Some(Capture::Binary) => self.operators(),
            Some(Capture::Boolean) => self.parts(Shape::Choice),
            Some(Capture::Conditional) => self.conditional(1),
            Some(Capture::List) => self.parts(Shape::List),
            Some(Capture::Map) => self.map(),
            Some(Capture::Inner) => self.inner(),
            Some(Capture::Comprehension) => self.comprehension(),
            Some(Capture::Lambda) => self.lambda(),
            Some(Capture::Assign) => self.assign(Binds::Assign),
            Some(Capture::Augment) => self.assign(Binds::Augment),
            Some(Capture::Walrus) => self.walrus(),
            Some(Capture::As) => self.bound_as(Binds::With),
            Some(Capture::LoopVariable) => self.loop_variable(),
            Some(Capture::Class | Capture::Function | Capture::Decorated | Capture::ImportModule | Capture::ImportFrom) => {
                // Only broken syntax puts a statement inside an expression; its facts are kept.
                self.statement();
                self.nothing(self.line())
            }
            _ => self.parts(Shape::Other),
        }
    }

    fn member(&mut self) -> ValueId {
        let line = self.line();
        let (mut object, mut name) = (None, "");
        let fields = (self.fields.object, self.fields.attribute);
        self.each(|walk, field| {
            if field == fields.0 {
                object = Some(walk.value());
            } else if field == fields.1 {
                name = walk.source();
            }
        });
        let object = object.unwrap_or_else(|| self.nothing(line));
        let name = self.out.intern(name);
        self.out.value(line, Shape::Member(object, name))
    }

    fn item(&mut self) -> ValueId {
        let line = self.line();
        let (mut object, mut indices) = (None, Vec::new());
        let fields = (self.fields.value, self.fields.subscript);
        self.each(|walk, field| {
            if field == fields.0 {
                object = Some(walk.value());
            } else if field == fields.1 {
                indices.push(walk.value());
            }
        });
        self.item_of(line, object, &indices)
    }

    /// `Optional[int]` where the grammar knows that it is a type.
    fn generic(&mut self) -> ValueId {
        let line = self.line();
        let (mut object, mut indices) = (None, Vec::new());
        self.each(|walk, _| {
            let value = walk.value();
            if object.is_none() {
                object = Some(value);
            } else {
                indices.push(value);
            }
        });
        self.item_of(line, object, &indices)
    }

    fn item_of(&mut self, line: u32, object: Option<ValueId>, indices: &[ValueId]) -> ValueId {
        let object = object.unwrap_or_else(|| self.nothing(line));
        let index = match indices {
            [only] => *only,
            several => {
                let several = self.out.list(several);
                self.out.value(line, Shape::List(several))
            }
        };
        self.out.value(line, Shape::Item(object, index))
    }

    fn call(&mut self) -> ValueId {
        let (line, span) = (self.line(), self.span());
        let (mut callee, mut arguments) = (None, Vec::new());
        let fields = (self.fields.function, self.fields.arguments);
        self.each(|walk, field| {
            if field == fields.0 {
                callee = Some(walk.value());
            } else if field == fields.1 {
                if walk.capture() == Some(Capture::Comprehension) {
                    let value = walk.value();
                    arguments.push(Argument { name: None, value, spread: false });
                } else {
                    walk.each(|walk, _| walk.argument(&mut arguments));
                }
            }
        });
        let callee = callee.unwrap_or_else(|| self.nothing(line));
        self.out.call(line, callee, &arguments, span)
    }

    pub(super) fn argument(&mut self, arguments: &mut Vec<Argument>) {
        match self.capture() {
            Some(Capture::Nothing) => {}
            Some(Capture::ArgumentKeyword) => {
                let (mut name, mut value) = (None, None);
                let fields = (self.fields.name, self.fields.value);
                self.each(|walk, field| {
                    if field == fields.0 {
                        name = Some(walk.out.intern(walk.source()));
                    } else if field == fields.1 {
                        value = Some(walk.value());
                    }
                });
                arguments.extend(value.map(|value| Argument { name, value, spread: false }));
            }
            Some(Capture::ArgumentSpread) => {
                let value = self.inner();
                arguments.push(Argument { name: None, value, spread: true });
            }
            _ => {
                let value = self.value();
                arguments.push(Argument { name: None, value, spread: false });
            }
        }
    }

    /// `+` and `%` may build text; other operators only hold their parts.
    fn operators(&mut self) -> ValueId {
        let (line, span, first) = (self.line(), self.span(), self.out.next_value());
        let operator = self.node().child_by_field_id(self.fields.operator).map_or("", |operator| self.slice(operator));
        let (mut left, mut right) = (None, None);
        let fields = (self.fields.left, self.fields.right);
        self.each(|walk, field| {
            if field == fields.0 {
                left = Some(walk.value());
            } else if field == fields.1 {
                right = Some(walk.value());
            }
        });
        let parts: Vec<ValueId> = left.into_iter().chain(right).collect();
        match (operator, &parts[..]) {
            ("+" | "%", [left, right]) => {
                let value = self.out.value(line, Shape::Joined(*left, *right));
                self.out.maybe_sql(value, first, span);
                value
            }
            ("|", _) => {
                let parts = self.out.list(&parts);
                self.out.value(line, Shape::Choice(parts))
            }
            _ => {
                let parts = self.out.list(&parts);
                self.out.value(line, Shape::Other(parts))
            }
        }
    }

    fn map(&mut self) -> ValueId {
        let line = self.line();
        let mut entries = Vec::new();
        self.each(|walk, _| match walk.capture() {
            Some(Capture::Nothing) => {}
            Some(Capture::Pair) => {
                let (key, value) = walk.pair();
                entries.extend(value.map(|value| Entry { key, value }));
            }
            _ => {
                let value = walk.value();
                entries.push(Entry { key: None, value });
            }
        });
        let entries = self.out.entries(&entries);
        self.out.value(line, Shape::Map(entries))
    }

    fn pair(&mut self) -> (Option<ValueId>, Option<ValueId>) {
        let (mut key, mut value) = (None, None);
        let fields = (self.fields.key, self.fields.value);
        self.each(|walk, field| {
            if field == fields.0 {
                key = Some(walk.value());
            } else if field == fields.1 {
                value = Some(walk.value());
            }
        });
        (key, value)
    }

    /// The element is written before the loops that feed it; the walk keeps source order and calls all of it the loop.
    fn comprehension(&mut self) -> ValueId {
        let block = self.out.block(BlockKind::Loop, self.span(), None);
        let value = self.parts(Shape::Other);
        self.out.end_block(block);
        value
    }

    fn loop_variable(&mut self) -> ValueId {
        let line = self.line();
        let (mut target, mut source) = (None, None);
        let left = self.fields.left;
        self.each(|walk, field| {
            let value = walk.value();
            if field == left {
                target = Some(value);
            } else {
                source = Some(value);
            }
        });
        if let Some(target) = target {
            self.out.bind(Binds::Loop, target, source, None);
        }
        source.unwrap_or_else(|| self.nothing(line))
    }

    fn lambda(&mut self) -> ValueId {
        let (line, span) = (self.line(), self.span());
        let mut parameters = Stretch::default();
        let mut inline = None;
        let fields = (self.fields.parameters, self.fields.body);
        self.each(|walk, field| {
            if field == fields.0 {
                parameters = walk.parameters();
            } else if field == fields.1 {
                // The walk counts a node where it meets it, which for this one was still outside.
                let decisions = if walk.kinds.is_decision(walk.node().kind_id()) { walk.out.take_decision() } else { 0 };
                let definition = Definition { decisions, parameters, ..walk.header("", DefinitionKind::Lambda, span) };
                inline = Some(walk.body(definition, true));
            }
        });
        match inline {
            Some(id) => self.out.value(line, Shape::Inline(id)),
            None => self.nothing(line),
        }
    }

    /// `a: T = b`, also chained: `a = b = c` binds both to c.
    fn assign(&mut self, binds: Binds) -> ValueId {
        let line = self.line();
        let (mut target, mut annotation, mut value) = (None, None, None);
        let fields = (self.fields.left, self.fields.right, self.fields.annotation);
        self.each(|walk, field| {
            if field == fields.0 {
                target = Some(walk.value());
            } else if field == fields.1 {
                value = Some(walk.value());
            } else if field == fields.2 {
                annotation = Some(walk.value());
            }
        });
        if let Some(target) = target {
            let binds = if value.is_none() { Binds::Declare } else { binds };
            self.out.bind(binds, target, value, annotation);
        }
        value.or(target).unwrap_or_else(|| self.nothing(line))
    }

    fn walrus(&mut self) -> ValueId {
        let line = self.line();
        let (mut target, mut value) = (None, None);
        let fields = (self.fields.name, self.fields.value);
        self.each(|walk, field| {
            if field == fields.0 {
                target = Some(walk.value());
            } else if field == fields.1 {
                value = Some(walk.value());
            }
        });
        if let Some(target) = target {
            self.out.bind(Binds::Assign, target, value, None);
        }
        value.unwrap_or_else(|| self.nothing(line))
    }

    /// `with a as b`, `except A as b`, `case A() as b`.
    pub(super) fn bound_as(&mut self, binds: Binds) -> ValueId {
        let line = self.line();
        let (mut value, mut target) = (None, None);
        let alias = self.fields.alias;
        self.each(|walk, field| {
            if field == alias {
                target = Some(walk.value());
            } else {
                value = Some(walk.value());
            }
        });
        if let Some(target) = target {
            self.out.bind(binds, target, value, None);
        }
        value.unwrap_or_else(|| self.nothing(line))
    }
}
