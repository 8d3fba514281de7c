/** Half of the last digit that a figure is shown with. */
const SHOWN_DB = 0.05;

/**
 * Whether a true peak counts as over a ceiling: from half a tenth of a decibel on. Figures are rounded to the nearest tenth, as
 * loudness meters show them (EBU Tech 3341: one decimal at most), so that a peak is over where its figure is, and what
 * a meter's last hundredths make of sound at the ceiling is not. That is also the tolerance that the limiter is held to.
 */
export function isOverCeiling(truePeakDbtp: number | null | undefined, ceilingDbtp: number): boolean {
  return typeof truePeakDbtp === "number" && truePeakDbtp >= ceilingDbtp + SHOWN_DB;
}
