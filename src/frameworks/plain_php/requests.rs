//! Parameters of a request: `$_GET['action']`, and functions of the application that hand one out.
//!
//! Such a function is found by what it does: it looks into what the request brought at a place that one of its parameters names,
//! or hands the parameter on to a function that does.

use super::files;
use crate::facts::{Binds, DefinitionId, DefinitionKind, FileFacts, OwnerSweep, Shape, Text, ValueId};
use crate::frameworks::routes::Method;
use crate::names::FactBase;
use rustc_hash::FxHashMap;

/// What a request brings, and the method it comes with. What stands in the address comes with every method.
const BROUGHT: [(&str, Method); 5] = [
    ("$_GET", Method::Any),
    ("$_POST", Method::Post),
    ("$_REQUEST", Method::Any),
    ("$HTTP_GET_VARS", Method::Any),
    ("$HTTP_POST_VARS", Method::Post),
];

/// Functions of PHP that hand on what they are given, nearly as it is.
const PASSING: [&str; 9] =
    ["trim", "strtolower", "strtoupper", "htmlspecialchars", "strip_tags", "strval", "addslashes", "basename", "filter_var"];

/// How far functions hand parameters on, and how far an expression is followed.
const ROUNDS: usize = 3;
const DEEPEST: u32 = 8;

/// One parameter of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Parameter {
    pub name: String,
    /// The method it comes with; `Any` where both may bring it.
    pub method: Method,
}

/// Functions that hand out a parameter, by name in small letters: which of their own parameters names it.
pub(super) struct Requests {
    helpers: FxHashMap<String, (usize, Method)>,
}

impl Requests {
    pub(super) fn learn(base: &FactBase) -> Self {
        let mut requests = Self { helpers: FxHashMap::default() };
        for file in files(base) {
            requests.read_directly(base.facts(file));
        }
        for _ in 0..ROUNDS {
            let found: Vec<(String, (usize, Method))> = files(base).flat_map(|file| requests.handing_on(base.facts(file))).collect();
            if found.is_empty() {
                break;
            }
            requests.helpers.extend(found);
        }
        requests
    }

    /// Functions of a file that look into what the request brought.
    fn read_directly(&mut self, facts: &FileFacts) {
        let brought: Vec<(Text, Method)> = BROUGHT.iter().filter_map(|(name, method)| Some((facts.texts.find(name)?, *method))).collect();
        if brought.is_empty() {
            return;
        }
        let mut owners = OwnerSweep::new(facts);
        for (index, value) in (0u32..).zip(&facts.values) {
            let Shape::Item(object, place) = value.shape else { continue };
            let Some(method) = facts.as_name(object).and_then(|name| brought.iter().find(|(known, _)| *known == name)).map(|known| known.1)
            else {
                continue;
            };
            let Some(owner) = owners.owner(ValueId(index)) else { continue };
            if let Some((name, parameter)) = facts.as_name(place).and_then(|name| parameter_of(facts, owner, name)) {
                self.helpers.entry(name).and_modify(|known| known.1 = either(known.1, method)).or_insert((parameter, method));
            }
        }
    }

    /// Functions of a file that hand a parameter of theirs on to a known one, and are not known yet.
    fn handing_on(&self, facts: &FileFacts) -> Vec<(String, (usize, Method))> {
        let mut found = Vec::new();
        let known: FxHashMap<Text, (usize, Method)> =
            facts.texts.iter().filter_map(|(id, text)| Some((id, *self.helpers.get(&text.to_ascii_lowercase())?))).collect();
        if known.is_empty() {
            return found;
        }
        for call in &facts.calls {
            let Some((place, method)) = facts.as_name(call.callee).and_then(|name| known.get(&name)) else { continue };
            let Some(argument) = facts.arguments_of(call).get(*place) else { continue };
            let Some(owner) = facts.owner_of(call.value) else { continue };
            if let Some((name, parameter)) = facts.as_name(argument.value).and_then(|name| parameter_of(facts, owner, name))
                && !self.helpers.contains_key(&name)
            {
                found.push((name, (parameter, *method)));
            }
        }
        found
    }

    /// True for a function that hands out a parameter.
    pub(super) fn is_helper(&self, name: &str) -> bool {
        self.helpers.contains_key(&name.to_ascii_lowercase())
    }

    /// The parameter of the request that an expression is.
    pub(super) fn parameter(&self, facts: &FileFacts, owner: Option<DefinitionId>, value: ValueId) -> Option<Parameter> {
        self.parameter_within(facts, owner, value, DEEPEST)
    }

    fn parameter_within(&self, facts: &FileFacts, owner: Option<DefinitionId>, value: ValueId, left: u32) -> Option<Parameter> {
        let left = left.checked_sub(1)?;
        match facts.value(value).shape {
            Shape::Item(object, place) => {
                let name = facts.text(facts.as_name(object)?);
                let (_, method) = BROUGHT.iter().find(|(known, _)| *known == name)?;
                Some(Parameter { name: facts.as_literal(place)?.to_owned(), method: *method })
            }
            Shape::Choice(parts) => facts.items(parts).iter().find_map(|part| self.parameter_within(facts, owner, *part, left)),
            Shape::Call(_) => {
                let call = facts.as_call(value)?;
                let name = facts.text(facts.as_name(call.callee)?).trim_start_matches('\\').to_ascii_lowercase();
                let arguments = facts.arguments_of(call);
                if PASSING.contains(&name.as_str()) {
                    return self.parameter_within(facts, owner, arguments.first()?.value, left);
                }
                let (place, method) = self.helpers.get(&name)?;
                Some(Parameter { name: facts.as_literal(arguments.get(*place)?.value)?.to_owned(), method: *method })
            }
            Shape::Name(name) if facts.text(name).starts_with('$') => {
                let mut bound =
                    facts.bindings_in(owner).filter(|binding| binding.target < value && facts.as_name(binding.target) == Some(name));
                let assigned = |binding: &&crate::facts::Binding| binding.binds == Binds::Assign;
                bound.by_ref().filter(assigned).find_map(|binding| self.parameter_within(facts, owner, binding.value?, left))
            }
            _ => None,
        }
    }
}

/// The function of a parameter, by name in small letters, and the parameter's place; none inside classes.
fn parameter_of(facts: &FileFacts, owner: DefinitionId, name: Text) -> Option<(String, usize)> {
    let definition = facts.definition(owner);
    if definition.kind != DefinitionKind::Function {
        return None;
    }
    let parameters = &facts.parameters[definition.parameters.range()];
    let place = parameters.iter().position(|parameter| parameter.name == name)?;
    Some((facts.text(definition.name).to_ascii_lowercase(), place))
}

fn either(first: Method, second: Method) -> Method {
    if first == second { first } else { Method::Any }
}
