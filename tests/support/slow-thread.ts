/** An audio thread each of whose blocks takes most of its period while the first word of `slow` is 1. */
import { workerData } from "node:worker_threads";
import { createAudio, type AudioDescription } from "../../hw/boards/audio.js";
import { systemClock } from "../../hw/linux/clock.js";
import { SimRelay } from "../../hw/sim/sim-relay.js";
import { runAudioThread, type AudioThreadData } from "../../src/engine/audio-thread.js";
import type { Clock } from "../../src/hal/clock.js";

/** What the thread of the slow box is given. */
export type SlowDevice = AudioDescription & { readonly slow: SharedArrayBuffer };

/** Over what counts as overloaded, and still in time. */
const LOAD = 0.9;
const data = workerData as AudioThreadData<SlowDevice>;
const { sampleRateHz, periodFrames } = data.request;
const slow = new Int32Array(data.device.slow);
const clock = systemClock();
const relay = new SimRelay(clock);
/** Read at the beginning of each block (cell 0), and at its end (cell 1). */
const slowed: Clock = {
  read(into, index) {
    if (index === 1 && slow[0] === 1) Atomics.wait(slow, 1, 0, (LOAD * 1000 * periodFrames) / sampleRateHz);
    clock.read(into, index);
  },
};
const device = createAudio(data.device, clock, relay);
runAudioThread(data, { device, relay, clock: slowed, realTime: { raisePriority: () => undefined, lockMemory: () => undefined } });
