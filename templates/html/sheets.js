// The views of lists: passes, schedule.

const signed = (sign, classes, nodes) => nodes.map((node) => plain("div", classes, `${sign} ${node}`));

function showPasses(place) {
  const html = data.passes.map((pass) => {
    const list = [...signed("−", "removed", pass.removed), ...signed("+", "added", pass.added)];
    const summary = plain("small", "", pass.text.slice(pass.name.length + 1));
    const details = tag("details", {}, plain("summary", "", `${list.length} nodes`), tag("code", {}, list));
    return tag("h2", {}, escapeHtml(pass.name), summary) + (list.length ? details : "");
  });
  const text = "What each pass took from the graph and what it added. The graphs themselves can be drawn in Explore.";
  place.innerHTML = plain("h2", "", "Passes") + plain("p", "", text) + html.join("");
}

function nodeText(id) {
  const node = data.nodes[id];
  return escapeHtml(`${node.op}: ${node.type} ${node.lines.map((line) => data.lines[line].place).join(" ")}`);
}

function showSchedule(place) {
  const kernelLink = (id) => link("kernel", id, `${id} ${data.kernels[id].name}`);
  const groups = data.groups.map((kernels) => {
    const nodes = data.kernels[kernels[kernels.length - 1]].nodes;
    return [kernels.map(kernelLink).join("<br>"), [nodes.map(nodeText).join("<br>"), "code"]];
  });
  const refused = data.refusals.map(([node, lead, reason]) => {
    return [[nodeText(node), "code"], [nodeText(lead), "code"], escapeHtml(reason)];
  });
  place.innerHTML = [
    plain("h2", "", "Fusion"),
    plain("p", "", "Each row is computed together, by one kernel or by kernels that work together."),
    table(["kernels", "values"], groups),
    plain("h2", "", "Not fused"),
    table(["value", "is not computed with", "because"], refused),
  ].join("");
}
