import { findLibrary } from "./koffi.js";

/**
 * Ends the process at once by _exit(2), without waiting for its threads: Node waits for each before it ends, and one
 * that hangs inside a driver never comes. Without `koffi` it ends as Node does.
 */
export function exitAtOnce(code: number): void {
  findLibrary("libc.so.6")?.func<(code: number) => void>("void _exit(int code)")(code);
  process.exit(code);
}
