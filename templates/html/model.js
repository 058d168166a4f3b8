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
const allSeconds = data.kernels.reduce((sum, kernel) => sum + kernel.seconds, 0);

// What is shown now: the selected kernel, its text with IR and assembly, what is held on to.
const shown = { kernel: 0, text: null, nodeAt: [], pinned: null };

// For each line of the text, from 1, the number of its node.
function spread(map, length) {
  const found = new Array(length + 1).fill(-1);
  map.forEach(([first, node], i) => found.fill(node, first, i + 1 < map.length ? map[i + 1][0] : length + 1));
  return found;
}

// What belongs to a thing of a kind: sets of lines, nodes, kernels, lines of the text, and lines of templates.
function related(kind, id) {
  const found = { line: new Set(), node: new Set(), kernel: new Set(), text: new Set(), template: new Set() };
  const byNode = (node) => {
    found.node.add(node);
    data.nodes[node].lines.forEach((line) => found.line.add(line));
    data.nodes[node].kernels.forEach((kernel) => found.kernel.add(kernel));
  };
  if (kind === "line") {
    found.line.add(id);
    data.lines[id].kernels.forEach((kernel) => found.kernel.add(kernel));
    data.nodes.forEach((node, number) => node.lines.includes(id) && found.node.add(number));
  } else if (kind === "kernel") {
    found.kernel.add(id);
    data.kernels[id].lines.forEach((line) => found.line.add(line));
    data.kernels[id].nodes.forEach((node) => found.node.add(node));
  } else if (kind === "node") byNode(id);
  if (kind === "text") found.text.add(id);
  else if (kind === "template")
    shown.text.template.forEach(([file, line], i) => `${file}:${line}` === id && found.text.add(i + 1));
  else if (kind !== "kernel")
    shown.nodeAt.forEach((node, line) => node >= 0 && found.node.has(node) && found.text.add(line));
  if (kind === "text" || kind === "template") {
    found.kernel.add(shown.kernel);
    found.text.forEach((line) => shown.nodeAt[line] >= 0 && byNode(shown.nodeAt[line]));
  }
  if (shown.text)
    found.text.forEach(
      (line) => shown.text.template[line - 1] && found.template.add(shown.text.template[line - 1].join(":")),
    );
  return found;
}

const time = (seconds) =>
  seconds < 9.995e-7
    ? `${(seconds * 1e9).toFixed(0)} ns`
    : seconds < 9.995e-4
      ? `${(seconds * 1e6).toPrecision(3)} µs`
      : seconds < 0.9995
        ? `${(seconds * 1e3).toPrecision(3)} ms`
        : `${seconds.toPrecision(3)} s`;
const size = (bytes) =>
  bytes < 1024
    ? `${bytes} B`
    : bytes < 1 << 20
      ? `${(bytes / 1024).toFixed(1)} KiB`
      : bytes < 1 << 30
        ? `${(bytes / (1 << 20)).toFixed(1)} MiB`
        : `${(bytes / (1 << 30)).toFixed(2)} GiB`;
const count = (number) =>
  number < 1e3
    ? `${number}`
    : number < 1e6
      ? `${(number / 1e3).toPrecision(3)} k`
      : number < 1e9
        ? `${(number / 1e6).toPrecision(3)} M`
        : `${(number / 1e9).toPrecision(3)} G`;
const percent = (share) => (share < 0.0995 ? `${(100 * share).toFixed(1)} %` : `${Math.round(100 * share)} %`);
