//! Addresses an application answers, and requests it sends.

pub(super) mod paths;

use crate::base::{Certainty, FileId};
use crate::facts::{DefinitionId, ValueId};

/// The client of links; one that leads nowhere in the tree is not told.
pub const LINK: &str = "link";

/// The method of a request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Method {
    /// GET
    Get,
    /// HEAD
    Head,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
    /// OPTIONS
    Options,
    /// TRACE
    Trace,
    /// Whatever is sent: a route that the framework calls for every method, a request whose method nobody can tell.
    Any,
}

impl Method {
    /// Every method with its word in reports.
    const WORDS: [(Self, &'static str); 9] = [
        (Self::Get, "GET"),
        (Self::Head, "HEAD"),
        (Self::Post, "POST"),
        (Self::Put, "PUT"),
        (Self::Patch, "PATCH"),
        (Self::Delete, "DELETE"),
        (Self::Options, "OPTIONS"),
        (Self::Trace, "TRACE"),
        (Self::Any, "ANY"),
    ];

    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// The method of a word in capital or small letters; `Any` is nobody's word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .filter(|(method, _)| *method != Self::Any)
            .find(|(_, known)| known.eq_ignore_ascii_case(word))
            .map(|(method, _)| *method)
    }
}

/// One method of one address, and what answers it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Route {
    /// The whole address below the host: `/orders/{id}/items`, with the trailing slash where one is served.
    pub path: String,
    /// What it answers.
    pub method: Method,
    /// What answers, as the language names it: `shop.views.OrderView.get`, `App\Http\OrderController@show`.
    pub handler: String,
    /// The file and line of the handler; none where it is somebody else's code.
    pub handled: Option<(FileId, u32)>,
    /// Where it is registered.
    pub registered: (FileId, u32),
    /// What registers it: the framework's name.
    pub framework: &'static str,
    /// The name that links use: `shop:order-detail`.
    pub name: Option<String>,
    /// How sure.
    pub certainty: Certainty,
}

impl Route {
    /// True where a library's own view only sends the browser on or shows what the API looks like: an address that is
    /// answered, but no operation of the application.
    #[must_use]
    pub fn is_beside_the_application(&self) -> bool {
        const BESIDE: [&str; 4] = ["APIRootView", "RedirectView", "SpectacularRedocView", "SpectacularSwaggerView"];
        self.handled.is_none() && self.handler.split('.').any(|part| BESIDE.contains(&part))
    }
}

/// One request that code sends: from the browser to a server, from a server to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HttpCall {
    /// The file.
    pub file: FileId,
    /// The line the call starts on.
    pub line: u32,
    /// The definition it stands in.
    pub owner: Option<DefinitionId>,
    /// The call, for what stands around it; none for a form in a template.
    pub value: Option<ValueId>,
    /// `Any` where nobody can tell.
    pub method: Method,
    /// As written, with `{}` for what only running shows: `/orders/{}/items`, `https://api.example.com/v1/{}`.
    pub url: String,
    /// The name of the route whose address it is: `route('orders.show')`.
    pub named: Option<String>,
    /// What sends it: `fetch`, `jquery`, `axios`, `form`, `link`, `requests`, ...
    pub client: &'static str,
    /// How sure it is that this is a request to this address.
    pub certainty: Certainty,
}
