import type { AudioDescription } from "../../hw/boards/audio.js";
import { Engine } from "../../src/engine/engine.js";
import { PCM_FORMATS } from "../../src/hal/audio.js";

/** What the program is asked for, as JSON in its only argument. */
export interface EngineOnAlsaOptions {
  readonly device: string;
  readonly periodFrames: number;
  readonly periods: number;
  readonly seconds: number;
  /** Parameters that do not begin at their defaults. */
  readonly values: Readonly<Record<string, number>>;
  /** Keeps the main thread in a loop that never ends, 40 ms of each 50. */
  readonly isSpinning: boolean;
}

const SPIN_MS = 40;
const SPIN_EVERY_MS = 50;

const options = JSON.parse(process.argv[2] ?? "{}") as EngineOnAlsaOptions;
const { device, periodFrames, periods, seconds, values, isSpinning } = options;
const engine = await Engine.start<AudioDescription>({
  threadUrl: new URL("../../src/bin/audio-thread.js", import.meta.url),
  device: { driver: "alsa", captureDevice: device, playbackDevice: device },
  request: { sampleRateHz: 48000, periodFrames, periods, formats: PCM_FORMATS },
  values: Object.entries(values),
  tapSeconds: 2,
});
engine.once("death", (reason) => {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
});
const meters = setInterval(() => engine.takeRecords(() => undefined), 30);
const spin = isSpinning
  ? setInterval(() => {
    const end = performance.now() + SPIN_MS;
    while (performance.now() < end);
  }, SPIN_EVERY_MS)
  : undefined;
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
clearInterval(spin);
clearInterval(meters);
process.stdout.write(`${JSON.stringify(engine.health())}\n`);
await engine.stop();
