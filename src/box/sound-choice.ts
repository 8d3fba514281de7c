import type { BoxConfig } from "../config/config-schema.js";
import type { SoundCard } from "../hal/sound-cards.js";

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

/**
 * Chooses the sound device: what the configuration names, else the first card that both records and plays, else the
 * simulated board.
 */
export function chooseSound({ board, audio }: Pick<BoxConfig, "board" | "audio">, cards: readonly Pick<SoundCard, "device" | "name">[]): SoundChoice {
  const { driver, captureDevice, playbackDevice } = audio;
  if (driver === "sim" || (driver === "auto" && board === "sim")) return simulated(["The simulated board is used, as it was asked for: nothing is heard."]);
  const [found] = cards;
  const capture = captureDevice ?? found?.device ?? playbackDevice;
  const playback = playbackDevice ?? found?.device ?? captureDevice;
  if (capture !== null && capture !== undefined && playback !== null && playback !== undefined) {
    const name = found !== undefined && found.device === capture ? ` (${found.name})` : "";
    const path = capture === playback ? `${capture}${name}` : `${capture} to ${playback}`;
    return { driver: driver === "auto" ? "alsa" : driver, captureDevice: capture, playbackDevice: playback, lines: [`Sound device: ${path}.`] };
  }
  if (driver === "auto") return simulated(HOW_TO_GET_A_CARD);
  // The driver was asked for by name: it waits for the system's default device rather than pretend.
  return { driver, captureDevice: "default", playbackDevice: "default", lines: ["No sound card was found: the box waits for one."] };
}

function simulated(lines: readonly string[]): SoundChoice {
  return { driver: "sim", captureDevice: "", playbackDevice: "", lines };
}
