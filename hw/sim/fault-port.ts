const OVERRUN = 0;
const UNDERRUN = 1;
const SHORT_READ = 2;
const SHORT_WRITE = 3;
const SUSPEND = 4;
const STALL_MS = 5;
const UNPLUGGED = 6;
const DRIFT_PPM = 7;
const NONFINITE_KIND = 8;
const NONFINITE_FRAMES = 9;
const DC_MILLIONTHS = 10;
const PATCH_CABLE = 11;
const WORDS = 12;
const RESUME = -1;

/** Values that a broken source can send; only FLOAT_LE carries them. */
export const NONFINITE_KINDS = ["nan", "infinity", "minusInfinity"] as const;
export type NonfiniteKind = (typeof NONFINITE_KINDS)[number];

/**
 * The hands at the simulated board: words in shared memory by which another thread pulls the plug, holds the clock or
 * breaks the sound of a `SimAudio`. Tests and demonstrations build one upon the buffer that the device was given; each
 * method may be called at any time from any thread. Counts add up until the device has met them one by one.
 */
export class FaultPort {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** Lets the next `times` reads meet lost sound from the mixer. */
  overrun(times = 1): void {
    Atomics.add(this.#words, OVERRUN, times);
  }

  /** Lets the next `times` writes find the playback buffer empty. */
  underrun(times = 1): void {
    Atomics.add(this.#words, UNDERRUN, times);
  }

  /** Lets the next `times` reads move less than a period. */
  shortRead(times = 1): void {
    Atomics.add(this.#words, SHORT_READ, times);
  }

  /** Lets the next `times` writes move less than a period. */
  shortWrite(times = 1): void {
    Atomics.add(this.#words, SHORT_WRITE, times);
  }

  /** Lets the next `times` reads find the device suspended by the system. */
  suspend(times = 1): void {
    Atomics.add(this.#words, SUSPEND, times);
  }

  /** Holds the clock of the device for so many whole milliseconds. */
  stall(ms: number): void {
    Atomics.store(this.#words, STALL_MS, ms);
  }

  /** Lets a clock that is held go on. */
  resume(): void {
    Atomics.store(this.#words, STALL_MS, RESUME);
  }

  /** Pulls the plug: the stream is disconnected, and the device missing until `replug`. */
  unplug(): void {
    Atomics.store(this.#words, UNPLUGGED, 1);
  }

  replug(): void {
    Atomics.store(this.#words, UNPLUGGED, 0);
  }

  /** Lets the clock of the device run off the system's by so many percent, to one part in a million, until told 0. */
  drift(percent: number): void {
    Atomics.store(this.#words, DRIFT_PPM, Math.round(percent * 1e4));
  }

  /** Puts a value that is no number into the first `frames` frames of the next period, at most the whole of it. */
  breakInput(kind: NonfiniteKind, frames: number): void {
    Atomics.store(this.#words, NONFINITE_KIND, NONFINITE_KINDS.indexOf(kind));
    Atomics.store(this.#words, NONFINITE_FRAMES, frames);
  }

  /** Adds a constant to the mixer's sound, full scale 1, to a millionth, until told 0. */
  dc(level: number): void {
    Atomics.store(this.#words, DC_MILLIONTHS, Math.round(level * 1e6));
  }

  /** Puts a cable from the output into the input in place of the mixer, or takes it away. */
  patch(isPatched: boolean): void {
    Atomics.store(this.#words, PATCH_CABLE, isPatched ? 1 : 0);
  }

  /** The device's side: takes one overrun that is due; false when there is none. */
  takeOverrun(): boolean {
    return this.#take(OVERRUN);
  }

  takeUnderrun(): boolean {
    return this.#take(UNDERRUN);
  }

  takeShortRead(): boolean {
    return this.#take(SHORT_READ);
  }

  takeShortWrite(): boolean {
    return this.#take(SHORT_WRITE);
  }

  takeSuspend(): boolean {
    return this.#take(SUSPEND);
  }

  /** Milliseconds of a stall that begins now, 0 when nothing was asked for, less when a stall is to end. */
  takeStallMs(): number {
    return Atomics.load(this.#words, STALL_MS) === 0 ? 0 : Atomics.exchange(this.#words, STALL_MS, 0);
  }

  /** Frames of the coming period to be broken, or 0. */
  takeBrokenFrames(): number {
    return Atomics.load(this.#words, NONFINITE_FRAMES) === 0 ? 0 : Atomics.exchange(this.#words, NONFINITE_FRAMES, 0);
  }

  /** Index into NONFINITE_KINDS of the value that breaks the input. */
  get brokenKind(): number {
    return Atomics.load(this.#words, NONFINITE_KIND);
  }

  get isUnplugged(): boolean {
    return Atomics.load(this.#words, UNPLUGGED) !== 0;
  }

  get driftPpm(): number {
    return Atomics.load(this.#words, DRIFT_PPM);
  }

  get dcMillionths(): number {
    return Atomics.load(this.#words, DC_MILLIONTHS);
  }

  get isPatched(): boolean {
    return Atomics.load(this.#words, PATCH_CABLE) !== 0;
  }

  #take(word: number): boolean {
    if (Atomics.load(this.#words, word) <= 0) return false;
    Atomics.sub(this.#words, word, 1);
    return true;
  }
}
