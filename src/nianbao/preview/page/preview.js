// The page around the report: it is told every change through a WebSocket and shows it. It sends nothing.
import {words} from "./words.js";
import {morph} from "./morph.js";

const state = {page: 0, findings: [], steps: [], places: {cells: {}, sections: []}};
const find = selector => document.querySelector(selector);
const frame = find("iframe");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const TABS = ["page", "pdf", "sheets"];
let tab = "page";
let shown = 0; // the number of the page that is shown
const fresh = {pdf: 0, sheets: 0}; // the run of which each tab shows what was made

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// --- what is told -----------------------------------------------------------------------------------------------

function connect() {
  const socket = new WebSocket(`ws://${location.host}${location.pathname}live`);
  socket.onmessage = event => {
    const piece = JSON.parse(event.data);
    Object.assign(state, piece);
    state.gone = false;
    told(piece);
  };
  socket.onclose = () => {
    state.gone = true;
    showStatus();
    setTimeout(connect, 1000);
  };
}

function told(piece) {
  if ("page" in piece) showPage();
  if ("made" in piece) showTab();
  if ("findings" in piece || "places" in piece) showFindings();
  if ("steps" in piece || "check_step" in piece) showSteps();
  if ("error" in piece || "check_error" in piece || "counts" in piece) showError();
  if ("fallbacks" in piece || "unvouched" in piece || "outdated" in piece) showNotes();
  showStatus();
}

function showStatus() {
  const status = find("#status");
  const text = state.gone ? words.ended : state.busy ? words.making : state.checking ? words.checking
    : state.error ? words.failed : words.done(state.seconds ?? "?");
  if (status.textContent !== text) status.textContent = text;
  status.className = !state.gone && (state.busy || state.checking) ? "busy" : "";
  const errors = state.counts?.errors || 0;
  document.title = `${state.error ? "✗ " : errors ? `(${errors}) ` : ""}${state.office} ${state.year}`;
}

// --- the report -------------------------------------------------------------------------------------------------

async function showPage() {
  const number = state.page;
  if (!number || number === shown) return;
  if (!shown) {
    shown = number;
    frame.onload = () => listenToLinks();
    frame.src = `report.html?${number}`;
    return;
  }
  const html = await (await fetch(`report.html?${number}`)).text();
  if (number < state.page) return; // a newer one is on its way
  if (!frame.contentDocument?.querySelector("main")) await new Promise(loaded => frame.addEventListener("load", loaded, {once: true}));
  shown = number;
  const changed = morph(frame, html);
  listenToLinks();
  changed.forEach(flash);
  document.documentElement.dataset.shown = number;
}

function flash(element) {
  if (!calm) element.animate([{backgroundColor: "#ffd54a"}, {backgroundColor: "#ffd54a00"}], {duration: 1600});
}

// Links to other formats lead to their tabs, those to other places open beside.
function listenToLinks() {
  document.documentElement.dataset.shown = shown;
  for (const link of frame.contentDocument.querySelectorAll("a[href]:not([href^='#'])")) {
    link.onclick = event => {
      event.preventDefault();
      const name = link.getAttribute("href");
      if (/^https?:|^mailto:/.test(name)) window.open(link.href, "_blank", "noopener,noreferrer");
      else if (name.endsWith(".pdf")) choose("pdf");
      else if (name.endsWith(".xlsx")) choose("sheets");
      else if (name.endsWith(".docx")) location.assign("file/docx");
    };
  }
}

// --- findings ---------------------------------------------------------------------------------------------------

function showFindings() {
  const counts = find("#findings .counts");
  counts.textContent = state.findings.length ? words.counts(state.counts) : words.none;
  find("#findings ol").replaceChildren(...state.findings.map(finding => {
    const place = placeOf(finding);
    const label = make("b", {}, `${words.severity[finding.severity]} · ${words.state[finding.state]}　${finding.rule}`);
    const message = place ? make("button", {className: "message", title: words.jump, onclick: () => jump(finding)}) : make("span", {className: "message"});
    message.append(words.message(finding));
    const item = make("li", {className: `${finding.severity}${finding.waived ? " waived" : ""}`}, label, message);
    if (finding.waived) item.append(make("small", {}, words.waived + finding.waived));
    item.append(...finding.sources.slice(0, 6).map(source => make("code", {}, source)));
    return item;
  }));
}

// The element of the report that a finding is about: its cell, the words that it quotes, or its section.
function placeOf(finding) {
  const known = state.places.cells;
  for (const ref of finding.cells) {
    const wanted = ref.split(".");
    const name = known[ref] ? ref : Object.keys(known).find(one => one.split(".").every((part, at) => !wanted[at] || part === wanted[at]));
    if (name) return {cell: known[name]};
  }
  return state.places.sections.includes(finding.section) ? {section: finding.section, words: finding.words} : null;
}

function elementOf(place) {
  const page = frame.contentDocument;
  if (place.cell) return page.querySelectorAll("main table")[place.cell[0]]?.rows[place.cell[1]]?.cells[place.cell[2]];
  const heading = page.getElementById(place.section);
  const section = heading?.closest("section") || page.body;
  const texts = [...section.querySelectorAll("p, li, td, th, h3, h4")];
  return (place.words && texts.find(element => element.textContent.includes(place.words))) || heading;
}

