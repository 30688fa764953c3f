// The list of orders: one tick for the whole page, and how many are ticked. Without it, "all of this page" does the same.
"use strict";

const all = document.getElementById("all"), counted = document.getElementById("ticked");
const picks = [...document.querySelectorAll('input[name="pick"]')];

function count() {
  const ticked = picks.filter((pick) => pick.checked).length;
  all.checked = ticked > 0 && ticked === picks.length;
  all.indeterminate = ticked > 0 && ticked < picks.length;
  counted.textContent = ticked || "";
  for (const pick of picks) pick.closest("tr").toggleAttribute("data-ticked", pick.checked);
}

if (all) {
  // What is ticked is sent: the box itself must not mean "all" once some are taken out again.
  all.removeAttribute("name");
  all.addEventListener("change", () => {
    for (const pick of picks) pick.checked = all.checked;
    count();
  });
  for (const pick of picks) pick.addEventListener("change", count);
  let last = null; // shift and a click tick what lies between
  document.querySelector("table").addEventListener("click", (event) => {
    if (event.target.name !== "pick") return;
    if (event.shiftKey && last) {
      const [from, to] = [picks.indexOf(last), picks.indexOf(event.target)].sort((a, b) => a - b);
      for (const pick of picks.slice(from, to + 1)) pick.checked = event.target.checked;
      count();
    }
    last = event.target;
  });
  addEventListener("pageshow", count);
  count();
}
