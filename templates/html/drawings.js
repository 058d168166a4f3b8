// Drawings: the graph of kernels or of nodes, the roofline, the plan of the memory.

const BOX = { width: 132, height: 24, across: 146, down: 44 };

function drawGraph(graph, boxes) {
  const x = (i) => 12 + graph.x[i] * BOX.across,
    y = (i) => 12 + graph.y[i] * BOX.down;
  const edges = graph.edges.map(([a, b]) => {
    const from = [x(a) + BOX.width / 2, y(a) + BOX.height],
      to = [x(b) + BOX.width / 2, y(b)],
      half = (from[1] + to[1]) / 2;
    return `<path class="edge${graph.y[b] - graph.y[a] > 4 ? " far" : ""}" data-from="${boxes[a].id}" data-to="${boxes[b].id}" d="M${from}C${from[0]},${half} ${to[0]},${half} ${to}"/>`;
  });
  const drawn = boxes.map(
    (
      box,
      i,
    ) => `<g class="box item ${box.classes}" role="option" data-kind="${box.kind}" data-id="${box.id}" transform="translate(${x(i)},${y(i)})">
    <title>${escapeHtml(box.hint)}</title><rect width="${BOX.width}" height="${BOX.height}" rx="5"/><text x="${BOX.width / 2}" y="16" text-anchor="middle">${escapeHtml(box.text.length > 18 ? `${box.text.slice(0, 17)}…` : box.text)}</text></g>`,
  );
  fill(
    "graph",
    `<svg width="${graph.width * BOX.across + 24}" height="${graph.height * BOX.down + 24}">${edges.join("")}${drawn.join("")}</svg>`,
  );
}

const kernelBox = (kernel, id) => ({
  kind: "kernel",
  id,
  text: kernel.name,
  hint: `${id} ${kernel.name} ${kernel.where}\n${kernel.modules.join(" ")}`,
  classes: kernel.backward ? "back" : "",
});
const nodeBox = (node) => ({
  kind: node.node >= 0 ? "node" : "was",
  id: node.node,
  text: node.op,
  classes: `${node.backward ? "back" : ""} ${node.op === "input" ? "input" : ""}`,
  hint: `${node.op}: ${node.type}\n${node.lines.map((line) => data.lines[line].place).join(" ")}`,
});

async function showGraph(which) {
  if (which < 0) {
    drawGraph(data.flow, data.kernels.map(kernelBox));
    note("graph", "who reads whose result");
  } else {
    const graph = await part(data.passes[which].graph);
    drawGraph(graph, graph.nodes.map(nodeBox));
    note("graph", `${graph.nodes.length} nodes`);
  }
}

