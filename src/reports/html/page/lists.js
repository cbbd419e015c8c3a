// The views that are lists: routes, systems outside, cycles, what does too much, what nobody could find.

/** A view with a filter and a grid. `rows()` makes its rows, `text(row)` is what the filter looks at. */
function listView({ id, title, heading, rows, text, columns, sel, remark, choices }) {
  return {
    id, title,
    mount(root) {
      this.all = rows();
      this.texts = this.all.map((row) => text(row).toLowerCase());
      this.filter = el("input", { type: "search", placeholder: "Filter", "aria-label": `Filter: ${heading}`, input: () => go({ q: this.filter.value }, true) });
      this.choose = choices ? el("select", { "aria-label": "Which", change: () => go({ only: this.choose.value }, true) }, [el("option", { value: "" }, "All"), ...[...new Set(this.all.map(choices))].sort(byName).map((value) => el("option", { value }, plain(value)))]) : null;
      this.caption = el("p", { class: "caption", role: "status" });
      this.grid = grid({ label: heading, columns, pick: (row) => select(...sel(row)), picked: (row) => sel(row).join("\n") === state.sel.join("\n") });
      fill(root, [el("div", { class: "bar" }, el("h1", {}, heading), this.filter, this.choose), remark ? el("p", { class: "intro" }, remark()) : null, this.grid, this.caption]);
      this.shown = null;
    },
    update() {
      const wanted = (state.q || "").toLowerCase();
      const key = JSON.stringify([wanted, state.only || ""]);
      if (this.shown === key) return this.grid.again();
      this.shown = key;
      if (this.filter.value.toLowerCase() !== wanted) this.filter.value = state.q || "";
      if (this.choose) this.choose.value = state.only || "";
      const found = this.all.filter((row, at) => this.texts[at].includes(wanted) && (!state.only || !choices || choices(row) === state.only));
      this.grid.show(found);
      this.caption.textContent = found.length === this.all.length ? `${number(this.all.length)} in all` : `${number(found.length)} of ${number(this.all.length)}`;
    },
  };
}

const cell = (key, title, width, more) => ({ title, width, cell: (row) => name(row[key], { title: plain(row[key]) }), sort: (row) => row[key], ...more });
const figure = (title, value) => ({ title, width: "6.5rem", numeric: true, cell: (row) => number(value(row)), sort: value });

const routesView = listView({
  id: "routes", title: "Routes", heading: "Every address the application answers",
  rows: () => map.routes.map((route) => ({ ...route, at: `${route.file}:${route.line}`, calls: routesView.called().get(`${route.method} ${route.path}`) || 0, ...contractOf(route) })),
  text: (row) => `${row.method} ${row.path} ${row.handler} ${row.module} ${row.file} ${row.takes} ${row.answers}`,
  choices: (row) => row.module,
  sel: (row) => ["route", row.method, row.path],
  columns: [cell("method", "Method", "5rem"), cell("path", "Address", "minmax(12rem,2.2fr)"), cell("takes", "Takes", "minmax(7rem,1.3fr)"), cell("answers", "Answers", "minmax(7rem,1.3fr)"), figure("To settle", (row) => row.open), cell("handler", "Answered by", "minmax(9rem,1.8fr)"), cell("module", "Module", "minmax(7rem,1fr)"), figure("Callers", (row) => row.calls)],
  remark: () => "What a route takes and answers is read off its code; what is to settle are the sentences that say why something is not certain. Callers are requests of the application's own scripts and pages that lead there. `unpick contracts` writes all of it as OpenAPI documents.",
});
routesView.called = () => {
  const calls = new Map();
  for (const call of map.http_calls) if (call.resolves_to) calls.set(call.resolves_to, (calls.get(call.resolves_to) || 0) + 1);
  return calls;
};

const externalsView = listView({
  id: "externals", title: "Outside", heading: "Systems outside, and who calls them",
  rows: () => map.external_systems.map((system) => ({ ...system, loops: system.sites.filter((site) => site.in_loop).length, held: system.sites.filter((site) => site.in_transaction).length, who: system.modules.join(", ") })),
  text: (row) => `${row.name} ${row.protocol} ${row.who} ${row.hosts.join(" ")}`,
  sel: (row) => ["system", row.name],
  columns: [cell("name", "System", "minmax(10rem,1.5fr)"), cell("protocol", "Protocol", "7rem"), figure("Calls", (row) => row.sites.length), figure("In loops", (row) => row.loops), figure("In transactions", (row) => row.held), cell("who", "Called from", "minmax(10rem,2fr)")],
});