function jump(finding) {
  choose("page");
  const element = elementOf(placeOf(finding));
  if (!element) return;
  element.scrollIntoView({block: "center", behavior: calm ? "instant" : "smooth"});
  flash(element);
  finding.cells.filter(ref => state.places.cells[ref]).forEach(ref => flash(elementOf({cell: state.places.cells[ref]})));
}

// --- steps, errors, notes ---------------------------------------------------------------------------------------

function showSteps() {
  const ran = [...state.steps.filter(step => step.why.length), ...(state.check_step ? [state.check_step] : [])];
  const saved = state.saved?.length ? words.saved(words.listed(state.saved.slice(0, 4))) : "";
  find("#steps .why").textContent = ran.length ? saved : words.nothingRan;
  find("#steps tbody").replaceChildren(...ran.map(({step, why, seconds}) => make("tr", {},
    make("td", {}, step, make("small", {}, words.listed(why.slice(0, 3)))),
    make("td", {}, seconds === null ? "…" : `${seconds.toFixed(2)} s`))));
}

function showError() {
  const error = state.error || state.check_error;
  const blocking = state.counts?.blocking || 0;
  find("#ribbon").hidden = !blocking;
  find("#ribbon").textContent = words.blocked(blocking);
  find("#error").hidden = !error;
  if (!error) return;
  find("#error h2").textContent = blocking ? words.inputsWrong : words.failed;
  find("#error .what").textContent = error.what;
  find("#error .where").textContent = error.where || "";
  find("#error pre").textContent = error.traceback || "";
  find("#error pre").hidden = !error.traceback;
  find("#error .hint").textContent = error.hint || "";
}

function showNotes() {
  const notes = [];
  if (state.outdated) notes.push(words.outdated);
  if (state.fallbacks?.length) notes.push(words.fallbacks + words.listed(state.fallbacks));
  if (state.unvouched?.length) notes.push(words.unvouched + words.listed(state.unvouched));
  find("#notes").hidden = !notes.length;
  find("#notes ul").replaceChildren(...notes.map(note => make("li", {}, note)));
}

// --- tabs -------------------------------------------------------------------------------------------------------

function choose(name) {
  tab = name;
  for (const one of TABS) {
    find(`#${one}`).hidden = one !== name;
    const button = find(`#tab-${one}`);
    button.ariaSelected = String(one === name);
    button.tabIndex = one === name ? 0 : -1;
  }
  showTab();
}

// Other formats are made when their tab is open, and only then.
async function showTab() {
  const run = state.made;
  if (tab === "page" || !run || fresh[tab] === run) return;
  const name = tab;
  const answer = await fetch(`tab/${name}`);
  const found = await answer.json();
  if (run < state.made) return;
  fresh[name] = run;
  if (found.error) find(`#${name}`).replaceChildren(make("p", {className: "refused"}, `${found.error.where}\n${found.error.what}`));
  else if (name === "pdf") showPdf(found.pdf, run);
  else find("#sheets").replaceChildren(...found.sheets.flatMap(sheet => [make("h2", {}, sheet.name), tableOf(sheet.rows)]));
}

// Pages are exchanged once their pictures have come, so that nothing flickers and the place stays.
function showPdf(pages, run) {
  const panel = find("#pdf");
  const old = [...panel.querySelectorAll("img")];
  const pictures = pages.map(([width, height], index) => make("img", {
    width: Math.round(width * 1.5), height: Math.round(height * 1.5), alt: `${index + 1}`,
    loading: "lazy", src: `tab/pdf/${run}/${index + 1}.png`,
  }));
  panel.querySelectorAll(".refused").forEach(element => element.remove());
  pictures.forEach((picture, index) => {
    if (!old[index]) panel.append(picture);
    else if (!inSight(old[index], panel)) old[index].replaceWith(picture);
    else { picture.loading = "eager"; picture.decode().finally(() => old[index].replaceWith(picture)); }
  });
  old.slice(pages.length).forEach(picture => picture.remove());
}

function inSight(element, panel) {
  const [box, window] = [element.getBoundingClientRect(), panel.getBoundingClientRect()];
  return box.bottom > window.top && box.top < window.bottom;
}

function tableOf(rows) {
  return make("table", {}, make("tbody", {}, ...rows.map(row => make("tr", {}, ...row.map(cell => make("td", {
    rowSpan: cell.rows || 1, colSpan: cell.columns || 1,
    className: `${cell.number ? "number " : ""}${cell.bold ? "bold" : ""}`, textContent: cell.text,
  }))))));
}

for (const name of TABS) {
  find(`#tab-${name}`).textContent = words[name];
  find(`#tab-${name}`).onclick = () => choose(name);
}
find("#tabs").onkeydown = event => {
  const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  if (!step) return;
  choose(TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]);
  find(`#tab-${tab}`).focus();
};
find("#findings h2").textContent = words.findings;
find("#steps h2").textContent = words.steps;
find("#notes h2").textContent = words.notes;
connect();
