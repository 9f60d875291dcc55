// Answers at once when a weight changes, from the same address the button would lead to. Without this module the
// button does it.

let asked = 0;

async function show(form) {
  const mine = ++asked;
  const where = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  const region = () => document.getElementById("answered");
  region().setAttribute("aria-busy", "true");
  try {
    const response = await fetch(where, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("answered");
    if (mine !== asked) return;
    if (!fresh) throw new Error(String(response.status));
    const along = page.querySelector("#weights .along"); // its first link is the shortest address of the same answer
    history.replaceState(null, "", along?.querySelector("a").href ?? where);
    region().replaceWith(fresh);
    document.title = page.title;
    if (along) document.querySelector("#weights .along")?.replaceWith(along);
    for (const box of form.querySelectorAll("[name=framework]")) // with none ticked the answer considers all
      box.checked = page.querySelector(`#weights [name=framework][value="${CSS.escape(box.value)}"]`)?.checked ?? false;
    document.getElementById("told").textContent = fresh.querySelector(".headline").textContent + ". " + fresh.querySelector(".standfirst").textContent;
  } catch {
    if (mine === asked) location.assign(where); // let the browser show what is wrong
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.weights");
  if (form) show(form);
});
