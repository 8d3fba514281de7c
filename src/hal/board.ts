import type { PcmFormat } from "./audio.js";
import type { MixerSetting } from "./mixer.js";

/** A board that carries the sound card: how it is known, what it offers and takes, and where the front panel hangs beside it. */
export interface Board {
  /** What the configuration calls it. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** Ids by which ALSA knows its card, none for a board that is found by no id. */
  readonly cardIds: readonly string[];
  /** Lines of config.txt, one of which makes its driver load, the usual one first; none for a board that needs none. */
  readonly overlays: readonly string[];
  /** Formats and rates, in Hz, that it has in both directions at once. */
  readonly formats: readonly PcmFormat[];
  readonly sampleRatesHz: readonly number[];
  /** Whether its card may have outputs 3 and 4, for a monitor beside the recorder. */
  readonly mayHaveMonitor: boolean;
  /** What its mixer is set to at the start of the box. */
  readonly mixer: readonly MixerSetting[];
  /** BCM numbers that it takes besides those of I2C and I2S -> what for. */
  readonly takenPins: ReadonlyMap<number, string>;
  /** I2C addresses of its chips, on HEADER_BUS. */
  readonly takenAddresses: readonly number[];
  /** Controls of the default panel by name -> their pins; a control that is not here has no room beside this board. */
  readonly pins: ReadonlyMap<string, readonly number[]>;
}

/** BCM numbers of the header that neither I2C, I2S nor the identification of a HAT takes (Raspberry Pi HAT design guide). */
export const HEADER_PINS: readonly number[] = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 22, 23, 24, 25, 26, 27];

/** The I2C bus of the header, on which the chips of every board are. */
export const HEADER_BUS = 1;

/** The id of the card that an ALSA device is on: "hw:CARD=pisound,DEV=0" gives "pisound"; undefined where the name tells none. */
export function cardOf(device: string): string | undefined {
  return /CARD=([^,\s]+)/.exec(device)?.[1];
}

/**
 * The board that the configuration names, or with "auto" the one of the card: a card that no board has is on the board
 * without ids. Undefined for an unknown name, and while no card is known.
 */
export function findBoard(boards: readonly Board[], named: string, card: string | undefined): Board | undefined {
  if (named !== "auto") return boards.find(({ id }) => id === named);
  return card === undefined ? undefined : boards.find(({ cardIds }) => cardIds.includes(card)) ?? boards.find(({ cardIds }) => cardIds.length === 0);
}
