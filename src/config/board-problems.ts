import { HEADER_BUS, HEADER_PINS, type Board } from "../hal/board.js";
import type { Control } from "../hal/panel.js";
import type { LoadedConfig } from "./box-config.js";
import type { BoxConfig } from "./config-schema.js";

/** Whether the user's file says what the controls are, and not the default. */
export function hasOwnControls({ file, origins }: Pick<LoadedConfig, "file" | "origins">): boolean {
  return file !== undefined && origins.get("controls")?.startsWith(`${file}:`) === true;
}

/**
 * The controls that are wired beside a board: those of the default panel on the pins that it leaves, or else the user's own, but
 * for those on a pin that it takes.
 */
export function wiredControls(controls: readonly Control[], board: Board, isOwn: boolean): readonly Control[] {
  if (isOwn) {
    const taken = new Set(takenPins(controls, board).map(({ control }) => control));
    return controls.filter((control) => !taken.has(control));
  }
  return controls.flatMap((control) => {
    const pins = board.pins.get(control.name);
    return pins === undefined ? [] : [{ ...control, pins }];
  });
}

/** A pin of a control that the board takes. */
export interface TakenPin {
  readonly control: Control;
  /** What is wrong, what is free, and what to do. */
  readonly problem: string;
}

/** Says that there is no such board, and which there are. */
export function unknownBoard(named: string, boards: readonly Board[]): string {
  return `board is "${named}", which is not known; allowed auto, sim, ${boards.map(({ id }) => id).join(", ")}.`;
}

/** The controls on a pin that the board takes for itself. */
export function takenPins(controls: readonly Control[], board: Board): readonly TakenPin[] {
  const used = new Set(controls.flatMap(({ pins }) => pins));
  const free = HEADER_PINS.filter((pin) => !board.takenPins.has(pin) && !used.has(pin)).join(", ");
  return controls.flatMap((control) => {
    const pin = control.pins.find((each) => board.takenPins.has(each));
    if (pin === undefined) return [];
    const problem = `The control "${control.name}" has pin ${pin}, which ${board.takenPins.get(pin)} takes (${board.name}); free are ${free || "none"}. `
      + "Move it to one of them, or leave controls out of the file for the panel of this board.";
    return [{ control, problem }];
  });
}

/** The settings that give a chip of the panel an address of the board's, which the kernel keeps for the sound. */
export function takenAddresses({ panel }: Pick<BoxConfig, "panel">, board: Board): readonly { readonly key: string; readonly problem: string }[] {
  if (panel.i2cBus !== HEADER_BUS) return [];
  const chips = [["display", panel.display, panel.displayAddress], ["converter", panel.converter, panel.converterAddress]] as const;
  return chips.filter(([, chip, address]) => chip !== "none" && board.takenAddresses.includes(address)).map(([what, , address]) => ({
    key: `panel.${what}Address`,
    problem: `panel.${what}Address is ${address}, which a chip of the sound card has (${board.name}); set another one at the ${what}.`,
  }));
}

/** What the board does not offer of what the configuration asks of the sound. */
export function soundProblems({ audio }: Pick<BoxConfig, "audio">, board: Board): readonly { readonly key: string; readonly problem: string }[] {
  const problems = [];
  if (!board.sampleRatesHz.includes(audio.sampleRateHz)) {
    problems.push({ key: "audio.sampleRateHz", problem: `audio.sampleRateHz is ${audio.sampleRateHz}; the ${board.name} has ${board.sampleRatesHz.join(", ")}.` });
  }
  if (!audio.formats.some((format) => board.formats.includes(format))) {
    problems.push({ key: "audio.formats", problem: `audio.formats has ${audio.formats.join(", ")}; the ${board.name} has ${board.formats.join(", ")}, of which one is needed.` });
  }
  if (audio.monitorOutput && !board.mayHaveMonitor) {
    problems.push({ key: "audio.monitorOutput", problem: `audio.monitorOutput is true; the ${board.name} has no outputs 3 and 4: set it to false, or use a USB interface with four outputs.` });
  }
  return problems;
}
