import type { RealTime } from "../../src/hal/real-time.js";
import { findKoffi, findLibrary } from "./koffi.js";

/** Over the interrupt threads of a real-time kernel, which run at 50. */
const PRIORITY = 70;
const SCHED_FIFO = 1;
const SCHED_RESET_ON_FORK = 0x40000000;
const RLIMIT_RTPRIO = 14;
const EPERM = 1;
const ENOMEM = 12;
const EAGAIN = 11;

const PRIORITY_REMEDY =
  "allow it with LimitRTPRIO=80 in the unit, a line `@audio - rtprio 80` in /etc/security/limits.d, or the capability CAP_SYS_NICE";

/** The calls of sched(7), getrlimit(2) and mlock(2), for the calling thread. */
export interface RealTimeCalls {
  /** 0, or -1 with `errno`. */
  setScheduler(thread: number, policy: number, priority: Int32Array): number;
  getLimit(resource: number, limits: Uint32Array): number;
  lock(start: Uint8Array, bytes: number): number;
  errno(): number;
}

function systemCalls(): RealTimeCalls | null {
  const koffi = findKoffi();
  const libc = findLibrary("libc.so.6");
  if (koffi === undefined || libc === undefined) return null;
  return {
    setScheduler: libc.func("int sched_setscheduler(int thread, int policy, void *priority)"),
    getLimit: libc.func("int getrlimit(int resource, void *limits)"),
    lock: libc.func("int mlock(void *start, size_t bytes)"),
    errno: () => koffi.errno(),
  };
}

/** What Linux grants a thread that must not be late. Without `koffi` everything is refused, and the reason says so. */
class LinuxRealTime implements RealTime {
  readonly #calls: RealTimeCalls | null;

  constructor(calls: RealTimeCalls | null) {
    this.#calls = calls;
  }

  raisePriority(): string | undefined {
    const calls = this.#calls;
    if (calls === null) return "real-time priority needs the package koffi: run `npm install koffi`";
    if (setFifo(calls, PRIORITY) === 0) return undefined;
    const refusal = calls.errno();
    const allowed = allowedPriority(calls);
    if (refusal === EPERM && allowed > 0 && allowed < PRIORITY && setFifo(calls, allowed) === 0) return undefined;
    if (refusal === EPERM) return `real-time priority is not permitted to this user: ${PRIORITY_REMEDY}`;
    return `real-time priority was refused (error ${refusal} of sched_setscheduler): ${PRIORITY_REMEDY}`;
  }

  lockMemory(buffer: SharedArrayBuffer): string | undefined {
    const calls = this.#calls;
    if (calls === null) return "locking the sound's memory needs the package koffi: run `npm install koffi`";
    if (calls.lock(new Uint8Array(buffer), buffer.byteLength) === 0) return undefined;
    const refusal = calls.errno();
    const megabytes = Math.ceil(buffer.byteLength / 2 ** 20);
    if ([EPERM, ENOMEM, EAGAIN].includes(refusal)) {
      return `${megabytes} MB of sound memory may not be locked: allow it with LimitMEMLOCK=${2 * megabytes}M in the unit, ` +
        `or a line \`@audio - memlock ${2 * megabytes * 1024}\` in /etc/security/limits.d`;
    }
    return `the sound's memory could not be locked (error ${refusal} of mlock)`;
  }
}

function setFifo(calls: RealTimeCalls, priority: number): number {
  return calls.setScheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, Int32Array.of(priority));
}

/** The highest priority that the soft limit, the first word of `struct rlimit`, lets the thread ask for; 0 for none. */
function allowedPriority(calls: RealTimeCalls): number {
  const limits = new Uint32Array(4);
  return calls.getLimit(RLIMIT_RTPRIO, limits) === 0 ? (limits[0] as number) : 0;
}

/**
 * Asks Linux: SCHED_FIFO for the calling thread, reset in threads that it makes later, at priority 70 or what the limit
 * allows; mlock for the given memory. `calls` stands in for the system in tests; null is a system without `koffi`.
 */
export function linuxRealTime(calls: RealTimeCalls | null = systemCalls()): RealTime {
  return new LinuxRealTime(calls);
}
