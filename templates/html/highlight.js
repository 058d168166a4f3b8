// Colours for code: a line of text -> HTML. Each language is a list of patterns; the first that fits colours what it fits.

const LANGUAGES = {
  python: [
    ["C", /#.*/],
    ["S", /[rbf]?("""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/],
    [
      "K",
      /\b(?:def|class|return|if|elif|else|for|while|in|not|and|or|is|import|from|as|with|lambda|None|True|False|self|yield|raise|try|except|finally|pass|assert)\b/,
    ],
    ["T", /@[\w.]+/],
    ["N", /\b\d[\w.]*\b/],
  ],
  llvm: [
    ["C", /;.*/],
    ["S", /"[^"]*"/],
    ["V", /[%@][\w.$]+/],
    ["T", /\b(?:i\d+|float|double|half|bfloat|ptr|void|label|x)\b/],
    [
      "K",
      /\b(?:define|declare|internal|noinline|ret|br|phi|load|store|call|getelementptr|select|icmp|fcmp|alloca|switch|align|to|nsw|nuw|inbounds|f?add|f?sub|f?mul|f?div|udiv|sdiv|urem|srem|f?neg|and|or|xor|shl|lshr|ashr|zext|sext|trunc|fpext|fptrunc|bitcast|[su]itofp|fpto[su]i|insertelement|extractelement|shufflevector|poison|undef|zeroinitializer|true|false)\b/,
    ],
    ["N", /-?\b(?:0x[\dA-Fa-f]+|\d[\d.e+-]*)\b/],
  ],
  jinja: [
    ["K", /^%%.*/],
    ["C", /^\s*(?:##|;).*|\{#[^]*?#\}/],
    ["K", /\{%.*?%\}/],
    ["T", /\{\{.*?\}\}/],
    ["V", /[%@][\w.$]+/],
  ],
  asm: [
    ["C", /#.*|\/\/.*/],
    ["K", /^\s+[a-z][\w.]*/],
    ["V", /%\w+|\b[vqdsxw]\d+(?:\.\w+)?\b/],
    ["N", /[$#]?-?\b(?:0x[\da-f]+|\d+)\b/],
    ["T", /^[.\w$]+:/],
  ],
};

const COMPILED = Object.fromEntries(
  Object.entries(LANGUAGES).map(([name, rules]) => [
    name,
    new RegExp(rules.map(([, rule]) => `(${rule.source.replace(/\((?!\?)/g, "(?:")})`).join("|"), "g"),
  ]),
);

const escapeHtml = (text) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function highlight(language, text) {
  const rules = LANGUAGES[language],
    pattern = COMPILED[language];
  let html = "",
    at = 0;
  for (const match of text.matchAll(pattern)) {
    if (!match[0]) continue;
    const kind = rules[match.slice(1).findIndex((group) => group !== undefined)][0];
    html += `${escapeHtml(text.slice(at, match.index))}<span class="${kind}">${escapeHtml(match[0])}</span>`;
    at = match.index + match[0].length;
  }
  return html + escapeHtml(text.slice(at));
}
