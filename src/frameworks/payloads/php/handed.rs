//! The whole of a request that goes on as an array, and functions that ask for the request by themselves.

use super::Reading;
use super::frames::Frame;
use super::requests::Asked;
use crate::facts::{Call, Shape, ValueId};
use crate::frameworks::orm::Ancestor;
use crate::frameworks::payloads::schema::Schema;
use std::rc::Rc;

/// Methods of models that take an array of what their columns get.
pub(super) const FILLING: [&str; 7] = ["fill", "create", "update", "forceFill", "forceCreate", "updateOrCreate", "firstOrCreate"];

impl Reading<'_> {
    /// `$data['name']`, where `$data` is the whole request as an array.
    pub(super) fn ask_array(&self, frame: &Rc<Frame>, value: ValueId, object: ValueId, key: ValueId, asked: &mut Asked) {
        let facts = self.facts(frame);
        let is_variable =
            facts.as_name(object).is_some_and(|name| facts.text(name).starts_with('$') && !facts.text(name).starts_with("$_"));
        if !asked.whole || !is_variable {
            return;
        }
        let Some(key) = facts.as_literal(key) else { return };
        if !facts.bindings.iter().any(|binding| binding.target == value) && self.is_whole(frame, object) {
            asked.fields.add(key, Schema::open(), false);
        }
    }

    /// True for the whole of a request as an array: `$request->all()`, or a variable that was given it.
    fn is_whole(&self, frame: &Rc<Frame>, value: ValueId) -> bool {
        let Some(_inside) = self.go_on() else { return false };
        self.origins(frame, value).iter().any(|(from, origin)| {
            let facts = self.facts(from);
            let Some(call) = facts.as_call(*origin) else { return false };
            let Shape::Member(object, name) = facts.value(call.callee).shape else { return false };
            let takes_all = match facts.text(name) {
                "all" | "input" | "post" | "toArray" => call.arguments.is_empty(),
                "except" => true,
                _ => false,
            };
            takes_all && self.is_request(from, object)
        })
    }

    /// `$order->fill($request->all())`, `Order::create($data)`: what a model lets itself be filled with.
    pub(super) fn ask_filled(&self, frame: &Rc<Frame>, call: &Call, object: ValueId, asked: &mut Asked) {
        let facts = self.facts(frame);
        if !facts.arguments_of(call).iter().any(|argument| self.is_whole(frame, argument.value)) {
            return;
        }
        let class = self.row_of(frame, object).or_else(|| match self.class_of(frame, object) {
            Some(Ancestor::Ours(class)) => Some(class),
            _ => None,
        });
        let Some(class) = class.filter(|class| self.types.entities.get(*class).is_some()) else { return };
        for name in self.listed(class, "fillable") {
            asked.fields.add(&name, self.column(class, &name), false);
        }
    }

    /// True where the whole of a request is among what a call is handed.
    pub(super) fn handed_whole(&self, frame: &Rc<Frame>, call: &Call) -> bool {
        self.facts(frame).arguments_of(call).iter().any(|argument| self.is_whole(frame, argument.value))
    }

    /// A function that asks the framework for the request by itself, as what shapes an answer does: what it asks for is told behind
    /// the question mark.
    pub(super) fn ask_aside(&self, frame: &Rc<Frame>, call: &Call, asked: &mut Asked) {
        let inner = self.target(frame, call).and_then(|(target, this)| self.enter(frame, call, target, this));
        let Some(inner) = inner else { return };
        let mut aside = Asked { seen: std::mem::take(&mut asked.seen), ..Asked::default() };
        self.ask_inside(&inner, &mut aside);
        asked.seen = aside.seen;
        for (name, schema, _) in aside.fields.each().chain(aside.query.each()) {
            if !asked.fields.has(name) {
                asked.query.add(name, schema, false);
            }
        }
    }
}
