// Views, search, keys, and how the page begins.

const VIEWS = ["Explore", "Roofline", "Passes", "Schedule", "Memory"];
const DRAW = { Roofline: showRoofline, Passes: showPasses, Schedule: showSchedule, Memory: showMemory };

// ---- views ----

function show(view) {
  for (const name of VIEWS) {
    const tab = document.getElementById(`tab-${name}`);
    tab.setAttribute("aria-selected", name === view);
    tab.tabIndex = name === view ? 0 : -1;
    document.getElementById(name).hidden = name !== view;
  }
  const sheet = document.getElementById(view);
  if (view in DRAW && !sheet.childElementCount) DRAW[view](sheet);
}

async function changeGraph() {
  await showGraph(Number(choice.value));
  markPinned();
}

// ---- search ----

function search(query) {
  const wanted = query.trim().toLowerCase();
  const has = (text) => text.toLowerCase().includes(wanted);
  document.querySelectorAll(".hit").forEach((element) => element.classList.remove("hit"));
  for (const row of body("kernels").querySelectorAll(".kernel")) {
    const kernel = data.kernels[Number(row.dataset.id)];
    row.hidden = ![kernel.name, kernel.where, kernel.template, ...kernel.modules].some(has);
  }
  if (!wanted) return;
  for (const name of PANES) {
    const hits = [...body(name).querySelectorAll(".line, .box")].filter((element) => has(element.textContent));
    hits.forEach((element) => element.classList.add("hit"));
    if (wanted.length > 1) reveal(body(name), hits[0]); // one letter is found everywhere
  }
  const lines = document.querySelectorAll(".line.hit").length;
  status.textContent = `${body("kernels").querySelectorAll(".kernel:not([hidden])").length} kernels, ${lines} lines`;
}

// ---- keys and pointers ----

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -Infinity, End: Infinity };

// Move the cursor of a pane, from where it is or from what is selected.
function move(scroller, step) {
  const items = [...scroller.querySelectorAll(".item:not([hidden])")];
  if (!items.length) return;
  const at = (selector) => items.findIndex((element) => element.matches(selector));
  const start = at(".cursor") >= 0 ? at(".cursor") : at(".pin, [aria-selected=true]");
  const next = items[Math.max(0, Math.min(items.length - 1, start + step))];
  for (const element of document.querySelectorAll(".cursor")) {
    element.classList.remove("cursor");
    element.removeAttribute("id");
  }
  next.classList.add("cursor");
  next.id = "cursor";
  scroller.setAttribute("aria-activedescendant", "cursor");
  reveal(scroller, next);
  light(next);
}

function activate(element) {
  const what = thing(element);
  if (!what) return;
  show("Explore");
  pin(...what, element.closest(".pane")?.id);
}

function focusPane(number) {
  show("Explore");
  body(PANES[number - 1]).focus();
}

function nextTab(step) {
  const now = VIEWS.findIndex((view) => !document.getElementById(view).hidden);
  const view = VIEWS[(now + step + VIEWS.length) % VIEWS.length];
  show(view);
  document.getElementById(`tab-${view}`).focus();
}

const searchField = document.getElementById("search");

const KEYS = {
  "/": () => searchField.focus(),
  "]": () => select(shown.kernel + 1),
  "[": () => select(shown.kernel - 1),
  f: (target) => target.closest(".pane")?.classList.toggle("large"),
};

// Whether the key meant something.
function pressed(key, target) {
  const scroller = target.closest(".body[role=listbox]");
  if (target.closest("[role=tab]") && (key === "ArrowRight" || key === "ArrowLeft"))
    nextTab(key === "ArrowRight" ? 1 : -1);
  else if (key in KEYS) KEYS[key](target);
  else if (key >= "1" && key <= String(PANES.length)) focusPane(Number(key));
  else if (scroller && key in STEPS) move(scroller, STEPS[key]);
  else if (key === "Enter" && scroller) activate(scroller.querySelector(".cursor"));
  else if ((key === "Enter" || key === " ") && target.dataset.kind) activate(target);
  else return false;
  return true;
}

function onKey(event) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "Escape") {
    clear();
    searchField.blur();
  } else if (target === searchField) {
    if (key === "Enter") activate(body("kernels").querySelector(".kernel:not([hidden])"));
  } else if (!target.matches("select") && pressed(key, target)) event.preventDefault();
}

function onClick({ target }) {
  const tab = target.closest("[role=tab]");
  if (tab) show(tab.textContent);
  else if (target.closest(".wide")) target.closest(".pane").classList.toggle("large");
  else activate(target.closest("[data-kind]"));
}

// ---- beginning ----

function showTotals() {
  const flops = data.kernels.reduce((sum, kernel) => sum + kernel.flops, 0);
  const totals = [
    ["kernels", data.kernels.length],
    ["time", time(data.seconds)],
    ["work", `${count(flops)}FLOP`],
    ["arena", size(data.memory.arena)],
    ["workers", data.workers],
    ["", data.isa],
  ];
  const html = totals.map(([name, value]) => tag("div", {}, plain("dt", "", name), plain("dd", "", value)));
  document.getElementById("totals").innerHTML = html.join("");
}

async function begin() {
  const graphs = [["kernels", -1], ...data.passes.map((pass, i) => [pass.name, i])];
  choice.innerHTML = graphs.map(([name, value]) => tag("option", { value }, escapeHtml(name))).join("");
  showTotals();
  showSource();
  showKernels();
  await showGraph(-1);
  choice.addEventListener("change", changeGraph);
  const order = pane("kernels").querySelector("select");
  order.addEventListener("change", () => orderKernels(order.value === "slowest"));
  searchField.addEventListener("input", () => search(searchField.value));
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerover", (event) => light(event.target.closest?.("[data-kind]") || null));
  document.addEventListener("click", onClick);
  const slower = (a, b) => (data.kernels[b].seconds > data.kernels[a].seconds ? b : a);
  if (data.kernels.length) await select(data.kernels.map((_, id) => id).reduce(slower));
  document.body.dataset.ready = Math.round(performance.now());
}

begin();
