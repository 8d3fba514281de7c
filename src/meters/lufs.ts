import { powerDb } from "./decibels.js";

/** Loudness of an energy of 1 in LUFS (ITU-R BS.1770-5 Annex 1): a full-scale sine of 997 Hz in one channel reads -3.01 LUFS. */
export const OFFSET_LU = -0.691;

/** Energy at -70 LUFS, the absolute gate. */
export const ABSOLUTE_GATE = lufsEnergy(-70);

/** Loudness in LUFS of an energy (sum of the mean squares of the channels after K-weighting); null for silence. */
export function energyLufs(energy: number): number | null {
  const db = powerDb(energy);
  return db === null ? null : db + OFFSET_LU;
}

/** Energy of a loudness in LUFS; 0 for silence. */
export function lufsEnergy(lufs: number | null): number {
  return lufs === null ? 0 : 10 ** ((lufs - OFFSET_LU) / 10);
}
