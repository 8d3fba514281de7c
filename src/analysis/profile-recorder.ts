import { LoudnessMeter } from "../meters/loudness-meter.js";
import { BandPowers, SPARING } from "./band-powers.js";
import { FlatTops } from "./flat-tops.js";
import { HUM_LINES, HUM_RATE_HZ, HumLines } from "./hum-lines.js";
import { HISS_FROM_HZ } from "./profile-figures.js";
import { profileOf, type ProfileSource, type SoundProfile } from "./sound-profile.js";
import {
  CLIPPED_TOPS, CREST, FLOOR, HUM_BESIDE, HUM_LINE, K_POWER, LEFT, MEAN_SQUARE, ONSETS, PRODUCT, ProfileWindows, RIGHT, THIRDS, TRANSIENT,
  TRUE_PEAK, WINDOW_S,
} from "./profile-windows.js";
import { PUNCH_BANDS, PunchBand } from "./punch-bands.js";
import { THIRD_OCTAVE_BANDS } from "./spectrum-bands.js";

/** The spectrum is read so often; a pause that is as long shows the floor of the noise. */
const STEP_S = 0.1;
const STEPS = Math.round(WINDOW_S / STEP_S);
/** Windows begin with so many steps in which the longest transforms fill: their floor would be that of nothing. */
const FILL_STEPS = 15;
const PIECE_FRAMES = 1024;
/** A band of punch is followed at the lowest rate that is still this many times its upper edge. */
const PUNCH_RATE = 11;

/** What a tap of the chain measured in 10 ms, as far as a profile needs it. */
export interface ProfileBin {
  /** Largest interpolated magnitudes, full scale 1. */
  readonly truePeaks: readonly [left: number, right: number];
  readonly samplePeaks: readonly [left: number, right: number];
  /** Mean squares after K-weighting (BS.1770). */
  readonly kMeanSquares: readonly [left: number, right: number];
}

export interface ProfileOptions {
  /** Windows of 3 s that are kept: what is older is forgotten but for the loudness. */
  readonly windows: number;
  /** Hum, hiss, clipping and levels alone, or all but hum and clipping; the rest is left out with its work, and reads as that of silence. */
  readonly only?: "faults" | "music";
}

/**
 * Records the profile of stereo sound: the sound itself for spectrum, width, punch and faults, and the meter records of the
 * same sound for loudness and true peak. Live and off line alike. Allocates nothing while it runs but for typed views.
 */
export class ProfileRecorder {
  readonly #only: ProfileOptions["only"];
  readonly #meter = new LoudnessMeter();
  readonly #windows: ProfileWindows;
  readonly #bands: BandPowers;
  readonly #punch: readonly PunchBand[];
  /** Halvings of the rate at which each band of punch is followed, and the hum. */
  readonly #punchRates: readonly number[];
  readonly #humRate: number;
  readonly #tops = new FlatTops();
  readonly #hum: HumLines;
  readonly #piece = new Float64Array(2 * PIECE_FRAMES);
  readonly #step = { left: new Float64Array(THIRDS), right: new Float64Array(THIRDS), product: new Float64Array(THIRDS) };
  readonly #humStep = { line: new Float64Array(HUM_LINES), beside: new Float64Array(HUM_LINES) };
  readonly #stepFrames: number;
  #framesLeft: number;
  #steps = 0;
  #stepsHeard = 0;
  #square = 0;
  #kPower = 0;
  #truePeak = 0;
  #bins = 0;

  constructor(sampleRateHz: number, options: ProfileOptions) {
    this.#only = options.only;
    this.#windows = new ProfileWindows(options.windows);
    this.#bands = new BandPowers(sampleRateHz, THIRD_OCTAVE_BANDS, { ...SPARING, fromHz: options.only === "faults" ? HISS_FROM_HZ : 0 });
    this.#punchRates = PUNCH_BANDS.map(({ toHz }) => halvingsTo(PUNCH_RATE * toHz, sampleRateHz));
    this.#punch = PUNCH_BANDS.map((band, k) => new PunchBand(band, sampleRateHz / 2 ** (this.#punchRates[k] as number)));
    this.#humRate = halvingsTo(HUM_RATE_HZ, sampleRateHz);
    this.#hum = new HumLines(sampleRateHz / 2 ** this.#humRate);
    this.#stepFrames = Math.round(STEP_S * sampleRateHz);
    this.#framesLeft = this.#stepFrames;
    this.#openWindow();
  }

  /** Seconds of whole windows that were recorded since `clear`. */
  get seconds(): number {
    return WINDOW_S * this.#windows.count;
  }

