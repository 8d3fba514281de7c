/**
 * Average reduction of the limiter beyond which more drive is refused: the master would only grow flatter and harsher.
 * In dB, over the time that counts for loudness.
 */
export const MAX_MEAN_LIMITING_DB = 6;
/** A pass has landed when it is this near to the target, in LU. */
const LANDING_TOLERANCE_LU = 0.05;
const MAX_PASSES = 8;
const SLOPE_RANGE = [0.15, 1.5] as const;

/** What a pass of the chain at some drive came to. */
export interface LandingPass {
  readonly driveDb: number;
  /** Null when the programme is silent. */
  readonly integratedLufs: number | null;
  readonly meanLimitingDb: number;
}

/** Why the search for the drive ended: on the target, or before it because of the limiter, the range of the drive, silence, or no convergence. */
export type LandingReason = "landed" | "limiting" | "drive-range" | "silent" | "passes";

/**
 * Finds the drive that lands the programme on `targetLufs`, by secants over whole passes. Loudness grows with drive,
 * though less and less once the limiter works; the search stops short where its average work passes the limit.
 *
 * @param run - makes a pass at a drive within `rangeDb`
 * @returns the last pass made, which is the one to keep
 */
export async function landOnTarget<Pass extends LandingPass>(
  targetLufs: number,
  firstDriveDb: number,
  rangeDb: readonly [min: number, max: number],
  run: (driveDb: number) => Promise<Pass>,
): Promise<{ pass: Pass; reason: LandingReason }> {
  const [min, max] = rangeDb;
  const bounded = (driveDb: number): number => Math.min(max, Math.max(min, driveDb));
  let pass = await run(bounded(firstDriveDb));
  let before: { driveDb: number; excess: number } | undefined;
  for (let passes = 1; ; passes++) {
    if (pass.integratedLufs === null) return { pass, reason: "silent" };
    const loudnessExcess = pass.integratedLufs - targetLufs;
    const limitingExcess = pass.meanLimitingDb - MAX_MEAN_LIMITING_DB;
    // Whichever bound is passed first decides; both grow with the drive.
    const excess = Math.max(loudnessExcess, limitingExcess);
    if (Math.abs(excess) <= LANDING_TOLERANCE_LU) {
      return { pass, reason: loudnessExcess >= limitingExcess ? "landed" : "limiting" };
    }
    if ((excess < 0 && pass.driveDb >= max) || (excess > 0 && pass.driveDb <= min)) return { pass, reason: "drive-range" };
    if (passes === MAX_PASSES) return { pass, reason: "passes" };
    const slope = before === undefined ? 1 : (excess - before.excess) / (pass.driveDb - before.driveDb);
    const safeSlope = Math.min(SLOPE_RANGE[1], Math.max(SLOPE_RANGE[0], slope));
    before = { driveDb: pass.driveDb, excess };
    pass = await run(bounded(pass.driveDb - excess / safeSlope));
  }
}
