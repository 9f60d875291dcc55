// A search field above the select of criteria: it finds names, synonyms and questions as one types. Without this module the
// select alone is there, and stays what the form sends.

const MAX_SHOWN = 8;
const words = (text) => text.toLocaleLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);

// Every word typed begins some word of the option; those that begin a word of its name come first.
function matches(select, typed) {
  const asked = words(typed);
  if (!asked.length) return [];
  const rank = (option) => {
    const inName = words(option.textContent), inAll = [...inName, ...words(option.dataset.search ?? "")];
    const count = (list) => asked.filter((word) => list.some((each) => each.startsWith(word))).length;
    return count(inAll) === asked.length ? count(inName) + 1 : 0;
  };
  const ranked = [...select.options].filter((option) => option.value).map((option) => [rank(option), option]);
  return ranked.filter(([score]) => score).sort(([first], [second]) => second - first).map(([, option]) => option).slice(0, MAX_SHOWN);
}

function makePicker(select) {
  const input = Object.assign(document.createElement("input"), { type: "search", id: "find_criterion", autocomplete: "off", placeholder: "Search criteria" });
  const list = Object.assign(document.createElement("ul"), { id: "found_criteria", hidden: true, className: "r-found" });
  const attributes = { role: "combobox", "aria-label": "Search criteria", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Criteria found");
  select.before(input, list);
}

const pickerOf = (element) => element.closest?.(".r-form")?.querySelector("#find_criterion");
const listOf = (input) => input.nextElementSibling;

function draw(input) {
  const list = listOf(input), found = matches(list.nextElementSibling, input.value);
  list.replaceChildren(...found.map((option, index) => {
    const item = Object.assign(document.createElement("li"), { id: `found_${index}`, textContent: option.textContent });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(!index));
    item.dataset.value = option.value;
    return item;
  }));
  list.hidden = !found.length;
  input.setAttribute("aria-expanded", String(found.length > 0));
  mark(input, list.firstElementChild);
}

function mark(input, item) {
  for (const each of listOf(input).children) each.setAttribute("aria-selected", String(each === item));
  if (item) input.setAttribute("aria-activedescendant", item.id);
  else input.removeAttribute("aria-activedescendant");
  item?.scrollIntoView({ block: "nearest" });
}

function pick(input, item) {
  const list = listOf(input), select = list.nextElementSibling;
  select.value = item.dataset.value;
  input.value = "";
  draw(input);
  for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, { bubbles: true }));
  select.focus();
}

document.addEventListener("input", (event) => {
  if (event.target.id === "find_criterion") draw(event.target);
});

document.addEventListener("keydown", (event) => {
  const input = event.target.id === "find_criterion" ? event.target : null;
  if (!input || (listOf(input).hidden && event.key !== "Enter")) return;
  const items = [...listOf(input).children], index = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(input, items[(index + step + items.length) % items.length]);
  else if (event.key === "Enter") items.length && pick(input, items[Math.max(index, 0)]);
  else if (event.key === "Escape") {
    input.value = "";
    draw(input);
  } else return;
  event.preventDefault();
  event.stopImmediatePropagation(); // the room’s keys come after
}, true);

document.addEventListener("pointerdown", (event) => {
  const item = event.target.closest?.(".r-found li");
  if (!item) return;
  event.preventDefault(); // the field keeps the focus until it is chosen
  pick(pickerOf(item), item);
});

// Call it whenever the form is new.
export function addPicker(form) {
  const select = form?.elements.criterion;
  if (select && !form.querySelector("#find_criterion")) makePicker(select);
}
