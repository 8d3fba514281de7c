/** Lowest and highest frequency of every display. */
export const LOWEST_HZ = 20;
export const HIGHEST_HZ = 20_000;

const SPAN = Math.log(HIGHEST_HZ / LOWEST_HZ);

/** Place of a frequency on a logarithmic axis from 20 Hz (0) to 20 kHz (1); beyond both for those outside. */
export function placeOfHz(hz: number): number {
  return Math.log(hz / LOWEST_HZ) / SPAN;
}

/** The frequency at a place of the axis of `placeOfHz`. */
export function hzAtPlace(place: number): number {
  return LOWEST_HZ * Math.exp(place * SPAN);
}

/** `value` moved into `low`..`high`. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Place of a level between `low` (0) and `high` (1), held at both ends; nothing (null) lies at the low end. */
export function placeOfLevel(level: number | null | undefined, low: number, high: number): number {
  return level === null || level === undefined ? 0 : clamp((level - low) / (high - low), 0, 1);
}

/** Amplitude ratio of a difference in dB. */
export function dbToLinear(db: number): number {
  return 10 ** (db / 20);
}

/** Level in dB of an amplitude ratio; -200 for none. */
export function linearToDb(linear: number): number {
  return linear > 1e-10 ? 20 * Math.log10(linear) : -200;
}

/**
 * Place of a level on the scale of a peak meter, where the top is spread and the bottom drawn together: -60 dB at 0,
 * -20 dB in the middle, 0 dB near 0.93, +3 dB at 1 (after the deflection of IEC 60268-18).
 */
export function meterPlace(levelDb: number | null): number {
  if (levelDb === null || levelDb <= -60) return 0;
  const held = Math.min(levelDb, 3);
  if (held >= -20) return 0.5 + ((held + 20) / 23) * 0.5;
  if (held >= -40) return 0.2 + ((held + 40) / 20) * 0.3;
  return ((held + 60) / 20) * 0.2;
}
