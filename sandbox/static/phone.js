// One phone: a person, their conversation with the bot, and what they can do in it.

import { get, post } from "./api.js";
import { bubble, day } from "./bubbles.js";
import { direction, known, translate, word } from "./words.js";

const BUSY_MS = 15_000;
const TOAST_MS = 4_000;
const HUES = 6;

export const face = (node, name, number) => {
  node.textContent = [...name.trim()][0] ?? "?";
  node.dataset.hue = String(Math.abs(number) % HUES);
};

export class Phone {
  // `desk` gives people(), bot(), apiUrl(), alert(text), addPerson(): Promise<person>.
  constructor(desk, place) {
    this.desk = desk;
    this.place = place;
    this.person = null;
    this.messages = new Map();
    this.chat = { started: false, blocked: false, reply_keyboard: null, commands: [], waiting: [] };
    this.payload = null;
    this.busy = new Map(); // callback query id -> key
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.parts = Object.fromEntries(
      ["who select", "add", "chat-head .face", "owner .face", "bot-name", "doing", "messages", "toast", "down", "commands",
        "composer", "slash", "keys", "send", "reply-keys", "footer > .big", "open-menu", "sheet", "restart", "block"]
        .map((name) => [name, this.node.querySelector(name.startsWith("footer") ? name : `.${name}`)]));
    this.field = this.node.querySelector("textarea");
    this.listen();
  }

