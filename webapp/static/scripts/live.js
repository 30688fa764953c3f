// Live updates. One stream per browser: HTTP/1.1 gives a site six connections, and tabs would use them up. The tab that
// holds the lock has the stream and tells the others. The stream says only "revision N"; each tab fetches its own part.

const SOON = 2_000;
const POLL = 10_000;
const SLOW_POLL = 60_000;
const TRY_AGAIN = 30_000;
const TELL = 5_000;

// Whether the reader is typing into a form of the order, or a refused form came back with its typed texts.
function isTyping() {
  if (document.querySelector("#order[data-kept]")) return true;
  const boxes = [...document.querySelectorAll("#order textarea")];
  const inputs = [...document.querySelectorAll("#order input:not([type=hidden])")];
  return boxes.some((box) => box.value.trim()) || inputs.some(isTouched);
}

const isTouched = (input) => input.value !== input.defaultValue || input.checked !== input.defaultChecked;

class LiveUpdates {
  #channel = new BroadcastChannel("felix-desk");
  #badge = document.getElementById("live");
  #address = document.body.dataset.stream;
  #revision = Number(document.body.dataset.revision || 0);
  #state = "again";
  #heardAt = 0;
  #polledAt = Date.now();
  #isLeader = false;

  start() {
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    // An answer that was requested before the typing began does not replace the form either.
    document.addEventListener("htmx:before:swap", (event) => {
      if (event.target.id === "order" && isTyping()) event.preventDefault();
    });
    if (this.#address) this.#follow();
  }

  /** Show how the page is kept up to date: `live`, `again` or `poll`. */
  show(state) {
    this.#state = state;
    if (this.#badge && this.#address) this.#badge.dataset.live = state;
  }

  #follow() {
    this.#channel.postMessage({ asks: true });
    setTimeout(() => this.#badge.dataset.live || this.show("again"), 2_000);
    if (navigator.locks) navigator.locks.request("felix-desk-stream", () => this.#lead());
    else this.#open();
    setInterval(() => this.#watch(), 1_000);
    // A page that comes back from the browser's back-forward cache has missed changes.
    addEventListener("pageshow", (event) => event.persisted && this.#refresh());
  }

  #lead() {
    this.#isLeader = true;
    this.#open();
    setInterval(() => this.#tell(), TELL);
    return new Promise(() => {}); // held until the tab is gone
  }

  #open() {
    const source = new EventSource(this.#address);
    source.onmessage = (event) => this.#report("live", Number(event.data));
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return this.#report("again");
      // Refused: too many streams, or signed out. Poll, and try again in a while.
      this.#report("poll");
      setTimeout(() => this.#open(), TRY_AGAIN);
    };
  }

  #report(state, revision) {
    this.show(state);
    if (revision !== undefined) this.#change(revision);
    this.#tell();
  }

  #tell() {
    this.#channel.postMessage({ state: this.#state, revision: this.#revision });
  }

  #receive({ asks, state, revision }) {
    if (this.#isLeader && asks) this.#tell();
    if (this.#isLeader || asks) return;
    this.#heardAt = Date.now();
    this.show(state);
    this.#change(revision);
  }

  #change(revision) {
    if (revision === this.#revision) return;
    this.#revision = revision;
    this.#refresh();
  }

  #watch() {
    const isDeserted = !this.#isLeader && navigator.locks && this.#heardAt && Date.now() - this.#heardAt > 3 * TELL;
    if (isDeserted) this.show("again");
    if (Date.now() - this.#polledAt >= this.#pause()) this.#refresh();
  }

  #pause() {
    // A receipt changes on its way without a change of the order: fetch again soon.
    if (document.querySelector("[data-soon]")) return SOON;
    return this.#state === "live" ? SLOW_POLL : POLL;
  }

  #refresh() {
    this.#polledAt = Date.now();
    // The page does not change while the reader types: a half-written reason stays, and a stale save shows the changes.
    if (!isTyping()) askAgain();
  }
}

/** Fetch the board or the order of this page again. */
export function askAgain() {
  document.body.dispatchEvent(new CustomEvent("desk"));
}

/** Whether an element is fetched automatically, without a press. */
export const looksByItself = ({ id }) => id === "board" || id === "order";

export const live = new LiveUpdates();
live.start();
