import type { SoundProfile } from "../analysis/sound-profile.js";
import { WINDOW_S } from "../analysis/profile-windows.js";
import { printable } from "../files/audio-file-error.js";
import { openForProcessing } from "./processing-rate.js";
import { profileSource } from "./profile-source.js";
import { ProgressBar, type Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** Most references that are compared with. */
const MOST_REFERENCES = 16;

/** The files of `--reference`, counted. @throws UsageError beyond 16 */
export function referenceFiles(files: readonly string[]): readonly string[] {
  if (files.length <= MOST_REFERENCES) return files;
  throw new UsageError(`${files.length} references are too many; allowed ${MOST_REFERENCES}. Three to five of one kind say most.`);
}

/** Refuses sounds that hold too little to compare. @throws UsageError that names the first with less than `leastS` seconds of programme */
export function requireProgramme(files: readonly string[], profiles: readonly SoundProfile[], leastS = WINDOW_S): void {
  const poor = files.find((_, k) => (profiles[k]?.countedSeconds ?? 0) < leastS);
  if (poor !== undefined) throw new UsageError(`${printable(poor)} is silent, or shorter than ${leastS} s: there is nothing to compare.`);
}

/** The profiles of sound files, one after the other. @throws AudioFileError */
export async function profileFiles(files: readonly string[], terminal: Terminal): Promise<SoundProfile[]> {
  const bar = new ProgressBar(terminal);
  const profiles: SoundProfile[] = [];
  for (const file of files) {
    const source = await openForProcessing(file);
    try {
      profiles.push(await profileSource(source, (share) => bar.update("Listening", share)));
    } finally {
      bar.clear();
      source.close();
    }
  }
  return profiles;
}
