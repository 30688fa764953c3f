// The desk by keyboard. Keys are places on the keyboard (event.code), so they work on a Russian or Hebrew layout; never
// while somebody types; and whoever does not want single keys switches them off on their account page (WCAG 2.1.4).
"use strict";

{
  const MOVES = { KeyC: "take", KeyR: "ready", KeyI: "issue", KeyW: "wait" };
  const GO = { KeyB: "/", KeyO: "/orders", KeyC: "/catalogue", KeyP: "/people", KeyS: "/system" };
  const GO_WITHIN = 1_500;
  let went = 0; // when g was pressed

  const isOn = () => document.body.dataset.keys === "on";
  const types = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const isShown = (element) => element.checkVisibility();

  // --- Where we are -------------------------------------------------------------------------------------------------

  const stops = () => [...document.querySelectorAll("#columns .card, table.list tbody a[href^='/orders/']")].filter(isShown);
  const here = () => document.activeElement.closest(".card") || document.activeElement;

  function step(by) {
    const all = stops(), at = all.indexOf(here());
    const next = at < 0 ? (by > 0 ? all[0] : all.at(-1)) : all[at + by];
    land(next);
  }

  function land(stop) {
    stop?.focus({ preventScroll: true });
    stop?.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  function across(by) {
    const columns = [...document.querySelectorAll("#columns .column")].filter((column) => column.querySelector(".card"));
    const mine = here().closest(".column");
    if (!mine) return land(columns[0]?.querySelector(".card"));
    const row = [...mine.querySelectorAll(".card")].indexOf(here());
    const cards = [...(columns[columns.indexOf(mine) + by]?.querySelectorAll(".card") || [])];
    land(cards[Math.min(row, cards.length - 1)]);
  }

  // --- What we do ---------------------------------------------------------------------------------------------------

  // On the board the card that has the focus is meant, on an order's page the order.
  function move(name) {
    const card = here().closest(".card");
    if (card) return desk.move(card, name);
    const button = document.getElementById(`do-${name}`), asks = document.getElementById(`ask-${name}`);
    if (button) button.click();
    else if (asks) desk.open(asks);
  }

  const press = (selector) => [...document.querySelectorAll(selector)].find(isShown)?.click();
  const goes = (path) => document.querySelector(`.nav a[href="${path}"]`)?.click();

  const SINGLE = {
    KeyJ: () => step(1),
    KeyK: () => step(-1),
    KeyH: () => across(document.dir === "rtl" ? 1 : -1),
    KeyL: () => across(document.dir === "rtl" ? -1 : 1),
    KeyU: () => press("[data-undo]"),
    KeyG: () => { went = Date.now(); },
    Slash: () => document.querySelector(".find input")?.focus(),
  };
  const ARROWS = { ArrowDown: () => step(1), ArrowUp: () => step(-1), ArrowLeft: SINGLE.KeyH, ArrowRight: SINGLE.KeyL };

  function single(event) {
    if (event.code === "Slash" && event.shiftKey) return () => desk.show("keys");
    if (event.shiftKey) return null;
    if (Date.now() - went < GO_WITHIN) {
      went = 0;
      return GO[event.code] && (() => goes(GO[event.code]));
    }
    if (MOVES[event.code]) return () => move(MOVES[event.code]);
    const marked = document.querySelector(`[data-key="${event.code.replace("Key", "").toLowerCase()}"]`);
    return SINGLE[event.code] || (marked && (() => marked.click()));
  }

  // Whoever comes in may type at once what they look for; the arrow, or Escape, is for what stands on the page.
  document.querySelector(".find input")?.addEventListener("keydown", (event) => {
    if (event.isComposing || event.target.value) return;
    if (event.key === "Escape") event.target.blur();
    if (event.key === "ArrowDown" && stops().length) {
      event.preventDefault();
      step(1);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat && !/^(Key[JKHL]|Arrow)/.test(event.code)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || types(event.target) || document.querySelector("dialog[open]")) return;
    const card = document.activeElement.matches(".card") && document.activeElement;
    let does = null;
    if (card && ARROWS[event.code]) does = ARROWS[event.code];
    else if (card && event.code === "Enter") does = () => card.querySelector(".number").click();
    else if (isOn()) does = single(event);
    if (!does) return;
    event.preventDefault();
    does();
  });

  // --- Shared with the palette and the drag -------------------------------------------------------------------------

  globalThis.desk = {
    /** The moves of a card, by name: whether they want a reason. */
    moves: (card) => new Map((card.dataset.moves || "").split(" ").filter(Boolean).map((one) => [one.replace("!", "").split(":")[0], one.endsWith("!")])),

    /** Move a card's order; where a reason is wanted, its page asks for it. */
    move(card, name) {
      const wants = this.moves(card), number = card.id.replace("card-", "");
      if (!wants.has(name)) return false;
      if (wants.get(name)) {
        location.assign(`/orders/${number}?ask=${name}`);
        return true;
      }
      const form = card.querySelector("form[action$='/moves']");
      form.querySelector("[name=move]").value = name;
      form.requestSubmit(form.querySelector("button"));
      return true;
    },

    /** Open a form that asks for a reason, ready to type. */
    open(details) {
      details.open = true;
      details.querySelector("textarea, input:not([type=hidden])")?.focus();
    },

    show(id) {
      const dialog = document.getElementById(id);
      if (!dialog || document.querySelector("dialog[open]")) return;
      dialog.showModal();
    },
  };

  // An address that names a form opens it.
  const asked = document.getElementById(`ask-${new URLSearchParams(location.search).get("ask")}`);
  if (asked) desk.open(asked);

  for (const button of document.querySelectorAll("[data-opens]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.closest("details")?.removeAttribute("open");
      desk.show(button.dataset.opens);
    });
  }
  for (const dialog of document.querySelectorAll("dialog.over")) {
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }
}
