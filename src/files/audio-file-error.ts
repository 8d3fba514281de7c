/**
 * What can be wrong with a sound file. The codes are stable; the command line turns each into exit code 2.
 *
 * - `missing`, `folder`, `special`: there is no such file, or it is a folder, a pipe or a device
 * - `unreadable`: the system refused to open or to read it
 * - `empty`: it holds no sound
 * - `not-audio`: no known sound format
 * - `coding`: a known format or coding that is not supported
 * - `channels`, `sample-rate`: out of what is supported
 * - `truncated`, `damaged`: less than its header promises, or bytes that contradict each other
 * - `too-long`: does not fit in memory
 * - `unwritable`, `disk-full`: the output could not be written
 */
export type AudioFileErrorCode =
  | "missing" | "folder" | "special" | "unreadable" | "empty" | "not-audio" | "coding" | "channels" | "sample-rate"
  | "truncated" | "damaged" | "too-long" | "unwritable" | "disk-full";

/** A sound file cannot be read or written; the message is one sentence for the user and names the file. */
export class AudioFileError extends Error {
  readonly code: AudioFileErrorCode;
  readonly path: string;

  /**
   * @param code - see `AudioFileErrorCode`
   * @param path - the file as the user named it; opens the message
   * @param what - the rest of the sentence: what is wrong, what is allowed, what to do
   */
  constructor(code: AudioFileErrorCode, path: string, what: string, cause?: unknown) {
    super(`${printable(path)} ${what}`, cause === undefined ? undefined : { cause });
    this.name = "AudioFileError";
    this.code = code;
    this.path = path;
  }
}

/** Replaces control characters, so that a file name cannot move the cursor or break the one line of a message. */
export function printable(path: string): string {
  return path.replace(/\p{Cc}/gu, "?");
}

/** The `code` of an error of the system (`ENOENT`, ...), or an empty string. */
export function errnoOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return "";
}

/** Formats a duration for messages: `12.3 s`, `3:05 min`, `1:02:05 h`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 1 ? 3 : 1)} s`;
  const whole = Math.floor(seconds);
  const two = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)} h` : `${minutes}:${two(whole % 60)} min`;
}
