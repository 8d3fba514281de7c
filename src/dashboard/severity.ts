import type { Finding } from "../protocol/diagnosis.js";

/** How bad a fault is: its name, and how many of three bars it fills. */
export interface Grade {
  readonly name: "mild" | "clear" | "severe";
  readonly bars: 1 | 2 | 3;
}

/** The grade of a severity of 0..1, as the protocol parts them: mild below 0.55, severe from 0.8. */
export function gradeOf(severity: number): Grade {
  if (severity >= 0.8) return { name: "severe", bars: 3 };
  return severity < 0.55 ? { name: "mild", bars: 1 } : { name: "clear", bars: 2 };
}

/** "for 40 s", "for 3 min"; "just now" within 5 s. `bin` counts 10 ms of sound, as `sinceS` counts its seconds. */
export function lasting({ sinceS }: Pick<Finding, "sinceS">, bin: number): string {
  const seconds = Math.max(0, bin / 100 - sinceS);
  if (seconds < 5) return "just now";
  return seconds < 100 ? `for ${Math.round(seconds / 5) * 5} s` : `for ${Math.round(seconds / 60)} min`;
}
