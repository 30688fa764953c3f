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

// `onCommand` is called with the text of a command that somebody taps.
export function rich(text, entities, onCommand) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const whole = document.createDocumentFragment();
  fill(whole, text, sorted, 0, text.length, onCommand);
  return whole;
}

function fill(parent, text, entities, from, to, onCommand) {
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || end <= at) {
      rest = others;
      continue;
    }
    parent.append(text.slice(at, entity.offset));
    const node = element(entity, text.slice(entity.offset, end), onCommand);
    fill(
      node,
      text,
      others.filter((inner) => inner.offset < end),
      entity.offset,
      end,
      onCommand,
    );
    parent.append(node);
    at = end;
    rest = others.filter((other) => other.offset >= end);
  }
  parent.append(text.slice(at, to));
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
