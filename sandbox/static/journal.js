// The journal, live: calls of the bot and deliveries to it.

import { current, word } from "./words.js";

const KEEP = 300;
const POLLING = new Set(["getUpdates"]);

export class JournalView {
  constructor(list, hidePolls) {
    this.list = list;
    this.hidePolls = hidePolls;
    this.entries = new Map();
    hidePolls.addEventListener("change", () => this.draw());
  }

  fill(entries) {
    this.entries = new Map(entries.map((entry) => [entry.seq, entry]));
    this.draw();
  }

  add(entry) {
    const known = this.list.querySelector(`[data-seq="${entry.seq}"]`);
    this.entries.set(entry.seq, entry);
    if (this.entries.size > KEEP) this.entries.delete(this.entries.keys().next().value);
    if (this.isHidden(entry)) return;
    if (known) known.replaceWith(this.row(entry, known.querySelector("details").open));
    else {
      this.list.querySelector(".nothing")?.remove();
      this.list.prepend(this.row(entry));
      while (this.list.children.length > KEEP) this.list.lastElementChild.remove();
    }
  }

  isHidden(entry) {
    return this.hidePolls.checked && POLLING.has(entry.method);
  }

  draw() {
    const rows = [...this.entries.values()]
      .filter((entry) => !this.isHidden(entry))
      .reverse()
      .map((entry) => this.row(entry));
    this.list.replaceChildren(...rows);
    if (!rows.length)
      this.list.append(
        Object.assign(document.createElement("li"), { className: "nothing", textContent: word("nothingYet") }),
      );
  }

  row(entry, open = false) {
    const item = document.createElement("li");
    item.dataset.seq = entry.seq;
    item.className = `${entry.kind} ${tone(entry)}`;
    const details = document.createElement("details");
    details.open = open;
    details.append(this.line(entry));
    details.addEventListener("toggle", () => this.unfold(details, entry));
    item.append(details);
    if (open) this.unfold(details, entry);
    return item;
  }

  line(entry) {
    const line = document.createElement("summary");
    const parts = [
      ["time", time(entry.at)],
      ["arrow", entry.kind === "delivery" ? "→" : "←"],
      ["method", entry.method],
      ["chat", entry.chat_id ?? ""],
      ["status", status(entry)],
    ];
    for (const [name, text] of parts) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      if (name !== "status") part.dir = "ltr";
      line.append(part);
    }
    line.querySelector(".arrow").title = word(entry.kind);
    return line;
  }

  // The details are built when they are opened.
  unfold(details, entry) {
    if (!details.open || details.querySelector("pre")) return;
    const pre = document.createElement("pre");
    pre.dir = "ltr";
    pre.tabIndex = 0;
    pre.setAttribute("aria-label", entry.method);
    const { parameters, answer, error, fault, effect, update_id: update, attempt } = entry;
    pre.textContent = JSON.stringify(
      {
        ...(update ? { update_id: update, attempt } : { effect }),
        ...(fault ? { fault } : {}),
        ...(error ? { error } : {}),
        parameters,
        answer,
      },
      null,
      1,
    );
    details.append(pre);
  }
}

const time = (at) =>
  new Intl.DateTimeFormat(current(), {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 2,
    hourCycle: "h23",
  }).format(at * 1000);

function status(entry) {
  if (entry.status === null) return entry.finished_at ? (entry.error ?? entry.fault ?? "—") : word("waiting");
  const fault = entry.fault && entry.fault !== String(entry.status) ? ` · ${entry.fault}` : "";
  return `${entry.status}${entry.attempt > 1 ? ` · ${word("attempt")} ${entry.attempt}` : ""}${fault}`;
}

function tone(entry) {
  if (entry.fault || entry.error) return "bad";
  if (entry.status === null) return "open";
  return entry.status < 300 ? "good" : "bad";
}
