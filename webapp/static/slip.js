// What printing gains from a script: pages as long as each slip, and the print dialog by itself. The browser's own menu
// prints the same page without it.
"use strict";

const MM = 96 / 25.4; // CSS pixels a millimetre (CSS Values 4, 6.2)
const WIDTHS = { 80: 80, 58: 58 };

function fit() {
  const sheet = new CSSStyleSheet();
  const pages = [...document.querySelectorAll(".paper")].filter((paper) => paper.dataset.width in WIDTHS).map((paper, index) => {
    paper.style.page = `slip-${index}-own`;
    const height = Math.ceil(paper.getBoundingClientRect().height / MM) + 1;
    return `@page slip-${index}-own { size: ${WIDTHS[paper.dataset.width]}mm ${height}mm; margin: 0; }`;
  });
  sheet.replaceSync(pages.join("\n"));
  document.adoptedStyleSheets = [sheet];
}

document.fonts.ready.then(() => {
  fit();
  if (!document.querySelector("[data-print]")) return;
  // Once: a page that is loaded again, or come back to, does not print by itself.
  const seen = `printed ${location.search}`;
  if (sessionStorage.getItem(seen)) return;
  sessionStorage.setItem(seen, "yes");
  window.print();
});