const cyclesView = listView({
  id: "cycles", title: "Cycles", heading: "What depends on itself in circles",
  rows: () => ["module", "file"].flatMap((level) => ["runtime", "load", "all"].flatMap((graph) => map.cycles.filter((cycle) => cycle.level === level && cycle.graph === graph))).map((cycle) => ({ ...cycle, which: `${cycle.level}s, ${{ runtime: "at run time", load: "while loading", all: "types too" }[cycle.graph] ?? cycle.graph}`, who: someNames(cycle.members, 4), cut: cycle.cheapest_cut.edges.length, weight: cycle.cheapest_cut.weight / 1000, proven: cycle.cheapest_cut.proven ? "yes" : "best found" })),
  text: (row) => `${row.which} ${row.members.join(" ")}`,
  choices: (row) => row.which,
  sel: (row) => ["cycle", row.id],
  columns: [cell("which", "Of", "minmax(9rem,1fr)"), figure("Members", (row) => row.members.length), figure("Inside", (row) => row.edges), figure("To cut", (row) => row.cut), figure("Weight", (row) => row.weight), cell("proven", "Proven", "6.5rem"), cell("who", "Members", "minmax(12rem,3fr)")],
  remark: () => "The cheapest cut is the lightest set of dependencies without which no circle is left. The same circle may stand here several times: as it is at run time, while files are loaded, and with types counted.",
});

const godsView = listView({
  id: "gods", title: "Gods", heading: "Classes and files that do too much",
  rows: () => map.god_classes.map((god) => ({ ...god, what: god.reasons.includes("god_class") ? "god class" : "large class" })).concat(map.god_files.map((god) => ({ ...god, what: god.reasons.includes("god_class") ? "god file" : "large file" }))).map((god) => ({ ...god, why: god.reasons.map((reason) => reason.replaceAll("_", " ")).join(", "), module: moduleOfFile(god.path) })),
  text: (row) => `${row.name} ${row.path} ${row.module} ${row.what}`,
  choices: (row) => row.what,
  sel: (row) => ["class", row.path, row.name],
  columns: [cell("what", "What", "6.5rem"), cell("name", "Name", "minmax(10rem,1.6fr)"), cell("module", "Module", "minmax(7rem,1fr)"), figure("Complexity", (row) => row.wmc), figure("Foreign", (row) => row.atfd), { title: "Cohesion", width: "6rem", numeric: true, cell: (row) => (row.tcc === null ? "–" : row.tcc.toFixed(2)), sort: (row) => row.tcc ?? 2 }, figure("Methods", (row) => row.methods), figure("Lines", (row) => row.lines), figure("Tables", (row) => row.tables), cell("why", "Because of", "minmax(8rem,1.4fr)")],
  remark: () => "A god class has a complexity of 47 or more, reads more than five attributes of other objects, and less than a third of its pairs of methods share an own attribute.",
});

const openView = listView({
  id: "unresolved", title: "Unresolved", heading: "What the code names and nobody could find",
  rows: () => map.unresolved.map((open) => ({ ...open, at: `${open.path}:${open.line}` })).concat(map.problems.map((problem) => ({ kind: problem.severity, path: problem.path, line: problem.line ?? 0, at: problem.line ? `${problem.path}:${problem.line}` : problem.path, text: "", reason: problem.message }))),
  text: (row) => `${row.kind} ${row.at} ${row.text} ${row.reason}`,
  choices: (row) => row.kind,
  sel: (row) => ["open", row.path, String(row.line), row.text],
  columns: [cell("kind", "Kind", "6rem"), cell("at", "Where", "minmax(12rem,1.6fr)"), { title: "Text", width: "minmax(10rem,2fr)", cell: (row) => el("code", { title: plain(row.text) }, plain(row.text)), sort: (row) => row.text }, cell("reason", "Reason", "minmax(12rem,2fr)")],
  remark: () => { const { imports, sql, table_accesses: tables } = map.coverage; return `By names: ${number(imports.internal)} imports lead to files here, ${number(imports.external)} to packages, ${number(imports.unresolved)} nowhere. ${number(sql.statements)} statements of SQL, ${number(sql.unresolved)} of them open; ${number(tables.resolved)} uses of tables, ${number(tables.unresolved)} of a table nobody can name.`; },
});

DETAILS.open = (path, at, text) => {
  const row = map.unresolved.find((open) => open.path === path && String(open.line) === at && open.text === text);
  const problem = !row && map.problems.find((one) => one.path === path && String(one.line ?? 0) === at);
  if (!row && !problem) return null;
  return [heading(row ? "Unresolved" : problem.severity, row ? row.text : problem.message), row ? openRow(row) : line({ path, line: problem.line })];
};
