// Single keys for links and buttons that name one in data-key (or, to go to a field, in data-focus).

const busy = (one) => one.matches("input:not([type=checkbox]):not([type=radio]):not([type=submit]), select, textarea");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && busy(event.target)) return event.target.blur();
  if (busy(event.target)) return;
  const named = (name) => [...document.querySelectorAll(`[data-${name}]`)].find((one) => one.dataset[name] === event.key);
  const pressed = named("key");
  const field = named("focus");
  if (!pressed && !field) return;
  event.preventDefault();
  if (pressed) pressed.click();
  else field.focus();
});
