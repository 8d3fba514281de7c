import { at, wavetable } from "./wavetable.js";

const A4_HZ = 440;
const OVER = 1e-5;
const PARTIALS = 16;
/** Centre, Hz, and level of the lowest formants of a sung "ah" and "oh" (Peterson and Barney 1952, men's averages, rounded). */
const AH = [[730, 1], [1090, 0.6], [2440, 0.4]] as const;
const OH = [[570, 1], [840, 0.5], [2410, 0.2]] as const;
const FORMANT_WIDTH_HZ = 160;
/** Pitch for which the formants are laid out; the melody keeps within an octave of it. */
const MIDDLE_HZ = 500;
const VIBRATO_HZ = 5.4;
const VIBRATO_DEPTH = 0.008;
/** The vibrato sets in with this part of a second. */
const VIBRATO_ONSET_PER_SECOND = 2.5;
const GLIDE_PER_SECOND = 45;
const ATTACK_PER_SECOND = 28;
const RELEASE_PER_SECOND = 14;
const BREATH_LEVEL = 0.5;
const BREATH_PER_SECOND = 40;

const SINE = wavetable([1]);

/** Partials of a voice: the glottis falls 12 dB an octave, the lips give back 6, the throat's formants shape the rest. */
function vowel(formants: readonly (readonly [number, number])[]): number[] {
  return Array.from({ length: PARTIALS }, (_, k) => {
    const freqHz = MIDDLE_HZ * (k + 1);
    const shape = formants.reduce((sum, [centreHz, level]) => sum + level / (1 + ((freqHz - centreHz) / FORMANT_WIDTH_HZ) ** 2), 0);
    return (shape + 0.02) / (k + 1);
  });
}

const OPEN = wavetable(vowel(AH));
const CLOSED = wavetable(vowel(OH));

const TURN = 0;
const WANTED_TURN = 1;
const PHASE = 2;
const LEVEL = 3;
const WANTED_LEVEL = 4;
const VIBRATO = 5;
const VIBRATO_PHASE = 6;
const BREATH = 7;
const CELLS = 8;

/**
 * A singer: notes glide into each other, begin with a breath, swell from "oh" to "ah" and take on a vibrato while they
 * are held.
 */
export class Voice {
  readonly #cells = new Float64Array(CELLS);
  readonly #seed = new Int32Array(1);
  #sampleRateHz = 48000;

  prepare(sampleRateHz: number): void {
    this.#sampleRateHz = sampleRateHz;
    this.#cells.fill(0);
    this.#seed[0] = 7;
  }

  /** Sings a note, `semitones` over A4. */
  sing(semitones: number, level: number): void {
    const cells = this.#cells;
    cells[WANTED_TURN] = (A4_HZ * 2 ** (semitones / 12)) / this.#sampleRateHz;
    if (cells[LEVEL] === 0) cells[TURN] = cells[WANTED_TURN];
    cells[WANTED_LEVEL] = level;
    cells[VIBRATO] = 0;
    cells[BREATH] = level;
  }

  rest(): void {
    this.#cells[WANTED_LEVEL] = 0;
  }

  /** Ends the note when it cannot be heard any more. Called at fixed times, so that the sound is the same for any size of block. */
  settle(): void {
    const cells = this.#cells;
    if ((cells[LEVEL] as number) < OVER && cells[WANTED_LEVEL] === 0) cells[LEVEL] = 0;
  }

  /** Adds the next frames to `target`, from frame `first` up to `end`. */
  add(target: Float64Array, first: number, end: number): void {
    const cells = this.#cells;
    let level = cells[LEVEL] as number;
    const wanted = cells[WANTED_LEVEL] as number;
    if (level === 0 && wanted === 0) return;
    let turn = cells[TURN] as number;
    let phase = cells[PHASE] as number;
    let vibrato = cells[VIBRATO] as number;
    let vibratoPhase = cells[VIBRATO_PHASE] as number;
    let breath = cells[BREATH] as number;
    let seed = this.#seed[0] as number;
    const second = 1 / this.#sampleRateHz;
    const glide = GLIDE_PER_SECOND * second;
    const swell = (wanted > level ? ATTACK_PER_SECOND : RELEASE_PER_SECOND) * second;
    const onset = VIBRATO_ONSET_PER_SECOND * second;
    const breathFade = 1 - BREATH_PER_SECOND * second;
    for (let i = 2 * first; i < 2 * end; i += 2) {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
      const closed = at(CLOSED, phase);
      const tone = closed + vibrato * (at(OPEN, phase) - closed);
      const value = level * (tone + breath * BREATH_LEVEL * (seed / 2 ** 31));
      target[i] = (target[i] as number) + value;
      target[i + 1] = (target[i + 1] as number) + value;
      turn += ((cells[WANTED_TURN] as number) - turn) * glide;
      phase += turn * (1 + vibrato * VIBRATO_DEPTH * at(SINE, vibratoPhase));
      if (phase >= 1) phase -= 1;
      vibratoPhase += VIBRATO_HZ * second;
      if (vibratoPhase >= 1) vibratoPhase -= 1;
      vibrato += (1 - vibrato) * onset;
      level += (wanted - level) * swell;
      breath *= breathFade;
    }
    this.#seed[0] = seed;
    cells[TURN] = turn;
    cells[PHASE] = phase;
    cells[LEVEL] = level;
    cells[VIBRATO] = vibrato;
    cells[VIBRATO_PHASE] = vibratoPhase;
    cells[BREATH] = breath;
  }
}
