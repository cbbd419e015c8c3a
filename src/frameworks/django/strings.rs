//! `ForeignKey("app.Model")` and its kin, `settings.AUTH_USER_MODEL`.

use super::ModelIndex;
use crate::base::{Certainty, FileId, Tag};
use crate::facts::{Call, DefinitionId, OwnerSweep, Shape, ValueId};
use crate::frameworks::{Model, OpenCall, StringReference};
use crate::names::{FactBase, Names};
use rustc_hash::FxHashMap;

/// Fields whose first argument names a model.
const RELATIONS: [&str; 9] = [
    "ForeignKey",
    "OneToOneField",
    "ManyToManyField",
    "ParentalKey",
    "ParentalManyToManyField",
    "TreeForeignKey",
    "TreeOneToOneField",
    "SortedManyToManyField",
    "GenericRelation",
];

/// References from relation fields and from uses of a setting that names a model.
pub(super) fn relations(base: &FactBase, names: &Names, models: &ModelIndex<'_>, out: &mut Model) {
    let settings = model_settings(base, names);
    for file in base.ids() {
        let entry = base.file(file);
        // A migration repeats what its models said on that day; following its strings would say everything twice.
        if entry.left_out || entry.tags.contains(Tag::Migration) {
            continue;
        }
        let mut sweep = OwnerSweep::new(&entry.facts);
        for call in &entry.facts.calls {
            let owner = sweep.owner(call.value);
            let is_relation = entry
                .facts
                .last_name(call.callee)
                .is_some_and(|name| RELATIONS.contains(&name) || (name.ends_with("ForeignKey") && !name.contains("Generic")));
            if is_relation {
                relation(base, models, file, owner, call, out);
            }
        }
        setting_uses(base, models, &settings, file, out);
    }
}

fn relation(base: &FactBase, models: &ModelIndex<'_>, file: FileId, owner: Option<DefinitionId>, call: &Call, out: &mut Model) {
    let facts = base.facts(file);
    for value in [facts.argument(call, 0, "to"), facts.argument(call, usize::MAX, "through")].into_iter().flatten() {
        let Some(text) = facts.as_literal(value).filter(|text| *text != "self") else { continue };
        let (label, model) = match text.split_once('.') {
            Some((label, model)) => (Some(label), model),
            None => (models.app_of(base.path(file)).map(|app| app.label.as_str()), text),
        };
        let line = facts.value(value).line;
        match label.and_then(|label| models.model(base, label, model)) {
            Some((to, name)) => out.references.push(StringReference {
                from: file,
                line,
                owner,
                to,
                symbol: Some(name),
                text: format!("'{text}'"),
                deferred: true,
                certainty: Certainty(95),
                rule: "a relation names its model in a string".into(),
            }),
            // A label nobody here has is another package's model; a label of ours without the model is a loose end.
            None if label.is_some_and(|label| models.app(label).is_some()) => out.unresolved.push(OpenCall {
                file,
                line,
                kind: "call",
                text: format!("'{text}'"),
                reason: "its application is here, but no class of that name in its models".to_owned(),
            }),
            None => {}
        }
    }
}

/// Settings that name a model: `AUTH_USER_MODEL = "accounts.User"`; a name set to two different strings is left alone.
pub(super) fn model_settings(base: &FactBase, names: &Names) -> FxHashMap<String, Option<String>> {
    let labels: Vec<&str> = names.apps.iter().map(|app| app.label.as_str()).collect();
    let mut found: FxHashMap<String, Option<String>> = FxHashMap::default();
    for file in base.files.iter().filter(|file| !file.left_out) {
        let facts = &file.facts;
        for binding in facts.bindings_in(None) {
            let (Some(name), Some(value)) = (facts.as_name(binding.target), binding.value) else { continue };
            let name = facts.text(name);
            let Some(text) = facts.as_literal(value).filter(|_| name.ends_with("_MODEL")) else { continue };
            if text.split_once('.').is_some_and(|(label, _)| labels.contains(&label)) {
                let known = found.entry(name.to_owned()).or_insert_with(|| Some(text.to_owned()));
                if known.as_deref() != Some(text) {
                    *known = None;
                }
            }
        }
    }
    found
}

fn setting_uses(base: &FactBase, models: &ModelIndex<'_>, settings: &FxHashMap<String, Option<String>>, file: FileId, out: &mut Model) {
    if settings.is_empty() {
        return;
    }
    let facts = base.facts(file);
    let mut sweep = OwnerSweep::new(facts);
    for (index, value) in (0u32..).zip(&facts.values) {
        let setting = match value.shape {
            Shape::Member(object, name) if facts.last_name(object) == Some("settings") => settings.get(facts.text(name)),
            Shape::Call(call) => {
                let call = &facts.calls[call.0 as usize];
                let asks = facts.arguments_of(call).is_empty() && facts.last_name(call.callee) == Some("get_user_model");
                asks.then(|| settings.get("AUTH_USER_MODEL")).flatten()
            }
            _ => None,
        };
        let Some(Some(text)) = setting else { continue };
        let owner = sweep.owner(ValueId(index));
        let target = text.split_once('.').and_then(|(label, model)| models.model(base, label, model));
        out.references.extend(target.map(|(to, name)| StringReference {
            from: file,
            line: value.line,
            owner,
            to,
            symbol: Some(name),
            text: format!("'{text}'"),
            deferred: true,
            certainty: Certainty(90),
            rule: "a setting names the model".into(),
        }));
    }
}
