/** What goes with the values: where they come from, and what they aim at. */
export interface Labels {
  /** The preset that was applied last; null for none. */
  readonly preset: string | null;
  /** Whether the sound was changed since. */
  readonly isPresetEdited: boolean;
  /** Id of the loudness target. */
  readonly target: string;
}

/** Everything that a scene holds and that undo brings back. Values are in the units of the table, one for each id. */
export interface Adjustments extends Labels {
  readonly values: Readonly<Record<string, number>>;
}

/** Some values and labels out of all. */
export type Patch = Partial<Labels> & { readonly values: Readonly<Record<string, number>> };

/** A change: what was before, and what is now. Both name the same values and labels. */
export interface Difference {
  readonly before: Patch;
  readonly after: Patch;
}

const LABELS = ["preset", "isPresetEdited", "target"] as const;

/** Leaves of `before` and `after` what differs; null when nothing does. */
export function differenceOf(before: Patch, after: Patch): Difference | null {
  const changed = Object.keys(after.values).filter((id) => !Object.is(before.values[id], after.values[id]));
  const renamed = LABELS.filter((label) => after[label] !== undefined && before[label] !== after[label]);
  if (changed.length === 0 && renamed.length === 0) return null;
  const pick = (patch: Patch): Patch => ({
    ...Object.fromEntries(renamed.map((label) => [label, patch[label]])),
    values: Object.fromEntries(changed.map((id) => [id, patch.values[id] ?? 0])),
  });
  return { before: pick(before), after: pick(after) };
}

/** One change in place of two that follow each other; null when the second took the first back. */
export function joined(first: Difference, second: Difference): Difference | null {
  const before = { ...second.before, ...first.before, values: { ...second.before.values, ...first.before.values } };
  const after = { ...first.after, ...second.after, values: { ...first.after.values, ...second.after.values } };
  return differenceOf(before, after);
}
