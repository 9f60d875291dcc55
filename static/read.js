// The reading room's comforts: select words and the form opens, numbers for the value, saving in place. Without this
// module the same links and forms load whole pages. The single keys are those of keys.js.

import { addPicker } from "./picker.js";
import { Region } from "./region.js";

const room = new Region("reading");
const effect = new Region("effect"); // what the claim would do to its cell

const text = () => room.element.querySelector(".r-text");
const form = () => room.element.querySelector(".r-form");
const announce = (words) => { document.getElementById("told").textContent = words; };

// In code points of the source's text. The numbers of claims stand in the line too and do not count.
function textOffset(node, offset) {
  const line = (node.nodeType === 1 ? node : node.parentElement)?.closest(".r-line");
  if (!line) return null;
  const range = document.createRange();
  range.setStart(line, 0);
  range.setEnd(node, offset);
  const part = range.cloneContents();
  for (const tag of part.querySelectorAll(".r-tag")) tag.remove();
  return Number(line.dataset.start) + [...part.textContent].length;
}

function selectedPassage() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!text()?.contains(range.commonAncestorContainer)) return null;
  const start = textOffset(range.startContainer, range.startOffset) ?? lineEdge(range.startContainer, "next");
  const end = textOffset(range.endContainer, range.endOffset) ?? lineEdge(range.endContainer, "previous");
  return start !== null && end !== null && start < end ? { start, end } : null;
}

// A selection that begins or ends in the margin counts from the edge of the nearest line.
function lineEdge(node, direction) {
  const item = (node.nodeType === 1 ? node : node.parentElement)?.closest("li");
  const line = item?.querySelector(".r-line");
  if (!line) return null;
  const start = Number(line.dataset.start);
  if (direction === "next") return start;
  const before = item.previousElementSibling?.querySelector(".r-line");
  return node.contains(line) || !before ? start : textOffset(line, line.childNodes.length);
}

function reveal() {
  const mark = text()?.querySelector(".m.selected");
  if (!mark) return;
  const box = mark.getBoundingClientRect(), around = text().getBoundingClientRect();
  if (box.top < around.top || box.bottom > around.bottom) text().scrollTop += box.top - around.top - around.height / 3;
}

// What the user has written and chosen, by the fields' names. A new passage changes only the guesses around it.
const written = new Map();

const fields = () => [...form().elements].filter((field) => field.name && !["hidden", "submit"].includes(field.type));
const isChoice = (field) => ["checkbox", "radio"].includes(field.type);

function remember(field) {
  written.set(field.name, new FormData(form()).getAll(field.name));
  const { criterion } = form().elements;
  if (criterion.value && field.closest(".v-level, .v-support, .v-figure, .v-item")) remember(criterion); // the value's own
}

function refill() {
  if (!form()) return;
  addPicker(form());
  if (form().matches("[data-written]")) return fields().filter((field) => field.name !== "section").forEach(remember);
  for (const field of fields()) {
    const values = written.get(field.name);
    if (values && isChoice(field)) field.checked = values.includes(field.value);
    else if (values) field.value = values[0] ?? "";
  }
  if (written.size) refreshEffect();
}

// Goes to the first field that is still empty, the statement being the last.
function focusFirstEmpty() {
  const isAnswered = (field) => (isChoice(field) ? field.checked : field.value);
  const rows = [...form().querySelectorAll(".form-row:not(details)")].filter((row) => row.checkVisibility());
  const emptyRow = rows.find((row) => !fields().some((field) => row.contains(field) && isAnswered(field)));
  const next = emptyRow?.querySelector("input, select, textarea") ?? form().elements.statement;
  const { top, bottom } = next.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) form().scrollIntoView(); // below the text, where there is one column
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

// Opens the form for the first passage that no claim covers.
function readOn() {
  const open = room.element.querySelector(".r-steps [data-key=o]");
  if (open) show(open.href, {}, "form");
}

function warn(words) {
  room.element.querySelector(".r-lost")?.remove();
  const note = Object.assign(document.createElement("p"), { className: "errornote r-lost", textContent: words });
  room.element.querySelector(".r-side").prepend(note);
  announce(words);
}

// The site did not answer, or with another page than the room: that to log in.
function reportFailure(page, url) {
  if (!page) warn("The site does not answer. Try again in a moment.");
  else if (written.size) warn("Your session may be over. Save the claim: what you wrote is kept while you log in.");
  else location.assign(url);
}

// Whether the room was shown, or a newer passage is on its way. What a POST answers is shown in any case.
async function show(url, options = {}, focus = "text") {
  const scrollTop = text()?.scrollTop ?? 0;
  const isPost = options.method === "POST";
  effect.outdate(); // it belongs to the form that goes
  const loaded = await room.load(url, options);
  if (!loaded.isNewest && !isPost) return true;
  if (!loaded.fresh) {
    if (!isPost) reportFailure(loaded.page, url);
    return false;
  }
  if (!loaded.fresh.querySelector(".r-form .errornote")) history.replaceState(null, "", loaded.url);
  const messages = loaded.page.querySelector(".messagelist");
  document.querySelector(".messagelist")?.remove();
  if (messages) room.element.before(messages);
  room.replace(loaded.fresh);
  text().scrollTop = scrollTop;
  reveal();
  const news = room.element.querySelectorAll(".errornote, .r-saved p, .r-proposal .r-what strong, .r-proposal .r-passage");
  announce([...news].map((element) => element.textContent.trim()).join(" "));
  refill();
  if (focus === "form" && form()) focusFirstEmpty();
  else text().focus({ preventScroll: true });
  return true;
}

