// The view as a picture: SVG with its colours written out, or PNG.

/** Properties that a drawing needs when the style of the page is gone. */
const DRAWN = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-weight", "font-family", "text-anchor", "fill-opacity", "stroke-opacity", "display"];

/** A copy of the drawing that stands alone. */
function standalone(surface) {
  const { width, height } = surface;
  const copy = surface.element.cloneNode(true);
  const originals = surface.element.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, at) => {
    const style = getComputedStyle(originals[at]);
    for (const property of DRAWN) {
      const value = style.getPropertyValue(property);
      if (value && value !== "normal") element.setAttribute(property, value);
    }
    for (const attribute of ["tabindex", "role", "class", "data-key", "data-arrow", "aria-label", "aria-expanded"]) element.removeAttribute(attribute);
  });
  copy.querySelectorAll(".hit").forEach((hit) => hit.remove());
  copy.querySelector("g").removeAttribute("transform");
  for (const attribute of ["class", "role", "aria-label"]) copy.removeAttribute(attribute);
  dress(copy, { xmlns: SVG, width: Math.ceil(width), height: Math.ceil(height), viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}` });
  copy.prepend(svg("rect", { width: "100%", height: "100%", fill: colours().paper }));
  return new XMLSerializer().serializeToString(copy);
}

function saved(blob, file) {
  const address = URL.createObjectURL(blob);
  const anchor = el("a", { href: address, download: file });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function copied(text) {
  const area = el("textarea", { class: "out-of-sight", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  announce(done ? "copied" : "the browser does not allow to copy");
}

const canvasBlob = (canvas) => new Promise((done) => canvas.toBlob(done, "image/png"));

async function exported(kind) {
  const view = current();
  const file = `unpick-${view.id}.${kind}`;
  if (view.surface) {
    const text = standalone(view.surface);
    const blob = new Blob([text], { type: "image/svg+xml" });
    if (kind === "svg") return saved(blob, file);
    const image = new Image();
    const address = URL.createObjectURL(blob);
    await new Promise((done, failed) => { image.onload = done; image.onerror = failed; image.src = address; });
    const scale = Math.min(2, 8000 / Math.max(view.surface.width, view.surface.height));
    const canvas = el("canvas", { width: Math.ceil(view.surface.width * scale), height: Math.ceil(view.surface.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    return saved(await canvasBlob(canvas), file);
  }
  const canvas = view.picture();
  if (kind === "png") return saved(await canvasBlob(canvas), file);
  const { width, height } = canvas;
  const text = new XMLSerializer().serializeToString(svg("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` }, svg("image", { width, height, href: canvas.toDataURL("image/png") })));
  return saved(new Blob([text], { type: "image/svg+xml" }), file);
}
