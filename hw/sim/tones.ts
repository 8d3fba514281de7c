import { at, wavetable, type Wavetable } from "./wavetable.js";

/** Hz of A4, to which the pitches are told in semitones. */
const A4_HZ = 440;
/** A tone is over below this level, -100 dB. */
const OVER = 1e-5;

const TURN = 0;
const PHASE_LEFT = 1;
const PHASE_RIGHT = 2;
const LEVEL = 3;
const WANTED = 4;
const CELLS = 5;

export interface ToneOptions {
  /** Levels of the partials, the fundamental first. */
  readonly partials: readonly number[];
  /** Difference of pitch between left and right, as a part of the pitch. */
  readonly detune: number;
  /** How fast the level goes where it should, per second: while the tone begins, and as it ends. */
  readonly attackPerSecond: number;
  readonly decayPerSecond: number;
}

/** One voice of the bass or of the chords: a steady tone, a little apart in tune between left and right. */
export class Tone {
  readonly #table: Wavetable;
  readonly #options: ToneOptions;
  readonly #cells = new Float64Array(CELLS);
  #sampleRateHz = 48000;
  #attack = 0;
  #decay = 0;

  constructor(options: ToneOptions) {
    this.#options = options;
    this.#table = wavetable(options.partials);
  }

  prepare(sampleRateHz: number): void {
    this.#sampleRateHz = sampleRateHz;
    this.#attack = 1 - Math.exp(-this.#options.attackPerSecond / sampleRateHz);
    this.#decay = Math.exp(-this.#options.decayPerSecond / sampleRateHz);
    this.#cells.fill(0);
  }

  /** Begins a note. The phase runs on, so that nothing clicks. */
  play(semitones: number, level: number): void {
    this.#cells[TURN] = (A4_HZ * 2 ** (semitones / 12)) / this.#sampleRateHz;
    this.#cells[WANTED] = level;
  }

  /** Ends the note when it cannot be heard any more. Called at fixed times, so that the sound is the same for any size of block. */
  settle(): void {
    const cells = this.#cells;
    if ((cells[LEVEL] as number) < OVER && (cells[WANTED] as number) < OVER) cells[LEVEL] = cells[WANTED] = 0;
  }

  /** Adds the next frames to `target`, from frame `first` up to `end`. */
  add(target: Float64Array, first: number, end: number): void {
    const cells = this.#cells;
    let level = cells[LEVEL] as number;
    let wanted = cells[WANTED] as number;
    if (level === 0 && wanted === 0) return;
    let left = cells[PHASE_LEFT] as number;
    let right = cells[PHASE_RIGHT] as number;
    const turn = cells[TURN] as number;
    const turnLeft = turn * (1 + this.#options.detune);
    const turnRight = turn * (1 - this.#options.detune);
    for (let i = 2 * first; i < 2 * end; i += 2) {
      target[i] = (target[i] as number) + level * at(this.#table, left);
      target[i + 1] = (target[i + 1] as number) + level * at(this.#table, right);
      left += turnLeft;
      if (left >= 1) left -= 1;
      right += turnRight;
      if (right >= 1) right -= 1;
      level += (wanted - level) * this.#attack;
      wanted *= this.#decay;
    }
    cells[LEVEL] = level;
    cells[WANTED] = wanted;
    cells[PHASE_LEFT] = left;
    cells[PHASE_RIGHT] = right;
  }
}
