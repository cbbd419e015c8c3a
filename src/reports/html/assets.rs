//! The files the page is put together from, embedded when the program is built.

/// The head up to the style; `{policy}` stands for the content security policy.
pub(super) const HEAD: &str = include_str!("page/head.html");

/// What stands on the page before the script has run.
pub(super) const BODY: &str = include_str!("page/body.html");

/// Layered layout of graphs, from npm unchanged; vendor/README.md says which version.
const DAGRE: &str = include_str!("vendor/dagre/dagre.min.js");

/// Its licence, which has to go along with it.
const DAGRE_LICENSE: &str = include_str!("vendor/dagre/LICENSE");

const STYLES: [&str; 4] = [
    include_str!("page/style/base.css"),
    include_str!("page/style/frame.css"),
    include_str!("page/style/drawing.css"),
    include_str!("page/style/print.css"),
];

/// In the order they are read; a file uses only what stands in files above it while it is read, and anything later.
const SCRIPTS: [&str; 19] = [
    include_str!("page/dom.js"),
    include_str!("page/data.js"),
    include_str!("page/state.js"),
    include_str!("page/windowed.js"),
    include_str!("page/tree.js"),
    include_str!("page/drawing.js"),
    include_str!("page/boxes.js"),
    include_str!("page/top_ten.js"),
    include_str!("page/overview.js"),
    include_str!("page/details.js"),
    include_str!("page/contracts.js"),
    include_str!("page/matrix.js"),
    include_str!("page/matrices.js"),
    include_str!("page/lists.js"),
    include_str!("page/relations.js"),
    include_str!("page/planning.js"),
    include_str!("page/search.js"),
    include_str!("page/export.js"),
    include_str!("page/main.js"),
];

/// The style of the page.
pub(super) fn style() -> String {
    STYLES.concat()
}

/// The script of the page.
pub(super) fn script() -> String {
    // A page that opens from disk has no folder with source maps beside it.
    let dagre = DAGRE.split("//# sourceMappingURL").next().unwrap_or_default();
    format!("/*! dagre\n{DAGRE_LICENSE}*/\n{dagre}\n(() => {{\n\"use strict\";\n{}}})();\n", SCRIPTS.concat())
}

/// All of the page that is written here, without what is carried along.
#[cfg(test)]
pub(super) fn own() -> String {
    [HEAD, BODY, &style(), &SCRIPTS.concat()].concat()
}
