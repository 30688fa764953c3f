// The desk of phones: who is on it, the live stream, the drawers and dialogs.

import { get, post, state } from "./api.js";
import { fillIn } from "./dialogs.js";
import { drawFaults } from "./faults.js";
import { JournalView } from "./journal.js";
import { face, Phone } from "./phone.js";
import { isOn, ring, turn } from "./sound.js";
import { guess, speak, word } from "./words.js";

const $ = (id) => document.getElementById(id);
const MOST_PHONES = 4;
const [PHONE, GAP] = [360, 22]; // pixels

class Desk {
  constructor() {
    this.now = {
      bots: [],
      people: [],
      groups: [],
      faults: [],
      webhook_faults: [],
      network: true,
      limits: true,
      api_url: location.origin,
    };
    this.phones = Array.from({ length: MOST_PHONES }, (_, place) => new Phone(this, place));
    this.journal = new JournalView($("entries"), $("hide-polls"));
    $("desk").append(...this.phones.map((phone) => phone.node));
    new ResizeObserver(() => this.seat()).observe($("desk"));
  }

  // As many phones as there is room for, each with a person of its own.
  seat() {
    const room = Math.floor(($("desk").clientWidth + GAP) / (PHONE + GAP));
    const most = Math.max(1, Math.min(room, this.people().length));
    for (const phone of this.phones) phone.node.hidden = phone.place >= most;
  }

  people() {
    return this.now.people;
  }
  groups() {
    return this.now.groups.map(({ id, title }) => ({ id, name: title }));
  }
  apiUrl() {
    return this.now.api_url;
  }
  bot() {
    return this.now.bots.find((bot) => bot.username === state.bot) ?? this.now.bots[0] ?? null;
  }

  async begin() {
    await this.refresh();
    for (const phone of this.phones) await phone.choose(this.firstPerson(phone.place));
    this.journal.fill(await get("/journal?limit=10000").then((all) => all.slice(-300)));
    this.live();
    this.followLink();
  }

  firstPerson(place) {
    const kept = Number(localStorage.getItem(`person-${place}`));
    return (this.people().find((person) => person.id === kept) ?? this.people()[place] ?? this.people()[0])?.id ?? null;
  }

  async refresh() {
    this.now = await get("/state");
    document.body.classList.toggle("cut", !this.now.network);
    $("beside").hidden = !this.now.beside;
    this.drawBots();
    this.drawState();
    this.seat();
    for (const phone of this.phones) phone.drawOwner();
  }

  drawBots() {
    const box = document.querySelector(".bots");
    box.hidden = this.now.bots.length < 2;
    $("bot").replaceChildren(
      ...this.now.bots.map((bot) => new Option(`@${bot.username}`, bot.username, false, bot === this.bot())),
    );
  }

  drawState() {
    const net = $("net");
    net.textContent = word(this.now.network ? "up" : "down");
    net.className = `net ${this.now.network ? "up" : "down"}`;
    const count = drawFaults($("fault-list"), this.now);
    $("open-faults").dataset.count = count || "";
  }

  // The messages that nobody has seen, as a browser's tab shows them.
  drawTitle() {
    const unseen = this.phones?.reduce((sum, phone) => sum + (phone.node.hidden ? 0 : phone.thread.unseen), 0);
    document.title = unseen ? `(${unseen}) ${word("title")}` : word("title");
  }

  // the stream

  live() {
    const stream = new EventSource("/sandbox/events");
    let lost = false;
    stream.addEventListener("error", () => {
      lost = true;
      this.showLost();
    });
    stream.addEventListener("open", () => {
      if (lost) {
        lost = false;
        this.reloadAll();
      }
    });
    stream.addEventListener("message", (message) => this.hear(JSON.parse(message.data)));
  }

  showLost() {
    $("net").textContent = word("lost");
    $("net").className = "net down";
  }

  async reloadAll() {
    await this.refresh();
    for (const phone of this.phones) await phone.reload();
  }

  async hear(event) {
    switch (event.type) {
      case "message":
      case "press":
      case "answer":
      case "action":
        if (event.bot === this.bot()?.username) for (const phone of this.phones) phone.hear(event);
        break;
      case "journal":
        this.journal.add(event.entry);
        break;
      case "bots":
      case "reload":
        await this.reloadAll();
        break;
      case "commands":
        for (const phone of this.phones) await phone.reloadChat();
        break;
      case "person":
      case "people":
        await this.refresh();
        for (const phone of this.phones) await phone.reloadChat();
        break;
      case "groups":
      case "network":
      case "faults":
      case "limits":
        await this.refresh();
        break;
    }
  }

