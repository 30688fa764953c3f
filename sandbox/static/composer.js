// Below the messages: the field, attachments and voice, a reply in progress, commands, the bot's reply keyboard.

import { summary } from "./bubbles.js";
import { sends } from "./preview.js";
import { Recorder } from "./recorder.js";
import { word } from "./words.js";

const STICKERS = ["👍", "👎", "🙏", "😂", "🔧", "🚗"];

const part = (tag, name = "", text = "") => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.textContent = text;
  return node;
};

export class Composer {
  // `acts`: text(text, reply_to), edit(message, text), last(), files(list, caption, reply_to): whether they were sent, voice(blob, seconds, reply_to), contact(), place(), sticker(emoji), main(), tell(text).
  constructor(footer, acts) {
    this.acts = acts;
    this.language = "en";
    this.replyTo = null;
    this.editing = null;
    this.parts = Object.fromEntries(
      [
        "commands",
        "composer",
        "slash",
        "keys",
        "send",
        "attach",
        "mic",
        "reply-keys",
        "replying",
        "big",
        "attachments",
      ].map((name) => [name, footer.querySelector(`.${name}`)]),
    );
    this.field = footer.querySelector("textarea");
    this.chooser = footer.querySelector("input[type=file]");
    this.recorder = new Recorder(this.parts.composer, {
      voice: (blob, seconds) => acts.voice(blob, seconds, this.replyTo?.message_id),
      tell: acts.tell,
      over: () => {
        this.reply(null);
        this.field.focus();
      },
    });
    this.listen();
  }

