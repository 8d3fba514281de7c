import { PlayedSim } from "../sim/played-sim.js";
import { Programme } from "../sim/programme.js";
import type { SimDescription } from "./audio.js";

const SAMPLE_RATE_HZ = 48000;
const PERIOD_FRAMES = 480;

/** The simulated board: no hardware, the built-in programme as the mixer. */
export const SIM_BOARD = { audio: { driver: "sim" } } as const satisfies { audio: SimDescription };

/** The simulated board: no hardware, a built-in programme as the mixer. */
export function openSimBoard(nowMs: () => number): PlayedSim {
  const programme = new Programme();
  programme.prepare(SAMPLE_RATE_HZ);
  return new PlayedSim({
    sampleRateHz: SAMPLE_RATE_HZ,
    periodFrames: PERIOD_FRAMES,
    mixer: (target, frames) => programme.render(target, frames),
    nowMs,
  });
}
