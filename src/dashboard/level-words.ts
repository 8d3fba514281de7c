import type { LearnPlan, LimitingCost } from "../protocol/levels.js";
import type { RideState } from "../protocol/meter-snapshot.js";
import { figure, signed } from "./text.js";

/** What the ride does, in a few words. */
const RIDE_WORDS: Readonly<Record<RideState, string>> = {
  off: "off", riding: "follows the music", silence: "holds: silence", applause: "holds: applause or noise", limiting: "goes no higher: the limiter works hard",
  bound: "at the end of its range", bypassed: "holds: the drive is off", noTarget: "rests: the target asks for no loudness",
};

/** States of the ride in which it leads to the loudness of the target. */
const LEADING: ReadonlySet<RideState> = new Set(["riding", "silence", "applause", "limiting", "bound"]);

/** "Ride follows the music, to −14.0 LUFS" */
export function rideWords(state: RideState, targetLufs: number): string {
  return `Ride ${RIDE_WORDS[state]}${LEADING.has(state) ? `, to ${figure(targetLufs)} LUFS` : ""}`;
}

const REASONS: Readonly<Record<LearnPlan["reason"], string>> = {
  "landed": "lands on the target", "passes": "comes near the target", "silent": "nothing was heard",
  "limiting": "stops short of the target, where the limiter would work too hard",
  "drive-range": "stops short of the target, at the end of the drive's range",
};

/** "Drive 2.0 → 5.4 dB lands on the target." */
export function planWords({ driveBeforeDb, driveDb, reason }: LearnPlan): string {
  if (reason === "silent") return "Nothing was heard, so nothing was changed.";
  return `Drive ${figure(driveBeforeDb)} → ${figure(driveDb)} dB (${signed(driveDb - driveBeforeDb)}): ${REASONS[reason]}.`;
}

/** "−14.0 LUFS; the limiter takes 0.8 dB on average, 3.1 dB at most". */
export function costWords({ integratedLufs, meanLimitingDb, maxLimitingDb }: LimitingCost): string {
  return `${figure(integratedLufs)} LUFS; the limiter takes ${figure(meanLimitingDb)} dB on average, ${figure(maxLimitingDb)} dB at most`;
}
