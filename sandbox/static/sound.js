// The sound of a message that is not silent, made by the page itself; and whether it is switched on.

const NOTES = [
  [880, 0],
  [1174.7, 0.09],
]; // hertz, and seconds after the beginning
const [LENGTH, LOUDNESS] = [0.16, 0.06];

let context = null;

export const isOn = () => localStorage.getItem("sound") !== "off";
export const turn = (on) => localStorage.setItem("sound", on ? "on" : "off");

// Browsers let a page sound after its first click or key, and complain before.
export function ring() {
  if (!isOn() || !navigator.userActivation?.hasBeenActive) return;
  context ??= new AudioContext();
  const begin = context.currentTime;
  for (const [pitch, after] of NOTES) {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(LOUDNESS, begin + after);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + after + LENGTH);
    tone.connect(volume).connect(context.destination);
    tone.start(begin + after);
    tone.stop(begin + after + LENGTH);
  }
}
