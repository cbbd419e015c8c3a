// The documents the page carries, and indices over them. Nothing is worked out here that unpick says itself.

/** A document, unpacked; nothing where the page carries none of that name. */
async function unpacked(id) {
  const holder = byId(`data-${id}`);
  if (!holder) return null;
  const packed = atob(holder.textContent);
  holder.remove();
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at++) bytes[at] = packed.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** What is worked out when it is first asked for. */
function lazy(object, key, make) {
  Object.defineProperty(object, key, {
    configurable: true,
    get() {
      const value = make();
      Object.defineProperty(object, key, { value });
      return value;
    },
  });
}

/** Tags of files that are listed but no part of the application. */
const LEFT_OUT = new Set(["test", "vendor", "generated", "minified"]);

let map = null;
let plan = null;
/** What routes take and answer, as OpenAPI says it; null where there are no routes. */
let contracts = null;
/** Indices over the map, each made when it is first needed. */
const known = {};

const pair = (from, to) => JSON.stringify([from, to]);

function indexed() {
  const one = (rows, key) => new Map(rows.map((row) => [row[key], row]));
  lazy(known, "module", () => one(map.modules, "name"));
  lazy(known, "file", () => one(map.files, "path"));
  lazy(known, "table", () => one(map.tables, "name"));
  lazy(known, "system", () => one(map.external_systems, "name"));
  lazy(known, "cycle", () => one(map.cycles, "id"));
  lazy(known, "filesOf", () => grouped(map.files, (file) => file.module));
  lazy(known, "moduleEdge", () => new Map(map.module_dependencies.map((row) => [pair(row.from, row.to), row])));
  lazy(known, "fileEdge", () => new Map(map.file_dependencies.map((row) => [pair(row.from, row.to), row])));
  lazy(known, "uses", () => grouped(map.module_dependencies, (row) => row.from));
  lazy(known, "usedBy", () => grouped(map.module_dependencies, (row) => row.to));
  lazy(known, "fileUses", () => grouped(map.file_dependencies, (row) => row.from));
  lazy(known, "fileUsedBy", () => grouped(map.file_dependencies, (row) => row.to));
  lazy(known, "definitionsIn", () => grouped(map.definitions, (row) => row.path));
  lazy(known, "accessesOf", () => grouped(map.table_accesses, (row) => row.table));
  lazy(known, "accessesBy", () => grouped(map.table_accesses, (row) => row.module));
  lazy(known, "accessesIn", () => grouped(map.table_accesses, (row) => row.path));
  lazy(known, "routesOf", () => grouped(map.routes, (row) => row.module));
  lazy(known, "routesIn", () => grouped(map.routes, (row) => row.file));
  lazy(known, "operation", () => operations());
  lazy(known, "keysTo", () => keysTo());
  lazy(known, "shared", () => one(map.shared_tables, "name"));
  lazy(known, "godTable", () => one(map.god_tables, "name"));
  lazy(known, "godsOf", () => grouped(map.god_classes.concat(map.god_files), (god) => moduleOfFile(god.path)));
  lazy(known, "cycleOf", () => components("module"));
  lazy(known, "cycleOfFile", () => components("file"));
  lazy(known, "cuts", () => cuts());
  lazy(known, "candidateOf", () => candidates());
}

const moduleOfFile = (path) => known.file.get(path)?.module ?? "";

/** The cycles that count at run time, worst first. */
const cyclesOf = (level) => map.cycles.filter((cycle) => cycle.level === level && cycle.graph === "runtime");

/** The cycle of every member. */
function components(level) {
  const found = new Map();
  for (const cycle of cyclesOf(level)) for (const member of cycle.members) found.set(member, cycle);
  return found;
}

/** Edges of the cheapest cuts, of modules and files alike. */
function cuts() {
  const found = new Map();
  for (const level of ["module", "file"]) {
    for (const cycle of cyclesOf(level)) for (const edge of cycle.cheapest_cut.edges) found.set(pair(edge.from, edge.to), edge);
  }
  return found;
}

function keysTo() {
  const found = new Map();
  for (const table of map.tables) {
    for (const key of table.foreign_keys) {
      if (!found.has(key.to_table)) found.set(key.to_table, []);
      found.get(key.to_table).push({ from: table.name, key });
    }
  }
  return found;
}

/** The candidate of every module and table of the plan. */
function candidates() {
  const found = { module: new Map(), table: new Map() };
  for (const candidate of plan ? plan.candidates : []) {
    candidate.modules.forEach((module) => found.module.set(module, candidate));
    candidate.tables.forEach((table) => found.table.set(table, candidate));
  }
  return found;
}

/** How often a table is read and written by each module: module -> {reads, writes, ddl}. */
function usersOf(table) {
  const users = new Map();
  for (const access of known.accessesOf.get(table) || []) {
    if (!users.has(access.module)) users.set(access.module, { read: 0, write: 0, ddl: 0 });
    users.get(access.module)[access.operation] += 1;
  }
  return users;
}

/** True for a file that is a part of the application. */
const isOwn = (file) => file.status !== "skipped" && !file.tags.some((tag) => LEFT_OUT.has(tag));
