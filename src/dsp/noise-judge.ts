/** The judgement is made at about this rate: it tells noise from music by what lies below 6 kHz. */
const JUDGED_RATE_HZ: f64 = 12000.0;
/** Order of the linear predictor. */
const ORDER: i32 = 12;
/** Time constant of what is remembered. */
const MEMORY_S: f64 = 0.5;
/** Levels are compared over blocks of this length: shorter than the gaps of a rhythm, longer than a clap. */
const BLOCK_S: f64 = 0.04;
const BASS_HZ: f64 = 200.0;
/** More predictable than this it is tonal. */
const TONAL_DB: f64 = 5.0;
/** More uneven than this it has a rhythm; a change of the level counts as this large at most. */
const RHYTHM_DB: f64 = 3.0;
const LARGEST_STEP_DB: f64 = 6.0;
/** With more of it below 200 Hz than this share it has a bass. */
const BASS_SHARE: f64 = 0.05;
/** Mean square that counts as silence, -100 dB. */
const SILENCE: f64 = 1e-10;

/**
 * Tells broadband noise without structure, such as applause, rain or a waterfall of cymbals, from music and speech. It is
 * noise while three things hold together:
 * - it is not tonal: a linear predictor of order 12 gains little on it. That gain is the inverse of the spectral flatness
 *   of the predictor's spectrum (Markel and Gray, Linear Prediction of Speech, 1976, chapter 6);
 * - it has no rhythm: the standard deviation of the level of blocks of 40 ms is small;
 * - it has no bass: nearly nothing lies below 200 Hz, where a mix has its kick and its bass.
 * Whistles, cheers and stamping are taken for music, and a lone roll on a cymbal for applause.
 */
export class NoiseJudge {
  /** The judgement, as of the last `endHop`. */
  isNoise: bool = false;
  private factor: i32 = 1;
  private count: i32 = 0;
  private sum: f64 = 0;
  /** The last samples, the newest first, and the sums of their products with the newest since the last hop. */
  private recent: StaticArray<f64> = new StaticArray<f64>(ORDER + 1);
  private products: StaticArray<f64> = new StaticArray<f64>(ORDER + 1);
  /** The same sums, remembered. */
  private correlation: StaticArray<f64> = new StaticArray<f64>(ORDER + 1);
  private predictor: StaticArray<f64> = new StaticArray<f64>(ORDER + 1);
  private before: StaticArray<f64> = new StaticArray<f64>(ORDER + 1);
  private hopKept: f64 = 0;
  private bassStep: f64 = 0;
  private bassFirst: f64 = 0;
  private bass: f64 = 0;
  private bassHop: f64 = 0;
  private bassEnergy: f64 = 0;
  private blockSamples: i32 = 1;
  private blockCount: i32 = 0;
  private blockEnergy: f64 = 0;
  private blockStep: f64 = 0;
  private meanDb: f64 = 0;
  private varianceDb: f64 = 0;

  /** @param hopS seconds between two calls of `endHop` */
  prepare(sampleRateHz: f64, hopS: f64): void {
    this.factor = max(1, <i32>Math.round(sampleRateHz / JUDGED_RATE_HZ));
    const rateHz = sampleRateHz / <f64>this.factor;
    this.hopKept = Math.exp(-hopS / MEMORY_S);
    this.bassStep = 1.0 - Math.exp((-2.0 * Math.PI * BASS_HZ) / rateHz);
    this.blockSamples = <i32>Math.round(BLOCK_S * rateHz);
    this.blockStep = 1.0 - Math.exp(-BLOCK_S / MEMORY_S);
  }

  reset(): void {
    this.isNoise = false;
    this.count = 0;
    this.sum = 0;
    this.recent.fill(0.0);
    this.products.fill(0.0);
    this.correlation.fill(0.0);
    this.bassFirst = 0;
    this.bass = 0;
    this.bassHop = 0;
    this.bassEnergy = 0;
    this.blockCount = 0;
    this.blockEnergy = 0;
    this.meanDb = 0;
    this.varianceDb = RHYTHM_DB * RHYTHM_DB * 4.0;
  }

  /** Takes frames of interleaved stereo f64; what both channels have in common is judged. */
  run(io: usize, frames: i32): void {
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      this.sum += load<f64>(p) + load<f64>(p, 8);
      if (++this.count < this.factor) continue;
      this.push(this.sum / <f64>(2 * this.factor));
      this.sum = 0;
      this.count = 0;
    }
  }

  private push(x: f64): void {
    const recent = this.recent;
    const products = this.products;
    for (let k = ORDER; k > 0; k--) {
      const held = unchecked(recent[k - 1]);
      unchecked((recent[k] = held));
      unchecked((products[k] += x * held));
    }
    unchecked((recent[0] = x));
    unchecked((products[0] += x * x));
    this.bassFirst += this.bassStep * (x - this.bassFirst);
    this.bass += this.bassStep * (this.bassFirst - this.bass);
    this.bassHop += this.bass * this.bass;
    this.blockEnergy += x * x;
    if (++this.blockCount == this.blockSamples) this.endBlock();
  }

  private endBlock(): void {
    const levelDb = 10.0 * Math.log10(this.blockEnergy / <f64>this.blockSamples + SILENCE);
    const change = Math.max(-LARGEST_STEP_DB, Math.min(LARGEST_STEP_DB, levelDb - this.meanDb));
    this.meanDb += this.blockStep * change;
    this.varianceDb = (1.0 - this.blockStep) * (this.varianceDb + this.blockStep * change * change);
    this.blockEnergy = 0;
    this.blockCount = 0;
  }

  /** Ends a hop: brings the judgement up to date. */
  endHop(): void {
    // Every hop counts the same, so that what was louder a while ago does not outweigh what sounds now.
    const scale = 1.0 / (this.products[0] + SILENCE);
    for (let k = 0; k <= ORDER; k++) {
      this.correlation[k] = this.hopKept * this.correlation[k] + scale * this.products[k];
      this.products[k] = 0;
    }
    this.bassEnergy = this.hopKept * this.bassEnergy + scale * this.bassHop;
    this.bassHop = 0;
    if (Math.abs(this.bass) < 1e-30) this.bass = 0;
    if (Math.abs(this.bassFirst) < 1e-30) this.bassFirst = 0;
    const energy = this.correlation[0];
    this.isNoise = energy > 0.0
      && this.varianceDb < RHYTHM_DB * RHYTHM_DB
      && this.bassEnergy < BASS_SHARE * energy
      && this.predictionGainDb() < TONAL_DB;
  }

  /** Power of the signal over that of the error of its best linear predictor, by the recursion of Levinson and Durbin. */
  private predictionGainDb(): f64 {
    const a = this.predictor;
    const before = this.before;
    const correlation = this.correlation;
    const power = correlation[0];
    let error = power;
    for (let order = 1; order <= ORDER; order++) {
      let sum = correlation[order];
      for (let k = 1; k < order; k++) sum -= a[k] * correlation[order - k];
      const reflection = sum / error;
      for (let k = 1; k < order; k++) before[k] = a[k];
      for (let k = 1; k < order; k++) a[k] = before[k] - reflection * before[order - k];
      a[order] = reflection;
      error *= 1.0 - reflection * reflection;
      // What is predicted to the last digit is as tonal as can be.
      if (!(error > 1e-9 * power)) return 90.0;
    }
    return 10.0 * Math.log10(power / error);
  }
}
