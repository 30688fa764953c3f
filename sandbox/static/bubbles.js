// A message, or the messages of one album, as a bubble with its inline keyboard.

import { opensMenu } from "./actions.js";
import { mediaNode } from "./media.js";
import { rich } from "./text.js";
import { word } from "./words.js";

export const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
};

const make = (tag, name, ...children) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children);
  return node;
};

const clock = (seconds, language) =>
  new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(seconds * 1000);

export function day(seconds, language) {
  const date = new Date(seconds * 1000);
  if (date.toDateString() === new Date().toDateString()) return word("today", language);
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long" }).format(date);
}

// `acts`: onPress(message, button, key), onCommand(text), onReply(message), onMenu(message, x, y), onJump(message_id),
// find(message_id), isMine(message), author(message), isGroup(), language().
export function bubble(messages, acts) {
  const [first] = messages;
  const row = make("div", `row ${acts.isMine(first) ? "mine" : "theirs"}`);
  row.dataset.id = first.message_id;
  if (first.media_group_id) row.dataset.album = first.media_group_id;
  opensMenu(row, (x, y) => acts.onMenu(messages.find((one) => one.text) ?? first, x, y));
  row.append(body(messages, acts));
  if (first.keyboard.length) row.append(keyboard(first, acts));
  return row;
}

function body(messages, acts) {
  const [first] = messages;
  const box = make("div", "bubble");
  const original = first.reply_to_message_id && acts.find(first.reply_to_message_id);
  if (acts.isGroup() && !acts.isMine(first)) box.append(make("p", "author", make("bdi", "", acts.author(first))));
  if (first.forwarded_from) {
    const from = make("bdi", "", first.forwarded_from);
    box.append(make("p", "forwarded", `${word("forwardedFrom", acts.language())} `, from));
  }
  if (original) box.append(quote(original, acts));
  box.append(...files(messages, acts.language()));
  if (first.sticker) box.append(make("p", "sticker", first.sticker));
  if (first.location) box.append(place(first.location, acts.language()));
  if (first.contact)
    box.append(
      make(
        "p",
        "contact",
        make("b", "", first.contact.first_name),
        make("small", "", make("bdi", "", first.contact.phone_number)),
      ),
    );
  const told = messages.find((message) => message.text);
  if (told) {
    const shown = told.opens_link ? told.text.split(" ")[0] : told.text;
    const text = make("div", "text", rich(shown, told.entities, acts.onCommand));
    text.dir = "auto";
    box.append(text);
  }
  box.append(meta(messages, acts));
  return box;
}

// The line that stands for a message in a quote, also when the message has no text.
export function summary(message, language) {
  const kind = message.media?.kind ?? ["sticker", "location", "contact"].find((one) => message[one]);
  return message.text || (kind ? word(kind, language) : "…");
}

function quote(original, acts) {
  const words = make("span", "", summary(original, acts.language()));
  words.dir = "auto";
  const box = make("button", "quote", make("b", "", make("bdi", "", acts.author(original))), words);
  box.type = "button";
  box.title = word("toQuote", acts.language());
  box.addEventListener("click", () => acts.onJump(original.message_id));
  return box;
}

function place({ latitude, longitude }, language) {
  const where = make("bdi", "", `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`);
  return make("p", "contact", make("b", "", word("location", language)), make("small", "", where));
}

function files(messages, language) {
  const nodes = messages.filter((message) => message.media).map((message) => mediaNode(message.media, language));
  if (nodes.length < 2) return nodes;
  const grid = make("div", "album", ...nodes);
  grid.dataset.count = String(nodes.length);
  return [grid];
}

function meta(messages, acts) {
  const last = messages.at(-1);
  const line = make("p", "meta");
  const reply = make("button", "reply", icon("reply"));
  reply.type = "button";
  reply.setAttribute("aria-label", word("reply", acts.language()));
  reply.addEventListener("click", () => acts.onReply(messages[0]));
  line.append(reply);
  if (messages.some((message) => message.silent)) line.append(hush(acts.language()));
  if (messages.some((message) => message.edited))
    line.append(make("span", "edited", word("edited", acts.language())), " ");
  const time = make("time", "", clock(last.date, acts.language()));
  time.dateTime = new Date(last.date * 1000).toISOString();
  line.append(time);
  if (acts.isMine(last)) line.append(icon("ticks"));
  return line;
}

// The crossed bell of a message that made no sound.
function hush(language) {
  const bell = icon("silent");
  bell.removeAttribute("aria-hidden");
  bell.setAttribute("role", "img");
  bell.setAttribute("aria-label", word("silent", language));
  bell.classList.add("hush");
  return bell;
}

function keyboard(message, acts) {
  const box = make("div", "keyboard");
  for (const row of message.keyboard) {
    box.append(make("div", "keys-row", ...row.map((shown) => button(message, shown, acts))));
  }
  return box;
}

function button(message, shown, acts) {
  if (shown.url) return linkButton(shown);
  const key = make("button", `key ${shown.style ?? ""}`, make("span", "", shown.text));
  key.type = "button";
  key.firstChild.dir = "auto";
  key.dataset.data = shown.data ?? "";
  // Telegram cuts what is too long; here the pointer shows the rest.
  key.addEventListener("pointerenter", () => {
    key.title = key.firstChild.scrollWidth > key.firstChild.clientWidth ? shown.text : "";
  });
  key.addEventListener("click", () => acts.onPress(message, shown, key));
  return key;
}

function linkButton(shown) {
  const link = make("a", "key", make("span", "", shown.text));
  const deep = /t\.me\/([A-Za-z0-9_]+)(\?start=[A-Za-z0-9_-]*)?$/.exec(shown.url);
  link.href = deep ? `/t.me/${deep[1]}${deep[2] ?? ""}` : shown.url;
  if (!deep) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
  return link;
}
