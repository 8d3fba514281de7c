import { describe, expect, it } from "vitest";
import { LiveMeters } from "../../src/box/live-meters.js";
import { RECORD_FIELDS, RECORD_IS_SHED } from "../../src/dsp/layout.js";
import { STAGES } from "../../src/engine/chain.js";
import { rankFromOrder } from "../../src/params/order.js";
import { feedTone as feed } from "../support/feed-meters.js";

describe("the live meters", () => {
  // EBU Tech 3341 case 1: a stereo sine of 1 kHz at -23 dBFS reads -23 LUFS (±0.1); AES17: its RMS level is -23 dBFS.
  it("read -23 LUFS, -23 dBFS RMS and -23 dBTP from 20 s of a stereo 1 kHz sine of -23 dBFS", () => {
    const meters = new LiveMeters();
    const window = meters.openWindow();
    feed(meters, 20, -23);
    const { integratedLufs, shortTermLufs, momentaryLufs, output, input, correlation, bin, measuredS } = window.take();
    for (const lufs of [integratedLufs, shortTermLufs, momentaryLufs]) expect(Math.abs(lufs! + 23)).toBeLessThan(0.1);
    for (const side of [0, 1] as const) {
      expect(Math.abs(output.rmsDbfs[side]! + 23)).toBeLessThan(0.01);
      expect(Math.abs(input.truePeakDbtp[side]! + 23)).toBeLessThan(0.1);
    }
    expect(correlation).toBeCloseTo(1, 6);
    expect(bin).toBe(2000);
    expect(measuredS).toBe(20);
  });

  it("read a correlation of -1 when the channels are opposite", () => {
    const meters = new LiveMeters();
    const window = meters.openWindow();
    feed(meters, 1, -20, { right: -1 });
    expect(window.take().correlation).toBeCloseTo(-1, 6);
  });

  it("show a peak to each viewer once, however rarely one looks", () => {
    const meters = new LiveMeters();
    const [fast, slow] = [meters.openWindow(), meters.openWindow()];
    feed(meters, 1, -6);
    expect(fast.take().output.truePeakDbtp[0]).toBeCloseTo(-6, 1);
    feed(meters, 1, -40);
    expect(fast.take().output.truePeakDbtp[0]).toBeLessThan(-39);
    expect(slow.take().output.truePeakDbtp[0]).toBeCloseTo(-6, 1);
  });

  it("hold loudness while paused, go on when resumed, and clear all but the window at a reset", () => {
    const meters = new LiveMeters();
    const window = meters.openWindow();
    feed(meters, 5, -23);
    meters.control("pause");
    feed(meters, 5, -10);
    const held = window.take();
    expect(held).toMatchObject({ isPaused: true, measuredS: 5 });
    expect(Math.abs(held.integratedLufs! + 23)).toBeLessThan(0.1);
    meters.control("start");
    meters.control("reset");
    expect(window.take()).toMatchObject({ isPaused: false, integratedLufs: null, maxTruePeakDbtp: null, measuredS: 0, bin: 1000 });
  });

  it("have nothing to show before there is sound: null, not a number", () => {
    const snapshot = new LiveMeters().openWindow().take();
    expect(snapshot).toMatchObject({ bin: 0, momentaryLufs: null, integratedLufs: null, correlation: null, inputClips: 0 });
    expect(snapshot.output).toEqual({ truePeakDbtp: [null, null], rmsDbfs: [null, null] });
  });

  it("show the levels of the stages since each viewer looked last, in the order in which they run", () => {
    const meters = new LiveMeters();
    const [fast, slow] = [meters.openWindow(), meters.openWindow()];
    const order = ["eq", "filters", "compressor", "multiband", "imager", "saturation"];
    const parameters = { "chain.order": rankFromOrder(order)!, "compressor.ratio": 1, "loudness.driveDb": 6 };
    feed(meters, 1, -20, { stages: STAGES, parameters });
    fast.take();
    feed(meters, 1, -50, { stages: STAGES, parameters });
    const [soft, loud] = [fast.take().stages, slow.take().stages];
    expect(loud.map(({ id }) => id)).toEqual(["input", ...order, "loudness", "limiter", "dither"]);
    expect(loud.find(({ id }) => id === "loudness")!.outDbfs).toBeCloseTo(-14, 0);
    expect(soft.find(({ id }) => id === "loudness")!.inDbfs).toBeLessThan(-45);
    expect(loud[0]!.inDbfs).toBeCloseTo(-20, 1);
  });

  it("hand a closed window nothing more", () => {
    const meters = new LiveMeters();
    const window = meters.openWindow();
    window.close();
    feed(meters, 1, -6);
    expect(window.take().output.truePeakDbtp[0]).toBeNull();
  });

  it("show no momentary loudness for records whose meters were left out, and measure no time", () => {
    const meters = new LiveMeters();
    const window = meters.openWindow();
    feed(meters, 5, -23);
    const shed = new Float64Array(RECORD_FIELDS);
    shed[RECORD_IS_SHED] = 1;
    for (let n = 0; n < 100; n++) meters.add(shed);
    const snapshot = window.take();
    expect(snapshot).toMatchObject({ bin: 600, measuredS: 5, momentaryLufs: null, shortTermLufs: null });
    expect(Math.abs(snapshot.integratedLufs! + 23)).toBeLessThan(0.1);
    expect(Math.abs(snapshot.output.rmsDbfs[0]! + 23)).toBeLessThan(0.01);
  });

  it("count clips on over a restart of the chain, whose own counter begins at 0 again", () => {
    const meters = new LiveMeters();
    const window = meters.openWindow();
    feed(meters, 1, 1);
    const first = window.take().inputClips;
    feed(meters, 1, 1);
    expect(first).toBeGreaterThan(0);
    expect(window.take().inputClips).toBe(2 * first);
  });
});
