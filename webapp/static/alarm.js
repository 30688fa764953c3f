// The alarm for new orders: one short sound for whatever came, again and again until nobody waits to be taken; one
// notification an order on wish; one sentence for screen readers. What is switched on is kept by the browser, because
// loudspeakers and permissions belong to a place, not to a person. One tab watches, one tab that may sounds.
"use strict";

{
  const AGAIN = 20_000, AT_ONCE = 2_000, LOOK = 10_000, SETTLES = 600;
  const menu = document.getElementById("alarm");
  const blocked = document.getElementById("blocked"), heard = document.getElementById("heard");
  const sound = document.getElementById("alarm-sound"), note = document.getElementById("alarm-note");
  const live = new BroadcastChannel("felix-desk"), ours = new BroadcastChannel("felix-alarm");
  const shown = new Map(); // the notifications of this tab
  let unclaimed = [], revision = 0, watches = false, sounds = false, asking = false, again = false, context = null;

  const kept = (name, empty) => JSON.parse(localStorage.getItem(name) ?? "null") ?? empty;
  const keep = (name, value) => localStorage.setItem(name, JSON.stringify(value));
  const wish = () => kept("felix-alarm", { sound: false, note: false });

  // --- The sound ----------------------------------------------------------------------------------------------------

  function audio() {
    if (!context) {
      context = new AudioContext();
      context.onstatechange = offer; // it starts by itself a moment later, where it may
    }
    return context;
  }

  function chime() {
    const at = audio().currentTime;
    for (const [pitch, after] of [[880, 0], [1174.66, 0.16]]) {
      const tone = context.createOscillator(), level = context.createGain();
      tone.frequency.value = pitch;
      level.gain.setValueAtTime(0, at + after);
      level.gain.linearRampToValueAtTime(0.35, at + after + 0.02);
      level.gain.exponentialRampToValueAtTime(0.001, at + after + 0.5);
      tone.connect(level).connect(context.destination);
      tone.start(at + after);
      tone.stop(at + after + 0.55);
    }
  }

  // A browser lets a page sound once somebody has touched it. Only such a tab may hold the lock of the sounding tab.
  function offer() {
    const wanted = wish().sound, may = wanted && audio().state === "running";
    if (!wanted || may) blocked.hidden = true;
    else setTimeout(() => { blocked.hidden = !wish().sound || context.state === "running"; }, SETTLES);
    if (!may || sounds) return;
    sounds = true;
    navigator.locks.request("felix-desk-sound", () => {
      ours.onmessage = ({ data }) => data === "ring" && chime();
      sounds = chime;
      return new Promise(() => {}); // held until the tab is gone
    });
  }

  function ring() {
    keep("felix-alarm-rang", Date.now());
    if (typeof sounds === "function") sounds();
    else ours.postMessage("ring");
  }

  async function touched() {
    if (!wish().sound) return;
    await audio().resume();
    offer();
  }

  // --- The watch ----------------------------------------------------------------------------------------------------

  async function look() {
    const { sound: wanted, note: noted } = wish();
    if (!watches || !(wanted || noted)) return;
    if (asking) return void (again = true);
    asking = true;
    try {
      const answer = await fetch("/board/new", { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
      if (answer.ok && !answer.redirected) judge((await answer.json()).orders);
    } catch { /* the next look is soon */ }
    asking = false;
    if (again) {
      again = false;
      look();
    }
  }

  function judge(orders) {
    const told = kept("felix-alarm-told", 0), fresh = orders.filter((order) => order.id > told);
    unclaimed = orders;
    if (fresh.length) keep("felix-alarm-told", Math.max(...fresh.map((order) => order.id)));
    if (fresh.length && wish().note) fresh.forEach(notify);
    for (const [id, one] of shown) if (!orders.some((order) => order.id === id)) one.close();
    beat(fresh.length > 0);
  }

  function beat(fresh) {
    const since = Date.now() - kept("felix-alarm-rang", 0);
    if (watches && wish().sound && unclaimed.length && since >= (fresh ? AT_ONCE : AGAIN)) ring();
  }

  function notify({ id, text }) {
    if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
    try {
      const one = new Notification(menu.dataset.title.replace("#", id), { tag: `felix-order-${id}`, body: text });
      one.onclick = () => {
        focus();
        location.assign(`/orders/${id}`);
      };
      one.onclose = () => shown.delete(id);
      shown.set(id, one);
    } catch { /* some phones have no such notifications */ }
  }

  // --- For the ears of screen readers, and a card's short glow -------------------------------------------------------

  const cards = () => [...document.querySelectorAll("#new .card")];
  const numbers = () => cards().map((card) => Number(card.id.replace("card-", "")));
  let highest = Math.max(0, ...numbers());

  function announce() {
    const fresh = cards().filter((card) => Number(card.id.replace("card-", "")) > highest);
    highest = Math.max(highest, ...numbers());
    if (!fresh.length) return;
    for (const card of fresh) card.classList.add("fresh");
    const one = fresh[0].id.replace("card-", "");
    heard.textContent = fresh.length === 1 ? heard.dataset.one.replace("#", one) : heard.dataset.many.replace("#", fresh.length);
  }

  // --- The menu -----------------------------------------------------------------------------------------------------

  function paint() {
    const { sound: wanted, note: noted } = wish();
    [sound.checked, note.checked] = [wanted, noted];
    menu.dataset.alarm = wanted ? "on" : "off";
    document.getElementById("alarm-refused").hidden = !noted || ("Notification" in globalThis && Notification.permission === "granted");
    offer();
  }

  async function choose() {
    if (note.checked && "Notification" in globalThis && Notification.permission === "default") await Notification.requestPermission();
    keep("felix-alarm", { sound: sound.checked, note: note.checked });
    await touched();
    paint();
    look();
  }

  if (menu && navigator.locks) {
    menu.hidden = false;
    paint();
    sound.addEventListener("change", choose);
    note.addEventListener("change", choose);
    document.getElementById("alarm-test").addEventListener("click", async () => {
      await audio().resume();
      chime();
    });
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched);
    addEventListener("storage", ({ key }) => key === "felix-alarm" && (paint(), look()));
    document.addEventListener("htmx:after:swap", announce);
    navigator.locks.request("felix-desk-alarm", () => {
      watches = true;
      look();
      setInterval(look, LOOK);
      setInterval(() => beat(false), 1_000);
      live.onmessage = ({ data }) => {
        if (data.revision === undefined || data.revision === revision) return;
        revision = data.revision;
        look();
      };
      return new Promise(() => {});
    });
  }
}
