// The menu of a message: opened by the right mouse button, a long press, or the keyboard's menu key.

import { word } from "./words.js";

const LONG_PRESS_MS = 500;

// `open(x, y)` is called with a place in the window.
export function opensMenu(row, open) {
  let pressing = null;
  const stop = () => clearTimeout(pressing);
  row.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    open(event.clientX, event.clientY);
  });
  row.addEventListener("keydown", (event) => {
    if (event.key !== "ContextMenu" && !(event.key === "F10" && event.shiftKey)) return;
    event.preventDefault();
    const box = event.target.getBoundingClientRect();
    open(box.x, box.bottom);
  });
  row.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    stop();
    pressing = setTimeout(() => open(event.clientX, event.clientY), LONG_PRESS_MS);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove"]) row.addEventListener(name, stop);
}

export class ActionMenu {
  // `box` lies in the phone, which is what its place is relative to.
  constructor(box) {
    this.box = box;
    box.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("pointerdown", (event) => {
      if (!box.contains(event.target)) this.close();
    });
  }

  // `items` are [key of the word, what it does].
  open(items, language, x, y) {
    this.before = document.activeElement;
    this.box.replaceChildren(...items.map(([key, act]) => this.item(word(key, language), act)));
    this.box.setAttribute("aria-label", word("actions", language));
    this.box.hidden = false;
    const phone = this.box.offsetParent.getBoundingClientRect();
    const across = Math.max(8, Math.min(x - phone.x, phone.width - this.box.offsetWidth - 8));
    const down = Math.max(8, Math.min(y - phone.y, phone.height - this.box.offsetHeight - 8));
    this.box.style.translate = `${across}px ${down}px`;
    this.box.firstChild.focus();
  }

  item(text, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.setAttribute("role", "menuitem");
    button.addEventListener("click", () => {
      this.close();
      act();
    });
    return button;
  }

  key(event) {
    const items = [...this.box.children];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      items.at(next % items.length).focus();
    }
    if (event.key === "Escape" || event.key === "Tab") {
      event.stopPropagation();
      this.close();
      this.before?.focus();
    }
  }

  close() {
    this.box.hidden = true;
  }
}
