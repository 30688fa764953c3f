// The sound of the alarm: two short tones. A browser lets a page play sound after a first press on it.

const TONES = [
  [880, 0],
  [1174.66, 0.16],
]; // hertz, and seconds after the start
const LASTS = 0.5;

export class Chime {
  #context = null;
  #whenReady;

  /** `whenReady` is called when the browser changes whether the page may play sound. */
  constructor(whenReady) {
    this.#whenReady = whenReady;
  }

  get maySound() {
    return this.#audio().state === "running";
  }

  /** Ask the browser for permission to play; it gives it during a press. */
  async resume() {
    await this.#audio().resume();
  }

  play() {
    const audio = this.#audio();
    for (const [pitch, after] of TONES) playTone(audio, pitch, audio.currentTime + after);
  }

  #audio() {
    if (!this.#context) {
      this.#context = new AudioContext();
      this.#context.onstatechange = this.#whenReady; // where permitted, it starts by itself a moment later
    }
    return this.#context;
  }
}

function playTone(audio, pitch, at) {
  const tone = audio.createOscillator();
  const level = audio.createGain();
  tone.frequency.value = pitch;
  level.gain.setValueAtTime(0, at);
  level.gain.linearRampToValueAtTime(0.35, at + 0.02);
  level.gain.exponentialRampToValueAtTime(0.001, at + LASTS);
  tone.connect(level).connect(audio.destination);
  tone.start(at);
  tone.stop(at + LASTS + 0.05);
}
