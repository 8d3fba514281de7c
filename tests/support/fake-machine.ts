import type { Machine } from "../../src/cli/doctor/machine.js";

/** What a fake machine is made of, beside its files. */
export interface FakeMachineOptions {
  /** Text of each file; the folders on the way exist. */
  readonly files?: Readonly<Record<string, string>>;
  /** Paths that this user may write to; what lies below them too. */
  readonly writable?: readonly string[];
  readonly freeBytes?: number;
  /** Words that a script of `tryNode` may hold, and what it dies of then. */
  readonly failing?: Readonly<Record<string, string>>;
}

/** A machine of texts, for the checks of the doctor. */
export function fakeMachine({ files = {}, writable = [], freeBytes, failing = {} }: FakeMachineOptions = {}): Machine {
  const paths = Object.keys(files);
  return {
    read: (path) => files[path],
    names: (folder) => {
      const below = paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1).split("/")[0] ?? "");
      return [...new Set(below)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    },
    exists: (path) => paths.some((known) => known === path || known.startsWith(`${path}/`)) || writable.includes(path),
    mayWrite: (path) => writable.some((folder) => path === folder || path.startsWith(`${folder}/`)),
    freeBytes: () => freeBytes,
    tryNode: (script) => Object.entries(failing).find(([word]) => script.includes(word))?.[1],
  };
}

/** The files in /proc of a process. */
export function fakeProcess(pid: number, name: string, command: readonly string[] = [name]): Record<string, string> {
  return { [`/proc/${pid}/comm`]: `${name}\n`, [`/proc/${pid}/cmdline`]: `${command.join("\0")}\0` };
}

/** The running box. */
export const BOX_PROCESS = fakeProcess(700, "node", ["node", "--no-memory-reducer", "/opt/lacquer/current/dist/src/bin/box.js"]);
