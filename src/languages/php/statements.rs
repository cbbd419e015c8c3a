//! Statements: branches, loops, handlers, declarations of variables.

use super::{Capture, Walk};
use crate::facts::{Binds, BlockKind, DocBlock, Mentions, Shape, Switch, ValueId};
use crate::languages::walk::Reads;

impl Walk<'_> {
    /// The present node as a statement; expressions in statement position become values.
    pub(super) fn any_statement(&mut self) {
        match self.capture() {
            Some(Capture::Statement) => self.expression_statement(),
            Some(Capture::Return) => self.each(|walk, _| {
                if walk.capture() != Some(Capture::Nothing) {
                    let value = walk.value();
                    if let Some(owner) = walk.out.owner {
                        walk.out.facts_mut().returned.push((owner, value));
                    }
                }
            }),
            Some(Capture::Nothing) => self.docblock(),
            Some(Capture::Namespace) => self.namespace(),
            Some(Capture::Use) => self.use_declaration(),
            Some(Capture::Class | Capture::Interface | Capture::Trait | Capture::Enum | Capture::Anonymous) => {
                self.class();
            }
            Some(Capture::Function | Capture::Method) => self.function(),
            Some(Capture::Traits) => self.traits(),
            Some(Capture::Property) => self.property(),
            Some(Capture::ConstantDeclaration) => self.constants(),
            Some(Capture::EnumCase) => self.enum_case(),
            Some(Capture::Branch) => self.branch(),
            Some(Capture::Switch) => self.switch(),
            Some(Capture::Case) => {
                self.case();
            }
            Some(Capture::Loop) => self.looped(),
            Some(Capture::Foreach) => self.foreach(),
            Some(Capture::Try) => self.guarded(),
            Some(Capture::Catch | Capture::Finally) => self.handler(),
            Some(Capture::Static) => self.static_variable(),
            Some(Capture::Declare) => self.bind_each(Binds::Declare),
            Some(Capture::Delete) => self.bind_each(Binds::Delete),
            None => self.each(|walk, _| walk.statement()),
            Some(_) => {
                self.value();
            }
        }
    }

    /// A comment that notes something for a program to read: `/** @ORM\Column */`.
    fn docblock(&mut self) {
        let source = self.source();
        let notes = |text: &str| text.match_indices('@').any(|(at, _)| text[at + 1..].starts_with(|next: char| next.is_ascii_uppercase()));
        if source.starts_with("/**") && notes(source) {
            let text = self.out.intern(source);
            let (owner, at, end_line) = (self.out.owner, self.out.next_value(), self.span().end_line);
            self.out.facts_mut().docblocks.push(DocBlock { text, owner, at, end_line });
        }
    }

    fn expression_statement(&mut self) {
        self.each(|walk, _| match walk.capture() {
            Some(Capture::Nothing) => {}
            Some(Capture::Assign | Capture::Augment) => {
                walk.value();
            }
            _ => {
                let value = walk.value();
                walk.out.unused(value);
                walk.out.facts_mut().statements.push(value);
            }
        });
    }

    /// `if`, `elseif` and `else`: a condition, the code under it, and the other arms.
    fn branch(&mut self) {
        let span = self.span();
        let (mut subject, mut block) = (None, None);
        let (condition, body) = (self.fields.condition, self.fields.body);
        self.each(|walk, field| {
            if field == condition {
                subject = Some(walk.value());
            } else if field == body {
                let block = *block.get_or_insert_with(|| walk.out.block(BlockKind::Branch, span, subject));
                walk.under_condition();
                walk.out.end_block(block);
            } else {
                walk.statement();
            }
        });
    }

    fn switch(&mut self) {
        let condition = self.fields.condition;
        let (mut subject, mut cases) = (None, Vec::new());
        self.each(|walk, field| {
            if field == condition {
                subject = Some(walk.value());
            } else if walk.capture().is_none() {
                walk.each(|walk, _| match walk.capture() {
                    Some(Capture::Case) => cases.extend(walk.case()),
                    _ => walk.statement(),
                });
            } else {
                walk.statement();
            }
        });
        if let Some(subject) = subject {
            let cases = self.out.list(&cases);
            self.out.facts_mut().switches.push(Switch { subject, cases });
        }
    }

    /// `case` and `default`: what the case is for.
    fn case(&mut self) -> Option<ValueId> {
        let span = self.span();
        let (mut subject, mut block) = (None, None);
        let value = self.fields.value;
        self.each(|walk, field| {
            if field == value {
                subject = Some(walk.value());
                return;
            }
            let block = *block.get_or_insert_with(|| walk.out.block(BlockKind::Branch, span, subject));
            walk.under_condition();
            walk.out.end_block(block);
        });
        subject
    }

    /// `for`, `while`, `do`.
    fn looped(&mut self) {
        let span = self.span();
        let (mut subject, mut block) = (None, None);
        let (condition, body) = (self.fields.condition, self.fields.body);
        self.each(|walk, field| {
            if field == body {
                // `for (...): ... endfor` has each statement as a body.
                let block = *block.get_or_insert_with(|| walk.out.block(BlockKind::Loop, span, subject));
                walk.under_condition();
                walk.out.end_block(block);
            } else if walk.capture() != Some(Capture::Nothing) {
                let value = walk.value();
                if field == condition {
                    subject = Some(value);
                }
            }
        });
    }

    /// `foreach (list() as $key => $value)`
    fn foreach(&mut self) {
        let span = self.span();
        let (mut subject, mut block) = (None, None);
        let body = self.fields.body;
        self.each(|walk, field| {
            if field == body {
                let block = *block.get_or_insert_with(|| walk.out.block(BlockKind::Loop, span, subject));
                walk.under_condition();
                walk.out.end_block(block);
            } else if walk.capture() == Some(Capture::Nothing) {
            } else if subject.is_none() {
                subject = Some(walk.value());
            } else {
                let target = if walk.capture().is_none() { walk.parts(Shape::List) } else { walk.value() };
                walk.out.bind(Binds::Loop, target, subject, None);
            }
        });
    }

    fn guarded(&mut self) {
        let span = self.span();
        let body = self.fields.body;
        self.each(|walk, field| {
            if field == body {
                let block = walk.out.block(BlockKind::Try, span, None);
                walk.under_condition();
                walk.out.end_block(block);
            } else {
                walk.statement();
            }
        });
    }

    /// `catch` and `finally`.
    fn handler(&mut self) {
        let block = self.out.block(BlockKind::Handler, self.span(), None);
        let mut caught = None;
        let (kind, name, body) = (self.fields.kind, self.fields.name, self.fields.body);
        self.each(|walk, field| {
            if field == kind {
                caught = Some(walk.typed(Mentions::Catch));
            } else if field == name {
                let target = walk.value();
                walk.out.bind(Binds::Catch, target, caught, None);
            } else if field == body {
                walk.under_condition();
            }
        });
        self.out.end_block(block);
    }

    /// `static $x = 1;` in a function.
    fn static_variable(&mut self) {
        let (mut target, mut given) = (None, None);
        let value = self.fields.value;
        self.each(|walk, field| {
            if walk.capture() == Some(Capture::Nothing) {
                return;
            }
            let found = Some(walk.value());
            if field == value { given = found } else { target = found }
        });
        if let Some(target) = target {
            self.out.bind(Binds::Assign, target, given, None);
        }
    }

    /// `global $a, $b;` and `unset($a, $b);`
    fn bind_each(&mut self, binds: Binds) {
        self.each(|walk, _| {
            if walk.capture() != Some(Capture::Nothing) {
                let target = walk.value();
                walk.out.bind(binds, target, None, None);
            }
        });
    }
}
