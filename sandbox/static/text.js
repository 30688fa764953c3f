// A message's text with its entities as nodes. Offsets are UTF-16 units, which is what JavaScript counts, too.

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

// Telegram's apps take a line's direction from its first letter outside of isolates (UAX 9, P2); browsers look into them,
// too. Where that differs, a mark that nobody sees sets the line right.
const RTL = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]/u;
const LTR = /[\p{L}\u200e]/u;
const MARKS = { ltr: "\u200e", rtl: "\u200f" };

function firstStrong(line, looksInside) {
  let depth = 0;
  for (const letter of line) {
    if (/[\u2066-\u2068]/.test(letter)) depth += 1;
    else if (letter === "\u2069") depth = Math.max(0, depth - 1);
    else if (depth && !looksInside) continue;
    else if (RTL.test(letter)) return "rtl";
    else if (LTR.test(letter)) return "ltr";
  }
  return "ltr";
}

// The marks by the offset of the line that needs one.
function marksOf(text) {
  const marks = new Map();
  let at = 0;
  for (const line of text.split("\n")) {
    const direction = firstStrong(line, false);
    if (direction !== firstStrong(line, true)) marks.set(at, MARKS[direction]);
    at += line.length + 1;
  }
  return marks;
}

// `onCommand` is called with the text of a command that somebody taps.
export function rich(text, entities, onCommand) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const whole = document.createDocumentFragment();
  const marks = marksOf(text);
  const piece = (from, to) => {
    let shown = text.slice(from, to);
    for (const at of [...marks.keys()].reverse())
      if (at >= from && at < to) shown = shown.slice(0, at - from) + marks.get(at) + shown.slice(at - from);
    return shown;
  };
  fill(whole, text, sorted, 0, text.length, onCommand, piece);
  return whole;
}

function fill(parent, text, entities, from, to, onCommand, piece) {
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || end <= at) {
      rest = others;
      continue;
    }
    parent.append(piece(at, entity.offset));
    const node = element(entity, text.slice(entity.offset, end), onCommand);
    fill(
      node,
      text,
      others.filter((inner) => inner.offset < end),
      entity.offset,
      end,
      onCommand,
      piece,
    );
    parent.append(node);
    at = end;
    rest = others.filter((other) => other.offset >= end);
  }
  parent.append(piece(at, to));
}

function element(entity, covered, onCommand) {
  if (entity.type === "text_link" || entity.type === "url") return link(entity.url ?? covered);
  if (entity.type === "bot_command") return command(covered, onCommand);
  if (entity.type === "spoiler") return spoiler();
  return document.createElement(TAGS[entity.type] ?? "span");
}

// Links of this bot's own open here; others in a new tab; anything but http stays text.
function link(address) {
  const node = document.createElement("a");
  const deep = /^(?:https?:\/\/)?t\.me\/([A-Za-z0-9_]+)(\?start=[A-Za-z0-9_-]*)?$/.exec(address);
  if (deep) node.href = `/t.me/${deep[1]}${deep[2] ?? ""}`;
  else if (/^https?:\/\//.test(address)) {
    node.href = address;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  }
  return node;
}

function command(text, onCommand) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "command";
  node.addEventListener("click", () => onCommand(text));
  return node;
}

function spoiler() {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "spoiler";
  node.addEventListener("click", () => node.classList.toggle("open"));
  return node;
}
