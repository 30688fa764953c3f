// Two helps for printing: pages as long as each slip, and the print dialog opened automatically. Without this script
// the browser's own menu prints the same page.

const MM = 96 / 25.4; // CSS pixels per millimetre (CSS Values 4, 6.2)
const ROLLS = new Set(["80", "58"]); // millimetres: papers with a width and no fixed length

function pageOf(paper, index) {
  const height = Math.ceil(paper.getBoundingClientRect().height / MM) + 1;
  paper.style.page = `slip-${index}-own`;
  return `@page slip-${index}-own { size: ${paper.dataset.width}mm ${height}mm; margin: 0; }`;
}

function fitPages() {
  const sheet = new CSSStyleSheet();
  const papers = [...document.querySelectorAll(".paper")].filter((paper) => ROLLS.has(paper.dataset.width));
  sheet.replaceSync(papers.map(pageOf).join("\n"));
  document.adoptedStyleSheets = [sheet];
}

// Only once: a page that is reloaded or revisited does not open the print dialog.
function printOnce() {
  const seen = `printed ${location.search}`;
  if (sessionStorage.getItem(seen)) return;
  sessionStorage.setItem(seen, "yes");
  window.print();
}

document.fonts.ready.then(() => {
  fitPages();
  if (document.querySelector("[data-print]")) printOnce();
});
