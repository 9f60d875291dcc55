// Names what Django's admin leaves unnamed for screen readers: its search field, comboboxes and inline rows.

const hiddenText = (text) => Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: text });

function addNames() {
  document.getElementById("searchbar")?.setAttribute("aria-label", "Search");
  for (const head of document.querySelectorAll("th.original:empty")) head.append(hiddenText("Row"));
  for (const head of document.querySelectorAll(".inline-group th:last-child:empty")) head.append(hiddenText("Delete"));
  for (const box of document.querySelectorAll("td.delete input")) box.setAttribute("aria-label", "Delete");
  for (const box of document.querySelectorAll(".select2-selection[role=combobox]:not([data-named])")) {
    const field = box.closest(".select2").previousElementSibling;
    const text = field?.getAttribute("aria-label") ?? field?.labels?.[0]?.textContent.trim();
    if (!text) continue;
    const label = hiddenText(text);
    label.id = `${field.id}-name`;
    const value = box.querySelector(".select2-selection__rendered");
    value.removeAttribute("role"); // it is text, and the combobox around it the control
    value.removeAttribute("aria-readonly");
    box.before(label);
    box.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
    box.dataset.named = "";
  }
  for (const field of document.querySelectorAll("select[multiple] + .select2 .select2-search__field:not([aria-label])")) {
    const text = field.closest(".select2").previousElementSibling.labels?.[0]?.textContent.trim();
    if (text) field.setAttribute("aria-label", text);
  }
}

const jQuery = globalThis.django?.jQuery;
if (jQuery) jQuery(addNames); // after its own scripts have made the comboboxes
else addNames();
document.addEventListener("formset:added", () => setTimeout(addNames));
