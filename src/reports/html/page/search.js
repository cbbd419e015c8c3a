// Finding anything by a piece of its name.

/** So many hits are shown. */
const MOST_HITS = 40;

const search = {
  /** Everything that can be found: [kind, text, selection]; made at the first search. */
  entries() {
    if (search.all) return search.all;
    const all = [];
    const add = (kind, text, sel) => all.push({ kind, text, low: text.toLowerCase(), sel });
    map.modules.forEach((row) => add("module", row.name, ["module", row.name]));
    map.tables.forEach((row) => add("table", row.name, ["table", row.name]));
    map.external_systems.forEach((row) => add("outside", row.name, ["system", row.name]));
    map.routes.forEach((row) => add("route", `${row.method} ${row.path}`, ["route", row.method, row.path]));
    if (plan) plan.candidates.forEach((row) => add("candidate", row.name, ["candidate", row.name]));
    map.files.forEach((row) => isOwn(row) && add("file", row.path, ["file", row.path]));
    map.definitions.forEach((row) => add(row.kind, row.name, ["file", row.path]));
    map.tables.forEach((row) => row.columns.forEach((column) => add("column", `${row.name}.${column.name}`, ["table", row.name])));
    search.all = all;
    return all;
  },

  find(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return [];
    const hits = [];
    const entries = search.entries();
    for (let place = 0; place < entries.length; place++) {
      const found = entries[place].low.indexOf(wanted);
      if (found < 0) continue;
      const { low } = entries[place];
      const exact = low.length === wanted.length ? 0 : found === 0 ? 1 : /[^a-z0-9]/.test(low[found - 1]) ? 2 : 3;
      hits.push([exact, low.length, place]);
    }
    hits.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    search.total = hits.length;
    return hits.slice(0, MOST_HITS).map((hit) => entries[hit[2]]);
  },

  start() {
    const field = byId("search");
    const list = byId("hits");
    let hits = [];
    let active = 0;
    const close = () => { list.hidden = true; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); };
    const draw = () => {
      const option = (hit, at) => el("li", { role: "option", id: `hit-${at}`, "aria-selected": at === active ? "true" : "false", class: at === active ? "active" : null, pointerdown: (event) => { event.preventDefault(); choose(hit); } }, el("span", { class: "tag" }, hit.kind), name(hit.text));
      refill(list, hits.map(option), hits.length === 0 && field.value.trim() ? el("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "none" }, "nothing is called so") : null,
        search.total > MOST_HITS && hits.length ? el("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "none" }, `${number(search.total - MOST_HITS)} more`) : null);
      list.hidden = !field.value.trim();
      field.setAttribute("aria-expanded", String(!list.hidden));
      if (hits.length) field.setAttribute("aria-activedescendant", `hit-${active}`);
      else field.removeAttribute("aria-activedescendant");
      list.children[active]?.scrollIntoView({ block: "nearest" });
    };
    const choose = (hit) => {
      if (!hit) return;
      close();
      field.value = "";
      field.blur();
      select(...hit.sel);
      byId("details").querySelector("h2")?.focus();
    };
    field.addEventListener("input", () => { active = 0; hits = search.find(field.value); draw(); });
    field.addEventListener("blur", close);
    field.addEventListener("focus", () => { if (field.value.trim()) draw(); });
    field.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        active = Math.max(0, Math.min(hits.length - 1, active + (event.key === "ArrowDown" ? 1 : -1)));
        draw();
      } else if (event.key === "Enter") choose(hits[active]);
      else if (event.key === "Escape") { field.value = ""; close(); field.blur(); }
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  },
};
