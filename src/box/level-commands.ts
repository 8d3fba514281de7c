import { findTarget, platformReadings, type Target } from "../config/targets.js";
import { differenceDb } from "../meters/decibels.js";
import type { LevelsState } from "../protocol/levels.js";
import type { BoxCommands } from "../server/box-commands.js";
import type { Learner } from "./learner.js";
import type { LiveMeters } from "./live-meters.js";
import type { Preview } from "./preview.js";

export interface LevelParts {
  readonly targets: readonly Target[];
  readonly meters: Pick<LiveMeters, "figures">;
  readonly learner: Learner;
  readonly preview: Preview;
}

/** What is being done about the loudness. */
export function levelsState({ learner, preview }: Pick<LevelParts, "learner" | "preview">): LevelsState {
  return { learn: learner.state, preview: preview.state };
}

/** The commands about the loudness of the song: what platforms do to it, learning the drive, and hearing it as they play it. */
export function levelCommands(parts: LevelParts): Pick<BoxCommands, "platforms" | "levels" | "learn" | "preview"> {
  const { targets, meters, learner, preview } = parts;
  return {
    platforms: () => {
      const { integratedLufs, maxTruePeakDbtp } = meters.figures;
      return {
        integratedLufs, maxTruePeakDbtp, plrDb: differenceDb(maxTruePeakDbtp, integratedLufs),
        platforms: platformReadings(targets, { integratedLufs, truePeakDbtp: maxTruePeakDbtp }),
      };
    },
    levels: () => levelsState(parts),
    learn: async ({ action }, source) => {
      if (action === "start") learner.start(source);
      else if (action === "stop") await learner.stop();
      else learner.cancel();
      return levelsState(parts);
    },
    preview: ({ platform }) => {
      if (platform === null) preview.end("somebody ended it");
      else preview.start(findTarget(targets, platform));
      return levelsState(parts);
    },
  };
}
