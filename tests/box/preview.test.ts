import { beforeEach, describe, expect, it } from "vitest";
import { Preview } from "../../src/box/preview.js";
import { findTarget, loadTargets } from "../../src/config/targets.js";
import { ReferencePort } from "../../src/engine/reference-port.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { liveChain, runLive } from "../support/live-chain.js";
import { rmsDb } from "../support/measure.js";
import { sine } from "../support/signals.js";

const RATE = 48_000;
const TARGETS = loadTargets();

let nowMs: number;
let told: string[];
let obstacle: string | undefined;
let hasMonitorOutput: boolean;
let figures: { integratedLufs: number | null; maxTruePeakDbtp: number | null };

beforeEach(() => {
  nowMs = 0;
  told = [];
  obstacle = undefined;
  hasMonitorOutput = false;
  figures = { integratedLufs: -9, maxTruePeakDbtp: -1 };
});

function preview(open: () => ConstructorParameters<typeof Preview>[0] extends { open: () => infer Port } ? Port : never): Preview {
  return new Preview({
    open, song: () => figures, obstacle: () => obstacle, hasMonitorOutput: () => hasMonitorOutput, sampleRateHz: RATE, nowMs: () => nowMs, onChange: () => undefined,
    notices: { stand: (_, level, sentence) => told.push(`${level}: ${sentence}`), settle: (_, sentence) => told.push(sentence ?? "") },
  });
}

describe("the preview of a platform", () => {
  it("turns master and bypass alike down by what the platform does, -5 dB for -9 LUFS at -14, and leaves the meters as they are", () => {
    const chain = liveChain({ parameters: { "compressor.bypass": 1, "filters.bypass": 1, "dither.bypass": 1, "loudness.driveDb": 6 } });
    const heard = preview(() => new ReferencePort(chain.memory));
    const tone = sine(16 * RATE, RATE, { freqHz: 997, levelDbfs: -20 });
    const records: number[] = [];
    const { left } = runLive(chain, { left: tone, right: tone }, 480, (frame) => {
      nowMs = frame / 48;
      if (frame === 5 * RATE) heard.start(findTarget(TARGETS, "youtube"));
      if (frame === 9 * RATE) chain.set("chain.bypass", 1);
      if (frame === 13 * RATE) heard.end("somebody ended it");
      heard.tick();
      chain.takeRecords((fields) => records.push(readMeterRecord(fields).output.rmsDbfs[0]!));
    });
    const level = (second: number): number => rmsDb(left.slice(second * RATE, (second + 0.5) * RATE));
    expect(level(7) - level(4)).toBeCloseTo(-5, 1);
    expect(level(11) - level(7)).toBeCloseTo(0, 1);
    expect(level(15) - level(4)).toBeCloseTo(0, 1);
    expect(records[700]! - records[400]!).toBeCloseTo(0, 2);
  });

  it("makes no step when it begins and ends: the level moves by less than 1 dB in a millisecond", () => {
    const chain = liveChain({ parameters: { "compressor.bypass": 1, "filters.bypass": 1 } });
    const heard = preview(() => new ReferencePort(chain.memory));
    const tone = sine(3 * RATE, RATE, { freqHz: 12_000, levelDbfs: -20, phaseRad: 0.5 });
    const { left } = runLive(chain, { left: tone, right: tone }, 480, (frame) => {
      if (frame === RATE) heard.start(findTarget(TARGETS, "youtube"));
      if (frame === 2 * RATE) heard.end("somebody ended it");
    });
    const levels = Array.from({ length: 2500 }, (_, ms) => rmsDb(left.slice((ms + 400) * 48, (ms + 401) * 48)));
    expect(Math.max(...levels.slice(1).map((db, k) => Math.abs(db - levels[k]!)))).toBeLessThan(1);
  });

  it("plays as it is what a platform turns up, and warns that the recorder hears what it hears", () => {
    const heard = preview(() => ({ listen: () => undefined, end: () => undefined }));
    figures = { integratedLufs: -20, maxTruePeakDbtp: -8 };
    heard.start(findTarget(TARGETS, "spotify"));
    expect(heard.state).toEqual({ hasMonitorOutput: false, platform: "spotify", gainDb: 0, secondsLeft: 120 });
    expect(told[0]).toMatch(/^warning: .*the recorder hears that too/);
    hasMonitorOutput = true;
    heard.start(findTarget(TARGETS, "spotify"));
    expect(told[1]).toMatch(/^info: The monitor output is .*the recorder keeps the full level/);
  });

  it("ends by itself after 2 min, when references are armed, and in the sound path 1.5 s after the box has fallen silent", () => {
    const leases: number[] = [];
    let ends = 0;
    const heard = preview(() => ({ listen: (_, frames) => leases.push(frames), end: () => ends++ }));
    heard.start(findTarget(TARGETS, "youtube"));
    nowMs = 119_999;
    heard.tick();
    expect(heard.state.platform).toBe("youtube");
    nowMs = 120_000;
    heard.tick();
    expect([heard.state.platform, ends]).toEqual([null, 1]);
    heard.start(findTarget(TARGETS, "youtube"));
    obstacle = "references are armed";
    heard.tick();
    expect([heard.state.platform, ends]).toEqual([null, 2]);
    expect(() => heard.start(findTarget(TARGETS, "youtube"))).toThrow("There is no preview now: references are armed.");
    expect(new Set(leases)).toEqual(new Set([72_000]));
  });

  it("needs something that was measured, and sound", () => {
    const heard = preview(() => null);
    expect(() => heard.start(findTarget(TARGETS, "youtube"))).toThrow("No sound flows");
    figures = { integratedLufs: null, maxTruePeakDbtp: null };
    expect(() => heard.start(findTarget(TARGETS, "youtube"))).toThrow("Nothing is measured yet");
  });
});
