// The page's dialogs. Each resolves to what was chosen or made, or to null.

import { current, direction, translate } from "./words.js";

const $ = (id) => document.getElementById(id);

export function tell(text) {
  $("alert-text").textContent = text;
  $("alert").showModal();
}

// Resolves to one of `choices` ({ name, and whatever else }).
export function pick(title, choices, language) {
  const dialog = $("ask");
  Object.assign(dialog, { lang: language, dir: direction(language) });
  $("ask-title").textContent = title;
  translate(dialog, language);
  return new Promise((done) => {
    const finish = (chosen) => {
      dialog.close();
      done(chosen);
    };
    dialog.querySelector("ul").replaceChildren(...choices.map((one) => option(one, () => finish(one))));
    dialog.querySelector(".cancel").onclick = () => finish(null);
    dialog.oncancel = () => done(null);
    dialog.showModal();
  });
}

export const sure = async (question, yes, language) =>
  (await pick(question, [{ name: yes, className: "plain danger" }], language)) !== null;

function option({ name, className = "plain" }, choose) {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", className });
  const words = document.createElement("bdi");
  words.textContent = name;
  button.append(words);
  button.addEventListener("click", choose);
  item.append(button);
  return item;
}

// Resolves to what `make` made of the fields of the dialog's form.
export function fillIn(dialog, make) {
  const form = dialog.querySelector("form");
  form.querySelector("input").value = "";
  if (form.language_code) form.language_code.value = current();
  dialog.showModal();
  return new Promise((done) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      dialog.close();
      done(await make(Object.fromEntries(new FormData(form))));
    };
    form.querySelector(".plain").onclick = () => {
      dialog.close();
      done(null);
    };
    dialog.oncancel = () => done(null);
  });
}

// A picture by itself, until a click or Escape.
export function show(address, name) {
  const dialog = $("picture");
  dialog.setAttribute("aria-label", name);
  Object.assign(dialog.querySelector("img"), { src: address, alt: name });
  dialog.onclick = () => dialog.close();
  dialog.showModal();
}
