import { at, wavetable } from "./wavetable.js";

const KICK_LEVEL = 1.5;
const SNARE_LEVEL = 0.9;
const HAT_LEVEL = 0.42;
/** Side part of the hats against their middle. */
const HAT_WIDTH = 0.5;
/** Gain of the sum of two neighbours of white noise that keeps its level. */
const SUM_LEVEL = Math.SQRT1_2;

const SINE = wavetable([1]);
/** Cells of the state. */
const KICK = 0;
const KICK_SWEEP = 1;
const KICK_PHASE = 2;
const SNARE = 3;
const SNARE_TONE = 4;
const SNARE_PHASE = 5;
const SNARE_MEMORY = 6;
const HAT = 7;
/** The last two of the noise of the hats, and the last of their sides. */
const HAT_MEMORY = 8;
const HAT_OLDER = 9;
const SIDE_MEMORY = 10;
const CELLS = 11;
/** A stroke is over below this level, -100 dB. */
const OVER = 1e-5;

/**
 * Kick, snare and hats, struck one by one. Their noise falls towards half the rate, as a converter delivers it: white noise
 * up to there has true peaks that depend on the filter of whoever looks for them.
 */
export class Drums {
  readonly #cells = new Float64Array(CELLS);
  /** Noise of the snare and of the hats: one each, so that the sound is the same for any size of block. */
  readonly #seeds = new Int32Array(2);
  #sampleRateHz = 48000;
  #kickFade = 0;
  #sweepFade = 0;
  #snareFade = 0;
  #toneFade = 0;
  #hatFade = 0;

  prepare(sampleRateHz: number): void {
    const fade = (ratePerSecond: number): number => Math.exp(-ratePerSecond / sampleRateHz);
    this.#sampleRateHz = sampleRateHz;
    this.#kickFade = fade(11);
    this.#sweepFade = fade(45);
    this.#snareFade = fade(20);
    this.#toneFade = fade(28);
    this.#hatFade = fade(65);
    this.#cells.fill(0);
    this.#seeds[0] = 1;
    this.#seeds[1] = 2;
  }

  kick(level: number): void {
    this.#cells[KICK] = level;
    this.#cells[KICK_SWEEP] = 1;
    this.#cells[KICK_PHASE] = 0;
  }

  snare(level: number): void {
    this.#cells[SNARE] = level;
    this.#cells[SNARE_TONE] = level;
    this.#cells[SNARE_PHASE] = 0;
  }

  hat(level: number): void {
    this.#cells[HAT] = level;
  }

  /** Ends the strokes that cannot be heard any more. Called at fixed times, so that the sound is the same for any size of block. */
  settle(): void {
    const cells = this.#cells;
    if ((cells[KICK] as number) < OVER) cells[KICK] = 0;
    if ((cells[SNARE] as number) < OVER) cells[SNARE] = 0;
    if ((cells[HAT] as number) < OVER) cells[HAT] = 0;
  }

  /** Adds the next frames to `target`, from frame `first` up to `end`. */
  add(target: Float64Array, first: number, end: number): void {
    if (this.#cells[KICK] !== 0) this.#addKick(target, first, end);
    if (this.#cells[SNARE] !== 0) this.#addSnare(target, first, end);
    if (this.#cells[HAT] !== 0) this.#addHat(target, first, end);
  }

  #addKick(target: Float64Array, first: number, end: number): void {
    const cells = this.#cells;
    let level = cells[KICK] as number;
    let sweep = cells[KICK_SWEEP] as number;
    let phase = cells[KICK_PHASE] as number;
    for (let i = 2 * first; i < 2 * end; i += 2) {
      const value = KICK_LEVEL * level * at(SINE, phase);
      target[i] = (target[i] as number) + value;
      target[i + 1] = (target[i + 1] as number) + value;
      phase += (48 + 190 * sweep) / this.#sampleRateHz;
      if (phase >= 1) phase -= 1;
      sweep *= this.#sweepFade;
      level *= this.#kickFade;
    }
    cells[KICK] = level;
    cells[KICK_SWEEP] = sweep;
    cells[KICK_PHASE] = phase;
  }

  #addSnare(target: Float64Array, first: number, end: number): void {
    const cells = this.#cells;
    let level = cells[SNARE] as number;
    let tone = cells[SNARE_TONE] as number;
    let phase = cells[SNARE_PHASE] as number;
    let memory = cells[SNARE_MEMORY] as number;
    let seed = this.#seeds[0] as number;
    for (let i = 2 * first; i < 2 * end; i += 2) {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
      const noise = seed / 2 ** 31;
      const value = SNARE_LEVEL * (level * SUM_LEVEL * (noise + memory) + tone * at(SINE, phase));
      memory = noise;
      target[i] = (target[i] as number) + value;
      target[i + 1] = (target[i + 1] as number) + value;
      phase += 187 / this.#sampleRateHz;
      if (phase >= 1) phase -= 1;
      tone *= this.#toneFade;
      level *= this.#snareFade;
    }
    this.#seeds[0] = seed;
    cells[SNARE] = level;
    cells[SNARE_TONE] = tone;
    cells[SNARE_PHASE] = phase;
    cells[SNARE_MEMORY] = memory;
  }

  #addHat(target: Float64Array, first: number, end: number): void {
    const cells = this.#cells;
    let level = cells[HAT] as number;
    let memory = cells[HAT_MEMORY] as number;
    let older = cells[HAT_OLDER] as number;
    let sideMemory = cells[SIDE_MEMORY] as number;
    let seed = this.#seeds[1] as number;
    for (let i = 2 * first; i < 2 * end; i += 2) {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
      const noise = seed / 2 ** 31;
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
      const sideNoise = seed / 2 ** 31;
      const side = HAT_WIDTH * SUM_LEVEL * (sideNoise + sideMemory);
      // The difference over two frames keeps the highs, up to half the rate.
      const middle = noise - older;
      older = memory;
      memory = noise;
      sideMemory = sideNoise;
      target[i] = (target[i] as number) + HAT_LEVEL * level * (middle + side);
      target[i + 1] = (target[i + 1] as number) + HAT_LEVEL * level * (middle - side);
      level *= this.#hatFade;
    }
    this.#seeds[1] = seed;
    cells[HAT] = level;
    cells[HAT_MEMORY] = memory;
    cells[HAT_OLDER] = older;
    cells[SIDE_MEMORY] = sideMemory;
  }
}
