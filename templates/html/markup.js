// HTML and SVG as text.

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text) => text.replace(/[&<>"]/g, (character) => ESCAPES[character]);

// An element: attributes that are not set are left out; what stands inside is HTML already.
function tag(name, attributes, ...inside) {
  const set = Object.entries(attributes || {}).filter(([, value]) => value !== undefined && value !== "");
  const text = set.map(([key, value]) => ` ${key}="${escapeHtml(String(value))}"`).join("");
  return `<${name}${text}>${inside.flat().join("")}</${name}>`;
}

const plain = (name, classes, text) => tag(name, { class: classes }, escapeHtml(String(text)));

// A table: its head, and rows of cells; a cell is HTML, or HTML with classes.
function table(head, rows) {
  const cell = (kind) => (value) =>
    Array.isArray(value) ? tag(kind, { class: value[1] }, value[0]) : tag(kind, {}, value);
  const lines = rows.map((row) => tag("tr", {}, row.map(cell("td"))));
  return tag("table", {}, head.length ? tag("tr", {}, head.map(cell("th"))) : "", lines);
}
