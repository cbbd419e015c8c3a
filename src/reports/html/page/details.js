// The pane beside every view: what is known of the selected thing, down to the lines that say so.

/** A link to the details of something. */
const to = (sel, text) => el("a", { href: link({ sel }) }, name(text ?? sel[1]));
const toModule = (module) => to(["module", module], module);
const toFile = (path) => to(["file", path], path);
const toTable = (table) => to(["table", table], table);

/** A list of figures with their names. */
const figures = (rows) => el("dl", { class: "figures" }, rows.filter(Boolean).map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));

/** A heading with a count, and rows below it; long lists are windowed. */
function part(title, rows, render, columns) {
  if (!rows || rows.length === 0) return null;
  const long = rows.length > 40;
  const list = long
    ? grid({ label: title, columns: columns || [{ title: "", width: "minmax(0,1fr)", cell: render }], rows, rowHeight: part.rowHeight, height: "20rem", sortable: false })
    : el("ul", { class: "rows" }, rows.map((row) => el("li", {}, render(row))));
  return el("section", { class: "part" }, el("h3", {}, title, " ", el("span", { class: "count" }, number(rows.length))), list);
}
part.rowHeight = 46;

/** A line of the source: place, remarks, and the text that is the reason. */
function line({ path, line: at, text, remarks = [] }) {
  const said = remarks.filter(Boolean).join(", ");
  return el("div", { class: "line" },
    el("div", {}, path ? el("a", { href: link({ sel: ["file", path] }), class: "place" }, name(at ? `${path}:${at}` : path)) : null, said ? el("span", { class: "remark" }, " ", plain(said)) : null),
    text ? el("code", {}, plain(text)) : null);
}

const sure = (confidence) => (confidence < 1 ? percent(confidence) + " sure" : null);

const siteRow = (site) => line({ ...site, remarks: [site.kind, site.lazy && "inside a function", site.type_only && "types only", site.confidence !== undefined && sure(site.confidence)] });

/** All lines behind a dependency of modules, with their texts. */
function sitesOf(row) {
  const texts = new Map();
  return row.sites.map((site) => {
    if (!texts.has(site.path)) {
      const found = new Map();
      for (const edge of known.fileUses.get(site.path) || []) {
        if (moduleOfFile(edge.to) !== row.to && moduleOfFile(edge.to) === row.from) continue;
        for (const one of edge.sites) {
          const key = `${one.line} ${one.kind}`;
          if (found.has(key)) found.get(key).push(one);
          else found.set(key, [one]);
        }
      }
      texts.set(site.path, found);
    }
    // Several names taken on one line are several sites; each is told once.
    return { ...texts.get(site.path).get(`${site.line} ${site.kind}`)?.shift(), ...site };
  });
}

const heading = (kind, title, ...more) => [el("p", { class: "kind" }, kind), el("h2", { tabindex: -1 }, name(title)), ...more];

const accessRow = (access) => line({
  path: access.path, line: access.line, text: access.columns ? `${access.verb} ${access.table} (${access.columns.join(", ")})` : `${access.verb} ${access.table}`,
  remarks: [access.operation, access.by, access.function, access.in_loop && "in a loop", access.in_transaction && "in a transaction", sure(access.confidence)],
});

const dependencyRow = (key) => (row) => el("div", { class: "two" }, el("a", { href: link({ sel: ["dep", row.from, row.to] }) }, name(row[key])), el("span", { class: "remark" }, `${count(row.sites.length, "line")}, weight ${weight(row.weight)}${known.cuts.has(pair(row.from, row.to)) ? ", cheapest to cut" : ""}`));
const fileDependencyRow = (key) => (row) => el("div", { class: "two" }, el("a", { href: link({ sel: ["filedep", row.from, row.to] }) }, name(row[key])), el("span", { class: "remark" }, count(row.sites.length, "line")));

