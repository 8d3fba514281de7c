import { readdirSync, readFileSync } from "node:fs";

/** Nanoseconds of the machine's clock: since its start, those its processor did nothing in, and those it worked for a process. */
export interface ProcessorTimes {
  readonly passed: number;
  readonly idle: number;
  /** All threads of the process, and of these the one of sound. */
  readonly ofProcess: number;
  readonly ofSound: number;
}

const NS_PER_TICK = 1e7;
/** Places in /proc/PID/stat behind the name in brackets, which is the second field: the policy is the 41st. */
const POLICY = 41 - 3;
const SCHED_FIFO = "1";

/** Reads how the processor spent its time until now, exactly for threads (schedstat), in steps of 10 ms for idle time. */
export function processorTimes(pid: number): ProcessorTimes {
  const folder = `/proc/${pid}/task`;
  const threads = readdirSync(folder).map((thread) => ({
    ns: Number(readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ")[0]),
    isSound: readFileSync(`${folder}/${thread}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[POLICY] === SCHED_FIFO,
  }));
  const [, , , , idle] = readFileSync("/proc/stat", "utf8").split("\n", 1)[0]?.split(/ +/) ?? [];
  const sum = (some: readonly { readonly ns: number }[]): number => some.reduce((total, { ns }) => total + ns, 0);
  return {
    passed: Number(process.hrtime.bigint()), idle: Number(idle) * NS_PER_TICK,
    ofProcess: sum(threads), ofSound: sum(threads.filter(({ isSound }) => isSound)),
  };
}