  listen() {
    const { parts } = this;
    parts["who select"].addEventListener("change", (event) => this.choose(Number(event.target.value)));
    parts.add.addEventListener("click", async () => {
      const person = await this.desk.addPerson();
      if (person) this.choose(person.id);
    });
    parts.composer.addEventListener("submit", (event) => { event.preventDefault(); this.send(this.field.value); });
    this.field.addEventListener("input", () => this.grow());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(this.field.value); }
    });
    parts["footer > .big"].addEventListener("click", () => this.mainAct());
    parts["open-menu"].addEventListener("click", () => this.toggle("open-menu", "sheet"));
    parts.slash.addEventListener("click", () => this.toggle("slash", "commands"));
    parts.keys.addEventListener("click", () => this.toggle("keys", "reply-keys"));
    parts.restart.addEventListener("click", () => { this.fold("open-menu", "sheet"); this.act("start"); });
    parts.block.addEventListener("click", () => { this.fold("open-menu", "sheet"); this.act(this.chat.blocked ? "unblock" : "block"); });
    parts.down.addEventListener("click", () => this.toEnd());
    parts.messages.addEventListener("scroll", () => { parts.down.hidden = this.atEnd(); }, { passive: true });
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { this.fold("open-menu", "sheet"); this.fold("slash", "commands"); }
    });
    this.node.addEventListener("click", (event) => {
      if (!event.target.closest(".menu")) this.fold("open-menu", "sheet");
    });
  }

  toggle(button, panel) {
    const opened = this.parts[panel].hidden;
    this.parts[panel].hidden = !opened;
    this.parts[button].setAttribute("aria-expanded", String(opened));
    if (opened) this.parts[panel].querySelector("button")?.focus();
  }

  fold(button, panel) {
    this.parts[panel].hidden = true;
    this.parts[button].setAttribute("aria-expanded", "false");
  }

  // showing

  async choose(id) {
    this.person = id;
    localStorage.setItem(`person-${this.place}`, String(id));
    await this.reload();
  }

  async reload() {
    this.drawOwner();
    if (!this.desk.bot() || this.person === null) { this.draw(); return; }
    const person = this.person;
    const [chat, messages] = await Promise.all([get(`/chats/${person}`), get(`/chats/${person}/messages?limit=300`)]);
    if (person !== this.person) return;
    this.chat = chat;
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    this.busy.clear();
    this.draw();
    this.toEnd();
  }

  async reloadChat() {
    if (!this.desk.bot() || this.person === null) return;
    const person = this.person;
    const chat = await get(`/chats/${person}`);
    if (person !== this.person) return;
    this.chat = chat;
    this.drawFooter();
  }

  drawOwner() {
    const people = this.desk.people();
    const select = this.parts["who select"];
    select.replaceChildren(...people.map((person) => {
      const option = new Option([person.first_name, person.last_name].filter(Boolean).join(" "), person.id);
      option.selected = person.id === this.person;
      return option;
    }));
    const person = people.find((one) => one.id === this.person);
    if (person) face(this.parts["owner .face"], person.first_name, person.id);
    this.node.setAttribute("aria-label", person?.first_name ?? "");
    translate(this.node);
    this.speak(person?.language_code);
  }

  // The app on this phone speaks its owner's language.
  speak(code) {
    this.language = known(code);
    for (const part of this.node.querySelectorAll(".chat-head, .wall, footer")) {
      part.lang = this.language;
      part.dir = direction(this.language);
      translate(part, this.language);
    }
  }

  word(key) {
    return word(key, this.language);
  }

  draw() {
    const bot = this.desk.bot();
    const head = this.parts["chat-head .face"];
    this.node.classList.toggle("no-bot", !bot);
    this.parts["bot-name"].textContent = bot?.first_name ?? "—";
    face(head, bot?.first_name ?? "?", 0);
    this.parts.doing.textContent = bot ? this.word("isBot") : "";
    this.parts.messages.setAttribute("aria-label", `${this.word("messagesWith")} ${bot?.first_name ?? ""}`);
    this.drawMessages();
    this.drawFooter();
    this.parts.block.textContent = this.word(this.chat.blocked ? "unblock" : "block");
  }

  drawMessages() {
    const rows = [];
    let last = "";
    for (const message of [...this.messages.values()].sort((a, b) => a.message_id - b.message_id)) {
      if (message.deleted) continue;
      const label = day(message.date, this.language);
      if (label !== last) rows.push(this.note(label, "day"));
      last = label;
      rows.push(bubble(message, this.acts()));
    }
    if (!this.desk.bot()) rows.push(this.note(`${this.word("noBot")} ${this.desk.apiUrl()}`, "hello"));
    else if (!rows.length) rows.push(this.note(this.word("empty"), "hello"));
    this.parts.messages.replaceChildren(...rows);
    this.join();
    for (const press of this.chat.waiting) this.showBusy(press);
  }

  note(text, name) {
    const node = document.createElement("p");
    node.className = name;
    node.textContent = text;
    return node;
  }

  // Neighbours of the same side stand closer; only the last of them has the tail.
  join() {
    const rows = [...this.parts.messages.querySelectorAll(".row")];
    rows.forEach((row, at) => {
      const next = row.nextElementSibling;
      row.classList.toggle("joined", Boolean(next?.classList.contains("row")) && next.classList.contains("mine") === row.classList.contains("mine"));
      row.classList.toggle("newest", at === rows.length - 1);
    });
  }

  acts() {
    return {
      onPress: (message, shown, key) => this.press(message, shown, key),
      onCommand: (text) => this.send(text),
      language: this.language,
      find: (id) => this.messages.get(id),
    };
  }

  drawFooter() {
    const { parts, chat } = this;
    const bot = this.desk.bot();
    const gone = this.desk.people().find((person) => person.id === this.person)?.deactivated;
    const button = parts["footer > .big"];
    const starting = bot && (!chat.started || this.payload !== null) && !chat.blocked;
    button.hidden = !(starting || chat.blocked || gone);
    button.disabled = Boolean(gone);
    button.textContent = gone ? this.word("gone") : chat.blocked ? this.word("unblock") : this.word("start");
    parts.composer.hidden = !button.hidden || !bot;
    this.field.placeholder = this.word("message");
    this.field.setAttribute("aria-label", this.word("message"));
    parts.block.textContent = this.word(chat.blocked ? "unblock" : "block");
    this.drawCommands();
    this.drawReplyKeys();
  }

  drawCommands() {
    const { commands, slash } = this.parts;
    slash.hidden = !this.chat.commands.length;
    commands.replaceChildren(...this.chat.commands.map(({ command, description }) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const name = document.createElement("b");
      name.textContent = `/${command}`;
      name.dir = "ltr";
      const text = document.createElement("span");
      text.textContent = description;
      text.dir = "auto";
      button.type = "button";
      button.append(name, text);
      button.addEventListener("click", () => { this.fold("slash", "commands"); this.send(`/${command}`); });
      item.append(button);
      return item;
    }));
  }

  drawReplyKeys() {
    const box = this.parts["reply-keys"];
    const keyboard = this.parts.composer.hidden ? null : this.chat.reply_keyboard;
    const rows = keyboard?.keyboard ?? [];
    const same = JSON.stringify(rows);
    this.parts.keys.hidden = !rows.length;
    if (box.dataset.rows === same) { box.hidden = box.hidden || !rows.length; return; }
    box.dataset.rows = same;
    box.hidden = !rows.length;
    this.parts.keys.setAttribute("aria-expanded", String(!box.hidden));
    box.replaceChildren(...rows.map((row) => {
      const line = document.createElement("div");
      line.className = "keys-row";
      for (const shown of row) {
        const key = document.createElement("button");
        key.type = "button";
        key.className = "key";
        key.dir = "auto";
        key.textContent = shown.text;
        key.addEventListener("click", () => {
          this.send(shown.text);
          if (keyboard.one_time_keyboard) this.fold("keys", "reply-keys");
        });
        line.append(key);
      }
      return line;
    }));
    if (keyboard?.input_field_placeholder) this.field.placeholder = keyboard.input_field_placeholder;
  }

  // doing

  async act(name, body) {
    try {
      return await post(`/people/${this.person}/${name}`, body);
    } catch (error) {
      this.toast(error.message);
      return null;
    } finally {
      await this.reloadChat();
    }
  }

  async mainAct() {
    if (this.chat.blocked) { await this.act("unblock"); return; }
    const payload = this.payload ?? "";
    this.payload = null;
    await this.act("start", { payload });
    this.field.focus();
  }

  async send(text) {
    if (!text.trim()) return;
    if (text === this.field.value) { this.field.value = ""; this.grow(); }
    this.fold("slash", "commands");
    await this.act("text", { text: text.trim() });
  }

  async press(message, shown, key) {
    if (key.getAttribute("aria-busy") === "true" || !shown.data) return;
    key.setAttribute("aria-busy", "true");
    const press = await this.act("press", { message_id: message.message_id, data: shown.data });
    if (!press) key.removeAttribute("aria-busy");
  }

  // A bot's own link was opened: Start waits with its payload.
  async offer(payload) {
    this.payload = payload;
    this.drawFooter();
    this.parts["footer > .big"].focus();
  }

  // what happens

  hear(event) {
    if (event.chat !== this.person) return;
    if (event.type === "message") this.hearMessage(event.message);
    if (event.type === "press") this.showBusy(event.press);
    if (event.type === "answer") this.hearAnswer(event.press);
    if (event.type === "action") this.hearAction(event.action);
  }

  hearMessage(message) {
    const follow = this.atEnd() || !message.from_bot;
    const known = this.parts.messages.querySelector(`[data-id="${message.message_id}"]`);
    const before = this.messages.get(message.message_id);
    this.messages.set(message.message_id, message);
    if (message.deleted) known?.remove();
    else if (known) this.replace(known, message);
    else if (this.isNewest(message)) this.append(message);
    else this.drawMessages();
    this.join();
    if (message.from_bot) { this.hearAction(null); if (!before) this.reloadChat(); }
    if (follow) this.toEnd();
  }

  isNewest(message) {
    return Math.max(...this.messages.keys()) === message.message_id;
  }

  append(message) {
    this.parts.messages.querySelector(".hello")?.remove();
    const label = day(message.date, this.language);
    const days = this.parts.messages.querySelectorAll(".day");
    if (days[days.length - 1]?.textContent !== label) this.parts.messages.append(this.note(label, "day"));
    const row = bubble(message, this.acts());
    row.classList.add("fresh");
    this.parts.messages.append(row);
  }

  // Focus stays on the key in the same place, whatever the bot made of the message.
  replace(known, message) {
    const keys = [...known.querySelectorAll(".key")];
    const focused = keys.indexOf(document.activeElement);
    const row = bubble(message, this.acts());
    row.classList.add("changed");
    known.replaceWith(row);
    for (const [id, data] of this.busy) this.mark(id, message.message_id, data.data);
    if (focused >= 0) row.querySelectorAll(".key")[focused]?.focus();
  }

  showBusy(press) {
    if (press.answered) return;
    this.busy.set(press.callback_query_id, press);
    this.mark(press.callback_query_id, press.message_id, press.data);
    setTimeout(() => this.calm(press), BUSY_MS);
  }

  mark(id, messageId, data) {
    const row = this.parts.messages.querySelector(`[data-id="${messageId}"]`);
    for (const key of row?.querySelectorAll("button.key") ?? []) {
      if (key.dataset.data === data && this.busy.get(id)?.message_id === messageId) key.setAttribute("aria-busy", "true");
    }
  }

  calm(press) {
    this.busy.delete(press.callback_query_id);
    for (const key of this.parts.messages.querySelectorAll(`[data-id="${press.message_id}"] .key[aria-busy]`)) {
      if (key.dataset.data === press.data) key.removeAttribute("aria-busy");
    }
  }

  hearAnswer(press) {
    this.calm(press);
    if (press.url) location.assign(press.url.replace(/^https?:\/\/t\.me/, "/t.me"));
    else if (press.text && press.show_alert) this.desk.alert(press.text);
    else if (press.text) this.toast(press.text);
  }

  hearAction(action) {
    clearTimeout(this.actionTimer);
    const busy = Boolean(action) && action !== "cancel";
    this.parts.doing.textContent = this.word(busy ? "typing" : "isBot");
    this.parts.doing.classList.toggle("busy", busy);
    if (busy) this.actionTimer = setTimeout(() => this.hearAction(null), 5_000);
  }

  toast(text) {
    const { toast } = this.parts;
    toast.textContent = text;
    toast.dir = "auto";
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { toast.hidden = true; }, TOAST_MS);
  }

  // small things

  grow() {
    this.field.rows = Math.min(5, this.field.value.split("\n").length);
  }

  atEnd() {
    const { messages } = this.parts;
    return messages.scrollHeight - messages.scrollTop - messages.clientHeight < 80;
  }

  toEnd() {
    const { messages } = this.parts;
    messages.scrollTop = messages.scrollHeight;
  }
}

