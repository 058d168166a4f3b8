// Selecting, highlighting, searching, keys.

const VIEWS = ["Explore", "Roofline", "Passes", "Schedule", "Memory"];
const PANES = ["source", "graph", "kernels", "template", "text", "ir", "asm"];
const rendered = new Set(["Explore"]);
const status = document.getElementById("status");

const choice = () => pane("graph").querySelector("select");

// ---- highlighting ----

const marked = { lit: [], pin: [] };

function mark(found, name) {
  marked[name].forEach((element) => element.classList.remove(name));
  marked[name] = found ? PANES.flatMap((pane) => belonging(pane, found)) : [];
  marked[name].forEach((element) => element.classList.add(name));
}

function describe(kind, id, found) {
  const lines = [...found.line].map((line) => data.lines[line].place),
    nodes = [...found.node].map((node) => data.nodes[node]);
  const parts = {
    line: () => `${data.lines[id].place}: ${data.lines[id].text}`,
    kernel: () => `kernel ${id}: ${data.kernels[id].name}`,
    node: () => `${data.nodes[id].op}: ${data.nodes[id].type}`,
    text: () => `line ${id} of ${data.kernels[shown.kernel].name}`,
    template: () => `template line ${id.split(":")[1]}`,
  };
  const more =
    kind === "line"
      ? `${found.kernel.size} kernels`
      : kind === "kernel"
        ? lines.join(" ")
        : [
            nodes
              .slice(0, 3)
              .map((node) => node.op)
              .join(" "),
            lines.join(" "),
          ]
            .filter(Boolean)
            .join("  ←  ");
  return `${parts[kind]()}  ·  ${more}`;
}

const thing = (element) =>
  element && element.dataset.kind !== "was"
    ? [element.dataset.kind, element.dataset.kind === "template" ? element.dataset.id : Number(element.dataset.id)]
    : null;
let lastLit = null;

function light(element) {
  if (element === lastLit) return;
  lastLit = element;
  const what = thing(element);
  if (!what) {
    mark(null, "lit");
    status.textContent = shown.pinned ? shown.pinned.text : "";
    return;
  }
  const found = related(...what);
  mark(found, "lit");
  status.textContent = describe(...what, found);
}

// Hold on to a thing: it stays highlighted, and the other panes scroll to what belongs to it.
async function pin(kind, id, from) {
  if (kind === "line" && !data.lines[id].kernels.includes(shown.kernel) && data.lines[id].kernels.length) {
    const slow = data.lines[id].kernels.reduce((a, b) => (data.kernels[a].seconds >= data.kernels[b].seconds ? a : b));
    await select(slow, false);
  } else if (kind === "kernel") await select(id, false);
  else if (kind === "node" && data.nodes[id].kernels.length && !data.nodes[id].kernels.includes(shown.kernel))
    await select(data.nodes[id].kernels[0], false);
  const found = related(kind, id);
  shown.pinned = { kind, id, text: describe(kind, id, found) };
  mark(found, "pin");
  pane("graph")
    .querySelectorAll(".edge")
    .forEach((edge) => {
      const ends = [Number(edge.dataset.from), Number(edge.dataset.to)];
      edge.classList.toggle(
        "on",
        ends.some((end) => (Number(choice().value) < 0 ? end === shown.kernel : kind === "node" && end === id)),
      );
    });
  status.textContent = shown.pinned.text;
  for (const name of PANES)
    if (name !== from)
      reveal(body(name), body(name).querySelector(".pin") || body(name).querySelector("[aria-selected=true]"));
}

function reveal(scroller, element) {
  if (!element) return;
  const outer = scroller.getBoundingClientRect(),
    inner = element.getBoundingClientRect();
  if (inner.top < outer.top || inner.bottom > outer.bottom)
    scroller.scrollTop += inner.top - outer.top - outer.height / 3;
  if (element.classList.contains("box") && (inner.left < outer.left || inner.right > outer.right))
    scroller.scrollLeft += inner.left - outer.left - outer.width / 3;
}

