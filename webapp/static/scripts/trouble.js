// A press without an answer shows a message; a part that is fetched automatically shows that the page is reconnecting.
import { live, looksByItself } from "./live.js";

const note = document.getElementById("trouble");

function report({ target }) {
  if (looksByItself(target)) live.show("again");
  else note.hidden = false;
}

if (note) {
  document.addEventListener("htmx:error", report);
  document.addEventListener("htmx:response:error", (event) => {
    if (event.detail.ctx.response.status !== 409) report(event);
  });
  document.addEventListener("htmx:before:request", () => {
    note.hidden = true;
  });
}
