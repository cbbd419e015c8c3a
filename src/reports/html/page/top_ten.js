// What to look at first, ten of each, as unpick ranks them.

/** A heading with at most ten rows below it; each row is [selection, title, remark]. */
function ten(title, rows, all, view) {
  if (all === 0) return el("section", {}, el("h3", {}, title, " ", el("span", { class: "none" }, "none")));
  const row = ([sel, text, remark]) => el("li", {}, el("a", { href: link({ sel }) , "data-sel": sel.join("\n") }, name(text, { class: "what" }), el("span", { class: "remark" }, plain(remark))));
  return el("section", {},
    el("h3", {}, title, " ", view ? el("a", { class: "all", href: link({ view }), "aria-label": `${title}: all ${all}` }, `all ${number(all)}`) : el("span", { class: "all" }, number(all))),
    el("ol", {}, rows.slice(0, 10).map(row)));
}

/** The first few of some names, and how many more there are. */
const someNames = (names, most) => names.slice(0, most).join(", ") + (names.length > most ? ` and ${number(names.length - most)} more` : "");

function topTen() {
  const cycles = cyclesOf("module").concat(cyclesOf("file"));
  const cut = (cycle) => `cut ${count(cycle.cheapest_cut.edges.length, "dependency")}, weight ${weight(cycle.cheapest_cut.weight)}${cycle.cheapest_cut.proven ? "" : " (best found)"}`;
  const gods = map.god_classes.filter((god) => god.reasons.includes("god_class"));
  const outside = map.external_systems.map((system) => ({ system, loops: system.sites.filter((site) => site.in_loop).length })).filter((row) => row.loops > 0);
  const { summary } = map;
  return el("aside", { class: "ten", "aria-label": "What to look at first", tabindex: 0 },
    el("h2", {}, "What to look at first"),
    el("p", { class: "counts" }, `${count(summary.files, "file")}, ${count(summary.lines, "line")} in ${count(summary.modules, "module")}; ${count(summary.tables, "table")}, ${count(summary.routes, "route")}`),
    ten("Worst cycles", cycles.map((cycle) => [["cycle", cycle.id], `${count(cycle.members.length, cycle.level)}: ${someNames(cycle.members, 3)}`, cut(cycle)]), cycles.length, "cycles"),
    ten("God classes", gods.map((god) => [["class", god.path, god.name], god.name, `complexity ${number(god.wmc)}, ${count(god.methods, "method")}`]), gods.length, "gods"),
    ten("God tables", map.god_tables.map((god) => [["table", god.name], god.name, `${count(god.columns, "column")}, used by ${count(god.accessor_modules, "module")}`]), map.god_tables.length, "tables"),
    ten("Shared tables", map.shared_tables.map((row) => [["table", row.name], row.name, `written by ${someNames(Object.keys(row.writers), 3)}`]), map.shared_tables.length, "tables"),
    ten("Outside systems in loops", outside.map(({ system, loops }) => [["system", system.name], system.name, `${count(loops, "call")} in loops, from ${someNames(system.modules, 2)}`]), outside.length, "externals"));
}
