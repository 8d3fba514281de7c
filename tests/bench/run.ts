import { availableParallelism, loadavg } from "node:os";
/** Runs the benches named as arguments, or all of them: `npm run bench`, `npm run bench -- meter`. */
import { benchAnalysis } from "./analysis.js";
import { benchChain } from "./chain.js";
import { benchBlocks, benchStart } from "./live.js";
import { benchDiagnosis } from "./diagnosis.js";
import { benchFader } from "./fader.js";
import { benchMeter } from "./meter.js";
import { benchPage } from "./page.js";
import { benchPhones } from "./phones.js";
import { benchReferences } from "./references.js";

/** Name of a bench, and what it prints, line by line. */
const BENCHES: ReadonlyMap<string, () => string[] | Promise<string[]>> = new Map<string, () => string[] | Promise<string[]>>([
  ["chain", benchChain],
  ["meter", benchMeter],
  ["blocks", benchBlocks],
  ["start", benchStart],
  ["analysis", benchAnalysis],
  ["phones", benchPhones],
  ["page", benchPage],
  ["fader", benchFader],
  ["references", benchReferences],
]);
/** Takes minutes, and needs the music of the Debian suites: only by its name. */
const NAMED_ONLY: ReadonlyMap<string, () => Promise<string[]>> = new Map([["diagnosis", benchDiagnosis]]);

const wanted = process.argv.length > 2 ? process.argv.slice(2) : [...BENCHES.keys()];
for (const name of wanted) {
  const bench = BENCHES.get(name) ?? NAMED_ONLY.get(name);
  if (!bench) {
    console.error(`There is no bench ${name}; there are: ${[...BENCHES.keys(), ...NAMED_ONLY.keys()].join(", ")}.`);
    process.exitCode = 2;
    continue;
  }
  const lines = await bench();
  // What else runs on the machine is in every time that is not CPU time.
  console.log(`${name}, on a machine with a load of ${loadavg()[0]?.toFixed(1)} of ${availableParallelism()}\n${lines.map((line) => `  ${line}`).join("\n")}`);
}
