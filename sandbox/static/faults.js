// The panel of faults: one switch per thing that can go wrong.

import { get, post, remove } from "./api.js";
import { word } from "./words.js";

const SENDS = [
  "sendMessage",
  "sendPhoto",
  "sendDocument",
  "sendVoice",
  "sendVideo",
  "sendAudio",
  "sendMediaGroup",
  "copyMessage",
  "editMessageText",
  "editMessageCaption",
  "editMessageMedia",
  "editMessageReplyMarkup",
].join(",");

const SWITCHES = [
  { name: "cut", on: (now) => !now.network, set: (on) => post("/network", { up: !on }) },
  script("flood", { action: "429", method: SENDS, retry_after: 5 }),
  script("slow", { action: "slow", method: SENDS, seconds: 5 }),
  script("broken", { action: "500", method: SENDS }),
  script("hang", { action: "hang", method: SENDS, effect: true }),
  script("blockedAll", { action: "blocked", method: SENDS }),
  script("twice", { action: "duplicate", method: "*" }, "webhook-faults"),
  { name: "limits", on: (now) => now.limits, set: (on) => post("/limits", { on }), calm: true },
];

function script(name, fault, path = "faults") {
  const find = (now) => now[path.replace("-", "_")].find((one) => one.action === fault.action && one.times === null);
  return {
    name,
    on: (now) => Boolean(find(now)),
    set: async (on) => {
      if (on) {
        await post(`/${path}`, { ...fault, times: null });
        return;
      }
      const standing = find(await get("/state"));
      if (standing) await remove(`/${path}/${standing.id}`);
    },
  };
}

export function drawFaults(list, now) {
  if (!list.children.length) list.append(...SWITCHES.map(row));
  SWITCHES.forEach((one, at) => {
    const [box, title, hint] = ["input", "b", "small"].map((tag) => list.children[at].querySelector(tag));
    box.checked = one.on(now);
    title.textContent = word(one.name);
    hint.textContent = word(`${one.name}Hint`);
  });
  return SWITCHES.filter((one) => !one.calm && one.on(now)).length;
}

function row(one) {
  const item = document.createElement("li");
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", className: "switch" });
  box.setAttribute("role", "switch");
  const words = document.createElement("span");
  words.append(document.createElement("b"), document.createElement("small"));
  label.append(words, box);
  item.append(label);
  box.addEventListener("change", () => one.set(box.checked));
  return item;
}
