// Answers at once when a weight changes, from the same address the button would lead to. Without this module the
// button does it.

import { Region } from "./region.js";

const answer = new Region("answered");

async function show(form) {
  const url = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  const { page, fresh, isNewest } = await answer.load(url);
  if (!isNewest) return;
  if (!fresh) return location.assign(url); // let the browser show what is wrong
  const links = page.querySelector("#weights .along"); // the first is the shortest address of the same answer
  history.replaceState(null, "", links?.querySelector("a").href ?? url);
  answer.replace(fresh);
  document.title = page.title;
  if (links) document.querySelector("#weights .along")?.replaceWith(links);
  for (const box of form.querySelectorAll("[name=framework]")) // with none ticked the answer considers all
    box.checked = page.querySelector(`#weights [name=framework][value="${CSS.escape(box.value)}"]`)?.checked ?? false;
  const [headline, standfirst] = [".headline", ".standfirst"].map((selector) => fresh.querySelector(selector).textContent);
  document.getElementById("told").textContent = `${headline}. ${standfirst}`;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.weights");
  if (form) show(form);
});
