// One phone: a person, their conversation with the bot, and what happens in it.

import { ActionMenu } from "./actions.js";
import { get, post, upload } from "./api.js";
import { Composer } from "./composer.js";
import { pick, sure, tell } from "./dialogs.js";
import { MAX_CAPTION, preview } from "./preview.js";
import { shipments } from "./shipping.js";
import { ring } from "./sound.js";
import { Thread } from "./thread.js";
import { direction, known, translate, word } from "./words.js";

const TOAST_MS = 4_000;
const HUES = 6;
const PLACE = { latitude: 32.0567, longitude: 34.7713 }; // where everybody of the emulator stands

export const face = (node, name, number) => {
  node.textContent = [...name.trim()][0] ?? "?";
  node.dataset.hue = String(Math.abs(number) % HUES);
};

export class Phone {
  // `desk` gives people(), groups(), bot(), apiUrl(), chats(), addPerson(): Promise<person>, addGroup(): Promise<group>, drawTitle().
  constructor(desk, place) {
    this.desk = desk;
    this.place = place;
    this.person = null;
    this.group = null; // the id of the group on the screen; null for the chat with the bot
    this.chat = { started: false, blocked: false, reply_keyboard: null, commands: [], waiting: [] };
    this.payload = null;
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.parts = Object.fromEntries(
      [
        "who select",
        "where select",
        "add",
        "face.bot",
        "owner .face",
        "stage .face",
        "bot-name",
        "doing",
        "messages",
        "toast",
        "open-menu",
        "sheet",
        "restart",
        "block",
      ].map((name) => [name, this.node.querySelector(`.${name}`)]),
    );
    this.menu = new ActionMenu(this.node.querySelector(".actions"));
    this.thread = new Thread(this.node.querySelector(".wall"), this.bubbleActs());
    this.composer = new Composer(this.node.querySelector("footer"), {
      text: (text, replyTo) => this.act("text", { text, reply_to: replyTo }),
      edit: (message, text) => this.act("edit", { message_id: message.message_id, text }),
      last: () => [...this.thread.messages.values()].filter((one) => this.canEdit(one)).at(-1),
      files: (files, caption, replyTo) => this.sendAfterLook(files, caption, replyTo),
      voice: (blob, seconds, replyTo) =>
        this.sendFile(blob, "voice", { name: "voice", duration: seconds, reply_to: replyTo ?? "" }),
      place: () => this.act("location", PLACE),
      sticker: (emoji) => this.act("sticker", { emoji }),
      contact: () => this.act("contact", { phone_number: `+1000${this.person}` }),
      main: () => this.mainAct(),
      tell: (text) => this.toast(text),
    });
    this.listen();
  }

