import { LiveAnalysis } from "../../src/box/live-analysis.js";
import { SoundListener } from "../../src/box/sound-listener.js";
import { TapReader } from "../../src/engine/tap-reader.js";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import { TapMemory } from "../support/tap-memory.js";
import { formatCpu, leastUserSeconds } from "./cpu.js";
import { programme } from "./programme.js";

const SECONDS = 20;
const TICKS_PER_SECOND = 60;
const VIEWERS = [1, 16] as const;
const TIMES = 3;

/** What listening takes of the box process, and spectrum and goniometer while viewers look at them 30 times a second. */
export function benchAnalysis(): string[] {
  const rates = [48_000, 96_000];
  return [...rates.map(listening), ...rates.flatMap((rateHz) => VIEWERS.map((viewers) => {
    const bare = userSeconds(rateHz, 0);
    return `${viewers} viewer${viewers > 1 ? "s" : ""} at ${rateHz / 1000} kHz: ${formatCpu(userSeconds(rateHz, viewers) - bare, SECONDS)}`;
  }))];
}

/** What the ears of the box take: the profiles of input and output, all the time. */
function listening(rateHz: number): string {
  const sound = programme(rateHz);
  const frames = sound.length / 2;
  const format = { sampleRateHz: rateHz } as AudioHealth["format"];
  const run = (isListening: boolean): number => {
    const tap = new TapMemory(65_536);
    const listener = new SoundListener({
      sound: () => ({ createTapReader: () => new TapReader(tap.memory), health: () => ({ format }) }),
      values: () => ({}), targetLufs: () => null, references: () => [], isMixHeard: () => true, onFindings: () => undefined,
    });
    return leastUserSeconds(TIMES, () => {
      for (let tick = 0; tick < SECONDS * TICKS_PER_SECOND; tick++) {
        tap.write(rateHz / TICKS_PER_SECOND, (frame, field) => sound[2 * (frame % frames) + field % 2] as number);
        if (isListening) listener.tick();
      }
    });
  };
  return `listening at ${rateHz / 1000} kHz: ${formatCpu(run(true) - run(false), SECONDS)}`;
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
