// The reading room's comforts: select words and the form opens, keys, saving in place. Without this module the same
// links and forms load whole pages.

const room = () => document.getElementById("reading");
const text = () => room().querySelector(".r-text");
const form = () => room().querySelector(".r-form");
const tell = (words) => { document.getElementById("told").textContent = words; };

// Places are counted in code points of the source's text; claims' numbers stand between them and do not count.
function place(node, offset) {
  const line = (node.nodeType === 1 ? node : node.parentElement)?.closest(".r-line");
  if (!line) return null;
  const range = document.createRange();
  range.setStart(line, 0);
  range.setEnd(node, offset);
  const part = range.cloneContents();
  for (const tag of part.querySelectorAll(".r-tag")) tag.remove();
  return Number(line.dataset.start) + [...part.textContent].length;
}

function selected() {
  const one = getSelection();
  if (!one.rangeCount || one.isCollapsed) return null;
  const range = one.getRangeAt(0);
  if (!text()?.contains(range.commonAncestorContainer)) return null;
  const start = place(range.startContainer, range.startOffset) ?? lineEdge(range.startContainer, "next");
  const end = place(range.endContainer, range.endOffset) ?? lineEdge(range.endContainer, "previous");
  return start !== null && end !== null && start < end ? { start, end } : null;
}

// A selection that begins or ends in the margin counts from the edge of the nearest line.
function lineEdge(node, way) {
  const item = (node.nodeType === 1 ? node : node.parentElement)?.closest("li");
  const line = item?.querySelector(".r-line");
  if (!line) return null;
  const start = Number(line.dataset.start);
  if (way === "next") return start;
  const before = item.previousElementSibling?.querySelector(".r-line");
  return node.contains(line) || !before ? start : place(line, line.childNodes.length);
}

async function load(address, options = {}) {
  room().setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, ...options });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("reading");
    return fresh ? { fresh, page, address: response.url } : null;
  } catch {
    return null;
  } finally {
    room().removeAttribute("aria-busy");
  }
}

function reveal() {
  const mark = text()?.querySelector(".m.selected");
  if (!mark) return;
  const box = mark.getBoundingClientRect(), around = text().getBoundingClientRect();
  if (box.top < around.top || box.bottom > around.bottom) text().scrollTop += box.top - around.top - around.height / 3;
}

let shown = 0;

async function show(address, options, focus) {
  const top = text()?.scrollTop ?? 0;
  const mine = ++shown;
  asked += 1; // what was asked of the old form no longer matters
  const found = await load(address, options);
  if (!found) return false;
  if (mine !== shown && options?.method !== "POST") return true; // a newer passage is on its way
  const posted = options?.method === "POST" && found.fresh.querySelector(".r-form .errornote");
  if (!posted) history.replaceState(null, "", found.address);
  const messages = found.page.querySelector(".messagelist");
  document.querySelector(".messagelist")?.remove();
  if (messages) room().before(messages);
  room().replaceWith(found.fresh);
  text().scrollTop = top;
  reveal();
  tell(room().querySelector(".errornote, .r-saved p")?.textContent.trim() ?? "");
  if (focus === "form" && form()) form().elements.statement.focus({ preventScroll: true });
  else text().focus({ preventScroll: true });
  return true;
}

let asked = 0;

async function refresh() {
  const mine = ++asked;
  const data = new URLSearchParams(new FormData(form()));
  data.delete("csrfmiddlewaretoken");
  const found = await load(`${form().dataset.preview}?${data}`);
  const fresh = found?.fresh.querySelector("#effect");
  if (fresh && mine === asked) document.getElementById("effect")?.replaceWith(fresh);
}

document.addEventListener("pointerup", (event) => {
  if (!event.target.closest?.(".r-text") || event.target.closest("a")) return;
  setTimeout(() => {
    const found = selected();
    if (found && form() !== undefined) show(`${location.pathname}?start=${found.start}&end=${found.end}`, {}, "form");
  });
});

// Number keys choose the value that shows.
function choose(number) {
  const shown = [...form().querySelectorAll(".v-level, .v-support")].find((one) => one.checkVisibility());
  const radio = shown?.querySelectorAll("input[type=radio]")[number - 1];
  if (!radio) return false;
  radio.checked = true;
  tell(radio.parentElement.textContent.trim());
  refresh();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && event.target.closest(".r-form")) return press(event, () => submit());
  if ((event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph")) return; // [ on some keyboards
  if (event.target.id === "id_statement") {
    if (event.key === "Enter" && !event.shiftKey) return press(event, submit);
    if (/^[1-5]$/.test(event.key) && !event.target.value && choose(Number(event.key))) return event.preventDefault();
  }
  if (event.key === "Escape" && event.target.closest(".r-side")) return press(event, () => text().focus());
  if (event.target !== text()) return;
  if (event.key === "n" && form()) return press(event, () => form().elements.statement.focus());
  if (/^[1-5]$/.test(event.key) && form() && choose(Number(event.key)))
    return press(event, () => form().elements.statement.focus());
  const target = [...room().querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (target) press(event, () => target.click());
});

function press(event, action) {
  event.preventDefault();
  action();
}

const submit = () => form().requestSubmit(form().querySelector("[name=_submit]"));

document.addEventListener("submit", async (event) => {
  const one = event.target;
  if (!room().contains(one) || one.matches(".r-find")) return;
  const button = event.submitter;
  if (button?.matches(".r-preview")) return press(event, refresh);
  event.preventDefault();
  const data = new URLSearchParams(new FormData(one, button?.name ? button : undefined));
  const kept = [...document.querySelectorAll("button")].filter((each) => !each.disabled);
  for (const each of kept) each.disabled = true; // one claim, however often Enter is pressed
  const done = await show(one.action, { method: "POST", body: data }, one.matches(".r-form") ? "form" : "text");
  for (const each of kept) each.disabled = false;
  if (done) return;
  for (const [name, value] of data) if (!(name in one.elements)) one.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  one.submit(); // a lost session or connection: let the browser show it, with everything written
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("#reading a[data-swap]");
  if (link && !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey) press(event, () => show(link.href, {}, "text"));
  const guess = event.target.closest(".r-guess");
  if (guess) {
    form().elements.criterion.value = guess.dataset.criterion;
    refresh();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.closest(".r-form") && event.target.name !== "section") refresh();
});

reveal();
