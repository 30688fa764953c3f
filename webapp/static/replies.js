// Quick replies in the message box of an order: choose one, or type its name (/eta and a space). Without this file the
// "Insert" button does the same by way of the server, which fills the places either way.
"use strict";

const box = () => document.getElementById("text");
const CALLED = /(^|\s)\/([\p{L}\p{N}][\p{L}\p{N}_-]{0,23})\s$/u;

async function fetched(form, shortcut) {
  const fields = new FormData(form);
  fields.set("reply", shortcut);
  fields.delete("photo"); // it goes with the message, not with its words
  const answer = await fetch(document.getElementById("insert").formAction, {
    method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000),
  });
  return answer.ok || answer.status === 400 ? answer.json() : {};
}

async function insert(form, shortcut, before, after) {
  const reply = await fetched(form, shortcut).catch(() => ({}));
  const text = box();
  if (reply.text === undefined) return;
  text.value = before + reply.text + after;
  document.getElementById("told").textContent = reply.told;
  text.focus();
  // The first place that is still empty is what the hand has to do next.
  const place = reply.missing.length ? text.value.indexOf(`{${reply.missing[0]}}`, before.length) : -1;
  if (place >= 0) text.setSelectionRange(place, place + reply.missing[0].length + 2);
  else text.setSelectionRange(before.length + reply.text.length, before.length + reply.text.length);
}

function choose(form) {
  const chosen = form.elements.reply.value, text = box();
  if (!chosen) return;
  form.elements.reply.value = "";
  const before = text.value.trimEnd();
  insert(form, chosen, before && `${before}\n`, "");
}

document.addEventListener("change", ({ target }) => { if (target.id === "reply") choose(target.form); });
document.addEventListener("input", ({ target, inputType }) => {
  if (target.id !== "text" || inputType?.startsWith("delete")) return;
  const typed = target.value.slice(0, target.selectionStart), called = CALLED.exec(typed);
  const known = called && [...target.form.elements.reply?.options ?? []].some(({ value }) => value && value === called[2].toLowerCase());
  if (known) insert(target.form, called[2], typed.slice(0, called.index) + called[1], target.value.slice(target.selectionStart));
});
