// The plan: what could leave, in waves, what each figure rests on, and pins for unpick.toml made by moving things.

const TERM_WORDS = {
  dependencies_in: "dependencies in", dependencies_out: "dependencies out", tables_written_on_both_sides: "tables written on both sides", tables_read_across: "tables read across", foreign_keys: "foreign keys cut",
  joins: "joins across", distributed_units: "distributed units", outside_calls_in_loops: "outside calls in loops", cycle_edges: "cycle edges to cut", thousand_lines: "thousand lines",
};

/** Where the reader moved things to: `kind name` -> candidate. Kept in the fragment, as everything is. */
function moves() {
  const found = new Map();
  const flat = state.moved ? state.moved.split("|").map(decoded) : [];
  for (let at = 0; at + 2 < flat.length; at += 3) found.set(pair(flat[at], flat[at + 1]), { kind: flat[at], name: flat[at + 1], target: flat[at + 2] });
  return found;
}

function withMove(kind, thing, target) {
  const found = moves();
  const home = (kind === "module" ? known.candidateOf.module : known.candidateOf.table).get(thing);
  if (home && home.name === target) found.delete(pair(kind, thing));
  else found.set(pair(kind, thing), { kind, name: thing, target });
  return [...found.values()].flatMap((move) => [move.kind, move.name, move.target]).map(encodeURIComponent).join("|");
}

/** A figure as far as people compare it. */
const short = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 });

/** A text of TOML. */
const toml = (text) => JSON.stringify(text).replace(/\u007f/g, "\\u007f");

/** Every candidate that something was moved into or out of, as a decided service. */
function pins() {
  const moved = [...moves().values()];
  const touched = new Set();
  for (const move of moved) {
    touched.add(move.target);
    const home = (move.kind === "module" ? known.candidateOf.module : known.candidateOf.table).get(move.name);
    if (home) touched.add(home.name);
  }
  const blocks = plan.candidates.filter((candidate) => touched.has(candidate.name)).map((candidate) => {
    const of = (kind, names) => [...names.filter((one) => !moved.some((move) => move.kind === kind && move.name === one)), ...moved.filter((move) => move.kind === kind && move.target === candidate.name).map((move) => move.name)].sort(byName);
    const list = (names) => (names.length ? `[\n${names.map((one) => `    ${toml(one)},\n`).join("")}]` : "[]");
    return `[[service]]\nname = ${toml(candidate.name)}\nmodules = ${list(of("module", candidate.modules))}\ntables = ${list(of("table", candidate.tables))}\n`;
  });
  return blocks.join("\n");
}

const shellWord = (text) => `'${plain(text).replaceAll("'", "'\\''")}'`;

