// A matrix of any size on a canvas: only the cells in sight are drawn.

/** The colours of the page, as they are now. */
function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return { paper: of("--paper"), ink: of("--ink"), soft: of("--soft"), rule: of("--rule"), shade: of("--shade"), accent: of("--accent"), cycle: of("--cycle"), write: of("--write"), read: of("--read"), block: of("--block") };
}

/**
 * `rows` and `columns` are names; `cells[row]` is a Map from column to a value; `paint(context, value, x, y, size,
 * colours)` draws one; `said(row, column, value)` tells it; `pick(row, column, value)` opens it. `blocks` are squares on
 * the diagonal: {from, size}.
 */
class Matrix {
  constructor(options) {
    Object.assign(this, { size: 18, hover: null, active: null, ...options });
    this.canvas = el("canvas", { class: "matrix-canvas", "aria-hidden": "true" });
    this.space = el("div", { class: "matrix-space", "aria-hidden": "true" });
    this.scroller = el("div", { class: "matrix-scroller", tabindex: 0, role: "application", "aria-roledescription": "matrix", "aria-label": options.label }, this.canvas, this.space);
    this.status = el("p", { class: "caption", role: "status" });
    this.element = el("div", { class: "matrix" }, this.scroller, el("div", { class: "under" }, el("div", { class: "tools", role: "toolbar", "aria-label": "Matrix" }, tool("−", "Smaller cells", () => this.resize(this.size - 3)), tool("+", "Larger cells", () => this.resize(this.size + 3)), tool("Fit", "All of it at once", () => this.resize(this.fitting()))), this.status, options.legend));
    this.scroller.addEventListener("scroll", () => this.soon(), { passive: true });
    this.canvas.addEventListener("pointermove", (event) => this.over(this.cellAt(event)));
    this.canvas.addEventListener("pointerleave", () => this.over(null));
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.scroller.addEventListener("keydown", (event) => this.key(event));
    this.scroller.addEventListener("focus", () => { if (!this.active && this.rows.length) this.moveTo(0, 0); });
    this.watch = new ResizeObserver(() => this.soon());
    this.watch.observe(this.scroller);
    this.fitHeads();
  }

  /** Other rows and columns. */
  show(parts) {
    Object.assign(this, parts, { hover: null, active: null });
    this.fitHeads();
    const largest = (this.blocks || []).reduce((most, block) => (block.size > most.size ? block : most), { from: 0, size: 0 });
    const start = Math.max(0, (largest.from - 1) * this.size);
    this.scroller.scrollTo(start, start);
    this.tell(null);
    this.soon();
  }

  fitHeads() {
    const widest = (names) => names.reduce((most, name) => Math.max(most, name.length), 0);
    this.left = Math.min(230, 30 + widest(this.rows) * 6.6);
    this.top = Math.min(170, 26 + widest(this.columns) * 5.4);
    this.space.style.width = `${this.left + this.columns.length * this.size + 40}px`;
    this.space.style.height = `${this.top + this.rows.length * this.size + 10}px`;
  }

  /** The size of cells with which everything is in sight. */
  fitting() {
    const { clientWidth, clientHeight } = this.scroller;
    return Math.min((clientWidth - this.left) / this.columns.length, (clientHeight - this.top) / this.rows.length);
  }

  resize(size) {
    this.size = Math.max(1, Math.min(36, size > 3 ? Math.floor(size) : size));
    this.fitHeads();
    this.soon();
  }

