import type { MixerSource } from "./mixer-source.js";

const BEATS_PER_MINUTE = 108;
const BEATS_PER_BAR = 4;
const BARS_PER_SECTION = 8;
/** Roots in semitones from A1 (55 Hz), a bar each, and the third of each chord (3 minor, 4 major). */
const ROOTS = [0, 8, 3, 10] as const;
const THIRDS = [3, 4, 4, 4] as const;
/** Melody in semitones over A4, half a bar each; null rests. */
const MELODY = [0, 3, 7, null, 8, 7, 3, null, 10, 7, 3, 5, 7, null, 5, 2] as const;
const LEVEL = 0.18;

interface Section {
  readonly drums: number;
  readonly bass: number;
  readonly chords: number;
  readonly lead: number;
}

/** Verse, chorus, bridge and ends: how loud each part plays. */
const SECTIONS: readonly Section[] = [
  { drums: 0, bass: 0.3, chords: 0.8, lead: 0 },
  { drums: 0.7, bass: 0.8, chords: 0.5, lead: 0.8 },
  { drums: 1, bass: 1, chords: 1, lead: 1 },
  { drums: 0.7, bass: 0.8, chords: 0.5, lead: 0.8 },
  { drums: 1, bass: 1, chords: 1, lead: 1 },
  { drums: 0.2, bass: 0.2, chords: 1, lead: 0.5 },
  { drums: 1, bass: 1, chords: 1, lead: 1 },
  { drums: 0.4, bass: 0.4, chords: 0.6, lead: 0 },
];

/**
 * The programme that the simulated board plays: a song of eight sections and 142 s, over and over, with drums, bass,
 * wide chords and a lead that swells like a voice. The same at every start.
 */
export class Programme implements MixerSource {
  #sampleRateHz = 48000;
  #frame = 0;
  #noise = 1;
  #hatMemory = 0;

  prepare(sampleRateHz: number): void {
    this.#sampleRateHz = sampleRateHz;
    this.#frame = 0;
    this.#noise = 1;
    this.#hatMemory = 0;
  }

  render(target: Float64Array, frames: number): void {
    for (let i = 0; i < frames; i++) {
      const seconds = this.#frame++ / this.#sampleRateHz;
      const beat = (seconds * BEATS_PER_MINUTE) / 60;
      const bar = Math.floor(beat / BEATS_PER_BAR);
      const section = SECTIONS[Math.floor(bar / BARS_PER_SECTION) % SECTIONS.length] as Section;
      const root = 55 * 2 ** ((ROOTS[bar % ROOTS.length] ?? 0) / 12);
      const drums = section.drums * this.#drums(beat);
      const bass = section.bass * bassLine(beat, seconds, root);
      const [chordLeft, chordRight] = chord(seconds, root * 4, THIRDS[bar % THIRDS.length] ?? 4);
      const lead = section.lead * melody(beat, seconds);
      const middle = drums + bass + lead;
      target[2 * i] = LEVEL * (middle + section.chords * chordLeft);
      target[2 * i + 1] = LEVEL * (middle + section.chords * chordRight);
    }
  }

  #drums(beat: number): number {
    const secondsOf = (beats: number): number => (beats * 60) / BEATS_PER_MINUTE;
    const kick = secondsOf(beat % 1);
    const snare = secondsOf((beat + 1) % 2);
    const hat = secondsOf(beat % 0.5);
    this.#noise = (Math.imul(this.#noise, 1664525) + 1013904223) >>> 0;
    const noise = this.#noise / 2 ** 31 - 1;
    const bright = noise - this.#hatMemory;
    this.#hatMemory = noise;
    return 1.6 * Math.exp(-kick * 12) * Math.sin(2 * Math.PI * (50 * kick + 4 * (1 - Math.exp(-kick * 50))))
      + 0.7 * Math.exp(-snare * 22) * (0.8 * noise + Math.sin(2 * Math.PI * 185 * snare))
      + 0.15 * Math.exp(-hat * 70) * bright;
  }
}

/** A plucked bass on every half beat. */
function bassLine(beat: number, seconds: number, root: number): number {
  const age = ((beat % 0.5) * 60) / BEATS_PER_MINUTE;
  const angle = 2 * Math.PI * root * seconds;
  const tone = Math.sin(angle) + 0.4 * Math.sin(2 * angle) + 0.2 * Math.sin(3 * angle);
  return 0.8 * tone * Math.exp(-age * 4) * Math.min(1, age * 400);
}

/** Root, third and fifth, a little apart in tune between left and right. */
function chord(seconds: number, root: number, third: number): [left: number, right: number] {
  let left = 0;
  let right = 0;
  for (const semitones of [0, third, 7]) {
    const angle = 2 * Math.PI * root * 2 ** (semitones / 12) * seconds;
    left += Math.sin(angle * 1.001) + 0.3 * Math.sin(2.002 * angle) + 0.12 * Math.sin(5.005 * angle);
    right += Math.sin(angle * 0.999) + 0.3 * Math.sin(1.998 * angle) + 0.12 * Math.sin(4.995 * angle);
  }
  return [0.22 * left, 0.22 * right];
}

/** A lead with vibrato whose overtones open and close with each note. */
function melody(beat: number, seconds: number): number {
  const note = MELODY[Math.floor(beat / 2) % MELODY.length];
  if (note === null || note === undefined) return 0;
  const age = ((beat % 2) * 60) / BEATS_PER_MINUTE;
  const left = ((2 - (beat % 2)) * 60) / BEATS_PER_MINUTE;
  const swell = Math.min(1, age * 12) * Math.min(1, left * 12);
  const angle = 2 * Math.PI * 440 * 2 ** (note / 12) * seconds + 0.6 * Math.sin(2 * Math.PI * 5.5 * seconds);
  return 0.5 * swell * (Math.sin(angle) + swell * (0.5 * Math.sin(2 * angle) + 0.35 * Math.sin(3 * angle) + 0.15 * Math.sin(6 * angle)));
}
