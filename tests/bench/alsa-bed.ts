import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import type { AudioFault } from "../../src/hal/audio.js";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import type { ControlLink } from "../../src/server/control-link.js";
import { JackBed } from "../support/jack-bed.js";
import { RunningBox } from "../support/running-box.js";

/**
 * The box between the output and the input of a sound server without hardware, and the least loop in C in its place
 * just before, under the same load: what each lost, the delay, and what the box needed. Not run by the tests:
 * `npm run bench:alsa -- --seconds 60 --settings 64x2,64x3,128x3 --loads idle,spinning,sockets,stress`.
 */
const LOADS = ["idle", "spinning", "sockets", "stress"] as const;
type Load = (typeof LOADS)[number];

const CLIENTS = 100;
const PRIORITY = 70;
/** The phases of a crossover's filters fit no delay, so the multiband compressor rests for a part of each turn. */
const TURN_MS = 10_000;
const REST_MS = 4000;
const SETTLE_MS = 1000;
/** What begins holds the server up. */
const BEGIN_MS = 3000;
const SPIN_FLAGS = ["--import", new URL("spin.js", import.meta.url).href];
const WHOLE_CHAIN = { "multiband.bypass": "off", "saturation.bypass": "off" };

const { values: options } = parseArgs({ options: {
  seconds: { type: "string", default: "30" },
  settings: { type: "string", default: "64x2,64x3,128x3" },
  loads: { type: "string", default: LOADS.join(",") },
} });
const seconds = Number(options.seconds);
const scratch = mkdtempSync(join(tmpdir(), "lacquer-bench-"));
const floor = join(scratch, "duplex-floor");

interface Setting {
  readonly periodFrames: number;
  readonly periods: number;
}

interface BoxResult {
  readonly readings: readonly number[];
  readonly before: AudioHealth;
  readonly audio: AudioHealth;
  readonly memoryBytes: number;
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** What puts the machine under load beside the box. */
async function startLoad(load: Load, box: RunningBox | undefined): Promise<ChildProcess | undefined> {
  if (load === "stress") return spawn("stress-ng", ["--cpu", "2", "--quiet"], { stdio: "ignore" });
  if (load !== "sockets" || box === undefined) return undefined;
  const clients = spawn(process.execPath, [script("socket-clients.js"), box.socketPath, String(CLIENTS)], { stdio: ["ignore", "pipe", "inherit"] });
  await once(clients.stdout as NonNullable<ChildProcess["stdout"]>, "data");
  return clients;
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

/** Lets the multiband compressor work and rest in turns; gives the readings taken while it rested. */
async function measure(link: ControlLink, bed: JackBed): Promise<readonly number[]> {
  const readings: number[] = [];
  const endMs = performance.now() + 1000 * seconds;
  while (performance.now() < endMs) {
    await link.command("set", { values: { "multiband.bypass": 0 } });
    await setTimeout(Math.min(TURN_MS, 500 * seconds) - REST_MS);
    await link.command("set", { values: { "multiband.bypass": 1 } });
    await setTimeout(SETTLE_MS);
    bed.readings.length = 0;
    await setTimeout(REST_MS - SETTLE_MS);
    readings.push(...bed.readings);
  }
  return readings;
}

function lost({ faults }: AudioHealth): number {
  return Object.values(faults).reduce((sum, count) => sum + count, 0);
}

/** The box on the bed: what it lost, and its delay. */
async function runBox(bed: JackBed, setting: Setting, load: Load): Promise<BoxResult> {
  const { box, link } = await RunningBox.start({
    device: "bed", ...setting, values: WHOLE_CHAIN, environment: bed.environment, nodeFlags: load === "spinning" ? SPIN_FLAGS : [],
  });
  const loaded = await startLoad(load, box);
  try {
    await setTimeout(BEGIN_MS);
    const before = (await link.command("status", { count: true })).audio;
    const readings = await measure(link, bed);
    const { audio, memoryBytes } = await link.command("status", { count: true });
    return { readings, before, audio, memoryBytes };
  } finally {
    link.close();
    await end(loaded);
    await box.stop();
  }
}

/** The loop in C on the same bed, under the same load: where a box makes it, that box is on the simulated board. */
async function runFloor(bed: JackBed, { periodFrames, periods }: Setting, load: Load): Promise<number> {
  const isBoxed = load === "spinning" || load === "sockets";
  const { box, link } = isBoxed ? await RunningBox.start({ environment: process.env, nodeFlags: load === "spinning" ? SPIN_FLAGS : [] }) : {};
  const loaded = await startLoad(load, box);
  try {
    await setTimeout(BEGIN_MS);
    const floorRun = spawn(floor, ["bed", periodFrames, periods, seconds, PRIORITY].map(String), { env: bed.environment, stdio: ["ignore", "pipe", "inherit"] });
    return (JSON.parse(await text(floorRun.stdout)) as { restarts: number }).restarts;
  } finally {
    link?.close();
    await end(loaded);
    await box?.stop();
  }
}

async function run(name: string, load: Load): Promise<void> {
  const [periodFrames = 0, periods = 0] = name.split("x").map(Number);
  const setting = { periodFrames, periods };
  const bed = await JackBed.start(periodFrames);
  try {
    const floorRestarts = await runFloor(bed, setting, load);
    report(name, load, await runBox(bed, setting, load), floorRestarts);
  } finally {
    await bed.stop();
  }
}

function report(setting: string, load: Load, { readings, before, audio, memoryBytes }: BoxResult, floorRestarts: number): void {
  const sorted = [...readings].sort((a, b) => a - b);
  const frames = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1);
  const expected = audio.latency.deviceFrames + audio.latency.chainFrames;
  const exact = sorted.filter((reading) => Math.abs(reading - expected) < 0.5).length;
  const kinds = Object.entries(audio.faults).filter(([kind, count]) => count > before.faults[kind as AudioFault]).map(([kind, count]) => `${kind} ${count - before.faults[kind as AudioFault]}`);
  const { p50Percent, p99Percent, maxPercent } = audio.load;
  const refused = Object.values(audio.refused).filter(Boolean).join("; ");
  console.log([
    setting, load, `${seconds} s`, `box ${lost(audio) - lost(before)} (${kinds.join(", ")})`, `C ${floorRestarts}`,
    `expected ${expected}`, `median ${frames(0.5)} (${frames(0)}-${frames(1)})`, `${exact} of ${sorted.length} to the frame`,
    `${((1000 * expected) / 48000).toFixed(2)} ms`, `load ${p50Percent} / ${p99Percent} / ${maxPercent} %`,
    `${audio.collections} collections`, `${(memoryBytes / 2 ** 20).toFixed(0)} MB`, refused,
  ].join(" | "));
}

execFileSync("cc", ["-O2", "-Wall", "-Wextra", "-o", floor, "tests/bench/duplex-floor.c", "-lasound"]);
try {
  for (const setting of options.settings.split(",")) {
    for (const load of options.loads.split(",")) await run(setting, load as Load);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
