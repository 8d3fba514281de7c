/** Starts the engine on the simulated board; prints as JSON when the first period went out, and the memory in use 3 s later. */
import { setTimeout as delay } from "node:timers/promises";
import { Engine } from "../../src/engine/engine.js";

const SETTLE_MS = 3000;

const engine = await Engine.start({
  threadUrl: new URL("../../src/bin/audio-thread.js", import.meta.url),
  device: { driver: "sim" },
  request: { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: ["S32_LE", "FLOAT_LE"] },
  values: [],
  tapSeconds: 4,
});
while (engine.health().framesOut === 0) await delay(1);
// The clock of performance begins with the process.
const firstSoundMs = performance.now();
await delay(SETTLE_MS);
const residentMb = process.memoryUsage.rss() / 2 ** 20;
await engine.stop();
console.log(JSON.stringify({ firstSoundMs, residentMb }));
