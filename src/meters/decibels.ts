/** Power that counts as silence, -150 dB: below the noise floor of any 24-bit converter. */
const SILENCE = 1e-15;

/** What AES17 adds to the level of a mean square: a full-scale sine, whose mean square is 1/2, reads 0 dBFS. */
export const AES17_DB = 10 * Math.log10(2);

/** Level in dB of a power (a mean square); null for silence, below -150 dB. */
export function powerDb(power: number): number | null {
  return power > SILENCE ? 10 * Math.log10(power) : null;
}

/** Level in dB of an amplitude, full scale 1; null for silence, below -150 dB. */
export function amplitudeDb(amplitude: number): number | null {
  return powerDb(amplitude * amplitude);
}

/** The difference of two levels; null if either has nothing to show. */
export function differenceDb(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

/** A level with one decimal, for people: zero has no sign. */
export function tenthsText(value: number): string {
  const text = value.toFixed(1);
  return text === "-0.0" ? "0.0" : text;
}
