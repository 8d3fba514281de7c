import { comparisonOf } from "../analysis/comparison.js";
import { canMatch, MATCH_LEAST_S } from "../analysis/match.js";
import { liveMatch, type LiveMatch } from "../analysis/live-match.js";
import { THIRD_OCTAVE_FREQ_HZ } from "../analysis/spectrum-bands.js";
import type { SoundProfile } from "../analysis/sound-profile.js";
import type { ParameterStore } from "../control/parameter-store.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { BoxCommands } from "../server/box-commands.js";
import { setToBeHeard } from "./heard-change.js";
import type { SoundListener } from "./sound-listener.js";

export interface MixParts {
  readonly listener: Pick<SoundListener, "heard" | "heardS">;
  readonly store: ParameterStore;
  /** Profiles of the reference tracks that are ready. */
  readonly references: () => readonly SoundProfile[];
}

/** The mix that was heard beside the reference tracks, and the equaliser that would bring it there. */
export function mixCommands({ listener, store, references }: MixParts): Pick<BoxCommands, "compareMix" | "suggestMatch" | "applyMatch"> {
  const match = (amountPercent: number): LiveMatch => {
    const { heard } = listener;
    const profiles = references();
    // With nothing known a match would be none, and take the place of what the equaliser does now.
    if (profiles.length === 0) throw new CommandFailure("notNow", "No reference track is ready to match; add one.");
    if (!profiles.some(canMatch)) throw new CommandFailure("notNow", `No reference track has enough sound to match, ${MATCH_LEAST_S} seconds; add another.`);
    if (heard === undefined || !canMatch(heard.output)) {
      throw new CommandFailure("notNow", `Too little was heard yet; play ${MATCH_LEAST_S} seconds and try again.`);
    }
    return liveMatch(heard, store.values, profiles, amountPercent);
  };
  return {
    compareMix: () => {
      const { heard, heardS } = listener;
      // Silence has no balance, and would be the middle of two tracks.
      const profiles = references().filter(({ countedSeconds }) => countedSeconds > 0);
      const isReady = heard !== undefined && heard.output.countedSeconds > 0 && profiles.length > 0;
      return { heardS, references: profiles.length, comparison: isReady ? comparisonOf(heard.output, profiles) : null };
    },
    suggestMatch: ({ amountPercent }) => {
      const { wantedDb, gainsDb, hints } = match(amountPercent);
      return { freqHz: THIRD_OCTAVE_FREQ_HZ, wantedDb, gainsDb, hints };
    },
    applyMatch: ({ amountPercent }, source) => {
      const { values, loudnessChangeDb } = match(amountPercent);
      return { values: setToBeHeard(store, values, source), loudnessChangeDb };
    },
  };
}
