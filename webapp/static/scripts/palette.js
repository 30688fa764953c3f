// The command palette. Its words are in every language of the desk, so a command is found in any of them.
import { showDialog } from "./dialogs.js";
import { makeMove, offersMove } from "./moves.js";
import { undoButton } from "./undo.js";

const NUMBER = /^\d{1,15}$/;

// The kinds of commands, by their data attribute: when a kind is offered for the typed text, and its effect.
const KINDS = {
  href: { fits: hasWords, run: (option) => location.assign(option.dataset.href) },
  move: {
    fits: (option, typed, card) => offersMove(card, option.dataset.move) && hasWords(option, typed),
    run: (option, _typed, card) => makeMove(card, option.dataset.move),
  },
  number: {
    fits: (_option, typed) => NUMBER.test(typed),
    run: (_option, typed) => location.assign(`/orders/${Number(typed)}`),
  },
  find: {
    fits: (_option, typed) => typed !== "",
    run: (_option, typed) => location.assign(`/orders?q=${encodeURIComponent(typed)}`),
  },
  undoes: {
    fits: (option, typed) => Boolean(undoButton()) && hasWords(option, typed),
    run: () => undoButton()?.click(),
  },
  opens: { fits: hasWords, run: (option) => showDialog(option.dataset.opens) },
};

function hasWords(option, typed) {
  const words = `${option.textContent} ${option.dataset.words ?? ""}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

const kindOf = (option) => KINDS[Object.keys(KINDS).find((name) => name in option.dataset)];

class Palette {
  #dialog;
  #box;
  #list;
  #card = null; // the card whose moves are offered

  constructor(dialog) {
    this.#dialog = dialog;
    this.#box = dialog.querySelector("input");
    this.#list = dialog.querySelector("[role=listbox]");
  }

  start() {
    this.#box.addEventListener("input", () => this.#filter());
    this.#box.addEventListener("keydown", (event) => this.#press(event));
    this.#list.addEventListener("click", ({ target }) => this.#run(target.closest("[role=option]")));
  }

  toggle() {
    if (this.#dialog.open) return this.#dialog.close();
    this.#card = document.activeElement.closest(".card");
    this.#box.value = "";
    this.#filter();
    showDialog(this.#dialog.id);
  }

  get #typed() {
    return this.#box.value.trim();
  }

  get #options() {
    return [...this.#list.children].filter((option) => !option.hidden);
  }

  get #active() {
    return this.#list.querySelector("[aria-selected=true]");
  }

  #filter() {
    for (const option of this.#list.children) option.hidden = !kindOf(option).fits(option, this.#typed, this.#card);
    this.#write("[data-typed]", this.#typed);
    this.#write("[data-of]", (this.#card ?? document.getElementById("order"))?.dataset.order ?? "");
    this.#dialog.querySelector(".none").hidden = this.#options.length > 0;
    this.#select(this.#options[0]);
  }

  #write(places, text) {
    for (const place of this.#list.querySelectorAll(places)) place.textContent = text;
  }

  #select(option) {
    this.#active?.setAttribute("aria-selected", "false");
    this.#box.removeAttribute("aria-activedescendant");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.#box.setAttribute("aria-activedescendant", option.id);
  }

  #press(event) {
    const all = this.#options;
    const at = all.indexOf(this.#active);
    if (event.code === "ArrowDown") this.#select(all[(at + 1) % all.length]);
    else if (event.code === "ArrowUp") this.#select(all.at((at - 1) % all.length));
    else if (event.code === "Enter" && !event.isComposing) this.#run(this.#active);
    else return;
    event.preventDefault();
  }

  #run(option) {
    if (!option) return;
    const typed = this.#typed;
    this.#dialog.close();
    kindOf(option).run(option, typed, this.#card);
  }
}

const dialog = document.getElementById("palette");
const palette = dialog && new Palette(dialog);
palette?.start();

/** Show the palette, or close it. */
export const togglePalette = () => palette?.toggle();
