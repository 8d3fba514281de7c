import { LoudnessMeter, WEIGHTS_STEREO } from "../meters/loudness-meter.js";
import { BandPowers } from "./band-powers.js";
import { FlatTops } from "./flat-tops.js";
import { HUM_LINES, HumLines } from "./hum-lines.js";
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
  /** Weights of the channels in the loudness; BS.1770 counts a mono file once. Stereo by default. */
  readonly weights?: readonly number[];
}

/**
 * Records the profile of stereo sound: the sound itself for spectrum, width, punch and faults, and the meter records of the
 * same sound for loudness and true peak. Live and off line alike. Allocates nothing while it runs but for typed views.
 */
export class ProfileRecorder {
  readonly #weights: readonly number[];
  readonly #meter: LoudnessMeter;
  readonly #windows: ProfileWindows;
  readonly #bands: BandPowers;
  readonly #punch: readonly PunchBand[];
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
    this.#weights = options.weights ?? WEIGHTS_STEREO;
    this.#meter = new LoudnessMeter(this.#weights);
    this.#windows = new ProfileWindows(options.windows);
    this.#bands = new BandPowers(sampleRateHz, THIRD_OCTAVE_BANDS);
    this.#punch = PUNCH_BANDS.map((band) => new PunchBand(band, sampleRateHz));
    this.#hum = new HumLines(sampleRateHz);
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
    for (let i = 0; i < this.#weights.length; i++) this.#kPower += (this.#weights[i] ?? 0) * (kMeanSquares[i] ?? 0);
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
      integratedLufs: meter.integratedLufs, loudnessRangeLu: meter.loudnessRangeLu, maxTruePeakDbtp: meter.truePeakDbtp, plrDb: meter.plrDb,
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
    this.#tops.add(sound, frames);
    for (const band of this.#punch) band.add(sound, frames);
    // What follows writes over the sound that it is given.
    this.#piece.set(sound);
    this.#bands.add(this.#piece, frames);
    this.#piece.set(sound);
    this.#hum.add(this.#piece, frames);
  }

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

/** Adds squares one by one to a sum, so that it does not depend on where a block ends. */
function withSquares(before: number, sound: Float64Array, count: number): number {
  let sum = before;
  for (let k = 0; k < count; k++) sum += (sound[k] as number) * (sound[k] as number);
  return sum;
}
