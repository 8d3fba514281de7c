import { exitAtOnce } from "../../hw/linux/exit.js";
import { SimPanel } from "../../hw/sim/sim-panel.js";
import { runBox } from "../../src/box/box-process.js";
import { boxSetup } from "../../src/box/box-setup.js";

/** A box whose audio thread hangs when it is to end. Its folders come from the environment. */
const quiet = (): void => undefined;
await runBox(boxSetup({ config: undefined, board: "sim", waitsForCard: false }, process.env), {
  device: () => Promise.resolve(null),
  threadUrl: new URL("./hung-thread.js", import.meta.url),
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
