import { loadState } from "../../../src/config/load-state.js";
import { numberOf } from "../../support/numbered-state.js";
import { placeAt } from "../../support/save-once.js";

/** Prints the number of the state in the folder of the first argument, and what is wrong with it. */
const { state, notices } = await loadState(placeAt(process.argv[2] ?? ""));
console.log(`FOUND ${JSON.stringify({ number: numberOf(state) ?? 0, notices })}`);
