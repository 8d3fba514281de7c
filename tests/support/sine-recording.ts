/** The sine that a `FaultyCard` hears: in step with the card's count of frames. */
const SINE_HZ = 997;
const SAMPLE_RATE_HZ = 48000;
/** One turn of the sine, so that a window's level does not depend on where it begins. */
const WINDOW_FRAMES = 48;
/** So many frames of nothing are no passage of the sine through zero. */
const CUT_FRAMES = 8;
/** Windows over which a delay is found. */
const DELAY_WINDOWS = 100;
/** A window this much under the usual level is a hole. */
const HOLE_DB = 3;

/** A ramp makes no step that the sine at its full level does not make. */
export const NO_CLICK_RATIO = 1.1;
/** A delay that is off by a period of 64 frames shifts the sine by 16 frames. */
export const SAME_DELAY_FRAMES = 0.5;
/** The compressor has caught up so long after a hole, and the phase is as before. */
export const SETTLED_FRAMES = 9600;

/** A stretch in which the sound was softer than usual or missing, in frames of the card. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

/** What a recorder got while the card heard its sine: where it was missing, how it came back, and how late it was. */
export class SineRecording {
  readonly #left: Float64Array;
  readonly #levelsDb: readonly number[];
  /** The usual level. */
  readonly levelDb: number;

  /** @param recording - S32, interleaved stereo */
  constructor(recording: Int32Array) {
    this.#left = Float64Array.from({ length: recording.length >> 1 }, (_, frame) => recording[2 * frame]! / 2 ** 31);
    this.#levelsDb = Array.from({ length: Math.floor(this.#left.length / WINDOW_FRAMES) }, (_, window) => this.#windowDb(window));
    const heard = this.#levelsDb.filter((db) => db > -80).sort((a, b) => a - b);
    this.levelDb = heard[heard.length >> 1] ?? -Infinity;
  }

  get frames(): number {
    return this.#left.length;
  }

  /** Where the sound was softer than usual by HOLE_DB or more, between the first and the last time that it was not. */
  holes(): readonly Hole[] {
    const full = this.#levelsDb.flatMap((db, window) => (db > this.levelDb - HOLE_DB ? [window] : []));
    return full.flatMap((window, n) => {
      const before = full[n - 1];
      return before === undefined || before === window - 1 ? [] : [{ from: (before + 1) * WINDOW_FRAMES, to: window * WINDOW_FRAMES }];
    });
  }

  /**
   * The largest step from one frame to the next while the sound came back in a hole, against the largest step of the sine
   * at its usual level. Where the card cut the sound off, a step is nobody's fault and is left out.
   */
  returnStepRatio({ from, to }: Hole): number {
    const left = this.#left;
    let largest = 0;
    let isBack = false;
    for (let n = from; n < to; n++) {
      // What sounds before the first silence is what was cut off.
      isBack ||= left[n] === 0;
      const isCutOff = left.subarray(n, n + CUT_FRAMES).every((sample) => sample === 0);
      if (isBack && !isCutOff) largest = Math.max(largest, Math.abs(left[n]! - left[n - 1]!));
    }
    return largest / (Math.SQRT2 * 10 ** (this.levelDb / 20) * 2 * Math.sin((Math.PI * SINE_HZ) / SAMPLE_RATE_HZ));
  }

  /** How late the sound is at a frame, modulo one turn of the sine (48.1 frames); NaN where it does not sound for 0.1 s. */
  delayFrames(frame: number): number {
    const first = Math.floor(frame / WINDOW_FRAMES);
    const levels = this.#levelsDb.slice(Math.max(first, 0), first + DELAY_WINDOWS + 1);
    if (first < 0 || levels.length <= DELAY_WINDOWS || Math.min(...levels) <= this.levelDb - HOLE_DB) return NaN;
    let sine = 0;
    let cosine = 0;
    for (let n = frame; n < frame + DELAY_WINDOWS * WINDOW_FRAMES; n++) {
      const phase = (2 * Math.PI * SINE_HZ * n) / SAMPLE_RATE_HZ;
      sine += this.#left[n]! * Math.sin(phase);
      cosine += this.#left[n]! * Math.cos(phase);
    }
    const turn = SAMPLE_RATE_HZ / SINE_HZ;
    return ((-Math.atan2(cosine, sine) / (2 * Math.PI)) * turn + turn) % turn;
  }

  /** How much earlier or later the sound is after a hole than before it; NaN where it does not sound for long enough. */
  delayChangeFrames({ from, to }: Hole): number {
    return Math.abs(this.delayFrames(to + SETTLED_FRAMES) - this.delayFrames(from - SETTLED_FRAMES));
  }

  /** The softest and the loudest window from one frame to another, in dB. */
  levelRangeDb(from: number, to: number): { readonly softest: number; readonly loudest: number } {
    const levels = this.#levelsDb.slice(Math.ceil(from / WINDOW_FRAMES), Math.floor(to / WINDOW_FRAMES));
    return { softest: Math.min(...levels), loudest: Math.max(...levels) };
  }

  /** The largest step between two frames, against that of the sine at the level of a turn before and after it. */
  largestStepRatio(from: number, to: number): number {
    const left = this.#left;
    let largest = 0;
    for (let n = from; n < to; n++) {
      const peak = left.subarray(n - WINDOW_FRAMES, n + WINDOW_FRAMES).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      if (peak > 0) largest = Math.max(largest, Math.abs(left[n]! - left[n - 1]!) / peak);
    }
    return largest / (2 * Math.sin((Math.PI * SINE_HZ) / SAMPLE_RATE_HZ));
  }

  #windowDb(window: number): number {
    let sum = 0;
    for (let n = window * WINDOW_FRAMES; n < (window + 1) * WINDOW_FRAMES; n++) sum += this.#left[n]! ** 2;
    return 10 * Math.log10(sum / WINDOW_FRAMES);
  }
}
