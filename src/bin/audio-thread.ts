import { workerData } from "node:worker_threads";
import { createAudio, type AudioDescription } from "../../hw/boards/audio.js";
import { createRelay, type RelayDescription } from "../../hw/boards/relay.js";
import { systemClock } from "../../hw/linux/clock.js";
import { SimRelay } from "../../hw/sim/sim-relay.js";
import { linuxRealTime } from "../../hw/linux/real-time.js";
import { runAudioThread, type AudioThreadData } from "../engine/audio-thread.js";

const data = workerData as AudioThreadData<AudioDescription & RelayDescription>;
const clock = systemClock();
const relay = createRelay(data.device, clock);
const device = createAudio(data.device, clock, relay instanceof SimRelay ? relay : undefined);
runAudioThread(data, { device, clock, relay, realTime: linuxRealTime() });
