import { describe, expect, it } from "vitest";
import { Chain, STAGES, type StageName } from "../../src/engine/chain.js";
import { PARAMETERS } from "../../src/params/table.js";
import { expectGate } from "../support/gates.js";
import { countGarbageCollections } from "../support/gc.js";
import { framesUntilSilence, nullDb } from "../support/measure.js";
import { dual, runChain, type StereoSignal } from "../support/run-chain.js";
import { impulse, sine } from "../support/signals.js";
import { expectBlockInvariance, expectRecoveryFromNan, expectResetEqualsNew, jumpResidueDb, stereoNoise } from "../support/stage-checks.js";

/** Settings at which each stage works, so that the contract is tested on sound that it changes. */
const AT_WORK: Readonly<Record<StageName, Readonly<Record<string, number>>>> = {
  input: { "input.trimDb": 3, "input.swap": 1 },
  filters: { "filters.highpassHz": 80, "filters.lowpassSlope": 2, "filters.lowpassHz": 12000 },
  eq: { "eq.band1.gainDb": 4, "eq.band3.gainDb": -3, "eq.band5.gainDb": 6, "eq.band8.dynamic": 1 },
  compressor: { "compressor.thresholdDb": -30, "compressor.ratio": 4, "compressor.autoMakeup": 1 },
  multiband: { "multiband.bypass": 0, "multiband.band1.thresholdDb": -40, "multiband.band3.thresholdDb": -50 },
  imager: { "imager.band1.widthPercent": 0, "imager.band3.widthPercent": 160, "imager.monoBass": 1 },
  saturation: { "saturation.bypass": 0, "saturation.driveDb": 9 },
  loudness: { "loudness.driveDb": 6 },
  limiter: { "limiter.ceilingDbtp": -12 },
  dither: { "dither.bits": 0, "dither.shape": 1 },
};

/**
 * The limit of -60 dBFS beside a tone of -6 dBFS, for a tone of another level. Saturation makes harmonics of a loud tone
 * because it should: at -40 dBFS they lie far below the limit. Gains of 24 dB need room.
 */
function toneDbfs(stage: StageName, id = ""): number {
  if (stage === "saturation") return -40;
  return id === "loudness.driveDb" || id === "input.trimDb" ? -30 : -6;
}

function toneOf(levelDbfs: number): StereoSignal {
  return dual(sine(96_000, 48000, { freqHz: 1000, levelDbfs }));
}

