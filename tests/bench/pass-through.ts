import { AlsaAudio } from "../../hw/alsa/alsa-audio.js";
import { systemClock } from "../../hw/linux/clock.js";
import { linuxRealTime } from "../../hw/linux/real-time.js";
import { StreamAudio } from "../../hw/stream/stream-audio.js";
import { BYTES_PER_SAMPLE, PCM_FORMATS } from "../../src/hal/audio.js";

/** Passes sound through the driver alone: `pass-through PCM PERIOD_FRAMES PERIODS SECONDS`; prints one line of JSON. The PCM "stream" is the driver of that name. */
const [, , device = "", periodFrames = "", periods = "", seconds = ""] = process.argv;
const clock = systemClock();
const audio = device === "stream" ? new StreamAudio({}, clock) : new AlsaAudio({ captureDevice: device, playbackDevice: device }, clock);
const format = audio.open({ sampleRateHz: 48000, periodFrames: Number(periodFrames), periods: Number(periods), formats: PCM_FORMATS });
const bytes = format.periodFrames * 2 * BYTES_PER_SAMPLE[format.format];
const block = { buffer: new SharedArrayBuffer(bytes), address: 0, bytes };
const refused = linuxRealTime().raisePriority();
const time = new Float64Array(2);
let moved = 0;
let restarts = -1;
let answer = -1;
clock.read(time, 0);
do {
  if (answer < 0) {
    answer = audio.start(block);
    restarts++;
  }
  if (answer >= 0) answer = audio.read();
  if (answer >= 0) answer = audio.write();
  if (answer >= 0) moved++;
  clock.read(time, 1);
} while ((time[1] as number) - (time[0] as number) < Number(seconds) * 1000);
audio.close();
process.stdout.write(`${JSON.stringify({ format, periods: moved, restarts, refused })}\n`);
