import { GATE_CLOSE, GATE_OPEN, GATE_REOPEN, LIVE_PROBE } from "../dsp/layout.js";
import { PCM_FORMATS } from "../hal/audio.js";
import { Chain, type ChainOptions } from "./chain.js";

/** Periods of each format: enough for V8 to compile what it runs often with its optimising compiler. */
const PERIODS = 600;

/** Parameters that put every stage to work, and those that change on the way. */
const AT_WORK: Readonly<Record<string, number>> = {
  "filters.highpassSlope": 2, "filters.lowpassSlope": 1, "eq.band1.gainDb": 2, "eq.band4.gainDb": -2,
  "eq.band7.dynamic": 1, "eq.band8.dynamic": 1, "compressor.thresholdDb": -30, "compressor.autoMakeup": 1,
  "multiband.bypass": 0, "imager.monoBass": 1, "imager.band2.widthPercent": 120,
  "saturation.bypass": 0, "saturation.driveDb": 6, "loudness.driveDb": 12, "dither.shape": 1,
};
const CHANGES: readonly (readonly [id: string, value: number])[] = [
  ["eq.band2.gainDb", 3], ["chain.order", 7], ["saturation.character", 1], ["chain.bypass", 1], ["dither.shape", 0],
  ["chain.bypass", 0], ["saturation.character", 2], ["chain.order", 0], ["saturation.bypass", 1], ["multiband.bypass", 1],
];

/**
 * Runs every path of the sound once and again, so that its code is compiled and optimised before a device starts. It runs
 * a chain of its own from the same module, whose code all chains of the process share: nothing of it is heard or metered.
 */
export function warmUp(options: Pick<ChainOptions, "sampleRateHz" | "maxFrames">): void {
  const frames = Math.min(64, options.maxFrames);
  const chain = new Chain({ ...options, live: { tapFrames: 4096 } }, Object.entries(AT_WORK));
  const { memory } = chain;
  const period = new Uint8Array(memory.buffer, memory.addresses.period, memory.addresses.periodBytes);
  memory.setGate(GATE_OPEN, 400);
  for (let format = 0; format < PCM_FORMATS.length; format++) {
    for (let k = 0; k < PERIODS; k++) {
      // Any bytes are sound in the formats of whole numbers; in floating point they hold what is not finite as well.
      for (let i = 0; i < 8 * frames; i++) period[i] = (i * 167 + k * 59) & 255;
      const change = k % 60 === 30 ? CHANGES[(k / 60) | 0] : undefined;
      if (change) chain.set(...change);
      if (k === 300) memory.setGate(GATE_CLOSE, 20);
      if (k === 400) memory.setGate(GATE_REOPEN, 20);
      if (k === 500) memory.setWord(LIVE_PROBE, 480);
      chain.processPeriod(format, frames);
    }
  }
  chain.reset();
}
