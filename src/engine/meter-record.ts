import * as layout from "../dsp/layout.js";

/** Left, right. */
export type Pair = readonly [left: number, right: number];

/** What a tap of the chain measured in one bin of 10 ms. Magnitudes are linear, full scale 1. */
export interface TapReading {
  readonly samplePeaks: Pair;
  /** Largest interpolated magnitude; seen up to TAP_PEAK_LATE_FRAMES frames late. */
  readonly truePeaks: Pair;
  readonly meanSquares: Pair;
  readonly kMeanSquares: Pair;
  /** RMS level in dBFS by AES17: a full-scale sine is 0. Null for digital silence. */
  readonly rmsDbfs: readonly [left: number | null, right: number | null];
  /** -1 (out of phase) to 1 (mono); null when a channel is silent. */
  readonly correlation: number | null;
  /** Mean square of (left + right) / 2. */
  readonly midMeanSquare: number;
  /** Mean square of (left - right) / 2. */
  readonly sideMeanSquare: number;
}

/** One meter record of the chain, a bin of 10 ms. Reductions are the largest within the bin, in dB, 0 or more. */
export interface MeterRecord {
  /** Number of the bin since the chain's reset. */
  readonly index: number;
  readonly frames: number;
  /** Whether the meters rested in this bin: both readings hold nothing then. */
  readonly isShed: boolean;
  /** After the input stage. */
  readonly input: TapReading;
  /** After the last stage. */
  readonly output: TapReading;
  /** Of the two dynamic equaliser bands. */
  readonly eqDynamicDb: Pair;
  readonly compressorReductionDb: number;
  /** Of the four bands. */
  readonly multibandReductionDb: readonly number[];
  readonly limiterReductionDb: number;
  /** Gain of the limiter, the mean over the bin and both channels; linear. */
  readonly limiterMeanGain: number;
  /** Level in dBFS that the compressor's detector saw, the largest; null in silence and while the compressor is bypassed. */
  readonly compressorInputDbfs: number | null;
  /** Largest magnitudes at the ways into the stages, by the number of the stage, and at the ways out of them. */
  readonly stageInPeaks: readonly number[];
  readonly stageOutPeaks: readonly number[];
  /** Order in which the tone stages run, its rank as of `chain.order`. */
  readonly orderRank: number;
  /** Gain that the level-matched bypass applies to the bare sound. */
  readonly matchGainDb: number;
  /** Gain of the ride, and its RIDE_* state. */
  readonly rideGainDb: number;
  readonly rideState: number;
  /** Reduction of the width by the imager's safety, 0..100 %. */
  readonly imagerSafetyPercent: number;
  /** Counters since the chain's reset; see the READOUT fields of the layout. */
  readonly inputClips: number;
  readonly outputClips: number;
  readonly nonfiniteInputs: number;
  readonly stageFaults: number;
}

const AES17_DB = 10 * Math.log10(2);
const MULTIBAND_BANDS = layout.READOUT_LIMITER_REDUCTION_DB - layout.READOUT_MULTIBAND_REDUCTION_DB;

/** Reads a record that `Chain.takeRecords` hands out into an object that may be kept. */
export function readMeterRecord(record: Float64Array): MeterRecord {
  const readout = (index: number): number => record[layout.RECORD_READOUTS + index] ?? 0;
  const readouts = (index: number, count: number): number[] =>
    Array.from(record.subarray(layout.RECORD_READOUTS + index, layout.RECORD_READOUTS + index + count));
  return {
    index: record[layout.RECORD_INDEX] ?? 0,
    frames: record[layout.RECORD_FRAMES] ?? 0,
    isShed: record[layout.RECORD_IS_SHED] === 1,
    input: readTap(record, layout.RECORD_INPUT),
    output: readTap(record, layout.RECORD_OUTPUT),
    eqDynamicDb: pair(record, layout.RECORD_READOUTS + layout.READOUT_EQ_DYNAMIC_DB),
    compressorReductionDb: readout(layout.READOUT_COMPRESSOR_REDUCTION_DB),
    multibandReductionDb: readouts(layout.READOUT_MULTIBAND_REDUCTION_DB, MULTIBAND_BANDS),
    limiterReductionDb: readout(layout.READOUT_LIMITER_REDUCTION_DB),
    limiterMeanGain: 1 - readout(layout.READOUT_LIMITER_LOSS) / Math.max(1, record[layout.RECORD_FRAMES] ?? 0),
    compressorInputDbfs: levelDb(readout(layout.READOUT_COMPRESSOR_POWER)),
    stageInPeaks: readouts(layout.READOUT_STAGE_IN, layout.STAGE_COUNT),
    stageOutPeaks: readouts(layout.READOUT_STAGE_OUT, layout.STAGE_COUNT),
    orderRank: readout(layout.READOUT_ORDER),
    matchGainDb: 2 * (levelDb(readout(layout.READOUT_MATCH_GAIN)) ?? 0),
    rideGainDb: readout(layout.READOUT_RIDE_GAIN_DB),
    rideState: readout(layout.READOUT_RIDE_STATE),
    imagerSafetyPercent: readout(layout.READOUT_IMAGER_SAFETY_PERCENT),
    inputClips: readout(layout.READOUT_INPUT_CLIPS),
    outputClips: readout(layout.READOUT_OUTPUT_CLIPS),
    nonfiniteInputs: readout(layout.READOUT_NONFINITE_INPUT),
    stageFaults: readout(layout.READOUT_STAGE_FAULTS),
  };
}

/** The level in dBFS RMS (AES17) of a mean square; null for digital silence. */
export function rmsDbfs(meanSquare: number): number | null {
  return meanSquare > 0 ? 10 * Math.log10(meanSquare) + AES17_DB : null;
}

/** A power in dB; null for none. */
function levelDb(power: number): number | null {
  return power > 0 ? 10 * Math.log10(power) : null;
}

function readTap(record: Float64Array, at: number): TapReading {
  const meanSquares = pair(record, at + layout.TAP_MEAN_SQUARE);
  const meanProduct = record[at + layout.TAP_MEAN_PRODUCT] ?? 0;
  const [left, right] = meanSquares;
  const scale = Math.sqrt(left * right);
  return {
    samplePeaks: pair(record, at + layout.TAP_SAMPLE_PEAK),
    truePeaks: pair(record, at + layout.TAP_TRUE_PEAK),
    meanSquares,
    kMeanSquares: pair(record, at + layout.TAP_K_MEAN_SQUARE),
    rmsDbfs: [rmsDbfs(left), rmsDbfs(right)],
    correlation: scale > 0 ? Math.max(-1, Math.min(1, meanProduct / scale)) : null,
    midMeanSquare: Math.max(0, (left + right + 2 * meanProduct) / 4),
    sideMeanSquare: Math.max(0, (left + right - 2 * meanProduct) / 4),
  };
}

function pair(record: Float64Array, at: number): Pair {
  return [record[at] ?? 0, record[at + 1] ?? 0];
}
