//! From the path of a file to the addresses it answers.

use super::Framework;

/// What kind of file answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// Functions called after methods: `export function GET`.
    Methods,
    /// One function that is called for every method.
    Function,
    /// A page that is shown.
    Page,
    /// Actions of forms beside a page.
    Actions,
    /// `loader` and `action`.
    Loader,
}

/// A file that answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// Its addresses; two where a parameter may be missing.
    pub(super) addresses: Vec<String>,
    pub(super) sort: Sort,
    /// The method that the file's name says.
    pub(super) method: Option<&'static str>,
}

/// What a file is for, by its path below the application.
pub(super) fn of(framework: Framework, path: &str) -> Option<Place> {
    match framework {
        Framework::Next => next(path),
        Framework::Nuxt => nuxt(path),
        Framework::SvelteKit => svelte(path),
        Framework::Remix => remix(path),
        Framework::Astro => {
            let (stem, ending) = stem(path.strip_prefix("src/pages/")?)?;
            let is_endpoint = matches!(ending, "ts" | "js");
            is_endpoint.then(|| Place { addresses: addresses(stem.split('/').map(brackets)), sort: Sort::Methods, method: None })
        }
    }
}

/// The path without its ending, and the ending.
fn stem(path: &str) -> Option<(&str, &str)> {
    let (stem, ending) = path.rsplit_once('.')?;
    (!stem.ends_with(".d")).then_some((stem, ending))
}

fn is_script(ending: &str) -> bool {
    matches!(ending, "js" | "jsx" | "ts" | "tsx" | "mjs")
}

fn next(path: &str) -> Option<Place> {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let (stem, ending) = stem(path)?;
    if !is_script(ending) {
        return None;
    }
    if let Some(below) = stem.strip_prefix("pages/") {
        let is_api = below == "api" || below.starts_with("api/");
        let shown = !below.split('/').any(|part| part.starts_with('_')) && !matches!(below, "404" | "500");
        let below = below.strip_suffix("/index").or_else(|| (below == "index").then_some("")).unwrap_or(below);
        let sort = if is_api { Sort::Function } else { Sort::Page };
        return (is_api || shown).then(|| Place { addresses: addresses(below.split('/').map(brackets)), sort, method: None });
    }
    let below = stem.strip_prefix("app/")?;
    let (folder, name) = below.rsplit_once('/').unwrap_or(("", below));
    let sort = match name {
        "route" => Sort::Methods,
        "page" => Sort::Page,
        _ => return None,
    };
    let mut parts = Vec::new();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        // `(.)photo` is shown in another page's place, `_lib` is private.
        if part.starts_with('_') || part.starts_with("(.") {
            return None;
        }
        if !part.starts_with('@') && !is_group(part) {
            parts.push(brackets(part));
        }
    }
    Some(Place { addresses: addresses(parts), sort, method: None })
}

/// `(shop)`: a folder that is in no address.
fn is_group(part: &str) -> bool {
    part.starts_with('(') && part.ends_with(')')
}

fn nuxt(path: &str) -> Option<Place> {
    let path = ["src/", "app/"].iter().find_map(|folder| path.strip_prefix(folder)).unwrap_or(path);
    let (stem, ending) = stem(path)?;
    let (below, prefix) = if let Some(below) = stem.strip_prefix("server/api/") {
        (below, "api")
    } else if let Some(below) = stem.strip_prefix("server/routes/") {
        (below, "")
    } else {
        let below = stem.strip_prefix("pages/").filter(|_| ending == "vue")?;
        let below = below.strip_suffix("/index").or_else(|| (below == "index").then_some("")).unwrap_or(below);
        // A parameter of Nuxt 2 begins with a line.
        let part = |part: &str| part.strip_prefix('_').map_or_else(|| brackets(part), |name| Piece::Text(format!("{{{name}}}")));
        return Some(Place { addresses: addresses(below.split('/').map(part)), sort: Sort::Page, method: None });
    };
    if !is_script(ending) {
        return None;
    }
    let (below, method) = match below.rsplit_once('.').and_then(|(rest, word)| Some((rest, method(word)?))) {
        Some((rest, method)) => (rest, Some(method)),
        None => (below, None),
    };
    let below = below.strip_suffix("/index").or_else(|| (below == "index").then_some("")).unwrap_or(below);
    let parts = std::iter::once(brackets(prefix)).chain(below.split('/').map(brackets));
    Some(Place { addresses: addresses(parts), sort: Sort::Function, method })
}

fn method(word: &str) -> Option<&'static str> {
    ["get", "post", "put", "patch", "delete", "head", "options"].into_iter().find(|known| *known == word)
}

fn svelte(path: &str) -> Option<Place> {
    let below = path.strip_prefix("src/routes/")?;
    let (folder, name) = below.rsplit_once('/').unwrap_or(("", below));
    let sort = match name {
        "+server.ts" | "+server.js" => Sort::Methods,
        "+page.svelte" => Sort::Page,
        "+page.server.ts" | "+page.server.js" => Sort::Actions,
        _ => return None,
    };
    let parts = folder.split('/').filter(|part| !is_group(part)).map(brackets);
    Some(Place { addresses: addresses(parts), sort, method: None })
}

