const LENGTH = 2048;

/** One turn of a tone in `LENGTH` steps, with the first once more at the end for the interpolation. */
export type Wavetable = Float64Array;

/** Makes the turn of a tone from the level of each of its partials, the fundamental first; its peak is 1. */
export function wavetable(partials: readonly number[]): Wavetable {
  const table = new Float64Array(LENGTH + 1);
  for (let i = 0; i <= LENGTH; i++) {
    for (const [k, level] of partials.entries()) {
      // Phases after Schroeder, so that the partials do not all meet in one peak.
      table[i] = (table[i] as number) + level * Math.sin((2 * Math.PI * (k + 1) * (i % LENGTH)) / LENGTH - (Math.PI * k * (k + 1)) / partials.length);
    }
  }
  const peak = table.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return table.map((x) => x / peak);
}

/** Value at `phase`, 0 up to 1 turn. */
export function at(table: Wavetable, phase: number): number {
  const place = phase * LENGTH;
  const step = place | 0;
  const low = table[step] as number;
  return low + ((table[step + 1] as number) - low) * (place - step);
}