  listen() {
    const { parts } = this;
    parts["who select"].addEventListener("change", (event) => this.choose(Number(event.target.value)));
    parts["where select"].addEventListener("change", (event) => this.enter(event.target.value));
    parts.add.addEventListener("click", async () => {
      const person = await this.desk.addPerson();
      if (person) this.choose(person.id);
    });
    const stage = this.node.querySelector(".stage");
    stage.addEventListener("click", () => {
      const open = document.body.classList.toggle("staged");
      stage.setAttribute("aria-expanded", String(open));
    });
    parts["open-menu"].addEventListener("click", () => this.showMenu(parts.sheet.hidden));
    parts.restart.addEventListener("click", () => {
      this.showMenu(false);
      this.act("start");
    });
    parts.block.addEventListener("click", () => {
      this.showMenu(false);
      this.act(this.blocking(), { group: this.group });
    });
    this.listenToDrops();
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.showMenu(false);
    });
    this.node.addEventListener("click", (event) => {
      if (!event.target.closest(".menu")) this.showMenu(false);
    });
  }

  listenToDrops() {
    const over = (on) => this.node.classList.toggle("dropping", on);
    this.node.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files") || this.composer.parts.composer.hidden) return;
      event.preventDefault();
      over(true);
    });
    this.node.addEventListener("dragleave", () => over(false));
    this.node.addEventListener("drop", (event) => {
      over(false);
      if (!event.dataTransfer.files.length || this.composer.parts.composer.hidden) return;
      event.preventDefault();
      this.composer.offer(event.dataTransfer.files);
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

  get chatId() {
    return this.group ?? this.person;
  }

  // Show another chat: "" for the one with the bot, "new" for a group that is made now.
  async enter(value) {
    if (value === "new") this.group = (await this.desk.addGroup())?.id ?? this.group;
    else this.group = value ? Number(value) : null;
    await this.reload();
  }

  async reload() {
    this.drawOwner();
    if (!this.desk.bot() || this.person === null) {
      this.draw();
      return;
    }
    const shown = [this.person, this.chatId].join();
    const [chat, messages] = await Promise.all([
      get(`/chats/${this.chatId}`),
      get(`/chats/${this.chatId}/messages?limit=300`),
    ]);
    if (shown !== [this.person, this.chatId].join()) return;
    this.chat = chat;
    this.draw(messages);
  }

  async reloadChat() {
    if (!this.desk.bot() || this.person === null) return;
    const shown = this.chatId;
    const chat = await get(`/chats/${shown}`);
    if (shown !== this.chatId) return;
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
    const groups = this.desk.groups();
    if (!groups.some((group) => group.id === this.group)) this.group = null;
    const chats = [["", this.desk.bot()?.first_name ?? "—"], ...groups.map(({ id, name }) => [id, name])];
    this.parts["where select"].replaceChildren(
      ...[...chats, ["new", word("newGroup")]].map(
        ([value, name]) => new Option(name, value, false, String(value) === String(this.group ?? "")),
      ),
    );
    const person = people.find((one) => one.id === this.person);
    if (person)
      for (const circle of [this.parts["owner .face"], this.parts["stage .face"]])
        face(circle, person.first_name, person.id);
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

  draw(messages = []) {
    const bot = this.desk.bot();
    const name = this.desk.groups().find((group) => group.id === this.group)?.name ?? bot?.first_name ?? "—";
    this.parts["bot-name"].textContent = name;
    face(this.parts["face.bot"], name, this.group ?? 0);
    this.hearAction(null);
    this.parts.messages.setAttribute("aria-label", `${this.word("messagesWith")} ${name}`);
    const hello = bot
      ? this.word(this.group === null ? "empty" : "emptyGroup")
      : `${this.word("noBot")} ${this.desk.apiUrl()}`;
    const waiting = this.chat.waiting.filter((press) => press.person === this.person);
    this.thread.fill(messages, hello, waiting);
    this.drawFooter();
  }

  bubbleActs() {
    return {
      language: () => this.language,
      isMine: (message) => this.isMine(message),
      onPress: (message, shown, key) => this.press(message, shown, key),
      onCommand: (text) => this.act("text", { text }),
      onReply: (message) => this.composer.reply(message),
      onMenu: (message, x, y) => this.menu.open(this.actions(message), this.language, x, y),
      onJump: (id) => this.thread.jump(id),
      author: (message) => message.from?.first_name ?? "",
      isGroup: () => this.group !== null,
      find: (id) => this.thread.messages.get(id),
      unseen: () => this.desk.drawTitle(),
    };
  }

  drawFooter() {
    const { chat } = this;
    const bot = this.desk.bot();
    const gone = this.desk.people().find((person) => person.id === this.person)?.deactivated;
    const starting = bot && this.group === null && (!chat.started || this.payload !== null);
    const main = gone
      ? "gone"
      : chat.blocked
        ? this.group === null
          ? "restartBot"
          : "readmit"
        : starting
          ? "start"
          : null;
    this.composer.draw(chat, this.language, main && this.word(main), Boolean(bot));
    this.composer.parts.big.disabled = Boolean(gone);
    this.parts.block.textContent = this.word(this.blocking());
    this.parts.restart.hidden = this.group !== null;
  }

  // What would change whether the bot may write here.
  blocking() {
    const [off, on] = this.group === null ? ["block", "unblock"] : ["kick", "readmit"];
    return this.chat.blocked ? on : off;
  }

  // doing

  isMine(message) {
    return !message.from_bot && (this.group === null || message.from?.id === this.person);
  }

  canEdit(message) {
    return this.isMine(message) && !message.deleted && Boolean(message.text || message.media);
  }

  // What the menu of a message offers.
  actions(message) {
    const can = { edit: this.canEdit(message), copy: Boolean(message.text) };
    const all = {
      reply: () => this.composer.reply(message),
      edit: () => this.composer.edit(message),
      copy: () => this.copy(message.text),
      forward: () => this.forward(message),
      remove: () => this.remove(message),
    };
    return Object.entries(all).filter(([name]) => can[name] ?? true);
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast(this.word("copied"));
    } catch {
      this.toast(this.word("notCopied"));
    }
  }

  async forward(message) {
    const chosen = await pick(this.word("forwardTo"), this.desk.chats(), this.language);
    if (chosen) await this.act("forward", { message_id: message.message_id, to: chosen.id });
  }

  async remove(message) {
    if (await sure(this.word("removeSure"), this.word("remove"), this.language))
      await this.act("delete", { message_id: message.message_id });
  }

  async act(name, body) {
    const where = this.group === null ? {} : { chat: this.group };
    return this.attempt(() => post(`/people/${this.person}/${name}`, { ...body, ...where }));
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
    if (this.group !== null) {
      await this.act("readmit", { group: this.group });
      return;
    }
    const payload = this.payload ?? "";
    this.payload = null;
    await this.act("start", { payload });
    this.composer.field.focus();
  }

  // Files wait for a look at them and for their caption. Returns whether they left.
  async sendAfterLook(files, words, replyTo) {
    const chosen = files.length && (await preview(files, words.length > MAX_CAPTION ? "" : words, this.language));
    if (!chosen) return false;
    await this.sendFiles(files, chosen, replyTo);
    return words.length <= MAX_CAPTION;
  }

  async sendFiles(files, { caption, asFiles }, replyTo) {
    for (const [at, { file, kind, album }] of shipments(files, asFiles).entries())
      await this.sendFile(file, kind, {
        name: file.name,
        caption: at ? "" : caption,
        album,
        reply_to: replyTo ?? "",
      });
  }

  sendFile(data, kind, query) {
    const where = { chat: this.group ?? "" };
    const path = `/people/${this.person}/files?${new URLSearchParams({ kind, ...where, ...query })}`;
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
    if (this.group !== null) await this.enter("");
    this.payload = payload;
    this.drawFooter();
    this.composer.parts.big.focus();
  }

  // what happens

  hear(event) {
    if (event.chat !== this.chatId) return;
    if (event.press && event.press.person !== this.person) return;
    if (event.type === "message") this.hearMessage(event.message);
    if (event.type === "press") this.thread.wait(event.press);
    if (event.type === "answer") this.hearAnswer(event.press);
    if (event.type === "action") this.hearAction(event.action);
  }

  hearMessage(message) {
    if (!this.thread.hear(message) || !message.from_bot) return;
    if (!message.silent && this.node.checkVisibility()) {
      ring();
      this.shake();
    }
    this.hearAction(null);
    this.reloadChat();
  }

  // What is heard is seen, too.
  shake() {
    const circle = this.parts["face.bot"];
    circle.classList.remove("rang");
    requestAnimationFrame(() => circle.classList.add("rang"));
    this.node.dataset.rings = String(Number(this.node.dataset.rings ?? 0) + 1);
  }

  hearAnswer(press) {
    this.thread.calm(press);
    if (press.url) location.assign(press.url.replace(/^https?:\/\/t\.me/, "/t.me"));
    else if (press.text && press.show_alert) tell(press.text);
    else if (press.text) this.toast(press.text);
  }

  hearAction(action) {
    clearTimeout(this.actionTimer);
    const busy = Boolean(action) && action !== "cancel";
    const calm = this.desk.bot() ? this.word(this.group === null ? "isBot" : "group") : "";
    this.parts.doing.textContent = busy ? this.word("typing") : calm;
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
}
