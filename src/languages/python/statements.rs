//! Statements: definitions, branches, loops, scopes.

use super::{Capture, Walk};
use crate::base::Span;
use crate::facts::{Binds, BlockKind, Definition, DefinitionId, DefinitionKind, Parameter, Shape, Stretch, ValueId};
use crate::languages::walk::{Reads, line_of, span_of};
use tree_sitter::Node;

/// What a condition says about the type checker.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Checking {
    /// `if TYPE_CHECKING:`
    Only,
    /// `if not TYPE_CHECKING:`
    Never,
    /// Anything else.
    Unknown,
}

impl Walk<'_> {
    /// The present node as a statement; expressions in statement position become values.
    pub(super) fn any_statement(&mut self) {
        match self.capture() {
            Some(Capture::Return) => self.each(|walk, _| {
                let value = walk.value();
                if let Some(owner) = walk.out.owner {
                    walk.out.facts_mut().returned.push((owner, value));
                }
            }),
            Some(Capture::ImportModule) => self.import_module(),
            Some(Capture::ImportFrom) => self.import_from(),
            Some(Capture::ImportFuture | Capture::Nothing) => {}
            Some(Capture::Class) => self.class(&[], None),
            Some(Capture::Function) => self.function(&[], None),
            Some(Capture::Decorated) => self.decorated(),
            Some(Capture::If) => self.branch(),
            Some(Capture::Elif | Capture::Else | Capture::Case) => self.arm(),
            Some(Capture::For | Capture::While) => self.looped(),
            Some(Capture::With) => self.with(),
            Some(Capture::Try) => self.guarded(),
            Some(Capture::Except | Capture::Finally) => self.handler(),
            Some(Capture::Declare) => self.declare(),
            Some(Capture::Delete) => self.delete(),
            Some(Capture::Statement) => self.each(|walk, _| {
                // `total = price()` is an expression to the grammar, yet its value goes somewhere.
                let kept = matches!(walk.capture(), Some(Capture::Assign | Capture::Augment | Capture::Walrus));
                let value = walk.value();
                if !kept {
                    walk.out.unused(value);
                    walk.out.facts_mut().statements.push(value);
                }
            }),
            None => self.each(|walk, _| walk.statement()),
            Some(_) => {
                self.value();
            }
        }
    }

    fn decorated(&mut self) {
        let first_line = self.line();
        let mut decorators = Vec::new();
        self.each(|walk, _| match walk.capture() {
            Some(Capture::Decorator) => walk.each(|walk, _| {
                let value = walk.value();
                decorators.push(value);
            }),
            Some(Capture::Class) => walk.class(&decorators, Some(first_line)),
            Some(Capture::Function) => walk.function(&decorators, Some(first_line)),
            _ => walk.statement(),
        });
    }

    fn class(&mut self, decorators: &[ValueId], first_line: Option<u32>) {
        let node = self.node();
        let (mut bases, mut keywords) = (Vec::new(), Vec::new());
        let mut opened = false;
        let (superclasses, body) = (self.fields.superclasses, self.fields.body);
        self.each(|walk, field| {
            if field == superclasses {
                walk.each(|walk, _| {
                    if walk.capture() == Some(Capture::ArgumentKeyword) {
                        walk.argument(&mut keywords);
                    } else {
                        bases.push(walk.value());
                    }
                });
                let facts = walk.out.facts_mut();
                let id = DefinitionId(u32::try_from(facts.definitions.len()).expect("definitions are counted in u32"));
                facts.class_keywords.extend(keywords.drain(..).map(|keyword| (id, keyword)));
            } else if field == body {
                let kind = walk.class_kind(&bases);
                let definition = walk.named_header(node, kind, decorators, first_line, &bases);
                walk.body(definition, false);
                opened = true;
            }
        });
        if !opened {
            let kind = self.class_kind(&bases);
            let definition = self.named_header(node, kind, decorators, first_line, &bases);
            self.empty(definition);
        }
    }

    /// Enumerations and protocols are recognised by the name of their base, wherever it was imported from.
    fn class_kind(&self, bases: &[ValueId]) -> DefinitionKind {
        let facts = self.out.facts();
        for base in bases {
            let name = match facts.value(*base).shape {
                Shape::Name(name) | Shape::Member(_, name) => self.out.text(name),
                _ => continue,
            };
            match name {
                "Enum" | "IntEnum" | "StrEnum" | "Flag" | "IntFlag" | "TextChoices" | "IntegerChoices" => return DefinitionKind::Enum,
                "Protocol" => return DefinitionKind::Interface,
                _ => {}
            }
        }
        DefinitionKind::Class
    }

    fn function(&mut self, decorators: &[ValueId], first_line: Option<u32>) {
        let node = self.node();
        let in_class = self.out.owner.is_some_and(|owner| self.out.facts().definition(owner).kind.is_type());
        let kind = if in_class { DefinitionKind::Method } else { DefinitionKind::Function };
        let mut parameters = Stretch::default();
        let mut returns = None;
        let mut opened = false;
        let fields = (self.fields.parameters, self.fields.return_type, self.fields.body);
        self.each(|walk, field| {
            if field == fields.0 {
                parameters = walk.parameters();
            } else if field == fields.1 {
                returns = Some(walk.value());
            } else if field == fields.2 {
                let definition = Definition { parameters, returns, ..walk.named_header(node, kind, decorators, first_line, &[]) };
                walk.body(definition, true);
                opened = true;
            }
        });
        if !opened {
            let definition = Definition { parameters, returns, ..self.named_header(node, kind, decorators, first_line, &[]) };
            self.empty(definition);
        }
    }

    fn named_header(
        &mut self,
        node: Node<'_>,
        kind: DefinitionKind,
        decorators: &[ValueId],
        first_line: Option<u32>,
        bases: &[ValueId],
    ) -> Definition {
        let name = node.child_by_field_id(self.fields.name).map_or("", |name| self.slice(name));
        let line = line_of(node);
        let header = self.header(name, kind, Span { line, end_line: last_code_line(node) });
        let (bases, decorators) = (self.out.list(bases), self.out.list(decorators));
        Definition { first_line: first_line.unwrap_or(line), bases, decorators, ..header }
    }

    /// Walks the present node as the body of a definition.
    pub(super) fn body(&mut self, definition: Definition, function: bool) -> DefinitionId {
        self.inside(definition, function, |walk, _| {
            if walk.capture().is_none() {
                walk.each(|walk, _| walk.statement());
            } else {
                walk.statement();
            }
        })
    }

    pub(super) fn parameters(&mut self) -> Stretch {
        let mut found = Vec::new();
        self.each(|walk, _| walk.parameter(&mut found));
        self.store_parameters(found)
    }

    fn parameter(&mut self, found: &mut Vec<Parameter>) {
        let source = match self.capture() {
            Some(Capture::Name | Capture::ParameterRest) => Some(self.source()),
            Some(Capture::ParameterPlain) => self.node().child_by_field_id(self.fields.name).map(|name| self.slice(name)),
            Some(Capture::ParameterTyped) => self.node().child(0).map(|name| self.slice(name)),
            _ => None,
        };
        let Some(source) = source else { return };
        let (mut annotation, mut default) = (None, None);
        let (type_field, value_field) = (self.fields.annotation, self.fields.value);
        if matches!(self.capture(), Some(Capture::ParameterPlain | Capture::ParameterTyped)) {
            self.each(|walk, field| {
                if field == type_field {
                    annotation = Some(walk.value());
                } else if field == value_field {
                    default = Some(walk.value());
                }
            });
        }
        let name = self.out.intern(source.trim_start_matches('*').trim());
        found.push(Parameter { name, annotation, default, variadic: source.starts_with('*') });
    }

    /// `if`, with its `elif` and `else` arms.
    fn branch(&mut self) {
        let span = self.span();
        let mut subject = None;
        let mut checking = Checking::Unknown;
        let (condition, consequence) = (self.fields.condition, self.fields.consequence);
        let outer = self.out.type_only;
        self.each(|walk, field| {
            if field == condition {
                checking = walk.checking();
                subject = Some(walk.value());
            } else if field == consequence {
                let kind = if checking == Checking::Only { BlockKind::TypeChecking } else { BlockKind::Branch };
                walk.out.type_only = outer || checking == Checking::Only;
                walk.block(kind, span, subject);
                walk.out.type_only = outer;
            } else {
                // An `elif` after `if not TYPE_CHECKING` is as unseen at run time as an `else`.
                walk.out.type_only = outer || checking == Checking::Never;
                walk.statement();
                walk.out.type_only = outer;
            }
        });
    }

    fn checking(&self) -> Checking {
        let is_flag = |text: &str| text == "TYPE_CHECKING" || text.ends_with(".TYPE_CHECKING");
        let text = self.source();
        match text.strip_prefix("not ") {
            Some(rest) if is_flag(rest.trim()) => Checking::Never,
            None if is_flag(text) => Checking::Only,
            _ => Checking::Unknown,
        }
    }

    /// The present node as a block of statements under a condition.
    fn block(&mut self, kind: BlockKind, span: Span, subject: Option<ValueId>) {
        let block = self.out.block(kind, span, subject);
        let conditional = u32::from(kind != BlockKind::With);
        self.out.conditions += conditional;
        self.each(|walk, _| walk.statement());
        self.out.conditions -= conditional;
        self.out.end_block(block);
    }

    /// `elif`, `else` and `case`: an optional condition, then a block.
    fn arm(&mut self) {
        let span = self.span();
        let mut subject = None;
        let (body, consequence) = (self.fields.body, self.fields.consequence);
        self.each(|walk, field| {
            if field == body || field == consequence {
                walk.block(BlockKind::Branch, span, subject);
            } else {
                subject = Some(walk.value());
            }
        });
    }

    fn looped(&mut self) {
        let span = self.span();
        let (mut target, mut subject) = (None, None);
        let (left, body) = (self.fields.left, self.fields.body);
        let alternative = self.fields.alternative;
        self.each(|walk, field| {
            if field == body {
                if let Some(target) = target {
                    walk.out.bind(Binds::Loop, target, subject, None);
                }
                walk.block(BlockKind::Loop, span, subject);
            } else if field == alternative {
                walk.statement();
            } else if field == left {
                target = Some(walk.value());
            } else {
                subject = Some(walk.value());
            }
        });
    }

    /// A `with` of several items is as many blocks around the same body.
    fn with(&mut self) {
        let span = self.span();
        let mut subjects = Vec::new();
        let body = self.fields.body;
        self.each(|walk, field| {
            if field == body {
                let last = subjects.pop();
                let outer: Vec<usize> = subjects.drain(..).map(|subject| walk.out.block(BlockKind::With, span, Some(subject))).collect();
                walk.block(BlockKind::With, span, last);
                outer.into_iter().for_each(|block| walk.out.end_block(block));
            } else {
                walk.each(|walk, _| {
                    walk.each(|walk, _| {
                        let value = walk.value();
                        subjects.push(value);
                    });
                });
            }
        });
    }

    fn guarded(&mut self) {
        let span = self.span();
        let body = self.fields.body;
        self.each(|walk, field| {
            if field == body {
                walk.block(BlockKind::Try, span, None);
            } else {
                walk.statement();
            }
        });
    }

    fn handler(&mut self) {
        let span = self.span();
        let block = self.out.block(BlockKind::Handler, span, None);
        self.out.conditions += 1;
        self.each(|walk, _| {
            if walk.capture() == Some(Capture::As) {
                walk.bound_as(Binds::Catch);
            } else {
                walk.statement();
            }
        });
        self.out.conditions -= 1;
        self.out.end_block(block);
    }

    fn declare(&mut self) {
        self.each(|walk, _| {
            let target = walk.value();
            walk.out.bind(Binds::Declare, target, None, None);
        });
    }

    fn delete(&mut self) {
        self.each(|walk, _| {
            let target = walk.value();
            walk.out.bind(Binds::Delete, target, None, None);
        });
    }
}

/// The last line of code in a definition: comments after it belong to nobody.
fn last_code_line(node: Node<'_>) -> u32 {
    let mut at = node;
    loop {
        let mut index = at.child_count();
        let mut last = None;
        while index > 0 && last.is_none() {
            index -= 1;
            last = at.child(index).filter(|child| !child.is_extra());
        }
        match last {
            Some(child) if child.child_count() > 0 => at = child,
            Some(child) => return span_of(child).end_line,
            None => return span_of(at).end_line,
        }
    }
}
