import type { BoxCommands } from "../server/box-commands.js";
import type { ComparedTracks } from "./comparison.js";

/** The commands that compare the mix with a reference track. */
export function comparisonCommands(compared: ComparedTracks): Pick<BoxCommands, "armReferences" | "compareReference" | "setComparison" | "comparison"> {
  return {
    armReferences: ({ on }, source) => {
      if (on) return { warning: compared.arm(source) };
      compared.end("somebody ended it");
      return { warning: "" };
    },
    compareReference: ({ on }, source) => ({ on: compared.compare(on, source) }),
    setComparison: (choice) => {
      compared.choose(choice);
      return {};
    },
    comparison: () => compared.state,
  };
}