function showRoofline(place) {
  const roof = data.roofline,
    peak = Math.max(...Object.values(roof.peaks)),
    speeds = roof.bandwidths.map(([, speed]) => speed);
  const [cache, memory] = [Math.max(...speeds), speeds[speeds.length - 1]];
  const points = data.kernels
    .map((kernel, id) => ({
      kernel,
      id,
      x: Math.max(kernel.flops, 1) / Math.max(kernel.bytes, 1),
      y: Math.max(kernel.flops, 1) / kernel.seconds,
    }))
    .filter((point) => point.kernel.flops > 0);
  const wide = 940,
    high = 470,
    left = 70,
    bottom = 44;
  const low = [Math.min(0.05, ...points.map((p) => p.x)) / 1.5, Math.min(peak / 100, ...points.map((p) => p.y)) / 2];
  const top = [Math.max(200, ...points.map((p) => p.x)) * 1.5, peak * 2];
  const along = (value, from, to, a, b) => a + ((b - a) * Math.log(value / from)) / Math.log(to / from);
  const x = (value) => along(value, low[0], top[0], left, wide - 12),
    y = (value) => along(value, low[1], top[1], high - bottom, 12);
  const powers = (from, to) =>
    Array.from(
      { length: Math.floor(Math.log10(to)) - Math.ceil(Math.log10(from)) + 1 },
      (_, i) => 10 ** (Math.ceil(Math.log10(from)) + i),
    );
  const roofLine = (speed, ceiling) =>
    `M${x(low[0])},${y(speed * low[0])}L${x(ceiling / speed)},${y(ceiling)}L${x(top[0])},${y(ceiling)}`;
  const ticks = powers(low[0], top[0])
    .map(
      (v) =>
        `<line class="tick" x1="${x(v)}" x2="${x(v)}" y1="12" y2="${high - bottom}"/><text class="soft" x="${x(v)}" y="${high - bottom + 16}" text-anchor="middle">${v >= 1 ? v : v.toPrecision(1)}</text>`,
    )
    .concat(
      powers(low[1], top[1]).map(
        (v) =>
          `<line class="tick" x1="${left}" x2="${wide - 12}" y1="${y(v)}" y2="${y(v)}"/><text class="soft" x="${left - 8}" y="${y(v) + 4}" text-anchor="end">${v / 1e9}</text>`,
      ),
    );
  const dots = points
    .sort((a, b) => b.kernel.seconds - a.kernel.seconds)
    .map(
      (
        p,
      ) => `<circle class="dot item ${p.kernel.backward ? "back" : ""}" tabindex="0" role="button" data-kind="kernel" data-id="${p.id}" cx="${x(p.x).toFixed(1)}" cy="${y(p.y).toFixed(1)}" r="${(3 + 15 * Math.sqrt(p.kernel.seconds / slowest)).toFixed(1)}">
    <title>${p.id} ${escapeHtml(p.kernel.name)} ${escapeHtml(p.kernel.where)}\n${time(p.kernel.seconds)}, ${percent(p.kernel.share)} of the roofline (${p.kernel.bound})</title></circle>`,
    );
  place.innerHTML = `<h2>Roofline</h2><p>Each kernel by its work per byte and its speed; the area is its time, alone and with warm caches. The ceilings are measured on this machine with ${data.workers} worker${data.workers > 1 ? "s" : ""}: multiply-adds in registers, and copying. Select a dot to explore its kernel.</p>
    <svg viewBox="0 0 ${wide} ${high}" style="max-width:${wide}px;width:100%" role="group" aria-label="Roofline plot">${ticks.join("")}
    <path class="roof cache" d="${roofLine(cache, roof.peaks.float32)}"/><path class="roof" d="${roofLine(memory, roof.peaks.float32)}"/>
    ${dots.join("")}${[
      [cache, "fastest cache"],
      [memory, "memory"],
    ]
      .map(
        ([speed, name]) =>
          `<text class="soft" x="${x(low[0] * 1.15)}" y="${y(speed * low[0] * 1.15) + 18}">${name}, ${(speed / 1e9).toFixed(0)} GB/s</text>`,
      )
      .join("")}
    <text class="soft" x="${wide - 16}" y="${y(roof.peaks.float32) - 8}" text-anchor="end">peak, ${(roof.peaks.float32 / 1e9).toFixed(0)} GFLOP/s</text><text class="soft" x="${(wide + left) / 2}" y="${high - 8}" text-anchor="middle">FLOP per byte</text><text class="soft" transform="translate(14,${high / 2}) rotate(-90)" text-anchor="middle">GFLOP/s</text></svg>
    <table><tr><th>peak</th>${Object.entries(roof.peaks)
      .map(([dtype, value]) => `<td>${dtype}: ${(value / 1e9).toFixed(0)} GFLOP/s</td>`)
      .join("")}</tr></table>
    <table><tr><th>a copy of</th>${roof.bandwidths.map(([bytes]) => `<td class="right">${size(bytes)}</td>`).join("")}</tr><tr><th>GB/s</th>${speeds.map((speed) => `<td class="right">${(speed / 1e9).toFixed(0)}</td>`).join("")}</tr></table>`;
}

function showMemory(place) {
  const memory = data.memory,
    wide = 1000,
    high = 380,
    kernels = Math.max(data.kernels.length, 1),
    arena = Math.max(memory.arena, 1);
  const boxes = memory.buffers.map(
    ([name, bytes, offset, first, last]) =>
      `<rect class="buffer" x="${(wide * first) / kernels}" width="${(wide * (last - first + 1)) / kernels}" y="${high * (1 - (offset + bytes) / arena)}" height="${Math.max((high * bytes) / arena, 0.5)}"><title>${escapeHtml(name)}\n${size(bytes)} at ${offset}, kernels ${first} to ${last}</title></rect>`,
  );
  const rows = memory.buffers.map(
    ([name, bytes, offset, first, last]) =>
      `<tr><td class="code">${escapeHtml(name)}</td><td class="right">${size(bytes)}</td><td class="right">${offset}</td><td class="right">${first} to ${last}</td></tr>`,
  );
  place.innerHTML = `<h2>Memory</h2><p>The arena holds ${memory.buffers.length} intermediate values in ${size(memory.arena)}; side by side they would take ${size(memory.intermediate)}, and no plan can do with less than ${size(memory.least)}. Inputs take ${size(memory.inputs)}, outputs ${size(memory.outputs)}. To the right: the kernels in order; upwards: the place in the arena.</p>
    <svg viewBox="0 0 ${wide} ${high}" style="max-width:${wide}px;width:100%;background:var(--sunk);border-radius:8px" role="img" aria-label="Arena over time">${boxes.join("")}</svg>
    <details><summary>All buffers</summary><table><tr><th>value</th><th class="right">size</th><th class="right">offset</th><th class="right">kernels</th></tr>${rows.join("")}</table></details>`;
}
