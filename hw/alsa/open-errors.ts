import { readFileSync } from "node:fs";
import { AudioError, type AudioErrorKind } from "../../src/hal/audio.js";
import { duplexCardsOf, FIRST_CARD, type SoundCard } from "../../src/hal/sound-cards.js";
import { EACCES, EBUSY, ENODEV, ENOENT, ENXIO, EPERM } from "./alsa-constants.js";
import { soundCardHolders } from "./sound-card-holders.js";

function soundCards(): readonly SoundCard[] {
  try {
    return duplexCardsOf(readFileSync("/proc/asound/cards", "utf8"), readFileSync("/proc/asound/pcm", "utf8"));
  } catch {
    return [];
  }
}

/**
 * The name of the device to open: what was given, or that of the first card.
 * @throws AudioError when there is no card that records and plays
 */
export function deviceName(given: string, cards = soundCards): string {
  if (given !== FIRST_CARD) return given;
  const [first] = cards();
  if (first === undefined) throw new AudioError("missing", cardsSentence());
  return first.device;
}

/** The sound cards of the machine in a sentence, as a remedy for a wrong name. */
function cardsSentence(): string {
  const cards = soundCards();
  if (cards.length > 0) return `Sound cards that record and play: ${cards.map(({ device, name }) => `${device} (${name})`).join("; ")}.`;
  return "The kernel knows no sound card that records and plays: check that it is plugged in and that its driver or dtoverlay is loaded.";
}

function busySentence(): string {
  const holders = soundCardHolders();
  const who = holders.length === 0 ? "another program" : holders.join(", ");
  return `It is held by ${who}: end it, or keep PipeWire and PulseAudio off the card ` +
    "(`systemctl --user disable --now pipewire.socket pipewire-pulse.socket wireplumber pulseaudio.socket`).";
}

const DENIED_SENTENCE = "The user of this process may not use sound devices: add it to the group audio (`usermod -aG audio NAME`), " +
  "or allow char-alsa in the unit.";

/** The error for a PCM that did not open: what, why, and what to do. */
export function openError(device: string, code: number, reason: string): AudioError {
  const error = (kind: AudioErrorKind, remedy: string): AudioError =>
    new AudioError(kind, `The sound device ${device} cannot be opened: ${reason}. ${remedy}`);
  if (code === ENOENT || code === ENODEV || code === ENXIO) return error("missing", cardsSentence());
  if (code === EBUSY) return error("busy", busySentence());
  if (code === EACCES || code === EPERM) return error("denied", DENIED_SENTENCE);
  return error("other", `ALSA's error number is ${-code}.`);
}
