"use strict";
// The search page. Its index is a handful of scripts (search/*.js) that are loaded on the first keystroke: a page that
// was opened from a folder may load scripts, but no JSON. Each calls nianbao.unpack("…"). A thousand reports are a few million
// characters, which a browser looks through in a few milliseconds: sentences are found by plain scanning.
// What is asked stands in the address (#q=…&year=…&office=…), so that a reader can come back to it, or pass it on.
const nianbao = (() => {
  const form = { cells: {}, editions: {}, sections: {}, tables: {} };
  const reports = [];
  const AT_ONCE = 20;
  const SENTENCES = 3;

  // Letters of any width and case are one; lengths stay, so that a place found is a place in the original.
  const fold = (text) =>
    text.replace(/[\uff01-\uff5e\u3000]/g, (sign) => (sign === "\u3000" ? " " : String.fromCharCode(sign.charCodeAt(0) - 0xfee0)))
      .replace(/[A-Z]/g, (letter) => letter.toLowerCase());

  const take = (value) => {
    if (value.editions) return Object.assign(form, value);
    for (const report of value.reports) {
      const texts = report.texts.map(([section, text]) => ({ section, text, folded: fold(text) }));
      reports.push({ ...report, year: value.year, texts, called: fold(`${report.name} ${report.office}`) });
    }
    reports.sort((one, other) => other.year - one.year || (one.office < other.office ? -1 : one.office > other.office ? 1 : 0));
  };

  // Each file of the index is JSON, packed by zlib, in base64; "coming" are those that are being unpacked.
  const coming = [];
  const unpacked = async (packed) => {
    if (!globalThis.DecompressionStream) throw new Error("浏览器版本过旧，请换用较新的浏览器");
    const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
    take(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json());
  };
  const unpack = (packed) => coming.push(unpacked(packed));

  // --- What is asked ------------------------------------------------------------------------------------------------

  const SIGNS = {
    ">=": (one, other) => one >= other, "<=": (one, other) => one <= other, "=": (one, other) => one === other,
    ">": (one, other) => one > other, "<": (one, other) => one < other,
  };
  const SPELT = [
    [/≥|不少于|不低于|大于等于|大于或等于|至少|=>/g, ">="], [/≤|不多于|不超过|不高于|小于等于|小于或等于|至多|=</g, "<="],
    [/大于|多于|超过|高于/g, ">"], [/小于|少于|不足|低于/g, "<"], [/等于|==/g, "="],
  ];
  const CONDITION = /(.*?)(>=|<=|=|>|<)\s*(-?[\d,]+(?:\.\d+)?)\s*(万)?(?:元|件|条|个|次|项|宗)?/y;

  // How well a word names a row or a column: 3 it is the name, 2 the name begins with it, 1 the name holds it, 0 not.
  const likeness = (word, names) =>
    Math.max(...names.map(fold).map((name) => (name === word ? 3 : name.startsWith(word) ? 2 : name.includes(word) ? 1 : 0)));

  // The cells that the words name together; without a column, the total or the row's only cells are meant.
  const cellsNamed = (words) => {
    let best = 0;
    let found = [];
    for (const [code, { name, row, column, usual }] of Object.entries(form.cells)) {
      let sum = 0;
      let aside = false;
      for (const word of words) {
        const [byRow, byColumn] = [likeness(word, [...row, code, code.split(".")[1]]), likeness(word, column)];
        if (!byRow && !byColumn && !fold(name).includes(word) && !code.startsWith(`${word}.`)) { sum = 0; break; }
        aside ||= byColumn > byRow;
        sum += Math.max(byRow, byColumn, 0.5);
      }
      if (!sum || !(usual || aside)) continue;
      if (sum > best) [best, found] = [sum, []];
      if (sum === best) found.push(code);
    }
    return found;
  };

  const split = (text) => text.split(/[\s·.、，,;；]+/).filter(Boolean);

  // A question: words to be found, years, and conditions on figures; "unknown" are names that no cell has.
  const read = (question) => {
    let text = SPELT.reduce((so, [spelt, sign]) => so.replace(spelt, sign), fold(question));
    const asked = { words: [], years: null, conditions: [], unknown: [] };
    const exact = [...text.matchAll(/[“"]([^“”"]+)[”"]/g)].map((match) => match[1]);
    text = text.replace(/[“"][^“”"]+[”"]/g, " ");
    const free = [];
    CONDITION.lastIndex = 0;
    for (let match; (match = CONDITION.exec(text)); text = text.slice(CONDITION.lastIndex), CONDITION.lastIndex = 0) {
      const before = split(match[1]);
      // The name of the figure is the last word, with those before it as long as a cell is called so.
      let from = before.length;
      let cells = [];
      for (let start = before.length - 1; start >= 0; start--) {
        const more = cellsNamed(before.slice(start));
        if (!more.length) break;
        [from, cells] = [start, more];
      }
      free.push(...before.slice(0, cells.length ? from : Math.max(before.length - 1, 0)));
      const limit = Number(match[3].replace(/,/g, "")) * (match[4] ? 10000 : 1);
      if (cells.length) asked.conditions.push({ cells, sign: match[2], limit });
      else asked.unknown.push(before.at(-1) ?? match[0].trim());
    }
    for (const word of [...free, ...text.split(/[\s，,;；]+/).filter(Boolean)]) {
      const span = word.match(/^(20\d\d)(?:[-–—~至到](20\d\d))?年?度?$/);
      if (span) (asked.years ??= []).push([Number(span[1]), Number(span[2] ?? span[1])]);
      else asked.words.push(word);
    }
    asked.words.push(...exact);
    return asked;
  };

  // --- What is found ------------------------------------------------------------------------------------------------

  const number = (value) => {
    if (typeof value !== "string") return value;
    const match = value.replace(/,/g, "").match(/^(增加?|减少?)?([+-]?\d+(?:\.\d+)?)(?:万元)?$/);
    return match ? Number(match[2]) * (match[1]?.startsWith("减") ? -1 : 1) : null;
  };

  const figures = (report, { cells, sign, limit }) => {
    const places = form.editions[report.edition];
    return cells.map((code) => ({ code, value: report.cells[places.indexOf(code)] }))
      .filter(({ value }) => typeof number(value ?? null) === "number" && SIGNS[sign](number(value), limit));
  };

  const holds = (report, word) => report.texts.some(({ folded }) => folded.includes(word));

  // A word that stands nowhere, cut into the longest pieces that do: Chinese is written without spaces.
  const pieces = (word, among) => {
    const found = [];
    for (let rest = word; rest; ) {
      let length = rest.length;
      while (length > 1 && !among.some((report) => holds(report, rest.slice(0, length)) || report.called.includes(rest.slice(0, length)))) length--;
      found.push(rest.slice(0, length));
      rest = rest.slice(length);
    }
    return found;
  };

  // The sentences that hold all of the words; where none does, those that hold one.
  const sentences = (report, words) => {
    const all = [];
    const some = [];
    for (const { section, text, folded } of report.texts) {
      let line = -1;
      const seen = new Set();
      for (const word of words) {
        for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, line)) {
          const start = folded.lastIndexOf("\n", at) + 1;
          line = folded.indexOf("\n", at);
          if (line < 0) line = folded.length;
          if (!seen.has(start)) {
            seen.add(start);
            const sentence = folded.slice(start, line);
            (words.every((each) => sentence.includes(each)) ? all : some).push({ section, text: text.slice(start, line), start });
          }
        }
      }
    }
    return all.length ? all : some;
  };

  const ask = ({ q = "", year = "", office = "" }) => {
    const asked = read(q);
    const among = reports.filter((report) =>
      (!year || report.year === Number(year)) && (!office || report.office === office) &&
      (!asked.years || asked.years.some(([first, last]) => first <= report.year && report.year <= last)));
    const known = (word) => among.some((report) => report.called.includes(word) || holds(report, word));
    const words = [...new Set(asked.words.flatMap((word) => (known(word) ? [word] : pieces(word, among))))];
    const found = [];
    if (asked.unknown.length || !(q.trim() || year || office)) return { found, words, ...asked, words };
    for (const report of among) {
      const met = asked.conditions.map((condition) => figures(report, condition));
      if (met.some((each) => !each.length)) continue;
      const within = words.filter((word) => !report.called.includes(word));
      if (!within.every((word) => holds(report, word))) continue;
      found.push({ report, figures: met.flat(), within });
    }
    if (asked.conditions.length === 1) found.sort((one, other) => number(other.figures[0].value) - number(one.figures[0].value));
    return { ...asked, found, words };
  };

  return { unpack, coming, ask, sentences, form, reports, fold, AT_ONCE, SENTENCES };
})();

// --- The page -------------------------------------------------------------------------------------------------------

(() => {
  const page = document.getElementById("ask");
  const [list, status, more] = ["found", "status", "more"].map((id) => document.getElementById(id));
  let loading = null;
  let answer = { found: [] };
  let shown = 0;

  const load = () => (loading ??= Promise.all(page.dataset.files.split(" ").map((path) => new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: path, onload: done, onerror: () => failed(new Error(path)) });
    document.head.append(script);
  }))).then(() => Promise.all(nianbao.coming)));

  const element = (name, attributes, ...children) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...children);
    return made;
  };

  // The sentence with the words marked, the longest first.
  const marked = (text, words) => {
    const folded = nianbao.fold(text);
    const parts = [];
    let at = 0;
    while (at < text.length) {
      const next = words.map((word) => [folded.indexOf(word, at), word]).filter(([place]) => place >= 0)
        .sort((one, other) => one[0] - other[0] || other[1].length - one[1].length)[0];
      if (!next) break;
      parts.push(text.slice(at, next[0]), element("mark", {}, text.slice(next[0], next[0] + next[1].length)));
      at = next[0] + next[1].length;
    }
    return [...parts, text.slice(at)];
  };

  const line = ({ report, figures, within }) => {
    const page = `offices/${encodeURIComponent(report.office)}/${report.year}`;
    const item = element("li", {}, element("a", { href: `${page}.html` }, `${report.name}${report.year}年年度报告`));
    for (const { code, value } of figures) {
      const section = nianbao.form.tables[code.split(".")[0]];
      item.append(element("p", {}, element("a", { href: `${page}-report.html#${section}` }, nianbao.form.cells[code].name),
        "：", element("mark", {}, String(value))));
    }
    const sentences = within.length ? nianbao.sentences(report, within) : [];
    for (const { section, text } of sentences.slice(0, nianbao.SENTENCES)) {
      const name = nianbao.form.sections[section];
      const where = name ? element("a", { className: "where", href: `${page}-report.html#${section}` }, name)
        : element("span", { className: "where" }, "引言");
      item.append(element("p", {}, where, "　", ...marked(text, within)));
    }
    if (sentences.length > nianbao.SENTENCES)
      item.append(element("p", { className: "where" }, `另有${sentences.length - nianbao.SENTENCES}句`));
    return item;
  };

  const showMore = () => {
    list.append(...answer.found.slice(shown, shown + nianbao.AT_ONCE).map(line));
    shown = Math.min(shown + nianbao.AT_ONCE, answer.found.length);
    more.hidden = shown >= answer.found.length;
  };

  const asked = () => Object.fromEntries([...new FormData(page)].filter(([, value]) => value.trim()));

  const show = async () => {
    const question = asked();
    if (!Object.keys(question).length) {
      list.replaceChildren();
      status.textContent = "";
      more.hidden = true;
      return;
    }
    if (!nianbao.reports.length) status.textContent = "正在读取索引……";
    try {
      await load();
    } catch (error) {
      status.textContent = `索引文件读不到：${error.message}`;
      return;
    }
    answer = nianbao.ask(asked());
    shown = 0;
    list.replaceChildren();
    showMore();
    status.textContent = answer.unknown.length ? `没有名为“${answer.unknown.join("”“")}”的数据栏目。`
      : answer.found.length ? `找到${answer.found.length}份报告。` : "没有找到。可以少写几个词，或换一种说法。";
  };

  // The address tells what is asked: that of a link or of the form's own sending (?q=…), then what was typed (#q=…).
  const restore = () => {
    const state = new URLSearchParams(location.hash.slice(1) || location.search);
    for (const name of ["q", "year", "office"]) page.elements[name].value = state.get(name) ?? "";
    return show();
  };
  const keep = (move) => history[move](null, "", `#${new URLSearchParams(asked())}`);

  page.addEventListener("input", (event) => {
    if (event.isComposing) return; // an input method is still at work
    keep("replaceState");
    show();
  });
  page.addEventListener("compositionend", () => { keep("replaceState"); show(); });
  page.addEventListener("submit", (event) => { event.preventDefault(); keep("pushState"); show(); });
  page.addEventListener("keydown", load, { once: true });
  more.addEventListener("click", showMore);
  addEventListener("popstate", restore);
  restore();
})();
