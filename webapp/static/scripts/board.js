// The board: its title, what could not be done, and cards that are dragged.
import "./drag.js";

const notices = document.getElementById("notices");

function updateTitle() {
  document.title = document.getElementById("board-title")?.dataset.title ?? document.title;
}

// What could not be done stays to be read, whatever changes on the board meanwhile; the next press takes it away.
function keepNotices() {
  const said = document.getElementById("said");
  if (said?.childElementCount) notices.replaceChildren(...said.children);
}

document.addEventListener("submit", () => notices.replaceChildren());
document.addEventListener("htmx:after:swap", () => {
  updateTitle();
  keepNotices();
});
