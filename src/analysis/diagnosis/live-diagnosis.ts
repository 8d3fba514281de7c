import { DETECTORS, findingOf, limitOf, told, worstFirst } from "./diagnose.js";
import type { Detector, Finding, FindingId, Heard } from "./finding.js";

/** A fault is gone once its figure lay this part of a step under the limit for so long. */
const BACK_STEPS = 0.5;
const GONE_S = 9;
/** Of two that stand, one takes the place of the other when it is worse by more than this: half of the way to the next grade. */
const WORSE = 0.1;
/** At most one new finding in this time: a person can mind one thing. */
const BETWEEN_S = 8;

/** How long a figure has been over its limit, and under it. */
interface Track {
  readonly detector: Detector;
  overSinceS: number | null;
  underSinceS: number | null;
  isShown: boolean;
  figure: number;
}

/**
 * Follows the faults of sound that goes on: one is told once its figure was over the limit for its time, and stays until it
 * was clearly under it for 9 s, so that nothing flickers.
 */
export class LiveDiagnosis {
  readonly #tracks: readonly Track[] = DETECTORS.map((detector) => ({ detector, overSinceS: null, underSinceS: null, isShown: false, figure: 0 }));
  #lastShownS = -Infinity;
  /** In the order in which they were told last; those that were left out, too. */
  #order: readonly FindingId[] = [];

  /** Takes what was heard until `atS` seconds of programme; returns the faults that stand, the worst first. */
  update(heard: Heard, atS: number): readonly Finding[] {
    for (const track of this.#tracks) follow(track, heard, atS);
    this.#showNext(heard, atS);
    const standing = this.#tracks.filter(({ isShown }) => isShown)
      .map(({ detector, figure, overSinceS }) => findingOf(detector, heard, figure, overSinceS ?? atS));
    const ordered = steadily(this.#order, worstFirst(standing));
    this.#order = ordered.map(({ id }) => id);
    return told(heard, ordered);
  }

  /** Forgets everything: another song, or another sound. */
  clear(): void {
    for (const track of this.#tracks) {
      track.overSinceS = track.underSinceS = null;
      track.isShown = false;
    }
    this.#lastShownS = -Infinity;
    this.#order = [];
  }

  /** Tells the worst of those that wait, when it is time. */
  #showNext(heard: Heard, atS: number): void {
    if (atS - this.#lastShownS < BETWEEN_S) return;
    const excess = ({ detector, figure }: Track): number => (figure - limitOf(detector, heard).over) / limitOf(detector, heard).step;
    const waiting = this.#tracks.filter(({ isShown, overSinceS, detector }) => !isShown && overSinceS !== null && atS - overSinceS >= detector.holdS)
      .sort((a, b) => excess(b) - excess(a));
    const next = waiting[0];
    if (next === undefined) return;
    next.isShown = true;
    this.#lastShownS = atS;
  }
}

/** The worst first, but that those of nearly one severity stay in the order `before`. */
function steadily(before: readonly FindingId[], findings: readonly Finding[]): Finding[] {
  const place = ({ id }: Finding): number => (before.includes(id) ? before.indexOf(id) : before.length);
  const list = [...findings].sort((a, b) => place(a) - place(b));
  for (let round = 1; round < list.length; round++) {
    for (let k = list.length - 1; k > 0; k--) {
      const [upper, lower] = [list[k - 1] as Finding, list[k] as Finding];
      if (lower.severity > upper.severity + WORSE) list.splice(k - 1, 2, lower, upper);
    }
  }
  return list;
}

function follow(track: Track, heard: Heard, atS: number): void {
  const { over, step } = limitOf(track.detector, heard);
  const figure = track.detector.figure(heard);
  // What cannot be told (silence) changes nothing.
  if (figure === null) return;
  track.figure = figure;
  if (figure > over) {
    track.overSinceS ??= atS;
    track.underSinceS = null;
    return;
  }
  if (!track.isShown) {
    track.overSinceS = null;
    return;
  }
  track.underSinceS = figure < over - BACK_STEPS * step ? track.underSinceS ?? atS : null;
  if (track.underSinceS === null || atS - track.underSinceS < GONE_S) return;
  track.isShown = false;
  track.overSinceS = track.underSinceS = null;
}
