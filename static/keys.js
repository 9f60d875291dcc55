// Single keys for links and buttons that name one in data-key (or, to go to a field, in data-focus). Where something
// carries data-keys, they act only while it has the focus. A switch below the page turns them off in this browser.

const busy = (one) => one.matches("input:not([type=checkbox]):not([type=radio]):not([type=submit]), select, textarea");

let kept = {};
try {
  kept = localStorage;
} catch {
  // this browser keeps nothing: they are on again on the next page
}

const control = Object.assign(document.createElement("input"), { type: "checkbox", id: "keys", checked: kept.keys !== "off" });
control.addEventListener("change", () => { kept.keys = control.checked ? "on" : "off"; });
const label = Object.assign(document.createElement("label"), { className: "keys-switch" });
label.append(control, " Single keys act on this page");
document.getElementById("content").append(label);

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph")) return; // [ on some keyboards
  if (event.repeat) return;
  if (event.key === "Escape" && busy(event.target)) return event.target.blur();
  const held = document.querySelector("[data-keys]");
  if (!control.checked || (held ? event.target !== held : busy(event.target))) return;
  const named = (name) => [...document.querySelectorAll(`[data-${name}]`)].find((one) => one.dataset[name] === event.key);
  const pressed = named("key");
  const field = named("focus");
  if (!pressed && !field) return;
  event.preventDefault();
  if (pressed) pressed.click();
  else field.focus();
});