  soon() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      if (this.scroller.isConnected) this.draw();
    });
  }

  cellAt(event) {
    const frame = this.canvas.getBoundingClientRect();
    const x = event.clientX - frame.left;
    const y = event.clientY - frame.top;
    const column = x < this.left ? -1 : Math.floor((x - this.left + this.scroller.scrollLeft) / this.size);
    const row = y < this.top ? -1 : Math.floor((y - this.top + this.scroller.scrollTop) / this.size);
    if (row >= this.rows.length || column >= this.columns.length || (row < 0 && column < 0)) return null;
    return { row, column };
  }

  over(cell) {
    if (cell?.row === this.hover?.row && cell?.column === this.hover?.column) return;
    this.hover = cell;
    this.tell(cell || this.active);
    this.soon();
  }

  tell(cell) {
    if (!cell) return void (this.status.textContent = this.hint || "");
    const value = cell.row >= 0 && cell.column >= 0 ? this.cells[cell.row].get(cell.column) : undefined;
    this.status.textContent = plain(cell.row < 0 ? this.columns[cell.column] : cell.column < 0 ? this.rows[cell.row] : this.said(cell.row, cell.column, value));
  }

  click(event) {
    const cell = this.cellAt(event);
    if (!cell) return;
    this.active = cell.row >= 0 && cell.column >= 0 ? cell : this.active;
    this.open(cell);
    this.soon();
  }

  open({ row, column }) {
    if (row < 0) this.pickColumn(column);
    else if (column < 0) this.pickRow(row);
    else if (this.cells[row].has(column)) this.pick(row, column);
  }

  key(event) {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], PageUp: [-20, 0], PageDown: [20, 0] };
    const here = this.active || { row: 0, column: 0 };
    if (event.key in steps && !event.ctrlKey && !event.metaKey) this.moveTo(here.row + steps[event.key][0], here.column + steps[event.key][1]);
    else if (event.key === "n" || event.key === "p") this.nextFilled(event.key === "n" ? 1 : -1);
    else if (event.key === "Home") this.moveTo(here.row, 0);
    else if (event.key === "End") this.moveTo(here.row, this.columns.length - 1);
    else if (event.key === "Enter") this.open(here);
    else return;
    event.preventDefault();
  }

  /** The next cell with something in it, row by row. */
  nextFilled(by) {
    const here = this.active || { row: 0, column: -1 };
    for (let row = here.row; row >= 0 && row < this.rows.length; row += by) {
      const columns = [...this.cells[row].keys()].sort((a, b) => (a - b) * by);
      const next = columns.find((column) => row !== here.row || (column - here.column) * by > 0);
      if (next !== undefined) return this.moveTo(row, next);
    }
  }

  moveTo(row, column) {
    if (!this.rows.length || !this.columns.length) return;
    this.active = { row: Math.max(0, Math.min(this.rows.length - 1, row)), column: Math.max(0, Math.min(this.columns.length - 1, column)) };
    const box = this.scroller;
    const x = this.active.column * this.size;
    const y = this.active.row * this.size;
    if (x < box.scrollLeft) box.scrollLeft = x;
    if (y < box.scrollTop) box.scrollTop = y;
    if (x + this.size > box.scrollLeft + box.clientWidth - this.left) box.scrollLeft = x + this.size - box.clientWidth + this.left;
    if (y + this.size > box.scrollTop + box.clientHeight - this.top) box.scrollTop = y + this.size - box.clientHeight + this.top;
    this.tell(this.active);
    this.soon();
  }

  draw() {
    const { scroller, canvas, size, left, top } = this;
    const width = scroller.clientWidth;
    const height = scroller.clientHeight;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.paintAll(context, width, height, scroller.scrollLeft, scroller.scrollTop, colours());
  }

  /** Draws what is in sight of a window onto the matrix; exports use it too. */
  paintAll(context, width, height, sx, sy, tint) {
    const { size, left, top } = this;
    context.fillStyle = tint.paper;
    context.fillRect(0, 0, width, height);
    const c0 = Math.max(0, Math.floor(sx / size));
    const c1 = Math.min(this.columns.length, Math.ceil((sx + width - left) / size));
    const r0 = Math.max(0, Math.floor(sy / size));
    const r1 = Math.min(this.rows.length, Math.ceil((sy + height - top) / size));
    const x = (column) => left + column * size - sx;
    const y = (row) => top + row * size - sy;
    context.save();
    context.beginPath();
    context.rect(left, top, width - left, height - top);
    context.clip();
    this.paintGround(context, tint, { c0, c1, r0, r1, x, y });
    for (let row = r0; row < r1; row++) {
      for (const [column, value] of this.cells[row]) if (column >= c0 && column < c1) this.paint(context, value, x(column), y(row), size, tint);
    }
    this.paintMarks(context, tint, { x, y });
    context.restore();
    this.paintHeads(context, tint, { c0, c1, r0, r1, x, y, width, height });
  }

  paintGround(context, tint, { c0, c1, r0, r1, x, y }) {
    const { size } = this;
    const right = x(c1);
    const bottom = y(r1);
    for (const block of this.blocks || []) {
      context.fillStyle = tint.block;
      context.fillRect(x(block.from), y(block.from), block.size * size, block.size * size);
    }
    context.strokeStyle = tint.rule;
    context.lineWidth = 0.5;
    context.beginPath();
    if (size >= 9) {
      for (let column = c0; column <= c1; column++) { context.moveTo(x(column), y(r0)); context.lineTo(x(column), bottom); }
      for (let row = r0; row <= r1; row++) { context.moveTo(x(c0), y(row)); context.lineTo(right, y(row)); }
    }
    context.stroke();
    if (this.square) {
      context.fillStyle = tint.shade;
      for (let at = Math.max(c0, r0); at < Math.min(c1, r1); at++) context.fillRect(x(at), y(at), size, size);
    }
  }

  paintMarks(context, tint, { x, y }) {
    const { size } = this;
    context.strokeStyle = tint.cycle;
    context.lineWidth = 2;
    for (const block of this.blocks || []) context.strokeRect(x(block.from), y(block.from), block.size * size, block.size * size);
    const cross = this.hover || this.active;
    if (cross) {
      context.fillStyle = tint.accent;
      context.globalAlpha = 0.13;
      if (cross.row >= 0) context.fillRect(0, y(cross.row), 1e5, size);
      if (cross.column >= 0) context.fillRect(x(cross.column), 0, size, 1e5);
      context.globalAlpha = 1;
    }
    if (this.active) {
      context.strokeStyle = tint.accent;
      context.lineWidth = 2;
      context.strokeRect(x(this.active.column) + 1, y(this.active.row) + 1, size - 2, size - 2);
    }
  }

  paintHeads(context, tint, { c0, c1, r0, r1, x, y, width, height }) {
    const { size, left, top } = this;
    const cross = this.hover || this.active;
    const font = Math.max(7, Math.min(12, size - 3));
    context.textBaseline = "middle";
    context.save();
    context.beginPath();
    context.rect(0, top, left, height - top);
    context.clip();
    for (let row = r0; row < r1; row++) {
      if (size < 9 && row % Math.ceil(9 / size)) continue;
      context.fillStyle = cross?.row === row ? tint.accent : tint.ink;
      context.font = `${cross?.row === row ? "600 " : ""}${font}px ${FONT}`;
      context.textAlign = "right";
      context.fillText(cutTo(plain(this.rows[row]), left - 14, font), left - 6, y(row) + size / 2);
    }
    context.restore();
    context.save();
    context.beginPath();
    context.rect(left - 20, 0, width - left + 20, top);
    context.clip();
    for (let column = c0; column < c1; column++) {
      if (size < 9 && column % Math.ceil(9 / size)) continue;
      context.save();
      context.translate(x(column) + size / 2, top - 5);
      context.rotate(-Math.PI / 3);
      context.fillStyle = cross?.column === column ? tint.accent : tint.ink;
      context.font = `${cross?.column === column ? "600 " : ""}${font}px ${FONT}`;
      context.textAlign = "left";
      context.fillText(cutTo(plain(this.columns[column]), (top - 12) * 1.15, font), 0, 0);
      context.restore();
    }
    context.restore();
    context.fillStyle = tint.soft;
    context.font = `11px ${FONT}`;
    context.textAlign = "left";
    context.fillText(this.corner || "", 8, top - 10);
  }

  /** The whole matrix as a picture. */
  picture() {
    const width = Math.min(8000, this.left + this.columns.length * this.size + 60);
    const height = Math.min(8000, this.top + this.rows.length * this.size + 10);
    const canvas = el("canvas", { width, height });
    const { hover, active } = this;
    Object.assign(this, { hover: null, active: null });
    this.paintAll(canvas.getContext("2d"), width, height, 0, 0, colours());
    Object.assign(this, { hover, active });
    return canvas;
  }
}
