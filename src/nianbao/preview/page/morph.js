// Turn one document's body into another's in place: what is equal stays, so the reader's place and selection stay too.

// These are exchanged whole: the reader looks at them as one thing.
const WHOLE = new Set(["P", "LI", "TD", "TH", "H1", "H2", "H3", "H4", "FIGURE", "CAPTION", "A"]);

// The elements under which the reader's eye may rest, the first of them at the top of the window.
const PLACES = "h1, h2, h3, h4, p, li, tr, figure, caption";

// Change `frame`'s document to the one in `html`; the elements that are new.
export function morph(frame, html) {
  const now = frame.contentDocument;
  const next = new DOMParser().parseFromString(html, "text/html");
  now.title = next.title;
  const [style, wanted] = [now.querySelector("style"), next.querySelector("style")];
  if (style && wanted && style.textContent !== wanted.textContent) style.textContent = wanted.textContent;
  const places = placesOf(now);
  const changed = [];
  become(now.body, now.importNode(next.body, true), changed);
  const kept = places.find(place => place.element.isConnected);
  if (kept) frame.contentWindow.scrollBy({top: kept.element.getBoundingClientRect().top - kept.top, behavior: "instant"});
  return changed;
}

function placesOf(doc) {
  doc.documentElement.style.overflowAnchor = "none"; // browsers that keep the place by themselves would do so twice
  const seen = [...doc.querySelectorAll(PLACES)].map(element => ({element, box: element.getBoundingClientRect()}));
  return seen.filter(({box}) => box.bottom > 0 && box.height > 0).slice(0, 20).map(({element, box}) => ({element, top: box.top}));
}

function become(old, next, changed) {
  if (old.isEqualNode(next)) return;
  if (old.nodeType !== 1 || old.nodeName !== next.nodeName || WHOLE.has(old.nodeName) || old.namespaceURI !== next.namespaceURI) {
    old.replaceWith(next);
    if (next.nodeType === 1) changed.push(next);
    return;
  }
  for (const {name} of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const {name, value} of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const [before, after] = [[...old.childNodes], [...next.childNodes]];
  while (before.length && after.length && before[0].isEqualNode(after[0])) { before.shift(); after.shift(); }
  while (before.length && after.length && before.at(-1).isEqualNode(after.at(-1))) { before.pop(); after.pop(); }
  if (before.length === after.length) {
    before.forEach((node, index) => become(node, after[index], changed));
    return;
  }
  const behind = before.length ? before.at(-1).nextSibling : old.childNodes[[...next.childNodes].indexOf(after[0])] || null;
  for (const node of before) node.remove();
  for (const node of after) {
    old.insertBefore(node, behind);
    if (node.nodeType === 1) changed.push(node);
  }
}
