import { beforeEach, describe, expect, it } from "vitest";
import { FINE_FREQ_HZ, THIRD_OCTAVE_FREQ_HZ } from "../../src/analysis/spectrum-bands.js";
import { LiveAnalysis } from "../../src/box/live-analysis.js";
import { meterView } from "../../src/box/meter-view.js";
import { LiveMeters } from "../../src/box/live-meters.js";
import { TapReader } from "../../src/engine/tap-reader.js";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import { FINE_POINTS, GONIOMETER_FRAMES, THIRD_OCTAVES } from "../../src/protocol/meter-snapshot.js";
import { TapMemory } from "../support/tap-memory.js";

const RATE = 48_000;
/** Frames between two calls of `tick`, 60 a second. */
const TICK = 800;
const format = { sampleRateHz: RATE } as AudioHealth["format"];

let tap: TapMemory;
let analysis: LiveAnalysis;
let readers: number;

beforeEach(() => {
  tap = new TapMemory(65_536);
  readers = 0;
  analysis = new LiveAnalysis(() => ({
    createTapReader: () => {
      readers++;
      return new TapReader(tap.memory);
    },
    health: () => ({ format }),
  }));
});

/** Plays a tone at the input and another at the output, tick by tick. */
function play(seconds: number, inputHz: number, outputHz: number): void {
  for (let tick = 0; tick < 60 * seconds; tick++) {
    tap.write(TICK, (frame, field) => 0.1 * Math.sin((2 * Math.PI * (field < 2 ? inputHz : outputHz) * frame) / RATE));
    analysis.tick();
  }
}

const loudest = (levels: Float32Array): number => levels.indexOf(Math.max(...levels));

describe("the live analysis", () => {
  it("shows the spectra of input and output in one piece: sines of -20 dBFS at their points", () => {
    const view = analysis.openView({ spectrum: true });
    analysis.tick();
    play(0.5, FINE_FREQ_HZ[60]!, THIRD_OCTAVE_FREQ_HZ[17]!);
    view.take();
    play(0.2, FINE_FREQ_HZ[60]!, THIRD_OCTAVE_FREQ_HZ[17]!);
    const { fine, third, inputFine } = view.take().spectrum!;
    expect([fine.length, third.length, inputFine.length]).toEqual([FINE_POINTS, THIRD_OCTAVES, FINE_POINTS]);
    expect(loudest(third)).toBe(17);
    expect(third[17]!).toBeCloseTo(-20, 1);
    expect(loudest(inputFine)).toBe(60);
    expect(inputFine[60]!).toBeCloseTo(-20, 1);
    expect(fine[60]!).toBeLessThan(-60);
    expect(view.take().goniometer).toBeUndefined();
  });

  it("averages the power since each viewer looked last: a tone in half of the time is 3 dB lower", () => {
    const [often, seldom] = [analysis.openView({ spectrum: true }), analysis.openView({ spectrum: true })];
    analysis.tick();
    play(1, 0, 5000);
    for (const view of [often, seldom]) view.take();
    play(1, 0, 0);
    often.take();
    play(1, 0, 5000);
    const point = (levels: Float32Array): number => Math.max(...levels);
    expect(point(often.take().spectrum!.third)).toBeCloseTo(-20, 0);
    expect(point(seldom.take().spectrum!.third)).toBeCloseTo(-23, 0);
  });

  it("shows the last spectrum again to a viewer that looks before the next", () => {
    const view = analysis.openView({ spectrum: true });
    analysis.tick();
    play(0.5, 1000, 1000);
    expect(view.take().spectrum).toBe(view.take().spectrum);
  });

  it("shows the goniometer of the output, and joins it to the figures of the meters", () => {
    const view = meterView(new LiveMeters().openWindow(), analysis.openView({ goniometer: true }));
    analysis.tick();
    play(0.2, 0, 300);
    const { goniometer, spectrum, bin } = view.take();
    expect(bin).toBe(0);
    expect(spectrum).toBeUndefined();
    expect(goniometer!.points).toHaveLength(2 * GONIOMETER_FRAMES);
    expect(goniometer!.gainDb).toBeCloseTo(20, 0);
    expect(goniometer!.points.some((value) => Math.abs(value) > 120)).toBe(true);
  });

  it("reads no sound for viewers that wish for none, nor once the last has closed", () => {
    analysis.openView({});
    play(0.1, 100, 100);
    expect(readers).toBe(0);
    const view = analysis.openView({ spectrum: true });
    play(0.1, 100, 100);
    view.close();
    play(0.1, 100, 100);
    expect(readers).toBe(1);
  });

  it("shows nothing once no sound comes, as when the ring is not written under overload, and begins anew after", () => {
    const view = analysis.openView({ spectrum: true, goniometer: true });
    analysis.tick();
    play(0.5, 1000, 1000);
    expect(Object.keys(view.take())).toEqual(["spectrum", "goniometer"]);
    for (let tick = 0; tick < 20; tick++) analysis.tick();
    expect(view.take()).toEqual({});
    tap.leaveOut(RATE);
    play(0.5, 1000, 1000);
    view.take();
    play(0.1, 1000, 1000);
    expect(view.take().spectrum!.third[17]!).toBeCloseTo(-20, 1);
  });

  it("passes over what it has no time for: a second late, it analyses the newest sound and no click of the gap", () => {
    const view = analysis.openView({ spectrum: true });
    analysis.tick();
    play(0.5, 1000, 1000);
    tap.write(RATE, () => 0.9);
    analysis.tick();
    play(0.5, 1000, 1000);
    expect(readers).toBe(2);
    view.take();
    play(0.1, 1000, 1000);
    const { third } = view.take().spectrum!;
    expect(third[17]!).toBeCloseTo(-20, 1);
    expect(third[25]!).toBeLessThan(-60);
  });

  it("waits while there is no sound to follow yet", () => {
    const early = new LiveAnalysis(() => undefined);
    const view = early.openView({ spectrum: true, goniometer: true });
    early.tick();
    expect(view.take()).toEqual({});
  });
});
