import { loadState } from "../../../src/config/load-state.js";
import { numberOf } from "../../support/numbered-state.js";
import { placeAt } from "../../support/save-once.js";

/** Prints the number and the threshold of the state in the folder of the first argument, and what is wrong with it. */
const { state, notices } = await loadState(placeAt(process.argv[2] ?? ""));
const isNumbered = state?.calibration["number"] !== undefined;
console.log(`FOUND ${JSON.stringify({ number: isNumbered ? numberOf(state) : 0, thresholdDb: state?.values["compressor.thresholdDb"], notices })}`);
