//! Statements: branches, loops, handlers, declarations.

use super::{Capture, Walk};
use crate::facts::{Binds, BlockKind};
use crate::languages::walk::Reads;

impl Walk<'_> {
    /// The present node as a statement; expressions in statement position become values.
    pub(super) fn any_statement(&mut self) {
        match self.capture() {
            Some(Capture::Statement) => self.expression_statement(),
            Some(Capture::Return) => self.each(|walk, _| {
                if !walk.says_nothing() {
                    let value = walk.value();
                    if let Some(owner) = walk.out.owner {
                        walk.out.facts_mut().returned.push((owner, value));
                    }
                }
            }),
            Some(Capture::Nothing) => {}
            Some(Capture::Import) => self.import_statement(),
            Some(Capture::Export) => self.export_statement(),
            Some(Capture::Class | Capture::Interface | Capture::Enum) => {
                self.class("");
            }
            Some(Capture::Function | Capture::Method) => {
                self.function();
            }
            Some(Capture::Signature) => {
                self.typed();
            }
            Some(Capture::Field) => self.field(),
            Some(Capture::Alias) => self.type_alias(),
            Some(Capture::Decorator) => {
                let value = self.inner();
                self.state.decorators.push(value);
            }
            Some(Capture::Declarator) => self.declarator(),
            Some(Capture::Branch) => self.branch(),
            Some(Capture::Switch) => self.switch(),
            Some(Capture::Case) => self.case(),
            Some(Capture::Loop) => self.looped(),
            Some(Capture::Foreach) => self.foreach(),
            Some(Capture::Try) => self.guarded(),
            Some(Capture::Catch | Capture::Finally) => self.handler(),
            None => self.each(|walk, _| walk.statement()),
            Some(_) => {
                self.value();
            }
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

    /// `if` and `else`: a condition, the code under it, and the other arm.
    fn branch(&mut self) {
        let span = self.span();
        let mut subject = None;
        let (condition, alternative) = (self.fields.condition, self.node().kind() == "if_statement");
        self.each(|walk, field| {
            if field == condition {
                subject = Some(walk.value());
            } else if walk.says_nothing() {
            } else if alternative && walk.capture() == Some(Capture::Branch) && field != walk.fields.consequence {
                walk.statement();
            } else {
                let block = walk.out.block(BlockKind::Branch, span, subject);
                walk.under_condition();
                walk.out.end_block(block);
            }
        });
    }

    fn switch(&mut self) {
        let value = self.fields.value;
        self.each(|walk, field| {
            if field == value {
                walk.value();
            } else {
                walk.statement();
            }
        });
    }

    /// `case` and `default`.
    fn case(&mut self) {
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
    }

    /// `for (;;)`, `while`, `do`.
    fn looped(&mut self) {
        let span = self.span();
        let mut subject = None;
        let (condition, body) = (self.fields.condition, self.fields.body);
        self.each(|walk, field| {
            if field == body {
                let block = walk.out.block(BlockKind::Loop, span, subject);
                walk.under_condition();
                walk.out.end_block(block);
            } else if field == condition {
                subject = Some(walk.value());
            } else {
                walk.statement();
            }
        });
    }

    /// `for (const a of b)`, `for (const k in o)`
    fn foreach(&mut self) {
        let span = self.span();
        let (mut target, mut subject) = (None, None);
        let (left, right, body) = (self.fields.left, self.fields.right, self.fields.body);
        self.each(|walk, field| {
            if field == body {
                if let Some(target) = target {
                    walk.out.bind(Binds::Loop, target, subject, None);
                }
                let block = walk.out.block(BlockKind::Loop, span, subject);
                walk.under_condition();
                walk.out.end_block(block);
            } else if field == left {
                target = Some(walk.value());
            } else if field == right {
                subject = Some(walk.value());
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

    /// `catch (e)` and `finally`
    fn handler(&mut self) {
        let block = self.out.block(BlockKind::Handler, self.span(), None);
        let (parameter, body) = (self.fields.parameter, self.fields.body);
        self.each(|walk, field| {
            if field == parameter {
                let target = walk.value();
                walk.out.bind(Binds::Catch, target, None, None);
            } else if field == body {
                walk.under_condition();
            }
        });
        self.out.end_block(block);
    }
}
