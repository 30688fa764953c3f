// The moves of an order: of a card on the board, or of the page that shows one order (then `card` is null).
import { openForm } from "./dialogs.js";

/** The moves that a card offers, by name: the column each leads to, and whether it needs a reason. */
export function movesOf(card) {
  const offered = (card.dataset.moves ?? "").split(" ").filter(Boolean);
  return new Map(offered.map(readMove));
}

function readMove(text) {
  const [name, target] = text.replace("!", "").split(":");
  return [name, { target, needsReason: text.endsWith("!") }];
}

const buttonOf = (name) => document.getElementById(`do-${name}`);
const formOf = (name) => document.getElementById(`ask-${name}`);

/** Whether the order offers this move. */
export function offersMove(card, name) {
  return card ? movesOf(card).has(name) : Boolean(buttonOf(name) ?? formOf(name));
}

/** Make a move; if it needs a reason, open the form that asks for it. A move that is not offered has no effect. */
export function makeMove(card, name) {
  if (!offersMove(card, name)) return;
  if (card && movesOf(card).get(name).needsReason) location.assign(`/orders/${card.dataset.order}?ask=${name}`);
  else if (card) submitMove(card, name);
  else if (buttonOf(name)) buttonOf(name).click();
  else openForm(formOf(name));
}

function submitMove(card, name) {
  const form = card.querySelector("form[action$='/moves']");
  form.querySelector("[name=move]").value = name;
  form.requestSubmit(form.querySelector("button"));
}