const planning = {
  id: "plan",
  title: "Plan",

  mount(root) {
    if (!plan) {
      fill(root, [el("div", { class: "bar" }, el("h1", {}, "Plan")), el("div", { class: "intro" }, el("p", {}, "This page holds the map alone. The page with the plan is written by"), el("pre", {}, "unpick plan --format html=plan.html"))]);
      return;
    }
    this.moved = el("section", { class: "pins", "aria-label": "What you moved", hidden: true });
    this.lanes = el("div", { class: "lanes", tabindex: 0, role: "group", "aria-label": "Candidates in waves" });
    const { metrics } = plan;
    fill(root, [
      el("div", { class: "bar" }, el("h1", {}, "What could leave, in which order"), el("p", { class: "caption" }, `${count(plan.candidates.length, "candidate")}; ${number(metrics.distributed_units.explicit)} transactions and ${number(metrics.distributed_units.implicit)} other units would be split, ${number(metrics.cross_written_tables)} tables written from several, ${number(metrics.cut_foreign_keys)} foreign keys cut; ${percent(metrics.coverage)} of names were followed`)),
      el("p", { class: "intro hint" }, "Drag a module or a table to another candidate, or select it and choose where it should go: the page then writes the lines for unpick.toml. Figures stay those of unpick until it is run with them."),
      this.moved, this.lanes,
    ]);
    this.shown = null;
  },

  update() {
    if (!plan) return;
    const key = state.moved || "";
    if (this.shown !== key) {
      this.shown = key;
      this.compose();
    }
    const [kind, one] = state.sel;
    for (const card of this.lanes.querySelectorAll(".card")) card.classList.toggle("selected", (kind === "candidate" || kind === "term") && card.dataset.name === one);
  },

  compose() {
    const moved = moves();
    const lane = (title, remark, names) => el("section", { class: "lane" }, el("h2", {}, title, remark && el("span", { class: "remark" }, ` ${remark}`)), el("div", { class: "cards" }, names.map((one) => this.card(one, moved))));
    const waved = new Set(plan.waves.flat());
    const stays = plan.order.map((step) => step.candidate).filter((one) => !waved.has(one));
    refill(this.lanes,
      plan.waves.map((wave, at) => lane(`Wave ${at + 1}`, wave.length > 1 ? "can go at the same time" : "", wave)),
      stays.length > 0 && lane("Stays", "what the monolith becomes", stays),
      el("section", { class: "lane aside" }, el("h2", {}, "In no candidate"), el("div", { class: "cards" },
        this.outside("Set aside", plan.set_aside.map((row) => ({ text: `${row.name} (${row.role.replaceAll("_", " ")})`, hint: row.reason }))),
        this.outside("Bound to nothing", plan.unplaced.map((text) => ({ text, hint: "nothing binds it to anything else" }))),
        this.outside("People decide", plan.preparation.decisions.map((row) => ({ text: `${row.table}: likely ${row.likely}`, hint: `${percent(row.confidence)} sure` }))))));
    this.pinned(moved);
  },

  outside(title, rows) {
    if (rows.length === 0) return null;
    const items = rows.map((row) => el("li", { title: plain(row.hint) }, name(row.text)));
    return el("div", { class: "card quiet" }, el("h3", {}, `${title} `, el("span", { class: "count" }, number(rows.length))), el("ul", { class: "chips" }, items.slice(0, 60), items.length > 60 && el("li", {}, `and ${number(items.length - 60)} more`)));
  },

  card(title, moved) {
    const candidate = plan.candidates.find((one) => one.name === title);
    const step = plan.order.find((one) => one.candidate === title);
    const gone = (kind, one) => moved.get(pair(kind, one));
    const chips = [...candidate.modules.filter((one) => !gone("module", one)).map((one) => this.chip("module", one, title)), ...candidate.tables.filter((one) => !gone("table", one)).map((one) => this.chip("table", one, title))];
    const come = [...moved.values()].filter((move) => move.target === title).map((move) => this.chip(move.kind, move.name, title, true));
    const shown = chips.slice(0, 30);
    const more = chips.length - shown.length;
    const list = el("ul", { class: "chips" }, come, shown, more > 0 && el("li", {}, el("button", { type: "button", class: "chip more", click: (event) => event.target.parentNode.replaceWith(...chips.slice(30)) }, `${number(more)} more`)));
    const terms = Object.entries(step.terms).filter(([, term]) => term.value > 0 || term.unsure > 0);
    const card = el("article", { class: "card", "data-name": title, "aria-label": plain(title) },
      el("h3", {}, el("a", { href: link({ sel: ["candidate", title] }) }, name(title)), candidate.decided && el("span", { class: "badge" }, "decided"), step.investigate && el("span", { class: "badge warn", title: "Too few of its names could be followed" }, "look closer")),
      el("p", { class: "remark" }, `${count(candidate.lines, "line")}, ${count(candidate.tables.length, "table")}, ${count(candidate.routes.length, "route")}; difficulty ${short(step.difficulty)}, benefit ${short(step.benefit)}`),
      el("ul", { class: "terms" }, terms.map(([term, { value, unsure }]) => el("li", {}, el("a", { href: link({ sel: ["term", title, term] }) }, `${TERM_WORDS[term] ?? term} `, el("b", {}, short(value)), unsure ? ` (+${number(unsure)})` : "")))),
      step.risks.length > 0 && el("ul", { class: "risks" }, step.risks.map((risk) => el("li", {}, `${plain(risk.text)}: ${number(risk.count)}`))),
      list);
    this.takes(card, title);
    return card;
  },

  chip(kind, thing, home, is_moved) {
    const chip = el("li", {}, el("button", { type: "button", class: `chip ${kind}${is_moved ? " moved" : ""}`, draggable: "true", title: `${kind} ${plain(thing)}: drag it to another candidate`, click: () => select("place", kind, thing) }, name(thing)));
    chip.addEventListener("dragstart", (event) => {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", thing);
      this.dragged = { kind, thing, home };
      this.lanes.classList.add("dragging");
    });
    chip.addEventListener("dragend", () => { this.dragged = null; this.lanes.classList.remove("dragging"); });
    return chip;
  },

  takes(card, title) {
    card.addEventListener("dragover", (event) => {
      if (!this.dragged || this.dragged.home === title) return;
      event.preventDefault();
      card.classList.add("over");
    });
    card.addEventListener("dragleave", () => card.classList.remove("over"));
    card.addEventListener("drop", (event) => {
      event.preventDefault();
      card.classList.remove("over");
      if (this.dragged) this.move(this.dragged.kind, this.dragged.thing, title);
    });
  },

  move(kind, thing, target) {
    announce(`${thing} moved to ${target}`);
    go({ moved: withMove(kind, thing, target) });
  },

  pinned(moved) {
    this.moved.hidden = moved.size === 0;
    if (moved.size === 0) return void this.moved.replaceChildren();
    const text = pins();
    const area = el("textarea", { readonly: true, rows: Math.min(16, text.split("\n").length), "aria-label": "Lines for unpick.toml", spellcheck: "false" });
    area.value = text;
    const commands = [...moved.values()].map((move) => `unpick plan --what-if ${shellWord(`move ${move.name} to ${move.target}`)}`);
    refill(this.moved, el("h2", {}, `${count(moved.size, "move")} for unpick.toml`), area,
      el("p", { class: "jumps" },
        el("button", { type: "button", class: "button", click: () => copied(text) }, "Copy"),
        el("button", { type: "button", class: "button", click: () => saved(new Blob([text], { type: "text/plain" }), "unpick.services.toml") }, "Save as a file"),
        el("button", { type: "button", class: "button", click: () => go({ moved: "" }) }, "Take all back")),
      el("details", {}, el("summary", {}, "What a move changes, by unpick itself"), el("pre", {}, commands.join("\n"))));
  },
};

