import type { BoxConfig } from "../../config/config-schema.js";
import { cardOf, findBoard, type Board } from "../../hal/board.js";
import { duplexCardsOf, namedById } from "../../hal/sound-cards.js";
import type { Machine } from "./machine.js";

/** The card that the box would use, and the board that carries it, as far as they are known. */
export interface ThisBoard {
  /** Id of the card; undefined where there is none. */
  readonly card: string | undefined;
  readonly board: Board | undefined;
}

/** Looks for the card that the configuration names, or else for the first one that records and plays. */
export function thisBoard(machine: Machine, config: Pick<BoxConfig, "board" | "audio">, boards: readonly Board[]): ThisBoard {
  if (config.board === "sim") return { card: undefined, board: undefined };
  const cards = duplexCardsOf(machine.read("/proc/asound/cards") ?? "", machine.read("/proc/asound/pcm") ?? "");
  const named = config.audio.captureDevice === null ? undefined : cardOf(namedById(config.audio.captureDevice, cards));
  const ids = cards.map(({ device }) => cardOf(device));
  const card = named === undefined ? ids[0] : ids.find((each) => each === named);
  return { card, board: findBoard(boards, config.board, card) };
}
