// Answers at once when a weight changes, from the same address the button would lead to. Without this module the
// button does it.

let asked = 0;

function address(form) {
  const data = new URLSearchParams();
  const frameworks = [...form.querySelectorAll("[name=framework]")];
  const all = frameworks.every((one) => one.checked);
  for (const [name, value] of new FormData(form))
    if (!(name === "framework" && all) && !(name.startsWith("w.") && value === "0" && form.dataset.own !== "yes")) data.append(name, value);
  return `${form.action}?${data}`;
}

async function show(form) {
  const mine = ++asked;
  const where = address(form);
  const region = () => document.getElementById("answered");
  region().setAttribute("aria-busy", "true");
  try {
    const response = await fetch(where, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("answered");
    if (mine !== asked) return;
    if (!fresh) throw new Error(String(response.status));
    history.replaceState(null, "", where);
    region().replaceWith(fresh);
    document.title = page.title;
    const along = page.querySelector("#weights .along");
    if (along) document.querySelector("#weights .along")?.replaceWith(along);
    document.getElementById("told").textContent = fresh.querySelector(".headline").textContent + ". " + fresh.querySelector(".standfirst").textContent;
  } catch {
    if (mine === asked) location.assign(where); // let the browser show what is wrong
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.weights");
  if (form) show(form);
});
