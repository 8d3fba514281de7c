import { accessSync, constants, readdirSync, readFileSync, statfsSync } from "node:fs";
import { spawnSync } from "node:child_process";

/** What the checks may look at. Paths are those of Linux; nothing throws. */
export interface Machine {
  /** The text of a file, or undefined when there is none or it may not be read. */
  read(path: string): string | undefined;
  /** The names in a folder in natural order; empty when there is none. */
  names(folder: string): readonly string[];
  exists(path: string): boolean;
  /** Whether this user may read and write `path`. */
  mayWrite(path: string): boolean;
  /** Free bytes of the file system of `folder`, or undefined when they are not known. */
  freeBytes(folder: string): number | undefined;
  /** Runs a script with this Node.js in a process of its own; undefined when it ended well, else the last thing it said. */
  tryNode(script: string): string | undefined;
}

const SCRIPT_MS = 10_000;

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    // Not there, or not for this user: the checks ask which, where it matters.
    return undefined;
  }
}

function runNode(script: string): string | undefined {
  const ended = spawnSync(process.execPath, ["-e", script], { cwd: import.meta.dirname, encoding: "utf8", timeout: SCRIPT_MS });
  if (ended.status === 0) return undefined;
  if (ended.signal !== null) return `the process ended with ${ended.signal}`;
  return ended.stderr.split("\n").find((line) => /^\w*Error\b/.test(line)) ?? `the process ended with code ${ended.status}`;
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    read: (path) => attempt(() => readFileSync(path, "utf8")),
    names: (folder) => (attempt(() => readdirSync(folder)) ?? []).sort((a, b) => a.localeCompare(b, "en", { numeric: true })),
    exists: (path) => attempt(() => (accessSync(path, constants.F_OK), true)) === true,
    mayWrite: (path) => attempt(() => (accessSync(path, constants.R_OK | constants.W_OK), true)) === true,
    freeBytes: (folder) => attempt(() => {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    }),
    tryNode: runNode,
  };
}
