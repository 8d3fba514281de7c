import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A part that nobody used for so long goes when another is made. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** Folder that the parts of the machine are kept in between runs: LACQUER_CACHE, or ~/.cache/lacquer/appliance. */
export function cacheFolder(): string {
  return process.env["LACQUER_CACHE"] || join(homedir(), ".cache", "lacquer", "appliance");
}

/** A short name for all that a part was made from. */
export function keyOf(...ingredients: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const ingredient of ingredients) hash.update(ingredient).update("\0");
  return hash.digest("hex").slice(0, 16);
}

/**
 * Folder of a part in the cache; `make` fills it where it is not there yet. A part that is there is complete: it gets its
 * name when it is done.
 */
export function cached(name: string, key: string, make: (folder: string) => void): string {
  const folder = join(cacheFolder(), `${name}-${key}`);
  if (!existsSync(folder)) {
    removeOld();
    const unfinished = `${folder}.new-${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    try {
      make(unfinished);
      if (!existsSync(folder)) renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  utimesSync(folder, new Date(), new Date());
  return folder;
}

function removeOld(): void {
  mkdirSync(cacheFolder(), { recursive: true });
  for (const name of readdirSync(cacheFolder())) {
    const path = join(cacheFolder(), name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { recursive: true });
  }
}
