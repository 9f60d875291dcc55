// Swaps the table in place when a filter changes. Without this module the same links and form load whole pages.

const region = () => document.getElementById("comparison");

function remember() {
  const one = document.activeElement;
  if (!one || !region().contains(one)) return () => {};
  const name = one.getAttribute("name");
  const selector = one.id
    ? `#${CSS.escape(one.id)}`
    : name
      ? `[name="${CSS.escape(name)}"][value="${CSS.escape(one.getAttribute("value") ?? "")}"]`
      : one.getAttribute("aria-label")
        ? `[aria-label="${CSS.escape(one.getAttribute("aria-label"))}"]`
        : null;
  const row = one.closest("tr")?.id;
  return () => {
    const again = (selector && region().querySelector(selector))
      || (row && region().querySelector(`#${CSS.escape(row)} a.expand`))
      || region().querySelector("form button");
    again?.focus({ preventScroll: true });
  };
}

const openPanels = () => [...region().querySelectorAll("details[open] > summary")].map((one) => one.textContent);

let asked = 0;

async function show(address, push) {
  const mine = ++asked;
  const refocus = remember();
  const panels = openPanels();
  region().setAttribute("aria-busy", "true");
  let text;
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    text = await response.text();
  } catch {
    if (mine === asked) location.assign(address); // let the browser show what is wrong
    return;
  }
  if (mine !== asked) return; // something newer is on its way
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("comparison");
  if (!fresh) return location.assign(address);
  if (push) history.pushState(null, "", address);
  for (const summary of fresh.querySelectorAll("details > summary"))
    if (panels.includes(summary.textContent)) summary.parentElement.open = true;
  region().replaceWith(fresh);
  document.title = page.title;
  refocus();
  const rows = fresh.querySelectorAll("tbody tr:not(.group)").length;
  document.getElementById("swapped").textContent = `${rows} rows shown`;
}

function address(form) {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form))
    if (value && !(name === "show" && value === "all") && !(name === "sort" && value === "category")) data.append(name, value);
  return location.pathname + (data.size ? `?${data}` : "");
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.filters")) return;
  event.preventDefault();
  show(address(event.target), true);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.filters");
  if (form && event.target.matches("[type=radio], [type=checkbox]")) show(address(form), true);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("#comparison a[data-swap], #comparison .chips a");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link.href, true);
});

addEventListener("popstate", () => show(location.href, false));
