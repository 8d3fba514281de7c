import type { BoxConfig } from "../config/config-schema.js";
import type { Board } from "../hal/board.js";
import type { BoxSetup } from "./box-setup.js";

type Fitted = Pick<BoxSetup, "config" | "faults" | "board">;

/**
 * Fits the front panel to the board that carries the sound card: the default panel goes to the pins that this board leaves;
 * controls that the user's file gives stay as they are, but for those on a pin that the board needs, which are left out with a word.
 */
export function fitBoard<Setup extends Pick<BoxSetup, "config" | "faults" | "board" | "sound" | "hasOwnControls">>(
  setup: Setup, boards: readonly Board[],
): Setup & Fitted {
  if (setup.sound.driver === "sim") return setup;
  const board = boardOf(setup, boards);
  if (board === undefined) {
    if (setup.config.board === "auto") return setup;
    const known = boards.map(({ id }) => id).join(", ");
    return { ...setup, faults: [...setup.faults, `board is "${setup.config.board}", which is not known; allowed auto, sim, ${known}. The pins of the default panel are used.`] };
  }
  const { config, faults } = setup.hasOwnControls ? withoutTaken(setup.config, board) : { config: onItsPins(setup.config, board), faults: [] };
  return { ...setup, board: board.id, config, faults: [...setup.faults, ...faults, ...busFaults(config, board)] };
}

/** The board that the configuration names, or else that of the card in use. */
function boardOf({ config, sound }: Pick<BoxSetup, "config" | "sound">, boards: readonly Board[]): Board | undefined {
  if (config.board !== "auto") return boards.find(({ id }) => id === config.board);
  const card = /CARD=([^,]+)/.exec(sound.captureDevice)?.[1];
  return card === undefined ? undefined : boards.find(({ cardIds }) => cardIds.includes(card)) ?? boards.find(({ cardIds }) => cardIds.length === 0);
}

function onItsPins(config: BoxConfig, { pins }: Board): BoxConfig {
  const controls = config.controls.flatMap((control) => {
    const own = pins.get(control.name);
    return own === undefined ? [] : [{ ...control, pins: own }];
  });
  return { ...config, controls };
}

function withoutTaken(config: BoxConfig, { name: boardName, takenPins }: Board): { readonly config: BoxConfig; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const controls = config.controls.filter(({ name, pins }) => {
    const pin = pins.find((each) => takenPins.has(each));
    if (pin !== undefined) faults.push(`The control "${name}" is left out: pin ${pin} belongs to ${takenPins.get(pin)} (${boardName}).`);
    return pin === undefined;
  });
  return { config: { ...config, controls }, faults };
}

/** What of the panel's chips has an address of the board's: the kernel keeps it for the sound. */
function busFaults({ panel }: BoxConfig, { name, takenAddresses }: Board): string[] {
  const chips = [["display", panel.display, panel.displayAddress], ["converter", panel.converter, panel.converterAddress]] as const;
  return chips.filter(([, chip, address]) => chip !== "none" && takenAddresses.includes(address))
    .map(([what, , address]) => `panel.${what}Address is ${address}, which a chip of the sound card has (${name}); set another one at the ${what}.`);
}
