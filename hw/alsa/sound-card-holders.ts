import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PROC = "/proc/asound";

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Files that tell who holds each substream: `card0/pcm0p/sub0/status`. */
function statusFiles(proc: string): string[] {
  const inside = (folder: string, pattern: RegExp): string[] => {
    try {
      return readdirSync(folder).filter((name) => pattern.test(name)).map((name) => join(folder, name));
    } catch {
      return [];
    }
  };
  return inside(proc, /^card\d+$/).flatMap((card) => inside(card, /^pcm/)).flatMap((pcm) => inside(pcm, /^sub/))
    .map((sub) => join(sub, "status"));
}

/** The programs that hold a PCM open, as `name (process 123)`, each once. */
export function soundCardHolders(proc = PROC, processes = "/proc"): readonly string[] {
  const owners = statusFiles(proc).flatMap((file) => /^owner_pid\s*:\s*(\d+)/m.exec(readOrEmpty(file))?.[1] ?? []);
  return [...new Set(owners)].map((pid) => {
    const name = readOrEmpty(join(processes, pid, "comm")).trim();
    return `${name === "" ? "a program" : name} (process ${pid})`;
  });
}
