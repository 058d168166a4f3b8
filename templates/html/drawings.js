// Drawings: the graph of kernels or of nodes, the roofline, the plan of the memory.

const BOX = { width: 132, height: 24, across: 146, down: 44, margin: 12, letters: 18 };
const FAR = 4; // layers; longer edges are drawn faintly

const label = (x, y, anchor, text) => tag("text", { class: "soft", x, y, "text-anchor": anchor }, escapeHtml(text));

// ---- graphs ----

function drawGraph(graph, boxes) {
  const x = (i) => BOX.margin + graph.x[i] * BOX.across;
  const y = (i) => BOX.margin + graph.y[i] * BOX.down;
  const edges = graph.edges.map(([a, b]) => {
    const [fromX, fromY, toX, toY] = [x(a) + BOX.width / 2, y(a) + BOX.height, x(b) + BOX.width / 2, y(b)];
    const middle = (fromY + toY) / 2;
    const curve = `M${fromX},${fromY}C${fromX},${middle} ${toX},${middle} ${toX},${toY}`;
    const classes = graph.y[b] - graph.y[a] > FAR ? "edge far" : "edge";
    return tag("path", { class: classes, "data-from": boxes[a].id, "data-to": boxes[b].id, d: curve });
  });
  const drawn = boxes.map((box, i) => drawBox(box, `translate(${x(i)},${y(i)})`));
  const [width, height] = [graph.width * BOX.across, graph.height * BOX.down].map((extent) => extent + 2 * BOX.margin);
  fill("graph", tag("svg", { width, height }, edges, drawn));
}

function drawBox(box, transform) {
  const short = box.text.length > BOX.letters ? `${box.text.slice(0, BOX.letters - 1)}…` : box.text;
  const data = { "data-kind": box.kind, "data-id": box.id };
  return tag(
    "g",
    { class: `box item ${box.classes}`, role: "option", transform, ...data },
    tag("title", {}, escapeHtml(box.hint)),
    tag("rect", { width: BOX.width, height: BOX.height, rx: 5 }),
    tag("text", { x: BOX.width / 2, y: 16, "text-anchor": "middle" }, escapeHtml(short)),
  );
}

const kernelBox = (kernel, id) => ({
  kind: "kernel",
  id,
  text: kernel.name,
  hint: `${id} ${kernel.name} ${kernel.where}\n${kernel.modules.join(" ")}`,
  classes: kernel.backward ? "back" : "",
});

// A node of an earlier graph that is gone from the last one can be looked at only.
const nodeBox = (node) => ({
  kind: node.node >= 0 ? "node" : "was",
  id: node.node,
  text: node.op,
  hint: `${node.op}: ${node.type}\n${node.lines.map((line) => data.lines[line].place).join(" ")}`,
  classes: `${node.backward ? "back" : ""} ${node.op === "input" ? "input" : ""}`,
});

// The kernels, or the graph after a pass by its number.
async function showGraph(which) {
  if (which < 0) {
    drawGraph(data.flow, data.kernels.map(kernelBox));
    note("graph", "who reads whose result");
  } else {
    const { graph: number, fresh } = data.passes[which];
    const graph = await part(number);
    const boxes = graph.nodes.map(nodeBox);
    fresh.forEach((i) => (boxes[i].classes += " fresh"));
    drawGraph(graph, boxes);
    note("graph", `${graph.nodes.length} nodes, ${fresh.length} new`);
  }
}

// ---- roofline ----

const PLOT = { width: 940, height: 470, left: 70, right: 12, top: 12, bottom: 44 };

// A logarithmic axis: its range in values and in pixels, and a tick at each power of ten.
function axis(low, high, from, to) {
  const first = Math.ceil(Math.log10(low));
  const powers = Array.from({ length: Math.floor(Math.log10(high)) - first + 1 }, (_, i) => 10 ** (first + i));
  return { low, high, powers, at: (value) => from + ((to - from) * Math.log(value / low)) / Math.log(high / low) };
}

function plotted() {
  const kernels = data.kernels
    .map((kernel, id) => ({ kernel, id }))
    .filter(({ kernel }) => kernel.flops && kernel.bytes);
  return kernels
    .map((point) => ({
      ...point,
      x: point.kernel.flops / point.kernel.bytes,
      y: point.kernel.flops / point.kernel.seconds,
    }))
    .sort((a, b) => b.kernel.seconds - a.kernel.seconds);
}

