import { workerData } from "node:worker_threads";
import { createAudio, type AudioDescription } from "../../hw/boards/audio.js";
import { systemClock } from "../../hw/linux/clock.js";
import { linuxRealTime } from "../../hw/linux/real-time.js";
import { SimRelay } from "../../hw/sim/sim-relay.js";
import { runAudioThread, type AudioThreadData } from "../engine/audio-thread.js";

const data = workerData as AudioThreadData<AudioDescription>;
const clock = systemClock();
const relay = new SimRelay(clock);
const device = createAudio(data.device, clock, relay);
runAudioThread(data, { device, clock, relay, realTime: linuxRealTime() });
