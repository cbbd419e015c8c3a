// A drawing of boxes and arrows: layout, panning, zooming, keyboard, and what one can do with a box.

const measuring = document.createElement("canvas").getContext("2d");
/** The font of labels in drawings; the same in exports. */
const FONT = "system-ui, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', sans-serif";

function textWidth(text, size, bold) {
  measuring.font = `${bold ? "600 " : ""}${size}px ${FONT}`;
  return measuring.measureText(text).width;
}

/** A text cut in the middle to a width. */
function cutTo(text, width, size, bold) {
  if (textWidth(text, size, bold) <= width) return text;
  const letters = [...text];
  let keep = letters.length - 1;
  for (; keep > 4; keep--) {
    const tried = letters.slice(0, Math.ceil(keep * 0.6)).join("") + "…" + letters.slice(letters.length - Math.floor(keep * 0.4)).join("");
    if (textWidth(tried, size, bold) <= width) return tried;
  }
  return letters.slice(0, 4).join("") + "…";
}

/**
 * Places boxes in layers. Boxes are {key, w, h, frame}, frames {key, parent}, arrows {from, to, back}; an arrow that goes
 * back (the cheapest cut says which) is turned round for the layout, so that circles do not stretch it.
 */
function laidOut(boxes, frames, arrows, direction) {
  const graph = new dagre.graphlib.Graph({ compound: frames.length > 0, multigraph: false });
  // The library keeps its nodes in plain objects, where a table called __proto__ would be no entry.
  const id = (key) => `n:${key}`;
  // A tight tree ranks nearly as well as network simplex here, and opening a box stays below the 100 ms that feel immediate.
  graph.setGraph({ rankdir: direction, nodesep: 14, ranksep: 40, edgesep: 6, marginx: 24, marginy: 24, ranker: "tight-tree" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const frame of frames) graph.setNode(id(frame.key), {});
  for (const box of boxes) graph.setNode(id(box.key), { width: box.w, height: box.h });
  for (const frame of frames) if (frame.parent) graph.setParent(id(frame.key), id(frame.parent));
  for (const box of boxes) if (box.frame) graph.setParent(id(box.key), id(box.frame));
  for (const arrow of [...arrows, ...stacked(boxes, arrows)]) {
    const [from, to] = arrow.back ? [id(arrow.to), id(arrow.from)] : [id(arrow.from), id(arrow.to)];
    if (from !== to && !graph.hasEdge(from, to) && !graph.hasEdge(to, from)) graph.setEdge(from, to, { weight: 1 });
  }
  dagre.layout(graph);
  const place = new Map([...frames, ...boxes].map(({ key }) => [key, graph.node(id(key))]));
  const points = (arrow) => {
    const forth = graph.edge(id(arrow.from), id(arrow.to));
    if (forth && forth.points) return forth.points;
    const back = graph.edge(id(arrow.to), id(arrow.from));
    return back && back.points ? [...back.points].reverse() : null;
  };
  const { width, height } = graph.graph();
  framed(boxes, frames, place);
  return { place, points, width, height };
}

/** Frames anew around what they hold, with room for their names; the layout leaves none. */
function framed(boxes, frames, place) {
  const hold = (key) => [...boxes.filter((box) => box.frame === key), ...frames.filter((frame) => frame.parent === key)].map((one) => place.get(one.key));
  for (const frame of [...frames].reverse()) {
    const inner = hold(frame.key);
    const left = Math.min(...inner.map((one) => one.x - one.width / 2)) - 10;
    const right = Math.max(...inner.map((one) => one.x + one.width / 2)) + 10;
    const top = Math.min(...inner.map((one) => one.y - one.height / 2)) - 22;
    const bottom = Math.max(...inner.map((one) => one.y + one.height / 2)) + 10;
    Object.assign(place.get(frame.key), { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top });
  }
}

/** Boxes that nothing ties to others stand below each other, a few in a column, instead of side by side in one long row. */
function stacked(boxes, arrows) {
  const tied = new Set(arrows.flatMap((arrow) => [arrow.from, arrow.to]));
  const loose = grouped(boxes.filter((box) => !tied.has(box.key)), (box) => box.frame);
  const chains = [];
  for (const column of loose.values()) {
    for (let at = 1; at < column.length; at++) if (at % 5) chains.push({ from: column[at - 1].key, to: column[at].key });
  }
  return chains;
}

/** Where the line from a box's middle towards a point leaves the box. */
function borderPoint(box, towards) {
  const dx = towards.x - box.x;
  const dy = towards.y - box.y;
  if (!dx && !dy) return { x: box.x, y: box.y };
  const scale = Math.min(dx ? box.width / 2 / Math.abs(dx) : Infinity, dy ? box.height / 2 / Math.abs(dy) : Infinity);
  return { x: box.x + dx * scale, y: box.y + dy * scale };
}

/** A smooth line through points. */
function curve(points) {
  const p = points.map((one) => `${one.x.toFixed(1)} ${one.y.toFixed(1)}`);
  if (p.length < 3) return `M${p.join("L")}`;
  let path = `M${p[0]}`;
  for (let at = 1; at < p.length - 1; at++) {
    const last = at === p.length - 2;
    const end = last ? points[at + 1] : { x: (points[at].x + points[at + 1].x) / 2, y: (points[at].y + points[at + 1].y) / 2 };
    path += `Q${p[at]} ${end.x.toFixed(1)} ${end.y.toFixed(1)}`;
  }
  return path;
}

/** A direct arrow between two placed boxes, bent a little so that both ways can be told apart. */
function direct(from, to) {
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const bend = 0.12;
  const via = { x: middle.x - (to.y - from.y) * bend, y: middle.y + (to.x - from.x) * bend };
  return [borderPoint(from, via), via, borderPoint(to, via)];
}

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A surface that shows a scene, with pan and zoom. */
class Surface {
  constructor({ label, onSelect, onToggle, onEmpty }) {
    Object.assign(this, { onSelect, onToggle, onEmpty });
    this.world = svg("g", { class: "world" });
    const markers = ["plain", "cycle", "write", "read", "declared", "inferred"].map((kind) =>
      svg("marker", { id: `head-${kind}`, class: `head ${kind}`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse", markerUnits: "userSpaceOnUse" },
        svg("path", { d: "M0 1L10 5L0 9z" })));
    this.element = svg("svg", { class: "surface", role: "group", "aria-label": label }, svg("defs", {}, markers), this.world);
    this.view = { x: 0, y: 0, scale: 1 };
    this.boxes = new Map();
    this.touched = false;
    new ResizeObserver(() => this.resized()).observe(this.element);
    this.listen();
  }

  listen() {
    const element = this.element;
    let from = null;
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = { x: event.clientX, y: event.clientY, vx: this.view.x, vy: this.view.y, moved: false };
    });
    element.addEventListener("pointermove", (event) => {
      if (!from) return;
      const dx = event.clientX - from.x;
      const dy = event.clientY - from.y;
      if (!from.moved && Math.hypot(dx, dy) < 4) return;
      if (!from.moved) element.setPointerCapture(event.pointerId);
      from.moved = this.touched = true;
      element.classList.add("dragging");
      Object.assign(this.view, { x: from.vx + dx, y: from.vy + dy });
      this.move();
    });
    const end = (event) => {
      element.classList.remove("dragging");
      if (from && !from.moved && event.type === "pointerup" && !event.target.closest("[data-key],[data-arrow]") && this.onEmpty) this.onEmpty();
      from = null;
    };
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
    element.addEventListener("wheel", (event) => {
      event.preventDefault();
      const frame = element.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), event.clientX - frame.left, event.clientY - frame.top);
    }, { passive: false });
    element.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in MOVES) this.step(key, MOVES[event.key]);
    else if (event.key === "Enter") this.onSelect(key);
    else if (event.key === " " || event.key === "+") this.onToggle && this.onToggle(key, true);
    else if (event.key === "-" || event.key === "Backspace") this.onToggle && this.onToggle(key, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Focus goes to the nearest box in a direction. */
  step(key, [dx, dy]) {
    const here = this.boxes.get(key);
    let best = null;
    for (const box of this.boxes.values()) {
      const along = (box.x - here.x) * dx + (box.y - here.y) * dy;
      const aside = Math.abs((box.x - here.x) * dy) + Math.abs((box.y - here.y) * dx);
      if (along <= 4) continue;
      const cost = along + aside * 2;
      if (!best || cost < best.cost) best = { box, cost };
    }
    if (best) this.focus(best.box.key);
  }

  focus(key) {
    const box = this.boxes.get(key);
    if (!box) return;
    for (const other of this.boxes.values()) other.element.setAttribute("tabindex", other === box ? 0 : -1);
    box.element.focus({ preventScroll: true });
    this.reveal(box);
  }

  reveal(box) {
    const { x, y, scale } = this.view;
    const { width, height } = this.size();
    const left = box.x * scale + x - (box.width * scale) / 2;
    const top = box.y * scale + y - (box.height * scale) / 2;
    if (left < 0) this.view.x -= left - 16;
    if (top < 0) this.view.y -= top - 16;
    if (left + box.width * scale > width) this.view.x -= left + box.width * scale - width + 16;
    if (top + box.height * scale > height) this.view.y -= top + box.height * scale - height + 16;
    this.move();
  }

  size() {
    const { clientWidth, clientHeight } = this.element;
    return { width: clientWidth || 800, height: clientHeight || 600 };
  }

  zoom(factor, x, y) {
    this.touched = true;
    const size = this.size();
    const cx = x ?? size.width / 2;
    const cy = y ?? size.height / 2;
    const scale = Math.max(0.08, Math.min(4, this.view.scale * factor));
    const by = scale / this.view.scale;
    this.view = { scale, x: cx - (cx - this.view.x) * by, y: cy - (cy - this.view.y) * by };
    this.move();
  }

  /** Room has changed. What is looked at stays as large as it is; only an untouched drawing fits itself anew. */
  resized() {
    if (!this.width) return;
    if (!this.touched && state.sel.length === 0) this.fit();
    else if (this.near) this.revealAll(this.near);
  }

  /** Moves, and shrinks where it must, until all of some boxes are in sight. */
  revealAll(keys) {
    this.near = keys;
    const boxes = [...keys].map((key) => this.boxes.get(key)).filter(Boolean);
    if (boxes.length === 0) return;
    const edge = (sign, side, length) => boxes.map((box) => box[side] + (sign * box[length]) / 2);
    const left = Math.min(...edge(-1, "x", "width"));
    const right = Math.max(...edge(1, "x", "width"));
    const top = Math.min(...edge(-1, "y", "height"));
    const bottom = Math.max(...edge(1, "y", "height"));
    const { width, height } = this.size();
    const room = 20;
    const scale = Math.min(this.view.scale, (width - 2 * room) / (right - left), (height - 2 * room) / (bottom - top));
    const middle = { x: (width / 2 - this.view.x) / this.view.scale, y: (height / 2 - this.view.y) / this.view.scale };
    const x = width / 2 - middle.x * scale;
    const y = height / 2 - middle.y * scale;
    const within = (at, low, high, length) => Math.max(room - low * scale, Math.min(length - room - high * scale, at));
    this.view = { scale, x: within(x, left, right, width), y: within(y, top, bottom, height) };
    this.move();
  }

  fit() {
    this.touched = false;
    const { width, height } = this.size();
    const scale = Math.max(0.08, Math.min(1.15, width / this.width, height / this.height));
    this.view = { scale, x: (width - this.width * scale) / 2, y: Math.max(0, (height - this.height * scale) / 2) };
    this.move();
  }

  move() {
    const { x, y, scale } = this.view;
    this.world.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(4)})`);
  }

  /** Shows boxes (placed, with their elements), frames and arrows. */
  show({ boxes, frames, arrows, width, height }) {
    Object.assign(this, { width, height });
    const focused = document.activeElement?.closest?.("[data-key]")?.dataset.key;
    const inside = this.element.contains(document.activeElement);
    this.boxes = new Map(boxes.map((box) => [box.key, box]));
    const layer = (kind, elements) => svg("g", { class: kind }, elements);
    this.world.replaceChildren(
      layer("frames", frames.map((frame) => frame.element)),
      layer("arrows", arrows.map((arrow) => arrow.element)),
      layer("boxes", boxes.map((box) => box.element)),
    );
    for (const box of boxes) box.element.setAttribute("tabindex", -1);
    const first = boxes.find((box) => box.key === focused) || boxes[0];
    if (first) first.element.setAttribute("tabindex", 0);
    if (inside && first) first.element.focus({ preventScroll: true });
  }
}
