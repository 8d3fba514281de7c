import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { withBox } from "../../src/cli/box-link.js";
import { loadState } from "../../src/config/load-state.js";
import type { BoxState } from "../../src/config/state.js";
import { LinkError, type ControlLink } from "../../src/server/control-link.js";
import { placeAt } from "./save-once.js";
import { randomUniform } from "./signals.js";

/** A change is on the disk so much later at the latest, and some time for the answer to come by the socket. */
const DURABLE_MS = 3000 + 100;
/** A disk that is busy with other things is waited for so long. */
const DISK_MS = 20_000;
/** Longest life of a box after its first change. */
const LIFE_MS = 5000;
const LONGEST_PAUSE_MS = 400;
const START_MS = 20_000;

/** Steps of the two values that are set together, so that a state that mixes two changes is noticed. */
const DRIVES = 481;

function valuesOf(number: number): Record<string, number> {
  return { "loudness.driveDb": ((number % DRIVES) - 240) / 10, "limiter.releaseMs": 20 + Math.floor(number / DRIVES) };
}

/** The number of the change that a state holds. */
function numberIn({ values }: Pick<BoxState, "values">): number {
  return (values["limiter.releaseMs"]! - 20) * DRIVES + Math.round(values["loudness.driveDb"]! * 10) + 240;
}

/** What became of all changes. */
export interface BoxKillReport {
  loops: number;
  /** Changes that the box answered, and those of them that had to be on the disk when it was killed. */
  answered: number;
  promised: number;
  /** Loops after which an older state than a promised one was found. */
  lost: number;
  /** What was found that was not in order. */
  bad: string[];
  /** Loops in which sound was flowing when the box was killed. */
  sounding: number;
}

/** Kills boxes on the simulated board in the middle of changes, saves and sound. */
export class BoxKillLoop {
  readonly report: BoxKillReport = { loops: 0, answered: 0, promised: 0, lost: 0, bad: [], sounding: 0 };
  readonly #folder: string;
  /** Two, so that how long a box lives does not hang on how fast it is. */
  readonly #lives: () => number;
  readonly #pauses: () => number;
  /** Last change that was asked for, and the one that was found on the disk. */
  #number = 0;
  #found = 0;
  /** The change that must be on the disk. */
  #promised: number | undefined;

  constructor(folder: string, seed: number) {
    this.#folder = folder;
    this.#lives = randomUniform(seed);
    this.#pauses = randomUniform(seed + 1);
  }

  /** One life of a box: start, changes, death; then looks at what is left. */
  async run(): Promise<void> {
    // Deaths in quick succession are the point here: the box must not take them for a loop of crashes.
    rmSync(join(this.#stateFolder, "starts"), { force: true });
    const box = this.#start();
    try {
      await this.#whenItListens(async (link) => {
        this.#promised = await this.#changeUntilDeath(box, link);
      });
    } finally {
      box.kill("SIGKILL");
    }
    await once(box, "exit");
    await this.#look();
  }

  /** That of the simulated board. */
  get #stateFolder(): string {
    return join(this.#folder, "state", "sim");
  }

  get #environment(): Record<string, string> {
    return { STATE_DIRECTORY: join(this.#folder, "state"), RUNTIME_DIRECTORY: join(this.#folder, "run") };
  }

  get #terminal(): Parameters<typeof withBox>[0] {
    return { out: () => undefined, err: () => undefined, isInteractive: false, environment: this.#environment };
  }

  #start(): ChildProcess {
    return spawn(process.execPath, ["--no-memory-reducer", "dist/src/bin/box.js", "--board", "sim"], {
      env: { ...process.env, ...this.#environment }, stdio: ["ignore", "ignore", "inherit"],
    });
  }

  /** Tries to reach the box until it listens. */
  async #whenItListens(use: (link: ControlLink) => Promise<void>): Promise<void> {
    for (const endMs = performance.now() + START_MS; ;) {
      try {
        return await withBox(this.#terminal, use);
      } catch (error) {
        if (!(error instanceof LinkError) || performance.now() > endMs) throw error;
        await setTimeout(20);
      }
    }
  }

  /** Changes, and a death in the middle of them. Gives the last change that was answered long enough before to be on the disk. */
  async #changeUntilDeath(box: ChildProcess, link: ControlLink): Promise<number | undefined> {
    const answers: { number: number; timeMs: number }[] = [];
    const lifeMs = this.#lives() * LIFE_MS;
    // Answers when the box has started.
    await link.command("status", {});
    const bornMs = performance.now();
    while (performance.now() - bornMs < lifeMs) {
      const number = ++this.#number;
      await link.command("set", { values: valuesOf(number) });
      answers.push({ number, timeMs: performance.now() });
      this.report.answered++;
      await setTimeout(Math.min(this.#pauses() * LONGEST_PAUSE_MS, lifeMs));
    }
    const { audio } = await link.command("status", {});
    if (audio.state === "running" && audio.framesOut > 0) this.report.sounding++;
    const promised = answers.filter(({ timeMs }) => timeMs < performance.now() - DURABLE_MS).at(-1)?.number;
    await this.#waitForDisk(promised ?? 0);
    // In the middle of a change that nobody waits for.
    this.#number++;
    link.command("set", { values: valuesOf(this.#number) }).catch(() => undefined);
    box.kill("SIGKILL");
    return promised;
  }

  async #waitForDisk(number: number): Promise<void> {
    for (const endMs = performance.now() + DISK_MS; performance.now() < endMs; await setTimeout(20)) {
      const { state } = await loadState(placeAt(this.#stateFolder));
      if ((state === null ? 0 : numberIn(state)) >= number) return;
    }
  }

  async #look(): Promise<void> {
    const { report } = this;
    const promised = this.#promised;
    report.loops++;
    const { state, notices } = await loadState(placeAt(this.#stateFolder));
    report.bad.push(...notices);
    if (promised !== undefined) report.promised++;
    const found = state === null ? 0 : numberIn(state);
    if (found < Math.max(promised ?? 0, this.#found)) report.lost++;
    this.#found = found;
    if (found > this.#number) report.bad.push(`change ${found} was found, but there were only ${this.#number}`);
  }
}
