/** An audio thread whose equaliser fails three times, 100 periods after the start, so that it is left out of the chain. */
import { workerData } from "node:worker_threads";
import { createAudio, type AudioDescription } from "../../hw/boards/audio.js";
import { systemClock } from "../../hw/linux/clock.js";
import { SimRelay } from "../../hw/sim/sim-relay.js";
import { LIVE_FAULTS, STAGE_EQ } from "../../src/dsp/layout.js";
import { runAudioThread, type AudioThreadData } from "../../src/engine/audio-thread.js";
import { ChainMemory } from "../../src/engine/chain-memory.js";
import { ControlBlock } from "../../src/engine/control-block.js";

const data = workerData as AudioThreadData<AudioDescription>;
const clock = systemClock();
const device = await createAudio(data.device, clock);
const control = new ControlBlock(data.control);
const write = device.write.bind(device);
let periods = 0;
device.write = () => {
  const published = ++periods === 100 ? control.published() : null;
  if (published) new ChainMemory(data.memory.buffer as SharedArrayBuffer, published.addresses).setWord(LIVE_FAULTS + STAGE_EQ, 3);
  return write();
};
runAudioThread(data, { device, clock, relay: new SimRelay(clock), realTime: { raisePriority: () => undefined, lockMemory: () => undefined } });
