import type { ParameterStore } from "../control/parameter-store.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { Heard } from "../analysis/diagnosis/finding.js";
import type { FindingId } from "../protocol/diagnosis.js";
import type { Values } from "../protocol/messages.js";
import type { BoxCommands } from "../server/box-commands.js";
import { chosenValues } from "./chosen-values.js";
import { setToBeHeard } from "./heard-change.js";
import type { SoundListener } from "./sound-listener.js";

/** What is wrong with the sound, and what to do about it. */
export function diagnosisCommands(
  listener: Pick<SoundListener, "findings" | "finding" | "heard">, store: ParameterStore,
): Pick<BoxCommands, "diagnosis" | "tryRemedy"> {
  const tried = new Map<FindingId, { readonly heard: Heard | undefined; readonly values: Values }>();
  // A remedy reckons from what was heard before it: taken twice on one hearing, it would turn twice as far.
  const isSet = (id: FindingId): boolean => {
    const last = tried.get(id);
    return last !== undefined && last.heard === listener.heard && Object.entries(last.values).every(([key, value]) => store.get(key) === value);
  };
  return {
    diagnosis: () => ({ findings: listener.findings }),
    tryRemedy: ({ finding }, source) => {
      const found = listener.finding(finding);
      if (found === null) throw new CommandFailure("notNow", "Too little was heard yet; play 6 seconds and try again.");
      const { figure, limit, remedy: { values, sentence, loudnessChangeDb } } = found;
      if (Object.keys(values).length === 0) throw new CommandFailure("notNow", `No control of the box helps here. ${sentence}`);
      const stands = figure > limit || listener.findings.some(({ id }) => id === finding);
      if (!stands) throw new CommandFailure("notNow", "The box does not hear that fault.");
      if (isSet(finding)) {
        if (store.get("chain.bypass") === 1) return { values: setToBeHeard(store, {}, source), loudnessChangeDb: 0 };
        throw new CommandFailure("notNow", "It is set already; play 6 seconds, so that the box hears what it does.");
      }
      const set = setToBeHeard(store, values, source);
      tried.set(finding, { heard: listener.heard, values: chosenValues(set, Object.keys(values)) });
      return { values: set, loudnessChangeDb };
    },
  };
}