  listen() {
    const { parts, field, chooser } = this;
    parts.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(field.value);
    });
    field.addEventListener("input", () => this.grow());
    field.addEventListener("keydown", (event) => {
      if (sends(event)) {
        event.preventDefault();
        this.send(field.value);
      }
      if (event.key === "Escape") this.leave();
      if (event.key === "ArrowUp" && !field.value) {
        event.preventDefault();
        const message = this.acts.last();
        if (message) this.edit(message);
      }
    });
    field.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) {
        event.preventDefault();
        this.offer(event.clipboardData.files);
      }
    });
    parts.slash.addEventListener("click", () => {
      if (this.app) this.acts.tell(`${word("miniApp", this.language)} ${this.app.web_app?.url ?? ""}`);
      else this.toggle("slash", "commands");
    });
    parts.keys.addEventListener("click", () => this.toggle("keys", "reply-keys"));
    parts.attach.addEventListener("click", () => this.toggle("attach", "attachments"));
    this.listenToAttachments();
    chooser.addEventListener("change", () => {
      this.offer(chooser.files);
      chooser.value = "";
    });
    parts.mic.addEventListener("click", () => this.recorder.begin());
    parts.replying.querySelector("button").addEventListener("click", () => this.leave());
    parts.big.addEventListener("click", () => this.acts.main());
  }

  listenToAttachments() {
    const { attachments } = this.parts;
    const choose = (name, act) => {
      attachments.querySelector(name).addEventListener("click", () => {
        this.fold("attach", "attachments");
        act();
      });
    };
    choose(".choose", () => this.chooser.click());
    choose(".give-place", () => this.acts.place());
    choose(".give-contact", () => this.acts.contact());
    const stickers = STICKERS.map((emoji) => Object.assign(part("button", "", emoji), { type: "button" }));
    for (const sticker of stickers)
      sticker.addEventListener("click", () => {
        this.fold("attach", "attachments");
        this.acts.sticker(sticker.textContent);
      });
    attachments.querySelector(".stickers").append(...stickers);
  }

  // `main` is the label of the big button in place of the field, or null.
  draw(chat, language, main, ready) {
    this.language = language;
    this.recorder.language = language;
    const { parts } = this;
    parts.big.hidden = main === null;
    parts.big.textContent = main ?? "";
    parts.composer.hidden = main !== null || !ready;
    this.field.placeholder = word("message", language);
    this.field.setAttribute("aria-label", word("message", language));
    this.drawMenu(chat.menu_button);
    this.drawCommands(chat.commands);
    this.drawReplyKeys(parts.composer.hidden ? null : chat.reply_keyboard);
    this.grow();
  }

  // The button left of the field: the commands, or a Mini App with its own name.
  drawMenu(button) {
    this.app = button?.type === "web_app" ? button : null;
    this.parts.slash.querySelector("span").textContent = this.app?.text ?? word("commands", this.language);
  }

  drawCommands(commands) {
    this.parts.slash.hidden = !commands.length && !this.app;
    this.parts.commands.replaceChildren(
      ...commands.map(({ command, description }) => {
        const item = part("li");
        const button = Object.assign(part("button"), { type: "button" });
        const [name, text] = [part("b", "", `/${command}`), part("span", "", description)];
        name.dir = "ltr";
        text.dir = "auto";
        button.append(name, text);
        button.addEventListener("click", () => {
          this.fold("slash", "commands");
          this.send(`/${command}`);
        });
        item.append(button);
        return item;
      }),
    );
  }

  drawReplyKeys(keyboard) {
    const box = this.parts["reply-keys"];
    const rows = keyboard?.keyboard ?? [];
    const fresh = JSON.stringify(rows);
    this.parts.keys.hidden = !rows.length;
    if (keyboard?.input_field_placeholder) this.field.placeholder = keyboard.input_field_placeholder;
    if (box.dataset.rows === fresh) {
      box.hidden = box.hidden || !rows.length;
      return;
    }
    box.dataset.rows = fresh;
    box.hidden = !rows.length;
    this.parts.keys.setAttribute("aria-expanded", String(!box.hidden));
    box.replaceChildren(
      ...rows.map((row) => {
        const line = part("div", "keys-row");
        line.append(...row.map((shown) => this.replyKey(shown, keyboard.one_time_keyboard)));
        return line;
      }),
    );
  }

  replyKey(shown, once) {
    const key = Object.assign(part("button", "key", shown.text), { type: "button", dir: "auto" });
    key.addEventListener("click", () => {
      if (shown.request_contact) this.acts.contact();
      else this.acts.text(shown.text, null);
      if (once) this.fold("keys", "reply-keys");
    });
    return key;
  }

  // doing

  send(text) {
    if (!text.trim() && !this.editing?.media) return;
    const [edited, reply] = [this.editing, this.replyTo?.message_id ?? null];
    if (text === this.field.value) this.field.value = "";
    this.leave();
    this.fold("slash", "commands");
    if (edited) this.acts.edit(edited, text.trim());
    else this.acts.text(text.trim(), reply);
  }

  // Offers files for sending; what stands in the field becomes their caption.
  async offer(files) {
    const [list, caption] = [[...files], this.editing ? "" : this.field.value.trim()];
    this.fold("attach", "attachments");
    if (!(await this.acts.files(list, caption, this.replyTo?.message_id))) return;
    if (this.field.value.trim() === caption && !this.editing) this.field.value = "";
    this.leave();
  }

  reply(message) {
    this.leave();
    this.replyTo = message;
    if (message) this.attend(message, "");
  }

  edit(message) {
    this.leave();
    this.editing = message;
    this.field.value = message.text;
    this.grow();
    this.attend(message, `${word("editing", this.language)}: `);
  }

  // The line above the field: the message that is answered or changed.
  attend(message, before) {
    const { replying } = this.parts;
    replying.querySelector("p").textContent = before + summary(message, this.language);
    replying.hidden = false;
    this.field.focus();
  }

  leave() {
    if (this.editing) this.field.value = "";
    this.editing = null;
    this.replyTo = null;
    this.parts.replying.hidden = true;
    this.grow();
  }

  // showing

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

  grow() {
    const { parts, field } = this;
    const empty = !field.value.trim();
    parts.send.hidden = empty && !this.editing;
    parts.mic.hidden = !parts.send.hidden;
    parts.slash.classList.toggle("short", !empty);
  }
}
