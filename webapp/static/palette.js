// The command palette: Ctrl+K or Cmd+K. Its words are in all three languages, so a command is found in any of them.
"use strict";

{
  const dialog = document.getElementById("palette");
  const box = dialog?.querySelector("input"), list = dialog?.querySelector("[role=listbox]"), none = dialog?.querySelector(".none");
  let card = null; // whose moves are offered

  const options = () => [...list.children].filter((option) => !option.hidden);
  const active = () => list.querySelector("[aria-selected=true]");

  function select(option) {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function fits(option, typed) {
    const { move, number, find } = option.dataset;
    if (move !== undefined) {
      const there = card ? desk.moves(card).has(move) : document.getElementById(`do-${move}`) || document.getElementById(`ask-${move}`);
      if (!there) return false;
    }
    if (number !== undefined) return /^\d{1,15}$/.test(typed);
    if (find !== undefined) return typed !== "";
    if (option.dataset.undoes !== undefined && ![...document.querySelectorAll("button[data-undo]")].some((one) => one.checkVisibility())) return false;
    const words = `${option.textContent} ${option.dataset.words || ""}`.toLowerCase();
    return typed.toLowerCase().split(/\s+/).every((word) => words.includes(word));
  }

  function filter() {
    const typed = box.value.trim();
    for (const option of list.children) option.hidden = !fits(option, typed);
    for (const place of list.querySelectorAll("[data-typed]")) place.textContent = typed;
    const order = card ? card.id.replace("card-", "") : location.pathname.match(/^\/orders\/(\d+)$/)?.[1] ?? "";
    for (const place of list.querySelectorAll("[data-of]")) place.textContent = order;
    none.hidden = options().length > 0;
    select(options()[0]);
  }

  function run(option) {
    const { href, move, number, find, opens, undoes } = option.dataset;
    const typed = box.value.trim();
    dialog.close();
    if (href) location.assign(href);
    else if (number !== undefined) location.assign(`/orders/${Number(typed)}`);
    else if (find !== undefined) location.assign(`/orders?q=${encodeURIComponent(typed)}`);
    else if (undoes !== undefined) [...document.querySelectorAll("button[data-undo]")].find((one) => one.checkVisibility())?.click();
    else if (opens) desk.show(opens);
    else if (card) desk.move(card, move);
    else if (document.getElementById(`do-${move}`)) document.getElementById(`do-${move}`).click();
    else desk.open(document.getElementById(`ask-${move}`));
  }

  document.addEventListener("keydown", (event) => {
    if (!dialog || event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (dialog.open) return dialog.close();
    card = document.activeElement.closest(".card");
    box.value = "";
    filter();
    desk.show("palette");
  });
  box?.addEventListener("input", filter);
  box?.addEventListener("keydown", (event) => {
    const all = options(), at = all.indexOf(active());
    if (event.code === "ArrowDown") select(all[(at + 1) % all.length]);
    else if (event.code === "ArrowUp") select(all.at((at - 1) % all.length));
    else if (event.code === "Enter" && !event.isComposing) active() && run(active());
    else return;
    event.preventDefault();
  });
  list?.addEventListener("click", ({ target }) => target.closest("[role=option]") && run(target.closest("[role=option]")));
}
