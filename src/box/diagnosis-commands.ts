import type { ParameterStore } from "../control/parameter-store.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { BoxCommands } from "../server/box-commands.js";
import type { SoundListener } from "./sound-listener.js";

/** What is wrong with the sound, and what to do about it. */
export function diagnosisCommands(listener: Pick<SoundListener, "findings" | "finding">, store: ParameterStore): Pick<BoxCommands, "diagnosis" | "tryRemedy"> {
  return {
    diagnosis: () => ({ findings: listener.findings }),
    tryRemedy: ({ finding }, source) => {
      const found = listener.finding(finding);
      if (found === null) throw new CommandFailure("notNow", "Too little was heard yet; play 6 seconds and try again.");
      const { values, sentence, loudnessChangeDb } = found.remedy;
      if (Object.keys(values).length === 0) throw new CommandFailure("notNow", `No control of the box helps here. ${sentence}`);
      store.set(values, source);
      const { values: now } = store.state;
      return { values: Object.fromEntries(Object.keys(values).map((id) => [id, now[id] as number])), loudnessChangeDb };
    },
  };
}
