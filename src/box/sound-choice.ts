import type { BoxConfig } from "../config/config-schema.js";
import { FIRST_CARD, namedById, type SoundCard } from "../hal/sound-cards.js";

/** Which driver the box uses and what it opens. */
export interface SoundChoice {
  readonly driver: "alsa" | "stream" | "sim";
  readonly captureDevice: string;
  readonly playbackDevice: string;
  /** What a person should know about it, in lines. */
  readonly lines: readonly string[];
}

const HOW_TO_GET_A_CARD = [
  "No sound card that records and plays was found: the simulated board plays a built-in programme, and nothing is heard.",
  "For a real one: connect a USB interface, or on a Raspberry Pi name its HAT in /boot/firmware/config.txt, such as",
  "  dtoverlay=hifiberry-dacplusadc",
  "then start again. `lacquer config path` tells where a device can be named (audio.captureDevice, audio.playbackDevice).",
] as const;

const WAITING = ["No sound card was found: the box waits for one."] as const;

/**
 * Chooses the sound device: what the configuration names (by the card's id, which says what board it is), else the first card that both records and plays, else the
 * simulated board; a box that waits for a card takes the first one that comes.
 */
export function chooseSound(
  { board, audio }: Pick<BoxConfig, "board" | "audio">, cards: readonly SoundCard[], waitsForCard: boolean,
): SoundChoice {
  const { driver } = audio;
  const [captureDevice, playbackDevice] = [audio.captureDevice, audio.playbackDevice].map((device) => (device === null ? null : namedById(device, cards)));
  if (driver === "sim" || (driver === "auto" && board === "sim")) return simulated(["The simulated board is used, as it was asked for: nothing is heard."]);
  const [found] = cards;
  const capture = captureDevice ?? found?.device ?? playbackDevice;
  const playback = playbackDevice ?? found?.device ?? captureDevice;
  if (capture !== null && capture !== undefined && playback !== null && playback !== undefined) {
    const name = found !== undefined && found.device === capture ? ` (${found.name})` : "";
    const path = capture === playback ? `${capture}${name}` : `${capture} to ${playback}`;
    return { driver: driver === "auto" ? "alsa" : driver, captureDevice: capture, playbackDevice: playback, lines: [`Sound device: ${path}.`] };
  }
  if (driver === "stream") return { driver, captureDevice: "default", playbackDevice: "default", lines: WAITING };
  if (driver === "auto" && !waitsForCard) return simulated(HOW_TO_GET_A_CARD);
  return { driver: "alsa", captureDevice: FIRST_CARD, playbackDevice: FIRST_CARD, lines: WAITING };
}

function simulated(lines: readonly string[]): SoundChoice {
  return { driver: "sim", captureDevice: "", playbackDevice: "", lines };
}
