// Ages are counted on without a reload, and warn when an order waits too long.

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const TICK = 10_000;
const formats = new Map();

function formatOf(unit) {
  const options = { style: "unit", unit, unitDisplay: "short" };
  if (!formats.has(unit)) formats.set(unit, new Intl.NumberFormat(document.documentElement.lang, options));
  return formats.get(unit);
}

function lasted(seconds) {
  if (seconds < 90 * MINUTE) return formatOf("minute").format(Math.floor(seconds / MINUTE));
  if (seconds < 36 * HOUR) return formatOf("hour").format(Math.floor(seconds / HOUR));
  return formatOf("day").format(Math.floor(seconds / DAY));
}

function levelOf(seconds, { late, warn }) {
  if (seconds >= late) return "late";
  return seconds >= warn ? "warn" : "";
}

// Only changed values are written: a morph of htmx and a screen reader notice every write.
function update(age) {
  const seconds = Math.max(0, (Date.now() - Date.parse(age.dateTime)) / 1000);
  const place = age.querySelector("[data-text]");
  const text = lasted(seconds);
  if (place.textContent !== text) place.textContent = text;
  if (!age.dataset.late) return;
  const level = levelOf(seconds, age.dataset);
  if (age.dataset.level !== level) age.dataset.level = level;
}

function tick() {
  for (const age of document.querySelectorAll("[data-age]")) update(age);
}

setInterval(tick, TICK);
document.addEventListener("htmx:after:swap", tick);
