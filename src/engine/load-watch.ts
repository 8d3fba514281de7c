import { SHEDDING } from "../hal/audio-health.js";
import type { Clock } from "../hal/clock.js";
import { LOAD_BUCKETS, LOAD_MAX, SHED, type ControlBlock } from "./control-block.js";

/** From here on a block is so late that the next scheduling delay is heard, thousandths of a period. */
const OVERLOADED = 850;
/** Below it there is room for what was shed. */
const CALM = 600;
/** Blocks lost below this load on average were held up by something else, which shedding does not help. */
const BUSY = 300;
/** The average goes over 64 blocks or so. */
const AVERAGE_SHIFT = 6;
/** An overloaded block weighs as much as so many good ones, so one in twelve is too many. */
const OVERLOAD_WEIGHT = 12;
/** Pressure in seconds: what a lost block adds, and where something is shed. Good sound lets it down, second by second. */
const XRUN_S = 0.5;
const SHED_S = 1;
const RETURN_S = 10;

const BEGIN = 0;
const END = 1;
const PER_MS = 2;
const BEFORE = 3;
/** Of the frames counted in 32 bits, so that the difference of two counts keeps its sign. */
const MOST_LOST_FRAMES = 2 ** 30;

/**
 * Measures how much of its period each block takes, and decides what is left out while that is too much: the meters
 * first, then the analysis too. Both come back one by one, after 10 s of calm each. Runs in the sound's loop.
 */
export class LoadWatch {
  readonly #clock: Clock;
  readonly #words: Int32Array;
  readonly #buckets: Int32Array;
  readonly #times = new Float64Array(4);
  readonly #periodFrames: number;
  readonly #xrunFrames: number;
  readonly #shedFrames: number;
  readonly #returnFrames: number;
  #pressureFrames = 0;
  #calmFrames = 0;
  #loadSum = 0;
  #shed = 0;

  constructor(clock: Clock, control: ControlBlock, sampleRateHz: number, periodFrames: number) {
    this.#clock = clock;
    this.#words = control.words;
    this.#buckets = control.load;
    this.#periodFrames = periodFrames;
    this.#times[PER_MS] = sampleRateHz / periodFrames;
    this.#xrunFrames = Math.round(XRUN_S * sampleRateHz);
    this.#shedFrames = Math.round(SHED_S * sampleRateHz);
    this.#returnFrames = Math.round(RETURN_S * sampleRateHz);
  }

  /** A block has come in. */
  begin(): void {
    this.#times[BEFORE] = this.#times[BEGIN] as number;
    this.#clock.read(this.#times, BEGIN);
  }

  /** Frames that went by between the last two blocks and came in with neither, by the clock; 0 before the second block. */
  lostFrames(): number {
    const times = this.#times;
    const before = times[BEFORE] as number;
    const periods = before === 0 ? 0 : (((times[BEGIN] as number) - before) * (times[PER_MS] as number)) / 1000;
    return Math.max(0, Math.min(MOST_LOST_FRAMES, Math.round((periods - 1) * this.#periodFrames)));
  }

  /** The block is ready to go out. Returns what is to be shed, an index in SHEDDING. */
  end(): number {
    const times = this.#times;
    this.#clock.read(times, END);
    const load = (((times[END] as number) - (times[BEGIN] as number)) * (times[PER_MS] as number)) | 0;
    const bucket = load < 0 ? 0 : load < LOAD_BUCKETS ? load : LOAD_BUCKETS - 1;
    this.#buckets[bucket] = ((this.#buckets[bucket] as number) + 1) | 0;
    this.#loadSum += bucket - (this.#loadSum >> AVERAGE_SHIFT);
    if (load > (this.#words[LOAD_MAX] as number)) this.#words[LOAD_MAX] = load;
    if (load >= OVERLOADED) this.#press(OVERLOAD_WEIGHT * this.#periodFrames);
    else this.#ease(load);
    return this.#shed;
  }

  /** Sound was lost because a block came too late. */
  countXrun(): void {
    if (this.#loadSum >> AVERAGE_SHIFT >= BUSY) this.#press(this.#xrunFrames);
  }

  #press(frames: number): void {
    this.#calmFrames = 0;
    this.#pressureFrames += frames;
    if (this.#pressureFrames <= this.#shedFrames) return;
    this.#pressureFrames = 0;
    if (this.#shed < SHEDDING.length - 1) this.#setShed(this.#shed + 1);
  }

  #ease(load: number): void {
    this.#pressureFrames = this.#pressureFrames > this.#periodFrames ? this.#pressureFrames - this.#periodFrames : 0;
    this.#calmFrames = load < CALM ? this.#calmFrames + this.#periodFrames : 0;
    if (this.#calmFrames < this.#returnFrames) return;
    this.#calmFrames = 0;
    if (this.#shed > 0) this.#setShed(this.#shed - 1);
  }

  #setShed(shed: number): void {
    this.#shed = shed;
    this.#words[SHED] = shed;
  }
}
