// Photos, voice notes and files inside a bubble.

import { show } from "./dialogs.js";
import { word } from "./words.js";

const address = (media) => `/sandbox/files/${media.file}`;

export function mediaNode(media, language) {
  if (media.kind === "photo") return photo(media, language);
  if (media.kind === "voice" || media.kind === "audio") return sound(media, language);
  return file(media);
}

function photo(media, language) {
  const link = Object.assign(document.createElement("a"), {
    href: address(media),
    target: "_blank",
    rel: "noopener",
    className: "photo",
  });
  const image = Object.assign(document.createElement("img"), {
    src: address(media),
    alt: word("photo", language),
    loading: "lazy",
  });
  image.width = media.width;
  image.height = media.height;
  link.append(image);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(address(media), word("photo", language));
  });
  return link;
}

function file(media) {
  const link = Object.assign(document.createElement("a"), {
    href: address(media),
    className: "file",
    download: media.name ?? media.kind,
  });
  link.append(
    part("span", "sheet-icon", (media.name ?? "").split(".").pop().slice(0, 4)),
    part("b", "", media.name ?? media.kind),
    part("small", "", size(media.size)),
  );
  link.querySelector("b").dir = "auto";
  link.querySelector("small").dir = "ltr";
  return link;
}

// Played through Web Audio, because the content security policy of this page forbids media elements.
function sound(media, language) {
  const box = part("div", "sound");
  const button = part("button", "play");
  button.type = "button";
  button.setAttribute("aria-label", word("play", language));
  const bars = part("span", "bars");
  bars.setAttribute("aria-hidden", "true");
  for (const letter of [...media.file, ...media.file].slice(0, 28)) {
    const bar = document.createElement("i");
    bar.dataset.high = String(letter.charCodeAt(0) % 6);
    bars.append(bar);
  }
  box.append(
    button,
    bars,
    part("small", "", `${Math.floor(media.duration / 60)}:${String(media.duration % 60).padStart(2, "0")}`),
  );
  button.addEventListener("click", () => play(media, box));
  return box;
}

let playing = null;

async function play(media, box) {
  const mine = playing?.box === box;
  playing?.source.stop();
  if (mine) return;
  const context = new AudioContext();
  const bytes = await (await fetch(address(media))).arrayBuffer();
  const source = context.createBufferSource();
  try {
    source.buffer = await context.decodeAudioData(bytes);
  } catch {
    await context.close();
    box.classList.add("broken");
    return;
  }
  source.connect(context.destination);
  source.addEventListener("ended", () => {
    box.classList.remove("playing");
    playing = null;
    context.close();
  });
  playing = { box, source };
  box.classList.add("playing");
  source.start();
}

function size(bytes) {
  const units = ["B", "KB", "MB"];
  const step = Math.min(2, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${units[step]}`;
}

function part(tag, name, text = "") {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.textContent = text;
  return node;
}
