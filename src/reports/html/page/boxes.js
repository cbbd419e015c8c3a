// What boxes and arrows of drawings look like.

const BOX_HEIGHT = 46;
const SIGN = 22;

/** How large a box has to be for its texts. */
function boxSize(title, sub, can_open) {
  const text = Math.max(textWidth(title, 13, true), textWidth(sub, 11));
  return { w: Math.max(84, Math.min(196, Math.ceil(text) + 24 + (can_open ? SIGN : 0))), h: BOX_HEIGHT };
}

/** The outline of a cylinder, which is how tables look everywhere. */
function cylinder(w, h) {
  const lid = 6;
  const outline = `M0 ${lid}A${w / 2} ${lid} 0 0 1 ${w} ${lid}V${h - lid}A${w / 2} ${lid} 0 0 1 0 ${h - lid}Z`;
  return [svg("path", { class: "outline", d: outline }), svg("path", { class: "lid", d: `M0 ${lid}A${w / 2} ${lid} 0 0 0 ${w} ${lid}` })];
}

/** A box as an element; `place` is where its middle is. */
function boxElement(box, place, { toggle, select }) {
  const left = place.x - box.w / 2;
  const top = place.y - box.h / 2;
  const is_table = box.shape === "table";
  const shift = is_table ? 4 : 0;
  const sign = box.can_open ? SIGN : 0;
  const outline = is_table ? cylinder(box.w, box.h) : [svg("rect", { class: "outline", width: box.w, height: box.h, rx: box.shape === "file" ? 2 : 7 })];
  const texts = [
    svg("text", { class: "title", x: 12, y: 20 + shift }, plain(cutTo(box.title, box.w - 22 - sign, 13, true))),
    svg("text", { class: "sub", x: 12, y: 36 + shift }, plain(cutTo(box.sub, box.w - 22, 11))),
  ];
  const opener = box.can_open && svg("g", { class: "opener", "aria-hidden": "true", transform: `translate(${box.w - 17} 11)`, click: (event) => { event.stopPropagation(); toggle(box.key); } },
    svg("rect", { x: -6, y: -7, width: 19, height: 20, class: "hit" }), svg("path", { d: "M0 3.5H9M4.5 -1V8" }));
  return svg("g", {
    class: `box ${box.shape} ${box.kind || ""}`, "data-key": box.key, role: "button",
    "aria-expanded": box.can_open ? "false" : null, transform: `translate(${left.toFixed(1)} ${top.toFixed(1)})`,
    click: () => select(box.key), dblclick: () => box.can_open && toggle(box.key),
  }, svg("title", {}, plain(box.said)), outline, texts, opener);
}

/** The frame around the parts of an open box. */
function frameElement(frame, place, { toggle, select }) {
  const left = place.x - place.width / 2;
  const top = place.y - place.height / 2;
  const label = cutTo(frame.title, Math.max(60, place.width - 40), 12, true);
  return svg("g", { class: "frame", transform: `translate(${left.toFixed(1)} ${top.toFixed(1)})` },
    svg("rect", { class: "outline", width: place.width, height: place.height, rx: 10 }),
    svg("g", { class: "shutter", "data-key": frame.key, role: "button", tabindex: 0, "aria-expanded": "true",
      click: () => toggle(frame.key), keydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); toggle(frame.key); } } },
      svg("title", {}, `Close ${plain(frame.title)}`),
      svg("rect", { class: "hit", x: 4, y: 3, width: textWidth(label, 12, true) + 26, height: 18, rx: 4 }),
      svg("path", { d: "M10 12H18" }), svg("text", { class: "title", x: 23, y: 16 }, plain(label))));
}

/** An arrow along points. */
function arrowElement(arrow, points, select) {
  const kind = arrow.kind;
  const path = curve(points);
  const width = arrow.width || 1.2;
  return svg("g", { class: `arrow ${kind}${arrow.cut ? " cut" : ""}${arrow.extra ? " extra" : ""}`, "data-arrow": `${arrow.from}\n${arrow.to}`, click: () => select(arrow) },
    svg("title", {}, plain(arrow.said)),
    svg("path", { class: "hit", d: path }),
    svg("path", { class: "line", d: path, "stroke-width": width.toFixed(1), "marker-end": `url(#head-${kind})` }),
    arrow.label && svg("text", { class: "label", x: points[Math.floor(points.length / 2)].x, y: points[Math.floor(points.length / 2)].y - 3 }, arrow.label));
}
