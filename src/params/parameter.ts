/** Unit of a parameter's value, as it is written after the number. */
export type Unit = "dB" | "dBTP" | "LUFS" | "Hz" | "ms" | "%" | ":1" | "";

/** How a control's travel maps to the value: in equal steps, or in equal ratios. */
export type Taper = "linear" | "log";

interface Common {
  /** `stage.name` or `stage.bandN.name`; the name used everywhere from the DSP to the phone. */
  readonly id: string;
  /** Two or three words for a fader or a list. */
  readonly label: string;
  /** What it does, in one sentence for a musician. */
  readonly sentence: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** A continuous value. */
export interface NumberParameter extends Common {
  readonly kind: "number";
  readonly unit: Unit;
  /** One click of a knob at normal speed (for a log taper: at the low end). */
  readonly step: number;
  readonly taper: Taper;
}

/** A switch: 0 off, 1 on. */
export interface SwitchParameter extends Common {
  readonly kind: "switch";
}

/** One of a few names; the value is the index of the name. */
export interface ChoiceParameter extends Common {
  readonly kind: "choice";
  readonly choices: readonly string[];
}

/** The order of the tone stages; the value is the rank (0..719) of the permutation, see order.ts. */
export interface OrderParameter extends Common {
  readonly kind: "order";
}

export type Parameter = NumberParameter | SwitchParameter | ChoiceParameter | OrderParameter;

interface NumberOptions {
  readonly range: readonly [min: number, max: number];
  readonly default: number;
  readonly unit: Unit;
  readonly step: number;
  readonly taper?: Taper;
}

/** A row of the table for a continuous value; the taper is linear unless said. */
export function number(id: string, label: string, options: NumberOptions, sentence: string): NumberParameter {
  const [min, max] = options.range;
  const { default: initial, unit, step, taper = "linear" } = options;
  return { kind: "number", id, label, sentence, min, max, default: initial, unit, step, taper };
}

/** A row of the table for a switch. */
export function onOff(id: string, label: string, initial: boolean, sentence: string): SwitchParameter {
  return { kind: "switch", id, label, sentence, min: 0, max: 1, default: initial ? 1 : 0 };
}

/** A row of the table for a choice; `initial` is the name of the default. */
export function choice(
  id: string,
  label: string,
  choices: readonly string[],
  initial: string,
  sentence: string,
): ChoiceParameter {
  const index = choices.indexOf(initial);
  return { kind: "choice", id, label, sentence, min: 0, max: choices.length - 1, default: index, choices };
}
