import { it } from "vitest";
import { Chain } from "../../src/engine/chain.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { expectGate } from "../support/gates.js";
import { processThrough, type StereoSignal } from "../support/run-chain.js";
import { pinkNoise, sine, whiteNoise } from "../support/signals.js";

const RATE_HZ = 48_000;
const FRAMES = 10 * RATE_HZ;

/** Correlation at the output over the whole signal, from the powers and the product that the meter's bins add up. */
function correlationOf(signal: StereoSignal): number {
  const chain = new Chain({ sampleRateHz: RATE_HZ, maxFrames: 480, stages: [], taps: "output" });
  let [product, left, right] = [0, 0, 0];
  processThrough(chain, signal, 480, () => chain.takeRecords((fields) => {
    const { output } = readMeterRecord(fields);
    product += output.midMeanSquare - output.sideMeanSquare;
    left += output.meanSquares[0];
    right += output.meanSquares[1];
  }));
  return product / Math.sqrt(left * right);
}

const noise = pinkNoise(FRAMES, -18, 1);
const tone = sine(FRAMES, RATE_HZ, { freqHz: 997, levelDbfs: -6 });
const quadrature = sine(FRAMES, RATE_HZ, { freqHz: 997, levelDbfs: -6, phaseRad: Math.PI / 2 });

const PAIRS: readonly (readonly [name: string, expected: number, must: number, signal: StereoSignal])[] = [
  ["equal channels", 1, 0.005, { left: noise, right: noise }],
  ["a channel wired upside down", -1, 0.005, { left: noise, right: noise.map((x) => -x) }],
  ["equal channels 12 dB apart", 1, 0.005, { left: noise, right: noise.map((x) => x / 4) }],
  ["independent white noise", 0, 0.05, { left: whiteNoise(FRAMES, -18, 2), right: whiteNoise(FRAMES, -18, 3) }],
  ["a tone and itself 90 degrees later", 0, 0.02, { left: tone, right: quadrature }],
];

const PAIR_KINDS = ["independent or orthogonal channels", "equal or opposite channels"];

it.each(PAIRS)("reads the correlation of %s as %d within %d", (name, expected, must, signal) => {
  const measured = Math.abs(correlationOf(signal) - expected);
  expectGate({ stage: "meters", what: `correlation of ${PAIR_KINDS[Math.abs(expected)]}, error [T-ST5]`, measured, unit: "", must }, name);
});
