// A voice note while it is recorded: the time that runs, cancel, send; and the reason when there is no recording.

import { translate, word } from "./words.js";

// What the emulator makes an OGG with Opus of, the form in which Telegram delivers a voice note.
const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"];
const TICK_MS = 200;
const REASONS = { NotFoundError: "micMissing", NotReadableError: "micMissing" };

export class Recorder {
  // `acts`: voice(blob, seconds), tell(text), over(). `form` is the composer.
  constructor(form, acts) {
    this.form = form;
    this.acts = acts;
    this.box = form.querySelector(".recording");
    this.time = this.box.querySelector("time");
    this.language = "en";
    this.box.querySelector(".finish").addEventListener("click", () => this.end(true));
    this.box.querySelector(".discard").addEventListener("click", () => this.end(false));
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.end(false);
    });
  }

  async begin() {
    if (this.recorder || this.asking) return;
    const type = globalThis.MediaRecorder && TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    if (!navigator.mediaDevices || !type) {
      this.acts.tell(word(navigator.mediaDevices ? "micCodec" : "micInsecure", this.language));
      return;
    }
    this.asking = true;
    try {
      this.record(await navigator.mediaDevices.getUserMedia({ audio: true }), type);
    } catch (error) {
      this.acts.tell(word(REASONS[error.name] ?? "micDenied", this.language));
    } finally {
      this.asking = false;
    }
  }

  record(stream, mimeType) {
    const pieces = [];
    this.keep = false;
    this.recorder = new MediaRecorder(stream, { mimeType });
    this.recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    this.recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      const blob = new Blob(pieces, { type: mimeType.split(";")[0] });
      this.show(false);
      if (this.keep) this.acts.voice(blob, Math.max(1, Math.round((Date.now() - this.begun) / 1000)));
      this.recorder = null;
      this.acts.over();
    });
    this.begun = Date.now();
    this.recorder.start();
    this.show(true);
    this.box.querySelector(".finish").focus();
  }

  show(on) {
    this.box.hidden = !on;
    this.form.classList.toggle("busy", on);
    clearInterval(this.ticking);
    if (!on) return;
    translate(this.box, this.language);
    this.tick();
    this.ticking = setInterval(() => this.tick(), TICK_MS);
  }

  tick() {
    const seconds = Math.floor((Date.now() - this.begun) / 1000);
    this.time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  // Ends the recording; the note leaves when `keep`.
  end(keep) {
    if (this.recorder?.state !== "recording") return;
    this.keep = keep;
    this.recorder.stop();
  }
}
