// A pressed button is busy until its answer comes, and its card keeps the focus when it moves.
import { looksByItself } from "./live.js";

let pressed = null; // the card's id; not the button's, which has another meaning after the move

function release() {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

document.addEventListener("submit", ({ target, submitter }) => {
  submitter?.setAttribute("aria-busy", "true");
  pressed = target.closest(".card")?.id;
});

document.addEventListener("htmx:finally:request", ({ target }) => {
  if (pressed && document.activeElement === document.body)
    document.getElementById(pressed)?.focus({ preventScroll: true });
  // An automatic update between a press and its answer may move the card, but does not end the press.
  if (looksByItself(target)) return;
  release();
  pressed = null;
});

addEventListener("pageshow", release);
