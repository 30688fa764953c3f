// The messages of one chat on one phone: drawing, the newest in sight, what nobody has seen yet, buttons that wait.

import { bubble, day } from "./bubbles.js";
import { word } from "./words.js";

const BUSY_MS = 15_000;
const NEAR_END = 80;

export class Thread {
  // `acts` are those of a bubble, and unseen() when the number of messages that nobody has seen changes.
  constructor(wall, acts) {
    this.acts = acts;
    this.box = wall.querySelector(".messages");
    this.down = wall.querySelector(".down");
    this.messages = new Map();
    this.unseen = 0;
    this.stuck = true;
    this.busy = new Map(); // callback query id -> press
    this.listen();
  }

  listen() {
    this.down.addEventListener("click", () => this.toEnd());
    this.box.addEventListener(
      "scroll",
      () => {
        this.stuck = this.atEnd();
        this.down.hidden = this.stuck;
        this.see();
      },
      { passive: true },
    );
    this.box.addEventListener("load", () => this.keepEnd(), true);
    new ResizeObserver(() => this.keepEnd()).observe(this.box);
  }

  get language() {
    return this.acts.language();
  }

  // drawing

  // `hello` is what an empty chat says; `waiting` are the presses without an answer.
  fill(messages, hello, waiting) {
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    this.hello = hello;
    this.busy = new Map(waiting.map((press) => [press.callback_query_id, press]));
    this.draw();
    this.count(0);
    this.toEnd();
  }

  draw() {
    const rows = [];
    let last = "";
    for (const group of this.groups()) {
      const label = day(group[0].date, this.language);
      if (label !== last) rows.push(this.note(label, "day"));
      last = label;
      rows.push(bubble(group, this.acts));
    }
    if (!rows.length) rows.push(this.note(this.hello, "hello"));
    this.box.replaceChildren(...rows);
    this.join();
    for (const press of this.busy.values()) this.wait(press);
  }

  // The messages that are not deleted, in order; the messages of one album are one group.
  groups() {
    const groups = [];
    for (const message of [...this.messages.values()].sort((a, b) => a.message_id - b.message_id)) {
      if (message.deleted) continue;
      const album = message.media_group_id && groups.at(-1)?.[0].media_group_id === message.media_group_id;
      if (album) groups.at(-1).push(message);
      else groups.push([message]);
    }
    return groups;
  }

  note(text, name) {
    return Object.assign(document.createElement("p"), { className: name, textContent: text, dir: "auto" });
  }

  // Neighbours of the same side stand closer; only the last of them has the tail.
  join() {
    for (const row of this.box.querySelectorAll(".row")) {
      const next = row.nextElementSibling;
      const same =
        next?.classList.contains("row") && next.classList.contains("mine") === row.classList.contains("mine");
      row.classList.toggle("joined", Boolean(same));
    }
  }

  // what happens

  // Takes a message that is new or changed. Returns whether it is new.
  hear(message) {
    const follow = this.atEnd() || this.acts.isMine(message);
    const isNew = !this.messages.has(message.message_id);
    this.messages.set(message.message_id, message);
    this.show(message, isNew);
    this.join();
    if (follow) this.toEnd();
    if (isNew && !this.acts.isMine(message)) {
      this.count(this.unseen + 1);
      this.see();
    }
    return isNew;
  }

  show(message, isNew) {
    const album = message.media_group_id;
    const row = this.row(message);
    const group =
      this.groups().find((one) => one.includes(message)) ??
      this.groups().find(([first]) => album && first.media_group_id === album);
    if (row && group) this.replace(row, group);
    else if (row) row.remove();
    else if (isNew && Math.max(...this.messages.keys()) === message.message_id) this.append(group);
    else this.draw();
  }

  row(message) {
    const album = message.media_group_id;
    return this.box.querySelector(album ? `[data-album="${album}"]` : `[data-id="${message.message_id}"]`);
  }

  append(group) {
    this.box.querySelector(".hello")?.remove();
    const label = day(group[0].date, this.language);
    const days = this.box.querySelectorAll(".day");
    if (days[days.length - 1]?.textContent !== label) this.box.append(this.note(label, "day"));
    const row = bubble(group, this.acts);
    row.classList.add("fresh");
    this.box.append(row);
  }

  // After the bot edits a message, the focus stays on the button in the same place.
  replace(old, group) {
    const focused = [...old.querySelectorAll(".key")].indexOf(document.activeElement);
    const row = bubble(group, this.acts);
    row.classList.add("changed");
    old.replaceWith(row);
    for (const press of this.busy.values()) this.mark(press);
    if (focused >= 0) row.querySelectorAll(".key")[focused]?.focus();
  }

  // Brings a message into sight and makes it glow. An album's messages stand in one row.
  jump(id) {
    const message = this.messages.get(id);
    const row = message && this.row(message);
    if (!row) return;
    row.scrollIntoView({ block: "center" });
    row.classList.remove("found");
    requestAnimationFrame(() => row.classList.add("found"));
    row.querySelector(".reply").focus({ preventScroll: true });
  }

  // buttons that wait for their answer

  keysOf(press) {
    const row = this.box.querySelector(`[data-id="${press.message_id}"]`);
    return [...(row?.querySelectorAll("button.key") ?? [])].filter((key) => key.dataset.data === press.data);
  }

  wait(press) {
    if (press.answered) return;
    this.busy.set(press.callback_query_id, press);
    this.mark(press);
    setTimeout(() => this.calm(press), BUSY_MS);
  }

  mark(press) {
    for (const key of this.keysOf(press)) key.setAttribute("aria-busy", "true");
  }

  calm(press) {
    this.busy.delete(press.callback_query_id);
    for (const key of this.keysOf(press)) key.removeAttribute("aria-busy");
  }

  // the end, and what was seen of it

  atEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_END;
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
    this.stuck = true;
    this.see();
  }

  // Pictures that load and a keyboard that opens do not push the newest message out of sight.
  keepEnd() {
    if (this.stuck) this.toEnd();
  }

  // Whoever looks at the end of the chat has seen all of it.
  see() {
    if (this.unseen && document.hasFocus() && this.box.checkVisibility() && this.atEnd()) this.count(0);
  }

  count(unseen) {
    this.unseen = unseen;
    this.down.dataset.count = unseen || "";
    const name = word("toEnd", this.language);
    this.down.setAttribute("aria-label", unseen ? `${name} (${unseen})` : name);
    this.acts.unseen();
  }
}
