// The alarm for new orders: one short sound for all of them, repeated until every order is taken; optionally, one
// notification per order. The browser keeps the settings, because loudspeakers and permissions belong to a place, not
// to a person. One tab watches; one tab that may play sound sounds.
import { Chime } from "./chime.js";

const AGAIN = 20_000;
const AT_ONCE = 2_000;
const LOOK = 10_000;
const SETTLES = 600;

// The settings that the browser keeps for all tabs.
const kept = (name, empty) => JSON.parse(localStorage.getItem(name) ?? "null") ?? empty;
const keep = (name, value) => localStorage.setItem(name, JSON.stringify(value));
const wish = () => kept("felix-alarm", { sound: false, note: false });

const mayNotify = () => "Notification" in globalThis && Notification.permission === "granted";
const mayAsk = () => "Notification" in globalThis && Notification.permission === "default";

/** The sound, in the one tab that holds the lock: only a tab that may play sound takes it. */
class Bell {
  #blocked = document.getElementById("blocked");
  #channel = new BroadcastChannel("felix-alarm");
  #chime = new Chime(() => this.offer());
  #hasAsked = false;
  #isSounding = false;

  /** Request the lock, if the sound is switched on and the browser lets this tab play it; else show a hint. */
  offer() {
    const isReady = wish().sound && this.#chime.maySound;
    if (isReady || !wish().sound) this.#blocked.hidden = true;
    else setTimeout(() => this.#showBlocked(), SETTLES);
    if (!isReady || this.#hasAsked) return;
    this.#hasAsked = true;
    navigator.locks.request("felix-desk-sound", () => this.#hold());
  }

  ring() {
    keep("felix-alarm-rang", Date.now());
    if (this.#isSounding) this.#chime.play();
    else this.#channel.postMessage("ring");
  }

  async touch() {
    if (!wish().sound) return;
    await this.#chime.resume();
    this.offer();
  }

  async test() {
    await this.#chime.resume();
    this.#chime.play();
  }

  #showBlocked() {
    this.#blocked.hidden = !wish().sound || this.#chime.maySound;
  }

  #hold() {
    this.#channel.onmessage = ({ data }) => data === "ring" && this.#chime.play();
    this.#isSounding = true;
    return new Promise(() => {}); // held until the tab is gone
  }
}

/** The notifications of this tab, one per order. */
class Notices {
  #title;
  #shown = new Map();

  constructor(title) {
    this.#title = title;
  }

  show({ id, text }) {
    if (!mayNotify()) return;
    try {
      const notice = new Notification(this.#title.replace("#", id), { tag: `felix-order-${id}`, body: text });
      notice.onclick = () => this.#open(id);
      notice.onclose = () => this.#shown.delete(id);
      this.#shown.set(id, notice);
    } catch {
      // some phones have no such notifications
    }
  }

  /** Close the notifications of orders that do not wait any more. */
  keepOnly(orders) {
    const waiting = new Set(orders.map((order) => order.id));
    for (const [id, notice] of this.#shown) if (!waiting.has(id)) notice.close();
  }

  #open(id) {
    focus();
    location.assign(`/orders/${id}`);
  }
}

/** Polls for orders that are not taken yet, in the one tab that holds the lock. */
class Watch {
  #channel = new BroadcastChannel("felix-desk");
  #bell;
  #notices;
  #unclaimed = [];
  #revision = 0;
  #isWatching = false;
  #isAsking = false;
  #again = false;

  constructor(bell, notices) {
    this.#bell = bell;
    this.#notices = notices;
  }

  start() {
    navigator.locks.request("felix-desk-alarm", () => this.#hold());
  }

  async look() {
    if (!this.#isWatching || !(wish().sound || wish().note)) return;
    this.#again = this.#isAsking;
    if (this.#isAsking) return;
    this.#isAsking = true;
    await this.#ask().catch(() => {}); // the next request is soon
    this.#isAsking = false;
    if (this.#again) this.look();
  }

  #hold() {
    this.#isWatching = true;
    this.look();
    setInterval(() => this.look(), LOOK);
    setInterval(() => this.#beat(AGAIN), 1_000);
    this.#channel.onmessage = ({ data }) => this.#follow(data.revision);
    return new Promise(() => {}); // held until the tab is gone
  }

  #follow(revision) {
    if (revision === undefined || revision === this.#revision) return;
    this.#revision = revision;
    this.look();
  }

  async #ask() {
    const options = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) };
    const answer = await fetch("/board/new", options);
    if (answer.ok && !answer.redirected) this.#judge((await answer.json()).orders);
  }

  #judge(orders) {
    const told = kept("felix-alarm-told", 0);
    const fresh = orders.filter((order) => order.id > told);
    this.#unclaimed = orders;
    if (fresh.length) keep("felix-alarm-told", Math.max(...fresh.map((order) => order.id)));
    if (wish().note) for (const order of fresh) this.#notices.show(order);
    this.#notices.keepOnly(orders);
    this.#beat(fresh.length ? AT_ONCE : AGAIN);
  }

  #beat(pause) {
    const isDue = Date.now() - kept("felix-alarm-rang", 0) >= pause;
    if (isDue && wish().sound && this.#unclaimed.length) this.#bell.ring();
  }
}

/** The menu in which the alarm is switched on. */
class AlarmMenu {
  #menu;
  #sound = document.getElementById("alarm-sound");
  #note = document.getElementById("alarm-note");
  #bell = new Bell();
  #watch;

  constructor(menu) {
    this.#menu = menu;
    this.#watch = new Watch(this.#bell, new Notices(menu.dataset.title));
  }

  start() {
    this.#menu.hidden = false;
    this.#paint();
    for (const box of [this.#sound, this.#note]) box.addEventListener("change", () => this.#choose());
    document.getElementById("alarm-test").addEventListener("click", () => this.#bell.test());
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => this.#bell.touch());
    addEventListener("storage", ({ key }) => key === "felix-alarm" && this.#change());
    this.#watch.start();
  }

  #paint() {
    const { sound, note } = wish();
    this.#sound.checked = sound;
    this.#note.checked = note;
    this.#menu.dataset.alarm = sound ? "on" : "off";
    document.getElementById("alarm-refused").hidden = !note || mayNotify();
    this.#bell.offer();
  }

  #change() {
    this.#paint();
    this.#watch.look();
  }

  async #choose() {
    if (this.#note.checked && mayAsk()) await Notification.requestPermission();
    keep("felix-alarm", { sound: this.#sound.checked, note: this.#note.checked });
    await this.#bell.touch();
    this.#change();
  }
}

const menu = document.getElementById("alarm");
if (menu && navigator.locks) new AlarmMenu(menu).start();
