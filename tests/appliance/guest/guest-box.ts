import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { AudioHealth } from "../../../src/hal/audio-health.js";
import { type ControlLink, openControlLink } from "../../../src/server/control-link.js";

const RELEASE = process.env["RELEASE"] ?? "";
const CONFIG = "/etc/lacquer/lacquer.json";
const LOG = "/out/box.log";
const SOCKET = "/run/lacquer/control.sock";
const POLL_MS = 20;
const UP_MS = 60_000;

/** The box of this machine. */
export interface GuestBox {
  readonly child: ChildProcess;
  readonly link: ControlLink;
}

/** Words of the service's command, its environment and its niceness, as the unit has them. */
function service(): { readonly words: readonly string[]; readonly environment: NodeJS.ProcessEnv; readonly niceness: number } {
  const unit = readFileSync(join(RELEASE, "systemd", "lacquer-box.service"), "utf8");
  const line = (name: string): string[] => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1]?.split(" ") ?? [];
  const environment = Object.fromEntries(line("Environment").map((setting) => setting.split("=") as [string, string]));
  return { words: line("ExecStart"), environment: { ...environment, RUNTIME_DIRECTORY: "/run/lacquer" }, niceness: Number(line("Nice")[0] ?? 0) };
}

/**
 * Starts the box as its service does, with the configuration that the task put in /etc/lacquer/lacquer.json. Resolves when
 * sound flows. What it prints is in /out/box.log.
 */
export async function startBox(): Promise<GuestBox> {
  const { words: [program = "", ...words], environment, niceness } = service();
  const log = openSync(LOG, "a");
  const child = spawn(program, [...words, "--config", CONFIG], { env: { ...process.env, ...environment }, stdio: ["ignore", log, log] });
  setPriority(child.pid ?? 0, niceness);
  const link = await linkTo(child);
  await healthWhen(link, ({ state, framesOut }) => state === "running" && framesOut > 0);
  return { child, link };
}

async function linkTo(child: ChildProcess): Promise<ControlLink> {
  for (const end = performance.now() + UP_MS; ;) {
    try {
      return await openControlLink({ path: SOCKET, source: "test" });
    } catch (error) {
      if (child.exitCode !== null || performance.now() > end) throw new Error(`The box does not answer: ${readFileSync(LOG, "utf8")}`, { cause: error });
      await setTimeout(POLL_MS);
    }
  }
}

/** Asks for the health of the sound until it is as wanted. @throws Error with the last health when it is not in time */
export async function healthWhen(link: ControlLink, isWanted: (health: AudioHealth) => boolean): Promise<AudioHealth> {
  for (const end = performance.now() + UP_MS; ;) {
    const { audio } = await link.command("status", {}).catch(() => ({ audio: undefined }));
    if (audio !== undefined && isWanted(audio)) return audio;
    if (performance.now() > end) throw new Error(`The sound is not as wanted: ${JSON.stringify(audio)} ${readFileSync(LOG, "utf8")}`);
    await setTimeout(POLL_MS);
  }
}

/** When the mixer and the recorder began, in ns of process.hrtime.bigint(), what they moved, and how often they were too late themselves. */
export interface Passage {
  readonly startNs: bigint;
  readonly frames: number;
  readonly lates: number;
}

/** Lets the mixer play a file and the recorder record for so many seconds; resolves when both are done. */
export async function playAndRecord({ programme, recording, seconds }: { programme: string; recording: string; seconds: number }): Promise<Passage> {
  return await mixerRecorder([programme, recording, String(seconds)]);
}

/** Connects the output of the box to its input for so many seconds; resolves when the cable is gone again. */
export async function plugCable(seconds: number): Promise<Passage> {
  return await mixerRecorder(["--cable", String(seconds)]);
}

async function mixerRecorder(words: readonly string[]): Promise<Passage> {
  const child = spawn("mixer-recorder", words, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (piece) => (text += String(piece)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (text === "") throw new Error(`mixer-recorder ended with ${code}.`);
  const { startNs, ...rest } = JSON.parse(text) as { readonly startNs: string; readonly frames: number; readonly lates: number };
  return { startNs: BigInt(startNs), ...rest };
}
