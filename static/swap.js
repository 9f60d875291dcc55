// Swaps the table in place when a filter changes. Without this module the same links and form load whole pages.

import { Region, replaceFoot } from "./region.js";

const comparison = new Region("comparison");

// Returns a function that gives the focus to the same control of the new table.
function rememberFocus() {
  const focused = document.activeElement;
  if (!focused || !comparison.element.contains(focused)) return () => {};
  const selector = selectorOf(focused);
  const row = focused.closest("tr")?.id;
  return () => {
    const table = comparison.element;
    const control = (selector && table.querySelector(selector))
      || (row && table.querySelector(`#${CSS.escape(row)} a.expand`))
      || table.querySelector("form button");
    control?.focus({ preventScroll: true });
  };
}

function selectorOf(control) {
  if (control.id) return `#${CSS.escape(control.id)}`;
  const quoted = (attribute) => `[${attribute}="${CSS.escape(control.getAttribute(attribute) ?? "")}"]`;
  if (control.getAttribute("name")) return quoted("name") + quoted("value");
  return control.getAttribute("aria-label") ? quoted("aria-label") : null;
}

const openPanels = () =>
  [...comparison.element.querySelectorAll("details[open]:not(.fold) > summary")].map((summary) => summary.textContent);

async function show(url, push) {
  const refocus = rememberFocus();
  const panels = openPanels();
  const { page, fresh, ok, isNewest } = await comparison.load(url);
  if (!isNewest) return;
  if (!ok || !fresh) return location.assign(url); // let the browser show what is wrong
  if (push) history.pushState(null, "", url);
  shown = withoutFragment(url);
  for (const summary of fresh.querySelectorAll("details > summary"))
    if (panels.includes(summary.textContent)) summary.parentElement.open = true;
  comparison.replace(fresh);
  replaceFoot(page);
  document.title = page.title;
  refocus();
  const rows = fresh.querySelectorAll("tbody tr:not(.group, .empty)").length;
  const told = document.getElementById("swapped");
  told.textContent = told.dataset.rows.replace("0", rows);
}

function filteredUrl(form) {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form))
    if (value && !(name === "show" && value === "all") && !(name === "sort" && value === "category")) data.append(name, value);
  return location.pathname + (data.size ? `?${data}` : "");
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.filters")) return;
  event.preventDefault();
  show(filteredUrl(event.target), true);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.filters");
  if (form && event.target.matches("[type=radio], [type=checkbox]")) show(filteredUrl(form), true);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("#comparison a[data-swap], #comparison .chips a");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link.href, true);
});

const withoutFragment = (url) => new URL(url, location.href).href.replace(/#.*/, "");
let shown = withoutFragment(location.href);

addEventListener("popstate", () => {
  if (withoutFragment(location.href) !== shown) show(location.href, false);
});

// Cards of phones are laid out when they come into sight, which moves the row that the address names.
function scrollToNamed() {
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector(":target")?.scrollIntoView()));
}

addEventListener("hashchange", scrollToNamed);
scrollToNamed();

const openPanel = () => comparison.element?.querySelector("details.pick[open]");

document.addEventListener("keydown", (event) => {
  const panel = openPanel();
  if (event.key !== "Escape" || !panel) return;
  panel.open = false;
  panel.querySelector("summary").focus();
});

document.addEventListener("pointerdown", (event) => {
  const panel = openPanel();
  if (panel && !panel.contains(event.target)) panel.open = false;
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link || !navigator.clipboard) return; // without a clipboard it is a link as any other
  event.preventDefault();
  await navigator.clipboard.writeText(location.href);
  link.textContent = link.dataset.copied;
});
