//! What XML wires together: observers, cron jobs, rewrites, blocks and templates of layouts, models behind settings.

use super::Shop;
use super::settings::{ClassName, Sort};
use crate::base::{Certainty, FileId, Language};
use crate::facts::Node;
use crate::frameworks::{Model, StringReference};

/// Follows the names of classes in all XML files.
pub(super) fn report(shop: &Shop<'_>, out: &mut Model) {
    for file in shop.base.ids() {
        let entry = shop.base.file(file);
        if entry.left_out || entry.source.language != Language::XML {
            continue;
        }
        let Some(document) = entry.facts.document() else { continue };
        let mut reader = Reader { shop, file, out };
        // The walk that made the document stopped at a bounded depth, and the way here holds it all.
        let mut open = vec![(document, Vec::new())];
        while let Some((node, way)) = open.pop() {
            for (key, value) in node.entries() {
                reader.value(&way, key, value);
                let mut further = way.clone();
                further.push(key);
                open.push((value, further));
            }
        }
    }
}

struct Reader<'a, 'b> {
    shop: &'a Shop<'a>,
    file: FileId,
    out: &'b mut Model,
}

impl Reader<'_, '_> {
    /// Judges one text by the key it stands under and the keys around it.
    fn value(&mut self, way: &[&str], key: &str, value: Node<'_>) {
        let Some(text) = value.text().filter(|text| !text.is_empty() && !text.contains(char::is_whitespace)) else { return };
        if text.ends_with(".phtml") {
            self.template(text, value.line());
            return;
        }
        let alias = text.split_once("::").map_or(text, |(alias, _)| alias);
        let around = |up: usize| way.len().checked_sub(up).map_or("", |at| way[at]);
        let rule = match (key, around(2), around(1)) {
            ("class", "observers", _) => format!("observer of {}", around(3)),
            ("model", _, "run") => "cron job".to_owned(),
            (_, _, "rewrite") => "rewrite".to_owned(),
            _ => String::new(),
        };
        let attribute = key.strip_prefix('@');
        if !alias.contains('/') {
            if alias.contains('_') && alias.starts_with(|first: char| first.is_ascii_uppercase()) {
                let rule = if rule.is_empty() { "class name".to_owned() } else { rule };
                self.refer(&ClassName { name: alias.to_owned(), rewritten_by: None }, text, value.line(), &rule, Certainty(90));
            }
            return;
        }
        let (sort, alias) = match (attribute.unwrap_or(key), attribute.is_some()) {
            ("helper", true) => (Sort::Helper, alias.rsplit_once('/').map_or(alias, |(helper, _)| helper)),
            ("helper", false) => (Sort::Helper, alias),
            ("type", true) => (Sort::Block, alias),
            ("frontend_model" | "block" | "block_type" | "renderer" | "admin_renderer" | "render", _) => (Sort::Block, alias),
            ("class" | "model" | "adapter" | "model_token" | "template_filter" | "tempate_filter", _) => (Sort::Model, alias),
            (key, _) if ["_model", "_indexer", "_class"].iter().any(|end| key.ends_with(end)) => (Sort::Model, alias),
            _ => return,
        };
        let Some(class) = self.shop.settings.class(sort, alias) else { return };
        self.refer(&class, text, value.line(), &rule, Certainty::LITERAL);
    }

    fn refer(&mut self, class: &ClassName, text: &str, line: u32, rule: &str, certainty: Certainty) {
        let Some(place) = self.shop.class(self.file, &class.name) else { return };
        let told = match (rule, text.contains('/')) {
            ("", _) => self.shop.told(class, place),
            (rule, true) => format!("{rule}, {}", self.shop.told(class, place)),
            (rule, false) => place.told(rule),
        };
        self.add(place.file, Some(self.shop.defined_name(place)), text, line, &told, certainty.min(place.certainty()));
    }

    /// A template of the layout's own theme, else of the themes Magento falls back to.
    fn template(&mut self, text: &str, line: u32) {
        let path = self.shop.base.path(self.file);
        let Some((before, below)) = path.split_once("app/design/") else { return };
        let mut parts = below.split('/');
        let (Some(area), Some(package), Some(theme)) = (parts.next(), parts.next(), parts.next()) else { return };
        let themes = [(package, theme), (package, "default"), ("base", "default"), ("default", "default")];
        let found = themes.iter().find_map(|(package, theme)| {
            self.shop.names.tree().file(&format!("{before}app/design/{area}/{package}/{theme}/template/{text}"))
        });
        if let Some(to) = found {
            self.add(to, None, text, line, "template of a layout", Certainty::LITERAL);
        }
    }

    fn add(&mut self, to: FileId, symbol: Option<String>, text: &str, line: u32, rule: &str, certainty: Certainty) {
        self.out.references.push(StringReference {
            from: self.file,
            line,
            owner: None,
            to,
            symbol,
            text: format!("'{text}'"),
            deferred: true,
            certainty,
            rule: rule.to_owned().into(),
        });
    }
}
