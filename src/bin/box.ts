import { openSimBoard } from "../../hw/boards/sim.js";
import { LiveStatus } from "../cli/live-status.js";
import { Chain } from "../engine/chain.js";
import { play } from "../engine/play.js";

const STATUS_MS = process.stdout.isTTY ? 500 : 5000;
/** Lands the built-in programme near -14 LUFS. */
const START_VALUES = [["loudness.driveDb", 6]] as const;

const device = openSimBoard(() => performance.now());
const chain = new Chain({ sampleRateHz: device.sampleRateHz, maxFrames: device.periodFrames }, START_VALUES);
const status = new LiveStatus();
let isStopping = false;
// The reader of a pipe may go away early; the lines are all that is lost, but nobody is left to stop the box.
process.stdout.on("error", () => process.exit(0));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    isStopping = true;
    device.close();
  });
}

console.log(`Lacquer plays its built-in programme on the simulated board: ${device.sampleRateHz} Hz, no sound card. Ctrl-C ends.`);
const timer = setInterval(() => process.stdout.write(process.stdout.isTTY ? `\r${status.line()} ` : `${status.line()}\n`), STATUS_MS);
await play(device, chain, () => isStopping, () => chain.takeRecords((record) => status.add(record)));
clearInterval(timer);
console.log(`\n${status.line()}`);
