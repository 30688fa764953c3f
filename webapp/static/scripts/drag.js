// Cards of the board are dragged to the column of their next state, with a mouse or a pen: touch
// scrolls, and uses the buttons.
import { askAgain } from "./live.js";
import { makeMove, movesOf } from "./moves.js";

const SOON = 1_000;
const FAR = 6; // pixels; a shorter movement is a click
const columns = () => document.querySelectorAll("#columns .column");
const columnAt = ({ clientX, clientY }) =>
  document
    .elementsFromPoint(clientX, clientY)
    .map((one) => one.closest(".column"))
    .find(Boolean);

/** The move that brings a card into a column, by the card's own table. */
function moveInto(card, column) {
  if (!column || card.closest(".column") === column) return undefined;
  return [...movesOf(card)].find(([, { target }]) => target === column.id)?.[0];
}

/** Put the card there at once. The answer brings the real state: a refused card goes back. */
function place(card, column) {
  listOf(column).append(card);
  card.setAttribute("aria-busy", "true");
}

function listOf(column) {
  const list = column.querySelector("ol") ?? document.createElement("ol");
  column.querySelector(".empty")?.replaceWith(list);
  return list;
}

class Drag {
  #card;
  #start; // where the pointer was pressed
  #offset; // the same point, on the card
  #ghost = null;

  constructor(card, event) {
    const box = card.getBoundingClientRect();
    this.#card = card;
    this.#start = { x: event.clientX, y: event.clientY };
    this.#offset = { x: event.clientX - box.x, y: event.clientY - box.y };
  }

  get isUnderWay() {
    return this.#ghost !== null;
  }

  follow(event) {
    if (!this.#ghost && Math.hypot(event.clientX - this.#start.x, event.clientY - this.#start.y) < FAR) return;
    if (!this.#ghost) this.#begin(event);
    this.#ghost.style.translate = `${event.clientX - this.#offset.x}px ${event.clientY - this.#offset.y}px`;
    const over = columnAt(event);
    for (const column of document.querySelectorAll("#columns [data-takes]"))
      column.toggleAttribute("data-over", column === over);
  }

  drop(event) {
    const column = this.#ghost && columnAt(event);
    const move = moveInto(this.#card, column);
    this.end();
    if (!move) return;
    if (!movesOf(this.#card).get(move).needsReason) place(this.#card, column);
    makeMove(this.#card, move);
  }

  end() {
    this.#ghost?.remove();
    this.#card.classList.remove("dragged");
    for (const column of columns()) {
      column.removeAttribute("data-takes");
      column.removeAttribute("data-over");
    }
  }

  #begin(event) {
    this.#ghost = ghostOf(this.#card);
    document.body.append(this.#ghost);
    this.#card.classList.add("dragged");
    this.#card.setPointerCapture(event.pointerId);
    for (const column of columns()) column.toggleAttribute("data-takes", Boolean(moveInto(this.#card, column)));
    getSelection()?.removeAllRanges();
  }
}

function ghostOf(card) {
  const ghost = card.cloneNode(true);
  for (const named of [ghost, ...ghost.querySelectorAll("[id]")]) named.removeAttribute("id");
  ghost.classList.add("ghost");
  ghost.setAttribute("aria-hidden", "true");
  ghost.inert = true;
  ghost.style.inlineSize = `${card.offsetWidth}px`;
  return ghost;
}

let drag = null;
let dropped = false;

function isDragged({ target, button, pointerType }) {
  return button === 0 && pointerType !== "touch" && !target.closest("button, .mark, form");
}

function stop() {
  drag?.end();
  drag = null;
}

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest("#columns .card");
  dropped = false;
  if (card && isDragged(event)) drag = new Drag(card, event);
});
document.addEventListener("pointermove", (event) => drag?.follow(event));
document.addEventListener("pointerup", (event) => {
  dropped = Boolean(drag?.isUnderWay);
  drag?.drop(event);
  drag = null;
});
document.addEventListener("pointercancel", stop);
document.addEventListener("keydown", (event) => event.key === "Escape" && stop());
// The click that ends a drag opens no link, and the browser's own dragging of links is switched off.
document.addEventListener(
  "click",
  (event) => {
    if (!dropped) return;
    dropped = false;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("dragstart", (event) => event.target.closest?.("#columns .card") && event.preventDefault());
// After a move without an answer, or with an error, the board is fetched again.
for (const kind of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(kind, ({ target }) => target.id !== "board" && setTimeout(askAgain, SOON));
}
