//! A function as it is called: on which object, and with what in its parameters.

use super::Reading;
use crate::base::FileId;
use crate::facts::{Binds, Block, BlockKind, Call, DefinitionId, FileFacts, Shape, Text, ValueId};
use crate::frameworks::orm::{Ancestor, ClassId};
use crate::frameworks::php::is_this;
use std::rc::Rc;

/// How deep calls are followed into the application's own functions.
pub(super) const DEEPEST: u32 = 6;

/// A function as it is called.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) file: FileId,
    pub(super) function: DefinitionId,
    /// The class of the object it is called on.
    pub(super) this: Option<ClassId>,
    /// What its parameters were handed, and where that is written.
    given: Vec<(Text, Rc<Frame>, ValueId)>,
    pub(super) depth: u32,
}

/// An expression with the frame it is written in.
pub(super) type Written = (Rc<Frame>, ValueId);

impl Frame {
    /// A function that nobody of the application calls.
    pub(super) fn outermost(file: FileId, function: DefinitionId, this: Option<ClassId>) -> Rc<Self> {
        Rc::new(Self { file, function, this, given: Vec::new(), depth: 0 })
    }
}

impl<'a> Reading<'a> {
    pub(super) fn facts(&self, frame: &Frame) -> &'a FileFacts {
        self.classes.facts(frame.file)
    }

    /// The innermost definition around an expression.
    pub(super) fn owner(&self, frame: &Frame, value: ValueId) -> Option<DefinitionId> {
        self.facts(frame).owner_of(value)
    }

    /// What an expression may stand for where it is a variable: what it was given before, and what its parameter was handed.
    /// Anything else stands for itself.
    pub(super) fn origins(&self, frame: &Rc<Frame>, value: ValueId) -> Vec<Written> {
        let mut found = Vec::new();
        self.add_origins(frame, value, 6, &mut found);
        found
    }

    fn add_origins(&self, frame: &Rc<Frame>, value: ValueId, left: u32, out: &mut Vec<Written>) {
        let facts = self.facts(frame);
        let variable = facts.as_name(value).filter(|name| facts.text(*name).starts_with('$') && !is_this(facts, value));
        let (Some(name), true) = (variable, left > 0) else {
            out.push((Rc::clone(frame), value));
            return;
        };
        let owner = facts.owner_of(value);
        let (mut any, mut sure, mut otherwise) = (false, false, None);
        for row in self.classes.locals(frame.file).of_name(owner, name).iter().rev() {
            let binding = &facts.bindings[row.binding as usize];
            // What is made out of the variable itself comes after it.
            let is_later = binding.target.0 >= value.0 || binding.value.is_some_and(|given| given.0 >= value.0);
            if is_later || row.place.is_some() {
                continue;
            }
            match (binding.binds, binding.value) {
                (Binds::Assign, Some(given)) => self.add_origins(frame, given, left - 1, out),
                // `$rows += $more` adds to what it was.
                (Binds::Augment, _) => continue,
                _ => out.push((Rc::clone(frame), binding.target)),
            }
            any = true;
            match &self.passed(facts, binding.target, value)[..] {
                [] => sure = true,
                // Both arms of an `if` give it something.
                [arm] if arm.subject.is_none() => otherwise = Some(**arm),
                [arm] => sure = otherwise.is_some_and(|other| are_both_arms(facts, arm, &other)),
                _ => {}
            }
            if sure {
                break;
            }
        }
        if sure {
            return;
        }
        if let Some((_, from, given)) = frame.given.iter().find(|(parameter, _, _)| *parameter == name) {
            self.add_origins(&Rc::clone(from), *given, left - 1, out);
        } else if let Some(default) = self.default_of(frame, name).filter(|_| frame.depth > 0) {
            out.push((Rc::clone(frame), default));
        } else if !any {
            out.push((Rc::clone(frame), value));
        }
    }

    /// The blocks around what binds a variable that may be passed by on the way to `at`.
    pub(super) fn passed(&self, facts: &'a FileFacts, bound: ValueId, at: ValueId) -> Vec<&'a Block> {
        let may_be_passed = |kind| matches!(kind, BlockKind::Branch | BlockKind::Handler | BlockKind::Loop | BlockKind::Try);
        let around = facts.blocks.iter().filter(|block| may_be_passed(block.kind) && block.values.contains(bound.0));
        around.filter(|block| !block.values.contains(at.0)).collect()
    }

    fn default_of(&self, frame: &Frame, name: Text) -> Option<ValueId> {
        let facts = self.facts(frame);
        let parameters = &facts.parameters[facts.definition(frame.function).parameters.range()];
        parameters.iter().find(|parameter| parameter.name == name)?.default
    }

    /// The frame of one of the application's own functions as a call calls it.
    pub(super) fn enter(&self, frame: &Rc<Frame>, call: &Call, target: ClassId, this: Option<ClassId>) -> Option<Rc<Frame>> {
        let facts = self.facts(frame);
        let mut given: Vec<ValueId> = Vec::new();
        for argument in facts.arguments_of(call) {
            if argument.spread {
                break;
            }
            given.push(argument.value);
        }
        self.enter_with(frame, target, this, &given)
    }

    /// The same with what it is handed.
    pub(super) fn enter_with(&self, frame: &Rc<Frame>, target: ClassId, this: Option<ClassId>, handed: &[ValueId]) -> Option<Rc<Frame>> {
        if frame.depth >= DEEPEST {
            return None;
        }
        let facts = self.classes.facts(target.0);
        let parameters = &facts.parameters[facts.definition(target.1).parameters.range()];
        let given = parameters.iter().zip(handed).map(|(parameter, value)| (parameter.name, Rc::clone(frame), *value)).collect();
        Some(Rc::new(Frame { file: target.0, function: target.1, this, given, depth: frame.depth + 1 }))
    }

    /// What a function hands back.
    pub(super) fn returned(&self, frame: &Rc<Frame>) -> Vec<ValueId> {
        let facts = self.facts(frame);
        facts.returned.iter().filter(|(function, _)| *function == frame.function).map(|(_, value)| *value).collect()
    }

    /// The class of the object an expression is.
    pub(super) fn class_of(&self, frame: &Rc<Frame>, value: ValueId) -> Option<Ancestor> {
        self.class_within(frame, value, 6)
    }

    fn class_within(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Option<Ancestor> {
        let left = left.checked_sub(1)?;
        let _inside = self.go_on()?;
        let facts = self.facts(frame);
        if is_this(facts, value) {
            return frame.this.map(Ancestor::Ours);
        }
        match facts.value(value).shape {
            Shape::Name(name) if facts.text(name).starts_with('$') => {
                let typed = || self.parameter_type(frame, name);
                let (from, origin) = self.origins(frame, value).into_iter().next()?;
                if (from.function, origin) == (frame.function, value) {
                    typed()
                } else {
                    self.class_within(&from, origin, left).or_else(typed)
                }
            }
            Shape::Name(_) => self.classes.class_at(frame.file, self.owner(frame, value), value),
            Shape::Member(object, name) if is_this(facts, object) => self.property_type(frame.this?, facts.text(name)),
            Shape::Call(_) => {
                let call = facts.as_call(value)?;
                if let Some(class) = self.made(frame, call).or_else(|| self.taken(frame, call)) {
                    return Some(class);
                }
                let (target, this) = self.target(frame, call)?;
                let returns = self.classes.facts(target.0).definition(target.1).returns;
                match returns {
                    Some(returns) => self.classes.class_at(target.0, Some(target.1), returns),
                    None => {
                        let inner = self.enter(frame, call, target, this)?;
                        let value = *self.returned(&inner).first()?;
                        self.class_within(&inner, value, left)
                    }
                }
            }
            _ => None,
        }
    }

    /// The written type of a parameter, of the function or of one around it.
    pub(super) fn parameter_type(&self, frame: &Frame, name: Text) -> Option<Ancestor> {
        let facts = self.facts(frame);
        let mut at = Some(frame.function);
        while let Some(id) = at {
            let definition = facts.definition(id);
            let parameters = &facts.parameters[definition.parameters.range()];
            if let Some(parameter) = parameters.iter().find(|parameter| parameter.name == name) {
                return self.classes.class_at(frame.file, Some(id), parameter.annotation?);
            }
            at = definition.owner.filter(|owner| !facts.definition(*owner).kind.is_type());
        }
        None
    }

    /// The class that a property of an object holds: its type, what is assigned to it, or the parameter that is.
    fn property_type(&self, class: ClassId, name: &str) -> Option<Ancestor> {
        for class in self.classes.line(class) {
            let facts = self.classes.facts(class.0);
            for bound in self.classes.bound_members(class, name) {
                let binding = &facts.bindings[*bound as usize];
                let (Some(value), Some(owner)) = (binding.value, binding.owner) else { continue };
                let frame = Frame::outermost(class.0, owner, Some(class));
                let found = match facts.as_name(value) {
                    Some(parameter) => self.parameter_type(&frame, parameter),
                    None => facts.as_call(value).and_then(|call| self.made(&frame, call)),
                };
                if found.is_some() {
                    return found;
                }
            }
            // A promoted parameter of the constructor, or a typed property.
            let constructor = self.classes.own_method(class.0, class.1, "__construct");
            let promoted = constructor.zip(facts.texts.find(&format!("${name}")));
            if let Some((constructor, text)) = promoted
                && let Some(found) = self.parameter_type(&Frame::outermost(class.0, constructor, Some(class)), text)
            {
                return Some(found);
            }
            let declared = facts.texts.find(name).and_then(|text| self.classes.locals(class.0).of_name(Some(class.1), text).first());
            if let Some(bound) = declared
                && let Some(annotation) = facts.bindings[bound.binding as usize].annotation
            {
                return self.classes.class_at(class.0, Some(class.1), annotation);
            }
        }
        None
    }

    /// The class that `new` makes an object of; `$this->kind` stands for the class its value names.
    pub(super) fn made(&self, frame: &Rc<Frame>, call: &Call) -> Option<Ancestor> {
        let facts = self.facts(frame);
        let Shape::Member(class, name) = facts.value(call.callee).shape else { return None };
        if facts.text(name) != "__construct" {
            return None;
        }
        match facts.value(class).shape {
            Shape::Member(object, property) if is_this(facts, object) => {
                let (file, value) = self.classes.value_of(frame.this?, facts.text(property))?;
                self.classes.class_of(file, self.classes.facts(file).owner_of(value), value)
            }
            _ => self.classes.class_at(frame.file, self.owner(frame, class), class),
        }
    }

    /// The class that the container is asked for: `app(Sender::class)`, `resolve(Sender::class)`, `$this->app->make(Sender::class)`.
    fn taken(&self, frame: &Rc<Frame>, call: &Call) -> Option<Ancestor> {
        let facts = self.facts(frame);
        let asks = match facts.value(call.callee).shape {
            Shape::Name(name) => matches!(facts.text(name), "app" | "resolve"),
            Shape::Member(object, name) => {
                let object = facts.as_call(object).and_then(|call| facts.last_name(call.callee)).or_else(|| facts.last_name(object));
                matches!(facts.text(name), "make" | "makeWith" | "get")
                    && matches!(object, Some("app" | "App" | "container" | "$app" | "$container"))
            }
            _ => false,
        };
        let first = facts.arguments_of(call).first().filter(|_| asks)?;
        self.classes.class_of(frame.file, self.owner(frame, first.value), first.value)
    }

    /// The application's own function that a call calls, and the class it is called on.
    pub(super) fn target(&self, frame: &Rc<Frame>, call: &Call) -> Option<(ClassId, Option<ClassId>)> {
        let facts = self.facts(frame);
        match facts.value(call.callee).shape {
            Shape::Name(name) if !facts.text(name).starts_with('$') => {
                Some((self.classes.function(frame.file, call.callee, facts.text(name))?, None))
            }
            Shape::Member(object, name) => {
                let name = facts.text(name);
                let around = facts.as_name(object).map(|object| facts.text(object).to_ascii_lowercase());
                let class = match around.as_deref() {
                    Some("self" | "static") => frame.this?,
                    Some("parent") => {
                        let method = self.classes.parents((frame.file, facts.class_around(Some(frame.function))?)).into_iter().next()?;
                        let Ancestor::Ours(parent) = method else { return None };
                        return Some((self.classes.method_of(parent, name)?, frame.this));
                    }
                    _ => match self.class_of(frame, object)? {
                        Ancestor::Ours(class) => class,
                        Ancestor::Outside(_) => return None,
                    },
                };
                Some((self.classes.method_of(class, name)?, Some(class)))
            }
            _ => None,
        }
    }

    /// The text an expression is.
    pub(super) fn text(&self, frame: &Rc<Frame>, value: ValueId) -> Option<String> {
        self.text_within(frame, value, 6)
    }

    fn text_within(&self, frame: &Rc<Frame>, value: ValueId, left: u32) -> Option<String> {
        let left = left.checked_sub(1)?;
        let _inside = self.go_on()?;
        let facts = self.facts(frame);
        match facts.value(value).shape {
            Shape::Literal(text) => Some(facts.text(text).to_owned()),
            Shape::Joined(first, second) => Some(self.text_within(frame, first, left)? + &self.text_within(frame, second, left)?),
            Shape::Template(parts) => facts.items(parts).iter().map(|part| self.text_within(frame, *part, left)).collect(),
            Shape::Member(object, name) if is_this(facts, object) => {
                let (file, value) = self.classes.value_of(frame.this?, facts.text(name))?;
                self.classes.text(file, self.classes.facts(file).owner_of(value), value)
            }
            Shape::Name(name) if facts.text(name).starts_with('$') => match &self.origins(frame, value)[..] {
                [(from, origin)] if (from.file, *origin) != (frame.file, value) => self.text_within(from, *origin, left),
                _ => None,
            },
            Shape::Call(_) => {
                let call = facts.as_call(value)?;
                let plural = matches!(facts.last_name(call.callee), Some("str_plural" | "plural"));
                let first = facts.arguments_of(call).first().filter(|_| plural)?;
                Some(crate::frameworks::laravel::plural(&self.text_within(frame, first.value, left)?))
            }
            _ => self.classes.text(frame.file, self.owner(frame, value), value),
        }
    }

    /// The status that an expression is; `Response::HTTP_CREATED` is one.
    pub(super) fn status(&self, frame: &Rc<Frame>, value: ValueId) -> Option<u16> {
        let origins = self.origins(frame, value);
        let [(from, value)] = &origins[..] else { return None };
        let facts = self.facts(from);
        match facts.value(*value).shape {
            Shape::Number(text) => facts.text(text).parse().ok(),
            Shape::Member(_, name) => crate::frameworks::payloads::statuses::of_constant(facts.text(name)),
            _ => None,
        }
        .filter(|status| (100..600).contains(status))
    }
}

/// True for the code under an `if` and under its `else`, where there is nothing in between.
fn are_both_arms(facts: &FileFacts, arm: &Block, other: &Block) -> bool {
    let inside = arm.span.line <= other.span.line && other.span.end_line <= arm.span.end_line && arm.values.end <= other.values.start;
    let between =
        |block: &Block| block.kind == BlockKind::Branch && arm.values.end <= block.values.start && block.values.end <= other.values.start;
    arm.kind == BlockKind::Branch && inside && !facts.blocks.iter().any(between)
}
