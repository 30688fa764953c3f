// An offer to undo disappears when its time is over. The server tells the seconds left; our clock may be wrong.

const LOOK = 250;
const ends = new Map();

function hideExpired() {
  for (const toast of document.querySelectorAll("[data-left]")) {
    if (!ends.has(toast.id)) ends.set(toast.id, Date.now() + toast.dataset.left * 1000);
    toast.hidden = Date.now() > ends.get(toast.id);
  }
}

/** The button that undoes the last move, undefined if no move can be undone any more. */
export function undoButton() {
  return [...document.querySelectorAll("[data-undo]")].find((button) => button.checkVisibility());
}

hideExpired();
setInterval(hideExpired, LOOK);
document.addEventListener("htmx:after:swap", hideExpired);
