// Files before they leave: what they look like, their caption, and whether pictures go as files.

import { direction, translate } from "./words.js";

export const MAX_CAPTION = 1024;
export const PICTURES = ["image/png", "image/jpeg", "image/webp", "image/bmp"];
const ENTER_SENDS = matchMedia("(pointer: fine) and (width >= 46rem)");

// On a phone Enter begins a new line, as in Telegram's app.
export const sends = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && ENTER_SENDS.matches;

// Resolves to { caption, asFiles }, or to null when nothing is to be sent.
export function preview(files, caption, language) {
  const dialog = document.getElementById("preview");
  const form = dialog.querySelector("form");
  const urls = [];
  Object.assign(dialog, { lang: language, dir: direction(language) });
  translate(dialog, language);
  form.reset();
  form.caption.value = caption;
  form.querySelector(".check").hidden = !files.some((file) => PICTURES.includes(file.type));
  dialog.querySelector("ul").replaceChildren(...files.map((file) => item(file, urls)));
  return new Promise((done) => {
    const finish = (value) => {
      for (const url of urls) URL.revokeObjectURL(url);
      dialog.close();
      done(value);
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      finish({ caption: form.caption.value.trim(), asFiles: form.as_files.checked });
    };
    form.caption.onkeydown = (event) => {
      if (!sends(event)) return;
      event.preventDefault();
      form.requestSubmit();
    };
    form.querySelector(".cancel").onclick = () => finish(null);
    dialog.oncancel = (event) => {
      event.preventDefault();
      finish(null);
    };
    dialog.showModal();
    form.caption.focus();
  });
}

function item(file, urls) {
  const node = document.createElement("li");
  if (PICTURES.includes(file.type)) {
    urls.push(URL.createObjectURL(file));
    node.append(Object.assign(document.createElement("img"), { src: urls.at(-1), alt: file.name }));
  } else {
    const name = Object.assign(document.createElement("bdi"), { textContent: file.name });
    node.append(name);
  }
  return node;
}