const routeRow = (route) => el("div", { class: "two" }, el("a", { href: link({ sel: ["route", route.method, route.path] }) }, name(`${route.method} ${route.path}`)), el("span", { class: "remark" }, plain(route.handler)));

const godRow = (god) => el("div", { class: "two" }, to(["class", god.path, god.name], god.name), el("span", { class: "remark" }, plain(god.reasons.join(", "))));

const where = (...buttons) => el("p", { class: "jumps" }, buttons);
const jump = (text, change) => el("a", { class: "button", href: link(change) }, text);

const DETAILS = {
  module(title) {
    const module = known.module.get(title);
    if (!module) return null;
    const cycle = known.cycleOf.get(title);
    const tables = [...grouped(known.accessesBy.get(title) || [], (row) => row.table)];
    const candidate = known.candidateOf.module.get(title);
    return [
      heading("Module", title),
      el("p", { class: "remark" }, plain(`${module.basis.replaceAll("_", " ")}: ${module.rule}`)),
      where(jump("In the overview", { view: "overview" }), jump("In the matrix", { view: "matrix" })),
      figures([["files", number(module.files)], ["lines", number(module.lines)], ["needed by", count(module.afferent, "module")], ["needs", count(module.efferent, "module")], ["instability", module.instability],
        cycle && ["in a cycle of", to(["cycle", cycle.id], count(cycle.members.length, "module"))], candidate && ["candidate", to(["candidate", candidate.name], candidate.name)]]),
      part("Paths", module.paths, (path) => name(path)),
      part("Needs", known.uses.get(title), dependencyRow("to")),
      part("Needed by", known.usedBy.get(title), dependencyRow("from")),
      part("Tables", tables, ([table, rows]) => el("div", { class: "two" }, el("a", { href: link({ sel: ["access", title, table] }) }, name(table)), el("span", { class: "remark" }, accessWords(rows)))),
      part("Routes", known.routesOf.get(title), routeRow),
      part("Does too much", known.godsOf.get(title), godRow),
      part("Outside systems", map.external_systems.filter((system) => system.modules.includes(title)), (system) => to(["system", system.name], system.name)),
      part("Files", filesOfModule(title), (file) => el("div", { class: "two" }, toFile(file.path), el("span", { class: "remark" }, count(file.lines, "line")))),
    ];
  },

  group(key) {
    const one = nodes.get(key);
    if (!one) return null;
    return [
      heading("Folder", one.kind === "more" ? `${one.label} below ${one.path || "the top"}` : one.path || one.label),
      el("p", { class: "jumps" }, el("button", { type: "button", class: "button", click: () => overview.toggle(key, true) }, "Open it in the drawing")),
      figures([["files", number(one.files)], ["lines", number(one.lines)]]),
      part("Holds", partsOf(one), (child) => el("div", { class: "two" }, to(child.kind === "module" ? ["module", child.label] : child.kind === "file" ? ["file", child.file.path] : ["group", child.key], child.label), el("span", { class: "remark" }, `${count(child.files, "file")}, ${count(child.lines, "line")}`))),
    ];
  },

  file(path) {
    const file = known.file.get(path);
    if (!file) return null;
    return [
      heading("File", path),
      where(jump("In the overview", { view: "overview", open: [...new Set([...(state.open || []), ...openFor(path)])] })),
      figures([["module", toModule(file.module)], ["language", file.language], ["lines", number(file.lines)], file.tags.length && ["tags", file.tags.join(", ")], file.status !== "parsed" && [file.status, plain(file.reason || "")]]),
      part("Problems", map.problems.filter((problem) => problem.path === path), (problem) => line({ path, line: problem.line, text: problem.message })),
      part("Needs", known.fileUses.get(path), fileDependencyRow("to")),
      part("Needed by", known.fileUsedBy.get(path), fileDependencyRow("from")),
      part("Reads and writes", known.accessesIn.get(path), accessRow),
      part("Routes", known.routesIn.get(path), routeRow),
      part("Definitions", known.definitionsIn.get(path), (row) => el("div", { class: "two" }, name(row.name), el("span", { class: "remark" }, `${row.kind}, line ${row.line}`))),
      part("Unresolved", map.unresolved.filter((open) => open.path === path), openRow),
    ];
  },

  dep(from, to_) {
    const row = known.moduleEdge.get(pair(from, to_));
    if (!row) return null;
    const back = known.moduleEdge.get(pair(to_, from));
    const cycle = known.cycleOf.get(from);
    const in_cycle = cycle !== undefined && cycle === known.cycleOf.get(to_);
    return [
      heading("Dependency", `${from} needs ${to_}`),
      el("p", {}, toModule(from), " needs ", toModule(to_), back && [" (and ", el("a", { href: link({ sel: ["dep", to_, from] }) }, "the other way round"), ")"]),
      figures([["weight", weight(row.weight)], ...Object.entries(row.kinds).map(([kind, n]) => [kind, number(n)]), in_cycle && ["cycle", to(["cycle", cycle.id], count(cycle.members.length, "module"))]]),
      advice(known.cuts.get(pair(from, to_))),
      part("Lines", sitesOf(row), siteRow),
    ];
  },

  filedep(from, to_) {
    const row = known.fileEdge.get(pair(from, to_));
    if (!row) return null;
    return [heading("Dependency", `${from} needs ${to_}`), el("p", {}, toFile(from), " needs ", toFile(to_)), advice(known.cuts.get(pair(from, to_))),
      part("Lines", row.sites.map((site) => ({ ...site, path: from })), siteRow)];
  },

  boxes(from, to_) {
    const arrow = overview.arrows?.find((one) => one.from === from && one.to === to_);
    if (!arrow) return null;
    const rows = [...arrow.rows].sort((a, b) => b.sites.length - a.sites.length);
    const labels = [from, to_].map((key) => nodes.get(key).label);
    const kind = arrow.rows[0] && known.module.has(arrow.rows[0].from) ? "dep" : "filedep";
    return [heading("Dependencies", `${labels[0]} needs ${labels[1]}`), figures([["references", number(arrow.references)], ["of", count(rows.length, kind === "dep" ? "pair of modules" : "pair of files").replace("pair of moduless", "pairs of modules").replace("pair of filess", "pairs of files")]]),
      part("Pairs", rows, (row) => el("div", { class: "two" }, el("a", { href: link({ sel: [kind, row.from, row.to] }) }, name(`${row.from} → ${row.to}`)), el("span", { class: "remark" }, count(row.sites.length, "line"))))];
  },

  table(title) {
    const table = known.table.get(title);
    if (!table) return null;
    const god = known.godTable.get(title);
    const users = [...usersOf(title)].sort((a, b) => b[1].write - a[1].write || b[1].read - a[1].read || byName(a[0], b[0]));
    const candidate = known.candidateOf.table.get(title);
    return [
      heading("Table", title),
      where(jump("With its neighbours", { view: "relations", focus: title }), jump("In the overview", { view: "overview" }), jump("In the matrix", { view: "tables" })),
      figures([["kind", table.kind.replaceAll("_", " ")], ["module", toModule(table.module)], table.owner && ["owner", [toModule(table.owner.module), ` (${percent(table.owner.confidence)} sure)`]], table.model && ["model", name(table.model)],
        ["primary key", plain(table.primary_key.join(", ") || "none known")], god && ["god table", plain(god.reasons.join(", "))], candidate && ["candidate", to(["candidate", candidate.name], candidate.name)]]),
      god?.discriminator && el("p", {}, `The column ${plain(god.discriminator)} says what kind of thing a row is.`),
      part("Used by", users, ([module, counts]) => el("div", { class: "two" }, el("a", { href: link({ sel: ["access", module, title] }) }, name(module)), el("span", { class: "remark" }, countWords(counts)))),
      part("Refers to", table.foreign_keys, keyRow("to")),
      part("Referred to by", known.keysTo.get(title), ({ from, key }) => keyRow("from", from)(key)),
      part("May refer to several", table.polymorphic, (pair) => `${plain(pair.type_column)} and ${plain(pair.key_column)}: ${plain(pair.targets.join(", "))}`),
      part("Columns", table.columns, (column) => el("div", { class: "two" }, name(column.name), el("span", { class: "remark" }, plain(column.type || "")))),
      part("Declared", table.declared, (row) => line({ ...row, remarks: [row.by] })),
    ];
  },

  access(module, table) {
    const rows = (known.accessesOf.get(table) || []).filter((row) => row.module === module);
    if (rows.length === 0) return null;
    return [heading("Use of a table", `${module} uses ${table}`), el("p", {}, toModule(module), " and ", toTable(table), `: ${accessWords(rows)}`),
      part("Writes", rows.filter((row) => row.operation === "write"), accessRow), part("Reads", rows.filter((row) => row.operation === "read"), accessRow), part("Changes of the schema", rows.filter((row) => row.operation === "ddl"), accessRow)];
  },

  cycle(id) {
    const cycle = known.cycle.get(id);
    if (!cycle) return null;
    const { cheapest_cut: cut } = cycle;
    const kind = cycle.level === "module" ? "module" : "file";
    return [
      heading("Cycle", `${count(cycle.members.length, kind)} in a circle`),
      where(jump("In the matrix", { view: "matrix" }), cycle.level === "module" && jump("In the overview", { view: "overview" })),
      figures([["level", cycle.level], ["dependencies inside", number(cycle.edges)], ["cheapest cut", `${count(cut.edges.length, "dependency")}, weight ${weight(cut.weight)}`], [cut.proven ? "proven" : "lower bound", cut.proven ? "no cheaper cut exists" : weight(cut.lower_bound)]]),
      el("section", { class: "part" }, el("h3", {}, "Shortest circle"), el("p", { class: "chain" }, [...cycle.shortest, cycle.shortest[0]].flatMap((member, at) => [at ? " → " : "", to([kind, member], member)]))),
      part("Cheapest cut", cut.edges, (edge) => el("div", {},
        el("div", { class: "two" }, el("a", { href: link({ sel: [kind === "module" ? "dep" : "filedep", edge.from, edge.to] }) }, name(`${edge.from} → ${edge.to}`)), el("span", { class: "remark" }, `weight ${weight(edge.weight)}, ${edge.advice.replaceAll("-", " ")}`)),
        cut.edges.length <= 40 ? [el("p", { class: "because" }, plain(edge.because)), edge.sites.slice(0, 3).map(siteRow), edge.sites.length > 3 && el("p", { class: "remark" }, `and ${count(edge.sites.length - 3, "more line")}`)] : null)),
      part("Members", cycle.members, (member) => to([kind, member], member)),
    ];
  },

  class(path, title) {
    const god = map.god_classes.find((row) => row.path === path && row.name === title) || map.god_files.find((row) => row.path === path && row.name === title);
    if (!god) return null;
    return [
      heading(map.god_files.includes(god) ? "File that does too much" : "Class that does too much", title),
      el("p", {}, line({ path, line: god.line, remarks: [god.reasons.join(", ")] })),
      figures([["complexity (WMC)", number(god.wmc)], ["foreign attributes (ATFD)", number(god.atfd)], ["cohesion (TCC)", god.tcc ?? "none"], ["methods", number(god.methods)], ["fields", number(god.fields)], ["public", number(god.public)], ["coupling", number(god.coupling)], ["tables", number(god.tables)], ["lines", number(god.lines)]]),
      god.parts.length > 1 && part("Parts that share nothing", god.parts, (names) => name(names.join(", "))),
    ];
  },

  route(method, path) {
    const rows = map.routes.filter((route) => route.method === method && route.path === path);
    if (rows.length === 0) return null;
    const calls = map.http_calls.filter((call) => call.resolves_to === `${method} ${path}`);
    return [heading("Route", `${method} ${path}`),
      rows.map((route) => [figures([["module", toModule(route.module)], ["framework", route.framework], route.name && ["name", name(route.name)], ["sure", percent(route.confidence)]]),
        el("p", {}, "Answered by ", name(route.handler)), line({ path: route.file, line: route.line, remarks: ["handler"] }), line({ ...route.registered, remarks: ["registered"] })]),
      ...operationParts(method, path),
      part("Called from", calls, (call) => line({ path: call.path, line: call.line, text: `${call.method} ${call.url}`, remarks: [call.client, call.in_loop && "in a loop"] }))];
  },

  system(title) {
    const system = known.system.get(title);
    if (!system) return null;
    return [heading("System outside", title), figures([["protocol", system.protocol], system.hosts.length && ["hosts", plain(system.hosts.join(", "))], ["calls in loops", number(system.sites.filter((site) => site.in_loop).length)], ["in transactions", number(system.sites.filter((site) => site.in_transaction).length)]]),
      part("Modules", system.modules, toModule), part("Calls", system.sites, (site) => line({ ...site, remarks: [site.client, site.in_loop && "in a loop", site.in_transaction && "in a transaction"] }))];
  },
};

