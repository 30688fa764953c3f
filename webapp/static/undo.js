// An offer to undo goes when its time is over. The server says how many seconds are left; our clock may be wrong.
"use strict";

{
  const ends = new Map();

  const look = () => {
    for (const toast of document.querySelectorAll("[data-left]")) {
      if (!ends.has(toast.id)) ends.set(toast.id, Date.now() + toast.dataset.left * 1000);
      toast.hidden = Date.now() > ends.get(toast.id);
    }
  };

  look();
  setInterval(look, 250);
  document.addEventListener("htmx:after:swap", look);
}
