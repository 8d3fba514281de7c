import { simBoard } from "../../hw/boards/sim.js";
import { exitAtOnce } from "../../hw/linux/exit.js";
import { SimPanel } from "../../hw/sim/sim-panel.js";
import { runBox } from "../../src/box/box-process.js";
import { boxSetup } from "../../src/box/box-setup.js";
import { readArguments } from "../../src/cli/arguments.js";
import type { SlowDevice } from "./slow-thread.js";

/** A box on the simulated board, with a sine at its input, whose sound takes most of the processor from one SIGUSR2 to the next. */
const config = readArguments(process.argv.slice(2), { values: ["config"] }).value("config");
const setup = boxSetup({ config, board: "sim", waitsForCard: false }, process.env);
const slow = new SharedArrayBuffer(8);
process.on("SIGUSR2", () => void (new Int32Array(slow)[0]! ^= 1));
const quiet = (): void => undefined;
await runBox(setup, {
  device: (): Promise<SlowDevice> => Promise.resolve({ ...simBoard({ ...setup.config.simulation, mixer: "sine" }), slow }),
  threadUrl: new URL("./slow-thread.js", import.meta.url),
  takeWriterUrl: new URL("../../src/box/take-writer.js", import.meta.url),
  trackPreparerUrl: new URL("../../src/box/track-preparer.js", import.meta.url),
  referencePlayerUrl: new URL("../../src/box/reference-player.js", import.meta.url),
  service: { ready: quiet, status: quiet, feedWatchdog: quiet, stopping: quiet, watchdogMs: undefined },
  panel: () => new SimPanel([]).devices,
  fit: () => ({ board: "sim", controls: [], mixer: undefined, faults: [] }),
  setMixer: () => [],
  powerOff: () => Promise.resolve(),
  systemMs: () => performance.now(),
}, {
  log: (line) => console.log(line),
  onStop: (stop) => void process.once("SIGTERM", stop),
  exit: exitAtOnce,
});
