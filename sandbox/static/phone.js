// One phone: a person, their conversation with the bot, and what happens in it.

import { get, post, upload } from "./api.js";
import { bubble, day } from "./bubbles.js";
import { Composer } from "./composer.js";
import { direction, known, translate, word } from "./words.js";

const BUSY_MS = 15_000;
const TOAST_MS = 4_000;
const HUES = 6;
const ALBUM = 10;
const PICTURES = ["image/png", "image/jpeg", "image/webp", "image/bmp"];

// Like Telegram's app: a picture of any other type is sent as a file.
const kindOf = (type) => {
  if (PICTURES.includes(type)) return "photo";
  return ["video", "audio"].find((kind) => type.startsWith(`${kind}/`)) ?? "document";
};
const NEAR_END = 80;

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
    this.stuck = true;
    this.busy = new Map(); // callback query id -> press
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.parts = Object.fromEntries(
      [
        "who select",
        "add",
        "chat-head .face",
        "owner .face",
        "bot-name",
        "doing",
        "messages",
        "toast",
        "down",
        "open-menu",
        "sheet",
        "restart",
        "block",
      ].map((name) => [name, this.node.querySelector(`.${name}`)]),
    );
    this.composer = new Composer(this.node.querySelector("footer"), {
      text: (text, replyTo) => this.act("text", { text, reply_to: replyTo }),
      files: (files, caption, replyTo) => this.sendFiles(files, caption, replyTo),
      voice: (blob, seconds, replyTo) =>
        this.sendFile(blob, "voice", { name: "voice", duration: seconds, reply_to: replyTo ?? "" }),
      contact: () => this.act("contact", { phone_number: `+1000${this.person}` }),
      main: () => this.mainAct(),
      tell: (text) => this.toast(text),
    });
    this.listen();
  }

  listen() {
    const { parts } = this;
    parts["who select"].addEventListener("change", (event) => this.choose(Number(event.target.value)));
    parts.add.addEventListener("click", async () => {
      const person = await this.desk.addPerson();
      if (person) this.choose(person.id);
    });
    parts["open-menu"].addEventListener("click", () => this.showMenu(parts.sheet.hidden));
    parts.restart.addEventListener("click", () => {
      this.showMenu(false);
      this.act("start");
    });
    parts.block.addEventListener("click", () => {
      this.showMenu(false);
      this.act(this.chat.blocked ? "unblock" : "block");
    });
    parts.down.addEventListener("click", () => this.toEnd());
    parts.messages.addEventListener(
      "scroll",
      () => {
        this.stuck = this.atEnd();
        parts.down.hidden = this.stuck;
      },
      { passive: true },
    );
    parts.messages.addEventListener("load", () => this.keepEnd(), true);
    new ResizeObserver(() => this.keepEnd()).observe(parts.messages);
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.showMenu(false);
    });
    this.node.addEventListener("click", (event) => {
      if (!event.target.closest(".menu")) this.showMenu(false);
    });
  }

  showMenu(open) {
    this.parts.sheet.hidden = !open;
    this.parts["open-menu"].setAttribute("aria-expanded", String(open));
    if (open) this.parts.sheet.querySelector("button").focus();
  }

  // showing

  async choose(id) {
    this.person = id;
    localStorage.setItem(`person-${this.place}`, String(id));
    await this.reload();
  }

  async reload() {
    this.drawOwner();
    if (!this.desk.bot() || this.person === null) {
      this.draw();
      return;
    }
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
    this.parts["who select"].replaceChildren(
      ...people.map((person) => {
        const name = [person.first_name, person.last_name].filter(Boolean).join(" ");
        return new Option(name, person.id, false, person.id === this.person);
      }),
    );
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
    this.parts["bot-name"].textContent = bot?.first_name ?? "—";
    face(this.parts["chat-head .face"], bot?.first_name ?? "?", 0);
    this.parts.doing.textContent = bot ? this.word("isBot") : "";
    this.parts.messages.setAttribute("aria-label", `${this.word("messagesWith")} ${bot?.first_name ?? ""}`);
    this.drawMessages();
    this.drawFooter();
  }

  drawMessages() {
    const rows = [];
    let last = "";
    for (const group of this.groups()) {
      const label = day(group[0].date, this.language);
      if (label !== last) rows.push(this.note(label, "day"));
      last = label;
      rows.push(bubble(group, this.acts()));
    }
    if (!this.desk.bot()) rows.push(this.note(`${this.word("noBot")} ${this.desk.apiUrl()}`, "hello"));
    else if (!rows.length) rows.push(this.note(this.word("empty"), "hello"));
    this.parts.messages.replaceChildren(...rows);
    this.join();
    for (const press of this.chat.waiting) this.showBusy(press);
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
    return Object.assign(document.createElement("p"), { className: name, textContent: text });
  }

  // Neighbours of the same side stand closer; only the last of them has the tail.
  join() {
    for (const row of this.parts.messages.querySelectorAll(".row")) {
      const next = row.nextElementSibling;
      const same =
        next?.classList.contains("row") && next.classList.contains("mine") === row.classList.contains("mine");
      row.classList.toggle("joined", Boolean(same));
    }
  }

  acts() {
    return {
      language: this.language,
      onPress: (message, shown, key) => this.press(message, shown, key),
      onCommand: (text) => this.act("text", { text }),
      onReply: (message) => this.composer.reply(message),
      find: (id) => this.messages.get(id),
    };
  }

  drawFooter() {
    const { chat } = this;
    const bot = this.desk.bot();
    const gone = this.desk.people().find((person) => person.id === this.person)?.deactivated;
    const starting = bot && (!chat.started || this.payload !== null);
    const main = gone ? "gone" : chat.blocked ? "unblock" : starting ? "start" : null;
    this.composer.draw(chat, this.language, main && this.word(main), Boolean(bot));
    this.composer.parts.big.disabled = Boolean(gone);
    this.parts.block.textContent = this.word(chat.blocked ? "unblock" : "block");
  }

  // doing

  async act(name, body) {
    return this.attempt(() => post(`/people/${this.person}/${name}`, body));
  }

  async attempt(doing) {
    try {
      return await doing();
    } catch (error) {
      this.toast(error.message);
      return null;
    } finally {
      await this.reloadChat();
    }
  }

  async mainAct() {
    if (this.chat.blocked) {
      await this.act("unblock");
      return;
    }
    const payload = this.payload ?? "";
    this.payload = null;
    await this.act("start", { payload });
    this.composer.field.focus();
  }

  // Pictures and videos share albums of ten; files have albums of files only, and music of music.
  async sendFiles(files, caption, replyTo) {
    const kinds = files.map((file) => kindOf(file.type));
    const seen = kinds.map((kind) => (kind === "video" ? "photo" : kind));
    const [stamp, counts] = [Date.now(), {}];
    for (const [at, file] of files.entries()) {
      counts[seen[at]] = (counts[seen[at]] ?? 0) + 1;
      const alone = seen.filter((kind) => kind === seen[at]).length < 2;
      const album = alone ? "" : `${stamp}${seen[at]}${Math.ceil(counts[seen[at]] / ALBUM)}`;
      await this.sendFile(file, kinds[at], {
        name: file.name,
        caption: at ? "" : caption,
        album,
        reply_to: replyTo ?? "",
      });
    }
  }

  sendFile(data, kind, query) {
    const path = `/people/${this.person}/files?${new URLSearchParams({ kind, ...query })}`;
    return this.attempt(() => upload(path, data));
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
    this.composer.parts.big.focus();
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
    const isNew = !this.messages.has(message.message_id);
    this.messages.set(message.message_id, message);
    this.show(message, isNew);
    this.join();
    if (message.from_bot && isNew) {
      this.hearAction(null);
      this.reloadChat();
    }
    if (follow) this.toEnd();
  }

  show(message, isNew) {
    const album = message.media_group_id;
    const row = this.parts.messages.querySelector(
      album ? `[data-album="${album}"]` : `[data-id="${message.message_id}"]`,
    );
    const group =
      this.groups().find((one) => one.includes(message)) ??
      this.groups().find(([first]) => album && first.media_group_id === album);
    if (row && group) this.replace(row, group);
    else if (row) row.remove();
    else if (isNew && Math.max(...this.messages.keys()) === message.message_id) this.append(group);
    else this.drawMessages();
  }

  append(group) {
    this.parts.messages.querySelector(".hello")?.remove();
    const label = day(group[0].date, this.language);
    const days = this.parts.messages.querySelectorAll(".day");
    if (days[days.length - 1]?.textContent !== label) this.parts.messages.append(this.note(label, "day"));
    const row = bubble(group, this.acts());
    row.classList.add("fresh");
    this.parts.messages.append(row);
  }

  // After the bot edits a message, the focus stays on the button in the same place.
  replace(old, group) {
    const focused = [...old.querySelectorAll(".key")].indexOf(document.activeElement);
    const row = bubble(group, this.acts());
    row.classList.add("changed");
    old.replaceWith(row);
    for (const press of this.busy.values()) this.mark(press);
    if (focused >= 0) row.querySelectorAll(".key")[focused]?.focus();
  }

  keysOf(press) {
    const row = this.parts.messages.querySelector(`[data-id="${press.message_id}"]`);
    return [...(row?.querySelectorAll("button.key") ?? [])].filter((key) => key.dataset.data === press.data);
  }

  showBusy(press) {
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
    Object.assign(toast, { textContent: text, dir: "auto", hidden: false });
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => {
      toast.hidden = true;
    }, TOAST_MS);
  }

  atEnd() {
    const { messages } = this.parts;
    return messages.scrollHeight - messages.scrollTop - messages.clientHeight < NEAR_END;
  }

  toEnd() {
    const { messages } = this.parts;
    messages.scrollTop = messages.scrollHeight;
    this.stuck = true;
  }

  // Pictures that load and a keyboard that opens do not push the newest message out of sight.
  keepEnd() {
    if (this.stuck) this.toEnd();
  }
}
