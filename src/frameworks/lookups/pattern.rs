//! What is known of a string before the program runs: literal pieces, parameters of the function, and holes.

use super::World;
use crate::base::FileId;
use crate::facts::{Binds, DefinitionId, DefinitionKind, Shape, ValueId};
use crate::names::{Export, FactBase};
use rustc_hash::FxHashMap;

/// One piece of a string.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Piece {
    /// Known text.
    Text(String),
    /// The parameter of the enclosing function at this place.
    Parameter(u32),
    /// Unknown text; the bits say which parameters had a part in it.
    Open(u64),
    /// Text that the helper itself makes of something its caller does not write: reported there, once.
    Inherent,
}

/// A string in pieces.
pub(super) type Pattern = Vec<Piece>;

/// Module-level constants in capitals and the text they hold, where the whole tree gives each only one.
pub(super) type Settings = FxHashMap<String, Option<String>>;

/// Methods whose result is made of the text they are called on.
const TEXT_METHODS: [&str; 12] =
    ["split", "rsplit", "partition", "rpartition", "replace", "upper", "title", "capitalize", "format", "join", "lstrip", "rstrip"];

/// How far values are followed through variables, constants and other files.
const DEEPEST: u32 = 8;

/// Collects [`Settings`].
pub(super) fn settings(base: &FactBase) -> Settings {
    let mut found = Settings::default();
    for file in base.files.iter().filter(|file| !file.left_out) {
        let facts = &file.facts;
        for binding in facts.bindings_in(None) {
            let (Some(name), Some(value)) = (facts.as_name(binding.target), binding.value) else { continue };
            let name = facts.text(name);
            if name.bytes().any(|byte| byte.is_ascii_lowercase()) {
                continue;
            }
            if let Some(text) = facts.as_literal(value) {
                let known = found.entry(name.to_owned()).or_insert_with(|| Some(text.to_owned()));
                if known.as_deref() != Some(text) {
                    *known = None;
                }
            }
        }
    }
    found
}

/// The whole text, when nothing is open.
pub(super) fn known(pattern: &[Piece]) -> Option<String> {
    pattern.iter().try_fold(String::new(), |mut text, piece| match piece {
        Piece::Text(more) => {
            text.push_str(more);
            Some(text)
        }
        _ => None,
    })
}

/// The parameters that have a part in the string, one bit each.
pub(super) fn parameters(pattern: &[Piece]) -> u64 {
    pattern.iter().fold(0, |bits, piece| match piece {
        Piece::Text(_) => bits,
        Piece::Parameter(index) => bits | bit(*index),
        Piece::Open(more) => bits | more,
        Piece::Inherent => bits,
    })
}

/// True when a part of the text comes from something nobody wrote as text right here.
pub(super) fn is_computed(pattern: &[Piece]) -> bool {
    pattern.contains(&Piece::Open(0))
}

/// The pattern as callers see it: what is unknown here already stays unknown, and is not theirs to answer for.
pub(super) fn inherent(pattern: &[Piece]) -> Pattern {
    pattern.iter().map(|piece| if *piece == Piece::Open(0) { Piece::Inherent } else { piece.clone() }).collect()
}

/// The bit of a parameter; functions with more than 64 parameters share the last one.
pub(super) fn bit(index: u32) -> u64 {
    1 << index.min(63)
}

/// Puts arguments in the place of parameters.
pub(super) fn substitute(pattern: &[Piece], arguments: &[Pattern]) -> Pattern {
    let mut out = Pattern::new();
    for piece in pattern {
        match piece {
            Piece::Text(text) => push_text(&mut out, text),
            Piece::Parameter(index) => match arguments.get(*index as usize) {
                Some(argument) => argument.iter().for_each(|piece| push(&mut out, piece.clone())),
                None => push(&mut out, Piece::Open(0)),
            },
            Piece::Open(bits) => {
                let from: Vec<&Pattern> = (0u32..).zip(arguments).filter(|(index, _)| bits & bit(*index) != 0).map(|(_, argument)| argument).collect();
                // Known text of which the helper makes something else is not computed here.
                let all_known = !from.is_empty() && from.iter().all(|argument| known(argument).is_some());
                let open = Piece::Open(from.iter().fold(0, |bits, argument| bits | parameters(argument)));
                out.push(if all_known { Piece::Inherent } else { open });
            }
            Piece::Inherent => out.push(Piece::Inherent),
        }
    }
    out
}

fn push(out: &mut Pattern, piece: Piece) {
    match piece {
        Piece::Text(text) => push_text(out, &text),
        other => out.push(other),
    }
}

fn push_text(out: &mut Pattern, more: &str) {
    if let Some(Piece::Text(text)) = out.last_mut() {
        text.push_str(more);
    } else if !more.is_empty() {
        out.push(Piece::Text(more.to_owned()));
    }
}

/// Reads values as patterns inside one function of one file.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) file: FileId,
    pub(super) function: Option<DefinitionId>,
}

