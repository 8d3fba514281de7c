import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** Whether two paths lead to one file, through links as well. A file that is not there yet is known by its folder. */
export function isSameFile(a: string, b: string): boolean {
  const [one, other] = [statOf(a), statOf(b)];
  if (one !== undefined && other !== undefined) return one.dev === other.dev && one.ino === other.ino;
  return one === other && placeOf(a) === placeOf(b);
}

function statOf(path: string): { dev: number; ino: number } | undefined {
  try {
    return statSync(path);
  } catch {
    // Missing or out of reach; opening it will say which.
    return undefined;
  }
}

/** Absolute path with the links of its folder followed. */
function placeOf(path: string): string {
  const absolute = resolve(path);
  try {
    return join(realpathSync(dirname(absolute)), basename(absolute));
  } catch {
    return absolute;
  }
}
