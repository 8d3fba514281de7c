import { readMeterRecord, type MeterRecord, type TapReading } from "../engine/meter-record.js";
import type { AudioSource } from "../files/audio-source.js";
import { LoudnessMeter, WEIGHTS_MONO, WEIGHTS_STEREO } from "../meters/loudness-meter.js";
import { ConvertedSource } from "./processing-rate.js";
import { runSoundPass, type SoundPassOptions } from "./sound-pass.js";

/** The loudness figures of a programme; null where there is nothing to show (silence, or too short). */
export interface Figures {
  readonly integratedLufs: number | null;
  readonly loudnessRangeLu: number | null;
  readonly maxMomentaryLufs: number | null;
  readonly maxShortTermLufs: number | null;
  readonly truePeakDbtp: number | null;
  readonly samplePeakDbfs: number | null;
  readonly plrDb: number | null;
}

/** A loudness meter for a file: BS.1770 counts a mono file once. */
export function meterFor(channels: 1 | 2): LoudnessMeter {
  return new LoudnessMeter(channels === 1 ? WEIGHTS_MONO : WEIGHTS_STEREO);
}

/** Counts the frames of a programme off against the meter records of a pass. */
export class BinFeed {
  readonly #meter: LoudnessMeter;
  #framesLeft: number;

  /** @param frames of the programme, with the delay of the chain before the tap */
  constructor(meter: LoudnessMeter, frames: number) {
    this.#meter = meter;
    this.#framesLeft = frames;
  }

  /** Feeds a bin that lies whole within the programme; of the one at its end only the peaks count (BS.1770). */
  add(record: MeterRecord, tap: TapReading): boolean {
    const truePeak = Math.max(...tap.truePeaks);
    const samplePeak = Math.max(...tap.samplePeaks);
    this.#framesLeft -= record.frames;
    if (this.#framesLeft < 0) {
      this.#meter.addPeaks(truePeak, samplePeak);
      return false;
    }
    this.#meter.addBin(tap.kMeanSquares, truePeak, samplePeak);
    return true;
  }
}

export function figuresOf(meter: LoudnessMeter): Figures {
  return {
    integratedLufs: meter.integratedLufs,
    loudnessRangeLu: meter.loudnessRangeLu,
    maxMomentaryLufs: meter.maxMomentaryLufs,
    maxShortTermLufs: meter.maxShortTermLufs,
    truePeakDbtp: meter.truePeakDbtp,
    samplePeakDbfs: meter.samplePeakDbfs,
    plrDb: meter.plrDb,
  };
}

/** A chain that only meters has nothing to match the dry path to. */
const METERING: ReadonlyMap<string, number> = new Map([["chain.levelMatch", 0]]);

export interface MeasureObserver extends Pick<SoundPassOptions, "onSound" | "onProgress"> {
  /** Sees each 10 ms of the source. */
  readonly onTap?: (tap: TapReading, meter: LoudnessMeter) => void;
}

/** Measures a whole source. The sample peak is that of the file's own samples, also where its rate is converted. */
export async function measureSource(source: AudioSource, { onTap, ...observer }: MeasureObserver = {}): Promise<Figures> {
  const meter = meterFor(source.channels);
  const feed = new BinFeed(meter, source.frames);
  await runSoundPass(source, {
    ...observer,
    stages: [],
    taps: "output",
    values: METERING,
    onRecord: (record) => {
      const reading = readMeterRecord(record);
      if (feed.add(reading, reading.output)) onTap?.(reading.output, meter);
    },
  });
  const figures = figuresOf(meter);
  return source instanceof ConvertedSource ? { ...figures, samplePeakDbfs: source.fileSamplePeakDbfs } : figures;
}
