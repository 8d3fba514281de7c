import { Drums } from "./drums.js";
import type { MixerSource } from "./mixer-source.js";
import {
  BARS_PER_SECTION, BEATS_PER_MINUTE, CHORDS, CHORUS_MELODY, SECTIONS, type Section, STEPS_PER_BAR, STEPS_PER_BEAT, VERSE_MELODY,
} from "./song.js";
import { Tone } from "./tones.js";
import { Voice } from "./voice.js";

const LEVEL = 0.165;
const BASS_LEVEL = 0.75;
const CHORD_LEVEL = 0.55;
const LEAD_LEVEL = 0.62;
const HARMONY_LEVEL = 0.5;
const SOFT = 0.5;
/** Semitones from A4 down to the bass and up to the chords. */
const BASS_OCTAVE = -36;
const CHORD_OCTAVE = -12;
const STEPS_PER_SECTION = BARS_PER_SECTION * STEPS_PER_BAR;
const STEPS = SECTIONS.length * STEPS_PER_SECTION;
/** Steps of a note of the melody. */
const STEPS_PER_NOTE = 2;
/**
 * At this rate the whole song is half a million frames long: enough for V8 to fit its code to it, in a tenth of a second.
 * It lies over every pitch of the song: one reading behind the end of a table, and all readings would be objects from then on.
 */
const WARM_UP_RATE_HZ = 2000;
const WARM_UP_FRAMES = 64;
const HARD_MARK = "x".charCodeAt(0);
const SOFT_MARK = "o".charCodeAt(0);

/** How hard a pattern strikes at a step of its bar. */
function stroke(pattern: string, step: number): number {
  const mark = pattern.charCodeAt(step);
  return mark === HARD_MARK ? 1 : mark === SOFT_MARK ? SOFT : 0;
}

/**
 * Plays the song once as fast as it goes, so that no code is cold and nothing is left to the garbage collector once the
 * sound depends on it.
 */
export function warmUpProgramme(): void {
  const dry = new Programme();
  dry.prepare(WARM_UP_RATE_HZ);
  const target = new Float64Array(2 * WARM_UP_FRAMES);
  const frames = (STEPS * WARM_UP_RATE_HZ * 60) / (BEATS_PER_MINUTE * STEPS_PER_BEAT);
  for (let done = 0; done < frames; done += WARM_UP_FRAMES) dry.render(target, WARM_UP_FRAMES);
}

/**
 * The programme that the simulated board plays: a song of 12 sections and 213 s, over and over, with drums, bass, wide
 * chords and a lead like a voice; sparse and soft in the intro, dense and loud in the choruses. The same at every start,
 * and the same for any size of block.
 */
export class Programme implements MixerSource {
  readonly #drums = new Drums();
  readonly #bass = new Tone({ partials: [1, 0.5, 0.3, 0.15, 0.08], detune: 0, attackPerSecond: 250, decayPerSecond: 3.5 });
  readonly #chords = CHORDS[0].map(() => new Tone({
    partials: [1, 0.45, 0.3, 0.2, 0.18, 0.12, 0.1, 0.08, 0.07, 0.06], detune: 0.0012, attackPerSecond: 12, decayPerSecond: 0.5,
  }));
  readonly #lead = new Voice();
  readonly #second = new Voice();
  #framesPerStep = 0;
  #frame = 0;
  #step = 0;
  #nextStepFrame = 0;

  prepare(sampleRateHz: number): void {
    this.#framesPerStep = (sampleRateHz * 60) / (BEATS_PER_MINUTE * STEPS_PER_BEAT);
    this.#frame = 0;
    this.#step = 0;
    this.#nextStepFrame = 0;
    this.#drums.prepare(sampleRateHz);
    this.#bass.prepare(sampleRateHz);
    for (const tone of this.#chords) tone.prepare(sampleRateHz);
    this.#lead.prepare(sampleRateHz);
    this.#second.prepare(sampleRateHz);
  }

  render(target: Float64Array, frames: number): void {
    target.fill(0, 0, 2 * frames);
    let done = 0;
    while (done < frames) {
      if (this.#frame === this.#nextStepFrame) this.#begin();
      const end = Math.min(frames, done + this.#nextStepFrame - this.#frame);
      this.#drums.add(target, done, end);
      this.#bass.add(target, done, end);
      for (let k = 0; k < this.#chords.length; k++) (this.#chords[k] as Tone).add(target, done, end);
      this.#lead.add(target, done, end);
      this.#second.add(target, done, end);
      this.#frame += end - done;
      done = end;
    }
    for (let i = 0; i < 2 * frames; i++) target[i] = (target[i] as number) * LEVEL;
  }

  /** Begins a step: strikes what its patterns say. */
  #begin(): void {
    if (this.#step === STEPS) {
      this.#step = 0;
      this.#frame = 0;
    }
    const section = SECTIONS[(this.#step / STEPS_PER_SECTION) | 0] as Section;
    const inBar = this.#step % STEPS_PER_BAR;
    const bar = (this.#step / STEPS_PER_BAR) | 0;
    this.#settle();
    this.#strike(section, inBar);
    this.#strum(section, inBar, bar % CHORDS.length);
    if (this.#step % STEPS_PER_NOTE === 0) this.#sing(section);
    this.#step++;
    this.#nextStepFrame = Math.round(this.#step * this.#framesPerStep);
  }

  #settle(): void {
    this.#drums.settle();
    this.#bass.settle();
    for (let k = 0; k < this.#chords.length; k++) (this.#chords[k] as Tone).settle();
    this.#lead.settle();
    this.#second.settle();
  }

  #strike(section: Section, inBar: number): void {
    const kick = stroke(section.kick, inBar);
    if (kick > 0) this.#drums.kick(kick);
    const snare = stroke(section.snare, inBar);
    if (snare > 0) this.#drums.snare(snare);
    const hat = stroke(section.hat, inBar);
    if (hat > 0) this.#drums.hat(hat);
  }

  #strum(section: Section, inBar: number, turn: number): void {
    const chord = CHORDS[turn] as (typeof CHORDS)[number];
    const bass = stroke(section.bass, inBar);
    if (bass > 0) this.#bass.play(chord[0] + BASS_OCTAVE, bass * BASS_LEVEL);
    if (inBar !== 0) return;
    for (let k = 0; k < this.#chords.length; k++) {
      (this.#chords[k] as Tone).play((chord[k] as number) + CHORD_OCTAVE, section.chordLevel * CHORD_LEVEL);
    }
  }

  #sing(section: Section): void {
    const melody = section.chordLevel === 1 ? CHORUS_MELODY : VERSE_MELODY;
    const note = melody[(this.#step / STEPS_PER_NOTE) % melody.length];
    if (note === "rest" || section.leadLevel === 0) {
      this.#lead.rest();
      this.#second.rest();
    } else if (typeof note === "number") {
      this.#lead.sing(note, section.leadLevel * LEAD_LEVEL);
      if (section.harmony !== 0) this.#second.sing(note + section.harmony, section.leadLevel * HARMONY_LEVEL * LEAD_LEVEL);
    }
  }
}