// The browser also reports a change in a field that is just being removed: its form has no say any more.
async function refreshEffect() {
  const asking = form();
  if (!asking?.isConnected) return;
  const data = new URLSearchParams(new FormData(asking));
  data.delete("csrfmiddlewaretoken");
  const { fresh, isNewest } = await effect.load(`${asking.dataset.preview}?${data}`);
  if (fresh && isNewest && asking === form()) effect.replace(fresh);
}

let drawing = false; // whether the pointer was pressed in the text; it may be let go anywhere

document.addEventListener("pointerdown", (event) => {
  drawing = Boolean(event.target.closest?.(".r-text") && !event.target.closest("a"));
});

document.addEventListener("pointerup", () => {
  if (!drawing) return;
  drawing = false;
  setTimeout(() => {
    const passage = selectedPassage();
    if (passage) show(`${location.pathname}?start=${passage.start}&end=${passage.end}`, {}, "form");
  });
});

// Number keys choose the value that shows, and the focus goes on to the statement.
function choose(number) {
  const row = [...form().querySelectorAll(".v-level, .v-support")].find((element) => element.checkVisibility());
  const radio = row?.querySelectorAll("input[type=radio]")[number - 1];
  if (!radio) return false;
  radio.checked = true;
  announce(radio.parentElement.textContent.trim());
  remember(radio);
  refreshEffect();
  form().elements.statement.focus();
  return true;
}

// Puts the suggested value into the fields that it names.
function takeSuggestion(button) {
  for (const [name, value] of Object.entries(button?.dataset ?? {})) {
    for (const field of fields().filter((each) => each.name === name)) {
      if (!isChoice(field)) field.value = value;
      else if (field.value === value) field.checked = true;
      remember(field);
    }
  }
  announce(button.textContent.trim());
  refreshEffect();
  form().elements.statement.focus();
}

const shownSuggestion = () => [...form().querySelectorAll(".r-value")].find((button) => button.checkVisibility());

const singleKeys = () => document.getElementById("keys")?.checked;
const takesText = (element) => element.matches("textarea, input:not([type=radio], [type=checkbox])");

document.addEventListener("keydown", (event) => {
  const inForm = event.target.closest(".r-form");
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const saves = plain ? event.target.id === "id_statement" && !event.shiftKey : event.ctrlKey && inForm;
  if (event.key === "Enter" && saves) return press(event, () => event.repeat || submit());
  if (event.repeat || !plain) return;
  if (event.key === "Escape" && event.target.closest(".r-side")) return press(event, () => text().focus());
  if (event.key === "n" && !form() && event.target === text() && singleKeys()) return press(event, readOn);
  if (!form() || takesText(event.target) || !(inForm || event.target === text()) || !singleKeys()) return;
  if (event.key === "n" && event.target === text()) return press(event, focusFirstEmpty);
  if (event.key === "0" && shownSuggestion()) return press(event, () => takeSuggestion(shownSuggestion()));
  if (/^[1-5]$/.test(event.key) && choose(Number(event.key))) return event.preventDefault();
  if (event.target.matches("[type=radio]") && /^\p{L}$/u.test(event.key)) form().elements.statement.focus(); // and there it goes
});

function press(event, action) {
  event.preventDefault();
  action();
}

const submit = () => form().requestSubmit(form().querySelector("[name=_submit]"));

document.addEventListener("submit", async (event) => {
  const sent = event.target;
  if (!room.element.contains(sent)) return;
  const button = event.submitter;
  if (button?.matches(".r-preview")) return press(event, refreshEffect);
  event.preventDefault();
  const data = new URLSearchParams(new FormData(sent, button?.name ? button : undefined));
  if (sent.matches(".r-find")) {
    await show(`${location.pathname}?${data}`, {}, "form");
    return form() || document.getElementById("find_words").focus();
  }
  const buttons = [...document.querySelectorAll("button")].filter((element) => !element.disabled);
  for (const element of buttons) element.disabled = true; // one claim, however often Enter is pressed
  if (sent.matches(".r-form, .r-saved")) written.clear();
  const isDone = await show(sent.action, { method: "POST", body: data }, sent.matches(".r-form") ? "form" : "text");
  for (const element of buttons) element.disabled = false;
  if (isDone) return;
  for (const [name, value] of data)
    if (!(name in sent.elements)) sent.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  isSent = true;
  sent.submit(); // a lost session or connection: let the browser show it, with everything written
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("#reading a[data-swap]");
  if (link && !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey) press(event, () => show(link.href, {}, link.dataset.swap || "text"));
  const guess = event.target.closest(".r-guess");
  if (guess?.matches(".r-value")) takeSuggestion(guess);
  else if (guess) {
    form().elements.criterion.value = guess.dataset.criterion;
    remember(form().elements.criterion);
    refreshEffect();
  }
});

document.addEventListener("input", (event) => {
  if (event.target.name && event.target.closest(".r-form")) remember(event.target);
});

const WITHOUT_EFFECT = ["statement", "section", "version_range"]; // on the cell's verdict

document.addEventListener("change", (event) => {
  const { name } = event.target;
  if (name && !WITHOUT_EFFECT.includes(name) && event.target.closest(".r-form") === form()) refreshEffect();
});

let isSent = false; // whether the browser itself sends the form, with everything written

addEventListener("beforeunload", (event) => {
  if (!isSent && form() && written.get("statement")?.some((words) => words.trim())) event.preventDefault();
});

reveal();
refill();
