// Where the reader is. All of it stands in the fragment of the address, so that every place can be linked and "back" works.

/** View, what is selected, and what single views want to remember; all of it plain strings and lists of strings. */
let state = { view: "overview", sel: [] };

/** Keys whose values are lists. */
const LISTS = new Set(["sel", "open", "shut"]);

function parsed(fragment) {
  const [view, ...rest] = fragment.replace(/^#/, "").split("&");
  const found = { view: decoded(view) || "", sel: [] };
  for (const entry of rest) {
    const cut = entry.indexOf("=");
    if (cut < 1) continue;
    const key = entry.slice(0, cut);
    const value = entry.slice(cut + 1);
    if (key === "view" || !/^[a-z]+$/.test(key)) continue;
    found[key] = LISTS.has(key) ? (value ? value.split(",").map(decoded) : []) : decoded(value);
  }
  return found;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function written(where) {
  const entries = Object.entries(where).filter(([key, value]) => key !== "view" && value !== undefined && value !== null && value.length > 0);
  const coded = (value) => (Array.isArray(value) ? value.map(encodeURIComponent).join(",") : encodeURIComponent(value));
  return "#" + [encodeURIComponent(where.view), ...entries.map(([key, value]) => `${key}=${coded(value)}`)].join("&");
}

/** The link to a place: what is given changes, the selection stays unless it is given, all else belongs to one view. */
function link(change) {
  const view = change.view || state.view;
  const kept = view === state.view ? state : { sel: state.sel };
  return written({ ...kept, ...change, view });
}

/** Goes there. */
function go(change, quietly) {
  const target = link(change);
  if (target === location.hash) return render();
  if (quietly) {
    history.replaceState(null, "", target);
    render();
  } else {
    location.hash = target;
  }
}

/** Selects something and shows its details. */
const select = (...sel) => go({ sel });
