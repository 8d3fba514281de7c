import { takenAddresses, takenPins, unknownBoard, wiredControls } from "../config/board-problems.js";
import { cardOf, findBoard, type Board } from "../hal/board.js";
import type { MixerSetting } from "../hal/mixer.js";
import type { Control } from "../hal/panel.js";
import { FIRST_CARD } from "../hal/sound-cards.js";
import type { BoxSetup } from "./box-setup.js";

/** What the board of the sound card makes of the configuration. */
export interface FittedBoard {
  /** Id of the board, or what the configuration says where none is known. */
  readonly board: string;
  /** The controls that can be wired. */
  readonly controls: readonly Control[];
  /** What ALSA calls the controls of the card, and what they are to be set to; undefined where nothing is. */
  readonly mixer: { readonly name: string; readonly settings: readonly MixerSetting[] } | undefined;
  /** What of the configuration does not go with the board. */
  readonly faults: readonly string[];
}

/**
 * Fits the box to the board that carries the sound card: the default panel goes to the pins that this board leaves; controls
 * that the user's file gives stay as they are, but for those on a pin that the board needs, which are left out with a word.
 * While it is not known which card will come, no pin is touched: it may be the one by which the board drives its own chips. For
 * the same reason a board that nobody knows is looked for by its card.
 * @param device - the ALSA device in use
 */
export function fitBoard(
  { config, board: chosen, sound, hasOwnControls }: Pick<BoxSetup, "config" | "board" | "sound" | "hasOwnControls">, boards: readonly Board[], device: string,
): FittedBoard {
  const isKnown = sound.driver === "sim" || config.board === "auto" || boards.some(({ id }) => id === config.board);
  const unknown = isKnown ? [] : [`${unknownBoard(config.board, boards)} The board of the sound card is taken.`];
  const untouched = { board: chosen, controls: config.controls, mixer: undefined, faults: unknown };
  if (sound.driver === "sim") return untouched;
  const card = cardOf(device);
  const board = findBoard(boards, isKnown ? config.board : "auto", card);
  if (board === undefined) {
    return device === FIRST_CARD ? { ...untouched, controls: config.controls.filter(({ pins }) => pins.length === 0) } : untouched;
  }
  const taken = hasOwnControls ? takenPins(config.controls, board) : [];
  return {
    board: board.id,
    controls: wiredControls(config.controls, board, hasOwnControls),
    mixer: card === undefined || board.mixer.length === 0 ? undefined : { name: `hw:CARD=${card}`, settings: board.mixer },
    faults: [...unknown, ...taken.map(({ problem }) => `${problem} It is left out.`), ...takenAddresses(config, board).map(({ problem }) => problem)],
  };
}
