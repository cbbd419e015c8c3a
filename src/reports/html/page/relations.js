// Tables and the keys between them; keys that nobody declared are drawn dashed, with how sure they are.

/** So many tables are drawn at most. */
const MOST_TABLES = 24;
/** So many columns of a table are shown unless all are wanted. */
const MOST_COLUMNS = 6;

/** Tables by what refers to them. */
function tableNeighbours() {
  const near = new Map(map.tables.map((table) => [table.name, new Set()]));
  for (const table of map.tables) {
    for (const key of table.foreign_keys) {
      if (!near.has(key.to_table) || key.to_table === table.name) continue;
      near.get(table.name).add(key.to_table);
      near.get(key.to_table).add(table.name);
    }
  }
  return near;
}

const relations = {
  id: "relations",
  title: "Relations",
  exports: true,

  mount(root) {
    this.near ??= tableNeighbours();
    this.surface = new Surface({ label: "Tables and the keys between them", onSelect: (key) => select("table", key), onToggle: (key, open) => open && go({ focus: key, of: "" }), onEmpty: () => state.sel.length && select() });
    const modules = [...new Set(map.tables.map((table) => table.module))].sort(byName);
    this.of = el("select", { "aria-label": "Tables of which module", change: () => go({ of: this.of.value, focus: "" }) }, el("option", { value: "" }, "Most connected tables"), modules.map((module) => el("option", { value: module }, plain(module))));
    this.columns = el("select", { "aria-label": "Which columns", change: () => go({ columns: this.columns.value }) }, [["", "Keys only"], ["all", "All columns"], ["none", "No columns"]].map(([value, text]) => el("option", { value }, text)));
    this.caption = el("p", { class: "caption", role: "status" });
    const legend = el("ul", { class: "legend" }, [["declared", "declared key"], ["inferred", "key nobody declared"]].map(([kind, text]) => el("li", {}, svg("svg", { width: 34, height: 10, "aria-hidden": "true", class: `arrow ${kind}` }, svg("path", { class: "line", d: "M1 5H33", "stroke-width": 1.8 })), text)));
    fill(root, [el("div", { class: "bar" }, el("h1", {}, "How tables hang together"), this.of, this.columns),
      el("div", { class: "drawing" }, this.surface.element, el("div", { class: "under" }, el("div", { class: "tools", role: "toolbar", "aria-label": "Drawing" }, tool("−", "Smaller", () => this.surface.zoom(0.8)), tool("+", "Larger", () => this.surface.zoom(1.25)), tool("Fit", "Fit the drawing into the window", () => this.surface.fit())), this.caption, legend))]);
    this.scene = null;
  },

  /** The tables to draw: around one, of a module with what they refer to, or the most connected. */
  chosen() {
    const degree = (table) => this.near.get(table).size;
    const most = (names) => [...names].sort((a, b) => degree(b) - degree(a) || byName(a, b));
    if (known.table.has(state.focus)) {
      const around = most(this.near.get(state.focus));
      return { names: [state.focus, ...around.slice(0, MOST_TABLES - 1)], all: around.length + 1, what: `${state.focus} and its neighbours` };
    }
    const own = map.tables.filter((table) => !state.of || table.module === state.of).map((table) => table.name);
    const linked = own.filter((table) => degree(table) > 0);
    const names = most(linked.length ? linked : own).slice(0, MOST_TABLES);
    return { names, all: own.length, what: state.of ? `tables of ${state.of}` : "tables, the most connected" };
  },

  update() {
    this.of.value = state.of || "";
    this.columns.value = state.columns || "";
    const scene = JSON.stringify([state.focus, state.of, state.columns]);
    if (scene !== this.scene) this.compose();
    this.scene = scene;
    const selected = state.sel[0] === "table" ? state.sel[1] : null;
    this.surface.near = null;
    if (selected && this.surface.boxes.has(selected)) this.surface.revealAll([selected, ...this.near.get(selected)]);
    for (const box of this.surface.boxes.values()) box.element.classList.toggle("selected", box.key === selected);
    for (const arrow of this.surface.world.querySelectorAll(".arrow")) {
      const ends = arrow.dataset.arrow.split("\n");
      arrow.classList.toggle("near", Boolean(selected) && ends.includes(selected));
      arrow.classList.toggle("far", Boolean(selected) && this.surface.boxes.has(selected) && !ends.includes(selected));
    }
  },

  compose() {
    const { names, all, what } = this.chosen();
    const there = new Set(names);
    const keys = names.flatMap((table) => known.table.get(table).foreign_keys.filter((key) => there.has(key.to_table)).map((key) => ({ from: table, to: key.to_table, key })));
    const boxes = names.map((table) => this.size(table));
    const { width, height } = this.surface.size();
    const scale = (tried) => Math.min(1, width / tried.width, height / tried.height);
    const [across, down] = ["LR", "TB"].map((direction) => laidOut(boxes, [], keys, direction));
    const layout = scale(down) > scale(across) ? down : across;
    const placed = boxes.map((box) => ({ key: box.key, ...layout.place.get(box.key), element: this.box(box, layout.place.get(box.key)) }));
    const arrows = keys.map((row) => this.arrow(row, layout));
    this.surface.show({ boxes: placed, frames: [], arrows, width: layout.width, height: layout.height });
    const inferred = keys.filter((row) => row.key.basis === "inferred").length;
    this.caption.textContent = `${number(names.length)} of ${number(all)} ${plain(what)}; ${count(keys.length, "key")}, ${number(inferred)} of them inferred. Space shows the neighbours of a table.`;
    this.surface.fit();
  },

  shownColumns(table) {
    const row = known.table.get(table);
    if (state.columns === "none") return [];
    if (state.columns === "all") return row.columns.map((column) => column.name);
    const keys = new Set([...row.primary_key, ...row.foreign_keys.flatMap((key) => key.columns)]);
    return [...keys].slice(0, MOST_COLUMNS);
  },

  size(table) {
    const columns = this.shownColumns(table);
    const widest = Math.max(textWidth(table, 13, true), ...columns.map((column) => textWidth(this.columnText(table, column), 11)));
    return { key: table, columns, w: Math.min(260, Math.ceil(widest) + 26), h: 28 + columns.length * 16 + (columns.length ? 6 : 0) };
  },

  columnText(table, column) {
    const row = known.table.get(table);
    const marks = [row.primary_key.includes(column) && "PK", row.foreign_keys.some((key) => key.columns.includes(column)) && "FK"].filter(Boolean).join(" ");
    return marks ? `${column}  ${marks}` : column;
  },

  box(box, place) {
    const { key, w, h, columns } = box;
    const row = known.table.get(key);
    const said = `${key}: table of ${row.module}, ${count(row.columns.length, "column")}, ${count(row.foreign_keys.length, "key")}`;
    return svg("g", { class: `box entity ${known.godTable.has(key) ? "god" : ""}`, "data-key": key, role: "button", transform: `translate(${(place.x - w / 2).toFixed(1)} ${(place.y - h / 2).toFixed(1)})`, click: () => select("table", key), dblclick: () => go({ focus: key, of: "" }) },
      svg("title", {}, plain(said)), svg("rect", { class: "outline", width: w, height: h, rx: 4 }), columns.length > 0 && svg("path", { class: "lid", d: `M0 27H${w}` }),
      svg("text", { class: "title", x: 10, y: 19 }, plain(cutTo(key, w - 18, 13, true))),
      columns.map((column, at) => svg("text", { class: "sub", x: 10, y: 43 + at * 16 }, plain(cutTo(this.columnText(key, column), w - 18, 11)))));
  },

  arrow({ from, to: target, key }, layout) {
    const own = layout.place.get(from);
    const loop = from === target && [{ x: own.x + own.width / 2, y: own.y - 8 }, { x: own.x + own.width / 2 + 34, y: own.y - 22 }, { x: own.x + own.width / 2 + 34, y: own.y + 22 }, { x: own.x + own.width / 2, y: own.y + 8 }];
    const points = loop || layout.points({ from, to: target }) || direct(own, layout.place.get(target));
    const inferred = key.basis === "inferred";
    const said = `${from}.${key.columns.join(", ")} refers to ${target}: ${inferred ? `inferred, ${percent(key.confidence)} sure` : key.basis}`;
    const made = arrowElement({ from, to: target, kind: inferred ? "inferred" : "declared", width: 1.5, said, label: inferred ? percent(key.confidence) : null }, points, () => select("table", from));
    return { element: made };
  },
};
