import { ConfigError } from "../config/config-error.js";
import { listPresets, loadPreset, type Preset } from "../config/presets.js";
import { findTarget, type Target } from "../config/targets.js";
import type { ParameterStore } from "../control/parameter-store.js";
import type { LatencyMeasurement } from "../hal/audio-health.js";
import type { Parameter } from "../params/parameter.js";
import { lookUpParameter, parseValue, type Parsed } from "../params/parse.js";
import { clampValue, formatRange, formatValue } from "../params/values.js";
import type { BoxStatus, CommandName, Commands, Values } from "../protocol/messages.js";
import type { LiveMeters } from "./live-meters.js";

/** What the commands work on. */
export interface CommandParts {
  readonly store: ParameterStore;
  readonly meters: LiveMeters;
  readonly targets: readonly Target[];
  readonly status: () => BoxStatus;
  readonly take: (seconds: number | undefined) => Promise<Commands["take"]["out"]>;
  readonly measureLatency: () => Promise<LatencyMeasurement>;
}

/** The commands that are the same for every client; a subscription is the connection's own affair. */
export type BoxCommandName = Exclude<CommandName, "subscribeMeters">;

/** One function for each command: takes what goes in and who asks; answers, or throws a RangeError with a sentence for the user. */
export type BoxCommands = {
  readonly [Name in BoxCommandName]: (input: Commands[Name]["in"], source: string) => Commands[Name]["out"] | Promise<Commands[Name]["out"]>;
};

const BYPASS = "chain.bypass";

/** Fulfils every command of the protocol. */
export function boxCommands(parts: CommandParts): BoxCommands {
  const { store, meters, targets } = parts;
  return {
    status: () => parts.status(),
    get: ({ ids }) => ({ values: chosen(store.state.values, ids) }),
    set: ({ values }, source) => {
      const changes = Object.fromEntries(Object.entries(values).map(([id, value]) => readSetting(id, value)));
      store.set(changes, source);
      return { values: chosen(store.state.values, Object.keys(changes)) };
    },
    reset: ({ ids }, source) => {
      store.reset(ids, source);
      return { values: chosen(store.state.values, ids) };
    },
    undo: (_, source) => stepped(store, store.undo(source), "undo"),
    redo: (_, source) => stepped(store, store.redo(source), "redo"),
    bypass: ({ on }, source) => {
      const isOn = on ?? store.get(BYPASS) !== 1;
      store.set({ [BYPASS]: isOn ? 1 : 0 }, source);
      return { on: isOn };
    },
    listPresets: () => ({ presets: listPresets().map(({ name, sentence }) => ({ id: name, name, sentence })) }),
    applyPreset: ({ preset }, source) => {
      const { name, values } = loadNamedPreset(preset);
      store.applyPreset(name, Object.fromEntries(values), source);
      return { values: store.state.values };
    },
    storeScene: ({ scene }, source) => {
      store.storeScene(scene, source);
      return {};
    },
    recallScene: ({ scene }, source) => {
      store.recallScene(scene, source);
      return { values: store.state.values };
    },
    listTargets: () => ({ targets: targets.map(({ id, name, loudnessLufs, ceilingDbtp }) => ({ id, name, loudnessLufs, ceilingDbtp })) }),
    setTarget: ({ target }, source) => {
      const { id } = findTarget(targets, target);
      store.setTarget(id, source);
      return { target: id };
    },
    controlMeters: ({ action }) => {
      meters.control(action);
      return {};
    },
    take: ({ seconds }) => parts.take(seconds),
    latency: () => parts.measureLatency(),
  };
}

function unwrap<T>(parsed: Parsed<T>): T {
  if ("problem" in parsed) throw new RangeError(parsed.problem);
  return parsed.value;
}

/** All of `values`, or those of `ids`. @throws RangeError for an id that there is not */
function chosen(values: Values, ids: readonly string[] | undefined): Values {
  if (ids === undefined) return values;
  return Object.fromEntries(ids.map((name) => {
    const { id } = unwrap(lookUpParameter(name));
    return [id, values[id] as number];
  }));
}

/** A setting of a message: a number in the table's unit, or a text as people write it. @throws RangeError */
function readSetting(id: string, value: number | string): readonly [string, number] {
  const row = unwrap(lookUpParameter(id));
  return [row.id, typeof value === "string" ? unwrap(parseValue(row, value)) : numberWithin(row, value)];
}

function numberWithin(row: Parameter, value: number): number {
  const isWhole = row.kind === "number" || Number.isInteger(value);
  if (value >= row.min && value <= row.max && isWhole) return value;
  const hasNearest = row.kind === "number" && Number.isFinite(value);
  const remedy = hasNearest ? ` The nearest is ${formatValue(row, clampValue(row, value))}.` : "";
  throw new RangeError(`${row.id} is ${value}; allowed ${formatRange(row)}.${remedy}`);
}

function stepped(store: ParameterStore, isDone: boolean, step: "undo" | "redo"): { readonly values: Values } {
  if (!isDone) throw new RangeError(`There is nothing to ${step}.`);
  return { values: store.state.values };
}

/** A preset by its name; never a file, since the one who asks may sit at another machine. */
function loadNamedPreset(name: string): Preset {
  if (/[/\\]|\.json$/i.test(name)) throw new RangeError(`"${name}" is no name of a preset; lacquer presets lists them.`);
  try {
    return loadPreset(name);
  } catch (error) {
    if (error instanceof ConfigError) throw new RangeError(error.problem, { cause: error });
    throw error;
  }
}