impl Reader<'_> {
    /// What is known of a value as text.
    pub(super) fn read(&self, value: ValueId) -> Pattern {
        self.read_within(value, DEEPEST)
    }

    fn read_within(&self, value: ValueId, left: u32) -> Pattern {
        let facts = self.world.base.facts(self.file);
        if left == 0 {
            return vec![Piece::Open(0)];
        }
        let read = |value: ValueId| self.read_within(value, left - 1);
        match facts.value(value).shape {
            Shape::Literal(text) => vec![Piece::Text(facts.text(text).to_owned())],
            Shape::Name(_) => self.name(value, left),
            Shape::Template(parts) => {
                let mut out = Pattern::new();
                facts.items(parts).iter().flat_map(|part| read(*part)).for_each(|piece| push(&mut out, piece));
                out
            }
            Shape::Joined(first, second) => {
                let start = read(first);
                match known(&start).filter(|text| text.contains('%')) {
                    Some(format) => fill_percent(&format, &self.parts(second, left)),
                    None => {
                        let mut out = start;
                        read(second).into_iter().for_each(|piece| push(&mut out, piece));
                        out
                    }
                }
            }
            Shape::Call(_) => self.call(value, left),
            Shape::Member(object, name) => {
                let setting = if facts.last_name(object) == Some("settings") { self.world.settings.get(facts.text(name)) } else { None };
                match setting {
                    Some(Some(text)) => vec![Piece::Text(text.clone())],
                    // A member of an object is no text that a caller wrote.
                    _ => vec![Piece::Open(0)],
                }
            }
            Shape::Choice(parts) => {
                let all: Vec<Pattern> = facts.items(parts).iter().map(|part| read(*part)).collect();
                let bits = all.iter().fold(0, |bits, pattern| bits | parameters(pattern));
                all.into_iter().find(|pattern| known(pattern).is_some()).unwrap_or_else(|| vec![Piece::Open(bits)])
            }
            Shape::Item(object, _) => vec![Piece::Open(parameters(&read(object)))],
            Shape::List(parts) | Shape::Other(parts) => {
                let bits = facts.items(parts).iter().fold(0, |bits, part| bits | parameters(&read(*part)));
                vec![Piece::Open(bits)]
            }
            _ => vec![Piece::Open(0)],
        }
    }

    /// The members of a tuple on the right of `%`, or the one value there.
    fn parts(&self, value: ValueId, left: u32) -> Vec<Pattern> {
        let facts = self.world.base.facts(self.file);
        match facts.value(value).shape {
            Shape::List(parts) => facts.items(parts).iter().map(|part| self.read_within(*part, left - 1)).collect(),
            _ => vec![self.read_within(value, left - 1)],
        }
    }

    fn name(&self, value: ValueId, left: u32) -> Pattern {
        let facts = self.world.base.facts(self.file);
        let Some(name) = facts.as_name(value) else { return vec![Piece::Open(0)] };
        if let Some(function) = self.function {
            let declared = &facts.parameters[facts.definition(function).parameters.range()];
            if let Some((index, _)) = (0u32..).zip(declared).find(|(_, parameter)| parameter.name == name) {
                // The object a method is called on is no text that a caller writes.
                let receiver = index == 0 && facts.definition(function).kind == DefinitionKind::Method;
                return vec![if receiver { Piece::Inherent } else { Piece::Parameter(index) }];
            }
            let mut bindings = facts
                .bindings_in(Some(function))
                .filter(|binding| facts.as_name(binding.target) == Some(name) && binding.value != Some(value));
            if let Some(first) = bindings.next() {
                let follow = matches!(first.binds, Binds::Assign | Binds::Loop);
                return match (first.value, bindings.next()) {
                    (Some(assigned), None) if follow => self.read_within(assigned, left - 1),
                    (Some(assigned), _) => vec![Piece::Open(parameters(&self.read_within(assigned, left - 1)))],
                    _ => vec![Piece::Open(0)],
                };
            }
            // `module, name = path.rsplit(".", 1)`
            let is_part = |target: ValueId| match facts.value(target).shape {
                Shape::List(parts) => facts.items(parts).iter().any(|part| facts.as_name(*part) == Some(name)),
                _ => false,
            };
            if let Some(unpacked) = facts.bindings_in(Some(function)).find(|binding| is_part(binding.target)).and_then(|binding| binding.value) {
                return vec![Piece::Open(parameters(&self.read_within(unpacked, left - 1)))];
            }
        }
        self.constant(facts.text(name), left)
    }

    /// A module-level name, here or where it is imported from.
    fn constant(&self, name: &str, left: u32) -> Pattern {
        let home = self.world.names.home(self.world.base, self.file, name);
        match home.and_then(|home| Some((home.file, home.export?))) {
            Some((file, Export::Variable(Some(value)))) => Reader { file, function: None, ..*self }.read_within(value, left - 1),
            _ => vec![Piece::Open(0)],
        }
    }

    /// `"{}.{}".format(a, b)`, `".".join([a, b])`, `str(a)`, `a.lower()`.
    fn call(&self, value: ValueId, left: u32) -> Pattern {
        let facts = self.world.base.facts(self.file);
        let Some(call) = facts.as_call(value) else { return vec![Piece::Open(0)] };
        let arguments = facts.arguments_of(call);
        let read = |value: ValueId| self.read_within(value, left - 1);
        let of_all = || arguments.iter().fold(0, |bits, argument| bits | parameters(&read(argument.value)));
        match facts.value(call.callee).shape {
            Shape::Member(object, name) => match (facts.text(name), known(&read(object))) {
                ("format", Some(format)) => {
                    let named = arguments.iter().map(|argument| (argument.name.map(|name| facts.text(name)), read(argument.value)));
                    fill_braces(&format, &named.collect::<Vec<_>>())
                }
                ("join", Some(separator)) => match arguments.first().map(|argument| facts.value(argument.value).shape) {
                    Some(Shape::List(parts)) => {
                        let mut out = Pattern::new();
                        for (index, part) in facts.items(parts).iter().enumerate() {
                            if index > 0 {
                                push_text(&mut out, &separator);
                            }
                            read(*part).into_iter().for_each(|piece| push(&mut out, piece));
                        }
                        out
                    }
                    _ => vec![Piece::Open(of_all())],
                },
                ("strip" | "lower" | "encode" | "decode", _) => read(object),
                (name, _) if TEXT_METHODS.contains(&name) => vec![Piece::Open(parameters(&read(object)) | of_all())],
                _ => vec![Piece::Open(of_all())],
            },
            Shape::Name(name) if facts.text(name) == "str" && arguments.len() == 1 => read(arguments[0].value),
            _ => vec![Piece::Open(of_all())],
        }
    }
}

