import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import { type ControlLink, openControlLink } from "../../src/server/control-link.js";

const UP_MS = 20_000;
const POLL_MS = 20;

export interface RunningBoxOptions {
  /** Name of the PCM of ALSA, for both directions; the simulated board without one. */
  readonly device?: string;
  readonly periodFrames?: number;
  readonly periods?: number;
  readonly formats?: readonly string[];
  readonly monitorOutput?: boolean;
  /** Parameters that do not begin at their defaults, as a configuration names them. */
  readonly values?: Readonly<Record<string, number | string>>;
  readonly environment: NodeJS.ProcessEnv;
  /** "start" has a supervisor over the box; "box" is the box alone. */
  readonly script?: "start" | "box";
  /** Whether the supervisor serves the page as well, on a free port. */
  readonly isPageServed?: boolean;
  readonly nodeFlags?: readonly string[];
}

/** The box in processes of its own, with a folder and a configuration of its own, and a line to its control socket. */
export class RunningBox {
  readonly folder = mkdtempSync(join(tmpdir(), "lacquer-box-"));
  readonly socketPath = join(this.folder, "control.sock");
  readonly child: ChildProcess;
  #output = "";

  private constructor({ device, periodFrames, periods, values, formats, monitorOutput = false, environment, script, nodeFlags, isPageServed = false }: RunningBoxOptions) {
    const config = join(this.folder, "lacquer.json");
    writeFileSync(config, JSON.stringify({
      version: 1,
      audio: {
        ...(device === undefined ? { driver: "sim" } : { driver: "alsa", captureDevice: device, playbackDevice: device }),
        ...(periodFrames && { periodFrames }), ...(periods && { periods }), ...(formats && { formats }), monitorOutput,
      },
      web: { isOn: isPageServed },
      start: { values: values ?? {} },
    }));
    const path = resolve(`dist/src/bin/${script ?? "box"}.js`);
    this.child = spawn(process.execPath, ["--no-memory-reducer", ...(nodeFlags ?? []), path, "--config", config, ...(isPageServed ? ["--port", "0"] : [])], {
      env: { ...environment, LACQUER_SOCKET: this.socketPath, XDG_STATE_HOME: this.folder },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on("data", (text) => (this.#output += String(text)));
  }

  /** Starts a box and waits until it answers. */
  static async start(options: RunningBoxOptions): Promise<{ box: RunningBox; link: ControlLink }> {
    const box = new RunningBox(options);
    return { box, link: await box.link() };
  }

  /** What the processes printed. */
  get output(): string {
    return this.#output;
  }

  /** A line to the box, once it answers. @throws Error with what it printed when it does not. */
  async link(): Promise<ControlLink> {
    const end = performance.now() + UP_MS;
    for (;;) {
      try {
        return await openControlLink({ path: this.socketPath, source: "test" });
      } catch (error) {
        if (this.child.exitCode !== null || performance.now() > end) throw new Error(`The box does not answer: ${this.#output}`, { cause: error });
        await setTimeout(POLL_MS);
      }
    }
  }

  /** Process id of the box itself, also where a supervisor started it. */
  boxPid(): number | undefined {
    return this.child.spawnargs.some((word) => word.endsWith("/box.js")) ? this.child.pid : this.#childPid("box");
  }

  /** Process id of the process that serves the page, while there is one. */
  webPid(): number | undefined {
    return this.#childPid("web");
  }

  #childPid(script: string): number | undefined {
    const children = readFileSync(`/proc/${this.child.pid}/task/${this.child.pid}/children`, "utf8").trim().split(" ").map(Number);
    return children.find((pid) => pid > 0 && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`/${script}.js`));
  }

  /** Ends it as a service manager does. Returns its exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
    return this.child.exitCode;
  }
}

/** Asks for the health of the sound until it is as wanted. @throws Error with the last health when it is not in time. */
export async function healthWhen(link: ControlLink, isWanted: (health: AudioHealth) => boolean, seconds = 15): Promise<AudioHealth> {
  const end = performance.now() + 1000 * seconds;
  for (;;) {
    const { audio } = await link.command("status", {});
    if (isWanted(audio)) return audio;
    if (performance.now() > end) throw new Error(`Not within ${seconds} s: ${JSON.stringify(audio)}`);
    await setTimeout(POLL_MS);
  }
}
