import { readFileSync, writeFileSync } from "node:fs";
import type { AudioHealth } from "../../../src/hal/audio-health.js";
import { panelBus } from "./panel-bus.js";
import { playAndRecord, startBox } from "./guest-box.js";
import { PICTURE_BYTES } from "../../../src/hal/display.js";
import { nowMs, PINS, press, rest, turn, watchInTime, watchLine, type Transition } from "./panel-hands.js";
import { sleep } from "./kernel-lines.js";

/** Works the panel of the running box with real edges and readings. What was seen goes to /out/seen and /out/recording. */

export interface PanelSeen {
  /** Relay line from before the box started until sound was steady, and when its streams were started, monotonic ms. */
  readonly engaged: { readonly line: readonly Transition[]; readonly startedMs: number };
  /** The display in silence, and the bytes that it was sent in a second of it. */
  readonly silent: { readonly picture: readonly number[]; readonly bytesPerS: number; readonly notices: readonly string[] };
  /** Threshold before and after four detents to the left, and the display then. */
  readonly turned: { readonly beforeDb: number; readonly afterDb: number; readonly picture: readonly number[] };
  /** Makeup while the knob was below it, after it went past, after another moved it, and after the knob moved a little then. */
  readonly knob: readonly [below: number, past: number, moved: number, after: number];
  /** Recording: when frame 0 was taken, and times of what was done. */
  readonly startMs: number;
  readonly lates: number;
  readonly bypassedMs: number;
  readonly backMs: number;
  readonly bypassPicture: readonly number[];
  /** Bytes and pictures that the display was sent in a second of sound. */
  readonly flowing: { readonly bytesPerS: number; readonly pictures: number };
  readonly hardBypass: { readonly heldMs: number; readonly line: readonly Transition[]; readonly picture: readonly number[]; readonly againMs: number };
  /** Before and after each edge, and what the box tells of its sound before and after them all. */
  readonly edgesMs: readonly (readonly [fromMs: number, toMs: number])[];
  readonly healths: readonly [AudioHealth, AudioHealth];
  readonly stopped: { readonly atMs: number; readonly line: readonly Transition[]; readonly continuedMs: number };
  readonly killed: { readonly atMs: number; readonly endMs: number; readonly line: readonly Transition[] };
}

const SECONDS = 19;
/** Between two pictures the bus is quiet for so long. */
const QUIET_MS = 12;
const EDGES = 100;
const EDGE_SPACING_MS = 110;

/** Waits until the streams of the card are started for the first time. Answers with when that was, monotonic ms. */
async function streamsStartedMs(): Promise<number> {
  for (;;) {
    // The driver asks ALSA for this clock.
    const [, seconds] = /trigger_time\s*:\s*([\d.]+)/.exec(readFileSync("/proc/asound/card0/pcm0c/sub0/status", "utf8")) ?? [];
    if (Number(seconds) > 0) return Number(seconds) * 1e3;
    await sleep(5);
  }
}

async function bytesIn(ms: number): Promise<number> {
  const before = panelBus.read("display_bytes");
  const beforeMs = nowMs();
  await sleep(ms);
  return ((panelBus.read("display_bytes") - before) / (nowMs() - beforeMs)) * 1000;
}

async function flowing(): Promise<PanelSeen["flowing"]> {
  const before = panelBus.read("display_bytes");
  let [bytes, changedMs, pictures] = [before, 0, 0];
  for (const endMs = nowMs() + 1000; nowMs() < endMs; await sleep(2)) {
    const now = panelBus.read("display_bytes");
    if (now === bytes) continue;
    if (nowMs() - changedMs > QUIET_MS) pictures++;
    changedMs = nowMs();
    bytes = now;
  }
  return { bytesPerS: bytes - before, pictures };
}

const picture = (): number[] => [...panelBus.seen()];

watchInTime();
panelBus.turn(0, 0.2);
const engaging = watchLine(PINS.relay);
const started = streamsStartedMs();
const { child, link } = await startBox();
const valueOf = async (id: string): Promise<number> => (await link.command("get", { ids: [id] })).values[id] as number;
await sleep(700);
const engaged = { line: engaging(), startedMs: await started };

// The display comes up after the sound.
while (panelBus.read("display_bytes") < PICTURE_BYTES) await sleep(20);
await sleep(500);
const { notices } = await link.command("status", {});
const silent = { picture: picture(), bytesPerS: await bytesIn(1000), notices };

const beforeDb = await valueOf("compressor.thresholdDb");
for (let n = 0; n < 4; n++) {
  turn(PINS.threshold, -1, 5);
  await sleep(150);
}
const turned = { beforeDb, afterDb: await valueOf("compressor.thresholdDb"), picture: picture() };
await link.command("set", { values: { "compressor.thresholdDb": beforeDb } });

const makeup = async (position: number): Promise<number> => {
  panelBus.turn(0, position);
  await sleep(300);
  return await valueOf("compressor.makeupDb");
};
const below = await makeup(0.22);
await makeup(0.4);
const past = await makeup(0.5);
await link.command("set", { values: { "compressor.makeupDb": 0 } });
const knob = [below, past, await valueOf("compressor.makeupDb"), await makeup(0.52)] as const;

const rig = playAndRecord({ programme: "/root/programme.raw", seconds: SECONDS, recording: "/out/recording" });
await sleep(1500);
const flow = await flowing();
const bypassedMs = await press(PINS.bypass, 100);
await sleep(2200);
const bypassPicture = picture();
const backMs = await press(PINS.bypass, 100);
await sleep(200);

const bypassing = watchLine(PINS.relay);
await sleep(100);
const heldMs = nowMs();
await press(PINS.bypass, 600);
await sleep(200);
const hardPicture = picture();
const againMs = nowMs();
await press(PINS.bypass, 600);
await sleep(300);
const hardBypass = { heldMs, line: bypassing(), picture: hardPicture, againMs };

await sleep(300);
const health = async (): Promise<AudioHealth> => (await link.command("status", {})).audio;
const healthBefore = await health();
const edgesMs: (readonly [number, number])[] = [];
for (let n = 0; n < EDGES; n++) {
  // The edges fall at every place of a period.
  rest((n * 0.37) % 1.34);
  edgesMs.push(turn(PINS.drive, n % 2 === 0 ? 1 : -1, 2));
  await sleep(EDGE_SPACING_MS - 8);
}
const healths = [healthBefore, await health()] as const;
const { startNs, lates } = await rig;

const stopping = watchLine(PINS.relay);
await sleep(100);
const stoppedMs = nowMs();
child.kill("SIGSTOP");
await sleep(300);
const continuedMs = nowMs();
child.kill("SIGCONT");
await sleep(400);
const stopped = { atMs: stoppedMs, line: stopping(), continuedMs };

const killing = watchLine(PINS.relay);
await sleep(100);
const killedMs = nowMs();
child.kill("SIGKILL");
await sleep(300);
const killed = { atMs: killedMs, endMs: nowMs(), line: killing() };

const seen: PanelSeen = {
  engaged, silent, turned, knob, startMs: Number(startNs) / 1e6, lates, bypassedMs, backMs, bypassPicture, flowing: flow, hardBypass, edgesMs, healths, stopped, killed,
};
writeFileSync("/out/seen", JSON.stringify(seen));
process.exit(0);
