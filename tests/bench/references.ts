import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { referencesText } from "../../src/config/references-file.js";
import { WavWriter } from "../../src/files/wav-writer.js";
import { AUDIO_FAULTS } from "../../src/hal/audio.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { programme } from "./programme.js";

const MINUTES = 10;
const TRACKS = 16;
const PHASE_S = 20;
const SETTLE_MS = 3000;
const TICKS_PER_SECOND = 100;
const MP3_FIXTURE = new URL("../../../tests/fixtures/tone-untagged.mp3", import.meta.url);

interface Prepared {
  readonly cpuS: number;
  readonly beforeMb: number;
  readonly peakMb: number;
  readonly text: string;
}

/** What it takes to prepare a track of ten minutes, and to compare with 16 of them in the store. */
export async function benchReferences(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "lacquer-bench-"));
  try {
    const files = [["WAV, 44.1 to 48 kHz", wavFile(folder)], ["MP3, 44.1 to 48 kHz", mp3File(folder)]] as const;
    const prepared = files.map(([, path]) => prepare(path, join(folder, "prepared.wav")));
    const lines = files.map(([name], k) => {
      const { cpuS, beforeMb, peakMb } = prepared[k] as Prepared;
      return `preparing ${MINUTES} min of ${name}: ${cpuS.toFixed(1)} s of CPU, ${(peakMb - beforeMb).toFixed(0)} MB over the ${beforeMb.toFixed(0)} MB of the bare process`;
    });
    return [...lines, ...await comparing(folder, prepared.at(-1) as Prepared)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wavFile(folder: string): string {
  const path = join(folder, "track.wav");
  const rate = 44_100;
  const sound = programme(rate);
  const writer = new WavWriter(path, { sampleRateHz: rate, format: "pcm16", maxFrames: 60 * MINUTES * rate });
  for (let left = 60 * MINUTES * rate; left > 0; left -= sound.length / 2) writer.write(sound, Math.min(left, sound.length / 2));
  writer.finish();
  return path;
}

/** A file without a tag may be repeated: frames follow each other. */
function mp3File(folder: string): string {
  const path = join(folder, "track.mp3");
  const frames = readFileSync(MP3_FIXTURE);
  // A round is 0.3 s.
  writeFileSync(path, Buffer.concat(Array.from({ length: (60 * MINUTES) / 0.3 }, () => frames)));
  return path;
}

function prepare(path: string, out: string): Prepared {
  rmSync(out, { force: true });
  const script = fileURLToPath(new URL("./prepare-once.js", import.meta.url));
  return JSON.parse(execFileSync("node", [script, path, out], { encoding: "utf8", maxBuffer: 1e8 })) as Prepared;
}

/** A store of 16 tracks that are ready, each by a link to the one that was prepared. */
function fillStore(folder: string, stateFolder: string, { text }: Prepared): void {
  const references = join(stateFolder, "references");
  const preparedFolder = join(references, "prepared");
  mkdirSync(preparedFolder, { recursive: true });
  const file = join(folder, "track.mp3");
  const kept = Array.from({ length: TRACKS }, (_, k) => ({ id: k.toString(16).padStart(12, "0"), name: `Track ${k + 1}`, bytes: statSync(file).size, addedAt: "2026-01-01T00:00:00.000Z" }));
  writeFileSync(join(references, "index.json"), referencesText(kept), { mode: 0o600 });
  for (const { id } of kept) {
    linkSync(file, join(references, `${id}.track`));
    linkSync(join(folder, "prepared.wav"), join(preparedFolder, `${id}.wav`));
    writeFileSync(join(preparedFolder, `${id}.json`), text, { mode: 0o600 });
  }
}

async function comparing(folder: string, prepared: Prepared): Promise<string[]> {
  const empty = new BoxOnSim(join(folder, "empty"));
  const filled = new BoxOnSim(join(folder, "filled"));
  fillStore(folder, filled.stateFolder, prepared);
  return [
    ...await running(empty, async () => [await phase(empty, "no reference")]),
    ...await running(filled, async () => {
      const lines = [await phase(filled, `${TRACKS} references of ${MINUTES} min, none armed`)];
      await filled.lacquer("reference", "arm");
      lines.push(await phase(filled, "armed, the mix heard"));
      await filled.lacquer("reference", "play", "Track 7");
      lines.push(await phase(filled, "a reference heard"));
      let turn = 0;
      lines.push(await phase(filled, "mix or another track each second", async () => {
        turn++;
        await filled.lacquer("reference", ...(turn % 2 === 0 ? ["mix"] : ["play", `Track ${1 + (turn % TRACKS)}`]));
      }));
      return lines;
    }),
  ];
}

async function running(box: BoxOnSim, measure: () => Promise<string[]>): Promise<string[]> {
  box.spawn("box");
  try {
    await box.untilSound();
    await delay(SETTLE_MS);
    return await measure();
  } finally {
    await box.stop();
  }
}

/** CPU, memory and faults of the box over one phase; `each` is called once a second. */
async function phase(box: BoxOnSim, name: string, each: () => Promise<void> = () => Promise.resolve()): Promise<string> {
  const [cpu, faults] = [cpuTicks(box), await faultCount(box)];
  const startMs = performance.now();
  for (let second = 0; second < PHASE_S; second++) {
    await each();
    await delay(Math.max(0, startMs + 1000 * (second + 1) - performance.now()));
  }
  const seconds = (performance.now() - startMs) / 1000;
  const percent = (100 * (cpuTicks(box) - cpu)) / TICKS_PER_SECOND / seconds;
  const status = await box.status();
  return `${name}: ${percent.toFixed(1)} % of one core, ${((status?.memoryBytes ?? 0) / 1e6).toFixed(0)} MB resident, ${await faultCount(box) - faults} xruns in ${seconds.toFixed(0)} s`;
}

function cpuTicks({ child }: BoxOnSim): number {
  const fields = readFileSync(`/proc/${child?.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

async function faultCount(box: BoxOnSim): Promise<number> {
  const faults = (await box.status())?.audio.faults;
  return faults === undefined ? NaN : AUDIO_FAULTS.reduce((sum, fault) => sum + faults[fault], 0);
}
