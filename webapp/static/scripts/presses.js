// A pressed button is busy until its answer comes, and the card that it stands on keeps the focus, wherever it goes.
import { looksByItself } from "./live.js";

let pressed = null; // the card's id; not the button's, which means something else by then

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
  // The page looks by itself between a press and its answer, too: that may move the card, and it ends no press.
  if (looksByItself(target)) return;
  release();
  pressed = null;
});

addEventListener("pageshow", release);
