// The stops of keyboard navigation: the cards of the board, the orders of a list.

const isShown = (element) => element.checkVisibility();
const stops = () =>
  [...document.querySelectorAll("#columns .card, table.list tbody a[href^='/orders/']")].filter(isShown);

/** Whether the page has any stop. */
export const hasStops = () => stops().length > 0;

/** The card that has the focus, else the focused element. */
export const here = () => document.activeElement.closest(".card") || document.activeElement;

/** Go to the next stop (1) or the one before (-1). */
export function step(by) {
  const all = stops();
  const at = all.indexOf(here());
  land(at < 0 ? all.at(by > 0 ? 0 : -1) : all[at + by]);
}

/** Go to the column after (1) or before (-1) this one, to the card of the same row. */
export function across(by) {
  const columns = [...document.querySelectorAll("#columns .column")].filter((column) => column.querySelector(".card"));
  const mine = here().closest(".column");
  if (!mine) return land(cardsOf(columns[0])[0]);
  const cards = cardsOf(columns[columns.indexOf(mine) + by]);
  land(cards[Math.min(cardsOf(mine).indexOf(here()), cards.length - 1)]);
}

const cardsOf = (column) => [...(column?.querySelectorAll(".card") ?? [])];

function land(stop) {
  stop?.focus({ preventScroll: true });
  stop?.scrollIntoView({ block: "nearest", behavior: "instant" });
}
