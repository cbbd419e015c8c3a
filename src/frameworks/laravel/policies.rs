//! Policies: who asks whether something is allowed depends on the class that answers for that model.

use super::messages::facade;
use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, Shape, ValueId};
use crate::frameworks::StringReference;
use crate::frameworks::orm::{Ancestor, ClassId, What};
use crate::frameworks::php::{CalledOn, PhpClasses, PhpTypes, is_this};
use rustc_hash::FxHashMap;

/// The class above every provider of policies.
const PROVIDER: &[&str] = &["illuminate\\foundation\\support\\providers\\authserviceprovider"];

/// The attribute that names the policy of a model.
const USE_POLICY: &str = "illuminate\\database\\eloquent\\attributes\\usepolicy";

/// What asks, on the object at hand, on a user or on the gate.
const ASKS: [&str; 16] = [
    "authorize",
    "authorizeForUser",
    "authorizeResource",
    "can",
    "canAny",
    "cannot",
    "cant",
    "allows",
    "allowIf",
    "denies",
    "check",
    "any",
    "none",
    "inspect",
    "policy",
    "getPolicyFor",
];

/// Which class answers for which model.
struct Policies<'a, 'b> {
    classes: &'b PhpClasses<'a>,
    said: FxHashMap<ClassId, ClassId>,
    /// Classes whose names end in `Policy`, by the rest of it in small letters.
    named: FxHashMap<String, Vec<ClassId>>,
}

/// Collects who asks for what.
pub(in crate::frameworks) fn references(types: &PhpTypes<'_>, out: &mut Vec<StringReference>) {
    let classes = types.classes;
    let policies = Policies::of(classes);
    if policies.said.is_empty() && policies.named.is_empty() {
        return;
    }
    for CalledOn { file, facts, owner, call, object, name } in classes.calls_on(|name| ASKS.contains(&name)) {
        let asks = match name {
            "authorize" | "authorizeForUser" | "authorizeResource" => {
                is_this(facts, object) || facade(classes, file, object).is_some_and(|name| name == "gate")
            }
            "can" | "canAny" | "cannot" | "cant" => true,
            _ => facade(classes, file, object).is_some_and(|name| name == "gate"),
        };
        if let Some(reference) = asks.then(|| policies.asked(types, (file, owner), call, name)).flatten() {
            out.push(reference);
        }
    }
}

impl<'a, 'b> Policies<'a, 'b> {
    fn of(classes: &'b PhpClasses<'a>) -> Self {
        let mut policies = Self { classes, said: FxHashMap::default(), named: FxHashMap::default() };
        for class in classes.files().flat_map(|file| classes.classes_of(file)) {
            let facts = classes.facts(class.0);
            if let Some(stem) = classes.bare_name(class).strip_suffix("Policy").filter(|stem| !stem.is_empty()) {
                policies.named.entry(stem.to_lowercase()).or_default().push(class);
            }
            if classes.is_below(class, PROVIDER)
                && let Some((file, value)) = classes.value_of(class, "policies")
                && let Shape::Map(entries) = classes.facts(file).value(value).shape
            {
                for entry in &classes.facts(file).entries[entries.range()] {
                    policies.say(file, Some(class.1), entry.key, entry.value);
                }
            }
            for (note, _, call) in
                if facts.definition(class.1).decorators.is_empty() { Vec::new() } else { classes.attributes(class.0, class.1) }
            {
                if let (Ancestor::Outside(full), Some(first)) = (&note, call.and_then(|call| facts.arguments_of(call).first()))
                    && full == USE_POLICY
                    && let Some(Ancestor::Ours(policy)) = classes.class_of(class.0, Some(class.1), first.value)
                {
                    policies.said.insert(class, policy);
                }
            }
        }
        for CalledOn { file, facts, owner, call, object, .. } in classes.calls_on(|name| name == "policy") {
            if facade(classes, file, object).is_some_and(|name| name == "gate")
                && let [model, policy, ..] = facts.arguments_of(call)
            {
                policies.say(file, owner, Some(model.value), policy.value);
            }
        }
        policies
    }

    fn say(&mut self, file: FileId, owner: Option<DefinitionId>, model: Option<ValueId>, policy: ValueId) {
        let class = |value: ValueId| match self.classes.class_of(file, owner, value) {
            Some(Ancestor::Ours(class)) => Some(class),
            _ => None,
        };
        if let (Some(model), Some(policy)) = (model.and_then(class), class(policy)) {
            self.said.insert(model, policy);
        }
    }

    /// What somebody said, else the only class that is called after the model.
    fn policy(&self, model: ClassId) -> Option<(ClassId, &'static str, u8)> {
        if let Some(policy) = self.classes.line(model).find_map(|class| self.said.get(&class)) {
            return Some((*policy, "the policy of what is asked for", 95));
        }
        match self.named.get(&self.classes.bare_name(model).to_lowercase())?.as_slice() {
            [only] => Some((*only, "the policy that is called after what is asked for", 90)),
            _ => None,
        }
    }

    /// `$this->authorize('update', $order)`, `Gate::allows('create', Order::class)`
    fn asked(
        &self,
        types: &PhpTypes<'_>,
        (file, owner): (FileId, Option<DefinitionId>),
        call: &Call,
        name: &str,
    ) -> Option<StringReference> {
        let classes = self.classes;
        let facts = classes.facts(file);
        let arguments = facts.arguments_of(call);
        let place = match name {
            "authorizeResource" | "policy" | "getPolicyFor" => 0,
            "authorizeForUser" => 2,
            _ => 1,
        };
        if name == "policy" && arguments.len() > 1 {
            return None;
        }
        let mut about = arguments.get(place)?.value;
        // What is asked for comes first among several.
        if let Shape::List(parts) = facts.value(about).shape {
            about = *facts.items(parts).first()?;
        }
        let model = match (classes.class_of(file, owner, about), types.of(file, owner, about).what) {
            (Some(Ancestor::Ours(class)), _) | (_, What::Instance(class)) => class,
            _ => return None,
        };
        let (policy, rule, sure) = self.policy(model)?;
        let ability = place.checked_sub(1).and_then(|place| facts.as_literal(arguments.get(place)?.value));
        // A policy that does not have what is asked for is not asked.
        let answers = |ability: &str| classes.method_of(policy, &camel(ability)).is_some() || classes.method(policy, "before").is_some();
        if policy.0 == file || ability.is_some_and(|ability| !answers(ability)) {
            return None;
        }
        Some(StringReference {
            from: file,
            line: call.span.line,
            owner,
            to: policy.0,
            symbol: Some(classes.bare_name(policy).to_owned()),
            text: format!("'{}'", ability.unwrap_or(name)),
            deferred: true,
            certainty: Certainty(sure),
            rule: rule.into(),
        })
    }
}

/// `force-delete` is answered by `forceDelete`.
fn camel(ability: &str) -> String {
    let mut words = ability.split(['-', '_', ' ']);
    let mut out = words.next().unwrap_or("").to_owned();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}
