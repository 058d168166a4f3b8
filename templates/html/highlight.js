// Colours for code: a line of text -> HTML. Each language is a list of patterns; the first that fits gives the colour.

const words = (text) => new RegExp(`\\b(?:${text.replaceAll(" ", "|")})\\b`);

const LANGUAGES = {
  python: [
    ["C", /#.*/],
    ["S", /[rbf]?("""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/],
    ["K", words("def class return if elif else for while in not and or is import from as with lambda yield raise try")],
    ["K", words("except finally pass assert None True False self")],
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
      words("define declare internal noinline ret br phi load store call getelementptr select switch alloca align to"),
    ],
    ["K", words("nsw nuw inbounds icmp fcmp add sub mul udiv sdiv urem srem and or xor shl lshr ashr zext sext trunc")],
    ["K", words("fadd fsub fmul fdiv fneg fpext fptrunc bitcast sitofp uitofp fptosi fptoui true false poison undef")],
    ["K", words("insertelement extractelement shufflevector zeroinitializer")],
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

// One pattern for each language, with a group for each of its rules.
function compiled(rules) {
  const sources = rules.map(([, rule]) => `(${rule.source.replace(/\((?!\?)/g, "(?:")})`);
  return new RegExp(sources.join("|"), "g");
}

const COMPILED = Object.fromEntries(Object.entries(LANGUAGES).map(([name, rules]) => [name, compiled(rules)]));

function highlight(language, text) {
  const rules = LANGUAGES[language];
  let html = "";
  let at = 0;
  for (const match of text.matchAll(COMPILED[language])) {
    if (!match[0]) continue;
    const kind = rules[match.slice(1).findIndex((group) => group !== undefined)][0];
    html += `${escapeHtml(text.slice(at, match.index))}<span class="${kind}">${escapeHtml(match[0])}</span>`;
    at = match.index + match[0].length;
  }
  return html + escapeHtml(text.slice(at));
}
