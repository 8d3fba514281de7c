import { Programme } from "../sim/programme.js";
import { SimAudio } from "../sim/sim-audio.js";

const SAMPLE_RATE_HZ = 48000;
const PERIOD_FRAMES = 480;

/** The simulated board: no hardware, a built-in programme as the mixer. */
export function openSimBoard(nowMs: () => number): SimAudio {
  const programme = new Programme(SAMPLE_RATE_HZ);
  return new SimAudio({
    sampleRateHz: SAMPLE_RATE_HZ,
    periodFrames: PERIOD_FRAMES,
    mixer: (target, frames) => programme.render(target, frames),
    nowMs,
  });
}
