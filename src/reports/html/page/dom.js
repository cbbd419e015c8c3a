// Elements out of plain values. Text goes in through textContent alone, so a scanned name can never become markup.

const SVG = "http://www.w3.org/2000/svg";

/** Sets attributes; functions become listeners, `false` and nothing leave the attribute out. */
function dress(element, attributes) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  return element;
}

/** Puts children in: elements as they are, lists one by one, anything else as text. */
function fill(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) fill(element, child);
    else element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** An element of HTML. */
function el(tag, attributes, ...children) {
  return fill(dress(document.createElement(tag), attributes), children);
}

/** An element of SVG. */
function svg(tag, attributes, ...children) {
  return fill(dress(document.createElementNS(SVG, tag), attributes), children);
}

/** Puts children in the place of those that are there. */
function refill(element, ...children) {
  element.replaceChildren();
  return fill(element, children);
}

const byId = (id) => document.getElementById(id);

/** 43136 as people write it: 43,136. */
const number = (value) => Number(value).toLocaleString("en");

/** A number with its noun: 1 file, 2 files, 3 dependencies. */
function count(value, noun) {
  const many = /[^aeo]y$/.test(noun) ? noun.slice(0, -1) + "ies" : /(s|x|sh|ch)$/.test(noun) ? noun + "es" : noun + "s";
  return `${number(value)} ${value === 1 ? noun : many}`;
}

/** 43136 where there is little room: 43k. */
const roughly = (value) => Number(value).toLocaleString("en", { notation: "compact", maximumFractionDigits: value < 10000 ? 1 : 0 }).toLowerCase();

/** Thousandths as people write them: 2500 is 2.5. */
const weight = (thousandths) => number(thousandths / 1000);

/** A share of 1 as percent. */
const percent = (share) => `${Math.round(share * 100)} %`;

/** Control and direction characters made visible: a name must not be able to rearrange the line it stands in. */
const plain = (text) => String(text).replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");

/** A name in a sentence or a cell, apart from what stands around it, whatever direction it is written in. */
const name = (text, attributes) => el("bdi", attributes, plain(text));

/** Says something to people who do not see the page. */
function announce(text) {
  byId("said").textContent = text;
}

/** Groups rows by a key, in the order they come. */
function grouped(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const at = key(row);
    const group = groups.get(at);
    if (group) group.push(row);
    else groups.set(at, [row]);
  }
  return groups;
}

/** Names in the order people expect, the same in every browser. */
const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** A button of a toolbar. A sign alone says nothing to those who do not see it. */
const tool = (text, hint, click) => el("button", { type: "button", title: hint, "aria-label": text.length > 1 ? null : hint, click }, text);