DETAILS.place = (kind, thing) => {
  if (!plan) return null;
  const homes = kind === "module" ? known.candidateOf.module : known.candidateOf.table;
  const now = moves().get(pair(kind, thing))?.target ?? homes.get(thing)?.name ?? "";
  const choose = el("select", { "aria-label": "Candidate", change: () => planning.move(kind, thing, choose.value) }, plan.candidates.map((candidate) => el("option", { value: candidate.name, selected: candidate.name === now }, plain(candidate.name))));
  const boundary = plan.candidates.flatMap((candidate) => candidate.boundary_nodes).find((node) => node.name === thing);
  return [heading(kind === "module" ? "Module in the plan" : "Table in the plan", thing), el("p", {}, el("label", {}, "Goes to ", choose)), where(jump("All that is known of it", { sel: [kind, thing] })),
    boundary && el("section", { class: "advice" }, el("h3", {}, "It could as well be elsewhere"), figures([["margin", boundary.margin], boundary.second && ["second choice", to(["candidate", boundary.second], boundary.second)]]))];
};

DETAILS.candidate = (title) => {
  const candidate = plan?.candidates.find((one) => one.name === title);
  if (!candidate) return null;
  const step = plan.order.find((one) => one.candidate === title);
  const calls = (key) => (row) => el("div", {}, el("div", { class: "two" }, name(row.operation ? `${row.of}: ${row.operation}` : row.of), el("span", { class: "remark" }, `${key} ${plain(row[key])}`)), row.sites.slice(0, 2).map((site) => line({ path: site.file, line: site.line })));
  return [
    heading("Candidate", title),
    figures([["wave", step.wave ?? "stays"], ["difficulty", number(step.difficulty)], ["benefit", number(step.benefit)], ["priority", step.priority], ["order firm", percent(step.firm)], ["names followed", percent(candidate.coverage)]]),
    part("Why it is hard", Object.entries(step.terms).filter(([, term]) => term.value > 0), ([term, { value }]) => el("div", { class: "two" }, el("a", { href: link({ sel: ["term", title, term] }) }, TERM_WORDS[term] ?? term), el("span", { class: "remark" }, number(value)))),
    part("Steps", step.steps, (row) => el("details", {}, el("summary", {}, plain(row.step)), el("p", {}, plain(row.text)), row.postgresql.length > 0 && el("pre", {}, plain_lines(row.postgresql)))),
    part("Transactions that become sagas", step.sagas, (saga) => el("div", {}, name(saga.unit), el("p", { class: "remark" }, plain(saga.steps.map((one) => `${one.candidate}: ${one.writes.join(", ") || "reads"}`).join(" → "))), saga.site && line({ path: saga.site.file, line: saga.site.line }))),
    part("Asked by others", step.calls_in, calls("from")),
    part("Asks others", step.calls_out, calls("to")),
    part("Modules", candidate.modules, (one) => el("a", { href: link({ sel: ["place", "module", one] }) }, name(one))),
    part("Parts of files", candidate.atoms, (atom) => line({ path: atom.path, text: atom.symbol })),
    part("Tables", candidate.tables, (one) => el("a", { href: link({ sel: ["place", "table", one] }) }, name(one))),
    part("Needs copies of", candidate.replicas, toTable),
    part("Could as well be elsewhere", candidate.boundary_nodes, (row) => el("div", { class: "two" }, name(row.name), el("span", { class: "remark" }, `margin ${row.margin}${row.second ? `, else ${plain(row.second)}` : ""}`))),
    part("Routes", candidate.routes, (route) => name(route)),
  ];
};

const plain_lines = (lines) => lines.map(plain).join("\n");

DETAILS.term = (title, term) => {
  const step = plan?.order.find((one) => one.candidate === title);
  const figure = step?.terms[term];
  if (!figure) return null;
  const row = (fact) => (fact.file ? line({ path: fact.file, line: fact.line, remarks: [fact.kind.replaceAll("_", " "), fact.name] }) : el("div", { class: "two" }, fact.kind === "table" ? toTable(fact.name) : name(fact.name), el("span", { class: "remark" }, fact.kind.replaceAll("_", " "))));
  return [heading("Figure of the plan", `${TERM_WORDS[term] ?? term} of ${title}`), where(jump("The candidate", { sel: ["candidate", title] })), figures([["value", number(figure.value)], figure.unsure && ["unsure, not counted", number(figure.unsure)]]), part("Rests on", figure.evidence, row)];
};
