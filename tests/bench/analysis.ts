import { LiveAnalysis } from "../../src/box/live-analysis.js";
import { TapReader } from "../../src/engine/tap-reader.js";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import { TapMemory } from "../support/tap-memory.js";
import { formatCpu, leastUserSeconds } from "./cpu.js";
import { programme } from "./programme.js";

const SECONDS = 20;
const TICKS_PER_SECOND = 60;
const VIEWERS = [1, 16] as const;
const TIMES = 3;

/** What spectrum and goniometer take of the box process while viewers look at them 30 times a second. */
export function benchAnalysis(): string[] {
  return [48_000, 96_000].flatMap((rateHz) => VIEWERS.map((viewers) => {
    const bare = userSeconds(rateHz, 0);
    return `${viewers} viewer${viewers > 1 ? "s" : ""} at ${rateHz / 1000} kHz: ${formatCpu(userSeconds(rateHz, viewers) - bare, SECONDS)}`;
  }));
}

function userSeconds(rateHz: number, viewers: number): number {
  const sound = programme(rateHz);
  const frames = sound.length / 2;
  const tap = new TapMemory(65_536);
  const analysis = new LiveAnalysis(() => ({
    createTapReader: () => new TapReader(tap.memory), health: () => ({ format: { sampleRateHz: rateHz } as AudioHealth["format"] }),
  }));
  const views = Array.from({ length: viewers }, () => analysis.openView({ spectrum: true, goniometer: true }));
  return leastUserSeconds(TIMES, () => {
    for (let tick = 0; tick < SECONDS * TICKS_PER_SECOND; tick++) {
      tap.write(rateHz / TICKS_PER_SECOND, (frame, field) => sound[2 * (frame % frames) + field % 2] as number);
      analysis.tick();
      if (tick % 2 === 0) for (const view of views) view.take();
    }
  });
}
