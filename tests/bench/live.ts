import { spawnSync } from "node:child_process";
import { setFlagsFromString } from "node:v8";
import { fileURLToPath } from "node:url";
import { linuxRealTime } from "../../hw/linux/real-time.js";
import { GATE_OPEN } from "../../src/dsp/layout.js";
import { Chain } from "../../src/engine/chain.js";
import { AT_WORK } from "./chain.js";
import { programme } from "./programme.js";

const RATE = 48000;
const SECONDS = 20;
const PERIOD_FRAMES = [16, 32, 64, 128] as const;
const S32 = 0;
const STARTS = 5;

/** Time of a block of the live path, whole chain at work with all meters and the tap ring, against its period. */
export function benchBlocks(): string[] {
  setFlagsFromString("--no-wasm-lazy-compilation");
  setFlagsFromString("--no-liftoff");
  const refusal = linuxRealTime().raisePriority();
  const sound = programme(RATE);
  const priority = refusal === undefined ? "at real-time priority" : `without real-time priority (${refusal})`;
  return [`the whole chain at work, all meters, S32_LE, ${SECONDS} s of sound each, ${priority}`, ...PERIOD_FRAMES.map((frames) => {
    const times = blockTimes(sound, frames);
    const periodUs = (1e6 * frames) / RATE;
    const at = (share: number): string => {
      const us = times[Math.min(times.length - 1, Math.floor(share * times.length))] as number;
      return `${us.toFixed(1)} us (${((100 * us) / periodUs).toFixed(1)} %)`;
    };
    return `${String(frames).padStart(3)} frames, ${periodUs.toFixed(0)} us: p50 ${at(0.5)}, p99 ${at(0.99)}, p99.9 ${at(0.999)}`;
  })];
}

/** Microseconds of each block, sorted, once the first second is over. */
function blockTimes(sound: Float64Array, frames: number): Float64Array {
  const chain = new Chain({ sampleRateHz: RATE, maxFrames: frames, live: { tapFrames: 4 * RATE } }, Object.entries(AT_WORK));
  const { buffer, addresses } = chain.memory;
  chain.memory.setGate(GATE_OPEN, 0);
  const period = new Int32Array(buffer, addresses.period, 2 * frames);
  const wire = Int32Array.from(sound, (x) => Math.max(-1, Math.min(1, x)) * 0x7fffffff);
  const blocks = Math.floor((SECONDS * RATE) / frames);
  const times = new Float64Array(blocks);
  for (let k = 0; k < blocks; k++) {
    const at = (2 * frames * k) % (wire.length - 2 * frames);
    period.set(wire.subarray(at, at + 2 * frames));
    const begin = performance.now();
    chain.processPeriod(S32, frames);
    times[k] = 1000 * (performance.now() - begin);
  }
  return times.subarray(Math.floor(RATE / frames)).sort();
}

/** From the start of a process to its first period of sound on the simulated board, and the memory that it holds then. */
export function benchStart(): string[] {
  const script = fileURLToPath(new URL("./first-sound.js", import.meta.url));
  const runs = Array.from({ length: STARTS }, () => {
    const { stdout } = spawnSync("node", ["--no-memory-reducer", script], { encoding: "utf8" });
    return JSON.parse(stdout) as { readonly firstSoundMs: number; readonly residentMb: number };
  });
  const spread = (values: readonly number[], unit: string): string => {
    const sorted = [...values].sort((a, b) => a - b);
    return `${sorted[sorted.length >> 1]?.toFixed(0)} ${unit} (${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)}, ${STARTS} runs)`;
  };
  return [
    `process start to first period out: ${spread(runs.map((run) => run.firstSoundMs), "ms")}`,
    `resident memory after 3 s of sound, with 4 s of taps: ${spread(runs.map((run) => run.residentMb), "MB")}`,
  ];
}
