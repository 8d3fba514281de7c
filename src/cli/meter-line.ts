import type { MeterSnapshot } from "../protocol/meter-snapshot.js";
import { figureText } from "./text.js";

/** Says how far the integrated loudness is from the target: "2.3 LU to go", "0.4 LU over", "on target". */
export function distanceText(integratedLufs: number | null, targetLufs: number): string {
  if (integratedLufs === null) return "";
  const lu = Math.round((targetLufs - integratedLufs) * 10) / 10;
  if (lu === 0) return "on target";
  return lu > 0 ? `${lu.toFixed(1)} LU to go` : `${(-lu).toFixed(1)} LU over`;
}

/** The meters in one line of text; without a target (null) nothing is said of the way to it. */
export function meterLine(snapshot: MeterSnapshot, targetLufs: number | null): string {
  const cell = (label: string, value: number | null, unit: string): string => `${label} ${figureText(value, unit)}`.padEnd(13);
  return [
    cell("M", snapshot.momentaryLufs, "LUFS"), cell("S", snapshot.shortTermLufs, "LUFS"), cell("I", snapshot.integratedLufs, "LUFS"),
    cell("TP", snapshot.maxTruePeakDbtp, "dBTP"), `limiter ${figureText(snapshot.reductionDb.limiter, "dB")}`.padEnd(15),
    ...(targetLufs === null ? [] : [distanceText(snapshot.integratedLufs, targetLufs)]),
  ].join("  ").trimEnd();
}
