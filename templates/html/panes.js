// The panes of text: your source, the kernels, the selected kernel's template, text, IR and assembly.

const pane = (id) => document.getElementById(id);
const body = (id) => pane(id).querySelector(".body");

function note(id, text) {
  const place = pane(id).querySelector(".note");
  place.textContent = place.title = text;
}

// Something that can be highlighted and selected.
const item = (kind, id, classes, ...inside) =>
  tag("div", { class: `${classes} item`, role: "option", "data-kind": kind, "data-id": id }, inside);

const bar = (seconds, most) =>
  tag("span", { class: "time" }, tag("span", { style: `width:${((100 * seconds) / most).toFixed(1)}%` }));

const empty = (text) => plain("p", "empty", text);

// The things of each pane by kind and number, so that a highlight looks at nothing else.
const things = {};

function fill(id, html) {
  body(id).innerHTML = "";
  things[id] = new Map();
  add(id, html);
}

function add(id, html) {
  const fresh = document.createRange().createContextualFragment(html);
  for (const element of fresh.querySelectorAll(".item")) {
    const key = `${element.dataset.kind} ${element.dataset.id}`;
    if (things[id].has(key)) things[id].get(key).push(element);
    else things[id].set(key, [element]);
  }
  body(id).append(fresh);
}

const belonging = (id, found) =>
  Object.entries(found).flatMap(([kind, ids]) =>
    [...ids].flatMap((number) => things[id]?.get(`${kind} ${number}`) || []),
  );

// ---- your source ----

function showSource() {
  const ids = new Map(data.lines.map((line, id) => [`${line.file}:${line.number}`, id]));
  const html = data.files.flatMap((file, number) => {
    const title = tag("div", { class: "line file", title: file.path }, escapeHtml(file.name));
    return [
      title,
      ...file.text.map(([at, text], i) => gap(file, i) + sourceLine(ids.get(`${number}:${at}`), at, text)),
    ];
  });
  fill("source", html.length ? tag("div", { class: "code" }, html) : empty("No line is known."));
  note("source", `${data.lines.filter((line) => line.kernels.length).length} lines with kernels`);
}

const gap = (file, i) =>
  i && file.text[i][0] > file.text[i - 1][0] + 1 ? tag("div", { class: "line gap" }, tag("i", {}, "⋯")) : "";

function sourceLine(id, at, text) {
  const code = tag("span", {}, highlight("python", text));
  if (id === undefined) {
    const room = tag("span", { class: "time", style: "visibility:hidden" });
    return tag("div", { class: "line other" }, tag("i", {}, at), room, code);
  }
  const line = data.lines[id];
  const hint = `${time(line.seconds)} of ${time(allSeconds)}, ${line.kernels.length} kernels ${line.scopes.join(" ")}`;
  return item("line", id, "line mine", tag("i", { title: hint }, at), bar(line.seconds, slowestLine), code);
}

// ---- kernels ----

function showKernels() {
  fill("kernels", data.kernels.map(kernelRow).join("") || empty("This program runs no kernel."));
  note("kernels", `${data.kernels.length}, time and share of the roofline`);
}

// In the order in which they run, or the slowest first.
function orderKernels(slowestFirst) {
  const rows = [...body("kernels").querySelectorAll(".kernel")];
  const key = (row) => (slowestFirst ? -data.kernels[row.dataset.id].seconds : Number(row.dataset.id));
  body("kernels").append(...rows.sort((a, b) => key(a) - key(b)));
}

function kernelRow(kernel, id) {
  const about = [kernel.where, kernel.modules[0], kernel.template].filter(Boolean).join(" · ");
  return item(
    "kernel",
    id,
    kernel.backward ? "kernel back" : "kernel",
    tag("i", {}, id),
    tag("div", {}, tag("b", { title: kernel.name }, escapeHtml(kernel.name)), plain("small", "", about)),
    tag("div", {}, plain("div", "much", time(kernel.seconds)), bar(kernel.seconds, slowest)),
    tag("div", { class: "of", title: `of the roofline, limited by ${kernel.bound}` }, percent(kernel.share)),
  );
}

const link = (kind, id, text) =>
  tag("a", { class: "line-link", tabindex: 0, "data-kind": kind, "data-id": id }, escapeHtml(text));
const lineLink = (id) => link("line", id, data.lines[id].place);

