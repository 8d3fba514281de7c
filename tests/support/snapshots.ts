import type { MeterSnapshot } from "../../src/protocol/meter-snapshot.js";

const SILENCE = { truePeakDbtp: [null, null], rmsDbfs: [null, null] } as const;

/** The meters of a box on which nothing sounds, but for `fields`. */
export function snapshot(fields: Partial<MeterSnapshot>): MeterSnapshot {
  return {
    bin: 0, momentaryLufs: null, shortTermLufs: null, integratedLufs: null, loudnessRangeLu: null, maxMomentaryLufs: null, maxShortTermLufs: null,
    maxTruePeakDbtp: null, measuredS: 0, isPaused: false, input: SILENCE, output: SILENCE,
    reductionDb: { eqDynamic: [0, 0], compressor: 0, multiband: [0, 0, 0, 0], limiter: 0 }, correlation: null, inputClips: 0, stages: [],
    compressorInputDbfs: null, matchGainDb: 0, ride: { gainDb: 0, state: "off" }, songIndex: 1, ...fields,
  };
}
