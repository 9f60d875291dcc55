// The reading room's comforts: select words and the form opens, numbers for the value, saving in place. Without this
// module the same links and forms load whole pages. The single keys are those of keys.js.

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
    return { fresh: page.getElementById("reading"), page, address: response.url };
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

// What the person has written and chosen, by the fields' names. A new passage changes only the guesses around it.
const written = new Map();

const fields = () => [...form().elements].filter((one) => one.name && !["hidden", "submit"].includes(one.type));
const ticks = (field) => ["checkbox", "radio"].includes(field.type);

function remember(field) {
  written.set(field.name, new FormData(form()).getAll(field.name));
  const { criterion } = form().elements;
  if (criterion.value && field.closest(".v-level, .v-support, .v-figure, .v-item")) remember(criterion); // the value's own
}

function refill() {
  if (!form()) return;
  if (form().matches("[data-written]")) return fields().filter((one) => one.name !== "section").forEach(remember);
  for (const one of fields()) {
    const values = written.get(one.name);
    if (values && ticks(one)) one.checked = values.includes(one.value);
    else if (values) one.value = values[0] ?? "";
  }
  if (written.size) refresh();
}

// Goes to the first question that is still open, the statement being the last.
function ask() {
  const answered = (field) => (ticks(field) ? field.checked : field.value);
  const rows = [...form().querySelectorAll(".form-row:not(details)")].filter((row) => row.checkVisibility());
  const open = rows.find((row) => !fields().some((one) => row.contains(one) && answered(one)));
  const next = open?.querySelector("input, select, textarea") ?? form().elements.statement;
  const { top, bottom } = next.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) form().scrollIntoView(); // below the text, where there is one column
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function warn(words) {
  room().querySelector(".r-lost")?.remove();
  room().querySelector(".r-side").prepend(Object.assign(document.createElement("p"), { className: "errornote r-lost", textContent: words }));
  tell(words);
}

// Nothing has come, or another page than the room: that to log in.
function lost(found, address) {
  if (!found) warn("The site does not answer. Try again in a moment.");
  else if (written.size) warn("Your session may be over. Save the claim: what you wrote is kept while you log in.");
  else location.assign(address);
}

let shown = 0;

async function show(address, options = {}, focus = "text") {
  const top = text()?.scrollTop ?? 0;
  const mine = ++shown;
  asked += 1; // what was asked of the old form no longer matters
  const found = await load(address, options);
  const sent = options.method === "POST";
  if (mine !== shown && !sent) return true; // a newer passage is on its way
  if (!found?.fresh) {
    if (!sent) lost(found, address);
    return false;
  }
  if (!found.fresh.querySelector(".r-form .errornote")) history.replaceState(null, "", found.address);
  const messages = found.page.querySelector(".messagelist");
  document.querySelector(".messagelist")?.remove();
  if (messages) room().before(messages);
  room().replaceWith(found.fresh);
  text().scrollTop = top;
  reveal();
  tell(room().querySelector(".errornote, .r-saved p")?.textContent.trim() ?? "");
  refill();
  if (focus === "form" && form()) ask();
  else text().focus({ preventScroll: true });
  return true;
}

let asked = 0;

async function refresh() {
  const mine = ++asked;
  const data = new URLSearchParams(new FormData(form()));
  data.delete("csrfmiddlewaretoken");
  const found = await load(`${form().dataset.preview}?${data}`);
  const fresh = found?.fresh?.querySelector("#effect");
  if (fresh && mine === asked) document.getElementById("effect")?.replaceWith(fresh);
}

let drawing = false; // whether the pointer was pressed in the text; it may be let go anywhere

document.addEventListener("pointerdown", (event) => {
  drawing = Boolean(event.target.closest?.(".r-text") && !event.target.closest("a"));
});

document.addEventListener("pointerup", () => {
  if (!drawing) return;
  drawing = false;
  setTimeout(() => {
    const found = selected();
    if (found) show(`${location.pathname}?start=${found.start}&end=${found.end}`, {}, "form");
  });
});

// Number keys choose the value that shows, and the statement follows.
function choose(number) {
  const row = [...form().querySelectorAll(".v-level, .v-support")].find((one) => one.checkVisibility());
  const radio = row?.querySelectorAll("input[type=radio]")[number - 1];
  if (!radio) return false;
  radio.checked = true;
  tell(radio.parentElement.textContent.trim());
  remember(radio);
  refresh();
  form().elements.statement.focus();
  return true;
}

const singleKeys = () => document.getElementById("keys")?.checked;
const takesText = (one) => one.matches("textarea, input:not([type=radio], [type=checkbox])");

document.addEventListener("keydown", (event) => {
  const inForm = event.target.closest(".r-form");
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const saves = plain ? event.target.id === "id_statement" && !event.shiftKey : event.ctrlKey && inForm;
  if (event.key === "Enter" && saves) return press(event, () => event.repeat || submit());
  if (event.repeat || !plain) return;
  if (event.key === "Escape" && event.target.closest(".r-side")) return press(event, () => text().focus());
  if (!form() || takesText(event.target) || !(inForm || event.target === text()) || !singleKeys()) return;
  if (/^[1-5]$/.test(event.key) && choose(Number(event.key))) return event.preventDefault();
  if (event.target.matches("[type=radio]") && /^\p{L}$/u.test(event.key)) form().elements.statement.focus(); // and there it goes
});

function press(event, action) {
  event.preventDefault();
  action();
}

const submit = () => form().requestSubmit(form().querySelector("[name=_submit]"));

document.addEventListener("submit", async (event) => {
  const one = event.target;
  if (!room().contains(one)) return;
  const button = event.submitter;
  if (button?.matches(".r-preview")) return press(event, refresh);
  event.preventDefault();
  const data = new URLSearchParams(new FormData(one, button?.name ? button : undefined));
  if (one.matches(".r-find")) {
    await show(`${location.pathname}?${data}`, {}, "form");
    return form() || document.getElementById("find_words").focus();
  }
  const kept = [...document.querySelectorAll("button")].filter((each) => !each.disabled);
  for (const each of kept) each.disabled = true; // one claim, however often Enter is pressed
  if (one.matches(".r-form, .r-saved")) written.clear();
  const done = await show(one.action, { method: "POST", body: data }, one.matches(".r-form") ? "form" : "text");
  for (const each of kept) each.disabled = false;
  if (done) return;
  for (const [name, value] of data) if (!(name in one.elements)) one.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  one.submit(); // a lost session or connection: let the browser show it, with everything written
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("#reading a[data-swap]");
  if (link && !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey) press(event, () => show(link.href));
  const guess = event.target.closest(".r-guess");
  if (guess) {
    form().elements.criterion.value = guess.dataset.criterion;
    remember(form().elements.criterion);
    refresh();
  }
});

document.addEventListener("input", (event) => {
  if (event.target.closest(".r-form")) remember(event.target);
});

document.addEventListener("change", (event) => {
  if (event.target.closest(".r-form") && event.target.name !== "section") refresh();
});

reveal();
refill();
