/** `list` with the item at `place` moved by `by` places; as it is where there is no such place. */
export function moved<T>(list: readonly T[], place: number, by: number): readonly T[] {
  const item = list[place];
  if (item === undefined || place + by < 0 || place + by >= list.length) return list;
  const others = list.filter((_, at) => at !== place);
  return [...others.slice(0, place + by), item, ...others.slice(place + by)];
}
