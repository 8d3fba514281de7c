/** Points that are kept, and the span of sound that they are spread over: a phone's next picture is due then. */
const POINTS = 96;
const SPAN_S = 1 / 30;
/** How fast the gain grows again after a peak, and how far. */
const RISE_DB_PER_S = 10;
const MOST_GAIN_DB = 60;
const LARGEST = 127;

/** Points of a goniometer: mid and side in turn, the oldest first, whole numbers that `gainDb` has lifted to -127..127. */
export interface GoniometerPoints {
  readonly gainDb: number;
  readonly points: Int8Array;
}

/**
 * Picks 96 frames, evenly spread over the last thirtieth of a second, and scales them so that the largest of late fills the
 * picture. Mid is (left + right) / 2 and side (left - right) / 2, so that a mono sound is one line and a wide one a cloud.
 */
export class GoniometerPicker {
  readonly #mid = new Float64Array(POINTS);
  readonly #side = new Float64Array(POINTS);
  readonly #stepFrames: number;
  readonly #fall: number;
  #next = 0;
  #untilNext = 0;
  #peak = 0;

  constructor(sampleRateHz: number) {
    this.#stepFrames = Math.max(1, Math.round((sampleRateHz * SPAN_S) / POINTS));
    this.#fall = 10 ** (-(RISE_DB_PER_S * this.#stepFrames) / (20 * sampleRateHz));
  }

  /** Takes frames of interleaved stereo. Allocates nothing. */
  add(sound: Float64Array, frames: number): void {
    let frame = this.#untilNext;
    for (; frame < frames; frame += this.#stepFrames) this.#pick(sound[2 * frame] as number, sound[2 * frame + 1] as number);
    this.#untilNext = frame - frames;
  }

  /** The picture now. */
  get points(): GoniometerPoints {
    const gainDb = Math.min(MOST_GAIN_DB, Math.max(0, -20 * Math.log10(this.#peak)));
    const scale = LARGEST * 10 ** (gainDb / 20);
    const points = new Int8Array(2 * POINTS);
    for (let k = 0; k < POINTS; k++) {
      const at = (this.#next + k) % POINTS;
      points[2 * k] = whole(scale * (this.#mid[at] as number));
      points[2 * k + 1] = whole(scale * (this.#side[at] as number));
    }
    return { gainDb, points };
  }

  /** Forgets what it heard. */
  clear(): void {
    this.#mid.fill(0);
    this.#side.fill(0);
    this.#peak = 0;
  }

  #pick(left: number, right: number): void {
    const mid = (left + right) / 2;
    const side = (left - right) / 2;
    this.#mid[this.#next] = mid;
    this.#side[this.#next] = side;
    this.#next = (this.#next + 1) % POINTS;
    this.#peak = Math.max(this.#peak * this.#fall, Math.abs(mid), Math.abs(side));
  }
}

function whole(value: number): number {
  return Math.max(-LARGEST, Math.min(LARGEST, Math.round(value)));
}