const openRow = (open) => line({ path: open.path, line: open.line, text: open.text, remarks: [open.kind, open.reason] });

const countWords = (counts) => [counts.write && count(counts.write, "write"), counts.read && count(counts.read, "read"), counts.ddl && `${number(counts.ddl)} of schema`].filter(Boolean).join(", ");

function accessWords(rows) {
  const counts = { read: 0, write: 0, ddl: 0 };
  for (const row of rows) counts[row.operation] += 1;
  return countWords(counts);
}

const keyRow = (side, from) => (key) => el("div", {},
  el("div", { class: "two" }, side === "to" ? toTable(key.to_table) : toTable(from), el("span", { class: "remark" }, plain(`${key.columns.join(", ")} → ${key.to_columns.join(", ")}; ${key.basis}${key.confidence < 1 ? ` ${percent(key.confidence)}` : ""}`))),
  key.basis === "inferred" ? key.evidence.slice(0, 3).map((row) => line({ path: row.path, line: row.line, remarks: [row.kind.replaceAll("_", " ")] })) : null);

const advice = (edge) => edge && el("section", { class: "advice" }, el("h3", {}, `On the cheapest cut: ${edge.advice.replaceAll("-", " ")}`), el("p", {}, plain(edge.because)), edge.lines_to_move ? el("p", { class: "remark" }, `${count(edge.lines_to_move, "line")} to move`) : null);

/** What has to be open for a file to be drawn by itself. */
function openFor(path) {
  const home = nodeOfModule.get(moduleOfFile(path));
  if (!home) return [];
  partsOf(home);
  return [...chainTo(`f:${path}`)];
}

const details = {
  update() {
    const pane = byId("details");
    const [kind, ...names] = state.sel;
    const content = kind && Object.hasOwn(DETAILS, kind) ? DETAILS[kind](...names) : null;
    const shown = state.sel.join("\n");
    if (!content) {
      pane.hidden = !kind;
      refill(pane, kind ? [el("button", { type: "button", class: "close", "aria-label": "Close the details", click: () => select() }, "×"), el("p", {}, "There is no such thing on this map any more.")] : []);
      details.shown = "";
      return;
    }
    if (details.shown === shown && !pane.hidden && kind !== "boxes" && kind !== "module" && kind !== "file" && kind !== "table") return;
    details.shown = shown;
    pane.hidden = false;
    refill(pane, el("button", { type: "button", class: "close", "aria-label": "Close the details", title: "Close (Esc)", click: () => select() }, "×"), content);
    pane.scrollTop = 0;
    announce(pane.querySelector("h2")?.textContent ?? "");
  },
};
