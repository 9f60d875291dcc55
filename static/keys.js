// Single keys for the links and buttons that name a key in data-key, and for the fields that name one in data-focus. If an
// element has data-keys, they act only while it has the focus. A switch below the page turns them off in this browser.

const takesKeys = (element) => element.matches("input:not([type=checkbox]):not([type=radio]):not([type=submit]), select, textarea");

let preferences = {};
try {
  preferences = localStorage;
} catch {
  // this browser stores nothing: the keys are on again on the next page
}

const control = Object.assign(document.createElement("input"), { type: "checkbox", id: "keys", checked: preferences.keys !== "off" });
control.addEventListener("change", () => { preferences.keys = control.checked ? "on" : "off"; });
const label = Object.assign(document.createElement("label"), { className: "keys-switch" });
label.append(control, " Single keys act on this page");
document.getElementById("content").append(label);

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph")) return; // [ on some keyboards
  if (event.repeat) return;
  if (event.key === "Escape" && takesKeys(event.target)) return event.target.blur();
  const area = document.querySelector("[data-keys]");
  if (!control.checked || (area ? event.target !== area : takesKeys(event.target))) return;
  const labelled = (name) => [...document.querySelectorAll(`[data-${name}]`)].find((element) => element.dataset[name] === event.key);
  const button = labelled("key");
  const field = labelled("focus");
  if (!button && !field) return;
  event.preventDefault();
  if (button && getComputedStyle(button).pointerEvents === "none") return; // what takes no clicks yet takes no keys
  if (button) button.click();
  else field.focus();
});
