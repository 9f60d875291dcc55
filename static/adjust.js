// Answers at once when a weight changes, from the same address the button would lead to. Without this module the
// buttons do it.

import { Region, replaceFoot } from "./region.js";

const answer = new Region("answered");

async function show(form, { button = null, redraw = false } = {}) {
  const url = `${form.action}?${new URLSearchParams(new FormData(form, button))}`;
  const { page, fresh, isNewest } = await answer.load(url);
  if (!isNewest) return;
  if (!fresh) return location.assign(url); // let the browser show what is wrong
  const links = page.querySelector("#weights .along"); // the first is the shortest address of the same answer
  history.replaceState(null, "", links?.querySelector("a").href ?? url);
  answer.replace(fresh);
  replaceFoot(page);
  document.title = page.title;
  if (links) document.querySelector("#weights .along")?.replaceWith(links);
  for (const box of form.querySelectorAll("[name=framework]")) // with none ticked the answer considers all
    box.checked = page.querySelector(`#weights [name=framework][value="${CSS.escape(box.value)}"]`)?.checked ?? false;
  const told = [fresh.querySelector(".headline"), fresh.querySelector(".standfirst")];
  if (redraw) {
    told.unshift(page.querySelector("#add-result p"));
    document.getElementById("weighed").replaceWith(page.getElementById("weighed"));
    document.getElementById("add").focus({ preventScroll: true });
  }
  document.getElementById("told").textContent = told.map((part) => part?.textContent.trim() ?? "").join(". ");
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.weights");
  if (form) show(form, { redraw: event.target.name === "add" });
});

// Enter in the field “add a criterion”, its button, and those of the criteria that it found.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!event.target.matches("form.weights") || !button?.closest("#weighed")) return;
  event.preventDefault();
  show(event.target, { button, redraw: true });
});
