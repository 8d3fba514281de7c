import { expect, it } from "vitest";
import { READOUT_STAGE_FAULTS } from "../../src/dsp/layout.js";
import { Chain } from "../../src/engine/chain.js";
import { musicLike } from "../support/dynamics.js";
import { expectGate } from "../support/gates.js";
import { framesUntilSilence } from "../support/measure.js";
import { dual, processThrough } from "../support/run-chain.js";

// An f64 high-pass of 20 Hz that is not flushed reaches subnormal numbers 8 s after the sound, a one-pole of 100 ms
// after 71 s.
it("makes exact zeros of 120 s of silence behind 10 s of music, through all stages", () => {
  const rate = 48_000;
  const all = { "multiband.bypass": 0, "saturation.bypass": 0, "imager.monoBass": 1, "imager.band1.widthPercent": 50, "eq.band2.gainDb": 3 };
  const chain = new Chain({ sampleRateHz: rate, maxFrames: 480, taps: "none" }, Object.entries({ ...all, "loudness.driveDb": 6 }));
  const { left } = processThrough(chain, musicLike(10, rate, 3), 480);
  expect(framesUntilSilence(left)).toBe(10 * rate);
  const tenSeconds = dual(new Float64Array(10 * rate));
  let zeroFromS = 0;
  for (let seconds = 0; seconds < 120; seconds += 10) {
    const out = processThrough(chain, tenSeconds, 480);
    const sounding = Math.max(framesUntilSilence(out.left), framesUntilSilence(out.right));
    if (sounding > 0) zeroFromS = seconds + sounding / rate;
  }
  expectGate({ stage: "chain", what: "120 s of silence behind 10 s of music: exact zeros from [T-DEN]", measured: zeroFromS, unit: "s", must: 20 });
  expect(chain.readout(READOUT_STAGE_FAULTS)).toBe(0);
});
