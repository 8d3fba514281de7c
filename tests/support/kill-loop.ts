import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { loadState } from "../../src/config/load-state.js";
import { numberOf } from "./numbered-state.js";
import { placeAt } from "./save-once.js";
import { randomUniform } from "./signals.js";

/** What became of all saves. */
export interface KillReport {
  /** Saves that the process was told are on the disk. */
  readonly acknowledged: number;
  /** Loops after which an older state than the last acknowledged was found. */
  readonly lost: number;
  /** Loops after which something was found that was not in order, with what was said. */
  readonly bad: readonly string[];
  /** Time of each acknowledged save. */
  readonly saveMs: readonly number[];
}

/** Longest time between the first acknowledged save of a process and its death. */
const LIFE_MS = 60;

/** Starts a process that saves without a pause, kills it at a random moment, looks at what is left; and again. */
export async function runKillLoop(folder: string, loops: number, seed: number): Promise<KillReport> {
  const random = randomUniform(seed);
  const report = { acknowledged: 0, lost: 0, bad: [] as string[], saveMs: [] as number[] };
  let last = 0;
  for (let loop = 0; loop < loops; loop++) {
    const lines = await killedInTheMiddle(folder, random() * LIFE_MS);
    for (const line of lines) {
      const [number, ms] = line.split(" ").map(Number);
      last = number!;
      report.acknowledged++;
      report.saveMs.push(ms!);
    }
    const { state, notices } = await loadState(placeAt(folder));
    const found = numberOf(state) ?? 0;
    if (found < last) report.lost++;
    if (found > last + 1) report.bad.push(`${found} was found, but no more than ${last + 1} was saved`);
    report.bad.push(...notices);
    last = Math.max(last, found);
  }
  return report;
}

/** Lets a process save until `lifeMs` after its first save, kills it, and gives the whole lines that it wrote. */
async function killedInTheMiddle(folder: string, lifeMs: number): Promise<string[]> {
  const child = spawn(process.execPath, ["dist/tests/support/save-loop.js", folder], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (bytes) => (text += String(bytes)));
  await once(child.stdout, "data");
  const ended = once(child, "close");
  await setTimeout(lifeMs);
  child.kill("SIGKILL");
  await ended;
  return text.split("\n").slice(0, -1);
}
