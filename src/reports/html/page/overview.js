// The first view: the application as at most forty boxes, its worst tables, and what is wrong with it.

/** So many tables are drawn beside the boxes. */
const TABLES_DRAWN = 10;
/** So many readers of a table are drawn; writers all are. */
const READERS_DRAWN = 4;
/** With more uses of tables than this, those that only read are drawn when one side is selected. */
const USES_DRAWN = 36;
/** So many arrows are drawn for each box, the heaviest first, besides those of cycles. */
const ARROWS_EACH = 3;

/** Ways to lay out, the one with most meaning first: by how many of the heaviest arrows of each box, and in which direction. */
const LAYOUTS = [[3, "LR"], [2, "LR"], [1, "LR"], [2, "TB"]];

/** Room that the column of tables takes, about. */
const TABLES_WIDTH = 250;

/** Tables that matter most: gods, then those that most modules write, then those that most modules use. */
function worstTables(most) {
  const gods = new Set(map.god_tables.map((god) => god.name));
  const rows = map.shared_tables.map((row) => ({ name: row.name, god: gods.has(row.name), writers: Object.keys(row.writers).length, users: new Set([...Object.keys(row.writers), ...Object.keys(row.readers)]).size }));
  for (const god of map.god_tables) if (!known.shared.has(god.name)) rows.push({ name: god.name, god: true, writers: god.writer_modules, users: god.accessor_modules });
  rows.sort((a, b) => b.god - a.god || b.writers - a.writers || b.users - a.users || byName(a.name, b.name));
  return rows.slice(0, most).map((row) => row.name);
}

/** Dependencies between drawn boxes: every dependency between modules or files counts for the boxes that stand for them. */
function arrowsBetween(standsIn, opened) {
  const arrows = new Map();
  const add = (from, to, row, in_cycle, level) => {
    if (!from || !to || from === to) return;
    const key = pair(from.key, to.key);
    let arrow = arrows.get(key);
    if (!arrow) arrows.set(key, (arrow = { from: from.key, to: to.key, rows: [], references: 0, in_cycle: false, cut: false, whole: true, level }));
    arrow.rows.push(row);
    arrow.references += row.sites.length;
    arrow.in_cycle ||= in_cycle;
    if (known.cuts.has(pair(row.from, row.to))) arrow.cut = true;
    else arrow.whole = false;
  };
  for (const row of map.module_dependencies) {
    if (opened.has(row.from) || opened.has(row.to)) continue;
    const cycle = known.cycleOf.get(row.from);
    add(standsIn(nodeOfModule.get(row.from)), standsIn(nodeOfModule.get(row.to)), row, cycle !== undefined && cycle === known.cycleOf.get(row.to), "module");
  }
  if (opened.size > 0) {
    for (const row of map.file_dependencies) {
      const from = moduleOfFile(row.from);
      const to = moduleOfFile(row.to);
      if (!opened.has(from) && !opened.has(to)) continue;
      const cycle = known.cycleOfFile.get(row.from);
      const module_cycle = from !== to && known.cycleOf.get(from);
      const in_cycle = (cycle !== undefined && cycle === known.cycleOfFile.get(row.to)) || Boolean(module_cycle && module_cycle === known.cycleOf.get(to));
      const stands = (path, module) => standsIn(nodeOfFile.get(path) || nodeOfModule.get(module));
      add(stands(row.from, from), stands(row.to, to), row, in_cycle, "file");
    }
  }
  return [...arrows.values()].sort((a, b) => b.references - a.references || byName(a.from, b.from) || byName(a.to, b.to));
}