describe.each(STAGES)("stage %s", (stage) => {
  const setup = { stage, parameters: AT_WORK[stage] };

  it("gives the same bits for blocks of 1, 17, 64, 480 and 1024 frames", () => {
    expectBlockInvariance(setup, stereoNoise(20_000));
  });

  it("is as new after a reset", () => {
    expectResetEqualsNew(setup, stereoNoise(20_000));
  });

  it("puts out finite sound during and after NaN and infinity", () => {
    expectRecoveryFromNan(setup);
  });

  it("makes silence of silence, at the end of sound as well", () => {
    // Dither blanks after 50 ms of silence; filters as low as 10 Hz ring for seconds before they are flushed.
    const signal = stereoNoise(9600);
    const frames = 14 * 48000;
    const padded = { left: new Float64Array(frames), right: new Float64Array(frames) };
    padded.left.set(signal.left);
    padded.right.set(signal.right);
    const out = runChain(padded, { stages: [stage], parameters: AT_WORK[stage] });
    const measured = Math.max(framesUntilSilence(out.left), framesUntilSilence(out.right)) / 48000;
    expectGate({ stage: "each stage", what: "exact zeros after noise of 0.2 s, from", measured, unit: "s", must: 13.99 }, stage);
  });

  it("delays by the frames it reports", () => {
    // A bypassed compare path: the stage at neutral settings passes an impulse as an impulse.
    const neutral = stage === "saturation" ? { "saturation.bypass": 0, "saturation.driveDb": 0 } : { "dither.bypass": 1 };
    let reported = -1;
    const out = runChain(dual(impulse(4800, 100, -20)), {
      stages: [stage], parameters: neutral, afterBlock: (chain) => (reported = chain.latencyFrames),
    });
    const peak = out.left.reduce((best, x, n) => (Math.abs(x) > Math.abs(out.left[best]!) ? n : best), 0);
    expect(peak - 100).toBe(reported);
  });

  it("fades its bypass in and out without a component above -60 dBFS off the tone", () => {
    const id = `${stage}.bypass`;
    for (const [from, to] of [[0, 1], [1, 0]] as const) {
      const parameters = { ...AT_WORK[stage], "input.dcBlock": 0, "dither.bits": 2 };
      const residue = jumpResidueDb({ stage, parameters, id, from, to, signal: toneOf(toneDbfs(stage)) });
      const measured = residue - toneDbfs(stage) - 6;
      expectGate({ stage: "each stage", what: "bypass fades: loudest component beside 1 kHz at -6 dBFS", measured, unit: "dBFS", must: -60 }, `${stage} ${from} to ${to}`);
    }
  });

  it("takes every parameter across its range without a component above -60 dBFS off the tone", () => {
    let measured = -300;
    let at = "";
    for (const row of PARAMETERS.filter(({ id }) => id.startsWith(`${stage}.`) && !id.endsWith(".bypass"))) {
      const level = toneDbfs(stage, row.id);
      const signal = toneOf(level);
      for (const [from, to] of [[row.min, row.max], [row.max, row.min]] as const) {
        const parameters = { ...AT_WORK[stage], "dither.bits": 2 };
        const residue = jumpResidueDb({ stage, parameters, id: row.id, from, to, signal }) - level - 6;
        if (residue > measured || Number.isNaN(residue)) {
          measured = residue;
          at = `${row.id} ${from} to ${to}`;
        }
      }
    }
    const what = "loudest component beside 1 kHz at -6 dBFS while a parameter jumps across its range";
    expectGate({ stage, what, measured, unit: "dBFS", must: -60 }, at);
  });
});

it("causes no garbage collection in a minute of the whole chain with all meters", async () => {
  const chain = new Chain({ sampleRateHz: 48000, maxFrames: 64 }, [["multiband.bypass", 0], ["saturation.bypass", 0]]);
  const block = stereoNoise(64);
  const run = (blocks: number): void => {
    for (let k = 0; k < blocks; k++) {
      for (let i = 0; i < 64; i++) {
        chain.io[2 * i] = block.left[i]!;
        chain.io[2 * i + 1] = block.right[i]!;
      }
      chain.process(64);
    }
  };
  run(2000);
  expect(await countGarbageCollections(() => run(45_000))).toBe(0);
  // The control: the counter does see collections.
  const hoard: number[][] = [];
  expect(await countGarbageCollections(() => {
    for (let k = 0; k < 3_000_000; k++) hoard[k % 64] = [k, k + 1, k + 2];
  })).toBeGreaterThan(0);
});

it("nulls the input matrix: swap twice, invert both, within -300 dB", () => {
  const noise = stereoNoise(4800);
  const dc = { "input.dcBlock": 0 };
  const swapped = runChain(noise, { stages: ["input"], parameters: { ...dc, "input.swap": 1 } });
  expect(nullDb(swapped.left, noise.right)).toBeLessThan(-300);
  const inverted = runChain(noise, { stages: ["input"], parameters: { ...dc, "input.polarity": 3 } });
  expect(nullDb(inverted.left.map((x) => -x), noise.left)).toBeLessThan(-300);
  const mono = runChain(noise, { stages: ["input"], parameters: { ...dc, "input.mono": 1 } });
  expect(nullDb(mono.left, noise.left.map((x, n) => (x + noise.right[n]!) / 2))).toBeLessThan(-300);
  expect(nullDb(mono.left, mono.right)).toBeLessThan(-300);
});