/// `"%s.%s" % (a, b)`
fn fill_percent(format: &str, values: &[Pattern]) -> Pattern {
    let mut out = Pattern::new();
    let mut values = values.iter();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        push_text(&mut out, &rest[..at]);
        let spec = &rest[at + 1..];
        if let Some(after) = spec.strip_prefix('%') {
            push_text(&mut out, "%");
            rest = after;
        } else if let Some(after) = spec.strip_prefix('s') {
            values.next().map_or_else(|| vec![Piece::Open(0)], Clone::clone).into_iter().for_each(|piece| push(&mut out, piece));
            rest = after;
        } else {
            let end = spec.find(|c: char| c.is_ascii_alphabetic()).map_or(spec.len(), |end| end + 1);
            let end = if spec.starts_with('(') { spec.find(')').map_or(end, |close| (close + 2).min(spec.len())) } else { end };
            push(&mut out, Piece::Open(values.clone().fold(0, |bits, value| bits | parameters(value))));
            rest = spec.get(end..).unwrap_or("");
        }
    }
    push_text(&mut out, rest);
    out
}

/// `"{}.{name}".format(a, name=b)`
fn fill_braces(format: &str, values: &[(Option<&str>, Pattern)]) -> Pattern {
    let mut out = Pattern::new();
    let mut next = 0;
    let mut rest = format;
    while let Some((before, (field, tail))) = rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?))) {
        push_text(&mut out, before);
        let field = field.split([':', '!']).next().unwrap_or(field);
        let value = if field.is_empty() {
            next += 1;
            values.get(next - 1).filter(|(name, _)| name.is_none())
        } else if let Ok(index) = field.parse::<usize>() {
            values.get(index)
        } else {
            values.iter().find(|(name, _)| *name == Some(field))
        };
        let pieces = value.map_or_else(|| vec![Piece::Open(0)], |(_, pattern)| pattern.clone());
        pieces.into_iter().for_each(|piece| push(&mut out, piece));
        rest = tail;
    }
    push_text(&mut out, rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Pattern {
        vec![Piece::Text(text.to_owned())]
    }

    #[test]
    fn formats_are_filled_piece_by_piece() {
        let values = [vec![Piece::Parameter(2)], text("forms")];
        assert_eq!(fill_percent("a.%s.%s%%", &values), vec![Piece::Text("a.".into()), Piece::Parameter(2), Piece::Text(".forms%".into())]);
        let named = [(None, text("x")), (Some("app"), vec![Piece::Parameter(0)])];
        assert_eq!(fill_braces("{}.{app}.{0}", &named), vec![Piece::Text("x.".into()), Piece::Parameter(0), Piece::Text(".x".into())]);
        assert_eq!(fill_braces("a{missing", &[]), text("a{missing"));
    }

    #[test]
    fn arguments_take_the_place_of_parameters() {
        let pattern = vec![Piece::Parameter(1), Piece::Text(".".into()), Piece::Parameter(0)];
        assert_eq!(known(&substitute(&pattern, &[text("forms"), text("shop")])).as_deref(), Some("shop.forms"));
        assert_eq!(parameters(&substitute(&pattern, &[vec![Piece::Parameter(3)], vec![Piece::Open(0b100)]])), 0b1100);
    }
}