async function select(id, andPin = true) {
  if (id < 0 || id >= data.kernels.length) return;
  shown.kernel = id;
  document
    .querySelectorAll("[data-kind=kernel]")
    .forEach((element) => element.setAttribute("aria-selected", Number(element.dataset.id) === id));
  showDetail();
  await showCode();
  if (andPin) await pin("kernel", id);
}

function clear() {
  shown.pinned = null;
  mark(null, "pin");
  mark(null, "lit");
  document.querySelectorAll(".cursor").forEach((element) => element.classList.remove("cursor"));
  document.querySelectorAll(".large").forEach((element) => element.classList.remove("large"));
  document.getElementById("search").value = "";
  search("");
  status.textContent = "";
}

// ---- search ----

function search(query) {
  const wanted = query.trim().toLowerCase();
  document.querySelectorAll(".hit").forEach((element) => element.classList.remove("hit"));
  for (const row of body("kernels").children) {
    const kernel = data.kernels[Number(row.dataset.id)];
    row.hidden =
      Boolean(wanted) &&
      kernel !== undefined &&
      ![kernel.name, kernel.where, kernel.template, ...kernel.modules].some((text) =>
        text.toLowerCase().includes(wanted),
      );
  }
  if (!wanted) return;
  for (const name of PANES) {
    const hits = [...body(name).querySelectorAll(".line, .box")].filter((element) =>
      element.textContent.toLowerCase().includes(wanted),
    );
    hits.forEach((element) => element.classList.add("hit"));
    reveal(body(name), hits[0]);
  }
  const kernels = [...body("kernels").children].filter((row) => !row.hidden).length;
  status.textContent = `${kernels} kernels, ${document.querySelectorAll(".line.hit").length} lines with “${query}”`;
}

// ---- views ----

function passes(place) {
  place.innerHTML =
    `<h2>Passes</h2><p>What each pass took from the graph and what it added. The graphs themselves can be drawn in Explore.</p>` +
    data.passes
      .map((pass) => {
        const list = [
          ...pass.removed.map((node) => `<div class="removed">− ${escapeHtml(node)}</div>`),
          ...pass.added.map((node) => `<div class="added">+ ${escapeHtml(node)}</div>`),
        ];
        return `<h2>${escapeHtml(pass.name)}<small>${escapeHtml(pass.text.slice(pass.name.length + 1))}</small></h2>${list.length ? `<details><summary>${list.length} nodes</summary><code>${list.join("")}</code></details>` : ""}`;
      })
      .join("");
}

function schedule(place) {
  const named = (id) => {
    const kernel = data.kernels[id];
    return `<a class="line-link" tabindex="0" data-kind="kernel" data-id="${id}">${id} ${escapeHtml(kernel.name)}</a>`;
  };
  const node = (id) =>
    `${data.nodes[id].op}: ${data.nodes[id].type} ${data.nodes[id].lines.map((line) => data.lines[line].place).join(" ")}`;
  const groups = data.groups.map(
    (kernels) =>
      `<tr><td>${kernels.map(named).join("<br>")}</td><td class="code">${data.kernels[kernels[kernels.length - 1]].nodes.map((id) => escapeHtml(node(id))).join("<br>")}</td></tr>`,
  );
  const refused = data.refusals.map(
    ([one, lead, reason]) =>
      `<tr><td class="code">${escapeHtml(node(one))}</td><td class="code">${escapeHtml(node(lead))}</td><td>${escapeHtml(reason)}</td></tr>`,
  );
  place.innerHTML = `<h2>Fusion</h2><p>Each row is computed together, by one kernel or by kernels that work together.</p><table><tr><th>kernels</th><th>values</th></tr>${groups.join("")}</table>
    <h2>Not fused</h2><table><tr><th>value</th><th>is not computed with</th><th>because</th></tr>${refused.join("")}</table>`;
}

const DRAW = { Roofline: showRoofline, Passes: passes, Schedule: schedule, Memory: showMemory };

function show(view, focus = true) {
  for (const name of VIEWS) {
    const tab = document.getElementById(`tab-${name}`),
      on = name === view;
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on ? 0 : -1;
    document.getElementById(name).hidden = !on;
    if (on && focus) tab.focus();
  }
  if (!rendered.has(view)) DRAW[view](document.getElementById(view));
  rendered.add(view);
}

