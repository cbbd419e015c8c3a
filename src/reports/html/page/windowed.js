// Lists of any length: only the rows in sight exist.

/**
 * A grid of rows. `columns` are {title, width, cell(row), sort?(row), wide?}; `pick(row)` is called for Enter and click.
 * Returns an element that has `show(rows)`.
 */
function grid({ label, columns, rowHeight = 30, pick, rows = [], picked, height, sortable = true }) {
  let shown = rows;
  let all = rows;
  let order = null;
  let active = -1;
  const template = columns.map((column) => column.width).join(" ");
  const body = el("div", { class: "grid-body", role: "presentation" });
  const head = el("div", { class: "grid-row grid-head", role: "row", "aria-rowindex": 1 });
  const head_cells = columns.map((column, index) => {
    const sorts = sortable && column.sort;
    const inner = sorts ? el("button", { type: "button", tabindex: -1, click: () => sort(index) }, column.title) : column.title;
    return el("div", { role: "columnheader", class: column.numeric ? "numeric" : null }, inner);
  });
  fill(head, head_cells);
  head.style.gridTemplateColumns = template;
  const box = el("div", { class: "grid", role: "grid", tabindex: 0, "aria-label": label, "aria-colcount": columns.length }, head, body);
  if (height) box.style.maxHeight = height;
  const id = `grid-${grid.made++}`;

  function sort(index) {
    const falling = order && order.index === index ? !order.falling : Boolean(columns[index].numeric);
    order = { index, falling };
    head_cells.forEach((cell, at) => {
      if (at === index) cell.setAttribute("aria-sort", falling ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    arrange();
    active = -1;
    box.scrollTop = 0;
    draw(true);
  }

  function arrange() {
    shown = all;
    if (!order) return;
    const { sort: key } = columns[order.index];
    const sign = order.falling ? -1 : 1;
    shown = all.map((row, place) => [key(row), place, row]);
    shown.sort((a, b) => sign * (typeof a[0] === "number" ? a[0] - b[0] : byName(String(a[0]), String(b[0]))) || a[1] - b[1]);
    shown = shown.map((entry) => entry[2]);
  }

  function draw(fresh) {
    const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - 8);
    const last = Math.min(shown.length, Math.ceil((box.scrollTop + (box.clientHeight || 600)) / rowHeight) + 8);
    if (!fresh && first === draw.first && last === draw.last && active === draw.active) return;
    Object.assign(draw, { first, last, active });
    body.style.height = `${shown.length * rowHeight}px`;
    const made = [];
    for (let index = first; index < last; index++) made.push(line(shown[index], index));
    body.replaceChildren(...made);
    if (active >= first && active < last) box.setAttribute("aria-activedescendant", `${id}-${active}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function line(row, index) {
    const is_picked = picked && picked(row);
    const attributes = {
      class: `grid-row${index === active ? " active" : ""}${is_picked ? " picked" : ""}`,
      role: "row", id: `${id}-${index}`, "aria-rowindex": index + 2, "aria-selected": is_picked ? "true" : "false",
      click: () => { active = index; choose(row); },
    };
    const cells = columns.map((column) => el("div", { role: "gridcell", class: column.numeric ? "numeric" : null }, column.cell(row)));
    const made = el("div", attributes, cells);
    made.style.gridTemplateColumns = template;
    made.style.top = `${index * rowHeight}px`;
    made.style.height = `${rowHeight}px`;
    return made;
  }

  function choose(row) {
    if (pick) pick(row);
    draw(true);
  }

  function move(to) {
    active = Math.max(0, Math.min(shown.length - 1, to));
    const top = active * rowHeight;
    const room = box.clientHeight - head.offsetHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + room) box.scrollTop = top + rowHeight - room;
    draw();
  }

  const page = () => Math.max(1, Math.floor(box.clientHeight / rowHeight) - 2);
  const steps = {
    ArrowDown: () => active + 1, ArrowUp: () => active - 1, Home: () => 0, End: () => shown.length - 1,
    PageDown: () => active + page(), PageUp: () => active - page(),
  };
  box.addEventListener("keydown", (event) => {
    if (event.key in steps && shown.length) {
      event.preventDefault();
      move(steps[event.key]());
    } else if (event.key === "Enter" && active >= 0 && event.target === box) {
      event.preventDefault();
      choose(shown[active]);
    }
  });
  box.addEventListener("scroll", () => draw(), { passive: true });
  new ResizeObserver(() => draw()).observe(box);

  box.show = (rows) => {
    all = rows;
    active = -1;
    box.setAttribute("aria-rowcount", rows.length + 1);
    box.classList.toggle("empty", rows.length === 0);
    arrange();
    draw(true);
    return box;
  };
  box.again = () => draw(true);
  return box.show(rows);
}
grid.made = 0;