function rooflinePlot(points, peak, ceilings) {
  const [xs, ys] = [points.map((point) => point.x), points.map((point) => point.y)];
  const right = PLOT.width - PLOT.right;
  const floor = PLOT.height - PLOT.bottom;
  const x = axis(Math.min(0.05, ...xs) / 1.5, Math.max(200, ...xs) * 1.5, PLOT.left, right);
  const y = axis(Math.min(peak / 100, ...ys) / 2, Math.max(peak, ...ys) * 2, floor, PLOT.top);
  const vertical = x.powers.map((value) => {
    const at = x.at(value);
    const line = tag("line", { class: "tick", x1: at, x2: at, y1: PLOT.top, y2: floor });
    return line + label(at, floor + 16, "middle", `${Number(value.toPrecision(1))}`);
  });
  const horizontal = y.powers.map((value) => {
    const at = y.at(value);
    const line = tag("line", { class: "tick", x1: PLOT.left, x2: right, y1: at, y2: at });
    return line + label(PLOT.left - 8, at + 4, "end", `${Number((value / 1e9).toPrecision(1))}`);
  });
  const roofs = ceilings.map(([speed, name, classes]) => {
    const path = `M${x.at(x.low)},${y.at(speed * x.low)}L${x.at(peak / speed)},${y.at(peak)}L${right},${y.at(peak)}`;
    const start = x.low * 1.15;
    const text = label(x.at(start), y.at(speed * start) + 18, "start", `${name}, ${(speed / 1e9).toFixed(0)} GB/s`);
    return tag("path", { class: `roof ${classes}`, d: path }) + text;
  });
  const dots = points.map((point) => dot(point, x.at(point.x), y.at(point.y)));
  const names = [
    label(right - 4, y.at(peak) - 8, "end", `peak, ${(peak / 1e9).toFixed(0)} GFLOP/s`),
    label((PLOT.width + PLOT.left) / 2, PLOT.height - 8, "middle", "FLOP per byte"),
    tag("g", { transform: `translate(14,${PLOT.height / 2}) rotate(-90)` }, label(0, 0, "middle", "GFLOP/s")),
  ];
  const attributes = { viewBox: `0 0 ${PLOT.width} ${PLOT.height}`, style: `max-width:${PLOT.width}px;width:100%` };
  return tag(
    "svg",
    { ...attributes, role: "group", "aria-label": "Roofline plot" },
    vertical,
    horizontal,
    roofs,
    dots,
    names,
  );
}

function dot({ kernel, id }, x, y) {
  const reached = `${time(kernel.seconds)}, ${percent(kernel.share)} of the roofline (${kernel.bound})`;
  const radius = (3 + 15 * Math.sqrt(kernel.seconds / slowest)).toFixed(1);
  const place = { cx: x.toFixed(1), cy: y.toFixed(1), r: radius, "data-kind": "kernel", "data-id": id };
  const hint = escapeHtml(`${id} ${kernel.name} ${kernel.where}\n${reached}`);
  const classes = kernel.backward ? "dot back" : "dot";
  return tag("circle", { class: classes, tabindex: 0, role: "button", ...place }, tag("title", {}, hint));
}

function showRoofline(place) {
  const { peaks, bandwidths } = data.roofline;
  const speeds = bandwidths.map(([, speed]) => speed);
  const ceilings = [
    [Math.max(...speeds), "fastest cache", "cache"],
    [speeds[speeds.length - 1], "memory", ""],
  ];
  const text = `Each kernel by its work per byte and its speed; the area is its time, alone and with warm caches. The
    ceilings are measured on this machine with ${data.workers} worker${data.workers > 1 ? "s" : ""}: multiply-adds in
    registers, and copying. A kernel is held to the speed of a copy of as many bytes as it touches. Select a dot to
    explore its kernel.`;
  const copies = [
    bandwidths.map(([bytes]) => [size(bytes), "right"]),
    speeds.map((s) => [(s / 1e9).toFixed(0), "right"]),
  ];
  const reached = Object.entries(peaks).map(([dtype, peak]) => `${dtype}: ${(peak / 1e9).toFixed(0)} GFLOP/s`);
  place.innerHTML = [
    plain("h2", "", "Roofline"),
    plain("p", "", text),
    rooflinePlot(plotted(), peaks.float32, ceilings),
    table([], [["peak", ...reached]]),
    table(
      [],
      [
        ["a copy of", ...copies[0]],
        ["GB/s", ...copies[1]],
      ],
    ),
  ].join("");
}

// ---- memory ----

const ARENA = { width: 1000, height: 380 };

function bufferBox([name, bytes, offset, first, last]) {
  const [kernels, arena] = [Math.max(data.kernels.length, 1), Math.max(data.memory.arena, 1)];
  const place = {
    x: (ARENA.width * first) / kernels,
    width: (ARENA.width * (last - first + 1)) / kernels,
    y: ARENA.height * (1 - (offset + bytes) / arena),
    height: Math.max((ARENA.height * bytes) / arena, 0.5),
  };
  const hint = `${name}\n${size(bytes)} at ${offset}, kernels ${first} to ${last}`;
  return tag("rect", { class: "buffer", ...place }, tag("title", {}, escapeHtml(hint)));
}

function showMemory(place) {
  const { buffers, arena, intermediate, least, inputs, outputs } = data.memory;
  const text = `The arena holds ${buffers.length} intermediate values in ${size(arena)}; side by side they would take
    ${size(intermediate)}, and no plan can do with less than ${size(least)}. Inputs take ${size(inputs)}, outputs
    ${size(outputs)}. To the right: the kernels in order; upwards: the place in the arena.`;
  const attributes = { viewBox: `0 0 ${ARENA.width} ${ARENA.height}`, class: "arena", role: "img" };
  const rows = buffers.map(([name, bytes, offset, first, last]) => [
    [escapeHtml(name), "code"],
    [size(bytes), "right"],
    [offset, "right"],
    [`${first} to ${last}`, "right"],
  ]);
  const head = ["value", ["size", "right"], ["offset", "right"], ["kernels", "right"]];
  place.innerHTML = [
    plain("h2", "", "Memory"),
    plain("p", "", text),
    tag("svg", { ...attributes, "aria-label": "The arena over time" }, buffers.map(bufferBox)),
    tag("details", {}, plain("summary", "", "All buffers"), table(head, rows)),
  ].join("");
}
