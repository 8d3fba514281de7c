import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import type { NewPhone } from "../../src/protocol/phones.js";
import { MAX_PHONES } from "../../src/protocol/phones.js";
import { openControlLink, type ControlLink } from "../../src/server/control-link.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import type { Note } from "./monotonic.js";

/** The last goes without phones again: what the machine does by itself is not put down to them. */
const COUNTS = [0, 1, 16, 50, 0] as const;
/** As long as the window of the load that the box tells. */
const SECONDS = 10;
/** Sound and connections are steady by then. */
const SETTLE_MS = 2000;
/** USER_HZ of Linux. */
const TICKS_PER_SECOND = 100;
const PERIOD_FRAMES = 64;

interface Bed {
  readonly box: BoxOnSim;
  readonly web: ChildProcess;
  readonly link: ControlLink;
  readonly notes: string;
  readonly port: string;
  readonly phones: readonly NewPhone[];
}

interface Run {
  readonly count: number;
  readonly boxPercent: number;
  readonly webPercent: number;
  readonly load: AudioHealth["load"];
  readonly snapshotsPerSecond: number;
  readonly kibPerSecond: number;
  readonly agesMs: Float64Array;
}

const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** What phones with 30 sealed snapshots a second cost the web process and the box, and how old a snapshot is at a phone. */
export async function benchPhones(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "lacquer-bench-"));
  const box = new BoxOnSim(folder, { audio: { periodFrames: PERIOD_FRAMES, periods: 8 } });
  const notes = join(folder, "notes.json");
  box.environment["BENCH_NOTES"] = notes;
  box.spawnScript(script("noted-box"), "--config", box.configFile);
  let web: ChildProcess | undefined;
  try {
    await box.untilSound();
    const path = box.environment["LACQUER_SOCKET"] ?? "";
    web = spawn(process.execPath, [script("roomy-web"), path, String(Math.max(...COUNTS))], { stdio: ["ignore", "pipe", "inherit"] });
    const port = String((await once(web.stdout as NodeJS.ReadableStream, "data") as [Buffer])[0]).trim();
    const link = await openControlLink({ path, source: "bench" });
    const phones: NewPhone[] = [];
    while (phones.length < MAX_PHONES) phones.push(await pair(link));
    const runs: Run[] = [];
    for (const count of COUNTS) runs.push(await measure({ box, web, link, notes, port, phones }, count));
    link.close();
    return report(runs);
  } finally {
    web?.kill();
    await box.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CPU seconds of a process so far (proc(5): the 14th and 15th field of stat, counted behind the name). */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function pair(link: ControlLink): Promise<NewPhone> {
  const { key: secret } = await link.command("startPairing", {});
  return await link.command("addPhone", { name: "Bench", secret });
}

async function measure({ box, web, link, notes, port, phones }: Bed, count: number): Promise<Run> {
  const clients = count === 0 ? undefined : spawn(process.execPath, [script("phone-clients"), port, String(count), JSON.stringify(phones)], { stdio: ["ignore", "pipe", "inherit"] });
  if (clients !== undefined) await once(clients.stdout, "data");
  await setTimeout(SETTLE_MS);
  const [boxPid, webPid] = [box.child?.pid, web.pid];
  const [boxBefore, webBefore] = [cpuSeconds(boxPid), cpuSeconds(webPid)];
  clients?.kill("SIGUSR2");
  const startMs = performance.now();
  await setTimeout(1000 * SECONDS);
  const seconds = (performance.now() - startMs) / 1000;
  const { load } = (await link.command("status", {})).audio;
  const percent = (pid: number | undefined, before: number): number => (100 * (cpuSeconds(pid) - before)) / seconds;
  const cpu = { boxPercent: percent(boxPid, boxBefore), webPercent: percent(webPid, webBefore) };
  const { bytes, arrived } = await ended(clients);
  const made = new Map(await written(box, notes));
  const agesMs = Float64Array.from(arrived.flatMap(([bin, atMs]) => made.has(bin) ? [atMs - (made.get(bin) ?? 0)] : [])).sort();
  return { count, ...cpu, load, snapshotsPerSecond: arrived.length / seconds, kibPerSecond: bytes / 1024 / seconds, agesMs };
}

/** Ends the phones. Returns what came to them. */
async function ended(clients: ReturnType<typeof spawn> | undefined): Promise<{ readonly bytes: number; readonly arrived: readonly Note[] }> {
  if (clients === undefined) return { bytes: 0, arrived: [] };
  let text = "";
  clients.stdout?.on("data", (data) => (text += String(data)));
  clients.kill("SIGTERM");
  await once(clients, "close");
  return JSON.parse(text) as { bytes: number; arrived: Note[] };
}

/** When the box made its snapshots. */
async function written({ child }: BoxOnSim, notes: string): Promise<readonly Note[]> {
  rmSync(notes, { force: true });
  child?.kill("SIGUSR2");
  while (!existsSync(notes)) await setTimeout(20);
  await setTimeout(100);
  return JSON.parse(readFileSync(notes, "utf8")) as Note[];
}

function report(runs: readonly Run[]): string[] {
  const alone = runs.filter(({ count }) => count === 0);
  const mean = (figure: (run: Run) => number): number => alone.reduce((sum, run) => sum + figure(run), 0) / alone.length;
  const p50 = mean(({ load }) => load.p50Percent);
  const p99 = mean(({ load }) => load.p99Percent);
  return [
    `sealed snapshots with spectrum and goniometer, 30 a second to each phone; ${SECONDS} s each, periods of ${PERIOD_FRAMES} frames`,
    "age: from the moment when the box begins to make a snapshot until the phone has opened it; block time beside that without phones",
    ...runs.map(({ count, boxPercent, webPercent, load, snapshotsPerSecond, kibPerSecond, agesMs }) => {
      const age = (share: number): string => `${(agesMs[Math.floor(share * agesMs.length)] ?? 0).toFixed(1)} ms`;
      const phones = count === 0 ? "" : `; ${(snapshotsPerSecond / count).toFixed(1)} snapshots/s each, ${kibPerSecond.toFixed(0)} KiB/s, age p50 ${age(0.5)}, p99 ${age(0.99)}`;
      return `${String(count).padStart(2)} phones: box ${boxPercent.toFixed(1)} %, web ${webPercent.toFixed(1)} % of a core; block p50 ${load.p50Percent.toFixed(1)} % of a period`
        + ` (x ${(load.p50Percent / p50).toFixed(2)}), p99 ${load.p99Percent.toFixed(1)} % (x ${(load.p99Percent / p99).toFixed(2)})${phones}`;
    }),
  ];
}
