import type { KeptReference } from "../../src/config/references-file.js";
import type { Comparison, Reference } from "../../src/protocol/messages.js";

/** Tracks as a box tells of them that has prepared none yet. */
export function waiting(tracks: readonly KeptReference[]): readonly Reference[] {
  return tracks.map((track) => ({ ...track, state: "waiting", progress: 0, problem: null, sound: null }));
}

/** A box that compares nothing. */
export const NOTHING_COMPARED: Comparison = {
  hasMonitorOutput: false, isArmed: false, secondsLeft: null, heard: "mix", isWaiting: false, reference: null, loop: "loudest", passage: null, solo: null, placeS: 0,
  referenceDb: 0, mixDb: 0,
};
