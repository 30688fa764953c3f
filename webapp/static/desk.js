// What the desk adds to pages that work without it: live updates, ages that count on, menus that close, a copy button.
"use strict";

// --- Live -----------------------------------------------------------------------------------------------------------
// One stream per browser: HTTP/1.1 gives a site six connections, and tabs would eat them. Whichever tab holds the lock
// has the stream and tells the others. The stream says only "revision N"; each tab then fetches its own part.

const SOON = 2_000, POLL = 10_000, SLOW_POLL = 60_000, TRY_AGAIN = 30_000, TELL = 5_000;
const channel = new BroadcastChannel("felix-desk");
const badge = document.getElementById("live");
let revision = Number(document.body.dataset.revision || 0);
let state = "again", heard = 0, leads = false, polled = Date.now();

// Somebody's hand is in a form of the order, or a refused form came back with what had been typed.
const isTyping = () => document.querySelector("#order[data-kept]") !== null
  || [...document.querySelectorAll("#order textarea")].some((box) => box.value.trim())
  || [...document.querySelectorAll("#order input:not([type=hidden])")].some((box) => box.value !== box.defaultValue || box.checked !== box.defaultChecked);

// A receipt on its way changes without the order changing: look again soon.
const pause = () => document.querySelector("[data-soon]") ? SOON : state === "live" ? SLOW_POLL : POLL;

function refresh() {
  polled = Date.now();
  // Nothing moves under the hand: with a half-written reason the page stays, and a stale save says what changed.
  if (!isTyping()) document.body.dispatchEvent(new CustomEvent("desk"));
}

// What was asked for before the hand came is not put under it either.
document.addEventListener("htmx:before:swap", (event) => event.target.id === "order" && isTyping() && event.preventDefault());

function show(next) {
  state = next;
  if (badge && document.body.dataset.stream) badge.dataset.live = next;
}

function changed(number) {
  if (number === revision) return;
  revision = number;
  refresh();
}

function say(next, number) {
  show(next);
  if (number !== undefined) changed(number);
  channel.postMessage({ state: next, revision });
}

channel.onmessage = ({ data }) => {
  if (leads) return data.asks && channel.postMessage({ state, revision });
  if (data.asks) return;
  heard = Date.now();
  show(data.state);
  changed(data.revision);
};

function stream(address) {
  const source = new EventSource(address);
  source.onmessage = (event) => say("live", Number(event.data));
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return say("again");
    // Refused: too many streams, or signed out. Poll, and try again in a while.
    say("poll");
    setTimeout(() => stream(address), TRY_AGAIN);
  };
}

if (document.body.dataset.stream) {
  channel.postMessage({ asks: true });
  setTimeout(() => badge.dataset.live || show("again"), 2_000);
  navigator.locks?.request("felix-desk-stream", () => {
    leads = true;
    stream(document.body.dataset.stream);
    setInterval(() => channel.postMessage({ state, revision }), TELL);
    return new Promise(() => {}); // held until the tab is gone
  });
  if (!navigator.locks) stream(document.body.dataset.stream);
  setInterval(() => {
    if (!leads && navigator.locks && heard && Date.now() - heard > 3 * TELL) show("again");
    if (Date.now() - polled >= pause()) refresh();
  }, 1_000);
  // A page that comes back from the browser's back-forward cache has missed what happened.
  addEventListener("pageshow", (event) => event.persisted && refresh());
}

// --- What htmx tells us ---------------------------------------------------------------------------------------------

const trouble = document.getElementById("trouble");

const looksByItself = ({ id }) => id === "board" || id === "order";

function fail(event) {
  if (looksByItself(event.target)) return show("again");
  trouble.hidden = false;
}

document.addEventListener("htmx:error", fail);
document.addEventListener("htmx:response:error", (event) => event.detail.ctx.response.status === 409 || fail(event));
document.addEventListener("htmx:before:request", () => { trouble.hidden = true; });
document.addEventListener("htmx:after:swap", () => {
  const title = document.getElementById("board-title")?.dataset.title;
  if (title) document.title = title;
  tick();
});

// --- Ages -----------------------------------------------------------------------------------------------------------

const MINUTE = 60, HOUR = 3600, DAY = 86400;
const units = {};

function lasted(seconds) {
  const [size, unit] = seconds < 90 * MINUTE ? [MINUTE, "minute"] : seconds < 36 * HOUR ? [HOUR, "hour"] : [DAY, "day"];
  units[unit] ??= new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "short" });
  return units[unit].format(Math.floor(seconds / size));
}

function tick() {
  for (const age of document.querySelectorAll("[data-age]")) {
    const seconds = Math.max(0, (Date.now() - Date.parse(age.dateTime)) / 1000);
    const text = lasted(seconds), place = age.querySelector("[data-text]");
    if (place.textContent !== text) place.textContent = text;
    if (!age.dataset.late) continue;
    const level = seconds >= age.dataset.late ? "late" : seconds >= age.dataset.warn ? "warn" : "";
    if (age.dataset.level !== level) age.dataset.level = level;
  }
}

setInterval(tick, 10_000);

// --- Menus, buttons -------------------------------------------------------------------------------------------------

document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
let pressed = null; // the card whose button was pressed keeps the focus, wherever it goes; not its button, which means something else now
document.addEventListener("submit", ({ target, submitter }) => {
  submitter?.setAttribute("aria-busy", "true");
  pressed = target.closest(".card")?.id;
});
document.addEventListener("htmx:finally:request", ({ target }) => {
  if (pressed && document.activeElement === document.body) document.getElementById(pressed)?.focus({ preventScroll: true });
  // The page looks by itself between a press and its answer, too: that may move the card, and it ends no press.
  if (looksByItself(target)) return;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  pressed = null;
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.querySelector("span").textContent = button.dataset.done;
  });
}
