/** The two contacts of a rotary encoder, closed or open. */
export interface Contacts {
  a: boolean;
  b: boolean;
}

/** States of a clockwise turn, from a rest with both contacts open: A closes first. */
const CLOCKWISE = [[false, false], [true, false], [true, true], [false, true]] as const;

function placeOf({ a, b }: Contacts): number {
  return CLOCKWISE.findIndex(([isAClosed, isBClosed]) => isAClosed === a && isBClosed === b);
}

/** The states that follow `from` when it is turned by so many steps, above 0 clockwise. */
export function turnedBy(from: Contacts, steps: number): Contacts[] {
  const start = placeOf(from);
  return Array.from({ length: Math.abs(steps) }, (_, n) => {
    const [a, b] = CLOCKWISE[(((start + Math.sign(steps) * (n + 1)) % 4) + 4) % 4]!;
    return { a, b };
  });
}

/** The states when it is turned by so many steps and back again. */
export function wiggled(from: Contacts, steps: number): Contacts[] {
  const there = turnedBy(from, steps);
  return [...there, ...turnedBy(there.at(-1) ?? from, -steps)];
}
