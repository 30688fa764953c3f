// The desk by keyboard. Keys are places on the keyboard (event.code), so they work on a Russian or Hebrew layout; never
// while a reader types. Readers can switch single keys off on their account page (WCAG 2.1.4).
// The server declares the action of each key (webapp/wording/shortcuts.py); the dialog of the keys carries them.
import { showDialog } from "./dialogs.js";
import { makeMove } from "./moves.js";
import { togglePalette } from "./palette.js";
import { across, hasStops, here, step } from "./stops.js";
import { undoButton } from "./undo.js";

const PREFIX_LASTS = 1_500;
const REPEATS = /^(Key[JKHL]|Arrow)/;
const TYPED = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

const inReading = (by) => (document.dir === "rtl" ? -by : by);

const ACTIONS = {
  next: () => step(1),
  previous: () => step(-1),
  left: () => across(inReading(-1)),
  right: () => across(inReading(1)),
  open: () => here().querySelector(".number")?.click(),
  move: (name) => makeMove(here().closest(".card"), name),
  undo: () => undoButton()?.click(),
  press: (name) => document.querySelector(`[data-press="${name}"]`)?.click(),
  find: () => document.querySelector(".find input")?.focus(),
  go: (path) => document.querySelector(`.nav a[href="${path}"]`)?.click(),
  palette: togglePalette,
  keys: () => showDialog("keys"),
};

class Keys {
  #shortcuts; // the action of each chord: `KeyJ`, `Shift+Slash`, `KeyG KeyB`
  #prefix = "";
  #prefixAt = 0;

  constructor(shortcuts) {
    this.#shortcuts = new Map(Object.entries(shortcuts));
  }

  press(event) {
    if (event.defaultPrevented || event.isComposing || (event.repeat && !REPEATS.test(event.code))) return;
    const action = this.#actionOf(event);
    if (!action) return;
    event.preventDefault();
    const [name, argument] = action.split(" ");
    ACTIONS[name]?.(argument);
  }

  #actionOf(event) {
    const chord = chordOf(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return this.#shortcuts.get(chord);
    if (event.target.closest(TYPED) || document.querySelector("dialog[open]")) return undefined;
    if (/^(Arrow|Enter)/.test(chord))
      return document.activeElement.matches(".card") ? this.#shortcuts.get(chord) : undefined;
    return document.body.dataset.keys === "on" ? this.#single(chord) : undefined;
  }

  #single(chord) {
    const prefix = Date.now() - this.#prefixAt < PREFIX_LASTS ? this.#prefix : "";
    const isPrefix = !prefix && [...this.#shortcuts.keys()].some((one) => one.startsWith(`${chord} `));
    [this.#prefix, this.#prefixAt] = isPrefix ? [chord, Date.now()] : ["", 0];
    return isPrefix ? "prefix" : this.#shortcuts.get(prefix ? `${prefix} ${chord}` : chord);
  }
}

function chordOf({ ctrlKey, metaKey, altKey, shiftKey, code }) {
  const held = [(ctrlKey || metaKey) && "Control", altKey && "Alt", shiftKey && "Shift"].filter(Boolean);
  return [...held, code].join("+");
}

// After signing in, the search box has the focus; the down arrow, or Escape, leads to the page.
function leaveSearch(event) {
  if (event.isComposing || event.target.value) return;
  if (event.key === "Escape") event.target.blur();
  if (event.key !== "ArrowDown" || !hasStops()) return;
  event.preventDefault();
  step(1);
}

const table = document.getElementById("keys")?.dataset.shortcuts;
if (table) {
  const keys = new Keys(JSON.parse(table));
  document.addEventListener("keydown", (event) => keys.press(event));
  document.querySelector(".find input")?.addEventListener("keydown", leaveSearch);
}
