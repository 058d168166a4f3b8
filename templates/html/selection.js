// Highlighting what belongs to the thing under the pointer, and holding on to one.

const PANES = ["source", "graph", "kernels", "template", "text", "ir", "asm"];
const status = document.getElementById("status");
const choice = pane("graph").querySelector("select");
const marked = { lit: [], pin: [] };
let lastLit = null;

function mark(found, name) {
  marked[name].forEach((element) => element.classList.remove(name));
  marked[name] = found ? PANES.flatMap((id) => belonging(id, found)) : [];
  marked[name].forEach((element) => element.classList.add(name));
}

// The kind and the number of what an element shows; null where that is nothing to look for.
function thing(element) {
  const { kind, id } = element?.dataset || {};
  if (!kind || kind === "was") return null;
  return [kind, kind === "template" ? id : Number(id)];
}

const NAMES = {
  line: (id) => `${data.lines[id].place}: ${data.lines[id].text}`,
  kernel: (id) => `kernel ${id}: ${data.kernels[id].name}`,
  node: (id) => `${data.nodes[id].op}: ${data.nodes[id].type}`,
  text: (id) => `line ${id} of ${data.kernels[shown.kernel].name}`,
  template: (id) => `template line ${id.split(":")[1]}`,
};

function described(kind, id, found) {
  const operations = [...found.node].slice(0, 3).map((node) => data.nodes[node].op);
  const lines = [...found.line].map((line) => data.lines[line].place);
  const more = kind === "line" ? [`${found.kernel.size} kernels`] : [operations.join(" "), lines.join(" ")];
  return [NAMES[kind](id), ...more].filter(Boolean).join("  ·  ");
}

function light(element) {
  if (element === lastLit) return;
  lastLit = element;
  const what = thing(element);
  const found = what && related(...what);
  mark(found, "lit");
  status.textContent = found ? described(...what, found) : shown.pinned?.text || "";
}

// Hold on to a thing: it stays highlighted, and the panes other than `from` scroll to what belongs to it.
async function pin(kind, id, from) {
  const kernel = kernelFor(kind, id);
  if (kernel !== shown.kernel) await select(kernel, false);
  const found = related(kind, id);
  shown.pinned = { kind, id, from, text: described(kind, id, found) };
  markPinned();
}

function markPinned() {
  if (!shown.pinned) return;
  const { kind, id, from, text } = shown.pinned;
  mark(related(kind, id), "pin");
  markEdges();
  status.textContent = text;
  for (const name of PANES.filter((name) => name !== from)) {
    reveal(body(name), body(name).querySelector(".pin") || body(name).querySelector("[aria-selected=true]"));
  }
}

// The kernel to show for a thing: the one that is shown if it belongs to it, else the slowest that does.
function kernelFor(kind, id) {
  if (kind === "kernel") return id;
  const kernels = kind === "line" ? data.lines[id].kernels : kind === "node" ? data.nodes[id].kernels : [];
  if (!kernels.length || kernels.includes(shown.kernel)) return shown.kernel;
  return kernels.reduce((a, b) => (data.kernels[a].seconds >= data.kernels[b].seconds ? a : b));
}

// The edges of the selected box.
function markEdges() {
  const { kind, id } = shown.pinned || {};
  const end = Number(choice.value) < 0 ? shown.kernel : kind === "node" ? id : null;
  for (const edge of body("graph").querySelectorAll(".edge")) {
    edge.classList.toggle("on", [edge.dataset.from, edge.dataset.to].includes(String(end)));
  }
}

function reveal(scroller, element) {
  if (!element) return;
  const outer = scroller.getBoundingClientRect();
  const inner = element.getBoundingClientRect();
  const below = inner.top < outer.top || inner.bottom > outer.bottom;
  const aside = inner.left < outer.left || inner.right > outer.right;
  if (below) scroller.scrollTop += inner.top - outer.top - outer.height / 3;
  if (aside && element.matches(".box")) scroller.scrollLeft += inner.left - outer.left - outer.width / 3;
}

async function select(id, andPin = true) {
  if (!(id in data.kernels)) return;
  shown.kernel = id;
  for (const element of document.querySelectorAll(".item[data-kind=kernel]")) {
    element.setAttribute("aria-selected", element.dataset.id === String(id));
  }
  showDetail();
  await showCode();
  if (andPin) await pin("kernel", id);
}

function clear() {
  shown.pinned = null;
  mark(null, "pin");
  mark(null, "lit");
  for (const name of ["cursor", "large"]) {
    document.querySelectorAll(`.${name}`).forEach((element) => element.classList.remove(name));
  }
  document.getElementById("search").value = "";
  search("");
  status.textContent = "";
}
