import type { BoxCommands } from "../server/box-commands.js";
import { ONE_OUTPUT_WARNING, type ComparedTracks } from "./comparison.js";

/** The commands that compare the mix with a reference track. */
export function comparisonCommands(compared: ComparedTracks): Pick<BoxCommands, "armReferences" | "compareReference" | "setComparison" | "comparison"> {
  return {
    armReferences: ({ on }, source) => {
      if (on) compared.arm(source);
      else compared.end("somebody ended it");
      return { warning: on ? ONE_OUTPUT_WARNING : "" };
    },
    compareReference: ({ on }) => ({ on: compared.compare(on) }),
    setComparison: (choice) => {
      compared.choose(choice);
      return {};
    },
    comparison: () => compared.state,
  };
}
