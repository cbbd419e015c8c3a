//! Forms and links of pages, which the reader of pages leaves as calls: `unpick$form("POST", "/orders")`.

use super::Script;
use super::urls::HOLE;
use crate::base::Certainty;
use crate::facts::Call;
use crate::frameworks::routes::{HttpCall, LINK, Method};

/// The request that a form or link sends.
pub(super) fn request(script: &Script<'_>, call: &Call) -> Option<HttpCall> {
    let facts = script.facts;
    let name = facts.last_name(call.callee).filter(|_| script.is_page)?;
    let arguments = facts.arguments_of(call);
    let (client, method, address) = match (name, arguments) {
        ("unpick$link", [address]) => (LINK, Method::Get, address),
        ("unpick$form", [method, address]) => ("form", Method::of(facts.as_literal(method.value)?).unwrap_or(Method::Any), address),
        _ => return None,
    };
    let named = facts.as_call(address.value).and_then(|named| facts.as_literal(facts.arguments_of(named).first()?.value));
    let url = facts.as_literal(address.value).unwrap_or("");
    // A form without an address sends to wherever the page is.
    if named.is_none() && (matches!(url, "" | "." | "./") || (client == LINK && url.trim_matches(HOLE).is_empty())) {
        return None;
    }
    Some(HttpCall {
        file: script.file,
        line: call.span.line,
        owner: None,
        value: None,
        method,
        url: if named.is_some() { "{}".to_owned() } else { url.replace(HOLE, "{}") },
        named: named.map(str::to_owned),
        client,
        certainty: Certainty(90),
    })
}
