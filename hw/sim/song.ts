/** The song of the built-in programme, in sixteenth notes: 16 steps make a bar, 4 bars a turn of the chords. */
export const BEATS_PER_MINUTE = 108;
export const STEPS_PER_BEAT = 4;
export const STEPS_PER_BAR = 16;
export const BARS_PER_SECTION = 8;

/** One part of the song. A mark in a pattern is a stroke: x hard, o soft. Levels are linear; 0 rests. */
export interface Section {
  readonly name: string;
  readonly kick: string;
  readonly snare: string;
  readonly hat: string;
  readonly bass: string;
  readonly chordLevel: number;
  readonly leadLevel: number;
  /** Semitones that a second voice sings over the first; 0 for none. */
  readonly harmony: number;
}

const REST = "................";
const INTRO: Section = { name: "intro", kick: REST, snare: REST, hat: REST, bass: REST, chordLevel: 0.5, leadLevel: 0, harmony: 0 };
const VERSE: Section = {
  name: "verse", kick: "x.......x..o....", snare: "....o.......o...", hat: "o...o...o...o...", bass: "x.....x.x.......",
  chordLevel: 0.35, leadLevel: 0.8, harmony: 0,
};
const LIFT: Section = {
  name: "lift", kick: "x.......x.......", snare: "....x.......x...", hat: "o.o.o.o.o.o.o.o.", bass: "x...x...x...x...",
  chordLevel: 0.6, leadLevel: 0.7, harmony: 0,
};
const CHORUS: Section = {
  name: "chorus", kick: "x...x...x...x.o.", snare: "....x.......x..o", hat: "x.ox.oxox.oxxoxo", bass: "x.x.x.xxx.x.x.xx",
  chordLevel: 1, leadLevel: 1, harmony: 0,
};
const BREAK: Section = { ...INTRO, name: "break", chordLevel: 0.4, leadLevel: 0.6 };
const BUILD: Section = {
  name: "build", kick: "x...x...x...x...", snare: "o.o.o.o.x.x.x.xx", hat: REST, bass: "x...............", chordLevel: 0.8, leadLevel: 0, harmony: 0,
};
const LAST: Section = { ...CHORUS, name: "last chorus", harmony: 7 };
const OUTRO: Section = { ...VERSE, name: "outro", kick: "x...............", snare: REST, leadLevel: 0 };

/** 12 sections of 8 bars: 213 s. */
export const SECTIONS: readonly Section[] = [INTRO, VERSE, LIFT, CHORUS, VERSE, LIFT, CHORUS, BREAK, BUILD, CHORUS, LAST, OUTRO];

/** Semitones over A of the four chords, a bar each: root, third and fifth of A minor, F, C and G. */
export const CHORDS = [[0, 3, 7], [-4, 0, 3], [3, 7, 10], [-2, 2, 5]] as const;

/** Melody in semitones over A4, an eighth note each: four bars of verse, and of chorus. "hold" goes on, "rest" ends a note. */
export type Note = number | "hold" | "rest";
const H = "hold";
const R = "rest";
export const VERSE_MELODY: readonly Note[] = [
  0, H, 3, H, 2, H, 0, R, -4, H, 0, H, H, H, R, R,
  3, H, 5, H, 3, 2, H, R, -2, H, 2, H, H, H, R, R,
];
export const CHORUS_MELODY: readonly Note[] = [
  7, H, H, 5, 7, H, 10, H, 8, H, 7, H, 5, H, 3, R,
  7, H, H, 5, 7, H, 12, H, 10, H, H, H, 7, 5, 3, 2,
];