/** Reads and writes of the drawn tables by drawn boxes. */
function tableArrows(tables, standsIn) {
  const arrows = [];
  for (const table of tables) {
    const users = new Map();
    for (const access of known.accessesOf.get(table) || []) {
      const box = standsIn(nodeOfFile.get(access.path) || nodeOfModule.get(access.module));
      if (!box) continue;
      if (!users.has(box.key)) users.set(box.key, { read: 0, write: 0, ddl: 0 });
      users.get(box.key)[access.operation] += 1;
    }
    const rows = [...users].map(([key, counts]) => ({ from: key, to: `t:${table}`, table, counts, writes: counts.write > 0, references: counts.read + counts.write }));
    const writers = rows.filter((row) => row.writes);
    const readers = rows.filter((row) => !row.writes && row.counts.read).sort((a, b) => b.references - a.references || byName(a.from, b.from));
    arrows.push(...writers, ...readers.map((row, place) => ({ ...row, hidden: place >= READERS_DRAWN })));
  }
  const many = arrows.filter((row) => !row.hidden).length > USES_DRAWN;
  return arrows.map((row) => ({ ...row, hidden: row.hidden || (many && !row.writes) }));
}

const strokeOf = (references) => 1 + Math.min(3.2, Math.log2(1 + references) * 0.42);

