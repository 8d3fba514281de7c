import { findLibrary } from "./koffi.js";

/** Values of linux/prctl.h and signal(7). */
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/**
 * Has the system end this process by force once the thread that started it has ended, whatever this one is doing then;
 * prctl(2). Without the package `koffi` nothing is asked for. A parent that is gone already is not noticed.
 */
export function dieWithParent(): void {
  findLibrary("libc.so.6")?.func<(option: number, value: number) => number>("int prctl(int option, unsigned long value)")(PR_SET_PDEATHSIG, SIGKILL);
}
