import { describe, expect, it } from "vitest";
import { Picture } from "../../src/control/panel/picture.js";
import { drawView, type PanelView } from "../../src/control/panel/views.js";
import { RELAY_HOLD_MS } from "../../src/hal/bypass-relay.js";
import { findParameter } from "../../src/params/table.js";
import { formatValue, positionOf } from "../../src/params/values.js";
import { ChargePump } from "../support/charge-pump.js";
import { expectGate } from "../support/gates.js";
import { readText } from "../support/read-picture.js";
import { concat, sine, whiteNoise } from "../support/signals.js";
import type { Transition } from "./guest/panel-hands.js";
import type { PanelSeen } from "./guest/panel.js";
import { LIGHT_CHAIN } from "./support/light-chain.js";
import { runTask, whyNoMachine } from "./support/machine.js";
import { channelOf, levelDbfs, programmeBytes } from "./support/recording.js";

/** The panel of the product's own box on real lines and a real bus, worked from outside; its sound on a real card. */

const reason = whyNoMachine(170);
const RATE_HZ = 48_000;
const PERIOD_FRAMES = 64;
const CONFIG = {
  version: 1,
  // One without a mixer of its own: the loop card has none.
  board: "usb",
  audio: { periodFrames: PERIOD_FRAMES, periods: 4 },
  panel: { converter: "ads1115" },
  // Without dither: the sound is compared to a billionth.
  start: { values: { ...LIGHT_CHAIN, "loudness.driveDb": 6 } },
  controls: [
    { name: "threshold", kind: "encoder", pins: [5, 6], parameter: "compressor.thresholdDb" },
    { name: "drive", kind: "encoder", pins: [16, 26], parameter: "loudness.driveDb" },
    { name: "makeup", kind: "knob", channel: 0, parameter: "compressor.makeupDb" },
    { name: "bypass", kind: "button", pins: [17], action: "bypass", holds: [{ afterS: 0.4, action: "hardBypass" }] },
    { name: "bypassed", kind: "led", pins: [8], light: "bypass" },
    { name: "relay", kind: "relay", pins: [25] },
  ],
};
/** Noise for levels, then a tone whose periods are those of the card, below every threshold. */
const NOISE_FRAMES = 5.2 * RATE_HZ;
const TONE_HZ = RATE_HZ / PERIOD_FRAMES;

/** About what the sound is late by: little beside the spans of which levels are compared. */
const DELAY_FRAMES = 400;

/** What is on the display while nothing sounds and nobody does anything. */
const SILENT: PanelView = {
  heard: "master", targetName: "Spotify", targetLufs: -14, ceilingDbtp: -1, shortTermLufs: null, integratedLufs: null, gainReductionDb: 0,
  truePeakDbtp: null, fault: null, address: null, turned: null, pairing: null, message: null, nowMs: 0,
};

function drawn(view: PanelView): Uint8Array {
  const picture = new Picture();
  drawView(picture, view);
  return picture.bytes;
}

async function seeAll(): Promise<{ readonly seen: PanelSeen; readonly left: Int32Array }> {
  const noise = whiteNoise(NOISE_FRAMES, -23, 5);
  const tone = sine(16 * RATE_HZ, RATE_HZ, { freqHz: TONE_HZ, levelDbfs: -60 });
  const programme = concat(noise, tone);
  const { exitCode, lines, files } = await runTask({
    // The garbage of the hands is not to be looked for while edges are timed, nor by threads without their priority: they would
    // wait for those, which the one processor never comes to, until the kernel stops all that is urgent, the sound too.
    script: "node --no-memory-reducer --single-threaded-gc --expose-gc $GUEST/panel.js", limitS: 1800,
    files: { "/etc/lacquer/lacquer.json": JSON.stringify(CONFIG), "/root/programme.raw": programmeBytes({ left: programme, right: programme }) },
  });
  const seen = files.get("seen");
  const recording = files.get("recording");
  if (exitCode !== 0 || seen === undefined || recording === undefined) throw new Error(`The panel was not seen to its end:\n${lines.join("\n")}\n${files.get("box.log")?.toString()}`);
  return { seen: JSON.parse(seen.toString()) as PanelSeen, left: channelOf(recording, 0) };
}

/** How far below a recording that is left which no gain and no delay of what was played explains, dB; `at` is its first frame. */
function residueDb(recording: Int32Array, played: Int32Array, at: number): number {
  let best = Infinity;
  for (let delay = 300; delay < 500; delay++) {
    let [products, squares, all] = [0, 0, 0];
    recording.forEach((x, n) => {
      const y = played[at + n - delay] as number;
      products += x * y;
      squares += y * y;
      all += x * x;
    });
    best = Math.min(best, Math.max(0, all - products ** 2 / squares) / all);
  }
  return 10 * Math.log10(best);
}

