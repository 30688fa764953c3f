// Quick replies in the message box of an order: choose one, or type its name (/eta and a space). Without this file the
// "Insert" button does the same through the server, which fills the places in both cases. The box and the list are
// looked up at each use, because the page replaces them.

const CALLED = /(^|\s)\/([\p{L}\p{N}][\p{L}\p{N}_-]{0,23})\s$/u;
const NOTHING = { missing: [] };

async function fetchReply(form, shortcut) {
  const fields = new FormData(form);
  fields.set("reply", shortcut);
  fields.delete("photo"); // the photo is sent with the message, not for a preview of its words
  const answer = await fetch(document.getElementById("insert").formAction, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(10_000),
  });
  return answer.ok || answer.status === 400 ? answer.json() : NOTHING;
}

async function insert(form, shortcut, before, after) {
  const reply = await fetchReply(form, shortcut).catch(() => NOTHING);
  if (reply.text === undefined) return;
  const box = document.getElementById("text");
  box.value = before + reply.text + after;
  document.getElementById("told").textContent = reply.told;
  box.focus();
  box.setSelectionRange(...selection(box.value, before.length, reply));
}

// Select the first place that is still empty; else put the cursor behind the reply.
function selection(text, start, { text: reply, missing }) {
  const place = missing.length ? text.indexOf(`{${missing[0]}}`, start) : -1;
  return place < 0 ? [start + reply.length, start + reply.length] : [place, place + missing[0].length + 2];
}

function choose(list) {
  const chosen = list.value;
  if (!chosen) return;
  list.value = "";
  const before = document.getElementById("text").value.trimEnd();
  insert(list.form, chosen, before && `${before}\n`, "");
}

function expand(box) {
  const typed = box.value.slice(0, box.selectionStart);
  const called = CALLED.exec(typed);
  if (!called || !isKnown(box.form, called[2].toLowerCase())) return;
  insert(box.form, called[2], typed.slice(0, called.index) + called[1], box.value.slice(box.selectionStart));
}

const isKnown = (form, name) => [...(form.elements.reply?.options ?? [])].some(({ value }) => value && value === name);

document.addEventListener("change", ({ target }) => {
  if (target.id === "reply") choose(target);
});
document.addEventListener("input", ({ target, inputType }) => {
  if (target.id === "text" && !inputType?.startsWith("delete")) expand(target);
});