const overview = {
  id: "overview",
  title: "Overview",
  exports: true,
  /** Layouts by what is open, and the way all of them go. */
  laid: new Map(),
  way: null,

  mount(root) {
    this.surface = new Surface({
      label: "Dependencies between the parts of the application",
      onSelect: (key) => this.pick(key),
      onToggle: (key, open) => this.toggle(key, open),
      onEmpty: () => state.sel.length && select(),
    });
    this.caption = el("p", { class: "caption", role: "status" });
    const legend = el("ul", { class: "legend", "aria-label": "What the lines mean" },
      ["plain needs", "cycle needs, in a cycle", "cut cheapest to cut", "write writes a table", "read reads a table"].map((entry) => {
        const [kind, ...words] = entry.split(" ");
        const line = svg("svg", { width: 34, height: 10, "aria-hidden": "true", class: `arrow ${kind === "cut" ? "cycle cut" : kind}` }, svg("path", { class: "line", d: "M1 5H33", "stroke-width": kind === "plain" || kind === "read" ? 1.6 : 2.4 }));
        return el("li", {}, line, words.join(" "));
      }));
    const tools = el("div", { class: "tools", role: "toolbar", "aria-label": "Drawing" },
      tool("−", "Smaller", () => this.surface.zoom(1 / 1.25)), tool("+", "Larger", () => this.surface.zoom(1.25)),
      tool("Fit", "Fit the drawing into the window", () => this.surface.fit()),
      tool("Start over", "Close and open everything as it was at first", () => go({ open: [], shut: [] })));
    const drawing = el("div", { class: "drawing" }, this.surface.element, el("div", { class: "under" }, tools, this.caption, legend));
    fill(root, [topTen(), drawing]);
  },

  pick(key) {
    const one = nodes.get(key);
    if (key.startsWith("t:")) select("table", key.slice(2));
    else if (one.kind === "module") select("module", one.label);
    else if (one.kind === "file") select("file", one.file.path);
    else select("group", key);
  },

  toggle(key, wanted) {
    const one = nodes.get(key);
    if (!one || !canOpen(one)) {
      if (one && wanted === false && one.parent?.kind !== "root") this.toggle(one.parent.key, false);
      return;
    }
    const open = new Set(state.open || []);
    const shut = new Set(state.shut || []);
    const is_open = this.opened.has(key);
    if (wanted === is_open) return wanted ? undefined : this.toggle(one.parent?.key ?? "", false);
    if (is_open) {
      open.delete(key);
      if (this.first.has(key)) shut.add(key);
    } else {
      shut.delete(key);
      if (!this.first.has(key)) open.add(key);
    }
    announce(`${one.label} ${is_open ? "closed" : "opened"}`);
    go({ open: [...open], shut: [...shut] });
  },

  /** The key of what is selected, in the drawing. */
  selectedKey() {
    const [kind, name] = state.sel;
    return { module: `m:${name}`, file: `f:${name}`, group: name, table: `t:${name}` }[kind];
  },

  update() {
    const open = new Set(state.open || []);
    const selected = this.selectedKey();
    // What a link points at is opened until it can be seen.
    if (state.sel[0] === "file" && known.file.has(state.sel[1])) {
      const home = nodeOfModule.get(moduleOfFile(state.sel[1]));
      if (home && open.has(home.key)) partsOf(home);
    }
    const tables = worstTables(TABLES_DRAWN);
    if (state.sel[0] === "table" && known.table.has(state.sel[1]) && !tables.includes(state.sel[1])) tables.push(state.sel[1]);
    const scene = JSON.stringify([state.open, state.shut, tables]);
    if (scene !== this.scene || !this.surface.width) this.compose(open, tables);
    this.scene = scene;
    this.mark(selected);
  },

  compose(open, tables) {
    const room = MOST_BOXES - Math.min(TABLES_DRAWN, worstTables(TABLES_DRAWN).length);
    this.first = openedFirst(room);
    const drawn = boxesDrawn(room, open, new Set(state.shut || []));
    this.opened = new Set(drawn.frames.map((frame) => frame.node.key));
    const modules_open = new Set(drawn.frames.filter((frame) => frame.node.kind === "module").map((frame) => frame.node.label));
    const arrows = arrowsBetween(drawn.standsIn, modules_open);
    const links = tableArrows(tables, drawn.standsIn);
    const circling = new Set(arrows.filter((arrow) => arrow.in_cycle).flatMap((arrow) => [arrow.from, arrow.to]));
    const boxes = drawn.boxes.map(({ node: one, frame }) => ({ ...this.box(one, circling.has(one.key)), frame: frame?.node.key })).concat(tables.map((table) => this.tableBox(table)));
    const frames = drawn.frames.map(({ node: one, frame }) => ({ key: one.key, parent: frame?.node.key, title: one.label }));
    this.chosen = chosenArrows(arrows, boxes.length);
    const writes = links.filter((row) => !row.hidden);
    const parts = boxes.slice(0, drawn.boxes.length);
    const layout = this.bestLayout(parts, frames, boxes.slice(drawn.boxes.length), links);
    Object.assign(this, { arrows, links, layout });
    const hands = { toggle: (key) => this.toggle(key), select: (key) => this.pick(key) };
    const placed = boxes.map((box) => ({ key: box.key, ...layout.place.get(box.key), element: boxElement(box, layout.place.get(box.key), hands) }));
    const drawn_arrows = this.chosen.map((arrow) => this.arrow(arrow)).concat(writes.map((row) => this.tableArrow(row)));
    const outer = (frame) => ({ element: frameElement(frame, layout.place.get(frame.key), hands) });
    this.surface.show({ boxes: placed, frames: frames.map(outer), arrows: drawn_arrows, width: layout.width, height: layout.height });
    const more = arrows.length - this.chosen.length;
    this.caption.textContent = `${count(drawn.boxes.length, "box")}, ${count(tables.length, "table")}. ` +
      (more > 0 ? `${number(this.chosen.length)} of ${number(arrows.length)} dependencies are drawn: cycles and the heaviest. Select a box to see all of its own.` : `${count(arrows.length, "dependency")}.`);
    this.surface.fit();
  },

  /** The layout of the boxes as they are opened now, with the tables beside it; what was laid out once is not again. */
  bestLayout(parts, frames, tables, links) {
    const key = JSON.stringify([state.open, state.shut]);
    let laid = this.laid.get(key);
    if (!laid) {
      laid = this.layOut(parts, frames);
      if (this.laid.size > 30) this.laid.clear();
      this.laid.set(key, laid);
    }
    const layout = { ...laid, place: new Map(laid.place) };
    besides(layout, tables, links);
    return layout;
  },

  /** The first layout is the one that can be read best in this window: how many arrows lay it out, and which way, makes
   * the difference. Later ones go the same way, so that the drawing stays what it was. */
  layOut(parts, frames) {
    const { width, height } = this.surface.size();
    let best = null;
    for (const way of this.way ? [this.way] : LAYOUTS) {
      const arrows = this.chosen.filter((arrow) => arrow.place <= way[0]).map((arrow) => ({ ...arrow, back: arrow.cut && arrow.whole }));
      const layout = laidOut(parts, frames, arrows, way[1]);
      layout.scale = Math.min(1, width / (layout.width + TABLES_WIDTH), height / layout.height);
      if (!best || layout.scale > best.scale * 1.05) best = { ...layout, way };
      if (best.scale > 0.85) break;
    }
    this.way = best.way;
    return best;
  },

  box(one, circling) {
    const kinds = { module: "module", file: "file", group: "folder", more: "more parts" };
    const sub = one.kind === "file" ? `${roughly(one.lines)} lines` : `${count(one.files, "file")}, ${roughly(one.lines)} lines`;
    const cycle = one.kind === "module" ? known.cycleOf.get(one.label) : one.kind === "file" ? known.cycleOfFile.get(one.file.path) : null;
    const title = one.kind === "more" ? `${one.label}…` : one.label;
    const said = `${one.path && one.kind !== "module" ? one.path : one.label}: ${kinds[one.kind]}, ${sub}${cycle ? `, in a cycle of ${cycle.members.length}` : ""}`;
    return { key: one.key, title, sub, said, can_open: canOpen(one), shape: one.kind === "file" ? "file" : one.kind, kind: cycle || circling ? "in-cycle" : "", ...boxSize(title, sub, canOpen(one)) };
  },

  tableBox(table) {
    const row = known.shared.get(table);
    const users = usersOf(table);
    const writers = [...users.values()].filter((counts) => counts.write).length;
    const sub = `${count(writers, "writer")}, ${count(users.size, "user")}`;
    const said = `${table}: table, written by ${count(writers, "module")}, used by ${users.size}${known.godTable.has(table) ? ", a god table" : ""}${row ? "" : ""}`;
    const size = boxSize(table, sub, false);
    return { key: `t:${table}`, title: table, sub, said, shape: "table", kind: known.godTable.has(table) ? "god" : "", w: size.w, h: size.h + 8 };
  },

  arrow(arrow, extra) {
    const points = extra ? direct(this.layout.place.get(arrow.from), this.layout.place.get(arrow.to)) : this.layout.points(arrow) || direct(this.layout.place.get(arrow.from), this.layout.place.get(arrow.to));
    const names = [arrow.from, arrow.to].map((key) => nodes.get(key).label);
    const said = `${names[0]} needs ${names[1]}: ${count(arrow.references, "reference")}${arrow.in_cycle ? ", in a cycle" : ""}${arrow.cut ? ", on the cheapest cut" : ""}`;
    const shown = { ...arrow, kind: arrow.in_cycle ? "cycle" : "plain", width: strokeOf(arrow.references), said, extra, label: arrow.cut && !extra ? "cut" : null };
    return { from: arrow.from, to: arrow.to, element: arrowElement(shown, points, () => this.pickArrow(arrow)) };
  },

  tableArrow(row, extra) {
    const points = (!extra && this.layout.points(row)) || direct(this.layout.place.get(row.from), this.layout.place.get(row.to));
    const said = `${nodes.get(row.from).label}: ${count(row.counts.write, "write")} and ${count(row.counts.read, "read")} of ${row.table}`;
    const shown = { ...row, kind: row.writes ? "write" : "read", width: row.writes ? 1.8 : 1.2, said, extra };
    return { from: row.from, to: row.to, element: arrowElement(shown, points, () => this.pick(row.to)) };
  },

  pickArrow(arrow) {
    if (arrow.rows.length === 1) select(arrow.level === "file" ? "filedep" : "dep", arrow.rows[0].from, arrow.rows[0].to);
    else select("boxes", arrow.from, arrow.to);
  },

  /** The selected box with all of its arrows; everything else steps back. */
  mark(selected) {
    const world = this.surface.world;
    world.querySelectorAll(".extra").forEach((old) => old.remove());
    world.querySelectorAll(".near, .far, .selected").forEach((old) => old.classList.remove("near", "far", "selected"));
    let pairs = null;
    if (state.sel[0] === "dep") pairs = new Set(["module", "module"].map((_, side) => this.drawnKey(nodeOfModule.get(state.sel[side + 1]))));
    if (state.sel[0] === "boxes") pairs = new Set(state.sel.slice(1));
    if (state.sel[0] === "cycle") pairs = new Set((known.cycle.get(state.sel[1])?.members || []).map((member) => this.drawnKey(nodeOfModule.get(member) || nodeOfFile.get(member))));
    this.surface.near = null;
    if (!pairs && !(selected && this.surface.boxes.has(selected))) return;
    const near = new Set(pairs || [selected]);
    if (!pairs) {
      const drawn = new Set([...this.chosen.map((arrow) => pair(arrow.from, arrow.to)), ...this.links.filter((row) => !row.hidden).map((row) => pair(row.from, row.to))]);
      const holder = world.querySelector(".arrows");
      const touches = (row) => row.from === selected || row.to === selected;
      for (const arrow of this.arrows.filter(touches)) if (!drawn.has(pair(arrow.from, arrow.to))) holder.append(this.arrow(arrow, true).element);
      for (const row of this.links.filter(touches)) if (!drawn.has(pair(row.from, row.to))) holder.append(this.tableArrow(row, true).element);
    }
    for (const element of world.querySelectorAll(".arrow")) {
      const [from, to] = element.dataset.arrow.split("\n");
      const touched = pairs ? pairs.has(from) && pairs.has(to) : from === selected || to === selected;
      element.classList.add(touched ? "near" : "far");
      if (touched && !pairs) near.add(from).add(to);
    }
    for (const box of this.surface.boxes.values()) {
      box.element.classList.add(near.has(box.key) ? "near" : "far");
      if (box.key === selected) box.element.classList.add("selected");
    }
    this.surface.revealAll(near);
  },

  drawnKey(one) {
    for (let at = one; at; at = at.parent) if (this.surface.boxes.has(at.key)) return at.key;
    return "";
  },
};

