// The board: what could not be done, and cards that are dragged to the column of their next state.
"use strict";

// --- What could not be done stays to be read, whatever changes on the board meanwhile; the next press takes it away. ---

{
  const notices = document.getElementById("notices");

  document.addEventListener("htmx:after:swap", () => {
    const said = document.getElementById("said");
    if (said?.childElementCount) notices.replaceChildren(...said.children);
  });
  document.addEventListener("submit", () => notices.replaceChildren());
}

// --- Cards are dragged -----------------------------------------------------------------------------------------------

{
  // With a mouse or a pen: a finger scrolls, and has the buttons.
  const SOON = 1_000, FAR = 6; // pixels: less is a click
  let drag = null; // { card, pointer, x, y, ghost }
  let dropped = false;

  // The move that brings a card into a column, by the card's own table.
  function moveInto(card, column) {
    if (card.closest(".column") === column) return undefined;
    const into = (card.dataset.moves || "").split(" ").find((one) => one.split(":")[1]?.replace("!", "") === column?.id);
    return into && into.split(":")[0];
  }

  function begin(event) {
    const { card } = drag;
    drag.ghost = card.cloneNode(true);
    drag.ghost.removeAttribute("id");
    for (const named of drag.ghost.querySelectorAll("[id]")) named.removeAttribute("id");
    drag.ghost.classList.add("ghost");
    drag.ghost.setAttribute("aria-hidden", "true");
    drag.ghost.inert = true;
    drag.ghost.style.inlineSize = `${card.offsetWidth}px`;
    document.body.append(drag.ghost);
    card.classList.add("dragged");
    card.setPointerCapture(event.pointerId);
    for (const column of document.querySelectorAll("#columns .column")) column.toggleAttribute("data-takes", !!moveInto(card, column));
    getSelection()?.removeAllRanges();
  }

  const columnAt = ({ clientX, clientY }) => document.elementsFromPoint(clientX, clientY).map((one) => one.closest(".column")).find(Boolean);

  function follow(event) {
    drag.ghost.style.translate = `${event.clientX - drag.dx}px ${event.clientY - drag.dy}px`;
    const over = columnAt(event);
    for (const column of document.querySelectorAll("#columns [data-takes]")) column.toggleAttribute("data-over", column === over);
  }

  function end() {
    drag.ghost?.remove();
    drag.card.classList.remove("dragged");
    for (const column of document.querySelectorAll("#columns .column")) {
      column.removeAttribute("data-takes");
      column.removeAttribute("data-over");
    }
    drag = null;
  }

  // At once, here; the answer brings the truth. What is refused goes back with it.
  function place(card, column) {
    let list = column.querySelector("ol");
    if (!list) {
      list = document.createElement("ol");
      column.querySelector(".empty")?.replaceWith(list);
    }
    list.append(card);
    card.setAttribute("aria-busy", "true");
  }

  document.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("#columns .card");
    dropped = false;
    if (!card || event.button !== 0 || event.pointerType === "touch" || event.target.closest("button, .mark, form")) return;
    const box = card.getBoundingClientRect();
    drag = { card, x: event.clientX, y: event.clientY, dx: event.clientX - box.x, dy: event.clientY - box.y, ghost: null };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
    if (!drag.ghost) begin(event);
    follow(event);
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { card, ghost } = drag, column = ghost && columnAt(event), move = moveInto(card, column);
    dropped = !!ghost;
    end();
    if (!move) return;
    if (!desk.moves(card).get(move)) place(card, column);
    desk.move(card, move);
  });
  document.addEventListener("pointercancel", () => drag && end());
  document.addEventListener("keydown", (event) => event.key === "Escape" && drag && end());
  // The press that ends a drag opens nothing, and the browser's own drag of links stays out of it.
  document.addEventListener("click", (event) => {
    if (!dropped) return;
    dropped = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("dragstart", (event) => event.target.closest?.("#columns .card") && event.preventDefault());
  // A move that got no answer, or a wrong one: the board shows how things stand.
  for (const kind of ["htmx:error", "htmx:response:error"]) {
    document.addEventListener(kind, ({ target }) => target.id !== "board" && setTimeout(() => document.body.dispatchEvent(new CustomEvent("desk")), SOON));
  }
}
