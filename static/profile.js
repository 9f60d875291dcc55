// Shows what a profile recommends as its weights change. Without this module the preview button opens a page.

const button = document.querySelector("[data-preview]");
let asked = 0;

async function preview() {
  const mine = ++asked;
  const response = await fetch(button.formAction, { method: "POST", body: new URLSearchParams(new FormData(button.form)) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("previewed");
  if (fresh && mine === asked) document.getElementById("previewed").replaceWith(fresh);
}

if (button) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    preview();
  });
  django.jQuery(button.form).on("change", preview); // also of the criterion, which its combobox tells jQuery alone
  preview();
}