function showDetail() {
  const kernel = data.kernels[shown.kernel];
  const where = `${kernel.backward ? "backward" : ""} ${kernel.modules.join(" ")}`;
  const parameters = Object.entries(kernel.parameters).map(
    ([name, value]) => `${escapeHtml(name)}&nbsp;${plain("b", "", value)}`,
  );
  const chosen = (text) => (text.includes("(chosen)") ? "chosen" : "");
  body("detail").innerHTML = [
    tag(
      "div",
      {},
      plain("h3", "", `${shown.kernel} ${kernel.name}`),
      tag("p", {}, kernel.lines.map(lineLink).join(" "), " ", escapeHtml(where)),
      tag("dl", { class: "facts" }, facts(kernel)),
    ),
    tag(
      "div",
      {},
      tag("p", {}, plain("b", "", kernel.template), ", because ", escapeHtml(kernel.reason)),
      tag(
        "ul",
        {},
        kernel.candidates.map((text) => plain("li", chosen(text), text)),
      ),
    ),
    tag("div", {}, tag("div", { class: "parameters" }, parameters.join("  ")), plain("p", "", kernel.registers)),
  ].join("");
}

const facts = (kernel) =>
  [
    ["time", `${time(kernel.seconds)} (${percent(kernel.seconds / allSeconds)})`],
    ["roofline", `${percent(kernel.share)}, ${kernel.bound}`],
    ["speed", `${(kernel.flops / kernel.seconds / 1e9).toPrecision(3)} GFLOP/s`],
    ["memory", `${(kernel.bytes / kernel.seconds / 1e9).toPrecision(3)} GB/s`],
    ["work", `${count(kernel.flops)}FLOP, ${size(kernel.bytes)}`],
  ].map(([name, value]) => tag("div", {}, plain("dt", "", name), plain("dd", "", value)));

// ---- code ----

const CHUNK = 300; // lines that are drawn at once

// For each line of the assembly the block that begins there.
function headings(text) {
  const names = blocks(text.text);
  let before = "";
  return text.asmFrom.map((line) => {
    const now = names[line] || before;
    const heading = now === before ? "" : tag("div", { class: "line gap" }, tag("i"), escapeHtml(now));
    before = now;
    return heading;
  });
}

// Lines of code: `idAt` says what a line is, if anything, `numberAt` what stands before it, `above` what above it.
// The result is a function for the lines of a range.
function codeLines(language, lines, kind, idAt, numberAt, above = []) {
  const html = (text, i) => {
    const code = `<i>${numberAt(i)}</i><span>${highlight(language, text)}</span>`;
    const line = idAt(i) ? item(kind, idAt(i), "line", code) : `<div class="line other">${code}</div>`;
    return (above[i] || "") + line;
  };
  return (first, last) =>
    tag(
      "div",
      { class: "code" },
      lines.slice(first, last).map((text, i) => html(text, first + i)),
    );
}

// Draw the first lines of some code at once, and the others while nothing else is to be done.
async function fillCode(id, text, lines, count) {
  fill(id, lines(0, CHUNK));
  for (let first = CHUNK; first < count; first += CHUNK) {
    await new Promise((resolve) => setTimeout(resolve));
    if (text !== shown.text) return;
    add(id, lines(first, first + CHUNK));
  }
}

async function showCode() {
  const number = shown.kernel;
  const kernel = data.kernels[number];
  const text = await part(kernel.text);
  if (number !== shown.kernel) return; // another one was selected meanwhile
  shown.text = text;
  shown.nodeAt = spread(kernel.map, text.text.length);
  const from = (places) => [(i) => places[i], (i) => places[i] || ""];
  const own = (i) => i + 1;
  const drawing = [
    fillCode("text", text, codeLines("llvm", text.text, "text", own, own), text.text.length),
    fillCode("ir", text, codeLines("llvm", text.ir, "text", ...from(text.irFrom)), text.ir.length),
    fillCode("asm", text, codeLines("asm", text.asm, "text", ...from(text.asmFrom), headings(text)), text.asm.length),
  ];
  note("text", `${text.text.length} lines`);
  note("ir", `${text.ir.length} lines, numbered as rendered`);
  note("asm", `${text.asm.length} lines · ${kernel.registers}`);
  await showTemplates(text);
  shown.drawing = Promise.all(drawing).then(() => text === shown.text && markPinned());
}

async function showTemplates(text) {
  const numbers = [...new Set(text.template.map(([file]) => file))];
  const used = new Set(text.template.map((place) => place.join(":")));
  const files = await Promise.all(numbers.map((number) => part(data.templates[number].part)));
  if (text !== shown.text) return;
  const html = files.map((lines, i) => {
    const id = (at) => `${numbers[i]}:${at + 1}`;
    const title = plain("div", "line file", data.templates[numbers[i]].name);
    const code = codeLines(
      "jinja",
      lines,
      "template",
      (at) => used.has(id(at)) && id(at),
      (at) => at + 1,
    );
    return tag("div", { class: "code" }, title) + code(0, lines.length);
  });
  fill("template", html.join("") || empty("Not known."));
  note("template", numbers.length ? `${data.templates[numbers[0]].name} and ${numbers.length - 1} libraries` : "");
}