// ---- keys and pointers ----

function move(scroller, step) {
  const items = [...scroller.querySelectorAll(".item")].filter((element) => !element.hidden);
  if (!items.length) return;
  const now = items.findIndex((element) => element.classList.contains("cursor"));
  const start = now >= 0 ? now : items.findIndex((element) => element.matches(".pin, [aria-selected=true]"));
  const next = items[Math.max(0, Math.min(items.length - 1, start + step))];
  document.querySelectorAll(".cursor").forEach((element) => {
    element.classList.remove("cursor");
    element.removeAttribute("id");
  });
  next.classList.add("cursor");
  next.id = "cursor";
  scroller.setAttribute("aria-activedescendant", "cursor");
  reveal(scroller, next);
  light(next);
}

function activate(element) {
  const what = thing(element);
  if (!what) return;
  show("Explore", false);
  pin(...what, element.closest(".pane")?.id);
}

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -1e9, End: 1e9 };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    clear();
    event.target.blur?.();
    return;
  }
  if (event.target.matches("input")) {
    if (event.key === "Enter") {
      const row = [...body("kernels").querySelectorAll(".kernel")].find((element) => !element.hidden);
      if (row) activate(row);
    }
    return;
  }
  const tab = event.target.closest("[role=tab]"),
    scroller = event.target.closest(".body[role=listbox]");
  if (tab && (event.key === "ArrowRight" || event.key === "ArrowLeft"))
    show(VIEWS[(VIEWS.indexOf(tab.textContent) + (event.key === "ArrowRight" ? 1 : VIEWS.length - 1)) % VIEWS.length]);
  else if (event.key === "/") document.getElementById("search").focus();
  else if (event.key >= "1" && event.key <= "7") {
    show("Explore", false);
    body(PANES[Number(event.key) - 1]).focus();
  } else if (event.key === "]" || event.key === "[") select(shown.kernel + (event.key === "]" ? 1 : -1));
  else if (event.key === "f" && event.target.closest(".pane")) event.target.closest(".pane").classList.toggle("large");
  else if (scroller && event.key in STEPS) move(scroller, STEPS[event.key]);
  else if ((event.key === "Enter" || event.key === " ") && (scroller || event.target.dataset.kind))
    activate(scroller ? scroller.querySelector(".cursor") : event.target);
  else return;
  event.preventDefault();
}

function begin() {
  const total = [
    ["kernels", data.kernels.length],
    ["time", time(data.seconds)],
    ["work", `${count(data.kernels.reduce((sum, kernel) => sum + kernel.flops, 0))}FLOP`],
    ["arena", size(data.memory.arena)],
    ["workers", data.workers],
    ["", data.isa],
  ];
  document.getElementById("totals").innerHTML = total
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
    .join("");
  choice().innerHTML = [["kernels", -1], ...data.passes.map((pass, i) => [pass.name, i])]
    .map(([name, value]) => `<option value="${value}">${escapeHtml(name)}</option>`)
    .join("");
  choice().addEventListener("change", () =>
    showGraph(Number(choice().value)).then(
      () => shown.pinned && mark(related(shown.pinned.kind, shown.pinned.id), "pin"),
    ),
  );
  showSource();
  showKernels();
  showGraph(-1);
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerover", (event) => light(event.target.closest?.("[data-kind]")));
  document.addEventListener("click", (event) => {
    const element = event.target.closest("[data-kind]"),
      tab = event.target.closest("[role=tab]");
    if (event.target.closest(".wide")) event.target.closest(".pane").classList.toggle("large");
    else if (tab) show(tab.textContent);
    else if (element) activate(element);
  });
  document.getElementById("search").addEventListener("input", (event) => search(event.target.value));
  const slow = data.kernels.reduce((best, kernel, id) => (kernel.seconds > data.kernels[best].seconds ? id : best), 0);
  if (data.kernels.length) select(slow).then(() => document.body.setAttribute("data-ready", "true"));
  else document.body.setAttribute("data-ready", "true");
}

begin();
