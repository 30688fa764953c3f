// The board: its title, its refused moves, and the dragging of cards.
import "./drag.js";

const notices = document.getElementById("notices");

function updateTitle() {
  document.title = document.getElementById("board-title")?.dataset.title ?? document.title;
}

// Messages about refused moves stay while the board is updated; the next press removes them.
function keepNotices() {
  const said = document.getElementById("said");
  if (said?.childElementCount) notices.replaceChildren(...said.children);
}

document.addEventListener("submit", () => notices.replaceChildren());
document.addEventListener("htmx:after:swap", () => {
  updateTitle();
  keepNotices();
});
