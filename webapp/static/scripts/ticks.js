// The list of orders: one tick for the whole page, and how many are ticked. Without it, "all of this page" does the same.

class Ticks {
  #all;
  #counted = document.getElementById("ticked");
  #picks = [...document.querySelectorAll('input[name="pick"]')];
  #last = null; // a click with Shift ticks the rows between

  constructor(all) {
    this.#all = all;
  }

  start() {
    // The ticked rows are sent: the box itself must not mean "all" once some are unticked again.
    this.#all.removeAttribute("name");
    this.#all.addEventListener("change", () => this.#tick(this.#picks, this.#all.checked));
    for (const pick of this.#picks) pick.addEventListener("change", () => this.#count());
    document.querySelector("table").addEventListener("click", (event) => this.#extend(event));
    addEventListener("pageshow", () => this.#count());
    this.#count();
  }

  #tick(picks, checked) {
    for (const pick of picks) pick.checked = checked;
    this.#count();
  }

  #extend({ target, shiftKey }) {
    if (target.name !== "pick") return;
    if (shiftKey && this.#last) {
      const [from, to] = [this.#picks.indexOf(this.#last), this.#picks.indexOf(target)].sort((a, b) => a - b);
      this.#tick(this.#picks.slice(from, to + 1), target.checked);
    }
    this.#last = target;
  }

  #count() {
    const ticked = this.#picks.filter((pick) => pick.checked).length;
    this.#all.checked = ticked > 0 && ticked === this.#picks.length;
    this.#all.indeterminate = ticked > 0 && ticked < this.#picks.length;
    this.#counted.textContent = ticked || "";
    for (const pick of this.#picks) pick.closest("tr").toggleAttribute("data-ticked", pick.checked);
  }
}

const all = document.getElementById("all");
if (all) new Ticks(all).start();
