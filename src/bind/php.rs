//! Dependencies of PHP files: classes by name, functions by name.

use super::{Kind, Reference};
use crate::base::FileId;
use crate::facts::{FileFacts, Mentions, OwnerSweep, Shape, ValueId};
use crate::names::php::{Place, Scope, Sort};
use crate::names::{FactBase, Names};

/// How much of an expression is written out, in bytes and in levels.
const LONGEST: usize = 120;

/// Every class that a file names and every function that it calls, where another file of the tree defines it.
pub(super) fn classes_and_calls(base: &FactBase, names: &Names, file: FileId, out: &mut Vec<Reference>) {
    let facts = base.facts(file);
    let scope = Scope::of(facts);
    for mention in &facts.mentions {
        let Some(name) = facts.as_name(mention.value) else { continue };
        let written = facts.text(name);
        let Some(place) = names.php(base, file, Sort::Class, &scope.qualify(mention.value, written, Sort::Class)) else { continue };
        let (kind, rule) = told(mention.how);
        out.push(Reference {
            owner: mention.owner,
            // A type is only compared when the function is called; PHP does not load the class for it.
            lazy: facts.runs_lazily(mention.owner) || mention.how == Mentions::Type,
            ..reference(base, file, place, facts.value(mention.value).line, kind, text(mention.how, written), rule)
        });
    }
    let mut sweep = OwnerSweep::new(facts);
    for call in &facts.calls {
        let Some(name) = facts.as_name(call.callee) else { continue };
        let written = facts.text(name);
        let is_class = || facts.mentions.binary_search_by_key(&call.callee, |mention| mention.value).is_ok();
        if written.starts_with('$') || is_class() {
            continue;
        }
        let Some(place) = names.php(base, file, Sort::Function, &scope.qualify(call.callee, written, Sort::Function)) else { continue };
        let owner = sweep.owner(call.value);
        out.push(Reference {
            owner,
            lazy: facts.runs_lazily(owner),
            used: call.used,
            ..reference(base, file, place, call.span.line, Kind::Call, format!("{written}()"), "function name")
        });
    }
}

fn reference(base: &FactBase, from: FileId, place: Place, line: u32, kind: Kind, text: String, rule: &str) -> Reference {
    let facts = base.facts(place.file);
    let rule = place.told(rule);
    Reference {
        from,
        to: place.file,
        line,
        kind,
        text: text.into(),
        symbol: Some(facts.text(facts.definition(place.definition).name).into()),
        owner: None,
        lazy: false,
        type_only: false,
        certainty: place.certainty(),
        rule: rule.into(),
        used: true,
    }
}

/// The kind of a mention, and the rule that told it.
fn told(how: Mentions) -> (Kind, &'static str) {
    match how {
        Mentions::Base => (Kind::Extends, "base class"),
        Mentions::Trait => (Kind::Extends, "trait"),
        Mentions::New => (Kind::Reference, "new"),
        Mentions::StaticCall => (Kind::Reference, "static call"),
        Mentions::StaticProperty => (Kind::Reference, "static property"),
        Mentions::ClassConstant => (Kind::Reference, "class constant"),
        Mentions::ClassName => (Kind::Reference, "::class"),
        Mentions::InstanceOf => (Kind::Reference, "instanceof"),
        Mentions::Catch => (Kind::Reference, "catch"),
        Mentions::Type => (Kind::Reference, "type"),
        Mentions::Attribute => (Kind::Reference, "attribute"),
    }
}

fn text(how: Mentions, name: &str) -> String {
    match how {
        Mentions::Base => format!("extends {name}"),
        Mentions::Trait => format!("use {name}"),
        Mentions::New => format!("new {name}"),
        Mentions::InstanceOf => format!("instanceof {name}"),
        Mentions::Catch => format!("catch {name}"),
        Mentions::ClassName => format!("{name}::class"),
        Mentions::StaticCall | Mentions::StaticProperty | Mentions::ClassConstant => format!("{name}::"),
        Mentions::Type => name.to_owned(),
        Mentions::Attribute => format!("#[{name}]"),
    }
}

/// An expression as one would write it, cut off where it gets long.
pub(super) fn written(facts: &FileFacts, value: ValueId) -> String {
    let mut text = String::new();
    write(facts, value, 0, &mut text);
    text
}

fn write(facts: &FileFacts, value: ValueId, depth: usize, out: &mut String) {
    if out.len() > LONGEST || depth > LONGEST {
        return;
    }
    let before = out.len();
    match facts.value(value).shape {
        Shape::Name(name) | Shape::Number(name) | Shape::Constant(name) => out.push_str(facts.text(name)),
        Shape::Literal(text) => *out += &format!("'{}'", facts.text(text)),
        Shape::Member(object, name) => {
            write(facts, object, depth + 1, out);
            let sign = if out[before..].starts_with('$') { "->" } else { "::" };
            *out += &format!("{sign}{}", facts.text(name));
        }
        Shape::Item(object, index) => {
            write(facts, object, depth + 1, out);
            out.push('[');
            write(facts, index, depth + 1, out);
            out.push(']');
        }
        Shape::Joined(left, right) => {
            write(facts, left, depth + 1, out);
            out.push_str(" . ");
            write(facts, right, depth + 1, out);
        }
        Shape::Template(parts) => {
            for (place, part) in facts.items(parts).iter().enumerate() {
                out.push_str(if place == 0 { "" } else { " . " });
                write(facts, *part, depth + 1, out);
            }
        }
        Shape::Call(_) => {
            let Some(call) = facts.as_call(value) else { return };
            write(facts, call.callee, depth + 1, out);
            out.push('(');
            for (place, argument) in facts.arguments_of(call).iter().enumerate() {
                out.push_str(if place == 0 { "" } else { ", " });
                write(facts, argument.value, depth + 1, out);
            }
            out.push(')');
        }
        _ => out.push('…'),
    }
}