  /** Takes the meter record of the next 10 ms. Allocates nothing. */
  addBin({ truePeaks, samplePeaks, kMeanSquares }: ProfileBin): void {
    const truePeak = Math.max(truePeaks[0], truePeaks[1]);
    this.#meter.addBin(kMeanSquares, truePeak, Math.max(samplePeaks[0], samplePeaks[1]));
    this.#kPower += kMeanSquares[0] + kMeanSquares[1];
    if (truePeak > this.#truePeak) this.#truePeak = truePeak;
    this.#bins++;
  }

  /** Takes any number of frames of interleaved stereo, full scale 1, and leaves them as they are. */
  add(sound: Float64Array, frames: number): void {
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, this.#framesLeft, PIECE_FRAMES);
      this.#analyse(sound.subarray(2 * done, 2 * (done + count)), count);
      done += count;
      this.#framesLeft -= count;
      if (this.#framesLeft === 0) this.#endStep();
    }
  }

  /** The profile of what was heard: of all for the loudness, of the windows that are kept for the rest. */
  get profile(): SoundProfile {
    const meter = this.#meter;
    const source: ProfileSource = {
      seconds: this.seconds, rows: this.#windows.rows,
      integratedLufs: meter.integratedLufs, loudnessRangeLu: meter.loudnessRangeLu, plrDb: meter.plrDb,
    };
    return profileOf(source);
  }

  /** Forgets what it heard, and begins anew. */
  clear(): void {
    for (const part of [this.#windows, this.#bands, this.#tops, this.#hum, ...this.#punch]) part.clear();
    this.#meter.reset();
    this.#framesLeft = this.#stepFrames;
    this.#stepsHeard = this.#kPower = this.#truePeak = this.#bins = 0;
    this.#openWindow();
  }

  #analyse(sound: Float64Array, frames: number): void {
    this.#square = withSquares(this.#square, sound, 2 * frames);
    if (this.#only !== "music") this.#tops.add(sound, frames);
    // What follows writes over the sound that it is given.
    this.#piece.set(sound);
    this.#bands.add(this.#piece, frames, this.#atRate);
  }

  /** Takes the sound at a rate that was halved so often. */
  readonly #atRate = (halvings: number, sound: Float64Array, frames: number): void => {
    if (halvings === this.#humRate && this.#only !== "music") this.#hum.add(sound, frames);
    if (this.#only === "faults") return;
    for (let k = 0; k < this.#punch.length; k++) if (this.#punchRates[k] === halvings) this.#punch[k]?.add(sound, frames);
  };

  #endStep(): void {
    const { left, right, product } = this.#step;
    const row = this.#windows.open;
    this.#bands.takeStereo(this.#step);
    this.#framesLeft = this.#stepFrames;
    this.#steps++;
    const isFilled = ++this.#stepsHeard > FILL_STEPS;
    for (let band = 0; band < THIRDS; band++) {
      row[LEFT + band] = (row[LEFT + band] as number) + (left[band] as number) / STEPS;
      row[RIGHT + band] = (row[RIGHT + band] as number) + (right[band] as number) / STEPS;
      row[PRODUCT + band] = (row[PRODUCT + band] as number) + (product[band] as number) / STEPS;
      const mean = ((left[band] as number) + (right[band] as number)) / 2;
      if (isFilled && mean < (row[FLOOR + band] as number)) row[FLOOR + band] = mean;
    }
    if (this.#steps === STEPS) this.#endWindow();
  }

  #endWindow(): void {
    const row = this.#windows.open;
    if (this.#hum.take(this.#humStep)) {
      row.set(this.#humStep.line, HUM_LINE);
      row.set(this.#humStep.beside, HUM_BESIDE);
    }
    this.#punch.forEach((band, k) => {
      const reading = band.take();
      row[CREST + k] = reading?.crestDb ?? NaN;
      row[TRANSIENT + k] = reading?.transientDb ?? NaN;
      row[ONSETS + k] = reading?.onsets ?? 0;
    });
    row[K_POWER] = this.#bins === 0 ? NaN : this.#kPower / this.#bins;
    row[TRUE_PEAK] = this.#truePeak;
    row[CLIPPED_TOPS] = this.#tops.take();
    row[MEAN_SQUARE] = this.#square / (2 * STEPS * this.#stepFrames);
    this.#kPower = this.#truePeak = this.#bins = 0;
    this.#windows.end();
    this.#openWindow();
  }

  #openWindow(): void {
    const row = this.#windows.open;
    row.fill(0);
    row.fill(Infinity, FLOOR, HUM_LINE);
    row.fill(NaN, HUM_LINE, CREST);
    this.#steps = this.#square = 0;
  }
}

/** How often a rate can be halved without falling below another. */
function halvingsTo(lowestHz: number, rateHz: number): number {
  return Math.max(0, Math.floor(Math.log2(rateHz / lowestHz)));
}

/** Adds squares one by one to a sum, so that it does not depend on where a block ends. */
function withSquares(before: number, sound: Float64Array, count: number): number {
  let sum = before;
  for (let k = 0; k < count; k++) sum += (sound[k] as number) * (sound[k] as number);
  return sum;
}
