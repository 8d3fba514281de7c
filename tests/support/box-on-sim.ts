import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { main } from "../../src/cli/main.js";
import type { BoxStatus } from "../../src/protocol/messages.js";

/** What a command printed, and its exit code. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const UP_S = 60;

/** A box on the simulated board in processes of its own, with its own folders; buffers are long, so that a busy machine does no harm. */
export class BoxOnSim {
  readonly folder: string;
  readonly environment: Record<string, string>;
  readonly configFile: string;
  /** Where the simulated board keeps its settings. */
  readonly stateFolder: string;
  child: ChildProcess | undefined;
  /** All that was printed. */
  log = "";

  /** @param config - over the configuration of the tests */
  constructor(folder: string, config: Readonly<Record<string, unknown>> = {}) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    this.environment = { LACQUER_SOCKET: join(folder, "control.sock"), STATE_DIRECTORY: join(folder, "state") };
    this.stateFolder = join(folder, "state", "sim");
    this.configFile = join(folder, "lacquer.json");
    writeFileSync(this.configFile, JSON.stringify({
      version: 1, board: "sim", audio: { periodFrames: 1024, periods: 4 }, record: { minutes: 1 }, ...config,
    }));
  }

  /** Starts a process: "box", "start", or a script of the tests. */
  spawn(name: "box" | "start" | "hung-box", ...argv: string[]): ChildProcess {
    if (name === "hung-box") return this.spawnScript(`dist/tests/support/${name}.js`, ...argv);
    return this.spawnScript(`dist/src/bin/${name}.js`, "--config", this.configFile, ...argv);
  }

  /** Starts a script of the tests in the box's place. */
  spawnScript(script: string, ...argv: string[]): ChildProcess {
    const child = spawn(process.execPath, [script, ...argv], {
      env: { ...process.env, ...this.environment }, stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (this.log += String(text)));
    this.child = child;
    return child;
  }

  /** Runs a command of `lacquer` against this box. */
  async lacquer(...argv: string[]): Promise<Run> {
    let out = "";
    let err = "";
    const code = await main(argv, { out: (text) => (out += text), err: (text) => (err += text), isInteractive: false, environment: this.environment });
    return { code, out, err };
  }

  /** What the box says about itself; undefined while it does not answer. */
  async status(): Promise<BoxStatus | undefined> {
    const { code, out } = await this.lacquer("status", "--json");
    return code === 0 ? JSON.parse(out) as BoxStatus : undefined;
  }

  /** Waits until sound flows. */
  async untilSound(): Promise<BoxStatus> {
    return await this.until(({ audio }) => audio.state === "running" && audio.framesOut > 0 && audio.isRelayHeld);
  }

  /** Waits until the box answers and `holds`. @throws Error with all that was printed when it does not within a minute */
  async until(holds: (status: BoxStatus) => boolean): Promise<BoxStatus> {
    for (const endMs = performance.now() + UP_S * 1000; performance.now() < endMs; await setTimeout(50)) {
      const status = await this.status();
      if (status !== undefined && holds(status)) return status;
    }
    throw new Error(`The box does not come to where it should:\n${this.log}`);
  }

  /** Asks the process to end. Answers with its exit code and signal, and the milliseconds that it took. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<{ code: number | null; signal: NodeJS.Signals | null; tookMs: number }> {
    const child = this.child as ChildProcess;
    const startMs = performance.now();
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    }
    return { code: child.exitCode, signal: child.signalCode, tookMs: performance.now() - startMs };
  }

  /** Ids of the processes that `start` keeps, by the name of their script. */
  childId(script: "box" | "web"): number | undefined {
    const { pid } = this.child as ChildProcess;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    return children.map(Number).find((id) => readFileSync(`/proc/${id}/cmdline`, "utf8").includes(`/${script}.js`));
  }
}
