// The panes of text: your source, the kernels, the selected kernel's template, text, IR and assembly.

const pane = (id) => document.getElementById(id);
const body = (id) => pane(id).querySelector(".body");
const note = (id, text) => {
  const place = pane(id).querySelector(".note");
  place.textContent = place.title = text;
};
const item = (kind, id, classes, html) =>
  `<div class="${classes}" role="option" data-kind="${kind}" data-id="${id}">${html}</div>`;
const bar = (seconds, most) =>
  `<span class="time"><span style="width:${((100 * seconds) / most).toFixed(1)}%"></span></span>`;

// The things of each pane by kind and number, so that a highlight looks at nothing else.
const things = {};

function fill(id, html) {
  body(id).innerHTML = html;
  things[id] = new Map();
  for (const element of body(id).querySelectorAll(".item")) {
    const key = `${element.dataset.kind} ${element.dataset.id}`;
    if (things[id].has(key)) things[id].get(key).push(element);
    else things[id].set(key, [element]);
  }
}

const belonging = (id, found) =>
  Object.entries(found).flatMap(([kind, ids]) =>
    [...ids].flatMap((number) => things[id]?.get(`${kind} ${number}`) || []),
  );

function showSource() {
  const place = new Map(data.lines.map((line, id) => [`${line.file}:${line.number}`, id]));
  const most = Math.max(...data.lines.map((line) => line.seconds), 1e-12);
  let html = "";
  data.files.forEach((file, number) => {
    html += `<div class="line file" title="${escapeHtml(file.path)}">${escapeHtml(file.name)}</div>`;
    let before = file.text.length ? file.text[0][0] - 1 : 0;
    for (const [at, text] of file.text) {
      if (at > before + 1) html += '<div class="line gap"><i>⋯</i></div>';
      before = at;
      const id = place.get(`${number}:${at}`),
        code = highlight("python", text);
      if (id === undefined)
        html += `<div class="line other"><i>${at}</i><span class="time" style="visibility:hidden"></span><span>${code}</span></div>`;
      else {
        const line = data.lines[id],
          hint = `${time(line.seconds)} of ${time(allSeconds)}, ${line.kernels.length} kernels ${line.scopes.join(" ")}`;
        html += item(
          "line",
          id,
          "line mine item",
          `<i title="${escapeHtml(hint)}">${at}</i>${bar(line.seconds, most)}<span>${code}</span>`,
        );
      }
    }
  });
  fill("source", html ? `<div class="code">${html}</div>` : '<p class="empty">No line is known.</p>');
  note("source", `${data.lines.filter((line) => line.kernels.length).length} lines with kernels`);
}

function showKernels() {
  fill(
    "kernels",
    data.kernels
      .map((kernel, id) =>
        item(
          "kernel",
          id,
          `kernel item${kernel.backward ? " back" : ""}`,
          `
    <i>${id}</i>
    <div><b title="${escapeHtml(kernel.name)}">${escapeHtml(kernel.name)}</b><small>${escapeHtml([kernel.where, kernel.modules[0], kernel.template].filter(Boolean).join(" · "))}</small></div>
    <div><div class="much">${time(kernel.seconds)}</div>${bar(kernel.seconds, slowest)}</div>
    <div class="of" title="of the roofline, limited by ${kernel.bound}">${percent(kernel.share)}</div>`,
        ),
      )
      .join("") || '<p class="empty">This program runs no kernel.</p>',
  );
  note("kernels", `${data.kernels.length}, time and share of the roofline`);
}

const lineLink = (id) =>
  `<a class="line-link" tabindex="0" data-kind="line" data-id="${id}">${escapeHtml(data.lines[id].place)}</a>`;

function showDetail() {
  const kernel = data.kernels[shown.kernel];
  const facts = [
    ["time", `${time(kernel.seconds)} (${percent(kernel.seconds / allSeconds)})`],
    ["roofline", `${percent(kernel.share)}, ${kernel.bound}`],
    ["speed", `${(kernel.flops / kernel.seconds / 1e9).toPrecision(3)} GFLOP/s`],
    ["memory", `${(kernel.bytes / kernel.seconds / 1e9).toPrecision(3)} GB/s`],
    ["work", `${count(kernel.flops)}FLOP, ${size(kernel.bytes)}`],
  ];
  body("detail").innerHTML = `
    <div><h3>${shown.kernel} ${escapeHtml(kernel.name)}</h3>
      <p>${kernel.lines.map(lineLink).join(" ")} ${kernel.backward ? "backward" : ""} ${escapeHtml(kernel.modules.join(" "))}</p>
      <dl class="facts">${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join("")}</dl></div>
    <div><p><b>${escapeHtml(kernel.template)}</b>, because ${escapeHtml(kernel.reason)}</p>
      <ul>${kernel.candidates.map((text) => `<li class="${text.includes("(chosen)") ? "chosen" : ""}">${escapeHtml(text)}</li>`).join("")}</ul></div>
    <div><div class="parameters">${Object.entries(kernel.parameters)
      .map(([name, value]) => `${escapeHtml(name)}&nbsp;<b>${escapeHtml(value)}</b>`)
      .join("  ")}</div>
      <p>${escapeHtml(kernel.registers)}</p></div>`;
}

const codeLines = (language, lines, kind, idAt, numberAt) =>
  `<div class="code">${lines
    .map((text, i) => {
      const id = idAt(i),
        code = `<i>${numberAt(i)}</i><span>${highlight(language, text)}</span>`;
      return id ? item(kind, id, "line item", code) : `<div class="line other">${code}</div>`;
    })
    .join("")}</div>`;

async function showCode() {
  const kernel = data.kernels[shown.kernel],
    number = shown.kernel;
  const text = await part(kernel.text);
  if (number !== shown.kernel) return; // another one was selected meanwhile
  shown.text = text;
  shown.nodeAt = spread(kernel.map, text.text.length);
  fill(
    "text",
    codeLines(
      "llvm",
      text.text,
      "text",
      (i) => i + 1,
      (i) => i + 1,
    ),
  );
  fill(
    "ir",
    codeLines(
      "llvm",
      text.ir,
      "text",
      (i) => text.irFrom[i],
      (i) => text.irFrom[i] || "",
    ),
  );
  fill(
    "asm",
    codeLines(
      "asm",
      text.asm,
      "text",
      (i) => text.asmFrom[i],
      (i) => text.asmFrom[i] || "",
    ),
  );
  note("text", `${text.text.length} lines`);
  note("ir", `${text.ir.length} lines, numbered as rendered`);
  note("asm", `${text.asm.length} lines · ${kernel.registers}`);
  await showTemplates(text);
}

async function showTemplates(text) {
  const numbers = [...new Set(text.template.map(([file]) => file))];
  const used = new Set(text.template.map((place) => place.join(":")));
  const files = await Promise.all(numbers.map((number) => part(data.templates[number].part)));
  if (text !== shown.text) return;
  fill(
    "template",
    files
      .map(
        (lines, i) =>
          `<div class="code"><div class="line file">${escapeHtml(data.templates[numbers[i]].name)}</div></div>` +
          codeLines(
            "jinja",
            lines,
            "template",
            (at) => used.has(`${numbers[i]}:${at + 1}`) && `${numbers[i]}:${at + 1}`,
            (at) => at + 1,
          ),
      )
      .join("") || '<p class="empty">Not known.</p>',
  );
  note("template", numbers.length ? `${data.templates[numbers[0]].name} and ${numbers.length - 1} libraries` : "");
}
