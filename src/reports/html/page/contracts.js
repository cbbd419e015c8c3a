// What routes take and answer, from the OpenAPI document the page carries.

/** An address without the names of its parameters: the document may call them something else than the route does. */
const withoutNames = (path) => path.replace(/\{[^}]*\}/g, "{}");

/** Operations by method and address. */
function operations() {
  const found = new Map();
  for (const [path, item] of Object.entries(contracts ? contracts.paths : {})) {
    for (const [method, operation] of Object.entries(item)) found.set(`${method.toUpperCase()} ${withoutNames(path)}`, operation);
  }
  return found;
}

const operationOf = (method, path) => known.operation.get(`${method} ${withoutNames(path)}`);

/** The component a schema names. */
function component(schema) {
  const named = schema && schema.$ref && schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  return named && Object.hasOwn(contracts.components.schemas, named) ? { named, schema: contracts.components.schemas[named] } : null;
}

/** A schema in a few words: `Order`, `[Order]`, `string or null`, `open`. */
function typeWords(schema) {
  const named = component(schema);
  if (named) return named.named;
  const several = schema.anyOf || schema.allOf;
  if (several) return several.map(typeWords).join(schema.anyOf ? " or " : " and ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  const kinds = [schema.type].flat().filter(Boolean);
  if (kinds.includes("array")) return `[${typeWords(schema.items || {})}]`;
  if (schema.properties) return `{${Object.keys(schema.properties).join(", ")}}`;
  return kinds.length ? [...kinds, schema.format].filter(Boolean).join(" ").replace(" null", " or null") : "open";
}

const carried = (holder) => Object.values((holder && holder.content) || {})[0]?.schema;

/** Short words for the list: what a route takes, what it answers, and how much is not certain. */
function contractOf(route) {
  const operation = operationOf(route.method, route.path);
  if (!operation) return { takes: "", answers: "", open: 0 };
  const body = carried(operation.requestBody);
  const takes = [...(operation.parameters || []).map((one) => one.name + (one.required ? "" : "?")), ...(body ? [typeWords(body)] : [])];
  const answers = Object.entries(operation.responses).map(([status, answer]) => (carried(answer) ? `${status} ${typeWords(carried(answer))}` : status));
  return { takes: takes.join(", "), answers: answers.join(", "), open: operation["x-unpick"].ambiguous.length };
}

/** The fields of an object, one level deep; of a list, those of its items. */
function fieldsOf(schema) {
  const inner = component(schema)?.schema || schema;
  if (inner.items) return fieldsOf(inner.items);
  const required = new Set(inner.required || []);
  return Object.entries(inner.properties || {}).map(([field, type]) => ({ field, words: typeWords(type), required: required.has(field) }));
}

const fieldRow = (row) => el("div", { class: "two" }, el("span", {}, name(row.field)), el("span", { class: "remark" }, plain([row.place, row.words, row.required ? "required" : "optional"].filter(Boolean).join(", "))));

/** The parts of the pane that say what a route takes and answers. */
function operationParts(method, path) {
  const operation = operationOf(method, path);
  if (!operation) return [];
  const body = carried(operation.requestBody);
  const schemes = (operation.security || []).flatMap((one) => Object.keys(one));
  const answers = Object.entries(operation.responses).map(([status, answer]) => ({ status, words: carried(answer) ? typeWords(carried(answer)) : "nothing", description: answer.description, fields: carried(answer) ? fieldsOf(carried(answer)) : [] }));
  const good = answers.find((answer) => answer.status.startsWith("2") && answer.fields.length);
  return [
    part("Parameters", (operation.parameters || []).map((one) => ({ field: one.name, place: one.in, words: typeWords(one.schema || {}), required: one.required })), fieldRow),
    body ? part(`Body: ${typeWords(body)}`, fieldsOf(body), fieldRow) || el("section", { class: "part" }, el("h3", {}, `Body: ${typeWords(body)}`)) : null,
    part("Answers", answers, (answer) => el("div", { class: "two" }, el("span", {}, name(`${answer.status} ${answer.words}`)), el("span", { class: "remark" }, plain(answer.description || "")))),
    good ? part(`Fields of ${good.status}`, good.fields, fieldRow) : null,
    part("Who may call", schemes, (scheme) => name(scheme)),
    part("To settle", operation["x-unpick"].ambiguous, (reason) => plain(reason)),
  ];
}
