import { getSystemErrorMap } from "node:util";

const NUMBERS = new Map([...getSystemErrorMap()].map(([number, [name]]) => [name, -number]));

/** Number of an error of the system by its name, such as "EBUSY". @throws RangeError for a name that the system does not have */
export function errnoOf(name: string): number {
  const number = NUMBERS.get(name);
  if (number === undefined) throw new RangeError(`This system has no error ${name}.`);
  return number;
}

/** Name of an error of the system by its number: 16 is "EBUSY"; "error 9999" for one without a name. */
export function errnoName(errno: number): string {
  return getSystemErrorMap().get(-errno)?.[0] ?? `error ${errno}`;
}
