// Starts the page: unpacks the data, shows the view the address names, listens to keys.

const VIEWS = [overview, structure, tablesView, relations, planning, cyclesView, godsView, routesView, externalsView, openView];

const current = () => VIEWS.find((view) => view.id === state.view) || VIEWS[0];

let mounted = null;

function render() {
  state = parsed(location.hash);
  if (!VIEWS.some((view) => view.id === state.view)) state.view = plan && !location.hash ? "plan" : "overview";
  const view = current();
  // Details come first: they take room that drawings have to know of.
  details.update();
  if (mounted !== view) {
    mounted = view;
    view.scene = view.shown = null;
    const main = byId("main");
    refill(main);
    main.className = `view-${view.id}`;
    view.mount(main);
  }
  view.update();
  tabs();
  byId("export-svg").disabled = byId("export-png").disabled = !view.exports;
  document.title = `${view.title} – unpick`;
  document.querySelectorAll("[data-sel]").forEach((anchor) => {
    const here = anchor.dataset.sel === state.sel.join("\n");
    if (here) anchor.setAttribute("aria-current", "true");
    else anchor.removeAttribute("aria-current");
  });
}

/** How many rows stand behind a tab. */
const tabCount = (view) => ({ cycles: () => map.summary.cycles, gods: () => map.summary.god_classes, routes: () => map.routes.length, externals: () => map.external_systems.length, unresolved: () => map.unresolved.length, tables: () => map.tables.length }[view.id]?.());

function tabs() {
  const tab = (view) => {
    const amount = tabCount(view);
    return el("a", { href: link({ view: view.id }), "aria-current": view === current() ? "page" : null }, view.title, amount === undefined ? null : el("span", { class: "count" }, number(amount)));
  };
  const nav = byId("views");
  const focused = [...nav.children].indexOf(document.activeElement);
  refill(nav, VIEWS.map(tab));
  if (focused >= 0) nav.children[focused].focus();
}

/** Dark or light, whichever the reader chose last on this page; else what the system says. */
function scheme(next) {
  const root = document.documentElement;
  const dark = root.dataset.scheme ? root.dataset.scheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  if (next) root.dataset.scheme = dark ? "light" : "dark";
  const now = next ? !dark : dark;
  byId("scheme").setAttribute("aria-pressed", String(now));
  if (next && current().matrix) current().matrix.soon();
}

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select");
  const help = byId("help");
  if (event.key === "Escape") {
    if (help.open) return;
    if (typing) typing.blur();
    else if (state.sel.length) select();
    return;
  }
  if (typing || help.open) return;
  const surface = current().surface;
  const digit = "1234567890".indexOf(event.key);
  if (event.key === "/") byId("search").focus();
  else if (event.key === "?") help.showModal();
  else if (digit >= 0 && VIEWS[digit]) go({ view: VIEWS[digit].id });
  else if (event.key === "t") scheme(true);
  else if (event.key === "f" && surface) surface.fit();
  else if (event.key === "d") byId("details").querySelector("h2, a, button")?.focus();
  else if (event.key === "g" && surface) surface.focus(surface.element.querySelector('[tabindex="0"][data-key].box')?.dataset.key);
  else return;
  event.preventDefault();
}

async function start() {
  try {
    [map, plan, contracts] = await Promise.all([unpacked("map"), unpacked("plan"), unpacked("contracts")]);
  } catch (error) {
    byId("loading").textContent = `This page cannot be read: ${error.message}. It needs a browser of 2023 or newer.`;
    return;
  }
  indexed();
  planted();
  byId("loading").remove();
  search.start();
  scheme(false);
  byId("scheme").addEventListener("click", () => scheme(true));
  byId("help-open").addEventListener("click", () => byId("help").showModal());
  byId("help-close").addEventListener("click", () => byId("help").close());
  byId("print").addEventListener("click", () => window.print());
  for (const kind of ["svg", "png"]) byId(`export-${kind}`).addEventListener("click", () => exported(kind));
  document.addEventListener("keydown", keys);
  window.addEventListener("hashchange", render);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => current().matrix?.soon());
  render();
  document.documentElement.dataset.ready = "true";
}

start();
