import { workerData } from "node:worker_threads";
import { findKoffi } from "../../hw/linux/koffi.js";
import { SOUND_STATES } from "../../src/hal/audio-health.js";
import type { AudioThreadData } from "../../src/engine/audio-thread.js";
import { ControlBlock, HEARTBEAT, STATE, STOP } from "../../src/engine/control-block.js";

/** An audio thread that lives without a device and, when it is to end, hangs for a minute in a call of the system. */
const HANG_S = 60;
const { words } = new ControlBlock((workerData as AudioThreadData<unknown>).control);
words[STATE] = SOUND_STATES.indexOf("waiting");
while (Atomics.load(words, STOP) === 0) {
  Atomics.add(words, HEARTBEAT, 1);
  Atomics.wait(words, STOP, 0, 50);
}
findKoffi()?.load("libc.so.6").func<(seconds: number) => number>("unsigned int sleep(unsigned int seconds)")(HANG_S);
