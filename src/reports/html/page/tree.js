// Modules and files as a tree of folders, and which of its boxes are drawn: never more than a drawing can show.

/** A drawing opens with at most so many boxes, tables included. */
const MOST_BOXES = 40;
/** Opening a box shows at most so many parts; the rest is one more box. */
const MOST_PARTS = 24;

/** The whole tree; made once. */
let tree = null;
/** Nodes by key. */
const nodes = new Map();
/** The node of every file and module. */
const nodeOfFile = new Map();
const nodeOfModule = new Map();

function node(key, label, kind, parent, more) {
  const made = { key, label, kind, parent, children: [], lines: 0, files: 0, ...more };
  nodes.set(key, made);
  if (parent) parent.children.push(made);
  return made;
}

/** Modules below folders. What is below a module is added when it is opened. */
function planted() {
  tree = node("root", "", "root", null);
  const folders = new Map([["", tree]]);
  const folder = (path) => {
    if (folders.has(path)) return folders.get(path);
    const cut = path.lastIndexOf("/");
    const made = node(`g:${path}`, path.slice(cut + 1), "group", folder(cut < 0 ? "" : path.slice(0, cut)), { path });
    folders.set(path, made);
    return made;
  };
  const modules = map.modules.filter((module) => module.files > 0);
  const heads = new Set(modules.map((module) => module.paths[0] ?? ""));
  for (const module of modules) {
    const path = module.paths[0] ?? module.name.replaceAll(".", "/");
    const cut = path.lastIndexOf("/");
    // A folder that is a module and holds others stands for both; the module itself is then a part of it.
    const holds_others = modules.length > 1 && holdsOthers(path, heads);
    const parent = folder(holds_others ? path : cut < 0 ? "" : path.slice(0, cut));
    const made = node(`m:${module.name}`, module.name, "module", parent, { module, path });
    made.lines = module.lines;
    made.files = module.files;
    nodeOfModule.set(module.name, made);
  }
  weigh(tree);
  squeeze(tree);
}

/** True where a module's folder holds the folder of another one. */
function holdsOthers(path, heads) {
  if (!holdsOthers.folders) {
    holdsOthers.folders = new Set();
    for (const head of heads) {
      for (let cut = head.lastIndexOf("/"); cut > 0; cut = head.lastIndexOf("/", cut - 1)) holdsOthers.folders.add(head.slice(0, cut));
    }
  }
  return holdsOthers.folders.has(path);
}

function weigh(at) {
  for (const child of at.children) {
    weigh(child);
    at.lines += child.lines;
    at.files += child.files;
  }
  at.children.sort((a, b) => b.lines - a.lines || byName(a.key, b.key));
}

/** A folder that holds a single thing is that thing. */
function squeeze(at) {
  at.children = at.children.map((child) => {
    squeeze(child);
    if (child.kind !== "group" || child.children.length !== 1) return child;
    const only = child.children[0];
    nodes.delete(child.key);
    only.parent = at;
    if (only.kind === "group") only.label = `${child.label}/${only.label}`;
    return only;
  });
}

/** The parts of a node, files of a module among them, made when first asked for. */
function partsOf(at) {
  if (at.kind === "module" && at.children.length === 0) {
    const base = at.path ? at.path + "/" : "";
    const folders = new Map([["", at]]);
    const folder = (path) => {
      if (folders.has(path)) return folders.get(path);
      const cut = path.lastIndexOf("/");
      const parent = folder(cut < 0 ? "" : path.slice(0, cut));
      const made = node(`d:${at.label}:${path}`, path.slice(cut + 1), "group", parent, { module: at.module, path: base + path });
      folders.set(path, made);
      return made;
    };
    for (const file of filesOfModule(at.label)) {
      const below = file.path.startsWith(base) ? file.path.slice(base.length) : file.path;
      const cut = below.lastIndexOf("/");
      const leaf = node(`f:${file.path}`, below.slice(cut + 1), "file", folder(cut < 0 ? "" : below.slice(0, cut)), { file });
      leaf.lines = file.lines;
      leaf.files = 1;
      nodeOfFile.set(file.path, leaf);
    }
    const { lines, files } = at;
    at.lines = at.files = 0;
    weigh(at);
    squeeze(at);
    Object.assign(at, { lines, files });
  }
  return at.children;
}

const filesOfModule = (module) => (known.filesOf.get(module) || []).filter(isOwn);

/** At most `most` parts: the largest, and one box for the rest. */
function partsShown(parent, most) {
  const parts = partsOf(parent);
  if (parts.length <= most) return parts;
  const shown = parts.slice(0, most - 1);
  const key = `+:${parent.key}:${most - 1}`;
  let rest = nodes.get(key);
  if (!rest) {
    rest = { key, label: `${parts.length - most + 1} more`, kind: "more", parent, children: parts.slice(most - 1), lines: 0, files: 0, path: parent.path };
    for (const child of rest.children) {
      rest.lines += child.lines;
      rest.files += child.files;
    }
    nodes.set(key, rest);
  }
  return [...shown, rest];
}

const canOpen = (at) => at.kind === "group" || at.kind === "more" || (at.kind === "module" && at.files > 1);

/** What is open to begin with: the largest folders first, as long as all boxes fit. */
function openedFirst(room) {
  const opened = new Map([["root", room]]);
  let boxes = partsShown(tree, room);
  const all = tree.lines || 1;
  for (;;) {
    const free = room - boxes.length;
    const folders = boxes.filter((box) => box.kind === "group" || (box.kind === "more" && box.children.length <= free));
    const fits = folders.find((box) => box.children.length - 1 <= free);
    const large = folders.find((box) => box.lines * 6 > all && free >= 6);
    const next = large && (!fits || large.lines > fits.lines) ? large : fits;
    if (!next) return opened;
    const most = Math.min(next.children.length, free + 1);
    opened.set(next.key, most);
    boxes = boxes.flatMap((box) => (box === next ? partsShown(next, most) : [box]));
    boxes.sort((a, b) => b.lines - a.lines || byName(a.key, b.key));
  }
}

/** The boxes that are drawn, and the open ones around them, given what the reader opened and shut. */
function boxesDrawn(room, open, shut) {
  const first = openedFirst(room);
  const boxes = [];
  const frames = [];
  const home = new Map();
  const walk = (parent, frame, parts) => {
    for (const part of parts) {
      const is_open = canOpen(part) && (open.has(part.key) || (first.has(part.key) && !shut.has(part.key)));
      if (!is_open) {
        boxes.push({ node: part, frame });
        home.set(part, part);
        continue;
      }
      if (part.kind === "more") {
        walk(parent, frame, partsShown(part, first.get(part.key) ?? MOST_PARTS));
        continue;
      }
      const inner = { node: part, frame };
      frames.push(inner);
      walk(part, inner, partsShown(part, first.get(part.key) ?? MOST_PARTS));
    }
  };
  walk(tree, null, partsShown(tree, room));
  const gathered = new Map();
  for (const box of boxes) if (box.node.kind === "more") box.node.children.forEach((child) => gathered.set(child, box.node));
  /** The drawn box that stands for a node: itself, or the box it is inside of. */
  const standsIn = (start) => {
    for (let one = start; one; one = one.parent) {
      if (home.has(one)) return one;
      if (gathered.has(one)) return gathered.get(one);
    }
    return null;
  };
  return { boxes, frames, standsIn };
}

/** The chain of nodes to open until a node is drawn by itself. */
function chainTo(key) {
  const chain = [];
  for (let one = nodes.get(key)?.parent; one && one.kind !== "root"; one = one.parent) chain.push(one.key);
  return chain;
}
