// The two matrices: what needs what, and who reads and writes which table.

/** Modules so that what needs others comes first and what is in a circle stands together. */
function structureOrder(names, edges, cycleOf) {
  const group = (name) => cycleOf.get(name)?.id ?? name;
  const inside = grouped(names, group);
  const sorted = sequence([...inside.keys()], edges.map((edge) => [group(edge.from), group(edge.to)]));
  const order = [];
  const blocks = [];
  for (const key of sorted) {
    const members = inside.get(key);
    if (members.length > 1) {
      const there = new Set(members);
      const kept = edges.filter((edge) => there.has(edge.from) && there.has(edge.to) && !known.cuts.has(pair(edge.from, edge.to)));
      blocks.push({ from: order.length, size: members.length });
      order.push(...sequence(members, kept.map((edge) => [edge.from, edge.to])));
    } else order.push(members[0]);
  }
  return { order, blocks };
}

/** Names so that every arrow leads onwards, as far as that is possible; ties by name. */
function sequence(names, arrows) {
  const open = new Map(names.map((name) => [name, 0]));
  const next = new Map();
  const seen = new Set();
  for (const [from, to_] of arrows) {
    const key = pair(from, to_);
    if (from === to_ || seen.has(key)) continue;
    seen.add(key);
    open.set(to_, open.get(to_) + 1);
    if (!next.has(from)) next.set(from, []);
    next.get(from).push(to_);
  }
  const left = new Set([...names].sort(byName));
  let ready = [...left].filter((name) => open.get(name) === 0);
  const order = [];
  while (left.size) {
    if (ready.length === 0) {
      let least = null;
      for (const name of left) if (least === null || open.get(name) < open.get(least)) least = name;
      ready = [least];
    }
    const batch = ready;
    ready = [];
    for (const name of batch) {
      if (!left.delete(name)) continue;
      order.push(name);
      for (const to_ of next.get(name) || []) {
        open.set(to_, open.get(to_) - 1);
        if (open.get(to_) === 0 && left.has(to_)) ready.push(to_);
      }
    }
    ready.sort(byName);
  }
  return order;
}

const structure = {
  id: "matrix",
  title: "Matrix",
  exports: true,

  mount(root) {
    const levels = [["", "Modules"], ...cyclesOf("file").slice(0, 30).map((cycle) => [cycle.id, `Cycle of ${count(cycle.members.length, "file")}: ${cycle.members[0]}`])];
    const choose = el("select", { "aria-label": "What is in the matrix", change: () => go({ of: choose.value }) }, levels.map(([value, text]) => el("option", { value }, plain(cutTo(text, 420, 13)))));
    this.choose = choose;
    this.matrix = new Matrix({
      label: "Dependency structure matrix: a filled cell means that its row needs its column. Arrow keys move, n and p find filled cells, Enter opens.",
      rows: [], columns: [], cells: [], square: true, corner: "row needs column",
      hint: "A filled cell: its row needs its column. Outlined squares are cycles; what stands left of the diagonal inside them is on the cheapest cut.",
      paint: (context, row, x, y, size, tint) => {
        const cut = known.cuts.has(pair(row.from, row.to));
        context.fillStyle = row.in_cycle ? tint.cycle : tint.read;
        const inset = size > 8 ? Math.max(1, (size - 2) * (0.5 - Math.min(1, 0.45 + Math.log2(row.sites.length + 1) * 0.09) / 2)) : 0.5;
        if (cut) {
          context.lineWidth = 2;
          context.strokeStyle = tint.cycle;
          context.strokeRect(x + 3, y + 3, size - 6, size - 6);
          context.beginPath();
          context.moveTo(x + 3, y + size - 3);
          context.lineTo(x + size - 3, y + 3);
          context.stroke();
        } else context.fillRect(x + inset, y + inset, size - 2 * inset, size - 2 * inset);
      },
      said: (row, column, value) => `${this.names[row]} ${value ? `needs ${this.names[column]}: ${count(value.sites.length, "line")}${value.in_cycle ? ", in a cycle" : ""}${known.cuts.has(pair(value.from, value.to)) ? ", cheapest to cut" : ""}` : `and ${this.names[column]}: nothing`}`,
      pick: (row, column) => select(this.level === "module" ? "dep" : "filedep", this.names[row], this.names[column]),
      pickRow: (row) => select(this.level, this.names[row]),
      pickColumn: (column) => select(this.level, this.names[column]),
    });
    fill(root, [el("div", { class: "bar" }, el("h1", {}, "What needs what"), choose), this.matrix.element]);
    this.shown = null;
  },

  update() {
    const of = known.cycle.has(state.of) ? state.of : "";
    if (this.shown === of) return;
    this.shown = of;
    this.choose.value = of;
    const cycle = of ? known.cycle.get(of) : null;
    this.level = cycle ? "file" : "module";
    const cycleOf = cycle ? known.cycleOfFile : known.cycleOf;
    const names = cycle ? cycle.members : map.modules.filter((module) => module.files > 0).map((module) => module.name);
    const there = new Set(names);
    const edges = (cycle ? map.file_dependencies : map.module_dependencies).filter((edge) => there.has(edge.from) && there.has(edge.to));
    const { order, blocks } = structureOrder(names, edges, cycleOf);
    this.names = order;
    const place = new Map(order.map((name, at) => [name, at]));
    const cells = order.map(() => new Map());
    for (const edge of edges) {
      const own = cycleOf.get(edge.from);
      cells[place.get(edge.from)].set(place.get(edge.to), { ...edge, in_cycle: own !== undefined && own === cycleOf.get(edge.to) });
    }
    this.matrix.show({ rows: order, columns: order, cells, blocks, size: order.length > 150 ? 12 : order.length > 30 ? 18 : 26 });
  },

  picture: () => structure.matrix.picture(),
};

