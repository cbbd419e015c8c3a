//! Expressions become values; what binds a name on the way is noted.

use super::{Capture, Walk};
use crate::facts::{Binds, Entry, Shape, ValueId};
use crate::languages::walk::{Makes, Reads};

impl Walk<'_> {
    /// The present node as a value.
    pub(super) fn expression(&mut self) -> ValueId {
        match self.capture() {
            Some(Capture::Name | Capture::ImportCall) => self.plain(Shape::Name),
            Some(Capture::Number) => self.plain(Shape::Number),
            Some(Capture::Constant) => self.plain(Shape::Constant),
            Some(Capture::Member) => self.member(),
            Some(Capture::Item) => self.item(),
            Some(Capture::Call) => self.call(),
            Some(Capture::New) => self.new_object(),
            Some(Capture::String) => self.string(),
            Some(Capture::Template) => self.template(),
            Some(Capture::Binary) => self.operators(),
            Some(Capture::Conditional) => self.conditional(0),
            Some(Capture::Unary) => self.unary(),
            Some(Capture::List) => self.parts(Shape::List),
            Some(Capture::Map) => self.map(),
            Some(Capture::Pattern) => self.pattern(),
            Some(Capture::Inner | Capture::Decorator) => self.inner(),
            Some(Capture::Lambda) => {
                let line = self.line();
                let id = self.lambda("");
                self.out.value(line, Shape::Inline(id))
            }
            Some(Capture::Class | Capture::Interface | Capture::Enum) => {
                let line = self.line();
                let id = self.class("");
                self.out.value(line, Shape::Inline(id))
            }
            Some(Capture::Assign) => self.assign(Binds::Assign),
            Some(Capture::Augment) => self.assign(Binds::Augment),
            Some(Capture::Default) => self.with_default(),
            Some(Capture::TypeOnly) => self.typed(),
            Some(Capture::Generic) => self.generic(),
            Some(Capture::ArrayOf) => self.array_of(),
            Some(Capture::Union) => self.parts(Shape::Choice),
            Some(Capture::Cast) => self.cast(0),
            Some(Capture::Function | Capture::Method | Capture::Field | Capture::Import | Capture::Export | Capture::Declarator) => {
                // Object types hold members; everywhere else only broken syntax puts a statement inside an expression.
                self.statement();
                self.nothing(self.line())
            }
            // Where there is JSX there is no `<T>a`, so one of the grammars lacks the kind and no query can name it.
            None if self.node().kind() == "type_assertion" => self.cast(1),
            _ => self.parts(Shape::Other),
        }
    }

    /// `a.b`, `a?.b`
    fn member(&mut self) -> ValueId {
        let line = self.line();
        let (mut object, mut name) = (None, "");
        self.each(|walk, _| {
            if walk.says_nothing() {
            } else if object.is_none() {
                object = Some(walk.value());
            } else {
                name = walk.source();
            }
        });
        let object = object.unwrap_or_else(|| self.nothing(line));
        let name = self.out.intern(name);
        self.out.value(line, Shape::Member(object, name))
    }

    /// `a[1]`; `a['b']` stays an item.
    fn item(&mut self) -> ValueId {
        let line = self.line();
        let (mut object, mut index) = (None, None);
        let fields = (self.fields.object, self.fields.index);
        self.each(|walk, field| {
            if field == fields.0 {
                object = Some(walk.value());
            } else if field == fields.1 {
                index = Some(walk.value());
            }
        });
        let object = object.unwrap_or_else(|| self.nothing(line));
        let index = index.unwrap_or_else(|| self.nothing(line));
        self.out.value(line, Shape::Item(object, index))
    }

    fn operators(&mut self) -> ValueId {
        let makes = |operator: &str| match operator {
            "+" => Makes::Text,
            "||" | "??" => Makes::Choice,
            _ => Makes::Other,
        };
        self.binary(makes, |walk, _| walk.value(), |walk| walk.capture() == Some(Capture::Binary))
    }

    /// `!a`, `typeof a`, `delete a.b`
    fn unary(&mut self) -> ValueId {
        let deletes = Self::has_word(self.node(), "delete");
        let value = self.parts(Shape::Other);
        if deletes
            && let Shape::Other(parts) = self.out.facts().value(value).shape
            && let [target] = *self.out.facts().items(parts)
        {
            self.out.bind(Binds::Delete, target, None, None);
        }
        value
    }

    /// `{ a: 1, b, c() { }, ...d }`
    fn map(&mut self) -> ValueId {
        let line = self.line();
        let mut entries = Vec::new();
        self.each(|walk, _| match walk.capture() {
            Some(Capture::Nothing) => {}
            Some(Capture::Pair) => entries.extend(walk.pair()),
            Some(Capture::Name) => {
                let key = walk.key();
                let value = walk.value();
                entries.push(Entry { key: Some(key), value });
            }
            Some(Capture::Method) => {
                let line = walk.line();
                let id = walk.function();
                let key = walk.out.facts().definition(id).name;
                let key = walk.out.value(line, Shape::Literal(key));
                let value = walk.out.value(line, Shape::Inline(id));
                entries.push(Entry { key: Some(key), value });
            }
            _ => {
                let value = walk.value();
                entries.push(Entry { key: None, value });
            }
        });
        let entries = self.out.entries(&entries);
        self.out.value(line, Shape::Map(entries))
    }

    fn pair(&mut self) -> Option<Entry> {
        let (mut key, mut value) = (None, None);
        let fields = (self.fields.key, self.fields.value);
        let name = self.node().child_by_field_id(fields.0).map_or("", |key| self.slice(key).trim_matches(['"', '\'']));
        self.each(|walk, field| {
            if field == fields.0 {
                key = Some(walk.key());
            } else if field == fields.1 {
                value = Some(walk.named_value(name));
            }
        });
        value.map(|value| Entry { key, value })
    }

    /// The key of an entry: a name stands for its text, as a string does.
    pub(super) fn key(&mut self) -> ValueId {
        if self.capture() == Some(Capture::Name) { self.plain(Shape::Literal) } else { self.value() }
    }

    /// The present node as the value of something with a name: a function or class takes it.
    pub(super) fn named_value(&mut self, name: &str) -> ValueId {
        let line = self.line();
        match self.capture() {
            Some(Capture::Lambda) => {
                let id = self.lambda(name);
                self.out.value(line, Shape::Inline(id))
            }
            Some(Capture::Class) => {
                let id = self.class(name);
                self.out.value(line, Shape::Inline(id))
            }
            _ => self.value(),
        }
    }

    /// `{ a, b: c, ...d }` as a target: what is bound; keys that are other names are kept beside it.
    fn pattern(&mut self) -> ValueId {
        let line = self.line();
        let mut targets = Vec::new();
        let (key, value) = (self.fields.key, self.fields.value);
        self.each(|walk, _| match walk.capture() {
            Some(Capture::Nothing) => {}
            None => {
                let mut taken = None;
                walk.each(|walk, field| {
                    if field == key {
                        taken = Some(walk.out.intern(walk.source().trim_matches(['"', '\''])));
                    } else if field == value {
                        let target = walk.value();
                        walk.out.facts_mut().taken.extend(taken.map(|key| (target, key)));
                        targets.push(target);
                    }
                });
            }
            _ => {
                let is_rest = walk.node().kind() == "rest_pattern";
                let target = walk.value();
                if is_rest {
                    let rest = walk.out.intern("...");
                    walk.out.facts_mut().taken.push((target, rest));
                }
                targets.push(target);
            }
        });
        let targets = self.out.list(&targets);
        self.out.value(line, Shape::List(targets))
    }

    /// `a = 1` inside a pattern or parameter: the target; the default is walked.
    fn with_default(&mut self) -> ValueId {
        let line = self.line();
        let mut target = None;
        self.each(|walk, _| {
            if !walk.says_nothing() {
                let value = walk.value();
                target.get_or_insert(value);
            }
        });
        target.unwrap_or_else(|| self.nothing(line))
    }

    /// The present node as a type: what it names, only the type checker sees.
    pub(super) fn typed(&mut self) -> ValueId {
        let outer = std::mem::replace(&mut self.out.type_only, true);
        let wrapper = matches!(self.capture(), Some(Capture::TypeOnly | Capture::Signature));
        let value = if wrapper { self.inner() } else { self.value() };
        self.out.type_only = outer;
        value
    }

    /// `Repository<User>`
    fn generic(&mut self) -> ValueId {
        let line = self.line();
        let (mut object, mut arguments) = (None, Vec::new());
        let field_of_arguments = self.fields.type_arguments;
        self.each(|walk, field| {
            if field == field_of_arguments {
                walk.each(|walk, _| {
                    if !walk.says_nothing() {
                        arguments.push(walk.typed());
                    }
                });
            } else if !walk.says_nothing() {
                object = Some(walk.typed());
            }
        });
        let object = object.unwrap_or_else(|| self.nothing(line));
        let index = match arguments[..] {
            [only] => only,
            _ => {
                let several = self.out.list(&arguments);
                self.out.value(line, Shape::List(several))
            }
        };
        self.out.value(line, Shape::Item(object, index))
    }

    /// `User[]` is `Array<User>`.
    fn array_of(&mut self) -> ValueId {
        let line = self.line();
        let array = self.out.intern("Array");
        let array = self.out.value(line, Shape::Name(array));
        let inner = self.inner();
        self.out.value(line, Shape::Item(array, inner))
    }

    /// `a as T`, `a satisfies T`, `<T>a`: the value, which stands at a place of its own; the other is a type.
    fn cast(&mut self, place: usize) -> ValueId {
        let line = self.line();
        let (mut at, mut value) = (0, None);
        self.each(|walk, _| {
            if walk.says_nothing() {
                return;
            }
            if at == place {
                value = Some(walk.value());
            } else {
                walk.typed();
            }
            at += 1;
        });
        value.unwrap_or_else(|| self.nothing(line))
    }
}
