// One message as a bubble, with its inline keyboard.

import { rich } from "./text.js";
import { word } from "./words.js";

const icon = (name) => {
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

const clock = (seconds, language) => new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(seconds * 1000);

export function day(seconds, language) {
  const date = new Date(seconds * 1000);
  if (date.toDateString() === new Date().toDateString()) return word("today", language);
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long" }).format(date);
}

// `acts`: onPress(button), onCommand(text), find(message_id), and the phone's `language`.
export function bubble(message, acts) {
  const row = make("div", `row ${message.from_bot ? "theirs" : "mine"}`);
  row.dataset.id = message.message_id;
  row.append(body(message, acts));
  if (message.keyboard.length) row.append(keyboard(message, acts));
  return row;
}

function body(message, acts) {
  const box = make("div", "bubble");
  const original = message.reply_to_message_id && acts.find(message.reply_to_message_id);
  if (original) {
    const quote = make("p", "quote", original.text);
    quote.dir = "auto";
    box.append(quote);
  }
  const text = make("div", "text", rich(message.text, message.entities, acts.onCommand));
  text.dir = "auto";
  box.append(text, meta(message, acts.language));
  return box;
}

function meta(message, language) {
  const line = make("p", "meta");
  if (message.edited) line.append(make("span", "edited", word("edited", language)), " ");
  const time = make("time", "", clock(message.date, language));
  time.dateTime = new Date(message.date * 1000).toISOString();
  line.append(time);
  if (!message.from_bot) line.append(icon("ticks"));
  return line;
}

function keyboard(message, acts) {
  const box = make("div", "keyboard");
  for (const row of message.keyboard) {
    const line = make("div", "keys-row");
    for (const shown of row) line.append(button(message, shown, acts));
    box.append(line);
  }
  return box;
}

function button(message, shown, acts) {
  if (shown.url) {
    const link = make("a", "key", make("span", "", rich(shown.text, [], acts.onCommand)));
    const deep = /t\.me\/([A-Za-z0-9_]+)(\?start=[A-Za-z0-9_-]*)?$/.exec(shown.url);
    link.href = deep ? `/t.me/${deep[1]}${deep[2] ?? ""}` : shown.url;
    if (!deep) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
    return link;
  }
  const key = make("button", `key ${shown.style ?? ""}`, make("span", "", shown.text));
  key.type = "button";
  key.firstChild.dir = "auto";
  key.dataset.data = shown.data ?? "";
  key.addEventListener("click", () => acts.onPress(message, shown, key));
  return key;
}
