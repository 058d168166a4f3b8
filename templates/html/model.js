// The page's data, and what is related to what: a line of yours, a node, a kernel, a line of its text.

const data = JSON.parse(document.getElementById("data").textContent);
const inflated = new Map();

// A large part of the data, inflated at its first use.
function part(number) {
  if (!inflated.has(number)) {
    const bytes = Uint8Array.from(atob(document.getElementById(`part-${number}`).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    inflated.set(number, new Response(stream).json());
  }
  return inflated.get(number);
}

const slowest = Math.max(...data.kernels.map((kernel) => kernel.seconds), 1e-12);
const slowestLine = Math.max(...data.lines.map((line) => line.seconds), 1e-12);
const allSeconds = data.kernels.reduce((sum, kernel) => sum + kernel.seconds, 0);

// What is shown now: the selected kernel, its text with IR and assembly, what is held on to;
// `drawing` is done when all of the text is in the page.
const shown = { kernel: 0, text: null, nodeAt: [], pinned: null, drawing: null };

// For each line of the text, from 1, the number of its node.
function spread(map, length) {
  const found = new Array(length + 1).fill(-1);
  map.forEach(([first, node], i) => found.fill(node, first, i + 1 < map.length ? map[i + 1][0] : length + 1));
  return found;
}

// For each line of the text, from 1, the basic block that it is in.
function blocks(lines) {
  const found = [""];
  let name = "";
  let label = "";
  for (const line of lines) {
    const start = /^define.*@([\w.]+)\(/.exec(line);
    if (start) [name, label] = [start[1], ""];
    else label = /^([\w.]+):/.exec(line)?.[1] ?? label;
    found.push(label && `${name} · ${label}`);
  }
  return found;
}

// What belongs to a thing of a kind: sets of lines, nodes, kernels, lines of the text, and lines of templates.
function related(kind, id) {
  const found = { line: new Set(), node: new Set(), kernel: new Set(), text: new Set(), template: new Set() };
  found[kind].add(id);
  if (kind === "line") addLine(found, id);
  else if (kind === "kernel") addKernel(found, id);
  else if (kind === "node") addNode(found, id);
  else if (kind === "template") addWritten(found, id);
  if (kind === "text" || kind === "template") addMeaning(found);
  else if (kind !== "kernel") addText(found);
  if (shown.text) addTemplates(found);
  return found;
}

function addLine(found, id) {
  data.lines[id].kernels.forEach((kernel) => found.kernel.add(kernel));
  data.nodes.forEach((node, number) => node.lines.includes(id) && found.node.add(number));
}

function addKernel(found, id) {
  data.kernels[id].lines.forEach((line) => found.line.add(line));
  data.kernels[id].nodes.forEach((node) => found.node.add(node));
}

function addNode(found, id) {
  found.node.add(id);
  data.nodes[id].lines.forEach((line) => found.line.add(line));
  data.nodes[id].kernels.forEach((kernel) => found.kernel.add(kernel));
}

// The lines of the text that a line of a template wrote.
function addWritten(found, id) {
  shown.text.template.forEach((place, i) => place.join(":") === id && found.text.add(i + 1));
}

// The lines of the text that compute the nodes.
function addText(found) {
  shown.nodeAt.forEach((node, line) => found.node.has(node) && found.text.add(line));
}

// What the lines of the text compute.
function addMeaning(found) {
  found.kernel.add(shown.kernel);
  for (const line of found.text) {
    if (shown.nodeAt[line] >= 0) addNode(found, shown.nodeAt[line]);
    else addKernel(found, shown.kernel);
  }
}

// The lines of the templates that wrote the lines of the text.
function addTemplates(found) {
  for (const line of found.text) {
    const place = shown.text.template[line - 1];
    if (place) found.template.add(place.join(":"));
  }
}

// ---- numbers as text ----

// In the largest of the units that makes it 1 or more; each unit is `step` of the one before.
function inUnits(value, units, step, digits) {
  let unit = 0;
  while (unit < units.length - 1 && value >= step * (1 - 0.5 / 10 ** digits)) {
    value /= step;
    unit += 1;
  }
  return `${Number(value.toPrecision(digits))} ${units[unit]}`;
}

const time = (seconds) => inUnits(seconds * 1e9, ["ns", "µs", "ms", "s"], 1000, 3);
const size = (bytes) => inUnits(bytes, ["B", "KiB", "MiB", "GiB"], 1024, 3);
const count = (number) => inUnits(number, ["", "k", "M", "G"], 1000, 3);
const percent = (share) => `${share < 0.0995 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;