const tablesView = {
  id: "tables",
  title: "Tables",
  exports: true,

  mount(root) {
    const filter = el("input", { type: "search", placeholder: "Filter tables and modules", "aria-label": "Filter tables and modules", input: () => go({ q: filter.value }, true) });
    const only = el("select", { "aria-label": "Which tables", change: () => go({ only: only.value }) }, [["", "Shared tables first"], ["shared", "Only tables several modules write"], ["name", "All tables by name"]].map(([value, text]) => el("option", { value }, text)));
    Object.assign(this, { filter, only });
    const words = { r: "read", w: "written" };
    const sign = (kind) => svg("svg", { width: 14, height: 14, "aria-hidden": "true", class: `sign ${kind}` }, kind === "w" ? svg("rect", { x: 1, y: 1, width: 12, height: 12 }) : svg("circle", { cx: 7, cy: 7, r: 4 }));
    this.matrix = new Matrix({
      label: "Tables by modules. Arrow keys move, n and p find filled cells, Enter opens.",
      rows: [], columns: [], cells: [], corner: "table used by module", hint: "A square: the module writes the table. A circle: it only reads it.",
      legend: el("ul", { class: "legend" }, ["w", "r"].map((kind) => el("li", {}, sign(kind), words[kind]))),
      paint: (context, counts, x, y, size, tint) => {
        context.beginPath();
        context.fillStyle = counts.write ? tint.write : tint.read;
        if (counts.write) context.rect(x + 2, y + 2, size - 4, size - 4);
        else context.arc(x + size / 2, y + size / 2, Math.max(1.5, size * 0.24), 0, 7);
        context.fill();
      },
      said: (row, column, counts) => `${this.matrix.columns[column]} and ${this.matrix.rows[row]}: ${counts ? countWords(counts) : "nothing"}`,
      pick: (row, column) => select("access", this.matrix.columns[column], this.matrix.rows[row]),
      pickRow: (row) => select("table", this.matrix.rows[row]),
      pickColumn: (column) => select("module", this.matrix.columns[column]),
    });
    fill(root, [el("div", { class: "bar" }, el("h1", {}, "Who reads and writes which table"), filter, only), this.matrix.element]);
    this.shown = null;
  },

  update() {
    const key = JSON.stringify([state.q, state.only]);
    if (this.shown === key) return;
    this.shown = key;
    if (this.filter.value !== (state.q || "")) this.filter.value = state.q || "";
    this.only.value = state.only || "";
    const wanted = (state.q || "").toLowerCase();
    let rows = map.tables.map((table) => ({ name: table.name, users: usersOf(table.name) })).filter((row) => row.users.size > 0);
    if (state.only === "shared") rows = rows.filter((row) => known.shared.has(row.name));
    const hits = (text) => text.toLowerCase().includes(wanted);
    let modules = [...new Set(rows.flatMap((row) => [...row.users.keys()]))].sort(byName);
    if (wanted) {
      const some = modules.filter(hits);
      const by_table = rows.filter((row) => hits(row.name));
      if (by_table.length) rows = by_table;
      else if (some.length) rows = rows.filter((row) => some.some((module) => row.users.has(module)));
      else rows = [];
      modules = modules.filter((module) => (!by_table.length && some.length ? hits(module) : rows.some((row) => row.users.has(module))));
    }
    const writers = (row) => [...row.users.values()].filter((counts) => counts.write).length;
    if (state.only !== "name") rows.sort((a, b) => writers(b) - writers(a) || b.users.size - a.users.size || byName(a.name, b.name));
    if (state.only !== "name") {
      const written = new Map(modules.map((module) => [module, 0]));
      for (const row of rows) for (const [module, counts] of row.users) if (written.has(module)) written.set(module, written.get(module) + (counts.write ? 1000 : 1));
      modules.sort((a, b) => written.get(b) - written.get(a) || byName(a, b));
    }
    const place = new Map(modules.map((module, column) => [module, column]));
    const cells = rows.map((row) => new Map([...row.users].filter(([module]) => place.has(module)).map(([module, counts]) => [place.get(module), counts])));
    this.matrix.show({ rows: rows.map((row) => row.name), columns: modules, cells, hint: `${count(rows.length, "table")} and ${count(modules.length, "module")}. A square: the module writes the table. A circle: it only reads it.` });
  },

  picture: () => tablesView.matrix.picture(),
};