/** Tables stand in a column at the right, each near those that write it. */
function besides(layout, tables, links) {
  if (tables.length === 0) return;
  const height = (table) => {
    const users = links.filter((row) => row.to === table.key && layout.place.has(row.from));
    const written = users.filter((row) => row.writes);
    const rows = written.length ? written : users;
    return rows.reduce((sum, row) => sum + layout.place.get(row.from).y, 0) / Math.max(1, rows.length);
  };
  const sorted = tables.map((table) => [height(table), table]).sort((a, b) => a[0] - b[0] || byName(a[1].key, b[1].key));
  const step = Math.max(tables[0].h + 16, Math.min(110, layout.height / tables.length));
  const widest = Math.max(...tables.map((table) => table.w));
  const x = layout.width + 70 + widest / 2;
  const middle = Math.max(layout.height, step * tables.length) / 2;
  sorted.forEach(([, table], at) => layout.place.set(table.key, { x, y: middle + (at - (tables.length - 1) / 2) * step, width: table.w, height: table.h }));
  layout.width += widest + 94;
  layout.height = Math.max(layout.height, step * tables.length);
}

/** The arrows to draw: all that a cheapest cut names, and for each box its heaviest few. */
function chosenArrows(arrows, boxes) {
  const used = new Map();
  const more = (key) => {
    used.set(key, (used.get(key) || 0) + 1);
    return used.get(key);
  };
  const few = arrows.length <= boxes * 2;
  for (const arrow of arrows) {
    const place = more(arrow.from);
    arrow.place = place;
    arrow.drawn = few || place <= ARROWS_EACH;
  }
  return arrows.filter((arrow) => arrow.drawn);
}