/// `app/routes/teams.$id_.edit.tsx`: dots are slashes, `$id` is a parameter, `_auth` is in no address.
fn remix(path: &str) -> Option<Place> {
    let (stem, ending) = stem(path.strip_prefix("app/routes/")?)?;
    if !is_script(ending) {
        return None;
    }
    let folder = stem.strip_suffix("/route").or_else(|| stem.strip_suffix("/index"));
    // What else stands in a route's folder is code of that route.
    if folder.is_none() && stem.split_once('/').is_some_and(|(first, _)| first.contains('.') || first.contains('+')) {
        return None;
    }
    let mut parts = Vec::new();
    for part in pieces(&folder.unwrap_or(stem).replace('/', ".")) {
        if part == "_index" || part == "index" || part.starts_with('_') || part.is_empty() {
            continue;
        }
        let name = part.trim_end_matches('_');
        let (name, is_optional) = match name.strip_prefix('(').and_then(|name| name.strip_suffix(')')) {
            Some(inside) => (inside, true),
            None => (name, false),
        };
        let text = match name.strip_prefix('$') {
            Some("") => "{}".to_owned(),
            Some(parameter) => format!("{{{parameter}}}"),
            None => name.replace(['[', ']'], ""),
        };
        parts.push(if is_optional { Piece::Optional(text) } else { Piece::Text(text) });
    }
    Some(Place { addresses: addresses(parts), sort: Sort::Loader, method: None })
}

/// Parts between dots; `[.]` is a dot that is meant.
fn pieces(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut is_escaped = false;
    for letter in text.chars() {
        is_escaped = match letter {
            '[' => true,
            ']' => false,
            _ => is_escaped,
        };
        if letter == '.' && !is_escaped {
            found.push(String::new());
        } else if let Some(last) = found.last_mut() {
            last.push(letter);
        }
    }
    found
}

enum Piece {
    Text(String),
    /// May be missing.
    Optional(String),
}

/// `[id]`, `[...rest]`, `[[...rest]]`, `[id=number]` inside a part of a path.
fn brackets(part: &str) -> Piece {
    let mut out = String::new();
    let mut is_optional = false;
    let mut rest = part;
    while let Some((before, inside)) = rest.split_once('[') {
        out.push_str(before);
        let inside = match inside.strip_prefix('[') {
            Some(inside) => {
                is_optional = true;
                inside
            }
            None => inside,
        };
        let Some((name, behind)) = inside.split_once(']') else {
            return Piece::Text(part.to_owned());
        };
        let name = name.trim_start_matches('.');
        out.push_str(&format!("{{{}}}", name.split('=').next().unwrap_or(name)));
        rest = behind.strip_prefix(']').unwrap_or(behind);
    }
    out.push_str(rest);
    if is_optional { Piece::Optional(out) } else { Piece::Text(out) }
}

/// The addresses that parts make.
fn addresses(parts: impl IntoIterator<Item = Piece>) -> Vec<String> {
    let mut found = vec![String::new()];
    for part in parts {
        match part {
            Piece::Text(text) if text.is_empty() || text == "index" => {}
            Piece::Text(text) => found.iter_mut().for_each(|address| *address = format!("{address}/{text}")),
            Piece::Optional(text) => {
                let with: Vec<String> = found.iter().take(4).map(|address| format!("{address}/{text}")).collect();
                found.extend(with);
            }
        }
    }
    found.iter_mut().filter(|address| address.is_empty()).for_each(|address| address.push('/'));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(framework: Framework, path: &str) -> Option<String> {
        of(framework, path).map(|place| place.addresses.join(" "))
    }

    #[test]
    fn paths_are_addresses() {
        let cases = [
            (Framework::Next, "pages/api/teams/[slug]/index.ts", Some("/api/teams/{slug}")),
            (Framework::Next, "src/app/(shop)/@modal/orders/[...path]/page.tsx", Some("/orders/{path}")),
            (Framework::Next, "app/docs/[[...path]]/page.tsx", Some("/docs /docs/{path}")),
            (Framework::Next, "app/feed/(.)photo/page.tsx", None),
            (Framework::Next, "app/_lib/page.tsx", None),
            (Framework::Next, "pages/_app.tsx", None),
            (Framework::Next, "pages/index.tsx", Some("/")),
            (Framework::Nuxt, "server/api/orders/[id].delete.ts", Some("/api/orders/{id}")),
            (Framework::Nuxt, "pages/_team/index.vue", Some("/{team}")),
            (Framework::SvelteKit, "src/routes/(app)/orders/[id=number].json/+server.ts", Some("/orders/{id}.json")),
            (Framework::Remix, "app/routes/_auth.teams.$id_.edit.tsx", Some("/teams/{id}/edit")),
            (Framework::Remix, "app/routes/sitemap[.]xml.ts", Some("/sitemap.xml")),
            (Framework::Remix, "app/routes/teams.new/button.tsx", None),
            (Framework::Remix, "app/routes/($lang)._index.tsx", Some("/ /{lang}")),
        ];
        for (framework, path, expected) in cases {
            assert_eq!(address(framework, path).as_deref(), expected, "{path}");
        }
    }
}
