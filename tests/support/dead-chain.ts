/**
 * Loaded before the box: while the file DEAD_CHAIN is there, the chain of the audio thread runs and puts out zeros, for a
 * gain that nobody set is in its memory. What the file says helps against it: "reset", "restart", or "end" of the thread.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { LOUDNESS_DRIVE_DB } from "../../src/dsp/layout.js";
import { DeviceChain } from "../../src/engine/device-chain.js";

const NOTHING_DB = -Infinity;
const file = process.env["DEAD_CHAIN"] ?? "";

function heal(remedy: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === remedy) rmSync(file);
}

if (!isMainThread) {
  heal("end");
  const { processPeriod, resetStages, skipFrames } = DeviceChain.prototype;
  Object.assign(DeviceChain.prototype, {
    processPeriod(this: DeviceChain, frames: number): void {
      const drive = new Float64Array(this.block.buffer, this.addresses.parameters + 8 * LOUDNESS_DRIVE_DB, 1);
      drive[0] = existsSync(file) ? NOTHING_DB : 0;
      processPeriod.call(this, frames);
    },
    resetStages(this: DeviceChain): void {
      heal("reset");
      resetStages.call(this);
    },
    // Called once after each start of the streams.
    skipFrames(this: DeviceChain, frames: number): void {
      heal("restart");
      skipFrames.call(this, frames);
    },
  });
}
