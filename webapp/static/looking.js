// An order's page says that somebody has it open, as long as it is seen.
"use strict";

{
  const AGAIN = 10_000;
  const here = document.getElementById("looking");

  const say = (gone) => fetch(here.dataset.look, { method: "POST", keepalive: true, body: new URLSearchParams(gone ? { gone: 1 } : {}) }).catch(() => {});
  const look = () => document.visibilityState === "visible" && say(false);

  if (here) {
    look();
    setInterval(look, AGAIN);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" ? look() : say(true));
    addEventListener("pagehide", () => say(true));
    addEventListener("pageshow", (event) => event.persisted && look());
  }
}
