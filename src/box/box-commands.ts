import type { OwnPresets } from "../config/own-presets.js";
import { findTarget, type Target } from "../config/targets.js";
import type { ParameterStore } from "../control/parameter-store.js";
import { LatencyError } from "../engine/latency-probe.js";
import type { LatencyMeasurement } from "../hal/audio-health.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { BoxStatus, Commands, PresetEntry, Values } from "../protocol/messages.js";
import type { BoxCommands } from "../server/box-commands.js";
import { chosenValues } from "./chosen-values.js";
import { diagnosisCommands } from "./diagnosis-commands.js";
import { mixCommands } from "./mix-commands.js";
import type { Learner } from "./learner.js";
import { levelCommands } from "./level-commands.js";
import type { LiveMeters } from "./live-meters.js";
import { phoneCommands, type PhoneParts } from "./phone-commands.js";
import type { BoxReferences } from "./box-references.js";
import { comparisonCommands } from "./comparison-commands.js";
import type { Preview } from "./preview.js";
import { presetCommands } from "./preset-commands.js";
import { referenceCommands } from "./reference-commands.js";
import { followMark, sceneCommands } from "./scene-commands.js";
import type { SoundListener } from "./sound-listener.js";
import { TakeError } from "./take-recorder.js";

/** What the commands work on. */
export interface CommandParts {
  readonly store: ParameterStore;
  readonly meters: LiveMeters;
  readonly targets: readonly Target[];
  readonly presets: OwnPresets;
  readonly onPresets: (presets: readonly PresetEntry[]) => void;
  readonly references: Pick<BoxReferences, "shelf" | "list" | "compared" | "profiles">;
  readonly listener: Pick<SoundListener, "findings" | "finding" | "heard" | "heardS" | "newSong">;
  readonly learner: Learner;
  readonly preview: Preview;
  /** A song has ended, and is to be kept. */
  readonly onSong: () => void;
  /** `isCounted`: with the garbage collections up to this moment. */
  readonly phones: PhoneParts;
  /** Everything that helps to find out what is wrong, as a text. */
  readonly logs: () => Promise<string>;
  readonly status: (isCounted: boolean) => Promise<BoxStatus>;
  readonly take: (seconds: number | undefined) => Promise<Commands["take"]["out"]>;
  readonly measureLatency: () => Promise<LatencyMeasurement>;
  /** Takes the stages of these parameters back into the chain where they failed. */
  readonly restoreStages: (ids: readonly string[]) => void;
  /** Forgets the largest load. */
  readonly resetHealth: () => void;
}

const BYPASS = "chain.bypass";

/** Fulfils every command of the protocol. */
export function boxCommands(parts: CommandParts): BoxCommands {
  const { store, meters, targets, references } = parts;
  return {
    status: ({ count }) => parts.status(count === true),
    get: ({ ids }) => ({ values: chosenValues(store.values, ids) }),
    set: ({ values }, source) => {
      store.set(values, source);
      // Also where the value was that already, which changes nothing.
      parts.restoreStages(Object.keys(values));
      return { values: chosenValues(store.values, Object.keys(values)) };
    },
    reset: ({ ids }, source) => {
      store.reset(ids, source);
      parts.restoreStages(ids ?? Object.keys(store.values));
      return { values: chosenValues(store.values, ids) };
    },
    undo: (_, source) => stepped(store, store.undo(source), "undo"),
    redo: (_, source) => stepped(store, store.redo(source), "redo"),
    bypass: ({ on }, source) => {
      const isOn = on ?? store.get(BYPASS) !== 1;
      store.set({ [BYPASS]: isOn ? 1 : 0 }, source);
      return { on: isOn };
    },
    bypassStage: ({ stage, on }, source) => {
      const id = `${stage}.bypass`;
      const isOn = on ?? store.get(id) !== 1;
      store.set({ [id]: isOn ? 1 : 0 }, source);
      return { on: isOn };
    },
    hardBypass: ({ on }, source) => {
      store.setHardBypass(on, source);
      return { on };
    },
    ...presetCommands(parts),
    ...sceneCommands(store),
    ...levelCommands({ targets, meters, learner: parts.learner, preview: parts.preview }),
    listTargets: () => ({ targets: targets.map(({ id, name, loudnessLufs, ceilingDbtp }) => ({ id, name, loudnessLufs, ceilingDbtp })) }),
    setTarget: ({ target }, source) => {
      const { id } = findTarget(targets, target);
      store.setTarget(id, source);
      return { target: id };
    },
    controlMeters: ({ action }) => {
      meters.control(action);
      if (action === "reset") parts.resetHealth();
      return {};
    },
    markSong: ({ name }, source) => {
      references.compared.freeRecorder("a song begins");
      parts.preview.end("a song begins");
      meters.markSong(name);
      parts.listener.newSong();
      parts.learner.newSong();
      parts.onSong();
      followMark(store, "songs", source);
      return { songs: meters.songs };
    },
    listSongs: () => ({ songs: meters.songs }),
    loudnessHistory: () => meters.history,
    logs: async () => ({ text: await parts.logs() }),
    ...phoneCommands(parts.phones),
    ...referenceCommands({ shelf: references.shelf, list: () => references.list }),
    ...comparisonCommands(references.compared),
    ...diagnosisCommands(parts.listener, store),
    ...mixCommands({ listener: parts.listener, store, references: () => references.profiles }),
    take: ({ seconds }) => {
      references.compared.freeRecorder("a take is written");
      return parts.take(seconds).catch(refusal);
    },
    latency: async () => {
      references.compared.end("the delay is measured");
      // The impulse is no programme: it counts neither as a peak nor as loudness.
      const { isPaused } = meters.figures;
      meters.control("pause");
      try {
        return await parts.measureLatency().catch(refusal);
      } finally {
        if (!isPaused) meters.control("start");
      }
    },
  };
}

/** Commands that wait for `isReady`, so that a client that comes early is answered by a box that has started. */
export function commandsAfter(isReady: Promise<void>, commands: BoxCommands): BoxCommands {
  return Object.fromEntries(Object.entries(commands).map(([name, run]) => [name, async (input: never, source: string) => {
    await isReady;
    return await run(input, source);
  }])) as unknown as BoxCommands;
}

function stepped(store: ParameterStore, isDone: boolean, step: "undo" | "redo"): { readonly values: Values } {
  if (!isDone) throw new CommandFailure("notNow", `There is nothing to ${step}.`);
  return { values: store.values };
}

function refusal(error: unknown): never {
  if (error instanceof LatencyError || error instanceof TakeError) throw new CommandFailure("notNow", error.message);
  throw error;
}
