//! The wire from who sends a request to what answers it: requests joined with routes of any language, else with the page
//! of PHP that the address names.

use super::{Kind, Reference};
use crate::base::{self, Certainty, FileId};
use crate::frameworks::effects::TransactionScope;
use crate::frameworks::routes::{HttpCall, LINK, Method, Route};
use crate::frameworks::{Place, Places};
use crate::names::{FactBase, Names};
use rustc_hash::{FxHashMap, FxHashSet};

/// A request and what answers it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WiredCall {
    /// The request.
    pub call: HttpCall,
    /// What answers: `GET /orders/{id}`, or the path of a file; none where nobody can tell or it is outside of the tree.
    pub resolves_to: Option<String>,
    /// Sent inside a loop of the same function.
    pub in_loop: bool,
    /// Sent inside a transaction.
    pub in_transaction: bool,
}

/// What answers a request.
struct Target {
    text: String,
    /// The address that is answered; none for a page.
    path: String,
    file: FileId,
    certainty: Certainty,
}

/// Joins requests with what answers them; what they depend on is added to the references.
pub(super) fn join(
    base: &FactBase,
    names: &Names,
    mut calls: Vec<HttpCall>,
    routes: &[Route],
    scopes: &[TransactionScope],
    references: &mut Vec<Reference>,
) -> Vec<WiredCall> {
    calls.retain(|call| !base.file(call.file).left_out);
    calls.sort_by(|a, b| (a.file, a.value, a.line, a.method, &a.url, &a.named).cmp(&(b.file, b.value, b.line, b.method, &b.url, &b.named)));
    calls.dedup_by(|a, b| (a.file, a.line, a.method, &a.url, &a.named) == (b.file, b.line, b.method, &b.url, &b.named));
    let answers = Answers::of(base, names, routes);
    let mut found = Vec::new();
    for group in calls.chunk_by(|a, b| a.file == b.file) {
        let mut places = Places::of(base.facts(group[0].file));
        for call in group {
            let target = answers.find(call);
            if target.is_none() && call.client == LINK {
                continue;
            }
            let mut call = call.clone();
            if let Some(target) = &target {
                if call.named.is_some() {
                    call.url.clone_from(&target.path);
                }
                references.push(reference(&call, target));
            }
            let place = call.value.map_or_else(Place::default, |value| places.place(value));
            let within =
                |scope: &TransactionScope| scope.file == call.file && scope.span.line <= call.line && call.line <= scope.span.end_line;
            found.push(WiredCall {
                resolves_to: target.map(|target| target.text),
                in_loop: place.in_loop,
                in_transaction: scopes.iter().any(within),
                call,
            });
        }
    }
    found.sort_by(|a, b| (a.call.file, a.call.line, &a.call.url).cmp(&(b.call.file, b.call.line, &b.call.url)));
    found
}

fn reference(call: &HttpCall, target: &Target) -> Reference {
    Reference {
        from: call.file,
        to: target.file,
        line: call.line,
        kind: Kind::Http,
        text: format!("{} {}", call.method.word(), call.url).into(),
        symbol: None,
        owner: call.owner,
        lazy: true,
        type_only: false,
        certainty: call.certainty.min(target.certainty),
        rule: "the address of a request".into(),
        used: true,
    }
}

/// Everything that answers.
struct Answers<'a> {
    base: &'a FactBase,
    names: &'a Names,
    routes: &'a [Route],
    /// Routes by how many segments their addresses have.
    by_length: FxHashMap<usize, Vec<usize>>,
    /// Routes by the names that links use.
    by_name: FxHashMap<&'a str, Vec<usize>>,
    /// Pages of PHP by their file name.
    pages: FxHashMap<&'a str, Vec<FileId>>,
    /// Files that others take in: no pages of their own.
    included: FxHashSet<FileId>,
}

/// How well a route answers an address; more is better.
type Fit = usize;

