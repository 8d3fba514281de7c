import { TAP_PEAK_LATE_FRAMES } from "../../src/dsp/layout.js";
import { Chain } from "../../src/engine/chain.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { LoudnessMeter, WEIGHTS_STEREO } from "../../src/meters/loudness-meter.js";
import { processThrough, type StereoSignal } from "./run-chain.js";

export interface MeasureOptions {
  readonly sampleRateHz?: number;
  readonly blockFrames?: number;
  /** One weight a channel; of an odd last pair only the left channel counts. Stereo by default. */
  readonly weights?: readonly number[];
  /** Called after each bin of 10 ms with the seconds measured. */
  readonly afterBin?: (meter: LoudnessMeter, seconds: number) => void;
}

/** Measures a stereo programme as a file meter does. */
export function measureProgramme(signal: StereoSignal, options: MeasureOptions = {}): LoudnessMeter {
  return measureChannels([signal], options);
}

interface Bin {
  readonly isWhole: boolean;
  readonly kMeanSquares: readonly number[];
  readonly truePeak: number;
  readonly samplePeak: number;
}

/** Measures channels, two to a signal, each pair through a meter tap of its own, together in one loudness meter. */
export function measureChannels(pairs: readonly StereoSignal[], options: MeasureOptions = {}): LoudnessMeter {
  const meter = new LoudnessMeter(options.weights ?? WEIGHTS_STEREO);
  const taps = pairs.map((pair) => tapBins(pair, options.sampleRateHz ?? 48000, options.blockFrames ?? 480));
  const first = taps[0] ?? [];
  first.forEach((bin, index) => {
    const all = taps.map((bins) => bins[index]!);
    const truePeak = Math.max(...all.map((one) => one.truePeak));
    const samplePeak = Math.max(...all.map((one) => one.samplePeak));
    if (!bin.isWhole) {
      meter.addPeaks(truePeak, samplePeak);
      return;
    }
    meter.addBin(all.flatMap((one) => one.kMeanSquares), truePeak, samplePeak);
    options.afterBin?.(meter, meter.measuredS);
  });
  return meter;
}

/** The bins of one pair of channels, with the zeros behind its end that let the last peaks be seen. */
function tapBins(signal: StereoSignal, sampleRateHz: number, blockFrames: number): Bin[] {
  const frames = signal.left.length;
  const binFrames = sampleRateHz / 100;
  const padded = Math.ceil((frames + TAP_PEAK_LATE_FRAMES) / binFrames) * binFrames;
  const pad = (channel: Float64Array): Float64Array => {
    const longer = new Float64Array(padded);
    longer.set(channel);
    return longer;
  };
  const chain = new Chain({ sampleRateHz, maxFrames: blockFrames, stages: [], taps: "output" }, [["chain.levelMatch", 0]]);
  const bins: Bin[] = [];
  processThrough(chain, { left: pad(signal.left), right: pad(signal.right) }, blockFrames, () => {
    chain.takeRecords((fields) => {
      const { index, output } = readMeterRecord(fields);
      bins.push({
        isWhole: (index + 1) * binFrames <= frames,
        kMeanSquares: output.kMeanSquares,
        truePeak: Math.max(...output.truePeaks),
        samplePeak: Math.max(...output.samplePeaks),
      });
    });
  });
  return bins;
}
