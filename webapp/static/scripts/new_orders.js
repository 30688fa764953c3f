// A new order on the board is announced to screen readers, and its card glows for a moment.

const place = document.getElementById("heard");
const cards = () => [...document.querySelectorAll("#new .card")];
const numberOf = (card) => Number(card.dataset.order);
const newest = () => Math.max(0, ...cards().map(numberOf));

let known = newest();

function announce() {
  const fresh = cards().filter((card) => numberOf(card) > known);
  known = Math.max(known, newest());
  if (!fresh.length) return;
  for (const card of fresh) card.classList.add("fresh");
  const { one, many } = place.dataset;
  place.textContent = fresh.length === 1 ? one.replace("#", numberOf(fresh[0])) : many.replace("#", fresh.length);
}

if (place) document.addEventListener("htmx:after:swap", announce);