  // Where a message can be forwarded; `id` is null for the chat with the bot.
  chats() {
    return [{ id: null, name: this.bot()?.first_name ?? "" }, ...this.groups()];
  }

  // Resolves to the new person, or to null.
  addPerson() {
    return this.add($("add"), (given) => post("/people", given));
  }

  // Resolves to the new group, or to null.
  addGroup() {
    const id = Math.min(-1000, ...this.now.groups.map((group) => group.id)) - 1;
    return this.add($("found"), (given) => post("/groups", { id, ...given }));
  }

  async add(dialog, make) {
    const made = await fillIn(dialog, make);
    if (made) await this.refresh();
    return made;
  }

  // /t.me/<bot>?start=<payload>: ask who opens it, then Start waits on that person's phone.
  followLink() {
    const link = /^\/t\.me\/([A-Za-z0-9_]+)$/.exec(location.pathname);
    if (!link) return;
    const payload = new URLSearchParams(location.search).get("start") ?? "";
    if (this.now.bots.some((bot) => bot.username === link[1])) state.bot = link[1];
    history.replaceState(null, "", "/");
    const dialog = $("who");
    dialog.querySelector(".link").textContent = `t.me/${link[1]}`;
    dialog.querySelector("ul").replaceChildren(
      this.choice(null, payload), // an invitation is nearly always for somebody new
      ...this.people()
        .slice(0, 8)
        .map((person) => this.choice(person, payload)),
    );
    dialog.showModal();
  }

  choice(person, payload) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button" });
    const circle = document.createElement("span");
    circle.className = "face";
    circle.setAttribute("aria-hidden", "true");
    face(circle, person?.first_name ?? "+", person?.id ?? 5);
    const name = document.createElement("bdi");
    name.textContent = person?.first_name ?? word("newPerson");
    button.append(circle, name);
    button.addEventListener("click", async () => {
      $("who").close();
      const opener = person ?? (await this.addPerson());
      if (opener) await this.openFor(opener, payload);
    });
    item.append(button);
    return item;
  }

  async openFor(person, payload) {
    const shown = this.phones.find((phone) => phone.person === person.id && phone.node.checkVisibility());
    const phone = shown ?? this.phones[0];
    if (!shown) await phone.choose(person.id);
    await phone.offer(payload);
  }
}

// drawers

function drawer(button, panel, other) {
  const set = (open) => {
    if (open && !$(other).hidden) $(`open-${other}`).click();
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    set(panel.hidden);
    if (!panel.hidden) panel.querySelector("input, button").focus();
  });
  panel.querySelector("[data-close]").addEventListener("click", () => {
    set(false);
    button.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      set(false);
      button.focus();
    }
  });
}

function themes() {
  const html = document.documentElement;
  html.dataset.theme = localStorage.getItem("theme") ?? "auto";
  $("theme").addEventListener("click", () => {
    const dark =
      getComputedStyle(html).colorScheme === "dark" ||
      (html.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    html.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", html.dataset.theme);
  });
}

function sounds() {
  const button = $("sound");
  const show = () => button.setAttribute("aria-pressed", String(isOn()));
  button.addEventListener("click", () => {
    turn(!isOn());
    show();
    ring();
  });
  show();
}

// The page that the emulator was told of, in a window on the other half of the screen.
function openBeside(url) {
  const [half, height] = [Math.floor(screen.availWidth / 2), screen.availHeight];
  open(url, "beside", `popup,noopener,left=${half},top=0,width=${half},height=${height}`);
}

themes();
sounds();
speak(guess());
const desk = new Desk();
$("language").value = document.documentElement.lang;
$("language").addEventListener("change", async (event) => {
  speak(event.target.value);
  desk.journal.draw();
  await desk.reloadAll();
});
$("bot").addEventListener("change", async (event) => {
  state.bot = event.target.value;
  await desk.reloadAll();
});
for (const event of ["focus", "visibilitychange"])
  window.addEventListener(event, () => {
    for (const phone of desk.phones) phone.thread.see();
  });
$("beside").addEventListener("click", () => openBeside(desk.now.beside));
drawer($("open-faults"), $("faults"), "journal");
drawer($("open-journal"), $("journal"), "faults");
await desk.begin();
document.documentElement.dataset.ready = "";