impl<'a> Answers<'a> {
    fn of(base: &'a FactBase, names: &'a Names, routes: &'a [Route]) -> Self {
        let mut by_length: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        let mut by_name: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (number, route) in routes.iter().enumerate() {
            by_length.entry(segments(path_of(&route.path)).len()).or_default().push(number);
            if let Some(name) = &route.name {
                by_name.entry(name.as_str()).or_default().push(number);
            }
        }
        let (mut pages, mut included) = (FxHashMap::<_, Vec<FileId>>::default(), FxHashSet::default());
        for file in base.ids().filter(|file| base.file(*file).source.language == crate::names::php::PHP && !base.file(*file).left_out) {
            pages.entry(base.file(file).source.path.name()).or_default().push(file);
            included.extend(names.imports(file).iter().filter_map(|meaning| meaning.file()));
        }
        Self { base, names, routes, by_length, by_name, pages, included }
    }

    fn find(&self, call: &HttpCall) -> Option<Target> {
        if let Some(name) = &call.named {
            return self.named(call, name);
        }
        let rest = call.url.trim_start_matches("{}");
        let is_rooted = rest.len() < call.url.len() || rest.starts_with('/');
        let path = path_of(rest);
        if path.contains("://") || path.starts_with("//") {
            return None;
        }
        if path.is_empty() {
            // The page itself, where the script stands in a page and not in what pages take in.
            let is_own = call.url.starts_with('?') && self.is_page(call.file);
            return is_own.then(|| self.file(call.file, Certainty(80)));
        }
        self.route(call, path, rest).or_else(|| self.page(call, path, is_rooted))
    }

    fn is_page(&self, file: FileId) -> bool {
        self.base.file(file).source.language == crate::names::php::PHP && !self.included.contains(&file)
    }

    fn file(&self, file: FileId, certainty: Certainty) -> Target {
        Target { text: self.base.path(file).to_owned(), path: String::new(), file, certainty }
    }

    /// The route that fits best; none where several fit as well.
    fn route(&self, call: &HttpCall, path: &str, url: &str) -> Option<Target> {
        let wanted = segments(path);
        let mut best: Option<(Fit, &Route)> = None;
        let mut is_open = false;
        for route in self.by_length.get(&wanted.len()).into_iter().flatten().map(|number| &self.routes[*number]) {
            if !matches!(call.client, LINK | "form") && self.is_shown(route) {
                continue;
            }
            let method = call.method == route.method || call.method == Method::Any || route.method == Method::Any;
            let Some(fit) = fit(&wanted, &route.path, url).filter(|_| method) else { continue };
            let fit = fit * 2 + usize::from(call.method == route.method);
            match best {
                Some((known, _)) if known > fit => {}
                Some((known, other)) if known == fit => is_open |= other.path != route.path,
                _ => (best, is_open) = (Some((fit, route)), false),
            }
        }
        best.filter(|_| !is_open).map(|(_, route)| answered_by(route))
    }

    /// True for a page that a framework shows by its place: a browser goes there, no script asks it for data.
    fn is_shown(&self, route: &Route) -> bool {
        let is_page = [".tsx", ".jsx", ".vue", ".svelte", ".astro"].iter().any(|end| self.base.path(route.registered.0).ends_with(end));
        is_page && matches!(route.framework, "next" | "nuxt" | "sveltekit" | "astro")
    }

    /// The route of a name: the one that answers the method, else one at the same address that does, else the first.
    fn named(&self, call: &HttpCall, name: &str) -> Option<Target> {
        let known = self.by_name.get(name)?;
        let first = *known.first()?;
        let path = self.routes[first].path.as_str();
        let beside = self.by_length.get(&segments(path_of(path)).len()).into_iter().flatten();
        let beside = beside.filter(|number| self.routes[**number].path == path);
        let answers = |number: &&usize| [call.method, Method::Any].contains(&self.routes[**number].method);
        let number = known.iter().chain(beside).find(answers).copied().unwrap_or(first);
        Some(answered_by(&self.routes[number]))
    }

    /// The page of PHP that an address names: beside the calling page, at the root, else the only one that ends so.
    fn page(&self, call: &HttpCall, path: &str, is_rooted: bool) -> Option<Target> {
        let name = path.rsplit('/').next()?;
        let all = self.pages.get(name)?;
        let own = self.base.file(call.file).source.path.parent();
        let beside = base::plain(&base::join(own, path)).filter(|_| !is_rooted);
        let plain = path.trim_start_matches("./").trim_start_matches("../").trim_start_matches('/');
        for wanted in [beside.as_deref(), Some(plain)].into_iter().flatten() {
            if let Some(file) = self.names.tree().file(wanted).filter(|file| all.contains(file)) {
                return Some(self.file(file, Certainty(90)));
            }
        }
        let ending = format!("/{plain}");
        let mut ends = all.iter().filter(|file| self.base.path(**file).ends_with(&ending));
        match (ends.next(), ends.next()) {
            (Some(file), None) => Some(self.file(*file, Certainty(70))),
            _ => None,
        }
    }
}