/** Whether the coil is held at a time, by the circuit between the line and it. */
function isCoilHeld(line: readonly Transition[], atMs: number): boolean {
  let nowMs = line[0]?.[0] ?? 0;
  const levelAt = (ms: number): boolean => line.filter(([changedMs]) => changedMs <= ms).at(-1)?.[1] ?? false;
  const pump = new ChargePump(() => levelAt(nowMs));
  for (; nowMs < atMs; nowMs += 0.1) pump.pass(0.1);
  return pump.isCoilHeld;
}

/** Times at which a line changed, in a span. */
function changes(line: readonly Transition[], fromMs: number, toMs: number): number[] {
  return line.slice(1).map(([atMs]) => atMs).filter((atMs) => atMs >= fromMs && atMs < toMs);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}

describe.skipIf(reason !== undefined)(`the panel of the box${reason === undefined ? "" : `: ${reason}`}`, async () => {
  const { seen, left } = reason === undefined ? await seeAll() : { seen: {} as PanelSeen, left: new Int32Array() };
  const frameAt = (ms: number): number => Math.round(((ms - seen.startMs) * RATE_HZ) / 1000);

  it("holds the relay by a beat each 4 ms, from 100 ms after the sound began on", () => {
    const { line, startedMs } = seen.engaged;
    // The line is low from when the box has it.
    const [first = NaN] = line.slice(1).find(([, isHigh]) => isHigh) ?? [];
    expect(first - startedMs).toBeGreaterThanOrEqual(100);
    expect(first - startedMs).toBeLessThan(1000);
    const beats = changes(line, first, Infinity);
    const gapsMs = beats.slice(1).map((atMs, n) => atMs - (beats[n] as number));
    expect(quantile(gapsMs, 0.5)).toBeCloseTo(4, 0);
    expect(isCoilHeld(line, first + 50)).toBe(true);
    for (let ms = first + 50; ms < (beats.at(-1) ?? 0); ms += 50) expect(isCoilHeld(line, ms)).toBe(true);
  });

  it("shows at the chip, to the pixel, what the view draws in silence, and sends less than a frame a second of it", () => {
    expect(seen.silent.notices).toEqual([]);
    const picture = Uint8Array.from(seen.silent.picture);
    expect(readText(picture, 0)).toBe("Spotify-14LUFS");
    expect(picture).toEqual(drawn(SILENT));
    expect(seen.silent.bytesPerS).toBeLessThan(1024);
  });

  it("turns the threshold by half a dB a detent, which the control socket reports and the display shows to the pixel", () => {
    const { beforeDb, afterDb, picture } = seen.turned;
    expect(afterDb).toBe(beforeDb - 2);
    const row = findParameter("compressor.thresholdDb");
    if (row === undefined) throw new Error("There is no threshold.");
    const shown = Uint8Array.from(picture);
    expect(readText(shown, 0)).toBe("Threshold");
    expect(readText(shown, 15, { scale: 2 })).toBe(`${afterDb.toFixed(1)}dB`);
    const turned = { label: row.label, text: formatValue(row, afterDb), position: positionOf(row, afterDb), knobPosition: null };
    expect(shown).toEqual(drawn({ ...SILENT, turned }));
  });

  it("moves the makeup by a knob once it has met its value, and leaves it where another put it", () => {
    const [below, past, moved, after] = seen.knob;
    expect(below).toBe(0);
    // Half of the converter's range is 0.6236 of the travel between the calibrated ends, 0.008 and 0.797, of -12 to 24 dB.
    expect(past).toBeCloseTo(-12 + 36 * ((0.5 - 0.008) / (0.797 - 0.008)), 0);
    expect([moved, after]).toEqual([0, 0]);
  });

  it("bypasses level-matched by a click: the recorder hears the same level within 0.5 dB, and the bare input", () => {
    expect(seen.lates).toBe(0);
    const [on, off] = [frameAt(seen.bypassedMs), frameAt(seen.backMs)];
    const noise = whiteNoise(NOISE_FRAMES, -23, 5);
    const played = channelOf(Buffer.from(programmeBytes({ left: noise, right: noise })), 0);
    const gainDb = (from: number, to: number): number => levelDbfs(left, from, to) - levelDbfs(played, from - DELAY_FRAMES, to - DELAY_FRAMES);
    const masteredDb = gainDb(on - 1.2 * RATE_HZ, on - RATE_HZ / 10);
    const bypassedDb = gainDb(on + RATE_HZ, off - RATE_HZ / 10);
    // The drive: it is what the bypass matches.
    expect(masteredDb).toBeGreaterThan(5);
    expect(Math.abs(bypassedDb - masteredDb)).toBeLessThan(0.5);
    // What is heard in the bypass is the input, but for a gain that follows the loudness slowly.
    const bare = residueDb(left.subarray(on + RATE_HZ, off - RATE_HZ / 10), played, on + RATE_HZ);
    expect(bare).toBeLessThan(-30);
    expect(readText(Uint8Array.from(seen.bypassPicture), 33, { scale: 2, isInverted: true })).toBe("BYPASS");
  });

  it("lets the relay go by a hold of 0.4 s, says so, and holds it again by another", () => {
    const { heldMs, line, picture, againMs } = seen.hardBypass;
    expect(changes(line, heldMs, heldMs + 390).length).toBeGreaterThan(50);
    expect(changes(line, heldMs + 400 + RELAY_HOLD_MS, againMs)).toEqual([]);
    expect(isCoilHeld(line, againMs)).toBe(false);
    expect(readText(Uint8Array.from(picture), 37, { isInverted: true })).toBe("HARDBYPASS");
    expect(isCoilHeld(line, againMs + 400 + 2 * RELAY_HOLD_MS)).toBe(true);
  });

  it("sends 15 to 20 pictures a second while sound flows, and of each what changed", () => {
    expect(seen.flowing.pictures).toBeGreaterThanOrEqual(15);
    // A second of 20 pictures may have the beginning of one more.
    expect(seen.flowing.pictures).toBeLessThanOrEqual(21);
    // 20 whole pictures would be 20480 bytes of pixels.
    expect(seen.flowing.bytesPerS).toBeLessThan(10_240);
  });

  it("turns an edge into sound within 15 ms for 99 of 100 edges, with 4 periods of 64 frames", () => {
    // A period of the tone is a period of the card: what differs from the sample a period before is new.
    const change = (n: number): number => Math.abs((left[n] as number) - (left[n - PERIOD_FRAMES] as number));
    const NOTHING = 40;
    const latenciesMs = seen.edgesMs.map(([edgeMs, doneMs]) => {
      expect(doneMs - edgeMs, `the hands at ${edgeMs}`).toBeLessThan(1);
      const edge = frameAt(edgeMs);
      for (let n = edge - 48; n < edge; n++) expect(change(n), `before the edge at ${edgeMs}`).toBeLessThanOrEqual(NOTHING);
      let n = edge;
      while (n < left.length && change(n) <= NOTHING) n++;
      return ((n - edge) * 1000) / RATE_HZ;
    });
    expect(latenciesMs.length).toBeGreaterThanOrEqual(100);
    // A restart would be heard as a change.
    const [before, after] = seen.healths;
    expect(after).toMatchObject({ faults: before.faults, restarts: before.restarts });
    const [p50, p99] = [quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.99)];
    console.log(`From an edge to the first changed sample, ms: least ${Math.min(...latenciesMs).toFixed(2)}, p50 ${p50.toFixed(2)}, p90 ${quantile(latenciesMs, 0.9).toFixed(2)}, p99 ${p99.toFixed(2)}, most ${Math.max(...latenciesMs).toFixed(2)}`);
    expectGate({ stage: "virtual box", what: "GPIO edge to sound, median of 100", measured: p50, unit: "ms", must: 15, stretch: 10 });
    expectGate({ stage: "virtual box", what: "GPIO edge to sound, 99 of 100", measured: p99, unit: "ms", must: 15 });
  });

  it.each(["stopped", "killed"] as const)("lets the relay go within 100 ms when its process is %s", (end) => {
    const { atMs, line } = seen[end];
    expect(isCoilHeld(line, atMs)).toBe(true);
    expect(isCoilHeld(line, atMs + RELAY_HOLD_MS), `beats, ms after the end: ${changes(line, atMs - 10, Infinity).map((ms) => (ms - atMs).toFixed(1)).join(", ")}`).toBe(false);
    const untilMs = end === "stopped" ? seen.stopped.continuedMs : seen.killed.endMs;
    expect(changes(line, atMs + RELAY_HOLD_MS, untilMs)).toEqual([]);
  });

  it("holds the relay again when a process that was stopped goes on", () => {
    const { line } = seen.stopped;
    expect(isCoilHeld(line, line.at(-1)?.[0] ?? 0)).toBe(true);
  });
});
