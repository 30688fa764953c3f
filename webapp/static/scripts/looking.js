// An order's page reports that the reader has it open, as long as it is visible.

const AGAIN = 10_000;

class Presence {
  #address;

  constructor(place) {
    this.#address = place.dataset.look;
  }

  start() {
    this.look();
    setInterval(() => this.look(), AGAIN);
    document.addEventListener("visibilitychange", () => this.#turn());
    addEventListener("pagehide", () => this.#send({ gone: 1 }));
    addEventListener("pageshow", (event) => event.persisted && this.look());
  }

  look() {
    if (document.visibilityState === "visible") this.#send({});
  }

  #turn() {
    if (document.visibilityState === "visible") this.look();
    else this.#send({ gone: 1 });
  }

  #send(fields) {
    fetch(this.#address, { method: "POST", keepalive: true, body: new URLSearchParams(fields) }).catch(() => {});
  }
}

const place = document.getElementById("looking");
if (place) new Presence(place).start();
