// Shows what a profile recommends as its weights change. Without this module the preview button opens a page.

import { Region } from "./region.js";

const button = document.querySelector("[data-preview]");
const answer = new Region("previewed");

async function preview() {
  const body = new URLSearchParams(new FormData(button.form));
  const { fresh, isNewest } = await answer.load(button.formAction, { method: "POST", body });
  if (fresh && isNewest) answer.replace(fresh);
}

if (button) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    preview();
  });
  django.jQuery(button.form).on("change", preview); // also of the criterion, which its combobox tells jQuery alone
  preview();
}
