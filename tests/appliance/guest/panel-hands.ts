import { findLibrary } from "../../../hw/linux/koffi.js";
import { turnedBy, type Contacts } from "../../support/contacts.js";
import { LineRig, sleep } from "./kernel-lines.js";

/** BCM numbers of the default panel. */
export const PINS = { threshold: [5, 6], drive: [16, 26], bypass: 17, relay: 25 } as const;

/** A level of a line, and when it was first seen, monotonic ms. */
export type Transition = readonly [atMs: number, isHigh: boolean];

const rig = new LineRig();
const contacts = new Map<number, Contacts>();
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Monotonic time, ms. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Sleeps without turning the event loop, to a part of a millisecond. */
export function rest(ms: number): void {
  Atomics.wait(pause, 0, 0, ms);
}

/** Turns an encoder by detents, a state each `stepMs`. Returns between which two times the last contact moved. */
export function turn([a, b]: readonly [number, number], detents: number, stepMs: number): readonly [fromMs: number, toMs: number] {
  let state = contacts.get(a) ?? { a: false, b: false };
  let fromMs = 0;
  for (const next of turnedBy(state, 4 * detents)) {
    rest(stepMs);
    fromMs = nowMs();
    if (next.a === state.a) rig.contact(b, next.b);
    else rig.contact(a, next.a);
    state = next;
  }
  contacts.set(a, state);
  return [fromMs, nowMs()];
}

/** Presses a button for so long. Returns when it was let go. */
export async function press(line: number, ms: number): Promise<number> {
  rig.contact(line, true);
  await sleep(ms);
  rig.contact(line, false);
  return nowMs();
}

const SCHED_FIFO = 1;
const SCHED_RESET_ON_FORK = 0x40000000;
/** Over everything but sound. */
const PRIORITY = 10;

/** Has this program run when it wants to, as hands do and instruments, and not when the box leaves it some time. */
export function watchInTime(): void {
  const set = findLibrary("libc.so.6")?.func<(pid: number, policy: number, parameters: Int32Array) => number>(
    "int sched_setscheduler(int pid, int policy, void *parameters)");
  if (set?.(0, SCHED_FIFO | SCHED_RESET_ON_FORK, Int32Array.of(PRIORITY)) !== 0) throw new Error("The priority of the hands is refused.");
}

/** Looks at a line each millisecond until it is told to stop; then answers with the levels it had. */
export function watchLine(line: number): () => Transition[] {
  // Garbage that is looked for meanwhile would let a change be seen late.
  globalThis.gc?.();
  const reader = rig.reader(line);
  const seen: Transition[] = [[nowMs(), reader.isHigh()]];
  const timer = setInterval(() => {
    const isHigh = reader.isHigh();
    if (isHigh !== seen.at(-1)?.[1]) seen.push([nowMs(), isHigh]);
  }, 1);
  return () => {
    clearInterval(timer);
    reader.end();
    return seen;
  };
}
