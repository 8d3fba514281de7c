/** Spelling without case and separators: "Low-Shelf" and "lowShelf" are one. Dots stay, they part an id. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

/** Fewest insertions, deletions, substitutions and swaps of neighbours that turn `from` into `to` (Damerau 1964). */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let best = Math.min((row[j - 1] ?? 0) + 1, (above[j] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = above;
    above = row;
  }
  return above[to.length] ?? 0;
}

/** The entry of `names` that spells `name` but for case, spaces, hyphens and underscores, or undefined. */
export function sameName(name: string, names: readonly string[]): string | undefined {
  const wanted = plain(name);
  return names.find((candidate) => plain(candidate) === wanted);
}

/**
 * The entry of `names` that was probably meant by `name`: the one that needs the fewest edits, when these are at
 * most a third of its letters, or else the only one that ends or begins with it. Undefined when none is near.
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const wanted = plain(name);
  if (wanted === "") return undefined;
  let best: string | undefined;
  let fewest = Infinity;
  for (const candidate of names) {
    const target = plain(candidate);
    const allowed = Math.max(1, Math.floor(target.length / 3));
    // Each letter that one has more than the other costs an edit at least: most names are out without the whole count.
    if (Math.abs(wanted.length - target.length) > Math.min(allowed, fewest)) continue;
    const edits = editDistance(wanted, target);
    if (edits < fewest && edits <= allowed) {
      best = candidate;
      fewest = edits;
    }
  }
  if (best !== undefined) return best;
  const partial = names.filter((candidate) => plain(candidate).endsWith(wanted) || plain(candidate).startsWith(wanted));
  return partial.length === 1 ? partial[0] : undefined;
}

/** ` Did you mean "glue"?`, or nothing when no name is near; to be put behind the sentence that refuses `name`. */
export function suggestion(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  return nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
}