fn answered_by(route: &Route) -> Target {
    let file = route.handled.map_or(route.registered.0, |(file, _)| file);
    let text = format!("{} {}", route.method.word(), route.path);
    Target { text, path: route.path.clone(), file, certainty: route.certainty }
}

/// An address without its query.
fn path_of(url: &str) -> &str {
    &url[..url.find(['?', '#', '&']).unwrap_or(url.len())]
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|segment| !segment.is_empty() && *segment != "." && *segment != "..").collect()
}

/// What a segment that is written the same counts for.
const SAME: Fit = 4;

/// How well a route fits: most for segments that are written the same; none where one does not fit, or all of them are open.
fn fit(wanted: &[&str], route: &str, url: &str) -> Option<Fit> {
    let (path, query) = route.split_once('?').unwrap_or((route, ""));
    let (mut sum, mut is_told) = (0, wanted.is_empty());
    for (wanted, there) in wanted.iter().zip(segments(path)) {
        let fit = segment_fit(wanted, there)?;
        is_told |= fit > 1;
        sum += fit;
    }
    is_told.then_some(())?;
    let given: Vec<&str> = url.split(['?', '&']).skip(1).collect();
    let asked = query.split('&').filter(|part| !part.is_empty());
    for part in asked {
        given.contains(&part).then_some(())?;
        sum += SAME;
    }
    Some(sum)
}

/// How well a segment of a route, which may have parameters, fits one that is asked for: `{id}` fits whatever is asked
/// for, `{id}.{format}` what has its dot; where all that is asked for is a hole, the whole parameter fits better.
fn segment_fit(wanted: &str, there: &str) -> Option<Fit> {
    if !there.contains('{') {
        return (wanted == there).then_some(SAME);
    }
    let pieces: Vec<&str> = there.split('{').map(|piece| piece.rsplit_once('}').map_or(piece, |(_, literal)| literal)).collect();
    if pieces.iter().all(|piece| piece.is_empty()) {
        return Some(1);
    }
    if wanted == "{}" {
        return Some(0);
    }
    let (first, last) = (pieces.first()?, pieces.last()?);
    let mut rest = wanted.strip_prefix(first)?.strip_suffix(last)?;
    for piece in &pieces[1..pieces.len() - 1] {
        rest = rest.split_once(piece).filter(|(before, _)| !before.is_empty())?.1;
    }
    (!rest.is_empty()).then_some(SAME - 1)
}

#[cfg(test)]
mod tests {
    use super::{fit, segment_fit, segments};

    #[test]
    fn a_route_fits_where_every_segment_does_and_one_is_written_out() {
        let fits = |url: &str, route: &str| fit(&segments(super::path_of(url)), route, url);
        assert_eq!(fits("/orders/{}", "/orders/{id}"), Some(5));
        assert_eq!(fits("/orders/new", "/orders/new"), Some(8));
        assert_eq!(fits("/orders/{}", "/orders/new"), None);
        assert_eq!(fits("/{}/{}", "/{a}/{b}"), None);
        assert_eq!(fits("/", "/"), Some(0));
        assert_eq!(fits("/a.php?action=x&id=1", "/a.php?action=x"), Some(8));
        assert_eq!(fits("/a.php?action=y", "/a.php?action=x"), None);
    }

    #[test]
    fn parameters_may_share_a_segment_with_text() {
        assert_eq!(segment_fit("7.json", "{id}.{format}"), Some(3));
        assert_eq!(segment_fit("{}.json", "{id}.{format}"), Some(3));
        assert_eq!(segment_fit("{}", "{id}.{format}"), Some(0));
        assert_eq!(segment_fit("results.json", "results.{format}"), Some(3));
        assert_eq!(segment_fit("results", "results.{format}"), None);
        assert_eq!(segment_fit(".json", "{id}.{format}"), None);
        assert_eq!(segment_fit("{}", "{id}"), Some(1));
        assert_eq!(segment_fit("@{}", "@{name}"), Some(3));
    }
}
