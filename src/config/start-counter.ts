import { readFileSync } from "node:fs";
import * as promises from "node:fs/promises";
import { uptime } from "node:os";
import { join } from "node:path";
import { readOwnFile, type StateFileSystem } from "./state-files.js";

/** So many starts within this time are a crash loop. */
const LOOP_STARTS = 4;
const LOOP_S = 60;

/** Which run of the system this is, and how long it has been running: time that no clock setting moves. */
export interface SystemTime {
  readonly bootId: string;
  readonly uptimeS: number;
}

/** The system's own time; where it has no number for its run, all runs count as one. */
export function systemTime(): SystemTime {
  let bootId = "";
  try {
    bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    // Not Linux; then the time since the start of the system tells the runs apart well enough.
  }
  return { bootId, uptimeS: uptime() };
}

/** A start of the box among the last ones. */
export interface CountedStart {
  /** Starts in the last minute that did not end well, this one included. */
  readonly starts: number;
  /** Whether the box should start with as little as it can: it failed too often. */
  readonly isSafeMode: boolean;
  /** Says that this start ended well, so that it does not count for the next. */
  endWell(): Promise<void>;
}

async function readStarts(files: StateFileSystem, file: string, { bootId, uptimeS }: SystemTime): Promise<number[]> {
  const bytes = await readOwnFile(files, file);
  if (!Buffer.isBuffer(bytes)) return [];
  try {
    const json = JSON.parse(bytes.toString("utf8")) as { readonly bootId?: unknown; readonly startsS?: unknown };
    if (json.bootId !== bootId || !Array.isArray(json.startsS)) return [];
    return json.startsS.filter((startS): startS is number =>
      typeof startS === "number" && startS <= uptimeS && startS > uptimeS - LOOP_S);
  } catch {
    // A file that was cut short says nothing; counting begins anew.
    return [];
  }
}

/** Writes the list; it need not survive a loss of power, after which counting begins anew in any case. */
async function writeStarts(files: StateFileSystem, file: string, bootId: string, startsS: readonly number[]): Promise<void> {
  const temporary = `${file}.tmp`;
  const handle = await files.open(temporary, "w", 0o600);
  try {
    await handle.writeFile(JSON.stringify({ bootId, startsS }));
  } finally {
    await handle.close();
  }
  await files.rename(temporary, file);
}

/**
 * Counts this start of the box in a small file of `folder`. Four starts within a minute mean safe mode. Where the file
 * cannot be kept, starts are not counted.
 */
export async function countStart(
  folder: string,
  time: SystemTime = systemTime(),
  files: StateFileSystem = promises,
): Promise<CountedStart> {
  const file = join(folder, "starts");
  const earlier = await readStarts(files, file, time);
  const startsS = [...earlier, time.uptimeS].slice(-LOOP_STARTS);
  const keep = async (list: readonly number[]): Promise<void> => {
    try {
      await files.mkdir(folder, { recursive: true, mode: 0o700 });
      await writeStarts(files, file, time.bootId, list);
    } catch {
      // Saving the state meets the same trouble and tells of it.
    }
  };
  await keep(startsS);
  return { starts: startsS.length, isSafeMode: startsS.length >= LOOP_STARTS, endWell: () => keep(earlier) };
}
