import { writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { loadState } from "../../src/config/load-state.js";
import { StateStore } from "../../src/config/state-store.js";
import { numberedState, numberOf } from "./numbered-state.js";
import { placeAt } from "./save-once.js";

/**
 * A process that saves states of rising numbers in the folder of its first argument until it is killed, or as many as
 * its second argument says, and writes one line "number ms" for each that the store says is on the disk.
 */
const [folder = "", count = "Infinity"] = process.argv.slice(2);
const loaded = await loadState(placeAt(folder));
let number = numberOf(loaded.state) ?? 0;
const store = new StateStore(placeAt(folder), loaded, () => numberedState(number));

for (let saves = 0; saves < Number(count); saves++) {
  number++;
  const beginMs = performance.now();
  store.touch();
  if (await store.flush()) writeSync(1, `${number} ${(performance.now() - beginMs).toFixed(3)}\n`);
}
