import { clamp } from "./curves/scales.js";

/** Longest history that the box keeps, and so the page. */
export const HISTORY_S = 1800;
/** Shortest part of it that is shown. */
const SHORTEST_S = 30;

/** The part of the history that is shown. */
export interface HistoryWindow {
  /** How long it is. */
  readonly spanS: number;
  /** How long ago it ends; 0 is now. */
  readonly agoS: number;
}

function within({ spanS, agoS }: HistoryWindow): HistoryWindow {
  const span = clamp(spanS, SHORTEST_S, HISTORY_S);
  return { spanS: span, agoS: clamp(agoS, 0, HISTORY_S - span) };
}

/** Moves the picture by a share of its width: to the right shows what was before. */
export function panned({ spanS, agoS }: HistoryWindow, share: number): HistoryWindow {
  return within({ spanS, agoS: agoS + share * spanS });
}

/** Makes the window `factor` times as long; what lies at `share` of the width stays there. */
export function zoomed({ spanS, agoS }: HistoryWindow, factor: number, share: number): HistoryWindow {
  const span = clamp(spanS * factor, SHORTEST_S, HISTORY_S);
  const heldS = agoS + (1 - share) * spanS;
  return within({ spanS: span, agoS: heldS - (1 - share) * span });
}

const STEPS_S = [5, 10, 30, 60, 120, 300, 600] as const;
/** Least room for a figure of the axis. */
const FIGURE_PX = 56;

/** Times in seconds ago at which the axis has its figures, the newest first. */
export function timeMarks({ spanS, agoS }: HistoryWindow, widthPx: number): readonly number[] {
  const stepS = STEPS_S.find((step) => (step / spanS) * widthPx >= FIGURE_PX) ?? HISTORY_S;
  const first = Math.ceil(agoS / stepS) * stepS;
  return Array.from({ length: Math.floor((agoS + spanS - first) / stepS) + 1 }, (_, index) => first + index * stepS);
}

/** "now", "−40 s", "−2:30", "−15 min". */
export function writtenAgo(seconds: number): string {
  if (seconds === 0) return "now";
  if (seconds < 60) return `\u2212${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `\u2212${seconds / 60} min` : `\u2212${Math.floor(seconds / 60)}:${String(rest).padStart(2, "0")}`;
}
